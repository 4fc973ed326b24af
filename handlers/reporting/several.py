"""Several reports in one message: each is handled as its own, and all are answered together."""

import re
from collections.abc import Sequence

from handlers.context import Context
from handlers.lists import forget_list
from handlers.reading.harmless import harmless
from handlers.reading.headings import Vocabulary
from handlers.reading.lines import read_lines
from handlers.reporting.arrived import unusable_text
from handlers.reporting.assess import Assessment
from handlers.reporting.begin import day_said, opened, repeating, without_title
from handlers.reporting.choose import own_duties, ready
from handlers.reporting.content import Content
from handlers.reporting.drafts import bring_first, close
from handlers.reporting.form import Form
from handlers.reporting.handing import handed
from handlers.reporting.items import Item, Meant, joined, with_captions
from handlers.reporting.naming import matter_named
from handlers.reporting.nil import nil_work, says_nil
from handlers.reporting.outcomes import Kind, Outcome, asked_which, needs, summary
from handlers.reporting.shared_pictures import SharedPictures
from handlers.reporting.texts import left_text, period_text, understood
from handlers.reporting.work import Work, examined, keep_asked
from handlers.standing.matters import Matter
from models.draft import draft_of
from models.errors import Refused
from models.message import Reply
from models.obligation import OPEN_STATES
from models.rules.finding import Finding

_LONGEST_NAME = 60


def report_all(context: Context, items: Sequence[Item], notes: Sequence[str] = ()) -> Reply:
    """Take each item as a report of its own, in order; a refused one does not stop the others.

    What is complete is submitted. Of the others the first becomes the open report and the rest
    wait behind it. *notes* are said of the message as a whole.
    """
    context.own_duties.all()  # in one go: each item is going to ask for some of them
    meant = joined(context, [_meant(context, item) for item in items])
    matters = [each.on for each in meant if isinstance(each.on, Matter)]
    _hold(context, matters)
    pictures = SharedPictures.of(context, matters)
    meant = with_captions(meant, pictures.owner)
    outcomes = [_outcome(context, each, pictures) for each in meant]
    forget_list(context.session, context.speaker.id)
    _arrange(context, outcomes)
    first = (unusable_text(context), *notes, *summary(context, outcomes))
    is_asked = any(each.kind is Kind.ASKED for each in outcomes)
    question = pictures.question([] if is_asked else [e.again for e in outcomes if e.again])
    return Reply("\n".join(filter(None, (*first, question))))


def _meant(context: Context, item: Item) -> Meant:
    """The item with what it is on; else why that is not known, or the question which."""
    text = f"{item.unit}\n{item.text}" if item.unit else item.text
    name = item.name[:_LONGEST_NAME]
    try:
        matter = matter_named(context, name, repeating(text))
    except Refused as refusal:
        return Meant(item, _refused(item, refusal.text))
    if isinstance(matter, Reply):
        return Meant(item, asked_which(context, f"{item.where}{harmless(name)}", matter))
    return Meant(item, matter)


def _hold(context: Context, matters: Sequence[Matter]) -> None:
    """All obligations that may be met, in one order: else two people may block each other.

    What their forms need is read at once.
    """
    task_ids = {each.task.id or 0 for each in matters}
    may_be_met = own_duties(context, task_ids, OPEN_STATES)
    context.own_duties.hold(each.id for each in may_be_met)
    context.forms.read(each.obligation for each in ready(may_be_met, context))


def _outcome(context: Context, meant: Meant, pictures: SharedPictures) -> Outcome:
    """What becomes of one item; its pictures go with it, and are left where it is refused."""
    if isinstance(meant.on, Outcome):
        return meant.on
    with pictures.of_item(meant.on) as has_pictures:
        outcome = _taken(context, meant.item, meant.on)
    if has_pictures and outcome.kind in (Kind.REFUSED, Kind.ASKED):
        pictures.give_back()
    return outcome


def _taken(context: Context, item: Item, matter: Matter) -> Outcome:
    try:
        with context.session.begin_nested():
            return _reported(context, item, matter)
    except Refused as refusal:
        return _refused(item, refusal.text)


def _reported(context: Context, item: Item, matter: Matter) -> Outcome:
    """The item submitted if it is complete, kept as a draft if it is not."""
    called = f"{item.where}{matter.name}"
    if says_nil(item.text):
        nil = nil_work(context, matter, item.unit)
        return asked_which(context, called, nil) if isinstance(nil, Reply) else _sent(nil, ())
    day = day_said(context, read_lines(item.text, Vocabulary()), item.text)
    text = without_title(item.text, matter)
    begun = opened(context, matter, f"{item.unit}\n{text}" if item.unit else text, day)
    if isinstance(begun, Reply):
        return asked_which(context, called, begun)
    if not begun.is_more:
        why = left_text(begun.work.content) or "没有写内容"
        return _refused(item, f"{matter.name} {why}，请发“报送 {matter.number}”取模板")
    work, found = examined(begun.work)
    return _sent(work, found.notes) if found.is_clear else _kept(work, found)


def _kept(work: Work, found: Assessment) -> Outcome:
    """What was read, and what stands in its way."""
    keep_asked(work, found)
    form, content = work.form, work.content
    parts = [_echo(form, content), needs(found.points), left_text(content)]
    return Outcome(
        Kind.OPEN,
        f"{form.name}：{'；'.join(filter(None, parts))}",
        work.draft.obligation_id,
        f"报送 {form.matter.number}",
        tuple(found.points),
    )


def _refused(item: Item, why: str) -> Outcome:
    """One line with the reason alone: what to send instead is said once for all."""
    name = harmless(item.name.rpartition(":")[2])[:_LONGEST_NAME]
    reason, _, more = why.split("\n")[0].partition("。")
    if more.startswith("是不是"):
        reason = f"{reason}，{more.partition('。')[0]}"
    if more.startswith("要改请发"):
        reason = f"{reason}；{re.split('[，。]', more, maxsplit=1)[0]}"
    return Outcome(Kind.REFUSED, f"{item.where}{'' if name in reason else f'{name}：'}{reason}")


def _sent(work: Work, notes: Sequence[Finding]) -> Outcome:
    done = handed(work, notes)
    close(work.context.session, work.draft, work.context.now)
    form, receipt = work.form, done.receipt
    version = f" 第{receipt.version}版" if receipt.version > 1 else ""
    late = "（逾期）" if receipt.is_late else ""
    head = f"#{receipt.number}{version} {form.name}（{period_text(form.obligation)}）{late}"
    parts = [_echo(form, work.content), left_text(work.content), done.met.rstrip("。"), done.told]
    text = f"{head}：{'；'.join(filter(None, parts))}"
    return Outcome(Kind.SENT, text, form.obligation.id or 0, f"更正 {receipt.number}")


def _echo(form: Form, content: Content) -> str:
    """What was read, figures first."""
    if content.nil:
        return "无变化，沿用上次通过的数据"
    lines = understood(form, content)
    return "；".join(sorted(lines, key=lambda line: line.startswith("截至")))


def _arrange(context: Context, outcomes: Sequence[Outcome]) -> None:
    """The first that needs something is the open one, the others come next in their order."""
    draft = draft_of(context.session, context.speaker.id)
    wanted = [each.obligation_id for each in outcomes if each.kind is Kind.OPEN]
    if draft is not None and wanted:
        bring_first(draft, list(dict.fromkeys(wanted)), context.now)
