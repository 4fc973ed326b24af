"""Rows that are never changed but replaced by further rows: which holds, and what it is called."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar


class Correctable(Protocol):
    """A row that *replaces_id* an earlier one, or takes it back where *withdrawn*."""

    id: int | None
    replaces_id: int | None
    withdrawn: bool


Row = TypeVar("Row", bound=Correctable)


@dataclass(frozen=True)
class Numbered(Generic[Row]):
    """What holds now under a number: the id of its first row, which corrections keep."""

    number: int
    row: Row


def newest(rows: Sequence[Row]) -> list[Numbered[Row]]:
    """The last row of each chain with its number, those taken back included, in given order."""
    known = {row.id: row for row in rows}
    replaced = {row.replaces_id for row in rows if row.replaces_id is not None}
    return [Numbered(_first(row, known), row) for row in rows if row.id not in replaced]


def standing(rows: Sequence[Row]) -> list[Numbered[Row]]:
    """The last row of each chain that was not taken back, in the order of *rows*."""
    return [each for each in newest(rows) if not each.row.withdrawn]


def _first(row: Row, known: dict[int | None, Row]) -> int:
    while row.replaces_id is not None and row.replaces_id in known:
        row = known[row.replaces_id]
    return row.id or 0
