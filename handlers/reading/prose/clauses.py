"""The clause around each figure: what stands before and after it, and which figure it follows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from handlers.reading.amounts import Amount
from handlers.reading.prose.tables import heading_above

#: What ends a clause; 、 does not, since a list shares its verb.
_STOPS = frozenset(",;:。!?\n\t|")
_SENTENCE_ENDS = frozenset("。!?\n")
_BRACKET = re.compile(r"[()\[\]【】]")
#: A clause longer than this is none: words that far away govern nothing.
_FARTHEST = 160


@dataclass(frozen=True)
class Layout:
    """Brackets, quotes and sentences of normalised text, looked up by place.

    *depth* counts open brackets, *opened* is the place of the innermost, *quoted* says whether a
    place is inside a quotation, *sentence* counts from 0.
    """

    text: str
    depth: tuple[int, ...]
    opened: tuple[int, ...]
    quoted: tuple[bool, ...]
    sentence: tuple[int, ...]


@dataclass(frozen=True)
class Setting:
    """A figure among its words.

    The words before it reach from ``lo`` (the clause's beginning or the figure before), those of
    the whole clause from ``begin``, both to ``left_end``, which is the figure but in a table
    (its heading); those after it to ``hi``. *before* is the index of the figure
    it follows in its sentence, *joint* what stands between: ``start``, ``list``, ``comma``,
    ``semicolon``, ``colon``, ``bracket`` or ``none`` for words alone. *runs_on*: the words after
    it lead to another figure of the same clause.
    """

    index: int
    amount: Amount
    begin: int
    lo: int
    left_end: int
    hi: int
    left: str
    right: str
    joint: str
    before: int | None
    runs_on: bool
    quoted: bool
    depth: int
    sentence: int


def laid_out(text: str, written: str) -> Layout:
    """*text* with its brackets and quotes; *written* are the same characters before their quotes
    became one kind, since “ and ” tell where a quotation inside a quotation ends."""
    depth, opened, quoted, sentence = list[int](), list[int](), list[bool](), list[int]()
    stack: list[int] = []
    quotes, count = _quotes(text, written), 0
    for place, char in enumerate(text):
        if char in ")]】" and stack:
            stack.pop()
        depth.append(len(stack))
        opened.append(stack[-1] if stack else -1)
        quoted.append(quotes[place])
        sentence.append(count)
        if char in "([【":
            stack.append(place)
        elif char in _SENTENCE_ENDS and not quotes[place]:
            # An unclosed bracket ends with its sentence.
            stack.clear()
            count += 1
    return Layout(text, tuple(depth), tuple(opened), tuple(quoted), tuple(sentence))


def _quotes(text: str, written: str) -> list[bool]:
    """Per place whether it is quoted; a quotation that does not end on its line is none."""
    quoted, opened, level = [False] * len(text), -1, 0
    for place, char in enumerate(written):
        if char == "\n" or (char == "。" and level == 0):
            opened, level = -1, 0
        elif char in "“「『" or (char == '"' and level == 0):
            opened = place if level == 0 else opened
            level += 1
        elif char in '”」』"' and level:
            level -= 1
            if level == 0:
                quoted[opened : place + 1] = [True] * (place + 1 - opened)
    return quoted


def starts_in_title(layout: Layout) -> bool:
    """Whether a quoted title asks for a start of work: “开工建设85个城镇老旧小区”."""
    title = (char for char, quoted in zip(layout.text, layout.quoted, strict=True) if quoted)
    return re.search(r"开工|动工|启动", "".join(title)) is not None


def settings(layout: Layout, amounts: Sequence[Amount]) -> tuple[Setting, ...]:
    """For every amount, in order, the words around it."""
    return tuple(_setting(layout, amounts, index) for index in range(len(amounts)))


def _setting(layout: Layout, amounts: Sequence[Amount], index: int) -> Setting:
    amount = amounts[index]
    if heading := heading_above(layout.text, amount.start):
        return _cell(layout, amounts, index, heading)
    begin = _with_heading(layout, _clause_start(layout, amount.start), amount.start)
    before = _before(layout, amounts, index)
    lo = begin
    if before is not None and amounts[before].end > begin:
        lo = _list_mark(layout, amounts[before].end, amount.start)
    hi, runs_on = _right(layout, amounts, index)
    if runs_on and _list_mark(layout, amount.end, hi) > amount.end:
        hi, runs_on = _list_mark(layout, amount.end, hi), False
    return Setting(
        index=index,
        amount=amount,
        begin=begin,
        lo=lo,
        left_end=amount.start,
        hi=hi,
        left=visible(layout, lo, amount.start),
        right=visible(layout, amount.end, hi),
        joint=_joint(layout, amounts, before, amount.start),
        before=before,
        runs_on=runs_on,
        quoted=layout.quoted[amount.start],
        depth=layout.depth[amount.start],
        sentence=layout.sentence[amount.start],
    )


def _list_mark(layout: Layout, start: int, end: int) -> int:
    """Where 、 parts what is said of one figure from the next, else *start*:
    8所已投入使用、4所正在装修."""
    at = layout.text.find("、", start, end)
    own = layout.depth[start] if start < len(layout.depth) else 0
    return at if at > start and layout.depth[at] == own else start


def _cell(
    layout: Layout, amounts: Sequence[Amount], index: int, heading: tuple[int, int]
) -> Setting:
    """A figure in a table: its heading is all that is said of it."""
    amount, (begin, end) = amounts[index], heading
    return Setting(
        index=index,
        amount=amount,
        begin=begin,
        lo=begin,
        left_end=end,
        hi=amount.end,
        left=visible(layout, begin, end),
        right="",
        joint="start",
        before=None,
        runs_on=False,
        quoted=False,
        depth=layout.depth[begin],
        sentence=layout.sentence[amount.start],
    )


def _clause_start(layout: Layout, place: int) -> int:
    """Where the clause of *place* begins; deeper brackets are stepped over."""
    own = layout.depth[place]
    for at in range(place - 1, max(-1, place - _FARTHEST), -1):
        if layout.depth[at] < own or (layout.depth[at] == own and layout.text[at] in _STOPS):
            return at + 1
    return max(0, place - _FARTHEST + 1)


def _with_heading(layout: Layout, begin: int, start: int) -> int:
    """任务数:6000: where nothing else stands before a figure, its heading is its clause."""
    alone = not layout.text[begin:start].strip()
    if alone and begin > 1 and layout.text[begin - 1] == ":":
        return _clause_start(layout, begin - 1)
    return begin


def _before(layout: Layout, amounts: Sequence[Amount], index: int) -> int | None:
    """The figure that this one follows: in its own bracket, or outside of all closed ones."""
    amount = amounts[index]
    sentence, depth = layout.sentence[amount.start], layout.depth[amount.start]
    for other in range(index - 1, max(-1, index - 40), -1):
        start = amounts[other].start
        if layout.sentence[start] != sentence:
            return None
        if layout.depth[start] <= depth and not _is_closed_off(layout, start, amount.start):
            return other
    return None


def _is_closed_off(layout: Layout, start: int, place: int) -> bool:
    """Whether *start* is in a bracket that has ended before *place*."""
    opened = layout.opened[start]
    return opened >= 0 and min(layout.depth[start:place]) <= layout.depth[opened]


def _right(layout: Layout, amounts: Sequence[Amount], index: int) -> tuple[int, bool]:
    amount, own = amounts[index], layout.depth[amounts[index].start]
    starts = {other.start for other in amounts[index + 1 : index + 6]}
    for at in range(amount.end, min(len(layout.text), amount.end + _FARTHEST)):
        if at in starts and layout.depth[at] == own:
            return at, True
        if layout.depth[at] < own or (layout.depth[at] == own and layout.text[at] in _STOPS):
            return at, False
    return min(len(layout.text), amount.end + _FARTHEST), False


def visible(layout: Layout, start: int, end: int) -> str:
    """The words of a stretch on its outermost level, brackets inside it left out."""
    if start >= end:
        return ""
    words = layout.text[start:end]
    if _BRACKET.search(words) is None:
        return words
    own = min(layout.depth[start:end])
    return "".join(
        layout.text[at]
        for at in range(start, end)
        if layout.depth[at] == own and not _is_bracket(layout, at)
    )


def _is_bracket(layout: Layout, at: int) -> bool:
    return layout.text[at] in "()[]【】"


def _joint(layout: Layout, amounts: Sequence[Amount], before: int | None, start: int) -> str:
    if before is None:
        return "start"
    end = amounts[before].end
    if layout.depth[start] > layout.depth[amounts[before].start]:
        return "bracket"
    between = visible(layout, end, start)
    for mark, name in (("。", "semicolon"), (";", "semicolon"), (":", "colon"), (",", "comma")):
        if mark in between:
            return name
    head = between.lstrip(" ")[:1]
    return "list" if head and head in "、和及与/以并" else "none"


def same_unit(one: Amount, two: Amount) -> bool:
    """Whether two counts may be of the same things."""
    return one.unit == two.unit and not one.rank and one.unit != "%"


def is_part(setting: Setting) -> bool:
    """Whether a figure is a member of a list or a part of the one before."""
    return setting.joint in ("list", "none", "bracket") or "其中" in setting.left
