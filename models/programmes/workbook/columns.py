"""What a sheet and a column are: their names, what a cell may hold, what people are told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Shape(StrEnum):
    """What a cell holds."""

    TEXT = "text"
    NAME = "name"  # no white space: scans and narrow columns break names anywhere
    WORDING = "wording"  # a line break parts two duties
    NAMES = "names"
    TEXTS = "texts"
    NUMBER = "number"
    NUMBERS = "numbers"
    WHOLE = "whole"
    WHOLES = "wholes"
    CLOCKS = "clocks"
    RATIO = "ratio"
    DATE = "date"
    YES_NO = "yes_no"
    CHOICE = "choice"
    RAW = "raw"  # read later, as the line of a key–value sheet asks


class Refers(StrEnum):
    """The sheet whose first column offers the names that a cell may hold."""

    UNITS = "单位"
    TASKS = "任务"


@dataclass(frozen=True, eq=False)
class Words:
    """The words for each value of a field, the usual one first."""

    by_value: Mapping[str, tuple[str, ...]]

    @property
    def usual(self) -> tuple[str, ...]:
        return tuple(words[0] for words in self.by_value.values())

    def value(self, word: str) -> str | None:
        """The value that *word* stands for, or None."""
        found = (value for value, words in self.by_value.items() if word in (value, *words))
        return next(found, None)

    def word(self, value: str) -> str:
        return self.by_value[value][0]


@dataclass(frozen=True, eq=False)
class Column:
    """One column, or one line of the sheet 专项; *key* is the field of the definition.

    *note* stands under the header, *example* in the grey row below it. *also* lists other headers
    under which the column is found.
    """

    key: str
    header: str
    note: str
    shape: Shape = Shape.TEXT
    also: tuple[str, ...] = ()
    needed: bool = False
    words: Words | None = None
    refers: Refers | None = None
    example: str | int = ""
    width: int = 14


@dataclass(frozen=True)
class Sheet:
    """One sheet; *about* is its line in 说明. An optional one may be absent from the file."""

    name: str
    about: str
    columns: tuple[Column, ...]
    also: tuple[str, ...] = ()
    optional: bool = False
    keys: tuple[Column, ...] = field(default=())

    def column(self, key: str) -> Column:
        """The column, or the line of a key–value sheet, with this key."""
        return next(c for c in (*self.columns, *self.keys) if c.key == key)
