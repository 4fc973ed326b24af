"""A sheet of an export as plain data: columns, rows, and how a cell looks besides its value."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from handlers.supervising.texts import full_day_text
from models.rules.rounding import HUNDRED, half_up

Value = str | int | Decimal | date | datetime | None


class Look(StrEnum):
    """What a cell's fill says besides its words."""

    PLAIN = "plain"
    GOOD = "good"
    WAITS = "waits"
    BAD = "bad"
    QUIET = "quiet"
    TOTAL = "total"


class Shape(StrEnum):
    """How a number is shown."""

    PLAIN = "plain"
    PERCENT = "percent"
    ABOUT = "about"


@dataclass(frozen=True)
class Shown:
    """A value that looks like more than itself; a percentage is kept as its share of 1."""

    value: Value
    look: Look = Look.PLAIN
    shape: Shape = Shape.PLAIN


Cell = Value | Shown


@dataclass(frozen=True)
class Column:
    """One column: its heading, its width in letters, and whether its cells are centred."""

    title: str
    width: int = 12
    centred: bool = False


@dataclass(frozen=True)
class Sheet:
    """One sheet: a title, notes under it, a table that stays filterable; *empty* where it is none.

    The first *frozen* columns stay in sight. *rows* are written as they come; *totals* stand
    below, where no filter moves them.
    """

    name: str
    title: str
    notes: Sequence[str]
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    totals: Iterable[Sequence[Cell]] = ()
    frozen: int = 1
    empty: str = "没有内容"
    mark: str = ""


def percent(value: Decimal | None) -> Cell:
    """A percentage with the two places that every text prints, still a number."""
    if value is None:
        return None
    return Shown(half_up(value, 2) / HUNDRED, shape=Shape.PERCENT)


def data_note(day: date) -> str:
    """The day that all figures of a sheet speak of."""
    return f"数据日期：{full_day_text(day)}。只计已通过的数据。"
