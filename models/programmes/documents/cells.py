"""What single cells of task tables say: units, deadlines, several tasks in one cell."""

import re
from dataclasses import dataclass

from models.programmes.documents.blocks import OWN_NUMBER, one_line
from models.rules.plain import normalise
from models.rules.responsibility import helpers, read_responsibility, unit_list

_NUMBERED = re.compile(rf"^\s*{OWN_NUMBER}")
_BEGINS_TASK = re.compile(rf"(?m)^\s*{OWN_NUMBER}")
_SENTENCE_END = re.compile(r"[；;。：:]$")
_ROLE_WORDS = re.compile(r"牵头|负责|配合|协助|(?:责任|牵头|主办|协办)(?:单位|部门)[:：]")
_DITTO = re.compile('同上|同前|〃|″|”|"')
_NOTHING = re.compile("无|暂无|[/／\\\\—–-]+")
_ORDINAL = re.compile(r"^第?([0-9０-９]{1,4})[项号件]?[．.、]?$")


@dataclass(frozen=True, slots=True)
class Units:
    """Units of a cell; *unnamed* are groups, *doubtful* what does not look like a unit."""

    lead: tuple[str, ...] = ()
    supporting: tuple[str, ...] = ()
    unnamed: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()


def units_in(text: str) -> Units:
    """The units of a cell: a bare list, or 州A牵头，州B配合 written into one cell."""
    if _ROLE_WORDS.search("".join(text.split())):
        if found := read_responsibility(text):
            return Units(found.lead, found.supporting, found.unnamed, found.doubtful)
        if helping := helpers(text):
            return Units(supporting=helping)
    named, unnamed, doubtful = unit_list(text)
    return Units(named, (), unnamed, doubtful)


def is_ditto(text: str) -> bool:
    """Whether a cell says that it holds what the one above it holds (同上)."""
    return bool(_DITTO.fullmatch("".join(text.split())))


def is_nothing(text: str) -> bool:
    """Whether a cell says that it holds nothing (无, a stroke)."""
    return bool(_NOTHING.fullmatch("".join(text.split())))


def wording_in(text: str) -> str:
    """A deadline cell as one wording: lines that the column's width broke are joined."""
    parts: list[str] = []
    for line in (one_line(each) for each in text.split("\n")):
        if parts and line and not _SENTENCE_END.search(parts[-1]):
            parts[-1] += line
        elif line:
            parts.append(line)
    return "\n".join(parts)


def number_in(text: str) -> str:
    """A number cell in its plain form: 第3项 and ３． are 3; other keys stay as printed."""
    words = "".join(text.split())
    match = _ORDINAL.match(words)
    if match:
        return str(int(normalise(match[1])))
    return "" if words in ("—", "——", "-", "/") else words.rstrip("．.、")


def tasks_in(text: str) -> list[tuple[str, str]]:
    """The tasks of one cell, each with its own number: usually one, several if it counts them."""
    marks = list(_BEGINS_TASK.finditer(text))
    numbers = [int(mark[1]) for mark in marks]
    counted = len(marks) > 1 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    if not counted or text[: marks[0].start()].strip():
        own = _NUMBERED.match(text)
        return [(own[1] if own else "", one_line(text[own.end() if own else 0 :]))]
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    return [
        (mark[1], one_line(text[mark.end() : end])) for mark, end in zip(marks, ends, strict=True)
    ]
