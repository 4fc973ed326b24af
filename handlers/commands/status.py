"""状态: how a round of reports stands in numbers."""

from collections.abc import Sequence

from handlers.context import Context
from handlers.registry import InGroup, command
from handlers.standing.duties import DutyStanding
from handlers.standing.rounds import Round, current_round
from handlers.supervising.choosing import programme_and_round
from handlers.supervising.owing import (
    Aside,
    Counts,
    aside,
    closed_in,
    counts,
    of_round,
    owed_in,
)
from handlers.supervising.scope import Scope, readable
from handlers.supervising.texts import CLOSED
from models.member import RoleName
from models.message import Reply
from models.rules.rounding import percent_text


@command(
    "status",
    "状态",
    usage="状态 [专项] [期次]",
    about="本期应报、按时、逾期、未报、退回、待审各多少",
    roles=(RoleName.ADMIN, RoleName.LEADER, RoleName.UNIT_HEAD),
    group=InGroup.ANSWER,
    alone=True,
    takes_typos=True,
)
def status(ctx: Context, rest: str) -> Reply:
    """The present round of every programme that the speaker reads, or the one they named.

    A unit head sees the reports of their own units.
    """
    scopes = readable(ctx)
    asked = programme_and_round(ctx, rest, [scope.programme for scope in scopes])
    wanted = [s for s in scopes if not asked.programme or s.programme.id == asked.programme.id]
    return Reply("\n\n".join(_block(ctx, each, asked.round) for each in wanted))


def _block(ctx: Context, scope: Scope, wanted: Round | None) -> str:
    zone, title = ctx.services.zone, scope.programme.short_title
    round_ = wanted or current_round(ctx.session, scope.programme.id or 0, ctx.now, zone)
    whose = "" if scope.is_whole else "本单位"
    if round_ is None:
        return f"【{title}】暂无应报事项。"
    all_ = of_round(ctx, scope, round_)
    if not all_:
        return f"【{title}】{whose}{round_.name}没有应报事项。"
    lines = [f"【{title}】{whose}{round_.name}截止的报送"]
    if any(each.chased for each in all_):
        lines += _lines(counts(all_))
    if wanted is None:
        lines += _earlier(ctx, scope, round_)
    return "\n".join([*lines, *_aside(ctx, scope, all_)])


def _aside(ctx: Context, scope: Scope, all_: Sequence[DutyStanding]) -> list[str]:
    """What stands beside the counts, as nobody is held to it."""
    lines = []
    waiting, late = aside(all_, confirmed=False), aside(all_, confirmed=True)
    if waiting.count:
        is_admin = ctx.speaker.has(RoleName.ADMIN, programme_id=scope.programme.id)
        how = "，请发“期限”查看" if is_admin and not ctx.in_group else ""
        lines.append(f"期限待确认{_shown(waiting)}，不计入应报，暂不催报{how}")
    if late.count:
        lines.append(f"截止后才确认期限{_shown(late)}，不计入应报，不计逾期")
    return lines


def _shown(found: Aside) -> str:
    waits = f"，待审{found.awaiting}件" if found.awaiting else ""
    return f"{found.count}件（已报{found.came}件{waits}）"


def _lines(found: Counts) -> list[str]:
    """Each line adds up with the one above it."""
    waived = f"（另免报{found.waived}件）" if found.waived else ""
    overdue = f"（其中逾期{found.overdue}件）" if found.overdue else ""
    of_these = f"已通过{found.accepted}件，待审{found.awaiting}件，退回待重报{found.returned}件"
    lines = [
        f"应报{found.expected}件{waived}",
        f"已报{found.came}件：按时{found.on_time}件，逾期报送{found.late}件",
        *([f"　其中{of_these}"] if found.came else []),
        f"未报{found.missing}件{overdue}",
    ]
    if found.closed:
        lines.append(f"{CLOSED}{found.closed}件")
    if open_ones := _corrections(found):
        lines.append(open_ones)
    share = percent_text(found.rate)
    back = f"，退回待重报的{found.returned}件不计" if found.returned else ""
    return [*lines, f"报送率{share}（{found.reported}/{found.expected}{back}）"]


def _corrections(found: Counts) -> str:
    parts = [
        f"{word}{count}件"
        for word, count in (
            ("更正待审", found.correction_waits),
            ("更正已退回", found.correction_returned),
        )
        if count
    ]
    return f"已通过的另有{'，'.join(parts)}" if parts else ""


def _earlier(ctx: Context, scope: Scope, round_: Round) -> list[str]:
    begin = round_.starts(ctx.services.zone)
    older = [e for e in owed_in(ctx, scope) if e.chased and e.obligation.due < begin]
    missing = sum(each.is_missing for each in older)
    counted = [
        (f"另有往期未报{missing}件", missing),
        (f"另有往期退回未重报{len(older) - missing}件", len(older) - missing),
    ]
    if closed := len(closed_in(ctx, scope, begin)):
        counted.append((f"另有往期{CLOSED}{closed}件，名单请发“未报 已截止”", closed))
    return [line for line, count in counted if count]
