"""Which reports an order is about (延期 州公安局 州1-7, 免报 州1-7 8月); several are asked."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from handlers.context import Context
from handlers.lists import entry_called, keep_list
from handlers.reading.harmless import shown
from handlers.reading.normalise import command_key, normalise
from handlers.reading.until import without_label
from handlers.reporting.texts import due_text, period_text
from handlers.standing.duties import DutyFilter, DutyStanding, duties
from handlers.standing.matters import clause_matters
from handlers.standing.merging import are_one, merged
from handlers.standing.rounds import round_called
from handlers.supervising.choosing import Subject, programme_called, subject_called
from handlers.supervising.exceptions_scope import Standpoint
from handlers.supervising.first_word import repeated
from handlers.supervising.texts import some, state_title
from models.errors import Refused
from models.message import Reply
from models.programme import Programme
from models.rules.reporting import ALLOWED, WHY_NOT, Action, State, is_ready
from models.task import Task
from models.unit import Unit, units_of

_TOKEN = re.compile(r"[^\s,，、:：;；]+")
_KEY = re.compile(r"期(?P<id>\d{1,9})")
_ALL = frozenset(("全部", "所有"))
_SPAN = re.compile(r"1月?[-~至到]")
_MONTHS = re.compile(r"(?:1月?[-~至到])?(?P<last>1[0-2]|0?[1-9])月份?")
#: A report is there, whose period is not asked for anew.
_UNDER_WAY = {State.SUBMITTED, State.RESUBMITTED, State.RETURNED}
#: So many reports are offered to choose from.
_MOST = 20
NAMES = "任务编号请发“进度”加单位名称查看。"


@dataclass
class Target:
    """What of an order was recognised; *reason* is what follows, *words* what was before it."""

    programme: Programme | None = None
    unit: Unit | None = None
    task: Task | None = None
    clause_id: int | None = None
    period: str = ""
    obligation_id: int | None = None
    is_all: bool = False
    reason: str = ""
    words: list[str] = field(default_factory=list)

    @property
    def names_something(self) -> bool:
        """Whether a task, unit or report is named at all."""
        return any((self.unit, self.task, self.obligation_id))


def target_of(
    ctx: Context, text: str, programmes: Sequence[Programme], word: str, tail: str
) -> Target | Reply:
    """What the words name, up to the first that is no name; or the question which task is meant.

    *word* and *tail* stand before and behind the names when the order is repeated with a choice.
    """
    known = Names(ctx, programmes)
    target = Target()
    for found in _TOKEN.finditer(text):
        typed = entry_called(ctx, found[0]) or found[0]
        if all(known.take(target, each) for each in known.parted(typed)):
            target.words.append(found[0])
            continue
        rest = text[found.end() :].strip()
        if target.names_something:
            target.reason = without_label(text[found.start() :])
            return target
        before = " ".join([word, *target.words]).replace("{", "{{").replace("}", "}}")
        template = repeated(f"{before} {{}}", f"{rest} {tail}".strip())
        chosen = subject_called(ctx, found[0], known.subjects(), template, NAMES)
        if isinstance(chosen, Reply):
            return chosen
        target.task, target.unit = chosen.task, chosen.unit or target.unit
        target.clause_id = chosen.clause.clause_id if chosen.clause else None
        target.programme = target.programme or (chosen.programme if chosen.task else None)
        target.words.append(found[0])
    return target


class Names:
    """The names of the tasks, units and periods of some programmes."""

    def __init__(self, ctx: Context, programmes: Sequence[Programme]) -> None:
        self._ctx, self._programmes = ctx, programmes
        areas = dict.fromkeys(each.area_id for each in programmes)
        self._units = [unit for area in areas for unit in units_of(ctx.session, area)]
        ids = {each.id: each for each in programmes}
        self._tasks = [
            Subject(ids[task.programme_id], task=task)
            for task in ctx.tasks.values()
            if task.programme_id in ids
        ]

    def subjects(self) -> Iterator[Subject]:
        """All of them, to be found by a part of their names."""
        yield from self._tasks
        yield from (Subject(self._programmes[0], unit=unit) for unit in self._units)

    def parted(self, word: str) -> tuple[str, ...]:
        """州公安局州1-7 in its two names; any other word as it is."""
        for unit in self._units:
            for name in (unit.name, *unit.aliases):
                rest = word.removeprefix(name)
                if rest and rest != word and any(self.tasks_called(rest)):
                    return name, rest
        return (word,)

    def take(self, target: Target, word: str) -> bool:
        """Whether *word* is a name, which the target then has."""
        if (key := _KEY.fullmatch(normalise(word))) is not None:
            target.obligation_id = int(key["id"])
        elif command_key(word) in _ALL:
            target.is_all = True
        elif (programme := programme_called(self._ctx, word, self._programmes, by_part=False)) and (
            target.programme in (None, programme)
        ):
            target.programme = programme
        elif target.unit is None and (unit := self.unit_called(word)) is not None:
            target.unit = unit
        elif target.task is None and self._take_task(target, word):
            pass
        elif not target.period and _is_period(self._ctx, word):
            target.period = word
        else:
            return False
        return True

    def unit_called(self, word: str) -> Unit | None:
        """The unit of this very name or alias."""
        key = command_key(word)
        same = [u for u in self._units if key in map(command_key, (u.name, *u.aliases))]
        return same[0] if key and len(same) == 1 else None

    def _take_task(self, target: Target, word: str) -> bool:
        found = list(self.tasks_called(word))
        if target.programme is not None:
            found = [each for each in found if each.programme.id == target.programme.id]
        if len(found) == 1:
            target.task, target.programme = found[0].task, found[0].programme
            target.clause_id = found[0].clause.clause_id if found[0].clause else None
        return len(found) == 1

    def tasks_called(self, word: str) -> Iterator[Subject]:
        """The tasks of this very number or alias, and the clause of this number."""
        key = command_key(word)
        for each in self._tasks:
            task = each.task
            if task is not None and key in map(command_key, (task.number, *task.aliases)):
                yield each
        head, _, place = normalise(word).rpartition("-")
        heads = [each for each in self._tasks if command_key(each.word) == command_key(head)]
        if head and place.isdecimal() and len(heads) == 1 and heads[0].task is not None:
            for matter in clause_matters(self._ctx.session, [heads[0].task])[heads[0].task.id or 0]:
                if matter.place == int(place):
                    yield Subject(heads[0].programme, heads[0].task, clause=matter)


def _is_period(ctx: Context, word: str) -> bool:
    plain = normalise(word)
    return bool(_MONTHS.fullmatch(plain)) or round_called(plain, ctx.today) is not None


@dataclass(frozen=True)
class Meant:
    """One piece of work: the obligation that is spoken of, and what its report meets along."""

    first: DutyStanding
    along: tuple[DutyStanding, ...] = ()

    @property
    def ids(self) -> tuple[int, ...]:
        """All of its obligations."""
        return tuple(each.id for each in (self.first, *self.along))


def duties_meant(
    ctx: Context,
    target: Target,
    view: Standpoint,
    action: Action | None,
    order: tuple[str, str],
) -> list[Meant] | Reply:
    """The reports on which *action* is wanted (None: asked for again), or the question which.

    An admin speaks of everything, a liaison of what the own units owe. *order* is the command's
    word and what is to follow the choice when it is repeated.
    """
    found = _found(ctx, target, view)
    usable = [each for each in found if _is_usable(each, action)]
    if not usable:
        raise Refused(_why_not(found, action))
    if action is Action.UNDO:
        usable = _extended(usable, view) or usable
    if target.obligation_id is None:
        usable = _of_now(ctx, usable, target)
        if action in (Action.WAIVE, Action.EXTEND):
            _refuse_next(ctx, found, usable[0], target, action)
    meant = [_with_companions(each, usable) for each in merged(usable)]
    if len(meant) > 1 and not target.is_all:
        return _which(ctx, meant, order, target)
    return meant


def _found(ctx: Context, target: Target, view: Standpoint) -> list[DutyStanding]:
    """Every obligation that the words name, by due time."""
    wanted = DutyFilter(
        ids=None if target.obligation_id is None else (target.obligation_id,),
        programme_ids=tuple(view.admin_of),
        task_ids=None if target.task is None else (target.task.id or 0,),
        unit_ids=None if target.unit is None else (target.unit.id or 0,),
        with_history=False,
    )
    decided = duties(ctx.session, wanted, ctx.now, ctx.services.zone) if view.admin_of else ()
    known = sorted((*decided, *view.own(ctx)), key=lambda each: each.obligation.due)
    found = [each for each in known if _is_named(each, target) and not each.is_dropped]
    return _of_period(ctx, found, target.period)


def _is_named(each: DutyStanding, target: Target) -> bool:
    return (
        not each.obligation.history
        and target.obligation_id in (None, each.id)
        and (target.programme is None or each.programme.id == target.programme.id)
        and (target.task is None or each.task.id == target.task.id)
        and target.clause_id in (None, each.matter.clause_id)
        and (target.unit is None or any(unit.id == target.unit.id for unit in each.units))
    )


def _of_period(ctx: Context, found: list[DutyStanding], period: str) -> list[DutyStanding]:
    """Those whose period people call so: by the month it ends in, or by that of its due day."""
    if not period:
        return found
    month = _MONTHS.fullmatch(normalise(period))
    last = int(month["last"]) if month else 0
    of_round = round_called(period, ctx.today)
    zone = ctx.services.zone
    return [
        each
        for each in found
        if (each.duty.covers and each.duty.covers[1].month == last)
        or (of_round and of_round.starts(zone) <= each.obligation.due <= of_round.ends(zone))
    ]


def _extended(usable: Sequence[DutyStanding], view: Standpoint) -> list[DutyStanding]:
    """Those whose extension an admin may mean to undo, and those for which somebody only asked."""
    return [e for e in usable if e.obligation.extended_to or not view.decides(e.programme)]


def _is_usable(each: DutyStanding, action: Action | None) -> bool:
    return each.state is State.WAIVED if action is None else each.state in ALLOWED[action]


def _why_not(found: Sequence[DutyStanding], action: Action | None) -> str:
    if not found:
        return f"没有找到对应的报送。请核对单位、任务编号和期次；{NAMES}"
    last = found[-1] if action is None else _latest(found)
    head = f"{last.name}（{period_text(last.obligation)}）"
    return f"{head}：{'这一期没有免报，不用恢复。' if action is None else WHY_NOT[last.state]}"


def _latest(found: Sequence[DutyStanding]) -> DutyStanding:
    """What was reported last, or else the first."""
    came = [each for each in found if not each.is_owed]
    return came[-1] if came else found[0]


def _of_now(ctx: Context, usable: Sequence[DutyStanding], target: Target) -> list[DutyStanding]:
    """What is asked for now or closed without a report; else what comes next; or all let off."""
    if usable[0].state is State.WAIVED:
        return list(usable)
    now = [e for e in usable if is_ready(e.duty, ctx.now, ctx.today) or e.is_closed]
    if now or target.period:
        return now or list(usable)
    first = usable[0]
    return [each for each in usable if each.duty.deadline == first.duty.deadline]


def with_companions(ctx: Context, each: DutyStanding, action: Action) -> Meant:
    """One report with all that it meets along, as far as *action* may be done to that."""
    wanted = DutyFilter(task_ids=(each.task.id or 0,), with_history=False)
    found = duties(ctx.session, wanted, ctx.now, ctx.services.zone)
    return _with_companions(each, [other for other in found if _is_usable(other, action)])


def _refuse_next(
    ctx: Context,
    found: Sequence[DutyStanding],
    first: DutyStanding,
    target: Target,
    action: Action,
) -> None:
    """Refuse to take the *first* for a period before it that is dealt with already.

    9月 may mean either, and the same words said again do not let anybody off the next one.
    """
    if _SPAN.match(normalise(target.period)) or first.is_closed:
        return
    dealt = {State.WAIVED} if action is Action.WAIVE else set[State]()
    dealt |= _UNDER_WAY if target.period else set()
    earlier = [
        each
        for each in found
        if each.state in dealt
        and each.matter.key == first.matter.key
        and each.duty.deadline < first.duty.deadline
    ]
    if earlier and not is_ready(first.duty, ctx.now, ctx.today):
        period = period_text(first.obligation)
        day = " 日期" if action is Action.EXTEND else ""
        raise Refused(
            f"{subject_text(earlier[-1])}：{WHY_NOT[earlier[-1].state]}下一期（{period}）"
            f"确需{action}的，请写明期次，例如：\n{action} {first.number} {period}{day} 原因"
        )


def _with_companions(each: DutyStanding, usable: Iterable[DutyStanding]) -> Meant:
    return Meant(each, tuple(other for other in usable if are_one(each, other)))


def _which(ctx: Context, meant: Sequence[Meant], order: tuple[str, str], target: Target) -> Reply:
    word, tail = order
    keep_list(ctx, repeated(f"{word} {{}}", tail), [f"期{each.first.id}" for each in meant[:_MOST]])
    lines = [f"{at}. {offered(ctx, each.first)}" for at, each in enumerate(meant[:_MOST], 1)]
    more = f"（先列{_MOST}件，共{len(meant)}件）" if len(meant) > _MOST else ""
    said = shown(" ".join([word, *target.words, "全部", tail]), 60)
    return Reply(
        "\n".join([f"您指的是哪一件？请回复序号{more}：", *lines, f"全部办理请发“{said}”。"])
    )


def offered(ctx: Context, each: DutyStanding) -> str:
    """One report as it is offered: 州公安局 州1-7 雪亮工程（1—8月，9月20日截止，未到期）."""
    due = due_text(each.duty.deadline, ctx.services.zone)
    state = state_title(each.duty, each.state, closed=each.is_closed)
    return f"{of_units(each)} {each.name}（{period_text(each.obligation)}，{due}截止，{state}）"


def of_units(each: DutyStanding) -> str:
    """Who owes it: 州人社局、州文旅广电局."""
    return some([unit.name for unit in each.units])


def subject_text(each: DutyStanding) -> str:
    """What it is called: 州公安局 州1-7 雪亮工程（1—8月）."""
    return f"{of_units(each)} {each.name}（{period_text(each.obligation)}）"
