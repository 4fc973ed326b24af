"""The words for 动态: one published item in a line, and the months that still lack one."""

from collections.abc import Iterable
from datetime import date

from handlers.reading.harmless import harmless
from models.activity import Activity
from models.corrected import Numbered
from models.rules.activity import (
    ActivityPolicy,
    Matrix,
    Published,
    activity_matrix,
    months_between,
)
from models.rules.span import month_end

LONGEST_TITLE = 40


def activity_text(row: Activity, today: date) -> str:
    """9月新闻报道：公益岗位招聘会举办（https：//…）."""
    title = harmless(row.title)
    shown = f"{title[:LONGEST_TITLE]}……" if len(title) > LONGEST_TITLE else title
    link = f"（{harmless(row.link)}）" if row.link else ""
    return f"{month_text(row.month, today.year)}{row.kind}{f'：{shown}' if shown else ''}{link}"


def month_text(month: date, year: int) -> str:
    """9月, with the year where it is another one."""
    return f"{month.month}月" if month.year == year else f"{month.year}年{month.month}月"


def matrix_of(
    name: str,
    rows: Iterable[Numbered[Activity]],
    year: int,
    until: date,
    policy: ActivityPolicy | None = None,
) -> Matrix | None:
    """The months of *year* up to *until* for one task or project; None before they begin.

    Where a policy says since when items are owed, the earlier months are no part of it.
    """
    begin = (policy.since if policy else None) or date(year, 1, 1)
    if until < begin:
        return None
    months = months_between(begin, min(until, date(year, 12, 31)))
    published = [Published(name, each.row.month) for each in rows]
    return activity_matrix([name], months, published)


def lacking_text(matrix: Matrix, policy: ActivityPolicy, today: date) -> str:
    """What the year still lacks, by month; said as well where nothing is lacking."""
    demand = f"每月不少于{policy.monthly}条"
    first, last = matrix.months[0], matrix.months[-1]
    year = f"{last.year}年" if last.year != today.year else "今年"
    found = matrix.missing(policy, max(today, month_end(last.year, last.month)))
    if not found:
        return f"{year}{first.month}—{last.month}月动态齐全（{demand}）。"
    lacking = found[0].months
    running = "，其中本月还可补" if _runs(last, today) and last in lacking else ""
    names = "、".join(f"{month.month}月" for month in lacking)
    span = f"{year}{first.month}—{last.month}月"
    return f"{demand}，{span}有{len(lacking)}个月不足（{names}{running}）。"


def _runs(month: date, today: date) -> bool:
    return (month.year, month.month) == (today.year, today.month)


def ticks_text(matrix: Matrix) -> str:
    """The months with anything published, as the matrix ticks them: √3月、5月."""
    ticked = [
        f"{month.month}月"
        for month, is_there in zip(matrix.months, matrix.rows[0].ticks, strict=True)
        if is_there
    ]
    return f"√{'、'.join(ticked)}" if ticked else "各月均无"


def counts_text(matrix: Matrix) -> str:
    """How many items each month had: 3月2条、5月1条."""
    counted = [
        f"{month.month}月{count}条"
        for month, count in zip(matrix.months, matrix.rows[0].counts, strict=True)
        if count
    ]
    return "、".join(counted) if counted else "各月均无"
