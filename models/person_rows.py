"""The rows of every table that are about one person: what they may ask to see."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Table
from sqlalchemy import select as pick
from sqlalchemy.sql import ColumnElement
from sqlmodel import Session, col, func, or_, select

from models.audit import Audit
from models.chat import Chat, Door
from models.comment import CommentCount
from models.figure import Figure
from models.inbox import InboxMessage
from models.invite import InviteTry
from models.media import Media
from models.member import Member
from models.outbox import OutboxMessage
from models.person import SHARES, Person, Share, lines_of, settings_of, wrote
from models.picture import Picture
from models.submission import SubmissionVersion
from models.tables import METADATA

_ADDRESS = re.compile(r"[0-9a-f]{64}")
Whose = Callable[[Session, Person], ColumnElement[bool]]


def rows_of(session: Session, person: Person) -> dict[str, list[dict[str, Any]]]:
    """Their rows by table, oldest first; of each table that holds anything of people."""
    found = dict[str, list[dict[str, Any]]]()
    for table in METADATA.sorted_tables:
        if SHARES[table.name] is Share.NONE:
            continue
        query = pick(table).where(whose(session, person, table))
        rows = session.execute(query.order_by(*table.primary_key.columns)).mappings()
        found[table.name] = [dict(row) for row in rows]
    return found


def whose(session: Session, person: Person, table: Table) -> ColumnElement[bool]:
    """Whether a row of *table* is about *person*: by the columns that name a member, and beyond."""
    conditions = [
        column == person.member_id
        for column in table.columns
        if any(key.column.table.name == "member" for key in column.foreign_keys)
    ]
    if beyond := _BEYOND.get(table.name):
        conditions.append(beyond(session, person))
    return or_(False, *conditions)


def media_of(session: Session, person: Person) -> frozenset[str]:
    """The pictures and files that they sent, in reports and besides."""
    versions = select(SubmissionVersion.id).where(
        col(SubmissionVersion.member_id) == person.member_id
    )
    reported = session.exec(
        select(Picture.media_sha).where(col(Picture.version_id).in_(versions))
    ).all()
    sent = session.exec(select(InboxMessage.media).where(wrote(person))).all()
    return frozenset(reported) | {sha for media in sent for sha in _ADDRESS.findall(str(media))}


def _of_their_versions(column: Any) -> Whose:
    def condition(session: Session, person: Person) -> ColumnElement[bool]:
        versions = select(SubmissionVersion.id).where(
            col(SubmissionVersion.member_id) == person.member_id
        )
        return col(column).in_(versions)

    return condition


def _said_to(session: Session, person: Person) -> ColumnElement[bool]:
    asked = select(InboxMessage.id).where(wrote(person))
    to_them = col(OutboxMessage.chat_id).in_(person.chat_ids)
    return or_(to_them, col(OutboxMessage.reply_to).in_(asked))


#: What is theirs without a column that names a member.
_BEYOND: Mapping[str, Whose] = {
    "audit": lambda _, person: (
        (col(Audit.table) == "member") & (col(Audit.row) == person.member_id)
    ),
    "member": lambda _, person: col(Member.id) == person.member_id,
    "inbox": lambda _, person: wrote(person),
    "invite_try": lambda _, person: func.lower(InviteTry.user_id).in_(person.user_ids),
    "sandbox_message": lambda _, person: lines_of(person),
    "setting": lambda _, person: settings_of(person),
    "outbox": _said_to,
    "chat": lambda _, person: col(Chat.id).in_(person.chat_ids),
    "door": lambda _, person: col(Door.chat_id).in_(person.chat_ids),
    "media": lambda session, person: col(Media.sha).in_(media_of(session, person)),
    "picture": _of_their_versions(Picture.version_id),
    "figure": _of_their_versions(Figure.version_id),
    "comment_count": _of_their_versions(CommentCount.version_id),
}
