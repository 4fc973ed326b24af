"""Numbers that Word prints before paragraphs by itself: they stand in no text."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from docx.oxml.ns import qn

_DIGITS = "零一二三四五六七八九"
_CHINESE = {
    "chineseCounting",
    "chineseCountingThousand",
    "chineseLegalSimplified",
    "japaneseCounting",
    "ideographDigital",
    "taiwaneseCounting",
    "taiwaneseCountingThousand",
}
_CIRCLED = {"decimalEnclosedCircle", "decimalEnclosedCircleChinese"}


@dataclass(frozen=True, slots=True)
class _Level:
    form: str
    text: str
    start: int


@dataclass
class Numbering:
    """Counts a document's automatic numbers paragraph by paragraph, in printed order."""

    levels: dict[str, dict[int, _Level]]
    by_style: dict[str, tuple[str, int]]
    counts: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    @classmethod
    def of(cls, numbering: Any | None, styles: Any | None) -> "Numbering":
        """The rules of the document's numbering and style parts, where it has them."""
        abstract = {
            each.get(qn("w:abstractNumId")): _levels(each)
            for each in _all(numbering, "w:abstractNum")
        }
        levels = {
            each.get(qn("w:numId")): abstract.get(_value(each, "w:abstractNumId"), {})
            for each in _all(numbering, "w:num")
        }
        by_style = {
            style.get(qn("w:styleId")): reference
            for style in _all(styles, "w:style")
            if (reference := _reference(style)) is not None
        }
        return cls(levels, by_style)

    def before(self, paragraph: Any) -> str:
        """The number printed before *paragraph*; empty where it has none or only a bullet."""
        reference = _reference(paragraph) or self.by_style.get(_style(paragraph))
        if reference is None:
            return ""
        key, depth = reference
        level = self.levels.get(key, {}).get(depth)
        if level is None:
            return ""
        counted = self.counts[key]
        counted[depth] = counted.get(depth, level.start - 1) + 1
        for deeper in [each for each in counted if each > depth]:
            del counted[deeper]
        return self._printed(key, level)

    def _printed(self, key: str, level: _Level) -> str:
        if level.form in ("bullet", "none"):
            return ""

        def number(match: re.Match[str]) -> str:
            depth = int(match[1]) - 1
            own = self.levels[key].get(depth, level)
            return _numeral(self.counts[key].get(depth, own.start), own.form)

        return re.sub(r"%(\d)", number, level.text)


def _all(root: Any | None, tag: str) -> list[Any]:
    return [] if root is None else list(root.iterchildren(qn(tag)))


def _levels(abstract: Any) -> dict[int, _Level]:
    return {
        int(level.get(qn("w:ilvl"))): _Level(
            form=_value(level, "w:numFmt") or "decimal",
            text=_value(level, "w:lvlText"),
            start=int(_value(level, "w:start") or 1),
        )
        for level in _all(abstract, "w:lvl")
    }


def _value(element: Any, tag: str) -> str:
    child = element.find(qn(tag))
    return "" if child is None else child.get(qn("w:val")) or ""


def _reference(element: Any) -> tuple[str, int] | None:
    """Which list and level *element* (a paragraph or a style) belongs to."""
    found = element.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
    if found is None or not (key := _value(found, "w:numId")):
        return None
    return key, int(_value(found, "w:ilvl") or 0)


def _style(paragraph: Any) -> str:
    properties = paragraph.find(qn("w:pPr"))
    return "" if properties is None else _value(properties, "w:pStyle")


def _numeral(value: int, form: str) -> str:
    if form in _CHINESE:
        return _chinese(value)
    if form in _CIRCLED and 1 <= value <= 20:
        return chr(ord("①") + value - 1)
    return str(value)


def _chinese(value: int) -> str:
    """*value* below a hundred as documents count: 三, 十二, 四十四."""
    tens, ones = divmod(value, 10)
    if not 0 < value < 100:
        return str(value)
    ten = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return ten + (_DIGITS[ones] if ones else "")
