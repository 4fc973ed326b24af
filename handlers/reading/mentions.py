"""Names within a sentence: what a question or a request names, where it is no name itself."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from handlers.reading.names import ACCEPT, MOST_OFFERED, Candidate, How, Match, Name, find
from handlers.reading.normalise import name_key, normalise
from handlers.reading.task_numbers import COUNTED, number_key, unscanned

#: The longest sentence that is looked through; longer ones are reports.
LONGEST = 240
#: Shorter names are too often part of another word; offices and places are called by three.
_SHORTEST, _SHORTEST_UNIT = 4, 3
#: As sure as a part of a title, less than the name alone.
WHOLE = 90.0
_APART = re.compile(r"(?:(?!(?<=\d)[-.](?=\d))[\W_])+")
_DASH = re.compile(r"(?<=\d)\s*[-.~—–_之]\s*(?=[\dlIi|])|(?<=\d)之(?=\d)")
_AFTER_SIGN = re.compile(r"(?<=[一-鿿])\s+(?=\d)")
#: Characters that end the word before a name, and that begin the word behind it.
_BEFORE = frozenset(
    "的了在是个问看下查报把对给和与跟及同就按关于为到要请局委厅办科室处站位们这那个该本月年日中里内有没无让叫催"
    "送审改补填发传交做搞抓推管头像又还也再先都将被由从向以或说讲提谈读找周天号期项替帮代咱我你他它解道"
)
_AFTER = frozenset(
    "的到在是了吗呢吧呀啊要有没还已未不也就都为何什么怎哪几多上下这那本今明昨现目进情完成数报送任材办由谁归"
    "给和与跟及同或需应该能可会得做推落开结截最近工方面请麻谢:：第"
)


#: 改厕到7月底完成41230个: words that tell of what is named before them.
_TELLING = re.compile(r"到|至|截[至止]|已|累计|目前|完成|建成|共|今年|本月|上半年|\d")


@dataclass(frozen=True)
class _Keyed:
    """The key of a sentence, and the places in it before which something else was written."""

    key: str
    gaps: frozenset[int]

    def begins(self, at: int) -> bool:
        """Whether a word begins at this place."""
        return at == 0 or at in self.gaps or self.key[at - 1] in _BEFORE

    def ends(self, at: int) -> bool:
        """Whether a word ends before this place."""
        return at == len(self.key) or at in self.gaps or _ends_word(self.key[at])


@dataclass(frozen=True)
class _Found:
    """A name or number at ``key[start:end]`` and who bears it."""

    start: int
    end: int
    bearer: str


def _ends_word(behind: str) -> bool:
    return behind in _AFTER or behind.isdigit()


def named(text: str, names: Iterable[Name], most: int = MOST_OFFERED) -> Match:
    """Whom or what *text* names: as `find`, or where it is a sentence, by what stands whole in it.

    One number, or one name of at least four characters (of an office three), is sure where nothing
    else is named; 州1-7 雪亮工程 names one thing twice. Several are offered as *names* stand.
    """
    known = tuple(names)
    match = find(text, known, most)
    if (match.candidates and match.candidates[0].score >= 100) or len(text) > LONGEST:
        return match
    meant, is_one = _meant(text, known)
    if not meant or (is_one and match.sure):
        return match
    if is_one and any(c.key not in meant and c.score >= ACCEPT for c in match.candidates):
        return match
    found = [Candidate(each.key, WHOLE, How.NAME) for each in known if each.key in meant]
    return Match(tuple(found[:most]), is_one)


def _meant(text: str, known: tuple[Name, ...]) -> tuple[frozenset[str], bool]:
    """The bearers of all that is named, and whether that is one."""
    places: dict[tuple[int, int], set[str]] = {}
    for each in _longest(_found(text, known)):
        places.setdefault((each.start, each.end), set()).add(each.bearer)
    groups = list(places.values())
    if not groups:
        return frozenset(), False
    common = frozenset.intersection(*map(frozenset, groups))
    return common or frozenset().union(*groups), len(common) == 1


def _found(text: str, known: tuple[Name, ...]) -> Iterator[_Found]:
    keyed = _keyed(_with_plain_numbers(text))
    for each in known:
        number = _number(each.number)
        for at in _places(keyed.key, number):
            if _is_number(keyed, at, number):
                yield _Found(at, at + len(number), each.key)
        for called in _called(each):
            for at in _places(keyed.key, called):
                end = at + len(called)
                if keyed.begins(at) and keyed.ends(end):
                    yield _Found(at, end, each.key)
        for called in _short(each):
            if keyed.key.startswith(called) and _TELLING.match(keyed.key, len(called)):
                yield _Found(0, len(called), each.key)


def _longest(found: Iterable[_Found]) -> list[_Found]:
    """Without those that stand inside a longer one."""
    every = list(found)
    return [
        each
        for each in every
        if not any(
            other.start <= each.start
            and each.end <= other.end
            and other.end - other.start > each.end - each.start
            for other in every
        )
    ]


def _places(text: str, part: str) -> Iterator[int]:
    at = text.find(part) if part else -1
    while at >= 0:
        yield at
        at = text.find(part, at + 1)


def _is_number(keyed: _Keyed, at: int, number: str) -> bool:
    """Whether the number ends there; one without a dash must stand apart like a word."""
    end = at + len(number)
    after = keyed.key[end : end + 1]
    if after.isdigit() or (after in "-." and after and end not in keyed.gaps):
        return False
    if keyed.key[at].isdigit() and at and keyed.key[at - 1 : at].isdigit():
        return False
    if "-" in number:
        return True
    return keyed.begins(at) and (end in keyed.gaps or not after or after not in COUNTED)


def _with_plain_numbers(text: str) -> str:
    """Normalised, with one dash in every number and nothing between its sign and its figure."""
    plain = _DASH.sub("-", unscanned(normalise(text)))
    return _AFTER_SIGN.sub("", plain)


@lru_cache(maxsize=8192)
def _number(number: str) -> str:
    return "" if number.isdigit() else number_key(number)


@lru_cache(maxsize=8192)
def _called(name: Name) -> tuple[str, ...]:
    shortest = _SHORTEST_UNIT if name.is_unit else _SHORTEST
    return tuple(key for key in _keys(name) if len(key) >= shortest)


@lru_cache(maxsize=8192)
def _short(name: Name) -> tuple[str, ...]:
    """The names that are too short to stand anywhere: they count where a sentence begins."""
    return () if name.is_unit else tuple(key for key in _keys(name) if 1 < len(key) < _SHORTEST)


def _keys(name: Name) -> dict[str, None]:
    return dict.fromkeys(map(name_key, (name.title, *name.aliases)))


def _keyed(plain: str) -> _Keyed:
    pieces = [name_key(piece) for piece in _APART.split(plain)]
    gaps, length = set[int](), 0
    for piece in pieces:
        gaps.add(length)
        length += len(piece)
    return _Keyed("".join(pieces), frozenset({*gaps, length} - {0}))
