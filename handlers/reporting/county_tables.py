"""A table of one task by county, pasted or from a sheet: as the lines of a report."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest

from handlers.reading.harmless import harmless
from handlers.reading.headings import Vocabulary, indicator_key
from handlers.reading.normalise import command_key, normalise
from handlers.reporting.cells import NUMBER, Row, day_above, is_blank, unit_above, with_unit
from handlers.reporting.table_words import (
    Kind,
    bare,
    day_in,
    is_day_column,
    is_total,
    kind_of,
    unit_in,
)

#: Titles and remarks stand above a header.
_MOST_ABOVE = 10
_FEWEST_ROWS = 2
_MOST_NAMED = 5
#: Words over a column of counts that say what is counted by nothing but their unit.
_COUNTED = frozenset("数量 个数 户数 人数 件数 人次 建成数 数 公里数".split())
_NOTES = re.compile("说明|注|备注|制表|填表|审核|例[:：]")
_NEAR = Decimal("1.5")


@dataclass(frozen=True)
class CountyTable:
    """The lines that the table stands for, what stands above it, and what was not taken.

    *span* are the rows from its header to the last county or the whole.
    """

    lines: tuple[str, ...]
    title: str
    unread: tuple[str, ...]
    span: tuple[int, int]


@dataclass(frozen=True)
class _Column:
    """A column beside that of the counties: what it says and under which heading."""

    at: int
    kind: Kind
    header: str
    unit: str = ""
    name: str = ""


def read_county_table(
    rows: Sequence[Row], places: Iterable[str], vocabulary: Vocabulary
) -> CountyTable | None:
    """The table with a county in each row, or in each column; None where it is none of these."""
    keys = frozenset(filter(None, map(command_key, places)))
    upright, first = _upright(list(rows), keys)
    if first is None:
        return None
    at = next(i for i, cell in enumerate(upright[first].cells) if command_key(cell) in keys)
    head = first
    while head > 0 and is_total(_cell(upright[head - 1], at)):
        head -= 1
    if not head or len(_said(upright[head - 1])) < _FEWEST_ROWS:
        return None
    body, above = upright[head:], upright[:head]
    top = head - 2 if _is_over(above) else head - 1
    unit = next(filter(None, map(unit_above, above)), "")
    columns = [*_columns(above[top:], body, at, vocabulary, unit)]
    figures = [*_figure_columns(columns)]
    if not figures or sum(command_key(_cell(row, at)) in keys for row in body) < _FEWEST_ROWS:
        return None
    reader = _Reader(at, columns, figures, keys)
    title = " ".join(cell for row in above[:top] for cell in _said(row))
    lines = tuple(reader.lines(body, day_above(Row(0, (title,)))))
    last = max(n for n, row in enumerate(body, head + 1) if reader.is_row(row))
    is_turned = upright[first] not in rows
    span = (top, len(rows) if is_turned else last)
    return CountyTable(lines, title, tuple(reader.unread(body)), span)


def _is_over(above: Sequence[Row]) -> bool:
    """Whether the last two rows are one header: 完成情况 over 完成数 and 完成率."""
    if len(above) < _FEWEST_ROWS or len(_said(above[-2])) < _FEWEST_ROWS:
        return False
    return any(is_blank(_cell(above[-1], n)) for n, c in enumerate(above[-2].cells) if c.strip())


def _upright(rows: list[Row], keys: frozenset[str]) -> tuple[list[Row], int | None]:
    """The rows with one county in each, and the first of these; columns become rows."""
    for number, row in enumerate(rows[: _MOST_ABOVE + 1]):
        named = sum(command_key(cell) in keys for cell in row.cells)
        if named == 1:
            return rows, number
        if named > 1 and number + 1 < len(rows):
            below = (each.cells for each in rows[number:])
            turned = [Row(n, cells) for n, cells in enumerate(zip_longest(*below, fillvalue=""), 1)]
            turned = [*rows[:number], *turned]
            is_county = (any(command_key(c) in keys for c in each.cells) for each in turned)
            return turned, next((n for n, found in enumerate(is_county) if found), None)
    return rows, None


def _cell(row: Row, at: int) -> str:
    return row.cells[at].strip() if at < len(row.cells) else ""


def _said(row: Row) -> list[str]:
    return [cell.strip() for cell in row.cells if not is_blank(cell)]


def _columns(
    above: Sequence[Row], body: Sequence[Row], at: int, vocabulary: Vocabulary, unit: str
) -> Iterator[_Column]:
    """The columns with a heading; one that is blank there has it a row higher."""
    for place in range(max(len(row.cells) for row in (*above, *body))):
        header = next((c for row in reversed(above) if (c := _cell(row, place))), "")
        if place == at or not header:
            continue
        cells = [c for row in body if not is_blank(c := _cell(row, place))]
        kind, key = kind_of(header), indicator_key(bare(header), vocabulary)
        name = next((h.names[0] for h in vocabulary.indicators if h.key == key), "")
        if is_day_column(header, cells):
            kind = Kind.AS_OF
        elif kind is Kind.OTHER and name:
            kind = Kind.INDICATOR
        elif kind is Kind.SECTION and all(map(_is_number, cells)):
            kind = Kind.PASSED  # 目标任务 over figures
        yield _Column(place, kind, header, unit_in(header) or unit, name)


def _figure_columns(columns: Sequence[_Column]) -> Iterator[_Column]:
    """Those of the indicators' own names; else the one of what is done."""
    named = [each for each in columns if each.kind is Kind.INDICATOR and each.name]
    done = [each for each in columns if each.kind is Kind.DONE]
    counted = [each for each in columns if command_key(bare(each.header)) in _COUNTED]
    whole = [each for each in done if "累计" in each.header]
    yield from named or (whole or done or counted)[:1]


class _Reader:
    """Writes the rows below the header as a person would."""

    def __init__(
        self, at: int, columns: list[_Column], figures: list[_Column], keys: frozenset[str]
    ) -> None:
        self._at, self._columns, self._figures, self._keys = at, columns, figures, keys
        used = (Kind.AS_OF, Kind.PASSED, Kind.RATE, Kind.SECTION, Kind.MEASURE)
        self._unread = [e for e in columns if e not in figures and e.kind not in used]
        self._target = next((e for e in columns if "任务" in e.header or "目标" in e.header), None)

    def lines(self, body: Sequence[Row], day: str) -> Iterator[str]:
        """The counties, the day, the whole, and what is said of single counties in words."""
        counties = [row for row in body if command_key(_cell(row, self._at)) in self._keys]
        whole = next((row for row in body if is_total(_cell(row, self._at))), None)
        days = {_cell(row, e.at) for row in body for e in self._columns if e.kind is Kind.AS_OF}
        days -= {""}
        headed = (day_in(each.header) for each in self._figures)
        yield "各县市："
        for row in counties:
            yield from self._county(row)
        if day := next(iter(days), "") if len(days) == 1 else next(filter(None, headed), day):
            yield f"截至：{day}"
        for column in self._figures if whole else ():
            if whole and (value := self._value(whole, column)):
                yield f"{column.name or '完成数'}：{value}"
        for column in self._columns:
            if column.kind is Kind.SECTION:
                told = (
                    f"{_cell(r, self._at)}{_cell(r, column.at)}"
                    for r in counties
                    if not is_blank(_cell(r, column.at))
                )
                if words := "；".join(told):
                    yield f"{bare(column.header)}：{words}"

    def unread(self, body: Sequence[Row]) -> Iterator[str]:
        """The columns and the rows that say something and were not taken."""
        for column in self._unread[:_MOST_NAMED]:
            if any(not is_blank(_cell(row, column.at)) for row in body):
                yield f"表中“{harmless(column.header)[:20]}”一列"
        for row in body:
            name = _cell(row, self._at)
            is_told = self.is_read(row) or is_blank(name) or _NOTES.match(name)
            if self.is_row(row) and not is_told:
                yield f"表中“{harmless(name)[:20]}”一行"

    def is_row(self, row: Row) -> bool:
        """Whether a row is a county's, or has a figure where they have theirs."""
        values = (self._value(row, each) for each in self._figures)
        return self.is_read(row) or any(_number(each) is not None for each in values)

    def is_read(self, row: Row) -> bool:
        """Whether a row is a county's or that of the whole."""
        name = _cell(row, self._at)
        return command_key(name) in self._keys or is_total(name)

    def _county(self, row: Row) -> Iterator[str]:
        name = "".join(_cell(row, self._at).split())
        said = [(e, v) for e in self._figures if (v := self._value(row, e))]
        if len(self._figures) == 1 and said:
            rate = self._rate(row)
            yield f"{name}：{said[0][1]}{f'（{rate}）' if rate else ''}"
        elif said:
            # Each with its own name: a county's line goes on from figure to figure.
            yield f"{name}：{'，'.join(f'{column.name}{value}' for column, value in said)}"

    def _value(self, row: Row, column: _Column) -> str:
        value = _cell(row, column.at)
        return "" if is_blank(value) else with_unit(value, column.unit)

    def _rate(self, row: Row) -> str:
        """The county's percentage as it is written; of a bare 0.55 the reading that fits."""
        column = next((each for each in self._columns if each.kind is Kind.RATE), None)
        written = normalise(_cell(row, column.at)).strip() if column else ""
        if written.endswith("%"):
            return written
        rate, done = _number(written), _number(self._value(row, self._figures[0]))
        target = _number(_cell(row, self._target.at)) if self._target else None
        if rate is None or done is None or not target:
            return ""
        share = done / target * 100
        near = [each for each in (rate, rate * 100) if abs(each - share) <= _NEAR]
        return f"{near[0].normalize():f}%" if len(near) == 1 else ""


def _is_number(text: str) -> bool:
    return NUMBER.fullmatch(normalise(text).strip()) is not None


def _number(text: str) -> Decimal | None:
    found = NUMBER.match(normalise(text).strip())
    return Decimal(found[0].lstrip("约近 ").replace(",", "")) if found else None
