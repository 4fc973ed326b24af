"""Small facts about this database itself, such as that the sandbox made it."""

from typing import Any

from sqlalchemy import JSON, update
from sqlmodel import Field, Session, SQLModel, col

#: Set on a database that the sandbox made; the sandbox refuses any other.
SANDBOX_MARK = "sandbox"
#: How far the sandbox's clock stands from the real one, in seconds.
CLOCK_OFFSET = "clock_offset"
#: Facts about one member: pictures that wait for a report, and failures in a row.
WAITING_PICTURES, FAILURES = "waiting-pictures", "failures"


class Setting(SQLModel, table=True):
    """One fact by name."""

    name: str = Field(primary_key=True)
    value: Any = Field(default=None, sa_type=JSON)


def setting(session: Session, name: str, default: Any = None) -> Any:
    """The value kept under *name*, or *default*."""
    row = session.get(Setting, name)
    return default if row is None else row.value


def name_of_member(fact: str, member_id: int | None) -> str:
    """Under which name such a fact is kept of this member."""
    return f"{fact}:{member_id}"


def keep_setting(session: Session, name: str, value: Any) -> None:
    """Keep *value* under *name*."""
    known = session.exec(update(Setting).where(col(Setting.name) == name).values(value=value))
    if not known.rowcount:
        session.add(Setting(name=name, value=value))
        session.flush()
