"""写错了，是1710不是1701: what a short text says was wrong, and what is right instead."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from handlers.reading.manners import POLITE
from handlers.reading.marks import BREAK
from handlers.reading.normalise import name_key, normalise

#: A longer line tells of the work: there 不是 and 改为 put nothing right.
LONGEST = 60
_WRONG = (
    r"(?:[写打填报弄搞发输说算录看抄记]|统计|录入|填写|输入)(?:的|得)?(?:全|都|又|好像)?[错反]了?"
    r"|搞混了?|错了|有误|有错|不对|不准确?"
)
_INSTEAD = (
    r"应该?[是为]|应当[是为]|(?:更改|更正|调整|修改|变更|订正|改)(?:[为成到是]|正?为)"
    r"|正确的?(?:数字?)?[是为]"
)
_MARK = re.compile(rf"{_WRONG}|{_INSTEAD}")
#: 1701改1710, 是1710不是1701.
_SWAPPED = re.compile(
    r"\d\D{0,3}[改换]\d|[写打填报弄搞输录]成了?\D{0,2}\d|不是\D{0,3}\d|是\d[^,;。]{0,8}不是"
)
_DAY = r"(?:\d{4}年)?\d{1,2}月(?:\d{1,2}[日号]|份?[底末])"
_NUMERAL = r"(?:\d+(?:,\d{3})*(?:\.\d+)?|[一二两三四五六七八九十][一二两三四五六七八九十百千万零]+)"
_UNIT = (
    r"平方米|公里|千米|人次|万元|亿元|公顷|[个套户人名件所元亩座项家床张次处台位条吨米]"
    r"|千瓦时?|个百分点|%"
)
_COUNT = rf"(?:大?约|近)?{_NUMERAL}[万亿]?(?:{_UNIT})?"
_EITHER = rf"(?:{_DAY}|{_COUNT})"
_VALUE = re.compile(_EITHER)
#: What was wrong: 不是1701, 1701改1710, 写成1701了, 从1701.
_NOT = re.compile(
    rf"(?:不是|并非|[写打填报弄搞输录]成了?|从)\s*(?P<a>{_EITHER})"
    rf"|(?P<b>{_EITHER})\s*(?=不对|错了|[写打填报]错|有误|是错的|要?[改换]|更正|调整|修改|订正|变更)"
)
_FILLERS = re.compile(
    rf"(?P<kept>完成[数量]*|累计完成|成效|对比分析|点评)|{POLITE}|哎呀?|[哦噢啊呀嗯吧哈了]|那个|这个|这里|那里|刚刚?才?|刚才|上面|前面|之前"
    r"|上一?[条次个]|还有|另外|[也都又]|其实|实际|而是|不是|并非|应该?|应当|正确的?|[是为成到改换从把将要得]|我们?|[您你]"
    r"|报送|上报|[写打填报发送](?=的)|的|里面?|中|[这那]一?项|数字|数据|数值|有个|有一处|[错对]|才对"
    r"|更正|订正|修改|更改|调整|变更|[,:;。、!?~\s“”\"'()]"
)
#: 好像是1701: the right figure is not sure either.
_HEDGE = re.compile("好像|大概|可能|估计|似乎|也许|差不多|记得")
_WRONG_WORDS = re.compile(_WRONG)
#: 总数应该是1760, where another clause has a figure too (少报了50个).
_TOLD_RIGHT = re.compile(rf"(?:{_INSTEAD})\s*{_EITHER}")
#: Words for the day, and for the count of what is done, that name no field of their own.
_DAY_WORDS = frozenset(
    "日期 截至日期 截止日期 截至 截止 截至时间 截止时间 时间 统计时间 数据时间".split()
)
_DONE_WORDS = frozenset(
    "完成 完成数 完成量 完成数量 累计 累计完成 数 数量 总数 指标 任务 进展".split()
)
_DAY_TOLD = re.compile(
    r"\s*(?:还有|另外|对了|补充|哦|噢)?[\s,:]*(?:截[至止](?:日期|时间)|统计时间|数据时间)\s*"
    rf"(?:应该|应当|应|改)?[是为到成]\s*(?P<day>{_DAY})[\s。!的了哈吧]*"
)


@dataclass(frozen=True)
class Said:
    """What a text puts right: the key of *what*, the values said to be wrong, and the right ones.

    *is_wrong*: it says that something is wrong; *is_hedged*: the right value is not sure either.
    """

    what: str
    wrong: tuple[str, ...]
    right: tuple[str, ...]
    is_wrong: bool = False
    is_hedged: bool = False

    @property
    def is_of_day(self) -> bool:
        """Whether the day is named."""
        return self.what in _DAY_WORDS

    @property
    def is_of_done(self) -> bool:
        """Whether nothing is named, or no more than the count of what is done."""
        return not self.what or self.what in _DONE_WORDS

    def means(self, names: Iterable[str]) -> bool:
        """Whether one of *names* is named; the 应 of 应急 is lost among the fillers."""
        return bool(self.what) and any(self.what in (name_key(e), _what(e)) for e in names)


def corrects(text: str) -> bool:
    """Whether *text* says that something was written wrongly: it is never part of a report."""
    plain = normalise(text).strip()
    if not plain or len(plain) > LONGEST or "\n" in plain:
        return False
    return _MARK.search(plain) is not None or _SWAPPED.search(plain) is not None


def said_wrong_in(text: str, task_names: Iterable[str]) -> Said | None:
    """What *text* puts right, of the task with these names; None where it corrects nothing."""
    if not corrects(text):
        return None
    whole = plain = normalise(text).strip()
    for name in sorted(map(normalise, task_names), key=len, reverse=True):
        plain = plain.replace(name, " ")
    wrong = tuple(found["a"] or found["b"] for found in _NOT.finditer(plain))
    rest = _NOT.sub(" ", plain)
    right = tuple(found[0] for found in _VALUE.finditer(rest))
    told = [each for each in BREAK.split(rest) if _TOLD_RIGHT.search(each)]
    if len(right) > 1 and len(told) == 1:
        rest, right = told[0], tuple(found[0] for found in _VALUE.finditer(told[0]))
    rest = _HEDGE.sub("", rest)
    return Said(
        what=_what(_WRONG_WORDS.sub("", _VALUE.sub("", rest))),
        wrong=wrong,
        right=right,
        is_wrong=_WRONG_WORDS.search(whole) is not None,
        is_hedged=_HEDGE.search(whole) is not None,
    )


def _what(words: str) -> str:
    return name_key(_FILLERS.sub(_kept, normalise(words)))


def _kept(found: re.Match[str]) -> str:
    return found["kept"] or ""


def day_put_right(text: str) -> str:
    """The day in a line that only says which one is meant (截至日期应为8月31日); else empty."""
    told = _DAY_TOLD.fullmatch(normalise(text).strip())
    return told["day"] if told else ""


def is_day(value: str) -> bool:
    """Whether a value that a text puts right is a day."""
    return re.fullmatch(_DAY, value) is not None
