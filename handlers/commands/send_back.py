"""退回: an admin returns reports; the reason reaches whoever reported, with what to do."""

from collections.abc import Sequence

from handlers.awaited import await_words
from handlers.context import Context
from handlers.registry import InGroup, command
from handlers.supervising.numbers import Numbered, read_numbers
from handlers.supervising.reviewing import (
    Case,
    Review,
    case_for_return,
    change_reason,
    reporters,
    reviews,
    send_back,
    with_alike,
)
from models.errors import Refused
from models.member import RoleName
from models.message import Reply

LONGEST_REASON = 500
HOW = "退回需要写明编号和原因，例如：\n退回 128 图片有水印，请换原图"


@command(
    "send_back",
    "退回",
    "退回修改",
    usage="退回 128 图片有水印",
    about="退回报送，原因会转告联络员；再发一次可改原因",
    roles=(RoleName.ADMIN,),
    reviewers=True,
    group=InGroup.REFUSE,
)
def send_back_report(ctx: Context, rest: str) -> Reply:
    """Return all the reports named for the reason given, or none of them.

    What was reported along with one in the very same words is returned along. One whose return
    is still unanswered gets the new reason instead, and counts no second time.
    """
    read = _read(rest)
    cases = _cases(ctx, with_alike(ctx, read.numbers))
    if not read.reason:
        return _ask_reason(ctx, cases)
    fresh = [case for case in cases if not case.is_returned]
    returned = [case for case in cases if case.is_returned]
    amended = [case for case in returned if case.submission.return_reason != read.reason]
    for case in fresh:
        send_back(ctx, case, read.reason)
    for case in amended:
        change_reason(ctx, case, read.reason)
    return Reply("\n".join(_answer(ctx, reviews(ctx, fresh), reviews(ctx, amended), read.reason)))


def _read(rest: str) -> Numbered:
    read = read_numbers(rest)
    if read.in_doubt:
        listed = " ".join(map(str, read.numbers))
        raise Refused(
            "没有分清编号和原因，未退回。编号与原因之间请用冒号隔开，例如：\n"
            f"退回 {listed}：{read.reason[:20]}"
        )
    if not read.numbers:
        raise Refused(HOW)
    return Numbered(read.numbers, read.reason[:LONGEST_REASON])


def _ask_reason(ctx: Context, cases: Sequence[Case]) -> Reply:
    """The next line is the reason of what can be returned, or a new one of what is."""
    numbers = [each.submission.id for each in cases]
    named = "、".join(f"#{number}" for number in numbers)
    is_done = all(each.is_returned for each in cases)
    undone = "退回原因未改动。" if is_done else f"{named} 未退回。"
    order = f"退回 {' '.join(map(str, numbers))}"
    await_words(ctx, order, undone)
    if is_done:
        reason = cases[0].submission.return_reason
        return Reply(f"{named} 已退回，原因：{reason}\n要更改请直接回复新的原因，不改请发“取消”。")
    return Reply(
        f"退回 {named} 需要写明原因，会转告联络员。请直接回复原因，或发如：\n"
        f"{order} 图片有水印，请换原图\n不退回请发“取消”。"
    )


def _cases(ctx: Context, numbers: Sequence[int]) -> list[Case]:
    """The reports; with several, one that does not fit stops all."""
    found, refused = [], []
    for number in numbers:
        try:
            found.append(case_for_return(ctx, number))
        except Refused as refusal:
            refused.append(refusal.text)
    if refused:
        undone = ["均未退回，请核对编号后重发；编号与原因之间可用冒号隔开。"]
        raise Refused("\n".join([*refused, *(undone if len(numbers) > 1 else [])]))
    return found


def _answer(
    ctx: Context, fresh: Sequence[Review], amended: Sequence[Review], reason: str
) -> list[str]:
    """What was done, and whom it did not reach."""
    lines = [f"已退回：{each.title}" for each in fresh]
    lines += [f"已更改退回原因：{each.title}" for each in amended]
    if not lines:
        return ["已按此原因退回过，未重复转告。"]
    lost = [each for each in fresh if not _tell(ctx, each, _word(each, reason))]
    lost += [each for each in amended if not _tell(ctx, each, _again(each, reason))]
    lines.append(f"原因：{reason}")
    if len(lost) < len(fresh) + len(amended):
        lines.append("已转告联络员。")
    if lost:
        names = "、".join(dict.fromkeys(each.first.unit.name for each in lost))
        lines.append(f"{names}联络员暂无法送达，请电话告知。")
    return lines


def _tell(ctx: Context, review: Review, word: str) -> bool:
    """Whether anybody could be told."""
    told = [ctx.tell(each, Reply(word), "send_back") for each in reporters(ctx, review.first)]
    return any(told)


def _again(review: Review, reason: str) -> str:
    return f"{review.subject}的退回原因更改为：{reason}"


def _word(review: Review, reason: str) -> str:
    number = review.first.submission.id
    rest = "、".join(f"#{case.submission.id}" for case in review.cases[1:])
    along = f"，{rest}随之一并更正" if rest else ""
    return (
        f"您报送的 {review.subject}已退回，需要修改。\n原因：{reason}\n"
        f"改好后请发“更正 {number}”加改动的内容（如“完成数：1701个”）{along}，图片可直接补发。"
    )
