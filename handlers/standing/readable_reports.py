"""Reports of a programme, page by page: how each stands, and the version of it that counts."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from handlers.standing.readable import Key, Page, Span, cut
from models.figure import Figure
from models.indicator import Indicator
from models.obligation import Obligation
from models.programme import Programme
from models.rules.rounding import number_text
from models.submission import Submission, SubmissionVersion, accepted_versions
from models.task import Task
from models.unit import Unit

_Listed = tuple[Submission, Obligation, str, str]


def submissions_page(
    session: Session, programme: Programme, task: str | None, span: Span, zone: ZoneInfo
) -> Page:
    """The reports on active tasks by number, on one *task* where it is named; three queries.

    Withdrawn ones are among them, so that who read them before learns of it. Of its content only
    what was accepted is told, and of people nothing.
    """
    shown, more = cut(_listed(session, programme, task, span), span.most)
    marks = (programme.fingerprint, *map(_mark, shown))
    last = Key("", shown[-1][0].id or 0) if more else None
    return Page(marks, lambda: _rows(session, shown, zone), last)


def _listed(
    session: Session, programme: Programme, task: str | None, span: Span
) -> Sequence[_Listed]:
    query = (
        select(Submission, Obligation, Task.number, Unit.name)
        .join(Obligation, col(Obligation.id) == col(Submission.obligation_id))
        .join(Task, col(Task.id) == col(Submission.task_id))
        .join(Unit, col(Unit.id) == col(Submission.unit_id))
        .where(Obligation.programme_id == programme.id, col(Task.active))
        .order_by(col(Submission.id))
        .limit(span.most + 1)
    )
    if task is not None:
        query = query.where(Task.number == task)
    if span.after is not None:
        query = query.where(col(Submission.id) > span.after.id)
    return session.exec(query).all()


def _mark(listed: _Listed) -> tuple[object, ...]:
    """All that may change of a report; its versions never do."""
    report, obligation, number, unit = listed
    times = (report.first_received_at, report.reviewed_at)
    versions = (report.version, report.accepted_version)
    return report.id, report.state, *versions, *times, *_covers(obligation), number, unit


def _rows(session: Session, shown: Sequence[_Listed], zone: ZoneInfo) -> list[dict[str, Any]]:
    versions = accepted_versions(session, [report.id or 0 for report, *_ in shown])
    figures = _figures(session, [version.id or 0 for version in versions.values()])
    return [_row(each, versions, figures, zone) for each in shown]


def _figures(session: Session, version_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """What each version counts, in the order in which it was written."""
    county = aliased(Unit)
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for figure, name, unit, place in session.exec(
        select(Figure, Indicator.name, Indicator.unit, county.name)
        .outerjoin(Indicator, col(Indicator.id) == col(Figure.indicator_id))
        .outerjoin(county, col(county.id) == col(Figure.unit_id))
        .where(col(Figure.version_id).in_(version_ids), col(Figure.accepted_at).is_not(None))
        .order_by(col(Figure.id))
    ).all():
        found[figure.version_id or 0].append(_figure(figure, name, unit, place))
    return found


def _figure(
    figure: Figure, name: str | None, unit: str | None, place: str | None
) -> dict[str, Any]:
    return {
        "series": figure.series,
        "indicator": name,
        "county": place,
        "value": number_text(figure.value),
        "unit": unit,
        "approximate": figure.approximate or None,
        "as_of": figure.as_of,
    }


def _row(
    listed: _Listed,
    versions: dict[int, SubmissionVersion],
    figures: dict[int, list[dict[str, Any]]],
    zone: ZoneInfo,
) -> dict[str, Any]:
    report, obligation, number, unit = listed
    covers = _covers(obligation)
    version = versions.get(report.id or 0)
    return {
        "number": report.id,
        "obligation": obligation.id,
        "task": number,
        "unit": unit,
        "covers": covers if all(covers) else None,
        "state": report.state,
        "version": report.version,
        "received_at": report.first_received_at.astimezone(zone),
        "reviewed_at": _local(report.reviewed_at, zone),
        "accepted": version and _content(version, figures.get(version.id or 0, []), zone),
    }


def _content(
    version: SubmissionVersion, figures: list[dict[str, Any]], zone: ZoneInfo
) -> dict[str, Any]:
    stated = version.stated_percent
    return {
        "version": version.version,
        "kind": version.kind,
        "received_at": version.received_at.astimezone(zone),
        "as_of": version.as_of,
        "stated_percent": None if stated is None else number_text(stated),
        "sections": version.sections,
        "figures": figures,
    }


def _covers(obligation: Obligation) -> tuple[date | None, date | None]:
    return obligation.covers_from, obligation.covers_to


def _local(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    return None if moment is None else moment.astimezone(zone)
