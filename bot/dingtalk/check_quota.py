"""What `dajuan doctor` says of the month's quotas at DingTalk: use, forecast, what can be done."""

from datetime import datetime

from sqlmodel import Session

from bot.dingtalk.body import PLATFORM
from bot.findings import Found, Level
from handlers.supervising.quota_text import advice, standing_text
from models.quota import Quota, quotas
from models.workday import calendar


def quota_findings(session: Session, now: datetime) -> list[Found]:
    """A finding a pool: well, nearly used up or about to be by the month's end, or used up."""
    return [_found(each) for each in quotas(session, PLATFORM, now, calendar(session))]


def _found(quota: Quota) -> Found:
    standing, title = quota.standing, quota.pool.title
    about = f"本月{title}，本系统{standing_text(standing)}"
    level = Level.OK
    if standing.is_used_up:
        level = Level.FAIL
    elif standing.warning or standing.runs_out:
        level = Level.WARN
    return Found(
        f"dingtalk quota {quota.pool.name}",
        level,
        about,
        "" if level is Level.OK else advice(quota.platform),
    )
