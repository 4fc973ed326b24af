"""What one quantity of a text is: value, unit, place, and what makes it doubtful."""

from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from handlers.reading.numerals import NumberProblem


class Doubt(StrEnum):
    """Why a quantity may be read but not taken without asking."""

    RANGE = "range"  # an end of 10至20个
    SHARED = "shared"  # 22/35户, 10、20个 without 分别
    FORM = "form"  # 27. 904 of a scan, 710，285个
    VAGUE = "vague"  # 千余人
    FEW = "few"  # 三个 before an unknown word may be a slogan
    SIGN = "sign"  # a minus, or a hyphen that is none
    UNIT = "unit"  # an unknown word where the unit should be, or 元 left out
    NAME = "name"  # Latin letters stand before it
    EACH = "each"  # of every one, not of all
    ORDER = "order"  # 倒数第二, 前10名
    FROM = "from"  # the former value of a change
    CHANGE = "change"  # 增加32户: what was added, not what there is


class Amount(NamedTuple):
    """A quantity at ``text[start:end]``, 余 and unit included; 约, 近, 左右, 以上 stand outside.

    *value* is in base units with 万 and 亿 multiplied out, a percentage as printed. *unit* is the
    unit's base name, empty for a bare number; *noun* is then the unknown word in its place. The
    digits end at *number_end*, *is_scaled* where 万 or 亿 is among them. *is_loose*: no unit
    follows a Chinese numeral or what may be a phone or a year; it counts only where it is alone.
    *is_limit*: words say that it is the least or the most. *list_length* is that of
    the list it stands in (10、20、30个), *respectively* if 分别 is before that.
    """

    start: int
    end: int
    value: Decimal
    unit: str
    approximate: bool = False
    doubt: Doubt | None = None
    number_end: int = 0
    noun: str = ""
    rank: bool = False
    chinese: bool = False
    is_scaled: bool = False
    is_loose: bool = False
    is_limit: bool = False
    list_length: int = 1
    respectively: bool = False

    @property
    def doubtful(self) -> bool:
        """Whether it has to be asked for."""
        return self.doubt is not None


class Unread(NamedTuple):
    """A number at ``text[start:end]``, unit included, that has no one value, and why."""

    start: int
    end: int
    problem: NumberProblem
