"""What the speaker owes, as a numbered list that the next message can choose from."""

from datetime import timedelta

from sqlmodel import Session

from handlers.context import Context
from handlers.reporting.choose import offer, owed_now, upcoming
from handlers.reporting.texts import due_text, period_text
from handlers.standing.duties import DutyStanding
from models.indicator import indicators_of
from models.requirement import Requirement
from models.rules.reporting import State

#: More would not fit on a phone's screen.
MOST_SHOWN = 10


def owed_listing(context: Context, template: str) -> tuple[list[DutyStanding], str]:
    """What is owed now and its text; the shown part is stored as the list last shown."""
    owed = owed_now(context)
    if not owed:
        return [], _nothing_owed(context)
    shown = owed[:MOST_SHOWN]
    offer(context, [_entry(each, shown) for each in shown], template)
    lines = [f"{number}. {_line(context, each)}" for number, each in enumerate(shown, 1)]
    more = [f"另有{len(owed) - len(shown)}项，报完以上再看。"] if len(owed) > len(shown) else []
    return owed, "\n".join([*lines, *more])


def _entry(duty: DutyStanding, shown: list[DutyStanding]) -> str:
    """The number that names the task; with its programme where two share one."""
    twins = {each.programme.id for each in shown if each.task.number == duty.task.number}
    return duty.task.number if len(twins) == 1 else f"{duty.programme.code}:{duty.task.number}"


def _line(context: Context, duty: DutyStanding) -> str:
    due = due_text(duty.obligation.effective_due, context.services.zone)
    parts = [duty.name, period_text(duty.obligation), f"{due}截止{_how_far(context, duty)}"]
    needed = _needed(context.session, duty)
    return "｜".join([*parts, f"需{needed}"] if needed else parts) + _returned(duty)


def _how_far(context: Context, duty: DutyStanding) -> str:
    if duty.state is State.RETURNED:
        return ""
    due = duty.obligation.effective_due.astimezone(context.services.zone).date()
    left = (due - context.today) // timedelta(days=1)
    if duty.state is State.OVERDUE:
        return f"（已逾期{max(-left, 1)}天）"
    return "（今天）" if left == 0 else f"（还有{left}天）"


def _needed(session: Session, duty: DutyStanding) -> str:
    """What a report of this task consists of, in a few words."""
    requirement = session.get_one(Requirement, duty.obligation.requirement_id)
    count = len(indicators_of(session, [duty.task.id or 0])[duty.task.id or 0])
    parts = [] if count == 0 else ["完成数"] if count == 1 else [f"{count}项数据"]
    parts += [
        each["name"]
        for each in requirement.sections
        if each.get("need", "required" if each.get("required") else "") == "required"
    ]
    if requirement.pictures:
        parts.append(f"图片{requirement.pictures}张")
    return "、".join(parts)


def _returned(duty: DutyStanding) -> str:
    if duty.state is not State.RETURNED or duty.submission is None:
        return ""
    return f"\n   已退回：{duty.submission.return_reason}"


def _nothing_owed(context: Context) -> str:
    following = upcoming(context)
    if following is None:
        return "目前没有待报事项。"
    due = due_text(following.obligation.effective_due, context.services.zone)
    period = period_text(following.obligation)
    return f"目前没有待报事项。下一项：{following.name}，{period}，{due}前报送。"


def example_task(context: Context) -> str:
    """The number of the speaker's next task, to be used as an example; empty without one."""
    owed = owed_now(context)
    following = owed[0] if owed else upcoming(context)
    return following.task.number if following else ""
