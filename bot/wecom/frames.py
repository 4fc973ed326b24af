"""The frames of a bot's long connection: how they are written and read, and what codes ask for."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.json_object import read_object
from bot.wecom.body import Body
from models.errors import BadRequest

SUBSCRIBE = "aibot_subscribe"
PING = "ping"
RESPOND = "aibot_respond_msg"
UPDATE = "aibot_respond_update_msg"
SEND = "aibot_send_msg"
UPLOAD_BEGIN = "aibot_upload_media_init"
UPLOAD_PIECE = "aibot_upload_media_chunk"
UPLOAD_END = "aibot_upload_media_finish"
MESSAGE = "aibot_msg_callback"
EVENT = "aibot_event_callback"

#: Seconds between two pings, for an acknowledgement, and for a frame to leave.
PING_EVERY = 30.0
ACKNOWLEDGED_WITHIN = 5.0
WRITTEN_WITHIN = 7.0
#: So many acknowledgements may stay out one after another; then the socket is dead.
MOST_MISSED = 2
#: No frame is larger, in either direction, but for one with a piece of a file.
LARGEST = 1_000_000
#: The bot's id or secret is wrong: nothing that is tried again helps.
REFUSED = 853000
#: The socket is open and the subscription gone: the frame was not taken.
NOT_SUBSCRIBED = 846609
#: This message can no longer, or not at all, be answered by its number.
UNANSWERABLE = frozenset((846605, 846608))
#: One piece of a file, in bytes.
PIECE = 512 * 1024
_SINGLE, _GROUP = 1, 2


class Ending(StrEnum):
    """Why a connection ended: a closed one is made again, after the others it stays away."""

    CLOSED = "closed"
    DISPLACED = "displaced"
    REFUSED = "refused"


@dataclass(frozen=True)
class Frame:
    """One frame as it came; an acknowledgement has no command."""

    cmd: str
    req_id: str
    body: Body = field(default_factory=dict)
    code: int = 0

    @property
    def is_displacement(self) -> bool:
        """Whether it says that another connection of this bot took over."""
        event = self.body.get("event")
        kind = event.get("eventtype") if isinstance(event, dict) else ""
        return self.cmd == EVENT and kind == "disconnected_event"


def read_frame(raw: bytes) -> Frame:
    """The frame in *raw*; raises BadRequest for anything else."""
    found = read_object(raw)
    headers, body = found.get("headers"), found.get("body", {})
    req_id = headers.get("req_id") if isinstance(headers, dict) else None
    cmd, code = found.get("cmd", ""), found.get("errcode", 0)
    are_texts = isinstance(cmd, str) and isinstance(req_id, str)
    if not are_texts or not req_id or not isinstance(body, dict) or type(code) is not int:
        raise BadRequest("no frame")
    return Frame(cmd, str(req_id), body, code)


def written(cmd: str, req_id: str, body: Body | None = None) -> str:
    """A frame as it is sent."""
    frame: Body = {"cmd": cmd, "headers": {"req_id": req_id}}
    return json.dumps(frame | ({"body": body} if body else {}), ensure_ascii=False)


def stream(number: str, text: str, *, is_over: bool = False) -> Body:
    """A snapshot of a growing answer: each replaces the one before."""
    return {"msgtype": "stream", "stream": {"id": number, "finish": is_over, "content": text}}


def message(kind: str, content: dict[str, Any]) -> Body:
    """One message of its own."""
    return {"msgtype": kind, kind: content}


def addressed(address: str, body: Body, *, is_group: bool) -> Body:
    """A message that answers nothing, to a person or a group."""
    return {"chatid": address, "chat_type": _GROUP if is_group else _SINGLE, **body}


def pieces(data: bytes, first: int) -> Iterator[Body]:
    """A file in pieces, counted from *first*."""
    for index, start in enumerate(range(0, len(data), PIECE), first):
        part = base64.b64encode(data[start : start + PIECE]).decode()
        yield {"chunk_index": index, "base64_data": part}
