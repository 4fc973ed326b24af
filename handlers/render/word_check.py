"""自检: a written file read again and held against its snapshot, place by place."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from handlers.render.document import (
    Cell,
    Datum,
    Disagreement,
    Document,
    Line,
    Source,
    pieces,
    plain,
    printed,
)
from handlers.render.document_parts import Grid, Printed, Turn, parts
from handlers.render.document_rules import broken
from handlers.render.legible import legible
from handlers.render.word_read import WordText, read_word
from models.errors import Refused

_PAGE_NUMBER = "— 1 —"
#: So much around a difference is shown.
_AROUND = 8
#: Files made by other hands may disagree everywhere; people mend the first ones first.
MOST = 30


@dataclass
class Read:
    """What the file says at each place of the snapshot that it prints, and where that stands."""

    values: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)


def check_word(
    data: bytes, document: Document, snapshot: Mapping[str, Any]
) -> tuple[Disagreement, ...]:
    """Each disagreement between a file and the document and snapshot it was made from.

    The words are compared paragraph by paragraph and cell by cell, every datum with its place in
    the snapshot, and the document's rules are worked out anew from what the file says.
    """
    try:
        text = read_word(data)
    except Refused as refusal:
        return (Disagreement("文件", refusal.text),)
    read = Read()
    found = [
        *data_agree(document, snapshot),
        *_compared(text, document, read),
        *_edges(text, document),
    ]
    found += judged(document, snapshot, read)
    return tuple(dict.fromkeys(found))[:MOST]


def judged(document: Document, snapshot: Mapping[str, Any], read: Read) -> Iterator[Disagreement]:
    """The rules that do not hold between the values that were read."""
    for rule in document.rules:
        if (reason := broken(rule, read.values, Source(snapshot))) is not None:
            at, text = reason
            if at in read.places:
                yield Disagreement(read.places[at], text)
            else:
                yield Disagreement(rule.what, text.removeprefix(f"{rule.what}："))


def data_of(document: Document) -> Iterator[tuple[Datum, str]]:
    """Every datum that is printed, with its place."""
    for part in parts(document):
        if isinstance(part, Printed):
            yield from ((each, part.place) for each in _of(part.text))
        elif isinstance(part, Grid):
            for row in (*part.table.header, *part.table.rows):
                for cell in row:
                    yield from ((each, part.place) for each in _of(_line(cell)))


def data_agree(document: Document, snapshot: Mapping[str, Any]) -> Iterator[Disagreement]:
    """What is printed differently from what the snapshot holds there."""
    source = Source(snapshot)
    for datum, place in data_of(document):
        try:
            frozen = printed(source.value(datum.at))
        except KeyError:
            yield Disagreement(place, f"“{datum.text}”在快照中没有出处（{datum.at}）")
            continue
        if frozen != datum.text:
            yield Disagreement(place, f"快照为“{frozen}”，文中为“{datum.text}”")


def _of(line: Line) -> list[Datum]:
    return [each for each in pieces(line) if isinstance(each, Datum)]


def _line(cell: Cell | Line) -> Line:
    return cell.text if isinstance(cell, Cell) else cell


def _edges(text: WordText, document: Document) -> Iterator[Disagreement]:
    for strange in sorted(text.edges - {legible(document.mark), _PAGE_NUMBER}):
        yield Disagreement("页眉页脚", f"多出“{strange[:40]}”")
    if document.mark and legible(document.mark) not in text.edges:
        yield Disagreement("页眉页脚", f"缺少“{document.mark}”")


Wanted = Printed | Grid


def _compared(text: WordText, document: Document, read: Read) -> Iterator[Disagreement]:
    """Paragraphs and tables side by side; what is missing or too much does not hide the rest."""
    wanted = [each for each in parts(document) if not isinstance(each, Turn) and _is_text(each)]
    keys = [_key(each) for each in wanted]
    came = [each if isinstance(each, str) else _TABLE for each in text.body]
    matcher = SequenceMatcher(None, keys, came, autojunk=False)
    for _, from_, to, first, last in matcher.get_opcodes():
        both = min(to - from_, last - first)
        for n in range(both):
            yield from _pair(wanted[from_ + n], text.body[first + n], read)
        for each in wanted[from_ + both : to]:
            yield Disagreement(each.place, f"文件中缺少“{_key(each)[:40]}”")
        for extra in text.body[first + both : last]:
            words = extra if isinstance(extra, str) else "一张表"
            yield Disagreement("文件", f"多出“{words[:40]}”")


_TABLE = "\0table"


def _is_text(part: Wanted) -> bool:
    return isinstance(part, Grid) or bool(_words(part))


def _words(part: Printed) -> str:
    return legible(part.lead + plain(part.text)).strip()


def _key(part: Wanted) -> str:
    return _words(part) if isinstance(part, Printed) else _TABLE


def _pair(
    wanted: Any, came: str | tuple[tuple[str, ...], ...], read: Read
) -> Iterator[Disagreement]:
    if isinstance(wanted, Grid) and not isinstance(came, str):
        yield from _table(wanted, came, read)
    elif isinstance(wanted, Printed) and isinstance(came, str):
        line = (wanted.lead, *pieces(wanted.text)) if wanted.lead else wanted.text
        yield from _text(line, came, wanted.place, read)
    else:
        yield Disagreement(wanted.place, "文件中此处不是原来的内容")


def _table(wanted: Grid, came: Sequence[tuple[str, ...]], read: Read) -> Iterator[Disagreement]:
    rows = (*wanted.table.header, *wanted.table.rows)
    if len(rows) != len(came):
        yield Disagreement(wanted.place, f"应有{len(rows)}行，文件中为{len(came)}行")
    for number, (row, cells) in enumerate(zip(rows, came, strict=False), start=1):
        if len(row) != len(cells):
            text = f"应有{len(row)}格，文件中为{len(cells)}格"
            yield Disagreement(f"{wanted.place} 第{number}行", text)
        name = plain(_line(row[0])) if row else ""
        for column, (cell, words) in enumerate(zip(row, cells, strict=False), start=1):
            place = f"{wanted.place} 第{number}行（{name[:20]}）第{column}格"
            yield from _text(_line(cell), words, place, read)


def _text(line: Line, came: str, place: str, read: Read) -> Iterator[Disagreement]:
    """The line's data as the file gives them; a disagreement where the words differ."""
    wanted = legible(plain(line)).strip()
    data = _of(line)
    values = [each.text for each in data] if wanted == came else _values(line, came)
    for datum, value in zip(data, values, strict=False):
        if value != datum.text or datum.at not in read.values:  # what was changed counts
            read.values[datum.at] = value
        read.places.setdefault(datum.at, place)
    if wanted != came:
        yield Disagreement(place, difference(wanted, came))


def _values(line: Line, came: str) -> list[str]:
    """What stands where the data were; nothing where the words around them changed as well."""
    pattern = "".join(
        "(.*?)" if isinstance(each, Datum) else re.escape(legible(each)) for each in pieces(line)
    )
    found = re.fullmatch(pattern, came, re.DOTALL)
    return list(found.groups()) if found else []


def difference(wanted: str, came: str) -> str:
    """应为“…1710个…”，文件中为“…1701个…”: no more than what differs and a little around it."""
    head = 0
    while head < min(len(wanted), len(came)) and wanted[head] == came[head]:
        head += 1
    tail = 0
    shorter = min(len(wanted), len(came)) - head
    while tail < shorter and wanted[-1 - tail] == came[-1 - tail]:
        tail += 1
    begin, end = max(head - _AROUND, 0), max(tail - _AROUND, 0)
    one, other = wanted[begin : len(wanted) - end], came[begin : len(came) - end]
    return f"应为“{_cut(one)}”，文件中为“{_cut(other)}”"


def _cut(text: str) -> str:
    return f"{text[:60]}……" if len(text) > 60 else text
