"""A short question about a report that is owed: until when, how much, what was sent last time."""

import re
from enum import Enum, auto

from handlers.reading.normalise import normalise


class Asked(Enum):
    """What is asked about a report."""

    LATER = auto()  # whether it may be sent later
    DUE = auto()
    LAST = auto()  # what was reported before
    HOW_MUCH = auto()


_WHEN = r"(?:什么|啥)时[候间]|几[号时]|哪[一]?[天日]|何时|多[久长]|几天"
#: The first that fits says what is asked.
_KINDS = {
    Asked.LATER: re.compile(
        r"(?:能|可).{0,8}(?:晚|迟|延|缓|宽限).{0,4}(?:天|日|期|报|吗|行)|延期[吗么?]"
    ),
    Asked.DUE: re.compile(
        rf"(?:截止|到期|期限|最[晚迟]|报|交).{{0,8}}(?:{_WHEN})"
        rf"|(?:{_WHEN}).{{0,6}}(?:截止|到期|结束|要?报|要?交)|还[有剩]{{1,2}}(?:几|多少)天"
    ),
    Asked.LAST: re.compile(
        r"(?:上个?月|上[一]?[期次回]|之前|以前|\d{1,2}月份?).{0,8}(?:多少|几[个户人公]|什么数|哪个数|数据?是?什么)"
    ),
    Asked.HOW_MUCH: re.compile(
        r"(?:报|填|写|目标|任务数?|指标).{0,4}(?:多少|什么数|哪个数|几[个户人公])|多少(?:合适|才[行对])"
    ),
}
_LONGEST = 30


def asked_of_report(text: str) -> Asked | None:
    """What a short text of one line asks about a report; None where it asks none of this."""
    plain = normalise(text).strip()
    if len(plain) > _LONGEST or "\n" in plain:
        return None
    return next((what for what, pattern in _KINDS.items() if pattern.search(plain)), None)
