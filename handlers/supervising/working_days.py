"""放假 and 上班: days made off or worked, and what that does to reminders and due dates."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import col, select

from handlers.context import Context
from handlers.reading.days import NamedDays, NoDays, read_days_ahead
from handlers.reading.normalise import command_key
from handlers.reporting.texts import day_text
from handlers.standing.policy import ladder_policy
from handlers.supervising.texts import full_day_text
from models.errors import Refused
from models.obligation import OPEN_STATES, Obligation
from models.programme import Programme, active_programmes
from models.programmes.obligations import ensure_obligations
from models.requirement import Requirement
from models.rules.ladder import Policy, SlotKind, slots
from models.rules.recurrence import from_data
from models.rules.workday import OFF, Calendar, Roll
from models.task import Task
from models.workday import calendar, declare_days, withdraw_days

_DAY = timedelta(days=1)
_WEEKDAYS = "一二三四五六日"
#: The calendar is set for this year and the next; a later year is rather a slip.
_YEARS_AHEAD = 1
#: How many due days are named one by one.
_SHOWN = 5
#: What says the contrary of a command beside its days.
_OTHER = {
    "放假": ("上班", "补班", "工作日", "取消", "撤"),
    "上班": ("放假", "休息", "补休", "取消", "撤"),
}
CANCEL = ("取消", "撤销", "撤回", "删除")
HOW = "请写明日期，例如：\n{word} 2027-02-15\n{word} 2月15日至21日 春节"


def days_asked(ctx: Context, text: str, word: str) -> NamedDays:
    """The days that a command names, none of them past nor years away; refused otherwise."""
    try:
        named = read_days_ahead(text, ctx.today)
    except NoDays as problem:
        raise Refused(f"{problem.args[0]}，未作改动。{HOW.format(word=word)}") from problem
    if other := next((each for each in _OTHER[word[:2]] if each in named.remark), None):
        raise Refused(f"“{word[:2]}”和“{other}”请分两条发送，未作改动。{HOW.format(word=word)}")
    if named.days[0] < ctx.today:
        day = full_day_text(named.days[0])
        raise Refused(f"{day}已经过去，未作改动。只能设定今天及以后的日子。")
    if named.days[-1].year > ctx.today.year + _YEARS_AHEAD:
        raise Refused(f"{full_day_text(named.days[-1])}太远，未作改动，请核对年份。")
    return named


def cancelled_days(rest: str) -> str | None:
    """What follows 取消; None where nothing is to be taken back."""
    word = next((each for each in CANCEL if rest.startswith(each)), None)
    return None if word is None else rest.removeprefix(word).strip()


def declare(ctx: Context, named: NamedDays, kind: str) -> list[str]:
    """Set the days and say what changes."""
    with_effects = Effects.before(ctx)
    changed = declare_days(
        ctx.session,
        named.days,
        kind,
        member_id=ctx.speaker.id,
        now=ctx.now,
        note=named.remark,
    )
    title = "放假" if kind == OFF else "上班"
    if not changed:
        return [f"{days_text(named.days)}原来就是{_now(kind)}，未作改动。"]
    remark = f"（{named.remark}）" if named.remark else ""
    lines = [f"已设为{title}{remark}：{days_text(changed)}，共{len(changed)}天。"]
    if rest := [day for day in named.days if day not in changed]:
        lines.append(f"{days_text(rest)}原来就是{_now(kind)}，不变。")
    lines += with_effects.after()
    return [*lines, f"如需改回，请发“{title} 取消 {_typed(changed)}”。"]


def taken_back(ctx: Context, text: str, title: str) -> list[str]:
    """What admins declared for the days named is taken back; *title* is 放假 or 上班."""
    word = f"{title} 取消"
    if not command_key(text):
        raise Refused(f"请写明取消哪天。{HOW.format(word=word)}")
    return _withdrawn(ctx, days_asked(ctx, text, word))


def _withdrawn(ctx: Context, named: NamedDays) -> list[str]:
    """Take back what admins declared for the days and say what holds again."""
    with_effects = Effects.before(ctx)
    back = withdraw_days(ctx.session, named.days, member_id=ctx.speaker.id, now=ctx.now)
    if not back:
        return [f"{days_text(named.days)}没有另行设定过，未作改动。"]
    days = calendar(ctx.session)
    off = [day for day in back if not days.is_workday(day)]
    work = [day for day in back if days.is_workday(day)]
    lines = ["已取消另行设定。"]
    lines += [f"恢复上班：{days_text(work)}。"] if work else []
    lines += [f"恢复休息：{days_text(off)}。"] if off else []
    return [*lines, *with_effects.after()]


def days_text(days: Sequence[date]) -> str:
    """2027年2月15日（周一）至2月19日（周五）、2月22日（周一）: runs of days, the year once."""
    parts, year = [], 0
    for first, last in _runs(days):
        head = full_day_text(first) if first.year != year else day_text(first)
        until = "" if first == last else f"至{day_text(last)}{_weekday(last)}"
        parts.append(f"{head}{_weekday(first)}{until}")
        year = first.year
    return "、".join(parts)


def _runs(days: Sequence[date]) -> Iterator[tuple[date, date]]:
    first = last = None
    for day in sorted(days):
        if first is None or last is None or day != last + _DAY:
            if first is not None and last is not None:
                yield first, last
            first = day
        last = day
    if first is not None and last is not None:
        yield first, last


def _typed(days: Sequence[date]) -> str:
    return "、".join(f"{a}" if a == b else f"{a}至{b}" for a, b in _runs(days))


def _weekday(day: date) -> str:
    return f"（周{_WEEKDAYS[day.weekday()]}）"


def _now(kind: str) -> str:
    return "休息日" if kind == OFF else "工作日"


@dataclass(frozen=True)
class Effects:
    """What is open, with its due times and the calendar, before the days change."""

    ctx: Context
    days: Calendar
    dues: dict[int, datetime]
    policies: dict[int, Policy]

    @classmethod
    def before(cls, ctx: Context) -> "Effects":
        """As it stands now."""
        policies = {each.id or 0: ladder_policy(each) for each in active_programmes(ctx.session)}
        dues = {row.id or 0: row.effective_due for row in _open(ctx)}
        return cls(ctx, calendar(ctx.session), dues, policies)

    def after(self) -> list[str]:
        """The due dates and reminders that differ now; due dates by roll are brought up to date."""
        for programme in active_programmes(self.ctx.session):
            if _counts_workdays(self.ctx, programme):
                ensure_obligations(self.ctx.session, programme, self.ctx.now)
        rows = _open(self.ctx)
        moved, reminders = list(self._moved(rows)), list(self._reminders(rows))
        if not moved and not reminders:
            return ["没有报送的期限和提醒因此变动。"]
        return [*moved, *reminders, *([] if moved else ["截止日不变。"])]

    def _moved(self, rows: Iterable[Obligation]) -> Iterator[str]:
        count: Counter[tuple[date, date]] = Counter()
        for row in rows:
            was = self.dues.get(row.id or 0)
            if was is not None and was != row.effective_due:
                count[self._local(was), self._local(row.effective_due)] += 1
        moved = sorted(count.items())
        for (left, new), number in moved[:_SHOWN]:
            yield f"截止日：{day_text(left)}的{number}件移到{day_text(new)}{_weekday(new)}。"
        yield from _more(len(moved), "截止日")

    def _reminders(self, rows: Iterable[Obligation]) -> Iterator[str]:
        """Where the on-the-day and advance reminders of a due day went."""
        after = calendar(self.ctx.session)
        number: Counter[tuple[int, datetime]] = Counter(
            (row.programme_id, row.effective_due)
            for row in rows
            if self.dues.get(row.id or 0) == row.effective_due
        )
        found: dict[tuple[date, str], int] = {}
        for (programme_id, due), count in number.items():
            policy = self.policies.get(programme_id)
            if policy is None:
                continue
            for text in self._shifts(due, policy, after):
                key = self._local(due), text
                found[key] = found.get(key, 0) + count
        lines = [
            f"提醒：{day_text(day)}截止的{count}件，{text}。"
            for (day, text), count in sorted(found.items())
        ]
        yield from lines[:_SHOWN]
        yield from _more(len(lines), "截止日的提醒")

    def _shifts(self, due: datetime, policy: Policy, after: Calendar) -> Iterator[str]:
        for kind, title in ((SlotKind.ON_DAY, "当天提醒"), (SlotKind.BEFORE, "提前提醒")):
            was = self._slot_days(due, policy, self.days, kind)
            now = self._slot_days(due, policy, after, kind)
            gone, come = sorted(was - now), sorted(now - was)
            if gone or come:
                yield f"{title}由{_listed(gone)}改到{_listed(come)}"

    def _slot_days(
        self, due: datetime, policy: Policy, days: Calendar, kind: SlotKind
    ) -> set[date]:
        """The days of these slots that are still to come."""
        found = slots(due, days, policy, due)
        return {self._local(s.at) for s in found if s.kind is kind and s.at > self.ctx.now}

    def _local(self, moment: datetime) -> date:
        return moment.astimezone(self.ctx.services.zone).date()


def _counts_workdays(ctx: Context, programme: Programme) -> bool:
    """Whether any due date of the programme depends on which days are worked."""
    if programme.policy.get("roll", Roll.NONE) != Roll.NONE:
        return True
    rules = ctx.session.exec(
        select(Requirement.recurrences)
        .join(Task, col(Task.id) == col(Requirement.task_id))
        .where(Task.programme_id == programme.id, col(Task.active), col(Requirement.active))
    ).all()
    return any(
        rule.roll is not Roll.NONE or rule.day_is_workday
        for each in {json.dumps(row, sort_keys=True) for row in rules}
        for rule in from_data(json.loads(each))
    )


def _listed(days: Sequence[date]) -> str:
    return "、".join(day_text(day) for day in days) or "（无）"


def _more(count: int, what: str) -> Iterator[str]:
    if count > _SHOWN:
        yield f"另有{count - _SHOWN}个{what}也随之变动。"


def _open(ctx: Context) -> Sequence[Obligation]:
    """What is still owed and not due yet."""
    ids = [each.id for each in active_programmes(ctx.session)]
    rows = ctx.session.exec(
        select(Obligation).where(
            col(Obligation.programme_id).in_(ids),
            col(Obligation.state).in_(OPEN_STATES),
            col(Obligation.history).is_(False),
        )
    ).all()
    return [row for row in rows if row.effective_due > ctx.now]
