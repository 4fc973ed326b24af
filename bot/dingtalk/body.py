"""What the robot hears: the same body at its address and on its stream, none of it signed."""

import hashlib
import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from urllib.parse import quote

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic.alias_generators import to_camel

from bot.dingtalk.content import UNREAD, Mentioned, Said, content_of, record, word
from bot.dingtalk.settings import DingTalkSettings
from bot.json_object import read_object
from models.errors import BadRequest
from models.inbox import UPLOADED
from models.message import Attachment, ChatKind, IncomingMessage, MessageKind

PLATFORM = "dingtalk"
#: How the ids of those begin who are not of the office: no account has one.
OUTSIDER = "outsider:"
#: The organisation's monthly quota of what is heard is used up; the words were kept back.
OVER_QUOTA = "20001"
#: How a person comes from a group to the robot alone, whatever client they have.
TO_THE_ROBOT = "点我的头像，选“发消息”；也可搜索我的名字"
#: What opens it at a tap: in use at other robots, documented by none of DingTalk's own pages.
_OPENS = "dingtalk://dingtalkclient/action/jumprobot?dingtalkid="
_ROBOT_ID = re.compile(r"\$:LWCP_v1:\$[\w+/=.-]{1,128}", re.ASCII)
_SINGLE = "1"
_GROUP_PREFIX = "cid"
LONGEST_ID = 256
_LONGEST_NAME = 64
#: What is said to be older than DingTalk is no time.
_FIRST = datetime(2015, 1, 1, tzinfo=UTC)
#: Messages come within seconds; what is further off is no time of a message.
_LONGEST_WAY = timedelta(days=1)


def _code(value: object) -> str:
    """A number or its digits, as a text."""
    is_number = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**9
    return str(value) if is_number else word(value)


def _moment(value: object) -> datetime | None:
    """Milliseconds, as a number or its digits; None for what is no time."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = datetime.fromtimestamp(int(value) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return found if found > _FIRST else None


Word = Annotated[str, BeforeValidator(word)]
Code = Annotated[str, BeforeValidator(_code)]
Moment = Annotated[datetime | None, BeforeValidator(_moment)]
Record = Annotated[dict[str, Any], BeforeValidator(record)]


class Body(BaseModel):
    """One message as DingTalk tells of it; what is missing or of another type is empty."""

    model_config = ConfigDict(alias_generator=to_camel, extra="ignore", frozen=True)

    msgtype: Word = ""
    msg_id: Word = ""
    create_at: Moment = None
    conversation_type: Code = ""
    conversation_id: Word = ""
    sender_id: Word = ""
    sender_staff_id: Word = ""
    sender_corp_id: Word = ""
    sender_nick: Word = ""
    chatbot_corp_id: Word = ""
    chatbot_user_id: Word = ""
    robot_code: Word = ""
    session_webhook: Word = ""
    session_webhook_expired_time: Moment = None
    original_msg_id: Word = ""
    at_users: Any = None
    text: Record = {}
    content: Any = None
    error_code: Code = ""
    err_code: Code = ""

    @property
    def is_group(self) -> bool:
        """Whether others may read along: so they may wherever it is not the single chat."""
        return self.conversation_type != _SINGLE

    @property
    def is_withheld(self) -> bool:
        """Whether DingTalk kept back what was said, for want of quota."""
        return OVER_QUOTA in (self.error_code, self.err_code) and not (self.text or self.content)


def body_of(raw: bytes) -> Body:
    """The body of a call, or the one inside a frame of the stream; raises BadRequest."""
    found = read_object(raw)
    inner = found.get("data")
    if "msgtype" not in found and isinstance(inner, str):
        found = read_object(inner)
    return Body.model_validate(found)


def message_in(body: Body, settings: DingTalkSettings, received_at: datetime) -> IncomingMessage:
    """The message; raises BadRequest where it is none, or is for another robot or organisation."""
    _check_addressed(body, settings)
    outside = _is_outside(body, settings.dingtalk_corp_id)
    sender = _outsider(body) if outside else body.sender_staff_id.strip()
    said = _said(body)
    is_kept = not (outside or body.is_withheld)
    quoted = _quoted(body) if is_kept else UNREAD
    return IncomingMessage(
        platform=PLATFORM,
        message_id=body.msg_id,
        sender_id=sender,
        chat_id=body.conversation_id if body.is_group else sender,
        chat_kind=ChatKind.GROUP if body.is_group else ChatKind.SINGLE,
        text=said.text if is_kept else "",
        sent_at=_written_at(body, received_at),
        sender_name=body.sender_nick[:_LONGEST_NAME],
        kind=_kind(body, said, outside=outside),
        # A group hands over no picture without a mention, and a quote is how it is mentioned.
        attachments=_attached(said, quoted, body) if is_kept else (),
        quoted_id=_quoted_id(body) if is_kept else None,
        quoted_text=quoted.text,
        single_chat=TO_THE_ROBOT if body.is_group else "",
        single_chat_link=_link_to_robot(body) if body.is_group else "",
    )


def _check_addressed(body: Body, settings: DingTalkSettings) -> None:
    if body.chatbot_corp_id != settings.dingtalk_corp_id:
        raise BadRequest("for another organisation", status=403)
    # The sample of a call at an address has no code of the robot; its signature names the app.
    if body.robot_code not in ("", settings.dingtalk_robot_code):
        raise BadRequest("for another robot", status=403)
    if not body.msg_id or body.msg_id.startswith(UPLOADED):
        raise BadRequest("a message without a number of DingTalk's")
    if not (body.sender_staff_id.strip() or body.sender_id):
        raise BadRequest("nobody wrote it")
    if body.is_group and not body.conversation_id.startswith(_GROUP_PREFIX):
        raise BadRequest("a group without an address")  # a person's id is none
    ids = (body.msg_id, body.conversation_id, body.sender_staff_id, body.sender_id)
    if max(map(len, ids)) > LONGEST_ID:
        raise BadRequest("an id that is too long")


def _link_to_robot(body: Body) -> str:
    """What opens the single chat with the robot; empty where its id is none."""
    robot = body.chatbot_user_id
    return f"{_OPENS}{quote(robot, safe='')}" if _ROBOT_ID.fullmatch(robot) else ""


def _is_outside(body: Body, corp_id: str) -> bool:
    """Whether whoever wrote is no member of the robot's own organisation."""
    return not body.sender_staff_id.strip() or body.sender_corp_id not in ("", corp_id)


def _outsider(body: Body) -> str:
    """An id that no account can have, the same for the same person."""
    known = body.sender_id or body.sender_staff_id
    return f"{OUTSIDER}{hashlib.sha256(known.encode()).hexdigest()[:16]}"


def _kind(body: Body, said: Said, *, outside: bool) -> MessageKind:
    if outside:
        return MessageKind.OUTSIDER
    if body.is_withheld:
        return MessageKind.WITHHELD
    return MessageKind.TEXT if said.is_read else MessageKind.OTHER


def _written_at(body: Body, received_at: datetime) -> datetime:
    at = body.create_at
    return at if at is not None and abs(at - received_at) < _LONGEST_WAY else received_at


def _attached(said: Said, quoted: Said, body: Body) -> tuple[Attachment, ...]:
    return (*said.attachments, *quoted.attachments) if body.is_group else said.attachments


def _said(body: Body) -> Said:
    """The words and what came along, in their order."""
    if body.msgtype == "text":
        # One official sample has the words where other kinds have their content.
        told = body.text.get("content", body.content)
        return Said(word(told).strip()) if isinstance(told, str) else UNREAD
    return content_of(body.msgtype, record(body.content), _mentioned(body))


def _mentioned(body: Body) -> Mentioned:
    listed = [record(e) for e in body.at_users] if isinstance(body.at_users, list) else []
    people = [e for e in listed if word(e.get("dingtalkId")) != body.chatbot_user_id]
    ids = (word(each.get(name)) for each in people for name in ("dingtalkId", "staffId"))
    return Mentioned(body.is_group, frozenset(ids) - {""})


def _quoted_id(body: Body) -> str | None:
    told = body.original_msg_id or word(_replied(body).get("msgId"))
    return told if 0 < len(told) <= LONGEST_ID else None


def _quoted(body: Body) -> Said:
    """What a quote holds; the words of a card stand beside its kind."""
    replied = _replied(body)
    content = replied.get("content")
    if isinstance(content, str):
        return Said(word(content).strip())
    content = record(content)
    if isinstance(words := content.get("text"), str):
        return Said(word(words).strip())
    return content_of(word(replied.get("msgType")), content, Mentioned())


def _replied(body: Body) -> dict[str, Any]:
    return record(body.text.get("repliedMsg"))
