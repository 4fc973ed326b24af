"""A report under way: asked about, confirmed, submitted at once when it is complete."""

import re
from dataclasses import replace

from handlers.lists import forget_list
from handlers.reporting.arrived import unusable_text
from handlers.reporting.assess import Assessment, assess
from handlers.reporting.blank import blank
from handlers.reporting.buttons import offered
from handlers.reporting.content import Confirmation, Content, without_left
from handlers.reporting.drafts import content_of
from handlers.reporting.failures import needs_template
from handlers.reporting.failures import understood as were_understood
from handlers.reporting.handing import hand_in
from handlers.reporting.paragraph import with_held
from handlers.reporting.points import PointKind
from handlers.reporting.texts import asked
from handlers.reporting.work import Work, examined, keep_asked
from models.message import MediaRef, Reply


def advance(work: Work, opening: str = "") -> Reply:
    """Submit the report if nothing stands in its way; else keep it and ask, all in one message.

    *opening* is said first: what became of another report, or of a picture.
    """
    work, found = examined(work)
    context = work.context
    first = "\n".join(filter(None, (unusable_text(context, work.content), opening)))
    if found.is_clear:
        return hand_in(work, first, found.notes)
    previews = _previews(work, found)
    is_stuck = _is_stuck(work)
    keep_asked(work, found)
    forget_list(context.session, context.speaker.id)
    if is_stuck and needs_template(context):
        return Reply("\n".join(filter(None, (first, fill_in(work)))), pictures=previews)
    if not is_stuck:
        were_understood(context)
    text = asked(work.form, work.content, found, context.services.zone, work.number)
    choices = offered(work.draft, work.content, found)
    text = "\n".join(filter(None, (first, text)))
    return Reply(text, pictures=previews, choices=choices)


def _is_stuck(work: Work) -> bool:
    """Whether something was asked before and nothing more can be read now."""
    return bool(work.draft.question) and _readable(content_of(work.draft)) == _readable(
        work.content
    )


def _readable(content: Content) -> Content:
    figures = tuple(each for each in content.figures if each.value is not None)
    stated = tuple(each for each in content.stated if each.value is not None)
    unread = replace(without_left(content), unused=(), other="", pending=None, as_of_text="")
    return replace(unread, originals=(), messages=(), figures=figures, stated=stated)


def ask_again(work: Work, opening: str) -> Reply:
    """The same question once more, after a message that added nothing."""
    work, found = examined(work)
    text = asked(work.form, work.content, found, work.context.services.zone, work.number)
    choices = offered(work.draft, work.content, found)
    return Reply(f"{opening}\n{text}", choices=choices)


def not_taken(work: Work, opening: str) -> Reply:
    """The question again after a message that could not be used; after two, the form to fill in."""
    if needs_template(work.context):
        return Reply(f"{opening}\n{fill_in(work)}")
    return ask_again(work, opening)


def fill_in(work: Work) -> str:
    """The open report as a form to copy, with what is known of it filled in."""
    form = blank(work.form, work.content, work.number)
    return f"连续两次没有读懂，请复制下面内容，填好发回：\n{form}"


def _previews(work: Work, found: Assessment) -> tuple[MediaRef, ...]:
    """The crops on offer for pictures that were not asked about before."""
    context, album = work.context, found.album
    asked_before = {each.sha for each in content_of(work.draft).pictures}
    refs = []
    for number, each in enumerate(work.content.pictures, 1):
        if each.sha not in asked_before and album.offers_crop(each):
            if sha := album.crop_sha(each, context.services.media):
                refs.append(MediaRef(sha, f"图{number}裁剪预览.jpg", "image/jpeg"))
    return tuple(refs)


def confirmed(work: Work, reason: str) -> Reply:
    """The answer to 确认: it settles what the latest question asked, and nothing else."""
    context, content = work.context, work.content
    if content.pending is not None:
        sections = [each for each in content.sections if each.name != content.pending.name]
        taken = replace(content, sections=(*sections, content.pending), pending=None)
        return advance(replace(work, content=taken))
    found = assess(context.session, work.form, content, context.today, work.besides)
    keys = set(work.draft.question.split("\n"))
    points = [each for each in found.of(PointKind.STRANGE) if each.key in keys]
    if not points:
        return not_taken(work, "现在没有需要确认的内容，请先补充或改正：")
    if not reason and any(each.needs_reason for each in points):
        return Reply("这一项确认时须写明原因，请发如：\n确认 上期统计有误，已核减")
    answers = [Confirmation(each.key, _bare(each.text), reason) for each in points]
    taken = replace(content, confirmed=(*content.confirmed, *answers))
    taken = with_held(taken, work.form, context.today)
    return advance(replace(work, content=taken))


def _bare(warning: str) -> str:
    """A warning without what to send instead, which is no part of it once it is confirmed."""
    return re.split("[，。]请", warning, maxsplit=1)[0] + "。"
