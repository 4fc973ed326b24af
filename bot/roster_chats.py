"""What the command line does to group chats: their doors, their purpose, their robots."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, exists, select

from bot.keys import KeyRing
from models.audit import record
from models.chat import Chat, ChatPurpose, Door
from models.errors import DeliveryError, Refused
from models.message import ChatKind
from models.platform import ROBOTS, group_door, known_platforms
from models.programme import programme_by_code


@dataclass(frozen=True)
class Wanted:
    """How a group shall be: *chat* is the number of one that is known."""

    name: str
    purpose: str = ""
    programme: str = ""
    names_laggards: bool = False
    chat: int = 0


@dataclass(frozen=True)
class Seated:
    """The group that a robot speaks to: whether it was known, and whether it had a robot.

    *nameless* are groups that were heard and nobody has named: one of them may be the same.
    """

    chat: int
    is_known: bool = False
    is_replaced: bool = False
    nameless: tuple[int, ...] = ()


def chats_data(session: Session) -> list[dict[str, Any]]:
    """Group chats with their doors; of a robot its name alone, never its key."""
    doors = session.exec(select(Door).order_by(col(Door.id))).all()
    chats = session.exec(
        select(Chat).where(Chat.kind == ChatKind.GROUP).order_by(col(Chat.id))
    ).all()
    return [
        {
            "id": chat.id,
            "name": chat.name,
            "purpose": chat.purpose,
            "names_laggards": chat.names_laggards,
            "doors": [_shown(door) for door in doors if door.chat_id == chat.id],
        }
        for chat in chats
    ]


def _shown(door: Door) -> str:
    return door.via if door.via in ROBOTS else f"{door.via or door.platform}:{door.address}"


def door_named(name: str) -> tuple[str, str]:
    """Platform and door of a group as it is typed; Refused where no such door hears groups."""
    if (found := group_door(name)) is None:
        known = ", ".join([*known_platforms(groups=True), *ROBOTS])
        raise Refused(f"{name!r} is no platform of groups; there are {known}")
    return found


def add_chat(
    session: Session, wanted: Wanted, platform: str, via: str, address: str, now: datetime
) -> int:
    """A group chat behind a door; Refused when the door is taken or a word is unknown."""
    taken = session.exec(
        select(Door).where(Door.platform == platform, Door.address == address)
    ).first()
    if taken is not None:
        raise Refused(f"{platform}:{address} is chat {taken.chat_id} already")
    chat = _known(session, wanted.chat) if wanted.chat else _new(session, wanted, now)
    session.add(Door(chat_id=chat.id or 0, platform=platform, via=via, address=address))
    _settle(session, chat, wanted, now)
    return chat.id or 0


def add_robot(
    session: Session, wanted: Wanted, via: str, key: str, ring: KeyRing, now: datetime
) -> Seated:
    """A robot as a further door *via* of the group of this number or name, or of a new one.

    A group has one robot a platform: the key of an earlier one is replaced. Refused where several
    groups are called so, or the key is another group's.
    """
    known = _known(session, wanted.chat) if wanted.chat else _called(session, wanted.name)
    robots = session.exec(select(Door).where(Door.via == via)).all()
    for door in robots:
        is_same = _known_by(_opened(ring, door)) == _known_by(key)
        if is_same and (known is None or door.chat_id != known.id):
            raise Refused(
                f"this key is the robot of chat {door.chat_id} already; if both are one group, "
                f"run `dajuan chat remove {door.chat_id}` first"
            )
    chat = known or _new(session, wanted, now)
    old = next((each for each in robots if each.chat_id == chat.id), None)
    door = old or Door(chat_id=chat.id or 0, platform=ROBOTS[via], via=via, address="")
    door.address = ring.sealed(key)
    session.add(door)
    _settle(session, chat, wanted, now)
    nameless = () if known else _nameless(session)
    return Seated(chat.id or 0, known is not None, old is not None, nameless)


def remove_chat(session: Session, number: int, now: datetime) -> None:
    """Close every door of a group: nothing is said there any more."""
    chat = session.get(Chat, number)
    if chat is None or chat.kind != ChatKind.GROUP:
        raise Refused(f"there is no group chat {number}: see `dajuan chat list`")
    chat.purpose = ChatPurpose.NONE
    for door in session.exec(select(Door).where(Door.chat_id == number)).all():
        session.delete(door)
    _record(session, now, "remove", number, {})


def _new(session: Session, wanted: Wanted, now: datetime) -> Chat:
    chat = Chat(kind=ChatKind.GROUP, name=wanted.name, created_at=now)
    session.add(chat)
    session.flush()
    return chat


def _known(session: Session, number: int) -> Chat:
    chat = session.get(Chat, number)
    if chat is None or chat.kind != ChatKind.GROUP:
        raise Refused(f"there is no group chat {number}: see `dajuan chat list`")
    return chat


def _called(session: Session, name: str) -> Chat | None:
    """The group of this name that is spoken to; None where there is none."""
    found = session.exec(_spoken_to().where(Chat.name == name)).all()
    if len(found) > 1:
        numbers = ", ".join(str(each.id) for each in found)
        raise Refused(f"chats {numbers} are all called {name!r}: say which with --chat NUMBER")
    return found[0] if found else None


def _nameless(session: Session) -> tuple[int, ...]:
    chats = session.exec(_spoken_to().where(Chat.name == "")).all()
    return tuple(each.id or 0 for each in chats)


def _spoken_to() -> Any:
    has_door = exists().where(col(Door.chat_id) == col(Chat.id))
    return select(Chat).where(Chat.kind == ChatKind.GROUP, has_door).order_by(col(Chat.id))


def _settle(session: Session, chat: Chat, wanted: Wanted, now: datetime) -> None:
    """The group as it is wanted; what is not said stays as it is."""
    if wanted.purpose not in list(ChatPurpose):
        known = ", ".join(filter(None, ChatPurpose))
        raise Refused(f"{wanted.purpose!r} is no purpose; there are {known}")
    owner = programme_by_code(session, wanted.programme) if wanted.programme else None
    if wanted.programme and owner is None:
        raise Refused(f"there is no programme {wanted.programme!r}")
    chat.name = wanted.name or chat.name
    chat.purpose = wanted.purpose or chat.purpose
    chat.programme_id = owner.id if owner else chat.programme_id
    chat.names_laggards = wanted.names_laggards or chat.names_laggards
    session.flush()
    _record(session, now, "add", chat.id or 0, {"purpose": chat.purpose})


def _opened(ring: KeyRing, door: Door) -> str:
    """The key of a robot; empty where the secret changed since it was stored."""
    try:
        return ring.opened(door.address)
    except DeliveryError:
        return ""


def _known_by(key: str) -> str:
    """What tells a robot from others; a secret that may stand behind it can change."""
    return key.partition(" ")[0]


def _record(
    session: Session, now: datetime, action: str, number: int, after: dict[str, Any]
) -> None:
    record(session, at=now, member_id=None, action=action, table="chat", row=number, after=after)
