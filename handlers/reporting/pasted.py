"""A table pasted into a message: its rows and cells, by tabs, bars or wide gaps."""

import csv
import re
from collections.abc import Callable, Sequence
from io import StringIO

from handlers.reading.normalise import clean
from handlers.reporting.cells import Row
from handlers.reporting.table_words import Kind, kind_of
from models.rules.cell import without_plus

#: Of so many cells at most a line is read: nobody pastes more columns.
_MOST_CELLS = 60
_BARS = re.compile(r"[|｜]")
_GAPS = re.compile(r"\t|[ \u3000]{2,}")
_COMMA = re.compile(r"[,，]")
_COMMAS = (",", "，")
_RULE = re.compile(r"[\s|｜:\-—]+")


def pasted_rows(text: str) -> list[Row]:
    """The rows of a pasted table; none where no line has two cells."""
    plain = clean(text)
    for split, marks in _WAYS:
        if any(mark in plain for mark in marks):
            rows = [
                Row(number, tuple(without_plus(each.strip()) for each in cells[:_MOST_CELLS]))
                for number, cells in enumerate(split(plain), 1)
            ]
            if any(len(row.cells) > 1 for row in rows) and (marks != _COMMAS or _is_even(rows)):
                return rows
    return []


def _is_even(rows: Sequence[Row]) -> bool:
    """Whether all rows have as many cells as the header at their head: no cell holds a comma."""
    said = [row for row in rows if not row.is_empty]
    known = {kind_of(cell) for cell in said[0].cells} - {Kind.OTHER}
    is_header = len(known) > 1 and bool({Kind.NUMBER, Kind.NAME} & known)
    return is_header and all(len(row.cells) == len(said[0].cells) for row in said)


def _by_tabs(text: str) -> list[list[str]]:
    """As a spreadsheet copies cells: one with line breaks stands in quotes."""
    try:
        rows = list(csv.reader(StringIO(text, newline=""), delimiter="\t", strict=True))
    except csv.Error:
        rows = []
    # A quote that nobody closed would have swallowed the rows behind it.
    is_whole = rows and not any("\t" in cell for row in rows for cell in row)
    return rows if is_whole else [line.split("\t") for line in text.split("\n")]


def _by_bars(text: str) -> list[list[str]]:
    lines = [line.strip().strip("|｜") for line in text.split("\n") if not _RULE.fullmatch(line)]
    return [_BARS.split(line) for line in lines]


def _by_commas(text: str) -> list[list[str]]:
    return [_COMMA.split(line.strip()) for line in text.split("\n")]


def _by_gaps(text: str) -> list[list[str]]:
    return [_GAPS.split(line.strip()) for line in text.split("\n")]


_WAYS: tuple[tuple[Callable[[str], list[list[str]]], tuple[str, ...]], ...] = (
    (_by_tabs, ("\t",)),
    (_by_bars, ("|", "｜")),
    (_by_gaps, ("  ", "\u3000\u3000")),
    # Prose is full of them: they part cells below a header alone.
    (_by_commas, _COMMAS),
)
