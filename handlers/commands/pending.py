"""待审: the reports that nobody has reviewed yet."""

from sqlmodel import col, select

from handlers.context import Context
from handlers.registry import InGroup, command
from handlers.reporting.texts import period_text
from handlers.standing.tasks import short_name
from handlers.supervising.choosing import programme_called
from handlers.supervising.lists import keep_list
from handlers.supervising.scope import administered
from handlers.supervising.texts import moment_text
from models.errors import Refused
from models.member import RoleName
from models.message import Reply
from models.obligation import Obligation
from models.submission import Submission, SubmissionState
from models.task import Task
from models.unit import Unit

#: More than a phone shows at once; the oldest go first.
MOST = 30


@command(
    "pending",
    "待审",
    "待审核",
    "审核",
    usage="待审 [专项]",
    about="等您审核的报送",
    roles=(RoleName.ADMIN,),
    group=InGroup.REFUSE,
    alone=True,
)
def pending(ctx: Context, rest: str) -> Reply:
    """The unreviewed reports of the programmes the speaker administers, oldest first."""
    programmes = administered(ctx)
    named = programme_called(ctx, rest, programmes) if rest.strip() else None
    if rest.strip() and named is None:
        titles = "、".join(each.short_title for each in programmes)
        raise Refused(f"没有认出专项“{rest.strip()[:20]}”。您管理的专项有：{titles}。")
    rows = ctx.session.exec(
        select(Submission, Obligation, Task, Unit)
        .join(Obligation, col(Obligation.id) == col(Submission.obligation_id))
        .join(Task, col(Task.id) == col(Submission.task_id))
        .join(Unit, col(Unit.id) == col(Submission.unit_id))
        .where(
            Submission.state == SubmissionState.SUBMITTED,
            col(Task.active),
            col(Obligation.programme_id).in_([p.id for p in ([named] if named else programmes)]),
        )
        .order_by(col(Submission.first_received_at), col(Submission.id))
    ).all()
    if not rows:
        return Reply("目前没有待审的报送。")
    return Reply("\n".join(_lines(ctx, list(rows))))


def _lines(ctx: Context, rows: list[tuple[Submission, Obligation, Task, Unit]]) -> list[str]:
    shown = rows[:MOST]
    keep_list(ctx, "查看 {}", [str(submission.id) for submission, _, _, _ in shown])
    lines = [f"待审{len(rows)}件："]
    for at, (submission, obligation, task, unit) in enumerate(shown, start=1):
        again = "（重报）" if submission.version > 1 else ""
        when = moment_text(submission.first_received_at, ctx.services.zone)
        lines.append(
            f"{at}. #{submission.id} {unit.name} {short_name(task)}"
            f"（{period_text(obligation)}）{again} {when}"
        )
    if len(rows) > MOST:
        lines.append(f"仅列出最早的{MOST}件。")
    numbers = " ".join(str(submission.id) for submission, _, _, _ in shown[:2])
    lines.append(f"查看请回复序号；通过请发“通过 {numbers}”，退回请发“退回 编号 原因”。")
    return lines
