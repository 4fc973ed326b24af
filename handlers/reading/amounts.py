"""Every quantity of a text.

What is part of a name, date, ordinal or document number is none (`masks`, `phrases`); which kind
of figure a quantity is, the words around it say (`prose`), or the field it stands in (`quantity`).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from handlers.reading.amount import Amount, Doubt, Unread
from handlers.reading.amounts_joined import joined
from handlers.reading.masks import (
    is_code,
    is_in_latin_word,
    is_labelled,
    is_measure_of_name,
    is_name,
)
from handlers.reading.measured import Measured, is_approximate, measured_at
from handlers.reading.numerals import Number, NumberProblem, numbers_in
from handlers.reading.percent import Percentage, percentages_in
from handlers.reading.phrases import is_counted, is_phrase
from handlers.reading.ranks import rank_at

__all__ = ["Amount", "Doubt", "Unread", "amounts_in", "quantities_in"]

_LOOK_BACK = 16
# 三个100% is a slogan, no share; 一个100%完成 is one.
_SLOGAN = re.compile(r"(?<!\d)[\d二两三四五六七八九十]个$")
_ZERO = re.compile(r"(?:率|比例|进度)(?:仍|均|都|还|现|目前){0,3}[为是达]?(零|0)(?![一-龥.\d%])")
_MONEY = re.compile(
    r"(?:资金|投资|投入|补贴|补助|拨付|融资|贷款|产值|收入|经费|费用|税|营收|预算|款|销售额|金额)"
    r"[^,;。、\d\n]{0,6}$"
)
_SCALED = re.compile(r"[万亿]|(?<=\d)[wW]")
_EACH = re.compile(
    r"(?:各自?(?:完成|建成|建设|新建|安排|补助|奖励|发放|配备|增加|有)?|每[一-龥]{0,6})$"
)
_PER_TIME = re.compile(
    r"每(月|年)(?:每人)?(?![^,;。]{0,6}(?:缺口|节约|节省|投入|需))[^,;。、\d\n]{0,8}$"
)
_FROM = re.compile(r"[从由][一-龥]{0,8}$")
_TO = re.compile(r"[一-龥]{0,6}[到至为][一-龥]{0,4}\s?\d")
# 1,710,28: no comma between thousands explains these groups.
_SPLIT = re.compile(r",\d{3}(?!\d)")
_LATIN = re.compile(r"[A-Za-z]$")
_DASH = re.compile(r"±\s?$|(?:^|[^-\w])\s?-$|[一-龥]-$")
#: A long dash, as in 完成数—1710, is none of these.
_MINUS = frozenset("-−－﹣")
# 710，285个 may be two figures; 2，846万元 was only typed with the wrong comma.
_LIST_COMMA = re.compile(r"[0-9]{3}，[0-9]")
# What was added is another figure than what there is. An 增加 that belongs to the thing counted
# (增加学位4346个) stands away from its number.
_CHANGED = re.compile(r"(?<!累计)(?:增加|减少|增长|下降|上升|提高)了?\s?$")
_RATIOS = frozenset(("%", "个百分点", "倍"))
# 学位增加4346个,完成44.8%: a share of the task is of the count.
_OF_TASK = re.compile(r"\s?[,(]?(?:完成|占|为)(?:全?年度?)?(?:任务|目标|计划)?的?\d[\d.]*%")
_SIGNED = re.compile(r"(?:增长|增速|增幅|同比|环比|涨幅|[增升]减|[:(])\s?-$")
_LIMIT = re.compile(r"(?:至少|最多|超过|[高低大小多少]于|[≥>≤<])[^\d,。;\n]{0,2}$")
_LIMIT_AFTER = re.compile(r"\s?(?:\)?[及或]?以上|以内|以下|之内)")


def amounts_in(plain: str, written: str = "") -> tuple[Amount, ...]:
    """Every quantity of normalised *plain*, in order; see `Amount` for what each of them says.

    *written* are the same characters before their dashes and commas became one kind.
    """
    found = _found(plain, numbers_in(plain), "", written or plain)
    return tuple(amount for amount in found if not amount.is_loose)


def quantities_in(
    plain: str, declared: str = "", written: str = ""
) -> tuple[tuple[Amount, ...], tuple[Unread, ...]]:
    """As `amounts_in`, with loose numbers; and besides the numbers that cannot be read at all.

    *declared* is a unit that is recognised although the unit table does not hold it.
    """
    numbers = numbers_in(plain)
    found = tuple(_found(plain, numbers, declared, written or plain))
    return found, tuple(_unread(plain, numbers, declared))


def _found(plain: str, numbers: Sequence[Number], declared: str, written: str) -> Iterator[Amount]:
    shares = percentages_in(plain, numbers)
    single = sorted(_single(plain, numbers, shares, declared), key=lambda amount: amount.start)
    for amount in joined(plain, _apart(single)):
        shaped = _shaped(plain, amount, written)
        yield shaped._replace(is_loose=True) if _is_loose(plain, shaped) else shaped


def _unread(plain: str, numbers: Sequence[Number], declared: str) -> Iterator[Unread]:
    for number in numbers:
        if number.value is not None or number.problem is None or is_name(plain, number):
            continue
        if not is_in_latin_word(plain, number):
            end = measured_at(plain, number, declared).end
            yield Unread(number.start, end, number.problem)


def _apart(amounts: Iterable[Amount]) -> Iterator[Amount]:
    """*amounts* without those inside the one before: the 2 of m2 is no share in 8m2%."""
    end = 0
    for amount in amounts:
        if amount.start >= end:
            yield amount
            end = amount.end


def _single(
    plain: str, numbers: Sequence[Number], shares: Sequence[Percentage], declared: str
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
            yield from _counted(plain, number, declared)


def _counted(plain: str, number: Number, declared: str) -> Iterator[Amount]:
    read = measured_at(plain, number, declared)
    if read.value is None or (read.unknown and read.value == 0):  # 0投诉 is a slogan
        return
    numeral = number.chinese and read.value == number.value
    if numeral and is_phrase(plain, number, read.unit, read.end, declared):
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
        is_scaled=_SCALED.search(plain, number.start, read.end) is not None,
    )


def _doubt(plain: str, number: Number, read: Measured) -> Doubt | None:
    # 灯30w may be of their power: only a unit behind it says that it counts.
    if read.unknown or (not read.unit and plain[number.end - 1] == "w"):
        return Doubt.UNIT
    if number.problem:
        return Doubt.VAGUE if number.problem is NumberProblem.VAGUE else Doubt.FORM
    if not read.unit and _SPLIT.match(plain, read.end):
        return Doubt.FORM
    if number.chinese and read.value == number.value and not is_counted(plain, number, read.end):
        return Doubt.FEW
    return Doubt.NAME if _LATIN.search(plain, max(0, number.start - 1), number.start) else None


def _is_loose(plain: str, amount: Amount) -> bool:
    """Whether a number that got no unit may count nothing: Chinese ones and codes."""
    if amount.unit or amount.rank:
        return False
    return amount.chinese or is_code(plain, amount.start, amount.number_end)


def _shaped(plain: str, amount: Amount, written: str) -> Amount:
    """*amount* with what the words directly around it add: roughly, a limit, a sign, a period."""
    if amount.rank:
        return amount
    begin = max(0, amount.start - _LOOK_BACK)
    rough = amount.approximate or is_approximate(plain, amount.start, amount.end)
    shaped, is_limit = amount, _is_limit(plain, amount, begin)
    if rough != amount.approximate or is_limit:
        shaped = amount._replace(approximate=rough, is_limit=is_limit)
    if not shaped.unit and not shaped.noun and _is_money(plain, shaped, begin):
        return shaped._replace(unit="元", doubt=Doubt.UNIT)
    if shaped.unit == "元" and (per := _PER_TIME.search(plain, begin, amount.start)):
        return shaped._replace(unit=f"元/{per[1]}")
    if plain[max(0, amount.start - 2) : amount.start].rstrip().endswith(("-", "±")):
        return _signed(plain, shaped, begin, written)
    if shaped.doubt is None and (doubt := _doubt_before(plain, shaped, begin, written)):
        return shaped._replace(doubt=doubt)
    return shaped


def _doubt_before(plain: str, amount: Amount, begin: int, written: str) -> Doubt | None:
    """What the words ahead of a quantity, or its comma, leave open."""
    ahead = plain[begin : amount.start]
    digits = slice(amount.start, amount.number_end)
    if "," in plain[digits] and _LIST_COMMA.search(written[digits]):
        return Doubt.FORM
    if ("每" in ahead or "各" in ahead) and not amount.is_limit and _EACH.search(ahead):
        return Doubt.EACH
    if ("从" in ahead or "由" in ahead) and _FROM.search(ahead) and _TO.match(plain, amount.end):
        return Doubt.FROM
    if amount.unit in _RATIOS or not _CHANGED.search(plain, begin, amount.start):
        return None
    return None if _OF_TASK.match(plain, amount.end) else Doubt.CHANGE


def _is_money(plain: str, amount: Amount, begin: int) -> bool:
    """投入86.4万 leaves 元 out."""
    return amount.is_scaled and _MONEY.search(plain, begin, amount.start) is not None


def _is_limit(plain: str, amount: Amount, begin: int) -> bool:
    if amount.unit == "个百分点":  # 高于全省5.1个百分点 compares
        return False
    if _LIMIT_AFTER.match(plain, amount.end):
        return True
    return _LIMIT.search(plain, begin, amount.start) is not None


def _signed(plain: str, amount: Amount, begin: int, written: str) -> Amount:
    """A minus after a word of change is one; any other hyphen before a number may be a dash."""
    if not _DASH.search(plain, begin, amount.start):
        return amount
    if _SIGNED.search(plain, begin, amount.start):
        return amount._replace(value=-abs(amount.value), start=amount.start - 1)
    mark = amount.start - 1
    is_long = plain[mark] == "-" and written[mark] not in _MINUS
    return amount if is_long else amount._replace(doubt=amount.doubt or Doubt.SIGN)
