"""What the database knows of WeCom: who wrote, who has the connection, which robots there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from bot.health import is_served
from bot.known import accounts, robots, silent
from bot.platforms.wecom_robot import NAME as ROBOT
from bot.wecom.body import NAME, PLATFORM
from bot.wecom.ownership import LINK_NOTE, SPAN, Standing
from models.inbox import InboxMessage
from models.lease import Lease
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
class Known:
    """What was stored up to now; as it stands here where the database cannot be read."""

    accounts: Sequence[str] = ()
    silent: int = 0
    robots: Sequence[str] = ()
    is_served: bool = True
    #: None: no process has the lease.
    link: Link | None = None
    app_heard: datetime | None = None
    bot_heard: datetime | None = None


def known_of(session: Session, now: datetime) -> Known:
    """What *session* knows of WeCom."""
    people = accounts(session, PLATFORM)
    return Known(
        accounts=people,
        silent=silent(session, PLATFORM, people),
        robots=robots(session, ROBOT),
        is_served=is_served(session),
        link=_link(session, now),
        app_heard=_heard(session, "app:"),
        bot_heard=_heard(session, "bot:"),
    )


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
