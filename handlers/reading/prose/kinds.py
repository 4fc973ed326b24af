"""The kind of every figure of a text, by its unit first and then by the words around it."""

import re
from dataclasses import replace

from handlers.reading.amount import Doubt
from handlers.reading.prose.clauses import Setting
from handlers.reading.prose.context import Context, Reading
from handlers.reading.prose.counts import count_kind
from handlers.reading.prose.earned import is_earned
from handlers.reading.prose.figures import Kind
from handlers.reading.prose.likely import likeliest
from handlers.reading.prose.money import is_money, money_kind
from handlers.reading.prose.shares import points_kind, share_kind
from handlers.reading.prose.sums import settle_sums
from handlers.reading.prose.vocabulary import PAST
from handlers.reading.prose.wanted import wanted_in_bracket

_JUDGED = (Kind.MONEY, Kind.PERCENT, Kind.RATE, Kind.STATED, Kind.GROWTH)
_COUNTED = (Kind.DONE, Kind.TARGET, Kind.OTHER)
_SHARES = frozenset(("%", "个百分点", "个基点"))
#: With its quotation marks.
_TITLE_LENGTH = 10
_TOLD = re.compile(r"已|累计|截[至止]|目前|实际")
#: 分别提高3个、6个百分点: the unit is written once.
_POINTS_FOLLOW = re.compile(r"(?:[、和及]\d[\d.]{0,7}个?){1,9}百分点")
_SHARE_BEFORE = re.compile(r"(?:率|进度|比例|占比|比重|满意度)(?:达到?|为|是)?$")
#: 8县市项目已完工: the work is done, the counties only where.
_PLACES = frozenset("县市 市县 市州 县市区 县区 乡镇 街道 县 市 区 州".split())
_PLACE_NOUNS = ("县", "市州", "市县", "乡镇", "街道")
#: In the figure's own clause, or as all of the clause before it.
_OF_EARLIER = re.compile(rf"(?<![较比与同至到止])(?:{PAST}|同期),?[^,;:。]*$")
_LONGEST_TIME = 12
_ALL = 100
_YEARS = (1950, 2070)
_UNIT_TOLD = re.compile(r"单位:")


def read_kinds(context: Context) -> None:
    """Fill in ``context.readings``, from the left, since each may lean on those before it."""
    for setting in context.settings:
        reading = _kind(context, setting)
        if reading.certain and _is_in_doubt(context, setting, reading):
            reading = replace(reading, certain=False)
        if reading.kind in _JUDGED and reading.certain:
            reading = replace(reading, certain=is_earned(context, setting, reading))
        elif reading.kind in _COUNTED and not setting.quoted:
            reading = _weighed(context, setting, reading)
        context.readings.append(reading)
    settle_sums(context)


def _weighed(context: Context, setting: Setting, reading: Reading) -> Reading:
    """*reading* of a count, as sure and as likely as its whole clause makes it."""
    if reading.certain and not is_earned(context, setting, reading):
        reading = replace(reading, certain=False)
    if reading.certain or is_money(context, setting) or setting.amount.unit in _SHARES:
        return reading
    kind = likeliest(context, setting, reading)
    return reading if kind is None or kind is reading.kind else Reading(kind, False)


def _kind(context: Context, setting: Setting) -> Reading:
    if setting.quoted:
        return _in_title(context, setting)
    if setting.amount.rank:
        return Reading(Kind.RANK, not context.plan_in_force(setting))
    if reading := wanted_in_bracket(context, setting):
        return reading
    unit = setting.amount.unit
    if unit == "%":
        return share_kind(context, setting)
    if unit == "个基点":
        return replace(points_kind(context, setting), certain=False)
    if unit == "个百分点":
        return points_kind(context, setting)
    if unit == "个" and _POINTS_FOLLOW.match(context.layout.text, setting.amount.end):
        points = points_kind(context, setting)
        return replace(points, certain=False, unit="个百分点")
    if is_money(context, setting):
        return money_kind(context, setting)
    if unit == "分" and re.search(r"(?:满意|知晓|认可)度|率", setting.left):
        return Reading(Kind.RATE, False)
    if unit == "倍":
        return Reading(Kind.OTHER, False)
    return count_kind(context, setting)


def _in_title(context: Context, setting: Setting) -> Reading:
    """“建设农村公路安防设施550公里”: a task's title says what is wanted.

    A short name (“100个村”工程) and words that tell of the past are no titles.
    """
    layout, start, end = context.layout, setting.amount.start, setting.amount.end
    while start > 0 and layout.quoted[start - 1]:
        start -= 1
    while end < len(layout.text) and layout.quoted[end]:
        end += 1
    words = layout.text[start:end]
    return Reading(Kind.TARGET, len(words) >= _TITLE_LENGTH and not _TOLD.search(words))


def _is_in_doubt(context: Context, setting: Setting, reading: Reading) -> bool:
    """Whether the number's own form, a heading's unit or an earlier year leaves a question."""
    in_table = setting.left_end != setting.amount.start
    unit_above = in_table and not setting.amount.unit and _has_unit_above(context, setting)
    bare_share = not setting.amount.unit and _SHARE_BEFORE.search(setting.left) is not None
    places = setting.amount.unit in _PLACES or setting.right.startswith(_PLACE_NOUNS)
    of_places = reading.kind is Kind.DONE and places
    alone = not in_table and not setting.amount.unit and _may_be_no_count(setting, reading)
    vague = unit_above or setting.amount.unit == "分" or bare_share or of_places or alone
    vague = vague or _is_beside_slash(context, setting)
    doubt = setting.amount.doubt
    doubted = doubt and not (doubt is Doubt.CHANGE and reading.kind is Kind.GROWTH)
    return bool(doubted) or vague or _is_of_an_earlier_time(context, setting, reading)


def _is_beside_slash(context: Context, setting: Setting) -> bool:
    """321人/1666.5月: two counts, or so many of so many."""
    text, amount = context.layout.text, setting.amount
    behind = text[amount.end : amount.end + 1] == "/" and text[amount.end + 1 : amount.end + 2]
    return setting.left.strip() == "/" or bool(behind and not behind.isspace())


def _has_unit_above(context: Context, setting: Setting) -> bool:
    """Whether the heading of a cell or a line above the table says in what it counts: 单位:万元."""
    heading = context.layout.text[setting.begin : setting.left_end]
    return "(" in heading or bool(context.matches(_UNIT_TOLD, 0, setting.begin))


def _may_be_no_count(setting: Setting, reading: Reading) -> bool:
    """年任务2000完成93.8: is 93.8 so many or so much of them, and 2000 no year?"""
    value = setting.amount.value
    share = reading.kind is Kind.DONE and value < _ALL and value % 1 != 0
    return share or (_YEARS[0] <= value < _YEARS[1] and value % 1 == 0)


def _is_of_an_earlier_time(context: Context, setting: Setting, reading: Reading) -> bool:
    """去年同期完成1200户 or 上季度完成26户 is a count to compare with, which no report is of."""
    if reading.kind in (Kind.GROWTH, Kind.POINTS, Kind.RANK):
        return False
    begin = setting.lo
    if begin == setting.begin:
        begin = max(context.layout.begins[setting.sentence], begin - _LONGEST_TIME)
    return _OF_EARLIER.search(context.layout.text, begin, setting.left_end) is not None
