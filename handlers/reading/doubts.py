"""Words by which a writer leaves a figure open: it is asked about, however it is written."""

import re
from itertools import takewhile

from handlers.reading.marks import CLAUSE_END
from handlers.reading.normalise import normalise

#: In the sentence of the figure.
_UNSURE = re.compile(
    r"大概|(?<!尽)可能|好像|似乎|仿佛|估计|估摸|应该|也许|或许|恐怕|怕是|据说|听说|说不定|不一定|未必"
    r"|印象|我?记得|大致|差不多|若干"
    r"|(?<![酒网书氧餐水迪])吧(?=[,;。!?~…\s）)]|$)|吗|嘛(?=[,;。!?\s]|$)|呢(?=[。!?\s]|$)|\?"
)
#: Right behind or before the figure.
_ROUGHLY = re.compile(r"^\s*(?:左右|上下|差不多|的样子|不到|还不到)")
#: 1万多, 三千余: of one figure, and nobody knows how much is missing.
_FLOOR = re.compile(
    r"(?:\d0*(?:\.0+)?[百千]?[万亿]?|[一二两三四五六七八九]?[十百千万亿]{1,2})[多余来几]"
)
_ROUND = re.compile(r"\d0*(?:\.0+)?[百千]?[万亿]?(?![\d.])|[一二两三四五六七八九][十百千万亿]{1,2}")
_MORE_THAN = re.compile(r"(?:超过?|逾|突破|不止|多于)了?$")
#: Who gives a figure beside others that are given: 电信公司说建成6个, 据公安局统计建成1710个.
_SOURCE = re.compile(
    "(?:公司|部门|系统|台账|报表|平台|后台|县市?|乡镇|单位|我们|他们|群里|会上|材料|简报|年报|月报|网上"
    "|口头|书面|[局委办股科室联])(?:这边|那边|里|上)?(?:的?(?:数据|数字|口径|统计))?"
    "(?:说|称|讲|显示|统计|上报|报|反馈|反映|记载|登记|录入|是|为)"
    "|(?:据|按照?|依据)[^,;]{0,12}(?:统计|上报|汇总|显示|反映|数据|台账|报表|口径|系统)"
)
#: Anywhere in the message.
_OPEN = re.compile(
    r"再核|再?核[一对实查](?:下|一下)|(?:待|没|未|还没|尚未|需|要)核(?:实|对|准|定|查)?(?=[,;。!?\s数)]|$)"
    r"|再?问[一]?[下问](?!题)|再确认|不(?:太|大|很|敢|能)?(?:确定|肯定)|没把握|记不清|拿不准|说不准|暂定|暂估|预估|仅供参考|以[^,;。\n]{0,10}为准"
    r"|可能有误|还没[定算]|没算好|先(?:这样|按|报)(?:这个|此|着|一个|个)|有出入"
)
#: 科员甲 8月19日 10:21 and 科员甲 10:21:33 are the heads of a forwarded chat.
_CHAT = re.compile(
    r"(?m)^[^\S\n]{0,8}[^\s\d:;,。](?:[^\d\n:;,。]{0,14}[^\s\d:;,。])?[:\s]\s{0,4}"
    r"(?:(?:\d{4}[-/.年])?\d{1,2}[-/.月]\d{1,2}日?\s{1,4})?(?:[上下]午|晚上|凌晨|中午)?"
    r"[^\S\n]{0,4}\d{1,2}:\d{2}(?::\d{2})?[^\S\n]{0,4}:?[^\S\n]{0,4}$"
    r"|聊天记录"
)
_PUT_OFF = re.compile(
    r"\s*(?:请|麻烦|那|好的?|嗯|我们?|还?要?再?)?[,\s]*(?:稍等|等[一]?[下会等]|等我|待会|回头|晚[点些]|过会"
    r"|我[先去再]?[问查看找核]|先[问查看找核不]|容我|[明后]天再?[报发补交]"
    r"|等[^,;。:\d]{0,10}(?:数据?|数字|消息|结果|材料|回复)"
    r"|(?:数[据字]?|材料)[^,;。:\d]{0,4}(?:没|未)[^,;。:\d]{0,3}(?:出来?|统计|汇总|到|齐|收))"
    r"[^:。;\d]{0,30}$"
)
#: 1710或1715个
_OR = re.compile(r"\d[个人次户件套处]{0,2}(?:或者?|还是)[约近]?\d$")
_DIGIT = re.compile(r"\d")
#: A question mark is itself a word of doubt.
_SENTENCE_END = re.compile(r"[。!\n]")
_SENTENCE_END_BEHIND = re.compile(r"[。!\n]|(?<=\?)")
_FAR = 60


#: 措施和上个月一样 names what was sent before, and says nothing itself.
_EARLIER = "(?:上个?月|上期|上一?[次回]|之前|以前|前面|原来)"
_AS_BEFORE = re.compile(
    rf"(?:[和跟与同]{_EARLIER}的?(?:一样|相同|一致|不变|差不多|措施)?"
    rf"|{_EARLIER}的?(?:一样|相同|一致|不变|差不多)|同上)[。!\s]*$"
)


def is_as_before(text: str) -> bool:
    """Whether words for a section only point to an earlier report."""
    plain = normalise(text)
    return len(plain) < _FAR and _AS_BEFORE.search(plain) is not None


def is_put_off(text: str) -> bool:
    """Whether *text* only asks for time: 等一下，我问问县里 is no part of a report."""
    return _PUT_OFF.match(normalise(text)) is not None


def is_open(text: str) -> bool:
    """Whether a message says of itself that its figures are not settled, or is passed-on talk."""
    plain = normalise(text)
    return _OPEN.search(plain) is not None or _CHAT.search(plain) is not None


def names_source(clause: str) -> bool:
    """Whether a clause up to its figure says from whom the figure is: 台账显示改造364户."""
    return _SOURCE.search(clause) is not None


def _is_floor(text: str, start: int, end: int) -> bool:
    """Whether a figure of one significant digit is only the least that it is."""
    own, before = normalise(text[start : end + 1]), normalise(text[max(0, start - 4) : start])
    if _FLOOR.match(own):
        return True
    is_more = _MORE_THAN.search(before) or normalise(text[end : end + 3]).lstrip().startswith(
        "以上"
    )
    return bool(is_more) and _ROUND.match(own) is not None


def is_doubted(text: str, start: int, end: int) -> bool:
    """Whether the figure at ``text[start:end]`` is given with words of doubt beside it."""
    before = _SENTENCE_END.split(normalise(text[max(0, start - _FAR) : start]))[-1]
    behind = _SENTENCE_END_BEHIND.split(normalise(text[end : end + _FAR]))[0]
    if _ROUGHLY.match(behind) or _is_floor(text, start, end):
        return True
    beside = _DIGIT.split(before)[-1]
    first, *more = CLAUSE_END.split(behind)
    further = takewhile(lambda clause: not _DIGIT.search(clause), more)
    said = (beside, _DIGIT.split(first)[0] if first != behind else first, *further)
    return any(_UNSURE.search(each) for each in said) or _OR.search(before + "0") is not None
