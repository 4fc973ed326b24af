"""What the database knows of an office on a platform: its people, groups and robots."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.chat import Chat, Door
from models.inbox import InboxMessage
from models.member import Account, Member
from models.message import ChatKind


@dataclass(frozen=True)
class Group:
    """A group that has a purpose, and the doors that lead into it: platform and door of each."""

    number: int
    name: str
    doors: frozenset[tuple[str, str]]

    @property
    def title(self) -> str:
        """As `dajuan chat list` shows it."""
        return f"{self.number}号“{self.name}”" if self.name else f"{self.number}号"


def accounts(session: Session, platform: str) -> Sequence[str]:
    """The accounts of everybody on the roster, as they were written."""
    rows = session.exec(
        select(Account.user_id, Account.spelling)
        .join(Member, col(Member.id) == col(Account.member_id))
        .where(Account.platform == platform, col(Member.left_at).is_(None))
        .order_by(col(Account.id))
    ).all()
    return [spelling or user_id for user_id, spelling in rows]


def silent(session: Session, platform: str, known: Sequence[str]) -> int:
    """How many of the *known* accounts have never written by any door of the platform."""
    senders = session.exec(
        select(InboxMessage.sender_id).where(InboxMessage.platform == platform).distinct()
    ).all()
    wrote = {each.casefold() for each in senders}
    return sum(each.casefold() not in wrote for each in known)


def groups(session: Session) -> list[Group]:
    """Every group that is for something, whatever platforms it is on."""
    rows = session.exec(
        select(Chat.id, Chat.name, Door.platform, Door.via)
        .join(Door, col(Door.chat_id) == col(Chat.id))
        .where(Chat.kind == ChatKind.GROUP, Chat.purpose != "")
        .order_by(col(Chat.id))
    ).all()
    doors: dict[tuple[int, str], set[tuple[str, str]]] = {}
    for number, name, platform, via in rows:
        doors.setdefault((number or 0, name), set()).add((platform, via))
    return [Group(number, name, frozenset(found)) for (number, name), found in doors.items()]


def robots(session: Session, via: str) -> Sequence[str]:
    """The sealed keys of the robots behind one door."""
    return session.exec(select(Door.address).where(Door.via == via)).all()
