"""Exceptions and stages in deadline wordings: recognised and reported, never applied by guess."""

import re

from models.rules.wording_tokens import OpenToken, Token

_MONTHS = r"(?:\d{1,2}月?[、,和及与-])*\d{1,2}月"
_OWN_LIMIT = "是个别期次另定的期限，未自动处理，请核对"
_DATA_DAY = "是统计口径，不作报送期限"
_DAYS_OFF = r"(?:节假日|双休日|周末|休息日)"
#: What the pattern means, in the admin's language; the first that matches counts.
_KINDS = (
    (
        r"(?:(?:20\d{2})年)?\d{1,2}月(?:\d{1,2}日)?-(?:(?:20\d{2}|[次翌明])年)?"
        r"(?:\d{1,2}月)?(?:\d{1,2}日|底)?(?<=[月日底])(?:期间|间|内)?"
        r"(?=,?(?:为(?!止)|是|组织|集中|开展|全面|实施|推进|启动|部署|建设|施工|自查|整改|验收|宣传)(?!报送|上报))",
        "是工作阶段，不作报送时段",
    ),
    (
        rf"(?:{_MONTHS}(?:则为|为|于|可于|可|延至|延长-|延长至|推迟至|提前至|顺延至)"
        r"|(?:第?[1-4]|(?<!每))季度(?:首月|末月)?(?:则为|为))(?:\d{1,2}月)?(?:\d{1,2}日|底)前?",
        _OWN_LIMIT,
    ),
    (
        r"(?:截至|截止(?:到|至)?|以|至|到|-)[每当本]月\d{1,2}日(?=,?(?:数|情况|口径|为|统计|累计|完成|工作|进展))",
        _DATA_DAY,
    ),
    (
        r"(?:数据|统计|口径|填报数)[^,;。\d]{0,4}?截[止至](?:(?:时间|日期|时点)(?:为|是)?(?:20\d{2}年)?"
        r"(?:\d{1,2}月|[每当本上]月)?|[为到至]?[每当本上]月)(?:\d{1,2}日|底)",
        _DATA_DAY,
    ),
    (
        rf"{_MONTHS}(?:情况|数据|报表|工作|进展)?(?:1并|合并|合并1并|一并)(?:报送|上报|填报|汇总|报)?",
        "合并报送的例外未自动处理，请核对",
    ),
    (
        rf"{_DAYS_OFF}(?:[、和及]{_DAYS_OFF})*(?:除外|不报)|{_MONTHS}(?:除外|不含)|除{_MONTHS}外",
        "的例外未自动处理，请核对",
    ),
    (
        rf"(?:{_MONTHS})?(?:可?不再|不用|不必|无需|无须|毋须|不需|停止|免于|免|不)(?:再)?(?:上报|报送|报|填报)",
        "免报的例外未自动处理，请核对",
    ),
)
#: A quarter of its own where all quarters have a rule already.
_QUARTER = re.compile(r"第?[1-4]季度(?:可?于|在)(?:\d{1,2}月)(?:\d{1,2}日|底)前?")
_PATTERNS = tuple((re.compile(pattern), why) for pattern, why in _KINDS)


def read_exception(text: str, at: int) -> Token | None:
    """The exception or stage that begins at *at*: 12月不报, 1月为10日前, 9月至11月组织实施."""
    if at and text[at - 1].isdigit():
        return None
    if (match := _QUARTER.match(text, at)) and re.search(r"[每按]季度", text[:at]):
        return OpenToken(at, match.end(), _OWN_LIMIT)
    for pattern, why in _PATTERNS:
        if match := pattern.match(text, at):
            return OpenToken(at, match.end(), why)
    return None
