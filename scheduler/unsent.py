"""Reminders that did not go out: dropped when nobody needs them any more, logged when missed."""

import re
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog
from sqlmodel import Session, col, select

from models.db import Database
from models.outbox import OutboxMessage, OutboxState
from models.rules.ladder import moments
from models.rules.zone import local_zone
from models.setting import keep_setting, setting
from scheduler.moment import Moment

log = structlog.get_logger()

#: When slots were last looked at, so that an outage over one of them is noticed.
LAST_RUN = "reminders_run"
TOO_LATE = "已过提醒时间，未发送"
SETTLED = "已报送，无需提醒"
_WAITING = (
    select(OutboxMessage)
    .where(
        OutboxMessage.state == OutboxState.WAITING,
        col(OutboxMessage.key).startswith("remind:", autoescape=True),
        col(OutboxMessage.locked_until).is_(None),  # not in a sender's hands
        OutboxMessage.platform == "",  # nor perhaps said
    )
    .order_by(col(OutboxMessage.id))
)
_KEY = re.compile(
    r"(?P<word>remind:(?P<day>[^:]+):(?P<slot>[^:]+):member(?P<member>\d+)):(?P<part>\d+)"
)


def note_run(database: Database, moment: Moment) -> None:
    """Remember that slots were looked at; those missed for longer than is allowed are logged."""
    with database.read() as session:
        kept = setting(session, LAST_RUN)
    last = datetime.fromisoformat(kept) if kept else None
    passed = [] if last is None else _slots_since(last, moment)
    if last is not None and last <= moment.now and not passed:
        return
    late = max((policy.late for policy in moment.policies.values()), default=timedelta())
    if missed := [each for each in passed if moment.now - each > late]:
        log.warning("reminder slots skipped", count=len(missed), first=str(missed[0]))
    with database.write() as session:
        keep_setting(session, LAST_RUN, moment.now.isoformat())


def _slots_since(last: datetime, moment: Moment) -> list[datetime]:
    first = last.astimezone(local_zone()).date()
    found = {
        at
        for policy in set(moment.policies.values())
        for at in moments(first, moment.today, moment.days, policy)
        if last < at <= moment.now
    }
    return sorted(found)


def has_waiting(session: Session) -> bool:
    """Whether any reminder waits to be sent."""
    return session.exec(_WAITING.limit(1)).first() is not None


def drop_unsent(session: Session, moment: Moment, owing: Mapping[int, str]) -> int:
    """Take back waiting reminders: too old, out of working time, or of people who owe nothing.

    *owing* holds what each liaison would be told now; a text that still waits is brought to it.
    Returns how many rows were dropped.
    """
    rows = session.exec(_WAITING.with_for_update(skip_locked=True)).all()
    known = [(row, found) for row in rows if (found := _KEY.fullmatch(row.key))]
    parts = Counter(found["word"] for _, found in known)
    dropped = 0
    for row, found in known:
        if reason := _why_drop(row, found, moment, owing):
            row.state, row.answer = OutboxState.DROPPED, reason
            dropped += 1
        elif _is_liaisons(found) and parts[found["word"]] == 1:
            row.text = owing[int(found["member"])]
    return dropped


def _is_liaisons(found: re.Match[str]) -> bool:
    """Whether this is a reminder at an hour of the ladder, not one to somebody above."""
    return found["slot"].isdecimal()


def _why_drop(
    row: OutboxMessage, found: re.Match[str], moment: Moment, owing: Mapping[int, str]
) -> str:
    is_today = found["day"] == str(moment.today)
    late = max((policy.late for policy in moment.policies.values()), default=timedelta())
    if not is_today or not moment.is_working_time or moment.now - row.created_at > late:
        return TOO_LATE
    return SETTLED if _is_liaisons(found) and int(found["member"]) not in owing else ""
