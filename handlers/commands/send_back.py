"""退回: an admin returns reports; the reason reaches whoever reported, with what to do."""

from collections.abc import Sequence

from handlers.context import Context
from handlers.registry import InGroup, command
from handlers.supervising.numbers import Numbered, read_numbers
from handlers.supervising.reviewing import (
    Case,
    case_for_return,
    change_reason,
    reporters,
    send_back,
)
from models.errors import Refused
from models.member import RoleName
from models.message import Reply

LONGEST_REASON = 500
HOW = "退回需要写明编号和原因，例如：\n退回 {} 图片有水印，请换原图"


@command(
    "send_back",
    "退回",
    "退回修改",
    usage="退回 128 图片有水印",
    about="退回报送，原因会转告联络员；再发一次可改原因",
    roles=(RoleName.ADMIN,),
    group=InGroup.REFUSE,
)
def send_back_report(ctx: Context, rest: str) -> Reply:
    """Return all the reports named for the reason given, or none of them.

    One whose return is still unanswered gets the new reason instead, and counts no second time.
    """
    read = _read(rest)
    cases = _cases(ctx, read.numbers)
    fresh = [case for case in cases if not case.is_returned]
    returned = [case for case in cases if case.is_returned]
    amended = [case for case in returned if case.submission.return_reason != read.reason]
    for case in fresh:
        send_back(ctx, case, read.reason)
    for case in amended:
        change_reason(ctx, case, read.reason)
    return Reply("\n".join(_answer(ctx, cases, fresh, amended, read.reason)))


def _read(rest: str) -> Numbered:
    read = read_numbers(rest)
    if read.in_doubt:
        listed = " ".join(map(str, read.numbers))
        raise Refused(
            "没有分清编号和原因，未退回。编号与原因之间请用冒号隔开，例如：\n"
            f"退回 {listed}：{read.reason[:20]}"
        )
    if not read.numbers or not read.reason:
        listed = " ".join(map(str, read.numbers))
        raise Refused(HOW.format(listed or "128"))
    return Numbered(read.numbers, read.reason[:LONGEST_REASON])


def _cases(ctx: Context, numbers: Sequence[int]) -> list[Case]:
    """The reports, smaller numbers locked first; with several, one that does not fit stops all."""
    found, refused = [], []
    for number in sorted(numbers):
        try:
            found.append(case_for_return(ctx, number))
        except Refused as refusal:
            refused.append(refusal.text)
    if refused:
        undone = ["均未退回，请核对编号后重发；编号与原因之间可用冒号隔开。"]
        raise Refused("\n".join([*refused, *(undone if len(numbers) > 1 else [])]))
    return found


def _answer(
    ctx: Context,
    cases: Sequence[Case],
    fresh: Sequence[Case],
    amended: Sequence[Case],
    reason: str,
) -> list[str]:
    """What was done, and whom it did not reach."""
    lines = [f"已退回：{case.title}" for case in fresh]
    lines += [f"已更改退回原因：{case.title}" for case in amended]
    if not lines:
        return ["已按此原因退回过，未重复转告。"]
    done = [case for case in cases if case in fresh or case in amended]
    lost = [case for case in done if not _tell(ctx, case, reason, again=case in amended)]
    lines.append(f"原因：{reason}")
    if len(lost) < len(done):
        lines.append("已转告联络员。")
    if lost:
        names = "、".join(dict.fromkeys(case.unit.name for case in lost))
        lines.append(f"{names}联络员暂无法送达，请电话告知。")
    return lines


def _tell(ctx: Context, case: Case, reason: str, *, again: bool) -> bool:
    """Whether anybody could be told."""
    word = Reply(_again(case, reason) if again else _word(case, reason))
    told = [ctx.tell(each, word, "send_back") for each in reporters(ctx, case)]
    return any(told)


def _again(case: Case, reason: str) -> str:
    return f"#{case.submission.id} {case.subject}的退回原因更改为：{reason}"


def _word(case: Case, reason: str) -> str:
    number = case.submission.id
    return (
        f"您报送的 #{number} {case.subject}已退回，需要修改。\n原因：{reason}\n"
        f"改好后请发“更正 {number}”加改动的内容（如“完成数：1701个”），图片可直接补发。"
    )
