"""What a stretch of time cost people and what went wrong: messages, fields, failures, quota."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from models.audience import Holder, holders, single_chats
from models.deputy import deputies_between
from models.figure import Figure
from models.inbox import InboxMessage, InboxState
from models.member import RoleName
from models.outbox import OutboxMessage, OutboxState
from models.picture import Picture
from models.rules.zone import local_zone
from models.submission import SubmissionVersion

#: What waits longer than this is stuck.
STUCK_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class Load:
    """One liaison's share: messages nobody asked for, answers, reports sent, fields filled in.

    A field is a figure, a section or a picture; 无变化 asks for none.
    """

    member_id: int
    unit_ids: tuple[int, ...]
    unasked: int
    answers: int
    reports: int
    fields: int


@dataclass(frozen=True)
class Faults:
    """What did not go as it should, and what waits too long."""

    failed: int
    unknown: int
    unhandled: int
    stuck: int

    @property
    def any(self) -> bool:
        """Whether somebody should look."""
        return any((self.failed, self.unknown, self.unhandled, self.stuck))


def loads(
    session: Session, programme_ids: Collection[int], since: datetime, until: datetime
) -> list[Load]:
    """What every liaison of these programmes got and filled in from *since* to *until*.

    So did who stood in for one meanwhile. Six statements, however many people.
    """
    units = _units(holders(session, (RoleName.LIAISON,)), programme_ids)
    _add_deputies(session, units, since, until)
    chats = single_chats(session, units)
    sent = _sent(session, chats.values(), since, until)
    filled = _filled(session, units, since, until)
    return [
        Load(
            member_id,
            own,
            *sent.get(chats.get(member_id, 0), (0, 0)),
            *filled.get(member_id, (0, 0)),
        )
        for member_id, own in units.items()
    ]


def _units(people: Sequence[Holder], programme_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    """The liaisons of these programmes with the units they speak for."""
    found: dict[int, dict[int, None]] = {}
    for holder in people:
        if any(holder.serves(each) for each in programme_ids):
            found.setdefault(holder.member_id, {})[holder.unit_id or 0] = None
    return {member_id: tuple(units) for member_id, units in found.items()}


def _add_deputies(
    session: Session, units: dict[int, tuple[int, ...]], since: datetime, until: datetime
) -> None:
    """Whoever stood in spoke for the units of the liaison on leave, beside their own."""
    first, last = (each.astimezone(local_zone()).date() for each in (since, until))
    for row in deputies_between(session, first, last):
        if row.member_id in units:
            own = units.get(row.deputy_id, ())
            units[row.deputy_id] = tuple(dict.fromkeys((*own, *units[row.member_id])))


def _sent(
    session: Session, chat_ids: Collection[int], since: datetime, until: datetime
) -> Mapping[int, tuple[int, int]]:
    """Messages by chat: those that answer nothing, and answers."""
    rows = session.exec(
        select(
            col(OutboxMessage.chat_id),
            func.count().filter(col(OutboxMessage.reply_to).is_(None)),
            func.count().filter(col(OutboxMessage.reply_to).is_not(None)),
        )
        .where(
            col(OutboxMessage.chat_id).in_(chat_ids),
            OutboxMessage.state == OutboxState.SENT,
            # Nothing is sent before it is said: so the index knows where to begin.
            col(OutboxMessage.sent_at) >= since,
            col(OutboxMessage.created_at) >= since,
            col(OutboxMessage.created_at) < until,
        )
        .group_by(col(OutboxMessage.chat_id))
    ).all()
    return {chat_id: (unasked, answers) for chat_id, unasked, answers in rows}


def _filled(
    session: Session, member_ids: Collection[int], since: datetime, until: datetime
) -> Mapping[int, tuple[int, int]]:
    """Reports and fields by who sent them."""
    within = (
        col(SubmissionVersion.member_id).in_(member_ids),
        col(SubmissionVersion.received_at) >= since,
        col(SubmissionVersion.received_at) < until,
    )
    rows = session.exec(
        select(SubmissionVersion.id, SubmissionVersion.member_id, SubmissionVersion.sections).where(
            *within
        )
    ).all()
    figures = _counted(session, Figure, within)
    pictures = _counted(session, Picture, within)
    reports: Counter[int] = Counter()
    fields: Counter[int] = Counter()
    for version_id, member_id, sections in rows:
        reports[member_id] += 1
        said = sum(bool(text.strip()) for text in sections.values())
        fields[member_id] += (
            said + figures.get(version_id or 0, 0) + pictures.get(version_id or 0, 0)
        )
    return {member_id: (reports[member_id], fields[member_id]) for member_id in reports}


def _counted(
    session: Session, table: type[Figure] | type[Picture], within: tuple[ColumnElement[bool], ...]
) -> dict[int, int]:
    """How many rows of *table* belong to each of these versions."""
    of_version = col(table.version_id)
    rows = session.exec(
        select(of_version, func.count())
        .join(SubmissionVersion, col(SubmissionVersion.id) == of_version)
        .where(*within)
        .group_by(of_version)
    ).all()
    return {version_id: count for version_id, count in rows if version_id is not None}


def faults(session: Session, since: datetime, now: datetime) -> Faults:
    """What failed since then, and what waits now for too long."""
    states = dict(
        session.exec(
            select(OutboxMessage.state, func.count())
            .where(
                col(OutboxMessage.state).in_((OutboxState.FAILED, OutboxState.UNKNOWN)),
                col(OutboxMessage.created_at) >= since,
            )
            .group_by(col(OutboxMessage.state))
        ).all()
    )
    stuck = session.exec(
        select(func.count())
        .select_from(OutboxMessage)
        .where(
            OutboxMessage.state == OutboxState.WAITING,
            col(OutboxMessage.not_before) < now - STUCK_AFTER,
        )
    ).one()
    unhandled = session.exec(
        select(func.count())
        .select_from(InboxMessage)
        .where(
            (col(InboxMessage.state) == InboxState.FAILED)
            & (col(InboxMessage.received_at) >= since)
            | (col(InboxMessage.state) == InboxState.NEW)
            & (col(InboxMessage.received_at) < now - STUCK_AFTER)
        )
    ).one()
    return Faults(
        states.get(OutboxState.FAILED, 0), states.get(OutboxState.UNKNOWN, 0), unhandled, stuck
    )


def sent_by_platform(session: Session, since: datetime) -> dict[str, int]:
    """How many messages each platform took since then: what counts against its quota."""
    rows = session.exec(
        select(OutboxMessage.platform, func.count())
        .where(OutboxMessage.state == OutboxState.SENT, col(OutboxMessage.sent_at) >= since)
        .group_by(col(OutboxMessage.platform))
        .order_by(col(OutboxMessage.platform))
    ).all()
    return {platform: count for platform, count in rows if platform}
