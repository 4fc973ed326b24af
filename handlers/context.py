"""What a command or a digest is given: the speaker, the chat, the moment, and the way to answer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from sqlmodel import Session

from handlers.reading.task_numbers import number_key
from handlers.registry import Command, Registry
from handlers.reporting.forms import Forms
from handlers.standing.own_duties import OwnDuties
from handlers.standing.rounds import Round
from models.audit import record
from models.bulletin import Bulletin
from models.card import close_cards
from models.chat import Chat, single_chats_of
from models.deputy import roles_on
from models.link import Link
from models.media import Media
from models.member import Member, Role, RoleName, roles_of
from models.message import ChatKind, IncomingMessage, MediaRef, Reply
from models.outbox import Priority, say
from models.programme import Programme, active_programmes
from models.reviewer import Reviewer, assignments_of
from models.rules.picture_rule import TextFound
from models.rules.workday import Calendar
from models.task import Task, tasks_of
from models.unit import Unit
from models.workday import calendar


class MediaStore(Protocol):
    """Where bytes are kept, addressed by their SHA-256."""

    def put(self, data: bytes) -> str:
        """Keep *data* and return its address; the same bytes are kept once."""

    def get(self, sha: str) -> bytes:
        """The bytes at this address; raises MediaUnavailable."""

    def addresses(self, before: datetime | None = None) -> Iterator[str]:
        """Every address where bytes are kept; with *before* those last put earlier than then."""

    def delete(self, sha: str, before: datetime | None = None) -> bool:
        """Remove what is kept there; false where it was put again since *before*, and stays."""


class TextReader(Protocol):
    """Reads what is written in pictures."""

    def read(self, data: bytes) -> tuple[TextFound, ...]:
        """The words seen in a picture that the picture rules could read; empty on failure."""


class Addresses(Protocol):
    """Knows where the pages and files of this installation are opened."""

    def of(self, link: Link) -> str:
        """The signed address that opens *link*."""


@dataclass(frozen=True)
class Services:
    """What lies outside the database: the media store and how this installation is set up.

    *addresses* turns links into what people can tap; *alarm_chat* is the name of the group where
    operators hear alarms, or empty. *texts* reads words in pictures, None where that is off.
    """

    media: MediaStore
    registry: Registry
    zone: ZoneInfo
    addresses: Addresses
    alarm_chat: str = ""
    texts: TextReader | None = None

    def keep(self, data: bytes, name: str, mime: str, *, marked: bool = False) -> MediaRef:
        """Keep a picture or document that the bot made and return what a reply needs."""
        return MediaRef(self.media.put(data), name, mime, marked)


@dataclass(frozen=True)
class Speaker:
    """A bound member and what they may do; *acting* are the roles of whom they stand in for."""

    member: Member
    roles: Sequence[Role]
    acting: Sequence[Role] = ()

    @property
    def id(self) -> int:
        """The member's id."""
        return self.member.id or 0

    def has(self, *names: RoleName, programme_id: int | None = None) -> bool:
        """Whether the member holds one of these roles (in that programme, when one is named)."""
        return any(
            role.role in names
            and (programme_id is None or role.programme_id in (None, programme_id))
            for role in (*self.roles, *self.acting)
        )

    def unit_ids(self, *names: RoleName, programme_id: int | None = None) -> tuple[int, ...]:
        """The units for which the member holds one of these roles, each once."""
        return tuple(
            dict.fromkeys(
                role.unit_id
                for role in (*self.roles, *self.acting)
                if role.unit_id is not None
                and role.role in names
                and (programme_id is None or role.programme_id in (None, programme_id))
            )
        )


@dataclass
class Context:
    """One message being answered, within its transaction.

    *media* are the pictures and files of the message, in order, as they were stored; those of
    the messages *earlier_ids*, which are answered along, stand first. *pictures_taken*: a report
    has taken them, or they wait for one. *asides* are said besides the answer proper.
    *is_understood*: its words ended a row of failures.
    """

    session: Session
    now: datetime
    services: Services
    message: IncomingMessage
    chat: Chat
    inbox_id: int
    speaker: Speaker
    media: Sequence[Media] = ()
    failed_media: Sequence[str] = ()
    earlier_ids: Sequence[int] = ()
    pictures_taken: bool = False
    asides: list[str] = field(default_factory=list)
    moved: bool = False
    is_understood: bool = False
    _told: int = field(default=0, repr=False)

    @property
    def inbox_ids(self) -> tuple[int, ...]:
        """The inbox rows that are answered, oldest first."""
        return (*self.earlier_ids, self.inbox_id)

    @property
    def in_group(self) -> bool:
        """Whether others read the answer."""
        return self.chat.kind == ChatKind.GROUP and not self.moved

    @property
    def today(self) -> date:
        """The local date of the message."""
        return self.now.astimezone(self.services.zone).date()

    @cached_property
    def calendar(self) -> Calendar:
        """The working days."""
        return calendar(self.session)

    @cached_property
    def programmes(self) -> Sequence[Programme]:
        """The active programmes in which the speaker has a role, oldest first."""
        return [
            programme
            for programme in active_programmes(self.session)
            if self.speaker.has(*RoleName, programme_id=programme.id)
        ]

    @cached_property
    def tasks(self) -> Mapping[int, Task]:
        """The active tasks of those programmes by id, in printed order."""
        programmes = (each.id or 0 for each in self.programmes)
        found = (task for each in programmes for task in tasks_of(self.session, each))
        return {task.id or 0: task for task in found}

    @cached_property
    def numbered(self) -> Mapping[str, Sequence[Task]]:
        """Those tasks by their number, however it is written."""
        found: dict[str, list[Task]] = {}
        for task in self.tasks.values():
            found.setdefault(number_key(task.number), []).append(task)
        return found

    @cached_property
    def assignments(self) -> Sequence[Reviewer]:
        """What the speaker reviews in those programmes, also in the place of others today."""
        ids = {each.id for each in self.programmes}
        rows = assignments_of(self.session, self.speaker.id, self.today)
        return [row for row in rows if row.programme_id in ids]

    def may(self, wanted: Command) -> bool:
        """Whether the speaker's roles, or what they are assigned to review, allow a command."""
        if not wanted.roles or self.speaker.has(*wanted.roles):
            return True
        return wanted.reviewers and bool(self.assignments)

    @cached_property
    def own_duties(self) -> OwnDuties:
        """What the units owe for which the speaker reports."""

        def unit_ids(programme_id: int | None) -> tuple[int, ...]:
            return self.speaker.unit_ids(RoleName.LIAISON, programme_id=programme_id)

        return OwnDuties(self.session, unit_ids, self.now, self.services.zone)

    @cached_property
    def forms(self) -> Forms:
        """The forms of what is reported."""
        return Forms(self.session)

    def record(
        self,
        action: str,
        table: str,
        row: int,
        *,
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
    ) -> None:
        """One more act of the speaker in the trail, in the transaction that does it."""
        record(
            self.session,
            at=self.now,
            member_id=self.speaker.id,
            action=action,
            table=table,
            row=row,
            before=before,
            after=after,
        )

    def settle(self, about: str, label: str) -> None:
        """Have the cards about a decided matter say so in at most ten characters.

        The one just tapped says it already.
        """
        close_cards(self.session, (about,), label, self.now, tapped=self.message.tapped)

    def tell(self, member_id: int, reply: Reply, about: str) -> bool:
        """Owe *reply* to another member's single chat; False when they cannot be reached."""
        self._told += 1
        key = f"tell:{self.inbox_id}:{self._told}:{about}"
        return tell_member(
            self.session, member_id, reply, key=key, now=self.now, priority=Priority.ALARM
        )


@dataclass(frozen=True)
class DigestContext:
    """One digest being made for the groups of its audience.

    *by_hand*: an admin asked for it now. *again*: what went out in this period is looked at for
    what late reports alter; there is nothing to say where nothing printed changes.
    """

    session: Session
    now: datetime
    services: Services
    programme: Programme
    chats: Sequence[Chat]
    period: str
    by_hand: bool = False
    again: bool = False

    @property
    def today(self) -> date:
        """The local date of the digest."""
        return self.now.astimezone(self.services.zone).date()


@dataclass(frozen=True)
class BulletinContext:
    """One document being drafted: its *period* (2021-08, 2022-Q3, 2021-09-13) and data date.

    *unit* is whom a letter is about, *corrects* the issued document that is put right. What is
    frozen may not depend on the hour: a draft whose content differs when it is issued is shown
    again instead.
    """

    session: Session
    now: datetime
    services: Services
    programme: Programme
    period: str
    data_date: date
    unit: Unit | None = None
    corrects: Bulletin | None = None


@dataclass(frozen=True)
class ExportContext:
    """One file being written for an office to take along.

    *round* is the period that was asked for, by the days on which its reports are due, None where
    nobody named one. *most_rows*: a workbook that has more of them is `TooLarge` for now.
    """

    session: Session
    now: datetime
    services: Services
    programmes: Sequence[Programme]
    round: Round | None = None
    most_rows: int | None = None

    @property
    def programme(self) -> Programme:
        """The only programme of a file that speaks of one."""
        [only] = self.programmes
        return only

    @property
    def today(self) -> date:
        """The local date of the file."""
        return self.now.astimezone(self.services.zone).date()


def tell_member(
    session: Session,
    member_id: int,
    reply: Reply,
    *,
    key: str,
    now: datetime,
    priority: Priority = Priority.BULK,
) -> bool:
    """Owe *reply* to a member's single chat, once under *key*; False when none is known."""
    chats = single_chats_of(session, member_id)
    if not chats or chats[0].id is None:
        return False
    say(session, chats[0].id, reply, key=key, now=now, priority=priority)
    return True


def speaker_of(session: Session, member: Member, today: date | None = None) -> Speaker:
    """The member with all own roles, and those of whom they stand in for *today*."""
    id_ = member.id or 0
    if today is None:
        return Speaker(member, roles_of(session, id_))
    own, acting = list[Role](), list[Role]()
    for role in roles_on(session, id_, today):
        (own if role.member_id == id_ else acting).append(role)
    return Speaker(member, own, acting)
