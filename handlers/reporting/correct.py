"""更正: a new version of a report, from the one that stands and what is changed."""

from dataclasses import replace

from handlers.context import Context
from handlers.reporting.begin import parked_text
from handlers.reporting.content import Content
from handlers.reporting.drafts import keep, open_draft
from handlers.reporting.flow import Work, advance, usable, with_message, work_on
from handlers.reporting.form import Form, base_unit
from handlers.reporting.texts import day_text, heading
from handlers.standing.duties import duty_of
from models.message import Reply
from models.obligation import Obligation
from models.rules.reporting import corrected
from models.rules.unit import amount_text
from models.submission import Submission


def correct(context: Context, submission: Submission, rest: str) -> Reply:
    """Begin or complete a correction; without changes, the lines that can be changed.

    Refused, before anything is changed, where the report's state takes no correction.
    """
    work, opening = open_again(context, submission)
    before = work.content
    work, is_more = with_message(work, rest)
    if is_more and not _is_same(before, work.content):
        return advance(work, opening)
    keep(work.draft, before, "", context.now)
    left = "、".join(work.content.left)
    said = f"“{left[:30]}”没有读懂。" if left else "内容与现有版本相同。" if rest.strip() else ""
    text = _as_it_stands(context, work.form, before, submission)
    return Reply("\n".join(filter(None, (opening, said, text))))


def join_pictures(context: Context, submission: Submission, text: str) -> Reply:
    """Pictures that came after a report join it as a further version."""
    work, opening = open_again(context, submission)
    carried = tuple(replace(each, carried=False) for each in work.content.pictures)
    work = replace(work, content=replace(work.content, pictures=carried))
    work, _ = with_message(work, text)
    count = len(usable(context.media))
    return advance(
        work, "\n".join(filter(None, (opening, f"{count}张图片补入 #{submission.id}。")))
    )


def open_again(context: Context, submission: Submission) -> tuple[Work, str]:
    """The correction of a report, begun or gone on with, and what was put aside for it."""
    obligation = context.session.get_one(Obligation, submission.obligation_id)
    corrected(duty_of(obligation, submission), context.now)
    draft, parked = open_draft(context, submission.obligation_id, submission.unit_id, submission.id)
    return work_on(context, draft), parked_text(context, parked)


def _is_same(before: Content, after: Content) -> bool:
    return _substance(before) == _substance(after)


def _substance(content: Content) -> Content:
    return replace(content, left=(), originals=(), messages=(), confirmed=())


def _as_it_stands(context: Context, form: Form, content: Content, submission: Submission) -> str:
    """The report's lines with their present values, to copy and change."""
    lines = [heading(form, context.services.zone), "请复制要改的行，改好发回，未发的不变："]
    lines.append(f"更正 {submission.id}")
    if content.as_of:
        lines.append(f"截至：{day_text(content.as_of)}")
    for each in form.indicators:
        said = content.figure(each.id or 0)
        if said is not None and said.value is not None:
            lines.append(f"{form.field_of(each)}：{amount_text(said.value, base_unit(each))}")
    lines += [f"{each.name}：{each.text[:20]}" for each in content.sections if each.text]
    return "\n".join(lines)
