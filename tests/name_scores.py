"""How well names are found after a slip, over the tasks and units of all built-in programmes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import yaml

from handlers.reading.names import Match, Name, find
from handlers.reading.normalise import command_key
from models.programmes.files import built_in_codes, read_definition
from tests.typos import KINDS, slips

SLIPS = Path(__file__).parent / "data" / "reading" / "slips.yaml"


@dataclass
class NameScore:
    """Of how many queries the first candidate was right, and which were taken wrongly."""

    asked: int = 0
    first: int = 0
    sure: int = 0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        first, sure = 100 * self.first / self.asked, 100 * self.sure / self.asked
        shares = f"first {first:.1f} %, taken {sure:.1f} %"
        return f"{self.asked} slips: {shares}, taken wrongly {len(self.wrong)}"


def known_names() -> Iterator[tuple[str, tuple[Name, ...]]]:
    """The tasks and the units of each programme, as the chat looks them up."""
    for code in built_in_codes():
        definition = read_definition(code)
        yield (
            f"{code} tasks",
            tuple(
                Name(each.number, each.number, each.title, (each.short, *each.aliases))
                for each in definition.tasks
            ),
        )
        yield (
            f"{code} units",
            tuple(Name(each.name, "", each.name, each.aliases) for each in definition.units),
        )


def name_scores(every: int = 1) -> dict[str, NameScore]:
    """By kind of slip, over every *n*th name; the same slips at each run."""
    random, scores = Random(1), {kind: NameScore() for kind in KINDS}
    for _label, names in known_names():
        bearers = _bearers(names)
        for name in names[::every]:
            for written in (name.title, *name.aliases)[:3]:
                for kind in KINDS:
                    for query in slips(written, kind, random):
                        match = find(query, names)
                        _count(scores[kind], query, match, bearers, command_key(written))
    return scores


def real_slips_score() -> NameScore:
    """The slips that people made, in every programme that has the name."""
    written = yaml.load(SLIPS.read_text(encoding="utf-8"), yaml.CSafeLoader)
    score = NameScore()
    for label, names in known_names():
        bearers = _bearers(names)
        for meant, queries in written[label.split()[-1]].items():
            for query in queries if command_key(meant) in bearers else ():
                key = command_key(meant)
                _count(score, query, find(query, names), bearers, key)
    return score


def _bearers(names: Sequence[Name]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name in names:
        for written in (name.title, *name.aliases):
            found.setdefault(command_key(written), set()).add(name.key)
    return found


def _count(
    score: NameScore, query: str, match: Match, bearers: dict[str, set[str]], meant: str
) -> None:
    """A slip that makes the very name of another is not counted: nobody could know."""
    right = bearers[meant]
    if not bearers.get(query, right) & right:
        return
    score.asked += 1
    score.first += bool(match.candidates) and match.candidates[0].key in right
    if match.best is not None:
        score.sure += 1
        if match.best.key not in right:
            score.wrong.append(f"{meant} as {query}: {match.best.key}")
