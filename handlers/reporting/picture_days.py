"""日期写错了，是6月1日: the day of a picture, said without the picture after it was asked about."""

import re
from collections.abc import Sequence

from handlers.reading.captions import Part
from handlers.reading.dates import dates_in
from handlers.reading.harmless import shown
from handlers.reading.normalise import clean, normalise
from handlers.reporting.arrived import with_message
from handlers.reporting.flow import advance
from handlers.reporting.work import Work, examined
from models.message import Reply

_LONGEST = 40
_BEFORE = re.compile(
    r"(?:不好意思|抱歉|哦|对了|不对|错了|[\s,。])*(?P<of>(?:图片|照片|这张|拍摄|图)的?)*"
    r"(?:日期|时间|日子|那天|年份)?(?P<wrong>[写填弄搞报记]?错了?|不对|有误)?[,。\s:]*"
    r"(?P<is>(?:应该|应当|应)?(?:改[成为]|改?是|为)?)\s*(?P<of2>拍[于的]?)?"
)
_AFTER = re.compile(r"(?P<of>拍的?|拍摄的?|照的)?(?:才对|那天|这天|的)?[。!,\s了]*")


def day_answered(work: Work, text: str) -> Reply | None:
    """The report with the day of the one picture whose day is asked about; else what is asked.

    None where *text* is no such answer. A day that may as well be that of the data is asked about.
    """
    days = dates_in(text, work.context.today, work.form.covers)
    if len(days) != 1 or len(text) > _LONGEST or not work.content.pictures:
        return None
    written = clean(text)[days[0].span[0] : days[0].span[1]]
    before = _BEFORE.fullmatch(normalise(clean(text)[: days[0].span[0]]))
    after = _AFTER.fullmatch(normalise(clean(text)[days[0].span[1] :]))
    doubted = _doubted(work) if before and after else []
    if before is None or after is None or not doubted:
        return None
    is_of_picture = bool(before["of"] or before["of2"] or after["of"])
    is_of_data = work.content.as_of is None or work.content.is_day_assumed
    if work.form.has_values and is_of_data and not is_of_picture:
        return _which_day(written, doubted) if before["wrong"] else None
    if len(doubted) > 1:
        return _which_picture(written, doubted)
    changed, is_more = with_message(work, f"图{doubted[0]} 日期：{written}")
    return advance(changed) if is_more else None


def _doubted(work: Work) -> list[int]:
    """The pictures whose day is asked about, or is all that their caption lacks."""
    points = examined(work)[1].points
    asked = {each.key.split("|")[1] for each in points if "|day|" in each.key}
    return [
        number
        for number, each in enumerate(work.content.pictures, 1)
        if each.sha in asked or each.caption.missing == (Part.DATE,)
    ]


def _which_picture(day: str, numbers: Sequence[int]) -> Reply:
    named = "、".join(f"图{number}" for number in numbers)
    day = shown(day, _LONGEST)
    return Reply(
        f"{named}的拍摄日期都待核对，“{day}”是哪一张的？请发如“图{numbers[0]} 日期：{day}”。"
    )


def _which_day(day: str, numbers: Sequence[int]) -> Reply:
    day = shown(day, _LONGEST)
    return Reply(
        f"“{day}”是图{numbers[0]}的拍摄日期，还是数据的截至日期？"
        f"请发“图{numbers[0]} 日期：{day}”或“截至{day}”。"
    )
