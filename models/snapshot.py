"""Published figures, frozen: a ranking or an issued document as it was on its data date."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select


class Snapshot(SQLModel, table=True):
    """What was published; never changed. A later *edition* of the same period replaces it.

    *kind*: `ranking` and `monthly` (digests), `outlook` (the levels as last told) or `circular`
    (an issued document's county lines).
    """

    __table_args__ = (UniqueConstraint("programme_id", "kind", "period", "edition"),)

    id: int | None = Field(default=None, primary_key=True)
    programme_id: int = Field(foreign_key="programme.id", index=True)
    kind: str
    period: str
    edition: int = 1
    data_date: date
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    published_at: datetime


def last_snapshot(
    session: Session, programme_id: int, kind: str, before_period: str | None = None
) -> Snapshot | None:
    """The newest snapshot of a kind, or the newest of an earlier period than *before_period*."""
    query = select(Snapshot).where(Snapshot.programme_id == programme_id, Snapshot.kind == kind)
    if before_period is not None:
        query = query.where(col(Snapshot.period) < before_period)
    return session.exec(
        query.order_by(col(Snapshot.data_date).desc(), col(Snapshot.id).desc())
    ).first()


def editions_of(session: Session, programme_id: int, kind: str, period: str) -> Sequence[Snapshot]:
    """Every edition of one period, the first one first."""
    return session.exec(
        select(Snapshot)
        .where(
            Snapshot.programme_id == programme_id,
            Snapshot.kind == kind,
            Snapshot.period == period,
        )
        .order_by(col(Snapshot.edition))
    ).all()


def next_edition(
    session: Session,
    programme_id: int,
    kind: str,
    period: str,
    payload: dict[str, Any],
    *,
    after: int,
    data_date: date,
    now: datetime,
) -> Snapshot:
    """Freeze *payload* as the edition behind *after*, the last that its maker read (0 for none).

    Of two at once the second one fails (IntegrityError).
    """
    row = Snapshot(
        programme_id=programme_id,
        kind=kind,
        period=period,
        edition=after + 1,
        data_date=data_date,
        payload=payload,
        published_at=now,
    )
    session.add(row)
    session.flush()
    return row
