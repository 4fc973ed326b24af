"""Running text with numbered items → items with their responsibility clauses."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from models.programmes.documents.blocks import Block, Line
from models.programmes.documents.items import Item, Notes, Section
from models.rules.responsibility import Clause, Reading, read_clauses
from models.rules.unit_names import is_unit_name

_CN = "一二三四五六七八九十百"
#: Numbers that begin a paragraph, from the outermost heading to the innermost point.
_MARKS = (
    re.compile(rf"^第([{_CN}]{{1,4}}|\d{{1,3}})[章节部]分?\s*"),
    re.compile(rf"^([{_CN}]{{1,4}})\s*[、．.]\s*"),
    re.compile(rf"^[（(]\s*([{_CN}]{{1,4}})\s*[）)]\s*"),
    re.compile(r"^(\d{1,3})\s*(?:[．、]|\.(?!\d))\s*"),
    re.compile(r"^[（(]\s*(\d{1,3})\s*[）)]\s*|^(\d{1,3})\s*[）)]\s*"),
    re.compile(r"^([①-⑳])\s*"),
)
_END = re.compile(
    r"^(?:附件|附表|抄送|抄报|主送|报[:：]|发[:：]|联系人|联系电话|[（(]此件|[（(]联系|主题词"
    r"|20\d{2}年\d{1,2}月\d{1,2}日)"
)
_LABEL = re.compile(
    r"^(?:牵头|责任|主要责任|主办|承办|配合|协办|参与|协同)(?:责任)?(?:单位|部门)\s*[:：]"
)
_OTHER_LABEL = re.compile(
    r"^(?:完成时限|完成时间|办结时限|时间要求|时限要求|时间安排|责任人|责任领导|责任科室|牵头科室"
    r"|牵头领导|分管领导|联系领导|包联领导|联系人|进度安排|工作目标|备注)\s*[:：]"
)
_GREETING = re.compile(r"[:：]$")
_ANSWERS = re.compile(r"牵头|负责|(?:责任|主办)(?:单位|部门)")
_HEADING_LENGTH = 40
_TITLE_LENGTH = 25
_PUNCTUATION = re.compile(r"[，。；、：,;:（）()]")
_SIGNATURE = 25
_TOLD_APART = 12
#: Whole sentences are shown, not whole pages.
_SHOWN = 120


@dataclass
class _Paragraph:
    """A numbered paragraph with the unnumbered ones that follow it."""

    level: int
    ordinal: str
    text: str
    place: str
    lines: list[Line] = field(default_factory=list)
    above: tuple["_Paragraph", ...] = ()
    opened: int = 0

    def __post_init__(self) -> None:
        self.opened = _opened(self.text)

    def add(self, line: Line) -> None:
        self.lines.append(line)
        self.opened += _opened(line.text)

    @property
    def full(self) -> str:
        """The whole text; a line 责任单位：… of its own answers as a bracket does."""
        words = self.text
        if self.lines and len(words) <= _TITLE_LENGTH and not _PUNCTUATION.search(words):
            words += "。"
        for line in self.lines:
            if not _LABEL.match(line.text):
                words += line.text
            elif words.endswith("】"):
                words = f"{words[:-1]}；{line.text}】"
            else:
                words += f"【{line.text}】"
        return words

    @property
    def title(self) -> str:
        return re.split(r"[。；;（(]", self.text)[0].strip()

    def reading(self) -> Reading:
        return read_clauses(self.full)


def text_items(blocks: Sequence[Block], notes: Notes) -> list[Item]:
    """The numbered items of running text with a responsibility clause each, in printed order.

    Items are those of the level that carries most clauses; outer levels are headings, inner
    ones belong to their item. What stands before the first number is the preamble.
    """
    paragraphs = _paragraphs([block for block in blocks if isinstance(block, Line)], notes)
    if not paragraphs:
        return []
    level = _item_level(paragraphs)
    whole = _with_inner_points(paragraphs, level)
    items: list[Item] = []
    for paragraph in whole:
        reading = paragraph.reading()
        if reading.clauses:
            items.append(_item(paragraph, reading))
            _list_rest(paragraph, reading, notes)
        else:
            _list_heading(paragraph, paragraph.level >= level, notes)
    return items


def _paragraphs(lines: Sequence[Line], notes: Notes) -> list[_Paragraph]:
    """Numbered paragraphs with what follows them, up to the signature or the list of annexes."""
    found: list[_Paragraph] = []
    last = max((at for at, line in enumerate(lines) if _ANSWERS.search(line.text)), default=-1)
    for at, line in enumerate(lines):
        level, ordinal, text = _numbered(line.text)
        if level is not None:
            above = (*found[-1].above, found[-1]) if found else ()
            outer = tuple(each for each in above if each.level < level)
            found.append(_Paragraph(level, ordinal, text, line.place, above=outer))
        elif not found:
            continue
        elif _OTHER_LABEL.match(line.text):
            notes.miss(line.place, f"没有读入：{_begin(line.text)}")
        elif not _is_end(line.text, found[-1]):
            found[-1].add(line)
        elif at > last:
            break
    return found


def _opened(text: str) -> int:
    return sum(text.count(char) for char in "（(【") - sum(text.count(char) for char in "）)】")


def _numbered(text: str) -> tuple[int | None, str, str]:
    for level, mark in enumerate(_MARKS):
        if match := mark.match(text):
            return level, next(group for group in match.groups() if group), text[match.end() :]
    return None, "", text


def _is_end(text: str, above: _Paragraph) -> bool:
    """Whether a line signs the document or lists its annexes, and goes on with no sentence."""
    bare = "".join(text.split())
    if _LABEL.match(bare) or above.opened > 0:
        return False
    return bool(_END.match(bare)) or (len(bare) < _SIGNATURE and is_unit_name(bare))


def _item_level(paragraphs: Sequence[_Paragraph]) -> int:
    carried: Counter[int] = Counter()
    for paragraph in paragraphs:
        carried[paragraph.level] += len(paragraph.reading().clauses)
    return min(carried, key=lambda level: (-carried[level], level))


def _with_inner_points(paragraphs: Sequence[_Paragraph], level: int) -> list[_Paragraph]:
    """Paragraphs down to *level*, the points inside an item as part of its text."""
    whole: list[_Paragraph] = []
    for paragraph in paragraphs:
        inside = paragraph.level > level and whole and whole[-1].level == level
        if inside:
            mark = paragraph.ordinal if len(paragraph.ordinal) == 1 else ""
            words = f"{mark if mark and not mark.isdigit() else ''}{paragraph.text}"
            whole[-1].lines += [Line(words, paragraph.place), *paragraph.lines]
        else:
            whole.append(paragraph)
    return whole


def _item(paragraph: _Paragraph, reading: Reading) -> Item:
    headings = [each for each in paragraph.above if each.title]
    theme = next((each.title for each in headings if each.level <= 1), "")
    return Item(
        place=paragraph.place,
        text=next((clause.text for clause in reading.clauses if clause.text), ""),
        number=paragraph.ordinal,
        printed=paragraph.ordinal,
        theme=theme or (headings[-1].title if headings else ""),
        sections=tuple(Section(each.ordinal, each.title) for each in headings),
        clauses=reading.clauses,
        places=tuple(_place(paragraph, clause) for clause in reading.clauses),
    )


def _place(paragraph: _Paragraph, clause: Clause) -> str:
    """The line of a point inside an item where it has one of its own."""
    begin = clause.text[:_TOLD_APART]
    lines = (line.place for line in paragraph.lines if begin and begin in line.text)
    return paragraph.place if begin in paragraph.text else next(lines, paragraph.place)


def _list_rest(paragraph: _Paragraph, reading: Reading, notes: Notes) -> None:
    if reading.rest:
        notes.miss(paragraph.place, f"没有写明责任单位：{_begin(reading.rest)}")
    for bracket in reading.unread:
        notes.miss(paragraph.place, f"责任分工没有读懂：{_begin(bracket)}")


def _list_heading(paragraph: _Paragraph, is_item: bool, notes: Notes) -> None:
    """A heading is no task; sentences under it, or an item without units, are listed."""
    is_sentence = bool(re.search(r"[。；;].", paragraph.text))
    if is_item or is_sentence or len(paragraph.text) > _HEADING_LENGTH:
        notes.miss(paragraph.place, f"没有写明责任单位，未读作任务：{_begin(paragraph.text)}")
    for line in paragraph.lines:
        if not _GREETING.search(line.text):
            notes.miss(line.place, f"没有读入：{_begin(line.text)}")


def _begin(text: str) -> str:
    words = "".join(text.split())
    return words if len(words) <= _SHOWN else f"{words[: _SHOWN - 1]}…"
