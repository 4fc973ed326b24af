"""更正对接 and 撤回对接: a contact is put right or taken back by whoever may."""

from handlers.context import Context
from handlers.reading.harmless import harmless
from handlers.reading.visits import Days, Visit
from handlers.registry import InGroup, command
from handlers.standing.tasks import short_name
from handlers.supervising.contact_text import UNNAMED, put_right, reasons
from handlers.supervising.contacting import (
    Known,
    changeable,
    local_named,
    new_row,
    refuse_days,
    take_back,
    text_of,
    visit_in,
    with_old_parts,
)
from handlers.supervising.fact_rights import tell_reporter
from handlers.supervising.fact_store import facts_of, store
from handlers.supervising.fact_words import number_first, only_number
from models.contact import Contact
from models.errors import Refused
from models.member import RoleName
from models.message import Reply

HOW_TO_CHANGE = "请写明要改的内容，如：\n更正 对接{0} 结果：省里表示支持"
WHO = (RoleName.LIAISON, RoleName.ADMIN)


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
    found = number_first(rest, "对接")
    if found is None:
        raise Refused("请写明登记时收到的对接编号，如“更正 对接12”。")
    number, words = found
    known = changeable(ctx, number)
    old, place = known.row, known.place
    visit = visit_in(ctx, place, words)
    _refuse_unclear(ctx, number, visit)
    changed = _amended(ctx, known, visit)
    refuse_days(ctx, place, visit.days)
    if facts_of(changed) == facts_of(old):
        raise Refused(f"对接{number} 没有变化。{HOW_TO_CHANGE.format(number)}")
    store(ctx, changed, "amend_contact", facts_of(old))
    lines = [
        f"已更正 对接{number} {short_name(place.task)}",
        f"原：{text_of(ctx, old)}",
        f"现：{text_of(ctx, changed)}",
        *([UNNAMED] if visit.is_unnamed else []),
    ]
    said = "\n".join(lines)
    tell_reporter(ctx, known.reporter, said, "contact")
    return Reply(said)


def _refuse_unclear(ctx: Context, number: int, visit: Visit) -> None:
    """Each reason is named; what may hold a name comes back without it, ready to send."""
    if visit.is_doubtful:
        raise Refused(put_right(f"更正 对接{number}", visit, ctx.today))
    why = "".join(reasons(visit))
    if len(visit.days) > 1 or visit.is_several:
        why += "一次更正只能改成一个时间。"
    if visit.left:
        why += f"没有读懂“{harmless(visit.left)[:20]}”要改哪一项。"
    if why:
        raise Refused(f"{why}未作修改。{HOW_TO_CHANGE.format(number)}")


def _amended(ctx: Context, known: Known, visit: Visit) -> Contact:
    """The further row; it moves to another county only by who may record there."""
    old, place = known.row, known.place
    days = visit.days[0] if visit.days else Days(old.on, old.until)
    unit = local_named(place, visit.place)
    unit_id = old.unit_id
    if unit is not None and unit.id != old.unit_id:
        unit_id = place.rights.unit_for([place.task_id], unit, place.refusal)
    row = new_row(ctx, old.task_id, unit_id, with_old_parts(visit, old), days)
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
    number = only_number(rest, "对接", "撤回")
    known = changeable(ctx, number)
    said = take_back(ctx, known)
    tell_reporter(ctx, known.reporter, said, "contact")
    return Reply(said)
