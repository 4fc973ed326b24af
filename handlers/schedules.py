"""When a programme's digests go out: every new programme begins with the usual times."""

from sqlmodel import Session, select

from handlers.registry import Registry
from models.digest import DigestSchedule
from models.programme import Programme


def seed_schedules(session: Session, programme: Programme, registry: Registry) -> int:
    """Give a programme the default row of every digest it has none of; returns how many.

    An admin switches a digest off in its row; rows are never deleted, so none comes back.
    """
    known = set(
        session.exec(
            select(DigestSchedule.digest).where(DigestSchedule.programme_id == programme.id)
        ).all()
    )
    missing = [each for each in registry.digests.values() if each.name not in known]
    session.add_all(
        DigestSchedule(
            programme_id=programme.id or 0,
            digest=each.name,
            purpose=each.purpose,
            cron=each.cron,
        )
        for each in missing
    )
    session.flush()
    return len(missing)
