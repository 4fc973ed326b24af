"""What was kept long enough: which rows of each kind are over, and how a batch of them ends."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Text, cast
from sqlalchemy.orm import aliased
from sqlalchemy.sql import ColumnElement
from sqlmodel import Session, SQLModel, and_, col, delete, exists, func, or_, select, update

from models.inbox import InboxMessage, InboxState
from models.invite import Invite, InviteTry
from models.link import Link
from models.listing import Listing
from models.outbox import OutboxMessage, OutboxState
from models.rules.retention import Periods, over_before
from models.sandbox_message import SandboxMessage
from models.submission import SubmissionVersion
from models.suggestion import Suggestion
from models.supervision_order import OrderStep

#: What is left of a message once it is forgotten: that it came, so that it is not taken again.
NOTHING_HEARD: dict[str, Any] = {"raw": b"", "message": {}, "media": {}, "error": ""}
#: What is left of words: that they were said, when and under which key, so that none is repeated.
NOTHING_SAID: dict[str, Any] = {
    "text": "",
    "media": None,
    "choices": [],
    "shown": None,
    "mentions": [],
    "answer": "",
}
_HANDLED = (InboxState.DONE, InboxState.DROPPED)


@dataclass(frozen=True)
class Sweep:
    """The rows of *table* that are over by *is_over*; they are emptied to *left*, or go whole."""

    table: type[SQLModel]
    is_over: ColumnElement[bool]
    left: dict[str, Any] | None = None

    def batch(self, session: Session, after: int, limit: int) -> Sequence[int]:
        """The numbers of the next rows that are over, in order."""
        id_ = _id(self.table)
        query = select(id_).where(id_ > after, self.is_over).order_by(id_).limit(limit)
        return session.exec(query).all()

    def end(self, session: Session, numbers: Sequence[int]) -> int:
        """End these rows, as far as they are over still; returns how many."""
        # Between the look and the lock a row may have come into use again.
        wanted = and_(_id(self.table).in_(numbers), self.is_over)
        if self.left is None:
            return session.exec(delete(self.table).where(wanted)).rowcount
        return session.exec(update(self.table).where(wanted).values(**self.left)).rowcount


def sweeps(periods: Periods, now: datetime) -> Iterator[Sweep]:
    """Everything that is over at *now*, what refers to others first."""
    if before := over_before(periods.words, now):
        yield from _words(before)
    if before := over_before(periods.chat, now):
        yield from _chat(before)
    if before := over_before(periods.raw, now):
        yield from _raw(before)


def _words(before: datetime) -> Iterator[Sweep]:
    """Answers go; what was said unasked leaves its key, which guards against saying it twice."""
    over = and_(
        col(OutboxMessage.created_at) < before,
        col(OutboxMessage.state) != OutboxState.WAITING,
    )
    yield Sweep(
        OutboxMessage,
        and_(over, col(OutboxMessage.reply_to).is_not(None), _is_not_newest(OutboxMessage)),
    )
    yield Sweep(OutboxMessage, and_(over, _has_words()), NOTHING_SAID)


def _has_words() -> ColumnElement[bool]:
    return or_(
        col(OutboxMessage.text) != "",
        col(OutboxMessage.answer) != "",
        *(
            cast(column, Text).not_in(("null", "[]"))
            for column in (
                col(OutboxMessage.media),
                col(OutboxMessage.choices),
                col(OutboxMessage.shown),
                col(OutboxMessage.mentions),
            )
        ),
    )


def _chat(before: datetime) -> Iterator[Sweep]:
    over = and_(col(InboxMessage.received_at) < before, col(InboxMessage.state).in_(_HANDLED))
    yield Sweep(InboxMessage, and_(over, ~_is_referred_to(), _is_not_newest(InboxMessage)))
    yield Sweep(
        InboxMessage,
        and_(over, cast(col(InboxMessage.message), Text) != "{}"),
        NOTHING_HEARD,
    )
    yield Sweep(Suggestion, col(Suggestion.made_at) < before)
    for table, at in (
        (SandboxMessage, col(SandboxMessage.at)),
        (Invite, col(Invite.created_at)),
        (Link, col(Link.expires_at)),
    ):
        yield Sweep(table, and_(at < before, _is_not_newest(table)))


def _is_referred_to() -> ColumnElement[bool]:
    """Whether a report, an order or an answer that is kept came of a message."""
    return or_(
        exists().where(col(OutboxMessage.reply_to) == col(InboxMessage.id)),
        exists().where(col(SubmissionVersion.inbox_id) == col(InboxMessage.id)),
        exists().where(col(OrderStep.inbox_id) == col(InboxMessage.id)),
    )


def _raw(before: datetime) -> Iterator[Sweep]:
    yield Sweep(
        InboxMessage,
        and_(
            col(InboxMessage.received_at) < before,
            col(InboxMessage.state).in_(_HANDLED),
            func.length(col(InboxMessage.raw)) > 0,
        ),
        {"raw": b""},
    )
    yield Sweep(InviteTry, col(InviteTry.tried_at) < before)
    yield Sweep(Listing, col(Listing.shown_at) < before)


def _is_not_newest(table: type[SQLModel]) -> ColumnElement[bool]:
    """SQLite gives the number of a last row that went to the next: keys and links would clash."""
    newest = select(func.max(_id(aliased(table)))).scalar_subquery()
    return and_(_id(table) < newest)


def _id(table: Any) -> Any:
    return col(table.id)
