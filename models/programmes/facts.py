"""What an issued document published, as rows: figures, judged statuses, the frozen county lines."""

from decimal import Decimal

from sqlmodel import col, select

from models.figure import Figure, Series
from models.judgement import Judgement
from models.programmes.issued import CIRCULAR, FigureFact, Issued, StatusFact
from models.programmes.loading import Loading
from models.programmes.rows import status_policy
from models.rules.status import Standing
from models.snapshot import Snapshot


def keep_issued(load: Loading, issued: Issued) -> None:
    """Store what *issued* published; its figures count as accepted, as they were published."""
    known = _figures_of(load, issued)
    for fact in issued.figures:
        for row in _figure_rows(fact, issued, load):
            where = f"{issued.title} {fact.task}"
            load.sync.put(known.pop(_identity(row), None), row, where, keep={"accepted_at"})
    for left in known.values():
        load.sync.drop(left, f"{issued.title} 数据")
    for status in issued.statuses:
        if status.judged:
            _keep_judgement(load, status, issued)
    _keep_snapshot(load, issued)


Identity = tuple[int, int | None, int | None, str]


def _identity(row: Figure) -> Identity:
    return row.task_id, row.indicator_id, row.unit_id, row.series


def _figures_of(load: Loading, issued: Issued) -> dict[Identity, Figure]:
    rows = load.session.exec(
        select(Figure).where(
            col(Figure.task_id).in_([task.id for task in load.tasks.values()]),
            Figure.as_of == issued.as_of,
            Figure.source == issued.title,
        )
    ).all()
    return {_identity(row): row for row in rows}


def _figure_rows(fact: FigureFact, issued: Issued, load: Loading) -> list[Figure]:
    """A row for each of value, printed percentage and acceptance: series that never mix."""
    said = (
        (Series.REPORTED, fact.value),
        (Series.STATED, fact.stated),
        (Series.VERIFIED, fact.verified),
    )
    return [
        _figure_row(fact, issued, load, series, value)
        for series, value in said
        if value is not None
    ]


def _figure_row(
    fact: FigureFact, issued: Issued, load: Loading, series: Series, value: Decimal
) -> Figure:
    task = load.tasks[fact.task]
    indicator = load.indicators[fact.task, fact.indicator] if fact.indicator else None
    if series is Series.VERIFIED:
        indicator = None  # a task is accepted as a whole
    return Figure(
        task_id=task.id or 0,
        indicator_id=indicator.id if indicator else None,
        unit_id=load.units[fact.unit] if fact.unit else None,
        series=series,
        as_of=issued.as_of,
        value=value,
        approximate=fact.approximate,
        accepted_at=load.now,
        source=issued.title,
    )


def _keep_judgement(load: Loading, fact: StatusFact, issued: Issued) -> None:
    task = load.tasks[fact.task]
    bands = status_policy(load.definition.policies).bands
    label = next(b.label for b in bands if b.standing is Standing(fact.status))
    row = Judgement(
        task_id=task.id or 0,
        status=label,
        reason=fact.reason or "",
        data_date=issued.as_of,
        judged_at=load.now,
    )
    stored = load.session.exec(
        select(Judgement).where(
            Judgement.task_id == task.id,
            Judgement.data_date == issued.as_of,
            col(Judgement.judged_by).is_(None),
        )
    ).first()
    load.sync.put(stored, row, f"{issued.title} {fact.task} 评定", keep={"judged_at"})


def _keep_snapshot(load: Loading, issued: Issued) -> None:
    """What was published is never changed: a corrected file adds an edition."""
    period = issued.as_of.strftime("%Y-%m")
    last = load.session.exec(
        select(Snapshot)
        .where(
            Snapshot.programme_id == load.programme.id,
            Snapshot.kind == CIRCULAR,
            Snapshot.period == period,
        )
        .order_by(col(Snapshot.edition).desc())
    ).first()
    payload = issued.model_dump(mode="json")
    if last is not None and last.payload == payload:
        load.sync.unchanged += 1
        return
    row = Snapshot(
        programme_id=load.programme.id or 0,
        kind=CIRCULAR,
        period=period,
        edition=last.edition + 1 if last else 1,
        data_date=issued.as_of,
        payload=payload,
        published_at=load.now,
    )
    load.sync.put(None, row, f"{issued.title} 快照")
