"""通报: an issued document with frozen figures and a number of its year."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, UniqueConstraint, or_
from sqlalchemy.orm import defer
from sqlmodel import Field, Session, SQLModel, col, func, select

from models.db import one_of


class BulletinState(StrEnum):
    """A draft gets its number when it is issued; a dropped one never does."""

    DRAFT = "draft"
    ISSUED = "issued"
    DROPPED = "dropped"


class Bulletin(SQLModel, table=True):
    """One document; *texts* are its editable blocks, *snapshot* the figures it was made from.

    Numbers run by kind and year. *subject* is whom a letter is about, where several are written in
    one period. *media_sha* is the Word file, made anew with every change of a
    draft. *corrects_id* is the issued document that a 更正说明 puts right.
    """

    __table_args__ = (
        UniqueConstraint("programme_id", "kind", "year", "number"),
        one_of("state", BulletinState),
    )

    id: int | None = Field(default=None, primary_key=True)
    programme_id: int = Field(foreign_key="programme.id", index=True)
    kind: str
    period: str
    subject: str = ""
    title: str = ""
    data_date: date
    year: int
    number: int | None = None
    state: str = BulletinState.DRAFT
    texts: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    snapshot: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    media_sha: str | None = Field(default=None, foreign_key="media.sha")
    corrects_id: int | None = Field(default=None, foreign_key="bulletin.id")
    drafted_at: datetime
    drafted_by: int | None = Field(default=None, foreign_key="member.id")
    issued_at: datetime | None = None
    issued_by: int | None = Field(default=None, foreign_key="member.id")

    @property
    def is_letter(self) -> bool:
        """Whether it speaks to one unit, not to the leaders' groups."""
        return bool(self.subject) and self.corrects_id is None


class BulletinTemplate(SQLModel, table=True):
    """A customer's own Word template for one kind of document; the newest row counts.

    One without *media_sha* says that the customer went back to ours.
    """

    __tablename__ = "bulletin_template"

    id: int | None = Field(default=None, primary_key=True)
    programme_id: int = Field(foreign_key="programme.id", index=True)
    kind: str
    media_sha: str | None = Field(default=None, foreign_key="media.sha")
    name: str = ""
    made_at: datetime
    made_by: int | None = Field(default=None, foreign_key="member.id")


def bulletins_of(
    session: Session, programme_id: int, kind: str | None = None
) -> Sequence[Bulletin]:
    """The documents of a programme, of one kind where it is named, oldest first."""
    query = select(Bulletin).where(Bulletin.programme_id == programme_id)
    if kind is not None:
        query = query.where(Bulletin.kind == kind)
    return session.exec(query.order_by(col(Bulletin.id))).all()


def drafts_of(session: Session, programme_ids: Iterable[int]) -> Sequence[Bulletin]:
    """The open drafts of these programmes, oldest first."""
    return session.exec(
        select(Bulletin)
        .where(
            col(Bulletin.programme_id).in_(set(programme_ids)),
            Bulletin.state == BulletinState.DRAFT,
        )
        .order_by(col(Bulletin.id))
    ).all()


def issued_of(
    session: Session,
    programme_ids: Iterable[int],
    *,
    most: int | None = None,
    with_letters: bool = True,
) -> Sequence[Bulletin]:
    """The issued documents of these programmes, newest first, no more than *most*.

    Their snapshots, which may be long, are read when they are asked for.
    """
    query = select(Bulletin).where(
        col(Bulletin.programme_id).in_(set(programme_ids)),
        Bulletin.state == BulletinState.ISSUED,
    )
    if not with_letters:
        query = query.where(
            or_(col(Bulletin.subject) == "", col(Bulletin.corrects_id).is_not(None))
        )
    return session.exec(
        query.options(defer(Bulletin.snapshot))  # type: ignore[arg-type]
        .order_by(col(Bulletin.issued_at).desc(), col(Bulletin.id).desc())
        .limit(most)
    ).all()


def bulletin_about(
    session: Session, programme_id: int, kind: str, period: str, subject: str, state: BulletinState
) -> Bulletin | None:
    """The newest document of a kind on this period and subject in this state, or None."""
    return session.exec(
        select(Bulletin)
        .where(
            Bulletin.programme_id == programme_id,
            Bulletin.kind == kind,
            Bulletin.period == period,
            Bulletin.subject == subject,
            Bulletin.state == state,
        )
        .order_by(col(Bulletin.id).desc())
        .limit(1)
    ).first()


def next_number(session: Session, programme_id: int, kind: str, year: int) -> int:
    """The number that the next document of a kind gets in a year."""
    last = session.exec(
        select(func.max(Bulletin.number)).where(
            Bulletin.programme_id == programme_id, Bulletin.kind == kind, Bulletin.year == year
        )
    ).one()
    return (last or 0) + 1


def template_for(session: Session, programme_id: int, kind: str) -> BulletinTemplate | None:
    """The customer's template in force for a kind of document; None means ours."""
    row = session.exec(
        select(BulletinTemplate)
        .where(BulletinTemplate.programme_id == programme_id, BulletinTemplate.kind == kind)
        .order_by(col(BulletinTemplate.id).desc())
        .limit(1)
    ).first()
    return row if row is not None and row.media_sha is not None else None


def last_issued(session: Session, programme_id: int, kind: str) -> Bulletin | None:
    """The newest issued document of a kind, or None."""
    return session.exec(
        select(Bulletin)
        .where(
            Bulletin.programme_id == programme_id,
            Bulletin.kind == kind,
            Bulletin.state == BulletinState.ISSUED,
        )
        .order_by(col(Bulletin.year).desc(), col(Bulletin.number).desc())
        .limit(1)
    ).first()


def last_correction(session: Session, bulletin_id: int, *, before: datetime) -> Bulletin | None:
    """The newest 更正说明 of a document that was issued before a moment, or None."""
    return session.exec(
        select(Bulletin)
        .where(
            Bulletin.corrects_id == bulletin_id,
            Bulletin.state == BulletinState.ISSUED,
            col(Bulletin.issued_at) < before,
        )
        .order_by(col(Bulletin.issued_at).desc(), col(Bulletin.id).desc())
        .limit(1)
    ).first()
