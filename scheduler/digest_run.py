"""Digests by their rows: what is due, made once, owed to each group once a period."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from handlers.alarms import raise_alarm
from handlers.context import Services
from handlers.digest_owing import Occasion, owe_digest, unheard_keys
from handlers.registry import Digest, Registry
from handlers.schedules import finished, goes_out_again
from handlers.standing.policy import ladder_policy
from models.chat import ChatPurpose
from models.db import Database
from models.digest import DigestSchedule, enabled_digests
from models.draft import Draft
from models.errors import Refused
from models.programme import Programme, active_programmes
from models.rules import ladder
from models.rules.cron import CronLine
from models.rules.ladder import is_working_time
from models.rules.zone import local_zone
from models.snapshot import last_snapshot
from models.workday import calendar

log = structlog.get_logger()

#: A digest that an outage missed is sent up to this late; after that its news is old.
GRACE = timedelta(hours=12)


@dataclass(frozen=True)
class _Due:
    """A digest to be made: its row, its content, and the period that it is for."""

    row: DigestSchedule
    programme: Programme
    digest: Digest
    period: str
    again: bool = False

    @property
    def name(self) -> str:
        """What it is called in logs and alarms."""
        return f"{self.programme.code}:{self.digest.name}:{self.period}"

    def occasion(self, row: DigestSchedule) -> Occasion:
        """What is to be owed to the groups of *row*."""
        purpose = ChatPurpose(row.purpose)
        return Occasion(self.programme, self.digest, purpose, self.period, again=self.again)


_Row = tuple[DigestSchedule, Programme, Digest, CronLine]


def run_digests(database: Database, services: Services, now: datetime) -> int:
    """Make every digest whose time has come and was not sent; returns how many messages.

    On a later working morning of its period, what late reports altered goes out once more.
    """
    with database.read() as session:
        rows = list(_rows(session, services, now))
        due = [*_due(session, rows, now), *_to_correct(session, services, rows, now)]
    return sum(_make(database, services, each, now) for each in due)


def _rows(session: Session, services: Services, now: datetime) -> Iterator[_Row]:
    """What is switched on, with a time that can be read; of a finished programme only what
    speaks of all of them."""
    programmes = {programme.id: programme for programme in active_programmes(session)}
    today = now.astimezone(services.zone).date()
    over = finished(session, list(programmes.values()), today)
    for row in enabled_digests(session):
        programme = programmes.get(row.programme_id)
        digest = services.registry.digests.get(row.digest)
        if programme is None or digest is None:
            continue
        if programme.id in over and not digest.shared:
            continue
        try:
            line = CronLine(row.cron, services.zone)
        except Refused as refusal:
            log.error("digest has no usable time", digest=row.digest, reason=refusal.text)
            continue
        yield row, programme, digest, line


def _due(session: Session, rows: Sequence[_Row], now: datetime) -> Iterator[_Due]:
    found = list(_struck(rows, now))
    waiting = unheard_keys(session, [each.occasion(each.row) for each in found])
    taken: set[str] = set()
    for due, keys in zip(found, waiting, strict=True):
        # Asked every minute for hours: nothing is locked for what everybody heard, nor for what
        # the row of another programme tells the same groups.
        if keys - taken and due.digest.serves(session, due.programme):
            taken |= keys
            yield due


def _struck(rows: Sequence[_Row], now: datetime) -> Iterator[_Due]:
    """Those whose time has come, and in whose period there was not found to be nothing to say."""
    for row, programme, digest, line in rows:
        fire = line.last_fire(now, GRACE)
        since = max(filter(None, (programme.loaded_at, row.changed_at)))
        if fire is not None and fire >= since and row.silent_in != line.period(fire):
            yield _Due(row, programme, digest, line.period(fire))


def _to_correct(
    session: Session, services: Services, rows: Sequence[_Row], now: datetime
) -> Iterator[_Due]:
    """What went out on an earlier day of a period that still runs, once on each working morning."""
    days, today = calendar(session), now.astimezone(services.zone).date()
    for row, programme, digest, line in rows:
        if not goes_out_again(programme, digest) or row.looked_on == today:
            continue
        if not is_working_time(now, days, ladder_policy(programme)):
            continue
        last = last_snapshot(session, programme.id or 0, digest.frozen_as)
        if last is None or last.published_at.astimezone(services.zone).date() >= today:
            continue
        following = line.next_fire(last.published_at)
        if following is None or following > now:
            yield _Due(row, programme, digest, last.period, again=True)


def _make(database: Database, services: Services, due: _Due, now: datetime) -> int:
    """One digest in one transaction; a fault in it is told and does not hold up the others."""
    try:
        with database.write() as session:
            return _owe(session, services, due, now)
    except IntegrityError:  # another process published it at this very moment
        log.info("digest already made", key=due.name)
        return 0
    except Exception:
        log.exception("digest broke", key=due.name)
        with database.write() as session:
            text = f"{due.digest.title}（{due.period}）未能生成，请查看日志；修复后将自动补发。"
            raise_alarm(session, services, text, key=f"digest:{due.name}", now=now)
        return 0


def _owe(session: Session, services: Services, due: _Due, now: datetime) -> int:
    row = session.get_one(DigestSchedule, due.row.id)
    programme = session.get_one(Programme, due.row.programme_id)
    owed = owe_digest(session, services, replace(due, programme=programme).occasion(row), now)
    if due.again:
        row.looked_on = now.astimezone(services.zone).date()
    elif owed.is_silent:
        row.silent_in = due.period
    return owed.count


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
