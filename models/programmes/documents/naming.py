"""Titles, short names and stable numbers of tasks, and a programme's code."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from pypinyin import Style, lazy_pinyin

from models.programmes.documents.blocks import OWN_NUMBER
from models.programmes.documents.items import Item, Section

TITLE_LENGTH = 30
SHORT_LENGTH = 12
_LEAST = 4
_OPENING = "“‘《〈（([「『"
_CLOSING = "”’》〉）)]」』"
_TITLE_BREAKS = ("，,；;：:", "、")
_SHORT_BREAKS = ("，,；;：:",)
_LEVELS = "国省州市县区镇乡"
_QUOTED_GOAL = re.compile(
    r"^\s*(?:20\d{2}[年午])?(?:全[省州市县区])?[“\"](?P<goal>.{2,}?)[”\"](?:（[^）]*）|\([^)]*\))?"
    r"(?:免费)?[^“”]{0,20}(?:目标|工作|情况|任务)[^“”]*$"
)
_NOTE = re.compile(r"[（(][含注需][^（）()]*(?:[（(][^（）()]*[）)][^（）()]*)*[）)]?\s*。?$")
_QUOTED = re.compile(r"[“《〈\"]([^“”《》〈〉\"]{2,12})[”》〉\"]")
_UNIT = re.compile(r"[（(][^（）()]{1,5}[）)]$")
_OWN_MARK = re.compile(rf"^\s*(?:[①-⑳]\s*|[（(]?\d{{1,3}}[）)]\s*|{OWN_NUMBER})")
_AMOUNT = re.compile(
    r"(?<=\D{4})\d+(?:\.\d+)?[万亿]?(?:[个件户人所处套家元亩张台项场名座条]次?|公里|万元)$"
)
_VERB = re.compile(
    r"^(?:深入|全面|扎实|持续|加快|大力)*(?:实施|完成|推进|落实|开展|加强|实现|加快)(?=.{4})"
)
_ORDINALS = "一二三四五六七八九十"


def task_title(text: str, limit: int = TITLE_LENGTH) -> str:
    """The first sentence of *text*, cut at a natural break where it is longer than *limit*.

    A row that reports on a quoted goal (全市“修复水库12座”工作目标的落实情况) is called
    by the goal.
    """
    words = _without_marks(text)
    if goal := _QUOTED_GOAL.match(words):
        words = goal["goal"]
    return _cut(_first_sentence(words), limit, _TITLE_BREAKS)


def full_title(text: str, limit: int) -> str:
    """The first sentence of *text* as it stands, for tasks that share a quoted goal."""
    return _cut(_first_sentence(_without_marks(text)), limit, _TITLE_BREAKS)


def beyond_title(text: str, title: str) -> str:
    """What *text* says besides its title: what stands before it, or else after it."""
    words = _OWN_MARK.sub("", text.strip())
    before, found, after = words.partition(title.rstrip("…"))
    return (after if found and not before.strip('“"') else words).strip('。；;，,”" ')


def task_short(title: str) -> str:
    """What people call a task: its quoted name, or the beginning up to a natural break."""
    bare = _AMOUNT.sub("", _UNIT.sub("", title)) or title
    if len(bare) <= SHORT_LENGTH:
        return bare
    if quoted := _QUOTED.search(bare):
        return quoted[1]
    bare = _VERB.sub("", bare)
    return _cut(bare, SHORT_LENGTH, _SHORT_BREAKS)


def programme_short(title: str) -> str:
    """A programme's short name: what its title quotes, or its beginning without the year."""
    if quoted := _QUOTED.search(title):
        return quoted[1]
    bare = re.sub(r"^关于|20\d{2}年度?|的(?:通知|通报|意见|方案)$", "", title)
    return _cut(bare or title, SHORT_LENGTH, _SHORT_BREAKS)


def programme_code(short: str, year: int) -> str:
    """Initials of the short name's pinyin and the year: 政府工作报告 of 2022 is zfgzbg-2022."""
    hanzi = "".join(char for char in short if "\u4e00" <= char <= "\u9fff")
    initials = "".join(lazy_pinyin(hanzi, style=Style.FIRST_LETTER))[:12].lower()
    return f"{initials or 'zx'}-{year}"


def renumbered(items: Sequence[Item]) -> tuple[list[Item], list[str]]:
    """Items with a printed number used twice made the next free one, and what was done.

    Lists are numbered by hand: 5 科技创新, 5 对外开放, 7 产业项目建设 means 6 for the second.
    """
    numbers = {(item.sections, item.number) for item in items}
    fixed: list[Item] = []
    told: list[str] = []
    before: Item | None = None
    for group in _groups(items):
        head = group[0]
        following = str(int(head.number) + 1) if head.number.isdecimal() else ""
        doubled = before is not None and (before.sections, before.number) == (
            head.sections,
            head.number,
        )
        if before and doubled and following and (head.sections, following) not in numbers:
            told.append(
                f"编号{head.number}用了两次（{before.theme}、{head.theme}），后者暂记为{following}"
            )
            group = [replace(item, number=following) for item in group]
        fixed += group
        before = head
    return fixed, told


def task_keys(items: Sequence[Item]) -> tuple[list[str], bool]:
    """A number for each item that no other has, and whether the printed ones could serve.

    Where numbers begin again under each heading, the heading's own stands before: 一-1, or 省1
    where headings begin with the level (省定, 州定). Otherwise items are counted through.
    """
    plain = [_plain_key(group, at) for group in _groups(items) for at in range(len(group))]
    heads = [item.number for item in items]
    for labels in (["" for _ in items], *_section_labels(items)):
        keys = [f"{label}{key}" for label, key in zip(labels, plain, strict=True)]
        shown = {
            (f"{label}{head}", i.sections)
            for label, head, i in zip(labels, heads, items, strict=True)
        }
        # 1 under one heading and 1-1 under another are told apart too.
        if all(plain) and len(set(keys)) == len(keys) and _differ(shown):
            return keys, True
    return [str(at) for at in range(1, len(items) + 1)], False


def _differ(shown: set[tuple[str, tuple[Section, ...]]]) -> bool:
    return len({number for number, _ in shown}) == len(shown)


def doubled_numbers(items: Sequence[Item]) -> tuple[str, ...]:
    """Printed numbers that stand for more than one thing under the same heading."""
    heads = Counter((group[0].sections, group[0].number) for group in _groups(items))
    return tuple(dict.fromkeys(n for (_, n), count in heads.items() if count > 1 and n))


def _groups(items: Sequence[Item]) -> Iterator[list[Item]]:
    """Items that share a printed number: rows of one merged cell, across page breaks too."""
    for _, group in groupby(items, key=lambda item: (item.sections, item.number, item.theme)):
        yield list(group)


def _plain_key(group: list[Item], at: int) -> str:
    number = group[at].number
    if len(group) == 1 or not number:
        return number
    parts = [item.part for item in group]
    counted = all(parts) and len(set(parts)) == len(parts)
    return f"{number}-{parts[at] if counted else at + 1}"


def _section_labels(items: Sequence[Item]) -> Iterator[list[str]]:
    """What may stand before the numbers: the outermost heading, the nearest, all of them."""
    yield _labels([item.sections[:1] for item in items])
    yield _labels([item.sections[-1:] for item in items])
    yield ["-".join([*(s.ordinal for s in item.sections), ""]) for item in items]


def _labels(headings: Sequence[tuple[Section, ...]]) -> list[str]:
    """What stands before an item's number for its heading."""
    order = list(dict.fromkeys(heading for heading in headings if heading))
    letters = [heading[0].title[:1] for heading in order]
    if all(letter in _LEVELS and letter for letter in letters) and len(set(letters)) == len(order):
        names = dict(zip(order, letters, strict=True))
    else:
        names = {
            heading: f"{heading[0].ordinal or _ordinal(at)}-" for at, heading in enumerate(order)
        }
    return [names.get(heading, "") for heading in headings]


def _ordinal(at: int) -> str:
    return _ORDINALS[at] if at < len(_ORDINALS) else str(at + 1)


def _without_marks(text: str) -> str:
    words = _OWN_MARK.sub("", text.strip())
    return _NOTE.sub("", words).strip() or words


def _first_sentence(text: str) -> str:
    depth = 0
    for at, char in enumerate(text):
        depth += (char in _OPENING) - (char in _CLOSING)
        if char in "。；;!！" and depth <= 0:
            return text[:at].strip()
    return text.strip().rstrip("。；;，,")


def _cut(text: str, limit: int, breaks: Sequence[str]) -> str:
    """*text* up to its last natural break within *limit*, else with an ellipsis."""
    if len(text) <= limit:
        return text
    for marks in breaks:
        at = max((a for a in range(_LEAST, limit + 1) if _breaks(text, a, marks)), default=0)
        if at:
            return text[:at]
    return text[: limit - 1] + "…"


def _breaks(text: str, at: int, marks: str) -> bool:
    """Whether *text* may end before position *at*: at a mark, outside quotes and brackets."""
    before = text[:at]
    opened = sum(before.count(char) for char in _OPENING)
    return text[at] in marks and opened <= sum(before.count(char) for char in _CLOSING)
