"""未报: who still owes a report, unit by unit, and what was never reported."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from handlers.context import Context
from handlers.lists import keep_list, page_asked, page_of
from handlers.reading.normalise import command_key
from handlers.registry import InGroup, command
from handlers.reporting.texts import due_text, period_text
from handlers.standing.duties import DutyStanding
from handlers.standing.rounds import Round, current_round
from handlers.supervising.choosing import programme_and_round, unit_called
from handlers.supervising.owing import by_unit, closed_in, of_round, owed_in
from handlers.supervising.scope import NOT_YOURS, Scope, names_shown, readable
from handlers.supervising.texts import CLOSED, MOST_LINES, named_together, some
from models.errors import Refused
from models.member import RoleName
from models.message import Reply
from models.rules.reporting import State
from models.unit import Unit

_CLOSED_WORDS = frozenset(("已截止", "已截止未报", "截止未报"))
#: Units on a page: more would not fit into one message.
MOST_UNITS = 30
#: Reports or tasks of one unit that are named in its line.
FEW = 3
#: Numbers of tasks in one line of a unit's own list.
MOST_NUMBERS = 80
NOT_NAMED = "本群未开启点名，单位的未报事项请在与我的单聊中查看。"


@command(
    "missing",
    "未报",
    "谁没报",
    "谁未报",
    "未报名单",
    usage="未报 [专项|单位] [期次]",
    about="还有哪些单位没有报送、哪些被退回",
    roles=(RoleName.ADMIN, RoleName.LEADER, RoleName.UNIT_HEAD),
    group=InGroup.ANSWER,
    alone=True,
    takes_typos=True,
)
def missing(ctx: Context, rest: str) -> Reply:
    """What is owed up to the present round, grouped by unit and numbered through.

    With a unit, all of its reports; with 已截止, what was never reported and cannot be any more.
    """
    scopes = readable(ctx)
    rest, page = page_asked(rest)
    words = rest.split()
    only_closed = any(command_key(word) in _CLOSED_WORDS for word in words)
    asked_words = rest.strip().replace("{", "").replace("}", "")
    rest = " ".join(word for word in words if command_key(word) not in _CLOSED_WORDS)
    unit, rest = unit_called(ctx, rest, [scope.programme for scope in scopes])
    asked = programme_and_round(ctx, rest, [scope.programme for scope in scopes])
    found = [
        _found(ctx, scope, asked.round, only_closed=only_closed)
        for scope in scopes
        if asked.programme is None or scope.programme.id == asked.programme.id
    ]
    if unit is not None:
        return _of_unit(ctx, found, unit)
    return _of_all(ctx, found, asked_words, page, can_chase=not only_closed)


@dataclass(frozen=True)
class _Found:
    """What a programme misses; *older* of it is due before the present round.

    *unconfirmed*: what nobody is held to, since its due time waits for an admin's word.
    """

    scope: Scope
    duties: tuple[DutyStanding, ...]
    older: int = 0
    closed_before: int = 0
    unconfirmed: int = 0

    def by_unit(self) -> list[tuple[Unit, list[DutyStanding]]]:
        """What each unit owes that the speaker may read of; of joint reports only those."""
        pairs = by_unit(self.duties)
        return [pair for pair in pairs if self.scope.reads_units(pair[:1])]


def _found(ctx: Context, scope: Scope, wanted: Round | None, *, only_closed: bool) -> _Found:
    if only_closed and wanted is None:
        return _Found(scope, closed_in(ctx, scope))
    zone = ctx.services.zone
    if wanted is not None:
        of_then = of_round(ctx, scope, wanted)
        owed = [each for each in of_then if each.is_owed]
        kept = tuple(e for e in owed if e.chased and (e.is_closed or not only_closed))
        return _Found(scope, kept, unconfirmed=_unconfirmed(owed))
    now_due = current_round(ctx.session, scope.programme.id or 0, ctx.now, zone)
    if now_due is None:
        return _Found(scope, ())
    begin = now_due.starts(zone)
    closed = closed_in(ctx, scope)
    of_now = tuple(each for each in closed if each.obligation.due >= begin)
    all_owed = owed_in(ctx, scope)
    owed = [each for each in all_owed if each.chased]
    older = sum(each.is_missing and each.obligation.due < begin for each in owed)
    before = len(closed) - len(of_now)
    return _Found(scope, (*owed, *of_now), older, before, _unconfirmed(all_owed))


def _unconfirmed(owed: Iterable[DutyStanding]) -> int:
    return sum(not each.is_confirmed for each in owed)


def _of_all(
    ctx: Context, found: Sequence[_Found], asked: str, page: int, *, can_chase: bool
) -> Reply:
    """A page of units; numbers count through all of them."""
    listed = [e.by_unit() if names_shown(ctx) else [] for e in found]
    units = [unit for of_programme in listed for unit, _ in of_programme]
    if not units:
        return Reply("\n\n".join("\n".join([_head(each), *_before(each)]) for each in found))
    places = page_of(page, len(units), MOST_UNITS, f"未报共{len(units)}个单位")
    shown = range(len(units))[places]
    blocks, at = [], 0
    for each, of_programme in zip(found, listed, strict=True):
        numbered = list(enumerate(of_programme, start=at))
        lines = [f"{n + 1}. {u.name}：{_of_one(ctx, d)}" for n, (u, d) in numbered if n in shown]
        at += len(of_programme)
        if lines or page == 1:
            blocks.append("\n".join([_head(each), *lines, *_before(each)]))
    keep_list(ctx, f"未报 {{}} {asked}".strip(), [unit.name for unit in units])
    left = len(units) - shown.stop
    more = f"其余{left}个单位请发“{f'未报 {asked}'.strip()} 第{page + 1}页”。" if left else ""
    hint = f"{more}回复序号可看该单位全部事项。"
    if can_chase and ctx.speaker.has(RoleName.ADMIN):
        hint += "催报请发“催报 全部”，或“催报”加序号、单位名称。"
    return Reply("\n\n".join([*blocks, hint]))


def _of_unit(ctx: Context, found: Sequence[_Found], unit: Unit) -> Reply:
    if not names_shown(ctx):
        return Reply(NOT_NAMED)
    if not any(each.scope.reads_units((unit,)) for each in found):
        raise Refused(NOT_YOURS)
    lines = [unit.name]
    for each in found:
        theirs = [d for d in each.duties if any(owing.id == unit.id for owing in d.units)]
        if theirs:
            lines.append(f"【{each.scope.programme.short_title}】")
            lines += _in_full(ctx, theirs)
    return Reply("\n".join(lines) if len(lines) > 1 else f"{unit.name}没有未报的事项。")


def _head(found: _Found) -> str:
    duties, title = found.duties, found.scope.programme.short_title
    if not duties and not found.closed_before:
        return f"【{title}】没有未报的事项。"
    older = f"（其中往期{found.older}件）" if found.older else ""
    never = sum(each.is_missing and not each.is_closed for each in duties)
    counted = [
        (f"未报{never}件{older}", never),
        (f"{CLOSED}{(now := sum(each.is_closed for each in duties))}件", now),
        (f"退回待重报{(back := sum(each.is_returned for each in duties))}件", back),
        (f"更正已退回{(put := sum(each.correction_returned for each in duties))}件", put),
    ]
    units = found.by_unit()
    parts = [text for text, count in counted if count] or ["没有未报的事项"]
    parts += [f"涉及{len(units)}个单位"] if units else []
    return f"【{title}】{'，'.join(parts)}"


def _before(found: _Found) -> list[str]:
    lines = []
    if found.closed_before:
        lines.append(f"另有往期{CLOSED}{found.closed_before}件，名单请发“未报 已截止”。")
    if found.unconfirmed:
        lines.append(f"另有{found.unconfirmed}件报送期限待确认，不列入未报。")
    return lines


def _of_one(ctx: Context, theirs: Sequence[DutyStanding]) -> str:
    """What one unit owes, in a line: named, or where there are several clauses by number."""
    of_clauses = [each.matter.key for each in theirs if each.matter.clause]
    if len(theirs) == 1 or not of_clauses:
        return some([_named(ctx, each) for each in theirs], FEW)
    parts = [
        f"{how}{len(group)}件：{named_together(group, FEW)}" for how, group in _alike(ctx, theirs)
    ]
    return "；".join(parts)


def _in_full(ctx: Context, theirs: Sequence[DutyStanding]) -> list[str]:
    """Everything a unit owes in a programme; what is much stands together by period and day."""
    if len(theirs) <= MOST_LINES:
        lines = Counter(_named(ctx, duty, with_period=True) for duty in theirs)
        return [f"{line}{f' {n}件' if n > 1 else ''}" for line, n in lines.items()]
    return [
        f"{how}，{len(group)}件：{named_together(group, MOST_NUMBERS)}"
        for how, group in _alike(ctx, theirs, with_period=True)
    ]


def _alike(
    ctx: Context, theirs: Sequence[DutyStanding], *, with_period: bool = False
) -> list[tuple[str, list[DutyStanding]]]:
    """Reports by how they stand: 4月10日截止, 已退回, and so on."""
    groups: dict[str, list[DutyStanding]] = {}
    for each in theirs:
        groups.setdefault(_how(ctx, each, with_period=with_period), []).append(each)
    return list(groups.items())


def _named(ctx: Context, each: DutyStanding, *, with_period: bool = False) -> str:
    return f"{each.name}（{_how(ctx, each, with_period=with_period)}）"


def _how(ctx: Context, each: DutyStanding, *, with_period: bool) -> str:
    period = f"{period_text(each.obligation)}，" if with_period else ""
    if each.state is State.RETURNED:
        return f"{period}{'更正' if each.correction_returned else ''}已退回"
    due = due_text(each.duty.deadline, ctx.services.zone)
    late = CLOSED if each.is_closed else "已逾期" if each.is_overdue else "截止"
    return f"{period}{due}{late}"
