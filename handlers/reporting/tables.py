"""A table with reports, pasted or from a sheet: every row becomes a report in lines."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from handlers.reading.harmless import harmless
from handlers.reading.headings import Heading, Vocabulary, indicator_key
from handlers.reading.normalise import clean, command_key, name_key, normalise
from handlers.reporting.blocks import Known, named_in
from handlers.reporting.cells import (
    MOST_ABOVE,
    NUMBER,
    Row,
    day_above,
    is_blank,
    is_one_value,
    with_unit,
)
from handlers.reporting.items import Item
from handlers.reporting.table_words import (
    HEADERS,
    Kind,
    bare,
    day_in,
    is_day_column,
    is_note,
    is_of_places,
    is_sum,
    is_total,
    kind_of,
    unit_in,
)
from models.rules.unit import unit_called

#: So many rows that were not read are named.
_MOST_NAMED = 10
#: What a spreadsheet shows where it could not work something out, or a column was too narrow.
_ERROR = re.compile(r"#(?:N/A|[A-Z0-9/]{3,12}[!?]|#+)", re.IGNORECASE)
_FIGURE = re.compile(r"[约近]?\s*-?[0-9][0-9,]*(?:\.[0-9]+)?\s*[^0-9\s,;。:、]{0,6}")
_VALUES = frozenset((Kind.DONE, Kind.RATE, Kind.PROGRESS, Kind.SECTION, Kind.COUNTY))


@dataclass(frozen=True)
class Column:
    """One column: what it says, its header, the unit in it, and the section it is."""

    kind: Kind
    header: str
    unit: str = ""


@dataclass(frozen=True)
class Table:
    """The reports of a table, and what of it was not read, said once for all rows."""

    items: tuple[Item, ...]
    notes: tuple[str, ...]
    has_header: bool


@dataclass
class _Report:
    """The rows of one task, gathered: lines in the order of a report."""

    name: str
    number: int
    unit: str
    lines: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Headers:
    """What may head a column, by its key: sections that are asked of the writer, and counties."""

    sections: frozenset[str] = frozenset()
    counties: frozenset[str] = frozenset()


def read_table(
    rows: Sequence[Row],
    known: Sequence[Known],
    sections: Iterable[str],
    units: Iterable[str],
    counties: Iterable[str] = (),
) -> Table | None:
    """The reports in a table with a header; None where no header is found.

    *sections* are the names of those that are asked of the writer, *units* are the writer's own.
    A column of one of the *counties* has its figures, one of the whole those of the task.
    """
    names = Headers(frozenset(map(name_key, sections)), frozenset(map(name_key, counties)))
    place = next(
        (at for at, row in enumerate(rows[:MOST_ABOVE]) if _is_header(row, names, known)), None
    )
    if place is None:
        return None
    columns, used = _columns(rows, place, names)
    columns = _settled(columns, rows[place + 1 + used :])
    day = next((found for row in rows[:place] if (found := day_above(row))), "")
    reader = _Reader(columns, known, frozenset(map(name_key, units)), day)
    for row in rows[place + 1 + used :]:
        reader.take(row)
    return reader.table()


def read_bare(rows: Sequence[Row], known: Sequence[Known]) -> Table | None:
    """The reports in a table without header, each row beginning with a task; else None."""
    items, notes = [], []
    for row in rows:
        cells = [each for each in row.cells if not is_blank(each)]
        if len(cells) > 2 and cells[0].strip().isdecimal():
            cells = cells[1:]
        is_read = len(cells) > 1 and not any(map(_ERROR.fullmatch, cells))
        if is_read and named_in(cells[0], known):
            items.append(Item(cells[0], "\n".join(cells[1:]), f"第{row.number}行 "))
        elif cells:
            notes.append(f"第{row.number}行“{harmless(' '.join(cells))[:20]}”")
    if not items or len(items) < len(notes):
        return None
    said = (f"未读懂，未采用：{_few(notes)}。",) if notes else ()
    return Table(tuple(items), said, has_header=False)


def _few(rows: Sequence[str]) -> str:
    more = len(rows) - _MOST_NAMED
    return "、".join(rows[:_MOST_NAMED]) + (f"，另有{more}行" if more > 0 else "")


def looks_like_table(rows: Sequence[Row]) -> bool:
    """Whether a header names a column of tasks, or of counties and their figures; rows follow."""
    said = [row for row in rows if not row.is_empty]
    above = said[:-1][:MOST_ABOVE]
    kinds = ([kind_of(cell) for cell in row.cells] for row in above)
    is_of_tasks = any(len(each) > 1 and {Kind.NUMBER, Kind.NAME} & {*each} for each in kinds)
    return is_of_tasks or any(len(row.cells) > 1 and is_of_places(row.cells) for row in above)


def _is_header(row: Row, names: Headers, known: Sequence[Known]) -> bool:
    kinds = {_column(each, names).kind for each in row.cells if not is_blank(each)}
    has_task = bool(kinds & {Kind.NUMBER, Kind.NAME})
    has_value = bool(kinds & _VALUES) or any(_is_indicator(c, known) for c in row.cells)
    return has_task and has_value


def _is_indicator(header: str, known: Sequence[Known]) -> bool:
    key = name_key(bare(header))
    return bool(key) and any(key in map(name_key, each.words) for each in known)


def _columns(rows: Sequence[Row], place: int, names: Headers) -> tuple[list[Column], int]:
    """The columns, and how many further rows their header takes (完成情况 over 完成数)."""
    columns = [_column(each, names) for each in rows[place].cells]
    below = rows[place + 1] if place + 1 < len(rows) else None
    if below is None or not _is_second_header(below, columns, names):
        return columns, 0
    for at, cell in enumerate(below.cells):
        if not is_blank(cell):
            columns[at : at + 1] = [_column(cell, names)]
    return columns, 1


def _is_second_header(row: Row, columns: Sequence[Column], names: Headers) -> bool:
    said = [(at, cell) for at, cell in enumerate(row.cells) if not is_blank(cell)]
    kinds = [_column(cell, names).kind for _, cell in said]
    known = [columns[at].kind for at, _ in said if at < len(columns)]
    over_task = any(each in (Kind.NUMBER, Kind.NAME) for each in known)
    return bool(said) and not over_task and all(kind is not Kind.OTHER for kind in kinds)


def _column(header: str, names: Headers) -> Column:
    kind = kind_of(header)
    key = name_key(bare(header))
    if key in names.counties:
        kind = Kind.COUNTY
    elif key in names.sections or (kind is Kind.OTHER and _is_dressed(key, names.sections)):
        kind = Kind.SECTION
    return Column(kind, " ".join(clean(header).split()), unit_in(header))


def _settled(columns: Sequence[Column], rows: Sequence[Row]) -> list[Column]:
    """The columns with what only their cells or their neighbours tell: the day, the whole."""
    kinds = [each.kind for each in columns]
    settled = list(columns)
    for at, column in enumerate(columns):
        cells = [row.cells[at] for row in rows if at < len(row.cells)]
        said = [each for each in cells if not is_blank(each)]
        if column.kind is Kind.OTHER and Kind.AS_OF not in kinds:
            if is_day_column(column.header, said):
                settled[at] = replace(column, kind=Kind.AS_OF)
        if is_total(column.header) and Kind.COUNTY in kinds and Kind.DONE not in kinds:
            settled[at] = replace(column, kind=Kind.DONE)
    return settled


def _is_dressed(key: str, sections: frozenset[str]) -> bool:
    """主要措施 and 措施及成效 are said of 措施."""
    every = sections | frozenset(map(name_key, HEADERS[Kind.SECTION]))
    return any(key.endswith(each) or key.startswith(each) for each in every if each)


class _Reader:
    """Goes through the rows below a header."""

    def __init__(
        self, columns: list[Column], known: Sequence[Known], units: frozenset[str], day: str
    ) -> None:
        self._columns = columns
        self._known = known
        self._units = units
        self._day = day
        self._reports: list[_Report] = []
        self._unread: dict[str, None] = {}
        self._lost: list[str] = []
        self._errors: list[str] = []
        self._left: list[str] = []
        self._places = frozenset(
            name_key(bare(each.header)) for each in columns if each.kind is Kind.COUNTY
        )
        self._has_indicators = any(each.kind is Kind.INDICATOR for each in columns)

    def table(self) -> Table:
        items = [
            Item(each.name, "\n".join(each.lines), f"第{each.number}行 ", each.unit)
            for each in self._reports
            if each.lines
        ]
        blank = sum(not each.lines for each in self._reports)
        notes = [f"有{blank}行没有填内容，未处理。"] if blank and items else []
        if self._unread:
            notes.append(f"未采用的列：{'、'.join(self._unread)}。")
        if self._lost:
            notes.append(f"未读懂的行：{_few(self._lost)}。")
        if self._left:
            notes.append(f"未采用的单元格：{_few(self._left)}。")
        if self._errors:
            notes.append(f"错误值未读取：{_few(self._errors)}。请改正后重发这几行。")
        return Table(tuple(items), tuple(notes), has_header=True)

    def take(self, row: Row) -> None:
        cells = [(c, v.strip()) for c, v in zip(self._columns, row.cells, strict=False)]
        said = [(c, v) for c, v in cells if not is_blank(v) and not self._is_error(row, c, v)]
        if not said or is_note(said[0][1]):
            return
        name = self._name(said)
        if is_sum(name):
            return
        report = self._report_for(name, row, said)
        if report is None:
            self._lost.append(f"第{row.number}行“{harmless(said[0][1])[:20]}”")
            return
        report.lines += self._lines(report, [*self._taken(row, said)])

    def _taken(self, row: Row, said: Sequence[tuple[Column, str]]) -> Iterator[tuple[Column, str]]:
        """What is said, but the cells of counties with more than one figure: these are named."""
        for column, value in said:
            if column.kind is Kind.COUNTY and not is_one_value(value, self._places):
                shown = f"{harmless(column.header)[:20]}“{harmless(value)[:20]}”"
                self._left.append(f"第{row.number}行{shown}")
            else:
                yield column, value

    def _is_error(self, row: Row, column: Column, value: str) -> bool:
        """Whether a cell shows that a formula failed; said of the columns that are read."""
        if _ERROR.fullmatch(value) is None:
            return False
        if column.kind is not Kind.PASSED:
            self._errors.append(f"第{row.number}行“{harmless(column.header)[:20]}”{value}")
        return True

    def _name(self, said: Sequence[tuple[Column, str]]) -> str:
        """The number if it is one of a task, else the name."""
        number = next((v for c, v in said if c.kind is Kind.NUMBER), "")
        called = next((v for c, v in said if c.kind is Kind.NAME), "")
        is_place = normalise(number).isdecimal() or not number
        return " ".join((called if is_place and called else number).split())

    def _report_for(
        self, name: str, row: Row, said: Sequence[tuple[Column, str]]
    ) -> _Report | None:
        """A row without a task goes on with the one above, as merged cells do."""
        last = self._reports[-1] if self._reports else None
        unit = next((v for c, v in said if self._is_own_unit(c, v)), "")
        if not name:
            says_more = any(c.kind in _VALUES or c.kind is Kind.INDICATOR for c, _ in said)
            return last if says_more else None
        if last and self._has_indicators and (last.name, last.unit) == (name, unit):
            return last
        self._reports.append(_Report(name, row.number, unit))
        return self._reports[-1]

    def _is_own_unit(self, column: Column, value: str) -> bool:
        is_place = column.kind in (Kind.REPORTER, Kind.MEASURE, Kind.PASSED)
        return is_place and name_key(value) in self._units

    def _lines(self, report: _Report, said: Sequence[tuple[Column, str]]) -> Iterator[str]:
        """The row in lines as a person would write them, the day first."""
        day = next((v for c, v in said if c.kind is Kind.AS_OF), "") or self._header_day()
        if day and not any(line.startswith("截至：") for line in report.lines):
            if any(c.kind in _VALUES or c.kind is Kind.OTHER for c, _ in said):
                yield f"截至：{day}"
        indicator = next((v for c, v in said if c.kind is Kind.INDICATOR), "")
        measure = next((v for c, v in said if c.kind is Kind.MEASURE and unit_called(v)), "")
        rate = next((_share(c, v) for c, v in said if c.kind is Kind.RATE), "")
        for column, value in said:
            if column.kind is Kind.DONE:
                yield from _done(column, value, indicator, measure, rate)
            elif column.kind is Kind.PROGRESS:
                yield from value.split("\n")
            elif column.kind is Kind.SECTION:
                yield f"{bare(column.header)}：{'；'.join(value.split(chr(10)))}"
            elif column.kind is Kind.OTHER:
                yield from self._other(report, column, value)
        has_done = any(c.kind is Kind.DONE for c, _ in said)
        if rate and not (indicator and has_done):
            yield f"{indicator or ''}完成率：{rate}"
        counties = [(c, v) for c, v in said if c.kind is Kind.COUNTY]
        yield from _county_lines(counties, indicator, measure)

    def _header_day(self) -> str:
        days = (day_in(each.header) for each in self._columns if each.kind is Kind.DONE)
        return next(filter(None, days), self._day)

    def _other(self, report: _Report, column: Column, value: str) -> Iterator[str]:
        """A column named after an indicator of the row's task, or one that nobody asks for."""
        words = {w for each in named_in(report.name, self._known) for w in each.words}
        vocabulary = Vocabulary(indicators=tuple(Heading(w, (w,)) for w in sorted(words)))
        header = bare(column.header)
        exact = next((w for w in words if name_key(w) == name_key(header)), None)
        if found := exact or indicator_key(header, vocabulary):
            yield f"{found}：{with_unit(value, column.unit)}"
        else:
            self._unread.setdefault(harmless(column.header)[:20] or "无标题的一列")


def _done(column: Column, value: str, indicator: str, measure: str, rate: str) -> Iterator[str]:
    """The figure of a row; a sentence in its place is read as a sentence."""
    if not _FIGURE.fullmatch(normalise(value).strip()) and not indicator:
        is_word = command_key(value) in ("无变化", "同上", "同上期")
        yield from [f"完成数：{value}"] if is_word else value.split("\n")
        return
    figure = with_unit(value, column.unit or measure)
    share = f"（{rate}）" if rate and indicator else ""
    yield f"{indicator or '完成数'}：{figure}{share}"


def _county_lines(
    counties: Sequence[tuple[Column, str]], indicator: str, measure: str
) -> Iterator[str]:
    """The counties of a row, each on a line."""
    if counties:
        yield "各县市："
    for column, value in counties:
        yield f"{column.header}：{indicator}{with_unit(value, column.unit or measure)}"


def _share(column: Column, value: str) -> str:
    """28.5 under 完成率(%) or above 1 is 28.5%; of a bare 0.285 it is asked which share it is."""
    plain = normalise(value).strip()
    if NUMBER.fullmatch(plain) is None:
        return value
    number = Decimal(plain.lstrip("约近 ").replace(",", ""))
    if column.unit == "%" or number > 1 or not number:
        return f"{value}%"
    return f"{value}%或{(number * 100).normalize():f}%"


def of_programme(table: Table, code: str, known: Sequence[Known]) -> Table:
    """The table of a sheet that is named after one programme: its numbers mean that one's tasks."""
    items = (
        replace(each, name=f"{code}:{each.name}") if named_in(each.name, known) else each
        for each in table.items
    )
    return replace(table, items=tuple(items))
