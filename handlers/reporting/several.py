"""Several reports in one message: each is handled as its own, and all are answered together."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from handlers.context import Context
from handlers.lists import forget_list
from handlers.reading.harmless import harmless
from handlers.reading.headings import Vocabulary
from handlers.reading.lines import read_lines
from handlers.reporting.begin import day_said, opened, without_title
from handlers.reporting.choose import own_duties
from handlers.reporting.content import Content
from handlers.reporting.drafts import bring_first, close
from handlers.reporting.flow import Work, examined, handed, keep_asked, unusable_text
from handlers.reporting.form import Form
from handlers.reporting.naming import matter_named
from handlers.reporting.nil import nil_work, says_nil
from handlers.reporting.points import Point, PointKind
from handlers.reporting.shared_pictures import SharedPictures
from handlers.reporting.texts import left_text, period_text, understood
from handlers.reporting.underway import under_way
from handlers.standing.matters import Matter
from models.draft import draft_of
from models.errors import Refused
from models.message import Reply
from models.obligation import OPEN_STATES
from models.rules.finding import Finding

_LONGEST_NAME = 60
_LONGEST_QUESTION = 60
_WHICH_UNIT = "由您的几个单位分别报送，请在任务后写明单位"
_CAPTION = re.compile(r"\s*(?:图片?|照片)\s*[\d一二三四五六七八九]{1,2}(?![\d年月日个张])")


@dataclass(frozen=True)
class Item:
    """One report of a message: the task as it is named, what is said of it, and where it stood.

    *unit* is the one that reports, where that is said apart.
    """

    name: str
    text: str
    where: str = ""
    unit: str = ""


class Kind(StrEnum):
    """What became of an item."""

    SENT = "sent"
    REFUSED = "refused"
    OPEN = "open"


_WORDS = {Kind.SENT: "已报送", Kind.REFUSED: "未受理", Kind.OPEN: "待补充"}


@dataclass(frozen=True)
class Outcome:
    """What became of one item, in one line.

    *again* is the command by which it can be added to, *blanks* the lines that are still missing.
    """

    kind: Kind
    text: str
    obligation_id: int = 0
    again: str = ""
    blanks: tuple[str, ...] = ()


def report_all(context: Context, items: Sequence[Item], notes: Sequence[str] = ()) -> Reply:
    """Take each item as a report of its own, in order; a refused one does not stop the others.

    What is complete is submitted. Of the others the first becomes the open report and the rest
    wait behind it. *notes* are said of the message as a whole.
    """
    context.own_duties.all()  # in one go: each item is going to ask for some of them
    matters = [_matter(context, item) for item in items]
    known = [each for each in matters if isinstance(each, Matter)]
    _lock(context, known)
    pictures = SharedPictures.of(context, known)
    outcomes = []
    for item, matter in zip(_with_captions(items, matters, pictures), matters, strict=True):
        if isinstance(matter, str):
            outcomes.append(_refused(item, matter))
            continue
        with pictures.of_item(matter) as has_pictures:
            outcome = _taken(context, item, matter)
        if has_pictures and outcome.kind is Kind.REFUSED:
            pictures.give_back()
        outcomes.append(outcome)
    forget_list(context.session, context.speaker.id)
    _arrange(context, outcomes)
    first = (unusable_text(context), *notes)
    question = pictures.question([each.again for each in outcomes if each.again])
    return Reply("\n".join(filter(None, (*first, *_summary(context, outcomes), question))))


def _matter(context: Context, item: Item) -> Matter | str:
    """What the item is on; else why that is not known."""
    try:
        matter = matter_named(context, item.name[:_LONGEST_NAME], "报送 {}")
    except Refused as refusal:
        return refusal.text
    if isinstance(matter, Reply):
        return "可以指几项任务，请写任务编号再报"
    return matter


def _lock(context: Context, matters: Sequence[Matter]) -> None:
    """All obligations that may be met, in one order: else two people may block each other."""
    task_ids = {each.task.id or 0 for each in matters}
    context.own_duties.lock(each.id for each in own_duties(context, task_ids, OPEN_STATES))


def _with_captions(
    items: Sequence[Item], matters: Sequence[Matter | str], pictures: SharedPictures
) -> list[Item]:
    """The captions go to the report that has the pictures, wherever they were written."""
    keys = [each.key if isinstance(each, Matter) else None for each in matters]
    if pictures.owner is None or pictures.owner not in keys:
        return list(items)
    owner = keys.index(pictures.owner)
    captions: list[str] = []
    parted = []
    for item in items:
        lines = item.text.split("\n")
        captions += [line for line in lines if _CAPTION.match(line)]
        rest = "\n".join(line for line in lines if not _CAPTION.match(line))
        parted.append(replace(item, text=rest))
    parted[owner] = replace(parted[owner], text="\n".join([parted[owner].text, *captions]))
    return parted


def _taken(context: Context, item: Item, matter: Matter) -> Outcome:
    try:
        with context.session.begin_nested():
            return _reported(context, item, matter)
    except Refused as refusal:
        return _refused(item, refusal.text)


def _reported(context: Context, item: Item, matter: Matter) -> Outcome:
    """The item submitted if it is complete, kept as a draft if it is not."""
    if says_nil(item.text):
        nil = nil_work(context, matter, item.unit)
        return _refused(item, _WHICH_UNIT) if isinstance(nil, Reply) else _sent(nil, ())
    day = day_said(context, read_lines(item.text, Vocabulary()))
    text = without_title(item.text, matter)
    begun = opened(context, matter, f"{item.unit}\n{text}" if item.unit else text, day)
    if isinstance(begun, Reply):
        return _refused(item, _WHICH_UNIT)
    if not begun.is_more:
        why = left_text(begun.work.content) or "没有写内容"
        return _refused(item, f"{matter.name} {why}，请发“报送 {matter.number}”取模板")
    work, found = examined(begun.work)
    if found.is_clear:
        return _sent(work, found.notes)
    keep_asked(work, found)
    text = f"{work.form.name}：{_needs(found.points)}"
    return Outcome(
        Kind.OPEN,
        "；".join(filter(None, (text, left_text(work.content)))),
        work.draft.obligation_id,
        f"报送 {work.form.matter.number}",
        tuple(point.line for point in found.points if point.line),
    )


def _refused(item: Item, why: str) -> Outcome:
    """One line with the reason alone: what to send instead is said once for all."""
    name = harmless(item.name.rpartition(":")[2])[:_LONGEST_NAME]
    reason, _, more = why.split("\n")[0].partition("。")
    if more.startswith("是不是"):
        reason = f"{reason}，{more.partition('。')[0]}"
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


def _needs(points: Sequence[Point]) -> str:
    """What stands in the way, in as few words as possible."""
    blanks = [point.text for point in points if point.kind is PointKind.MISSING and point.line]
    said = [f"缺{'、'.join(blanks)}"] if blanks else []
    said += [_short(point) for point in points if not point.line]
    return "；".join(said)


def _short(point: Point) -> str:
    text = point.text.split("\n")[0].split("。")[0]
    return f"{text[:_LONGEST_QUESTION]}……" if len(text) > _LONGEST_QUESTION else text


def _arrange(context: Context, outcomes: Sequence[Outcome]) -> None:
    """The first that needs something is the open one, the others come next in their order."""
    draft = draft_of(context.session, context.speaker.id)
    wanted = [each.obligation_id for each in outcomes if each.kind is Kind.OPEN]
    if draft is not None and wanted:
        bring_first(draft, list(dict.fromkeys(wanted)), context.now)


def _summary(context: Context, outcomes: Sequence[Outcome]) -> Iterator[str]:
    lines = {kind: [e.text for e in outcomes if e.kind is kind] for kind in _WORDS}
    counts = [f"{word}{len(lines[kind])}项" for kind, word in _WORDS.items() if lines[kind]]
    yield f"读到{len(outcomes)}项：{'，'.join(counts)}。"
    for kind, word in _WORDS.items():
        yield from (f"{word}：", *lines[kind]) if lines[kind] else ()
        if kind is Kind.REFUSED and lines[kind]:
            yield "未受理的请改好后重发；您的任务和编号请发“任务”查看。"
    if asked := [each for each in outcomes if each.kind is Kind.OPEN]:
        yield from _first_question(context, asked)
    elif begun := under_way(context):
        yield f"{begun[0].matter.name} 仍未报完，接着报请发“继续”。"


def _first_question(context: Context, asked: Sequence[Outcome]) -> Iterator[str]:
    """What to send now: the lines of the open one to fill in, and how the others go on."""
    name = under_way(context)[0].matter.name
    lines = asked[0].blanks
    yield f"请先补 {name}：" if lines else f"请先答 {name}：无误请发“确认”，要改请发“修改”加内容。"
    yield from lines
    if len(asked) > 1:
        yield "报齐后接着报下一项；也可写明编号一并补发。"
