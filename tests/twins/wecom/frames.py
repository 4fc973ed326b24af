"""An intelligent bot on the long connection: what it is told and what its frames do."""

import base64
import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.twins.record import Bubble
from tests.twins.wecom import cards, media
from tests.twins.wecom.bot_door import update_card
from tests.twins.wecom.corp import DAY, HOUR, MINUTE, Corp, Refused
from tests.twins.wecom.media import MediaStore
from tests.twins.wecom.robots import BOT_MARKDOWN, bounded
from tests.twins.wecom.speech import Speech, chat_of
from tests.twins.wecom.streams import Streams
from tests.twins.windows import Window

_QUICK = 5.0
_CHUNK, _CHUNKS = 512 * 1024, 100
_SINGLE, _GROUP = 1, 2
_MEDIA = ("file", "image", "voice", "video")


@dataclass
class Exchange:
    """One callback on the connection, by whose req_id the bot answers."""

    req_id: str
    body: dict[str, Any]
    at: float
    #: There was no connection to send it on; it is not repeated.
    is_lost: bool = False
    is_welcomed: bool = False

    @property
    def event(self) -> str:
        return str(self.body.get("event", {}).get("eventtype", ""))


@dataclass
class _Upload:
    type: str
    name: str
    size: int
    count: int
    md5: str
    begun: float
    chunks: dict[int, bytes] = field(default_factory=dict)


class Frames(Speech[Exchange]):
    """The bot as its people use it, and every frame it may send."""

    def __init__(self, corp: Corp, store: MediaStore, bot_id: str, secret: str) -> None:
        super().__init__(corp, bot_id)
        self._media, self.secret = store, secret
        #: Set by the twin: sends a frame on the live connection.
        self.tell: Callable[[dict[str, Any]], bool] = lambda frame: False
        self.exchanges: dict[str, Exchange] = {}
        #: Chats that have spoken to the bot, which may be spoken to.
        self.known: dict[str, int] = {}
        #: The page's example counts chunks from 1, the makers' client from 0.
        self.first_chunk = 0
        #: Whether each frame of a growing answer counts, or the answer once.
        self.counts_frames = False
        #: Keys of media may come without their `=`.
        self.pads_keys = False
        self._streams = Streams(corp, with_pictures=False)
        self._per_chat = Window((30, MINUTE), (1000, HOUR))
        self._per_bot = Window((30, MINUTE), (1000, HOUR))
        self._uploads: dict[str, _Upload] = {}
        self._commands = {
            "aibot_respond_msg": self._respond,
            "aibot_respond_welcome_msg": self._welcome,
            "aibot_respond_update_msg": self._update,
            "aibot_send_msg": self._push,
            "aibot_upload_media_init": self._begin_upload,
            "aibot_upload_media_chunk": self._add_chunk,
            "aibot_upload_media_finish": self._finish_upload,
        }

    def _link(self, name: str, data: bytes) -> dict[str, str]:
        key = os.urandom(32)
        told = base64.b64encode(key).decode()
        url = self._media.link(name, data, key)
        return {"url": url, "aeskey": told if self.pads_keys else told.rstrip("=")}

    def carry(self, body: dict[str, Any]) -> Exchange:
        exchange = Exchange(self._corp.number("REQ"), body, self._corp.clock.now())
        self.exchanges[exchange.req_id] = exchange
        self.known[chat_of(body)] = _GROUP if body["chattype"] == "group" else _SINGLE
        exchange.is_lost = not self.tell(self._callback(exchange))
        return exchange

    def repeat(self, exchange: Exchange) -> None:
        """Bring the same callback once more; repeats happen."""
        self.tell(self._callback(exchange))

    def _callback(self, exchange: Exchange) -> dict[str, Any]:
        cmd = "aibot_event_callback" if exchange.event else "aibot_msg_callback"
        return {"cmd": cmd, "headers": {"req_id": exchange.req_id}, "body": exchange.body}

    def disconnected(self) -> dict[str, Any]:
        """The frame for a connection that another one has taken over."""
        body = {
            "msgid": self._corp.number("BOTMSG"),
            "create_time": int(self._corp.clock.now()),
            "aibotid": self.bot_id,
            "msgtype": "event",
            "event": {"eventtype": "disconnected_event"},
        }
        headers = {"req_id": self._corp.number("REQ")}
        return {"cmd": "aibot_event_callback", "headers": headers, "body": body}

    def take(self, cmd: str, req_id: str, body: dict[str, Any]) -> dict[str, Any]:
        """Do what a subscribed connection asks; raises Refused."""
        command = self._commands.get(cmd)
        if command is None:
            self._corp.record.complaints.append(f"unknown cmd {cmd}")
            raise Refused(40058, "unknown cmd")
        return command(req_id, body)

    def _asked(self, req_id: str, event: str, seconds: float) -> Exchange:
        """The callback that is answered, in time and in kind."""
        found = self.exchanges.get(req_id)
        if found is None or found.event != event:
            raise Refused(846605, "invalid req_id")
        if self._corp.clock.now() - found.at > seconds:
            raise Refused(846605, "req_id expired")
        return found

    def _count(self, chat: str) -> None:
        if not self._per_chat.takes(chat, self._corp.clock.now()):
            raise Refused(846607, "send frequency exceeded")

    def _respond(self, req_id: str, body: dict[str, Any]) -> dict[str, Any]:
        asked = self._asked(req_id, "", DAY)
        chat = chat_of(asked.body)
        if body.get("msgtype") != "stream":
            self._say(chat, body)
            return {}
        known = self._streams.find(req_id, body.get("stream", {}).get("id"))
        if known is None or self.counts_frames:
            self._count(chat)
        self._streams.take(chat, req_id, body.get("stream"))
        return {}

    def _say(self, chat: str, body: dict[str, Any]) -> None:
        """Show one message, counted."""
        kind = str(body.get("msgtype"))
        content = body.get(kind)
        if kind == "markdown":
            shown = {"content": bounded(content, BOT_MARKDOWN)}
        elif kind == "template_card":
            cards.check(content, "bot")
            shown = dict(content or {})
        elif kind in _MEDIA and isinstance(content, dict):
            shown = self._corp.media_of(content.get("media_id", ""), kind).shown()
        else:
            raise Refused(40008, "invalid message type")
        self._count(chat)
        if kind == "template_card":
            self._corp.note_task(self.bot_id, shown)
        self._show(chat, kind, shown)

    def _show(self, chat: str, kind: str, shown: dict[str, Any]) -> None:
        now = self._corp.clock.now()
        self._corp.record.show(chat, Bubble("bot", kind, shown, self._corp.number("MSG"), now))

    def _welcome(self, req_id: str, body: dict[str, Any]) -> dict[str, Any]:
        asked = self._asked(req_id, "enter_chat", _QUICK)
        if asked.is_welcomed:
            raise Refused(846605, "welcomed already")
        kind = body.get("msgtype")
        if kind == "text":
            shown = {"content": bounded(body.get("text"), BOT_MARKDOWN)}
        elif kind == "template_card":
            cards.check(body.get("template_card"), "bot")
            shown = dict(body["template_card"])
        else:
            raise Refused(40008, "invalid message type")
        asked.is_welcomed = True
        self._show(chat_of(asked.body), str(kind), shown)
        return {}

    def _update(self, req_id: str, body: dict[str, Any]) -> dict[str, Any]:
        asked = self._asked(req_id, "template_card_event", _QUICK)
        tapped = asked.body["event"]["template_card_event"]["task_id"]
        update_card(self._corp, chat_of(asked.body), tapped, body)
        return {}

    def _push(self, req_id: str, body: dict[str, Any]) -> dict[str, Any]:
        chat, kind = str(body.get("chatid", "")), body.get("chat_type")
        # Groups' ids are case-sensitive, people's are not.
        chat = chat.casefold() if kind == _SINGLE else chat
        if not chat or self.known.get(chat) != kind:
            raise Refused(93006, "invalid chatid")
        self._say(chat, body)
        return {}

    def _begin_upload(self, req_id: str, body: dict[str, Any]) -> dict[str, Any]:
        now = self._corp.clock.now()
        if not self._per_bot.takes("upload", now):
            raise Refused(846607, "upload frequency exceeded")
        size, count = body.get("total_size", 0), body.get("total_chunks", 0)
        if not 1 <= count <= _CHUNKS or size > count * _CHUNK:
            raise Refused(40058, "total_chunks: 1 to 100 of at most 512 KB")
        name, kind = body.get("filename", ""), body.get("type", "")
        if not name or kind not in _MEDIA:
            raise Refused(40004, "invalid media type or no filename")
        ident = self._corp.number("UPLOAD")
        self._uploads[ident] = _Upload(kind, name, size, count, body.get("md5", ""), now)
        return {"upload_id": ident}

    def _upload(self, body: dict[str, Any]) -> _Upload:
        """The upload in hand; it lives 30 minutes, whatever becomes of the connection."""
        found = self._uploads.get(body.get("upload_id", ""))
        if found is None or self._corp.clock.now() - found.begun > HOUR / 2:
            raise Refused(40058, "invalid upload_id")
        return found

    def _add_chunk(self, req_id: str, body: dict[str, Any]) -> dict[str, Any]:
        upload, index = self._upload(body), body.get("chunk_index")
        first = self.first_chunk
        if not isinstance(index, int) or not first <= index < first + upload.count:
            raise Refused(40058, "invalid chunk_index")
        try:
            data = base64.b64decode(body["base64_data"], validate=True)
        except (KeyError, ValueError):
            raise Refused(40058, "invalid base64_data") from None
        if len(data) > _CHUNK:
            raise Refused(40058, "a chunk has at most 512 KB")
        upload.chunks[index] = data
        return {}

    def _finish_upload(self, req_id: str, body: dict[str, Any]) -> dict[str, Any]:
        upload = self._upload(body)
        data = b"".join(upload.chunks[index] for index in sorted(upload.chunks))
        if len(upload.chunks) < upload.count or len(data) != upload.size:
            raise Refused(40058, "chunks missing")
        if upload.md5 and upload.md5 != hashlib.md5(data).hexdigest():
            raise Refused(40058, "md5 differs")
        media.check(upload.type, data)
        kept = self._corp.keep(upload.type, upload.name, data)
        del self._uploads[body["upload_id"]]
        return {
            "type": kept.type,
            "media_id": kept.id,
            "created_at": str(int(kept.created)),
        }
