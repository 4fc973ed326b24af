"""期限 written anew or taken back: shown with what it changes, and done at once or on 确认."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from handlers.context import Context
from handlers.lists import keep_list
from handlers.reporting.texts import day_text
from handlers.supervising.deadlines import (
    EXAMPLE,
    DeadlineGroup,
    next_dues,
    next_lines,
    read_for,
    uncounted,
)
from handlers.supervising.due_changes import DueChanges, Key, Times, dues_ahead
from handlers.supervising.texts import full_day_text
from models.audit import trail_of
from models.errors import Refused
from models.programme import Programme
from models.programmes.obligations import ensure_obligations
from models.requirement import Requirement
from models.rules.period import programme_dues
from models.rules.recurrence import Recurrence, to_data
from models.rules.rewording import Reworded, reworded
from models.rules.wording_normal import normal_form
from models.rules.workday import Roll

if TYPE_CHECKING:
    from models.rules.wording import Reading

#: The longest wording that one message may give.
LONGEST = 300
_WHOLE = re.compile(r"(?:全部|整条)改为[\s:：]*(?P<wording>\S.*)", re.DOTALL)
_AMENDED, _WITHDRAWN = "amend_deadline", "withdraw_deadline"


class _Undone(Exception):
    """Leaves a savepoint whose changes were only looked at."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines


def amend_group(
    ctx: Context, group: DeadlineGroup, text: str, *, template: str, agreed: bool
) -> list[str]:
    """Put another wording in force for the group and say what it means; refused if unclear.

    Where anything is cancelled or much moves, it is only shown, and 确认 repeats it by *template*.
    """
    again = f"{group.key} {text}"
    return _shown_first(
        ctx, lambda: _amended(ctx, group, text), template=template, entry=again, agreed=agreed
    )


def withdraw_group(ctx: Context, group: DeadlineGroup, *, template: str, agreed: bool) -> list[str]:
    """Go back to the declared wording, shown first as a rewriting is; refused if it holds."""
    if not group.is_amended:
        raise Refused(
            f"这组期限没有改写过，未作改动：{group.wording}（{group.tasks_text}）。改写请发“期限”加序号和新的写法。"
        )
    return _shown_first(
        ctx, lambda: _withdrawn(ctx, group), template=template, entry=group.key, agreed=agreed
    )


def _shown_first(
    ctx: Context,
    act: Callable[[], tuple[list[str], DueChanges]],
    *,
    template: str,
    entry: str,
    agreed: bool,
) -> list[str]:
    """Do it, or only show it where somebody should look first."""
    try:
        with ctx.session.begin_nested():
            lines, changes = act()
            if changes.are_grave and not agreed:
                raise _Undone(lines)
    except _Undone as looked:
        ctx.session.expire_all()
        keep_list(ctx, template, [entry])
        shown = [_as_planned(line) for line in looked.lines]
        return [*shown, "尚未改动。确要改动请回复“确认”，不改不用回复。"]
    return lines


def _as_planned(line: str) -> str:
    for done in ("改为：", "撤回，恢复为："):
        line = line.replace(f"已{done}", f"将{done}", 1)
    return line


def _amended(ctx: Context, group: DeadlineGroup, text: str) -> tuple[list[str], DueChanges]:
    """What the new wording means, now in force, and what it changed."""
    whole = _WHOLE.fullmatch(text)
    reading = _readable(group, whole["wording"] if whole else text)
    declared = read_for(group.programme, group.requirements[0].declared)
    found = reworded(declared, reading.recurrences, ctx.today, is_whole=whole is not None)
    if not _is_ahead(ctx, group.programme, found.new):
        raise Refused(f"按“{text}”，今后没有需要报送的期次，未作改动。请核对日期和年份。")
    wording, was_pending, before = (
        normal_form(found.rules),
        group.is_pending,
        dues_ahead(ctx, group),
    )
    for each in group.requirements:
        _rewrite(ctx, each, wording, found.rules, reading.assumed, text)
    changes = _brought_up(ctx, group, before)
    lines = [
        f"已改为：{wording}",
        f"适用{group.tasks_text}。",
        *_kept_lines(found),
        *(f"原未读懂，以改写为准：{why}" for why in group.open),
        *next_lines(next_dues(ctx, group)),
        *_confirmation(ctx, group, reading, was_pending=was_pending),
        *changes.lines(ctx.services.zone),
    ]
    return lines, changes


def _confirmation(
    ctx: Context, group: DeadlineGroup, reading: "Reading", *, was_pending: bool
) -> list[str]:
    """What of the rewriting is assumed in its turn; otherwise what is let go of by it."""
    if not reading.assumed:
        return uncounted(ctx, [group]) if was_pending else []
    notes = [f"推定：{note}" for note in reading.assumed]
    return [*notes, f"仍有推定，确认前不催报；认可请发“期限 确认 {group.name}”。"]


def _kept_lines(found: Reworded) -> list[str]:
    lines = [f"{full_day_text(day)}已过，不再列入。" for day in found.past]
    if found.kept:
        kept = normal_form(found.kept)
        lines.append(f"原写明的“{kept}”不变；要连同改写，请在新期限前写“全部改为”。")
    return lines


def _rewrite(
    ctx: Context,
    row: Requirement,
    wording: str,
    rules: Iterable[Recurrence],
    assumed: tuple[str, ...],
    text: str,
) -> None:
    before = _state(row)
    row.wording, row.recurrences, row.assumed = wording, to_data(rules), list(assumed)
    # What was confirmed before stays so: people were held to it from then on.
    row.confirmed_at = None if assumed else row.confirmed_at or ctx.now
    after = {"wording": wording, "as_said": text, "assumed": list(assumed)}
    ctx.record(_AMENDED, "requirement", row.id or 0, before=before, after=after)


def _state(row: Requirement) -> dict[str, Any]:
    at = row.confirmed_at
    confirmed = at.isoformat() if at else None
    return {"wording": row.wording, "assumed": list(row.assumed), "confirmed_at": confirmed}


def _brought_up(ctx: Context, group: DeadlineGroup, before: dict[Key, Times]) -> DueChanges:
    ctx.session.flush()
    ensure_obligations(ctx.session, group.programme, ctx.now)
    return DueChanges.between(before, dues_ahead(ctx, group))


def _withdrawn(ctx: Context, group: DeadlineGroup) -> tuple[list[str], DueChanges]:
    """The declared wording in force again, assumed and confirmed as it was."""
    before = dues_ahead(ctx, group)
    reading = read_for(group.programme, group.requirements[0].declared)
    for each in group.requirements:
        state = _state(each)
        was = _before_amended(ctx, each)
        each.wording, each.recurrences = each.declared, to_data(reading.recurrences)
        each.assumed = list(dict.fromkeys([*was.get("assumed", []), *reading.assumed]))
        at = was.get("confirmed_at")
        each.confirmed_at = datetime.fromisoformat(at) if at else None
        ctx.record(_WITHDRAWN, "requirement", each.id or 0, before=state, after=_state(each))
    changes = _brought_up(ctx, group, before)
    row = group.requirements[0]
    notes = [f"推定：{note}" for note in row.assumed]
    waits = bool(notes or reading.not_understood) and row.confirmed_at is None
    return [
        f"已撤回，恢复为：{row.declared}",
        f"适用{group.tasks_text}。",
        *notes,
        *(f"未读懂：{miss.text}" for miss in reading.not_understood),
        *(["待确认，确认前不催报，请发“期限”办理。"] if waits else []),
        *next_lines(next_dues(ctx, group)),
        *changes.lines(ctx.services.zone),
    ], changes


def _before_amended(ctx: Context, row: Requirement) -> dict[str, Any]:
    """What held when the declared wording was last rewritten."""
    for act in reversed(trail_of(ctx.session, "requirement", row.id or 0)):
        if act.action == _AMENDED and act.before.get("wording") == row.declared:
            return act.before
    return {}


def _readable(group: DeadlineGroup, text: str) -> "Reading":
    if len(text) > LONGEST:
        raise Refused(f"期限写法共{len(text)}字，请控制在{LONGEST}字以内。")
    reading = read_for(group.programme, text)
    if not reading.recurrences or reading.not_understood:
        why = "；".join(miss.text for miss in reading.not_understood)
        raise Refused(f"没有读懂这个期限，未作改动：{why}。\n{EXAMPLE.format('1')}")
    if reading.assumed and not group.is_pending:
        why = "；".join(reading.assumed)
        raise Refused(f"这组期限已在催报，改写须写明日期，未作改动：{why}。\n{EXAMPLE.format('1')}")
    return reading


def _is_ahead(ctx: Context, programme: Programme, rules: Iterable[Recurrence]) -> bool:
    """Whether anything of the programme's year is still due by these rules."""
    roll = Roll(programme.policy.get("roll", Roll.NONE))
    dues = programme_dues(rules, programme.year, calendar=ctx.calendar, roll=roll)
    return any(due.due > ctx.now for due in dues)


def changed_since(ctx: Context, group: DeadlineGroup) -> str:
    """When and to what the group was changed last, for somebody who saw it before."""
    acts = [
        act
        for act in trail_of(ctx.session, "requirement", group.requirements[0].id or 0)
        if act.action in (_AMENDED, _WITHDRAWN)
    ]
    if not acts:
        return f"这组期限已变为“{group.wording}”"
    at = acts[-1].at.astimezone(ctx.services.zone)
    return f"这组期限已于{day_text(at.date())}{at:%H:%M}改为“{group.wording}”"
