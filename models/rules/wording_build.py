"""From a duty's words to recurrences: years, days that do not exist, covered periods, defaults."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from models.rules.recurrence import (
    LAST,
    MONTHS_OF,
    Covers,
    DayKind,
    DueDay,
    Every,
    FixedSpan,
    MonthSpan,
    NearSpan,
    PeriodSpan,
    Recurrence,
    WindowSpan,
)
from models.rules.span import Span, add_months, covered, day_of, month_end, period_of
from models.rules.wording_clock import Clock, Defaults
from models.rules.wording_duty import Duty, is_yearly
from models.rules.wording_tokens import Bound, CoversToken, Dates, DueSpec, TenDays
from models.rules.workday import Roll

_UNIT_NAMES = {
    Every.MONTH: "每月",
    Every.QUARTER: "每季度",
    Every.HALF: "每半年",
    Every.YEAR: "每年",
}
_LONGEST_MONTH = 31
_MONTHLY = "未写频次，按每月理解"


@dataclass(frozen=True, slots=True)
class Open:
    """A stretch of regular text that gave no date, and why, in the admin's language."""

    start: int
    end: int
    why: str


class _NoDateError(Exception):
    """Why words that look like a due day give none; the text is for the admin."""


def build(
    duty: Duty, clock: Clock, defaults: Defaults | None, roll: Roll
) -> Iterator[Recurrence | Open]:
    """The recurrences of one duty; an `Open` for each part that states no date."""
    try:
        rules = list(_rules(duty, clock, defaults))
        bounded = [_bounded(rule, duty, clock) for rule in rules]
        yield from (replace(rule, roll=roll) for rule in _covering(bounded, duty, clock))
    except _NoDateError as reason:
        yield Open(duty.start, duty.end, str(reason))
    else:
        yield from _unfitting(duty, bounded)


def _unfitting(duty: Duty, rules: list[Recurrence]) -> Iterator[Open]:
    """Covered periods that belong to no due day for certain."""
    if not duty.covers:
        return
    place = duty.covers[0].start, duty.covers[-1].end
    pieces = duty.covers[0].parts if len(duty.covers) == 1 else duty.covers
    is_uneven = len(pieces) > 1 and 1 < len(rules) != len(pieces)
    if is_uneven or _is_mixed(duty.covers, rules):
        yield Open(*place, "与期限的数目不一致，所报时段未定")
    elif any(_is_several(duty.covers, rule) for rule in rules if len(rules) == 1):
        yield Open(*place, "写了几个时段，与按期报送不一致，所报时段未定")
    elif any(_is_stale(token, rule) for token, rule in _pairs(duty.covers, rules)):
        yield Open(*place, "是固定时段，与按期报送不一致，所报时段未定")


def _is_mixed(tokens: list[CoversToken], rules: list[Recurrence]) -> bool:
    """Whether one period stands beside duties of different frequencies."""
    return len(tokens) == 1 < len({rule.every for rule in rules})


def _is_several(tokens: list[CoversToken], rule: Recurrence) -> bool:
    """Whether a duty that comes back would have to choose among its periods."""
    spans = {token.covers for token in tokens if not _is_stale(token, rule)}
    is_window = any(isinstance(span, WindowSpan) for span in spans)
    return rule.on is None and len(spans) > 1 and not is_window


def _pairs(
    tokens: list[CoversToken], rules: list[Recurrence]
) -> Iterator[tuple[CoversToken, Recurrence]]:
    if len(tokens) == len(rules):
        yield from zip(tokens, rules, strict=True)
    else:
        yield from ((token, rule) for token in tokens for rule in rules)


def _is_stale(token: CoversToken, rule: Recurrence) -> bool:
    """Whether a duty that comes back would report the same months for ever."""
    if rule.on is not None or len(rule.months) == 1 or (rule.since and rule.until == _end(rule)):
        return False
    if isinstance(token.covers, NearSpan) and not rule.months:
        order = list(Every)
        return order.index(token.covers.near) > order.index(rule.every)
    return isinstance(token.covers, Dates | MonthSpan)


def _end(rule: Recurrence) -> date | None:
    return month_end(rule.since.year, rule.since.month) if rule.since else None


def _rules(duty: Duty, clock: Clock, defaults: Defaults | None) -> Iterator[Recurrence]:
    if not duty.specs and duty.every:
        if duty.why:
            raise _NoDateError(duty.why)
        yield _by_default(duty.every, defaults)
    yearly = is_yearly(duty.specs, duty.every)
    for spec in duty.specs:
        _check(spec)
        if spec.near:
            yield _completed(spec, duty, clock)
        elif spec.month is None:
            yield Recurrence(spec.every, day=spec.day, hour=spec.hour, assumed=spec.notes)
        elif yearly or spec.every is Every.MONTH:
            yield _each_year(spec, spec.month)
        else:
            yield _once(spec, spec.month, clock)


def _check(spec: DueSpec) -> None:
    day = spec.day
    wrong_day = day and day.kind is DayKind.DATE and day.n > _LONGEST_MONTH
    if (spec.month is not None and not 1 <= spec.month <= 12) or wrong_day:
        raise _NoDateError("不是有效日期，请核对原文")
    if day and day.n == 0 and day.kind is DayKind.WORKDAY:
        raise _NoDateError("不是有效日期，请核对原文")


def _by_default(every: Every, defaults: Defaults | None) -> Recurrence:
    """A frequency without a day takes the programme's, marked assumed, or stays open."""
    if defaults is None or every not in MONTHS_OF:
        raise _NoDateError("只写了频次，没有写明日期，未设期限")
    shift = MONTHS_OF[every] - 1 + defaults.months_after
    where = f"之后第{defaults.months_after}个月" if defaults.months_after else "的最后一个月"
    day = "最后一天" if defaults.day == LAST else f"{defaults.day}日"
    note = (
        f"{_UNIT_NAMES[every]}报送未写明日期，按专项惯例取{_UNIT_NAMES[every]}{where}{day}，请确认"
    )
    due = DueDay(DayKind.DATE, defaults.day, shift)
    return Recurrence(every, day=due, hour=defaults.hour, assumed=(note,))


def _each_year(spec: DueSpec, month: int) -> Recurrence:
    day = spec.day and replace(spec.day, shift=0)
    return Recurrence(Every.MONTH, day=day, hour=spec.hour, months=(month,), assumed=spec.notes)


def _once(spec: DueSpec, month: int, clock: Clock) -> Recurrence:
    """A single date; a day that does not exist is the month's last, marked."""
    day = spec.day or DueDay(DayKind.DATE, LAST)
    if day.kind is not DayKind.DATE:
        first = clock.once(spec, month, LAST).replace(day=1)
        return _in_month(first, replace(spec, day=replace(day, shift=0)))
    found = clock.once(spec, month, day.n)
    notes = spec.notes
    if day.n > found.day:
        notes += (f"{month}月没有{day.n}日，按{month}月{found.day}日计",)
    return Recurrence(Every.ONCE, on=found, hour=spec.hour, assumed=notes)


def _in_month(first: date, spec: DueSpec, *notes: str) -> Recurrence:
    """A single due in a known month, kept as a rule where it counts working days."""
    assumed = spec.notes + notes
    if spec.day and spec.day.kind is DayKind.DATE:
        on = day_of(first, spec.day.n)
        if spec.day.n > on.day:
            assumed += (f"{first.month}月没有{spec.day.n}日，按{on.day}日计",)
        return Recurrence(Every.ONCE, on=on, hour=spec.hour, assumed=assumed)
    last = month_end(first.year, first.month)
    day = spec.day and replace(spec.day, shift=0)
    return Recurrence(
        Every.MONTH, day=day, hour=spec.hour, since=first, until=last, assumed=assumed
    )


def _completed(spec: DueSpec, duty: Duty, clock: Clock) -> Recurrence:
    """A day that needs its frequency or month: 25日前, 次月5日前, 月底前, 下周五前."""
    day, every = spec.day or DueDay(DayKind.DATE, LAST), duty.every
    if spec.near == "weekday":
        if every is not Every.WEEK:
            raise _NoDateError("没有写明是哪一周，未设期限")
        return Recurrence(Every.WEEK, day=day, hour=spec.hour, assumed=spec.notes)
    if spec.near in ("next_week", "this_week"):
        monday = period_of(Every.WEEK, clock.start, int(spec.near == "next_week"))[0]
        if every is Every.WEEK:
            return Recurrence(Every.WEEK, day=day, hour=spec.hour)
        return Recurrence(Every.ONCE, on=monday + timedelta(days=day.n - 1), hour=spec.hour)
    if spec.near in ("next", "coming") and every in MONTHS_OF:
        shifted = replace(day, shift=MONTHS_OF[every])
        return Recurrence(every, day=shifted, hour=spec.hour, assumed=spec.notes)
    if spec.near == "next" and every is None:
        return Recurrence(Every.MONTH, day=day, hour=spec.hour, assumed=spec.notes)
    if every is Every.MONTH or (every is None and _sounds_monthly(duty)):
        notes = spec.notes + (() if every else (_MONTHLY,))
        return Recurrence(Every.MONTH, day=day, hour=spec.hour, assumed=notes)
    if every is None and spec.near in ("this", "coming"):
        return _in_month(clock.month(int(spec.near == "coming")), spec)
    if every is None and day == DueDay(DayKind.DATE, LAST):
        first = clock.month(0)
        return _in_month(first, spec, f"“月底”未写月份，按{first.year}年{first.month}月计")
    raise _NoDateError("没有写明月份，未设期限")


def _sounds_monthly(duty: Duty) -> bool:
    spans = [token.covers for token in duty.covers]
    monthly = any(isinstance(s, PeriodSpan) and s.unit is Every.MONTH for s in spans)
    return monthly or duty.bounds is not None


def _bounded(rule: Recurrence, duty: Duty, clock: Clock) -> Recurrence:
    if duty.bounds is None or rule.on is not None or rule.since is not None:
        return rule
    for bound in (duty.bounds.since, duty.bounds.until):
        if bound and bound.month is not None and not 1 <= bound.month <= 12:
            raise _NoDateError("不是有效日期，请核对原文")
    since = clock.since(duty.bounds.since, duty.bounds.until)
    return replace(rule, since=since, until=clock.until(duty.bounds.until, since))


def _covering(rules: list[Recurrence], duty: Duty, clock: Clock) -> Iterator[Recurrence]:
    """Each rule with its covered period: one for all, or one each in the order of the text."""
    tokens = duty.covers
    if len(tokens) == len(rules) > 1:
        for rule, token in zip(rules, tokens, strict=True):
            yield _with_covers(rule, [token], duty, clock)
        return
    if len(tokens) == 1 and len(tokens[0].parts) == len(rules) > 1:
        for rule, part in zip(rules, tokens[0].parts, strict=True):
            yield _with_covers(rule, [replace(tokens[0], covers=part)], duty, clock)
        return
    shared = tokens if len(tokens) == 1 or len(rules) == 1 else []
    is_uneven = len(rules) > 1 and any(token.parts for token in shared)
    if is_uneven or _is_mixed(tokens, rules) or any(_is_several(shared, r) for r in rules):
        shared = []
    if _is_mixed(tokens, rules):  # each report names its own period: 次月5日, 季后10日
        duty = replace(duty, before=[], after=[])
    for rule in rules:
        yield _with_covers(rule, shared, duty, clock)


def _with_covers(
    rule: Recurrence, tokens: list[CoversToken], duty: Duty, clock: Clock
) -> Recurrence:
    if not tokens:
        if rule.is_following and not duty.covers:
            return replace(rule, covers=PeriodSpan(rule.every, 0, cumulative=duty.cumulative))
        return rule
    tokens = [token for token in tokens if not _is_stale(token, rule)]
    spans = [_resolved(token.covers, rule, clock) for token in tokens]
    spans = [span for span in spans if isinstance(span, WindowSpan)] or spans
    if not spans:
        return rule
    notes = tuple(token.note for token in tokens if token.note and not duty.cumulative)
    if len(set(spans)) == 1:
        return _settled(rule, spans[0], notes)
    return _settled(
        rule, _widest(spans, rule.on or clock.start), (*notes, "写了几个时段，按最长的一个计")
    )


def _settled(rule: Recurrence, covers: Covers, notes: tuple[str, ...]) -> Recurrence:
    if rule.on is not None:
        covers = FixedSpan(*covered(covers, rule.on, rule.on, Every.ONCE))
    return replace(rule, covers=covers, assumed=rule.assumed + notes)


def _resolved(covers: Covers | Dates | TenDays, rule: Recurrence, clock: Clock) -> Covers:
    """Periods counted from the duty: after its own period, 上季度 and 本季度 are that period."""
    if isinstance(covers, Dates):
        return _fixed(covers, rule.on or clock.start)
    if isinstance(covers, TenDays):
        return _ten_days(rule)
    if isinstance(covers, PeriodSpan) and covers.unit is rule.every and rule.is_following:
        return replace(covers, offset=0)
    return covers


def _ten_days(rule: Recurrence) -> WindowSpan:
    """The third of the month that ends on the due day."""
    ends = {10: (1, 10), 20: (11, 20), LAST: (21, _LONGEST_MONTH)}
    found = ends.get(rule.day.n) if rule.day and rule.every is Every.MONTH else None
    if found is None:
        raise _NoDateError("所写旬与期限不一致，所报时段未定")
    return WindowSpan(0, found[0], 0, found[1])


def _fixed(dates: Dates, due: date) -> FixedSpan:
    """Written days; without a year they lie before the due date, or end in the month after it."""
    first, last = dates.first, dates.last
    if not all(1 <= (bound.month or 0) <= 12 for bound in (first, last)):
        raise _NoDateError("所写时段不是有效日期，请核对原文")
    year = last.year or first.year or due.year
    if not (last.year or first.year) and _first(last, year) > add_months(due.replace(day=1), 1):
        year -= 1
    end = day_of(_first(last, year), last.day or LAST)
    begin = day_of(_first(first, first.year or year), first.day or 1)
    if begin > end:
        if (first.year and not dates.last.year) or (first.year == last.year and first.year):
            end = end.replace(year=begin.year + 1)
        else:
            begin = begin.replace(year=end.year - 1)
    return FixedSpan(begin, end)


def _first(bound: Bound, year: int) -> date:
    return date(year, bound.month or 1, 1)


def _widest(spans: list[Covers], due: date) -> Covers:
    """From the first to the last day of several periods, for a single due day."""
    found: list[Span] = [covered(covers, due, due, Every.ONCE) for covers in spans]
    return FixedSpan(min(span[0] for span in found), max(span[1] for span in found))
