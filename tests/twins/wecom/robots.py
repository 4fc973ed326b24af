"""The servers' group robots, and the one answer behind a bot's response_url."""

import base64
import hashlib
from typing import Any

from tests.twins.record import Bubble
from tests.twins.wecom import cards, media
from tests.twins.wecom.api import Answer, Call, Route
from tests.twins.wecom.corp import HOUR, MINUTE, Corp, Refused, cut
from tests.twins.windows import Window

_TEXT, _MARKDOWN, BOT_MARKDOWN = 2048, 4096, 20480
_PICTURE = 2 * media.MB


class Robots:
    """Robots by key, each in the one group it sits in."""

    def __init__(self, corp: Corp) -> None:
        self._corp = corp
        #: key → chat
        self.groups: dict[str, str] = {}
        self._owners: dict[str, str] = {}
        self._window = Window((20, MINUTE))
        self._blocked: dict[str, float] = {}
        self.routes = {
            "webhook/send": Route("POST", self._send, needs_token=False),
            "webhook/upload_media": Route("POST", self._upload, needs_token=False, is_json=False),
            "aibot/response": Route("POST", self._respond, needs_token=False),
        }

    def _key(self, call: Call) -> str:
        key = call.query.get("key", "")
        if key not in self.groups:
            raise Refused(93000, "invalid webhook url")
        return key

    def _send(self, call: Call) -> Answer:
        key = self._key(call)
        shown = self._content(call.body, key)
        self._count(key)
        now = self._corp.clock.now()
        bubble = Bubble("robot", call.body["msgtype"], shown, self._corp.number("MSG"), now)
        self._corp.record.show(self.groups[key], bubble)
        return Answer()

    def _count(self, key: str) -> None:
        """20 a minute; one too many and the robot is blocked for a minute."""
        now = self._corp.clock.now()
        if now < self._blocked.get(key, 0):
            raise Refused(45009, "api freq out of limit")
        if not self._window.takes(key, now):
            self._blocked[key] = now + MINUTE
            raise Refused(45009, "api freq out of limit")

    def _content(self, body: dict[str, Any], key: str) -> dict[str, Any]:
        kind = body.get("msgtype")
        content = body.get(kind) if isinstance(kind, str) else None
        if not isinstance(content, dict):
            raise Refused(40008, "invalid message type")
        if kind in ("text", "markdown", "markdown_v2"):
            most = _TEXT if kind == "text" else _MARKDOWN
            return content | {"content": bounded(content, most)}
        if kind == "image":
            return _image(content)
        if kind == "news":
            return _news(content)
        if kind in ("file", "voice"):
            return self._media(content, kind, key)
        if kind == "template_card":
            cards.check(content, "robot")
            return content
        raise Refused(40008, "invalid message type")

    def _media(self, content: dict[str, Any], kind: str, key: str) -> dict[str, Any]:
        found = self._corp.media_of(content.get("media_id", ""), kind)
        if self._owners.get(found.id) != key:
            raise Refused(40007, "media of another robot")
        return found.shown()

    def _upload(self, call: Call) -> Answer:
        key, kind = self._key(call), call.query.get("type", "")
        if kind not in ("file", "voice"):
            raise Refused(40004, "invalid media type")
        name, data = media.uploaded(call)
        media.check(kind, data)
        kept = self._corp.keep(kind, name, data)
        self._owners[kept.id] = key
        return Answer({"type": kind, "media_id": kept.id, "created_at": str(int(kept.created))})

    def _respond(self, call: Call) -> Answer:
        """One more answer to a bot's message, within the hour; cards in single chats only."""
        body, code = call.body, call.query.get("response_code", "")
        kind = body.get("msgtype")
        if kind == "markdown":
            shown = {"content": bounded(body.get("markdown", {}), BOT_MARKDOWN)}
        elif kind == "template_card":
            cards.check(body.get("template_card"), "bot")
            shown = body["template_card"]
        else:
            raise Refused(40008, "invalid message type")
        if kind == "template_card" and self._corp.codes.get(code, {}).get("group"):
            raise Refused(40058, "cards in single chats only")
        facts = self._corp.take_code(code, "response_url", HOUR)
        now = self._corp.clock.now()
        bubble = Bubble("bot", kind, shown, self._corp.number("MSG"), now)
        self._corp.record.show(facts["chat"], bubble)
        return Answer()


def bounded(content: Any, most: int) -> str:
    """The content field; 44004 when empty, 40058 when over *most* bytes."""
    text = content.get("content") if isinstance(content, dict) else None
    if not isinstance(text, str) or not text:
        raise Refused(44004, "empty content")
    if len(text.encode()) > most:
        raise Refused(40058, f"content exceed max length {most}")
    return text


def picture(content: Any, most: int) -> bytes:
    """A picture sent as base64 with its md5; raises Refused."""
    try:
        data = base64.b64decode(content["base64"], validate=True)
    except (KeyError, TypeError, ValueError):
        raise Refused(40058, "invalid base64") from None
    if hashlib.md5(data).hexdigest() != content.get("md5"):
        raise Refused(40058, "md5 of the raw bytes differs")
    if len(data) > most:
        raise Refused(40009, "invalid image size")
    media.check("image", data)
    if data.startswith(b"\x89PNG") and data[16:24] == b"\0\0\0\1\0\0\0\1":
        raise Refused(40123, "image too small")
    return data


def _image(content: dict[str, Any]) -> dict[str, Any]:
    return {"data": picture(content, _PICTURE)}


def _news(content: dict[str, Any]) -> dict[str, Any]:
    articles = content.get("articles", ())
    if not 1 <= len(articles) <= 8:
        raise Refused(45008, "1 to 8 articles")
    if not all(each.get("title") and each.get("url") for each in articles):
        raise Refused(41016, "missing title or url")
    sizes = {"title": 128, "description": 512}
    return {
        "articles": [
            each | {name: cut(each[name], size) for name, size in sizes.items() if name in each}
            for each in articles
        ]
    }
