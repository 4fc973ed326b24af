"""Who reviews which report: by role, by assignment, and at which of two levels."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from handlers.context import Context
from handlers.standing.policy import review_levels
from handlers.supervising.waiting import Waiting, waiting_reports
from models.deputy import Deputy, deputies_on
from models.errors import Refused
from models.member import RoleName
from models.programme import Programme
from models.reviewer import Reviewer, assignment, reviewers_of
from models.rules.review import Assignment, Level, Report, Reviewing, Step
from models.submission import Submission, SubmissionVersion


@dataclass(frozen=True)
class ToReview:
    """One report that the speaker may see waiting; *is_own*: it waits for them by assignment."""

    waiting: Waiting
    is_own: bool
    level: str


def report_of(submission: Submission, version: SubmissionVersion) -> Report:
    """A report as the rule of reviewing sees it."""
    return Report(
        submission.task_id,
        submission.unit_id,
        version.member_id,
        submission.endorsed_at is not None,
    )


def reviewing_in(ctx: Context, programmes: Iterable[Programme]) -> Mapping[int, Reviewing]:
    """How each of these programmes reviews today, in two queries."""
    known = list(programmes)
    rows = reviewers_of(ctx.session, [each.id or 0 for each in known])
    away = {row.member_id for found in rows.values() for row in found}
    acting = deputies_on(ctx.session, away, ctx.today)
    return {
        each.id or 0: Reviewing(review_levels(each), _with_deputies(rows[each.id or 0], acting))
        for each in known
    }


def _with_deputies(rows: Iterable[Reviewer], acting: Iterable[Deputy]) -> list[Assignment]:
    """What is assigned, and the same to whoever stands in for a reviewer on leave."""
    found = [*map(assignment, rows)]
    for each in acting:
        own = [row for row in found if row.member_id == each.member_id]
        found += [replace(row, member_id=each.deputy_id) for row in own]
    return found


def reviewed_by_speaker(ctx: Context) -> list[Programme]:
    """The programmes in which the speaker reviews anything, as admin or by assignment."""
    assigned = {row.programme_id for row in ctx.assignments}
    return [p for p in ctx.programmes if _is_admin(ctx, p) or p.id in assigned]


def _is_admin(ctx: Context, programme: Programme) -> bool:
    return ctx.speaker.has(RoleName.ADMIN, programme_id=programme.id)


def to_review(ctx: Context, programmes: Sequence[Programme]) -> list[ToReview]:
    """What waits in these programmes: the speaker's own first, then, for admins, the others."""
    how = reviewing_in(ctx, programmes)
    admin = {each.id for each in programmes if _is_admin(ctx, each)}
    found = []
    for waiting in waiting_reports(ctx, programmes):
        programme_id = waiting.obligation.programme_id
        rule = how[programme_id]
        report = report_of(waiting.submission, waiting.version)
        is_own = rule.is_for(ctx.speaker.id, report)
        if is_own or programme_id in admin:
            found.append(ToReview(waiting, is_own, _level(rule, report)))
    return sorted(found, key=lambda each: not each.is_own)


def _level(rule: Reviewing, report: Report) -> str:
    """At which level a report stands where it is reviewed twice; else nothing."""
    if rule.awaits_first(report):
        return "待初审"
    return "已初审，待终审" if report.is_endorsed else ""


def step_of(
    ctx: Context, programme: Programme, submission: Submission, version: SubmissionVersion
) -> Step:
    """What a 通过 of the speaker does to a report; refused where it is not theirs."""
    rule = reviewing_in(ctx, [programme])[programme.id or 0]
    report = report_of(submission, version)
    try:
        return rule.step(ctx.speaker.id, report, is_admin=_is_admin(ctx, programme))
    except Refused as refusal:
        raise Refused(f"#{submission.id} {refusal.text}") from None


def reviews_report(ctx: Context, programme: Programme, submission: Submission) -> bool:
    """Whether the speaker is assigned to the report, at whichever level."""
    if not any(row.programme_id == programme.id for row in ctx.assignments):
        return False
    rule = reviewing_in(ctx, [programme])[programme.id or 0]
    report = Report(submission.task_id, submission.unit_id, 0, False)
    return any(rule.holds(ctx.speaker.id, level, report) for level in Level)
