"""额度: what platforms count month by month, as this office counted it itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel import Field, Session, SQLModel, col, select, update

from models.audit import record
from models.inbox import heard_count
from models.platform import Metered, metered_platforms, pools_of
from models.rules.quota import Count, Standing, standing
from models.rules.workday import Calendar
from models.rules.zone import local_zone
from models.setting import keep_setting, setting

_DAY = timedelta(days=1)


class Usage(SQLModel, table=True):
    """What was used of one pool of a platform in one month, *month* being its first day."""

    platform: str = Field(primary_key=True)
    pool: str = Field(primary_key=True)
    month: date = Field(primary_key=True)
    count: int = 0


@dataclass(frozen=True)
class Quota:
    """One pool of a platform and how it stands."""

    platform: str
    pool: Metered
    standing: Standing


def month_of(now: datetime) -> date:
    """The first day of the month that platforms count *now* for."""
    return now.astimezone(local_zone()).date().replace(day=1)


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


def quotas(session: Session, platform: str, now: datetime, calendar: Calendar) -> list[Quota]:
    """How every pool of *platform* stands, what was heard counted from the inbox itself.

    Five statements for a platform that counts, none for another.
    """
    pools = pools_of(platform)
    if not pools:
        return []
    month, today = month_of(now), now.astimezone(local_zone()).date()
    last = (month - _DAY).replace(day=1)
    sent = _sent(session, platform, last, month)
    heard = Count(
        heard_count(session, platform, _begin(month), now + _DAY),
        heard_count(session, platform, _begin(last), _begin(month)),
    )
    limits, out = limits_of(session, platform), setting(session, _out_name(platform), {})
    return [
        Quota(
            platform,
            pool,
            standing(
                limits[pool.name],
                sent.get(pool.name, Count()),
                heard if pool.hears else Count(),
                today,
                calendar,
                is_out=out.get(pool.name) == month.isoformat(),
            ),
        )
        for pool in pools
    ]


def quotas_in_use(session: Session, now: datetime, calendar: Calendar) -> list[Quota]:
    """The pools of all platforms that were used this month; none of a platform that was not."""
    found = (quotas(session, each, now, calendar) for each in metered_platforms())
    return [each for pools in found if any(_is_used(e) for e in pools) for each in pools]


def _is_used(quota: Quota) -> bool:
    return bool(quota.standing.used or quota.standing.is_out)


def _sent(session: Session, platform: str, last: date, month: date) -> dict[str, Count]:
    rows = session.exec(
        select(Usage).where(Usage.platform == platform, col(Usage.month).in_((last, month)))
    ).all()
    found = dict[str, Count]()
    for each in rows:
        count = Count(each.count) if each.month == month else Count(before=each.count)
        found[each.pool] = found.get(each.pool, Count()) + count
    return found


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, local_zone())


def limits_of(session: Session, platform: str) -> dict[str, int]:
    """How much of each pool the organisation has, by its name; the standard edition's by default.

    What an organisation buys on top is declared by its admins: no platform tells it.
    """
    stated: Mapping[str, int] = setting(session, _limits_name(platform), {})
    return {pool.name: stated.get(pool.name, pool.limit) for pool in pools_of(platform)}


def set_limit(
    session: Session, platform: str, pool: str, limit: int, *, member_id: int | None, now: datetime
) -> None:
    """Declare how much of a pool the organisation has; what ran out has more of it again."""
    before = limits_of(session, platform)[pool]
    stated = setting(session, _limits_name(platform), {})
    keep_setting(session, _limits_name(platform), {**stated, pool: limit})
    note_back(session, platform, pool)
    record(
        session,
        at=now,
        member_id=member_id,
        action="set_quota",
        table="setting",
        row=0,
        before={"platform": platform, "pool": pool, "limit": before},
        after={"platform": platform, "pool": pool, "limit": limit},
    )


def note_out(session: Session, platform: str, pool: str, now: datetime) -> None:
    """The platform said that this pool is used up, until the month's end or a higher limit."""
    out, month = setting(session, _out_name(platform), {}), month_of(now).isoformat()
    if out.get(pool) != month:
        keep_setting(session, _out_name(platform), {**out, pool: month})


def note_back(session: Session, platform: str, pool: str) -> None:
    """There is more of this pool again."""
    out = setting(session, _out_name(platform), {})
    if pool in out:
        keep_setting(session, _out_name(platform), {k: v for k, v in out.items() if k != pool})


def _limits_name(platform: str) -> str:
    return f"quota:{platform}"


def _out_name(platform: str) -> str:
    return f"quota_out:{platform}"
