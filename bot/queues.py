"""What an operator may do to stuck messages and words, each act audited."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from models.audit import record
from models.errors import Refused
from models.inbox import InboxMessage, InboxState
from models.outbox import OutboxMessage, OutboxState


def inbox_data(row: InboxMessage) -> dict[str, Any]:
    """A message as the list shows it: no text."""
    return {
        "id": row.id,
        "state": row.state,
        "platform": row.platform,
        "received_at": row.received_at.isoformat(),
        "attempts": row.attempts,
        "error": row.error,
    }


def outbox_data(row: OutboxMessage) -> dict[str, Any]:
    """A word as the list shows it: no text."""
    return {
        "id": row.id,
        "state": row.state,
        "key": row.key,
        "chat": row.chat_id,
        "not_before": row.not_before.isoformat(),
        "attempts": row.attempts,
        "answer": row.answer,
    }


def retry_message(session: Session, number: int, now: datetime) -> None:
    """Give a failed or dropped message back to the inbox; Refused when it is neither.

    Refused as well when nothing of it is left, since it was let go or its sender forgotten.
    """
    row = session.get(InboxMessage, number)
    if row is None or row.state not in (InboxState.FAILED, InboxState.DROPPED):
        raise Refused(f"message {number} is neither failed nor dropped")
    if not row.message:
        raise Refused(f"message {number} was emptied: nothing of it is left to be handled")
    before = row.state
    row.state, row.not_before, row.handled_at = InboxState.NEW, None, None
    _record(session, now, "retry", "inbox", number, before)


def drop_message(session: Session, number: int, now: datetime) -> None:
    """Give up a message that is not handled; Refused when it is."""
    row = session.get(InboxMessage, number)
    if row is None or row.state not in (InboxState.FAILED, InboxState.NEW):
        raise Refused(f"message {number} is not stuck")
    before, row.state, row.handled_at = row.state, InboxState.DROPPED, now
    _record(session, now, "drop", "inbox", number, before)


def retry_word(session: Session, number: int, now: datetime) -> None:
    """Give a word that was not sent back to the outbox; Refused when it was or is on its way.

    What waits for its time is due now: whoever mended what it waits for need not wait along. Where
    it waits because nobody knows whether its door took it, only that door is asked, as before.
    Refused as well when nothing of it is left.
    """
    row = session.get(OutboxMessage, number)
    # A card is closed once, and what closes it is not for anybody to read.
    if row is None or row.state == OutboxState.SENT or row.in_flight or row.is_closing:
        raise Refused(f"word {number} is not stuck")
    if not row.text and row.media is None:
        raise Refused(f"word {number} was emptied: nothing of it is left to be said")
    before = row.state
    row.not_before = now
    if row.state != OutboxState.WAITING or not row.platform:
        row.state, row.attempts, row.platform, row.sent_at = OutboxState.WAITING, 0, "", None
    _record(session, now, "retry", "outbox", number, before)


def drop_word(session: Session, number: int, now: datetime) -> None:
    """Give up a word that was not sent; Refused when it was."""
    row = session.get(OutboxMessage, number)
    if row is None or row.state in (OutboxState.SENT, OutboxState.DROPPED):
        raise Refused(f"word {number} is not stuck")
    before, row.state, row.code, row.sent_at = row.state, OutboxState.DROPPED, "", None
    _record(session, now, "drop", "outbox", number, before)


def _record(
    session: Session, now: datetime, action: str, table: str, row: int, before: str
) -> None:
    record(
        session,
        at=now,
        member_id=None,
        action=action,
        table=table,
        row=row,
        before={"state": before},
    )
