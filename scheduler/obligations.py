"""Keeps every active programme's year of obligations complete."""

from datetime import datetime

from models.db import Database
from models.programme import Programme, active_programmes
from models.programmes.obligations import ensure_obligations


def keep_obligations(database: Database, now: datetime) -> int:
    """Make what is missing and adjust what changed; returns how many rows that were.

    Each programme is its own transaction: they do not hold up one another, nor the door.
    """
    with database.read() as session:
        ids = [programme.id for programme in active_programmes(session)]
    count = 0
    for programme_id in ids:
        with database.write() as session:
            done = ensure_obligations(session, session.get_one(Programme, programme_id), now)
            count += done.created + done.updated + done.waived
    return count
