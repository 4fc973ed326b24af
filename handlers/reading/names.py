"""Which task or unit a person means: by number, alias, part, typo, sound or pinyin initials.

Near duplicates (three 农村公路 tasks) are offered and never guessed: the margin rule below.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from handlers.reading.normalise import command_key, normalise
from handlers.reading.numerals import read_number
from handlers.reading.pinyin import initials, sounds, syllables


class How(StrEnum):
    """By what a name was recognised."""

    NUMBER = "number"
    NAME = "name"
    PART = "part"
    TYPO = "typo"
    SOUND = "sound"
    INITIALS = "initials"


@dataclass(frozen=True)
class Name:
    """A task or unit as it may be called; *number* is empty for units."""

    key: str
    number: str
    title: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """One name that may be meant, its score from 0 to 100, and by what it was found."""

    key: str
    score: float
    how: How


@dataclass(frozen=True)
class Match:
    """Candidates, best first; *sure* only if the first may be taken without asking."""

    candidates: tuple[Candidate, ...]
    sure: bool

    @property
    def best(self) -> Candidate | None:
        """The one that may be taken; None where a choice has to be offered."""
        return self.candidates[0] if self.sure else None


ACCEPT = 60.0
MARGIN = 10.0
OFFER = 48.0
MOST_OFFERED = 5

_LONGEST_QUERY = 60
_FILLER = re.compile(
    r"(?:的)?(?:进展情况|完成情况|工作情况|情况|进展|进度|任务|项目|事项|工作|专项|数据|报告|报送)+(?:的)?$"
)
_CHINESE_NUMBER = re.compile("[一二三四五六七八九十]+")
_WORD_END = re.compile(r"[\s,;:。]")
_OFFICE = re.compile("(?:委员会|公司|局|委|办|厅|会)$")
_OFFICE_ENDS = frozenset("局委办厅会") | {"ju", "wei", "ban", "tin", "hui"}
_LATIN = re.compile(r"[a-z]+")


def find(query: str, names: Iterable[Name]) -> Match:
    """Whom or what *query* names.

    Measured on sixty task titles: 60 with a lead of 10 over the next separates right from wrong;
    everything nearer is offered, at most five, and what resembles nothing gives no candidates.
    """
    asked = _asked(query[: _LONGEST_QUERY * 4])
    if not asked.key:
        return Match((), False)
    scored = (_score(asked, name) for name in names)
    found = sorted((c for c in scored if c.score >= OFFER), key=lambda c: -c.score)
    return Match(tuple(found[:MOST_OFFERED]), _is_sure(found))


def _is_sure(found: list[Candidate]) -> bool:
    if not found or found[0].score < ACCEPT:
        return False
    return len(found) == 1 or found[0].score - found[1].score >= MARGIN


@dataclass(frozen=True)
class _Prepared:
    number: str
    called: tuple[str, ...]


@lru_cache(maxsize=8192)
def _prepared(name: Name) -> _Prepared:
    called = tuple(key for word in (name.title, *name.aliases) if (key := command_key(word)))
    return _Prepared(_number_key(name.number), called)


@dataclass(frozen=True)
class _Asked:
    """A query in the forms it is compared in; *first* is its first word."""

    key: str
    core: str
    first: str
    number: str
    first_number: str
    spoken: tuple[str, ...]


def _asked(query: str) -> _Asked:
    key = command_key(query)[:_LONGEST_QUERY]
    core = _FILLER.sub("", key) or key
    first = _WORD_END.split(normalise(query).strip(), maxsplit=1)[0]
    return _Asked(
        key, core, command_key(first), _number_key(query), _number_key(first), sounds(core)
    )


def _score(asked: _Asked, name: Name) -> Candidate:
    prepared = _prepared(name)
    best = Candidate(name.key, _number_score(asked, prepared.number), How.NUMBER)
    for called in prepared.called:
        score, how = _name_score(asked, called)
        if score > best.score:
            best = Candidate(name.key, round(score, 1), how)
    return best


def _number_key(number: str) -> str:
    """州1-7 from 州1－7, 州 1—7, 州1.7 and 州一之七."""
    plain = normalise(number[:_LONGEST_QUERY]).replace("之", "-")
    plain = _CHINESE_NUMBER.sub(lambda run: str(read_number(run[0]) or run[0]), plain)
    return command_key(plain).replace(".", "-")


def _number_score(asked: _Asked, number: str) -> float:
    """A number itself is certain; with its dash forgotten (州17 for 州1-7) it is likely.

    A bare figure is no number of a task: it means a place in the list last shown.
    """
    if not number or asked.key.isdigit():
        return 0.0
    if asked.number == number:
        return 100.0
    if asked.first_number == number and not number.isdigit():
        return 98.0
    if asked.number == number.replace("-", ""):
        return 80.0
    if number.startswith(f"{asked.number}-"):
        return 55.0
    follows = asked.number.startswith(number) and asked.number[len(number)] not in "-0123456789"
    return 96.0 if follows and not number.isdigit() else 0.0


def _name_score(asked: _Asked, called: str) -> tuple[float, How]:
    if asked.key == called:
        return 100.0, How.NAME
    if called in (asked.core, asked.first):
        return 98.0, How.NAME
    if _LATIN.fullmatch(asked.key):
        return _latin_score(asked.key, called)
    if (part := _part_score(asked.core, called)) > 0:
        return part, How.PART
    typo = _resemblance(asked.core, called)
    sound = _sound_score(asked, called)
    return (sound, How.SOUND) if sound > typo else (typo, How.TYPO)


def _part_score(asked: str, called: str) -> float:
    """A part of the name scores high; a name inside a longer query by how much it explains.

    吉首市 inside 吉首市公安局 explains half of it, and that is not enough to take it. 州发改局 is
    州发改委 with the wrong kind of office.
    """
    if len(asked) >= 2 and asked in called:
        return 86.0 + 10.0 * len(asked) / len(called)
    if len(called) >= 2 and called in asked:
        return max(OFFER, 100.0 * len(called) / len(asked))
    stem = _OFFICE.sub("", asked)
    return 80.0 if len(stem) >= 2 and stem != asked and stem in called else 0.0


def _resemblance(asked: str | tuple[str, ...], called: str | tuple[str, ...]) -> float:
    """Order of characters, pairs of neighbours, best window; each as a share of the query."""
    if len(asked) < 2 or set(asked).isdisjoint(called):
        return 0.0
    in_order = LCSseq.similarity(asked, called) / len(asked)
    pairs = set(pairwise(asked))
    neighbours = len(pairs.intersection(pairwise(called))) / len(pairs)
    window = fuzz.partial_ratio(asked, called) / 100
    score = 100 * (0.45 * in_order + 0.25 * neighbours + 0.30 * window)
    return score if _is_slip(asked, called) else min(score, ACCEPT - 1)


def _is_slip(asked: str | tuple[str, ...], called: str | tuple[str, ...]) -> bool:
    """Whether the query differs so little that it can be the name written carelessly.

    Left-out characters are one thing, other characters another: 州财政局 is not 州民政局. What
    all offices share counts for nothing here.
    """
    stem = asked[:-1] if asked[-1] in _OFFICE_ENDS else asked
    same = LCSseq.similarity(stem, called)
    return same == len(stem) or (len(stem) >= 4 and same / len(stem) >= 0.75)


def _sound_score(asked: _Asked, called: str) -> float:
    """Homophones: 雪量工程. Two syllables alone sound like too much to be taken for sure."""
    known = sounds(called)
    if len(asked.core) < 2:
        return 0.0
    if _is_run_of(asked.spoken, known):
        sure = len(asked.core) > 2 or not set(asked.core).isdisjoint(called)
        return 82.0 + 10.0 * len(asked.spoken) / len(known) if sure else OFFER + 5
    return 0.92 * _resemblance(asked.spoken, known)


def _is_run_of(part: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    return any(whole[i : i + len(part)] == part for i in range(len(whole) - len(part) + 1))


def _latin_score(asked: str, called: str) -> tuple[float, How]:
    if len(asked) < 2:
        return 0.0, How.INITIALS
    letters = initials(called)
    if asked == letters:
        return 95.0, How.INITIALS
    if asked in letters:
        return (84.0 if len(asked) > 2 else OFFER + 4) + 8.0 * len(asked) / len(
            letters
        ), How.INITIALS
    if _starts_a_syllable(asked, syllables(called)):
        return 85.0, How.SOUND
    return (70.0 if _in_two_pieces(asked, letters) else 0.0), How.INITIALS


def _starts_a_syllable(asked: str, spoken: tuple[str, ...]) -> bool:
    """xueliang is 雪亮: whole syllables from the beginning of one, the last may be unfinished."""
    if len(asked) < 4:
        return False
    return any("".join(spoken[start:]).startswith(asked) for start in range(len(spoken)))


def _in_two_pieces(asked: str, letters: str) -> bool:
    """lajc is 两癌…检查: two runs of at least two initials in order."""
    for cut in range(2, len(asked) - 1):
        first = letters.find(asked[:cut])
        if first >= 0 and letters.find(asked[cut:], first + cut) >= 0:
            return True
    return False
