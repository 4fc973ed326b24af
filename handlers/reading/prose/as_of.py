"""The day a text's data are of: 截至5月底, 1—5月, 上半年; a time of plans is none."""

import re
from datetime import date

from handlers.reading.dates import dates_in

_PLANNED_BEFORE = re.compile(
    r"(?:预计|计划|确保|力争|争取|拟|将|定于|下一?步|目标|到|于|力保|要求|明年|下半年)[^,;。\n]{0,6}$"
)
_PLANNED_AFTER = re.compile(
    r"^(?:底|末|份)?(?:之?以?前|完工|竣工|开工|完成(?!率|年)|前|建成|启动|投入|进场|起|开始|计划|拟|将|预计)"
)
_MARKED = re.compile(r"截[至止]到?\s*$")


def as_of(text: str, today: date) -> date | None:
    """The latest marked day, else the first period of data not after *today*; None where none."""
    marked, plain = list[date](), list[date]()
    for reading in dates_in(text, today):
        start, end = reading.span
        before, after = text[max(0, start - 12) : start], text[end : end + 8]
        if _MARKED.search(before):
            marked.append(reading.day)
        elif _is_period(text[start:end]) and not _is_plan(before, after) and reading.day <= today:
            plain.append(reading.day)
    return next(iter(marked or plain), None)


def _is_plan(before: str, after: str) -> bool:
    return bool(_PLANNED_BEFORE.search(before) or _PLANNED_AFTER.match(after))


def _is_period(words: str) -> bool:
    return re.search(r"[-—–~至到]|上半年|季度|底|末|月$|月份$|日$", words) is not None
