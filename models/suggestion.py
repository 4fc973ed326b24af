"""建议: what people told the office about the bot or the work, for the admins."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, func, select

from models.member import Member


class Suggestion(SQLModel, table=True):
    """One suggestion."""

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="member.id")
    text: str
    made_at: datetime


def made_since(session: Session, member_id: int, since: datetime) -> int:
    """How many suggestions a member has made since *since*."""
    query = select(func.count()).select_from(Suggestion)
    return session.exec(
        query.where(Suggestion.member_id == member_id, col(Suggestion.made_at) >= since)
    ).one()


def newest_suggestions(session: Session, most: int) -> Sequence[tuple[Suggestion, Member]]:
    """The newest suggestions with who made them, the newest first."""
    return session.exec(
        select(Suggestion, Member)
        .join(Member, col(Member.id) == col(Suggestion.member_id))
        .order_by(col(Suggestion.id).desc())
        .limit(most)
    ).all()
