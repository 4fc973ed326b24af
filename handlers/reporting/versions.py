"""Versions of a report: read back into content, and what one changes against another."""

from collections.abc import Iterator
from dataclasses import replace

from sqlmodel import Session

from handlers.reading.captions import Caption
from handlers.reporting.caption_texts import caption_changes, caption_text, captions_said
from handlers.reporting.content import (
    Content,
    FigureSaid,
    PictureSaid,
    SectionSaid,
    StatedSaid,
    without_left,
)
from handlers.reporting.extra_rows import extras_of_version
from handlers.reporting.extras import extra_changes
from handlers.reporting.form import Form, base_unit, done_percent
from models.figure import Figure, Series, figures_of_version
from models.media import Media, media_by_sha
from models.picture import Picture, pictures_of_version
from models.rules.picture import Box
from models.rules.rounding import percent_text
from models.rules.unit import amount_text
from models.submission import Submission, version_of


def content_of_version(session: Session, submission: Submission, form: Form) -> Content:
    """The newest version as content to be changed; its pictures are carried over."""
    version = version_of(session, submission, submission.version)
    figures = figures_of_version(session, version.id or 0)
    pictures = pictures_of_version(session, version.id or 0)
    media = media_by_sha(session, [each.media_sha for each in pictures])
    return Content(
        as_of=version.as_of,
        figures=tuple(said_again(each, form) for each in figures if _is_of_indicator(each)),
        stated=tuple(_stated(each, form) for each in figures if each.series == Series.STATED),
        extras=extras_of_version(session, version.id or 0),
        sections=tuple(SectionSaid(name, text) for name, text in version.sections.items()),
        pictures=tuple(
            PictureSaid(
                each.media_sha,
                cropped=_is_cropped(each, media[each.media_sha]),
                carried=True,
                box=_box(each),
                caption=Caption(None, each.title, each.taken_on, each.place),
            )
            for each in pictures
        ),
    )


def _is_cropped(picture: Picture, media: Media) -> bool:
    """Whether a part goes out; the whole of a HEIC goes out under another address as well."""
    is_other = picture.delivered_sha != media.stored_sha and media.facts.get("format") != "HEIC"
    return is_other or picture.crop_box is not None


def _box(picture: Picture) -> Box | None:
    if picture.crop_box is None:
        return None
    left, top, right, bottom = picture.crop_box
    return left, top, right, bottom


def _is_of_indicator(figure: Figure) -> bool:
    return figure.series == Series.REPORTED and figure.indicator_id is not None


def said_again(figure: Figure, form: Form) -> FigureSaid:
    """A stored figure as if it had just been written."""
    indicator = form.indicator(figure.indicator_id)
    unit = base_unit(indicator) if indicator else ""
    return FigureSaid(
        indicator_id=figure.indicator_id or 0,
        text=amount_text(figure.value, unit),
        unit_id=figure.unit_id,
        value=figure.value,
        unit=unit,
        approximate=figure.approximate,
    )


def _stated(figure: Figure, form: Form) -> StatedSaid:
    """A percentage of the task is that of its only indicator."""
    only = form.only_indicator
    key = figure.indicator_id or (only.id if only else None)
    return StatedSaid(key, percent_text(figure.value), figure.value)


def is_same(before: Content, after: Content) -> bool:
    """Whether both say the same, however it was written: a new version would change nothing."""
    return _substance(before) == _substance(after)


def _substance(content: Content) -> Content:
    figures = sorted(
        (_bare(each, content) for each in content.figures),
        key=lambda each: (each.indicator_id, each.unit_id or 0),
    )
    extras = tuple(replace(each, text="") for each in content.extras if each.value is not None)
    unread = tuple(each for each in content.extras if each.value is None)
    return replace(
        without_left(content),
        is_day_assumed=False,
        is_day_told=False,
        figures=tuple(figures),
        stated=tuple(e if e.value is None else replace(e, text="") for e in content.stated),
        sections=tuple(e for e in content.sections if e.text),
        extras=(*extras, *unread),
        pictures=tuple(replace(each, carried=False) for each in content.pictures),
        confirmed=(),
        unused=(),
        originals=(),
        messages=(),
    )


def _bare(said: FigureSaid, content: Content) -> FigureSaid:
    """A figure without its words; one that is still asked about keeps them."""
    if said.value is None or not said.is_sure:
        return said
    day = None if said.day == content.as_of else said.day
    return replace(said, text="", unit="", source="", problem="", day=day)


def changes(before: Content, after: Content, form: Form) -> Iterator[str]:
    """What a new version changes, a line each."""
    if before.as_of != after.as_of:
        yield f"截至 {_day(before)} → {_day(after)}"
    for indicator in form.indicators:
        for unit_id, name in ((None, ""), *((each.id, each.name) for each in form.counties)):
            old = before.figure(indicator.id or 0, unit_id)
            new = after.figure(indicator.id or 0, unit_id)
            if _value(old, "") != _value(new, ""):
                unit = base_unit(indicator)
                label = name or indicator.name
                percent = done_percent(indicator, new.value) if new and not unit_id else None
                share = f"，完成{percent_text(percent)}" if percent is not None else ""
                yield f"{label} {_value(old, unit)} → {_value(new, unit)}{share}"
    yield from extra_changes(before, after, form)
    for section in form.sections:
        was, now = before.section(section.name), after.section(section.name)
        if was != now:
            yield f"{section.name} {'已修改' if was and now else '已补充' if now else '已删去'}"
    yield from _picture_changes(before, after)


def _picture_changes(before: Content, after: Content) -> Iterator[str]:
    """What became of each place: replaced, cropped, captioned anew, added, taken out."""
    old, new = before.pictures, after.pictures
    if len(new) < len(old):
        kept = {each.sha for each in new}
        gone = [f"图{n}" for n, each in enumerate(old, 1) if each.sha not in kept]
        yield f"{'、'.join(gone)}已删去，现有{len(new)}张"
        return
    for number, (was, now) in enumerate(zip(old, new, strict=False), 1):
        if was.sha != now.sha:
            yield f"图{number}已更换{_now(now.caption)}"
        elif was.cropped != now.cropped:
            yield f"图{number}已改用裁剪图"
        elif now.cropped and was.box != now.box:
            yield f"图{number}裁剪位置已调整"
        elif was.caption != now.caption:
            yield from caption_changes(number, was.caption, now.caption)
    if len(new) > len(old):
        yield f"图片已补充，现有{len(new)}张"
        yield from captions_said(after, first=len(old) + 1)


def _now(caption: Caption) -> str:
    said = caption_text(caption)
    return f"：{said}" if said else ""


def _value(said: FigureSaid | None, unit: str) -> str:
    if said is None or said.value is None:
        return "无"
    return f"{'约' if said.approximate else ''}{amount_text(said.value, unit)}"


def _day(content: Content) -> str:
    return f"{content.as_of.month}月{content.as_of.day}日" if content.as_of else "无"
