"""用裁剪图: takes the crops that were offered for the pictures of the open report."""

from dataclasses import replace

from handlers.context import Context
from handlers.registry import InGroup, command
from handlers.reporting.content import Content
from handlers.reporting.flow import advance
from handlers.reporting.pictures import album_of, with_crops
from handlers.reporting.slots import leading_places
from handlers.reporting.work import open_work
from models.member import RoleName
from models.message import Reply


@command(
    "take_crop",
    "用裁剪图",
    "使用裁剪图",
    "采用裁剪图",
    "用裁剪",
    "裁剪",
    usage="用裁剪图",
    about="采用系统给出的裁剪图",
    roles=(RoleName.LIAISON,),
    group=InGroup.MOVE,
    alone=True,
)
def take_crop(context: Context, rest: str) -> Reply:
    """Use the crops on offer in place of their pictures: those named, or every one."""
    work = open_work(context)
    if work is None:
        return Reply("现在没有可用的裁剪图。请先发“报送”加任务编号，再发图片。")
    album = album_of(context.session, work.form, work.content)
    content, taken = with_crops(album, _wanted(work.content, rest))
    if not taken:
        return Reply(_none_open(work.content, _wanted(work.content, rest)))
    numbers = "、".join(f"图{number}" for number in taken)
    return advance(replace(work, content=content), f"{numbers}已采用裁剪图。")


def _wanted(content: Content, rest: str) -> tuple[int, ...]:
    return leading_places(rest, len(content.pictures))[0]


def _none_open(content: Content, wanted: tuple[int, ...]) -> str:
    if wanted:
        named = "、".join(f"图{number}" for number in wanted)
        return f"{named}没有待采用的裁剪图，未改动。还缺什么请发“提交”查看。"
    return "填写中的报送没有待裁剪的图片。还缺什么请发“提交”查看。"
