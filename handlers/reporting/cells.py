"""The rows and cells of a table, pasted or from a sheet, and what a cell says."""

import re
from dataclasses import dataclass

from handlers.reading.normalise import name_key, normalise
from handlers.reading.numerals import numbers_in
from models.rules.unit import unit_called

_EMPTY = frozenset(("", "-", "--", "—", "——", "/", "／", "\\", "·"))
#: A header is looked for in so many rows: titles and remarks stand above it.
MOST_ABOVE = 10
#: A figure without its unit.
NUMBER = re.compile(r"[约近]?\s*[0-9][0-9,]*(?:\.[0-9]+)?")
#: What stands in the brackets of a header beside a unit: a choice of them, a day, a remark.
_NO_UNIT = re.compile(r"[/、或,;:\d]|截[至止]|累计|年|月底|单位")
#: One figure with what is said right around it: 已建成约20个, 20个（占40%）, 20（暂未验收）.
_MARKLESS = r"[^\s\d,;。:、()\[\]|]"
_ONE = re.compile(
    rf"{_MARKLESS}{{0,8}}\s?[0-9][0-9,]*(?:\.[0-9]+)?\s?(?:{_MARKLESS}|/){{0,8}}\s?"
    r"(?:\((?:[^()\d:;,。]{1,20}|[^()\d:;,。]{0,8}[0-9.]+%)\))?"
)
#: 二十个
_WORDS = re.compile(rf"{_MARKLESS}{{1,16}}")
_UNIT = re.compile(r"单位\s*:\s*([^\W\d_]{1,6}(?:/[^\W\d_]{1,4})?)")
_AS_OF = re.compile(r"(?:截至|截止)\s*:?\s*([^,;。()]{2,20})")


@dataclass(frozen=True)
class Row:
    """A row of cells with the number under which people find it."""

    number: int
    cells: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        return all(is_blank(each) for each in self.cells)


def is_blank(cell: str) -> bool:
    """Whether a cell says nothing: a dash is how people leave one empty."""
    return cell.strip() in _EMPTY


def day_above(row: Row) -> str:
    """The day of all figures that a title names; empty without one."""
    found = _AS_OF.search(normalise(" ".join(row.cells)))
    return found[1].strip() if found else ""


def is_one_value(cell: str, places: frozenset[str] = frozenset()) -> bool:
    """Whether a cell holds one figure and nothing that a line of a report would begin with.

    A further figure, a field (完成数：99) or one of the *places*, by its key, is another value.
    """
    plain = normalise(cell).strip()
    key = name_key(plain)
    is_one = _ONE.fullmatch(plain) or (_WORDS.fullmatch(plain) and numbers_in(plain))
    return bool(is_one) and not any(each in key for each in places)


def with_unit(value: str, unit: str) -> str:
    """A bare number with the unit that the header or the row states.

    户/人 over a column of several tasks leaves it to each what is counted; 截至8月底 is none.
    """
    is_bare = NUMBER.fullmatch(normalise(value).strip()) is not None
    is_other = _NO_UNIT.search(unit) is not None and unit_called(unit) is None
    return f"{value}{unit}" if is_bare and unit and not is_other else value


def unit_above(row: Row) -> str:
    """The unit of all figures that a line above them names: 单位：公里; empty without one."""
    found = _UNIT.search(normalise(" ".join(row.cells)))
    return found[1] if found and unit_called(found[1]) else ""
