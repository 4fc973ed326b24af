"""What people say to an intelligent bot: the bodies, the same on either of its doors."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar

from tests.twins.wecom.corp import Corp

E = TypeVar("E")


class Speech(ABC, Generic[E]):
    """People and what they do; the door carries the body and returns the exchange."""

    def __init__(self, corp: Corp, bot_id: str) -> None:
        self._corp, self.bot_id = corp, bot_id

    @abstractmethod
    def carry(self, body: dict[str, Any]) -> E:
        """Bring one body to the bot."""

    @abstractmethod
    def _link(self, name: str, data: bytes) -> dict[str, str]:
        """Where the bot finds *data*, for five minutes."""

    def says(
        self, userid: str, text: str, *, chat: str = "", quote: dict[str, Any] | None = None
    ) -> E:
        """Words; in a group (*chat*) they hold the mention as it was typed."""
        return self.carry(self._message(userid, chat, text_item(text), quote))

    def shows(self, userid: str, data: bytes, name: str = "image.jpg") -> E:
        """One picture; a group's come only inside `mixes` or a quote."""
        return self.carry(self._message(userid, "", self.picture_item(data, name)))

    def mixes(self, userid: str, *parts: str | bytes, chat: str = "") -> E:
        """Words and pictures in one message."""
        return self.carry(self._message(userid, chat, self.mixed_item(*parts)))

    def speaks(self, userid: str, content: str) -> E:
        """Voice, as the servers wrote it down."""
        return self.carry(
            self._message(userid, "", {"msgtype": "voice", "voice": {"content": content}})
        )

    def hands(self, userid: str, name: str, data: bytes) -> E:
        """A file."""
        return self.carry(self._message(userid, "", self.file_item(name, data)))

    def films(self, userid: str, data: bytes = b"\0\0\0\x18ftypmp42") -> E:
        item = {"msgtype": "video", "video": self._link("video.mp4", data)}
        return self.carry(self._message(userid, "", item))

    def enters(self, userid: str) -> E:
        """The first look into the single chat of the day."""
        return self.event(userid, "enter_chat", {})

    def taps_card(
        self,
        userid: str,
        card: Mapping[str, Any],
        key: str,
        selected: Mapping[str, Sequence[str]] | None = None,
        *,
        chat: str = "",
    ) -> E:
        """A button of a card, with what was selected on it."""
        event: dict[str, Any] = {
            "card_type": card["card_type"],
            "event_key": key,
            "task_id": card.get("task_id", ""),
        }
        if selected:
            event["selected_items"] = {
                "selected_item": [
                    {"question_key": question, "option_ids": {"option_id": list(options)}}
                    for question, options in selected.items()
                ]
            }
        return self.event(userid, "template_card_event", event, chat=chat)

    def judges(self, userid: str, ident: str, kind: int, content: str = "") -> E:
        """Feedback on an answer: 1 good, 2 bad, 3 withdrawn."""
        return self.event(userid, "feedback_event", {"id": ident, "type": kind, "content": content})

    def event(self, userid: str, name: str, fields: Mapping[str, Any], *, chat: str = "") -> E:
        """Any event."""
        item = {
            "create_time": int(self._corp.clock.now()),
            "msgtype": "event",
            "event": {"eventtype": name, name: dict(fields)} if fields else {"eventtype": name},
        }
        return self.carry(self._message(userid, chat, item))

    def mixed_item(self, *parts: str | bytes) -> dict[str, Any]:
        """For a message or a quote."""
        items = [text_item(p) if isinstance(p, str) else self.picture_item(p) for p in parts]
        return {"msgtype": "mixed", "mixed": {"msg_item": items}}

    def picture_item(self, data: bytes, name: str = "image.jpg") -> dict[str, Any]:
        """For a mixed message or a quote."""
        return {"msgtype": "image", "image": self._link(name, data)}

    def file_item(self, name: str, data: bytes) -> dict[str, Any]:
        """For a message or a quote."""
        return {"msgtype": "file", "file": self._link(name, data)}

    def _message(
        self,
        userid: str,
        chat: str,
        item: Mapping[str, Any],
        quote: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        place = {"chatid": chat, "chattype": "group"} if chat else {"chattype": "single"}
        where = chat or userid.casefold()
        code = self._corp.offer_code(kind="response_url", chat=where, group=bool(chat))
        return {
            "msgid": self._corp.number("BOTMSG"),
            "aibotid": self.bot_id,
            **place,
            "from": {"userid": userid},
            "response_url": f"{self._corp.url}/cgi-bin/aibot/response?response_code={code}",
            **item,
            **({"quote": quote} if quote else {}),
        }


def text_item(text: str) -> dict[str, Any]:
    """For a message, a mixed message or a quote."""
    return {"msgtype": "text", "text": {"content": text}}


def chat_of(body: Mapping[str, Any]) -> str:
    """Where a body was said, as the screens name it."""
    return str(body.get("chatid") or body["from"]["userid"].casefold())
