"""对接: contacts with the upper level are recorded; never a name."""

from handlers.context import Context
from handlers.reading.visits import Visit
from handlers.registry import InGroup, command
from handlers.standing.tasks import short_name
from handlers.supervising.choosing import Subject
from handlers.supervising.contact_text import UNNAMED, asked_for, missing_in, put_right
from handlers.supervising.contacting import (
    Place,
    county_called,
    local_named,
    names_of,
    new_row,
    place_of,
    refuse_days,
    text_of,
    visit_in,
)
from handlers.supervising.fact_rights import subject_meant
from handlers.supervising.fact_store import store
from handlers.supervising.first_word import first_word, repeated
from models.contact import Contact, contacts_of
from models.errors import Refused
from models.member import RoleName
from models.message import Reply
from models.task import tasks_of

HOW = "请写明事项和对接情况，如：\n对接 营商环境 9月19日 州领导到省发改委汇报，省里表示支持"
WHO = (RoleName.LIAISON, RoleName.ADMIN)


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
    place = place_of(ctx, subject.programme, subject.task)
    visit, unit_id = _visit(ctx, place, words)
    if visit.is_several:
        raise Refused(
            f"一次登记一次对接，收到几次，尚未登记。请逐条发送“对接 {subject.task.number}”加内容。"
        )
    opening = f"对接 {subject.task.number}"
    county = "" if unit_id is None else county_called(ctx, unit_id)
    if missing := missing_in(visit):
        return Reply(asked_for(opening, visit, missing, ctx.today, county))
    if visit.is_doubtful:
        raise Refused(put_right(opening, visit, ctx.today, county))
    refuse_days(ctx, place, visit.days)
    return Reply("\n".join(_recorded(ctx, place, visit, unit_id)))


def _visit(ctx: Context, place: Place, words: str) -> tuple[Visit, int | None]:
    """What *words* say, and the county whose contact it is; refused where it is not theirs."""
    first, further = first_word(words, ())
    unit = place.rights.local_called(first) if first in names_of(place.rights.local) else None
    visit = visit_in(ctx, place, further if unit else words)
    unit = unit or local_named(place, visit.place) or place.rights.local_at(visit.who)
    return visit, place.rights.unit_for([place.task_id], unit, place.refusal)


def _recorded(ctx: Context, place: Place, visit: Visit, unit_id: int | None) -> list[str]:
    before = contacts_of(ctx.session, [place.task_id])
    rows = [new_row(ctx, place.task_id, unit_id, visit, days) for days in visit.days]
    known = {_identity(each.row): each.number for each in before}
    fresh = [row for row in rows if _identity(row) not in known]
    for row in fresh:
        store(ctx, row, "report_contact", {})
    repeats = [f"对接{known[_identity(row)]}" for row in rows if _identity(row) in known]
    lines = [f"{'、'.join(repeats)} 此前已登记，未重复登记。"] if repeats else []
    if not fresh:
        return lines
    numbers = "、".join(f"对接{row.id}" for row in fresh)
    lines.append(f"已登记 {numbers} {short_name(place.task)}")
    lines += [text_of(ctx, row) for row in fresh]
    if visit.is_unnamed:
        lines.append(UNNAMED)
    lines.append(f"本事项共登记对接{len(before) + len(fresh)}次。{_what_next(fresh[0])}")
    return lines


def _what_next(row: Contact) -> str:
    result = "" if row.result else "结果未填，"
    return f"{result}要改请发“更正 对接{row.id} 结果：……”，要收回请发“撤回 对接{row.id}”。"


def _identity(row: Contact) -> tuple[object, ...]:
    """Two people may report one visit; what came of it may be worded differently."""
    return row.unit_id, row.on, row.until, row.who, row.whom
