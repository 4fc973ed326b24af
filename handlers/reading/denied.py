"""Figures whose own words say that they are no count of what is done: these are left and named."""

import re
from itertools import takewhile

from handlers.reading.marks import CLAUSE_END, SENTENCE_END
from handlers.reading.normalise import normalise
from handlers.reading.prose.plans import WISHED

#: Right ahead of a figure, in its own clause: to come, wanted, or not so.
_TO_COME = re.compile(
    rf"(?<![即快])将(?:要|会|对|为|于|在|分|再|继续|陆续|全部|新增|新建|建|完成|实施|开展|组织|投|安)|{WISHED}|争取|力图|拟(?!定|订)"
)
_NOT_SO = re.compile(
    r"(?:并没有?|并未|没有|没能|未能|从未|尚未|还没有?)(?!问题)[一-龥]{0,8}$"
    r"|(?:[离距]|距离)(?:[^,;\d]{0,6})$"
)
#: Of each, not of all.
_EACH = re.compile(
    r"平均每|(?:^|[,;、一-龥])每(?:个|名|人|户|天|日|周|月|年|村|乡|镇|县|所|家|张|件|位|处|座|公里)"
    r"|人均|户均|村均|县均|日均|月均|年均|均每"
)
_EACH_BEHIND = re.compile(r"\s*[/每](?:人|户|村|天|日|月|县|乡|镇|名|个村)")
#: Behind it: due later, only listed, or not yet there.
_DUE = re.compile(
    r"[^,;。\d]{0,8}?(?:(?<!主)要|须|需|应|将|拟|必须)(?:于|在|到)?\d{0,4}年?(?:\d{1,2}月|年底|年内|月底|今年|明年|下半年)"
    r"|[^,;。\d]{0,8}?(?:列入|纳入|进入|排入)[^,;。]{0,12}(?:计划|清单|方案|盘子|日程|安排)"
    r"|[^,;。\d]{0,6}(?:还|仍|尚)?(?:差|相差|缺)(?:一截|距|得?[远多]|[^,;。\d]{0,3}$|\d)"
)
#: 1500个未通电: all that stands behind a figure, where it says that the work is not done.
_UNDONE = re.compile(
    r"\(?[一-龥]{0,4}?(?:[还尚均都暂仍]|全部|目前|至今){0,3}"
    r"(?:未(?![来婚名检满发出超逾]|成年)|没(?!有?[收问错变发出])有?|待(?![遇业产岗])|无法|不能|不合格|不达标)"
    r"[一-龥]{0,8}\)?[。.!]?"
)
#: 原报351户有误, 这个数是错的: at the end of what is said of it.
_WRONG = re.compile(
    r"[^\d]{0,12}?(?:有误|有错|(?:是|系|属)?错误?的?|[搞报填写算弄录]错了?|不对|不准确?|不实|失实|不真实|作废|无效|不作数|不算数)"
    r"(?:的|了|吧|\s|\))*$"
)
#: 请勿采用, 别用
_NOT_TO_USE = re.compile(
    r"(?:请|请您|该|此|这个?|数据?|数字|暂|先|都|均|也|就)*(?:勿|莫|不要|别|不得|不能|不宜|停止)再?"
    r"(?:采用|使用|用|采信|引用|统计|计入|取用)(?:了|吧|\s|\))*$"
)
_DIGIT = re.compile(r"\d")
_FAR = 60
_REACHED = re.compile(r"已|完成了|累计|实际|实现了|截至")


def is_denied(clause: str, after: str, *, is_rate: bool) -> bool:
    """Whether the words of a figure's own clause say that it is none of what is done.

    *is_rate*: the indicator is itself of each person (每人每月100元).
    """
    if _NOT_SO.search(clause) or _DUE.match(after):
        return True
    if (found := _TO_COME.search(clause)) and not _REACHED.search(clause[found.end() :]):
        return True
    return not is_rate and bool(_EACH.search(clause) or _EACH_BEHIND.match(after))


def is_withdrawn(text: str, end: int) -> bool:
    """Whether what follows the figure that ends at *end* calls it wrong, or forbids its use."""
    behind = SENTENCE_END.split(normalise(text[end : end + _FAR]))[0]
    first, *later = CLAUSE_END.split(behind)
    further = takewhile(lambda clause: not _DIGIT.search(clause), later)
    clauses = [] if _DIGIT.search(first) else [first, *further]
    return any(_WRONG.match(each) or _NOT_TO_USE.match(each) for each in clauses)


def is_undone(after: str) -> bool:
    """Whether the words behind the figure of a field say that it counts what is not done."""
    return _UNDONE.fullmatch(normalise(after).strip()) is not None
