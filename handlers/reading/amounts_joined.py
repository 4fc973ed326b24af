"""Numbers that share a unit or belong together: ranges, pairs with a slash and lists."""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal

from handlers.reading.amount import Amount, Doubt
from handlers.reading.numerals import read_number
from models.rules.unit import tidy

_RANGE = re.compile(r"\s?(?:-{1,2}|~|至|到)\s?(?:约|近)?\s?")
_SLASH = re.compile(r"\s?[/|]\s?")
_LIST = re.compile(r"\s?[、和及与]\s?(?:约|近)?\s?")
_RESPECTIVELY = re.compile(r"分别|依次|各自")
_SENTENCE_END = frozenset("。;!?\n")
_SCALE = re.compile(r"(?:万亿|[百千]?[亿万]|[百千])$")
_LARGE = 1000
_RATIOS = frozenset(("", "%", "个百分点", "倍"))
_NEAR = 24
_VERB = re.compile(
    r"(?:[开竣完动]工|[建完修装改办做]成|[建完修装改办做]好|投[用产]|交付|办结|安装|改造|受理|签约|到位|验收|整改|销号|发放)"
    r"了?(?:是|有)?$"
)
_ALONE = re.compile(r"\s?(?:[,;。!\n]|$)")
_FRACTION = 10
_LOOK_BACK = 80


def joined(text: str, single: Iterable[Amount]) -> list[Amount]:
    """*single* with units shared along ranges and lists, and their doubts.

    Bare Chinese numbers stay bare unless 分别 or a range gives them the unit.
    """
    return _dictated(text, _lists(text, _ranges(text, list(single))))


def _dictated(text: str, amounts: list[Amount]) -> list[Amount]:
    """签约四十六台,开工三十九: in dictation a unit said once is that of the next number, too."""
    last: Amount | None = None
    for at, amount in enumerate(amounts):
        if last is not None and _is_left_without(text, last, amount):
            amounts[at] = amount = amount._replace(unit=last.unit, doubt=Doubt.SHARED)
        if amount.unit or amount.rank:
            last = amount
    return amounts


def _is_left_without(text: str, last: Amount, amount: Amount) -> bool:
    """Whether a bare Chinese number stands alone behind its verb, near a counted one."""
    bare = amount.chinese and not (amount.unit or amount.noun or amount.rank)
    if not bare or not last.chinese or last.unit in _RATIOS or amount.value <= _FRACTION:
        return False
    between = text[last.end : amount.start]
    near = len(between) < _NEAR and not _SENTENCE_END.intersection(between)
    verb = near and _VERB.search(text, last.end, amount.start)
    return bool(verb) and _ALONE.match(text, amount.end) is not None


def _ranges(text: str, amounts: list[Amount]) -> list[Amount]:
    for left in range(len(amounts) - 2, -1, -1):
        first, second = amounts[left], amounts[left + 1]
        between = text[first.end : second.start]
        if len(between) > 6 or not _fits(first, second):
            continue
        if _RANGE.fullmatch(between):
            amounts[left : left + 2] = _pair(text, first, second, Doubt.RANGE)
        elif _SLASH.fullmatch(between):
            amounts[left : left + 2] = _slashed(text, first, second)
    return amounts


def _fits(first: Amount, second: Amount) -> bool:
    if first.rank != second.rank:
        return False
    return first.unit in ("", second.unit) and not first.noun


def _slashed(text: str, first: Amount, second: Amount) -> Sequence[Amount]:
    """2/3 is a fraction, 22/35户 a part and its whole; both are asked for."""
    if second.unit or not 0 < first.value < second.value <= _FRACTION:
        return _pair(text, first, second, Doubt.SHARED)
    share = tidy((first.value * 100 / second.value).quantize(Decimal("0.01"), ROUND_HALF_UP))
    end = second.end
    return (first._replace(end=end, number_end=end, value=share, unit="%", doubt=Doubt.FORM),)


def _pair(text: str, first: Amount, second: Amount, doubt: Doubt) -> tuple[Amount, Amount]:
    """Both ends with the second's unit."""
    same = first if first.unit else _scaled(text, first, second)
    return (
        same._replace(unit=second.unit, noun=second.noun, doubt=doubt),
        second._replace(doubt=doubt),
    )


def _scaled(text: str, first: Amount, last: Amount) -> Amount:
    """*first* with the 万 or 亿 of *last*, where it has none: 3至5万元 begins at 30000."""
    scale = _SCALE.search(text, last.start, last.number_end)
    if scale is None or _SCALE.search(text, first.start, first.number_end):
        return first
    return first._replace(value=tidy(first.value * (read_number(f"1{scale[0]}") or 1)))


def _lists(text: str, amounts: list[Amount]) -> list[Amount]:
    out: list[Amount] = []
    for run in _runs(text, amounts):
        out.extend(_one_list(text, run) if len(run) > 1 else run)
    return out


def _runs(text: str, amounts: list[Amount]) -> Iterator[list[Amount]]:
    """Amounts with nothing but 、 or 和 between them, as long as one unit can be theirs."""
    run: list[Amount] = []
    for amount in amounts:
        if run and not _continues(text, run[-1], amount):
            yield run
            run = []
        run.append(amount)
    if run:
        yield run


def _continues(text: str, last: Amount, amount: Amount) -> bool:
    between = text[last.end : amount.start]
    if len(between) > 5 or not _LIST.fullmatch(between) or last.noun:
        return False
    return last.rank == amount.rank and last.unit in ("", amount.unit)


def _one_list(text: str, run: list[Amount]) -> Iterator[Amount]:
    unit = run[-1].unit
    cued = _is_respective(text, run[0].start)
    bare = any(not amount.unit for amount in run)
    for amount in run:
        shared = not amount.unit and bool(unit)
        if amount.chinese and shared and not cued:
            yield amount
            continue
        full = _scaled(text, amount, run[-1]) if shared else amount
        # 分别为5000、6000和1.2万元: is it 5000 or 5000万? And 3、5个 may be 3 to 5.
        unsure = full is not amount and amount.value >= _LARGE
        doubt = Doubt.SHARED if unsure or (bare and unit and not cued) else None
        yield full._replace(
            unit=unit,
            doubt=amount.doubt or doubt,
            list_length=len(run),
            respectively=cued,
        )


def _is_respective(text: str, start: int) -> bool:
    begin = max(0, start - _LOOK_BACK)
    for place in range(start - 1, begin - 1, -1):
        if text[place] in _SENTENCE_END:
            begin = place
            break
    return _RESPECTIVELY.search(text, begin, start) is not None
