"""Buttons: a word with choices as a card, where a card can show all of it."""

import hashlib
from collections.abc import Sequence
from typing import Any

from bot.wecom.pictures import KINDS
from models.message import Choice
from models.shown import Shown
from scheduler.routing import Parcel

#: What a card shows without cutting, in characters.
_TITLE = 26
_BODY = 112
_LABEL = 10
#: What an app's card and an article show, in bytes, and the word on the card in characters.
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
    found = _titled(shown)
    if shown.page is None or found is None:
        return None
    return {
        "title": found[0],
        "description": found[1] or shown.page.label,
        "url": shown.page.address,
        "btntxt": shown.page.label[:_CARD_BUTTON],
    }


def news_of(shown: Shown) -> dict[str, Any] | None:
    """The article that opens a picture, with the picture itself where it is of a usual kind.

    None where there is none or it would show less than the text.
    """
    found = _titled(shown)
    if shown.page is None or found is None or not shown.page.mime.startswith("image/"):
        return None
    preview = {"picurl": shown.page.address} if shown.page.mime in KINDS else {}
    return {"title": found[0], "description": found[1], "url": shown.page.address, **preview}


def _titled(shown: Shown) -> tuple[str, str] | None:
    """Title and description as they stand on a card; None where they would be cut."""
    title, _, body = shown.above.partition("\n")
    fits = len(title.encode()) <= _CARD_TITLE and len(body.encode()) <= _CARD_BODY
    return None if shown.table or shown.below or not fits else (title, body)
