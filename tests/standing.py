"""What must stand in the database after a step of a conversation, compared with what does."""

import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from PIL import Image, ImageOps
from sqlmodel import Session, col, select

from handlers.reporting.kept import Kept
from handlers.standing.matters import matter_of
from models.draft import Draft
from models.figure import Figure, Series
from models.indicator import Indicator
from models.obligation import Obligation
from models.picture import pictures_of_version
from models.rules.frozen import from_data
from models.submission import Submission, SubmissionVersion, version_of
from models.task import Task
from models.unit import Unit
from tests.dialogues import ReportThen, Then
from tests.talk import MediaShelf


def stands_as(session: Session, then: Then, shelf: MediaShelf) -> None:
    """AssertionError unless the database holds just this."""
    if then.nothing:
        then = Then(reports={}, open=[])
    if then.reports is not None:
        rows = session.exec(select(Submission).order_by(col(Submission.id))).all()
        assert [each.id for each in rows] == list(then.reports), (
            f"reports {[each.id for each in rows]} stand, not {list(then.reports)}"
        )
        for row in rows:
            _report_stands(session, row, then.reports[row.id or 0], shelf)
    if then.open is not None:
        begun = sorted(_begun(session))
        assert begun == sorted(then.open), f"open are {begun}, not {sorted(then.open)}"


def _begun(session: Session) -> Iterator[str]:
    """The tasks of all reports that somebody has begun."""
    for draft in session.exec(select(Draft)).all():
        kept = from_data(Kept, draft.content)
        ids = [each.obligation_id for each in kept.parked]
        ids += [] if kept.content.says_nothing else [draft.obligation_id]
        for each in ids:
            yield matter_of(session, session.get_one(Obligation, each)).number


def _report_stands(session: Session, row: Submission, then: ReportThen, shelf: MediaShelf) -> None:
    version = version_of(session, row, row.version)
    came: dict[str, Any] = {
        "task": session.get_one(Task, row.task_id).number,
        "state": str(row.state),
        "version": row.version,
        "unit": session.get_one(Unit, row.unit_id).name if then.unit else "",
        "kind": str(version.kind),
        "as_of": version.as_of if then.as_of else None,
    }
    for name, value in came.items():
        assert value == getattr(then, name), f"#{row.id} {name} is {value}"
    _figures_stand(session, version, then)
    _sections_stand(version, then)
    _pictures_stand(session, version, then, shelf)


def _figures_stand(session: Session, version: SubmissionVersion, then: ReportThen) -> None:
    rows = session.exec(select(Figure).where(Figure.version_id == version.id)).all()
    reported = [each for each in rows if each.series == Series.REPORTED and each.indicator_id]
    whole: dict[str, str] = {}
    counties: dict[str, dict[str, str]] = {}
    for each in reported:
        name = session.get_one(Indicator, each.indicator_id).name
        if each.unit_id is None:
            whole[name] = _number(each.value, each.approximate)
        else:
            place = session.get_one(Unit, each.unit_id).name
            counties.setdefault(name, {})[place] = _number(each.value, each.approximate)
    if then.figures is not None:
        wanted = {name: _plain(value) for name, value in then.figures.items()}
        assert whole == wanted, f"figures are {whole}"
    if then.figures is not None or then.counties is not None:
        wanted_of = {
            name: {place: _plain(value) for place, value in each.items()}
            for name, each in (then.counties or {}).items()
        }
        assert counties == wanted_of, f"county figures are {counties}"


def _number(value: Decimal, approximate: bool) -> str:
    return f"{'约' if approximate else ''}{value.normalize():f}"


def _plain(value: str | float) -> str:
    text = str(value)
    about = "约" if text.startswith("约") else ""
    return f"{about}{Decimal(text.removeprefix('约')).normalize():f}"


def _sections_stand(version: SubmissionVersion, then: ReportThen) -> None:
    for name, fragment in then.sections.items():
        said = version.sections.get(name, "")
        assert fragment in said, f"section {name} is “{said}”"


def _pictures_stand(
    session: Session, version: SubmissionVersion, then: ReportThen, shelf: MediaShelf
) -> None:
    rows = pictures_of_version(session, version.id or 0)
    if then.pictures is not None:
        assert len(rows) == then.pictures, f"{len(rows)} pictures"
    if then.titles is not None:
        titles = [each.title for each in rows]
        assert titles == then.titles, f"titles are {titles}"
    if then.sizes is not None:
        sizes = [_size(shelf.get(each.delivered_sha)) for each in rows]
        assert sizes == then.sizes, f"sizes are {sizes}"


def _size(data: bytes) -> str:
    """Width and height as a viewer shows it."""
    with Image.open(io.BytesIO(data)) as image:
        seen = ImageOps.exif_transpose(image)
        return f"{seen.width}x{seen.height}"
