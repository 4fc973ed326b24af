"""Exports in tests: a workbook as it is written now, read again, its tables as rows by heading."""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from openpyxl import Workbook, load_workbook
from sqlmodel import Session

from handlers.context import ExportContext, Services
from handlers.exports.contract import Exported
from handlers.registry import discover
from handlers.standing.rounds import Round
from models.programme import Programme
from tests.conftest import SHANGHAI
from tests.talk import ADDRESSES, MediaShelf

_SERVICES = Services(media=MediaShelf(), registry=discover(), zone=SHANGHAI, addresses=ADDRESSES)


def exported(
    session: Session,
    name: str,
    programmes: Sequence[Programme],
    now: datetime,
    wanted: Round | None = None,
) -> tuple[bytes, Exported]:
    """The file of an export, and what is told of it."""
    out = io.BytesIO()
    asked = ExportContext(session, now, _SERVICES, programmes, wanted)
    said = _SERVICES.registry.exports[name].write(asked, out)
    return out.getvalue(), said


def opened(data: bytes) -> Workbook:
    """The workbook as a spreadsheet reads it; no cell of it may be a formula."""
    book = load_workbook(io.BytesIO(data))
    for sheet in book.worksheets:
        kinds = {cell.data_type for row in sheet.iter_rows() for cell in row}
        assert "f" not in kinds, f"{sheet.title} has a formula"
    return book


def header_of(sheet: Any) -> int:
    """The row of the headings, on which the filters sit."""
    return int(sheet.auto_filter.ref.partition(":")[0].removeprefix("A"))


def rows_of(sheet: Any) -> list[dict[str, Any]]:
    """What the filters reach, row by row, each cell by its heading; empty ones are left out."""
    first, last = header_of(sheet), int("".join(c for c in _end(sheet) if c.isdigit()))
    titles = [cell.value for cell in sheet[first]]
    return [
        {t: v for t, v in zip(titles, row, strict=True) if v is not None}
        for row in sheet.iter_rows(min_row=first + 1, max_row=last, values_only=True)
    ]


def _end(sheet: Any) -> str:
    return str(sheet.auto_filter.ref).partition(":")[2]


def row_called(rows: Sequence[dict[str, Any]], **wanted: Any) -> dict[str, Any]:
    """The only row in which all of this stands."""
    [found] = [row for row in rows if all(row.get(k) == v for k, v in wanted.items())]
    return found
