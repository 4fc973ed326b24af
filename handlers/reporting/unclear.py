"""Figures of a text that are not sure: how they are asked, and how a number answers."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from handlers.reading.harmless import harmless
from handlers.reading.normalise import normalise
from handlers.reporting.content import Content, FigureSaid, with_figures
from handlers.reporting.form import Form, base_unit
from handlers.reporting.points import Point, PointKind
from models.indicator import Indicator
from models.rules.unit import amount_text

_NUMBERED = re.compile(r"(?:选|是)?第?\s*(\d)\s*个?[。.]?")


def with_choice(content: Content, text: str) -> Content | None:
    """The figure of the list that *text* is the number of; None unless one list was shown."""
    asked = [each for each in content.figures if each.choices]
    found = _NUMBERED.fullmatch(normalise(text).strip())
    if len(asked) != 1 or found is None:
        return None
    said, number = asked[0], int(found[1])
    if not 1 <= number <= len(said.choices):
        return None
    one = said.choices[number - 1]
    taken = FigureSaid(
        said.indicator_id, one.text, said.unit_id, one.value, one.unit, one.approximate
    )
    return with_figures(content, [replace(taken, source=one.source, day=one.day)])


def choice_point(said: FigureSaid, indicator: Indicator, form: Form, *, only: bool) -> Point:
    """Which of several figures is meant; by its number, where this is the *only* such question."""
    field = form.field_of(indicator)
    unit = base_unit(indicator)
    shown = [
        f"（{number}）{amount_text(each.value, unit)}（“{harmless(each.source)}”）"
        for number, each in enumerate(said.choices, 1)
    ]
    send = f"修改 {field} {amount_text(said.choices[0].value, unit)}"
    answer = f"请回复序号，或发“{send}”" if only else f"请发如“{send}”"
    text = f"{field}是哪一个：{'、'.join(shown)}？{answer}。"
    return Point(PointKind.WRONG, f"choice|{indicator.id}|{said.text}", text)


def other_key(content: Content) -> str:
    """By what the question whether a text is of this task is confirmed."""
    return f"other|{content.other}"


def day_key(said: FigureSaid, day: date) -> str:
    """By what the question whether a figure is of the report's day is confirmed."""
    return f"day|{said.indicator_id}|{said.value}|{day}"


def day_points(form: Form, content: Content) -> Iterator[Point]:
    """上半年1500个 in a report as of 31 July: a figure of one day goes with no other unasked."""
    for said in content.figures:
        indicator, day = form.indicator(said.indicator_id), content.as_of
        if day is None or said.day in (None, day) or said.unit_id or said.value is None:
            continue
        if indicator is None or said.day is None:
            continue
        field = form.field_of(indicator)
        value = amount_text(said.value, base_unit(indicator))
        own = f"{said.day.month}月{said.day.day}日"
        now = f"{day.month}月{day.day}日"
        yield Point(
            PointKind.STRANGE,
            day_key(said, day),
            f"“{harmless(said.source)}”中的{value}是{own}的数，报送的截至日期是{now}。"
            f"请发“修改 {field} ××{indicator.unit}”；{now}也是{value}请发“确认”。",
        )


def unsure_key(said: FigureSaid) -> str:
    """By what the question whether a figure is meant is confirmed."""
    return f"unsure|{said.indicator_id}|{said.value}"


def other_point(form: Form, content: Content) -> Point | None:
    """Whether the text is meant for this task at all, before anything else of it is asked."""
    if not content.other or content.is_confirmed(key := other_key(content)):
        return None
    number = content.other.split(" ")[0]
    return Point(
        PointKind.STRANGE,
        key,
        f"这段文字像是在说 {content.other}，不是本项 {form.name}。确是本项请发“确认”；"
        f"不是请发“取消”，再发“报送 {number}”加这段文字。",
    )


def unsure_points(form: Form, content: Content) -> Iterator[Point]:
    """The figures that are taken only after a 确认."""
    for said in content.figures:
        indicator = form.indicator(said.indicator_id)
        if said.is_sure or indicator is None or said.value is None:
            continue
        field = form.field_of(indicator)
        value = amount_text(said.value, base_unit(indicator))
        yield Point(
            PointKind.STRANGE,
            unsure_key(said),
            f"“{harmless(said.source)}”中的{value}是不是{field}？是请发“确认”，"
            f"不是请发“修改 {field} ××{indicator.unit}”。",
        )
