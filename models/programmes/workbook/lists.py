"""Several names or sentences in one cell: how they are parted, and how they are put together."""

import re

#: Between names; sentences hold 、 and ， themselves.
NAME_MARKS = "、，,；;\n"
TEXT_MARKS = "；;\n"
_PAIRS = {"（": "）", "(": ")", "“": "”", "「": "」", "《": "》"}
_PROTECTED = re.compile(r"「([^「」]*)」")


def parts(text: str, marks: str = NAME_MARKS) -> tuple[str, ...]:
    """The entries of a cell; marks inside brackets and quotes part nothing, 「」 protect."""
    found, start, closing = [], 0, [""]
    for at, letter in enumerate(text):
        if letter == closing[-1]:
            closing.pop()
        elif closing[-1] != "」" and letter in _PAIRS and _PAIRS[letter] in text[at:]:
            closing.append(_PAIRS[letter])
        elif letter in marks and len(closing) == 1:
            found.append(text[start:at])
            start = at + 1
    found.append(text[start:])
    return tuple(_bare(entry.strip()) for entry in found if entry.strip())


def together(entries: tuple[str, ...], marks: str = NAME_MARKS) -> str:
    """The entries as one cell that `parts` reads back; where marks are in the way, in 「」."""
    separator = marks[0] if marks == NAME_MARKS else "\n"
    plain = separator.join(entries)
    return plain if parts(plain, marks) == entries else separator.join(f"「{e}」" for e in entries)


def _bare(entry: str) -> str:
    whole = _PROTECTED.fullmatch(entry)
    return whole[1] if whole else entry
