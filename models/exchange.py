"""What a message was answered with so far: for doors that are asked for it piece by piece."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, exists, select

from models.chat import Door
from models.inbox import InboxMessage, InboxState, find_message
from models.outbox import OutboxMessage, OutboxState


@dataclass(frozen=True)
class Exchange:
    """A message and its answers that left by one door, in order; *is_over* when none is to come.

    *elsewhere* are the doors by which other answers to it left.
    """

    asked: InboxMessage
    answers: tuple[OutboxMessage, ...]
    is_over: bool
    elsewhere: frozenset[str] = frozenset()

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
    sent = [each for each in rows if each.state == OutboxState.SENT]
    waits = any(each.state == OutboxState.WAITING for each in rows)
    return Exchange(
        asked,
        tuple(each for each in sent if each.platform == door),
        asked.state != InboxState.NEW and not waits,
        frozenset(each.platform for each in sent) - {door},
    )


def is_answered_aside(session: Session, asked: InboxMessage) -> bool:
    """Whether an answer to it left for another chat than the one that it was asked in."""
    here = select(Door.chat_id).where(
        Door.platform == asked.platform, Door.address == asked.chat_id
    )
    aside = select(OutboxMessage.id).where(
        OutboxMessage.reply_to == asked.id,
        OutboxMessage.state == OutboxState.SENT,
        col(OutboxMessage.chat_id).not_in(here),
    )
    return session.exec(aside.limit(1)).first() is not None


def note_answers(session: Session, answers: Iterable[OutboxMessage], how: str) -> None:
    """Keep how these answers left."""
    for each in answers:
        session.get_one(OutboxMessage, each.id).answer = how


def laid_answers(
    session: Session, door: str, how: str, since: datetime, until: datetime
) -> Sequence[OutboxMessage]:
    """What left by *door* in this way and answers a message of that time, locked.

    Rows older than *since* are not looked at.
    """
    older = (
        select(OutboxMessage.id)
        .where(OutboxMessage.created_at < since)
        .order_by(col(OutboxMessage.id).desc())
        .limit(1)
    )
    oldest = session.exec(older).first() or 0
    return session.exec(
        select(OutboxMessage)
        .join(InboxMessage, col(InboxMessage.id) == col(OutboxMessage.reply_to))
        .where(
            col(OutboxMessage.id) > oldest,
            OutboxMessage.platform == door,
            OutboxMessage.answer == how,
            OutboxMessage.state == OutboxState.SENT,
            InboxMessage.received_at <= until,
        )
        .order_by(col(OutboxMessage.id))
        .with_for_update(skip_locked=True, of=OutboxMessage)
    ).all()


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
