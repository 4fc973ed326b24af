"""What the speaker can do right now: go on with the open report, mend a returned one, begin."""

from collections.abc import Iterator

from handlers.context import Context
from handlers.reporting.assess import assess
from handlers.reporting.choose import owed_now, own_duties
from handlers.reporting.owed import nothing_owed
from handlers.reporting.points import PointKind
from handlers.reporting.texts import due_text
from handlers.reporting.work import Work, open_work
from handlers.supervising.review_duties import reviewed_by_speaker, to_review
from models.member import RoleName
from models.obligation import ObligationState

_MOST_RETURNED = 3


def situation(context: Context) -> Iterator[str]:
    """A line each for what waits for the speaker, the most urgent first."""
    if context.speaker.has(RoleName.LIAISON):
        yield from _as_liaison(context)
    if context.speaker.has(RoleName.ADMIN) or context.assignments:
        if count := len(to_review(context, reviewed_by_speaker(context))):
            yield f"等您审核的报送有{count}件，请发“待审”。"


def _as_liaison(context: Context) -> Iterator[str]:
    work = open_work(context)
    if work is not None and not work.content.says_nothing:
        yield _open(context, work)
    yield from _returned(context)
    owed = owed_now(context)
    if not owed:
        yield nothing_owed(context)
        return
    first = owed[0]
    due = due_text(first.obligation.effective_due, context.services.zone)
    more = f"，共{len(owed)}项，请发“任务”查看" if len(owed) > 1 else ""
    yield f"待报：{first.name}（{due}截止）{more}。"


def _open(context: Context, work: Work) -> str:
    found = assess(context.session, work.form, work.content, context.today, work.besides)
    names = [each.text for each in found.of(PointKind.MISSING)]
    doubts = len(found.points) - len(names)
    parts = [f"还缺{'、'.join(names)}"] if names else []
    parts += [f"有{doubts}处请核对"] if doubts else []
    return f"正在填报 {work.form.name}，{'，'.join(parts) or '已齐全'}；再看一遍发“提交”。"


def _returned(context: Context) -> Iterator[str]:
    returned = own_duties(context, states=(ObligationState.RETURNED,))
    for duty in returned[:_MOST_RETURNED]:
        if duty.submission is not None:
            number, reason = duty.submission.id, duty.submission.return_reason
            yield f"#{number} {duty.name} 已退回：{reason}。请发“更正 {number}”加要改的行。"
