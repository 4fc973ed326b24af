"""The practice chat's own memory: what a chat platform would keep on its servers."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, func, select

from models.db import one_of


class Direction(StrEnum):
    """Written by a person, or by the bot."""

    IN = "in"
    OUT = "out"


class SandboxMessage(SQLModel, table=True):
    """One line of one practice chat; *key* refuses a second copy, as real platforms do.

    *chat_id* is a group's address or, for a single chat, the person's id. A line is a text or, with
    *media* `{"sha", "name", "mime", "size"}`, a picture or file.
    """

    __tablename__ = "sandbox_message"
    __table_args__ = (
        UniqueConstraint("key"),
        one_of("direction", Direction),
        Index("ix_sandbox_message_chat_id_id", "chat_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str
    chat_id: str
    person: str = ""
    direction: str
    text: str = ""
    media: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    at: datetime


def sandbox_message(session: Session, key: str) -> SandboxMessage | None:
    """The line kept under *key*, or None."""
    return session.exec(select(SandboxMessage).where(SandboxMessage.key == key)).first()


def newest_line(session: Session, chat_id: str | None = None) -> int:
    """The number of the last line of one chat or of all; 0 when there is none."""
    query = select(func.max(SandboxMessage.id))
    if chat_id is not None:
        query = query.where(SandboxMessage.chat_id == chat_id)
    return session.exec(query).one() or 0


def lines_after(session: Session, number: int, limit: int = 500) -> Sequence[SandboxMessage]:
    """The lines of all chats after line *number*, oldest first."""
    return session.exec(
        select(SandboxMessage)
        .where(col(SandboxMessage.id) > number)
        .order_by(col(SandboxMessage.id))
        .limit(limit)
    ).all()


def lines_of(
    session: Session, chat_id: str, after: int, limit: int = 200
) -> Sequence[SandboxMessage]:
    """The lines of a chat after line *after*, oldest first; without it the last *limit* ones."""
    query = select(SandboxMessage).where(
        SandboxMessage.chat_id == chat_id, col(SandboxMessage.id) > after
    )
    newest = session.exec(query.order_by(col(SandboxMessage.id).desc()).limit(limit)).all()
    return list(reversed(newest))
