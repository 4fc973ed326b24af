"""The grammar of responsibility: who leads, shares and supports, out of 牵头 and 负责 clauses."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice

from models.rules.unit_list import UnitList, is_time, one_list, read_units
from models.rules.unit_names import is_county, is_government, is_park, is_unit_name

_OPEN, _CLOSE = "（(【［[", "）)】］]"
_ROUND, _SQUARE = "（()）", "【［[]］】"
_VERB = re.compile(
    r"(?P<each>(?:等(?:部门|单位)?)?分别(?:牵头|组织)?(?:负责|落实|牵头))"
    r"|(?P<lead>(?:(?:共同|联合|负责)?牵头|(?:依据|根据|按照?)职[责能]牵头)(?:组织实施|抓总|组织|负责|落实)?)"
    r"|(?P<support>等?(?:按照?)?(?:各自)?(?:职责)?(?:分工)?(?:参与|参加|协同|协助|配合)(?:配合|负责|落实)?)"
    r"|(?P<share>(?:等(?:部门|单位)?)?(?:根据|依据|按照?)(?:各自)?职[责能](?:分工)?(?:分别|共同|协同|具体|抓好)?(?:负责|落实|实施)?"
    r"|等?(?:共同|联合)(?:负责|落实))"
    r"|(?P<charge>等?(?:具体|组织)?(?:负责|承办|落实)(?:落实|实施|组织实施)?)"
)
_UNIT_LABEL = (
    r"(?:(?:牵头|主要责任|主办|承办|责任|配合|协办|参与|参加|协同)(?:责任)?(?:单位|部门|领导单位)"
    r"|牵头|配合|责任)[:：]"
)
_LABEL = re.compile(
    r"(?P<lead>(?:(?:牵头|主要责任|主办|承办|责任)(?:责任)?(?:单位|部门|领导单位)(?:[:：]|为)|(?:牵头|责任)[:：]))"
    r"|(?P<support>(?:(?:配合|协办|参与|参加|协同)(?:责任)?(?:单位|部门)(?:[:：]|为)|配合[:：]))"
    r"|(?P<other>(?:牵头|责任|分管|包联|包保|联系|完成|办结|办理|主要|具体)?(?:责任人|负责人|联系人|领导|时限|时间|科室|期限)[:：])"
)
_MARKS = re.compile(r"牵头|负责|落实|配合|(?:责任|牵头|主办|协办)(?:单位|部门)(?:[:：]|为)")
#: Where a sentence outside brackets goes over to naming the units: 责任单位：, or ，由市A牵头.
_TELLS = re.compile(
    rf"(?:(?:牵头|责任|分管|包联|联系)领导[:：]\S{{1,12}}\s+)?{_UNIT_LABEL}|(?<=[，,；;])由"
)
#: More places in one sentence that look like this are no sentence of duties.
_MOST_TELLS = 8
_EDGE = "，,；;。、"
_ROLE_AFTER = re.compile(r"[（(](牵头|配合|协助)(?:单位)?[）)][、，,；;]?")
_LEAD_IN = re.compile(r"^(?:由|会同|其中)")
_WITH = re.compile(r"(?<=.)会同(?=.)")
_NEXT_NAME = "，,；;。、）)省州市县区各有由国团"
_ITEM_MARK = re.compile(r"^[\s。，、；;,.·]*(?:[①-⑳㉑-㉟]|[（(]\d{1,2}[）)])?\s*")
#: What covers brackets while sentences are looked for: duties end one, remarks do not.
_DUTY, _REMARK = "\0", "\1"
_SENTENCE = re.compile("[^。\0]+")
#: How a bare name must look to be more than words that end like one (全力办好省运会).
_OF_LEVEL = re.compile(r"^[省州市县区].{2,11}$")
_AFTER_BARE = re.compile(r"[\s，,。；;①-⑳]|$")


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
    """One stretch of an item's text with those who answer for it.

    *assumed*: its bracket or sentence only names units, without a word of who does what.
    """

    text: str
    responsibility: Responsibility
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """An item's clauses, the words after the last bracket, and stretches nobody could read."""

    clauses: tuple[Clause, ...]
    rest: str
    unread: tuple[str, ...] = ()


def read_clauses(text: str) -> Reading:
    """Each responsibility bracket of *text* with the words since the one before it.

    A sentence that only says who answers (由市A牵头、市B配合。) is read as a bracket; so is a
    bracket of bare unit names, which is marked as assumed. A bracket that only names helpers
    adds them to the clause directly before it.
    """
    marked = _with_brackets(text)
    clauses: list[Clause] = []
    unread: list[str] = []
    at = 0
    for start, end in _brackets(marked):
        inner, said = marked[start + 1 : end - 1], _clause_text(marked[at:start])
        parts = _parts(inner) if _MARKS.search(inner) else []
        if found := _together(parts):
            clauses.append(Clause(said, found))
        elif clauses and not said and (helping := _helping(parts)):
            clauses[-1] = _helped(clauses[-1], helping)
        elif bare := _bare(marked, start, end, said):
            clauses.append(Clause(said, bare, assumed=True))
        elif inner.rstrip("。").endswith(("牵头", "负责", "配合")):
            unread.append(f"{said}（{inner}）")
        else:
            continue
        at = end
    return Reading(tuple(clauses), _clause_text(marked[at:]), tuple(unread))


def read_responsibility(inner: str) -> Responsibility | None:
    """What a bracket or cell says of responsibility; None where it names nobody who owes it.

    省A牵头，省B、省C等按职责分工负责: one leads, the others support. Without a lead all share, and
    分别负责 makes each of them owe its own report.
    """
    return _together(_parts(inner))


def helpers(inner: str) -> tuple[str, ...]:
    """The units of words that name helpers only (市财政局配合)."""
    found = _helping(_parts(inner))
    return found.named if found else ()


def unit_list(text: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The units of a bare list, groups without names, and names that look like no unit."""
    units = read_units(one_list(text).strip("。；;，,"))
    return units.named, units.unnamed, units.doubtful


def _parts(inner: str) -> list[tuple[str, UnitList]]:
    """The lists of units in *inner*, each with the kind of its verb or label."""
    words = _ROLE_AFTER.sub(r"\1，", one_list(inner)).strip("。；;，,")
    parts = list(_labelled(words) if _LABEL.search(words) else _verbs(words))
    return [
        (kind, UnitList((), (), (text,)) if kind == "other" else read_units(text))
        for kind, text in parts
        if text
    ]


def _helping(parts: list[tuple[str, UnitList]]) -> UnitList | None:
    """The units of *parts* where all of them only help."""
    if not parts or any(kind != "support" for kind, _ in parts):
        return None
    lists = [units for _, units in parts]
    found = UnitList(
        _each(units.named for units in lists),
        _each(units.unnamed for units in lists),
        _each(units.doubtful for units in lists),
    )
    return found if found.named or found.unnamed else None


def _helped(clause: Clause, more: UnitList) -> Clause:
    """*clause* with the helpers that a second bracket behind it names."""
    first = clause.responsibility
    named = tuple(name for name in more.named if name not in first.lead)
    answers = replace(
        first,
        supporting=_each([first.supporting, named]),
        unnamed=_each([first.unnamed, more.unnamed]),
        doubtful=_each([first.doubtful, more.doubtful]),
    )
    return replace(clause, responsibility=answers)


def _bare(text: str, start: int, end: int, said: str) -> Responsibility | None:
    """Who stands in a bracket that holds unit names and nothing else, beside a sentence's end.

    Places alone are where something happens, and what another bracket follows is a remark.
    """
    beside_end = _AFTER_BARE.match(text, end) or text[:start].rstrip().endswith(("。", "；", ";"))
    if not said or not beside_end or re.match(r"\s*[。；;]?\s*[（(【]", text[end:]):
        return None
    units = read_units(one_list(text[start + 1 : end - 1]).strip(_EDGE))
    organs = [n for n in units.named if is_government(n) or not (is_county(n) or is_park(n))]
    if units.doubtful or not (organs or any("政府" in group for group in units.unnamed)):
        return None
    role = Role.SHARED if len(units.named) + len(units.unnamed) > 1 else Role.LEAD
    return Responsibility(role, units.named, (), units.unnamed)


def _with_brackets(text: str) -> str:
    """*text* with brackets around the sentences that only say who answers."""
    masked = _masked(text)
    parts: list[str] = []
    at = 0
    for sentence in _SENTENCE.finditer(masked):
        start, end = sentence.span()
        for begin in (start, *_tells(masked, start, end)):
            ended = masked[end : end + 1] != _DUTY
            if text[:begin].strip() and _is_duty(text[begin:end].strip(), ended):
                parts += [text[at:begin], "【", text[begin:end].strip(), "】"]
                at = end
                break
    return "".join([*parts, text[at:]])


def _tells(text: str, start: int, end: int) -> Iterator[int]:
    return (found.start() for found in islice(_TELLS.finditer(text, start, end), _MOST_TELLS))


def _masked(text: str) -> str:
    """*text* with its brackets covered, those of duties by a mark that ends a sentence."""
    masked = text
    for start, end in _brackets(text):
        cover = _DUTY if _MARKS.search(text[start:end]) else _REMARK
        masked = f"{masked[:start]}{cover * (end - start)}{masked[end:]}"
    return masked


def _is_duty(words: str, ended: bool) -> bool:
    """Whether *words* say who answers and nothing else; bare names do so at a full stop."""
    if _MARKS.search(words) or _LABEL.search(words):
        found = _together(_parts(words))
        named = (*found.lead, *found.supporting) if found else ()
        if found is None or not named or not all(is_unit_name(name) for name in named):
            return False
        return all(is_time(odd) or "：" in odd or odd.startswith(named) for odd in found.doubtful)
    units = read_units(one_list(words))
    sure = bool(units.named) and not units.doubtful
    return ended and sure and all(_OF_LEVEL.match(name) for name in units.named)


def _brackets(text: str) -> Iterator[tuple[int, int]]:
    """Outermost bracket pairs of either width; an unpaired bracket is passed over."""
    opened: list[int] = []
    for at, char in enumerate(text):
        if char in _OPEN:
            opened.append(at)
        elif char in _CLOSE and opened:
            kind = _SQUARE if char in _SQUARE else _ROUND
            if any(text[each] in kind for each in opened):
                while text[opened[-1]] not in kind:
                    opened.pop()  # a round one left open inside a square pair
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
        text = _LEAD_IN.sub("", words[at : match.start()].strip(_EDGE))
        first, *others = _WITH.split(text)
        yield match.lastgroup or "", first.strip(_EDGE)
        yield from (("support", other.strip(_EDGE)) for other in others)
        at = match.end()
    if at and (rest := _LEAD_IN.sub("", words[at:].strip(_EDGE))):
        yield "support", rest


def _labelled(words: str) -> Iterator[tuple[str, str]]:
    """What stands behind each label; people and time limits keep theirs, to be told."""
    marks = list(_LABEL.finditer(words))
    yield "charge", words[: marks[0].start()].strip(_EDGE)
    for mark, after in zip(marks, [*marks[1:], None], strict=True):
        kind = mark.lastgroup or ""
        text = words[mark.end() : after.start() if after else len(words)].strip(_EDGE)
        if kind == "other":
            yield kind, f"{mark.group()}{text}"
            continue
        led = kind == "lead" and mark.group().startswith("责任")
        before = [m for m in marks if m.lastgroup == "lead" and m.start() < mark.start()]
        yield ("support" if led and before else kind), text


def _together(parts: list[tuple[str, UnitList]]) -> Responsibility | None:
    """Who owes and who helps; None where nobody owes."""
    leads = [units for kind, units in parts if kind == "lead"]
    first = leads or [units for kind, units in parts if kind not in ("support", "other")]
    if not any(units.named or units.unnamed for units in first):
        return None
    lists = [units for _, units in parts]
    named = _each(units.named for units in first)
    others = _each(units.named for units in lists)
    return Responsibility(
        role=_role({kind for kind, _ in parts}),
        lead=named,
        supporting=tuple(name for name in others if name not in named),
        unnamed=_each(units.unnamed for units in lists),
        doubtful=_each(units.doubtful for units in lists),
    )


def _each(lists: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """All words of *lists* in their order, each once."""
    return tuple(dict.fromkeys(word for words in lists for word in words))


def _role(kinds: set[str]) -> Role:
    """Leads decide; a plain 负责 makes its units owe together, as joint leads do."""
    if "lead" in kinds:
        return Role.LEAD
    if "each" in kinds:
        return Role.EACH
    return Role.SHARED if "share" in kinds else Role.LEAD
