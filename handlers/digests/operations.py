"""运行简报: a week for the admins' groups: what it cost people, what went out, what went wrong."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal

from handlers.context import DigestContext
from handlers.reading.harmless import harmless
from handlers.registry import Post, digest
from handlers.reporting.texts import day_text
from handlers.standing.burden import Faults, Load, faults, loads, sent_by_platform
from handlers.supervising.quota_text import quota_lines
from handlers.supervising.texts import DEMO
from models.chat import ChatPurpose
from models.message import Reply
from models.platform import door_title
from models.programme import active_programmes
from models.quota import quotas_in_use
from models.rules.rounding import half_up, number_text
from models.unit import units_by_id
from models.workday import calendar

_WEEK = timedelta(days=7)


@digest(
    "operations",
    title="运行简报",
    word="运行简报",
    purpose=ChatPurpose.ADMINS,
    cron="0 9 * * mon",
    audiences=frozenset({ChatPurpose.ADMINS}),
    shared=True,
)
def operations(ctx: DigestContext) -> Iterator[Post]:
    """The seven days before: the burden meter, quota, failures; nothing of a week without any.

    Liaisons are told by their units. A group of one programme reads of that one's people.
    """
    programmes = active_programmes(ctx.session)
    wrong = faults(ctx.session, ctx.now - _WEEK, ctx.now)
    metered = [*quota_lines(quotas_in_use(ctx.session, ctx.now, calendar(ctx.session)))]
    for chat in ctx.chats:
        own = [e for e in programmes if chat.programme_id in (None, e.id)]
        found = loads(ctx.session, [e.id or 0 for e in own], ctx.now - _WEEK, ctx.now)
        if wrong.any or ctx.by_hand or any(_is_busy(each) for each in found):
            mark = f"【{DEMO}】" if any(each.demo for each in own) else ""
            lines = _lines(ctx, found, metered, wrong)
            yield Post(chat.id or 0, Reply(mark + "\n".join(lines)))


def _is_busy(load: Load) -> bool:
    return bool(load.unasked or load.answers or load.reports)


def _lines(
    ctx: DigestContext, found: Sequence[Load], metered: Sequence[str], wrong: Faults
) -> Iterator[str]:
    first, last = ctx.today - _WEEK, ctx.today - timedelta(days=1)
    yield f"【运行简报】{day_text(first)}至{day_text(last)}，联络员{len(found)}人"
    unasked, answers = sum(e.unasked for e in found), sum(e.answers for e in found)
    most = _most(ctx, found, lambda each: each.unasked, "条")
    yield f"打扰：主动发出{unasked}条，人均{_mean(unasked, len(found))}条{most}；答复{answers}条"
    reports, fields = sum(e.reports for e in found), sum(e.fields for e in found)
    most = _most(ctx, found, lambda each: each.fields, "项")
    yield f"填报：收到{reports}件，填写{fields}项，每件平均{_mean(fields, reports)}项{most}"
    if quota := _quota(ctx):
        yield f"发送：{ctx.today.month}月已发{quota}"
    yield from metered
    yield _faults_line(wrong)


def _most(
    ctx: DigestContext, found: Sequence[Load], measure: Callable[[Load], int], unit: str
) -> str:
    """，最多9条（州公安局）: the one who bears most, by their units."""
    top = max(found, key=measure, default=None)
    if top is None or not measure(top):
        return ""
    units = units_by_id(ctx.session, top.unit_ids)
    names = "、".join(harmless(units[each].name) for each in top.unit_ids if each in units)
    return f"，最多{measure(top)}{unit}{f'（{names}）' if names else ''}"


def _mean(total: int, count: int) -> str:
    return number_text(half_up(Decimal(total) / count, 1)) if count else "0"


def _quota(ctx: DigestContext) -> str:
    """What each door took this month, which is how platforms count."""
    first = datetime.combine(ctx.today.replace(day=1), time.min, ctx.services.zone)
    sent = sent_by_platform(ctx.session, first)
    return "，".join(f"{door_title(door)} {count}条" for door, count in sent.items())


def _faults_line(wrong: Faults) -> str:
    if not wrong.any:
        return "异常：无，不需要处理"
    counted = (
        f"发送失败{wrong.failed}条，结果不明{wrong.unknown}条，"
        f"未办结来信{wrong.unhandled}条，积压{wrong.stuck}条"
    )
    return f"异常：{counted}。请运维人员执行 dajuan outbox list、dajuan inbox list 查看处理"
