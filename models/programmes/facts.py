"""What an issued document published, as rows: figures, judged statuses, the frozen county lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlmodel import Session, col, select

from models.figure import Figure, Series
from models.indicator import Indicator
from models.judgement import Judgement
from models.programme import Programme
from models.programmes.issued import FigureFact, Issued, StatusFact
from models.programmes.policies import Policies
from models.programmes.rows import status_policy
from models.programmes.sync import Sync
from models.rules.status import Standing
from models.snapshot import Snapshot
from models.task import Task

#: The kind of snapshot that an issued document's county lines are kept as.
CIRCULAR = "circular"


@dataclass(frozen=True)
class Published:
    """Everything a fact may name: the programme's rows by the names used in its file."""

    programme: Programme
    policies: Policies
    tasks: Mapping[str, Task]
    indicators: Mapping[tuple[str, str], Indicator]
    units: Mapping[str, int]
    now: datetime


def keep_issued(sync: Sync, issued: Issued, names: Published) -> None:
    """Store what *issued* published; its figures count as accepted, as they were published."""
    known = _figures_of(sync.session, names, issued)
    for fact in issued.figures:
        for row in _figure_rows(fact, issued, names):
            where = f"{issued.title} {fact.task}"
            sync.put(known.get(_identity(row)), row, where, keep={"accepted_at"})
    for status in issued.statuses:
        if status.judged:
            _keep_judgement(sync, status, issued, names)
    _keep_snapshot(sync, issued, names)


def issued_snapshot(row: Snapshot) -> Issued:
    """The published lines as they were frozen in a snapshot of kind `circular`."""
    return Issued.model_validate(row.payload, strict=False)


Identity = tuple[int, int | None, int | None, str]


def _identity(row: Figure) -> Identity:
    return row.task_id, row.indicator_id, row.unit_id, row.series


def _figures_of(session: Session, names: Published, issued: Issued) -> dict[Identity, Figure]:
    rows = session.exec(
        select(Figure).where(
            col(Figure.task_id).in_([task.id for task in names.tasks.values()]),
            Figure.as_of == issued.as_of,
            Figure.source == issued.title,
        )
    ).all()
    return {_identity(row): row for row in rows}


def _figure_rows(fact: FigureFact, issued: Issued, names: Published) -> list[Figure]:
    """A row for the value and one for the printed percentage: two series that never mix."""
    said = ((Series.REPORTED, fact.value), (Series.STATED, fact.stated))
    return [
        _figure_row(fact, issued, names, series, value)
        for series, value in said
        if value is not None
    ]


def _figure_row(
    fact: FigureFact, issued: Issued, names: Published, series: Series, value: Decimal
) -> Figure:
    task = names.tasks[fact.task]
    indicator = names.indicators[fact.task, fact.indicator] if fact.indicator else None
    return Figure(
        task_id=task.id or 0,
        indicator_id=indicator.id if indicator else None,
        unit_id=names.units[fact.unit] if fact.unit else None,
        series=series,
        as_of=issued.as_of,
        value=value,
        approximate=fact.approximate,
        accepted_at=names.now,
        source=issued.title,
    )


def _keep_judgement(sync: Sync, fact: StatusFact, issued: Issued, names: Published) -> None:
    task = names.tasks[fact.task]
    bands = status_policy(names.policies).bands
    label = next(b.label for b in bands if b.standing is Standing(fact.status))
    row = Judgement(
        task_id=task.id or 0,
        status=label,
        reason=fact.reason or "",
        data_date=issued.as_of,
        judged_at=names.now,
    )
    stored = sync.session.exec(
        select(Judgement).where(
            Judgement.task_id == task.id,
            Judgement.data_date == issued.as_of,
            col(Judgement.judged_by).is_(None),
        )
    ).first()
    sync.put(stored, row, f"{issued.title} {fact.task} 评定", keep={"judged_at"})


def _keep_snapshot(sync: Sync, issued: Issued, names: Published) -> None:
    """What was published is never changed: a corrected file adds an edition."""
    period = issued.as_of.strftime("%Y-%m")
    last = sync.session.exec(
        select(Snapshot)
        .where(
            Snapshot.programme_id == names.programme.id,
            Snapshot.kind == CIRCULAR,
            Snapshot.period == period,
        )
        .order_by(col(Snapshot.edition).desc())
    ).first()
    payload = issued.model_dump(mode="json")
    if last is not None and last.payload == payload:
        sync.unchanged += 1
        return
    row = Snapshot(
        programme_id=names.programme.id or 0,
        kind=CIRCULAR,
        period=period,
        edition=last.edition + 1 if last else 1,
        data_date=issued.as_of,
        payload=payload,
        published_at=names.now,
    )
    sync.put(None, row, f"{issued.title} 快照")
