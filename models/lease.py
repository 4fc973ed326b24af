"""Who may do what only one process does: a row that one owner holds until it runs out."""

from datetime import datetime, timedelta

from sqlmodel import Field, Session, SQLModel, select


class Lease(SQLModel, table=True):
    """One duty, such as `scheduler`, and the process that has it."""

    name: str = Field(primary_key=True)
    owner: str
    until: datetime


def take_lease(session: Session, name: str, owner: str, now: datetime, span: timedelta) -> bool:
    """Take or renew the lease for *owner*; False while another owner's has not run out."""
    lease = session.exec(select(Lease).where(Lease.name == name).with_for_update()).first()
    if lease is None:
        session.add(Lease(name=name, owner=owner, until=now + span))
        session.flush()
        return True
    # A lease further ahead than any owner can take it was made before the clock was set back.
    if lease.owner != owner and now < lease.until <= now + span:
        return False
    lease.owner, lease.until = owner, now + span
    session.flush()
    return True


def give_up_lease(session: Session, name: str, owner: str) -> None:
    """End the lease if *owner* has it, so that the next process need not wait."""
    lease = session.exec(select(Lease).where(Lease.name == name).with_for_update()).first()
    if lease is not None and lease.owner == owner:
        session.delete(lease)
