"""What reads as a correction of a report that was sent: offered with the old and the new."""

from collections.abc import Sequence
from datetime import date

from handlers.context import Context
from handlers.lists import keep_list
from handlers.reading.harmless import harmless, shown
from handlers.reading.misstated import corrects
from handlers.reporting.captioned import absent_text, unclear_text
from handlers.reporting.choose import duties_on
from handlers.reporting.content import Content
from handlers.reporting.correct import is_part_of
from handlers.reporting.form import Form
from handlers.reporting.heard import hear
from handlers.reporting.misstated import doubted
from handlers.reporting.naming import own_tasks_in
from handlers.reporting.own import fresh_report, newest_reports, only_returned
from handlers.reporting.versions import changes, content_of_version, is_same
from handlers.standing.duties import DutyStanding
from handlers.standing.matters import Matter
from models.message import Reply
from models.obligation import Obligation
from models.submission import Submission, SubmissionState
from models.task import Task

#: Of so many of the newest reports one may be meant.
_LOOKED_THROUGH = 30
_MOST_CHANGES = 6
_LONGEST = 30


def offer_correction(context: Context, report: Submission, text: str) -> Reply:
    """One digit makes it a correction of the report that was returned or just sent."""
    form = _form(context, report)
    stands = content_of_version(context.session, report, form)
    if (found := doubted(stands, text, form)) is not None:
        return Reply(
            f"#{report.id} 的{found.field}“{harmless(found.was)}”要改成什么？尚未改动，请发：\n"
            f"更正 {report.id}\n{found.field}：××"
        )
    heard = hear(stands, text, form, context.today)
    after = heard.content
    not_taken = unclear_text(after) if is_same(stands, after) else ""
    if not_taken := absent_text(stands, after, report.id or 0) or not_taken:
        return Reply(not_taken)
    if not heard.is_understood:
        return _not_understood(report, text)
    keep_list(context, f"更正 {report.id}\n{{}}", [text])
    which = {
        SubmissionState.RETURNED: "已退回的",
        SubmissionState.ACCEPTED: "已通过的",
    }.get(SubmissionState(report.state), "刚报送的")
    asks = (
        f"这像是要改{which} #{report.id}，尚未受理。请回复 1 按更正处理；"
        f"也可发“更正 {report.id}”加内容。"
    )
    return Reply("\n".join(filter(None, (asks, _changes_text(stands, after, form)))))


def _not_understood(report: Submission, text: str) -> Reply:
    shown_words = shown(text.strip(), _LONGEST)
    return Reply(
        f"“{shown_words}”像是要改 #{report.id}，没有读懂要改成什么，未改。"
        f"请发“更正 {report.id}”加改后的内容，如“完成数 1701”。"
    )


def correction_meant(context: Context, text: str, open_task: Task | None = None) -> Reply | None:
    """The offer to correct the report that a correcting sentence is about; None where it is none.

    With *open_task* only that of another task which it names.
    """
    if not corrects(text):
        return None
    named = {each.id for each in own_tasks_in(context, text)}
    if open_task is not None and (not named or open_task.id in named):
        return None
    if named:
        report = _newest(newest_reports(context, _LOOKED_THROUGH), named)
        return offer_correction(context, report, text) if report else None
    recent = fresh_report(context) or only_returned(context)
    if recent is None:
        return None
    form = _form(context, recent)
    is_doubted = doubted(content_of_version(context.session, recent, form), text, form) is not None
    is_meant = is_doubted or is_part_of(context, recent, text)
    return offer_correction(context, recent, text) if is_meant else None


def offer_again(context: Context, matter: Matter, as_of: date | None, text: str) -> Reply | None:
    """A second report on what waits for review, as its correction; None where nothing differs.

    What somebody else reported is changed by its number only.
    """
    sent = [
        each
        for each in duties_on(context, matter)
        if each.submission is not None
        and each.submission.state == SubmissionState.SUBMITTED
        and each.submission.member_id == context.speaker.id
        and _is_of(each.duty.covers, as_of)
    ]
    report = _first_of_the_last(sent)
    if report is None:
        return None
    form = _form(context, report)
    stands = content_of_version(context.session, report, form)
    said = _changes_text(stands, hear(stands, text, form, context.today).content, form)
    if not said:
        return None
    keep_list(context, f"更正 {report.id}\n{{}}", [text])
    return Reply(
        f"{form.name} 这一期已报送 #{report.id}，待审核。这次的内容与它不同，尚未受理。\n{said}\n"
        f"作为更正请回复 1；不改不用回复，要收回请发“撤回 {report.id}”。"
    )


def _first_of_the_last(sent: Sequence[DutyStanding]) -> Submission | None:
    """Of the latest period's reports the first: a correction of it goes along to the others."""
    ends = [each.duty.covers and each.duty.covers[1] for each in sent]
    last = [e.submission for e, end in zip(sent, ends, strict=True) if end == ends[-1]]
    return min(filter(None, last), key=lambda each: each.id or 0, default=None)


def quoted_task_report(context: Context, numbers: Sequence[int], text: str) -> Submission | None:
    """Of several reports that are quoted the one whose task *text* names."""
    named = {each.id for each in own_tasks_in(context, text)}
    near = [each for each in newest_reports(context, _LOOKED_THROUGH) if each.id in numbers]
    meant = [each for each in near if each.task_id in named]
    return meant[0] if len(meant) == 1 else None


def _changes_text(stands: Content, after: Content, form: Form) -> str:
    lines = list(changes(stands, after, form))
    more = f"等{len(lines)}处" if len(lines) > _MOST_CHANGES else ""
    return f"改动：{'；'.join(lines[:_MOST_CHANGES])}{more}" if lines else ""


def _newest(reports: Sequence[Submission], task_ids: set[int | None]) -> Submission | None:
    return next((each for each in reports if each.task_id in task_ids), None)


def _is_of(covers: tuple[date, date] | None, as_of: date | None) -> bool:
    return as_of is None or covers is None or covers[0] <= as_of <= covers[1]


def _form(context: Context, report: Submission) -> Form:
    obligation = context.session.get_one(Obligation, report.obligation_id)
    return context.forms.of(obligation, besides=report.id)
