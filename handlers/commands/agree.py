"""同意 and 不同意: an admin answers what a liaison asked for."""

import re

from handlers.awaited import await_words
from handlers.context import Context
from handlers.reading.normalise import clean, mapped
from handlers.reading.until import without_label
from handlers.registry import InGroup, command
from handlers.supervising.exception_requests import (
    allow,
    refuse,
    refuse_settled,
    request_called,
)
from handlers.supervising.exceptions import LONGEST_REASON
from handlers.supervising.scope import administered
from models.errors import Refused
from models.member import RoleName
from models.message import Reply

_NUMBER = re.compile(r"(?:申请)?\s*#?\s*(?P<number>\d{1,9})\s*号?(?!\d)[\s,:;。]*")


@command(
    "agree",
    "同意",
    "同意申请",
    usage="同意 12",
    about="同意联络员的延期或免报申请",
    roles=(RoleName.ADMIN,),
    group=InGroup.REFUSE,
    alone=True,
)
def agree(ctx: Context, rest: str) -> Reply:
    """The wish of this number carried out; without a number the only one there is."""
    number, _ = _read(rest)
    if number is None and rest.strip():
        raise Refused("请只写申请编号，例如：\n同意 12")
    return Reply(allow(ctx, request_called(ctx, number, administered(ctx))))


@command(
    "disagree",
    "不同意",
    "不同意申请",
    usage="不同意 12 原因",
    about="不同意联络员的申请，原因会转告",
    roles=(RoleName.ADMIN,),
    group=InGroup.REFUSE,
    alone=True,
)
def disagree(ctx: Context, rest: str) -> Reply:
    """Everything stays as it is, and who asked is told why."""
    number, reason = _read(rest)
    number = request_called(ctx, number, administered(ctx))
    if not reason:
        refuse_settled(ctx, number)
        await_words(ctx, f"不同意 {number}", f"申请{number}未答复。")
        return Reply(
            "不同意请写明原因，会转告申请人。请直接回复原因，或发如：\n"
            f"不同意 {number} 数据应按期报送\n不作答复请发“取消”。"
        )
    return Reply(refuse(ctx, number, reason[:LONGEST_REASON]))


def _read(rest: str) -> tuple[int | None, str]:
    """The number, if one is said, and what follows."""
    whole = clean(rest).strip()
    plain = mapped(whole)
    found = _NUMBER.match(plain.text)
    if found is None:
        return None, whole
    return int(found["number"]), without_label(whole[plain.origin[found.end()] :])
