"""发布: a digest made and sent now; or which digests there are and when they go out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, func, select

from handlers.context import Context
from handlers.digest_owing import Occasion, Owed, owe_digest
from handlers.reading.harmless import shown
from handlers.registry import InGroup, command
from handlers.supervising.digest_times import (
    GROUPS,
    Timed,
    digest_called,
    listed,
    next_text,
    programmes_called,
    timed,
    which_programme,
)
from handlers.supervising.scope import administered
from handlers.supervising.texts import issue_text, moment_text
from models.errors import Refused
from models.member import RoleName
from models.message import Reply
from models.outbox import OutboxMessage
from models.rules.cron import CronLine

#: What titles of digests end with, glued to the word: 发布周报.
_DIGEST = re.compile("[一-鿿]{1,3}(?:报|排名|小结|提示|清单|统计|总表)")
NEXT = "立即发出如“发布 周报”，改时间如“周报 每周一9:00”，停发如“周报 停”。"
_NO_GROUP = "还没有{groups}，“{word}”未发出。请在群里发“登记本群 {group}”后再试。"
_AGAIN = "其后有迟报改变已发数据的，工作日上午自动更正一次。"


@command(
    "publish_digest",
    "发布",
    usage="发布 周报 [专项]",
    about="立即发出一份简报；单发“发布”列出全部简报和时间",
    roles=(RoleName.ADMIN,),
    group=InGroup.REFUSE,
    glued=lambda rest: _DIGEST.match(rest) is not None,
)
def publish_digest(ctx: Context, rest: str) -> Reply:
    """Each digest goes to a group once a period, by hand or by its time."""
    if not rest.strip():
        return Reply("\n".join([*listed(timed(ctx, administered(ctx))), NEXT]))
    digest, text = digest_called(ctx, rest)
    called = programmes_called(ctx, text, digest)
    if called.left:
        titles = "、".join(each.programme.short_title for each in called.found)
        raise Refused(
            f"没有认出“{shown(called.left, 20)}”，未发出。"
            f"专项可写：{titles}，例如：\n发布 {digest.word}"
        )
    if called.is_unclear:
        return which_programme(ctx, called.found, f"发布 {digest.word}")
    found = called.found[:1] if digest.shared else called.found
    return Reply("\n".join(_published(ctx, each) for each in found))


@dataclass(frozen=True)
class _Sent:
    """What came of one digest: its issue by name, the groups by name, and each owing."""

    name: str
    owed: tuple[Owed, ...]

    @property
    def count(self) -> int:
        """How many messages go out."""
        return sum(each.count for each in self.owed)


def _published(ctx: Context, each: Timed) -> str:
    line = CronLine(each.rows[0].cron, ctx.services.zone)
    period = line.period(ctx.now)
    title = "" if each.digest.shared else f"【{each.programme.short_title}】"
    name = f"{title}{each.digest.word}（{issue_text(period)}）"
    occasions = [
        Occasion(each.programme, each.digest, purpose, period, by_hand=True)
        for purpose in each.purposes
    ]
    sent = _Sent(name, tuple(owe_digest(ctx.session, ctx.services, o, ctx.now) for o in occasions))
    if sent.count:
        _audited(ctx, each, period, sent.count)
    return _told(ctx, each, occasions, sent)


def _told(ctx: Context, each: Timed, occasions: Sequence[Occasion], sent: _Sent) -> str:
    groups = "、".join(GROUPS[purpose] for purpose in each.purposes)
    if not any(owed.groups for owed in sent.owed):
        raise Refused(
            _NO_GROUP.format(groups=groups, word=each.digest.word, group=GROUPS[each.purposes[0]])
        )
    following = next_text(ctx, each, besides=occasions[0].period)
    later = f"{following}。" if following else ""
    if sent.count:
        return f"{sent.name}已发到{groups}，本期不再重复发。{later}"
    if any(owed.is_silent for owed in sent.owed):
        return f"{sent.name}目前没有可发的内容，未发出。{later}"
    heard = _heard_at(ctx, occasions, sent)
    when = moment_text(heard, ctx.services.zone) if heard else ""
    again = _AGAIN if each.digest.frozen_as else ""
    return f"{sent.name}已于{when}发到{groups}，未重发。{again}{later}"


def _heard_at(ctx: Context, occasions: Sequence[Occasion], sent: _Sent) -> datetime | None:
    """When the first group heard it."""
    keys = [
        f"{occasion.key}:chat{chat.id}:0"
        for occasion, owed in zip(occasions, sent.owed, strict=True)
        for chat in owed.heard
    ]
    return ctx.session.exec(
        select(func.min(OutboxMessage.created_at)).where(col(OutboxMessage.key).in_(keys))
    ).one()


def _audited(ctx: Context, each: Timed, period: str, count: int) -> None:
    ctx.session.add(each.rows[0])
    ctx.session.flush()
    ctx.record(
        "publish_digest",
        "digest_schedule",
        each.rows[0].id or 0,
        after={"digest": each.digest.name, "period": period, "messages": count},
    )
