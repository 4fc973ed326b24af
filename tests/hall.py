"""A service in small: a platform in memory, four commands, and every real part between them."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import BaseModel, ValidationError
from sqlmodel import col, select

from bot.inbox import InboxWorker
from bot.platforms.base import Fetched, Heard, Request, Response
from bot.spool import Spool
from bot.storing import InboxWriter
from bot.webhooks import Door
from handlers.context import Context, Services
from handlers.registry import Command, InGroup, Registry
from models.audit import Audit, record
from models.chat import ChatPurpose
from models.chat import Door as ChatDoor
from models.db import Database
from models.errors import BadRequest, DeliveryError, MediaUnavailable, Refused
from models.inbox import InboxMessage
from models.member import RoleName
from models.message import Attachment, ChatKind, IncomingMessage, MessageKind, Reply
from models.outbox import OutboxMessage
from scheduler.delivery import Delivery
from scheduler.routing import Pace, Parcel
from tests.conftest import SHANGHAI, at
from tests.factories import PLATFORM, a_group, a_member
from tests.talk import ADDRESSES, MediaShelf

NOW = at("2021-08-20T09:00")
ALARM_CHAT = "运维群"
SIGNED = {"x-sign": "good"}


class Body(BaseModel):
    """What the platform in memory posts."""

    id: str
    sender: str
    text: str = ""
    group: str = ""
    kind: MessageKind = MessageKind.TEXT
    files: list[str] = []


class FakePlatform:
    """A chat platform in memory: signed JSON comes in, lines go out.

    *is_quick*: it reads calls of the web on their loop, else each in a thread.
    """

    name = PLATFORM
    platform = PLATFORM
    path = PLATFORM
    reaches_people = True
    paces: tuple[Pace, ...] = ()

    def __init__(self) -> None:
        self.is_quick = True
        self.lines: list[tuple[str, str]] = []
        self.files: dict[str, bytes] = {}
        self.troubles: dict[str, list[MediaUnavailable]] = {}
        self.refuses: list[DeliveryError] = []

    def handshake(self, request: Request, now: datetime) -> Response:
        if request.query.get("sign") != "good":
            raise BadRequest("wrong signature", status=403)
        return Response(body=request.query["echo"].encode())

    def receive(self, request: Request, received_at: datetime) -> IncomingMessage | None:
        if request.headers.get("x-sign") != "good":
            raise BadRequest("wrong signature", status=403)
        try:
            body = Body.model_validate_json(request.body)
        except ValidationError as error:
            raise BadRequest("not JSON of this platform") from error
        if body.kind == MessageKind.OTHER and not body.text:
            return None
        return IncomingMessage(
            platform=self.name,
            message_id=body.id,
            sender_id=body.sender,
            chat_id=body.group or body.sender,
            chat_kind=ChatKind.GROUP if body.group else ChatKind.SINGLE,
            text=body.text,
            sent_at=NOW,
            kind=body.kind,
            attachments=tuple(Attachment(ref, ref, True) for ref in body.files),
        )

    def heard(self, request: Request, received_at: datetime) -> Heard | None:
        if not self.is_quick:
            return None
        return Heard(self.receive(request, received_at), self.acknowledge(request, received_at))

    def acknowledge(self, request: Request, received_at: datetime) -> Response:
        return Response(body=b"success")

    def fetch(self, attachment: Attachment) -> Fetched:
        if trouble := self.troubles.get(attachment.ref):
            raise trouble.pop(0)
        return Fetched(self.files[attachment.ref])

    def can_carry(self, address: str, parcel: Parcel) -> bool:
        return True

    def knows(self, parcel: Parcel) -> bool:
        return True

    def send(self, address: str, parcel: Parcel) -> str:
        if self.refuses:
            raise self.refuses.pop(0)
        self.lines.append((address, parcel.text or parcel.name))
        return "taken"


@dataclass
class Hall:
    """The way of a message from call to answer, without the web and without threads of its own."""

    database: Database
    folder: Path
    now: datetime = NOW
    platform: FakePlatform = field(default_factory=FakePlatform)
    trouble: Callable[[Context, str], None] | None = None

    def __post_init__(self) -> None:
        self.shelf = MediaShelf()
        self.services = Services(self.shelf, self._registry(), SHANGHAI, ADDRESSES, ALARM_CHAT)
        self.spool = Spool(self.folder / "spool")
        self.writer = InboxWriter(self.database)
        self.platforms = {self.platform.name: self.platform}
        self.door = Door(self.platforms, self.writer, self.spool, self.clock, lambda: None)
        self.worker = self.another_worker(self.database)
        self.delivery = Delivery(self.database, self.platforms, self.services, self.clock)
        with self.database.write() as session:
            for name, role in (
                ("联络员甲", RoleName.LEADER),
                ("联络员乙", RoleName.LEADER),
                ("管理员甲", RoleName.ADMIN),
            ):
                a_member(session, name, (role, None))
            a_group(session, ALARM_CHAT, ChatPurpose.ADMINS)
            a_group(session, "联络员群")

    def clock(self) -> datetime:
        return self.now

    def later(self, **passed: float) -> None:
        self.now += timedelta(**passed)

    def another_worker(self, database: Database) -> InboxWorker:
        """The inbox of a further process on the same rows."""
        return InboxWorker(database, self.platforms, self.services, self.clock, lambda: None)

    def close(self) -> None:
        self.door.close()
        self.writer.close()

    def call(self, text: str, *, sender: str = "联络员甲", **more: object) -> Request:
        """What the platform posts when *sender* writes *text*; `id` and so on may be given."""
        body = {"id": f"{sender}:{text}", "sender": sender, "text": text, **more}
        return Request("POST", SIGNED, {}, json.dumps(body, default=str).encode())

    def write(self, text: str, *, sender: str = "联络员甲", **more: object) -> Response:
        """The message at the door; it is stored, not yet handled."""
        return self.door.accept(self.platform.name, self.call(text, sender=sender, **more))

    def work(self) -> None:
        """Handle and deliver what is due."""
        self.worker.handle_due()
        self.delivery.deliver_due()

    def ask(self, text: str, *, sender: str = "联络员甲", **more: object) -> list[str]:
        """Write, let it be handled, and return the answers to it."""
        self.write(text, sender=sender, **more)
        self.work()
        return self.answers(self.rows()[-1].id)

    def rows(self) -> Sequence[InboxMessage]:
        """Every message that came in, oldest first."""
        with self.database.read() as session:
            return session.exec(select(InboxMessage).order_by(col(InboxMessage.id))).all()

    def row(self, text: str) -> InboxMessage:
        """The message with this text."""
        return next(row for row in self.rows() if row.message["text"] == text)

    def answers(self, row_id: int | None) -> list[str]:
        """The texts that a message was answered with."""
        with self.database.read() as session:
            query = select(OutboxMessage.text).where(OutboxMessage.reply_to == row_id)
            return list(session.exec(query.order_by(col(OutboxMessage.id))).all())

    def owed_in(self, address: str) -> list[str]:
        """The texts owed to a chat."""
        with self.database.read() as session:
            query = (
                select(OutboxMessage.text)
                .join(ChatDoor, col(ChatDoor.chat_id) == col(OutboxMessage.chat_id))
                .where(ChatDoor.address == address)
            )
            return list(session.exec(query.order_by(col(OutboxMessage.id))).all())

    @property
    def alarms(self) -> list[str]:
        return self.owed_in(ALARM_CHAT)

    def count(self) -> int:
        """How many 记账 took effect."""
        with self.database.read() as session:
            return len(session.exec(select(Audit).where(Audit.action == "count")).all())

    def _registry(self) -> Registry:
        registry = Registry()
        everyone: frozenset[RoleName] = frozenset()
        for name, run, roles, group, unbound in (
            ("回声", _echo, everyone, InGroup.ANSWER, False),
            ("记账", self._count, everyone, InGroup.ANSWER, False),
            ("数图", _count_pictures, everyone, InGroup.ANSWER, False),
            ("我的", _echo, everyone, InGroup.MOVE, False),
            ("告诉", _tell, everyone, InGroup.REFUSE, False),
            ("沉默", _silence, everyone, InGroup.ANSWER, False),
            ("审核", _echo, frozenset({RoleName.ADMIN}), InGroup.REFUSE, False),
            ("绑定", _echo, everyone, InGroup.REFUSE, True),
        ):
            registry.add_command(
                Command(name, (name,), run, roles, group, False, unbound, name, name)
            )
        return registry

    def _count(self, context: Context, rest: str) -> Reply:
        """Change a row first, so that a failure shows whether the change stayed."""
        record(
            context.session,
            at=context.now,
            member_id=context.speaker.id,
            action="count",
            table="inbox",
            row=context.inbox_id,
        )
        if self.trouble is not None:
            self.trouble(context, rest)
        return Reply(f"已记 {rest}")


def refuse(context: Context, rest: str) -> None:
    """What a command does with an impossible wish."""
    raise Refused(f"{rest}办不了，请发“帮助”。")


def break_down(context: Context, rest: str) -> None:
    """A bug, as bugs are: with the person's words in its message."""
    raise ValueError(f"invalid literal: {rest!r}")


def _echo(context: Context, rest: str) -> Reply:
    return Reply(f"听到 {rest}")


def _silence(context: Context, rest: str) -> None:
    return None


def _count_pictures(context: Context, rest: str) -> Reply:
    failed = "、".join(context.failed_media)
    return Reply(f"{len(context.media)}张，未取到：{failed or '无'}")


def _tell(context: Context, rest: str) -> Reply:
    told = context.tell(int(rest), Reply("有人找您"), "greeting")
    return Reply("已转告" if told else "联系不上")
