"""A card of the bot that was tapped: as it is shown from then on, whichever process sent it."""

from typing import Any

from sqlalchemy.exc import OperationalError

from bot.wecom.body import Body
from bot.wecom.cards import BOT, button_card, card_of, key_of, tapped
from models.db import Database
from models.outbox import word_called
from scheduler.routing import Parcel


def card_after(database: Database, body: Body, below: frozenset[str]) -> dict[str, Any] | None:
    """What stands for the card of a tap; None for another event, or a card that is not known.

    *below* is how a word left whose buttons stand in a card of their own below it.
    """
    event = body.get("event")
    found = event.get("template_card_event") if isinstance(event, dict) else None
    task, words = _said(found, "task_id", "taskid"), _said(found, "event_key", "eventkey")
    if not task:
        return None
    try:
        with database.read() as session:
            row = word_called(session, key_of(task))
    except OperationalError:
        return None  # the tap itself was kept, and is answered later
    if row is None or not row.choices:
        return None
    parcel = Parcel(row.key, row.text, choices=row.choices_offered())
    card = None if row.answer in below else card_of(parcel, BOT)
    return tapped(card or button_card(parcel), words) | {"task_id": task}


def _said(found: object, *names: str) -> str:
    """A field of a tap, whose names are written in two ways."""
    values = (found.get(name) for name in names) if isinstance(found, dict) else ()
    return next((each for each in values if isinstance(each, str) and each), "")
