"""One row of a task table → its tasks, with what it shares with the rows above it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from models.programmes.documents.blocks import Row, one_line
from models.programmes.documents.cells import (
    Units,
    is_ditto,
    is_nothing,
    number_in,
    tasks_in,
    units_in,
    wording_in,
)
from models.programmes.documents.headers import Column, share_name
from models.programmes.documents.items import Item, Notes, Section, Target

_SAME_BEGINNING = 6
_FROM_ABOVE = "牵头单位为空，按合并单元格沿用上方的单位"


@dataclass
class Above:
    """What stands above the row at hand: sections, and cells that rows below share."""

    sections: tuple[Section, ...] = ()
    cells: dict[Column, str] = field(default_factory=dict)
    themes: set[str] = field(default_factory=set)
    borrowed: list[str] = field(default_factory=list)

    def tell_borrowed(self, notes: Notes) -> None:
        """In one line, the rows whose lead unit stands in a merged cell above."""
        if self.borrowed:
            many = f"等{len(self.borrowed)}行" if len(self.borrowed) > 1 else ""
            notes.assume(f"{self.borrowed[0]}{many}", f"{_FROM_ABOVE}，请核对")

    def enter(self, section: Section, depth: int) -> None:
        """From here on rows stand under *section*; numbers and merged cells begin anew."""
        self.sections = (*self.sections[:depth], section)
        self.cells.clear()


def said(row: Row, columns: Sequence[Column], column: Column) -> str:
    """What the row says in *column*, the parts of a divided column together."""
    texts = [
        cell.text.strip()
        for cell, each in zip(row.cells, columns, strict=False)
        if each is column and not cell.left and cell.text.strip()
    ]
    if len(texts) > 1 and texts[0][:_SAME_BEGINNING] == texts[1][:_SAME_BEGINNING]:
        return max(texts, key=len)
    return ("" if column is Column.TITLE else "\n").join(texts)


@dataclass(frozen=True, slots=True)
class RowReader:
    """Reads one row; *below* is the next lead unit printed further down.

    *centred*: units stand in the middle of their merged cells, so that an empty cell may belong
    to the unit above or to the one below. *merges*: the file says which cells are merged.
    """

    row: Row
    columns: Sequence[Column]
    labels: Sequence[str]
    above: Above
    below: str
    centred: bool
    merges: bool
    notes: Notes

    def add_to(self, items: list[Item]) -> None:
        """Append the row's tasks to *items*, or its amount to the task that it goes on with."""
        title = self._said(Column.TITLE)
        if items and self._goes_on(title):
            items[-1] = self._with_more(items[-1])
            return
        if items and not title and (units := self._whole_units()) is not None:
            items[-1] = replace(items[-1], lead=units.lead, supporting=units.supporting)
            return
        theme, title = self._theme_and_title(title)
        if not title:
            rest = "、".join(one_line(text) for text in self.row.texts if text.strip())
            self.notes.miss(self.row.place, f"没有任务内容，未读入：{rest[:40]}")
            return
        (number, printed), (units, assumed) = self._number(), self._units()
        wording, inherited = self._wording()
        tasks = tasks_in(title)
        for part, text in tasks:
            items.append(
                Item(
                    place=self.row.place,
                    text=text,
                    number=number,
                    printed=printed,
                    part=part,
                    theme=theme,
                    sections=self.above.sections,
                    lead=units.lead,
                    supporting=units.supporting,
                    wording=wording,
                    inherited=inherited,
                    targets=self._targets() if len(tasks) == 1 else (),
                    quota=one_line(self._said(Column.QUOTA)),
                    assumed=assumed,
                )
            )
        if len(tasks) > 1 and self._target() is not None:
            self.notes.miss(self.row.place, "一格里有几项任务，任务数分不清属于哪一项，没有读入")

    def _said(self, column: Column) -> str:
        return said(self.row, self.columns, column)

    def _is_merged(self, column: Column) -> bool:
        cells = zip(self.row.cells, self.columns, strict=False)
        mine = [cell for cell, each in cells if each is column and cell.text.strip()]
        return bool(mine) and all(cell.above for cell in mine)

    def _goes_on(self, title: str) -> bool:
        """Whether the row only adds an amount to the task above it."""
        numbered = self._said(Column.NUMBER) and not self._is_merged(Column.NUMBER)
        merged = self._is_merged(Column.TITLE) or not title
        return merged and not numbered and self._target() is not None

    def _target(self) -> Target | None:
        amount = self._said(Column.TARGET)
        indicator = one_line(self._said(Column.INDICATOR))
        if not amount and not indicator:
            return None
        measure = one_line(self._said(Column.MEASURE))
        return Target(amount, indicator, measure, tuple(self._shares()))

    def _shares(self) -> Iterator[tuple[str, str]]:
        """What each place takes of the amount, as its column says."""
        cells = zip(self.columns, self.labels, self.row.texts, strict=False)
        for column, name, text in cells:
            if column is Column.SHARE and text.strip() and not is_nothing(text):
                yield share_name(name), text

    def _whole_units(self) -> Units | None:
        """The units above with the rest of a name that a page break cut off (州乡村/振兴局)."""
        own, before = self._said(Column.LEAD), self.above.cells.get(Column.LEAD, "")
        if not own or not before or self._said(Column.NUMBER) or self._said(Column.THEME):
            return None
        whole = units_in("".join((before + own).split()))
        if whole.doubtful or not units_in(before).doubtful:
            return None
        self.above.cells[Column.LEAD] = before + own
        names = "、".join((*whole.lead, *whole.supporting))
        self.notes.assume(
            self.row.place, f"接上一行，责任单位读作“{names}”，其余文字没有读入，请核对"
        )
        return whole

    def _targets(self) -> tuple[Target, ...]:
        if not {Column.TARGET, Column.INDICATOR} & set(self.columns):
            return ()
        return (self._target() or Target(),)

    def _with_more(self, item: Item) -> Item:
        target = self._target()
        return item if target is None else replace(item, targets=(*item.targets, target))

    def _number(self) -> tuple[str, str]:
        """The row's number, or the merged one above where no other group begins in this row."""
        cells = self.above.cells
        if own := one_line(self._said(Column.NUMBER)):
            again = own == cells.get(Column.NUMBER) and not self._is_merged(Column.NUMBER)
            if again and not self._said(Column.THEME):  # with its theme: a page break
                self.notes.assume(
                    self.row.place, f"编号{own}与上一项相同，按它的下一小项编号，请核对"
                )
            cells[Column.NUMBER] = own
        elif Column.NUMBER in self.columns and self._said(Column.LEAD):
            if self.columns.index(Column.LEAD) < self.columns.index(Column.NUMBER):
                cells.pop(Column.NUMBER, None)
        if (
            not own
            and self.merges
            and Column.NUMBER in cells
            and not self._is_merged(Column.NUMBER)
        ):
            told = f"没有编号，按编号{cells[Column.NUMBER]}的下一小项编号，请核对"
            self.notes.assume(self.row.place, told)
        printed = cells.get(Column.NUMBER, "")
        return number_in(printed), printed

    def _theme_and_title(self, title: str) -> tuple[str, str]:
        """The theme, also where a broken table runs theme and title together."""
        pieces = self._said(Column.THEME).split()
        several = len(pieces) > 1 and all(piece in self.above.themes for piece in pieces)
        theme = "、".join(pieces) if several else one_line(self._said(Column.THEME))
        known = next((t for t in self.above.themes if theme.startswith(t) and theme != t), None)
        if not title and known is not None:
            title, theme = theme[len(known) :], known
            self.notes.assume(self.row.place, f"任务内容与主题连在一格，读作“{title}”，请核对")
        if theme:
            self.above.cells[Column.THEME] = theme
            self.above.themes.add(theme)
        return self.above.cells.get(Column.THEME, ""), title

    def _units(self) -> tuple[Units, tuple[str, ...]]:
        """The row's units, and what was assumed of an empty cell."""
        own, before = self._said(Column.LEAD), self.above.cells.get(Column.LEAD, "")
        own = before if is_ditto(own) else "" if is_nothing(own) else own
        assumed: tuple[str, ...] = ()
        if own:
            self.above.cells[Column.LEAD] = own
        elif before and not self.centred:
            assumed = (_FROM_ABOVE,)
            self.above.borrowed.append(self.row.place)
        elif before or self.below:
            assumed = (_borrowed(before, self.below),)
            self.notes.assume(self.row.place, assumed[0])
        found = units_in(own or before or self.below)
        helpers = units_in(self._helpers())
        for group in (*found.unnamed, *helpers.unnamed):
            self.notes.miss(self.row.place, f"“{group}”没有写明是哪些单位，请补写单位名称")
        for odd in (*found.doubtful, *helpers.doubtful):
            if odd not in (*found.lead, *found.supporting, *helpers.lead, *helpers.supporting):
                self.notes.miss(self.row.place, f"责任单位里的“{odd}”没有读入")
        others = (*found.supporting, *helpers.lead, *helpers.supporting)
        named = tuple(dict.fromkeys(name for name in others if name not in found.lead))
        return Units(found.lead, named), assumed

    def _helpers(self) -> str:
        """The supporting cell; 同上 means the one above, 无 nobody."""
        own = self._said(Column.SUPPORTING)
        if is_ditto(own):
            return self.above.cells.get(Column.SUPPORTING, "")
        self.above.cells[Column.SUPPORTING] = "" if is_nothing(own) else own
        return self.above.cells[Column.SUPPORTING]

    def _wording(self) -> tuple[str, bool]:
        own = wording_in(self._said(Column.WORDING))
        if own:
            self.above.cells[Column.WORDING] = own
            return own, False
        return self.above.cells.get(Column.WORDING, ""), True


def _borrowed(before: str, below: str) -> str:
    first, after = one_line(before), one_line(below)
    if first and after and first != after:
        return f"牵头单位为空，暂按上方的“{first}”读（下方是“{after}”），请核对"
    where = f"上方的“{first}”" if first else f"下方的“{after}”"
    return f"牵头单位为空，按合并单元格取{where}，请核对"
