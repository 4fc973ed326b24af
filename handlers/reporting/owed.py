"""What the speaker owes, as a numbered list that the next message can choose from."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from handlers.context import Context
from handlers.lists import keep_list, page_of
from handlers.reporting.choose import owed_now, own_duties, upcoming
from handlers.reporting.form import Need, need_of
from handlers.reporting.naming import entry_of
from handlers.reporting.texts import due_text, period_text
from handlers.standing.duties import DutyStanding
from handlers.standing.merging import merged
from models.indicator import Indicator, indicators_of
from models.member import RoleName
from models.obligation import ObligationState
from models.requirement import Requirement
from models.rules.clause import grouped
from models.rules.reporting import State

#: More would not fit on a phone's screen.
MOST_SHOWN = 10
#: So many reports under review are named.
MOST_WAITING = 5
#: What is left of a long list is named by number only, at most so many tasks.
MOST_NUMBERS = 60


def owed_listing(context: Context, template: str, page: int = 1) -> tuple[list[DutyStanding], str]:
    """What is owed now and the text of one page; refused for a page that there is not.

    What was shown so far is stored as the list last shown: its numbers count through all pages.
    Of what one report meets together only the first is listed.
    """
    owed = merged(owed_now(context))
    if not owed:
        return [], nothing_owed(context)
    places = page_of(page, len(owed), MOST_SHOWN, f"待报共{len(owed)}项")
    keep_list(context, template, [_entry(context, each, owed) for each in owed[: places.stop]])
    shown, left = owed[places], owed[places.stop :]
    indicators = indicators_of(context.session, {each.task.id or 0 for each in shown})
    numbered = enumerate(shown, places.start + 1)
    lines = [f"{n}. {_line(context, each, indicators)}" for n, each in numbered]
    if page == 1:
        lines += _named(left)
    if left:
        lines.append(f"其余{len(left)}项请发“任务 第{page + 1}页”查看，或直接发“报送”加编号。")
    return owed, "\n".join(lines)


def _named(left: Sequence[DutyStanding]) -> list[str]:
    """What does not fit, by number: period by period and task by task."""
    periods: dict[str, list[DutyStanding]] = {}
    for each in left:
        periods.setdefault(period_text(each.obligation), []).append(each)
    lines = []
    for period, duties in periods.items():
        groups = grouped(each.matter.key for each in duties)
        more = "等" if len(groups) > MOST_NUMBERS else ""
        named = "、".join(groups[:MOST_NUMBERS])
        lines.append(f"另有{period}{len(duties)}项：{named}{more}。")
    return lines


def _entry(context: Context, duty: DutyStanding, shown: Sequence[DutyStanding]) -> str:
    """The number that is repeated, with the unit where it is one of several that each report."""
    entry = entry_of(duty.matter, duty.programme, shown)
    return f"{entry} {duty.units[0].name}" if _is_one_of_each(context, duty) else entry


def _is_one_of_each(context: Context, duty: DutyStanding) -> bool:
    several = len(context.speaker.unit_ids(RoleName.LIAISON)) > 1
    return several and duty.requirement.each and len(duty.units) == 1


def _line(context: Context, duty: DutyStanding, known: Mapping[int, Sequence[Indicator]]) -> str:
    due = due_text(duty.obligation.effective_due, context.services.zone)
    name = f"{duty.name} {duty.units[0].name}" if _is_one_of_each(context, duty) else duty.name
    parts = [name, period_text(duty.obligation), f"{due}截止{_how_far(context, duty)}"]
    needed = _needed(duty.requirement, len(known[duty.task.id or 0]))
    return "｜".join([*parts, f"需{needed}"] if needed else parts) + _returned(duty)


def _how_far(context: Context, duty: DutyStanding) -> str:
    if duty.state is State.RETURNED:
        return ""
    due = duty.obligation.effective_due.astimezone(context.services.zone).date()
    left = (due - context.today) // timedelta(days=1)
    if not duty.is_confirmed:
        return "（期限待确认）"
    if duty.state is State.OVERDUE:
        return f"（已逾期{max(-left, 1)}天）"
    return "（今天）" if left == 0 else f"（还有{left}天）"


def _needed(requirement: Requirement, count: int) -> str:
    """What a report of *count* indicators consists of, in a few words."""
    parts = [] if count == 0 else ["完成数"] if count == 1 else [f"{count}项数据"]
    parts += [e["name"] for e in requirement.sections if need_of(e) is Need.REQUIRED]
    if requirement.pictures:
        parts.append(f"图片{requirement.pictures}张")
    return "、".join(parts)


def _returned(duty: DutyStanding) -> str:
    if duty.state is not State.RETURNED or duty.submission is None:
        return ""
    return f"\n   已退回：{duty.submission.return_reason}"


def nothing_owed(context: Context) -> str:
    """That nothing is owed now, with what comes next."""
    following = upcoming(context)
    if following is None:
        return "目前没有待报事项。"
    due = due_text(following.obligation.effective_due, context.services.zone)
    period = period_text(following.obligation)
    return f"目前没有待报事项。下一项：{following.name}，{period}，{due}前报送。"


def waiting_for_review(context: Context) -> list[str]:
    """What the units sent and nobody has reviewed yet, in one line; none where nothing waits."""
    sent = merged(own_duties(context, states=(ObligationState.SUBMITTED,)))
    numbers = [f"#{each.submission.id} {each.name}" for each in sent if each.submission]
    if not numbers:
        return []
    more = f"等{len(numbers)}项" if len(numbers) > MOST_WAITING else ""
    return [f"已报送、等待审核：{'、'.join(numbers[-MOST_WAITING:])}{more}。"]


def example_task(context: Context) -> str:
    """The number of the speaker's next task, to be used as an example; empty without one."""
    owed = owed_now(context)
    following = owed[0] if owed else upcoming(context)
    return following.number if following else ""
