"""Which task or unit a person means: by number, alias, part, typo, sound or pinyin initials.

Near duplicates (three 农村公路 tasks) are offered and never guessed: the margin rule below.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rapidfuzz.distance import OSA

from handlers.reading.lookalikes import look_alike
from handlers.reading.normalise import command_key, name_key, normalise
from handlers.reading.office_names import (
    abbreviates,
    content,
    has_other_kind,
    is_office,
    is_other_body,
    is_proper_part,
    is_still_it,
    level,
)
from handlers.reading.pinyin import initials, sounds, syllables
from handlers.reading.resemblance import Written, is_near_a_run, is_slip_of, resemblance
from handlers.reading.task_numbers import is_number, lacks_sign, number_key


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

    @property
    def is_unit(self) -> bool:
        """Whether it is called as offices and places are."""
        return not self.number and is_office(self.title)


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
#: From here on the name itself was written, or the number: a longer one that holds it is not meant.
EXACT = 98.0

_BARELY = ACCEPT - 1
#: With no more than this share of its characters in a name a query cannot reach `OFFER`.
_TOO_FEW = 0.4
_LONGEST_QUERY = 60
#: Such words say nothing of which task is meant.
_SAID_OF_ALL = (
    "(?:的|进展情况|完成情况|工作情况|情况|进展|进度|任务|项目|事项|工作|专项|数据|报告|报送)+"
)
_FILLER = re.compile(rf"{_SAID_OF_ALL}$")
_WORD_END = re.compile(r"[\s,;:。]")
_SPELLED = re.compile(r"[a-z][a-z0-9]*")


def find(query: str, names: Iterable[Name], most: int = MOST_OFFERED) -> Match:
    """Whom or what *query* names.

    A title or number that was written itself wins over longer ones that hold it; another name that
    stands in a second task's names as well may mean that one. Of the others, 60 with a lead of 10
    over the next separates right from wrong (tests/handlers/reading measures it); everything
    nearer is offered, *most* of it, and what resembles nothing is none.
    """
    asked = _asked(query[: _LONGEST_QUERY * 4])
    if not asked.key:
        return Match((), False)
    known = tuple(names)
    scored = (_score(asked, name) for name in known)
    found = sorted((c for c in scored if c.score >= OFFER), key=lambda c: -c.score)
    if found and found[0].score >= EXACT:
        found = [each for each in found if each.score == found[0].score]
        found += _sharing(asked, found, known)
    return Match(tuple(found[:most]), _is_sure(found))


def _is_sure(found: list[Candidate]) -> bool:
    if not found or found[0].score < ACCEPT:
        return False
    return len(found) == 1 or found[0].score - found[1].score >= MARGIN


@dataclass(frozen=True)
class _Prepared:
    """A name in the forms it is compared in; *levels* are those its unit is known under."""

    number: str
    called: tuple[str, ...]
    is_unit: bool
    levels: frozenset[str]


@lru_cache(maxsize=8192)
def _prepared(name: Name) -> _Prepared:
    words = (name.title, *name.aliases)
    # Its letters may be those of 与 as well as of 和.
    keys = (key for word in words for key in (name_key(word), command_key(word)) if key)
    called = tuple(dict.fromkeys(keys))
    levels = frozenset(filter(None, map(level, called))) if name.is_unit else frozenset()
    return _Prepared(number_key(name.number), called, name.is_unit, levels)


@dataclass(frozen=True)
class _Asked:
    """A query in the forms it is compared in; *first* is its first word."""

    key: str
    core: str
    first: str
    number: str
    first_number: str
    spoken: tuple[str, ...]
    is_number: bool
    is_spelled: bool

    @property
    def says_nothing(self) -> bool:
        """Whether it consists of words that are said of every task."""
        return self.core == self.key and _FILLER.fullmatch(self.key) is not None


def _asked(query: str) -> _Asked:
    key = name_key(query)[:_LONGEST_QUERY]
    core = _FILLER.sub("", key) or key
    first = _WORD_END.split(normalise(query).strip(), maxsplit=1)[0]
    number = number_key(query)
    return _Asked(
        key=key,
        core=core,
        first=name_key(first),
        number=number,
        first_number=number_key(first),
        spoken=sounds(core),
        is_number=is_number(number),
        is_spelled=_SPELLED.fullmatch(key) is not None,
    )


def _sharing(asked: _Asked, exact: list[Candidate], known: tuple[Name, ...]) -> Iterator[Candidate]:
    """Tasks in whose names another name of a task stands as a part: RCEP is said of two."""
    written = {each.key for each in exact}
    word = asked.key if exact[0].score == 100 else asked.core
    bearers = [each for each in known if each.key in written]
    if (
        len(exact) > 1
        or exact[0].how is How.NUMBER
        or any(_bears_as_title(each, word) for each in bearers)
    ):
        return
    for name in known:
        if name.number and name.key not in written:
            if any(word in called for called in _prepared(name).called):
                yield Candidate(name.key, exact[0].score - MARGIN / 2, How.PART)


def _bears_as_title(name: Name, word: str) -> bool:
    return not name.number or word == name_key(name.title)


def _score(asked: _Asked, name: Name) -> Candidate:
    prepared = _prepared(name)
    best = Candidate(name.key, _number_score(asked, prepared.number), How.NUMBER)
    for called in prepared.called:
        score, how = _name_score(asked, called, is_unit=prepared.is_unit)
        if score > best.score:
            best = Candidate(name.key, round(score, 1), how)
    if best.score < EXACT and (_is_elsewhere(asked, prepared) or asked.says_nothing):
        return Candidate(name.key, min(best.score, _BARELY), best.how)
    return best


def _is_elsewhere(asked: _Asked, prepared: _Prepared) -> bool:
    """Whether the query names another level than the unit's: 县公安局 is not 州公安局."""
    asked_level = level(asked.core)
    return bool(asked_level and prepared.levels) and asked_level not in prepared.levels


def _number_score(asked: _Asked, number: str) -> float:
    """A number itself is certain; with its dash forgotten (州17 for 州1-7) it is likely.

    A bare figure is no number of a task: it means a place in the list last shown.
    """
    if not number or asked.key.isdigit():
        return 0.0
    if asked.number == number:
        return 100.0
    if asked.first_number == number and not number.isdigit():
        return EXACT
    if asked.number == number.replace("-", ""):
        return 80.0
    if lacks_sign(asked.number) and number[1:] == asked.number:
        return 90.0
    if number.startswith(f"{asked.number}-"):
        return 55.0
    follows = asked.number.startswith(number) and asked.number[len(number)] not in "-0123456789"
    return 96.0 if follows and not number.isdigit() else 0.0


def _name_score(asked: _Asked, called: str, *, is_unit: bool) -> tuple[float, How]:
    if asked.key == called:
        return 100.0, How.NAME
    if asked.core == called:
        return EXACT, How.NAME
    if asked.first == called:
        return EXACT - 1, How.NAME
    if asked.is_number:
        return 0.0, How.NAME
    if asked.is_spelled:
        return _latin_score(asked.key, called)
    part = _part_score(asked.core, called, is_unit=is_unit)
    if part >= ACCEPT or (part and not is_unit) or asked.core in called:
        return part, How.PART
    typo = _typo_score(asked.core, called) if _shares(asked.core, _letters(called)) else 0.0
    is_heard = _shares(asked.spoken, _heard(called))
    sound = _sound_score(asked, called, is_unit=is_unit) if is_heard else 0.0
    if is_unit and typo >= ACCEPT and not _may_be(asked.core, called):
        typo = min(typo, _BARELY)
    if is_unit and sound >= ACCEPT and is_other_body(asked.core, called):
        sound = min(sound, _BARELY)
    return max((part, How.PART), (typo, How.TYPO), (sound, How.SOUND), key=lambda each: each[0])


def _shares(asked: Written, known: frozenset[str]) -> bool:
    """Whether enough of the query is in the name for any order of it to be worth an offer."""
    return sum(map(known.__contains__, asked)) > _TOO_FEW * len(asked)


@lru_cache(maxsize=8192)
def _letters(called: str) -> frozenset[str]:
    return frozenset(called)


@lru_cache(maxsize=8192)
def _heard(called: str) -> frozenset[str]:
    return frozenset(sounds(called))


def _may_be(asked: str, called: str) -> bool:
    """Whether these characters may be the office at all, however much they resemble its name.

    One wrong character in 州农业农村局 leaves it what it is; in 州民政局 it makes another office.
    """
    if is_other_body(asked, called):
        return False
    if _is_swapped(asked, called) or _looks_like(asked, called):
        return True
    one_slip = len(content(called)) > 2 and OSA.distance(asked, called, score_cutoff=1) < 2
    return one_slip or abbreviates(asked, called)


def _part_score(asked: str, called: str, *, is_unit: bool) -> float:
    """A part of the name scores high; a name inside a longer query by how much it explains.

    吉首市 inside 吉首市公安局 explains half of it, and that is not enough to take it. 州发改局 is
    州发改委 with the wrong kind of office.
    """
    if len(asked) >= 2 and asked in called:
        score = 86.0 + 10.0 * len(asked) / len(called)
        return score if not is_unit or is_proper_part(asked, called) else _BARELY
    if len(called) >= 2 and called in asked:
        score = max(OFFER, 100.0 * len(called) / len(asked))
        return score if not is_unit or is_still_it(called, asked) else min(score, _BARELY)
    return 88.0 if is_unit and has_other_kind(asked, called) else 0.0


def _typo_score(asked: str, called: str) -> float:
    """As `_likely`; what any eye or hand mistakes is a slip in names of any length."""
    if len(asked) > 2 and (_is_swapped(asked, called) or _looks_like(asked, called)):
        return 85.0
    return _likely(asked, called)


def _likely(asked: Written, called: Written) -> float:
    """Their resemblance; below what is taken where it is more than a slip."""
    score = resemblance(asked, called)
    return score if score < ACCEPT or is_slip_of(asked, called) else _BARELY


def _looks_like(asked: str, called: str) -> bool:
    """Whether one character of it stands for another of the same shape."""
    different = [pair for pair in zip(asked, called, strict=False) if pair[0] != pair[1]]
    return len(asked) == len(called) and len(different) == 1 and look_alike(*different[0])


def _is_swapped(asked: str, called: str) -> bool:
    if abs(len(called) - len(asked)) > 1:
        return False
    whole = (called, called[len(level(called)) :])
    return any(sorted(asked) == sorted(each) and OSA.distance(asked, each) == 1 for each in whole)


def _sound_score(asked: _Asked, called: str, *, is_unit: bool) -> float:
    """Homophones: 雪量工程. Two syllables alone sound like too much to be taken for sure."""
    known = sounds(called)
    if len(asked.core) < 2:
        return 0.0
    if (at := _run_at(asked.spoken, known)) is not None:
        begins = at == 0 and not set(asked.core).isdisjoint(called)
        sure = begins or (len(asked.core) > 2 and not (is_unit and _is_cut_out(asked, called, at)))
        return 82.0 + 10.0 * len(asked.spoken) / len(known) if sure else OFFER + 5
    score = 0.92 * _likely(asked.spoken, known)
    is_slip = is_near_a_run(asked.spoken, known, len(asked.spoken) // 5)
    return score if score < ACCEPT or is_slip else _BARELY


def _run_at(part: tuple[str, ...], whole: tuple[str, ...]) -> int | None:
    places = range(len(whole) - len(part) + 1)
    return next((at for at in places if whole[at : at + len(part)] == part), None)


def _is_cut_out(asked: _Asked, called: str, at: int) -> bool:
    """Whether a stretch of an office's name is no name: 省急厅 sounds like the end of 省审计厅."""
    is_end = at + len(asked.core) == len(called)
    begins = at == (0 if level(asked.core) else len(level(called)))
    return not begins and (not is_end or level(asked.core) != "")


def _latin_score(asked: str, called: str) -> tuple[float, How]:
    if len(asked) < 2:
        return 0.0, How.INITIALS
    letters = initials(called)
    if asked in (letters, letters[len(level(called)) :]):
        return 95.0, How.INITIALS
    if asked in letters:
        sure = len(asked) > 3 or (len(asked) == 3 and letters.startswith(asked))
        share = 8.0 * len(asked) / len(letters)
        return (84.0 if sure else OFFER + 4) + share, How.INITIALS
    if _starts_a_syllable(asked, syllables(called)):
        return 85.0, How.SOUND
    if called.isascii():
        return _likely(asked, called), How.TYPO
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
