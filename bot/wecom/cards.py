"""Buttons: a word with choices as a card, where a card can show all of it."""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.taken import TAKEN, taken
from bot.wecom.pictures import KINDS
from models.message import Choice
from models.shown import Shown
from scheduler.routing import Parcel

_LABEL = 10
#: What an app's card and an article show, in bytes, and the word on the card in characters.
_CARD_TITLE = 128
_CARD_BODY = 512
_CARD_BUTTON = 4
_MOST = 6
_TASK = "dajuan_"
_LONGEST_TASK = 128
#: The title of a word whose first line is no title.
PICK = "请点选"


@dataclass(frozen=True)
class Room:
    """What a card shows without cutting, in characters: its title, the line below, and the rest."""

    title: int
    line: int
    body: int


APP = Room(36, 44, 160)
BOT = Room(26, 30, 112)


def card_of(parcel: Parcel, room: Room) -> dict[str, Any] | None:
    """The card of a word that offers choices; None where it would show less than the text."""
    found = _laid_out(parcel.text, room)
    if not parcel.choices or found is None or len(parcel.choices) > _MOST:
        return None
    title, line, body = found
    return {
        "card_type": "button_interaction",
        "main_title": {"title": title, **({"desc": line} if line else {})},
        **({"sub_title_text": body} if body else {}),
        "button_list": buttons(parcel.choices),
        "task_id": task_id(parcel.key),
    }


def button_card(parcel: Parcel) -> dict[str, Any]:
    """The choices alone, for below a text that was said; beyond six it says the first of them."""
    lines = parcel.text.split("\n")
    # A sentence in front may be about something else: what was put aside for this.
    title = next((each for each in lines if not each.endswith("。")), lines[0]).rstrip("：")
    return {
        "card_type": "button_interaction",
        "main_title": {"title": _short(title, BOT.title) or PICK},
        "button_list": buttons(parcel.choices[:_MOST]),
        "task_id": task_id(parcel.key),
    }


def tapped(card: dict[str, Any], words: str) -> dict[str, Any]:
    """The card once the button that sends *words* was tapped: nothing more is sent by it."""
    labels = [each["text"] for each in card["button_list"] if each["key"] == words]
    said = taken(*labels or [words])
    return {**card, "button_list": [{"text": said, "style": 2, "key": TAKEN}]}


def _laid_out(text: str, room: Room) -> tuple[str, str, str] | None:
    """Title, the line below it and the rest; None where something would be cut."""
    title, _, body = text.partition("\n")
    title = title.rstrip("：")
    if len(title) > room.title:
        title, body = PICK, text
    if len(body) <= room.body:
        return title, "", body
    line, _, body = body.partition("\n")
    fits = len(line) <= room.line and len(body) <= room.body
    return (title, line, body) if fits else None


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def buttons(choices: Sequence[Choice]) -> list[dict[str, Any]]:
    """The buttons: the first one stands out."""
    return [
        {"text": each.label[:_LABEL], "style": 1 if at == 0 else 2, "key": each.words}
        for at, each in enumerate(choices)
    ]


def task_id(key: str) -> str:
    """What tells this card from every other of the app, in the letters that are allowed."""
    whole = _TASK + base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")
    if len(whole) <= _LONGEST_TASK:
        return whole
    return _TASK + hashlib.sha256(key.encode()).hexdigest()


def key_of(task: str) -> str:
    """The key of the word behind a card; empty where it cannot be told."""
    coded = task.removeprefix(_TASK)
    try:
        return base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""


def notice_card(shown: Shown) -> dict[str, Any] | None:
    """The card that opens a page; None where there is none or it would show less than the text."""
    found = _titled(shown)
    if shown.page is None or found is None:
        return None
    title, body = found
    if len(title) > BOT.title or len(body) > BOT.body:
        return None
    return {
        "card_type": "text_notice",
        "main_title": {"title": title},
        "sub_title_text": body,
        "card_action": {"type": 1, "url": shown.page.address},
    }


def text_card(shown: Shown) -> dict[str, Any] | None:
    """The same as an app sends it."""
    found = _within_article(_titled(shown))
    if shown.page is None or found is None:
        return None
    return {
        "title": found[0],
        "description": found[1],
        "url": shown.page.address,
        "btntxt": shown.page.label.partition("（")[0][:_CARD_BUTTON],
    }


def news_of(shown: Shown) -> dict[str, Any] | None:
    """The article that opens a picture, with the picture itself where it is of a usual kind.

    None where there is none or it would show less than the text.
    """
    found = _within_article(_titled(shown))
    if shown.page is None or found is None or not shown.page.mime.startswith("image/"):
        return None
    preview = {"picurl": shown.page.address} if shown.page.mime in KINDS else {}
    return {"title": found[0], "description": found[1], "url": shown.page.address, **preview}


def _titled(shown: Shown) -> tuple[str, str] | None:
    """Title and body of a card that opens a page; None where a card cannot say the same."""
    if shown.page is None or shown.table or shown.below:
        return None
    title, _, body = shown.above.partition("\n")
    return title, "\n".join(filter(None, (body, shown.page.label)))


def _within_article(found: tuple[str, str] | None) -> tuple[str, str] | None:
    """The same; None where an article would cut it."""
    if found is None:
        return None
    title, body = found
    fits = len(title.encode()) <= _CARD_TITLE and len(body.encode()) <= _CARD_BODY
    return found if fits else None
