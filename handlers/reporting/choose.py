"""Which obligation a report is for: of what the speaker's units owe, the period that is meant."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from handlers.context import Context
from handlers.reporting.texts import day_text, due_text, period_text
from handlers.standing.duties import DutyStanding
from handlers.standing.matters import Matter, clause_matters
from models.errors import Refused
from models.member import Member, RoleName
from models.obligation import OPEN_STATES, ObligationState
from models.rules.clause import listed
from models.rules.reporting import State, Unmet, is_ready, meets, opens_on, takes_reports
from models.task import ClauseUnit, TaskUnit, UnitRole, clause_units, task_units
from models.unit import units_by_id


@dataclass(frozen=True)
class Choice:
    """The obligation a report is for, and the speaker's unit that reports it."""

    duty: DutyStanding
    unit_id: int


def own_duties(
    context: Context,
    task_ids: Iterable[int] | None = None,
    states: tuple[ObligationState, ...] | None = None,
) -> list[DutyStanding]:
    """The obligations of the speaker's units, by due time."""
    own = context.own_duties
    if task_ids is None:
        return own.all() if states is None else own.in_states(states)
    found = own.of_tasks(task_ids)
    return found if states is None else [e for e in found if e.obligation.state in states]


def duties_on(context: Context, matter: Matter) -> list[DutyStanding]:
    """Those of them that are on this task or clause; of a task as a whole, on all its clauses."""
    own = own_duties(context, [matter.task.id or 0])
    return [e for e in own if matter.clause is None or e.matter.clause_id == matter.clause_id]


def own_unit(context: Context, duty: DutyStanding) -> int | None:
    """The speaker's unit that owes this obligation, the first if there are several."""
    own = context.speaker.unit_ids(RoleName.LIAISON, programme_id=duty.programme.id)
    return next((unit.id for unit in duty.units if unit.id in own), None)


def ready(own: Iterable[DutyStanding], context: Context) -> list[DutyStanding]:
    """Those owed now: still open for entry, and their period near its end or over."""
    return [e for e in own if is_ready(e.duty, context.now, context.today)]


def owed_now(context: Context) -> list[DutyStanding]:
    """What the speaker has to report now, by due time."""
    return ready(own_duties(context, states=OPEN_STATES), context)


def upcoming(context: Context) -> DutyStanding | None:
    """What comes next, when nothing is owed now."""
    return _following(own_duties(context, states=OPEN_STATES), context)


def _following(own: Sequence[DutyStanding], context: Context) -> DutyStanding | None:
    ahead = (each for each in own if takes_reports(each.duty, context.now))
    return next((each for each in ahead if not each.is_bygone), None)


def choose(
    context: Context, matter: Matter, as_of: date | None, unit_id: int | None = None
) -> Choice:
    """The obligation of *matter* that a report as of this day is for; otherwise Refused.

    The rule is `meets`. With *unit_id* it is one that this unit owes. The obligation is locked,
    and looked at again if a colleague was faster.
    """
    choice = _chosen(context, matter, as_of, unit_id)
    context.own_duties.lock([choice.duty.id])
    return _chosen(context, matter, as_of, unit_id)


def _chosen(context: Context, matter: Matter, as_of: date | None, unit_id: int | None) -> Choice:
    own = duties_on(context, matter)
    if not own:
        raise Refused(not_own(context, matter))
    own = [e for e in own if unit_id is None or any(unit.id == unit_id for unit in e.units)] or own
    met = meets([each.duty for each in own], as_of, context.now, context.today)
    if met.unmet is Unmet.NOTHING_DUE or met.place is None:
        raise Refused(_nothing_due(own, context))
    wanted = own[met.place]
    if met.unmet is Unmet.NOT_OPEN:
        raise Refused(_not_open(wanted, own, context))
    owing = {unit.id for unit in wanted.units}
    reporting_unit = unit_id if unit_id in owing else own_unit(context, wanted)
    return Choice(wanted, reporting_unit or 0)


def not_own(context: Context, matter: Matter) -> str:
    """Who reports instead: the units that lead the task or the clause, or share it."""
    clauses = clause_matters(context.session, [matter.task])[matter.task.id or 0]
    parts = clause_units(context.session, [each.clause_id or 0 for each in clauses])
    own = context.speaker.unit_ids(RoleName.LIAISON, programme_id=matter.task.programme_id)
    helped = [
        (each, parts[each.clause_id or 0])
        for each in clauses
        if matter.clause is None or each.clause_id == matter.clause_id
        if any(_helps(part, own) for part in parts[each.clause_id or 0])
    ]
    if helped:
        lines = [f"{each.name} 由{_leads(context, of_it)}牵头报送" for each, of_it in helped]
        return (
            f"{'；'.join(lines)}。您单位是配合单位，不需单独报送，未作处理；"
            "有关情况请提供给牵头单位。您的待办请发“任务”查看。"
        )
    task_id = matter.task.id or 0
    of_it = parts.get(matter.clause_id or 0) or task_units(context.session, [task_id])[task_id]
    return (
        f"{matter.name} 由{_leads(context, of_it) or '其他单位'}报送，不属于您的单位，未作处理。"
        "您的待办请发“任务”查看；如分工有变，请联系管理员。"
    )


def _helps(part: ClauseUnit, own: Sequence[int]) -> bool:
    return part.role == UnitRole.SUPPORTING and part.unit_id in own


def _leads(context: Context, parts: Sequence[TaskUnit | ClauseUnit]) -> str:
    """Those who report: all but the supporting units."""
    ids = [part.unit_id for part in parts if part.role != UnitRole.SUPPORTING]
    names = units_by_id(context.session, ids)
    return "、".join(names[each].name for each in ids if each in names)


def _not_open(duty: DutyStanding, own: Sequence[DutyStanding], context: Context) -> str:
    if duty.submission is not None and not duty.is_owed:
        return already_reported(duty, own, context)
    closed = due_text(duty.duty.closes or duty.duty.deadline, context.services.zone)
    text = f"{_with_period(duty)}一期已于{closed}截止，不再接收。"
    open_now = [e for e in own if takes_reports(e.duty, context.now) and not e.is_bygone]
    following = next((e for e in open_now if _has_opened(e, context)), None)
    if following is not None and following.duty.covers:
        day = day_text(following.duty.covers[1])
        period = period_text(following.obligation)
        text += f"现在报{period}，请把“截至”改为{day}再发；"
    return f"{text}截止的期次已不能补报；确需补报，请发“延期 任务编号 日期 原因”，由管理员答复。"


def _has_opened(duty: DutyStanding, context: Context) -> bool:
    return duty.state is State.RETURNED or opens_on(duty.duty) <= context.today


def already_reported(duty: DutyStanding, own: Sequence[DutyStanding], context: Context) -> str:
    """The answer to a report that came before: by whom, how to change it, what is next."""
    number = duty.submission.id if duty.submission else ""
    stands = "已通过" if duty.state is State.ACCEPTED else "待审核"
    text = f"{_with_period(duty)}已报送 #{number}{_by_whom(duty, context)}，{stands}，无需重报。"
    text += f"要改请发“更正 {number}”加内容"
    text += "。" if duty.state is State.ACCEPTED else f"，要收回请发“撤回 {number}”。"
    return text + _next_text(own, context, since=duty)


def _by_whom(duty: DutyStanding, context: Context) -> str:
    """Who reported, where it was not the speaker: another unit that owes it too, or a colleague."""
    if duty.submission is None or duty.submission.member_id == context.speaker.id:
        return ""
    own = context.speaker.unit_ids(RoleName.LIAISON, programme_id=duty.programme.id)
    reported = duty.submission.unit_id
    if reported in own:
        return f"（{context.session.get_one(Member, duty.submission.member_id).name}报送）"
    name = next((unit.name for unit in duty.units if unit.id == reported), "")
    return f"（{name}报送）" if name else ""


def _nothing_due(own: Sequence[DutyStanding], context: Context) -> str:
    """No period is open: the last report if there is one, and when the next can be sent."""
    done = [each for each in own if each.submission is not None and not each.is_owed]
    if len({each.matter.clause_id for each in own}) > 1:
        return _nothing_due_of_any(own, done, context)
    if done:
        return already_reported(done[-1], own, context)
    following = _next_text(own, context)
    name = own[-1].name
    if following:
        return f"{name} 现在没有待报的一期。{following}"
    waived = any(each.state is State.WAIVED for each in own)
    why = "已免报" if waived else "各期均已截止"
    return f"{name} {why}，现在不用报送。如有疑问，请联系管理员。"


def _nothing_due_of_any(
    own: Sequence[DutyStanding], done: Sequence[DutyStanding], context: Context
) -> str:
    """The same for a task of which several clauses are the speaker's."""
    last = {each.matter.clause_id: each for each in done}
    numbers = "、".join(
        f"{each.matter.label} #{each.submission.id}" for each in last.values() if each.submission
    )
    names = listed(each.matter.key for each in own)
    text = f"{names} 现在没有待报的一期。"
    if numbers:
        text += f"已报：{numbers}，要改请发“更正”加编号和内容。"
    return text + _next_text(own, context)


def _next_text(
    own: Sequence[DutyStanding], context: Context, since: DutyStanding | None = None
) -> str:
    """What is still to be reported: an older period than *since* it, or the next one."""
    following = _following(own, context)
    if following is None:
        return ""
    due = due_text(following.obligation.effective_due, context.services.zone)
    if since is not None and following.obligation.due < since.obligation.due:
        return f"另有{period_text(following.obligation)}一期未报，{due}截止。"
    opens = opens_on(following.duty)
    begin = f"，{day_text(opens)}起可报" if opens > context.today else ""
    return f"下一期{period_text(following.obligation)}，{due}前报送{begin}。"


def _with_period(duty: DutyStanding) -> str:
    return f"{duty.name} {period_text(duty.obligation)}"
