"""期次: the row that is owed, reported, returned, waived or overdue."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, func, select

from models.db import batches, one_of
from models.programme import Programme
from models.rules.zone import local_zone


class ObligationState(StrEnum):
    """How an obligation stands; overdue is not stored but follows from the due time."""

    OWED = "owed"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    WAIVED = "waived"


#: States in which somebody still has to write.
OPEN_STATES = (ObligationState.OWED, ObligationState.RETURNED)


class Obligation(SQLModel, table=True):
    """One requirement × period, owed by its units together.

    Three instants: *due* (on time or late), *closes* (no entry after it without an exception),
    *extended_to* (with reason and who allowed it). *label* names the covered period, *key* also
    the unit where each must report. *history*: due before the programme was loaded, not chased.
    """

    __table_args__ = (
        UniqueConstraint("requirement_id", "key"),
        one_of("state", ObligationState),
        Index("ix_obligation_programme_id_due", "programme_id", "due"),
        Index("ix_obligation_programme_id_extended_to", "programme_id", "extended_to"),
        Index("ix_obligation_state_due", "state", "due"),
    )

    id: int | None = Field(default=None, primary_key=True)
    requirement_id: int = Field(foreign_key="requirement.id", index=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    programme_id: int = Field(foreign_key="programme.id")
    key: str
    label: str
    due: datetime
    closes: datetime | None = None
    covers_from: date | None = None
    covers_to: date | None = None
    extended_to: datetime | None = None
    extension_reason: str = ""
    extended_by: int | None = Field(default=None, foreign_key="member.id")
    waiver_reason: str = ""
    state: str = ObligationState.OWED
    assumed: list[str] = Field(default_factory=list, sa_type=JSON)
    history: bool = False

    @property
    def effective_due(self) -> datetime:
        """The due time that counts: the extension when one was allowed."""
        return self.extended_to or self.due


class ObligationUnit(SQLModel, table=True):
    """A unit that owes an obligation; any of them may report it."""

    __tablename__ = "obligation_unit"
    __table_args__ = (UniqueConstraint("obligation_id", "unit_id"),)

    id: int | None = Field(default=None, primary_key=True)
    obligation_id: int = Field(foreign_key="obligation.id", index=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)


def obligations_due(
    session: Session, programme_id: int, since: datetime, until: datetime
) -> Sequence[Obligation]:
    """A programme's obligations with since ≤ due ≤ until, by due time."""
    return session.exec(
        select(Obligation)
        .where(
            Obligation.programme_id == programme_id,
            col(Obligation.due) >= since,
            col(Obligation.due) <= until,
        )
        .order_by(col(Obligation.due), col(Obligation.id))
    ).all()


def last_dues(session: Session, programme_ids: Iterable[int]) -> dict[int, date]:
    """The day on which the last report of each programme is due, extended or not.

    Asked every minute: it reads the ends of two indexes, not the rows of past years.
    """
    due, extended = (
        select(func.max(column)).where(Obligation.programme_id == Programme.id).scalar_subquery()
        for column in (col(Obligation.due), col(Obligation.extended_to))
    )
    rows = session.exec(
        select(col(Programme.id), due, extended).where(col(Programme.id).in_(set(programme_ids)))
    ).all()
    ends = {id_ or 0: [each for each in times if each is not None] for id_, *times in rows}
    return {id_: max(each).astimezone(local_zone()).date() for id_, each in ends.items() if each}


def owed_since(session: Session, obligation: Obligation, today: date) -> bool:
    """Whether a later period of the same requirement has ended before *today* and is still owed."""
    if obligation.covers_to is None:
        return False
    later = (
        Obligation.requirement_id == obligation.requirement_id,
        col(Obligation.covers_to) > obligation.covers_to,
        col(Obligation.covers_to) < today,
        col(Obligation.state).in_(OPEN_STATES),
    )
    return session.exec(select(Obligation.id).where(*later).limit(1)).first() is not None


def owing_units(session: Session, obligation_ids: Iterable[int]) -> dict[int, list[int]]:
    """Unit ids by obligation, in one query for some ten thousand of them."""
    found: dict[int, list[int]] = {each: [] for each in obligation_ids}
    for ids in batches(found):
        rows = session.exec(
            select(col(ObligationUnit.obligation_id), col(ObligationUnit.unit_id))
            .where(col(ObligationUnit.obligation_id).in_(ids))
            .order_by(col(ObligationUnit.id))
        ).all()
        for obligation_id, unit_id in rows:
            found[obligation_id].append(unit_id)
    return found


def locked_obligation(session: Session, obligation_id: int) -> Obligation:
    """The obligation, locked until the transaction ends: two people may act on it at once."""
    [row] = locked_obligations(session, [obligation_id])
    return row


def locked_obligations(session: Session, obligation_ids: Iterable[int]) -> Sequence[Obligation]:
    """These obligations, locked in one order in one query, by id."""
    return session.exec(
        select(Obligation)
        .where(col(Obligation.id).in_(set(obligation_ids)))
        .order_by(col(Obligation.id))
        .with_for_update()
        # As it is under the lock, not as this session may have read it before.
        .execution_options(populate_existing=True)
    ).all()
