"""What a unit says to its supervision order: evidence in words and files, a wish for more time."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers.context import Context
from handlers.reading.harmless import harmless, shown
from handlers.reporting.begin import looks_like_report
from handlers.reporting.own import fresh_report
from handlers.reporting.sheets import is_workbook
from handlers.reporting.texts import FILLERS
from handlers.reporting.waiting import take_waiting
from handlers.supervising.orders import (
    OrderStanding,
    add_step,
    extension_asked,
    live_steps,
    require,
    standings,
    this_round,
)
from handlers.supervising.orders_notices import tell_admins
from handlers.supervising.orders_text import limit_text
from handlers.supervising.orders_words import LONGEST_ACCOUNT, bounded, same_words, with_limit
from models.draft import draft_of
from models.errors import Refused
from models.media import Media, media_by_sha
from models.message import Reply
from models.rules.checks import is_filler
from models.rules.order import OrderAction, OrderState, is_later, may_ask
from models.supervision_order import (
    OrderStep,
    StepKind,
    last_evidence_of,
    locked_order,
    steps_of,
)

#: How long after the words further pictures and files still belong to them.
FOLLOW_UP = timedelta(minutes=30)
#: So much of an account stands in the word to the admins.
_IN_NOTICE = 200
#: So many pictures and files are kept with one order.
MOST_MEDIA = 30


def answer_order(ctx: Context, each: OrderStanding, text: str) -> Reply:
    """Keep what was done, with its pictures and files; the admins hear of the first of a round."""
    require(ctx, each, OrderAction.ANSWER)
    label = each.label(ctx.today.year)
    media = [*_waited(ctx), *_brought(ctx.media)]
    said = bounded(text, LONGEST_ACCOUNT)
    if not media and (not said or is_filler(said, FILLERS)):
        lost = "图片或文件没有取到，请重新发送。" if ctx.failed_media else ""
        raise Refused(f"{lost}请写明整改情况，例如：\n{label} 已补装40个，9月25日验收合格")
    is_first = not any(e.kind == StepKind.EVIDENCE for e in this_round(_live(ctx, each)))
    kept = _bounded(ctx, each, media)
    each.order.state = OrderState.ANSWERED
    add_step(ctx, each.order, StepKind.EVIDENCE, said, media=kept)
    if is_first:
        _tell_answered(ctx, each, label, said, kept)
    return Reply("\n".join(_received(ctx, label, kept, len(media) - len(kept))))


def _live(ctx: Context, each: OrderStanding) -> list[OrderStep]:
    return live_steps(ctx.session, each.id)


def _waited(ctx: Context) -> list[Media]:
    """The pictures that were sent before the words, unless a report is open that gets them."""
    if draft_of(ctx.session, ctx.speaker.id) is not None:
        return []
    shas = take_waiting(ctx.session, ctx.speaker.id, ctx.now).shas
    rows = media_by_sha(ctx.session, list(shas))
    return [rows[sha] for sha in shas if sha in rows]


def _brought(media: Sequence[Media]) -> list[Media]:
    """The readable pictures of a message, and its files."""
    return [each for each in media if each.facts or not each.problem]


def _bounded(ctx: Context, each: OrderStanding, media: Sequence[Media]) -> list[Media]:
    before = sum(len(step.media) for step in steps_of(ctx.session, each.id))
    return list(media)[: max(MOST_MEDIA - before, 0)]


def _received(ctx: Context, label: str, kept: Sequence[Media], over: int) -> list[str]:
    ctx.pictures_taken = True
    count = f"（附件{len(kept)}个）" if kept else ""
    lines = [f"已收到{label} 的整改情况{count}，已转管理员复核，复核结果会通知您。"]
    if over > 0:
        lines.append(f"一张督办单最多存{MOST_MEDIA}个附件，有{over}个未存。")
    lost = [each for each in ctx.media if each.problem and not each.facts]
    if lost or ctx.failed_media:
        lines.append(f"有{len(lost) + len(ctx.failed_media)}个图片或文件不能用，请重新发送。")
    minutes = int(FOLLOW_UP.total_seconds() // 60)
    return [
        *lines,
        f"{minutes}分钟内直接发来的图片、文件一并附上；要补充文字请再发“{label}”加内容。",
    ]


def _tell_answered(
    ctx: Context, each: OrderStanding, label: str, said: str, media: Sequence[Media]
) -> None:
    count = f"（附件{len(media)}个）" if media else ""
    tell_admins(
        ctx,
        each,
        f"【督办复核】{label} {each.subject}报来整改情况{count}：{shown(said, _IN_NOTICE)}\n"
        f"查看请发“{label}”；复核通过请发“销号 {label}”，需继续整改请发“{label} 退回 原因”。",
        "answered",
    )


def joins_evidence(ctx: Context, text: str) -> Reply | None:
    """Pictures and files that follow an answer within half an hour belong to it; else None.

    A workbook may be a report, and what it is has ways of its own.
    """
    media = _brought(ctx.media)
    if not media or any(map(is_workbook, media)) or looks_like_report(ctx, text):
        return None
    last = last_evidence_of(ctx.session, ctx.speaker.id, ctx.now - FOLLOW_UP)
    if last is None or last.id is None:
        return None
    report = fresh_report(ctx)
    if report is not None and report.first_received_at > last.at:
        return None
    [each] = standings(ctx.session, [locked_order(ctx.session, last.order_id)])
    is_live = any(step.id == last.id for step in this_round(_live(ctx, each)))
    if each.state is not OrderState.ANSWERED or not is_live:
        return None
    return answer_order(ctx, each, text)


def ask_extension(ctx: Context, each: OrderStanding, text: str) -> Reply:
    """A liaison's wish for more time, before the limit has passed, put to the admins."""
    require(ctx, each, OrderAction.ASK)
    label, limit = each.label(ctx.today.year), each.order.effective_limit
    present = limit_text(limit, ctx.today)
    if not may_ask(limit, ctx.now):
        raise Refused(
            f"{label} 的期限{present}已过，不能再申请延期。请尽快办理，办结发“{label}”加整改情况；"
            "确有困难请联系管理员。"
        )
    until, reason = _wish(ctx, label, text, limit)
    before = extension_asked(_live(ctx, each))
    if before is not None and before.until == until and same_words(before.text, reason):
        return Reply(f"{label} 延期到{_day(ctx, until)}的申请已转管理员，正等答复，未重复转达。")
    add_step(ctx, each.order, StepKind.EXTENSION_ASKED, reason, until=until)
    tell_admins(
        ctx,
        each,
        f"【督办延期】{label} {each.subject}申请延期到{_day(ctx, until)}（现期限{present}）。"
        f"原因：{harmless(reason)}\n同意请发“{label} 同意”，不同意请发“{label} 不同意 原因”。",
        "extension",
    )
    return Reply(f"已向管理员申请{label} 延期到{_day(ctx, until)}。答复前仍按{present}办理。")


def _wish(ctx: Context, label: str, text: str, limit: datetime) -> tuple[datetime, str]:
    """Until when, and why; refused where a part is missing or the day is no later."""
    wish = with_limit(text, ctx.today)
    reason = bounded(wish.words)
    if wish.until is None or not reason:
        raise Refused(f"申请延期请写明日期和原因，例如：\n{label} 延期 10月15日 设备到货推迟")
    if not is_later(wish.until, limit, ctx.now):
        present, came = _day(ctx, limit), _day(ctx, wish.until)
        raise Refused(f"延期的日期应晚于现期限{present}，收到{came}。请改写后再发。")
    return wish.until, reason


def _day(ctx: Context, until: datetime) -> str:
    return limit_text(until, ctx.today)
