"""Which obligation a report is for: the task that is named, and its period that is owed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from handlers.context import Context
from handlers.reading.names import ACCEPT, MARGIN, Candidate, Match, Name, find
from handlers.reporting.texts import day_text, due_text, period_text
from handlers.standing.duties import DutyFilter, DutyStanding, duties
from handlers.standing.tasks import short_name
from models.errors import Refused
from models.listing import Listing, listing_of
from models.member import RoleName
from models.message import Reply
from models.obligation import Obligation, ObligationUnit, locked_obligation
from models.programme import Programme
from models.rules.reporting import Door, State, door
from models.task import Task, UnitRole, task_units, tasks_of
from models.unit import units_by_id

#: A report may come this many days before its period ends: people count ahead of the month's end.
_EARLY = timedelta(days=7)
#: Without a stated period, a report may come this long before it is due.
_AHEAD = timedelta(days=31)


@dataclass(frozen=True)
class Choice:
    """The obligation a report is for, and the speaker's unit that reports it."""

    duty: DutyStanding
    unit_id: int


def own_duties(context: Context, task_ids: Iterable[int] | None = None) -> list[DutyStanding]:
    """The obligations of the speaker's units, by due time."""
    ids = _own_tasks(context) if task_ids is None else tuple(task_ids)
    found = duties(context.session, DutyFilter(task_ids=ids), context.now, context.services.zone)
    return [each for each in found if own_unit(context, each) is not None]


def _own_tasks(context: Context) -> tuple[int, ...]:
    """The tasks of which the speaker's units owe anything: a few of a programme's many."""
    units = context.speaker.unit_ids(RoleName.LIAISON)
    rows = context.session.exec(
        select(Obligation.task_id)
        .join(ObligationUnit, col(ObligationUnit.obligation_id) == col(Obligation.id))
        .where(col(ObligationUnit.unit_id).in_(units))
        .distinct()
    ).all()
    return tuple(rows)


def own_unit(context: Context, duty: DutyStanding) -> int | None:
    """The speaker's unit that owes this obligation, the first if there are several."""
    own = context.speaker.unit_ids(RoleName.LIAISON, programme_id=duty.programme.id)
    return next((unit.id for unit in duty.units if unit.id in own), None)


def is_ready(duty: DutyStanding, context: Context) -> bool:
    """Whether a report is owed now: still open for entry, and its period near its end or over."""
    return is_open(duty, context.now) and not duty.obligation.history and _opens(duty, context)


def is_open(duty: DutyStanding, now: datetime) -> bool:
    """Whether an entry is still possible."""
    if duty.state is State.RETURNED:
        return True
    return duty.is_owed and door(duty.duty, now) is not Door.CLOSED


def _opens(duty: DutyStanding, context: Context) -> bool:
    return duty.state is State.RETURNED or opening_day(duty) <= context.today


def opening_day(duty: DutyStanding) -> date:
    """The first day on which a report for this obligation makes sense."""
    if duty.duty.covers:
        return duty.duty.covers[1] - _EARLY
    return (duty.duty.due - _AHEAD).date()


def owed_now(context: Context) -> list[DutyStanding]:
    """What the speaker has to report now, by due time."""
    return [each for each in own_duties(context) if is_ready(each, context)]


def upcoming(context: Context) -> DutyStanding | None:
    """What comes next, when nothing is owed now."""
    ahead = (each for each in own_duties(context) if is_open(each, context.now))
    return next((each for each in ahead if not each.obligation.history), None)


def task_named(context: Context, query: str, template: str) -> Task | Reply:
    """The task that *query* means for this speaker, or the question which; Refused if none.

    A name that several tasks bear means the one for which the speaker owes a report now. Where
    that does not decide, the candidates are listed and the next message picks by number:
    *template* is the command to repeat.
    """
    tasks = _tasks(context)
    match = find(_without_code(query), _names(context, tasks))
    tasks = _of_code(context, query, tasks)
    near = [tasks[int(each.key)] for each in _near(match) if int(each.key) in tasks]
    if not near:
        raise Refused(_unknown(context, query, match, tasks))
    if len(near) == 1:
        return near[0]
    own = own_duties(context, [task.id or 0 for task in near])
    if not own:
        raise Refused(_not_own(context, near[0]))
    near = _sensible(context, near, own)
    if len(near) == 1:
        return near[0]
    offer(context, [_entry(context, each, near) for each in near], template)
    numbered = [f"{n}. {_described(context, each)}" for n, each in enumerate(near, 1)]
    return Reply("\n".join(["请问是哪一项？请回复序号：", *numbered]))


def is_known(context: Context, name: str) -> bool:
    """Whether some task is so named, be it one of several."""
    return bool(_near(find(name, _names(context, _tasks(context)))))


def is_own(context: Context, name: str) -> bool:
    """Whether *name* surely means a task of the speaker's units."""
    near = _near(find(name, _names(context, _tasks(context))))
    return bool(near) and bool(own_duties(context, [int(each.key) for each in near]))


def offer(context: Context, entries: Sequence[str], template: str) -> None:
    """Store a numbered list, so that the next message can be just its number."""
    session = context.session
    listing = listing_of(session, context.speaker.id)
    if listing is None:
        listing = Listing(member_id=context.speaker.id, template=template, shown_at=context.now)
        session.add(listing)
    listing.template, listing.shown_at = template, context.now
    listing.entries = list(entries)
    session.flush()


def forget_listing(session: Session, member_id: int) -> None:
    """A question asked after a list makes a bare number an answer again."""
    listing = listing_of(session, member_id)
    if listing is not None:
        session.delete(listing)
        session.flush()


def _tasks(context: Context) -> dict[int, Task]:
    return {
        task.id or 0: task
        for programme in context.programmes
        for task in tasks_of(context.session, programme.id or 0)
    }


def _names(context: Context, tasks: dict[int, Task]) -> list[Name]:
    return [
        Name(str(key), task.number, task.title, tuple(task.aliases)) for key, task in tasks.items()
    ]


def _near(match: Match) -> list[Candidate]:
    """The one that is sure, or all that stand too close together to choose between them."""
    if match.best:
        return [match.best]
    likely = [each for each in match.candidates if each.score >= ACCEPT]
    return [each for each in likely if likely[0].score - each.score < MARGIN]


def _sensible(context: Context, near: Sequence[Task], own: Sequence[DutyStanding]) -> list[Task]:
    """Of the tasks that may be meant, those the speaker owes now, or else all of their own."""
    owed = {each.task.id for each in own if is_ready(each, context)}
    wanted = owed or {each.task.id for each in own}
    return [task for task in near if task.id in wanted]


def _entry(context: Context, task: Task, near: Sequence[Task]) -> str:
    """What the list repeats for a task: its number, with the programme where that is not enough."""
    if sum(each.number == task.number for each in near) == 1:
        return task.number
    return f"{_programme(context, task).code}:{task.number}"


def _without_code(query: str) -> str:
    code, mark, number = query.partition(":")
    return number if mark and code.isascii() else query


def _of_code(context: Context, query: str, tasks: dict[int, Task]) -> dict[int, Task]:
    code, mark, _ = query.partition(":")
    wanted = [each.id for each in context.programmes if mark and each.code == code]
    if not wanted:
        return tasks
    return {key: task for key, task in tasks.items() if task.programme_id in wanted}


def _programme(context: Context, task: Task) -> Programme:
    return next(each for each in context.programmes if each.id == task.programme_id)


def _described(context: Context, task: Task) -> str:
    return f"{short_name(task)}（{_programme(context, task).short_title}）"


def _unknown(context: Context, query: str, match: Match, tasks: dict[int, Task]) -> str:
    """No such task: what may have been meant, and the speaker's own tasks to choose from."""
    asked = query.split("\n")[0][:20]
    if asked.strip("# ").isdecimal():
        number = asked.strip("# ")
        return (
            f"“{number}”不是任务编号。要改已报送的 #{number}，请发“更正 {number}”加内容；"
            "要报送请先发“任务”，再回复序号。"
        )
    maybe = [short_name(tasks[int(c.key)]) for c in match.candidates if int(c.key) in tasks]
    if maybe:
        return f"没有找到任务“{asked}”。是不是：{'、'.join(maybe[:3])}？请发“报送”加任务编号。"
    own = list(dict.fromkeys(each.name for each in owed_now(context)))[:5]
    if own:
        return f"没有找到任务“{asked}”。您现在待报：{'、'.join(own)}。请发“报送”加任务编号。"
    return f"没有找到任务“{asked}”。请发“任务”查看编号，再发“报送”加编号。"


def choose(context: Context, task: Task, as_of: date | None) -> Choice:
    """The obligation of *task* that a report as of this day is for; otherwise Refused.

    It is the oldest whose period holds the day. One already reported, waived or closed is said
    to be so: the next period would hold the day as well, but that is not what people mean. The
    obligation is locked, and looked at again if a colleague was faster.
    """
    choice = _chosen(context, task, as_of)
    obligation = choice.duty.obligation
    seen = obligation.state
    locked_obligation(context.session, choice.duty.id)
    context.session.refresh(obligation)
    return choice if obligation.state == seen else _chosen(context, task, as_of)


def _chosen(context: Context, task: Task, as_of: date | None) -> Choice:
    own = own_duties(context, [task.id or 0])
    if not own:
        raise Refused(_not_own(context, task))
    wanted = _holding(own, as_of, context) if as_of else None
    if wanted is not None and not is_open(wanted, context.now):
        raise Refused(_not_open(wanted, own, context))
    open_now = [each for each in own if is_open(each, context.now)]
    ready = [each for each in open_now if _opens(each, context)]
    if wanted is not None and (wanted in ready or not ready):
        return _choice(context, wanted)
    # What was due before the loading is taken when its day is named, and never asked for.
    current = [each for each in ready if not each.obligation.history]
    if not current:
        raise Refused(_nothing_due(own, context))
    return _choice(context, current[0])


def _choice(context: Context, duty: DutyStanding) -> Choice:
    return Choice(duty, own_unit(context, duty) or 0)


def _holding(own: Sequence[DutyStanding], as_of: date, context: Context) -> DutyStanding | None:
    """The oldest obligation whose period holds the day; history only while it is open."""
    for each in own:
        covers = each.duty.covers
        if each.state is State.WAIVED or covers is None or not covers[0] <= as_of <= covers[1]:
            continue
        if not each.obligation.history or is_open(each, context.now) or each.submission:
            return each
    return None


def _not_own(context: Context, task: Task) -> str:
    parts = task_units(context.session, [task.id or 0])[task.id or 0]
    leads = [part.unit_id for part in parts if part.role == UnitRole.LEAD]
    names = units_by_id(context.session, leads)
    shown = "、".join(names[each].name for each in leads if each in names)
    return (
        f"{short_name(task)} 由{shown or '其他单位'}报送，不属于您的单位，未作处理。"
        "您的待办请发“任务”查看；如分工有变，请联系管理员。"
    )


def _not_open(duty: DutyStanding, own: Sequence[DutyStanding], context: Context) -> str:
    if duty.submission is not None and not duty.is_owed:
        return already_reported(duty, own, context)
    closed = due_text(duty.duty.closes or duty.duty.deadline, context.services.zone)
    text = f"{_with_period(duty)}一期已于{closed}截止，不再接收。"
    following = next((e for e in own if is_open(e, context.now) and _opens(e, context)), None)
    if following is not None and following.duty.covers:
        day = day_text(following.duty.covers[1])
        period = period_text(following.obligation)
        text += f"现在报{period}，请把“截至”改为{day}再发；"
    return f"{text}确需补报，请联系管理员“延期”后再发。"


def already_reported(duty: DutyStanding, own: Sequence[DutyStanding], context: Context) -> str:
    """The answer to a report that came before: where it stands, how to change it, what is next."""
    number = duty.submission.id if duty.submission else ""
    stands = "已通过" if duty.state is State.ACCEPTED else "待审核"
    text = (
        f"{_with_period(duty)}已报送 #{number}，{stands}，无需重报。要改请发“更正 {number}”加内容"
    )
    text += "。" if duty.state is State.ACCEPTED else f"，要收回请发“撤回 {number}”。"
    return text + _next_text(own, context)


def _nothing_due(own: Sequence[DutyStanding], context: Context) -> str:
    """No period is open: the last report if there is one, and when the next can be sent."""
    done = [each for each in own if each.submission is not None and not each.is_owed]
    if done:
        return already_reported(done[-1], own, context)
    following = _next_text(own, context)
    name = own[-1].name
    if following:
        return f"{name} 现在没有待报的一期。{following}"
    waived = any(each.state is State.WAIVED for each in own)
    why = "已免报" if waived else "各期均已截止"
    return f"{name} {why}，现在不用报送。如有疑问，请联系管理员。"


def _next_text(own: Sequence[DutyStanding], context: Context) -> str:
    ahead = (each for each in own if is_open(each, context.now))
    following = next((each for each in ahead if not each.obligation.history), None)
    if following is None:
        return ""
    due = due_text(following.obligation.effective_due, context.services.zone)
    opens = opening_day(following)
    begin = f"，{day_text(opens)}起可报" if opens > context.today else ""
    return f"下一期{period_text(following.obligation)}，{due}前报送{begin}。"


def _with_period(duty: DutyStanding) -> str:
    return f"{duty.name} {period_text(duty.obligation)}"
