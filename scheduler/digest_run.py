"""Digests by their rows: what is due, made once, owed to each group once a period."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from handlers.alarms import raise_alarm
from handlers.context import DigestContext, Services
from handlers.registry import Digest, Registry
from handlers.standing.policy import ladder_policy
from models.audience import said_among
from models.chat import ChatPurpose, groups_for
from models.db import Database
from models.digest import enabled_digests
from models.draft import Draft
from models.errors import Refused
from models.outbox import say
from models.programme import Programme, active_programmes
from models.rules import ladder
from models.rules.cron import CronLine
from models.rules.zone import local_zone
from models.workday import calendar

log = structlog.get_logger()

#: A digest that an outage missed is sent up to this late; after that its news is old.
GRACE = timedelta(hours=12)


@dataclass(frozen=True)
class _Due:
    """A digest to be made: its row, its content, and the period that fired."""

    schedule_id: int
    digest: Digest
    purpose: ChatPurpose
    programme_id: int
    period: str
    key: str


def run_digests(database: Database, services: Services, now: datetime) -> int:
    """Make every digest whose time has come and was not sent; returns how many messages."""
    with database.read() as session:
        due = _due(session, services, now)
    return sum(_make(database, services, each, now) for each in due)


def _due(session: Session, services: Services, now: datetime) -> Sequence[_Due]:
    programmes = {programme.id: programme for programme in active_programmes(session)}
    found = []
    for row in enabled_digests(session):
        programme = programmes.get(row.programme_id)
        digest = services.registry.digests.get(row.digest)
        if programme is None or digest is None:
            continue
        try:
            line = CronLine(row.cron, services.zone)
        except Refused as refusal:
            log.error("digest has no usable time", digest=row.digest, reason=refusal.text)
            continue
        fire = line.last_fire(now, GRACE)
        if fire is None or fire < programme.loaded_at:
            continue
        period = line.period(fire)
        key = f"digest:{programme.code}:{row.digest}:{period}"
        purpose = ChatPurpose(row.purpose)
        found.append(_Due(row.id or 0, digest, purpose, programme.id or 0, period, key))
    return found


def _make(database: Database, services: Services, due: _Due, now: datetime) -> int:
    """One digest in one transaction; a fault in it is told and does not hold up the others."""
    try:
        with database.write() as session:
            return _owe(session, services, due, now)
    except IntegrityError:  # another process published it at this very moment
        log.info("digest already made", key=due.key)
        return 0
    except Exception:
        log.exception("digest broke", key=due.key)
        with database.write() as session:
            text = f"{due.digest.title}（{due.period}）未能生成，请查看日志；修复后将自动补发。"
            raise_alarm(session, services, text, key=due.key, now=now)
        return 0


def _owe(session: Session, services: Services, due: _Due, now: datetime) -> int:
    groups = groups_for(session, due.purpose, due.programme_id)
    said = said_among(session, [f"{due.key}:chat{chat.id}" for chat in groups])
    chats = [chat for chat in groups if f"{due.key}:chat{chat.id}" not in said]
    if not chats:
        return 0
    context = DigestContext(
        session=session,
        now=now,
        services=services,
        programme=session.get_one(Programme, due.programme_id),
        chats=chats,
        period=due.period,
    )
    count = 0
    for post in due.digest.content(context):
        key = f"{due.key}:chat{post.chat_id}"
        count += say(session, post.chat_id, post.reply, key=key, now=now)
    return count


def moments(
    session: Session, registry: Registry, since: datetime, until: datetime
) -> list[datetime]:
    """Every instant in (since, until] at which a reminder, digest or draft can have news.

    A clock moved by hand stops at each of them, so that nothing is skipped.
    """
    found = set(_reminder_moments(session, since, until))
    found |= set(_digest_moments(session, registry, since, until))
    expiring = session.exec(
        select(Draft.expires_at).where(
            col(Draft.expires_at) > since, col(Draft.expires_at) <= until
        )
    ).all()
    return sorted({each.astimezone(local_zone()) for each in (*found, *expiring)})


def _reminder_moments(session: Session, since: datetime, until: datetime) -> list[datetime]:
    days = calendar(session)
    first, last = (each.astimezone(local_zone()).date() for each in (since, until))
    policies = {ladder_policy(each) for each in active_programmes(session)}
    return [
        each
        for policy in policies
        for each in ladder.moments(first, last, days, policy)
        if since < each <= until
    ]


def _digest_moments(
    session: Session, registry: Registry, since: datetime, until: datetime
) -> list[datetime]:
    lines = {row.cron for row in enabled_digests(session) if row.digest in registry.digests}
    found: list[datetime] = []
    for line in lines:
        try:
            found += CronLine(line, local_zone()).fires(since, until)
        except Refused:
            continue  # run_digests says so
    return found
