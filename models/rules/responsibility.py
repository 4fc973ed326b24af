"""The grammar of responsibility: who leads, shares and supports, out of 牵头 and 负责 clauses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from models.rules.unit_names import is_county, is_government, is_park, is_unit_name

_OPEN, _CLOSE = "（(【［[", "）)】］]"
_VERB = re.compile(
    r"(?P<each>(?:等(?:部门|单位)?)?分别(?:牵头|组织)?(?:负责|落实|牵头))"
    r"|(?P<lead>(?:共同|联合)?牵头(?:组织实施|抓总|组织|负责|落实)?)"
    r"|(?P<support>等?(?:按照?)?(?:各自)?(?:职责)?(?:分工)?(?:参与|参加|协同|协助|配合)(?:配合|负责|落实)?)"
    r"|(?P<share>(?:等(?:部门|单位)?)?(?:根据|依据|按照?)(?:各自)?职[责能](?:分工)?(?:分别|共同|协同|具体|抓好)?(?:负责|落实|实施)?"
    r"|等?(?:共同|联合)(?:负责|落实))"
    r"|(?P<charge>等?(?:具体|组织)?(?:负责|承办|落实)(?:落实|实施|组织实施)?)"
)
_LABEL = re.compile(
    r"(?P<lead>(?:牵头|主要责任|主办|责任)(?:单位|部门|领导单位))[:：]"
    r"|(?P<support>(?:配合|协办|参与|参加|协同)(?:责任)?(?:单位|部门))[:：]"
)
_MARKS = re.compile(r"牵头|负责|落实|配合|(?:责任|牵头|主办|协办)(?:单位|部门)[:：]")
_EDGE = "，,；;。、"
_SEPARATOR = re.compile(r"([、，,；;／/|])")
_AND = re.compile(
    r"(?:以及|[及和与])(?=(?:省|州|市|县|区|各|有关|相关|湖南|国网|中国|其他|团|驻)\S)"
)
_GROUP = re.compile(
    r"^(?:各|全[省州市县]各?|有关|相关|其他|其它|[省州市县区]?直?(?:有关|相关|各)).*"
    r"|.*(?:成员单位|部门单位|有关(?:部门|单位)|相关(?:部门|单位)|各(?:部门|单位)|责任单位)$"
    r"|^(?:市州?|县市?区?|州|区|市县区?|乡镇|镇街)(?:级|两级|三级)?(?:人民)?政府$"
    r"|^(?:县市区|县市|市州|乡镇|乡镇街道|县区)$"
)
_BRACKET = re.compile(r"[（(][^（()）]*[）)]$")
_AND_SO_ON = re.compile(r"、?等((?:有关|相关|其他)?(?:部门单位|部门|单位)?)$")
#: Time limits and other words that stand among names and are none.
_NO_NAME = re.compile(r"\d+[年月日]|[年月]底|季度|完成|推进|启动|.{31}")
_ROLE_AFTER = re.compile(r"[（(](牵头|配合|协助)(?:单位)?[）)][、，,；;]?")
_LEAD_IN = re.compile(r"^(?:由|会同|其中)")
_NEXT_NAME = "，,；;。、）)省州市县区各有由国团"
_ITEM_MARK = re.compile(r"^[\s。，、；;,.·]*(?:[①-⑳㉑-㉟]|[（(]\d{1,2}[）)])?\s*")
_TAIL = re.compile(r"(?:人民政府|政府|[市县区州](?:人民)?政府)$")
_CITY_TAIL = re.compile(r"[市县区](?:人民)?政府$")


class Role(StrEnum):
    """How the units of a clause stand to it (domain: 牵头, 按职责分工, 分别)."""

    LEAD = "lead"
    SHARED = "shared"
    EACH = "each"


@dataclass(frozen=True, slots=True)
class Responsibility:
    """Who answers for a clause; *unnamed* are groups without names.

    *doubtful* are odd names, and words among the names that are no name at all."""

    role: Role
    lead: tuple[str, ...]
    supporting: tuple[str, ...] = ()
    unnamed: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clause:
    """One stretch of an item's text with those who answer for it."""

    text: str
    responsibility: Responsibility


@dataclass(frozen=True, slots=True)
class Reading:
    """An item's clauses, the words after the last bracket, and brackets nobody could read."""

    clauses: tuple[Clause, ...]
    rest: str
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Units:
    named: tuple[str, ...]
    unnamed: tuple[str, ...]
    doubtful: tuple[str, ...]


def read_clauses(text: str) -> Reading:
    """Each responsibility bracket of *text* with the words since the one before it."""
    clauses: list[Clause] = []
    unread: list[str] = []
    at = 0
    for start, end in _brackets(text):
        inner = text[start + 1 : end - 1]
        if not _MARKS.search(inner):
            continue
        found = read_responsibility(inner)
        if found is None:
            if inner.rstrip("。").endswith(("牵头", "负责", "配合")):
                unread.append(inner)
            continue
        clauses.append(Clause(_clause_text(text[at:start]), found))
        at = end
    return Reading(tuple(clauses), _clause_text(text[at:]), tuple(unread))


def read_responsibility(inner: str) -> Responsibility | None:
    """What a bracket or cell says of responsibility; None where it names nobody.

    省A牵头，省B、省C等按职责分工负责: one leads, the others support. Without a lead all share, and
    分别负责 makes each of them owe its own report.
    """
    words = _ROLE_AFTER.sub(r"\1，", "".join(inner.split())).strip("。；;，,")
    parts = list(_labelled(words) if _LABEL.search(words) else _verbs(words))
    return _together([(kind, _units_in(text)) for kind, text in parts if text])


def unit_list(text: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The units of a bare list, groups without names, and names that look like no unit."""
    units = _units_in("".join(text.split()).strip("。；;，,"))
    return units.named, units.unnamed, units.doubtful


def _brackets(text: str) -> Iterator[tuple[int, int]]:
    """Outermost bracket pairs of either width; an unpaired bracket is passed over."""
    opened: list[int] = []
    for at, char in enumerate(text):
        if char in _OPEN:
            opened.append(at)
        elif char in _CLOSE and opened:
            start = opened.pop()
            if not opened:
                yield start, at + 1
            elif _MARKS.search(text[start:at]):
                opened.clear()
                yield start, at + 1


def _clause_text(text: str) -> str:
    return _ITEM_MARK.sub("", text.strip()).rstrip("。；;，, \n\t")


def _verbs(words: str) -> Iterator[tuple[str, str]]:
    """Each list of units with the kind of the verb after it; what follows the last one helps."""
    at = 0
    for match in _VERB.finditer(words):
        if words[match.end() : match.end() + 1] not in _NEXT_NAME:
            continue  # 负责 inside a sentence
        yield match.lastgroup or "", _LEAD_IN.sub("", words[at : match.start()].strip(_EDGE))
        at = match.end()
    if at and (rest := words[at:].strip(_EDGE)):
        yield "support", rest


def _labelled(words: str) -> Iterator[tuple[str, str]]:
    marks = list(_LABEL.finditer(words))
    for mark, after in zip(marks, [*marks[1:], None], strict=True):
        kind = mark.lastgroup or ""
        text = words[mark.end() : after.start() if after else len(words)].strip(_EDGE)
        led = kind == "lead" and mark.group().startswith("责任") and len(marks) > 1
        yield ("support" if led and mark is not marks[0] else kind), text


def _together(parts: list[tuple[str, _Units]]) -> Responsibility | None:
    if not any(units.named or units.unnamed for _, units in parts):
        return None
    leads = [units for kind, units in parts if kind == "lead"]
    first = leads or [units for kind, units in parts if kind != "support"] or [parts[0][1]]
    named = tuple(dict.fromkeys(name for units in first for name in units.named))
    others = (name for _, units in parts for name in units.named if name not in named)
    return Responsibility(
        role=_role({kind for kind, _ in parts}, first),
        lead=named,
        supporting=tuple(dict.fromkeys(others)),
        unnamed=tuple(dict.fromkeys(group for _, units in parts for group in units.unnamed)),
        doubtful=tuple(dict.fromkeys(name for _, units in parts for name in units.doubtful)),
    )


def _role(kinds: set[str], first: list[_Units]) -> Role:
    """Leads decide; a plain 负责 makes its units owe together, as joint leads do."""
    if "lead" in kinds:
        return Role.LEAD
    if "each" in kinds:
        return Role.EACH
    return Role.SHARED if "share" in kinds else Role.LEAD


def _units_in(text: str) -> _Units:
    """The names of a list in full; a bracket after a name is left out of it, and doubted."""
    listed = _listed(text)
    full = _completed([(_BRACKET.sub("", name), mark) for name, mark in listed])
    odd = [name for name, _ in listed if _BRACKET.search(name)]
    odd += [name for name in full if _NO_NAME.search(name)]
    full = [name for name in full if not _NO_NAME.search(name)]
    groups = tuple(dict.fromkeys(name for name in full if _GROUP.fullmatch(name)))
    named = tuple(dict.fromkeys(name for name in full if name not in groups))
    odd += [name for name in named if not is_unit_name(name)]
    return _Units(named, groups, tuple(odd))


def _listed(text: str) -> list[tuple[str, str]]:
    """The names of a list as printed, each with the mark after it."""
    joined = _AND.sub(lambda m: "、" if _ends_a_name(text[: m.start()]) else m.group(), text)
    pieces = _SEPARATOR.split(_AND_SO_ON.sub(r"、\1", joined))
    marks = [*pieces[1::2], ""]
    return [(name, mark) for name, mark in zip(pieces[::2], marks, strict=True) if name]


def _ends_a_name(text: str) -> bool:
    last = _SEPARATOR.split(text)[-1]
    return bool(is_unit_name(last) or _GROUP.fullmatch(last))


def _completed(listed: list[tuple[str, str]]) -> list[str]:
    """Elliptic names made whole: 长沙、株洲市人民政府 are two governments."""
    full: list[str] = []
    tail = ""
    for name, mark in reversed(listed):
        whole = name + _missing(name, tail if mark == "、" else "")
        full.append(whole)
        found = _CITY_TAIL.search(whole) or _TAIL.search(whole)
        tail = found.group() if found and not _GROUP.fullmatch(whole) else ""
    return full[::-1]


def _missing(name: str, tail: str) -> str:
    """What *name* shares with the one after it; 永州 is a city, 湘西州 a prefecture."""
    if not tail or _GROUP.fullmatch(name) or is_park(name) or is_government(name):
        return ""
    city = not is_unit_name(name) or (len(name) == 2 and name.endswith("州"))
    if city:
        return tail if 2 <= len(name) <= 4 and _CITY_TAIL.fullmatch(tail) else ""
    return tail.lstrip("市县区州") if is_county(name) else ""
