"""A figure in one field of a report: how much, of what, how far, or why it cannot be taken."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from handlers.reading.measured import Measured, is_approximate, measured_in
from handlers.reading.normalise import Mapped, mapped, normalise
from handlers.reading.numerals import NumberProblem, numbers_in
from handlers.reading.percent import Percentage, percentages_in
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


@dataclass(frozen=True)
class Quantity:
    """A figure in its indicator's unit without 万: 1.65万人次 is 16500 of 人次.

    *percent* is the percentage of the task written beside it, *span* where the figure stands in
    the text given, *rest* what else was written and not read.
    """

    value: Decimal
    unit: str
    percent: Decimal | None
    approximate: bool
    span: tuple[int, int]
    rest: str = ""


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
_MINUS = frozenset("-−－﹣")
# What a field says around its figure without adding anything that has to be read.
_SAID = re.compile(
    r"[-\s,;:。、()\[\]!·'\"]+|已经|已|全州|全市|全县|全省|累计|共计|总计|合计|新增|实际|目前|"
    r"完成了?|建成|办理|达到|达|共|计|为|是|有|年度|年|任务|目标|计划|总|的|占|率|比例|百分比|"
    r"形象|进度|投资|省定|州定|全年|总量|大约|约|将近|接近|近|超过|超|逾|突破|不少于|不到|不足|至少|大概|左右|上下|以上|余|多"
)
# What makes a figure another one than the cumulative count that the field asks for. An 增加 that
# belongs to the thing counted (增加学位4346个) stands away from its number.
_CHANGED = re.compile(
    r"(?:(?:增加|减少|增长|下降|上升|提高)了?\s*|(?:多了|少了|[较比](?:上|去|同|前))[^,;。、\d]*)$"
)
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
    numbers = numbers_in(source.text)
    shares = percentages_in(source.text, numbers)
    found = tuple(measured_in(source.text, numbers, shares, unit))
    chosen = _choose(source.text, found, unit)
    if chosen is None:
        return _nothing_fits(text, source, found, shares, unit_hint)
    if isinstance(chosen, Problem):
        return Unreadable(chosen, text.strip(), unit_hint)
    if problem := _problem_of(text, source, chosen):
        return Unreadable(problem, _written(text, source, chosen), unit_hint)
    return _quantity(source, chosen, shares, unit)


def read_percent(text: str) -> StatedPercent | Unreadable:
    """The one percentage of a field such as 进度; a bare number counts as one.

    What is still missing (还差12%, 落后8.6个百分点) is no progress and is refused.
    """
    source = mapped(text)
    if _is_empty(source.text):
        return Unreadable(Problem.EMPTY, text.strip(), "%")
    found = _percentages(source.text)
    if isinstance(found, Measured):
        return Unreadable(Problem.WRONG_UNIT, _written(text, source, found), "%")
    if len(found) != 1:
        problem = Problem.SEVERAL if found else Problem.NOT_A_NUMBER
        return Unreadable(problem, text.strip(), "%")
    start, end = found[0].start, found[0].end
    if _is_negative(text, source, start):
        return Unreadable(Problem.NEGATIVE, text.strip(), "%")
    if _MISSING.search(source.text[:start]):
        return Unreadable(Problem.MISSING, text.strip(), "%")
    approximate = is_approximate(source.text, start, end)
    rest = _rest(source.text, [(start, end)])
    return StatedPercent(found[0].value, approximate, source.span(start, end), rest)


def _percentages(plain: str) -> list[Percentage] | Measured:
    """The percentages written, else the one bare number, else what has another unit."""
    numbers = numbers_in(plain)
    shares = percentages_in(plain, numbers)
    own = [share for share in shares if not share.is_growth]
    measured = [] if own else list(measured_in(plain, numbers, shares))
    if len(measured) != 1:
        return own
    (only,) = measured
    if only.unit:
        return only
    if only.value is None or only.unknown or only.problem:
        return []
    return [Percentage(only.start, only.number_end, only.value)]


def _is_empty(plain: str) -> bool:
    return _NO_FIGURE.fullmatch("".join(plain.split())) is not None


def _choose(plain: str, found: tuple[Measured, ...], unit: str) -> Measured | Problem | None:
    """The figure in the unit asked for, else the one bare number; what is in brackets comes last.

    1710个（其中吉首市1000个） states 1710: a part in brackets never competes with its whole.
    """
    for fitting in (_with_unit(plain, found, unit), _without_unit(plain, found)):
        outside = [m for m in fitting if not _in_brackets(plain, m.start)] or fitting
        if outside and _in_range(found, outside[0]):
            return Problem.RANGE
        if outside:
            return outside[0] if len(outside) == 1 else Problem.SEVERAL
    return None


def _in_range(found: tuple[Measured, ...], chosen: Measured) -> bool:
    """Whether the figure is one end of 1000至1710个."""
    before = (m for m in found if m.begins_range and m.end <= chosen.start <= m.end + 3)
    return chosen.begins_range or next(before, None) is not None


def _with_unit(plain: str, found: tuple[Measured, ...], unit: str) -> list[Measured]:
    united = [m for m in found if m.unit and not _is_article(plain, m)]
    if not unit:
        return united
    return [m for m in united if same_kind(m.unit, unit) or _period_left_out(m, unit)]


def _without_unit(plain: str, found: tuple[Measured, ...]) -> list[Measured]:
    bare = [m for m in found if not m.unit and not m.unknown]
    return [m for m in bare if not m.chinese or not _rest(plain, [(m.start, m.end)])]


def _is_article(plain: str, measured: Measured) -> bool:
    """一 in 一件事 or 一批项目 counts nothing."""
    return measured.chinese and measured.value == 1 and bool(_after(plain, measured))


def _after(plain: str, measured: Measured) -> str:
    return _rest(plain[measured.end :], [])


def _period_left_out(measured: Measured, unit: str) -> bool:
    """583元 in a field that counts 元/月: the field itself says per what."""
    return measured.unit == "元" and unit.startswith("元") and same_kind(unit, "元/月")


def _nothing_fits(
    text: str,
    source: Mapped,
    found: tuple[Measured, ...],
    shares: tuple[Percentage, ...],
    hint: str,
) -> Unreadable:
    for measured in found:
        if _is_article(source.text, measured):
            continue
        if measured.unit:
            return Unreadable(Problem.WRONG_UNIT, _written(text, source, measured), hint)
        if measured.unknown and not measured.chinese:
            return Unreadable(Problem.UNKNOWN_UNIT, _written(text, source, measured), hint)
        if measured.problem:
            problem = _FROM_NUMBER[measured.problem]
            return Unreadable(problem, _written(text, source, measured), hint)
    problem = Problem.PERCENT_ONLY if shares else Problem.NOT_A_NUMBER
    return Unreadable(problem, text.strip(), hint)


def _problem_of(text: str, source: Mapped, measured: Measured) -> Problem | None:
    if measured.problem:
        return _FROM_NUMBER[measured.problem]
    if _is_negative(text, source, measured.start):
        return Problem.NEGATIVE
    before, after = source.text[: measured.start], source.text[measured.end :]
    if _GLUED.search(before) or _GLUED_AFTER.match(after):
        return Problem.SEVERAL
    if _CHANGED.search(before):
        return Problem.CHANGE
    if _MISSING.search(before):
        return Problem.MISSING
    return Problem.AMBIGUOUS if _has_list_comma(text, source, measured) else None


def _is_negative(text: str, source: Mapped, start: int) -> bool:
    """A single minus or hyphen before a figure; a long dash as in 完成数—1710 is punctuation."""
    before = text[: source.origin[start]].rstrip()
    return before[-1:] in _MINUS and before[-2:-1] not in _MINUS


def _has_list_comma(text: str, source: Mapped, measured: Measured) -> bool:
    """710，285个 may be two figures: a full-width comma between half-width digits separates."""
    start, end = source.span(measured.start, measured.end)
    return re.search(r"[0-9]，[0-9]", text[start:end]) is not None


def _quantity(
    source: Mapped, chosen: Measured, shares: tuple[Percentage, ...], unit: str
) -> Quantity:
    value, name = _in_base_unit(chosen, unit)
    share = next((s for s in shares if _belongs(source.text, chosen, s)), None)
    read = [(chosen.start, chosen.end)] + ([(share.start, share.end)] if share else [])
    return Quantity(
        value=value,
        unit=name,
        percent=share.value if share else None,
        approximate=chosen.approximate,
        span=source.span(chosen.start, chosen.end),
        rest=_rest(source.text, read),
    )


def _belongs(plain: str, chosen: Measured, share: Percentage) -> bool:
    """Whether a percentage is of the task: nothing stands between it and the figure that could
    make it another's (其中吉首市…) or another rate (合格率…)."""
    if share.is_growth:
        return False
    if share.start >= chosen.end:
        return not _rest(plain[chosen.end : share.start], [])
    return not _rest(plain[: chosen.start], [(share.start, share.end)])


def _in_base_unit(chosen: Measured, unit: str) -> tuple[Decimal, str]:
    """The value in the unit asked for, with 万 and 亿 multiplied out of both."""
    value = chosen.value if chosen.value is not None else Decimal(0)
    asked = unit_called(unit)
    if asked is None:
        return value, unit or chosen.unit
    if not chosen.unit:
        return tidy(value * asked.scale), asked.unit.name
    if _period_left_out(chosen, unit):
        return value, asked.unit.name
    return convert(value, chosen.unit, asked.unit.name), asked.unit.name


def _percent_as_quantity(reading: StatedPercent | Unreadable) -> Quantity | Unreadable:
    if isinstance(reading, Unreadable):
        return reading
    return Quantity(reading.value, "%", None, reading.approximate, reading.span, reading.rest)


def _in_brackets(plain: str, place: int) -> bool:
    return plain.count("(", 0, place) > plain.count(")", 0, place)


def _written(text: str, source: Mapped, measured: Measured) -> str:
    start, end = source.span(measured.start, measured.end + len(measured.unknown))
    return text[start:end]


def _rest(plain: str, read: list[tuple[int, int]]) -> str:
    left, place = [], 0
    for start, end in sorted(read):
        left.append(plain[place:start])
        place = end
    left.append(plain[place:])
    pieces = [piece.strip(" ,;:。、()-") for piece in left if _SAID.sub("", piece)]
    return " ".join(pieces)
