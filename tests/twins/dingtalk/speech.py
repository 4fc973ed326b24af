"""What people say to an enterprise robot: the bodies, the same over HTTP and the stream."""

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Generic, TypeVar
from urllib.parse import parse_qs, urlsplit

from tests.twins.dingtalk.corp import Corp, Robot
from tests.twins.dingtalk.media import MediaStore
from tests.twins.dingtalk.record import Bubble
from tests.twins.dingtalk.sessions import Sessions

E = TypeVar("E")
SINGLE, GROUP = "1", "2"
_NEVER_FROM_GROUPS = {"audio", "video", "file"}
_QUOTA_CODE, _QUOTA_WORDS = "20001", "Webhook&Stream quota used up"
MP4 = b"\0\0\0\x18ftypmp42"


class Speech(ABC, Generic[E]):
    """People and what they do; the door carries the body and returns what becomes of it.

    Who is no member of the corporation is an outsider, whose staff id the robot is not told.
    *fields* of any message stand beside or in place of the usual ones; None takes one away.
    """

    def __init__(self, corp: Corp, robot: Robot, media: MediaStore, sessions: Sessions) -> None:
        self._corp, self.robot, self._media, self._sessions = corp, robot, media, sessions
        #: Before it is published, a robot is told no staff ids.
        self.is_published = True
        #: Groups by their conversationId, with the title that the robot is told.
        self.titles: dict[str, str] = {}
        #: What people said that never reaches a robot: files and voice in a group.
        self.kept_back: list[dict[str, Any]] = []

    @abstractmethod
    def carry(self, body: dict[str, Any]) -> E:
        """Bring one body to the robot."""

    @abstractmethod
    def keep_back(self, body: dict[str, Any]) -> E:
        """Bring nothing to the robot."""

    @abstractmethod
    def taps(
        self,
        person: str,
        out_track_id: str,
        params: Mapping[str, Any],
        *,
        corp: str = "",
        field: str = "content",
    ) -> E:
        """A call-back button of a card; one page names the *field* `value`."""

    def says(
        self,
        person: str,
        text: str,
        chat: str = "",
        *,
        quote: Mapping[str, Any] | None = None,
        **fields: Any,
    ) -> E:
        """Words; in a group (*chat*) the mention of the robot is taken off and a blank stays."""
        said = {"content": f" {text}" if chat else text} | _quoting(quote)
        body = {"msgtype": "text", "text": said}
        if quote:
            body["originalMsgId"] = quote["msgId"]
            body |= {k: v for k, v in quote.items() if k == "originalProcessQueryKey"}
        return self._say(person, chat, body, fields)

    def mixes(self, person: str, *parts: str | bytes | dict[str, Any], chat: str = "") -> E:
        """Words and pictures in one message, and any part of another kind as it is."""
        rich = [self._part(each) for each in parts]
        return self._say(person, chat, {"msgtype": "richText", "content": {"richText": rich}})

    def shows(self, person: str, data: bytes, chat: str = "") -> E:
        """One picture."""
        return self._say(person, chat, {"msgtype": "picture", "content": self._codes(data)})

    def speaks(
        self, person: str, recognition: str, duration: int | str = 4000, chat: str = ""
    ) -> E:
        """Voice, as the servers wrote it down."""
        content = self._codes(b"#!AMR\n\0\0", "voice.amr", with_picture=False)
        content |= {"duration": duration, "recognition": recognition}
        return self._say(person, chat, {"msgtype": "audio", "content": content})

    def hands(self, person: str, data: bytes, name: str, chat: str = "") -> E:
        """A file."""
        content = self._codes(data, name, with_picture=False)
        content |= {"fileName": name, "spaceId": "23000", "fileId": self._corp.number("11")}
        return self._say(person, chat, {"msgtype": "file", "content": content})

    def films(self, person: str, data: bytes = MP4, chat: str = "") -> E:
        """A video."""
        content = self._codes(data, "video.mp4", with_picture=False)
        content |= {"duration": "5", "videoType": "mp4"}
        return self._say(person, chat, {"msgtype": "video", "content": content})

    def forwards(self, person: str, kind: str = "chatRecord", chat: str = "") -> E:
        """A message of a kind that no page names."""
        return self._say(person, chat, {"msgtype": kind, "content": {"summary": "[聊天记录]"}})

    def withheld(self, person: str, chat: str = "", *, short_names: bool = False) -> E:
        """A message that came after the month's quota: without its content."""
        code, words = ("errCode", "errMsg") if short_names else ("errorCode", "errorMessage")
        told = {"msgtype": "text", code: _QUOTA_CODE, words: _QUOTA_WORDS}
        return self.carry(self.body(person, chat, told))

    def follows(self, person: str, bubble: Bubble, title: str, chat: str = "") -> E:
        """A tap on a `dtmd` link: its words are sent as the person's own message.

        In a group they lack the mention, so that they never reach the robot.
        """
        url = bubble.links[title]
        assert url.startswith("dtmd://dingtalkclient/sendMessage?"), url
        (words,) = parse_qs(urlsplit(url).query, strict_parsing=True)["content"]
        if chat:
            body = self.body(person, chat, {"msgtype": "text", "text": {"content": words}})
            return self._withhold(body)
        return self.says(person, words)

    def quoted(self, said: Mapping[str, Any] | Bubble) -> dict[str, Any]:
        """What a later message tells of what it quotes: a person's body, or the robot's words."""
        if isinstance(said, Bubble):
            return {
                "msgType": said.msgtype,
                "msgId": said.msgid,
                "senderId": self.robot.user_id,
                "createdAt": int(said.at * 1000),
                "content": {"text": said.text},
                "originalProcessQueryKey": said.key,
            }
        kind = said["msgtype"]
        return {
            "msgType": kind,
            "msgId": said["msgId"],
            "senderId": said["senderId"],
            "createdAt": said["createAt"],
            "content": {"text": said["text"]["content"]} if kind == "text" else said["content"],
        }

    def sends(self, body: dict[str, Any]) -> E:
        """Any body, as it is."""
        return self.carry(body)

    def body(
        self,
        person: str,
        chat: str,
        item: Mapping[str, Any],
        fields: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """The whole of a message, unsent."""
        now = int(self._corp.clock.now() * 1000)
        found = self._about(person, chat) | {
            "msgId": self._corp.number("msg") + "==",
            "createAt": now,
            "robotCode": self.robot.robot_code,
            "chatbotCorpId": self._corp.id,
            "chatbotUserId": self.robot.user_id,
        }
        url, expires = self._sessions.opened(found["conversationId"], person if not chat else "")
        found |= {"sessionWebhook": url, "sessionWebhookExpiredTime": int(expires * 1000)}
        found |= {**item, **(fields or {})}
        return {name: value for name, value in found.items() if value is not None}

    def _say(
        self,
        person: str,
        chat: str,
        item: Mapping[str, Any],
        fields: Mapping[str, Any] | None = None,
    ) -> E:
        body = self.body(person, chat, item, fields)
        if chat and body["msgtype"] in _NEVER_FROM_GROUPS:
            return self._withhold(body)
        if not self._corp.quota.hears():
            return self.withheld(person, chat)
        return self.carry(body)

    def _withhold(self, body: dict[str, Any]) -> E:
        self.kept_back.append(body)
        return self.keep_back(body)

    def _about(self, person: str, chat: str) -> dict[str, Any]:
        """Who speaks where."""
        member = self._corp.members.get(person)
        told: dict[str, Any] = {
            "senderId": hidden(person),
            "senderNick": member.name if member else person,
            "senderPlatform": "Android",
            "conversationType": GROUP if chat else SINGLE,
            "conversationId": chat or self._corp.single_chat(person),
        }
        if member and self.is_published:
            told |= {"senderStaffId": member.userid, "isAdmin": False}
        if member:
            told["senderCorpId"] = self._corp.id
        if chat:
            self._corp.meets(chat, person)
            told |= {
                "conversationTitle": self.titles.get(chat, "联络员群"),
                "isInAtList": True,
                "atUsers": [{"dingtalkId": self.robot.user_id}],
            }
        else:
            told["openThreadId"] = told["conversationId"]
        return told

    def _part(self, part: str | bytes | dict[str, Any]) -> dict[str, Any]:
        if isinstance(part, str):
            return {"text": part}
        if isinstance(part, bytes):
            return {"type": "picture", **self._codes(part)}
        return part

    def _codes(
        self, data: bytes, name: str = "image.jpg", *, with_picture: bool = True
    ) -> dict[str, Any]:
        """Where the robot finds *data*."""
        code = self._media.offered(self.robot, name, data)
        told = {"downloadCode": code}
        return told | ({"pictureDownloadCode": f"{code}-thumb"} if with_picture else {})

    def _tapped(
        self, person: str, out_track_id: str, params: Mapping[str, Any], corp: str, field: str
    ) -> dict[str, Any]:
        """The body of a card's callback."""
        inner = {"cardPrivateData": {"actionIds": ["ok"], "params": dict(params)}}
        return {
            "type": "actionCallback",
            "outTrackId": out_track_id,
            "corpId": corp or self._corp.id,
            "userId": person,
            field: json.dumps(inner, ensure_ascii=False),
        }


def hidden(person: str) -> str:
    """The encrypted id that stands for a person, member or not."""
    return f"$:LWCP_v1:${hashlib.sha256(person.encode()).hexdigest()[:24]}"


def _quoting(quote: Mapping[str, Any] | None) -> dict[str, Any]:
    if quote is None:
        return {}
    told = {name: value for name, value in quote.items() if name != "originalProcessQueryKey"}
    return {"isReplyMsg": True, "repliedMsg": told}
