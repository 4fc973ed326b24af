"""Every quantity of a text.

What is part of a name, date, ordinal or document number is none (`masks`, `phrases`); which kind
of figure a quantity is, the words around it say (`prose`).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from handlers.reading.amount import Amount, Bound, Doubt
from handlers.reading.amounts_joined import joined
from handlers.reading.masks import is_code, is_labelled, is_measure_of_name, is_name
from handlers.reading.measured import Measured, is_approximate, measured_at
from handlers.reading.numerals import Number, numbers_in
from handlers.reading.percent import Percentage, percentages_in
from handlers.reading.phrases import is_counted, is_phrase
from handlers.reading.ranks import rank_at

__all__ = ["Amount", "Bound", "Doubt", "amounts_in"]

_LOOK_BACK = 16
# 三个100% is a slogan, no share.
_SLOGAN = re.compile(r"(?<!\d)[\d一二两三四五六七八九十]个$")
_ZERO = re.compile(r"(?:率|比例|进度)(?:仍|均|都|还|现|目前){0,3}[为是达]?(零|0)(?![一-龥.\d%])")
_MONEY = re.compile(
    r"(?:资金|投资|投入|补贴|补助|拨付|融资|贷款|产值|收入|经费|费用|税|营收|预算|款|销售额|金额)"
    r"[^,;。、\d\n]{0,6}$"
)
_SCALED = re.compile(r"[万亿]$")
_EACH = re.compile(
    r"(?:各自?(?:完成|建成|建设|新建|安排|补助|奖励|发放|配备|增加|有)?|每[一-龥]{0,4})$"
)
_PER_TIME = re.compile(r"每(月|年)(?:每人)?[^,;。、\d\n]{0,8}$")
_FROM = re.compile(r"[从由][一-龥]{0,8}$")
_TO = re.compile(r"[一-龥]{0,6}[到至为]\s?\d")
# 1,710,28: no comma between thousands explains these groups.
_SPLIT = re.compile(r",\d{3}(?!\d)")
_LATIN = re.compile(r"[A-Za-z]$")
_DASH = re.compile(r"±\s?$|(?:^|[^-\w)%])\s?-$|[一-龥]-$")
_SIGNED = re.compile(r"(?:增长|增速|增幅|同比|环比|涨幅|[增升]减|[:(])\s?-$")
_AT_LEAST = re.compile(
    r"(?:不低于|不少于|至少|不小于|(?<!不)高于|(?<!不)大于|(?<!不)超过|[≥>])[^\d,。;\n]{0,2}$"
)
_AT_MOST = re.compile(
    r"(?:不超过|不高于|不多于|(?<!不)低于|(?<!不)小于|(?<!不)少于|最多|不大于|[≤<])[^\d,。;\n]{0,2}$"
)
_LEAST_AFTER = re.compile(r"\s?\)?[及或]?以上")
_MOST_AFTER = re.compile(r"\s?(?:以内|以下|之内)")


def amounts_in(plain: str) -> tuple[Amount, ...]:
    """Every quantity of normalised *plain*, in order; see `Amount` for what each of them says."""
    numbers = numbers_in(plain)
    shares = percentages_in(plain, numbers)
    single = sorted(_single(plain, numbers, shares), key=lambda amount: amount.start)
    together = joined(plain, _apart(single))
    return tuple(_shaped(plain, amount) for amount in together if _stands(plain, amount))


def _apart(amounts: Iterable[Amount]) -> Iterator[Amount]:
    """*amounts* without those inside the one before: the 2 of m2 is no share in 8m2%."""
    end = 0
    for amount in amounts:
        if amount.start >= end:
            yield amount
            end = amount.end


def _single(
    plain: str, numbers: Sequence[Number], shares: Sequence[Percentage]
) -> Iterator[Amount]:
    """Each number for itself; bare ones are kept, since a list or range may give them a unit."""
    for share in shares:
        if _SLOGAN.search(plain, max(0, share.start - 3), share.start):
            continue
        yield Amount(share.start, share.end, share.value, "%", number_end=share.end)
    for zero in _ZERO.finditer(plain):
        yield Amount(zero.start(1), zero.end(), Decimal(0), "%", number_end=zero.end())
    taken = {place for share in shares for place in range(share.start, share.end)}
    for number in numbers:
        if number.value is None or number.start in taken:
            continue
        if rank := rank_at(plain, number):
            yield rank
        elif not is_name(plain, number):
            yield from _counted(plain, number)


def _counted(plain: str, number: Number) -> Iterator[Amount]:
    read = measured_at(plain, number)
    if read.value is None or (number.chinese and is_phrase(plain, number, read.unit, read.end)):
        return
    if not read.unit and is_labelled(plain, number):
        return
    if is_measure_of_name(plain, number, read.unit, read.end):
        return
    yield Amount(
        start=read.start,
        end=read.end,
        value=read.value,
        unit=read.unit,
        approximate=read.approximate,
        doubt=_doubt(plain, number, read),
        number_end=read.number_end,
        noun=read.unknown,
        chinese=number.chinese,
        grouped="," in plain[number.start : number.end],
    )


def _doubt(plain: str, number: Number, read: Measured) -> Doubt | None:
    if read.unknown:
        return Doubt.UNIT
    digits = not read.unit and plain[number.start : number.end].isdigit()
    if number.problem or (digits and _SPLIT.match(plain, read.end)):
        return Doubt.FORM
    if number.chinese and not is_counted(plain, number, read.end):
        return Doubt.FORM
    return Doubt.NAME if _LATIN.search(plain, max(0, number.start - 1), number.start) else None


def _stands(plain: str, amount: Amount) -> bool:
    """Whether a number that got no unit counts all the same: Chinese ones and codes do not."""
    if amount.unit or amount.rank:
        return True
    return not amount.chinese and not is_code(plain, amount.start, amount.number_end)


def _shaped(plain: str, amount: Amount) -> Amount:
    """*amount* with what the words directly around it add: roughly, a limit, a sign, a period."""
    if amount.rank:
        return amount
    begin = max(0, amount.start - _LOOK_BACK)
    rough = amount.approximate or is_approximate(plain, amount.start, amount.end)
    shaped, bound = amount, _bound(plain, amount, begin)
    if rough != amount.approximate or bound is not None:
        shaped = replace(amount, approximate=rough, bound=bound)
    if not shaped.unit and not shaped.noun and _is_money(plain, shaped, begin):
        return replace(shaped, unit="元", doubt=Doubt.UNIT)
    if shaped.unit == "元" and (per := _PER_TIME.search(plain, begin, amount.start)):
        return replace(shaped, unit=f"元/{per[1]}")
    if _DASH.search(plain, begin, amount.start):
        return _signed(plain, shaped, begin)
    if shaped.doubt is None and _EACH.search(plain, begin, amount.start):
        return replace(shaped, doubt=Doubt.EACH)
    if shaped.doubt is None and _is_former(plain, shaped, begin):
        return replace(shaped, doubt=Doubt.FROM)
    return shaped


def _is_money(plain: str, amount: Amount, begin: int) -> bool:
    """投入86.4万 leaves 元 out."""
    scaled = _SCALED.search(plain, amount.start, amount.number_end)
    return scaled is not None and _MONEY.search(plain, begin, amount.start) is not None


def _bound(plain: str, amount: Amount, begin: int) -> Bound | None:
    if amount.unit == "个百分点":  # 高于全省5.1个百分点 compares
        return None
    if _LEAST_AFTER.match(plain, amount.end) or _AT_LEAST.search(plain, begin, amount.start):
        return Bound.LEAST
    if _MOST_AFTER.match(plain, amount.end) or _AT_MOST.search(plain, begin, amount.start):
        return Bound.MOST
    return None


def _signed(plain: str, amount: Amount, begin: int) -> Amount:
    """A minus after a word of change is one; any other dash before a number may be a dash."""
    if _SIGNED.search(plain, begin, amount.start):
        return replace(amount, value=-abs(amount.value), start=amount.start - 1)
    return replace(amount, doubt=amount.doubt or Doubt.SIGN)


def _is_former(plain: str, amount: Amount, begin: int) -> bool:
    """从10个 in 从10个增加到20个."""
    former = _FROM.search(plain, begin, amount.start)
    return former is not None and _TO.match(plain, amount.end) is not None
