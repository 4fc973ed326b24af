"""How much waits in the inbox, the outbox and with the units: what an operator is alarmed by.

Nothing here takes longer because an office has a past: open states are counted by their index and
no further than `MOST`, and obligations only around today.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session, SQLModel, col, func, select

from models.inbox import InboxMessage, InboxState
from models.obligation import OPEN_STATES, Obligation, ObligationState
from models.outbox import OutboxMessage, OutboxState

#: Nobody does anything else for more of them.
MOST = 10_000
#: Obligations due so long before or after now are the ones that matter today.
AROUND = timedelta(days=31)


def inbox_states(session: Session) -> dict[str, int]:
    """How many messages are not handled, by state."""
    states = (InboxState.NEW, InboxState.FAILED)
    return {each: _at_most(session, InboxMessage, InboxMessage.state == each) for each in states}


def outbox_states(session: Session) -> dict[str, int]:
    """How many words are not sent or of unknown outcome, by state."""
    states = (OutboxState.WAITING, OutboxState.FAILED, OutboxState.UNKNOWN)
    return {each: _at_most(session, OutboxMessage, OutboxMessage.state == each) for each in states}


def obligation_states(session: Session, now: datetime) -> dict[str, int]:
    """How many obligations due within a month before or after *now* there are, by state."""
    rows = session.exec(
        select(Obligation.state, func.count())
        .where(
            col(Obligation.state).in_(list(ObligationState)),
            col(Obligation.due) >= now - AROUND,
            col(Obligation.due) < now + AROUND,
        )
        .group_by(Obligation.state)
    )
    return dict.fromkeys(ObligationState, 0) | dict(rows.all())


def overdue_count(session: Session, now: datetime) -> int:
    """How many obligations nobody reported in time, their extension included, no history."""
    effective = func.coalesce(col(Obligation.extended_to), col(Obligation.due))
    return _at_most(
        session,
        Obligation,
        col(Obligation.state).in_(OPEN_STATES),
        col(Obligation.due) < now,
        effective < now,
        col(Obligation.history).is_(False),
    )


def _at_most(
    session: Session, table: type[SQLModel], *conditions: ColumnElement[bool] | bool
) -> int:
    few = select(1).select_from(table).where(*conditions).limit(MOST).subquery()
    return session.exec(select(func.count()).select_from(few)).one()
