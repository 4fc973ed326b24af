"""From one cell to a typed value, or to a sentence that says what to write instead."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from models.programmes.workbook.columns import Column, Shape, Words
from models.programmes.workbook.lists import NAME_MARKS, TEXT_MARKS, parts
from models.programmes.workbook.words import YES_NO
from models.rules.rounding import number_text
from models.rules.unit import convert, same_kind, unit_called

_FULL_WIDTH = {c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F) if chr(c - 0xFEE0).isalnum()}
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_NUMBER = r"[-+]?(?:\d+|\d{1,3}(?:[,，]\d{3})+)(?:[.．]\d+)?"
_QUANTITY = re.compile(rf"(?:约|近|超|≥|≤)?({_NUMBER})([^\d]*?)(?:左右|以上|以内|以下)?")
_DATE = re.compile(r"(\d{4})[年./\-](\d{1,2})[月./\-](\d{1,2})日?")
_CLOCK = re.compile(r"(\d{1,2})[:：](\d{2})")


class CellError(Exception):
    """The cell holds something else; the text says what, and what to write."""


@dataclass(frozen=True)
class Raw:
    """A cell as it was found; *unit* is what the row's 计量单位 says, for corrections."""

    value: Any
    number_format: str = "General"
    unit: str = ""


Value = str | bool | int | Decimal | date | Raw | tuple[str | int | Decimal, ...]


def value_of(column: Column, raw: Raw) -> Value | None:
    """What the cell says; None where it is empty. Raises CellError."""
    if raw.value is None or (isinstance(raw.value, str) and not clean(raw.value)):
        return None
    return _READERS[column.shape](column, raw)


def clean(text: str) -> str:
    """*text* with plain digits and letters, without what cannot be seen, on single spaces."""
    plain = text.translate(_FULL_WIDTH).translate(_INVISIBLE).replace("_x000D_", "")
    lines = (" ".join(line.split()) for line in plain.splitlines())
    return "\n".join(line for line in lines if line)


def bare(text: str) -> str:
    """*text* without any white space but between Latin words."""
    return re.sub(r"(?<![A-Za-z0-9])\s+|\s+(?![A-Za-z0-9])", "", clean(text))


def shown(value: Any) -> str:
    """A value as the person sees it in the cell, cut to a length that can be quoted."""
    text = f"{value:%Y-%m-%d}" if isinstance(value, date) else str(value)
    line = " ".join(text.split())
    return line if len(line) <= 30 else f"{line[:29]}…"


def _written(raw: Raw) -> str:
    """The cell's text; numbers as typed. A date is what Excel made of something else."""
    value = raw.value
    if isinstance(value, date | time | timedelta):
        raise CellError(
            f"Excel 把内容变成了日期或时间（{shown(value)}）；"
            "请先把单元格格式设为“文本”，再重新填写原来的文字"
        )
    if isinstance(value, bool):
        raise CellError("应为文字，现为逻辑值；请重新填写文字")
    return value if isinstance(value, str) else number_text(_exact(value))


def _text(column: Column, raw: Raw) -> Value:
    return re.sub(r"(?<=[^\x00-\x7f])\n|\n(?=[^\x00-\x7f])", "", clean(_written(raw))).replace(
        "\n", " "
    )


def _name(column: Column, raw: Raw) -> Value:
    return bare(_written(raw))


def _wording(column: Column, raw: Raw) -> Value:
    return re.sub(r"(?<![；;。，,：:])\n", "；", clean(_written(raw))).replace("\n", "")


def _names(column: Column, raw: Raw) -> Value:
    return tuple(filter(None, (bare(part) for part in parts(_written(raw), NAME_MARKS))))


def _texts(column: Column, raw: Raw) -> Value:
    return tuple(filter(None, (clean(part) for part in parts(_written(raw), TEXT_MARKS))))


def _number(column: Column, raw: Raw) -> Value:
    if isinstance(raw.value, int | float) and not isinstance(raw.value, bool):
        if "%" not in raw.number_format:
            return _exact(raw.value)
        if raw.unit in ("", "%", "％", "个百分点"):
            return _exact(raw.value) * 100
        raise CellError(f"单元格是百分数，而计量单位是“{raw.unit}”；请改为{raw.unit}数")
    text = bare(raw.value) if isinstance(raw.value, str) else shown(raw.value)
    if re.fullmatch(_NUMBER, text):
        return _plain(text)
    raise CellError(f"应为数字，现为“{shown(raw.value)}”；{_correction(text, raw.unit)}")


def _correction(text: str, unit: str) -> str:
    """What to write instead of one number with its unit: 16500 for 1.65万人次."""
    quantity = _QUANTITY.fullmatch(text)
    if quantity is None or not _is_measure(quantity[2], unit):
        return "请只填数字，如 6000"
    number, word = _plain(quantity[1]), quantity[2]
    named = unit_called(word) or unit_called(f"{word}个")
    if unit and unit_called(word) and same_kind(word, unit):
        number = convert(number, word, unit)
    elif named and named.scale != 1 and not unit:
        return "请只填数字，并与指标的计量单位一致"
    elif named:
        number *= named.scale
    return f"请只填数字 {number_text(number)}，计量单位写在“计量单位”列"


def _is_measure(word: str, unit: str) -> bool:
    """Whether *word* after a number may be that of a value counted in *unit*: no date, no other."""
    if word == unit or unit_called(f"{word}个"):
        return True
    known = unit_called(word) is not None and word not in ("年", "月", "日")
    return known and (not unit or same_kind(word, unit))


def _whole(column: Column, raw: Raw) -> Value:
    if isinstance(raw.value, str) and (found := re.fullmatch(r"(\d+)\D{0,3}", bare(raw.value))):
        if found[1] == bare(raw.value):
            return int(found[1])
        raise CellError(f"应为整数，现为“{shown(raw.value)}”；请只填 {found[1]}")
    value = None
    if isinstance(raw.value, int | float) and not isinstance(raw.value, bool):
        value = _exact(raw.value)
    if value is None or value != value.to_integral_value():
        raise CellError(f"应为整数，现为“{shown(raw.value)}”；请只填数字，如 {column.example or 1}")
    return int(value)


def _numbers(column: Column, raw: Raw) -> Value:
    if not isinstance(raw.value, str):
        return (_exact_of(raw),)
    found = parts(raw.value)
    if any(not re.fullmatch(_NUMBER, bare(each).rstrip("%％")) for each in found):
        raise CellError(f"应为用“、”分开的数字，现为“{shown(raw.value)}”，如 {column.example}")
    return tuple(_plain(bare(each).rstrip("%％")) for each in found)


def _wholes(column: Column, raw: Raw) -> Value:
    numbers = _numbers(column, raw)
    assert isinstance(numbers, tuple)
    wholes = tuple(int(each) for each in numbers)
    if wholes != numbers:
        raise CellError(f"应为用“、”分开的整数，现为“{shown(raw.value)}”，如 {column.example}")
    return wholes


def _clocks(column: Column, raw: Raw) -> Value:
    if isinstance(raw.value, time):
        return (f"{raw.value:%H:%M}",)
    found = [_CLOCK.fullmatch(bare(each)) for each in parts(str(raw.value))]
    if not all(found):
        raise CellError(f"应为时刻，现为“{shown(raw.value)}”；请填如 {column.example}")
    return tuple(f"{int(each[1]):02}:{each[2]}" for each in found if each)


def _ratio(column: Column, raw: Raw) -> Value:
    if isinstance(raw.value, time):  # Excel takes 2:1 for one minute past two
        return f"{raw.value.hour}:{raw.value.minute}"
    text = bare(str(raw.value)).replace("：", ":")
    if not re.fullmatch(r"[1-9]\d?:[1-9]\d?", text):
        raise CellError(f"应为宽高比，现为“{shown(raw.value)}”；请填如 2:1")
    return text


def _date(column: Column, raw: Raw) -> Value:
    if isinstance(raw.value, datetime):
        return raw.value.date()
    if isinstance(raw.value, date):
        return raw.value
    found = _DATE.fullmatch(bare(raw.value)) if isinstance(raw.value, str) else None
    try:
        meant = f"{date(*map(int, found.groups())):%Y-%m-%d}" if found else "2026-10-31"
    except ValueError:
        raise CellError(f"“{shown(raw.value)}”没有这一天，请改正日期") from None
    kind = "文字" if isinstance(raw.value, str) else "数字"
    raise CellError(
        f"应为日期，现为{kind}“{shown(raw.value)}”；请把单元格格式设为“日期”后填 {meant}"
    )


def _raw(column: Column, raw: Raw) -> Value:
    return raw


def _yes_no(column: Column, raw: Raw) -> Value:
    if isinstance(raw.value, bool):
        return raw.value
    return _word(YES_NO, raw) == "yes"


def _choice(column: Column, raw: Raw) -> Value:
    assert column.words is not None
    return _word(column.words, raw)


def _word(words: Words, raw: Raw) -> str:
    text = bare(_written(raw))
    if (value := words.value(text)) is None:
        raise CellError(f"“{shown(text)}”不在可选项内；请从{'、'.join(words.usual)}中选一个")
    return value


def _exact_of(raw: Raw) -> Decimal:
    if isinstance(raw.value, bool) or not isinstance(raw.value, int | float):
        raise CellError(f"应为数字，现为“{shown(raw.value)}”")
    return _exact(raw.value)


def _exact(number: float) -> Decimal:
    """The number as it is shown: a sheet computes with binary fractions and shows 15 digits."""
    return Decimal(f"{number:.15g}") if isinstance(number, float) else Decimal(number)


def _plain(text: str) -> Decimal:
    return Decimal(text.replace(",", "").replace("，", "").replace("．", "."))


_READERS: dict[Shape, Callable[[Column, Raw], Value]] = {
    Shape.TEXT: _text,
    Shape.NAME: _name,
    Shape.WORDING: _wording,
    Shape.NAMES: _names,
    Shape.TEXTS: _texts,
    Shape.NUMBER: _number,
    Shape.NUMBERS: _numbers,
    Shape.WHOLE: _whole,
    Shape.WHOLES: _wholes,
    Shape.CLOCKS: _clocks,
    Shape.RATIO: _ratio,
    Shape.DATE: _date,
    Shape.YES_NO: _yes_no,
    Shape.CHOICE: _choice,
    Shape.RAW: _raw,
}
