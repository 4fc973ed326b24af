"""The last numbered list shown to a person, so that the next message can say just `2`."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, Session, SQLModel, select


class Listing(SQLModel, table=True):
    """The numbered list last shown; *template* is the command to repeat with the chosen entry."""

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="member.id", unique=True)
    template: str
    entries: list[Any] = Field(default_factory=list, sa_type=JSON)
    shown_at: datetime


def listing_of(session: Session, member_id: int) -> Listing | None:
    """The list last shown to a member, or None."""
    return session.exec(select(Listing).where(Listing.member_id == member_id)).first()
