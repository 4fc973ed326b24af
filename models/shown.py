"""What a word says once more for doors that show more than lines: a table, a page to tap."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from models.rules.plain import inert


@dataclass(frozen=True)
class Table:
    """Columns under their heads; every row is as long as the head."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Page:
    """What a tap opens: its word, the address of a page, file or chat of ours, a file's kind."""

    label: str
    address: str
    mime: str = ""


@dataclass(frozen=True)
class Shown:
    """All that the text says, in another form: words, then a table, words again, and a page."""

    above: str
    table: Table | None = None
    below: str = ""
    page: Page | None = None

    def inert(self) -> "Shown":
        """The same, mentioning nobody and leading nowhere but to the page."""
        return Shown(
            inert(self.above),
            self.table and Table(_inert(self.table.head), tuple(map(_inert, self.table.rows))),
            inert(self.below),
            self.page and replace(self.page, label=inert(self.page.label)),
        )

    def data(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self)


def shown_from(data: Mapping[str, Any]) -> Shown:
    """What was stored by `Shown.data`."""
    table, page = data["table"], data["page"]
    return Shown(
        data["above"],
        table and Table(tuple(table["head"]), tuple(map(tuple, table["rows"]))),
        data["below"],
        page and Page(**page),
    )


def _inert(cells: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(inert(each).replace("\n", " ") for each in cells)
