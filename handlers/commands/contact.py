"""对接: contacts with the upper level are recorded, corrected and taken back; never a name."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from handlers.context import Context
from handlers.reading.visits import Days, Visit, read_visit
from handlers.registry import InGroup, command
from handlers.standing.tasks import short_name
from handlers.supervising.choosing import Subject
from handlers.supervising.contact_text import asked_for, contact_text, latest, missing_in
from handlers.supervising.fact_rights import NOT_LEAD, Rights, rights_in, subject_meant
from handlers.supervising.fact_words import days_text, number_first
from handlers.supervising.first_word import first_word, repeated
from models.audit import record
from models.contact import Contact, contact_numbered, contacts_of
from models.errors import Refused
from models.member import RoleName
from models.message import Reply
from models.programme import Programme
from models.task import Task, tasks_of
from models.unit import Unit, units_by_id, units_of

HOW = "请写明事项和对接情况，如：\n对接 营商环境 9月19日 州领导到省发改委汇报，省里表示支持"
HOW_TO_CHANGE = "请写明要改的内容，如：\n更正 对接{0} 结果：省里表示支持"
UNNAMED = "已按职务登记，不记姓名。"
WHO = (RoleName.LIAISON, RoleName.ADMIN)
LONGEST = 300


@command(
    "contact",
    "对接",
    "对接情况",
    usage="对接 事项 9月19日 州领导到省发改委汇报，省里表示支持",
    about="登记与上级部门的对接（只记职务，不记姓名）",
    roles=WHO,
    group=InGroup.MOVE,
    alone=True,
)
def report_contact(ctx: Context, rest: str) -> Reply:
    """Record one contact, or one for each day that is listed; asks once for what is missing."""
    if not rest.strip():
        return Reply(HOW)
    name, words = first_word(rest, ctx.programmes)
    subjects = [
        Subject(programme, task=task)
        for programme in ctx.programmes
        for task in tasks_of(ctx.session, programme.id or 0)
    ]
    subject = subject_meant(ctx, name, subjects, repeated("对接 {}", words), HOW)
    if isinstance(subject, Reply):
        return subject
    if subject.task is None:
        raise Refused(HOW)
    place = _place(ctx, subject.programme, subject.task)
    visit, unit_id = _visit(ctx, place, words)
    if visit.is_several:
        raise Refused(
            f"一次登记一次对接，收到几次，尚未登记。请逐条发送“对接 {subject.task.number}”加内容。"
        )
    if missing := missing_in(visit):
        opening = f"对接 {subject.task.number}"
        return Reply(asked_for(opening, visit, missing, ctx.today))
    _refuse_future(ctx, visit.days)
    return Reply("\n".join(_recorded(ctx, place, visit, unit_id)))


@dataclass(frozen=True)
class _Place:
    """What a contact is recorded under, and what the speaker may record there."""

    programme: Programme
    task: Task
    units: Sequence[Unit]
    rights: Rights

    @property
    def task_id(self) -> int:
        return self.task.id or 0

    @property
    def refusal(self) -> str:
        return NOT_LEAD.format(name=short_name(self.task), what="对接")


def _place(ctx: Context, programme: Programme, task: Task) -> _Place:
    units = units_of(ctx.session, programme.area_id)
    return _Place(programme, task, units, rights_in(ctx, programme, [task.id or 0]))


def _visit(ctx: Context, place: _Place, words: str) -> tuple[Visit, int | None]:
    """What *words* say, and the county whose contact it is; refused where it is not theirs."""
    first, further = first_word(words, ())
    unit = place.rights.local_called(first) if first in _names(place.rights.local) else None
    visit = _read(ctx, place, further if unit else words)
    unit = unit or place.rights.local_called(visit.place) or place.rights.local_at(visit.who)
    if visit.place and unit is None:
        raise Refused(f"没有认出县市“{visit.place[:20]}”，尚未登记。请写县市或园区的名称后重发。")
    return visit, place.rights.unit_for([place.task_id], unit, place.refusal)


def _names(units: Sequence[Unit]) -> set[str]:
    return {name for unit in units for name in (unit.name, *unit.aliases)}


def _read(ctx: Context, place: _Place, words: str) -> Visit:
    found = read_visit(words, ctx.today, place.programme.year, _names(place.units))
    return replace(
        found, who=found.who[:LONGEST], whom=found.whom[:LONGEST], result=found.result[:LONGEST]
    )


def _refuse_future(ctx: Context, days: Sequence[Days]) -> None:
    ahead = next((each for each in days if latest(each) > ctx.today), None)
    if ahead is not None:
        shown = days_text(ahead.on, ahead.until, ctx.today)
        raise Refused(f"对接时间“{shown}”还没有到，尚未登记。请在对接之后登记，或改正日期后重发。")


def _recorded(ctx: Context, place: _Place, visit: Visit, unit_id: int | None) -> list[str]:
    before = contacts_of(ctx.session, [place.task_id])
    rows = [_row(ctx, place.task_id, unit_id, visit, days) for days in visit.days]
    known = {_identity(each.row): each.number for each in before}
    fresh = [row for row in rows if _identity(row) not in known]
    ctx.session.add_all(fresh)
    ctx.session.flush()
    for row in fresh:
        _record(ctx, row, "report_contact", {})
    repeats = [f"对接{known[_identity(row)]}" for row in rows if _identity(row) in known]
    lines = [f"{'、'.join(repeats)} 此前已登记，未重复登记。"] if repeats else []
    if not fresh:
        return lines
    numbers = "、".join(f"对接{row.id}" for row in fresh)
    lines.append(f"已登记 {numbers} {short_name(place.task)}")
    lines += [contact_text(row, _unit_name(ctx, row), ctx.today) for row in fresh]
    if visit.is_unnamed:
        lines.append(UNNAMED)
    lines.append(f"本事项共登记对接{len(before) + len(fresh)}次。{_what_next(fresh[0])}")
    return lines


def _what_next(row: Contact) -> str:
    result = "" if row.result else "结果未填，"
    return f"{result}要改请发“更正 对接{row.id} 结果：……”，要收回请发“撤回 对接{row.id}”。"


def _row(ctx: Context, task_id: int, unit_id: int | None, visit: Visit, days: Days) -> Contact:
    return Contact(
        task_id=task_id,
        unit_id=unit_id,
        on=days.on,
        until=days.until,
        who=visit.who,
        whom=visit.whom,
        result=visit.result,
        reported_at=ctx.now,
        reported_by=ctx.speaker.id,
    )


def _identity(row: Contact) -> tuple[object, ...]:
    """Two people may report one visit; what came of it may be worded differently."""
    return row.unit_id, row.on, row.until, row.who, row.whom


def _unit_name(ctx: Context, row: Contact) -> str:
    found = units_by_id(ctx.session, [row.unit_id] if row.unit_id else [])
    return next((unit.name for unit in found.values()), "")


def _record(ctx: Context, row: Contact, action: str, before: dict[str, Any]) -> None:
    record(
        ctx.session,
        at=ctx.now,
        member_id=ctx.speaker.id,
        action=action,
        table="contact",
        row=row.id or 0,
        before=before,
        after={} if row.withdrawn else _facts(row),
    )


def _facts(row: Contact) -> dict[str, Any]:
    return row.model_dump(mode="json", include={"on", "until", "who", "whom", "result", "unit_id"})


@command(
    "amend_contact",
    "更正对接",
    "订正对接",
    "对接更正",
    usage="更正对接 12 结果：省里表示支持",
    about="更正一次对接，只写要改的内容",
    roles=WHO,
    group=InGroup.MOVE,
)
def amend_contact(ctx: Context, rest: str) -> Reply:
    """A further row with what was changed; the number stays."""
    number, words = _numbered(rest, "更正")
    old, place = _own(ctx, number)
    visit = _read(ctx, place, words)
    changed = _amended(ctx, place, old, visit)
    if visit.bad_day or visit.unranked or visit.left or len(visit.days) > 1:
        raise Refused(f"没有读懂要改成什么，未作修改。{HOW_TO_CHANGE.format(number)}")
    _refuse_future(ctx, [Days(changed.on, changed.until)])
    if _facts(changed) == _facts(old):
        raise Refused(f"对接{number} 没有变化。{HOW_TO_CHANGE.format(number)}")
    ctx.session.add(changed)
    ctx.session.flush()
    _record(ctx, changed, "amend_contact", _facts(old))
    lines = [
        f"已更正 对接{number} {short_name(place.task)}",
        f"原：{contact_text(old, _unit_name(ctx, old), ctx.today)}",
        f"现：{contact_text(changed, _unit_name(ctx, changed), ctx.today)}",
        *([UNNAMED] if visit.is_unnamed else []),
    ]
    return Reply("\n".join(lines))


def _amended(ctx: Context, place: _Place, old: Contact, visit: Visit) -> Contact:
    days = visit.days[0] if visit.days else Days(old.on, old.until)
    said = replace(
        visit,
        who=visit.who or old.who,
        whom=visit.whom or old.whom,
        result=visit.result or old.result,
    )
    unit = place.rights.local_called(visit.place)
    row = _row(ctx, old.task_id, unit.id if unit else old.unit_id, said, days)
    row.replaces_id = old.id
    return row


@command(
    "withdraw_contact",
    "撤回对接",
    "收回对接",
    "对接撤回",
    usage="撤回对接 12",
    about="收回一次对接登记",
    roles=WHO,
    group=InGroup.MOVE,
)
def withdraw_contact(ctx: Context, rest: str) -> Reply:
    """A further row that takes the contact back; nothing is deleted."""
    number, _ = _numbered(rest, "撤回")
    old, place = _own(ctx, number)
    row = Contact.model_validate(
        {**old.model_dump(exclude={"id"}), "source": "", "replaces_id": old.id, "withdrawn": True}
    )
    row.reported_at, row.reported_by = ctx.now, ctx.speaker.id
    ctx.session.add(row)
    ctx.session.flush()
    _record(ctx, row, "withdraw_contact", _facts(old))
    shown = contact_text(old, _unit_name(ctx, old), ctx.today)
    return Reply(f"已撤回 对接{number} {short_name(place.task)}（{shown}）。")


def _numbered(rest: str, word: str) -> tuple[int, str]:
    found = number_first(rest, "对接")
    if found is None:
        raise Refused(f"请写明登记时收到的对接编号，如“{word} 对接12”。")
    return found


def _own(ctx: Context, number: int) -> tuple[Contact, _Place]:
    """The contact that stands under *number*; refused where there is none or it is not theirs."""
    row = contact_numbered(ctx.session, number)
    if row is None:
        raise Refused(f"没有编号为“对接{number}”的登记。请核对登记时收到的编号。")
    if row.withdrawn:
        raise Refused(f"对接{number} 此前已撤回。重新登记请发“对接”加事项和内容。")
    task = ctx.session.get_one(Task, row.task_id)
    place = _place(ctx, ctx.session.get_one(Programme, task.programme_id), task)
    unit = units_by_id(ctx.session, [row.unit_id])[row.unit_id] if row.unit_id else None
    place.rights.unit_for([place.task_id], unit, place.refusal)
    return row, place
