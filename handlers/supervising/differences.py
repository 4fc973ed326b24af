"""What one version of a report changes against another, old → new, for whoever reviews it."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import zip_longest

from sqlmodel import Session

from handlers.reporting.extra_rows import changed_extras, extras_of_version
from handlers.reporting.texts import day_text
from models.figure import Series, figures_of_version
from models.indicator import indicators_of
from models.picture import Picture, pictures_of_version
from models.rules.rounding import percent_of, percent_text
from models.rules.unit import amount_text
from models.submission import AnswerKind, SubmissionVersion
from models.task import Task
from models.unit import units_by_id

#: As much of a section as a phone shows on three lines.
MOST_OF_A_TEXT = 60
NOTHING = "无"

_Key = tuple[int | None, int | None]


def differences(
    session: Session, task_id: int, old: SubmissionVersion, new: SubmissionVersion
) -> Iterator[str]:
    """Date, figures, sections, captions and pictures that differ, a line each."""
    if old.kind != new.kind:
        yield f"填报方式 {_kind(old)} → {_kind(new)}"
    if old.as_of != new.as_of:
        yield f"截至 {_day(old)} → {_day(new)}"
    yield from _figures(session, task_id, old, new)
    if old.stated_percent != new.stated_percent:
        yield f"自报进度 {_percent(old)} → {_percent(new)}"
    was_said, now_said = (extras_of_version(session, each.id or 0) for each in (old, new))
    yield from changed_extras(was_said, now_said, session.get_one(Task, task_id).stages)
    for name in dict.fromkeys([*old.sections, *new.sections]):
        was, now = old.sections.get(name, ""), new.sections.get(name, "")
        if was != now:
            yield f"{name} “{_short(was)}” → “{_short(now)}”"
    before = pictures_of_version(session, old.id or 0)
    after = pictures_of_version(session, new.id or 0)
    yield from _pictures(list(before), list(after))


def _kind(version: SubmissionVersion) -> str:
    return "无变化" if version.kind == AnswerKind.NIL else "报送"


def _day(version: SubmissionVersion) -> str:
    return day_text(version.as_of) if version.as_of else NOTHING


def _percent(version: SubmissionVersion) -> str:
    return NOTHING if version.stated_percent is None else percent_text(version.stated_percent)


def _short(text: str) -> str:
    return f"{text[:MOST_OF_A_TEXT]}……" if len(text) > MOST_OF_A_TEXT else text or NOTHING


def _figures(
    session: Session, task_id: int, old: SubmissionVersion, new: SubmissionVersion
) -> Iterator[str]:
    was, now = _values(session, old), _values(session, new)
    counties = units_by_id(session, {unit_id for _, unit_id in (*was, *now) if unit_id})
    for indicator in indicators_of(session, [task_id])[task_id]:
        keys: list[_Key] = [(indicator.id, None), *((indicator.id, each) for each in counties)]
        for key in keys:
            before, after = was.get(key), now.get(key)
            if before == after:
                continue
            label = counties[key[1]].name if key[1] else indicator.name
            share = ""
            if after is not None and not key[1] and not indicator.threshold and indicator.target:
                share = f"，完成{percent_text(percent_of(after, indicator.target))}"
            unit = indicator.unit
            yield f"{label} {_amount(before, unit)} → {_amount(after, unit)}{share}"


def _values(session: Session, version: SubmissionVersion) -> Mapping[_Key, Decimal]:
    rows = figures_of_version(session, version.id or 0)
    return {(r.indicator_id, r.unit_id): r.value for r in rows if r.series == Series.REPORTED}


def _amount(value: Decimal | None, unit: str) -> str:
    return NOTHING if value is None else amount_text(value, unit)


def _pictures(old: list[Picture], new: list[Picture]) -> Iterator[str]:
    for number, (was, now) in enumerate(zip_longest(old, new), start=1):
        if was is None or now is None:
            yield f"图{number} {'新增' if was is None else '已删去'}：{caption_text(now or was)}"
            continue
        if was.delivered_sha != now.delivered_sha:
            yield f"图{number} 已换图"
        if caption_text(was) != caption_text(now):
            yield f"图{number} “{caption_text(was)}” → “{caption_text(now)}”"


def caption_text(picture: Picture) -> str:
    """Title, day and place as the bot prints them; 无说明 without any."""
    day = picture.taken_on
    taken = f"{day.year}年{day_text(day)}" if day else ""
    return "；".join(filter(None, (picture.title, taken, picture.place))) or "无说明"
