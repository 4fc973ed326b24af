"""提醒函: what one unit still owes of a programme, with how late each report is."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlmodel import Session

from handlers.context import BulletinContext
from handlers.registry import Span, bulletin
from handlers.render.document import (
    Align,
    Block,
    Count,
    Document,
    Editable,
    Line,
    Paragraph,
    Piece,
    Rule,
    Source,
    Sum,
    Table,
    Tally,
    joined,
)
from handlers.render.document_sections import places
from handlers.reporting.texts import due_text, period_text
from handlers.standing.duties import DutyFilter, DutyStanding, duties
from handlers.standing.merging import merged
from handlers.standing.policy import ladder_policy, reach
from handlers.supervising.texts import full_day_text
from models.errors import Refused
from models.obligation import OPEN_STATES
from models.programme import Programme
from models.rules.reporting import State
from models.rules.workday import Calendar
from models.workday import calendar

KIND = "reminder_letter"
_LATE, _BACK, _COMING = "逾期未报", "退回待重报", "即将到期"
_KEYS = {_LATE: "late", _BACK: "back", _COMING: "coming"}
_ASK = "请对照上述事项抓紧办理，确有困难的请在期限前说明原因并申请延期。"


def _serves(_session: Session, _programme: Programme) -> bool:
    """Reports are owed in any programme."""
    return True


def build(snapshot: Mapping[str, Any], texts: Mapping[str, str]) -> Document:
    """The letter to one unit that follows from a snapshot."""
    source = Source(snapshot)
    return Document(
        title=(f"关于{source.value('short')}", "报送事项的提醒函"),
        addressee=f"{source.value('unit')}：",
        blocks=tuple(_blocks(source, texts)),
        rules=tuple(_rules(source)),
    )


@bulletin(
    KIND,
    title="提醒函",
    serves=_serves,
    build=build,
    span=Span.DAY,
    by_hand=True,
)
def reminder_letter(ctx: BulletinContext) -> dict[str, Any]:
    """What the unit owes by now or within days; refused where that is nothing."""
    if ctx.unit is None:
        raise Refused("请写明提醒哪个单位，例如“提醒函 州公安局”。")
    days = calendar(ctx.session)
    items = [_item(each, ctx, days) for each in pressing(ctx, days)]
    if not items:
        raise Refused(
            f"{ctx.unit.name}在“{ctx.programme.short_title}”中目前没有逾期、退回或即将到期的报送，"
            "不用发提醒函。全部未报请发“未报”查看。"
        )
    states = [each["state"] for each in items]
    return {
        "short": ctx.programme.short_title,
        "unit": ctx.unit.name,
        "day": ctx.data_date.isoformat(),
        "counts": {
            "all": len(items),
            **{key: states.count(state) for state, key in _KEYS.items()},
        },
        "names": [each.pop("name") for each in items],
        "items": items,
        "drafts": {"next": _ASK},
    }


def pressing(ctx: BulletinContext, days: Calendar) -> list[DutyStanding]:
    """What the unit is held to and owes: late, returned, or due within the ladder's reach."""
    wanted = DutyFilter(
        programme_ids=(ctx.programme.id or 0,),
        unit_ids=(ctx.unit.id or 0,) if ctx.unit else (),
        states=OPEN_STATES,
        with_history=False,
    )
    zone = ctx.services.zone
    furthest = reach(ladder_policy(ctx.programme), ctx.data_date, days)
    return [
        each
        for each in merged(duties(ctx.session, wanted, ctx.now, zone))
        if each.chased
        and each.is_owed
        and not each.is_closed
        and not each.is_bygone
        and (each.state is State.RETURNED or each.duty.deadline.astimezone(zone).date() <= furthest)
    ]


def _item(each: DutyStanding, ctx: BulletinContext, days: Calendar) -> dict[str, Any]:
    zone = ctx.services.zone
    deadline = each.duty.deadline.astimezone(zone).date()
    others = [unit.name for unit in each.units if ctx.unit is None or unit.id != ctx.unit.id]
    returned = each.state is State.RETURNED
    state = _BACK if returned else _LATE if each.is_overdue else _COMING
    late = days.workdays_between(deadline, ctx.data_date) if deadline < ctx.data_date else 0
    ahead = days.workdays_between(ctx.data_date, deadline) if deadline > ctx.data_date else 0
    reason = each.submission.return_reason if each.submission and returned else ""
    return {
        "name": each.name,
        "period": period_text(each.obligation),
        "due": due_text(each.duty.deadline, zone),
        "state": state,
        "days": f"已过{late}个工作日" if late else f"还有{ahead}个工作日" if ahead else "今日到期",
        "others": others,
        "reason": reason or None,
    }


def _blocks(source: Source, texts: Mapping[str, str]) -> Iterator[Block]:
    yield Paragraph(_summary(source))
    rows = tuple(
        (
            str(n),
            _name(source, at, n - 1),
            source.datum(f"{at}/period"),
            source.datum(f"{at}/due"),
            _state(source, at),
        )
        for n, at in enumerate(places(source, "items"), start=1)
    )
    header = ("序号", "事项", "期次", "期限", "情况")
    aligns = (Align.CENTRE, Align.LEFT, Align.CENTRE, Align.CENTRE, Align.LEFT)
    yield Table((header,), rows, (7, 35, 18, 14, 26), aligns)
    yield Editable("next", "要求", texts.get("next", ""))
    yield Paragraph("特此函告。")


def _summary(source: Source) -> tuple[Piece, ...]:
    day = full_day_text(date.fromisoformat(source.value("day")))
    parts: list[Line] = [
        (f"{label}的", source.datum(f"counts/{key}"), "件")
        for label, key in _KEYS.items()
        if source.value(f"counts/{key}")
    ]
    head = (f"截至{day}，贵单位在“{source.value('short')}”中有", source.datum("counts/all"), "件")
    return (*head, "报送事项需要办理，其中", *joined(parts, "、"), "，具体如下。")


def _name(source: Source, at: str, place: int) -> Line:
    """The task, and with whom it is owed together."""
    name = source.datum(f"names/{place}")
    if not source.value(f"{at}/others"):
        return name
    return (name, "（与", *joined(source.data(f"{at}/others")), "共同负责）")


def _state(source: Source, at: str) -> Line:
    said: tuple[Piece, ...] = (source.datum(f"{at}/state"), "，", source.datum(f"{at}/days"))
    if source.value(f"{at}/reason"):
        said = (*said, "；退回原因：", source.datum(f"{at}/reason"))
    return said


def _rules(source: Source) -> Iterator[Rule]:
    yield Sum("报送事项", "counts/all", tuple(f"counts/{key}" for key in _KEYS.values()))
    yield Count("报送事项", "counts/all", "names")
    states = tuple(f"{at}/state" for at in places(source, "items"))
    for label, key in _KEYS.items():
        yield Tally(f"{label}的事项", f"counts/{key}", states, label)
