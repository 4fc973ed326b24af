"""Places in an order: 排名第3, 居全省第二, 第1名; a bare 第二批 or 第一责任人 is none."""

import re

from handlers.reading.amount import Amount, Doubt
from handlers.reading.numerals import Number

_LOOK_BACK = 24
_TH = re.compile(r"第\s?$")
_CUE = re.compile(
    r"(?:排名|排位|位列|位居|名列|位次|名次|跃居|跃升|升至|上升到|下降到|降至|退至|并列|稳居|居|排|列|获|进位|倒数)"
    r"(?:在|为|到|至|是|:)?[^,;。\d\n]{0,12}(?:[第\d一二三四五六七八九十]{1,4}[、和])?第\s?$"
)
_AREA = re.compile(
    r"(?:[\d一-龥][项个](?:指标|工作|项目|任务)?|全[国省州市县区]|同类|[一二三]类|小组|片区|州直|省直|县市)(?:排名)?第\s?$"
)
_NUMBERED = re.compile(r"(?:排名|排位|名次|位次|排行)(?:为|是|:|在)?\s?$")
#: What every one of them ends with.
_BEFORE = re.compile(r"[第前名位次行为是:在]\s?$")
_AMONG_FIRST = re.compile(r"前\s?$")
_AMONG_CUED = re.compile(
    r"(?:进入|位居|排名|位列|跻身|保持|居|排|挺进)(?:在|到)?[^,;。\d\n]{0,8}前\s?$"
)
_PLACE = re.compile(r"\s?(名|位(?!置|数|于|移|列))")
_EDGE = re.compile(
    r"\s*(?:$|[,;:。、()\n\"!]|和|与|及|的?位次|较|比|,|为|分别|县|市|上升|下降|提升|跃|前进|后退|下滑|[升降退进滑])"
)
#: 第一名新田县 is the place of another.
_OTHERS_PLACE = re.compile(r"(?:的是|为|是)?[一-龥]{1,4}[县市区州]")
#: 花垣县1.9%,第二: behind one that is said in full.
_ALONE = re.compile(r"(?:^|[,、(])(?:倒数)?第\s?$")
_ENDED = re.compile(r"\s*(?:$|[;。)])")
_EARLIER = re.compile(r"[居排列名位省州市县区]第[\d一二三四五六七八九十]")
#: 由上月的第7上升到第4名
_FORMER = re.compile(r"[由从][一-龥]{0,6}第\s?$")
_LAST = re.compile(r"倒数$")
_SET = re.compile(r"(?:放|摆|置于|视|作|看|列)[在到为于]第\s?$")


def rank_at(text: str, number: Number) -> Amount | None:
    """The place in an order that *number* of normalised *text* names, or None."""
    begin = max(0, number.start - _LOOK_BACK)
    if number.value is None or not _BEFORE.search(text, max(0, number.start - 2), number.start):
        return None
    place = _PLACE.match(text, number.end)
    end = place.end() if place else number.end
    found = Amount(
        start=number.start,
        end=end,
        value=number.value,
        unit=place[1] if place else "",
        number_end=number.end,
        rank=True,
        chinese=number.chinese,
    )
    if th := _TH.search(text, begin, number.start):
        return _th(text, found._replace(start=th.start()), begin, number.start)
    if first := _AMONG_FIRST.search(text, begin, number.start):
        cued = _AMONG_CUED.search(text, begin, number.start) and (place or _EDGE.match(text, end))
        return found._replace(start=first.start(), doubt=Doubt.ORDER) if cued else None
    return found if _NUMBERED.search(text, begin, number.start) else None


def _th(text: str, found: Amount, begin: int, digits: int) -> Amount | None:
    if _SET.search(text, begin, digits) or (not found.unit and not _EDGE.match(text, found.end)):
        return None
    cued = _CUE.search(text, begin, digits) or _AREA.search(text, begin, digits)
    if not cued and _is_said_after_another(text, found, begin, digits):
        return found._replace(doubt=Doubt.ORDER)
    if not cued and not (found.unit and _EDGE.match(text, found.end)):
        return None
    if _OTHERS_PLACE.match(text, found.end):
        return found._replace(doubt=Doubt.ORDER)
    last = _LAST.search(text, begin, found.start)
    if last or not cued:
        return found._replace(doubt=Doubt.ORDER)
    return found


def _is_said_after_another(text: str, found: Amount, begin: int, digits: int) -> bool:
    """花垣县1.9%,第二: a place alone in its clause behind one said in full; 由上月的第7."""
    if _FORMER.search(text, begin, digits):
        return True
    alone = _ALONE.search(text, begin, digits) and _ENDED.match(text, found.end)
    return bool(alone and _EARLIER.search(text, max(0, begin - _LOOK_BACK), digits - 1))
