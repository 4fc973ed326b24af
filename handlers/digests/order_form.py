"""督办单 on paper: what is asked of whom by when, what was done, and who was told when."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from handlers.context import Context
from handlers.render.document import (
    MIME,
    Align,
    Block,
    Cell,
    Document,
    Heading,
    Line,
    Paragraph,
    Source,
    Table,
)
from handlers.render.document_sections import places
from handlers.supervising.bulletins import signature_of
from handlers.supervising.orders import OrderStanding
from handlers.supervising.orders_text import names_of, sent_text, state_text, step_text
from handlers.supervising.texts import DEMO, full_day_text, moment_text
from models.errors import Refused
from models.message import MediaRef
from models.rules.order import OrderBasis
from models.supervision_order import TRAIL, OrderStep, steps_of, words_under

Data = dict[str, Any]
Row = tuple[Cell | Line, ...]
_LEFT, _CENTRE = Align.LEFT, Align.CENTRE
_SYSTEM = "系统"
_BASES = {
    OrderBasis.COMMAND: "工作督办",
    OrderBasis.OVERDUE: "逾期未报",
    OrderBasis.RED: "进度亮红灯",
    OrderBasis.RETURNED: "多次退回",
}


def build(snapshot: Mapping[str, Any]) -> Document:
    """The order on paper, with its trail; it looks at nothing but the snapshot.

    It is a form: who sent it and when stand in it, so that no page holds a signature alone.
    """
    source = Source(snapshot)
    return Document(
        title=("督办单",),
        addressee=f"{source.value('unit')}：",
        blocks=tuple(_blocks(source)),
        number=source.value("number"),
    )


def printed_order(ctx: Context, each: OrderStanding) -> MediaRef:
    """The Word file of an issued order as it stands now; refused while it is only offered."""
    if each.order.number is None or each.order.issued_at is None:
        raise Refused(
            f"{each.label(ctx.today.year)} 还没有发出，没有纸质单。发出请发“督办 同意 {each.id}”。"
        )
    # The writer of Word files would cost every start 0.2 s.
    from handlers.render.word import word_file
    from handlers.render.word_check import check_word

    snapshot = order_data(ctx, each, each.order.issued_at)
    document = replace(build(snapshot), mark=DEMO if each.programme.demo else "")
    data = word_file(document)
    if faults := check_word(data, document, snapshot):
        raise Refused(f"督办单自检发现问题，未生成：{faults[0]}。请联系运维人员。")
    name = f"督办单{each.order.year}年第{each.order.number}号.docx"
    return ctx.services.keep(data, name, MIME, marked=True)


def order_data(ctx: Context, each: OrderStanding, issued_at: datetime) -> Data:
    """Everything that the paper prints, as JSON data; a few queries, however long its trail."""
    order, zone = each.order, ctx.services.zone
    steps = steps_of(ctx.session, each.id)
    names = names_of(ctx.session, steps)
    return {
        "number": f"督办〔{order.year}〕{order.number}号",
        "by": signature_of(ctx.services.registry, ctx.session, each.programme) or None,
        "issued": _day(issued_at, zone),
        "unit": each.unit.name,
        "task": f"{each.task.number} {each.task.title}",
        "programme": each.programme.title,
        "basis": _BASES[OrderBasis(order.basis)],
        "problem": order.problem or None,
        "required": order.required or None,
        "limit": _day(order.limit, zone),
        "extended": _day(order.extended_to, zone) if order.extended_to else None,
        "state": state_text(each, ctx.now),
        "closed": _day(order.closed_at, zone) if order.closed_at else None,
        "steps": [
            {
                "at": _moment(step.at, zone),
                "who": names.get(step.member_id or 0, _SYSTEM),
                "what": step_text(step),
            }
            for step in steps
            if step.kind not in TRAIL
        ],
        "told": list(_told(ctx, steps, names)),
    }


def _told(
    ctx: Context, steps: Sequence[OrderStep], names: Mapping[int, str]
) -> Iterator[dict[str, str | None]]:
    """Who was told of what, with what the outbox knows of it."""
    words = words_under(ctx.session, [step.key for step in steps])
    for step in steps:
        if step.kind in TRAIL:
            yield {
                "at": _moment(step.at, ctx.services.zone),
                "who": names.get(step.member_id or 0),
                "what": step_text(step),
                "outcome": sent_text(step, words, ctx.services.zone) or None,
            }


def _day(moment: datetime, zone: ZoneInfo) -> str:
    return full_day_text(moment.astimezone(zone).date())


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone).year}年{moment_text(at, zone)}"


def _blocks(source: Source) -> Iterator[Block]:
    yield _matter(source)
    yield Heading(1, "一、办理过程")
    yield _table(source, "steps", ("时间", "人员", "事项"), ("at", "who", "what"), (26, 16, 58))
    yield Heading(1, "二、通知记录")
    if not source.value("told"):
        yield Paragraph("尚无通知记录。")
        return
    header, keys = ("登记时间", "人员", "方式", "送达情况"), ("at", "who", "what", "outcome")
    yield _table(source, "told", header, keys, (30, 18, 14, 38))


def _matter(source: Source) -> Table:
    limit: Line = source.datum("limit")
    if source.value("extended"):
        limit = (source.datum("limit"), "，已同意延期至", source.datum("extended"))
    state: Line = source.datum("state")
    if source.value("closed"):
        state = (source.datum("state"), "（", source.datum("closed"), "）")
    by: tuple[Row, ...] = (("督办机关", source.datum("by")),) if source.value("by") else ()
    rows = (
        *by,
        ("发出日期", source.datum("issued")),
        ("责任单位", source.datum("unit")),
        ("督办事项", (source.datum("task"), "（", source.datum("programme"), "）")),
        ("督办事由", source.datum("basis")),
        ("存在问题", source.datum("problem")),
        ("整改要求", source.datum("required")),
        ("办结期限", limit),
        ("办理状态", state),
    )
    return Table((), rows, (18, 82), (_CENTRE, _LEFT))


def _table(
    source: Source, at: str, header: Row, keys: Sequence[str], widths: tuple[float, ...]
) -> Table:
    rows = tuple(tuple(source.datum(f"{own}/{key}") for key in keys) for own in places(source, at))
    return Table((header,), rows, widths, (_CENTRE, _CENTRE, *(_LEFT for _ in keys[2:])))
