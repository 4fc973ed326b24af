"""The order that an admin's words ask for: its task, unit, limit and requirement."""

from collections.abc import Sequence

from handlers.context import Context
from handlers.lists import keep_list
from handlers.reading.harmless import harmless
from handlers.standing.policy import order_policy
from handlers.standing.tasks import data_date, short_name, standing
from handlers.supervising.choosing import Subject, all_subjects, subject_called
from handlers.supervising.fact_rights import LOCAL, unit_named
from handlers.supervising.first_word import first_word, repeated
from handlers.supervising.orders_cases import behind_text, shows_red
from handlers.supervising.orders_issuing import Wanted, under_way_on
from handlers.supervising.orders_text import limit_text
from handlers.supervising.orders_words import (
    EXAMPLE,
    Limited,
    is_limit,
    same_words,
    with_limit,
    worded,
)
from handlers.supervising.scope import administered
from models.errors import Refused
from models.message import Reply
from models.rules.order import usual_limit
from models.task import Task, UnitRole, clause_units, clauses_of, task_units
from models.unit import Unit, units_of

HOW = f"请写明任务、期限和要求，例如：\n{EXAMPLE}"
_NAMES = f"任务编号请发“进度”查看。督办请写任务、期限和要求，例如：\n{EXAMPLE}"
#: Said once more behind 督办, where another order about the same is under way.
AGAIN = "另发"


def order_wanted(ctx: Context, text: str) -> Wanted | Reply:
    """What to issue, or what is asked first: which task, which unit, which limit."""
    is_again = text.startswith(AGAIN)
    text = text.removeprefix(AGAIN).strip()
    named = _task_and_unit(ctx, text)
    if isinstance(named, Reply):
        return named
    subject, unit, words = named
    task = subject.task
    if task is None:
        raise Refused(HOW)
    said = with_limit(words, ctx.today)
    wording = worded(said.words)
    if not wording.required:
        raise Refused(f"没有写明要求，未发出。{HOW}")
    if unit is None:
        leads = _leads(ctx, subject)
        if len(leads) != 1:
            return _which_unit(ctx, subject, leads, words)
        [unit] = leads
    if said.until is None:
        return _which_limit(ctx, subject, unit, words)
    if not is_again and (asked := _beside(ctx, subject, unit, said, wording.required)):
        return asked
    problem = wording.problem or _problem(ctx, subject)
    return Wanted(subject.programme, task, unit, problem, wording.required, said.until)


def _task_and_unit(ctx: Context, text: str) -> tuple[Subject, Unit | None, str] | Reply:
    """The task and the unit in either order, and the words behind them."""
    programmes = administered(ctx)
    subjects = all_subjects(ctx, programmes)
    name, words = first_word(text, programmes)
    if not name:
        raise Refused(HOW)
    first = subject_called(ctx, name, subjects, repeated("督办 {}", words), _NAMES)
    if isinstance(first, Reply):
        return first
    if first.task is not None:
        return _with_unit(ctx, first, words)
    name, words = first_word(words, programmes)
    if not name or is_limit(name):
        raise Refused(f"没有写明任务，未发出。{HOW}")
    tasks = [each for each in subjects if each.task is not None]
    template = repeated(f"督办 {first.word} {{}}", words)
    second = subject_called(ctx, name, tasks, template, _NAMES)
    if isinstance(second, Reply):
        return second
    _require_part(ctx, second, first.unit)
    return second, first.unit, words


def _with_unit(ctx: Context, subject: Subject, words: str) -> tuple[Subject, Unit | None, str]:
    """The unit named behind the task, where the next word is one and no limit."""
    name, rest = first_word(words, ())
    if not name or is_limit(name):
        return subject, None, words
    unit = unit_named(units_of(ctx.session, subject.programme.area_id), name)
    if unit is None:
        return subject, None, words
    _require_part(ctx, subject, unit)
    return subject, unit, rest


def _parts(ctx: Context, subject: Subject, *, leads: bool) -> list[Unit]:
    """The units with a part in the task or clause: those that lead, or all of them."""
    task = subject.task
    if task is None:
        return []
    units = {each.id: each for each in units_of(ctx.session, subject.programme.area_id)}
    ids = [
        part.unit_id
        for part in task_units(ctx.session, [task.id or 0])[task.id or 0]
        if not leads or part.role == UnitRole.LEAD
    ]
    if subject.clause is not None or not ids or not leads:
        of_clauses = _clause_parts(ctx, subject, task, leads=leads)
        ids = of_clauses if subject.clause is not None and leads else [*ids, *of_clauses]
    return [units[each] for each in dict.fromkeys(ids) if each in units]


def _clause_parts(ctx: Context, subject: Subject, task: Task, *, leads: bool) -> list[int]:
    rows = clauses_of(ctx.session, [task.id or 0])[task.id or 0]
    clause_id = subject.clause.clause_id if subject.clause is not None else None
    wanted = [row.id or 0 for row in rows if clause_id in (None, row.id)]
    return [
        part.unit_id
        for parts in clause_units(ctx.session, wanted).values()
        for part in parts
        if not leads or part.role != UnitRole.SUPPORTING
    ]


def _leads(ctx: Context, subject: Subject) -> list[Unit]:
    return _parts(ctx, subject, leads=True)


def _require_part(ctx: Context, subject: Subject, unit: Unit | None) -> None:
    """Counties and parks may be meant in any task; other units have to have a part in it."""
    if unit is None or unit.kind in LOCAL or subject.task is None:
        return
    parts = _parts(ctx, subject, leads=False)
    if unit.id not in {each.id for each in parts}:
        names = "、".join(each.name for each in parts) or "尚无单位"
        raise Refused(
            f"{unit.name}没有承担 {short_name(subject.task)}，未发出。承担单位：{names}。"
            f"请核对后重发，例如：\n{EXAMPLE}"
        )


def _which_unit(ctx: Context, subject: Subject, leads: Sequence[Unit], words: str) -> Reply:
    if not leads or subject.task is None:
        raise Refused(f"{subject.label}没有牵头单位，请在任务后写明单位，例如：\n{EXAMPLE}")
    task = f"{subject.word} {subject.programme.code}"
    keep_list(ctx, repeated(f"督办 {task} {{}}", words), [each.name for each in leads])
    lines = [f"{at}. {each.name}" for at, each in enumerate(leads, start=1)]
    head = f"{subject.label}由{len(leads)}个单位共同牵头，督办单发给哪个单位？请回复序号："
    return Reply("\n".join([head, *lines]))


def _which_limit(ctx: Context, subject: Subject, unit: Unit, words: str) -> Reply:
    """Without a limit the usual one is offered, with everything else as it was written."""
    policy = order_policy(subject.programme)
    limit = usual_limit(ctx.now, ctx.calendar, policy)
    day = limit_text(limit, ctx.today)
    written = f"{limit.year}年{limit.month}月{limit.day}日"
    entry = f"{subject.word} {subject.programme.code} {unit.name} {written} {words}"
    keep_list(ctx, "督办 {}", [entry])
    return Reply(
        f"没有写明期限，尚未发出。按{policy.reply_days}个工作日（{day}）发给{unit.name}，请回复 1；"
        f"另定期限请重发，例如：\n督办 {subject.word} 9月30日 {harmless(words)[:20]}"
    )


def _beside(
    ctx: Context, subject: Subject, unit: Unit, said: Limited, required: str
) -> Reply | None:
    """What is asked where another order to this unit on this task is under way."""
    if subject.task is None or said.until is None:
        return None
    standing_ = under_way_on(ctx, subject.task, unit)
    if not standing_ or any(same_words(each.order.required, required) for each in standing_):
        return None  # the very same is refused when it would be issued
    first = standing_[0]
    label = first.label(ctx.today.year)
    day = f"{said.until.year}年{said.until.month}月{said.until.day}日"
    entry = f"{AGAIN} {subject.word} {subject.programme.code} {unit.name} {day} {said.words}"
    keep_list(ctx, "督办 {}", [entry])
    return Reply(
        f"{unit.name}这一事项已有{label}在办（{harmless(first.order.required)}），本次尚未发出。"
        f"确需另发请回复 1；只改期限请发“{label} 延期 日期 原因”。"
    )


def _problem(ctx: Context, subject: Subject) -> str:
    """How the task stands where its figures show red; nothing is made up otherwise."""
    programme, task = subject.programme, subject.task
    day = data_date(ctx.session, programme, ctx.now, ctx.services.zone)
    found = standing(ctx.session, programme, day).task(task.id or 0) if task else None
    return behind_text(found) if found is not None and shows_red(found) else ""
