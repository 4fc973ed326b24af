"""Going back in the open report: its latest step is undone, or all of it is emptied."""

from collections.abc import Iterator
from dataclasses import replace

from handlers.reporting.begin import empty_form
from handlers.reporting.content import Content
from handlers.reporting.correct import as_it_stands
from handlers.reporting.drafts import content_of, keep, step_back
from handlers.reporting.flow import ask_again
from handlers.reporting.form import Form
from handlers.reporting.versions import changes
from handlers.reporting.withdraw import sent_with
from handlers.reporting.work import Work, work_on
from models.message import Reply

_NOTHING_LEFT = "没有可撤销的上一步了。"
_LONGEST = 20


def take_back(work: Work) -> Reply:
    """Undo the latest message that changed the open report, and say what went with it.

    A report that the same message completed stands: that is said.
    """
    before, said = work, list[str]()
    # A step may only have stored what stood there already: that is nothing to take back.
    while not said and step_back(before.draft, before.context.now):
        before = work_on(before.context, before.draft)
        said = list(undone(work.content, before.content, before.form))
    if not said:
        return _shown(before, _NOTHING_LEFT)
    return _shown(before, f"已撤销上一步：{'；'.join(said)}。{_standing_text(work, before)}")


def _standing_text(after: Work, before: Work) -> str:
    gone = set(after.content.messages) - set(before.content.messages)
    sent = [str(each.id) for each in sent_with(after.context, gone)] if gone else []
    if not sent:
        return ""
    number = sent[0] if len(sent) == 1 else ""
    again = f"“撤回 {number}”" if number else "“撤回”加编号"
    return f"同一条消息报送的 #{'、#'.join(sent)} 不变，要收回请发{again}。"


def start_over(work: Work) -> Reply:
    """Empty the open report, which 上一步 can still bring back, and show its template."""
    had_words = not content_of(work.draft).says_nothing
    keep(work.draft, Content(), "", work.context.now)
    text = f"已清空 {work.form.name} 填写的内容；要找回请发“上一步”。" if had_words else ""
    return _shown(work_on(work.context, work.draft), text)


def _shown(work: Work, opening: str) -> Reply:
    """The open report as it now stands: its question, or where nothing is said its form."""
    if not content_of(work.draft).says_nothing:
        return ask_again(work, opening)
    if work.number is None or work.standing is None:
        return empty_form(work, opening)
    text = as_it_stands(work.context, work.form, work.content, work.standing)
    return Reply("\n".join(filter(None, (opening, text))))


def undone(after: Content, before: Content, form: Form) -> Iterator[str]:
    """What changes from *after* back to *before*, in a few words each."""
    yield from changes(_without_assumed(after), _cropped_as(_without_assumed(before), after), form)
    whole = {each.sha for each in before.pictures if not each.cropped}
    uncropped = (n for n, e in enumerate(after.pictures, 1) if e.cropped and e.sha in whole)
    yield from (f"图{number}的裁剪" for number in uncropped)
    gone = [each for each in after.confirmed if each not in before.confirmed]
    yield from (f"对“{_short(each.text)}”的确认" for each in gone)
    back = [each for each in before.confirmed if each not in after.confirmed]
    yield from (f"恢复对“{_short(each.text)}”的确认" for each in back)
    if after.pending and not before.pending:
        yield f"待确认的“{_short(after.pending.text)}”"
    if set(after.stated) != set(before.stated):
        yield "自报的百分比"
    if after.captions != before.captions:
        yield "图片说明"
    if (after.spare, after.awaited) != (before.spare, before.awaited):
        yield "待定位置的图片"
    unread = {said.text for said in after.figures if said.value is None and said.text}
    unread |= {after.as_of_text} - {before.as_of_text, ""}
    known = {said.text for said in before.figures}
    yield from (f"没有读懂的“{_short(text)}”" for text in sorted(unread - known))


def _without_assumed(content: Content) -> Content:
    """A day that nobody wrote is none that could be taken back."""
    return replace(content, as_of=None) if content.is_day_assumed else content


def _cropped_as(content: Content, other: Content) -> Content:
    """*content* with what *other* cropped: that is spoken of apart."""
    cropped = {each.sha: each for each in other.pictures if each.cropped}
    pictures = tuple(
        replace(cropped[each.sha], caption=each.caption)
        if each.sha in cropped and not each.cropped
        else each
        for each in content.pictures
    )
    return replace(content, pictures=pictures)


def _short(text: str) -> str:
    plain = text.rstrip("。")
    return f"{plain[:_LONGEST]}……" if len(plain) > _LONGEST else plain
