"""Which process asks what is due: one at a time holds the scheduler's lease."""

from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from models.db import Database
from models.lease import give_up_lease, take_lease

#: The duty that jobs.py asks for.
SCHEDULER = "scheduler"
#: How long a lease holds without being renewed; a dead owner is replaced after this.
SPAN = timedelta(seconds=60)


def holds_lease(
    database: Database, owner: str, now: datetime, name: str = SCHEDULER, span: timedelta = SPAN
) -> bool:
    """Take or renew the lease for *owner*; False while another process has it."""
    try:
        with database.write() as session:
            return take_lease(session, name, owner, now, span)
    except IntegrityError:  # two processes were the first at once: the other one has it
        return False


def release_lease(database: Database, owner: str, name: str = SCHEDULER) -> None:
    """Hand the lease back at shutdown."""
    with database.write() as session:
        give_up_lease(session, name, owner)
