"""Numbers that count nothing: in dates, ordinals, names, document numbers and marks.

Each is told by the few characters around it, so that a text of any length is read once.
"""

import re
from decimal import Decimal

from handlers.reading.numerals import Number
from handlers.reading.task_numbers import has_sign_before
from models.rules.unit import unit_at

_BACK = 16
_NUMERAL = r"(?:\d{1,4}|[零〇一二两三四五六七八九十]{1,3})"
_DATE_MARK = r"学?年|月|日(?!历天)|号|时(?!间|段)|季度|世纪|旬|周?岁|周年|点(?![位次])"
# 1-5月, 1、2、3月, 18至20日: a number that shares the mark of a later one is a date too.
_DATE_AFTER = re.compile(
    rf"\s*(?:(?:[-~至到、和及与]{{1,2}}\s*[前次当]?{_NUMERAL}\s*){{0,6}}(?:{_DATE_MARK})"
    r"|[-/.]\d{1,2}[-/.]\d)"
)
_NAME_AFTER = re.compile(
    r"\s?(?:"
    # roads, houses, versions, grades of hospitals and scenic spots
    r"[MGTK] ?(?:带宽|宽带|光|网|内存|流量|速)|兆(?![瓦伏])|°|#|的突破"
    r"|\ufe0f?\u20e3|所(?:示|列(?!入)|述|指|需(?![一-龥]?[改修建装拆])|属(?!于|[农城乡镇])|在(?=地|县|市|区|州|乡|镇|村|单位|位置|的))"
    r"|级(?!联)|等奖|年级|强(?![化制力降风度对])|版|型|单元(?!格)|楼(?!栋)|(?:会议|办公|值班|接待|调解|活动)?室(?!外|内)|国道|省道|县道|乡道"
    r"|线(?!索|上|下)|街(?!道)|弄|巷|代(?!表|码|管|办)|(?:(?<=[6-9][05])|(?<=0[05]))后"
    r"|期\s?(?:工程|项目|建设|用地|扩建|标段)|高校(?!生|毕)|工程(?!师)|计划|模式"
    # services called by their number
    r"|[一-龥]{0,4}(?:热线|专线)|(?<=\d\d\d)平台|报警|急救|火警|网络|[KMGTkmgt]?bps"
    # lines are named by their voltage; 千伏安 is a capacity and counts
    r"|千?伏(?!安)|[kK]?[vV](?![a-zA-Z])|度(?:角|全景|视角|无死角)"
    # 15分钟生活圈, 24小时值班, 100天攻坚: names of arrangements
    r"|(?:分钟|小时|公里)[一-龥]{0,8}圈"
    r"|(?<=24)小时(?!内|以内|之内|后|以上|左右|上下|[,;。、)\n]|$)"
    r"|标段|小时(?:值班|值守|在线|不间断|不打烊|全天候|自助|服务|热线|开放|运行|客服|轮班|监测|监控)"
    r"|天(?:攻坚|会战|行动|大会战|专项|集中|倒计时))"
)
_NAME_BEFORE = re.compile(
    rf"(?:第\s?|第\s?{_NUMERAL}\s?[-~至到]\s?|(?<![A-Za-z])[A-Za-z]-?|[×+√φΦ№]\s?|\d\s?[xX*:·]\s?"
    r"|(?:19|20)\d\d\s?[〕\])]\s?|(?:19|20)\d\d[-/.](?:\d{1,2}[-/.])?|\d\s?[时点]\s?"
    r"|(?<!\d)0\d{2,3}-|400-|400-\d{3}-)$"
)
#: What each of these ends with.
_NAME_EDGE = re.compile(r"[\sA-Za-z第至到时点×√φΦ№〕~+*:·/.)\]-]")
_LABEL_BEFORE = re.compile(
    r"(?:[A-Za-z][- ]|(?:附件|附表|附图|附录|(?<![代列报发仪外])表|图|编号|编码|代码|文号|邮编"
    r"|电话|手机|座机|传真|QQ|微信|账号|卡号"
    r"|桩号|车牌号?|热线|版本|联系方式|房号|单号|证号|型号|网址)\s?[:为是]?\s?"
    r"|(?:附件|附表|表|图)\s?\d{1,2}[-~、])$"
)
_TASK_NAMED = re.compile(r"(?:项目|任务|指标|工作)")
_LINE = re.compile(r"(?<!\d{4})路(?!段|灯|口|面)(公交|[汽电]?车)?")
#: 探头210路, 剩余12路待调试; 乘坐3路 and 经过101路 are lines.
_CHANNELS = re.compile(
    r"(?:探头|监控|视频|摄像机?头?|信号|通道|镜头|图像|画面|平台|剩余|余下|安装|接入|新增|完成|建成|[共已了达])(?:约|近|共|了)?$"
)
_SIGN_AFTER = re.compile(r"\s?[×xX*]\s?\d|\+(?:\d|[A-Za-z])|:\d|·\d|-\d{7,8}(?!\d)|-\d{3}-\d{4}")
_PHONE = re.compile(
    r"1[3-9]\d{9}|0\d{2,3}\d{7,8}|400\d{7}|12[0-2]|11[0-49]|123\d\d|1000[01]|10086", re.ASCII
)
_YEAR = re.compile(r"(?:19[5-9]|20[0-6])\d", re.ASCII)
#: 任务2000, 完成120, a cell: behind these no code stands, though a year about now may.
_SIZE_BEFORE = re.compile(
    r"(?:(?:任务|目标|计划)(?:任务|总?[数量])?|完成[了数]?)[:为是]?\s?$|\t *$"
)
_ABOUT_NOW = re.compile(r"20[12]\d|203[0-5]", re.ASCII)
_ZEROS = re.compile(r"0\d", re.ASCII)
_VERSION = re.compile(r"\d{1,2}\.0", re.ASCII)
_EDGE = re.compile(r"\s*(?:$|[,;:。、()\n!?|/-])")
_LIST_MARK = re.compile(
    r"(?:\t(?=\s?[一-龥])|\s?(?:、|\.(?!\d)|,\s|\))|\.(?=(?:19|20)\d\d年))(?=\s*\S)"
)
_LISTED = re.compile(r"\s?、\s?\d")
_BRACKET_AFTER = re.compile(r"\s?[〕\])]")
#: With so many digits a number behind 任务 may be a hotline all the same.
_PHONE_DIGITS = 5
_MOST_MONTHS, _A_YEAR, _NO_YEAR = 100, 1990, 2040
_PERIODS = frozenset(("个月", "个季度", "周", "天"))
_NOW = re.compile(r"[目此日先以]前$")
#: 分两批, 前两项达序时, 五个月合计
_PARTS = frozenset(("批", "期", "步", "轮", "类", "组", "次", "个阶段"))
_LISTED_THINGS = frozenset("项 个 家 所 处 类 批 条 件 款 组 座".split())
_FIRST_OF_LIST = re.compile(r"(?:^|[,;:。(、])[前后]$")
_SUM_OF_PERIOD = re.compile(r"(?:合计|共计|总计|累计|共)(?!用|耗|需)")
_PERIOD_BEFORE = re.compile(r"(?:前|近|过去|今后|未来|最后|头|(?<![到比在除])[这那])\s?$")
_SLOGAN_SHARE = re.compile(r"\d{1,3}%")
# 省10件实事 is the name of a list.
_OF_GOVERNMENT = re.compile(r"(?<!全)[省州市县区]$")
_DEEDS = re.compile(r"(?:重点)?(?:民生)?实事")
_HOUSE = re.compile(r"\d{1,3}(?:单元|室|号)")
_ONE_EACH_AFTER = re.compile(r"[一-龥]{1,3}1[一-龥]")
_ONE_EACH_BEFORE = re.compile(r"1[一-龥]{1,3}$")
_SIZES = frozenset(("千伏安", "兆伏安", "千瓦", "兆瓦", "瓦", "像素"))
_BOUNDARY = frozenset("\n\t。;!?:(")


def counts_months(text: str, value: Decimal | None, end: int) -> bool:
    """Whether 月 at *end* is a measure: 1666.5月 of training is no date, 2021.5月 is one."""
    many = value is not None and value > _MOST_MONTHS and not _A_YEAR <= value < _NO_YEAR
    return many and text.startswith("月", end)


def is_name(text: str, number: Number) -> bool:
    """Whether *number* of normalised *text* is part of a date, ordinal, name or list mark."""
    start, end = number.start, number.end
    if counts_months(text, number.value, end):
        return False
    if _DATE_AFTER.match(text, end) or _NAME_AFTER.match(text, end) or _SIGN_AFTER.match(text, end):
        return True
    named = _NAME_EDGE.match(text, start - 1) is not None
    if named and _NAME_BEFORE.search(text, max(0, start - _BACK), start):
        return True
    if line := _LINE.match(text, end):
        return bool(line[1]) or _CHANNELS.search(text, max(0, start - _BACK), start) is None
    if _TASK_NAMED.match(text, end) and has_sign_before(text, start):
        return True
    if "." in text[start:end] and text.startswith("前", end):  # 9.30前
        return True
    if text[start - 1 : start] == "村" and text.startswith("组", end):
        return True
    if text[start - 1 : start] == "{" and text[end : end + 1] == "}":  # a blank of a form
        return True
    return _is_list_mark(text, start, end) or _is_one_each(text, start, end)


def is_labelled(text: str, number: Number) -> bool:
    """Whether a number without a unit belongs to the word before it: 附件1, 电话8222333, 4G."""
    before = _LABEL_BEFORE.search(text, max(0, number.start - _BACK), number.start)
    is_named = before is not None or has_sign_before(text, number.start)
    return is_named or is_in_latin_word(text, number)


def is_code(text: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]``, which no unit follows, is a phone, a year or a version."""
    written = text[start:end]
    sized = len(written) < _PHONE_DIGITS and not _ABOUT_NOW.fullmatch(written)
    if sized and _SIZE_BEFORE.search(text, max(0, start - 8), start):
        return False
    if _PHONE.fullmatch(written) or _VERSION.fullmatch(written) or _ZEROS.match(written):
        return True
    if not _YEAR.fullmatch(written):
        return False
    return not _EDGE.match(text, end) or bool(_BRACKET_AFTER.match(text, end))


def is_in_latin_word(text: str, number: Number) -> bool:
    """4G, PM2.5 and A3 are names; their numbers count nothing."""
    before = text[number.start - 1 : number.start]
    if before.isascii() and before.isalpha():
        return True
    after = text[number.end : number.end + 1]
    return after.isascii() and after.isalpha() and unit_at(text, number.end) is None


def is_measure_of_name(text: str, number: Number, unit: str, end: int) -> bool:
    """Whether number and unit are a period (前5个月), a group (前两名) or a size (400千伏安8台)."""
    before = text[number.start - 1 : number.start]
    if (
        unit in ("名", "位")
        and before == "前"
        and not _NOW.search(text, max(0, number.start - 2), number.start)
    ):
        return True
    if unit in _PARTS and before == "分":
        return True
    if unit in _LISTED_THINGS and _FIRST_OF_LIST.search(
        text, max(0, number.start - 2), number.start
    ):
        return True
    if unit in _PERIODS and _SUM_OF_PERIOD.match(text, end):
        return True
    if unit in _PERIODS and _PERIOD_BEFORE.search(text, max(0, number.start - 4), number.start):
        return True
    if unit == "个" and number.end - number.start == 1 and _SLOGAN_SHARE.match(text, end):
        return True
    if unit == "件" and _DEEDS.match(text, end):
        return _OF_GOVERNMENT.search(text, max(0, number.start - 2), number.start) is not None
    if unit == "栋" and _HOUSE.match(text, end):
        return True
    return unit in _SIZES and text[end : end + 1].isdigit()


def _is_list_mark(text: str, start: int, end: int) -> bool:
    """1. 2、 (3) and the like at the beginning of a line or sentence."""
    if end - start > 3 or not _LIST_MARK.match(text, end):
        return False
    before = text[max(0, start - 4) : start].rstrip(" -·#*")
    if before and _LISTED.match(text, end):
        return before[-1] == "\n"
    return not before or before[-1] in _BOUNDARY


def _is_one_each(text: str, start: int, end: int) -> bool:
    """1户1策, 1村1品."""
    if text[start:end] != "1":
        return False
    before = _ONE_EACH_BEFORE.search(text, max(0, start - 4), start)
    return before is not None or _ONE_EACH_AFTER.match(text, end) is not None
