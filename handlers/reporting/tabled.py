"""The county tables within a message, pasted between its lines: each as the lines it stands for."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import groupby

from handlers.reading.harmless import harmless
from handlers.reading.lines import read_lines
from handlers.reading.normalise import clean, name_key, normalise
from handlers.reading.quantity import Quantity, read_quantity
from handlers.reporting.cells import Row
from handlers.reporting.content import Content
from handlers.reporting.county_tables import Beside, CountyTable, day_read, read_county_table
from handlers.reporting.form import Form
from handlers.reporting.refused_tables import without_refused
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


@dataclass(frozen=True)
class _Found:
    """A text with its tables as lines, what of these was not taken, and the days they name."""

    text: str
    unread: tuple[str, ...] = ()
    days: tuple[str, ...] = ()


def with_county_tables(
    text: str, content: Content, form: Form, today: date
) -> tuple[str, tuple[str, ...]]:
    """*text* with its first county tables as lines, and what of these was not taken.

    Where a table names another day than was told, in the text or before it (*content*), or several,
    all of them are written as the day: it is asked which.
    """
    if not form.indicators or not any(name in text for name in form.places):
        return text, ()
    units = tuple(each.unit for each in form.indicators)
    stated = None if content.is_day_assumed else content.as_of
    beside = Beside(lambda said: day_read(said, today, form.covers), stated, units)
    found = _read(clean(text), form, beside, _MOST_TABLES)
    plain, refused = without_refused(found.text, form)
    if plain == clean(text):
        return text, ()
    unread = (*found.unread, *refused)
    if not found.days:
        return plain, unread
    beside = replace(beside, stated=_stated(found.text, form, beside))
    return f"{plain}\n截至：{'、'.join(beside.days(found.days))}", unread


def _stated(text: str, form: Form, beside: Beside) -> date | None:
    """The day of a line of its own, else the one that was told before."""
    lines = read_lines(text, form.vocabulary).as_of
    return next(filter(None, (beside.read(line.text) for line in lines)), beside.stated)


def _read(text: str, form: Form, beside: Beside, most: int) -> _Found:
    if not most or sum(text.count(name) for name in form.places) < _FEWEST:
        return _Found(text)
    lines = text.split("\n")
    for mark, is_even in _WAYS:
        for run in _runs(lines, mark, is_even=is_even):
            rows = [_row(n, lines[n], mark) for n in run]
            rows = [row for row in rows if not _RULE.fullmatch("".join(row.cells))]
            table = read_county_table(rows, form.places, form.vocabulary, beside)
            if table is not None:
                return _replaced(lines, rows, table, form, beside, most)
    return _Found(text)


def _replaced(
    lines: list[str], rows: Sequence[Row], table: CountyTable, form: Form, beside: Beside, most: int
) -> _Found:
    """The lines with the table's own in its place; what stands around it is read as before."""
    first, last = table.span
    inside = rows[first:last]
    start, stop = inside[0].number, inside[-1].number + 1
    if start and _TITLE.fullmatch(normalise(lines[start - 1]).strip()):
        start -= 1
        inside = [Row(start, (lines[start],)), *inside]
    above, below = "\n".join(lines[:start]), "\n".join(lines[stop:])
    own = replace(beside, stated=_stated(f"{above}\n{below}", form, beside))
    table = read_county_table(inside, form.places, form.vocabulary, own) or table
    rest = _read(below, form, beside, most - 1)
    written = "\n".join(filter(None, (above, *table.lines, rest.text)))
    unread = (*table.unread, *_other_targets(table, form), *rest.unread)
    return _Found(written, unread, (*table.days, *rest.days))


def _other_targets(table: CountyTable, form: Form) -> Iterator[str]:
    """What a table says is to be done in the whole, where that is not what is known.

    Without a row of the whole that is what all counties have together; where only some are named,
    their sum is no task of the whole.
    """
    known = form.only_indicator.target if form.only_indicator else None
    if known is None:
        return
    counties = ([each.name, *each.aliases] for each in form.counties)
    is_whole = all(table.named & {*map(name_key, names)} for names in counties)
    allotted = _amount(table.allotted, form)
    for text in table.targets or ((table.allotted,) if is_whole else ()):
        amount = _amount(text, form)
        if amount not in (None, known) and (is_whole or amount != allotted):
            yield f"表中任务数“{harmless(text)[:20]}”（与下达的不同）"


def _amount(text: str, form: Form) -> Decimal | None:
    unit = form.only_indicator.unit if form.only_indicator else ""
    read = read_quantity(text, unit)
    return read.value if isinstance(read, Quantity) else None


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
