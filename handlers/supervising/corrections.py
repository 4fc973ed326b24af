"""What changed in an issued document since: every printed figure, old and new, as JSON data."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handlers.render.document import Cell, Datum, Document, Line, Source, pieces, plain, printed
from handlers.render.document_parts import Grid, Printed, parts
from models.rules.clause import short_text

Data = dict[str, Any]
#: What tells an entry of a list from the others, whatever its place: the first that it has.
_KEYS = ("number", "unit", "label", "name", "title", "month")
#: What stood nowhere before, and what stands nowhere now.
NOT_THERE, NO_LONGER = "（原无）", "（已无）"
_AROUND = 12
_LONGEST_NAME = 16
_PARAGRAPH = re.compile(r" 第\d+段$")
_PAUSE = re.compile("[，。；：、（）]")

#: Where a figure is printed, by what it is: the same entry keeps its name when lists change.
Identity = tuple[str, ...]


def changes(
    old: tuple[Document, Mapping[str, Any]], new: tuple[Document, Mapping[str, Any]]
) -> list[Data]:
    """Each printed figure or name that differs, in printed order: place, what, old, new.

    Entries are told apart by their number or name: one more project shifts no others. Of a list
    of names those that went and those that came are told.
    """
    before, after = _shown(*old), _shown(*new)
    found = [
        _change(each, before[key].texts, each.texts)
        for key, each in after.items()
        if key in before and before[key].texts != each.texts
    ]
    found += [_change(each, (), each.texts) for each in _only(after, before)]
    found += [_change(each, each.texts, ()) for each in _only(before, after)]
    return found


@dataclass(frozen=True)
class _Value:
    """A printed value, or the names of a list, and where a reader finds it."""

    texts: tuple[str, ...]
    place: str
    what: str


_Shown = dict[Identity, _Value]


def _change(each: _Value, old: tuple[str, ...], new: tuple[str, ...]) -> Data:
    gone = [text for text in old if text not in new]
    came = [text for text in new if text not in old]
    return {
        "place": each.place,
        "what": each.what,
        "old": "、".join(gone) or NOT_THERE,
        "new": "、".join(came) or NO_LONGER,
    }


def _only(of: _Shown, other: _Shown) -> Iterator[_Value]:
    """What only one side prints; of an entry that the other lacks no more than its first value."""
    entries = {key[:-1] for key in other}
    seen: set[Identity] = set()
    for key, each in of.items():
        if key in other or any(key[:end] in seen for end in range(1, len(key))):
            continue
        if key[:-1] not in entries:
            seen.add(key[:-1])
        yield each


def _shown(document: Document, snapshot: Mapping[str, Any]) -> _Shown:
    """Every printed value by what it is, with the place and words that a reader finds it by."""
    source = Source(snapshot)
    found: _Shown = {}
    for datum, place, what in _printed(document):
        key, at = _identity(datum.at, snapshot)
        value = source.value(at)
        texts = tuple(map(printed, value)) if isinstance(value, list) else (datum.text,)
        found.setdefault(key, _Value(texts, place, what))
    return found


def _identity(at: str, snapshot: Mapping[str, Any]) -> tuple[Identity, str]:
    """What stands at a place, by names instead of places; and the place of a whole list."""
    here: Any = snapshot
    key: list[str] = []
    steps = at.split("/")
    for n, step in enumerate(steps):
        if isinstance(here, list):
            entry = here[int(step)]
            if not isinstance(entry, dict):
                return tuple(key), "/".join(steps[:n])
            name = _name(entry)
            alike = sum(_name(each) == name for each in here)
            key.append(name if name and alike == 1 else f"{name}#{step}")
            here = entry
        else:
            key.append(step)
            here = here[step]
    return tuple(key), at


def _name(entry: Mapping[str, Any]) -> str:
    """What tells an entry from the others of its list; empty where it has no name."""
    return next((str(entry[key]) for key in _KEYS if entry.get(key)), "")


def _printed(document: Document) -> Iterator[tuple[Datum, str, str]]:
    """Every datum with its place; tables first, where row and column say what it is."""
    found = list(parts(document))
    for part in found:
        if isinstance(part, Grid):
            yield from _of_table(part)
    for part in found:
        if isinstance(part, Printed):
            yield from _of_line(part)


def _of_table(grid: Grid) -> Iterator[tuple[Datum, str, str]]:
    from handlers.render.word_rows import placed_rows  # would cost every start 0.2 s

    table = grid.table
    heads: dict[int, str] = {}
    rows = list(placed_rows((*table.header, *table.rows), len(table.widths)))
    for row in rows[: len(table.header)]:
        heads.update({each.column: plain(each.cell.text) for each in row if each.is_new})
    for row in rows[len(table.header) :]:
        name = _row_name([each.cell for each in row])
        for each in row:
            if each.is_new:
                what = f"{name} {heads.get(each.column, '')}".strip()
                place = _PARAGRAPH.sub("", grid.place)
                yield from ((d, place, what) for d in _data(each.cell.text))


def _row_name(cells: Sequence[Cell]) -> str:
    """The first two cells say what a row is about: 新7 实施乡村“雪亮工程”…"""
    texts = [plain(cell.text).split("\n")[0] for cell in cells[:2]]
    return " ".join(short_text(text, _LONGEST_NAME) for text in texts if text)


def _of_line(part: Printed) -> Iterator[tuple[Datum, str, str]]:
    text = ""
    for piece in pieces(part.text):
        if isinstance(piece, Datum):
            before = next((each for each in reversed(_PAUSE.split(text)) if each), "")
            yield piece, part.place, f"“{before[-_AROUND:]}”之后" if before else "句首"
            text += piece.text
        else:
            text += piece


def _data(line: Line) -> list[Datum]:
    return [each for each in pieces(line) if isinstance(each, Datum)]
