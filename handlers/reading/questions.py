"""Questions in everyday words: who has not reported, how a task stands, when it is due."""

import re

from handlers.reading.normalise import command_key, normalise

_BLANKS = re.compile(r"\s+")
_WHEN = "(?:目前|现在|到现在|今天|本月|这个月|上个月|本期|这期|这一期)*"
_OFFICE = "(?:单位|部门)"
_WHO = f"(?:谁|哪些个?(?:{_OFFICE}|人)?|哪几?[个家]{_OFFICE}?|(?:几|多少)[个家]?{_OFFICE})"
_NOT_YET = "(?:都)?还?(?:没有?|未)(?:报送?|上报|填报|交)(?:上来|过来|来|数|材料|数据)?(?:的)?"
_ASKING = "(?:请问|问一?下|想知道|看看|看一?下|查一?下|帮我|麻烦)*"
_OWING = re.compile(
    f"{_ASKING}{_WHEN}(?:还)?(?:有)?{_WHO}{_WHEN}{_NOT_YET}(?:啊|呢|了)?"
    f"|{_ASKING}{_WHEN}{_NOT_YET}(?:单位|部门)?(?:都|还)?(?:是|有)?(?:{_WHO}|名单)(?:啊|呢)?"
)
#: These ask by themselves.
_STANDS_HOW = re.compile(
    "到(?:了)?哪(?:一?步|里|儿|个阶段|了)|到(?:了)?什么(?:程度|阶段|地步)|怎么?样了?$|如何了?$"
    "|(?:现在|目前|到现在|全[州县市])(?:是|有|做|办|一共|总共|全[州县市])*(?:多少|几成|百分之几)了?$"
    "|(?:完成|做|干|办)(?:了)?(?:多少|几成|没有|了没)|(?:报|交)(?:了)?(?:没有?|吗)(?:呢|啊)?$"
    "|(?:要不要|用不用|需不需要|该不该)(?:再)?(?:报|交|填)|还?(?:要|用)(?:报|交|填)吗"
    "|(?:什么时候|哪天|几号|何时)(?:要)?(?:报|交|截止|到期)|(?:截止|到期)(?:到|是|在)?(?:什么时候|哪天|几号|何时)"
)
#: These are only asked for where a word of asking stands beside them.
_STANDING = re.compile("进度|进展|情况|完成率|完成数")
_WANTS = re.compile("查|看[一下看]|问|了解|发[我给]|告诉|知道|说说|汇报|要[一个]?下")


_CHASING = re.compile(
    rf"{_ASKING}(?:再)?催(?:促|报|办|一催)?(?:一?下)?(?:那些|这些|所有|全部|各)*{_NOT_YET}(?:那些|那几[个家])?{_OFFICE}?[们吧]*"
)
_WHY = "(?:为啥|为什么|为何|怎么会?|咋|凭什么)"
_PLACE = "(?:会|被|给|就|都|要|才)*(?:排|名次|位次|分数|得分|倒数|靠后|落在|垫底|这么低)"
_WHY_RANKED = re.compile(
    rf"(?P<before>[^,;。]{{0,16}}?)(?:这次|本[期周月]|上周|现在|的){{0,3}}{_WHY}(?P<behind>[^,;。]{{0,16}}?){_PLACE}"
)
_WHY_ONLY = "(?:为什么|为何|为[啥嘛]子?|凭什么|凭啥)"
#: 为啥州残联, 州残联为什么
_WHY_AHEAD = re.compile(rf"{_ASKING}{_WHY_ONLY}(?:是|会|的)?(?P<name>[^,;。]{{2,16}})")
_WHY_BEHIND = re.compile(rf"(?P<name>[^,;。]{{2,16}})(?:是|的|这是)?{_WHY_ONLY}")
_SEE = "(?:看看|查看|查查|查[阅询]|打开|点开|调[出取阅]|[看查瞧])(?:一?下子?|一眼)?"
_REPORT_NUMBER = (
    r"(?:报送)?(?:编号|第)?[#]?(?P<number>\d{1,6})[号件]?(?:报送|报告)?"
    "(?:的?(?:内容|详情|情况|全文|原文))?"
)
_REPORT_SEEN = (
    re.compile(f"(?:请|麻烦|帮我?|想|要|让我|给我|我){{0,6}}{_SEE}{_REPORT_NUMBER}"),
    re.compile(f"{_REPORT_NUMBER}(?:让我|给我|我)?(?:想|要)?{_SEE}"),
)
_ASKING_BEHIND = re.compile(
    r"(?:现在|目前|最近|今年|本月|这个月|到现在|的|整体|总体|进度|进展|情况|怎么?样|如何|到哪一?步|到哪里?|了|呢|啊|[?？\s])+$"
)
_LISTED = "(?:哪些|哪几[个项件条]|什么|[几多少]+[个项件条]?|些什么|啥|谁)"
_LIST_BEHIND = re.compile(
    f"(?:的|单子|名单)?(?:都|还|一共|总共|共)*[有是]{_LISTED}(?:要报|没报|啊|呢|呀|了)*$"
    "|的?(?:列表|清单|名单|目录|一览表?|明细表?|汇总表?)$"
)
_LIST_AHEAD = re.compile(
    "^(?:我|我们|咱们?|本?单位|我们?单位)?(?:现在|目前|今天|本月|这个月|手上|手里|还|都)*"
    f"(?:(?:[有剩是]下?|差){_LISTED}(?:要报|没报|该报|需要报)?的?|有(?!什|哪|几|多|啥))"
)
#: 还有多少任务没报
_NOT_DONE = re.compile("(?:还)?(?:没报|未报|要报|没完成|没做|没有?|[吗么嘛])?的?$")
_OWN_DUTIES = re.compile(
    f"{_ASKING}(?:我|我们|咱们?|本?单位|我们?单位){_WHEN}(?:还|都)*(?:(?:要|该|需要?|得|没|未)(?:上|填)?报送?的?(?:些|有)?"
    "(?:什么|哪些|哪几[个项]|哪[个项]|啥|几[个项])(?:任务|数据|数|材料|事项)?"
    "|[有差剩](?:什么|哪些|哪几[个项]|哪[个项]|啥|几[个项])(?:任务|数据|数|材料|事项)?(?:要|该|没|未)(?:上|填)?报送?的?)(?:啊|呢)?"
)
#: 这个月还要报吗, 我们本期用不用报
_DUTY_AT_ALL = re.compile(
    f"(?:老师|领导|主任|[您你]好|那)*{_ASKING}(?:我|我们|咱们?|本?单位|我们?单位)?{_WHEN}(?:还|都)*"
    "(?:(?:要|用|需要|得)(?:上|填)?报送?(?:数据|数|材料)?(?:了)?(?:吗|么|嘛|不)"
    "|(?:要不要|用不用|需不需要)(?:上|填)?报送?(?:数据|数|材料)?)(?:啊|呢|了)?"
)
#: 我们排第几, 我局这次第几名
_OWN_PLACE = re.compile(
    "(?:我|我们|咱们?|本单位|我们?(?:单位|局|委|办))(?:现在|目前|这次|这期|本[期周月]|这个月|在全州|全州|的)*"
    "(?:排名?(?:是|在)?(?:第?几|多少|怎么?样|如何)[名位]?|第几[名位]|名次(?:是|多少|怎么?样|如何)*)(?:了|啊|呢)?"
)


_MORE_TIME = re.compile(
    r"[往向]后(?:延|推|放)|延[长后缓迟](?:一下|[几两\d]+[天日周])|推迟(?:一下|[几两\d]+[天日周])|宽限"
    r"|^(?:能不能|能否|可否|可不可以|想|请求|申请)?延期(?:一下|吧|吗|行吗|可以吗)*$"
)
_LAGGING = re.compile("(?:谁|哪些|哪几|有没有).{0,8}(?:滞后|落后|拖后腿|掉队|进度慢|没跟上)")
_BOARD = re.compile("看板(?!子)|大屏(?!幕)")
_TAKEN_BACK = re.compile("收回|撤回|撤销|作废|关闭|关掉|停用|失效")


def asks_for_time(text: str) -> bool:
    """Whether a short message wants more time for a report: 州司法局那个再往后推几天吧."""
    return _MORE_TIME.search(command_key(text)) is not None


def asks_who_lags(text: str) -> bool:
    """Whether a short message asks what is behind schedule: 哪几个单位拖后腿."""
    return _LAGGING.search(command_key(text)) is not None


def asks_for_board(text: str) -> str | None:
    """The order for the board that a short message means: 把看板发我一下, 看板链接作废."""
    key = command_key(text)
    if _BOARD.search(key) is None:
        return None
    return "看板 收回" if _TAKEN_BACK.search(key) else "看板"


def asks_to_chase(text: str) -> bool:
    """Whether the message wants those reminded who have not reported: 催一下没报的."""
    return _CHASING.fullmatch(command_key(text)) is not None


def asks_why_ranked(text: str) -> str | None:
    """Whose place in the ranking is asked about: 公安局为啥排这么后面; None where none is."""
    found = _WHY_RANKED.search(command_key(text))
    return None if found is None else found["before"] or found["behind"]


def asks_why(text: str) -> str | None:
    """Of whom 为什么 is asked and nothing more: 凭啥州残联, 州残联为什么; None where it is not."""
    key = command_key(text)
    found = _WHY_AHEAD.fullmatch(key) or _WHY_BEHIND.fullmatch(key)
    return found["name"] if found else None


def report_to_see(text: str) -> str | None:
    """The number of the report that is to be shown: 看一下128, 128号给我看看; else None."""
    plain = _BLANKS.sub("", normalise(text)).strip("。.!?~,")
    found = (each.fullmatch(plain) for each in _REPORT_SEEN)
    return next((match["number"] for match in found if match), None)


def without_asking(text: str) -> str:
    """What a question is about, without the words of asking behind it: 吉首现在怎么样."""
    return _ASKING_BEHIND.sub("", text.strip())


def without_listing(text: str) -> str:
    """What a list is asked of, as its key: 我的任务有哪些 → 我的任务, 还有几项待审 → 待审."""
    key = command_key(text)
    ahead = _LIST_AHEAD.match(key)
    rest = _LIST_BEHIND.sub("", key[ahead.end() :] if ahead else key)
    return _NOT_DONE.sub("", rest) if ahead else rest.removesuffix("的")


def asks_what_to_report(text: str) -> bool:
    """Whether the whole message asks what its sender has to report: 我们这个月要报哪些."""
    return _OWN_DUTIES.fullmatch(command_key(text)) is not None


def asks_whether_to_report(text: str) -> bool:
    """Whether the whole message, its 吗 kept, asks whether anything is to be reported at all."""
    return _DUTY_AT_ALL.fullmatch(command_key(text)) is not None


def asks_own_place(text: str) -> bool:
    """Whether the whole message asks for the own place in the ranking: 我们排第几."""
    return _OWN_PLACE.fullmatch(command_key(text)) is not None


def asks_who_owes(text: str) -> bool:
    """Whether the whole message asks which units have not reported: 还有哪些单位没报？"""
    return _OWING.fullmatch(command_key(text)) is not None


def asks_how_it_stands(text: str) -> bool:
    """Whether a message asks how something stands or when it is due: 到哪一步了, 这个月要不要报."""
    key = command_key(text)
    wants = _STANDING.search(key) is not None and _WANTS.search(key) is not None
    return wants or _STANDS_HOW.search(key) is not None
