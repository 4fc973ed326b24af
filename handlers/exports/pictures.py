"""图片: the pictures of a round's accepted reports in two folders, with one sheet of captions."""

from typing import BinaryIO

from handlers.context import ExportContext
from handlers.exports.archive import Archive
from handlers.exports.contract import ZIP, Exported, export
from handlers.exports.gaps import picture_gaps
from handlers.exports.item_text import plain_lines
from handlers.exports.items import Item, items_of
from handlers.exports.manifest import Collected, gap_sheet, note_lines, shot_sheet
from handlers.exports.package import book, told
from handlers.exports.shots import write_shots

_ABOUT = (
    "交付图和原图各在一个文件夹，文件名为序号、编号、事项、图号和标题。",
    "图片说明.xlsx 列出每张图的标题、时间、地点和文件名，以及缺项。",
)


@export("pictures", word="图片", about="一期的交付图、原图和图片说明", mime=ZIP, single=True)
def pictures(ctx: ExportContext, out: BinaryIO) -> Exported:
    """One round's pictures as a zip; what is missing of texts and figures is left out."""
    found = Collected(items_of(ctx))
    with Archive(out) as archive:
        for item in found.items.items:
            found.lacks(picture_gaps(item))
            _write_item(ctx, archive, found, item)
        archive.add("图片说明.xlsx", book(ctx, [shot_sheet(found), gap_sheet(found)]))
        archive.add("说明.txt", plain_lines(note_lines(found, _ABOUT)))
    return told(found)


def _write_item(ctx: ExportContext, archive: Archive, found: Collected, item: Item) -> None:
    folder = found.items.folder(item)

    def path(number: int, title: str, which: str) -> str:
        return f"{which}/{'_'.join(filter(None, (folder, f'图{number}', title)))}"

    for shot, gaps in write_shots(archive, item, ctx.services, path):
        found.shots.append(shot)
        found.lacks(gaps)
