"""When the seven holidays can lie: their months, their own day, and how many days are made up."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

_SATURDAY = 6
#: A make-up day lies within so many days of its holiday.
_NEAR = timedelta(days=21)
#: The months in which a holiday can begin.
_MONTHS = {
    "元旦": (12, 1),
    "春节": (1, 2),
    "清明": (3, 4),
    "劳动": (4, 5),
    "端午": (5, 6),
    "中秋": (9, 10),
    "国庆": (9, 10),
}
#: Days that are no working days by law, at least (since 2008; 春节 and 劳动节 gained one in 2025).
_BY_LAW = {"元旦": 1, "春节": 3, "清明": 1, "劳动": 1, "端午": 1, "中秋": 1, "国庆": 3}
#: The day of the lunar holidays as (month, day) by year: 春节 (初一), 端午, 中秋.
_LUNAR = {
    2024: ((2, 10), (6, 10), (9, 17)),
    2025: ((1, 29), (5, 31), (10, 6)),
    2026: ((2, 17), (6, 19), (9, 25)),
    2027: ((2, 6), (6, 9), (9, 15)),
    2028: ((1, 26), (5, 28), (10, 3)),
    2029: ((2, 13), (6, 16), (9, 22)),
    2030: ((2, 3), (6, 5), (9, 12)),
    2031: ((1, 23), (6, 24), (10, 1)),
    2032: ((2, 11), (6, 12), (9, 19)),
    2033: ((1, 31), (6, 1), (9, 8)),
    2034: ((2, 19), (6, 20), (9, 27)),
    2035: ((2, 8), (6, 10), (9, 16)),
}
_OF_LUNAR = ("春节", "端午", "中秋")
_FIXED = {"元旦": (1, 1), "劳动": (5, 1), "国庆": (10, 1)}


def season_problems(
    year: int, kinds: Sequence[str], off: Sequence[date], work: Sequence[date]
) -> Iterator[str]:
    """Why these days off and made up cannot be those of the holidays *kinds* in *year*."""
    if not off:
        return
    if not any(off[0].month in _MONTHS[kind] for kind in kinds):
        yield f"{_written(off[0])}放假，不在这个节日的月份，请核对原文"
        return
    for kind in kinds:
        day = _day_of(kind, year)
        if day is not None and day not in off and day.isoweekday() < _SATURDAY:
            yield f"所列日期不含节日当天{_written(day)}，请核对原文"
        elif day is not None and not off[0] - _NEAR < day < off[-1] + _NEAR:
            yield f"{_written(off[0])}放假，离节日当天{_written(day)}太远，请核对原文"
    for day in work:
        if not off[0] - _NEAR <= day <= off[-1] + _NEAR:
            yield f"调休上班日{_written(day)}离放假日期太远，请核对原文"
    most = _most_made_up(kinds, off)
    if len(set(work)) > most:
        yield f"调休上班{len(set(work))}天，按放假日期至多{most}天，请核对原文"


def _day_of(kind: str, year: int) -> date | None:
    """The holiday itself; None where it is not known here."""
    if kind in _FIXED:
        return date(year, *_FIXED[kind])
    if kind in _OF_LUNAR and year in _LUNAR:
        return date(year, *_LUNAR[year][_OF_LUNAR.index(kind)])
    return None


def _most_made_up(kinds: Sequence[str], off: Sequence[date]) -> int:
    """Working days that are off beyond those that the law gives."""
    working = sum(day.isoweekday() < _SATURDAY for day in set(off))
    return max(working - sum(_BY_LAW[kind] for kind in kinds), 0)


def _written(day: date) -> str:
    return f"{day.month}月{day.day}日"
