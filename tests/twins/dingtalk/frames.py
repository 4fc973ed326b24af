"""The stream's frames: how they look, how they are acknowledged, and the robot that hears them."""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from tests.twins.dingtalk.corp import Corp, Robot
from tests.twins.dingtalk.media import MediaStore
from tests.twins.dingtalk.sessions import Sessions
from tests.twins.dingtalk.speech import Speech
from tests.twins.record import Record

SYSTEM, EVENT, CALLBACK = "SYSTEM", "EVENT", "CALLBACK"
MESSAGES, CARDS = "/v1.0/im/bot/messages/get", "/v1.0/card/instances/callback"
_JSON = "application/json"
_KNOWN_CODES = {200, 400, 404, 500}


@dataclass(frozen=True)
class Ack:
    """What came back to one frame."""

    code: int
    message: str
    data: Any
    at: float
    #: Real seconds since the frame was sent.
    delay: float
    #: The connection it came on.
    connection: Any


@dataclass
class Try:
    """One time that a frame was sent; no connection: there was none to send it on."""

    at: float
    message_id: str
    connection: Any
    sent: float = field(default_factory=time.monotonic)


@dataclass
class Carried:
    """One callback or event on its way over the stream."""

    type: str
    topic: str
    data: dict[str, Any]
    record: Record
    #: Beside the usual headers: what events add.
    headers: dict[str, str] = field(default_factory=dict)
    tries: list[Try] = field(default_factory=list)
    acks: list[Ack] = field(default_factory=list)
    is_over: bool = False
    #: Wakes whoever waits, on the servers' loop, to send it again.
    heard: asyncio.Event = field(default_factory=asyncio.Event)
    #: Called with every acknowledgement.
    read: Callable[[Ack], None] | None = None

    @property
    def msgid(self) -> str:
        return str(self.data.get("msgId", ""))

    @property
    def is_lost(self) -> bool:
        """Whether it was sent for the last time and nobody has acknowledged it."""
        return self.is_over and not self.acks

    def answer(self, seconds: float = 10) -> Ack:
        """The first acknowledgement; waits for it."""
        self.record.wait(lambda: bool(self.acks) or self.is_over, seconds, "an acknowledgement")
        assert self.acks, f"nobody acknowledged {self.topic}"
        return self.acks[0]

    def wait_tries(self, count: int, seconds: float = 10) -> None:
        """Return once it has been sent *count* times."""
        self.record.wait(lambda: len(self.tries) >= count, seconds, f"{count} tries")

    def hear(self, ack: Ack) -> None:
        """An acknowledgement has come."""
        self.acks.append(ack)
        if self.read is not None:
            self.read(ack)
        if not self.is_put_off(ack):
            self.is_over = True
            self.heard.set()

    def is_put_off(self, ack: Ack) -> bool:
        """Whether an event is to come again later."""
        status = ack.data.get("status") if isinstance(ack.data, dict) else None
        return self.type == EVENT and (ack.code != 200 or status == "LATER")


class Unreadable(Exception):
    """What a client sent is no acknowledgement."""


def written(
    type: str, headers: Mapping[str, str], data: Mapping[str, Any], headers_name: str = "headers"
) -> str:
    """A frame as it goes over the wire; one official sample has `header` for *headers_name*."""
    frame = {
        "specVersion": "1.0",
        "type": type,
        headers_name: {"contentType": _JSON, **headers},
        "data": json.dumps(data, ensure_ascii=False),
    }
    return json.dumps(frame, ensure_ascii=False)


def read(text: str | bytes) -> tuple[str, int, str, Any]:
    """Message id, code, message and data of an acknowledgement; raises Unreadable."""
    if isinstance(text, bytes):
        raise Unreadable("an acknowledgement in a binary frame")
    try:
        frame = json.loads(text)
        headers, code, message = frame["headers"], frame["code"], frame["message"]
        data = json.loads(frame["data"])
        if code not in _KNOWN_CODES or isinstance(code, bool):
            raise Unreadable(f"code {code!r}")
        if headers["contentType"] != _JSON:
            raise Unreadable(f"contentType {headers['contentType']!r}")
        return str(headers["messageId"]), code, str(message), data
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable(f"no acknowledgement: {error!r}") from None


class Frames(Speech[Carried]):
    """The robot on the stream, as its people use it."""

    def __init__(self, corp: Corp, robot: Robot, media: MediaStore, sessions: Sessions) -> None:
        super().__init__(corp, robot, media, sessions)
        #: Set by the twin: sets a frame on its way.
        self.tell: Callable[[Carried], None] = lambda carried: None

    def carry(self, body: dict[str, Any]) -> Carried:
        return self._sent(MESSAGES, body)

    def keep_back(self, body: dict[str, Any]) -> Carried:
        return Carried(CALLBACK, MESSAGES, body, self._corp.record, is_over=True)

    def repeat(self, carried: Carried) -> Carried:
        """Bring the same message once more, whatever became of it; repeats happen."""
        return self._sent(carried.topic, carried.data)

    def taps(
        self,
        person: str,
        out_track_id: str,
        params: Mapping[str, Any],
        *,
        corp: str = "",
        field: str = "content",
    ) -> Carried:
        def read(ack: Ack) -> None:
            if ack.code == HTTPStatus.OK and (told := ack.data.get("response")):
                self._corp.answer_card(out_track_id, told, person)

        return self._sent(CARDS, self._tapped(person, out_track_id, params, corp, field), read)

    def calls(self, topic: str, data: dict[str, Any]) -> Carried:
        """A callback of any topic."""
        return self._sent(topic, data)

    def event(self, name: str, data: dict[str, Any]) -> Carried:
        """An event of the organisation; such come again until they succeed."""
        headers = {
            "eventId": self._corp.number("event"),
            "eventType": name,
            "eventCorpId": self._corp.id,
            "eventBornTime": str(int(self._corp.clock.now() * 1000)),
            "eventUnifiedAppId": "unified-app",
        }
        carried = Carried(EVENT, "*", data, self._corp.record, headers)
        self.tell(carried)
        return carried

    def _sent(
        self, topic: str, data: dict[str, Any], read: Callable[[Ack], None] | None = None
    ) -> Carried:
        carried = Carried(CALLBACK, topic, data, self._corp.record, read=read)
        self.tell(carried)
        return carried
