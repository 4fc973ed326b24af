"""The last numbered list shown to a person, so that the next message can say just `2`."""

from collections.abc import Sequence
from datetime import datetime
from importlib import import_module
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, Session, SQLModel, col, delete, select


class Listing(SQLModel, table=True):
    """The numbered list last shown; *template* is the command to repeat with the chosen entry."""

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="member.id", unique=True)
    template: str
    entries: list[Any] = Field(default_factory=list, sa_type=JSON)
    shown_at: datetime


def listing_of(session: Session, member_id: int) -> Listing | None:
    """The list last shown to a member, or None."""
    return session.exec(
        select(Listing)
        .where(Listing.member_id == member_id)
        # `keep_listing` writes past what the session has read before.
        .execution_options(populate_existing=True)
    ).first()


def keep_listing(
    session: Session, member_id: int, template: str, entries: Sequence[str], now: datetime
) -> None:
    """Make this the list last shown to a member, whatever was shown before."""
    shown = {"template": template, "entries": list(entries), "shown_at": now}
    # Only the dialect that is used: a start on SQLite need not load PostgreSQL's.
    insert = import_module(f"sqlalchemy.dialects.{session.get_bind().dialect.name}").insert
    session.execute(
        insert(Listing)
        .values(member_id=member_id, **shown)
        .on_conflict_do_update(index_elements=["member_id"], set_=shown)
    )


def forget_listing(session: Session, member_id: int) -> None:
    """No list was shown last to a member."""
    session.exec(delete(Listing).where(col(Listing.member_id) == member_id))
