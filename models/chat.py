"""会话: group and single chats, the doors they are reached by, their purpose and switches."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from models.db import one_of
from models.member import Account
from models.message import ChatKind


class ChatPurpose(StrEnum):
    """What a group is for; it decides which digests it gets."""

    NONE = ""
    LIAISONS = "liaisons"
    LEADERS = "leaders"
    ADMINS = "admins"


class Chat(SQLModel, table=True):
    """One conversation; a single chat belongs to one person, a group to its purpose.

    *names_laggards*: whether this group sees who lags (减负: a switch of the group).
    """

    __table_args__ = (one_of("kind", ChatKind), one_of("purpose", ChatPurpose))

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    name: str = ""
    purpose: str = ChatPurpose.NONE
    programme_id: int | None = Field(default=None, foreign_key="programme.id")
    names_laggards: bool = False
    created_at: datetime


class Door(SQLModel, table=True):
    """One way into a chat: a platform and the chat's address there.

    *via* names the door where the address means something at that one alone, as a group's does; a
    person's user id is known at every door of the platform.
    """

    __table_args__ = (
        UniqueConstraint("platform", "via", "address"),
        # A person is known at every door of a platform: *via* is not asked for then.
        Index("ix_door_platform_address", "platform", "address"),
    )

    id: int | None = Field(default=None, primary_key=True)
    chat_id: int = Field(foreign_key="chat.id", index=True)
    platform: str
    via: str = ""
    address: str


def chat_at(
    session: Session, platform: str, address: str, kind: ChatKind, now: datetime, via: str = ""
) -> Chat:
    """The chat behind a door; the first message through a door makes it known."""
    chat = session.exec(
        select(Chat)
        .join(Door, col(Door.chat_id) == col(Chat.id))
        .where(Door.platform == platform, Door.via == via, Door.address == address)
    ).first()
    if chat is None:
        chat = Chat(kind=kind, created_at=now)
        session.add(chat)
        session.flush()
        session.add(Door(chat_id=chat.id or 0, platform=platform, via=via, address=address))
        session.flush()
    return chat


def is_group_at(session: Session, platform: str, address: str) -> bool:
    """Whether a group is known at an address that all doors of the platform share."""
    kind = session.exec(
        select(Chat.kind)
        .join(Door, col(Door.chat_id) == col(Chat.id))
        .where(Door.platform == platform, Door.via == "", Door.address == address)
    ).first()
    return kind == ChatKind.GROUP


def single_chats_of(session: Session, member_id: int) -> Sequence[Chat]:
    """The single chats in which a member can be reached, the oldest account's first.

    A person's single chat is addressed by their own user id on every platform.
    """
    return session.exec(
        select(Chat)
        .join(Door, col(Door.chat_id) == col(Chat.id))
        .join(
            Account,
            (col(Account.platform) == col(Door.platform))
            & (col(Account.user_id) == col(Door.address)),
        )
        .where(Account.member_id == member_id, Chat.kind == ChatKind.SINGLE)
        .order_by(col(Account.id))
    ).all()


def groups_for(session: Session, purpose: ChatPurpose, programme_id: int) -> Sequence[Chat]:
    """Groups with *purpose* that belong to the programme or to all programmes."""
    return session.exec(
        select(Chat)
        .where(
            Chat.kind == ChatKind.GROUP,
            Chat.purpose == purpose,
            col(Chat.programme_id).is_(None) | (col(Chat.programme_id) == programme_id),
        )
        .order_by(col(Chat.id))
    ).all()


def groups_with_purpose(session: Session) -> Sequence[Chat]:
    """Every group that hears something unasked."""
    wanted = (Chat.kind == ChatKind.GROUP, Chat.purpose != ChatPurpose.NONE)
    return session.exec(select(Chat).where(*wanted).order_by(col(Chat.id))).all()


def doors_of(session: Session, chat_id: int) -> Sequence[Door]:
    """Every door of a chat, the first known first."""
    return session.exec(select(Door).where(Door.chat_id == chat_id).order_by(col(Door.id))).all()
