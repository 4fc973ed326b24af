"""期限: what deadlines rest on assumptions or were not understood, confirmed or written anew."""

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING

from sqlmodel import col, select

from handlers.context import Context
from handlers.reporting.texts import day_text
from handlers.standing.duties import DutyFilter, duties
from handlers.standing.merging import merged
from handlers.supervising.texts import full_day_text
from models.errors import Refused
from models.obligation import Obligation, ObligationState
from models.programme import Programme
from models.requirement import Requirement, requirements_of
from models.rules.period import END_OF_DAY, Due
from models.rules.reporting import State
from models.task import tasks_of

if TYPE_CHECKING:
    from models.rules.wording import Reading

_WEEKDAYS = "一二三四五六日"
#: How many next due dates show what a wording means.
_NEXT = 3
#: How many task numbers are named one by one.
_NUMBERS = 6
EXAMPLE = "例如：\n期限 {} 每季度结束后10日前，报送1月1日至上季度累计情况"


#: Wording, declared wording, assumptions, whether unconfirmed, and the rules.
_Alike = tuple[str, str, tuple[str, ...], bool, str]


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
        """How a list refers to the group: by its first requirement, and the wording seen."""
        return f"{self.name}-{zlib.crc32(self.wording.encode()):08x}"

    @property
    def name(self) -> str:
        """The group by its first requirement, whatever its wording is: 组40."""
        return f"组{self.requirements[0].id}"

    @property
    def is_amended(self) -> bool:
        """Whether an admin's wording holds instead of the declared one."""
        return self.requirements[0].is_amended

    @property
    def tasks_text(self) -> str:
        """Which tasks it concerns: 州3-1、州8, or 全部65项."""
        if self.is_whole and len(self.numbers) > 1:
            return f"全部{len(self.numbers)}项"
        more = f"等{len(self.numbers)}项" if len(self.numbers) > _NUMBERS else ""
        return "、".join(self.numbers[:_NUMBERS]) + more


def pending_groups(ctx: Context, programmes: Iterable[Programme]) -> list[DeadlineGroup]:
    """What waits for an admin's word, programme by programme in the order of the tasks."""
    return [each for each in all_groups(ctx, programmes) if each.is_pending]


def group_of(
    ctx: Context, programmes: Iterable[Programme], requirement_id: int
) -> DeadlineGroup | None:
    """The group that holds this requirement now, confirmed or not; None when it is gone."""
    for group in all_groups(ctx, programmes):
        if any(each.id == requirement_id for each in group.requirements):
            return group
    return None


def all_groups(ctx: Context, programmes: Iterable[Programme]) -> list[DeadlineGroup]:
    """Every group, confirmed or not, programme by programme in the order of the tasks."""
    return [group for each in programmes for group in _groups(ctx, each)]


def _groups(ctx: Context, programme: Programme) -> list[DeadlineGroup]:
    tasks = tasks_of(ctx.session, programme.id or 0)
    number_of = {task.id or 0: task.number for task in tasks}
    readings: dict[str, Reading] = {}
    found: dict[_Alike, list[Requirement]] = {}
    for requirements in requirements_of(ctx.session, number_of).values():
        for each in requirements:
            if each.wording not in readings:
                readings[each.wording] = read_for(programme, each.wording)
            found.setdefault(_alike(each), []).append(each)
    return [
        DeadlineGroup(
            programme,
            wording,
            assumed,
            () if rows[0].is_amended else _open(readings[wording]),
            tuple(rows),
            numbers := tuple(dict.fromkeys(number_of[row.task_id] for row in rows)),
            len(numbers) == len(tasks),
        )
        for (wording, _, assumed, _, _), rows in found.items()
    ]


def _alike(row: Requirement) -> _Alike:
    """What requirements of one group have in common, the first two being what they say."""
    rules = json.dumps(row.recurrences, sort_keys=True)
    return row.wording, row.declared, tuple(row.assumed), row.confirmed_at is None, rules


def _open(reading: "Reading") -> tuple[str, ...]:
    return tuple(miss.text for miss in reading.not_understood)


def read_for(programme: Programme, wording: str) -> "Reading":
    """A wording as the programme's definition would be read."""
    from models.rules.wording import Defaults, read_wording  # its patterns are slow to compile

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
        ctx.record("confirm_deadline", "requirement", each.id or 0, after=said)
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


def next_dues(ctx: Context, group: DeadlineGroup) -> list[Due]:
    """The group's next due times as they stand in the database."""
    rows = ctx.session.exec(
        select(Obligation)
        .where(
            col(Obligation.requirement_id).in_([each.id for each in group.requirements]),
            Obligation.state != ObligationState.WAIVED,
            Obligation.due > ctx.now,
        )
        .order_by(col(Obligation.due), col(Obligation.covers_to))
    ).all()
    found = dict.fromkeys((row.due, row.covers_from, row.covers_to) for row in rows)
    return [_due_of(ctx, *each) for each in islice(found, _NEXT)]


def _due_of(ctx: Context, due: datetime, first: date | None, last: date | None) -> Due:
    local = due.astimezone(ctx.services.zone)
    covers = (first, last) if first and last else None
    return Due(local, local.time() != END_OF_DAY, covers, "")


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
    return [
        f"【{group.programme.short_title}】{group.wording}",
        *([f"原写法：{group.requirements[0].declared}"] if group.is_amended else []),
        f"涉及：{group.tasks_text}",
        *(f"推定：{note}" for note in group.assumed),
        *(f"未读懂：{why}" for why in group.open),
        *next_lines(next_dues(ctx, group)),
    ]
