"""Which sentences of a text speak of what comes next: those behind 下步打算 or 下一步."""

import re

from handlers.reading.prose.clauses import Layout
from handlers.reading.prose.plans import NEXT

_MARK = (
    r"\s*(?:[(\[]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})(?:[)\]]|[、.,])+"
    r"|[一二三四五六七八九十]是)?\s*"
)
_NEXT = re.compile(
    rf"{_MARK}(?:(?:{NEXT})|[一-龥]{{0,4}}(?:盼望|希望|恳请|请求|建议)[一-龥]{{0,6}}(?:支持|解决|帮助|协调|给予)"
    r"|[一-龥]{0,8}(?:打算|工作计划|工作安排|工作目标)\s*[:。]?\s*$)"
)
_PAST = re.compile(
    rf"{_MARK}(?:截[至止]|目前|今年以来|上半年|\d{{1,2}}-\d{{1,2}}月"
    r"|[一-龥]{0,6}(?:进展|成效|成绩|问题|措施|做法|情况|特点|困难|亮点))"
)


def speaks_of_next(layout: Layout) -> tuple[bool, ...]:
    """For each sentence whether it belongs to the plans; 截至, 目前 and other headings end them."""
    found, ahead = [], False
    for number in range(len(layout.begins)):
        span = layout.span_of(number)
        ahead = bool(
            _NEXT.match(layout.text, *span) or (ahead and not _PAST.match(layout.text, *span))
        )
        found.append(ahead)
    return tuple(found)
