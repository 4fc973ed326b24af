"""The report at hand as a form to copy: what is known of it filled in, the rest left empty."""

import re
from collections.abc import Iterator

from handlers.context import Context
from handlers.reporting.choose import owed_now, upcoming
from handlers.reporting.content import Content, SectionSaid
from handlers.reporting.extras import extra_lines
from handlers.reporting.form import Form, base_unit
from handlers.reporting.pictures import caption_example
from handlers.reporting.texts import day_text, template
from models.indicator import Indicator
from models.rules.unit import amount_text

#: A longer section is not sent back to its writer to be copied.
_LONGEST_SHOWN = 200
_KEPT = "已收，不用重发）"
_NOTE = re.compile(rf"(?m)^（[^（）\n]{{1,40}}{_KEPT}[^\S\n]*(?:\n|\Z)")


def blank(form: Form, content: Content, number: int | None) -> str:
    """Its lines in the order of the template; *number* is that of a report being corrected."""
    lines = []
    if (short := form.pictures_needed - len(content.pictures)) > 0:
        lines.append(f"（另附图片{short}张，说明如：{caption_example(form)}）")
    if content.pictures:
        lines.append(f"（{len(content.pictures)}张图片{_KEPT}")
    lines += [f"（{each.name}{len(each.text)}字{_KEPT}" for each in _long(content)]
    lines.append(f"更正 {number}" if number is not None else f"报送 {form.matter.number}")
    if form.has_values:
        day = content.as_of or (form.covers[1] if form.covers else None)
        lines.append(f"截至：{day_text(day)}" if day else "截至：")
    known = {each.name for each in _long(content)}
    lines += [_figure(form, content, each) for each in form.indicators]
    lines += extra_lines(form, content)
    lines += [
        f"{each.name}：{content.section(each.name)}"
        for each in form.sections
        if (each.is_required or each.is_expected) and each.name not in known
    ]
    lines += _captions(form, content)
    return "\n".join(lines)


def _long(content: Content) -> list[SectionSaid]:
    """The sections that would fill the screen: they stay as they are, and are only mentioned."""
    return [each for each in content.sections if len(each.text) > _LONGEST_SHOWN]


def _captions(form: Form, content: Content) -> Iterator[str]:
    """A line for each picture whose caption is not complete; what is known stands in it."""
    for number, picture in enumerate(content.pictures, 1):
        caption = picture.caption
        if form.rule is not None and caption.missing:
            day = day_text(caption.taken_on) if caption.taken_on else ""
            yield f"图{number} 标题：{caption.title}；日期：{day}；地点：{caption.place}"


def without_notes(text: str) -> str:
    """*text* without the lines by which `blank` says what is kept: they come back with the rest."""
    return _NOTE.sub("", text)


def next_form(context: Context) -> str:
    """The template of what the speaker owes next, empty where nothing comes; begins no report."""
    owed = owed_now(context)
    following = owed[0] if owed else upcoming(context)
    if following is None:
        return ""
    return template(context.forms.of(following.obligation), context.services.zone)


def _figure(form: Form, content: Content, indicator: Indicator) -> str:
    said, field = content.figure(indicator.id or 0), form.field_of(indicator)
    if said is None or said.value is None:
        return f"{field}（{indicator.unit}）："
    about = "约" if said.approximate else ""
    return f"{field}：{about}{amount_text(said.value, base_unit(indicator))}"
