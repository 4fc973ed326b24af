"""未报: who still owes a report, unit by unit."""

from collections.abc import Sequence

from handlers.context import Context
from handlers.registry import InGroup, command
from handlers.reporting.texts import due_text
from handlers.standing.duties import DutyStanding
from handlers.supervising.choosing import programme_and_round
from handlers.supervising.lists import keep_list
from handlers.supervising.owing import by_unit, is_open, of_round, still_owed
from handlers.supervising.scope import names_shown, wholly_readable
from handlers.supervising.texts import some
from models.member import RoleName
from models.message import Reply
from models.rules.reporting import State
from models.unit import Unit


@command(
    "missing",
    "未报",
    "谁没报",
    "谁未报",
    "未报名单",
    usage="未报 [专项] [期次]",
    about="还有哪些单位没有报送、哪些被退回",
    roles=(RoleName.ADMIN, RoleName.LEADER),
    group=InGroup.ANSWER,
    alone=True,
)
def missing(ctx: Context, rest: str) -> Reply:
    """What is owed up to the present round, grouped by unit and numbered through."""
    programmes = wholly_readable(ctx)
    asked = programme_and_round(ctx, rest, programmes)
    blocks, units = [], list[Unit]()
    for programme in [asked.programme] if asked.programme else programmes:
        if asked.round is None:
            owed = still_owed(ctx, programme)
        else:
            of_then = of_round(ctx, programme, asked.round)
            owed = tuple(each for each in of_then if each.is_owed and is_open(each, ctx))
        blocks.append("\n".join([_head(programme.short_title, owed), *_lines(ctx, owed, units)]))
    if not units or not names_shown(ctx):
        return Reply("\n\n".join(blocks))
    keep_list(ctx, "进度 {}", [unit.name for unit in units])
    blocks.append("催报请发“催报 全部”，或“催报”加序号、单位名称。")
    return Reply("\n\n".join(blocks))


def _head(title: str, owed: Sequence[DutyStanding]) -> str:
    returned = sum(each.state is State.RETURNED for each in owed)
    units = {unit.id for each in owed for unit in each.units}
    if not owed:
        return f"【{title}】没有未报的事项。"
    back = f"，退回待重报{returned}件" if returned else ""
    return f"【{title}】未报{len(owed) - returned}件{back}，涉及{len(units)}个单位"


def _lines(ctx: Context, owed: Sequence[DutyStanding], units: list[Unit]) -> list[str]:
    """A numbered line for each unit; *units* grows by those listed, across programmes."""
    if not names_shown(ctx):
        return []
    lines = []
    for unit, theirs in by_unit(owed):
        units.append(unit)
        names = [_named(ctx, each) for each in theirs]
        lines.append(f"{len(units)}. {unit.name}：{some(names)}")
    return lines


def _named(ctx: Context, each: DutyStanding) -> str:
    if each.state is State.RETURNED:
        return f"{each.name}（已退回）"
    due = due_text(each.duty.deadline, ctx.services.zone)
    late = "已逾期" if each.is_overdue else "截止"
    return f"{each.name}（{due}{late}）"
