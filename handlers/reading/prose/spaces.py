"""Spaces in prose: those of a scan are taken out, those of a chat end a clause."""

import re
from collections.abc import Sequence

from handlers.reading.amounts import Amount
from handlers.reading.normalise import Mapped
from handlers.reading.prose.tables import with_cells

_INSIDE_WORDS = re.compile(r"(?<=[一-龥,;:。、()\"]) (?=[一-龥,;:。、()\"])")
_AFTER_A_FIGURE = re.compile(r"(?:了|左右|以上|多)? +(?=[一-龥])")


def closed_up(source: Mapped) -> Mapped:
    """*source* without single spaces between characters: 完 成 年 任 务 is 完成年任务.

    Those that part the cells of a table become tabs.
    """
    source = Mapped(with_cells(source.text), source.origin)
    gone = {match.start() for match in _INSIDE_WORDS.finditer(source.text)}
    gone = {place for place in gone if not _is_after_a_number(source.text, place)}
    if not gone:
        return source
    kept = [place for place in range(len(source.text)) if place not in gone]
    origin = [source.origin[place] for place in (*kept, len(source.text))]
    return Mapped("".join(source.text[place] for place in kept), tuple(origin))


def with_stops(plain: str, amounts: Sequence[Amount]) -> str:
    """*plain*, a comma in place of a space behind a figure: 装了46户 一共1176户."""
    chars = list(plain)
    for amount in amounts:
        if " " in plain[amount.start : amount.end]:
            continue
        if match := _AFTER_A_FIGURE.match(plain, amount.end):
            chars[match.end() - 1] = ","
    return "".join(chars)


def _is_after_a_number(text: str, place: int) -> bool:
    """Whether digits stand closely before: that space may separate what is said."""
    return re.search(r"\d[^\d\s]{1,5}$", text[max(0, place - 8) : place]) is not None
