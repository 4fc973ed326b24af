"""A number of normalised text with what it measures: value, unit, roughly or exactly."""

import re
from decimal import Decimal
from typing import NamedTuple

from handlers.reading.masks import counts_months
from handlers.reading.numerals import Number, read_number
from models.rules.unit import tidy, unit_at

_ROUGHLY_BEFORE = re.compile(
    r"(?:大约|(?<![节预签契公履违解续特邀制])约|将近|接近|(?<![附最邻靠将接])近|超过|(?<![通经不])过|(?<![反赶])超|逾|突破|不少于"
    r"|不到|不足|至少|大概)为?[\s:]*$"
)
_ROUGHLY_AFTER = re.compile(r"\s*(?:左右|上下|以上|余(?![一-龥])|多(?![一-龥]))")
_MORE = re.compile(r"\s*(?:[余多来](?!\w{0,3}地)|\+(?![\dA-Za-z]))")
_CJK = re.compile(r"[一-龥]")
_HALF = Decimal("0.5")
_NOTHING_GLUED = re.compile(
    r"$|[\s,;:。、()\[\]/~|!?·'\"-]|左右|上下|以上|余|多(?![一-龥])|完成|占|为"
    r"|[至到和及与] ?[\d一二两三四五六七八九十]"
)
_GLUED_WORD = re.compile(r"\w{1,6}")
# 元/亩, 吨/日, 公斤/平方米·年: so much of one thing for one of another.
_EACH = re.compile(
    r" ?[/每] ?(人次|人|户|月|年|日|天|亩|次|个|件|吨|公里|小时|平方米|立方米|公斤|斤|升|床|台|村"
    r"|组|班|队|千瓦时|度|m2|m3)(?:[/·](月|年|次|天|日|学期))?"
)
_EACH_NAMES = {"日": "天", "m2": "平方米", "m3": "立方米"}
# 台(套), 人(次): one count under two names.
_OTHER_NAME = re.compile(
    r" ?\((次|套|个|处|所|件|项|台|户|辆|间|组|家|栋|条|张|册|份|部|座|盏|只|羽|幢)\)"
)
# 2个半月, 3公里半: half a unit more.
_HALF_BETWEEN = re.compile(r"个半(?=月|小时|钟头|天|学期)")
_HALF_AFTER = re.compile(r"半(?![一-龥])")
# 300余万元: the scale stands behind the word for roughly.
_FAR_SCALE = re.compile(r"\s?(?:万亿|[百千]?万|[百千]?亿)")
# 1.2个亿, but 三个亿元村 are three villages.
_HUNDRED_MILLIONS = re.compile(r"个亿(?!元[一-龥])")
# 提高0.8个点: half a thing there is not.
_BY_SO_MANY = re.compile(r"(?:[高低快慢降升涨掉差超]|落后|提高|提升|下降|上升)了?约?$")
#: 2.1万平 of houses; 平台 and 平均 are words.
_SQUARE = re.compile(r"平(?![一-龥])")
_POINTS = re.compile(r"点(?![位一-龥])")


class Measured(NamedTuple):
    """A number at ``text[start:end]`` with its unit; its digits end at *number_end*.

    *unit* is empty where none is written; *unknown* is then the word that stands in its place.
    *approximate*: 余 or 多 is among its digits; words around it are not looked at.
    """

    start: int
    number_end: int
    end: int
    value: Decimal | None
    unit: str
    unknown: str
    approximate: bool


def is_approximate(text: str, start: int, end: int) -> bool:
    """Whether 约, 近, 余 and the like stand directly around ``text[start:end]``."""
    before = _ROUGHLY_BEFORE.search(text, max(0, start - 8), start)
    return bool(before or _ROUGHLY_AFTER.match(text, end))


def measured_at(text: str, number: Number, declared: str = "") -> Measured:
    """*number* with the unit behind it, 余 and 多 between them included."""
    more = _more(text, number.end)
    scaled = _FAR_SCALE.match(text, more) if more else _HUNDRED_MILLIONS.match(text, number.end)
    place = scaled.end() if scaled else more or number.end
    value, unit, end = _with_unit(text, place, number.value, declared)
    if unit == "个" and (points := _POINTS.match(text, end)):
        if _BY_SO_MANY.search(text, max(0, number.start - 6), number.start):
            unit, end = "个百分点", points.end()
    if value is not None and scaled:
        value *= read_number(f"1{scaled[0].strip(' 个')}") or 1
    if not unit:
        end = place
    nothing_there = unit or _NOTHING_GLUED.match(text, end)
    word = None if nothing_there else _GLUED_WORD.match(text, end)
    return Measured(
        start=number.start,
        number_end=scaled.end() if scaled and not more else number.end,
        end=end,
        value=value if value is None else tidy(value),
        unit=unit,
        unknown=word[0] if word else "",
        approximate=more > 0,
    )


def _more(text: str, place: int) -> int:
    """Where 余 or 多 behind a number ends, or 0; the 多 of 多媒体 belongs to the next word."""
    match = _MORE.match(text, place)
    if match is None:
        return 0
    end = match.end()
    follows = _skip_spaces(text, end)
    glued = text[end - 1] in "多来" and _CJK.match(text, follows)
    known = _FAR_SCALE.match(text, follows) or unit_at(text, follows)
    return 0 if glued and not known else end


def _with_unit(
    text: str, place: int, value: Decimal | None, declared: str
) -> tuple[Decimal | None, str, int]:
    half = _HALF_BETWEEN.match(text, place)
    if half and value is not None:
        unit, end = ("个月", half.end() + 1) if text[half.end()] == "月" else ("", 0)
        return (value + _HALF, *((unit, end) if unit else _unit(text, half.end(), declared)))
    if counts_months(text, value, place):
        return value, "月", place + 1
    if square := _SQUARE.match(text, place):
        return value, "平方米", square.end()
    unit, end = _unit(text, _skip_spaces(text, place), declared)
    if unit == "个" and value != int(value or 0) and (points := _POINTS.match(text, end)):
        return value, "个百分点", points.end()
    if unit and value is not None and (after := _HALF_AFTER.match(text, end)):
        return value + _HALF, unit, after.end()
    return value, unit, end


def _unit(text: str, place: int, declared: str) -> tuple[str, int]:
    known = unit_at(text, place)
    if declared and text.startswith(declared, place):
        end = place + len(declared)
        if known is None or end >= known[1]:
            return declared, end
    if known is None:
        return "", place
    return _compound(text, known[0].name, known[1])


def _compound(text: str, name: str, end: int) -> tuple[str, int]:
    """元 before /亩 is 元/亩, 人 before (次) is 人次, 台 before (套) is 台套."""
    if each := _EACH.match(text, end):
        parts = [name, *(_EACH_NAMES.get(part, part) for part in each.groups() if part)]
        return "/".join(parts), each.end()
    if other := _OTHER_NAME.match(text, end):
        both = unit_at(name + other[1], 0)
        return (both[0].name if both and both[1] > len(name) else name), other.end()
    return name, end


def _skip_spaces(text: str, place: int) -> int:
    while place < len(text) and text[place] in " \t":
        place += 1
    return place
