"""One word of ours as one message of DingTalk's: a text, markdown, or an action card."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.calls import Json
from bot.dingtalk.buttons import MOST, Button, buttons, links, page_button, stand_side_by_side
from bot.dingtalk.markdown import as_markdown, joined, page_link, plain, shown_markdown
from models.shown import Page
from scheduler.routing import Parcel

#: A message's own part of a call, in bytes of JSON.
LONGEST = 15_000
#: So many UTF-8 bytes of text leave together: as JSON a plain text is at most twice as long.
LARGEST = 7_000
#: Of markdown in UTF-8 bytes: users report that what is beyond some 5,600 is cut.
LONGEST_MARKDOWN = 5_500
#: What a phone shows of a card, in UTF-8 bytes of its text: no limit is documented.
_CARD = 1_500
TITLE = 40
#: The title of what has no first line.
NO_TITLE = "请查看"
#: So many people one message mentions.
_MOST_MENTIONED = 50


@dataclass(frozen=True)
class Words:
    """What is said: without a title a text, else markdown, with buttons an action card."""

    text: str
    title: str = ""
    buttons: tuple[Button, ...] = ()


def worded(parcel: Parcel, *, alone: bool) -> Words:
    """All that the word says, in the best form that arrives whole.

    *alone*: in a single chat, where a tap on a button says its words to the bot.
    """
    forms = (each for each in _forms(parcel, alone=alone) if _fits(each))
    return next(forms, Words(plain(parcel.text)))


def for_api(said: Words) -> tuple[str, dict[str, str]]:
    """The key of the message and its parameters as the API has them."""
    if not said.title:
        return "sampleText", {"content": said.text}
    body = {"title": said.title, "text": said.text}
    if not said.buttons:
        return "sampleMarkdown", body
    if len(said.buttons) == 1:
        [only] = said.buttons
        return "sampleActionCard", body | {"singleTitle": only.label, "singleURL": only.address}
    if stand_side_by_side(said.buttons):
        return "sampleActionCard6", body | _numbered(said.buttons, "buttonTitle", "buttonUrl")
    numbered = _numbered(said.buttons, "actionTitle", "actionURL")
    return f"sampleActionCard{len(said.buttons)}", body | numbered


def for_webhook(said: Words, mentioned: Sequence[str] = ()) -> Json:
    """The body of a call to a webhook; *mentioned* are user ids to the letter.

    Only who stands in the text as well is called.
    """
    called = list(mentioned)[:_MOST_MENTIONED]
    text = "\n".join(filter(None, (said.text, " ".join(f"@{each}" for each in called))))
    at = {"at": {"atUserIds": called, "isAtAll": False}} if called else {}
    if not said.title:
        return {"msgtype": "text", "text": {"content": text}, **at}
    body: Json = {"title": said.title, "text": text}
    if not said.buttons:
        return {"msgtype": "markdown", "markdown": body, **at}
    return {"msgtype": "actionCard", "actionCard": body | _tapped(said.buttons), **at}


def _forms(parcel: Parcel, *, alone: bool) -> Iterator[Words]:
    """The forms that say all of it, the best first."""
    shown, choices = parcel.shown, parcel.choices if alone else ()
    title = _title(parcel.text)
    text = shown_markdown(shown, with_page=False) if shown else as_markdown(parcel.text)
    page = shown.page if shown else None
    link, caption = (page_link(page), _caption(page)) if page else ("", "")
    offered = buttons(choices) or ((page_button(page),) if page else ())
    if offered and len(offered) <= MOST:
        card = joined(text, link if choices else caption)
        if len(card.encode()) <= _CARD:
            yield Words(card, title, offered)
    if offered or (shown and shown.table):
        yield Words(joined(text, link, links(choices)), title)


def _caption(page: Page) -> str:
    """What the label says that its button has no room for."""
    return as_markdown(page.label) if page_button(page).label != page.label else ""


def _title(text: str) -> str:
    """What the list of chats shows of it: the first line, cut."""
    first = plain(text).strip().partition("\n")[0].rstrip("：")
    return (first if len(first) <= TITLE else f"{first[: TITLE - 1]}…") or NO_TITLE


def _fits(said: Words) -> bool:
    whole = json.dumps(for_api(said)[1], ensure_ascii=False)
    return len(whole.encode()) <= LONGEST and len(said.text.encode()) <= LONGEST_MARKDOWN


def _numbered(found: Sequence[Button], title: str, address: str) -> dict[str, str]:
    pairs = ((str(at), each) for at, each in enumerate(found, 1))
    return {
        name: value
        for at, each in pairs
        for name, value in ((title + at, each.label), (address + at, each.address))
    }


def _tapped(found: Sequence[Button]) -> Json:
    """The buttons of a card, as a webhook has them."""
    if len(found) == 1:
        return {"singleTitle": found[0].label, "singleURL": found[0].address}
    listed = [{"title": each.label, "actionURL": each.address} for each in found]
    return {"btns": listed, "btnOrientation": "1" if stand_side_by_side(tuple(found)) else "0"}
