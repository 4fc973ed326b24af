"""额度: what platforms count month by month, as this office counted it itself."""

from datetime import date

from sqlmodel import Field, Session, SQLModel, col, select, update


class Usage(SQLModel, table=True):
    """What was used of one pool of a platform in one month, *month* being its first day."""

    platform: str = Field(primary_key=True)
    pool: str = Field(primary_key=True)
    month: date = Field(primary_key=True)
    count: int = 0


def spend(session: Session, platform: str, pool: str, month: date, units: int) -> None:
    """Count *units* more in the month that begins on *month*."""
    wanted = (
        col(Usage.platform) == platform,
        col(Usage.pool) == pool,
        col(Usage.month) == month,
    )
    known = session.exec(update(Usage).where(*wanted).values(count=col(Usage.count) + units))
    if not known.rowcount:
        session.add(Usage(platform=platform, pool=pool, month=month, count=units))
        session.flush()


def spent(session: Session, platform: str, month: date) -> dict[str, int]:
    """What was used of each pool of *platform* in the month that begins on *month*."""
    rows = session.exec(select(Usage).where(Usage.platform == platform, Usage.month == month)).all()
    return {each.pool: each.count for each in rows}
