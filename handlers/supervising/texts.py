"""Words about obligations that several commands and reminders share."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from handlers.reporting.texts import day_text, due_text, period_text
from handlers.standing.duties import DutyStanding
from models.rules.reporting import IN_REVIEW, Duty, State
from models.rules.workday import Calendar

#: Set behind what a demonstration sends, so that nobody takes it for real.
DEMO = "演示数据"

#: Never reported, and the next period's due time has closed it.
CLOSED = "已截止未报"
_STATE_TITLES = {
    State.OWED: "未到期",
    State.EXTENDED: "已延期",
    State.OVERDUE: "已逾期",
    State.SUBMITTED: "待审",
    State.RETURNED: "已退回",
    State.RESUBMITTED: "重报待审",
    State.ACCEPTED: "已通过",
    State.WAIVED: "免报",
}


def state_title(duty: Duty, state: State, *, closed: bool) -> str:
    """How a report stands, in people's words: the version in force, and its open correction."""
    if closed:
        return CLOSED
    if duty.has_accepted and state in IN_REVIEW:
        return "已通过，更正待审"
    if duty.has_accepted and state is State.RETURNED:
        return "已通过，更正已退回"
    return _STATE_TITLES[state]


def full_day_text(day: date) -> str:
    """2021年8月31日, where the year matters."""
    return f"{day.year}年{day_text(day)}"


def moment_text(moment: datetime, zone: ZoneInfo) -> str:
    """8月31日09:05, local."""
    local = moment.astimezone(zone)
    return f"{day_text(local.date())}{local:%H:%M}"


def issue_text(period: str) -> str:
    """A digest's period as people say it: 2021年第35周, 2021年8月, 2021年8月30日."""
    if found := re.fullmatch(r"(\d{4})-W(\d{2})", period):
        return f"{found[1]}年第{int(found[2])}周"
    if found := re.match(r"(\d{4})-(\d{2})(?:-(\d{2}))?", period):
        day = f"{int(found[3])}日" if found[3] else ""
        return f"{found[1]}年{int(found[2])}月{day}"
    return period


def some(names: Sequence[str], most: int = 3) -> str:
    """The first names, and how many there are when some are left out."""
    listed = "、".join(names[:most])
    return listed if len(names) <= most else f"{listed}等{len(names)}个"


def owed_lines(
    owed: Sequence[DutyStanding],
    now: datetime,
    calendar: Calendar,
    zone: ZoneInfo,
    *,
    with_units: bool = False,
) -> list[str]:
    """Numbered lines of what one person owes, the most urgent first, each with what to do."""
    ordered = sorted(owed, key=lambda each: (each.duty.deadline, each.id))
    return [
        f"{at}. {_owed_line(each, now, calendar, zone, with_units=with_units)}"
        for at, each in enumerate(ordered, start=1)
    ]


def _owed_line(
    each: DutyStanding, now: datetime, calendar: Calendar, zone: ZoneInfo, *, with_units: bool
) -> str:
    units = f"{'、'.join(unit.name for unit in each.units)} " if with_units else ""
    head = f"{units}{each.name}（{each.programme.short_title}，{period_text(each.obligation)}）"
    if each.state is State.RETURNED and each.submission is not None:
        reason = each.submission.return_reason
        return f"{head}：已退回{f'，原因：{reason}' if reason else '，请修改后重报'}"
    return f"{head}：{_when(each, now, calendar, zone)}"


def _when(each: DutyStanding, now: datetime, calendar: Calendar, zone: ZoneInfo) -> str:
    deadline, today = each.duty.deadline, now.astimezone(zone).date()
    due = due_text(deadline, zone)
    if each.is_overdue:
        days = calendar.workdays_between(deadline.astimezone(zone).date(), today)
        return f"{due}截止，已逾期{f'{days}个工作日' if days else ''}"
    if deadline.astimezone(zone).date() == today:
        return f"今天{due.removeprefix(day_text(today))}截止"
    return f"{due}截止"


def what_to_send(owed: Sequence[DutyStanding]) -> str:
    """The line that says what to send next: the most urgent report, the first one to mend."""
    ordered = sorted(owed, key=lambda each: (each.duty.deadline, each.id))
    waiting = [each.task.number for each in ordered if each.state is not State.RETURNED]
    returned = [e.submission.id for e in ordered if e.state is State.RETURNED and e.submission]
    mend = [f"改好的请发“更正 {returned[0]}”加改动的内容"] if returned else []
    report = [f"报送请发“报送 {waiting[0]}”"] if waiting else []
    return f"{'；'.join([*report, *mend, '查看全部待办请发“任务”'])}。"
