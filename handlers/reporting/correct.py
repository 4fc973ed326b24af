"""更正: a new version of a report, from the one that stands and what is changed."""

from dataclasses import replace

from handlers.context import Context
from handlers.reading.captions import Caption
from handlers.reading.harmless import shown
from handlers.reading.quantity import Quantity, read_quantity
from handlers.reporting.arrived import usable, with_message
from handlers.reporting.captioned import unclear_text
from handlers.reporting.content import Content, with_captions
from handlers.reporting.drafts import keep, open_draft
from handlers.reporting.extras import extra_lines
from handlers.reporting.flow import advance
from handlers.reporting.form import Form, base_unit
from handlers.reporting.heard import hear
from handlers.reporting.texts import day_text, due_text, heading, period_text
from handlers.reporting.underway import parked_text
from handlers.reporting.versions import content_of_version, is_same
from handlers.reporting.work import Work, work_on
from handlers.standing.duties import duty_of, timed_duty
from handlers.standing.matters import matter_of
from models.errors import Refused
from models.message import Reply
from models.obligation import Obligation
from models.rules.reporting import Door, corrected, door
from models.rules.unit import amount_text
from models.submission import Submission, SubmissionState, originals_of

#: So much of what was not read is shown.
_LONGEST = 30
_IN_REVIEW = "确需更正，请联系管理员退回，退回后即可更正。"
_REVIEWED = "这一期已审核通过；有特殊情况请告知管理员。"


def correct(context: Context, submission: Submission, rest: str) -> Reply:
    """Begin or complete a correction; without changes, the lines that can be changed.

    Refused, before anything is changed, where the report's state takes no correction.
    """
    work, opening = open_again(context, submission)
    before = work.content
    work, is_more = with_message(work, _with_field(work.form, rest))
    if is_more and not is_same(before, work.content):
        return advance(work, opening)
    keep(work.draft, before, "", context.now)
    said = _not_taken(work.content) or (_nothing_new(submission) if rest.strip() else "")
    text = as_it_stands(context, work.form, before, submission)
    return Reply("\n".join(filter(None, (opening, said, text))))


def _not_taken(content: Content) -> str:
    left = "、".join(content.left)
    said = f"“{shown(left, _LONGEST)}”没有读懂。" if left else ""
    return "\n".join(filter(None, (said, unclear_text(content))))


def _nothing_new(submission: Submission) -> str:
    is_returned = submission.state == SubmissionState.RETURNED
    same = "内容与现有版本相同"
    return f"{same}；核对无误、要原样重报的，请发“提交”。" if is_returned else f"{same}，未作改动。"


def _with_field(form: Form, text: str) -> str:
    """1701个 where only one figure can be meant, as the line of its field."""
    only = form.only_indicator
    read = read_quantity(text, only.unit) if only else None
    is_bare = isinstance(read, Quantity) and not read.rest and "\n" not in text.strip()
    return f"{form.field_of(only)}：{text.strip()}" if only and is_bare else text


def join_pictures(context: Context, submission: Submission, text: str) -> Reply:
    """Pictures that came after a report join it as a further version."""
    work, opening = open_again(context, submission)
    carried = tuple(replace(each, carried=False) for each in work.content.pictures)
    content = replace(work.content, pictures=carried)
    content = with_captions(content, _captions_ahead(work, submission))
    work, _ = with_message(replace(work, content=content), text)
    count = len(usable(context.media))
    return advance(
        work, "\n".join(filter(None, (opening, f"{count}张图片补入 #{submission.id}。")))
    )


def _captions_ahead(work: Work, submission: Submission) -> list[Caption]:
    """The captions that were sent with the report, of pictures it did not have until now."""
    context, known = work.context, len(work.content.pictures)
    said: list[Caption] = []
    for text in originals_of(context.session, submission):
        said += hear(Content(), text, work.form, context.today).content.captions
    return [each for each in said if (each.index or 1) > known]


def open_again(context: Context, submission: Submission) -> tuple[Work, str]:
    """The correction of a report, begun or gone on with, and what was put aside for it."""
    obligation = context.session.get_one(Obligation, submission.obligation_id)
    _refuse_ended(context, submission, obligation)
    corrected(duty_of(obligation, submission), context.now)
    context.own_duties.lock([submission.obligation_id])
    draft, parked = open_draft(context, submission.obligation_id, submission.unit_id, submission.id)
    return work_on(context, draft), parked_text(context, parked)


def _refuse_ended(context: Context, submission: Submission, obligation: Obligation) -> None:
    """What was taken back is no report any more; a closed period takes no word but a returned's."""
    matter = matter_of(context.session, obligation)
    if submission.state == SubmissionState.WITHDRAWN:
        raise Refused(
            f"#{submission.id} 已撤回，不能更正。请发“报送 {matter.number}”加内容重新报送。"
        )
    duty = timed_duty(context.session, obligation, submission, context.services.zone)
    if submission.state != SubmissionState.RETURNED and door(duty, context.now) is Door.CLOSED:
        closed = due_text(duty.closes or duty.deadline, context.services.zone)
        raise Refused(
            f"{matter.name} {period_text(obligation)}一期已于{closed}截止，不再接收更正。"
            f"{_REVIEWED if submission.state == SubmissionState.ACCEPTED else _IN_REVIEW}"
        )


def is_part_of(context: Context, submission: Submission, text: str) -> bool:
    """Whether *text* reads as lines of this report: 完成数 1755 after it was returned."""
    obligation = context.session.get_one(Obligation, submission.obligation_id)
    form = context.forms.of(obligation, besides=submission.id)
    heard = hear(Content(), text, form, context.today).content
    return bool(heard.figures or heard.stated or heard.sections or heard.extras)


def is_unchanged(work: Work) -> bool:
    """Whether an open correction says nothing but what already stands."""
    if work.number is None or work.standing is None:
        return False
    stands = content_of_version(work.context.session, work.standing, work.form)
    return is_same(stands, work.content)


def as_it_stands(context: Context, form: Form, content: Content, submission: Submission) -> str:
    """The report's lines with their present values, to copy and change."""
    lines = [heading(form, context.services.zone), "请复制要改的行，改好发回，未发的不变："]
    lines.append(f"更正 {submission.id}")
    if content.as_of:
        lines.append(f"截至：{day_text(content.as_of)}")
    for each in form.indicators:
        said = content.figure(each.id or 0)
        if said is not None and said.value is not None:
            lines.append(f"{form.field_of(each)}：{amount_text(said.value, base_unit(each))}")
    lines += extra_lines(form, content)
    lines += [f"{each.name}：{each.text[:20]}" for each in content.sections if each.text]
    return "\n".join(lines)
