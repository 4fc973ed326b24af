"""What the database knows of DingTalk: who wrote, which robots there are, what the month used."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, func, select

from bot.dingtalk.body import PLATFORM
from bot.dingtalk.check_quota import quota_findings
from bot.findings import Found
from bot.health import is_served
from bot.known import accounts, robots, silent
from bot.platforms.dingtalk_robot import NAME as ROBOT
from models.inbox import InboxMessage


@dataclass(frozen=True)
class Known:
    """What was stored up to now; as it stands here where the database cannot be read."""

    accounts: Sequence[str] = ()
    silent: int = 0
    robots: Sequence[str] = ()
    is_served: bool = True
    heard: datetime | None = None
    quotas: Sequence[Found] = ()


def known_of(session: Session, now: datetime) -> Known:
    """What *session* knows of DingTalk."""
    people = accounts(session, PLATFORM)
    return Known(
        accounts=people,
        silent=silent(session, PLATFORM, people),
        robots=robots(session, ROBOT),
        is_served=is_served(session),
        heard=_heard(session),
        quotas=quota_findings(session, now),
    )


def _heard(session: Session) -> datetime | None:
    """When the last message came, by whichever way."""
    return session.exec(
        select(func.max(InboxMessage.received_at)).where(InboxMessage.platform == PLATFORM)
    ).one()
