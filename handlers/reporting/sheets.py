"""Workbooks read as plain rows when they come, so that nobody waits for that in a transaction."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import PurePath
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from handlers.context import MediaStore
from handlers.reading.normalise import folded
from models.errors import ProgrammeError, Refused
from models.media import Media

if TYPE_CHECKING:
    from models.programmes.workbook.plain import PlainSheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: A larger file is no table of one unit's reports.
LARGEST = 300_000
#: A cell with a name or a figure has no room for many blanks.
_SHORT = 60
_WORKBOOKS = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".xls", ".et")


def is_workbook(media: Media) -> bool:
    """Whether a file is a workbook or is called one."""
    return media.mime == XLSX or PurePath(media.name.lower()).suffix in _WORKBOOKS


def keep_sheets(media: Media, data: bytes, store: MediaStore) -> None:
    """Read a workbook that has just come and keep its rows beside it."""
    if is_workbook(media) and media.size <= LARGEST:
        media.sheets_sha = store.put(_kept().dump_json(_read(data, media.name)))


def sheets_of(media: Media, store: MediaStore) -> Sequence["PlainSheet"]:
    """The sheets of the workbook; Refused says why they cannot be read."""
    if media.size > LARGEST:
        raise Refused(
            f"《{media.name}》超过{LARGEST // 1000}KB，未读取。请只留报送内容，删去图片后再发。"
        )
    if media.sheets_sha:
        reason, sheets = _kept().validate_json(store.get(media.sheets_sha))
    else:  # it was kept before workbooks were read on arrival
        reason, sheets = _read(store.get(media.stored_sha), media.name)
    if reason:
        raise Refused(f"《{media.name}》：{reason}。未作处理，请改好后重发，或把内容直接发来。")
    return sheets


def _read(data: bytes, name: str) -> "tuple[str, list[PlainSheet]]":
    """Why it cannot be read, or its sheets."""
    from models.programmes.workbook.plain import read_plain  # its library costs a start 0.1 s

    try:
        return "", [_folded(each) for each in read_plain(data, name)]
    except ProgrammeError as error:
        return error.problems[0].text, []


def _folded(sheet: "PlainSheet") -> "PlainSheet":
    """The sheet with no more blanks in a row in its texts than a message may have."""
    rows = (replace(row, cells=tuple(map(_fold, row.cells))) for row in sheet.rows)
    return replace(sheet, rows=tuple(rows))


def _fold(cell: str) -> str:
    return folded(cell) if len(cell) > _SHORT else cell


@lru_cache(maxsize=1)
def _kept() -> "TypeAdapter[tuple[str, list[PlainSheet]]]":
    from models.programmes.workbook.plain import PlainSheet

    return TypeAdapter(tuple[str, list[PlainSheet]])
