"""Conversations in tests: someone writes, the message goes the real way, the answers come back."""

import hashlib
import itertools
import shutil
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import TypeAdapter
from sqlmodel import Session, col, select

from handlers.books import brings_programme, keep_book
from handlers.context import Services
from handlers.dispatch import answer
from handlers.registry import discover
from handlers.reporting.intake import take_in
from models.chat import Door
from models.db import Database, open_database
from models.errors import MediaUnavailable
from models.inbox import InboxMessage, InboxState
from models.link import Link
from models.media import Media, keep_media, media_by_sha
from models.member import Account, Member
from models.message import Attachment, ChatKind, IncomingMessage, MediaRef, MessageKind
from models.outbox import OutboxMessage
from tests.conftest import SHANGHAI, at
from tests.factories import PLATFORM, xiangxi
from tests.rows import Rows

MORNING = at("2021-08-20T09:00")
_REGISTRY = discover()
_MESSAGE = TypeAdapter(IncomingMessage)
#: The small programmes of `tests.factories`.
SMALL = Rows(xiangxi)


class PlainAddresses:
    """Addresses that tests can read: what is opened, and by which link."""

    def of(self, link: Link) -> str:
        return f"https://dajuan.example/{link.kind}/{link.id}"


ADDRESSES = PlainAddresses()


class MediaShelf:
    """A media store in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def put(self, data: bytes) -> str:
        sha = hashlib.sha256(data).hexdigest()
        self.kept[sha] = data
        return sha

    def get(self, sha: str) -> bytes:
        if sha not in self.kept:
            raise MediaUnavailable("没有这个文件", retryable=False)
        return self.kept[sha]

    def addresses(self, before: datetime | None = None) -> Iterator[str]:
        return iter([*self.kept])

    def delete(self, sha: str, before: datetime | None = None) -> bool:
        self.kept.pop(sha, None)
        return True


class Talk:
    """People talking with the bot over one database, at a time the test sets.

    *person* is a member's name (a stranger's name becomes their user id); *group* a group's name.
    The small programmes of `tests.factories` are loaded unless *empty*. A talk that goes on over
    a database where messages were handled numbers its own from *first_message*.
    """

    def __init__(
        self,
        database: Database,
        *,
        now: datetime = MORNING,
        empty: bool = False,
        first_message: int = 1,
    ) -> None:
        self.database = database
        self.now = now
        self.shelf = MediaShelf()
        self.services = Services(
            media=self.shelf, registry=_REGISTRY, zone=SHANGHAI, addresses=ADDRESSES
        )
        self.last_message_id = ""
        #: How the single chat is opened, where the groups of a platform hand over no files.
        self.way_alone = ""
        self.link_alone = ""
        self._numbers = itertools.count(first_message)
        if not empty:
            with database.write() as session:
                SMALL.into(session)

    def set_clock(self, when: str) -> None:
        """Go to a Shanghai time such as `2021-09-18T09:00`."""
        self.now = at(when)

    def later(self, **passed: float) -> None:
        """Let time pass: `talk.later(minutes=31)`."""
        self.now += timedelta(**passed)

    def say(
        self,
        person: str,
        text: str = "",
        *,
        pictures: Sequence[bytes] = (),
        files: Sequence[tuple[str, bytes]] = (),
        group: str | None = None,
        quoting: str | None = None,
        quoted: str = "",
        kind: MessageKind = MessageKind.TEXT,
        failed: Sequence[str] = (),
    ) -> list[str]:
        """Handle one message as the inbox does and return the texts it was answered with."""
        attachments = [(f"图片{n}.jpg", data, True) for n, data in enumerate(pictures, 1)]
        attachments += [(name, data, False) for name, data in files]
        message = self._message(person, text, attachments, group, quoting, kind, quoted)
        taken = [
            take_in(data, name, self.shelf, self.now, self.services.texts)
            for name, data, _picture in attachments
        ]
        self._keep_books(message, taken)
        with self.database.write() as session:
            row = self._received(session, message)
            media = self._known(session, taken)
            answer(message, row, session, self.now, self.services, media, failed)
            row.state, row.handled_at = InboxState.DONE, self.now
            row_id = row.id
        return [each.text for each in self._answers(row_id) if each.text]

    def recall(self, person: str, message_id: str | None = None) -> list[str]:
        """The person takes back a message, by default their last one."""
        quoting = message_id or self.last_message_id
        return self.say(person, quoting=quoting, kind=MessageKind.RECALL)

    def heard(self, person: str) -> list[str]:
        """Every text owed to the person's single chat so far, oldest first."""
        return [row.text for row in self._owed_to(person) if row.text]

    def heard_in(self, group: str) -> list[str]:
        """Every text owed to a group so far, oldest first."""
        return [row.text for row in self._owed_at(group) if row.text]

    def pictures_of(self, person: str) -> list[bytes]:
        """Every picture and file owed to the person's single chat so far, oldest first."""
        refs = [row.media_ref() for row in self._owed_to(person)]
        return [self.shelf.get(ref.sha) for ref in refs if isinstance(ref, MediaRef)]

    def _message(
        self,
        person: str,
        text: str,
        attachments: Sequence[tuple[str, bytes, bool]],
        group: str | None,
        quoting: str | None,
        kind: MessageKind,
        quoted: str,
    ) -> IncomingMessage:
        user_id = self._user_id(person)
        message_id = f"m{next(self._numbers)}"
        if kind == MessageKind.TEXT:
            self.last_message_id = message_id
        return IncomingMessage(
            platform=PLATFORM,
            message_id=message_id,
            sender_id=user_id,
            chat_id=group or user_id,
            chat_kind=ChatKind.GROUP if group else ChatKind.SINGLE,
            text=text,
            sent_at=self.now,
            sender_name=person,
            kind=kind,
            attachments=tuple(
                Attachment(f"{message_id}/{n}", name, picture)
                for n, (name, _, picture) in enumerate(attachments)
            ),
            quoted_id=quoting,
            quoted_text=quoted,
            single_chat=self.way_alone if group else "",
            single_chat_link=self.link_alone if group else "",
        )

    def _user_id(self, person: str) -> str:
        with self.database.read() as session:
            found = session.exec(
                select(Account.user_id)
                .join(Member, col(Member.id) == col(Account.member_id))
                .where(Member.name == person)
            ).first()
        return found or person

    def _received(self, session: Session, message: IncomingMessage) -> InboxMessage:
        row = InboxMessage(
            platform=message.platform,
            message_id=message.message_id,
            sender_id=message.sender_id,
            chat_id=message.chat_id,
            received_at=self.now,
            raw=message.text.encode(),
            message=_MESSAGE.dump_python(message, mode="json"),
        )
        session.add(row)
        session.flush()
        return row

    def _keep_books(self, message: IncomingMessage, taken: list[Media]) -> None:
        """Workbooks are read on arrival, an admin's as a programme too."""
        with self.database.read() as session:
            books = [each for each in taken if brings_programme(session, message, each)]
        for each in books:
            keep_book(each, self.shelf)

    def _known(self, session: Session, taken: Sequence[Media]) -> list[Media]:
        keep_media(session, taken)
        known = media_by_sha(session, [row.sha for row in taken])
        return [known[row.sha] for row in taken]

    def _answers(self, inbox_id: int | None) -> Sequence[OutboxMessage]:
        with self.database.read() as session:
            return session.exec(
                select(OutboxMessage)
                .where(OutboxMessage.reply_to == inbox_id)
                .order_by(col(OutboxMessage.id))
            ).all()

    def _owed_to(self, person: str) -> Sequence[OutboxMessage]:
        return self._owed_at(self._user_id(person).casefold())

    def _owed_at(self, address: str) -> Sequence[OutboxMessage]:
        with self.database.read() as session:
            return session.exec(
                select(OutboxMessage)
                .join(Door, col(Door.chat_id) == col(OutboxMessage.chat_id))
                .where(Door.platform == PLATFORM, Door.address == address)
                .order_by(col(OutboxMessage.id))
            ).all()


def light_talk(folder: Path, template: Path) -> Iterator[Talk]:
    """A talk over SQLite alone, for tables of wordings: *template* is a migrated empty file."""
    shutil.copy(template, folder / "light.db")
    database = open_database(f"sqlite:///{folder / 'light.db'}")
    yield Talk(database)
    database.dispose()
