"""退回: an admin returns a report; the reason reaches whoever reported, with what to do."""

import re

from handlers.context import Context
from handlers.reading.normalise import clean, normalise
from handlers.registry import InGroup, command
from handlers.supervising.reviewing import Case, case_for_review, reporters, send_back
from models.errors import Refused
from models.member import RoleName
from models.message import Reply

_BEGIN = re.compile(r"\s*[#＃]?\s*(?P<number>[0-9０-９]{1,9})(?P<reason>.*)", re.DOTALL)
_EDGES = " \t\n:：,，。;；、"
HOW = "退回需要写明编号和原因，例如：\n退回 128 图片有水印，请换原图"


@command(
    "send_back",
    "退回",
    "退回修改",
    usage="退回 128 图片有水印",
    about="退回一件报送，原因会转告联络员",
    roles=(RoleName.ADMIN,),
    group=InGroup.REFUSE,
)
def send_back_report(ctx: Context, rest: str) -> Reply:
    """Return one report for the reason given; without a reason nothing happens."""
    number, reason = _read(rest)
    case = case_for_review(ctx, number)
    send_back(ctx, case, reason)
    told = [
        ctx.tell(each, Reply(_word(case, reason)), "send_back") for each in reporters(ctx, case)
    ]
    answer = f"已退回：{case.title}\n原因：{reason}"
    if any(told):
        return Reply(f"{answer}\n已转告联络员。")
    return Reply(f"{answer}\n该单位联络员暂无法送达，请电话告知。")


def _read(rest: str) -> tuple[int, str]:
    found = _BEGIN.fullmatch(clean(rest))
    reason = found["reason"].strip(_EDGES) if found else ""
    if found is None or not reason or not _is_apart(found["reason"]):
        raise Refused(HOW)
    return int(normalise(found["number"])), reason[:500]


def _is_apart(after: str) -> bool:
    """Whether the number ends there: in 退回 3张图片有水印 it is part of the reason."""
    return after[:1] in _EDGES or normalise(after[:1]) in _EDGES


def _word(case: Case, reason: str) -> str:
    number = case.submission.id
    return (
        f"您报送的 #{number} {case.subject}已退回，需要修改。\n原因：{reason}\n"
        f"改好后请发“更正 {number}”加改动的内容（如“完成数：1701个”），图片可直接补发。"
    )
