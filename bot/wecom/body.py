"""What an 智能机器人 hears: the same body at its address and on its long connection."""

import hashlib
import json
import re
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog

from bot.platforms.base import without_nul
from bot.wecom.xml import parts, texts
from models.errors import BadRequest
from models.message import Attachment, ChatKind, IncomingMessage, MessageKind

log = structlog.get_logger()

NAME = "wecom_bot"
PLATFORM = "wecom"
#: How the numbers of its messages begin.
PREFIX = "bot:"
_MEDIA = ("image", "file")
#: Events that ask for nothing.
_QUIET = ("enter_chat", "feedback_event", "disconnected_event")

Body = dict[str, Any]


def message_in(body: Body, bot_name: str, received_at: datetime) -> IncomingMessage | None:
    """The message; None for an event that asks for nothing. Raises BadRequest where it is none."""
    kind = _text(body, "msgtype")
    if kind == "event":
        return _tapped(body, received_at)
    text, attachments = _content(body, kind)
    is_read = bool(text or attachments)
    quoted_text, quoted = _quoted(body)
    message = _addressed(body, _text(body, "msgid"), received_at)
    if message.chat_kind == ChatKind.GROUP:
        # What a group holds the bot is only shown by a quote, or with words.
        attachments = (*attachments, *quoted)
    return replace(
        message,
        # Whoever is used to groups mentions the bot where they are alone with it as well.
        text=without_mention(text, bot_name),
        kind=MessageKind.TEXT if is_read else MessageKind.OTHER,
        attachments=attachments,
        quoted_text=quoted_text,
    )


def is_one_of_many(heard: IncomingMessage) -> bool:
    """Whether more pictures may follow, which are answered together.

    Their exchanges end at once: WeCom brings nothing to a bot from whoever has three open ones.
    """
    are_pictures = bool(heard.attachments) and all(each.is_picture for each in heard.attachments)
    return heard.chat_kind == ChatKind.SINGLE and are_pictures and not heard.text.strip()


def number_of(body: Body) -> str:
    """What tells a message from another: events may have no number of their own."""
    if number := _text(body, "msgid"):
        return number
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:32]


def stream_of(body: Body) -> str:
    """Which answer is asked for."""
    return _text(_object(body, "stream"), "id")


def sender_of(body: Body) -> str:
    """Who wrote it; raises BadRequest where nobody did."""
    sender = _text(_object(body, "from"), "userid").casefold()
    if not sender:
        raise BadRequest("nobody wrote it")
    return sender


def without_mention(text: str, name: str) -> str:
    """What was said to the bot: the configured name is cut, whoever else is mentioned stays."""
    plain = text.strip()
    mention = f"@{name}"
    if name and plain.casefold().startswith(mention.casefold()):
        return plain[len(mention) :].strip()
    if name and plain.casefold().endswith(mention.casefold()):
        return plain[: -len(mention)].strip()
    # 你好 @答卷 任务
    return re.sub(rf"(?<=\s){re.escape(mention)}\s+", "", plain, flags=re.I) if name else plain


def _tapped(body: Body, received_at: datetime) -> IncomingMessage | None:
    """A button says what stands in its key; other events ask for nothing."""
    event = _object(body, "event")
    name = _text(event, "eventtype")
    if name != "template_card_event":
        if name not in _QUIET:
            log.info("unknown event", kind=name[:40])
        return None
    card = _object(event, "template_card_event")
    key = _text(card, "event_key") or _text(card, "eventkey")
    picked = [option for _, options in selected(card) for option in options]
    words = " ".join(filter(None, (key, *picked)))
    if not words:
        return None
    return replace(_addressed(body, number_of(body), received_at), text=words)


def selected(card: Body) -> list[tuple[str, list[str]]]:
    """What was picked on a card: each question with its options, one or several alike."""
    items = parts(_object(card, "selected_items").get("selected_item"))
    return [(_text(each, "question_key"), _options(each)) for each in items]


def _options(item: Body) -> list[str]:
    return [without_nul(each) for each in texts(_object(item, "option_ids").get("option_id"))]


def _addressed(body: Body, number: str, received_at: datetime) -> IncomingMessage:
    """Who wrote in which chat; a group's address keeps its case."""
    sender = sender_of(body)
    if not number:
        raise BadRequest("a message without a number")
    is_group = _text(body, "chattype") == "group"
    chat_id = _text(body, "chatid") if is_group else sender
    if not chat_id:
        raise BadRequest("a group without an address")
    return IncomingMessage(
        platform=PLATFORM,
        via=NAME,
        message_id=f"{PREFIX}{number}",
        sender_id=sender,
        chat_id=chat_id,
        chat_kind=ChatKind.GROUP if is_group else ChatKind.SINGLE,
        text="",
        sent_at=received_at,
    )


def _content(body: Body, kind: str) -> tuple[str, tuple[Attachment, ...]]:
    """The words and what came along, in their order."""
    if kind != "mixed":
        return _part(body, kind)
    found = [_part(e, _text(e, "msgtype")) for e in parts(_object(body, kind).get("msg_item"))]
    words = "\n".join(text for text, _ in found if text)
    return words, tuple(each for _, attachments in found for each in attachments)


def _part(body: Body, kind: str) -> tuple[str, tuple[Attachment, ...]]:
    part = _object(body, kind)
    if kind in ("text", "voice"):
        return _text(part, "content"), ()
    address = _text(part, "url")
    if kind not in _MEDIA or not address:
        return "", ()
    key = _text(part, "aeskey")
    return "", (Attachment(f"{key} {address}", "", kind == "image"),)


def _quoted(body: Body) -> tuple[str, tuple[Attachment, ...]]:
    quote = _object(body, "quote")
    return _content(quote, _text(quote, "msgtype"))


def _object(body: Body, name: str) -> Body:
    value = body.get(name)
    return value if isinstance(value, dict) else {}


def _text(body: Body, name: str) -> str:
    """A text as every database can store it; empty where there is none."""
    value = body.get(name)
    return without_nul(value) if isinstance(value, str) else ""
