"""Whether sums, shares and counts of a document agree, worked out from what its file says."""

import re
from collections.abc import Mapping
from decimal import Decimal

from handlers.render.document import Count, Rule, Same, Share, Source, Sum, Tally, printed
from models.rules.rounding import half_up, number_text, percent_of

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_SCALES = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}

#: The place of the snapshot that a broken rule is about, and what is wrong there.
Broken = tuple[str, str]


def broken(rule: Rule, values: Mapping[str, str], source: Source) -> Broken | None:
    """Why the rule does not hold, or None; *values* are as read, the rest is the snapshot's."""
    read = _Read(values, source)
    match rule:
        case Sum():
            return _sum(rule, read)
        case Share():
            return _share(rule, read)
        case Count():
            return _count(rule, read)
        case Same():
            return _same(rule, read)
        case Tally():
            return _tally(rule, read)


class _Read:
    def __init__(self, values: Mapping[str, str], source: Source) -> None:
        self.values = values
        self.source = source

    def text(self, at: str) -> str:
        found = self.values.get(at)
        return printed(self.source.value(at)) if found is None else found

    def number(self, at: str) -> Decimal | None:
        return number_in(self.text(at))


def number_in(text: str) -> Decimal | None:
    """The number that an amount begins with, in base units: 64980000 for 6498万元; None without."""
    found = _NUMBER.match(text.strip())
    if found is None:
        return None
    scale = _SCALES.get(text.strip()[found.end() : found.end() + 1], Decimal(1))
    return Decimal(found[0]) * scale


def _sum(rule: Sum, read: _Read) -> Broken | None:
    total = read.number(rule.total)
    found = sum((read.number(part) or Decimal(0) for part in rule.parts), Decimal(0))
    if total == found:
        return None
    return rule.total, f"{rule.what}为{read.text(rule.total)}，各项合计{number_text(found)}"


def _share(rule: Share, read: _Read) -> Broken | None:
    part, whole = read.number(rule.part), read.number(rule.whole)
    share = None if part is None or whole is None else percent_of(part, whole)
    if share is None:
        return rule.percent, f"{rule.what}没有可计算的数"
    computed = half_up(share, rule.decimals)
    if read.number(rule.percent) == computed:
        return None
    amounts = f"{read.text(rule.part)}占{read.text(rule.whole)}的{computed}%"
    return rule.percent, f"{rule.what}：{amounts}，文中为{read.text(rule.percent)}%"


def _count(rule: Count, read: _Read) -> Broken | None:
    named = sum(at.startswith(f"{rule.names}/") and bool(v) for at, v in read.values.items())
    if not named:
        named = len(read.source.value(rule.names))
    if read.number(rule.count) == named:
        return None
    return rule.count, f"{rule.what}计{read.text(rule.count)}个，列名{named}个"


def _same(rule: Same, read: _Read) -> Broken | None:
    one, other = read.text(rule.one), read.text(rule.other)
    return None if one == other else (rule.one, f"{rule.what}：一处为“{one}”，一处为“{other}”")


def _tally(rule: Tally, read: _Read) -> Broken | None:
    found = sum(read.text(place) == rule.value for place in rule.places)
    if read.number(rule.count) == found:
        return None
    return rule.count, f"{rule.what}计{read.text(rule.count)}个，实有{found}个"
