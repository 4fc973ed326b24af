"""Words about obligations that several commands and reminders share."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from handlers.reporting.texts import day_text, due_text, period_text
from handlers.standing.duties import DutyStanding
from handlers.standing.merging import merged
from models.rules.clause import grouped
from models.rules.reporting import IN_REVIEW, Duty, State, is_chased, is_confirmed
from models.rules.workday import Calendar

#: Set behind what a demonstration sends, so that nobody takes it for real.
DEMO = "演示数据"

#: Lines that a message lists one by one; what is more is merged.
MOST_LINES = 10
#: Names behind a count.
MOST_NAMED = 6

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
    if state is State.OWED and not is_confirmed(duty):
        return "期限待确认"
    if state is State.OWED and duty.assumed and not is_chased(duty):
        return "未报，截止后才确认期限，不计逾期"
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
    """A period as people say it: 2021年第35周, 2021年第三季度, 2021年上半年, 2021年8月30日."""
    if re.fullmatch(r"\d{4}", period):
        return f"{period}年"
    if found := re.fullmatch(r"(\d{4})-H([12])", period):
        return f"{found[1]}年{'上下'[int(found[2]) - 1]}半年"
    if found := re.fullmatch(r"(\d{4})-Q([1-4])", period):
        return f"{found[1]}年第{'一二三四'[int(found[2]) - 1]}季度"
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
    count_units: bool = False,
) -> list[str]:
    """Numbered lines of what one person owes, the most urgent first, each with what to do.

    What one report meets together is one line. More than a phone shows is merged by programme,
    period and due day, with the first few names of each.
    """
    ordered = merged(sorted(owed, key=lambda each: (each.duty.deadline, each.id)))
    if len(ordered) > MOST_LINES:
        lines = _merged_lines(ordered, now, calendar, zone, count_units=count_units)
    else:
        lines = [_owed_line(e, now, calendar, zone, with_units=with_units) for e in ordered]
    return [f"{at}. {line}" for at, line in enumerate(lines, start=1)]


def _merged_lines(
    ordered: Sequence[DutyStanding],
    now: datetime,
    calendar: Calendar,
    zone: ZoneInfo,
    *,
    count_units: bool,
) -> list[str]:
    """Returned ones with their reasons first, as far as they go, then the others in groups."""
    back = [each for each in ordered if each.state is State.RETURNED]
    lines = [_owed_line(e, now, calendar, zone, with_units=False) for e in back[:MOST_NAMED]]
    if left := back[MOST_NAMED:]:
        lines.append(f"另有{len(left)}件已退回：{named_together(left, MOST_NAMED)}")
    groups: dict[str, list[DutyStanding]] = {}
    for each in ordered:
        if each.state is not State.RETURNED:
            what = f"{each.programme.short_title}（{period_text(each.obligation)}）"
            groups.setdefault(f"{what}{_when(each, now, calendar, zone)}", []).append(each)
    for head, theirs in groups.items():
        units = {unit.id for each in theirs for unit in each.units}
        of_units = f"，涉及{len(units)}个单位" if count_units else ""
        lines.append(f"{head}，{len(theirs)}件{of_units}：{named_together(theirs, MOST_NAMED)}")
    return lines


def named_together(duties: Sequence[DutyStanding], most: int) -> str:
    """The first names of many, task by task: 政3、政4、政7（1）（3）等."""
    groups = grouped(each.matter.key for each in duties)
    return f"{'、'.join(groups[:most])}{'等' if len(groups) > most else ''}"


def _owed_line(
    each: DutyStanding, now: datetime, calendar: Calendar, zone: ZoneInfo, *, with_units: bool
) -> str:
    units = f"{some([unit.name for unit in each.units])} " if with_units else ""
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
    waiting = [each.number for each in ordered if each.state is not State.RETURNED]
    returned = [e.submission.id for e in ordered if e.state is State.RETURNED and e.submission]
    mend = [f"改好的请发“更正 {returned[0]}”加改动的内容"] if returned else []
    report = [f"报送请发“报送 {waiting[0]}”"] if waiting else []
    return f"{'；'.join([*report, *mend, '查看全部待办请发“任务”'])}。"
