"""Buttons: a word with choices as a card, where a card can show all of it."""

import hashlib
from collections.abc import Sequence
from typing import Any

from models.message import Choice
from scheduler.routing import Parcel

#: What a card shows without cutting, in characters.
_TITLE = 26
_BODY = 112
_LABEL = 10
_MOST = 6
#: The title of buttons below a text.
PICK = "请点选"


def card_of(parcel: Parcel) -> dict[str, Any] | None:
    """The card of a word that offers choices; None where it would show less than the text."""
    title, _, body = parcel.text.partition("\n")
    fits = len(title) <= _TITLE and len(body) <= _BODY
    if not parcel.choices or not fits or len(parcel.choices) > _MOST:
        return None
    return {
        "card_type": "button_interaction",
        "main_title": {"title": title},
        "sub_title_text": body,
        "button_list": buttons(parcel.choices),
        "task_id": task_id(parcel.key),
    }


def button_card(parcel: Parcel) -> dict[str, Any]:
    """The choices alone, for below a text that was said; beyond six it says the first of them."""
    return {
        "card_type": "button_interaction",
        "main_title": {"title": PICK},
        "button_list": buttons(parcel.choices[:_MOST]),
        "task_id": task_id(parcel.key),
    }


def buttons(choices: Sequence[Choice]) -> list[dict[str, Any]]:
    """The buttons: the first one stands out."""
    return [
        {"text": each.label[:_LABEL], "style": 1 if at == 0 else 2, "key": each.words}
        for at, each in enumerate(choices)
    ]


def task_id(key: str) -> str:
    """What tells this card from every other of the app, in the letters that are allowed."""
    return f"dajuan_{hashlib.sha256(key.encode()).hexdigest()[:40]}"
