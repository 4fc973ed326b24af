"""Cards about a matter that is decided: closed by the code that each left with, once."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlmodel import Session, col, insert, select

from models.outbox import CAUSED_BY, CLOSING, OutboxMessage, Priority

#: For so long every platform with cards lets one be changed after it was sent.
LIFE = timedelta(hours=72)


def about_report(number: int | None) -> str:
    """What a card about report #*number* is about."""
    return f"report:{number}"


def about_wish(number: int | None) -> str:
    """What a card about 申请*number* is about."""
    return f"wish:{number}"


def about_draft(number: int | None) -> str:
    """What a card about 草稿*number* is about."""
    return f"draft:{number}"


def close_cards(
    session: Session, about: Collection[str], label: str, now: datetime, *, tapped: str = ""
) -> None:
    """Owe each card that may still be changed its end: all of its buttons become *label*.

    The card of the word *tapped* shows by itself what was chosen. A code goes over to the row
    that uses it, so whatever happens next to the matter, nothing uses it again.
    """
    cards = session.exec(
        select(OutboxMessage)
        .where(
            col(OutboxMessage.about).in_(about),
            OutboxMessage.code != "",
            col(OutboxMessage.sent_at) > now - LIFE,
            OutboxMessage.key != tapped,
        )
        .order_by(col(OutboxMessage.id))
        .with_for_update()
    ).all()
    if not cards:
        return
    cause = session.info.get(CAUSED_BY, "")
    owed = [_closing(card, label, now, cause).model_dump(exclude={"id"}) for card in cards]
    session.execute(insert(OutboxMessage), owed)
    for card in cards:
        card.code = ""
    session.flush()


def _closing(card: OutboxMessage, label: str, now: datetime, cause: str) -> OutboxMessage:
    return OutboxMessage(
        key=f"{CLOSING}{card.id}",
        chat_id=card.chat_id,
        text=label,
        code=card.code,
        platform=card.platform,
        priority=Priority.BULK,
        created_at=now,
        not_before=now,
        request_id=cause,
    )
