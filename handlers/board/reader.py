"""Who reads a board behind a link, and how much of it: decided anew whenever a page is opened."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from handlers.context import Speaker, speaker_of
from handlers.standing.outlooks import Scope, outlooks
from handlers.supervising.scope import OWN, WHOLE
from models.chat import Chat, ChatPurpose, Door
from models.link import Link, LinkKind
from models.member import Account, Member, RoleName
from models.message import ChatKind
from models.programme import Programme
from models.task import task_units
from models.unit import UnitKind, units_by_id

#: Groups whose members read a whole programme.
READING = (ChatPurpose.LEADERS, ChatPurpose.ADMINS)
#: Who may open a board of their own: everything, or the pages of their units.
OPENS = (*WHOLE, RoleName.UNIT_HEAD)


@dataclass(frozen=True)
class Reader:
    """What may be read of a programme; *unit_ids* only where it is not all of it.

    *named*: whether units may be named beside how they stand (the switch of the group).
    """

    programme: Programme
    named: bool
    unit_ids: frozenset[int] | None = None

    @property
    def is_whole(self) -> bool:
        """Whether all of the programme may be read."""
        return self.unit_ids is None

    def reads_unit(self, unit_id: int | None) -> bool:
        """Whether the page of this unit may be read."""
        return self.named and (self.unit_ids is None or unit_id in self.unit_ids)


def reads_board(chat: Chat, programme: Programme) -> bool:
    """Whether a group is one of leaders or admins that belongs to the programme."""
    is_theirs = chat.programme_id is None or chat.programme_id == programme.id
    return chat.kind == ChatKind.GROUP and chat.purpose in READING and is_theirs


def reader_of(session: Session, link: Link | None, now: datetime, zone: ZoneInfo) -> Reader | None:
    """What the holder of this link may read now; None where it opens nothing (any more).

    A group that changed its purpose and a person who lost the role keep no open link.
    """
    if link is None or link.kind != LinkKind.BOARD or not link.is_open(now):
        return None
    programme = session.get(Programme, link.programme_id)
    chat = session.get(Chat, link.chat_id)
    if programme is None or chat is None or not programme.active:
        return None
    if chat.kind == ChatKind.GROUP:
        return Reader(programme, chat.names_laggards) if reads_board(chat, programme) else None
    member = _member_behind(session, chat)
    if member is None:
        return None
    return _person(speaker_of(session, member, now.astimezone(zone).date()), programme)


def _person(speaker: Speaker, programme: Programme) -> Reader | None:
    if speaker.has(*WHOLE, programme_id=programme.id):
        return Reader(programme, named=True)
    if not speaker.has(*OPENS, programme_id=programme.id):
        return None
    unit_ids = frozenset(speaker.unit_ids(*OWN, programme_id=programme.id))
    return Reader(programme, named=True, unit_ids=unit_ids) if unit_ids else None


def _member_behind(session: Session, chat: Chat) -> Member | None:
    """The person of a single chat, while they are here."""
    return session.exec(
        select(Member)
        .join(Account, col(Account.member_id) == col(Member.id))
        .join(
            Door,
            (col(Door.platform) == col(Account.platform))
            & (col(Door.address) == col(Account.user_id)),
        )
        .where(Door.chat_id == chat.id, col(Member.left_at).is_(None))
    ).first()


def readable_tasks(session: Session, reader: Reader, task_ids: Collection[int]) -> set[int]:
    """Those of these tasks in which one of the reader's units has a part, or that it may win."""
    own = reader.unit_ids
    if own is None:
        return set(task_ids)
    parts = task_units(session, task_ids)
    found = {id_ for id_, of_task in parts.items() if any(each.unit_id in own for each in of_task)}
    scopes = {Scope(unit_id) for unit_id in own}
    if any(unit.kind == UnitKind.COUNTY for unit in units_by_id(session, own).values()):
        scopes.add(Scope(counties=True))
    judged = outlooks(session, list(task_ids))
    return found | {id_ for id_, outlook in judged.items() if scopes & outlook.entries.keys()}
