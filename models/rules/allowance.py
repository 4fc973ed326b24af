"""How often somebody may: so many at once, which come back evenly in a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Allowance:
    """*most* at once; whoever has used them up has them all again after *within*."""

    most: int
    within: timedelta


@dataclass(frozen=True)
class Left:
    """What was left of an allowance at a moment; parts of one count for nothing."""

    count: float
    at: datetime


def left(before: Left | None, allowance: Allowance, now: datetime) -> Left:
    """What is left at *now*; all of it where nothing was taken *before*.

    A clock that was put back gives nothing back, and takes nothing away.
    """
    if before is None:
        return Left(allowance.most, now)
    passed = max(now - before.at, timedelta())
    count = before.count + allowance.most * (passed / allowance.within)
    return Left(min(count, allowance.most), now)


def taken(
    before: Sequence[Left] | None, allowances: Sequence[Allowance], now: datetime
) -> tuple[tuple[Left, ...], bool]:
    """What is left of every allowance after one more, and whether it was allowed.

    What is not allowed takes nothing: whoever goes on asking waits no longer for it.
    """
    whole = tuple(
        left(before[place] if before else None, each, now) for place, each in enumerate(allowances)
    )
    if any(each.count < 1 for each in whole):
        return whole, False
    return tuple(Left(each.count - 1, now) for each in whole), True
