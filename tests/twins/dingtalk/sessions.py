"""The servers' sessionWebhook: answers to a message, in its own chat, while the session lives."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.twins.dingtalk import bodies
from tests.twins.dingtalk.corp import Corp, Refused
from tests.twins.dingtalk.record import Bubble
from tests.twins.dingtalk.wire import Answer, Call, Route

LIFE = 5400.0
_NONE = 300001


@dataclass(frozen=True)
class Session:
    """What an address belongs to."""

    chat: str
    is_group: bool
    until: float


class Sessions:
    """Every address given out."""

    def __init__(self, corp: Corp) -> None:
        self._corp = corp
        self._all: dict[str, Session] = {}
        #: How long an address truly lives, whatever the message says; field reports differ.
        self.real_life: float | None = None
        self.routes = {
            "robot/sendBySession": Route("POST", self._send, needs_token=False, pool="webhook"),
        }

    def opened(self, conversation: str, person: str = "") -> tuple[str, float]:
        """An address and when it ends; *person*: of the single chat, else the group's."""
        now, ident = self._corp.clock.now(), self._corp.number("session-")
        life = LIFE if self.real_life is None else self.real_life
        self._all[ident] = Session(person or conversation, not person, now + life)
        return f"{self._corp.url}/robot/sendBySession?session={ident}", now + LIFE

    def forget(self) -> None:
        """No address given out so far is good any more."""
        self._all.clear()

    def say(self, url: str, body: dict[str, Any]) -> None:
        """A message in the answer to a callback, in the formats of this webhook."""
        ident = parse_qs(urlsplit(url).query)["session"][0]
        size = len(json.dumps(body, ensure_ascii=False).encode())
        self._show(self._all[ident], bodies.read(body, size, self._corp), "answer")

    def _send(self, call: Call) -> Answer:
        if more := set(call.query) - {"session"}:
            self._corp.complain(f"sendBySession has no parameters {sorted(more)}")
        session = self._all.get(call.query.get("session", ""))
        if session is None or self._corp.clock.now() >= session.until:
            raise Refused(_NONE, "session 不存在")
        self._show(session, bodies.read(call.body, len(call.raw), self._corp), "session")
        return Answer()

    def _show(self, session: Session, said: bodies.Said, door: str) -> None:
        now, ident = self._corp.clock.now(), self._corp.number("msg")
        members = self._corp.groups[session.chat].members if session.is_group else {session.chat}
        mentions = tuple(each for each in said.mentions if each in members)
        bubble = Bubble(door, said.kind, said.shown, f"{ident}==", now, links=said.links)
        bubble.mentions = mentions
        self._corp.record.show(session.chat, bubble)
