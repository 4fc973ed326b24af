"""The frames of DingTalk's stream: how they are read, and what each kind is answered with."""

import json
from enum import StrEnum
from typing import Annotated

from pydantic import AliasChoices, BaseModel, BeforeValidator, Field, ValidationError

from bot.json_object import read_object
from models.errors import BadRequest

#: What is heard by the stream; cards only where they are used.
MESSAGE = "/v1.0/im/bot/messages/get"
CARD = "/v1.0/card/instances/callback"

#: What an event is answered with, so that it is not sent again.
SUCCESS = '{"status":"SUCCESS"}'
#: The code for a callback that nobody here asked for.
UNKNOWN = 404

#: A message of a megabyte, as large as an address takes one, and what escaping it twice adds.
LARGEST = 4_000_000

#: The server numbers its frames by names of some forty letters.
_LONGEST_NUMBER = 256

_Text = Annotated[str, BeforeValidator(lambda found: "" if found is None else found)]


class Kind(StrEnum):
    """What a frame is about; others may come, and are passed over."""

    SYSTEM = "SYSTEM"
    EVENT = "EVENT"
    CALLBACK = "CALLBACK"


class Ask(StrEnum):
    """What the server asks for by a frame of its own; other words are signs of life."""

    PING = "ping"
    DISCONNECT = "disconnect"


class _Headers(BaseModel):
    topic: _Text = ""
    message_id: _Text = Field("", alias="messageId", max_length=_LONGEST_NUMBER)


class Frame(BaseModel):
    """One frame as it came; *data* is a JSON text, for a message the body that HTTP mode gets."""

    kind: str = Field(alias="type")
    # One official sample has `header`.
    headers: _Headers = Field(validation_alias=AliasChoices("headers", "header"))
    data: _Text = ""

    @property
    def topic(self) -> str:
        """What a callback is about, or what the system asks for."""
        return self.headers.topic

    @property
    def message_id(self) -> str:
        """The number by which the frame is acknowledged; not the message's own."""
        return self.headers.message_id


def read_frame(raw: bytes) -> Frame:
    """The frame in *raw*; raises BadRequest for anything else."""
    try:
        return Frame.model_validate(read_object(raw))
    except ValidationError as error:
        raise BadRequest("no frame") from error


def sender_of(frame: Frame) -> str:
    """Whose frames are taken in their order; empty where nobody is named."""
    try:
        body = read_object(frame.data)
    except BadRequest:
        return ""
    named = (body.get(name) for name in ("senderStaffId", "senderId", "userId"))
    return next((each for each in named if isinstance(each, str) and each), "")


def answered(frame: Frame, data: str, *, code: int = 200) -> str:
    """The acknowledgement of *frame* as it is sent; *data* is a JSON text."""
    headers = {"messageId": frame.message_id, "contentType": "application/json"}
    message = "OK" if code == 200 else "unknown topic"
    told = {"code": code, "message": message, "headers": headers, "data": data}
    # Half a character may have come; a socket takes none.
    return json.dumps(told, ensure_ascii=False).encode(errors="replace").decode()


def response(body: bytes = b"") -> str:
    """What a callback is answered with: the object in *body*, or nothing."""
    return json.dumps({"response": json.loads(body) if body else None}, ensure_ascii=False)
