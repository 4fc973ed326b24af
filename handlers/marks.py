"""Marks behind the words of a button, by which a tap on one that was overtaken is told."""

import re

_MARK = re.compile(r"\s*〔(?P<mark>[^〔〕]{1,20})〕\s*$")


def marked(words: str, mark: str) -> str:
    """*words* with the state for which they were offered: 通过 128 〔第2版〕."""
    return f"{words} 〔{mark}〕"


def parted(text: str) -> tuple[str, str]:
    """The words and the mark behind them, empty where there is none."""
    found = _MARK.search(text)
    return (text, "") if found is None else (text[: found.start()], found["mark"])
