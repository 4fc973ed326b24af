"""状态: how a round of reports stands in numbers."""

from handlers.context import Context
from handlers.registry import InGroup, command
from handlers.standing.rounds import Round, current_round
from handlers.supervising.choosing import programme_and_round
from handlers.supervising.owing import Counts, counts, of_round, still_owed
from handlers.supervising.scope import wholly_readable
from models.member import RoleName
from models.message import Reply
from models.programme import Programme
from models.rules.reporting import rate
from models.rules.rounding import percent_text


@command(
    "status",
    "状态",
    usage="状态 [专项] [期次]",
    about="本期应报、按时、逾期、未报、退回、待审各多少",
    roles=(RoleName.ADMIN, RoleName.LEADER),
    group=InGroup.ANSWER,
    alone=True,
)
def status(ctx: Context, rest: str) -> Reply:
    """The present round of every programme that the speaker reads, or the one they named."""
    programmes = wholly_readable(ctx)
    asked = programme_and_round(ctx, rest, programmes)
    wanted = [asked.programme] if asked.programme else programmes
    return Reply("\n\n".join(_block(ctx, each, asked.round) for each in wanted))


def _block(ctx: Context, programme: Programme, wanted: Round | None) -> str:
    zone = ctx.services.zone
    round_ = wanted or current_round(ctx.session, programme.id or 0, ctx.now, zone)
    if round_ is None:
        return f"【{programme.short_title}】暂无应报事项。"
    all_ = of_round(ctx, programme, round_)
    if not all_:
        return f"【{programme.short_title}】{round_.name}没有应报事项。"
    lines = [f"【{programme.short_title}】{round_.name}截止的报送", *_lines(counts(all_))]
    older = [
        each for each in still_owed(ctx, programme) if each.obligation.due < round_.starts(zone)
    ]
    if older and wanted is None:
        lines.append(f"另有往期未报{len(older)}件")
    unconfirmed = sum(not each.chased for each in all_)
    if unconfirmed:
        lines.append(f"其中{unconfirmed}件期限待确认，暂不催报")
    return "\n".join(lines)


def _lines(found: Counts) -> list[str]:
    came = found.on_time + found.late
    waived = f"（另免报{found.waived}件）" if found.waived else ""
    overdue = f"（其中逾期{found.overdue}件）" if found.overdue else ""
    return [
        f"应报{found.expected}件{waived}",
        f"已报{came}件：按时{found.on_time}件，逾期报送{found.late}件",
        f"未报{found.missing}件{overdue}",
        f"待审{found.awaiting}件，退回待重报{found.returned}件，已通过{found.accepted}件",
        f"报送率{percent_text(rate(found.accepted + found.awaiting, found.expected))}",
    ]
