"""无变化 for several tasks at once, or for all on which it may be said."""

from collections.abc import Sequence

from handlers.context import Context
from handlers.reading.normalise import command_key
from handlers.reporting.begin import named_or_only
from handlers.reporting.choose import owed_now
from handlers.reporting.forms_asked import names_in
from handlers.reporting.items import Item
from handlers.reporting.naming import entry_of
from handlers.reporting.nil import report_nil
from handlers.reporting.several import report_all
from handlers.reporting.underway import under_way
from handlers.standing.duties import DutyStanding
from handlers.standing.merging import merged
from models.errors import Refused
from models.message import Reply
from models.rules.reporting import State

#: So many are reported at once; more would be no answer that anybody reads.
MOST = 100
_ALL = frozenset("全部 所有 全部任务 所有任务 全部项目 所有项目 其余 其他 都".split())
_NIL = "无变化"


def report_nil_said(context: Context, rest: str) -> Reply:
    """The answer to 无变化: the one task that is named, several, or all."""
    if command_key(rest) in _ALL:
        return _report_nil_on_all(context)
    if len(names := names_in(context, rest)) > 1:
        return _all_of(context, [Item(each, _NIL) for each in names])
    matter = named_or_only(context, rest, "无变化 {}")
    return matter if isinstance(matter, Reply) else report_nil(context, matter, rest)


def _all_of(context: Context, items: Sequence[Item], notes: Sequence[str] = ()) -> Reply:
    if len(items) > MOST:
        raise Refused(f"共{len(items)}项，一次最多{MOST}项，均未受理。请写明编号，分几次报。")
    return report_all(context, items, notes)


def _report_nil_on_all(context: Context) -> Reply:
    """Whatever is owed now; what was begun or returned needs more than 无变化, and that is said."""
    owed = merged(owed_now(context))
    begun = {each.obligation_id for each in under_way(context)}
    asked = [e for e in owed if e.id not in begun and e.state is not State.RETURNED]
    other = [each.name for each in owed if each not in asked]
    if not asked:
        raise Refused(
            "没有可以报“无变化”的待报事项。正在填报和已退回的请逐项报完，请发“任务”查看。"
        )
    notes = [f"正在填报或已退回，未按无变化报：{'、'.join(other)}。"] if other else []
    return _all_of(
        context, [Item(_name(each, owed), _NIL, unit=_unit(each)) for each in asked], notes
    )


def _name(duty: DutyStanding, owed: Sequence[DutyStanding]) -> str:
    return entry_of(duty.matter, duty.programme, owed)


def _unit(duty: DutyStanding) -> str:
    """Which unit reports, where each does so for itself."""
    return duty.units[0].name if duty.requirement.each and len(duty.units) == 1 else ""
