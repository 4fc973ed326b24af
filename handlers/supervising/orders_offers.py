"""What is offered to the admins as supervision orders: listed, agreed to, or declined."""

import re
from dataclasses import dataclass
from datetime import datetime

from handlers.context import Context
from handlers.lists import keep_list, page_of
from handlers.reading.harmless import harmless
from handlers.reading.normalise import clean
from handlers.supervising.fact_rights import unit_named
from handlers.supervising.first_word import first_word, repeated
from handlers.supervising.orders import OrderStanding, add_step, standings
from handlers.supervising.orders_cases import Found, cases_found
from handlers.supervising.orders_issuing import agree, open_offer, tell_issued
from handlers.supervising.orders_text import offer_line
from handlers.supervising.orders_words import (
    bounded,
    is_limit,
    order_numbered,
    order_numbers,
    with_limit,
    worded,
)
from handlers.supervising.scope import administered
from models.errors import Refused
from models.message import Reply
from models.rules.order import OrderState
from models.supervision_order import StepKind, orders_in
from models.unit import Unit, units_of

HOW = "请写明建议的编号，例如：\n督办 同意 3\n督办 同意 3 9月30日 补报并说明原因\n督办 不办 3"
HOW_TO_DECIDE = (
    "同意请发“督办 同意 {0}”，后面可写期限和要求；不办不用回复，情况消除后建议自动失效。"
)
#: How many offers are listed at once.
SHOWN = 10
_DECISION = re.compile(r"(?P<word>同意|不同意|不办)\s*(?P<rest>.*)", re.DOTALL)


@dataclass(frozen=True)
class Decision:
    """What an admin says of offers: *rest* begins with their numbers."""

    agreed: bool
    rest: str


@dataclass(frozen=True)
class _Terms:
    """With which words offers are agreed to; the unit's name as it was typed."""

    unit: str
    until: datetime | None
    required: str


def decision_in(text: str) -> Decision | None:
    """同意 3, 不办 3: a word of decision, where a number follows or nothing at all."""
    found = _DECISION.fullmatch(clean(text).strip())
    if found is None or (found["rest"] and order_numbered(found["rest"]) is None):
        return None
    return Decision(found["word"] == "同意", found["rest"])


def offers_open(ctx: Context) -> list[OrderStanding]:
    """The offers that stand in the speaker's programmes, oldest first."""
    own = {each.id for each in administered(ctx)}
    found = standings(ctx.session, orders_in(ctx.session, (OrderState.OFFERED,)))
    return [each for each in found if each.programme.id in own]


def offers_listed(ctx: Context, page: int) -> Reply:
    """One page of them, with how to agree."""
    offers = offers_open(ctx)
    if not offers:
        return Reply("目前没有待定的督办建议。在办的督办单请发“督办”。")
    where = page_of(page, len(offers), SHOWN, f"督办建议共{len(offers)}件")
    more = f"，下一页请发“督办 建议 第{page + 1}页”" if where.stop < len(offers) else ""
    lines = [offer_line(each) for each in offers[where]]
    how = HOW_TO_DECIDE.format(offers[where][0].id)
    return Reply("\n".join([f"督办建议{len(offers)}件{more}：", *lines, how]))


def offers_decided(ctx: Context, decision: Decision) -> Reply:
    """Issue or decline the offers named; what has settled itself is said, and holds up nothing."""
    numbers, words = order_numbers(decision.rest, HOW)
    offers = [open_offer(ctx, each) for each in sorted({each.number for each in numbers})]
    if not decision.agreed:
        return Reply("\n".join(_declined(ctx, each, bounded(words)) for each in offers))
    terms = _terms(ctx, words)
    programmes = {each.programme.id: each.programme for each in offers}
    cases = cases_found(ctx.session, list(programmes.values()), ctx.calendar, ctx.now)
    known = {each.case.about: each for each in cases}
    issued, lines = list[OrderStanding](), list[str]()
    for each in offers:
        found = known.get(each.case.about)
        if found is None:
            lines.append(_lapsed(ctx, each))
            continue
        unit = _unit(ctx, each, found, terms, decision.rest)
        if isinstance(unit, Reply):
            return unit
        each.order.problem = found.said
        issued.append(agree(ctx, each, unit, terms.required, terms.until))
    told = tell_issued(ctx, issued) if issued else []
    return Reply("\n".join([*told, *lines]))


def _terms(ctx: Context, words: str) -> _Terms:
    """A unit, a limit, a requirement, each of which may be missing."""
    name, rest = first_word(words, ())
    is_unit = bool(name) and not is_limit(name) and _named(ctx, name) is not None
    said = with_limit(rest if is_unit else words, ctx.today)
    return _Terms(name if is_unit else "", said.until, worded(said.words).required)


def _named(ctx: Context, name: str) -> Unit | None:
    units = [unit for each in administered(ctx) for unit in units_of(ctx.session, each.area_id)]
    return unit_named(list({unit.id: unit for unit in units}.values()), name)


def _unit(
    ctx: Context, offer: OrderStanding, found: Found, terms: _Terms, rest: str
) -> Unit | Reply:
    """The unit that gets the order: the only one, or the one named; asked where several lead."""
    if terms.unit:
        named = unit_named(found.units, terms.unit)
        if named is None:
            listed = "、".join(each.name for each in found.units)
            raise Refused(
                f"建议{offer.id} 的承担单位是{listed}，没有“{harmless(terms.unit)[:20]}”，未发出。"
            )
        return named
    if len(found.units) == 1:
        return found.units[0]
    numbers, words = order_numbers(rest, HOW)
    names = [each.name for each in found.units]
    if len(numbers) > 1:
        raise Refused(
            f"建议{offer.id} 由{'、'.join(names)}共同承担，请单独发，均未发出，例如：\n"
            f"督办 同意 {offer.id} {names[0]}"
        )
    keep_list(ctx, repeated(f"督办 同意 {offer.id} {{}}", words), names)
    lines = [f"{at}. {name}" for at, name in enumerate(names, start=1)]
    head = f"建议{offer.id} 由{len(names)}个单位共同承担，督办单发给哪个单位？请回复序号："
    return Reply("\n".join([head, *lines]))


def _lapsed(ctx: Context, offer: OrderStanding) -> str:
    offer.order.state = OrderState.DROPPED
    add_step(ctx, offer.order, StepKind.DROPPED, "情况已消除")
    return f"建议{offer.id} {offer.subject}：情况已消除，建议失效，未发出督办单。"


def _declined(ctx: Context, offer: OrderStanding, reason: str) -> str:
    offer.order.state = OrderState.DROPPED
    add_step(ctx, offer.order, StepKind.DROPPED, reason)
    return f"建议{offer.id} {offer.subject}：不办，同一情况不再建议。"
