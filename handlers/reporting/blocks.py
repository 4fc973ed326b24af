"""One message on several tasks, cut into the part of each: by 报送, by number, by name.

Only the cut is made here; each part is read as a report of its own.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from handlers.reading.headings import Vocabulary, head_at
from handlers.reading.names import Candidate, How, Name, find
from handlers.reading.normalise import clean, mapped, name_key, normalise
from handlers.reading.task_numbers import COUNTED

#: So many unknown beginnings of lines are compared with the names for a slip of the pen.
_MOST_COMPARED = 10
_LONGEST_HEAD = 80

_BULLET = (
    r"\s*(?:[-·*]+\s*|\(?[0-9]{1,2}(?:[、)]|\.(?![0-9]))\s*"
    r"|\([一二三四五六七八九十]{1,3}\)\s*|[一二三四五六七八九十]{1,3}、\s*)?"
)
_WORD = re.compile(rf"{_BULLET}(?:报送|上报|填报|报数)(?:[\s:]+|$)")
_BEGINS = re.compile(_BULLET)
#: 州1-7雪亮工程 goes on with a name, 新7个 with what is counted; 政7(2) is a clause.
_NUMBER_ENDS = (
    r"(?:\([0-9]{1,2}\)|(?:\s?-\s?[0-9]{1,2})?(?![0-9])(?![-.][0-9]))"
    rf"(?!\s*[{COUNTED}])"
)
_NAME_ENDS = r"(?=$|[\s:,;。、.(|]|已|完成|累计|目前|截至|截止|无变化|没有变化)"
_FIGURE = r"[\s:]*(?:已|累计|完成|实际|共|目前|约|为|是)*\s*[0-9]"
_NAMED_FIGURE = re.compile(rf"[^0-9:]{{2,40}}?{_FIGURE}")
_HAS_FIGURE = re.compile(_FIGURE)
_NOTHING_NEW = r"[\s:,]*(?:本[月期])?(?:无变化|没有变化)"
_SLIP = re.compile(rf"([一-鿿\"']{{3,20}})(?:\s*$|{_FIGURE})")
_SLIPS = frozenset((How.NAME, How.TYPO, How.SOUND))


@dataclass(frozen=True)
class Block:
    """The part of a message on one task: how it is named, and what is said of it."""

    name: str
    text: str


@dataclass(frozen=True)
class Known:
    """A task by which a part may be headed; *words* are the names of its indicators.

    One that is not the writer's *own* is no head within a section: there others' work is told.
    """

    name: Name
    words: tuple[str, ...] = ()
    is_own: bool = True


@dataclass(frozen=True)
class _Heads:
    """What a part may begin with; *owners* are the numbers of the tasks that bear a name.

    *likely* looks like a number, alone or with a figure behind it: a mistyped one is a head too,
    so that it is said to be unknown and what follows is not taken for the task before it.
    """

    numbers: re.Pattern[str] | None
    likely: re.Pattern[str] | None
    names: re.Pattern[str] | None
    inline: re.Pattern[str] | None
    owners: Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Cut:
    """The parts of a message, what stands before the first, and whether any is the writer's."""

    preamble: str
    blocks: tuple[Block, ...]
    has_own: bool = False


def cut(text: str, known: Sequence[Known], sections: Iterable[str] = ()) -> Cut:
    """*text* in parts that each speak of one task; no part where none is named at a line's start.

    *sections* are the names of sections: in their text a name that begins a line is just prose.
    """
    reader = _Cutter(tuple(known), tuple(filter(None, sections)))
    for line in clean(text).split("\n"):
        reader.take(line)
    return reader.result()


def named_in(text: str, known: Sequence[Known]) -> tuple[Known, ...]:
    """The tasks that a cell names by their number or an exact name, several where they share it."""
    heads = _heads(tuple(each.name for each in known))
    plain = normalise(text).strip()
    found = heads.numbers and heads.numbers.match(plain)
    key = name_key(found["name"] if found else plain)
    owners = heads.owners.get(key) or heads.owners.get(_plain_number(found[0] if found else ""))
    return tuple(each for each in known if each.name.number in (owners or ()))


def are_tasks(texts: Sequence[str], known: Sequence[Known]) -> bool:
    """Whether each is a task's number or exact name, and none names the same as another.

    州1-7 雪亮工程 is one task said twice, 政7-2 政7-3 are two clauses.
    """
    heads = _heads(tuple(each.name for each in known))
    seen: set[str] = set()
    for text in texts:
        is_number = heads.numbers and heads.numbers.fullmatch(normalise(text).strip())
        owners = heads.owners.get(name_key(text), frozenset())
        if not is_number and (not owners or owners & seen):
            return False
        seen |= owners
    return True


class _Cutter:
    """Goes through the lines and remembers in which part it is."""

    def __init__(self, known: tuple[Known, ...], sections: tuple[str, ...]) -> None:
        self._known = {each.name.number: each for each in known}
        self._own = {each.name.number for each in known if each.is_own}
        self._heads = _heads(tuple(each.name for each in known))
        self._sections = frozenset(map(name_key, sections))
        words = "|".join(map(re.escape, sections)) or "措施"
        self._headings = re.compile(rf"[\s；;，,。]+(?=(?:{words})\s*[:：])")
        self._vocabulary = Vocabulary()
        self._preamble: list[str] = []
        self._blocks: list[tuple[str, list[str]]] = []
        self._owners: frozenset[str] = frozenset()
        self._in_section = False
        self._after_gap = True
        #: Beginnings that were compared with the names, and the name that each is nearest to.
        self._compared: dict[str, Candidate | None] = {}
        #: Whether the parts are single lines, each a number and its figure.
        self._by_line = False
        #: Whether a part said its figure on the line of its name.
        self._has_line = False
        #: Whether the parts are the items of a list: 1. 州1-5, 2. 州1-14.
        self._by_mark = False

    def result(self) -> Cut:
        blocks = tuple(Block(name, "\n".join(lines).strip()) for name, lines in self._blocks)
        has_own = any(self._is_own(block.name) for block in blocks)
        return Cut("\n".join(self._preamble).strip(), blocks, has_own)

    def take(self, line: str) -> None:
        if not line.strip():
            self._after_gap = True
            self._keep(line)
            return
        source = mapped(line)
        if not self._begins(line, source.text, source.origin):
            self._keep(line)
            self._notice_section(source.text)
        self._after_gap = False

    def _keep(self, line: str) -> None:
        (self._blocks[-1][1] if self._blocks else self._preamble).append(line)

    def _notice_section(self, plain: str) -> None:
        head, colon, _ = plain[:_LONGEST_HEAD].partition(":")
        if colon and _is_section(head, self._sections):
            self._in_section = True
        elif head_at(plain, 0, self._vocabulary) is not None:
            self._in_section = False

    def _begins(self, line: str, plain: str, origin: Sequence[int]) -> bool:
        word = _WORD.match(plain)
        start = word.end() if word else _opening(plain)
        if word and start == len(plain):
            return True  # 报送 alone on a line says nothing of a task
        end = self._head(plain, start, has_word=word is not None)
        if end is None:
            return False
        self._open(line[origin[start] : origin[end]])
        self._by_mark = self._by_mark or (start > 0 and word is None)
        self._by_line = self._by_line or _HAS_FIGURE.match(plain, end) is not None
        self._has_line = self._has_line or _has_digit(plain[end:])
        self._parts(line, plain, origin, end)
        return True

    def _head(self, plain: str, start: int, *, has_word: bool) -> int | None:
        """Where the task's name ends that begins at *start*; None where no part begins."""
        heads = self._heads
        is_prose = self._in_section and not has_word
        is_free = self._by_line or self._after_gap or not is_prose
        if is_free and (found := heads.likely and heads.likely.match(plain, start)):
            return found.end("name")
        if found := heads.numbers and heads.numbers.match(plain, start):
            is_begun = start == 0 or self._after_gap or self._by_mark
            is_head = not is_prose or (is_begun and self._is_own(found[0]))
            return found.end() if is_head else None
        # Where each part is one line, a name with its figure begins the next one all the same.
        is_line = self._by_line and _NAMED_FIGURE.match(plain, start) is not None
        is_line = is_line or (self._by_mark and start > 0)
        found = heads.names and heads.names.match(plain, start)
        is_line = is_line or (found is not None and self._is_own_line(found))
        if is_prose and not self._after_gap and not is_line:
            return None
        if found:
            owners = heads.owners.get(name_key(found[0]), frozenset())
            is_same = bool(owners & self._owners) or self._is_own_word(found[0])
            is_free = not is_prose or is_line or self._is_own(found[0])
            return found.end() if has_word or (not is_same and is_free) else None
        if has_word:
            return _first_word(plain, start)
        return None if is_prose and not is_line else self._slip(plain, start)

    def _is_own_line(self, found: re.Match[str]) -> bool:
        """Whether the line says something of another of the writer's tasks, in figures."""
        is_told = self._has_line and _has_digit(found.string[found.end() :])
        return is_told and self._is_own(found[0])

    def _is_own(self, name: str) -> bool:
        return bool(self._owners_of(name) & self._own)

    def _owners_of(self, name: str) -> frozenset[str]:
        known = self._heads.owners
        return known.get(name_key(name)) or known.get(_plain_number(name), frozenset())

    def _is_own_word(self, text: str) -> bool:
        """Whether it names an indicator of the task of which the part speaks."""
        key = name_key(text)
        words = (w for number in self._owners for w in self._known[number].words)
        return key in map(name_key, words)

    def _slip(self, plain: str, start: int) -> int | None:
        """A name written carelessly before a figure or alone on its line."""
        found = _SLIP.match(plain, start)
        if found is None or self._is_own_word(found[1]) or not self._blocks:
            return None
        if head_at(plain, start, self._vocabulary) is not None or not self._is_meant(found[1]):
            return None
        return found.end(1)

    def _is_meant(self, head: str) -> bool:
        if head not in self._compared:
            if len(self._compared) >= _MOST_COMPARED:
                return False
            self._compared[head] = find(head, (each.name for each in self._known.values())).best
        best = self._compared[head]
        return bool(best and best.how in _SLIPS and best.key not in self._owner_keys())

    def _owner_keys(self) -> set[str]:
        return {self._known[number].name.key for number in self._owners}

    def _open(self, name: str) -> None:
        self._owners = self._owners_of(name)
        self._blocks.append((name.strip(), []))
        self._in_section = False

    def _parts(self, line: str, plain: str, origin: Sequence[int], start: int) -> None:
        """What follows a part's name on its line, where further parts may begin."""
        inline = self._heads.inline
        for found in inline.finditer(plain, start) if inline else ():
            is_prose = ":" in plain[start + 1 : found.start()].lstrip(": ")
            if is_prose and found["mark"] not in (";", "。"):
                continue
            self._rest(line[origin[start] : origin[found.start()]])
            self._open(line[origin[found.start("name")] : origin[found.end("name")]])
            start = found.end("name")
        self._rest(line[origin[start] :])
        self._notice_section(plain[start:].lstrip(" :,;、。."))

    def _rest(self, text: str) -> None:
        """The rest of a line, each section that begins in it on a line of its own."""
        text = self._headings.sub("\n", text)
        if text := text.lstrip(" \t\u3000:：,，;；、。").rstrip(" \t\u3000,，;；、"):
            self._keep(text)


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


def _opening(plain: str) -> int:
    found = _BEGINS.match(plain)
    return found.end() if found else 0


def _first_word(plain: str, start: int) -> int | None:
    """An unknown name behind 报送: it is said to be none rather than read as prose."""
    found = re.compile(r"[^\s:,;。、]{1,30}").match(plain, start)
    return found.end() if found else None


def _is_section(head: str, sections: frozenset[str]) -> bool:
    key = name_key(head)
    return any(key.endswith(each) or key.startswith(each) for each in sections)


def _plain_number(name: str) -> str:
    """The task's number of what names one of its clauses."""
    return re.sub(r"\([0-9]+\)$", "", normalise(name).replace(" ", ""))


@lru_cache(maxsize=64)
def _heads(names: tuple[Name, ...]) -> _Heads:
    owners: dict[str, set[str]] = {}
    for each in names:
        for called in (each.number, each.title, *each.aliases):
            owners.setdefault(name_key(called), set()).add(each.number)
        owners.setdefault(normalise(each.number), set()).add(each.number)
    numbers = "|".join(map(_gapped, _longest(each.number for each in names)))
    titles = _longest(c for e in names for c in (e.title, *e.aliases) if len(name_key(c)) > 1)
    one = rf"(?P<name>(?:{numbers}){_NUMBER_ENDS})"
    series = "|".join(map(re.escape, _longest(_series(each.number) for each in names)))
    return _Heads(
        re.compile(one, re.IGNORECASE) if numbers else None,
        re.compile(
            rf"(?P<name>(?:{series})[0-9]{{1,3}}(?:-[0-9]{{1,3}})?){_NUMBER_ENDS}"
            rf"(?={_FIGURE}|\s*:?\s*$)"
        )
        if series
        else None,
        re.compile("|".join(rf"[\"']*{_gapped(c)}[\"']*{_NAME_ENDS}" for c in titles))
        if titles
        else None,
        re.compile(
            rf"(?P<mark>[;。,、\s])\s*(?:[0-9]{{1,2}}[.、]\s*)?"
            rf"(?P<name>(?:{numbers}|(?:{series})[0-9]{{1,3}}-[0-9]{{1,3}}){_NUMBER_ENDS})"
            rf"(?={_FIGURE}|{_NOTHING_NEW})",
            re.IGNORECASE,
        )
        if numbers
        else None,
        {key: frozenset(value) for key, value in owners.items()},
    )


def _series(number: str) -> str:
    """州 of 州1-7: what the numbers of a programme begin with."""
    found = re.match(r"[^0-9]*", normalise(number))
    return found[0] if found else ""


def _longest(texts: Iterable[str]) -> list[str]:
    return sorted({each for each in texts if each}, key=lambda each: -len(each))


def _gapped(text: str) -> str:
    """A name with its quotes free to come or not, and with gaps; 与 and 和 are one word."""
    plain = re.sub(r"[\s\"']", "", normalise(text))
    return r"[\s\"']?".join("[与和]" if char in "与和" else re.escape(char) for char in plain)
