"""Links to pages and files: what each opens, for whom, until when, and whether it was revoked."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlmodel import Field, Session, SQLModel, col, select

from models.db import one_of
from models.message import MediaRef


class LinkKind(StrEnum):
    """What a link opens."""

    BOARD = "board"
    FILE = "file"
    UPLOAD = "upload"
    EXPORT = "export"


#: How long a link opens what it was made for.
LIFETIMES = {
    LinkKind.BOARD: timedelta(days=7),
    LinkKind.FILE: timedelta(hours=24),
    LinkKind.UPLOAD: timedelta(hours=2),
    LinkKind.EXPORT: timedelta(hours=24),
}
#: A link is handed out again while it lives at least this much longer.
_FRESH = timedelta(days=1)


class Link(SQLModel, table=True):
    """One link as it was handed out; its address carries the id, signed.

    A board link obeys the switches of its chat, an upload link speaks for its member, a file link
    opens *media_sha* under *name*, an export link a file of the kind *export* that is made when it
    is opened, on the reports due from *due_from* to *due_to*, where a period was named.
    """

    __table_args__ = (one_of("kind", LinkKind),)

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    programme_id: int | None = Field(default=None, foreign_key="programme.id", index=True)
    chat_id: int | None = Field(default=None, foreign_key="chat.id", index=True)
    member_id: int | None = Field(default=None, foreign_key="member.id", index=True)
    media_sha: str | None = None
    name: str = ""
    mime: str = ""
    export: str = ""
    due_from: date | None = None
    due_to: date | None = None
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """Whether it still opens anything."""
        return self.revoked_at is None and now < self.expires_at


def board_link(session: Session, programme_id: int, chat_id: int, now: datetime) -> Link:
    """The link of a chat to a programme's board: the open one while it lives another day."""
    known = session.exec(
        select(Link)
        .where(
            Link.kind == LinkKind.BOARD,
            Link.programme_id == programme_id,
            Link.chat_id == chat_id,
            col(Link.revoked_at).is_(None),
            col(Link.expires_at) > now + _FRESH,
        )
        .order_by(col(Link.id).desc())
    ).first()
    if known is not None:
        return known
    link = _made(LinkKind.BOARD, now)
    link.programme_id, link.chat_id = programme_id, chat_id
    return _kept(session, link)


def file_link(session: Session, media: MediaRef, member_id: int | None, now: datetime) -> Link:
    """A link that opens one document, picture or package."""
    link = _made(LinkKind.FILE, now)
    link.member_id, link.media_sha = member_id, media.sha
    link.name, link.mime = media.name, media.mime
    return _kept(session, link)


def export_link(
    session: Session,
    export: str,
    programme_id: int,
    member_id: int,
    now: datetime,
    due: tuple[date, date] | None = None,
) -> Link:
    """A link that makes an export of a programme for one admin whenever it is opened."""
    link = _made(LinkKind.EXPORT, now)
    link.export, link.programme_id, link.member_id = export, programme_id, member_id
    link.due_from, link.due_to = due or (None, None)
    return _kept(session, link)


def upload_link(session: Session, member_id: int, chat_id: int, now: datetime) -> Link:
    """A link to the upload form, where it speaks for one member in one single chat of theirs."""
    link = _made(LinkKind.UPLOAD, now)
    link.member_id, link.chat_id = member_id, chat_id
    return _kept(session, link)


def open_upload_link(session: Session, member_id: int, chat_id: int, now: datetime) -> Link | None:
    """The newest link to the form that this member has there and that still opens it."""
    return session.exec(
        select(Link)
        .where(
            Link.kind == LinkKind.UPLOAD,
            Link.member_id == member_id,
            Link.chat_id == chat_id,
            col(Link.revoked_at).is_(None),
            col(Link.expires_at) > now,
        )
        .order_by(col(Link.id).desc())
    ).first()


def _made(kind: LinkKind, now: datetime) -> Link:
    return Link(kind=kind, made_at=now, expires_at=now + LIFETIMES[kind])


def _kept(session: Session, link: Link) -> Link:
    session.add(link)
    session.flush()
    return link


def revoke_board_links(session: Session, chat_id: int, now: datetime) -> int:
    """Revoke every board link of a chat; returns how many opened something until now."""
    rows: Sequence[Link] = session.exec(
        select(Link).where(
            Link.chat_id == chat_id,
            Link.kind == LinkKind.BOARD,
            col(Link.revoked_at).is_(None),
            col(Link.expires_at) > now,
        )
    ).all()
    for row in rows:
        row.revoked_at = now
    session.flush()
    return len(rows)
