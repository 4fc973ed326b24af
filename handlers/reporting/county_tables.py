"""A table of one task by county, pasted or from a sheet: as the lines of a report."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import zip_longest

from handlers.reading.dates import DateReading, read_date
from handlers.reading.harmless import harmless
from handlers.reading.headings import Vocabulary, indicator_key
from handlers.reading.normalise import name_key, normalise
from handlers.reporting.cells import (
    MOST_ABOVE,
    NUMBER,
    Row,
    day_above,
    is_blank,
    is_one_value,
    unit_above,
    with_unit,
)
from handlers.reporting.table_words import (
    Kind,
    bare,
    day_in,
    is_day_column,
    is_note,
    is_total,
    kind_of,
    unit_in,
)
from models.rules.unit import same_kind, unit_called

_FEWEST_ROWS = 2
_MARK = re.compile(r"^(?:截[至止]到?|到|至)[:：\s]*")
_MOST_NAMED = 5
#: Words over a column of counts that say what is counted by nothing but their unit.
_COUNTED = frozenset("数量 个数 户数 人数 件数 人次 建成数 数 公里数".split())
_NEAR = Decimal("1.5")


@dataclass(frozen=True)
class CountyTable:
    """The lines that the table stands for, what stands above it, and what was not taken.

    *days* are those that its figures are said to be of, as written: more than one is a question.
    *targets* are what it says is to be done in the whole, *allotted* what its counties have to do
    together (empty where not all rows say it), *named* the keys of its counties. *span*
    are the rows from its header to the last county or the whole.
    """

    lines: tuple[str, ...]
    days: tuple[str, ...]
    title: str
    unread: tuple[str, ...]
    targets: tuple[str, ...]
    allotted: str
    named: frozenset[str]
    span: tuple[int, int]


def _no_day(text: str) -> date | None:
    """Without a calendar at hand days are compared as they are written."""
    return None


@dataclass(frozen=True)
class Beside:
    """What is known beside a table: how days are read, which one is *stated*, and the *units* in
    which is counted.
    """

    read: Callable[[str], date | None] = _no_day
    stated: date | None = None
    units: tuple[str, ...] = ()

    def days(self, said: Iterable[str]) -> tuple[str, ...]:
        """The days as written, with the stated one first where it is another."""
        stated = f"{self.stated.month}月{self.stated.day}日" if self.stated else ""
        # 截至 would begin another line.
        return self.each_once((stated, *(_MARK.sub("", each) for each in said)))

    def each_once(self, said: Iterable[str]) -> tuple[str, ...]:
        """The days as written, without those that are the same day."""
        return tuple({self.read(day) or day: day for day in said if day}.values())


@dataclass(frozen=True)
class _Column:
    """A column beside that of the counties: what it says and under which heading."""

    at: int
    kind: Kind
    header: str
    unit: str = ""
    name: str = ""


def day_read(text: str, today: date, covers: tuple[date, date] | None) -> date | None:
    """The day that *text* names; None without one, and where it names several."""
    read = read_date(text, today, covers)
    return read.day if isinstance(read, DateReading) else None


def read_county_table(
    rows: Sequence[Row], places: Iterable[str], vocabulary: Vocabulary, beside: Beside | None = None
) -> CountyTable | None:
    """The table with a county in each row, or in each column; None where it is none of these."""
    keys = frozenset(filter(None, map(name_key, places)))
    upright, first = _upright(list(rows), keys)
    if first is None:
        return None
    at = next(i for i, cell in enumerate(upright[first].cells) if name_key(cell) in keys)
    head = first
    while head > 0 and is_total(_cell(upright[head - 1], at)):
        head -= 1
    if not head or len(_said(upright[head - 1])) < _FEWEST_ROWS:
        return None
    body, above = upright[head:], upright[:head]
    top = head - 2 if _is_over(above) else head - 1
    unit = next(filter(None, map(unit_above, above)), "")
    columns = [*_columns(above[top:], body, at, vocabulary, unit)]
    figures, rivals = _figure_columns(columns, body, beside or Beside())
    named = frozenset(key for row in body if (key := name_key(_cell(row, at))) in keys)
    if not (figures or rivals) or len(named) < _FEWEST_ROWS:
        return None
    reader = _Reader(at, columns, figures, rivals, keys)
    title = " ".join(cell for row in above[:top] for cell in _said(row))
    written = (*reader.days(body), day_above(Row(0, (title,))))
    last = max(n for n, row in enumerate(body, head + 1) if reader.is_row(row))
    is_turned = upright[first] not in rows
    return CountyTable(
        lines=tuple(reader.lines(body)),
        days=(beside or Beside()).each_once(written),
        title=title,
        unread=tuple(reader.unread(body)),
        targets=tuple(reader.targets(body)),
        allotted=reader.allotted(body),
        named=named,
        span=(top, len(rows) if is_turned else last),
    )


def _is_over(above: Sequence[Row]) -> bool:
    """Whether the last two rows are one header: 完成情况 over 完成数 and 完成率."""
    if len(above) < _FEWEST_ROWS or len(_said(above[-2])) < _FEWEST_ROWS:
        return False
    return any(is_blank(_cell(above[-1], n)) for n, c in enumerate(above[-2].cells) if c.strip())


def _upright(rows: list[Row], keys: frozenset[str]) -> tuple[list[Row], int | None]:
    """The rows with one county in each, and the first of these; columns become rows."""
    for number, row in enumerate(rows[: MOST_ABOVE + 1]):
        named = sum(name_key(cell) in keys for cell in row.cells)
        if named == 1:
            return rows, number
        if named > 1 and number + 1 < len(rows):
            below = (each.cells for each in rows[number:])
            turned = [Row(n, cells) for n, cells in enumerate(zip_longest(*below, fillvalue=""), 1)]
            turned = [*rows[:number], *turned]
            is_county = (any(name_key(c) in keys for c in each.cells) for each in turned)
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


def is_counted(header: str, units: Sequence[str] = ()) -> bool:
    """Whether a heading says nothing but that something is counted, in one of the *units*.

    个 are whatever is counted one by one; 户数 and 人数 count something else than 个.
    """
    key = name_key(bare(header))
    unit = unit_called(key.removesuffix("数"))
    if key not in _COUNTED or unit is None or not units:
        return key in _COUNTED
    own = [found.unit for each in units if (found := unit_called(each))]
    return unit.unit in own or (unit.unit.name == "个" and any(same_kind("个", e) for e in units))


def _figure_columns(
    columns: Sequence[_Column], body: Sequence[Row], beside: Beside
) -> tuple[list[_Column], list[_Column]]:
    """Those of the indicators' own names, else the one of what is done; and, where several may be
    meant, these instead.
    """
    groups: dict[str, list[_Column]] = {}
    for each in columns:
        if each.kind is Kind.INDICATOR and each.name:
            groups.setdefault(each.name, []).append(each)
    done = [each for each in columns if each.kind is Kind.DONE]
    counted = [each for each in columns if is_counted(each.header, beside.units)]
    whole = [each for each in done if "累计" in each.header]
    figures: list[_Column] = []
    rivals: list[_Column] = []
    for group in groups.values() or [whole or done or counted]:
        found = _meant(group, body, beside)
        (rivals if len(found) > 1 else figures).extend(found)
    return figures, rivals


def _meant(group: list[_Column], body: Sequence[Row], beside: Beside) -> list[_Column]:
    """The column of the stated day, else that of no other one; all where this decides nothing."""
    if len({tuple(_cell(row, each.at) for row in body) for each in group}) < 2:
        return group[:1]
    stated = [e for e in group if beside.stated and beside.read(day_in(e.header)) == beside.stated]
    undated = [e for e in group if beside.stated and not day_in(e.header)]
    return next((each for each in (stated, undated) if len(each) == 1), group)


class _Reader:
    """Writes the rows below the header as a person would."""

    def __init__(
        self,
        at: int,
        columns: list[_Column],
        figures: list[_Column],
        rivals: list[_Column],
        keys: frozenset[str],
    ) -> None:
        self._at, self._columns, self._figures, self._keys = at, columns, figures, keys
        self._rivals = rivals
        used = (Kind.AS_OF, Kind.PASSED, Kind.RATE, Kind.SECTION, Kind.MEASURE)
        self._unread = [e for e in columns if e not in (*figures, *rivals) and e.kind not in used]
        self._target = next((e for e in columns if "任务" in e.header or "目标" in e.header), None)

    def days(self, body: Sequence[Row]) -> Iterator[str]:
        """The days of the figures: of the whole's row, else of all, and of their headings."""
        columns = [each for each in self._columns if each.kind is Kind.AS_OF]
        wholes = [row for row in body if is_total(_cell(row, self._at))]
        of_whole = [c for row in wholes for e in columns if not is_blank(c := _cell(row, e.at))]
        of_all = (c for row in body for e in columns if not is_blank(c := _cell(row, e.at)))
        yield from of_whole or of_all
        yield from (day_in(each.header) for each in (*self._figures, *self._rivals))

    def targets(self, body: Sequence[Row]) -> Iterator[str]:
        """What is to be done in the whole."""
        for row in body:
            if self._target and is_total(_cell(row, self._at)):
                if value := self._value(row, self._target):
                    yield value

    def allotted(self, body: Sequence[Row]) -> str:
        """What its counties have to do together."""
        rows = [row for row in body if name_key(_cell(row, self._at)) in self._keys]
        said = [_number(_cell(row, self._target.at)) for row in rows] if self._target else []
        known = [each for each in said if each is not None]
        if self._target is None or not known or len(known) < len(said):
            return ""
        return with_unit(f"{sum(known):f}", self._target.unit)

    def lines(self, body: Sequence[Row]) -> Iterator[str]:
        """The counties, the whole, and what is said of single counties in words."""
        counties = [row for row in body if name_key(_cell(row, self._at)) in self._keys]
        yield "各县市："
        for row in counties:
            yield from self._county(row)
        yield from self._wholes(body)
        for column in self._columns:
            if column.kind is Kind.SECTION:
                told = (
                    f"{_cell(r, self._at)}{'；'.join(_cell(r, column.at).split(chr(10)))}"
                    for r in counties
                    if not is_blank(_cell(r, column.at))
                )
                if words := "；".join(told):
                    yield f"{bare(column.header)}：{words}"

    def _wholes(self, body: Sequence[Row]) -> Iterator[str]:
        """What is done in all; two that differ, or two columns, are two lines for the same."""
        wholes = [row for row in body if is_total(_cell(row, self._at))]
        for column in self._figures:
            values = [v for row in wholes if self._is_value(v := self._value(row, column))]
            for value in {_number(each) or each: each for each in values}.values():
                yield f"{column.name or '完成数'}：{value}"
        for row in wholes:
            rivals = [(each, v) for each in self._rivals if (v := self._value(row, each))]
            if all(self._is_value(value) for _, value in rivals):
                yield from (f"{e.name or '完成数'}：{value}（{e.header}）" for e, value in rivals)

    def unread(self, body: Sequence[Row]) -> Iterator[str]:
        """The columns, the rows and the cells that say something and were not taken."""
        for column in self._unread[:_MOST_NAMED]:
            if any(not is_blank(_cell(row, column.at)) for row in body):
                yield f"表中“{harmless(column.header)[:20]}”一列"
        if self._rivals:
            columns = "、".join(harmless(each.header)[:20] for each in self._rivals)
            yield f"各县市的数（不知取“{columns}”哪一列）"
        for row in body:
            name = _cell(row, self._at)
            if self.is_read(row):
                yield from self._words(row, harmless(name)[:20])
            elif self.is_row(row) and not (is_blank(name) or is_note(name)):
                yield f"表中“{harmless(name)[:20]}”一行"

    def _words(self, row: Row, name: str) -> Iterator[str]:
        """What stands where a figure of a county or of the whole belongs: 未完成, 正在统计."""
        for column in (*self._figures, *self._rivals):
            value = self._value(row, column)
            if value and not self._is_value(value):
                yield f"{name}“{harmless(value)[:20]}”"

    def is_row(self, row: Row) -> bool:
        """Whether a row is a county's, or has a figure where they have theirs."""
        values = (self._value(row, each) for each in (*self._figures, *self._rivals))
        return self.is_read(row) or any(_number(each) is not None for each in values)

    def is_read(self, row: Row) -> bool:
        """Whether a row is a county's or that of the whole."""
        name = _cell(row, self._at)
        return name_key(name) in self._keys or is_total(name)

    def _county(self, row: Row) -> Iterator[str]:
        name = "".join(_cell(row, self._at).split())
        values = ((each, self._value(row, each)) for each in self._figures)
        said = [(each, value) for each, value in values if self._is_value(value)]
        if len(self._figures) == 1 and said:
            rate = self._rate(row)
            yield f"{name}：{said[0][1]}{f'（{rate}）' if rate else ''}"
        elif said:
            # Each with its own name: a county's line goes on from figure to figure.
            yield f"{name}：{'，'.join(f'{column.name}{value}' for column, value in said)}"

    def _value(self, row: Row, column: _Column) -> str:
        value = _cell(row, column.at)
        return "" if is_blank(value) else with_unit(value, column.unit)

    def _is_value(self, value: str) -> bool:
        """Whether a cell may stand in a line: what is more than one figure is left and named."""
        return is_one_value(value, self._keys)

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
