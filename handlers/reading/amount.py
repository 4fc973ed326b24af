"""What one quantity of a text is: value, unit, place, and what makes it doubtful."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Doubt(StrEnum):
    """Why a quantity may be read but not taken without asking."""

    RANGE = "range"  # an end of 10至20个
    SHARED = "shared"  # 22/35户, 10、20个 without 分别
    FORM = "form"  # 27. 904 of a scan, 三个 before an unknown word
    SIGN = "sign"  # a dash or a minus
    UNIT = "unit"  # an unknown word where the unit should be
    NAME = "name"  # Latin letters stand before it
    EACH = "each"  # of every one, not of all
    ORDER = "order"  # 倒数第二, 前10名
    FROM = "from"  # the former value of a change


class Bound(StrEnum):
    """Which limit a quantity is, where words say that it is one."""

    LEAST = "least"
    MOST = "most"


@dataclass(frozen=True)
class Amount:
    """A quantity at ``text[start:end]``, 余 and unit included; 约, 近, 左右, 以上 stand outside.

    *value* is in base units with 万 and 亿 multiplied out, a percentage as printed. *unit* is the
    unit's base name, empty for a bare number; *noun* is then the unknown word in its place. The
    digits end at *number_end*. *mate* is the place of the other end of a range or of a slash.
    *index* counts from 0 in a list of *count* (10、20、30个), *respectively* if 分别 is before it.
    *grouped*: a comma stands between its digits, which may have been one between two numbers.
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
    grouped: bool = False
    bound: Bound | None = None
    mate: tuple[int, int] | None = None
    index: int = 0
    count: int = 1
    respectively: bool = False

    @property
    def doubtful(self) -> bool:
        """Whether it has to be asked for."""
        return self.doubt is not None
