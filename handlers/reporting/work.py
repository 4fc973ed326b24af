"""The open report of a speaker: looked up, examined and kept, while one message is answered."""

from dataclasses import dataclass, replace

from handlers.context import Context
from handlers.reporting.assess import Assessment, assess
from handlers.reporting.content import Content, without_left
from handlers.reporting.drafts import content_of, keep
from handlers.reporting.form import Form
from handlers.reporting.of_period import duty_of_day
from handlers.reporting.points import PointKind
from handlers.reporting.versions import content_of_version
from handlers.standing.duties import DutyStanding
from models.draft import Draft, draft_of
from models.obligation import Obligation, owed_since
from models.submission import Submission, submissions_of


@dataclass(frozen=True)
class Work:
    """The open report of the speaker with its form, while one message is being answered."""

    context: Context
    draft: Draft
    form: Form
    content: Content
    standing: Submission | None = None

    @property
    def besides(self) -> int | None:
        """The report whose own figures and pictures are no history: the one being answered."""
        return self.standing.id if self.standing else None

    @property
    def number(self) -> int | None:
        """The report that is being corrected, or None for a new one."""
        return self.draft.submission_id


def work_on(context: Context, draft: Draft, duty: DutyStanding | None = None) -> Work:
    """The open report; one that was sent before is gone on with from its last version.

    *duty* is what it is for, where that has just been looked up.
    """
    obligation = context.session.get_one(Obligation, draft.obligation_id)
    sent = {} if duty else submissions_of(context.session, [draft.obligation_id])
    standing = duty.submission if duty else sent.get(draft.obligation_id)
    form = context.forms.of(obligation, besides=standing.id if standing else None)
    content = content_of(draft)
    if standing is not None and content.says_nothing:
        content = content_of_version(context.session, standing, form)
    return Work(context, draft, form, content, standing)


def open_work(context: Context) -> Work | None:
    """The speaker's open report, or None."""
    draft = draft_of(context.session, context.speaker.id)
    return None if draft is None else work_on(context, draft)


def examined(work: Work) -> tuple[Work, Assessment]:
    """The report as it would be submitted, and what stands in its way."""
    work = _with_day(_in_its_period(work))
    found = assess(work.context.session, work.form, work.content, work.context.today, work.besides)
    return work, found


def keep_asked(work: Work, found: Assessment) -> None:
    """Store the report and what is now asked of it."""
    question = "\n".join(each.key for each in found.of(PointKind.STRANGE)) or "?"
    keep(work.draft, without_left(work.content), question, work.context.now)


def _in_its_period(work: Work) -> Work:
    """A new report whose day turns out to be of a later period is one for that."""
    context, draft = work.context, work.draft
    is_new = work.number is None and work.standing is None
    duty = duty_of_day(context, draft, work.form, work.content) if is_new else None
    if duty is None:
        return work
    draft.obligation_id = duty.id
    return replace(work_on(context, draft, duty), content=work.content)


def _with_day(work: Work) -> Work:
    """Without a stated day the figures of a period that has ended are those of its end.

    Not where a later one that is owed has ended too: they may be of either.
    """
    form, content, today = work.form, work.content, work.context.today
    if content.as_of or content.as_of_text or not form.has_values or not form.covers:
        return work
    if form.covers[1] >= today or owed_since(work.context.session, form.obligation, today):
        return work
    return replace(work, content=replace(content, as_of=form.covers[1], is_day_assumed=True))
