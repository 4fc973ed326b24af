"""审计: who did what when to a report, a task or a 督办单, for admins."""

import re
from collections.abc import Sequence

from sqlmodel import select

from handlers.context import Context
from handlers.lists import page_asked, page_of
from handlers.reading.normalise import clean, normalise
from handlers.registry import InGroup, command
from handlers.reporting.texts import period_text
from handlers.standing.tasks import short_name
from handlers.supervising.choosing import Subject, subject_called
from handlers.supervising.orders import order_called
from handlers.supervising.reviewing import no_such_report
from handlers.supervising.scope import administered, require_admin
from handlers.supervising.trail_text import trail_lines
from models.audit import trails
from models.errors import Refused
from models.member import RoleName
from models.message import Reply
from models.obligation import Obligation, owing_units
from models.programme import Programme
from models.requirement import requirements_of
from models.submission import Submission
from models.task import Task, task_units, tasks_of

MOST = 25
HOW = "请写报送编号、任务编号或督办单号，例如：\n审计 128\n审计 州1-7\n审计 督办3"
NAMES = "任务编号请发“进度”加单位名称查看。"
_REPORT = re.compile(r"(?:报送)?\s*#?\s*(?P<number>\d{1,9})\s*号?")
_ORDER = re.compile(r"督办(?:单)?\s*(?:(?P<year>20\d\d)\s*-\s*)?(?P<number>\d{1,6})\s*号?")


@command(
    "audit",
    "审计",
    "办理记录",
    usage="审计 128",
    about="一件报送、任务或督办单的办理经过：谁在什么时候做了什么",
    roles=(RoleName.ADMIN,),
    group=InGroup.REFUSE,
    takes_typos=True,
)
def audit(ctx: Context, rest: str) -> Reply:
    """The trail of what is named, oldest first, newest page last."""
    asked, page = page_asked(rest)
    plain = normalise(asked).strip()
    if not plain:
        raise Refused(HOW)
    if found := _REPORT.fullmatch(plain):
        return _of_report(ctx, int(found["number"]), page)
    if found := _ORDER.fullmatch(plain):
        year = int(found["year"]) if found["year"] else None
        return _of_order(ctx, int(found["number"]), year, page)
    return _of_task(ctx, clean(asked), page)


def _of_report(ctx: Context, number: int, page: int) -> Reply:
    report = ctx.session.get(Submission, number)
    if report is None:
        raise no_such_report(number)
    obligation = ctx.session.get_one(Obligation, report.obligation_id)
    require_admin(ctx, ctx.session.get_one(Programme, obligation.programme_id))
    rows = trails(ctx.session, {"submission": [number], "obligation": [report.obligation_id]})
    units = owing_units(ctx.session, [report.obligation_id])[report.obligation_id]
    task = ctx.session.get_one(Task, report.task_id)
    head = f"#{number} {short_name(task)}（{period_text(obligation)}）办理经过"
    lines = trail_lines(ctx.session, rows, units, ctx.services.zone)
    return _paged(lines, page, head, f"审计 {number}")


def _of_order(ctx: Context, number: int, year: int | None, page: int) -> Reply:
    each = order_called(ctx, number, year)
    require_admin(ctx, each.programme)
    rows = trails(ctx.session, {"supervision_order": [each.id]})
    lines = trail_lines(ctx.session, rows, [each.unit.id or 0], ctx.services.zone)
    label = each.label(ctx.today.year)
    return _paged(lines, page, f"{label} {each.unit.name} 办理经过", f"审计 {label}")


def _of_task(ctx: Context, name: str, page: int) -> Reply:
    subjects = [
        Subject(programme, task=task)
        for programme in administered(ctx)
        for task in tasks_of(ctx.session, programme.id or 0)
    ]
    chosen = subject_called(ctx, name, subjects, "审计 {}", NAMES)
    if isinstance(chosen, Reply):
        return chosen
    if chosen.task is None:
        raise Refused(HOW)
    task_id = chosen.task.id or 0
    obligations = {
        row.id or 0: row
        for row in ctx.session.exec(select(Obligation).where(Obligation.task_id == task_id))
    }
    reports = ctx.session.exec(select(Submission).where(Submission.task_id == task_id)).all()
    requirements = requirements_of(ctx.session, [task_id])[task_id]
    rows = trails(
        ctx.session,
        {
            "task": [task_id],
            "requirement": [each.id or 0 for each in requirements],
            "obligation": list(obligations),
            "submission": [each.id or 0 for each in reports],
        },
    )
    about = {("obligation", id_): period_text(row) for id_, row in obligations.items()}
    about |= {("submission", each.id or 0): f"#{each.id}" for each in reports}
    units = [part.unit_id for part in task_units(ctx.session, [task_id])[task_id]]
    lines = trail_lines(ctx.session, rows, units, ctx.services.zone, about)
    head = f"{short_name(chosen.task)}（{chosen.programme.short_title}）办理经过"
    return _paged(lines, page, head, f"审计 {chosen.task.number} {chosen.programme.code}")


def _paged(lines: Sequence[str], page: int, head: str, again: str) -> Reply:
    if not lines:
        return Reply(f"{head}：还没有记录。")
    places = page_of(page, len(lines), MOST, f"记录共{len(lines)}条")
    left = len(lines) - places.stop
    more = [f"其余{left}条请发“{again} 第{page + 1}页”。"] if left > 0 else []
    return Reply("\n".join([f"{head}（{len(lines)}条）：", *lines[places], *more]))
