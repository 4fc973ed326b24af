"""When a programme's digests go out: every new programme begins with the usual times."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import structlog
from sqlmodel import Session, select

from handlers.registry import Digest, Registry
from models.digest import DigestSchedule
from models.obligation import last_dues
from models.programme import Programme
from models.rules.span import add_months

log = structlog.get_logger()


def seed_schedules(session: Session, programme: Programme, registry: Registry) -> int:
    """Give a programme the default row of every digest it has none of; returns how many.

    Its definition may state another time, other groups, or that a digest is off. An admin
    switches a digest off in its row; rows are never deleted, so none comes back. Whether there is
    something to say of is asked when the digest is made: 研判 may begin after the loading.
    """
    known = set(
        session.exec(
            select(DigestSchedule.digest).where(DigestSchedule.programme_id == programme.id)
        ).all()
    )
    stated = digest_policies(programme)
    if strange := sorted(set(stated) - set(registry.digests)):
        log.warning("unknown digests in a definition", programme=programme.code, names=strange)
    missing = [each for each in registry.digests.values() if each.name not in known]
    session.add_all(usual_schedule(programme, each) for each in missing)
    session.flush()
    return len(missing)


def digest_policies(programme: Programme) -> dict[str, dict[str, Any]]:
    """What an admin or the programme's definition states on its digests, by their names."""
    return programme.stated("digests") or {}


def finished(session: Session, programmes: Sequence[Programme], today: date) -> frozenset[int]:
    """Those whose year is over and whose last report was due in the month before last.

    What leaders would go on reading every week is then always the same, and nobody is reminded
    of last year's reports any more. Their ids.
    """
    past = [each for each in programmes if each.year < today.year]
    last = last_dues(session, [each.id or 0 for each in past]) if past else {}
    return frozenset(
        each.id or 0
        for each in past
        if today >= add_months(max(date(each.year, 12, 31), last.get(each.id or 0, date.min)), 2)
    )


def goes_out_again(programme: Programme, digest: Digest) -> bool:
    """Whether late reports that alter what it printed send it once more."""
    is_wanted: bool = digest_policies(programme).get(digest.name, {}).get("again", True)
    return bool(digest.frozen_as) and is_wanted


def usual_schedule(programme: Programme, digest: Digest) -> DigestSchedule:
    """The row that a digest begins with in a programme, not yet added to any session."""
    stated = digest_policies(programme).get(digest.name, {})
    purpose = stated.get("audience") or digest.purpose
    return DigestSchedule(
        programme_id=programme.id or 0,
        digest=digest.name,
        purpose=purpose if purpose in digest.audiences else digest.purpose,
        cron=stated.get("cron") or digest.cron,
        enabled=not stated.get("off", False),
    )
