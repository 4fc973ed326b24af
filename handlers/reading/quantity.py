"""A figure in one field of a report: how much, of what, how far, or why it cannot be taken."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from handlers.reading.amounts import Amount, Doubt, Unread, quantities_in
from handlers.reading.measured import is_approximate
from handlers.reading.normalise import Mapped, mapped, normalise
from handlers.reading.numerals import NumberProblem
from handlers.reading.percent import is_growth
from models.rules.unit import convert, same_kind, tidy, unit_called


class Problem(StrEnum):
    """Why no figure is taken from a field."""

    EMPTY = "empty"
    NOT_A_NUMBER = "not_a_number"
    AMBIGUOUS = "ambiguous"
    VAGUE = "vague"
    TOO_LONG = "too_long"
    WRONG_UNIT = "wrong_unit"
    UNKNOWN_UNIT = "unknown_unit"
    PERCENT_ONLY = "percent_only"
    SEVERAL = "several"
    RANGE = "range"
    NEGATIVE = "negative"
    CHANGE = "change"
    MISSING = "missing"
    EACH = "each"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Quantity:
    """A figure in its indicator's unit without 万: 1.65万人次 is 16500 of 人次.

    *percent* is the percentage of the task written beside it, at *percent_span*; *span* is where
    the figure stands in the text given, *rest* what else was written and not read.
    """

    value: Decimal
    unit: str
    percent: Decimal | None
    approximate: bool
    span: tuple[int, int]
    rest: str = ""
    percent_span: tuple[int, int] | None = None


@dataclass(frozen=True)
class StatedPercent:
    """A percentage the reporter states, its place, and what else was written."""

    value: Decimal
    approximate: bool
    span: tuple[int, int]
    rest: str = ""


@dataclass(frozen=True)
class Unreadable:
    """No figure: *came* is the part that stands in the way, *expected* the unit asked for."""

    problem: Problem
    came: str
    expected: str


_NO_FIGURE = re.compile(r"(?:[-_.…/\\*。]|待填|请填写?|同上|暂无|无)*")
# What a field says around its figure without adding anything that has to be read.
_SAID = re.compile(
    r"[-\s,;:。、()\[\]!·'\"]+|已经|已|全州|全市|全县|全省|累计|共计|总计|合计|新增|实际|目前|"
    r"完成了?|建成|办理|达到|达|共|计|为|是|有|年度|年|任务|目标|计划|总|的|占|率|比例|百分比|"
    r"形象|进度|投资|省定|州定|全年|总量|大约|约|将近|接近|近|超过|超|逾|突破|不少于|不到|不足|至少|大概|左右|上下|以上|余|多"
)
# A figure against another time is none of the cumulative count that the field asks for.
_CHANGED = re.compile(r"(?:(?:多了|少了|[较比](?:上|去|同|前))[^,;。、\d]*)$")
_MISSING = re.compile(r"(?:没有|没|未|尚差|还差|相差|差|缺|落后|滞后|低于|慢于)[^,;。、\d]*$")
# Two numbers with nothing but a sign between them, a mark of a form.
_GLUED = re.compile(r"(?:\d\s*(?:[/\\|>→]|->|到|至)?\s*|[±<>])$")
_GLUED_AFTER = re.compile(r"\s*(?:[/\\|→>]|->)\s*\d")
_FROM_NUMBER = {
    NumberProblem.AMBIGUOUS: Problem.AMBIGUOUS,
    NumberProblem.VAGUE: Problem.VAGUE,
    NumberProblem.TOO_LONG: Problem.TOO_LONG,
    NumberProblem.MALFORMED: Problem.NOT_A_NUMBER,
}
#: The field itself settles the other doubts: that 三座桥 counts, and in what 完成投资8800万 does.
_FROM_DOUBT: dict[Doubt | None, Problem] = {
    Doubt.RANGE: Problem.RANGE,
    Doubt.SHARED: Problem.SEVERAL,
    Doubt.FORM: Problem.AMBIGUOUS,
    Doubt.VAGUE: Problem.VAGUE,
    Doubt.SIGN: Problem.NEGATIVE,
    Doubt.EACH: Problem.EACH,
    Doubt.FROM: Problem.CHANGE,
    Doubt.CHANGE: Problem.CHANGE,
}


def read_quantity(text: str, unit_hint: str = "") -> Quantity | Unreadable:
    """The one figure of a field whose indicator counts in *unit_hint*, or why there is none.

    A number without a unit is taken in the hint's own (8800 under 万元 is 88 million 元); one of
    another kind is refused. Two figures, a range and vague words are refused, since choosing
    would be guessing (domain: "Reading figures out of prose").
    """
    source, unit = mapped(text), normalise(unit_hint).strip()
    if _is_empty(source.text):
        return Unreadable(Problem.EMPTY, text.strip(), unit_hint)
    if unit == "%":
        return _percent_as_quantity(read_percent(text))
    field = _field_of(text, source, unit)
    chosen = _choose(field)
    if chosen is None:
        return _nothing_fits(field, unit_hint)
    if isinstance(chosen, Problem):
        return Unreadable(chosen, text.strip(), unit_hint)
    if problem := _problem_of(field, chosen):
        return Unreadable(problem, field.written(chosen), unit_hint)
    return _quantity(field, chosen)


def read_percent(text: str) -> StatedPercent | Unreadable:
    """The one percentage of a field such as 进度; a bare number counts as one.

    What is still missing (还差12%, 落后8.6个百分点) is no progress and is refused.
    """
    source = mapped(text)
    if _is_empty(source.text):
        return Unreadable(Problem.EMPTY, text.strip(), "%")
    field = _field_of(text, source)
    found = _percentages(field)
    if len(found) != 1:
        problem = Problem.SEVERAL if found else Problem.NOT_A_NUMBER
        return Unreadable(problem, text.strip(), "%")
    (only,) = found
    if only.unit not in ("", "%"):
        return Unreadable(Problem.WRONG_UNIT, field.written(only), "%")
    if only.doubt in _FROM_DOUBT:
        return Unreadable(_FROM_DOUBT[only.doubt], text.strip(), "%")
    if only.value < 0:
        return Unreadable(Problem.NEGATIVE, text.strip(), "%")
    if _MISSING.search(source.text[: only.start]):
        return Unreadable(Problem.MISSING, text.strip(), "%")
    span = (only.start, only.end if only.unit else only.number_end)
    approximate = is_approximate(source.text, *span)
    return StatedPercent(only.value, approximate, source.span(*span), _rest(source.text, [span]))


@dataclass(frozen=True)
class _Field:
    """What is written in a field, as it came and normalised, with every number in it."""

    text: str
    source: Mapped
    unit: str
    amounts: tuple[Amount, ...]
    unread: tuple[Unread, ...]

    @property
    def plain(self) -> str:
        return self.source.text

    def written(self, found: Amount | Unread) -> str:
        end = found.end + len(found.noun if isinstance(found, Amount) else "")
        start, end = self.source.span(found.start, end)
        return self.text[start:end]


def _field_of(text: str, source: Mapped, unit: str = "") -> _Field:
    """A place in an order is no figure of a field, nor is the number of a name (GDP2)."""
    written = "".join(text[place] for place in source.origin[:-1])
    found, unread = quantities_in(source.text, unit, written)
    amounts = tuple(a for a in found if not a.rank and a.doubt is not Doubt.NAME)
    return _Field(text, source, unit, amounts, unread)


def _percentages(field: _Field) -> list[Amount]:
    """The percentages written, else the one number there is, if it can be one."""
    shares = [a for a in field.amounts if a.unit == "%"]
    if own := [share for share in shares if not is_growth(field.plain, share.start)]:
        return own
    others = [a for a in field.amounts if a.unit != "%"]
    if len(others) != 1 or field.unread:
        return []
    return [] if others[0].noun or (others[0].doubt and not others[0].unit) else others


def _is_empty(plain: str) -> bool:
    return _NO_FIGURE.fullmatch("".join(plain.split())) is not None


def _choose(field: _Field) -> Amount | Problem | None:
    """The figure in the unit asked for, else the one bare number; what is in brackets comes last.

    1710个（其中吉首市1000个） states 1710: a part in brackets never competes with its whole.
    """
    for fitting in (_with_unit(field), _without_unit(field)):
        outside = [a for a in fitting if not _in_brackets(field.plain, a.start)] or fitting
        if outside and outside[0].doubt is Doubt.RANGE:
            return Problem.RANGE
        if outside:
            return outside[0] if len(outside) == 1 else Problem.SEVERAL
    return None


def _with_unit(field: _Field) -> list[Amount]:
    united = [a for a in field.amounts if a.unit and a.unit != "%"]
    if not field.unit:
        return united
    return [a for a in united if same_kind(a.unit, field.unit) or _period_left_out(a, field.unit)]


def _without_unit(field: _Field) -> list[Amount]:
    bare = [a for a in field.amounts if not a.unit and not a.noun]
    if len(bare) == 1 and bare[0].is_loose:
        return [] if _rest(field.plain, [(bare[0].start, bare[0].end)]) else bare
    return [a for a in bare if not a.is_loose]


def _period_left_out(amount: Amount, unit: str) -> bool:
    """583元 in a field that counts 元/月: the field itself says per what."""
    return amount.unit == "元" and unit.startswith("元") and same_kind(unit, "元/月")


def _nothing_fits(field: _Field, hint: str) -> Unreadable:
    every: list[Amount | Unread] = [*field.amounts, *field.unread]
    for found in sorted(every, key=lambda each: each.start):
        if isinstance(found, Unread):
            return Unreadable(_FROM_NUMBER[found.problem], field.written(found), hint)
        if found.unit and found.unit != "%":
            return Unreadable(Problem.WRONG_UNIT, field.written(found), hint)
        if found.noun and not found.chinese:
            return Unreadable(Problem.UNKNOWN_UNIT, field.written(found), hint)
    is_share = any(each.unit == "%" for each in field.amounts)
    problem = Problem.PERCENT_ONLY if is_share else Problem.NOT_A_NUMBER
    return Unreadable(problem, field.text.strip(), hint)


def _problem_of(field: _Field, chosen: Amount) -> Problem | None:
    if chosen.doubt in _FROM_DOUBT:
        return _FROM_DOUBT[chosen.doubt]
    if chosen.value < 0:
        return Problem.NEGATIVE
    before, after = field.plain[: chosen.start], field.plain[chosen.end :]
    if _GLUED.search(before) or _GLUED_AFTER.match(after):
        return Problem.SEVERAL
    if _CHANGED.search(before):
        return Problem.CHANGE
    return Problem.MISSING if _MISSING.search(before) else None


def _quantity(field: _Field, chosen: Amount) -> Quantity:
    value, name = _in_base_unit(chosen, field.unit)
    share = next(
        (each for each in _beside(field, chosen) if _belongs(field.plain, chosen, each)), None
    )
    read = [(chosen.start, chosen.end)] + ([(share.start, share.end)] if share else [])
    return Quantity(
        value=value,
        unit=name,
        percent=share.value if share else None,
        approximate=chosen.approximate,
        span=field.source.span(chosen.start, chosen.end),
        rest=_rest(field.plain, read),
        percent_span=field.source.span(share.start, share.end) if share else None,
    )


def _beside(field: _Field, chosen: Amount) -> list[Amount]:
    """The first percentage of all and the first behind the figure: no other is next to it."""
    shares = [a for a in field.amounts if a.unit == "%"]
    return [*shares[:1], *[each for each in shares if each.start >= chosen.end][:1]]


def _belongs(plain: str, chosen: Amount, share: Amount) -> bool:
    """Whether a percentage is of the task: nothing stands between it and the figure that could
    make it another's (其中吉首市…) or another rate (合格率…)."""
    if is_growth(plain, share.start):
        return False
    if share.start >= chosen.end:
        return not _rest(plain[chosen.end : share.start], [])
    return not _rest(plain[: chosen.start], [(share.start, share.end)])


def _in_base_unit(chosen: Amount, unit: str) -> tuple[Decimal, str]:
    """The value in the unit asked for, with 万 and 亿 multiplied out of both.

    8800 under 万元 is 88 million 元, and so is 8800万.
    """
    asked = unit_called(unit)
    if asked is None:
        return chosen.value, unit or chosen.unit
    if not chosen.unit:
        scale = 1 if chosen.is_scaled else asked.scale
        return tidy(chosen.value * scale), asked.unit.name
    if _period_left_out(chosen, unit):
        return chosen.value, asked.unit.name
    return convert(chosen.value, chosen.unit, asked.unit.name), asked.unit.name


def _percent_as_quantity(reading: StatedPercent | Unreadable) -> Quantity | Unreadable:
    if isinstance(reading, Unreadable):
        return reading
    return Quantity(reading.value, "%", None, reading.approximate, reading.span, reading.rest)


def _in_brackets(plain: str, place: int) -> bool:
    return plain.count("(", 0, place) > plain.count(")", 0, place)


def _rest(plain: str, read: list[tuple[int, int]]) -> str:
    left, place = [], 0
    for start, end in sorted(read):
        left.append(plain[place:start])
        place = end
    left.append(plain[place:])
    pieces = [piece.strip(" ,;:。、()-") for piece in left if _SAID.sub("", piece)]
    return " ".join(pieces)
