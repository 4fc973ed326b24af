"""What became of the reports of one message, and how that is said: counted, then one by one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from handlers.context import Context
from handlers.lists import keep_list, shown_list
from handlers.reporting.points import Point, PointKind
from handlers.reporting.underway import under_way
from models.message import Reply

#: So many items that were not taken are named; of the others the number is said.
_MOST_LEFT = 10
_LONGEST_QUESTION = 60


class Kind(StrEnum):
    """What became of an item."""

    SENT = "sent"
    REFUSED = "refused"
    OPEN = "open"
    ASKED = "asked"


_WORDS = {
    Kind.SENT: "已报送",
    Kind.REFUSED: "未受理",
    Kind.OPEN: "待补充",
    Kind.ASKED: "待选择",
}


@dataclass(frozen=True)
class Outcome:
    """What became of one item, in one line.

    *again* is the command by which it can be added to, *points* what stands in its way. One that
    was asked about has the *question*, and what a number repeats: *template* with an entry.
    """

    kind: Kind
    text: str
    obligation_id: int = 0
    again: str = ""
    points: tuple[Point, ...] = ()
    question: str = ""
    template: str = ""
    entries: tuple[str, ...] = ()


def asked_which(context: Context, name: str, question: Reply) -> Outcome:
    """An item of which something must be chosen, with the list that was just kept for it."""
    shown = shown_list(context.session, context.speaker.id, context.now)
    assert shown is not None, "a question which of several keeps their list"
    entries = tuple(map(str, shown.entries))
    text = f"{name}：可以指{'、'.join(entries)}"
    return Outcome(
        Kind.ASKED, text, question=question.text, template=shown.template, entries=entries
    )


def needs(points: Sequence[Point]) -> str:
    """What stands in the way, in as few words as possible."""
    blanks = [point.text for point in points if point.kind is PointKind.MISSING and point.line]
    said = [f"缺{'、'.join(blanks)}"] if blanks else []
    said += [_short(point) for point in points if not point.line]
    return "；".join(said)


def _short(point: Point) -> str:
    text = point.text.split("\n")[0].split("。")[0]
    return f"{text[:_LONGEST_QUESTION]}……" if len(text) > _LONGEST_QUESTION else text


def summary(context: Context, outcomes: Sequence[Outcome]) -> Iterator[str]:
    """The counts, every item under what became of it, and what to send now."""
    lines = {kind: [e.text for e in outcomes if e.kind is kind] for kind in _WORDS}
    counts = [f"{word}{len(lines[kind])}项" for kind, word in _WORDS.items() if lines[kind]]
    yield f"读到{len(outcomes)}项：{'，'.join(counts)}。"
    for kind, word in _WORDS.items():
        yield from (f"{word}：", *_few(kind, lines[kind])) if lines[kind] else ()
        if kind is Kind.REFUSED and lines[kind]:
            yield "未受理的请改好后重发；您的任务和编号请发“任务”查看。"
    if opened := [each for each in outcomes if each.kind is Kind.OPEN]:
        yield from _first_question(context, opened)
    elif (begun := under_way(context)) and not lines[Kind.ASKED]:
        yield f"{begun[0].matter.name} 仍未报完，接着报请发“继续”。"
    yield from _choice(context, [each for each in outcomes if each.kind is Kind.ASKED])


def _few(kind: Kind, lines: Sequence[str]) -> Iterator[str]:
    """Every line of what changed something; of what was not taken so many as can be mended."""
    most = _MOST_LEFT if kind in (Kind.REFUSED, Kind.ASKED) else len(lines)
    yield from lines[:most]
    if len(lines) > most:
        yield f"另有{len(lines) - most}行"


def _first_question(context: Context, opened: Sequence[Outcome]) -> Iterator[str]:
    """What to send now: the open one's questions in full, its lines to fill in, and what follows.

    A warning is taken by 确认; anything else says itself what it wants.
    """
    name, points = under_way(context)[0].matter.name, opened[0].points
    blanks = [point.line for point in points if point.line]
    questions = [point.text for point in points if not point.line]
    yield f"请先{'补' if blanks else '答'} {name}："
    yield from (*questions, *blanks)
    if len(opened) > 1:
        yield "报齐后接着报下一项；也可写明编号一并补发。"


def _choice(context: Context, asked: Sequence[Outcome]) -> Iterator[str]:
    """One list can be answered by a number: the first; of the others the task is to be written."""
    if not asked:
        return
    first, *others = asked
    keep_list(context, first.template, first.entries)
    yield first.question
    if others:
        yield "其余待选择的，请写明任务编号（或单位）重发。"
