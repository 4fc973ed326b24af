"""总览: a programme on one screen: how many stand how, who leads, what lags, what is due next."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlmodel import col, func, select

from handlers.board.look import Look
from handlers.board.rows import NONE, TaskRow, kind_of, task_row
from handlers.reporting.texts import day_text
from handlers.standing.duties import DutyStanding
from handlers.standing.outlooks import outlooks
from handlers.standing.policy import status_policy
from handlers.standing.ranks import RankingNow, is_behind
from handlers.standing.reported import newest_period
from handlers.standing.rounds import Round, current_round
from handlers.standing.tasks import Standing, TaskStanding
from handlers.supervising.outlook_text import counts_line
from handlers.supervising.owing import Counts, counts
from handlers.supervising.progress_text import is_told, reported_text
from handlers.supervising.texts import CLOSED, some
from models.figure import Figure
from models.rules.ranking import Row
from models.rules.rounding import percent_text, shares
from models.task import Task

#: The tasks that lag most, shown at once.
MOST_BEHIND = 5
#: Due days shown ahead.
MOST_DAYS = 3
#: Names behind a place that several share.
MOST_NAMED = 3
#: Groups with fewer ranked units name nobody where laggards stay unnamed: who is left is told.
FEWEST = 3


@dataclass(frozen=True)
class Share:
    """How many tasks have one status; *width* is their part of all in percent."""

    label: str
    kind: str
    count: int
    width: Decimal


@dataclass(frozen=True)
class RoundSaid:
    """A round of reports in numbers: pairs of word and count."""

    title: str
    rate: str
    numbers: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Coming:
    """One due day ahead and how many reports are still owed for it."""

    day: str
    count: int


@dataclass(frozen=True)
class Overview:
    """The whole of it."""

    tasks: int
    shares: tuple[Share, ...]
    newer: str
    told: str
    outlook: str
    leading: tuple[str, ...]
    lagging: str
    overdue: str
    behind: tuple[TaskRow, ...]
    round: RoundSaid | None
    coming: tuple[Coming, ...]


def overview(look: Look) -> Overview:
    """The programme at its data date, and the present round of reports."""
    found = look.found
    tasks = found.standing.tasks
    told = [each for each in tasks if is_told(each)]
    behind = sorted(filter(is_behind, tasks), key=lambda each: each.progress.done or Decimal(0))
    judged = outlooks(look.session, [each.task.id or 0 for each in tasks])
    return Overview(
        tasks=len(tasks),
        shares=tuple(shares_of(found.standing)),
        newer=newer_text(look),
        told=told_text(look, told),
        outlook=counts_line(judged.values()),
        leading=leading(found, named=look.named),
        lagging=lagging_text(found),
        overdue=overdue_text(found),
        behind=tuple(task_row(look, each) for each in behind[:MOST_BEHIND]),
        round=round_said(look),
        coming=tuple(coming(look)),
    )


def shares_of(standing: Standing) -> list[Share]:
    """The statuses of the policy in order, those that cannot be judged, and those in words."""
    found = Counter(each.progress.status for each in standing.tasks)
    bands = {band.label: band for band in status_policy(standing.programme).bands}
    told = sum(map(is_told, standing.tasks))
    rows = [(label, kind_of(band), found[label]) for label, band in bands.items()]
    rows += [("暂不能判定或没有数据", NONE, found[None] - told), ("文字报送", "told", told)]
    is_all_told = told == len(standing.tasks)
    rows = [row for row in rows if row[2] or not (is_all_told or row[1] in (NONE, "told"))]
    widths = shares([Decimal(count) for _, _, count in rows], 1)
    return [
        Share(label, kind, count, wide)
        for (label, kind, count), wide in zip(rows, widths, strict=True)
    ]


def newer_text(look: Look) -> str:
    """How many tasks have accepted figures of a later day: they count once everybody reports."""
    newer = look.session.exec(
        select(func.count(func.distinct(col(Figure.task_id))))
        .join(Task, col(Task.id) == col(Figure.task_id))
        .where(
            Task.programme_id == look.programme.id,
            col(Task.active),
            col(Figure.accepted_at).is_not(None),
            col(Figure.unit_id).is_(None),
            col(Figure.as_of) > look.day,
            col(Figure.as_of) <= look.today,
        )
    ).one()
    return f"另有{newer}项已有更新的数据，点开任务可看。" if newer else ""


def told_text(look: Look, told: Sequence[TaskStanding]) -> str:
    """What was reported of the tasks that are told in words; empty where there are none."""
    ids = {each.task.id for each in told}
    owed = [each for each in look.owed if each.task.id in ids]
    reported = newest_period(owed, look.today)
    if reported is None or (reported.asked == 1 and not look.named):
        return ""
    return reported_text(reported, look.zone)


def leading(found: RankingNow, *, named: bool) -> tuple[str, ...]:
    """The best of each group; nobody leads who lags with a task.

    Where laggards stay unnamed, a small group names nobody: who is missing would be told.
    """
    by_id = {unit.id: unit.name for unit in found.standing.units}
    lagging = {by_id[unit_id] for unit_id in found.lagging()}
    groups = dict.fromkeys(row.group for row in found.ranking.rows)
    lines = (_leading(found.ranking.of(group), lagging, named=named) for group in groups)
    return tuple(filter(None, lines))


def _leading(rows: Sequence[Row], lagging: set[str], *, named: bool) -> str:
    ranked = [row for row in rows if row.rank is not None]
    ahead = [row for row in ranked if row.unit not in lagging]
    best = min((row.rank or 0 for row in ahead), default=0)
    first = [row for row in ahead if row.rank == best]
    if not first or (not named and len(ranked) < FEWEST):
        return ""
    place = f"第{best}名，" if best > 1 and named else ""
    listed = some([row.unit for row in first], MOST_NAMED)
    return f"{first[0].group}：{listed}（{place}{first[0].score}分）"


def lagging_text(found: RankingNow) -> str:
    """How many units lag with how many tasks, as the weekly ranking counts them."""
    behind = found.lagging()
    if not behind:
        is_known = any(task.progress.band for task in found.standing.tasks)
        return "无" if is_known else "暂无（尚无可判定的数据）"
    tasks = {task.task.id for each in behind.values() for task in each}
    return f"{len(behind)}个单位{len(tasks)}项任务"


def overdue_text(found: RankingNow) -> str:
    """How many reports are overdue, of how many units, and how many closed without one."""
    overdue, closed = found.overdue(), len(found.closed())
    never = f"；{CLOSED}{closed}件" if closed else ""
    if not overdue:
        return f"无{never}"
    units = {unit.id for each in overdue for unit in each.units}
    return f"{len(overdue)}件，涉及{len(units)}个单位{never}"


def round_said(look: Look) -> RoundSaid | None:
    """The present round in the numbers of `状态`; None where nobody is held to any of it."""
    now_due = current_round(look.session, look.programme.id or 0, look.now, look.zone)
    if now_due is None:
        return None
    found = counts(in_round(look, now_due))
    if not found.expected:
        return None
    share = percent_text(found.rate)
    return RoundSaid(f"{now_due.name}截止的报送", share, tuple(_numbers(found)))


def _numbers(found: Counts) -> Iterable[tuple[str, int]]:
    yield "应报", found.expected
    optional = (
        ("按时", found.on_time),
        ("逾期报送", found.late),
        ("未报", found.missing),
        ("其中已逾期", found.overdue),
        (CLOSED, found.closed),
        ("待审", found.awaiting),
        ("退回待重报", found.returned),
        ("已通过", found.accepted),
        ("免报", found.waived),
    )
    yield from ((word, count) for word, count in optional if count)


def in_round(look: Look, wanted: Round) -> list[DutyStanding]:
    """The reports due within a round; what a changed requirement dropped was never asked."""
    begin, end = wanted.starts(look.zone), wanted.ends(look.zone)
    return [
        each for each in look.owed if begin <= each.obligation.due <= end and not each.is_dropped
    ]


def coming(look: Look) -> Iterable[Coming]:
    """The next due days on which something is still owed."""
    found: Counter[date] = Counter()
    for each in look.owed:
        if each.chased and each.is_owed and each.duty.deadline >= look.now:
            found[each.duty.deadline.astimezone(look.zone).date()] += 1
    for day in sorted(found)[:MOST_DAYS]:
        yield Coming(day_text(day), found[day])
