"""The reports of one message before they are taken: what is said of one task is put together."""

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

from handlers.context import Context
from handlers.reading.headings import Vocabulary
from handlers.reading.lines import read_lines
from handlers.reporting.begin import day_said
from handlers.reporting.choose import choose
from handlers.reporting.nil import says_nil
from handlers.reporting.outcomes import Kind, Outcome
from handlers.reporting.own_units import unit_named
from handlers.standing.matters import Matter
from models.errors import Refused

_CAPTION = re.compile(r"\s*(?:图片?|照片)\s*[\d一二三四五六七八九]{1,2}(?![\d年月日个张])")


@dataclass(frozen=True)
class Item:
    """One report of a message: the task as it is named, what is said of it, and where it stood.

    *unit* is the one that reports, where that is said apart.
    """

    name: str
    text: str
    where: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Meant:
    """An item with the matter it is on, or with what became of it already."""

    item: Item
    on: Matter | Outcome


def joined(context: Context, meant: Sequence[Meant]) -> list[Meant]:
    """Items on one matter, of one unit and period, are one report: its figures must agree."""
    keys = [each.on.key for each in meant if isinstance(each.on, Matter)]
    found: dict[Hashable, Meant] = {}
    for place, each in enumerate(meant):
        key: Hashable = place
        if isinstance(each.on, Matter) and keys.count(each.on.key) > 1:
            key = _report_of(context, each.item, each.on)
        found[key] = _both(found[key], each) if key in found else each
    return list(found.values())


def _report_of(context: Context, item: Item, matter: Matter) -> Hashable:
    """By what two items are known to belong to one report."""
    text = f"{item.unit}\n{item.text}" if item.unit else item.text
    unit_id, _ = unit_named(context, matter, text)
    try:
        day = day_said(context, read_lines(item.text, Vocabulary()), item.text)
        period = choose(context, matter, day, unit_id).duty.id
    except Refused:
        period = 0
    return matter.task.id, matter.place, unit_id, period


def _both(one: Meant, other: Meant) -> Meant:
    """The very same lines are not said twice; 无变化 and a figure cannot both be so."""
    if isinstance(one.on, Outcome) or isinstance(other.on, Outcome):
        return one
    if says_nil(one.item.text) != says_nil(other.item.text):
        text = f"{one.on.name}：既写了“无变化”，又写了内容，请只留一样重发"
        return Meant(one.item, Outcome(Kind.REFUSED, f"{one.item.where}{text}"))
    lines = [*one.item.text.split("\n"), *other.item.text.split("\n")]
    return replace(one, item=replace(one.item, text="\n".join(dict.fromkeys(lines))))


def with_captions(meant: Sequence[Meant], owner: tuple[str, int] | None) -> list[Meant]:
    """The captions go to the report that has the pictures, wherever they were written."""
    keys = [each.on.key if isinstance(each.on, Matter) else None for each in meant]
    if owner is None or owner not in keys:
        return list(meant)
    captions: list[str] = []
    parted = []
    for each in meant:
        lines = each.item.text.split("\n")
        captions += [line for line in lines if _CAPTION.match(line)]
        rest = "\n".join(line for line in lines if not _CAPTION.match(line))
        parted.append(replace(each, item=replace(each.item, text=rest)))
    place = keys.index(owner)
    owning = parted[place].item
    parted[place] = replace(
        parted[place], item=replace(owning, text="\n".join([owning.text, *captions]))
    )
    return parted
