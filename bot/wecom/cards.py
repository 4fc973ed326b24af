"""Buttons: a word with choices as a card, where a card can show all of it."""

import hashlib
from collections.abc import Sequence
from typing import Any

from models.message import Choice
from models.shown import Page, Shown
from scheduler.routing import Parcel

#: What a card shows without cutting, in characters.
_TITLE = 26
_BODY = 112
_LABEL = 10
#: What a card of an app shows, in bytes, and the word on it in characters.
_CARD_TITLE = 128
_CARD_BODY = 512
_CARD_BUTTON = 4
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


def notice_card(shown: Shown) -> dict[str, Any] | None:
    """The card that opens a page; None where there is none or it would show less than the text."""
    title, _, body = shown.above.partition("\n")
    fits = len(title) <= _TITLE and len(body) <= _BODY
    if shown.page is None or shown.table or shown.below or not fits:
        return None
    return {
        "card_type": "text_notice",
        "main_title": {"title": title},
        "sub_title_text": body or shown.page.label,
        "card_action": {"type": 1, "url": shown.page.address},
    }


def text_card(shown: Shown) -> dict[str, Any] | None:
    """The same as an app sends it."""
    title, _, body = shown.above.partition("\n")
    fits = len(title.encode()) <= _CARD_TITLE and len(body.encode()) <= _CARD_BODY
    if shown.page is None or shown.table or shown.below or not fits:
        return None
    return {
        "title": title,
        "description": body or shown.page.label,
        "url": shown.page.address,
        "btntxt": shown.page.label[:_CARD_BUTTON],
    }


def news_of(about: str, page: Page) -> dict[str, Any]:
    """A picture that is opened from its address."""
    return {"title": about, "url": page.address, "picurl": page.picture}
