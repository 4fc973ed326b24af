"""评定 made and taken back: a status set by an admin at the data date, with the reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from handlers.context import Context
from handlers.reading.harmless import harmless
from handlers.standing.policy import status_policy
from handlers.standing.tasks import TaskStanding, data_date, short_name, standing
from handlers.supervising.texts import full_day_text
from models.errors import Refused
from models.figure import newest_day
from models.judgement import Judgement, judgements_at
from models.programme import Programme
from models.rules.rounding import percent_text
from models.rules.status import Band
from models.task import Task, tasks_of


@dataclass(frozen=True)
class Judged:
    """A task that is judged, at its programme's data date; *days* is when that holds.

    A task with a newer figure is shown at that figure's day: the word holds there as well.
    """

    task: Task
    programme: Programme
    days: tuple[date, ...]
    before: TaskStanding

    @property
    def name(self) -> str:
        """What it is called: 州1-1 芙蓉学校（答卷专栏，数据截至2021年8月31日）."""
        until = full_day_text(self.days[0])
        return f"{short_name(self.task)}（{self.programme.short_title}，数据截至{until}）"


def judged(ctx: Context, programme: Programme, task: Task) -> Judged:
    """The task with how it stands now."""
    day = data_date(ctx.session, programme, ctx.now, ctx.services.zone)
    newest = newest_day(ctx.session, task.id or 0, ctx.today)
    found = standing(ctx.session, programme, max(day, newest or day)).task(task.id or 0)
    if found is None:
        raise Refused(f"{short_name(task)} 已停用，不能评定。在用的任务请发“进度”查看。")
    return Judged(task, programme, tuple(dict.fromkeys((day, max(day, newest or day)))), found)


def judge(ctx: Context, case: Judged, band: Band, reason: str) -> list[str]:
    """Let the label hold instead of the rule's; both are said."""
    was = case.before.progress
    for day in case.days:
        _add(ctx, case, day, band.label, reason)
    _record(ctx, case, "judge", {"status": band.label, "reason": reason})
    lines = [f"已评定：{case.name}为“{band.label}”。", f"原因：{harmless(reason)}"]
    if was.judgement is not None:
        lines.append(f"此前评定为“{was.status}”，不再采用。")
    else:
        lines.append(f"按规则为：{_by_rule(case.before)}。")
    lines.append("进度、通报等处均注明“评定”，只对这一数据日期有效。")
    return [*lines, f"取消请发“评定 {case.task.number} 取消”。"]


def withdraw(ctx: Context, case: Judged) -> list[str]:
    """Let the rule decide again."""
    held = [
        row
        for day in case.days
        for row in judgements_at(ctx.session, [case.task.id or 0], day).values()
    ]
    if not held:
        return [f"{case.name}没有评定，无需取消。"]
    for row in held:
        _add(ctx, case, row.data_date, row.status, row.reason, withdrawn=True)
    _record(ctx, case, "withdraw_judgement", {})
    now = judged(ctx, case.programme, case.task)
    return [f"已取消评定：{case.name}，按规则为：{_by_rule(now.before)}。"]


def _add(
    ctx: Context, case: Judged, day: date, status: str, reason: str, *, withdrawn: bool = False
) -> None:
    row = Judgement(
        task_id=case.task.id or 0,
        status=status,
        reason=reason,
        data_date=day,
        withdrawn=withdrawn,
        judged_at=ctx.now,
        judged_by=ctx.speaker.id,
    )
    ctx.session.add(row)
    ctx.session.flush()


def _record(ctx: Context, case: Judged, action: str, after: dict[str, str]) -> None:
    was = case.before.progress
    ctx.record(
        action,
        "task",
        case.task.id or 0,
        before={"status": was.status, "judged": was.judged},
        after={**after, "data_date": str(case.days[0])},
    )


def _by_rule(each: TaskStanding) -> str:
    progress = each.progress
    if progress.done is None:
        return "尚无通过的数据，没有状态"
    against = f"（完成{percent_text(progress.done)}，序时{percent_text(progress.scheduled)}）"
    return f"{progress.status or '没有状态'}{against}"


def shown(case: Judged) -> list[str]:
    """How one task stands, and what can be sent."""
    progress, number = case.before.progress, case.task.number
    if progress.judgement is not None:
        said = f"评定为“{progress.status}”（{progress.judgement.by}），"
        lines = [f"{case.name}：{said}原因：{harmless(progress.judgement.reason)}"]
        return [*lines, f"取消请发“评定 {number} 取消”，改定请重发档次和原因。"]
    labels = "、".join(labels_of(case.programme))
    how = f"评定请发“评定 {number} 档次 原因”，档次有：{labels}。"
    return [f"{case.name}：{_by_rule(case.before)}，没有评定。", how]


def labels_of(programme: Programme) -> list[str]:
    """The labels of a programme's policy in its order, each once."""
    return list(dict.fromkeys(band.label for band in status_policy(programme).bands))


def overview(ctx: Context, programmes: Iterable[Programme]) -> list[str]:
    """What is judged at each programme's data date, and what can be sent."""
    lines = []
    for programme in programmes:
        day = data_date(ctx.session, programme, ctx.now, ctx.services.zone)
        tasks = {task.id or 0: task for task in tasks_of(ctx.session, programme.id or 0)}
        held = judgements_at(ctx.session, tasks, day)
        lines.append(f"【{programme.short_title}】数据截至{full_day_text(day)}，评定{len(held)}项")
        lines += [
            f"{short_name(task)}：{held[id_].status}，原因：{harmless(held[id_].reason)}"
            for id_, task in tasks.items()
            if id_ in held
        ]
    return [*lines, "评定请发“评定 州1-1 滞后 原因”，取消请发“评定 州1-1 取消”。"]
