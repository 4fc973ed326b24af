"""A workbook sent by chat: reports, or a programme with what it would change until that is agreed.

Which of them it is follows from the sender's role and the names of its sheets.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from handlers.context import Context
from handlers.lists import keep_list
from handlers.reporting.from_workbook import holds_reports, report_workbook
from handlers.reporting.sheets import is_workbook, sheets_of
from models.errors import Refused
from models.media import Media
from models.member import RoleName
from models.message import Choice, Reply

if TYPE_CHECKING:
    from models.programmes.workbook.plain import PlainSheet

_FILE = re.compile(r"文件([0-9a-f]{64})")


def file_sent(context: Context) -> Media | None:
    """The first file of this message that is no picture and that its sender may bring."""
    files = [each for each in context.media if not _is_picture(each)]
    if context.speaker.has(RoleName.ADMIN):
        return next(iter(files), None)
    if context.speaker.has(RoleName.LIAISON):
        return next((each for each in files if is_workbook(each)), None)
    return None


def file_called(context: Context, text: str) -> Media | None:
    """The workbook that is to be reported: the one sent along, or one that was asked about."""
    found = _FILE.fullmatch(text.strip())
    if found:
        return context.session.get(Media, found[1])
    return None if text.strip() or not context.media else file_sent(context)


def take_file(context: Context, media: Media) -> Reply:
    """Report what the file holds or show what it would change; asked where both may be meant."""
    from handlers.programme_books import offer_load  # reads wordings: no start waits for that

    context.moved = True
    is_admin = context.speaker.has(RoleName.ADMIN)
    if not context.speaker.has(RoleName.LIAISON) or not is_workbook(media):
        return offer_load(context, media)
    try:
        sheets = sheets_of(media, context.services.media)
    except Refused:
        if is_admin:
            return offer_load(context, media)
        raise
    is_programme, others = _parted(sheets)
    is_reports = holds_reports(context, others)
    if is_admin and is_programme and is_reports:
        return _ask_which(context, media)
    if is_admin and not is_reports:
        return offer_load(context, media)
    if is_programme and not is_reports:
        raise Refused(f"《{media.name}》是专项工作簿，由管理员载入。报送请发“模板”领取报送表。")
    reply = report_workbook(context, media)
    more = further_files(context, 0)
    return replace(reply, text=f"{reply.text}\n{more}") if more else reply


def _ask_which(context: Context, media: Media) -> Reply:
    orders = (f"载入 {media.sha}", f"报送 文件{media.sha}")
    keep_list(context, "{}", orders)
    both = f"《{media.name}》既有专项内容，又有报送内容。请回复序号："
    titles = ("作为专项载入", "作为报送内容")
    lines = (both, *(f"{at}. {title}" for at, title in enumerate(titles, 1)))
    return Reply("\n".join(lines), choices=tuple(map(Choice, titles, orders)))


def _parted(sheets: Sequence["PlainSheet"]) -> tuple[bool, list["PlainSheet"]]:
    """Whether it is the workbook of a programme, and the sheets that do not belong to that."""
    from models.programmes.workbook.sheets import PROGRAMME, SHEETS  # its library is slow to load

    marks = {PROGRAMME.name, *PROGRAMME.also}
    if not any(each.name.strip() in marks for each in sheets):
        return False, list(sheets)
    own = {sheet.name for sheet in SHEETS}
    return True, [each for each in sheets if each.name.strip() not in own]


def _is_picture(media: Media) -> bool:
    return media.mime.startswith("image/") or bool(media.problem)


def further_files(context: Context, taken: int = 1) -> str:
    """That further files of the message wait, where there are any."""
    more = sum(not _is_picture(each) for each in context.media) - taken
    return f"另有{more}个文件未处理，请逐个发送。" if more > 0 else ""
