"""进度: how a task, a unit, a county or a whole programme stands."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from handlers.context import Context
from handlers.lists import keep_list
from handlers.registry import InGroup, command
from handlers.standing.counties import county_figures, issued_line
from handlers.standing.duties import DutyFilter, DutyStanding, duties
from handlers.standing.facts import Facts, facts_of
from handlers.standing.outlooks import Scope as Judged
from handlers.standing.outlooks import outlooks
from handlers.standing.reported import Reported, newest_period, owed_by
from handlers.standing.tasks import Standing, TaskStanding, data_date, standing
from handlers.supervising.choosing import Subject, all_subjects, programme_called, subject_called
from handlers.supervising.facts_text import clause_lines, clause_text, fact_lines
from handlers.supervising.outlook_text import counts_line, programme_lines, unit_lines
from handlers.supervising.progress_text import (
    county_lines,
    data_date_text,
    duty_text,
    is_told,
    issued_text,
    overview_lines,
    reported_text,
    task_line,
    task_text,
)
from handlers.supervising.scope import NOT_YOURS, WHOLE, Scope, names_shown, readable
from handlers.supervising.texts import full_day_text
from models.errors import Refused
from models.figure import newest_day
from models.message import Reply
from models.obligation import OPEN_STATES
from models.programme import Programme
from models.rules.reporting import State
from models.task import task_units, tasks_of
from models.unit import Unit, UnitKind, units_by_id, units_of

NOT_NAMED = "本群未开启点名，单位情况请在与我的单聊中查看。"
MOST_LINES = 40
#: So much of a clause's last report is told when it is asked for by itself.
LONGEST_CLAUSE = 500


@command(
    "progress",
    "进度",
    "进展",
    "查进度",
    usage="进度 [任务|单位|县市]",
    about="完成数、完成率、序时进度和状态",
    group=InGroup.ANSWER,
    alone=True,
    takes_typos=True,
    behind=True,
)
def progress(ctx: Context, rest: str) -> Reply:
    """One subject in full, or the whole of what the speaker may read."""
    scopes = readable(ctx)
    programmes = [scope.programme for scope in scopes]
    named = programme_called(ctx, rest, programmes, by_part=False)
    if named is not None or not rest.strip():
        chosen = [scope for scope in scopes if named is None or scope.programme.id == named.id]
        return _overview(ctx, chosen)
    subject = subject_called(ctx, rest, all_subjects(ctx, programmes), "进度 {}", _names(ctx))
    if isinstance(subject, Reply):
        return subject
    if subject.task is not None:
        scope = next(each for each in scopes if each.programme.id == subject.programme.id)
        return _task(ctx, scope, subject)
    if subject.unit is None or not names_shown(ctx):
        return Reply(NOT_NAMED)
    return _unit(ctx, scopes, subject.unit)


def _names(ctx: Context) -> str:
    """Where the names that can be said are found, by what the speaker may read."""
    if ctx.speaker.has(*WHOLE):
        return "单位名称请发“排名”查看，任务编号请发“进度”加单位名称查看。"
    return "您单位的任务请发“进度”查看。"


def _task(ctx: Context, scope: Scope, subject: Subject) -> Reply:
    task, programme = subject.task, subject.programme
    task_id = (task.id if task else None) or 0
    parts = task_units(ctx.session, [task_id])[task_id]
    has_part = not scope.unit_ids.isdisjoint(part.unit_id for part in parts)
    if not (scope.is_whole or has_part or _competes(ctx, scope, task_id)):
        raise Refused(NOT_YOURS)
    # Its own reply should show the newest figure at once.
    newest = newest_day(ctx.session, task_id, ctx.today) or date.min
    day = max(data_date(ctx.session, programme, ctx.now, ctx.services.zone), newest)
    found = standing(ctx.session, programme, day).task(task_id)
    if found is None:
        raise Refused(NOT_YOURS)
    owed = _duties(ctx, [task_id])
    states = _clause_states(ctx, owed)
    named, known = names_shown(ctx), facts_of(ctx.session, programme, found.task, ctx.today)
    if subject.clause is not None:
        return Reply("\n".join(_clause(ctx, subject, known, states)))
    facts = list(fact_lines(found, known, programme, day, ctx.today, states, named=named))
    reporting = _reporting(ctx, owed)
    return Reply(task_text(found, programme, day, reporting, named=named, facts=facts))


def _clause(
    ctx: Context, subject: Subject, known: Facts, states: Mapping[int, str]
) -> Iterator[str]:
    """One clause alone: what it asks of whom, and what was reported on it."""
    matter = subject.clause
    if matter is None or matter.clause is None:
        return
    named, id_ = names_shown(ctx), matter.clause_id or 0
    yield f"{matter.label}（{subject.programme.short_title}）"
    for each in known.clauses:
        if each.clause.id == id_:
            yield clause_text(each, named=named)
    said = list(clause_lines(known, id_, states, named=named, most=LONGEST_CLAUSE))
    yield from said or ["尚无通过的报送。"]
    yield f"整项请发“进度 {matter.task.number}”。"


def _competes(ctx: Context, scope: Scope, task_id: int) -> bool:
    """Whether one of the speaker's units may win the item: it was judged for it."""
    judged = outlooks(ctx.session, [task_id])[task_id].entries
    own = units_by_id(ctx.session, scope.unit_ids).values()
    is_county = any(unit.kind == UnitKind.COUNTY for unit in own)
    return any(Judged(unit.id) in judged for unit in own) or (
        is_county and Judged(counties=True) in judged
    )


def _duties(ctx: Context, task_ids: Sequence[int]) -> list[DutyStanding]:
    """What these tasks are asked for, by due time."""
    wanted = DutyFilter(task_ids=tuple(task_ids), with_history=False)
    return list(duties(ctx.session, wanted, ctx.now, ctx.services.zone)) if task_ids else []


def _clause_states(ctx: Context, owed: Sequence[DutyStanding]) -> dict[int, str]:
    """How the reports on each of several clauses stand, by clause."""
    of_clause: dict[int, list[DutyStanding]] = {}
    for each in owed:
        if each.matter.clause_id is not None and each.matter.place:
            of_clause.setdefault(each.matter.clause_id, []).append(each)
    found = {id_: newest_period(theirs, ctx.today) for id_, theirs in of_clause.items()}
    zone = ctx.services.zone
    return {id_: reported_text(each, zone) for id_, each in found.items() if each is not None}


def _reporting(ctx: Context, owed: Sequence[DutyStanding]) -> str:
    """How the task's reports stand: counted where several units or clauses report apart."""
    zone = ctx.services.zone
    if any(each.matter.place or each.requirement.each for each in owed):
        reported = newest_period(owed, ctx.today)
        return "" if reported is None else reported_text(reported, zone)
    duty = _next_duty(ctx, owed)
    return "" if duty is None else duty_text(duty, zone)


def _next_duty(ctx: Context, found: Sequence[DutyStanding]) -> DutyStanding | None:
    """What the task owes now: the oldest report still open, else the one last made."""
    waiting = [each for each in found if each.awaits_review or each.state is State.RETURNED]
    waiting = waiting or [each for each in found if each.obligation.state in OPEN_STATES]
    open_now = [e for e in waiting if e.duty.closes is None or e.duty.closes >= ctx.now]
    return next(iter(open_now or found[-1:]), None)


def _reported(
    ctx: Context, tasks: Sequence[TaskStanding], unit_ids: Collection[int]
) -> dict[int, Reported]:
    """What was reported of the tasks that are told in words, by task: the units' own part."""
    owed: dict[int, list[DutyStanding]] = {}
    for each in _duties(ctx, [task.task.id or 0 for task in tasks if is_told(task)]):
        owed.setdefault(each.task.id or 0, []).append(each)
    found = {id_: newest_period(owed_by(each, unit_ids), ctx.today) for id_, each in owed.items()}
    return {id_: each for id_, each in found.items() if each is not None}


def _unit(ctx: Context, scopes: list[Scope], unit: Unit) -> Reply:
    allowed = [scope for scope in scopes if scope.reads_units((unit,))]
    if not allowed:
        raise Refused(NOT_YOURS)
    if unit.kind != UnitKind.DEPARTMENT:
        own = [scope for scope in allowed if scope.programme.area_id == unit.area_id]
        return Reply("\n\n".join(_county(ctx, scope, unit) for scope in own))
    lines, numbers = [unit.name], list[str]()
    for scope in allowed:
        state = _standing(ctx, scope)
        tasks = state.led_by(unit.id or 0)
        reported = _reported(ctx, tasks, {unit.id or 0})
        lines += _numbered(state, tasks, numbers, reported)
        lines += _led_levels(ctx, tasks)
    if not numbers:
        return Reply(f"{unit.name}没有牵头的任务。")
    keep_list(ctx, "进度 {}", numbers)
    return Reply("\n".join([*lines, "回复序号可看一项的详情。"]))


def _numbered(
    state: Standing,
    tasks: Sequence[TaskStanding],
    numbers: list[str],
    reported: Mapping[int, Reported],
) -> list[str]:
    """A programme's tasks as numbered lines; *numbers* grows by what each number stands for."""
    if not tasks:
        return []
    lines = [f"【{state.programme.short_title}】{data_date_text(state).lstrip('，')}"]
    shown = tasks[: max(MOST_LINES - len(numbers), 0)]
    for task in shown:
        numbers.append(f"{task.task.number} {state.programme.code}")
        said = task_line(task, reported.get(task.task.id or 0))
        lines.append(f"{len(numbers)}. {said}")
    if left := tasks[len(shown) :]:
        listed = "、".join(each.task.number for each in left)
        lines.append(f"另有{len(left)}项（{listed}），请发“进度”加编号查看。")
    return lines


def _standing(ctx: Context, scope: Scope) -> Standing:
    day = data_date(ctx.session, scope.programme, ctx.now, ctx.services.zone)
    return standing(ctx.session, scope.programme, day, until=ctx.today)


def _county(ctx: Context, scope: Scope, unit: Unit) -> str:
    programme = scope.programme
    day = data_date(ctx.session, programme, ctx.now, ctx.services.zone)
    figures = county_figures(ctx.session, programme, unit, day)
    judged = _judged(ctx, programme, unit)
    lines = [f"{unit.name}（{programme.short_title}），数据截至{full_day_text(day)}"]
    shown = [*county_lines(figures[:MOST_LINES], day), *judged]
    lines += shown or ["尚无已通过的县市数据。"]
    if left := len(figures[MOST_LINES:]):
        lines.append(f"另有{left}项指标，请发“进度”加任务编号查看。")
    if (issued := issued_line(ctx.session, programme, unit)) is not None:
        lines.append(issued_text(*issued))
    return "\n".join(lines)


def _judged(ctx: Context, programme: Programme, unit: Unit) -> list[str]:
    """The items that the unit may win, its parks' among them; apart, those of all counties."""
    tasks = tasks_of(ctx.session, programme.id or 0)
    found = outlooks(ctx.session, [task.id or 0 for task in tasks])
    pairs = [(task, found[task.id or 0]) for task in tasks]
    under = (each.id for each in units_of(ctx.session, unit.area_id) if each.parent_id == unit.id)
    lines = unit_lines(pairs, {Judged(unit.id), *(Judged(park) for park in under)})
    if unit.kind == UnitKind.COUNTY:
        everywhere = unit_lines(pairs, {Judged(counties=True)})
        lines += [f"各县市均可争取：{line.removeprefix('研判')}" for line in everywhere]
    return lines


def _led_levels(ctx: Context, tasks: Sequence[TaskStanding]) -> list[str]:
    """How likely the unit's items are to win, where they are judged at all."""
    found = outlooks(ctx.session, [each.task.id or 0 for each in tasks])
    judged = [(e.task, found[e.task.id or 0]) for e in tasks if found[e.task.id or 0].level]
    return [f"研判{line}" for line in programme_lines(judged)]


def _overview(ctx: Context, scopes: list[Scope]) -> Reply:
    """Whole programmes in numbers, and otherwise the tasks of the speaker's own units."""
    blocks, numbers = [], list[str]()
    for scope in scopes:
        state = _standing(ctx, scope)
        if scope.is_whole or not names_shown(ctx):
            judged = outlooks(ctx.session, [each.task.id or 0 for each in state.tasks])
            told = _duties(ctx, [e.task.id or 0 for e in state.tasks if is_told(e)])
            reported = newest_period(told, ctx.today)
            lines = [*overview_lines(state, reported), counts_line(judged.values())]
            blocks.append("\n".join(filter(None, lines)))
            continue
        own = tuple(t for t in state.tasks if scope.reads_units((*t.leads, *t.supporting)))
        of_own = _reported(ctx, own, scope.unit_ids)
        blocks.append("\n".join(_numbered(state, own, numbers, of_own)))
    blocks = [block for block in blocks if block]
    if numbers:
        keep_list(ctx, "进度 {}", numbers)
        blocks.append("回复序号可看一项的详情。")
    return Reply("\n\n".join(blocks) or "您的单位目前没有任务。")
