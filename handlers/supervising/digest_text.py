"""Words that digests share: their title, who owes what in a line, and what to do next."""

from collections.abc import Mapping, Sequence
from datetime import date

from handlers.reading.harmless import harmless
from handlers.reporting.texts import day_text
from handlers.standing.duties import DutyStanding
from handlers.supervising.owing import by_unit
from handlers.supervising.texts import DEMO, some
from models.chat import ChatPurpose
from models.programme import Programme
from models.shown import Table
from models.unit import Unit

#: Units that a line of a group names.
MOST_UNITS = 6
#: Rows of a table, where a door shows one.
MOST_ROWS = 20
#: What each of them owes, by name.
MOST_OF_UNIT = 2

#: What to do next, by whom the group is made of.
OWING_NEXT = {
    ChatPurpose.LIAISONS: "请在与我的单聊中发“任务”查看并报送；没有变化的发“无变化”加编号。",
    ChatPurpose.LEADERS: "各单位情况请发“未报”查看。",
    ChatPurpose.ADMINS: "请在与我的单聊中发“催报 全部”提醒；名单请发“未报”。",
}


def head(programme: Programme, what: str, detail: str) -> str:
    """【答卷专栏】到期提示（8月25日）, marked where it is a demonstration."""
    mark = f"【{DEMO}】" if programme.demo else ""
    return f"{mark}【{programme.short_title}】{what}（{detail}）"


def counted(duties: Sequence[DutyStanding]) -> str:
    """8件，涉及7个单位."""
    units = {unit.id for each in duties for unit in each.units}
    return f"{len(duties)}件，涉及{len(units)}个单位"


def who_owes(duties: Sequence[DutyStanding]) -> str:
    """州公安局（州1-7 雪亮工程）、…: units with what each owes; no person is named."""
    named = ["{}（{}）".format(*_owes(unit, theirs)) for unit, theirs in by_unit(duties)]
    return some(named, MOST_UNITS)


def owing_table(owed: Mapping[date, Sequence[DutyStanding]], *, dated: bool = True) -> Table:
    """The same under its heads, a row for each unit; *dated*, by the day when it was or is due."""
    rows = [
        (*((day_text(day),) if dated else ()), *_owes(unit, theirs))
        for day, duties in owed.items()
        for unit, theirs in by_unit(duties)
    ]
    head = ("截止", "单位", "事项") if dated else ("单位", "事项")
    rest = f"另有{len(rows) - MOST_ROWS}行"
    more = [(*("",) * (len(head) - 2), "……", rest)] if len(rows) > MOST_ROWS else []
    return Table(head, (*rows[:MOST_ROWS], *more))


def _owes(unit: Unit, theirs: Sequence[DutyStanding]) -> tuple[str, str]:
    return harmless(unit.name), some([each.name for each in theirs], MOST_OF_UNIT)


def said_next(purpose: str) -> str:
    """What a group of this purpose does next about what is owed."""
    return OWING_NEXT.get(ChatPurpose(purpose), OWING_NEXT[ChatPurpose.LEADERS])
