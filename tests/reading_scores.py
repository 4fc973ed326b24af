"""Scores of the prose reader over the labelled sentences: what it finds, takes and gets wrong."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from handlers.reading.prose import Prose, ProseFigure, read_prose

SENTENCES = Path(__file__).parent / "data/reading/sentences.yaml"
HELD_OUT = SENTENCES.with_name("held_out.yaml")
#: The day on which a sentence without one of its own is read.
READ_ON = date(2021, 6, 10)


@dataclass(frozen=True)
class Label:
    """One figure as careful people read it; *asked*: such a person would have to ask.

    *kinds* are those that they would accept, the likeliest first; *optional* if some of them see
    no figure at all.
    """

    words: str
    start: int
    end: int
    value: Decimal
    unit: str
    kinds: tuple[str, ...]
    approximate: bool
    asked: bool
    optional: bool


@dataclass(frozen=True)
class Sentence:
    """A text with everything that is in it."""

    text: str
    today: date
    as_of: date | None
    status: str | None
    labels: tuple[Label, ...]


@dataclass
class Scores:
    """Counts over many sentences; *misses* are lines that say what went wrong.

    *strict* counts those of the *right* figures that are of the likeliest kind, *asked_certain*
    the certain figures about which a careful person would have to ask.
    """

    labelled: int = 0
    found: int = 0
    right: int = 0
    strict: int = 0
    certain: int = 0
    certain_wrong: int = 0
    asked_certain: int = 0
    approximate_wrong: int = 0
    sentences: int = 0
    status_right: int = 0
    as_of_right: int = 0
    misses: list[str] = field(default_factory=list)
    wrongly_certain: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def strict_precision(self) -> float:
        return self.strict / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.labelled if self.labelled else 1.0

    @property
    def certain_share(self) -> float:
        return self.certain / self.found if self.found else 1.0


def sentences(path: Path = SENTENCES) -> list[Sentence]:
    """The labelled sentences of *path*."""
    entries = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return [_sentence(entry) for entry in entries]


def score(labelled: list[Sentence]) -> Scores:
    """How the reader does on all of them."""
    scores = Scores()
    for sentence in labelled:
        _add(scores, sentence, read_prose(sentence.text, sentence.today))
    return scores


def _sentence(entry: dict[str, Any]) -> Sentence:
    text = str(entry["text"])
    return Sentence(
        text=text,
        today=entry.get("today", READ_ON),
        as_of=entry.get("as_of"),
        status=entry.get("status"),
        labels=tuple(_labels(text, entry.get("figures") or [])),
    )


def _labels(text: str, lines: list[str]) -> Iterator[Label]:
    place = 0
    for line in lines:
        words, value, unit, kind, *marks = (part.strip() for part in line.split(" | "))
        start = text.index(words, place)
        place = start + len(words)
        yield Label(
            words=words,
            start=start,
            end=place,
            value=Decimal(value),
            unit=unit,
            kinds=tuple(kind.split("/")),
            approximate="~" in marks,
            asked="?" in marks,
            optional="-" in marks,
        )


def _add(scores: Scores, sentence: Sentence, prose: Prose) -> None:
    scores.sentences += 1
    scores.found += len(prose.figures)
    scores.certain += sum(figure.certain for figure in prose.figures)
    missing, before = list(sentence.labels), scores.right
    for figure in prose.figures:
        label = next((label for label in missing if _is_same(label, figure)), None)
        if label is not None:
            missing.remove(label)
            scores.right += 1
            scores.approximate_wrong += label.approximate != figure.approximate
            scores.strict += figure.kind == label.kinds[0]
            scores.asked_certain += figure.certain and label.asked
        else:
            scores.misses.append(f"read  {_figure(figure)} <- {sentence.text}")
        if figure.certain and (label is None or figure.kind != label.kinds[0]):
            scores.certain_wrong += 1
            scores.wrongly_certain.append(f"{_figure(figure)} <- {sentence.text}")
    missing = [label for label in missing if not label.optional]
    scores.labelled += len(missing) + scores.right - before
    scores.misses += [f"label {_label(label)} <- {sentence.text}" for label in missing]
    _add_text(scores, sentence, prose)


def _add_text(scores: Scores, sentence: Sentence, prose: Prose) -> None:
    scores.status_right += prose.status == sentence.status
    scores.as_of_right += prose.as_of == sentence.as_of
    if prose.status != sentence.status:
        scores.misses.append(f"status {prose.status}, is {sentence.status} <- {sentence.text}")
    if prose.as_of != sentence.as_of:
        scores.misses.append(f"as of {prose.as_of}, is {sentence.as_of} <- {sentence.text}")


def _is_same(label: Label, figure: ProseFigure) -> bool:
    """The same place, give or take the words 约 and 左右 around it, and the same reading."""
    overlap = figure.start < label.end and label.start < figure.end
    same = (figure.value, figure.unit) == (label.value, label.unit)
    return overlap and same and figure.kind in label.kinds


def _figure(figure: ProseFigure) -> str:
    sure = "certain" if figure.certain else "unsure"
    return f"{figure.text} | {figure.value} | {figure.unit} | {figure.kind} ({sure})"


def _label(label: Label) -> str:
    return f"{label.words} | {label.value} | {label.unit} | {'/'.join(label.kinds)}"
