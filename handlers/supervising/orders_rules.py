"""督办 规则: an admin reads and changes when orders are offered, due and reminded of."""

import re
from dataclasses import replace

from handlers.context import Context
from handlers.reading.harmless import harmless
from handlers.reading.normalise import normalise
from handlers.standing.policy import ladder_policy, order_policy
from handlers.supervising.choosing import programme_called
from handlers.supervising.scope import administered
from models.errors import Refused
from models.programme import Programme
from models.rules.frozen import to_data
from models.rules.order import OrderPolicy

WORD = "规则"
EXAMPLE = "督办 规则 提前3、1天 办理5天 退回2次"
_DAYS = r"\s*个?(?:工作)?[天日]"
_BEFORE = re.compile(rf"提前\s*(?P<days>\d{{1,2}}(?:[\s、,和]+\d{{1,2}}){{0,9}}){_DAYS}(?:提醒)?")
_REPLY = re.compile(rf"(?:办理|办结|期限)\s*(?P<days>\d{{1,3}}){_DAYS}")
_RETURNS = re.compile(r"退回\s*(?P<count>\d{1,2})\s*次")
_EDGES = " ,、;。:"


def rules_said(ctx: Context, text: str) -> list[str]:
    """The numbers in force in each programme, or as the words change them."""
    plain = normalise(text).strip()
    before, reply, returns = (each.search(plain) for each in (_BEFORE, _REPLY, _RETURNS))
    for found in (before, reply, returns):
        plain = plain.replace(found[0], " ") if found else plain
    programmes = _programmes(ctx, plain.strip(_EDGES))
    if not (before or reply or returns):
        return [*(_line(each) for each in programmes), f"修改请发如：\n{EXAMPLE}"]
    lines = []
    for programme in programmes:
        policy = order_policy(programme)
        if before:
            days = {int(each) for each in re.findall(r"\d+", before["days"])}
            policy = replace(policy, before_days=tuple(sorted(days, reverse=True)))
        if reply:
            policy = replace(policy, reply_days=int(reply["days"]))
        if returns:
            policy = replace(policy, returns=int(returns["count"]))
        _amend(ctx, programme, policy)
        lines.append(f"已设定。{_line(programme)}")
    return [*lines, "已发出的督办单期限不变，提醒从现在起按新规则。"]


def _programmes(ctx: Context, text: str) -> list[Programme]:
    """The programme named, or all of the speaker's; refused where more was written."""
    programmes = administered(ctx)
    if not text:
        return programmes
    named = programme_called(ctx, text, programmes)
    if named is None:
        titles = "、".join(each.short_title for each in programmes)
        raise Refused(
            f"没有读懂“{harmless(text)[:20]}”，未作改动。可写专项（{titles}），例如：\n{EXAMPLE}"
        )
    return [named]


def _amend(ctx: Context, programme: Programme, policy: OrderPolicy) -> None:
    before = programme.stated("orders")
    programme.amend("orders", to_data(policy))
    ctx.record(
        "order_policy",
        "programme",
        programme.id or 0,
        before=before,
        after=programme.stated("orders"),
    )


def _line(programme: Programme) -> str:
    policy, ladder = order_policy(programme), ladder_policy(programme)
    steps = "、".join(map(str, policy.before_days))
    return (
        f"{programme.short_title}：逾期{ladder.order_after}个工作日、进度亮红灯、"
        f"退回{policy.returns}次时建议督办；办理期限{policy.reply_days}个工作日，"
        f"提前{steps}个工作日、当天和逾期后每个工作日提醒。"
    )
