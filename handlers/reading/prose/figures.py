"""What is read out of prose: a figure with its kind, and the whole reading of a text."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    """What a figure says about its task (domain: "Reading figures out of prose")."""

    DONE = "done"
    TARGET = "target"
    PERCENT = "percent"
    STATED = "stated"
    RATE = "rate"
    GROWTH = "growth"
    MONEY = "money"
    POINTS = "points"
    RANK = "rank"
    OTHER = "other"


@dataclass(frozen=True)
class ProseFigure:
    """One figure in base units, a percentage as printed, a decrease negative.

    *certain*: no other reading is left; such a figure may be taken. *place* is the county it is
    of, or empty. *text* stands at ``[start:end]`` of what was given, in sentence *sentence*.
    """

    value: Decimal
    unit: str
    kind: Kind
    certain: bool
    approximate: bool
    label: str
    place: str
    text: str
    start: int
    end: int
    sentence: int


@dataclass(frozen=True)
class Prose:
    """The figures of a text, its own status words and the day of its data.

    *status* is ``completed``, ``on_track``, ``behind`` or None where words are missing or mixed.
    """

    figures: tuple[ProseFigure, ...]
    status: str | None
    as_of: date | None
