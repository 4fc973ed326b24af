"""The county tables within a message, pasted between its lines: each as the lines it stands for."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from handlers.reading.normalise import clean, normalise
from handlers.reporting.cells import Row
from handlers.reporting.county_tables import CountyTable, read_county_table
from handlers.reporting.form import Form
from models.rules.cell import without_plus

_TAB, _BAR = re.compile(r"\t"), re.compile(r"[|｜]")
_WIDE, _GAP, _COMMA = re.compile(r"[ \u3000]{2,}"), re.compile(r"[ \u3000]+"), re.compile("[,，]")
_RULE = re.compile(r"[\s|｜:\-—]+")
_TITLE = re.compile(r"[^,;:。]{0,40}(?:表|情况|进度|完成|统计|台账|通报|数据)[^,;:。]{0,20}")
_MOST_CELLS = 60
_FEWEST = 2
#: One report has a table for each of its indicators at most.
_MOST_TABLES = 8
#: How cells are parted, and whether all rows must have as many: prose has gaps and commas too.
_WAYS = ((_TAB, False), (_BAR, False), (_WIDE, False), (_GAP, True), (_COMMA, True))


def with_county_tables(
    text: str, form: Form, most: int = _MOST_TABLES
) -> tuple[str, tuple[str, ...]]:
    """*text* with its first county tables as lines, and what of these was not taken."""
    if not most or not form.indicators or sum(text.count(name) for name in form.places) < _FEWEST:
        return text, ()
    lines = clean(text).split("\n")
    for mark, is_even in _WAYS:
        for run in _runs(lines, mark, is_even=is_even):
            rows = [_row(n, lines[n], mark) for n in run]
            rows = [row for row in rows if not _RULE.fullmatch("".join(row.cells))]
            if (table := read_county_table(rows, form.places, form.vocabulary)) is not None:
                return _replaced(lines, rows, table, form, most)
    return text, ()


def _replaced(
    lines: list[str], rows: Sequence[Row], table: CountyTable, form: Form, most: int
) -> tuple[str, tuple[str, ...]]:
    """The lines with the table's own in its place; what stands around it is read as before."""
    first, last = table.span
    inside = rows[first:last]
    start, stop = inside[0].number, inside[-1].number + 1
    if start and _TITLE.fullmatch(normalise(lines[start - 1]).strip()):
        start -= 1
        inside = [Row(start, (lines[start],)), *inside]
    table = read_county_table(inside, form.places, form.vocabulary) or table
    above, below = "\n".join(lines[:start]), "\n".join(lines[stop:])
    rest, unread = with_county_tables(below, form, most - 1)
    written = "\n".join(filter(None, (above, *table.lines, rest)))
    return written, (*table.unread, *unread)


def _runs(lines: Sequence[str], mark: re.Pattern[str], *, is_even: bool) -> Iterator[range]:
    """The stretches of lines that may be a table: all of several cells."""

    def cells(number: int) -> int:
        count = min(len(mark.split(lines[number].strip(" \u3000|｜"))), _MOST_CELLS)
        return 0 if count < _FEWEST else count if is_even else 1

    for count, group in groupby(range(len(lines)), cells):
        run = [*group]
        if count and len(run) >= _FEWEST:
            yield range(run[0], run[-1] + 1)


def _row(number: int, line: str, mark: re.Pattern[str]) -> Row:
    plain = line.strip(" \u3000|｜") if mark is not _TAB else line
    return Row(
        number, tuple(without_plus(each.strip()) for each in mark.split(plain)[:_MOST_CELLS])
    )
