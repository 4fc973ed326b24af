"""The clause around each figure: what stands before and after it, and which figure it follows."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple

from handlers.reading.amounts import Amount
from handlers.reading.prose.tables import Headings

#: What ends a clause; 、 does not, since a list shares its verb.
_STOPS = frozenset(",;:。!?\n\t|")
_BRACKET = re.compile(r"[()\[\]【】]")
_BRACKETS_AND_ENDS = re.compile(r"[()\[\]【】。!?\n]")
_EDGES = re.compile(r"[,;:。!?\n\t|()\[\]【】]")
_QUOTES_AND_ENDS = re.compile(r"[“「『”」』\"。\n]")
#: A clause longer than this is none: words that far away govern nothing.
_FARTHEST = 160


class Joint(Enum):
    """What stands between a figure and the one it follows."""

    START = auto()  # it follows none
    LIST = auto()  # 、 和 /
    COMMA = auto()
    SEMICOLON = auto()
    COLON = auto()
    BRACKET = auto()  # it stands in a bracket behind the other
    WORDS = auto()  # no mark at all


_JOINTS = (
    ("。", Joint.SEMICOLON),
    (";", Joint.SEMICOLON),
    (":", Joint.COLON),
    (",", Joint.COMMA),
)


@dataclass(frozen=True)
class Layout:
    """Brackets, quotes and sentences of normalised text, looked up by place.

    *depth* counts open brackets, *opened* is the place of the innermost, *quoted* says whether a
    place is inside a quotation, *sentence* counts from 0. *begins* are where sentences begin,
    *edges* where brackets and the ends of clauses stand.
    """

    text: str
    depth: Sequence[int]
    opened: Sequence[int]
    quoted: Sequence[bool]
    sentence: Sequence[int]
    begins: Sequence[int]
    edges: Sequence[int]

    def span_of(self, sentence: int) -> tuple[int, int]:
        """Where *sentence* begins and ends."""
        ends = self.begins[sentence + 1 : sentence + 2] or (len(self.text),)
        return self.begins[sentence], ends[0]


class Setting(NamedTuple):
    """A figure among its words.

    The words before it reach from ``lo`` (the clause's beginning or the figure before), those of
    the whole clause from ``begin``, both to ``left_end``, which is the figure but in a table
    (its heading); those after it to ``hi``. *at* is its place among the figures, *before* that
    of the figure it follows in its sentence, *joint* what stands between. *runs_on*: the words
    after it lead to another figure of the same clause.
    """

    at: int
    amount: Amount
    begin: int
    lo: int
    left_end: int
    hi: int
    left: str
    right: str
    joint: Joint
    before: int | None
    runs_on: bool
    quoted: bool
    depth: int
    sentence: int


def laid_out(text: str, written: str) -> Layout:
    """*text* with its brackets and quotes; *written* are the same characters before their quotes
    became one kind, since “ and ” tell where a quotation inside a quotation ends."""
    depth, opened, sentence, begins = list[int](), list[int](), list[int](), [0]
    quoted, stack = _quotes(written), list[int]()

    def reach(end: int) -> None:
        more = end - len(depth)
        depth.extend([len(stack)] * more)
        opened.extend([stack[-1] if stack else -1] * more)
        sentence.extend([len(begins) - 1] * more)

    for mark in _BRACKETS_AND_ENDS.finditer(text):
        place, char = mark.start(), mark[0]
        reach(place)
        if char in ")]】" and stack:
            stack.pop()
        reach(place + 1)
        if char in "([【":
            stack.append(place)
        elif char in "。!?\n" and not quoted[place]:
            # An unclosed bracket ends with its sentence.
            stack.clear()
            begins.append(place + 1)
    reach(len(text))
    edges = [mark.start() for mark in _EDGES.finditer(text)]
    return Layout(text, depth, opened, quoted, sentence, begins, edges)


def _quotes(written: str) -> list[bool]:
    """Per place whether it is quoted; a quotation that does not end on its line is none."""
    quoted, opened, level = [False] * len(written), -1, 0
    for mark in _QUOTES_AND_ENDS.finditer(written):
        place, char = mark.start(), mark[0]
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
    headings = Headings(layout.text)
    return tuple(_setting(layout, amounts, index, headings) for index in range(len(amounts)))


def _setting(layout: Layout, amounts: Sequence[Amount], index: int, headings: Headings) -> Setting:
    amount = amounts[index]
    if heading := headings.above(amount.start):
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
        at=index,
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
        at=index,
        amount=amount,
        begin=begin,
        lo=begin,
        left_end=end,
        hi=amount.end,
        left=visible(layout, begin, end),
        right="",
        joint=Joint.START,
        before=None,
        runs_on=False,
        quoted=False,
        depth=layout.depth[begin],
        sentence=layout.sentence[amount.start],
    )


def _clause_start(layout: Layout, place: int) -> int:
    """Where the clause of *place* begins; deeper brackets are stepped over."""
    own, farthest = layout.depth[place], max(0, place - _FARTHEST + 1)
    for index in range(bisect_left(layout.edges, place) - 1, -1, -1):
        at = layout.edges[index]
        if at < farthest:
            break
        if layout.depth[at] < own or (layout.depth[at] == own and layout.text[at] in _STOPS):
            return at + 1
    return farthest


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
    farthest = min(len(layout.text), amount.end + _FARTHEST)
    starts = (other.start for other in amounts[index + 1 : index + 6])
    following = next((at for at in starts if layout.depth[at] == own), farthest)
    for index in range(bisect_left(layout.edges, amount.end), len(layout.edges)):
        at = layout.edges[index]
        if at >= min(following, farthest):
            break
        if layout.depth[at] < own or (layout.depth[at] == own and layout.text[at] in _STOPS):
            return at, False
    return min(following, farthest), following < farthest


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


def _joint(layout: Layout, amounts: Sequence[Amount], before: int | None, start: int) -> Joint:
    if before is None:
        return Joint.START
    end = amounts[before].end
    if layout.depth[start] > layout.depth[amounts[before].start]:
        return Joint.BRACKET
    between = visible(layout, end, start)
    for mark, joint in _JOINTS:
        if mark in between:
            return joint
    head = between.lstrip(" ")[:1]
    return Joint.LIST if head and head in "、和及与/以并" else Joint.WORDS


def same_unit(one: Amount, two: Amount) -> bool:
    """Whether two counts may be of the same things."""
    return one.unit == two.unit and not one.rank and one.unit != "%"


def is_part(setting: Setting) -> bool:
    """Whether a figure is a member of a list or a part of the one before."""
    inside = (Joint.LIST, Joint.WORDS, Joint.BRACKET)
    return setting.joint in inside or "其中" in setting.left
