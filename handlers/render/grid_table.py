"""A grid as plain data: rows of names and signs under columns, whatever the signs mean."""

from dataclasses import dataclass

from handlers.render.signs import BLANK, Meanings, Sign


@dataclass(frozen=True)
class GridCell:
    """A sign, and the figure under it; *tag* is a small letter in its corner."""

    sign: Sign = BLANK
    text: str = ""
    tag: str = ""


@dataclass(frozen=True)
class GridRow:
    """A name with a smaller *note* under it, a cell for each column, and a word at the *end*."""

    name: str
    cells: tuple[GridCell, ...]
    note: str = ""
    end: str = ""


@dataclass(frozen=True)
class GridGroup:
    """Rows under a heading that says how many; without one they stand under the columns alone."""

    heading: str
    rows: tuple[GridRow, ...]
    count: str = ""


@dataclass(frozen=True)
class Grid:
    """All that stands in the picture; *corner* names the rows, *end* the words behind them.

    *totals* is the last row. *below* stands under the rows, *footer* under that in grey; *empty*
    is said instead of rows, *mark* aloud that it is no real data.
    """

    title: str
    subtitle: str
    corner: str
    columns: tuple[str, ...]
    groups: tuple[GridGroup, ...]
    meanings: Meanings = ()
    end: str = ""
    totals: GridRow | None = None
    below: str = ""
    footer: str = ""
    empty: str = "暂无可显示的内容"
    mark: str | None = None

    @property
    def rows(self) -> tuple[GridRow, ...]:
        """The rows of all groups."""
        return tuple(row for group in self.groups for row in group.rows)
