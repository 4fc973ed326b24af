"""换图, 删图, 加图: which picture of a report a new one replaces, and which is taken out."""

from collections.abc import Callable
from dataclasses import replace

from handlers.context import Context
from handlers.registry import InGroup, command
from handlers.reporting.arrived import with_message
from handlers.reporting.content import Content, with_exchanged, without_picture
from handlers.reporting.correct import is_unchanged, open_again
from handlers.reporting.flow import advance
from handlers.reporting.handing import end
from handlers.reporting.own import fresh_report, only_returned
from handlers.reporting.slots import added, leading_places, swapped
from handlers.reporting.work import Work, open_work
from models.member import RoleName
from models.message import Reply

#: Captions change places between two pictures.
_PAIR = 2
_NO_REPORT = "没有填写中的报送。要改已报送的图片，请先发“更正”加报送编号，再发“换图2”或“删图2”。"


@command(
    "swap_picture",
    "换图",
    "换图片",
    "更换图",
    "更换图片",
    "替换图",
    "重发图",
    usage="换图2",
    about="用新图替换第2张",
    roles=(RoleName.LIAISON,),
    group=InGroup.MOVE,
)
def swap_picture(context: Context, rest: str) -> Reply:
    """The picture sent along, the one that waits for a word, or else the next one replaces it."""
    work = _work(context)
    if work is None:
        return Reply(_NO_REPORT)
    places, more = leading_places(rest, len(work.content.pictures))
    if not places and len(work.content.pictures) == 1:
        places = (1,)
    if refusal := _refusal(work.content, places, "换图"):
        return Reply(refusal)
    work = replace(work, content=swapped(work.content, places))
    return advance(with_message(work, more)[0])


@command(
    "drop_picture",
    "删图",
    "删图片",
    "删除图",
    "删除图片",
    "不要图",
    "去掉图",
    usage="删图2",
    about="去掉第2张图",
    roles=(RoleName.LIAISON,),
    group=InGroup.MOVE,
)
def drop_picture(context: Context, rest: str) -> Reply:
    """Take pictures out of the open report; the later ones move up."""
    work = _work(context)
    if work is None:
        return Reply(_NO_REPORT)
    places, _ = leading_places(rest, len(work.content.pictures))
    if refusal := _refusal(work.content, places, "删图"):
        return Reply(refusal)
    content = work.content
    for place in sorted(places, reverse=True):
        content = without_picture(content, place)
    gone = "、".join(f"图{place}" for place in places)
    return advance(replace(work, content=content), f"{gone}已删去。")


@command(
    "add_picture",
    "加图",
    "增加图片",
    usage="加图",
    about="新图另加，不替换",
    roles=(RoleName.LIAISON,),
    group=InGroup.MOVE,
    alone=True,
)
def add_picture(context: Context, rest: str) -> Reply:
    """The new pictures stand beside the others."""
    return _settled(context, added)


@command(
    "keep_pictures",
    "不换图",
    "不换了",
    usage="不换图",
    about="保留原图",
    roles=(RoleName.LIAISON,),
    group=InGroup.MOVE,
    alone=True,
)
def keep_pictures(context: Context, rest: str) -> Reply:
    """The pictures stay as they are; a new one without a place is let go."""
    return _settled(context, lambda content: replace(content, spare=(), awaited=()))


@command(
    "exchange_captions",
    "对调说明",
    "对调图说",
    usage="对调说明 图1、图2",
    about="两张图的说明写反时对调",
    roles=(RoleName.LIAISON,),
    group=InGroup.MOVE,
    alone=True,
)
def exchange_captions(context: Context, rest: str) -> Reply:
    """The captions of two pictures change places; the pictures stay."""
    work = _work(context)
    if work is None:
        return Reply(_NO_REPORT)
    count = len(work.content.pictures)
    places, _ = leading_places(rest, count)
    if not places and count == _PAIR:
        places = (1, _PAIR)
    if len(places) != _PAIR or not all(1 <= place <= count for place in places):
        return Reply(f"现有图1至图{count}，请写明哪两张的说明对调，如“对调说明 图1、图2”。")
    content = with_exchanged(work.content, *places)
    return advance(replace(work, content=content), f"图{places[0]}与图{places[1]}的说明已对调。")


def _settled(context: Context, settle: Callable[[Content], Content]) -> Reply:
    work = open_work(context)
    if work is None or not (work.content.spare or work.content.awaited):
        return Reply("现在没有待替换的图片。要换图请发如“换图2”，再发图片。")
    work = replace(work, content=settle(work.content))
    if is_unchanged(work):
        text = f"没有改动，#{work.number} 不变。"
        return Reply("\n".join(filter(None, (text, end(work)))))
    return advance(work)


def _work(context: Context) -> Work | None:
    """The open report, or the one that was returned or just sent."""
    work = open_work(context)
    if work is not None and work.content.pictures:
        return work
    submission = only_returned(context) or fresh_report(context)
    return work if submission is None else open_again(context, submission)[0]


def _refusal(content: Content, places: tuple[int, ...], word: str) -> str:
    count = len(content.pictures)
    if not count:
        return "这份报送还没有图片，请直接发图片。"
    if places and all(1 <= place <= count for place in places):
        return ""
    return f"现有图1至图{count}，请写明是哪一张，如“{word}{count}”。"
