"""期限: what deadlines rest on assumptions or were not understood, confirmed or written anew."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from handlers.context import Context
from handlers.lists import keep_list
from handlers.reporting.texts import day_text
from handlers.standing.duties import DutyFilter, duties
from handlers.standing.merging import merged
from handlers.supervising.texts import full_day_text
from models.audit import record
from models.errors import Refused
from models.programme import Programme
from models.programmes.obligations import Upkeep, ensure_obligations
from models.requirement import Requirement, requirements_of
from models.rules.period import Due, programme_dues
from models.rules.recurrence import Recurrence, from_data, to_data
from models.rules.reporting import State
from models.rules.wording import Defaults, Reading, read_wording
from models.rules.wording_normal import normal_form
from models.rules.workday import Roll
from models.task import tasks_of

_WEEKDAYS = "一二三四五六日"
#: How many next due dates show what a wording means.
_NEXT = 3
#: How many task numbers are named one by one.
_NUMBERS = 6
LONGEST = 300
#: A rewriting that changes more than so many obligations is asked about first.
MANY = 200
EXAMPLE = "例如：\n期限 {} 每季度结束后10日前，报送1月1日至上季度累计情况"


@dataclass(frozen=True)
class DeadlineGroup:
    """Requirements of one programme that share a wording and what is assumed of it."""

    programme: Programme
    wording: str
    assumed: tuple[str, ...]
    open: tuple[str, ...]
    requirements: tuple[Requirement, ...]
    numbers: tuple[str, ...]
    is_whole: bool

    @property
    def has_dates(self) -> bool:
        """Whether any due date follows from it; without one there is nothing to confirm."""
        return bool(self.requirements[0].recurrences)

    @property
    def is_pending(self) -> bool:
        """Whether it has no dates, or something assumed or open that no admin has confirmed."""
        if not self.has_dates:
            return True
        return bool(self.assumed or self.open) and self.requirements[0].confirmed_at is None

    @property
    def key(self) -> str:
        """How a list refers to the group: by its first requirement."""
        return f"组{self.requirements[0].id}"

    @property
    def tasks_text(self) -> str:
        """Which tasks it concerns: 州3-1、州8, or 全部65项."""
        if self.is_whole and len(self.numbers) > 1:
            return f"全部{len(self.numbers)}项"
        more = f"等{len(self.numbers)}项" if len(self.numbers) > _NUMBERS else ""
        return "、".join(self.numbers[:_NUMBERS]) + more


def pending_groups(ctx: Context, programmes: Iterable[Programme]) -> list[DeadlineGroup]:
    """What waits for an admin's word, programme by programme in the order of the tasks."""
    return [each for each in _all_groups(ctx, programmes) if each.is_pending]


def group_of(
    ctx: Context, programmes: Iterable[Programme], requirement_id: int
) -> DeadlineGroup | None:
    """The group that holds this requirement now, confirmed or not; None when it is gone."""
    for group in _all_groups(ctx, programmes):
        if any(each.id == requirement_id for each in group.requirements):
            return group
    return None


def _all_groups(ctx: Context, programmes: Iterable[Programme]) -> list[DeadlineGroup]:
    return [group for each in programmes for group in _groups(ctx, each)]


def _groups(ctx: Context, programme: Programme) -> list[DeadlineGroup]:
    tasks = tasks_of(ctx.session, programme.id or 0)
    number_of = {task.id or 0: task.number for task in tasks}
    readings: dict[str, Reading] = {}
    found: dict[tuple[str, tuple[str, ...], bool], list[Requirement]] = {}
    for requirements in requirements_of(ctx.session, number_of).values():
        for each in requirements:
            if each.wording not in readings:
                readings[each.wording] = read_for(programme, each.wording)
            key = each.wording, tuple(each.assumed), each.confirmed_at is None
            found.setdefault(key, []).append(each)
    return [
        DeadlineGroup(
            programme,
            wording,
            assumed,
            tuple(miss.text for miss in readings[wording].not_understood),
            tuple(rows),
            numbers := tuple(dict.fromkeys(number_of[row.task_id] for row in rows)),
            len(numbers) == len(tasks),
        )
        for (wording, assumed, _), rows in found.items()
    ]


def read_for(programme: Programme, wording: str) -> Reading:
    """A wording as the programme's definition would be read."""
    day = programme.default_day
    return read_wording(wording, programme.year, None if day is None else Defaults(day))


def confirm_group(ctx: Context, group: DeadlineGroup) -> None:
    """From now on what the group is due may be chased; every requirement leaves its trace.

    Refused for a group without dates: confirmed, its reports would be asked for by nobody.
    """
    if not group.has_dates:
        raise Refused(f"{undated(group)}，无法确认，请改写。{EXAMPLE.format('1')}")
    for each in group.requirements:
        each.confirmed_at = ctx.now
        said = {"wording": each.wording, "assumed": list(each.assumed)}
        _record(ctx, each, "confirm_deadline", {}, said)
    ctx.session.flush()


def undated(group: DeadlineGroup) -> str:
    """What is said of a group that gives no date."""
    return f"此组没有日期：{group.wording}（{group.tasks_text}）"


def uncounted(ctx: Context, groups: Sequence[DeadlineGroup]) -> list[str]:
    """What was due before the confirmation that was just given: nobody is held to it."""
    zone = ctx.services.zone
    wanted = DutyFilter(
        programme_ids=tuple({group.programme.id or 0 for group in groups}),
        until=ctx.now,
        with_history=False,
    )
    ids = {each.id for group in groups for each in group.requirements}
    past = [
        each
        for each in duties(ctx.session, wanted, ctx.now, zone)
        if each.requirement.id in ids and not each.chased and each.state is not State.WAIVED
    ]
    if not past:
        return []
    count = len(merged(past))
    return [f"此前已到期的{count}期不催报、不计逾期，也不计入时效；补报仍然接收，通过后照常计入。"]


class _Undone(Exception):
    """Leaves a savepoint whose changes were only looked at."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines


def amend_group(
    ctx: Context, group: DeadlineGroup, text: str, *, template: str, agreed: bool
) -> list[str]:
    """Put another wording in force for the group and say what it means; refused if unclear.

    Where that changes many obligations, it is only shown, and 确认 repeats it by *template*.
    """
    try:
        with ctx.session.begin_nested():
            lines, changed = _amended(ctx, group, text)
            if changed > MANY and not agreed:
                raise _Undone(lines)
    except _Undone as looked:
        ctx.session.expire_all()
        keep_list(ctx, template, [f"{group.key} {text}"])
        shown = [_as_planned(line) for line in looked.lines]
        return [*shown, "变动较多，尚未改动。确要改动请回复“确认”，不改不用回复。"]
    return lines


def _as_planned(line: str) -> str:
    return line.replace("已改为：", "将改为：", 1).replace("期次已更新：", "期次将更新：", 1)


def _amended(ctx: Context, group: DeadlineGroup, text: str) -> tuple[list[str], int]:
    """What the new wording means, now in force, and how many obligations it changed."""
    reading = _readable(group, text)
    ahead = _ahead(ctx, group.programme, reading.recurrences)
    if not ahead:
        raise Refused(f"按“{text}”，今后没有需要报送的期次，未作改动。请核对日期和年份。")
    wording, was_pending = normal_form(reading.recurrences), group.is_pending
    for each in group.requirements:
        before = {"wording": each.wording, "assumed": list(each.assumed)}
        each.wording = wording
        each.recurrences = to_data(reading.recurrences)
        each.assumed = list(reading.assumed)
        # What was confirmed before stays so: people were held to it from then on.
        each.confirmed_at = each.confirmed_at or ctx.now
        _record(ctx, each, "amend_deadline", before, {"wording": wording, "as_said": text})
    ctx.session.flush()
    done = ensure_obligations(ctx.session, group.programme, ctx.now)
    lines = [
        f"已改为：{wording}",
        f"适用{group.tasks_text}。",
        *next_lines(ahead),
        *(f"按此理解：{note}" for note in reading.assumed),
        *(uncounted(ctx, [group]) if was_pending else []),
        _upkeep_text(done),
    ]
    return lines, done.created + done.updated + done.waived


def _readable(group: DeadlineGroup, text: str) -> Reading:
    if len(text) > LONGEST:
        raise Refused(f"期限写法共{len(text)}字，请控制在{LONGEST}字以内。")
    reading = read_for(group.programme, text)
    if reading.recurrences and not reading.not_understood:
        return reading
    why = "；".join(miss.text for miss in reading.not_understood)
    raise Refused(f"没有读懂这个期限，未作改动：{why}。\n{EXAMPLE.format('1')}")


def _ahead(
    ctx: Context, programme: Programme, rules: Iterable[Recurrence], count: int = _NEXT
) -> list[Due]:
    """The next dues of the programme's year."""
    roll = Roll(programme.policy.get("roll", Roll.NONE))
    dues = programme_dues(rules, programme.year, calendar=ctx.calendar, roll=roll)
    return list(islice((due for due in dues if due.due > ctx.now), count))


def next_lines(dues: Sequence[Due]) -> list[str]:
    """Each next due day and what is reported: 2021年10月10日（周日），报7月至9月."""
    lines = []
    for due in dues:
        day = due.due.date()
        hour = f"{due.due:%H:%M}" if due.has_hour else ""
        covers = f"，报{'至'.join(map(day_text, due.covers))}情况" if due.covers else ""
        lines.append(f"　{full_day_text(day)}（周{_WEEKDAYS[day.weekday()]}）{hour}{covers}")
    return ["接下来的截止日：", *lines] if lines else ["今后没有需要报送的期次。"]


def group_lines(ctx: Context, group: DeadlineGroup) -> list[str]:
    """One group in full: its wording, what is assumed or open, its tasks and next dues."""
    rules = from_data(list(group.requirements[0].recurrences))
    return [
        f"【{group.programme.short_title}】{group.wording}",
        f"涉及：{group.tasks_text}",
        *(f"推定：{note}" for note in group.assumed),
        *(f"未读懂：{why}" for why in group.open),
        *next_lines(_ahead(ctx, group.programme, rules)),
    ]


def _upkeep_text(done: Upkeep) -> str:
    parts = [("新增", done.created), ("调整", done.updated), ("不再报送", done.waived)]
    said = "，".join(f"{word}{count}期" for word, count in parts if count)
    return f"期次已更新：{said}。" if said else "期次没有变化。"


def _record(
    ctx: Context,
    row: Requirement,
    action: str,
    before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    record(
        ctx.session,
        at=ctx.now,
        member_id=ctx.speaker.id,
        action=action,
        table="requirement",
        row=row.id or 0,
        before=before,
        after=after,
    )
