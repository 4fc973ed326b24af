"""What the database knows of WeCom: who wrote, who has the connection, which robots there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, exists, func, select

from bot.health import is_served
from bot.platforms.wecom_robot import NAME as ROBOT
from bot.wecom.body import NAME, PLATFORM
from bot.wecom.ownership import LINK_NOTE, SPAN, Standing
from models.chat import Chat, Door
from models.inbox import InboxMessage
from models.lease import Lease
from models.member import Account, Member
from models.message import ChatKind
from models.setting import setting


@dataclass(frozen=True)
class Link:
    """How the owner of the long connection says that it stands, since when and why."""

    owner: str
    standing: Standing | None = None
    since: datetime | None = None
    why: str = ""

    @property
    def place(self) -> str:
        """The machine and process that hold it."""
        machine, process = self.owner.split(":")[:2]
        return f"{machine} 的进程 {process}"


@dataclass(frozen=True)
class Group:
    """A group that has a purpose, and the doors that lead into it."""

    number: int
    name: str
    doors: frozenset[str]

    @property
    def title(self) -> str:
        """As `dajuan chat list` shows it."""
        return f"{self.number}号“{self.name}”" if self.name else f"{self.number}号"


@dataclass(frozen=True)
class Known:
    """What was stored up to now; as it stands here where the database cannot be read."""

    accounts: Sequence[str] = ()
    silent: int = 0
    robots: Sequence[str] = ()
    groups: Sequence[Group] = ()
    is_served: bool = True
    #: None: no process has the lease.
    link: Link | None = None
    app_heard: datetime | None = None
    bot_heard: datetime | None = None


def known_of(session: Session, now: datetime) -> Known:
    """What *session* knows of WeCom."""
    return Known(
        accounts=_accounts(session),
        silent=_silent(session),
        robots=session.exec(select(Door.address).where(Door.via == ROBOT)).all(),
        groups=_groups(session),
        is_served=is_served(session),
        link=_link(session, now),
        app_heard=_heard(session, "app:"),
        bot_heard=_heard(session, "bot:"),
    )


def _accounts(session: Session) -> Sequence[str]:
    return session.exec(
        select(Account.user_id)
        .join(Member, col(Member.id) == col(Account.member_id))
        .where(Account.platform == PLATFORM, col(Member.left_at).is_(None))
        .order_by(col(Account.id))
    ).all()


def _silent(session: Session) -> int:
    """How many of those people have never written by any door of WeCom."""
    wrote = exists().where(
        col(InboxMessage.platform) == PLATFORM,
        col(InboxMessage.sender_id) == col(Account.user_id),
    )
    return session.exec(
        select(func.count())
        .select_from(Account)
        .join(Member, col(Member.id) == col(Account.member_id))
        .where(Account.platform == PLATFORM, col(Member.left_at).is_(None), ~wrote)
    ).one()


def _groups(session: Session) -> list[Group]:
    rows = session.exec(
        select(Chat.id, Chat.name, Door.via)
        .join(Door, col(Door.chat_id) == col(Chat.id))
        .where(Door.platform == PLATFORM, Chat.kind == ChatKind.GROUP, Chat.purpose != "")
        .order_by(col(Chat.id))
    ).all()
    doors: dict[tuple[int, str], set[str]] = {}
    for number, name, via in rows:
        doors.setdefault((number or 0, name), set()).add(via)
    return [Group(number, name, frozenset(vias)) for (number, name), vias in doors.items()]


def _link(session: Session, now: datetime) -> Link | None:
    lease = session.get(Lease, NAME)
    if lease is None or not now < lease.until <= now + SPAN:
        return None
    note = setting(session, LINK_NOTE) or {}
    if note.get("owner") != lease.owner:
        return Link(lease.owner)
    since = datetime.fromisoformat(note["since"])
    return Link(lease.owner, Standing(note["standing"]), since, note["why"])


def _heard(session: Session, prefix: str) -> datetime | None:
    """When the last message came by the door whose numbers begin with *prefix*."""
    return session.exec(
        select(func.max(InboxMessage.received_at)).where(
            InboxMessage.platform == PLATFORM,
            col(InboxMessage.message_id).startswith(prefix, autoescape=True),
        )
    ).one()
