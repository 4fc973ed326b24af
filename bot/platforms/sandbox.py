"""The practice chat: a platform like any other, whose server is this process and its database."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field, ValidationError, field_validator

from bot.platforms.base import Fetched, Request, Response, without_nul
from handlers.context import MediaStore
from handlers.render.mark import mark_picture
from models.db import Database
from models.errors import BadRequest
from models.member import account_of
from models.message import Attachment, ChatKind, IncomingMessage, MessageKind
from models.sandbox_message import Direction, SandboxMessage, sandbox_message
from scheduler.routing import Pace, Parcel

#: How the bot is called in the practice groups.
MENTION = "@答卷"
#: The address of a person's chat with the bot, as the page names it.
SINGLE = "single"
NAME = "sandbox"
#: What every picture of the practice chat says.
DEMO_MARK = "演示数据"
#: So much of a quoted line is shown above its answer.
QUOTED = 30
#: Names without control characters.
_NAME = "^[^\\x00-\\x1f\\x7f]+$"


class Upload(BaseModel):
    """A picture or file that was put into the media store with the call."""

    sha: str = Field(pattern="^[0-9a-f]{64}$")
    name: str = Field(max_length=200)
    mime: str = Field(max_length=100)
    size: int = Field(ge=0)


class Body(BaseModel):
    """One call: who writes what in which chat; *id* stays the same when the call is repeated.

    *quote* and *recall* are numbers of lines: the one that is answered, the own one taken back.
    *label* is what the chat shows in the place of *text* where a button was tapped.
    """

    id: str = Field(min_length=1, max_length=100, pattern=_NAME)
    person: str = Field(min_length=1, max_length=100, pattern=_NAME)
    chat: str = Field(min_length=1, max_length=100, pattern=_NAME)
    text: str = ""
    uploads: list[Upload] = Field(default_factory=list, max_length=50)
    quote: int = Field(default=0, ge=0, lt=2**63)
    recall: int = Field(default=0, ge=0, lt=2**63)
    label: str = Field(default="", max_length=10)

    @field_validator("text")
    @classmethod
    def _storable(cls, value: str) -> str:
        return without_nul(value)


class Sandbox:
    """Hears what the page or `dajuan say` writes, and writes what the bot says into the chat."""

    name = NAME
    platform = NAME
    path = NAME
    reaches_people = True
    paces: tuple[Pace, ...] = ()

    def __init__(
        self, database: Database, media: MediaStore, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._media = media
        self._clock = clock
        self._watchers: dict[object, Callable[[], object]] = {}
        self._lock = threading.Lock()

    def handshake(self, request: Request, now: datetime) -> Response:
        """There is nothing to check: the page is served by this process."""
        raise BadRequest("the sandbox has no address check", status=404)

    def receive(self, request: Request, received_at: datetime) -> IncomingMessage | None:
        """The line as a message; a group's line only when it mentions the bot."""
        try:
            body = Body.model_validate_json(request.body)
        except ValidationError as error:
            raise BadRequest("not a sandbox message") from error
        _check_origin(request)
        now = self._clock()
        is_single = body.chat == SINGLE
        chat_id = body.person if is_single else body.chat
        if not is_single and self._is_somebodys(chat_id):
            raise BadRequest("a person's chat is no group")
        line = self._line(body.recall or body.quote, chat_id)
        if body.recall and (line is None or line.person != body.person):
            raise BadRequest("only an own line can be taken back")
        self._keep(_lines(body, chat_id, now, line))
        if not is_single and MENTION not in body.text and not body.recall:
            return None
        return IncomingMessage(
            platform=self.name,
            message_id=body.id,
            sender_id=body.person,
            chat_id=chat_id,
            chat_kind=ChatKind.SINGLE if is_single else ChatKind.GROUP,
            text=body.text.replace(MENTION, "").strip(),
            sent_at=now,
            kind=MessageKind.RECALL if body.recall else MessageKind.TEXT,
            quoted_id=message_id(line) or None if line else None,
            quoted_text=line.text if line else "",
            attachments=tuple(
                Attachment(upload.sha, upload.name, upload.mime.startswith("image/"))
                for upload in body.uploads
            ),
        )

    def _line(self, number: int, chat_id: str) -> SandboxMessage | None:
        """The line of this number; None for 0. Raises BadRequest for one of another chat."""
        if not number:
            return None
        with self._database.read() as session:
            line = session.get(SandboxMessage, number)
        if line is None or line.chat_id != chat_id:
            raise BadRequest("no such line in this chat")
        return line

    def _is_somebodys(self, address: str) -> bool:
        with self._database.read() as session:
            return account_of(session, self.name, address) is not None

    def acknowledge(self, request: Request, received_at: datetime) -> Response:
        """Nothing more to say: the page reads the chat."""
        return Response(202)

    def fetch(self, attachment: Attachment) -> Fetched:
        """The bytes that came with the call."""
        return Fetched(self._media.get(attachment.ref))

    def can_carry(self, address: str, parcel: Parcel) -> bool:
        """The practice chat shows everything."""
        return True

    def knows(self, parcel: Parcel) -> bool:
        """A line is written once under its key."""
        return True

    def send(self, address: str, parcel: Parcel) -> str:
        """Write the line into the chat, once under its key."""
        line = SandboxMessage(
            key=f"out:{parcel.key}",
            chat_id=address,
            direction=Direction.OUT,
            text=parcel.text,
            media=None if parcel.data is None else self._stored(parcel, parcel.data),
            at=self._clock(),
        )
        self._keep([line])
        return "written"

    def _stored(self, parcel: Parcel, data: bytes) -> dict[str, Any]:
        """Every picture that leaves the practice chat says that it is one of practice."""
        if parcel.is_picture and not parcel.marked:
            data = mark_picture(data, DEMO_MARK)
        sha = self._media.put(data)
        return {"sha": sha, "name": parcel.name, "mime": parcel.mime, "size": len(data)}

    def _keep(self, lines: Sequence[SandboxMessage]) -> None:
        """Write the lines whose keys are new, and wake who waits."""
        with self._database.write() as session:
            for line in lines:
                if sandbox_message(session, line.key) is None:
                    session.add(line)
        self.announce()

    @contextmanager
    def watched(self, wake: Callable[[], object]) -> Iterator[None]:
        """Call *wake*, from any thread, at every change while the block runs."""
        with self._lock:
            self._watchers[token := object()] = wake
        try:
            yield
        finally:
            with self._lock:
                del self._watchers[token]

    def announce(self) -> None:
        """Wake who waits: a line was written, or the clock moved."""
        with self._lock:
            for wake in self._watchers.values():
                wake()


def _check_origin(request: Request) -> None:
    """Another site's page must not write for the person whose browser shows it."""
    origin = request.headers.get("origin", "")
    if origin and origin.partition("://")[2] != request.headers.get("host", ""):
        raise BadRequest("a page of another site", status=403)


def message_id(line: SandboxMessage) -> str:
    """The id of the call that brought a line; empty for a line of the bot."""
    is_in = line.direction == Direction.IN
    return line.key.removeprefix("in:").rpartition(":")[0] if is_in else ""


def word_key(line: SandboxMessage) -> str:
    """The key of the bot's word behind a line; empty for a person's."""
    return line.key.removeprefix("out:") if line.direction == Direction.OUT else ""


def _lines(
    body: Body, chat_id: str, now: datetime, about: SandboxMessage | None
) -> list[SandboxMessage]:
    """The call as the chat shows it: its text, then each picture and file."""
    text = _shown(body, about)
    pieces: list[tuple[str, dict[str, Any] | None]] = [(text, None)] if text else []
    pieces += [("", upload.model_dump()) for upload in body.uploads]
    return [
        SandboxMessage(
            key=f"in:{body.id}:{position}",
            chat_id=chat_id,
            person=body.person,
            direction=Direction.IN,
            text=text,
            media=media,
            at=now,
        )
        for position, (text, media) in enumerate(pieces)
    ]


def _shown(body: Body, about: SandboxMessage | None) -> str:
    """The text with what it quotes above it, or the word that a line was taken back."""
    if about is None:
        return body.label or body.text
    words = " ".join(about.text.split()) or "图片或文件"
    short = f"{words[:QUOTED]}……" if len(words) > QUOTED else words
    return f"撤回了“{short}”" if body.recall else f"「{short}」\n{body.text}"
