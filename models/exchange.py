"""What a message was answered with so far: for doors that are asked for it piece by piece."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session, col, exists, select

from models.inbox import InboxMessage, InboxState, find_message
from models.outbox import OutboxMessage, OutboxState


@dataclass(frozen=True)
class Exchange:
    """A message and its answers that left by one door, in order; *is_over* when none is to come."""

    asked: InboxMessage
    answers: tuple[OutboxMessage, ...]
    is_over: bool

    def left_as(self, how: str) -> bool:
        """Whether one of the answers left in this way, as the door noted it."""
        return any(each.answer == how for each in self.answers)


def exchange_of(session: Session, platform: str, message_id: str, door: str) -> Exchange | None:
    """The exchange that began with this message; None where no such message is known."""
    asked = find_message(session, platform, message_id)
    if asked is None:
        return None
    rows = session.exec(
        select(OutboxMessage)
        .where(OutboxMessage.reply_to == asked.id)
        .order_by(col(OutboxMessage.id))
    ).all()
    answers = tuple(e for e in rows if e.platform == door and e.state == OutboxState.SENT)
    waits = any(each.state == OutboxState.WAITING for each in rows)
    return Exchange(asked, answers, asked.state != InboxState.NEW and not waits)


def ended_exchanges(session: Session, platform: str, message_ids: Iterable[str]) -> set[str]:
    """Those of these messages to which no answer is to come any more, in one query."""
    waits = exists().where(
        col(OutboxMessage.reply_to) == col(InboxMessage.id),
        col(OutboxMessage.state) == OutboxState.WAITING,
    )
    rows = session.exec(
        select(InboxMessage.message_id).where(
            InboxMessage.platform == platform,
            col(InboxMessage.message_id).in_(set(message_ids)),
            InboxMessage.state != InboxState.NEW,
            ~waits,
        )
    )
    return set(rows.all())
