"""A rate of acceptance and counts of comments: read where a field says that and nothing else."""

import re
from dataclasses import dataclass
from decimal import Decimal

from handlers.reading.normalise import normalise
from handlers.reading.numerals import read_number
from handlers.reading.prose.plans import PLANNED
from models.rules.comments import Counts
from models.rules.rounding import HUNDRED, number_text, percent_of


@dataclass(frozen=True)
class Unclear:
    """Nothing is taken; *why* follows the field's name and value in what is said."""

    why: str


_END = r"[\s,;。!]*"
_DAY = (
    r"截至(?:目前|今天|今日|(?:\d{4}年)?\d{1,2}月(?:\d{1,2}[日号]|底|末)?)"
    r"|目前|年初以来|今年以来|年初至今"
)

_RATE = re.compile(
    rf"(?:{_DAY}|现|已经|已|均|全部|累计|实际|系统|线上|总体|验收|完成|通过|进度|率|达到|达|为|是|了|的"
    r"|[\s,:])*?(?:百分之(?P<said>[\d.〇零一二两三四五六七八九十百点]+)|(?P<value>\d+(?:\.\d+)?)\s*(?P<mark>%?))"
    rf"[\s,]*(?P<after>(?:均|已|全部)*(?:完成)?验收(?:通过|合格|完成|完毕)?|(?:均|已|全部)*完成)?{_END}"
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_RATE_FAULTS = (
    (re.compile(r"差|剩|未|没|不足|不到|缺"), "写的不是已达到的部分"),
    (re.compile(r"由|从|提[高升]|上升|增|下?降|[较比]"), "写的是前后变化"),
    (re.compile(rf"{PLANNED}|计划|目标|争取|拟|将"), "写的是计划或目标"),
    (re.compile(r"约|近|左右|上下|超过?|逾|余|多|以上|以下"), "不是确定的数"),
    (re.compile(r"\d[^\d.]+\d"), "里有几个数"),
    (re.compile(r"\d\s*(?:个百分点|[^\W\d_])"), "的单位不是百分数"),
)
_NO_RATE = Unclear("读不出百分比")
_TOO_LONG = Unclear("太长")
#: Whoever writes more than this tells a story, and a pattern has an end.
_LONGEST = 80

_ABOUT = r"(?:群众|各类|市民|意见|建议|评价|[和及、与的])*"
_UNIT = r"(?![\d.])\s*[件条个项]?"
_CAME_COUNT = rf"\s*(?<![\d.])(?P<came>\d{{1,6}}){_UNIT}"
_WENT_COUNT = rf"\s*(?<![\d.])(?P<went>\d{{1,6}}){_UNIT}"
_ANSWER = "(?:办结|办理|办复|处理|回复|答复|处置|解决|完成)"
_CAME = r"(?:收到|收集到?|收|受理|接到|接收|征集到?)(?:了|到)?"
_SINCE = rf"(?:{_DAY}|累计|总共|共计|合计|共|已|1月?[-—~至到]\d{{1,2}}月份?|[\s,:])*"
_RECEIVED = rf"{_SINCE}{_ABOUT}(?:{_CAME})?(?:共|累计)?{_ABOUT}{_CAME_COUNT}{_ABOUT}"
_CAME_IN = rf"{_SINCE}{_ABOUT}{_CAME}(?:共|累计)?{_ABOUT}{_CAME_COUNT}{_ABOUT}"
_EVERY = r"(?:其中|已经|已|均|都|全部|全|共|累计|[\s,:])*"
_HANDLED = rf"{_EVERY}{_ANSWER}(?:完成|完毕|了|数|\s)*{_WENT_COUNT}{_ABOUT}"
_HANDLED_AFTER = rf"(?:其中)?{_WENT_COUNT}\s*(?:已经|已|均|全部)*{_ANSWER}(?:完成|完毕)?"
_ALL = (
    rf"(?:已|\s)*(?:全部|均|都|全)(?:已经|已)?{_ANSWER}(?:完成|完毕)?"
    rf"|{_ANSWER}率\s*(?:达到|达|为)?\s*100%"
)
_BETWEEN = r"[\s,;、。和]*"
_SHARE = (
    rf"(?:{_BETWEEN}{_ANSWER}率\s*(?:达到|达|为)?\s*(?P<share>\d+(?:\.\d+)?)%(?:,未达\d+%)?)?{_END}"
)
_BOTH = tuple(
    re.compile(f"{pattern}{_SHARE}")
    for pattern in (
        _RECEIVED + _BETWEEN + _HANDLED,
        _RECEIVED + _BETWEEN + _HANDLED_AFTER,
        rf"{_RECEIVED}{_BETWEEN}(?:{_ALL})",
        _HANDLED + _BETWEEN + _CAME_IN,
    )
)
_NIL = re.compile(
    rf"(?:{_DAY}|暂时|暂|均|[\s,])*(?:无|零|(?:没有|没|未|尚未)(?:{_CAME})?){_ABOUT}[件条]?{_END}"
    rf"|{_SINCE}{_ABOUT}(?:{_CAME})?{_ABOUT}\s*0\s*[件条个项]?{_ABOUT}{_END}"
)
_COUNT_FAULTS = (
    (re.compile(r"未|没|待|尚|剩|正在|还有"), "写的不是已办理的条数"),
    (re.compile(rf"{PLANNED}|计划|目标|拟|将"), "写的是计划或目标"),
    (re.compile(r"\d\s*(?:[元户人家亩米万千百]|公里)"), "的单位不是条或件"),
    (re.compile(r"(?<!\d)\d{1,2}月|本月|上月|当月|本期"), "写的是一个月的数"),
    (re.compile(r"约|近|左右|余|多"), "不是确定的数"),
    (re.compile(r"(?:\d+(?:\.\d+)?[^\d.]+){2}\d"), "里有几组数"),
)
#: A rounded share may be so far from the counts it stands beside.
_ROUNDED = Decimal("0.5")


def read_rate(text: str) -> Decimal | Unclear:
    """The one percentage that *text* states as reached; a bare number above 1 counts as one.

    Everything written must be understood: a rest such as 还差, 预计 or 由…到 makes another figure
    of it.
    """
    plain = normalise(text).strip()
    if len(plain) > _LONGEST:
        return _TOO_LONG
    found = _RATE.fullmatch(plain)
    if found is None:
        has_number = _NUMBER.search(plain) is not None
        return _fault(plain, _RATE_FAULTS, _NO_RATE) if has_number else _NO_RATE
    value = HUNDRED if found["said"] == "百" else read_number(found["said"] or found["value"])
    if value is None:
        return _NO_RATE
    if not found["said"] and not found["mark"] and 0 < value <= 1:
        return Unclear("没有写%，分不清是小数还是百分数")
    if "全部" in (found["after"] or "") and value != HUNDRED:
        return Unclear("前后不一致")
    return value


def read_counts(text: str) -> Counts | Unclear:
    """How many comments came in and how many were handled, since January.

    收到12件，办结12件; 全部办结 says the second number; 无 and 0条 say both. As for a rate,
    everything written must be understood; a share beside the counts must fit them.
    """
    plain = normalise(text).strip()
    if len(plain) > _LONGEST:
        return _TOO_LONG
    if _NIL.fullmatch(plain):
        return Counts(0, 0)
    for pattern in _BOTH:
        if found := pattern.fullmatch(plain):
            came = int(found["came"])
            went = found.groupdict().get("went")
            return _fitting(Counts(came, came if went is None else int(went)), found["share"])
    return _fault(plain, _COUNT_FAULTS, Unclear("读不全"))


def _fitting(counts: Counts, share: str | None) -> Counts | Unclear:
    computed = percent_of(counts.handled, counts.received)
    if share is None or computed is None or abs(Decimal(share) - computed) <= _ROUNDED:
        return counts
    return Unclear(f"里的办理率与条数不符（{counts.text}为{number_text(computed)}%）")


def _fault(
    plain: str, faults: tuple[tuple[re.Pattern[str], str], ...], otherwise: Unclear
) -> Unclear:
    return next((Unclear(why) for pattern, why in faults if pattern.search(plain)), otherwise)
