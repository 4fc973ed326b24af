"""What a message brings to the open report, words and pictures; and what could not be used."""

from collections.abc import Sequence
from dataclasses import replace

from handlers.context import Context
from handlers.reading.normalise import clean
from handlers.reporting.captioned import absent_text
from handlers.reporting.content import Content
from handlers.reporting.heard import hear
from handlers.reporting.pictures import album_of, is_good
from handlers.reporting.sizes import refuse_overfull
from handlers.reporting.slots import (
    Arrival,
    not_taken_texts,
    placed,
    places_named,
    repeated,
    within,
)
from handlers.reporting.waiting import take_waiting
from handlers.reporting.work import Work
from models.errors import Refused
from models.media import Media, media_by_sha
from models.member import RoleName
from models.rules.picture import PictureRule


def with_message(work: Work, text: str) -> tuple[Work, bool]:
    """The report with what the message at hand adds, and whether it added anything.

    Pictures that waited for a report join it now.
    """
    context = work.context
    context.pictures_taken = True
    waited = take_waiting(context.session, context.speaker.id, context.now)
    content = _with_arrivals(work, waited.shas)
    has_pictures = (content.pictures, content.spare) != (work.content.pictures, work.content.spare)
    for earlier in waited.texts:
        content = hear(content, earlier, work.form, context.today).content
    heard = hear(content, text, work.form, context.today)
    is_more = heard.is_understood or has_pictures
    content = heard.content
    if work.number and (absent := absent_text(work.content, content, work.number)):
        raise Refused(f"{absent}{'图片请一并重发。' if usable(context.media) else ''}")
    if content.pending is not None:
        # What was offered as a section and is answered by something else is said to be left out.
        content = replace(content, left=(*content.left, content.pending.text))
    if is_more:
        content = replace(
            content,
            pending=None,
            originals=(*content.originals, *filter(None, [clean(text).strip()])),
            messages=(*content.messages, *context.inbox_ids),
        )
        refuse_overfull(work.content, content)
    return replace(work, content=content), is_more


def _with_arrivals(work: Work, waited: Sequence[str]) -> Content:
    """The report with the pictures that waited and those of the message, each in its place.

    An unreadable picture among others keeps its place, so that the captions keep their numbers.
    """
    context, content = work.context, work.content
    pictures = usable(context.media)
    is_new = not any(each.carried for each in content.pictures) and not content.awaited
    if pictures and is_new:
        pictures = [each for each in context.media if each.facts or each.problem]
    media = media_by_sha(context.session, list(waited))
    pictures = [*(media[sha] for sha in waited if sha in media), *pictures]
    if not pictures:
        return content
    bad = album_of(context.session, work.form, content).bad
    reason = work.standing.return_reason if work.standing else ""
    arrivals = [Arrival(each.sha, is_good(work.form, each)) for each in pictures]
    rule = work.form.rule or PictureRule()
    after, over = within(placed(content, arrivals, bad, places_named(reason)), rule.most)
    context.asides += not_taken_texts(repeated(content, arrivals), over, rule.most)
    return after


def usable(media: Sequence[Media]) -> list[Media]:
    """The readable pictures of a message."""
    return [each for each in media if each.facts]


def unusable_text(context: Context, content: Content | None = None) -> str:
    """What is wrong with pictures and files that cannot be used or were not taken, a line each.

    A picture that has its place in *content* is spoken of there.
    """
    placed_already = {each.sha for each in content.pictures} if content else set()
    lines = [
        f"{_called(context, number, each)}：{each.problem}"
        for number, each in enumerate(context.media, 1)
        if each.problem and each.sha not in placed_already
    ]
    lines += [
        f"收到文件“{each.name}”，不能从中读取报送内容。"
        "请发文字和图片，也可填 Excel 表发来，空表请发“模板”。"
        for each in context.media
        if not each.problem and not each.facts
    ]
    if context.failed_media:
        lines.append(_missed(context))
    return "\n".join((*lines, *context.asides))


def _missed(context: Context) -> str:
    """What did not arrive; whoever may use the form has another way than to send it again."""
    said = f"有{len(context.failed_media)}个图片或文件没有取到，请重新发送"
    form = "；仍不行请发“上传”，从网页提交" if context.speaker.has(RoleName.LIAISON) else ""
    return f"{said}{form}。"


def _called(context: Context, number: int, media: Media) -> str:
    """What a picture that cannot be used is called: by its place where several came."""
    name = media.name or "图片"
    return name if len(context.media) == 1 else f"第{number}张（{name}）"
