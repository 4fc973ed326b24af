"""What came in: stored before it is acknowledged, handled once, in the order of its sender."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib import import_module
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlalchemy.orm import aliased
from sqlmodel import Field, Session, SQLModel, col, exists, func, select

from models.db import one_of

#: How the numbers of messages begin that came by the upload form and not by their platform.
UPLOADED = "upload:"


class InboxState(StrEnum):
    """New until handled; failed ones are kept for a retry, dropped ones by an operator's word."""

    NEW = "new"
    DONE = "done"
    FAILED = "failed"
    DROPPED = "dropped"


#: No message waits longer for its next try: what is farther off was written by a clock that was
#: ahead, and is due.
FARTHEST = timedelta(minutes=5)


class InboxMessage(SQLModel, table=True):
    """One message as it came; unique by platform and message id, so a repeat finds its row.

    *raw* is the body received, *message* the same as `IncomingMessage`, *media* maps attachment
    references to the stored bytes once they were fetched (or to the reason why not). *request_id*
    is what the call that brought it is called in the logs.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("platform", "message_id"),
        one_of("state", InboxState),
        Index("ix_inbox_state_id", "state", "id"),
        Index("ix_inbox_platform_sender_id_state", "platform", "sender_id", "state"),
        Index("ix_inbox_platform_chat_id", "platform", "chat_id"),
        # Covers what is counted month by month: a row of its own need not be read.
        Index("ix_inbox_platform_received_at_message_id", "platform", "received_at", "message_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    platform: str
    message_id: str
    sender_id: str
    chat_id: str
    received_at: datetime
    raw: bytes
    message: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    media: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    media_done: bool = False
    state: str = InboxState.NEW
    attempts: int = 0
    not_before: datetime | None = None
    error: str = ""
    handled_at: datetime | None = None
    request_id: str = ""

    def is_due(self, now: datetime) -> bool:
        """Whether its next try has come; what waits too long waits by a clock that was ahead."""
        return self.not_before is None or not now < self.not_before <= now + FARTHEST


#: What every row holds before anything was done with it, but for what came.
_BEGINS = {
    name: field.get_default(call_default_factory=True)
    for name, field in InboxMessage.model_fields.items()
    if not field.is_required() and name != "id"
}


def find_message(session: Session, platform: str, message_id: str) -> InboxMessage | None:
    """The row of a message that came before, or None."""
    return session.exec(
        select(InboxMessage).where(
            InboxMessage.platform == platform, InboxMessage.message_id == message_id
        )
    ).first()


def add_new_messages(session: Session, rows: Sequence[Mapping[str, Any]]) -> set[tuple[str, str]]:
    """Store those of these rows that did not come before, in one statement.

    Returns the platform and message id of each that is new; the rest of a row is as it begins.
    """
    told = col(InboxMessage.platform), col(InboxMessage.message_id)
    insert = _inserts(session.get_bind().dialect.name).returning(*told)
    added = session.connection().execute(insert, [{**_BEGINS, **row} for row in rows])
    return {(platform, number) for platform, number in added}


def add_if_all_new(session: Session, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Store these rows; whether all of them are new, else the transaction is to be rolled back.

    Nearly all are: not to ask which takes half of the time.
    """
    insert = _inserts(session.get_bind().dialect.name)
    added = session.connection().execute(insert, [{**_BEGINS, **row} for row in rows])
    return added.rowcount == len(rows)


@cache
def _inserts(dialect: str) -> Any:
    """The statement that leaves out what came before; to make it takes longer than to run it."""
    # Only the dialect that is used: a start on SQLite need not load PostgreSQL's.
    insert = import_module(f"sqlalchemy.dialects.{dialect}").insert(InboxMessage)
    left_out = insert.on_conflict_do_nothing(index_elements=["platform", "message_id"])
    return left_out.execution_options(preserve_rowcount=True)


def last_heard_by(
    session: Session, platform: str, chat_id: str, prefix: str, before: int | None = None
) -> InboxMessage | None:
    """The newest message of a chat by the door whose numbers begin with *prefix*; None if none.

    *before* is the row of a message that it must have come before.
    """
    return session.exec(
        select(InboxMessage)
        .where(
            InboxMessage.platform == platform,
            InboxMessage.chat_id == chat_id,
            col(InboxMessage.message_id).startswith(prefix, autoescape=True),
            True if before is None else col(InboxMessage.id) < before,
        )
        .order_by(col(InboxMessage.id).desc())
        .limit(1)
    ).first()


def heard_between(session: Session, platform: str, sender_id: str, first: int, last: int) -> bool:
    """Whether a person wrote anything between the rows *first* and *last*."""
    between = select(InboxMessage.id).where(
        col(InboxMessage.id) > first,
        col(InboxMessage.id) < last,
        InboxMessage.platform == platform,
        InboxMessage.sender_id == sender_id,
    )
    return session.exec(between.limit(1)).first() is not None


def heard_since(
    session: Session, platform: str, prefix: str, since: datetime
) -> Sequence[InboxMessage]:
    """The messages that came by this door from *since* on, oldest first."""
    return session.exec(
        select(InboxMessage)
        .where(
            InboxMessage.platform == platform,
            InboxMessage.received_at >= since,
            col(InboxMessage.message_id).startswith(prefix, autoescape=True),
        )
        .order_by(col(InboxMessage.id))
    ).all()


def heard_count(session: Session, platform: str, since: datetime, until: datetime) -> int:
    """How many messages this platform handed over from *since* to *until*."""
    return session.exec(
        select(func.count())
        .select_from(InboxMessage)
        .where(
            InboxMessage.platform == platform,
            InboxMessage.received_at >= since,
            InboxMessage.received_at < until,
            ~col(InboxMessage.message_id).startswith(UPLOADED),
        )
    ).one()


def message_states(session: Session, platform: str, message_ids: Iterable[str]) -> dict[str, str]:
    """The state of each of these messages that came in, in one query."""
    rows = session.exec(
        select(InboxMessage.message_id, InboxMessage.state).where(
            InboxMessage.platform == platform,
            col(InboxMessage.message_id).in_(set(message_ids)),
        )
    ).all()
    return dict(rows)


def next_messages(
    session: Session, now: datetime, limit: int, besides: Iterable[int | None] = ()
) -> Sequence[InboxMessage]:
    """New messages whose time has come, each the oldest unfinished one of its sender.

    *besides* those that were looked at already, so that none behind them has to wait.
    """
    older = aliased(InboxMessage)
    return session.exec(
        select(InboxMessage)
        .where(
            InboxMessage.state == InboxState.NEW,
            col(InboxMessage.not_before).is_(None)
            | (col(InboxMessage.not_before) <= now)
            | (col(InboxMessage.not_before) > now + FARTHEST),
            col(InboxMessage.id).not_in(list(besides)),
            ~exists().where(
                col(older.platform) == col(InboxMessage.platform),
                col(older.sender_id) == col(InboxMessage.sender_id),
                col(older.state) == InboxState.NEW,
                col(older.id) < col(InboxMessage.id),
            ),
        )
        .order_by(col(InboxMessage.id))
        .limit(limit)
    ).all()


def unfinished_of_sender(session: Session, row: InboxMessage, limit: int) -> Sequence[InboxMessage]:
    """The new messages of one sender from *row* on, in the order in which they came."""
    return session.exec(
        select(InboxMessage)
        .where(
            InboxMessage.platform == row.platform,
            InboxMessage.sender_id == row.sender_id,
            InboxMessage.state == InboxState.NEW,
            col(InboxMessage.id) >= row.id,
        )
        .order_by(col(InboxMessage.id))
        .limit(limit)
    ).all()


def locked_new_message(session: Session, row_id: int | None) -> InboxMessage | None:
    """The row, locked, while it is unhandled and no other replica has it; None otherwise."""
    return session.exec(
        select(InboxMessage)
        .where(InboxMessage.id == row_id, InboxMessage.state == InboxState.NEW)
        .with_for_update(skip_locked=True)
    ).first()


def stuck_messages(session: Session) -> Sequence[InboxMessage]:
    """Failed messages first, then those still waiting, oldest first."""
    return session.exec(
        select(InboxMessage)
        .where(col(InboxMessage.state).in_((InboxState.FAILED, InboxState.NEW)))
        .order_by(col(InboxMessage.state), col(InboxMessage.id))
    ).all()


def oldest_unhandled(session: Session) -> datetime | None:
    """When the oldest message that still waits came in; None when none waits."""
    return session.exec(
        select(func.min(InboxMessage.received_at)).where(InboxMessage.state == InboxState.NEW)
    ).one()
