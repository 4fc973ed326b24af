"""Answers that grow: each frame is the whole text so far and replaces the bubble."""

from dataclasses import dataclass
from typing import Any

from tests.twins.record import Bubble
from tests.twins.wecom.corp import Corp, Refused
from tests.twins.wecom.media import MB
from tests.twins.wecom.robots import BOT_MARKDOWN, picture

LIFE = 360.0
_PICTURES, _PICTURE = 10, 10 * MB


@dataclass
class Stream:
    """One growing answer."""

    id: str
    bubble: Bubble
    begun: float
    is_finished: bool = False


class Streams:
    """The streams of one bot."""

    def __init__(self, corp: Corp, *, with_pictures: bool) -> None:
        self._corp, self._with_pictures = corp, with_pictures
        self._all: dict[tuple[str, str], Stream] = {}

    def find(self, question: str, ident: Any) -> Stream | None:
        return self._all.get((question, str(ident)))

    def take(self, chat: str, question: str, body: Any) -> Stream:
        """One frame of an answer to *question*; raises Refused."""
        if not isinstance(body, dict) or not body.get("id"):
            raise Refused(40058, "stream.id missing")
        content, finish = body.get("content", ""), bool(body.get("finish"))
        if len(content.encode()) > BOT_MARKDOWN:
            raise Refused(40058, f"stream.content exceed max length {BOT_MARKDOWN}")
        pictures = self._pictures(body.get("msg_item", ()), finish)
        found = self.find(question, body["id"])
        if found is not None and (found.is_finished or self._corp.clock.now() - found.begun > LIFE):
            raise Refused(846608, "stream expired")
        self._check_feedback(body.get("feedback"), is_first=found is None)
        if found is None:
            found = self._begin(chat, question, body["id"])
        found.is_finished = finish
        found.bubble.body = {"content": content, "finish": finish, "pictures": pictures}
        self._corp.record.changed()
        return found

    def _begin(self, chat: str, question: str, ident: str) -> Stream:
        now = self._corp.clock.now()
        bubble = Bubble("bot", "stream", {}, self._corp.number("MSG"), now)
        self._corp.record.show(chat, bubble)
        stream = Stream(ident, bubble, now)
        self._all[(question, ident)] = stream
        return stream

    def _pictures(self, items: Any, finish: bool) -> list[bytes]:
        if items and not (finish and self._with_pictures):
            raise Refused(40058, "msg_item only in the last frame, and not on a connection")
        if len(items) > _PICTURES:
            raise Refused(40058, "more than 10 pictures")
        return [picture(each.get("image"), _PICTURE) for each in items]

    def _check_feedback(self, feedback: Any, *, is_first: bool) -> None:
        if feedback is not None and not is_first:
            raise Refused(40058, "feedback in the first frame only")
        if feedback is not None and not 0 < len(feedback["id"].encode()) <= 256:
            raise Refused(40058, "feedback.id: 1 to 256 bytes")
