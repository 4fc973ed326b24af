"""Whether a report can be taken: what is missing, wrong or strange, and what it amounts to."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sqlmodel import Session

from handlers.reading.dates import DateProblem, NoDate, read_date
from handlers.reading.harmless import harmless
from handlers.reading.normalise import normalise
from handlers.reading.numerals import numbers_in
from handlers.reading.quantity import Problem
from handlers.reporting.content import Content, FigureSaid
from handlers.reporting.extras import absent_extras, extra_findings
from handlers.reporting.form import Form, SectionForm, base_unit, done_percent
from handlers.reporting.pictures import Album, album_of, picture_points
from handlers.reporting.points import Point, PointKind
from handlers.reporting.unclear import (
    choice_point,
    day_points,
    other_point,
    unsure_key,
    unsure_points,
)
from models.indicator import Indicator
from models.rules.checks import Section as CheckedSection
from models.rules.checks import check_as_of, check_section, is_filler
from models.rules.figure_checks import Reported, check_figure
from models.rules.finding import DEFAULT_CHECKS, Code, Finding, Level, error
from models.rules.rounding import number_text, percent_text
from models.rules.unit import amount_text, same_kind

#: Why no figure could be taken from a field.
_WHY: dict[str, str] = {
    Problem.SEVERAL: "有几个数，不知取哪一个",
    Problem.RANGE: "是一个范围",
    Problem.VAGUE: "不是确数",
    Problem.AMBIGUOUS: "可以有几种读法",
    Problem.NEGATIVE: "是负数",
    Problem.CHANGE: "是增减数，要的是累计完成数",
    Problem.MISSING: "说的是没有完成的数，要的是已完成的数",
    Problem.PERCENT_ONLY: "只有百分比，没有完成数",
    Problem.UNKNOWN_UNIT: "的单位不认识",
    Problem.TOO_LONG: "数字过长",
    Problem.EACH: "是其中每个的数，要的是总数",
}
_TEN_THOUSAND = Decimal(10000)
#: From here on a count that was written in 万 is echoed so.
_LONG = Decimal(1000000)


@dataclass(frozen=True)
class Assessment:
    """All points of a report, and what an admin alone is told; *album* holds its pictures."""

    points: tuple[Point, ...]
    notes: tuple[Finding, ...]
    album: Album

    def of(self, kind: PointKind) -> tuple[Point, ...]:
        """The points of one kind, in the order of the report."""
        return tuple(each for each in self.points if each.kind is kind)

    @property
    def is_clear(self) -> bool:
        """Whether the report can be submitted as it is."""
        return not self.points


def assess(
    session: Session, form: Form, content: Content, today: date, besides: int | None
) -> Assessment:
    """Everything that stands between *content* and its submission; confirmed warnings do not.

    *besides* is the report that is being corrected: its own pictures are no earlier use.
    """
    album = album_of(session, form, content)
    if (other := other_point(form, content)) is not None:
        return Assessment((other,), (), album)
    findings = _findings(form, content, today)
    more = [
        *_section_points(form, content),
        *_content_points(form, content),
        *(_point_of(each) for each in findings if each.level is not Level.NOTE),
        *_stated_points(content),
        *unsure_points(form, content),
        *day_points(form, content),
        *picture_points(session, album, today, besides),
    ]
    points = [
        *_as_of_points(form, content),
        *_figure_points(form, content, alone=all(e.kind is PointKind.MISSING for e in more)),
        *more,
    ]
    open_points = tuple(each for each in dict.fromkeys(points) if _is_open(each, content))
    notes = tuple(each for each in findings if each.level is Level.NOTE)
    return Assessment(open_points, notes, album)


def _is_open(point: Point, content: Content) -> bool:
    return point.kind is not PointKind.STRANGE or not content.is_confirmed(point.key)


def absent_parts(form: Form, content: Content) -> tuple[str, ...]:
    """The expected sections and lines that the report does not have: taken, and said so."""
    fillers = DEFAULT_CHECKS.fillers
    expected = (each.name for each in form.sections if each.is_expected)
    sections = (name for name in expected if is_filler(content.section(name), fillers))
    counts = (form.field_of(e) for e in form.indicators if content.figure(e.id or 0) is None)
    return (*counts, *sections, *absent_extras(form, content))


def _findings(form: Form, content: Content, today: date) -> list[Finding]:
    """The findings on day and figures, errors first."""
    day = check_as_of(content.as_of, form.covers, today)
    found = [] if day is None else [day]
    for indicator in form.indicators:
        said = content.figure(indicator.id or 0)
        if said is None or said.value is None or _is_asked(said, content):
            continue
        for each in check_figure(_reported(form, content, indicator), form.known(indicator)):
            found.append(_of_indicator(each, said, indicator, form))
    found += extra_findings(form, content)
    order = list(Level)
    return sorted(found, key=lambda finding: order.index(finding.level))


def _is_asked(said: FigureSaid, content: Content) -> bool:
    """Whether it is still to be said that this is the figure: nothing else is asked of it yet."""
    return not said.is_sure and not content.is_confirmed(unsure_key(said))


def _of_indicator(finding: Finding, said: FigureSaid, indicator: Indicator, form: Form) -> Finding:
    """完成率 alone says too little where a task has several indicators: name the one meant."""
    if finding.code is not Code.STATED or form.only_indicator or said.value is None:
        return finding
    value = amount_text(said.value, base_unit(indicator))
    send = f"修改 {indicator.name} {value}（{finding.expected}）"
    text = f"{indicator.name}的{finding.text.replace(finding.send, send)}"
    return replace(finding, field=f"{indicator.name}完成率", send=send, text=text)


def _content_points(form: Form, content: Content) -> Iterator[Point]:
    """A report in which nothing is compulsory still has to say something."""
    said = any(each.text for each in content.sections) or content.stated or content.extras
    if form.indicators or said:
        return
    if any(each.is_required for each in form.sections):
        return
    names = [each.name for each in form.sections if each.is_expected] or ["进展情况"]
    for name in names:
        yield Point(PointKind.MISSING, f"section|{name}", name, line=f"{name}：")


def _reported(form: Form, content: Content, indicator: Indicator) -> Reported:
    indicator_id = indicator.id or 0
    said = content.figure(indicator_id)
    stated = content.stated_of(indicator_id)
    counties = tuple(
        (unit.name, each.value)
        for unit in form.counties
        if (each := content.figure(indicator_id, unit.id)) and each.value is not None
    )
    return Reported(
        field=form.field_of(indicator),
        text=said.text if said else "",
        value=said.value if said else None,
        unit=said.unit if said else "",
        stated=stated.value if stated else None,
        counties=counties,
        all_counties=len(counties) == len(form.counties),
        as_of=content.as_of,
    )


def _point_of(finding: Finding) -> Point:
    kind = PointKind.WRONG if finding.level is Level.ERROR else PointKind.STRANGE
    key = f"{finding.code}|{finding.field}|{finding.came}|{finding.expected}"
    return Point(kind, key, finding.text, needs_reason=finding.needs_reason)


def _as_of_points(form: Form, content: Content) -> Iterator[Point]:
    if content.as_of is not None:
        yield from _stale_points(form, content, content.as_of)
        return
    if content.as_of_text:
        day = form.covers[1] if form.covers else form.obligation.due.date()
        shown = f"{day.month}月{day.day}日"
        send = f"修改 截至 {shown}"
        read = read_date(content.as_of_text, day)
        is_several = isinstance(read, NoDate) and read.problem is DateProblem.SEVERAL
        why = "有几个日期，不知取哪一个" if is_several else "读不出日期"
        found = error(
            Code.UNREADABLE, "截至", harmless(content.as_of_text), f"如{shown}", send, why
        )
        yield _point_of(found)
    elif form.indicators:
        yield Point(PointKind.MISSING, "as_of", "截至日期", line="截至：")


def _stale_points(form: Form, content: Content, day: date) -> Iterator[Point]:
    """A text whose data end in an earlier month than the period is mostly the last report's."""
    if not content.is_day_told or not form.covers or not form.covers[0] <= day < form.covers[1]:
        return
    if (day.year, day.month) != (form.covers[1].year, form.covers[1].month):
        end = f"{form.covers[1].month}月{form.covers[1].day}日"
        yield Point(
            PointKind.STRANGE,
            f"stale|{day}",
            f"文中数据截至{day.month}月{day.day}日，本期应报至{end}。有新数请重发全文；"
            f"数是{end}的请发“修改 截至 {end}”；确无新数请发“确认”。",
        )


def _figure_points(form: Form, content: Content, *, alone: bool) -> Iterator[Point]:
    """*alone*: nothing else has to be looked at, so that a number can answer a choice."""
    for indicator in form.indicators:
        said = content.figure(indicator.id or 0)
        field = form.field_of(indicator)
        if (said is None or said.problem == Problem.EMPTY) and _is_stated(form, content):
            continue
        if said is None or said.problem == Problem.EMPTY:
            line = f"{field}（{indicator.unit}）："
            yield Point(PointKind.MISSING, f"figure|{indicator.id}", field, line=line)
        elif said.choices:
            only = alone and sum(bool(each.choices) for each in content.figures) == 1
            yield choice_point(said, indicator, form, only=only)
        elif said.value is None:
            yield _point_of(unreadable(field, said, indicator, form))
    for unit in form.counties:
        for indicator in form.indicators:
            said = content.figure(indicator.id or 0, unit.id)
            if said is not None and (said.value is None or _is_foreign(said, indicator)):
                yield _point_of(unreadable(unit.name, said, indicator, form))


def _is_stated(form: Form, content: Content) -> bool:
    """Whether the stated progress of a task that is judged by it stands for its counts."""
    return form.task.stated and any(each.value is not None for each in content.stated)


def _is_foreign(said: FigureSaid, indicator: Indicator) -> bool:
    return bool(said.unit) and not same_kind(said.unit, indicator.unit)


def unreadable(field: str, said: FigureSaid, indicator: Indicator, form: Form) -> Finding:
    """The error for words that hold no single figure, saying why they hold none."""
    example = _meant(said, indicator)
    why = _WHY.get(said.problem, "读不出数字") if said.problem else "单位不对"
    expected = f"一个数加单位“{indicator.unit}”"
    found = error(
        Code.UNREADABLE, field, harmless(said.text), expected, f"修改 {field} {example}", why
    )
    return _of_last_time(found, form) if said.problem == Problem.UNCHANGED else found


def _of_last_time(found: Finding, form: Form) -> Finding:
    """The template's own value sent back: the new one is asked for, or that it has not changed."""
    day = f"{form.covers[1].month}月{form.covers[1].day}日的数" if form.covers else "最新数"
    text = (
        f"{found.field}“{found.came}”还是上次的数。请发“{found.send}”报{day}；"
        f"没有变化请发“{found.field}：无变化”。"
    )
    return replace(found, text=text)


def _meant(said: FigureSaid, indicator: Indicator) -> str:
    """What was probably meant: the one number that was written, in the unit that is asked for."""
    numbers = [each.value for each in numbers_in(normalise(said.text)) if each.value is not None]
    is_unit = said.problem in ("", Problem.UNKNOWN_UNIT) and len(numbers) == 1
    return f"{number_text(numbers[0])}{indicator.unit}" if is_unit else f"××{indicator.unit}"


def _stated_points(content: Content) -> Iterator[Point]:
    for stated in content.stated:
        if stated.value is None:
            send = "修改 完成率 ××%"
            expected = "一个百分数"
            found = error(
                Code.UNREADABLE, "完成率", harmless(stated.text), expected, send, "读不出百分比"
            )
            yield _point_of(found)


def _section_points(form: Form, content: Content) -> Iterator[Point]:
    for section in form.sections:
        text = content.section(section.name)
        if section.is_required and not text:
            line = f"{section.name}："
            yield Point(PointKind.MISSING, f"section|{section.name}", section.name, line=line)
        elif finding := _filler(section, text):
            yield _point_of(finding)


def _filler(section: SectionForm, text: str) -> Finding | None:
    """A required section of filler words, or shorter than its form asks."""
    if not section.is_required:
        return None
    found = check_section(CheckedSection(section.name, harmless(text)))
    if found is None and len("".join(text.split())) < section.minimum:
        send, expected = f"修改 {section.name} ……", f"不少于{section.minimum}字"
        return error(Code.SECTION, section.name, harmless(text), expected, send, "太短")
    return found


def value_text(said: FigureSaid, indicator: Indicator) -> str:
    """A figure as the echo prints it: 约1700个, with its computed percentage."""
    if said.value is None:
        return said.text
    about = _about(said) if said.approximate else ""
    amount = _amount(said, said.value, base_unit(indicator))
    return f"{about}{amount}{_percent(indicator, said.value)}"


def _about(said: FigureSaid) -> str:
    """不到80个 is no 约80个."""
    before, found, _ = normalise(said.source).partition(normalise(said.text))
    return "不到" if found and before.endswith(("不到", "不足")) else "约"


def _amount(said: FigureSaid, value: Decimal, unit: str) -> str:
    """386万方 where it was written so; 3860000方 is hard to compare with that."""
    is_long = value >= _LONG and "/" not in unit and unit != "元"
    if is_long and any(mark in said.text for mark in "万亿"):
        return amount_text(value / _TEN_THOUSAND, f"万{unit}")
    return amount_text(value, unit)


def _percent(indicator: Indicator, value: Decimal) -> str:
    percent = done_percent(indicator, value)
    return "" if percent is None else f"，完成{percent_text(percent)}"
