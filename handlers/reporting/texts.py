"""What is said about a report: as understood, as received, what is asked, and the template."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from handlers.reading.harmless import harmless, shown
from handlers.reporting.assess import Assessment, absent_parts, value_text
from handlers.reporting.caption_texts import captions_said
from handlers.reporting.captioned import unclear_words
from handlers.reporting.content import CHANGE_THIS, Content, FigureSaid, StatedSaid
from handlers.reporting.county_sums import counties_said
from handlers.reporting.extras import echo, extra_lines, extra_notes
from handlers.reporting.form import Form, base_unit, is_amount, scheduled_percent
from handlers.reporting.pictures import caption_example
from handlers.reporting.points import Point, PointKind
from models.indicator import Indicator
from models.obligation import Obligation
from models.rules.checks import is_filler
from models.rules.figure_checks import Linked
from models.rules.finding import DEFAULT_CHECKS
from models.rules.picture import PictureRule
from models.rules.rounding import percent_text
from models.rules.span import month_end
from models.rules.unit import amount_text

_LONGEST_LEFT = 60
FILLERS = DEFAULT_CHECKS.fillers
_ATTACHED = "已附："


def day_text(day: date) -> str:
    """8月31日."""
    return f"{day.month}月{day.day}日"


def due_text(due: datetime, zone: ZoneInfo) -> str:
    """9月20日, with the hour where it is not the end of the day."""
    local = due.astimezone(zone)
    hour = "" if (local.hour, local.minute) == (23, 59) else f"{local:%H:%M}"
    return f"{day_text(local.date())}{hour}"


def period_text(obligation: Obligation) -> str:
    """The covered period as people say it: 1—8月, 8月, 全年; else both days."""
    first, last = obligation.covers_from, obligation.covers_to
    if first is None or last is None:
        return "本期"
    is_whole = first.day == 1 and last == month_end(last.year, last.month)
    if first.year != last.year or not is_whole:
        return f"{day_text(first)}至{day_text(last)}"
    if (first.month, last.month) == (1, 12):
        return "全年"
    return f"{last.month}月" if first.month == last.month else f"{first.month}—{last.month}月"


def heading(form: Form, zone: ZoneInfo) -> str:
    """Task, period and due day of a report."""
    due = due_text(form.obligation.effective_due, zone)
    return f"{form.name}（{period_text(form.obligation)}，{due}截止）"


def understood(form: Form, content: Content) -> list[str]:
    """Everything read so far, with computed percentage and schedule."""
    lines = [_day_said(form, content)] if content.as_of else []
    lines += [
        f"{each.name}{value_text(said, each)}{_against(form, content, each)}{_from(said)}"
        for each in form.indicators
        if (said := content.figure(each.id or 0)) is not None and said.value is not None
    ]
    if counties := counties_said(form, content):
        lines.append(counties)
    stated = _stated_alone(form, content)
    if stated and stated.value is not None:
        lines.append(f"自报进度{percent_text(stated.value)}")
    lines += echo(form, content)
    parts = [each.name for each in content.sections if not is_filler(each.text, FILLERS)]
    if content.pictures:
        parts.append(f"图片{len(content.pictures)}张")
    ahead = [each.index for each in content.captions if each.index]
    if ahead:
        parts.append(f"{'、'.join(f'图{each}' for each in ahead)}的说明（图片待发）")
    return [*lines, f"{_ATTACHED}{'、'.join(parts)}"] if parts else lines


def _day_said(form: Form, content: Content) -> str:
    """The day of the figures, and how it stands to the end of the period."""
    if content.as_of is None:
        return ""
    text = f"截至{day_text(content.as_of)}"
    if content.is_day_assumed:
        return f"{text}（本期末）"
    if form.covers and content.as_of < form.covers[1]:
        return f"{text}（早于本期末{day_text(form.covers[1])}）"
    return text


def _stated_alone(form: Form, content: Content) -> StatedSaid | None:
    """The percentage stated of the task, or of its only indicator while that has no figure."""
    only = form.only_indicator
    if only is not None and content.figure(only.id or 0) is None:
        return content.stated_of(only.id) or content.stated_of(None)
    return content.stated_of(None)


def _from(said: FigureSaid) -> str:
    """The words a figure was read from, where it did not stand in a field of its own."""
    return f"（据“{harmless(said.source)}”）" if said.source else ""


def _against(form: Form, content: Content, indicator: Indicator) -> str:
    """What the figure is measured by: the schedule, or the level to be held."""
    said = content.figure(indicator.id or 0)
    if said is None or said.value is None or indicator.target is None:
        return ""
    if not is_amount(indicator):
        return f"（标准{amount_text(indicator.target, base_unit(indicator))}）"
    day = content.as_of or (form.covers[1] if form.covers else None)
    if day is None:
        return ""
    return f"，序时{percent_text(scheduled_percent(form, indicator, day))}"


def left_text(content: Content) -> str:
    """What was not understood or not taken, cut short; empty where all was."""
    lines = []
    if left := [*content.left, *unclear_words(content)]:
        lines.append(f"未读懂，未采用：{shown('；'.join(left), _LONGEST_LEFT)}")
    if content.unused:
        lines.append(f"文中这些数未采用：{shown('、'.join(content.unused), _LONGEST_LEFT)}")
    return "\n".join(lines)


def asked(
    form: Form, content: Content, found: Assessment, zone: ZoneInfo, number: int | None = None
) -> str:
    """One message with all that stands in the way, and how to answer each.

    *number* is the report that is being corrected: it stands until the correction is complete.
    """
    lines = [heading(form, zone)]
    if number is not None:
        lines.append(f"正在更正 #{number}，完成前原报送不变。")
    if read := understood(form, content):
        lines.append(
            f"已读到：{'；'.join(read)}" if len(read) < 4 else "\n".join(["已读到：", *read])
        )
    if left := left_text(content):
        lines.append(left)
    lines += _missing(found.of(PointKind.MISSING))
    rest = [*found.of(PointKind.WRONG), *found.of(PointKind.STRANGE)]
    if rest:
        lines.append("请核对：")
        marks = [f"{number}. " for number in range(1, len(rest) + 1)] if len(rest) > 1 else [""]
        lines += [f"{mark}{point.text}" for mark, point in zip(marks, rest, strict=True)]
    stop = "放弃更正" if number is not None else "不报了"
    lines.append(f"齐全后自动报送；{stop}请发“取消”。")
    return "\n".join(lines)


def _missing(points: Sequence[Point]) -> Iterator[str]:
    blanks = [point.line for point in points if point.line]
    if blanks:
        yield "还缺下列内容，请补充后一并发回："
        yield from blanks
    yield from (point.text for point in points if not point.line)


def received(form: Form, content: Content, number: int, *, late_since: str = "") -> str:
    """The receipt of a first version: number, what was understood, what was not attached."""
    late = f"本次为逾期报送（应于{late_since}前报）。\n" if late_since else ""
    lines = [f"已收到 #{number} {form.name}（{period_text(form.obligation)}）"]
    return "\n".join([*lines, *_body(form, content)]) + (
        f"\n{late}等待审核。要改请发“更正 {number}”，要收回请发“撤回 {number}”。"
    )


def received_again(
    form: Form, content: Content, number: int, version: int, changes: Sequence[str], note: str
) -> str:
    """The receipt of a further version: what changed, and what holds until it is accepted."""
    lines = [f"已收到 #{number} 第{version}版 {form.name}（{period_text(form.obligation)}）"]
    lines += ["改动：", *changes] if changes else ["内容与上一版相同。"]
    if left := left_text(content):
        lines.append(left)
    return "\n".join([*lines, note])


def _body(form: Form, content: Content) -> Iterator[str]:
    yield from understood(form, content)
    yield from captions_said(content, form.covers[1].year if form.covers else None)
    if content.nil:
        yield "无变化，沿用上次通过的数据。"
        return
    if absent := absent_parts(form, content):
        yield f"未附：{'、'.join(absent)}"
    if left := left_text(content):
        yield left


def template(form: Form, zone: ZoneInfo, returned: str = "") -> str:
    """What to copy, fill in and send back; values last accepted stand in it already."""
    lines = [heading(form, zone)]
    if returned:
        lines.append(f"已退回：{returned}。可只发要改的部分。")
    figures, notes = _filled(form)
    lines += [*notes, *extra_notes(form)]
    if form.pictures_needed:
        rule = form.rule or PictureRule()
        lines.append(
            f"须附图片{form.pictures_needed}张（{rule.ratio_text}，宽≥{rule.min_width}像素，发原图），"
            f"说明如：{caption_example(form)}"
        )
    lines += ["请复制下面内容，填好发回：", f"报送 {form.matter.number}"]
    if form.has_values and form.covers:
        lines.append(f"截至：{day_text(form.covers[1])}")
    lines += [*figures, *extra_lines(form)]
    lines += [f"{each.name}：" for each in form.sections if each.is_required or each.is_expected]
    return "\n".join(lines)


def _filled(form: Form) -> tuple[list[str], list[str]]:
    """A line for each indicator with the newest accepted value, and where those come from.

    The value is marked in its line: what is only copied back would pass for new.
    """
    figures: list[str] = []
    sources: dict[str, list[str]] = {}
    for indicator in form.indicators:
        field, newest = form.field_of(indicator), _newest(form, indicator)
        if newest is None:
            figures.append(f"{field}（{indicator.unit}）：")
            continue
        day = day_text(newest.as_of)
        value = amount_text(newest.value, base_unit(indicator))
        figures.append(f"{field}：{value}（{day}数，{CHANGE_THIS}）")
        source = f"{newest.task}已通过" if newest.task else "上次通过"
        sources.setdefault(f"{source}的{day}数据", []).append(field)
    notes = [f"{_several(names)}已填{source}，请改为最新数。" for source, names in sources.items()]
    return figures, notes


def _newest(form: Form, indicator: Indicator) -> Linked | None:
    """The own accepted value (of no other task) or the newer one of a linked indicator."""
    own, linked = form.last(indicator), form.linked.get(indicator.id or 0)
    if linked and (own is None or linked.as_of > own.as_of):
        return linked
    return Linked(own.value, own.as_of, "") if own else None


def _several(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]}等{len(names)}项"
