"""内容包: a round's accepted texts and pictures, a folder an item, with all that is missing."""

import io
from collections.abc import Iterator, Sequence
from datetime import datetime, time
from typing import BinaryIO

from handlers.context import ExportContext
from handlers.exports.archive import Archive
from handlers.exports.contract import ZIP, Exported, export
from handlers.exports.gaps import ABSENT, gaps_of
from handlers.exports.item_text import item_document, plain_file, plain_lines
from handlers.exports.items import Item, items_of
from handlers.exports.manifest import (
    Collected,
    captions_of,
    gap_sheet,
    item_sheet,
    note_lines,
    shot_sheet,
)
from handlers.exports.sheet import Sheet
from handlers.exports.shots import write_shots
from handlers.reading.harmless import harmless

_ABOUT = (
    "每件一个文件夹，名称为序号、编号、事项和责任单位，内有：",
    "文字（.docx 和 .txt，内容相同）、交付图、原图、图片说明.xlsx。",
    "清单.xlsx 列出全部事项、缺项和图片说明。",
)
_MOST_NAMED = 6


@export("package", word="内容包", about="按事项分文件夹的文字、图片和说明", mime=ZIP, single=True)
def package(ctx: ExportContext, out: BinaryIO) -> Exported:
    """One round as a zip. What an admin has not accepted is listed and not put in.

    An open correction leaves the accepted version in; of a report that was let off nothing is
    missing. Pictures pass through memory one by one.
    """
    found = Collected(items_of(ctx))
    with Archive(out) as archive:
        for item in found.items.items:
            found.lacks(gaps_of(item))
            if item.version is not None:
                _write_item(ctx, archive, found, item)
        sheets = [item_sheet(found, folders=True), gap_sheet(found), shot_sheet(found)]
        archive.add("清单.xlsx", book(ctx, sheets))
        archive.add("说明.txt", plain_lines(note_lines(found, _ABOUT)))
    return told(found)


def _write_item(ctx: ExportContext, archive: Archive, found: Collected, item: Item) -> None:
    from handlers.render.word import word_file  # its library costs a start 0.2 s

    assert item.version is not None, "only what was accepted goes in"
    folder = found.items.folder(item)
    document = item_document(found.items, item, item.version)
    archive.add(f"{folder}/{item.file_name}.docx", word_file(document))
    archive.add(f"{folder}/{item.file_name}.txt", plain_file(document))

    def path(number: int, title: str, which: str) -> str:
        return f"{folder}/{'_'.join(filter(None, (f'图{number}', title, which)))}"

    shots = []
    for shot, gaps in write_shots(archive, item, ctx.services, path):
        shots.append(shot)
        found.lacks(gaps)
    if shots:
        found.shots += shots
        captions = captions_of(item, shots, found.mark)
        archive.add(f"{folder}/图片说明.xlsx", book(ctx, [captions]))


def book(ctx: ExportContext, sheets: Sequence[Sheet]) -> bytes:
    """A workbook of these sheets; it says of when it is by the day, so that a day is one file."""
    from handlers.render.excel import write_book  # its library costs a start 0.1 s

    file = io.BytesIO()
    write_book(file, sheets, datetime.combine(ctx.today, time.min, ctx.services.zone))
    return file.getvalue()


def told(found: Collected) -> Exported:
    """What the file holds and lacks, for the one who asked for it."""
    return Exported((found.summary(), found.pictures()), tuple(_missing(found)))


def _missing(found: Collected) -> Iterator[str]:
    """What keeps whole items out, with their names, then how many others lack something."""
    for kind in ABSENT:
        names = [harmless(gap.item.duty.name) for gap in found.gaps if gap.kind is kind]
        if names:
            more = f"等{len(names)}件" if len(names) > _MOST_NAMED else ""
            yield f"{kind}：{'、'.join(names[:_MOST_NAMED])}{more}"
    places = {gap.item.place for gap in found.gaps if gap.kind not in ABSENT}
    if places:
        yield f"{len(places)}件已收录的内容不全，见说明.txt"
