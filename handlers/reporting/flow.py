"""A report under way: begun, gone on with, asked about, submitted at once when it is complete."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from handlers.context import Context
from handlers.lists import forget_list, forget_offer
from handlers.reading.normalise import clean
from handlers.reporting.assess import Assessment, assess
from handlers.reporting.blank import blank
from handlers.reporting.captioned import absent_text
from handlers.reporting.colleagues import tell_of_correction
from handlers.reporting.content import Confirmation, Content, without_left
from handlers.reporting.drafts import close, content_of, forget_parked, keep, task_name
from handlers.reporting.failures import ENOUGH, failed
from handlers.reporting.failures import understood as were_understood
from handlers.reporting.form import Form
from handlers.reporting.heard import hear
from handlers.reporting.of_period import duty_of_day
from handlers.reporting.paragraph import with_held
from handlers.reporting.pictures import album_of, is_good
from handlers.reporting.points import PointKind
from handlers.reporting.sizes import refuse_overfull
from handlers.reporting.slots import (
    Arrival,
    not_taken_texts,
    placed,
    places_named,
    repeated,
    within,
)
from handlers.reporting.submit import Receipt, submit
from handlers.reporting.texts import asked, due_text, received, received_again
from handlers.reporting.together import also_met, sent_along
from handlers.reporting.versions import content_of_version, is_same
from handlers.reporting.waiting import take_waiting
from handlers.standing.duties import DutyStanding
from models.draft import Draft, draft_of
from models.errors import Refused
from models.media import Media, media_by_sha
from models.message import MediaRef, Reply
from models.obligation import Obligation, owed_since
from models.rules.finding import Finding
from models.rules.picture import PictureRule
from models.submission import Submission, SubmissionState, submissions_of


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
        f"收到文件“{each.name}”，暂不能从文件中读取报送内容，请发文字和图片。"
        for each in context.media
        if not each.problem and not each.facts
    ]
    if context.failed_media:
        lines.append(f"有{len(context.failed_media)}个图片或文件没有取到，请重新发送。")
    return "\n".join((*lines, *context.asides))


def _called(context: Context, number: int, media: Media) -> str:
    """What a picture that cannot be used is called: by its place where several came."""
    name = media.name or "图片"
    return name if len(context.media) == 1 else f"第{number}张（{name}）"


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
    if is_stuck and failed(context) >= ENOUGH:
        return Reply("\n".join(filter(None, (first, fill_in(work)))), pictures=previews)
    if not is_stuck:
        were_understood(context)
    text = asked(work.form, work.content, found, context.services.zone, work.number)
    return Reply("\n".join(filter(None, (first, text))), pictures=previews)


def examined(work: Work) -> tuple[Work, Assessment]:
    """The report as it would be submitted, and what stands in its way."""
    work = _with_day(_in_its_period(work))
    found = assess(work.context.session, work.form, work.content, work.context.today, work.besides)
    return work, found


def keep_asked(work: Work, found: Assessment) -> None:
    """Store the report and what is now asked of it."""
    question = "\n".join(each.key for each in found.of(PointKind.STRANGE)) or "?"
    keep(work.draft, without_left(work.content), question, work.context.now)


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


def ask_again(work: Work, opening: str) -> Reply:
    """The same question once more, after a message that added nothing."""
    work, found = examined(work)
    text = asked(work.form, work.content, found, work.context.services.zone, work.number)
    return Reply(f"{opening}\n{text}")


def not_taken(work: Work, opening: str) -> Reply:
    """The question again after a message that could not be used; after two, the form to fill in."""
    if failed(work.context) < ENOUGH:
        return ask_again(work, opening)
    return Reply(f"{opening}\n{fill_in(work)}")


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


@dataclass(frozen=True)
class Handed:
    """A report that was stored: its receipt, what else it met, and who was told of it."""

    receipt: Receipt
    met: str
    told: str


def handed(work: Work, notes: Sequence[Finding]) -> Handed:
    """Store the report as a submission; raises Refused before any change.

    A colleague may have been faster, or the period has closed meanwhile.
    """
    context = work.context
    along = sent_along(context.session, work.standing) if work.number and work.standing else []
    others = [] if work.number else also_met(context, work.draft.obligation_id, work.form.task)
    receipt = submit(context, work.draft, work.form, work.content, notes)
    forget_parked(work.draft, work.draft.obligation_id)
    were_understood(context)
    met = _met_too(work, along, others, notes)
    told = ""
    if work.number and work.standing:
        changed = [each for each in along if each.state == SubmissionState.SUBMITTED]
        told = tell_of_correction(context, [work.standing, *changed], receipt.changes)
    return Handed(receipt, met, told)


def hand_in(work: Work, opening: str = "", notes: Sequence[Finding] = ()) -> Reply:
    """Store the report as a submission and answer with its receipt."""
    forget_offer(work.context.session, work.context.speaker.id)
    if _changes_nothing(work):
        same = f"内容与现有版本相同，#{work.number} 未作改动。"
        return Reply("\n".join(filter(None, (opening, same, end(work)))))
    try:
        done = handed(work, notes)
    except Refused as refusal:
        return Reply("\n".join(filter(None, (opening, refusal.text, end(work)))))
    form, content, receipt = work.form, work.content, done.receipt
    if receipt.version == 1:
        late = due_text(form.obligation.effective_due, work.context.services.zone)
        since = late if receipt.is_late else ""
        text = received(form, content, receipt.number, late_since=since)
    else:
        note = "原通过的数据在新版通过前继续有效。" if receipt.accepted_before else ""
        text = received_again(
            form, content, receipt.number, receipt.version, receipt.changes, f"{note}等待审核。"
        )
    return Reply("\n".join(filter(None, (opening, text, done.met, done.told, end(work)))))


def _changes_nothing(work: Work) -> bool:
    """Whether a correction says what stands; one that was returned may be sent again as it is."""
    if not work.number or not work.standing or work.standing.state == SubmissionState.RETURNED:
        return False
    stands = content_of_version(work.context.session, work.standing, work.form)
    return is_same(stands, work.content)


def _met_too(
    work: Work,
    along: Sequence[Submission],
    others: Sequence[DutyStanding],
    notes: Sequence[Finding],
) -> str:
    """The same report on what it meets besides, and its corrections; said, with the numbers."""
    context, draft = work.context, work.draft
    again = [(each.obligation_id, each.id) for each in along]
    numbers = []
    for obligation_id, submission_id in [*again, *((each.id, None) for each in others)]:
        own = context.forms.of(context.session.get_one(Obligation, obligation_id))
        # The row of an open report is one for each person: this one is never stored.
        copy = Draft(
            member_id=draft.member_id,
            obligation_id=obligation_id,
            unit_id=draft.unit_id,
            submission_id=submission_id,
            updated_at=context.now,
            expires_at=context.now,
        )
        try:
            numbers.append(f"#{submit(context, copy, own, work.content, notes).number}")
        except Refused:
            continue  # a colleague has reported it by itself meanwhile
    if not numbers:
        return ""
    done = "已一并更正" if again else "已一并报送，无需再报"
    return f"同期另一项报送要求内容相同，{done}（{'、'.join(numbers)}）。"


def end(work: Work) -> str:
    """Close the open report; a parked one comes forward, and that is said."""
    context = work.context
    if not close(context.session, work.draft, context.now):
        return ""
    name = task_name(context.session, work.draft.obligation_id)
    return f"接着报先前放下的 {name}：请补发所缺内容，发“提交”可再看一遍。"


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
