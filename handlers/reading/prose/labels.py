"""The words that say what a figure counts: 建成安防设备, 城镇新增就业."""

import re

from handlers.reading.prose.clauses import Setting
from handlers.reading.prose.context import Context
from handlers.reading.prose.counties import places_in
from handlers.reading.prose.cues import Cue
from handlers.reading.prose.figures import Kind
from handlers.reading.prose.words import SHARING

_LONGEST = 30
_JOINING = (
    r"其中|已经|已|共计|一共|共|累计|合计|总计|目前|今年以来|全[州市县省区]|[我本][州市县省区]|各县市|现|(?<![人户亩])均|还|也|且|以及|年度|今年"
    r"|上半年|前[一二三]季度|全年|本[周月]|截[至止][^,已]{0,8}|\d{1,2}-\d{1,2}月份?|[有含并和及与、,:;\s\"'·.\-的]"
)
_ENDING = _JOINING.replace("及", "")  # 涉及, 惠及, 普及
_HEAD = re.compile(rf"^(?:\d{{1,2}}[.、]|[一二三四五六七八九十]是|{_JOINING})+")
_TAIL = re.compile(
    rf"(?:{_ENDING}|分别|达到?|为|是|大约|(?<!签)约|将?近|超过?|逾|了|有|各|仅|只|至|到|第|增至|提高|由|从|[:])+$"
)
_WORDS_AT_END = re.compile(r"[一-龥]+$")
_CHANGE_ONLY = re.compile(
    r"(?:同比|环比|分别|[较比][上去同年]\S{0,4}?|[增升降]|增长|下降|上升|提高|减少|增加|增幅|降幅|回落|降低|提升|了|均|占比?|排名?|位[列居]|居|列|全[省州市国])*"
)
_COUNTED = (Kind.DONE, Kind.MONEY, Kind.TARGET)


def label_of(context: Context, setting: Setting, labels: list[str]) -> str:
    """What the figure counts, in the words of the text, its county left out.

    A share of the task is of what was counted before it, and so is a change or a rank that
    names nothing of its own.
    """
    own = _own(context, setting)
    if context.readings[setting.at].kind is Kind.PERCENT:
        own = _without_share(context, setting, own)
    if not own:
        own = _before(context, setting, labels)
    elif _CHANGE_ONLY.fullmatch(own):
        own = _in_clause(setting, context, labels) or _before(context, setting, labels) + own
    return own


def _own(context: Context, setting: Setting) -> str:
    words = _trimmed(setting.left, context)
    if not words and re.match(r"[一-龥]", setting.right):
        words = _trimmed(setting.right, context)
    opened = context.layout.opened[setting.amount.start]
    before = context.settings[setting.before].amount.end if setting.before is not None else 0
    if words or not setting.depth or before >= opened - 1:
        return words
    name = _WORDS_AT_END.search(context.layout.text, max(0, opened - 20), opened)
    return _trimmed(name[0], context) if name else ""


def _trimmed(words: str, context: Context) -> str:
    words = _HEAD.sub("", words.replace('"', "") if words.count('"') % 2 else words)
    words = _TAIL.sub("", words)
    for name in places_in(words, context.places):
        words = _HEAD.sub("", words.replace(name, "", 1))
    return words[-_LONGEST:]


def _without_share(context: Context, setting: Setting, own: str) -> str:
    """户厕改造 of 户厕改造完成率."""
    for hit in context.left_hits(SHARING, setting):
        if hit.cue in (Cue.PERCENT, Cue.RESULT):
            own = own.replace(hit.text, "").strip()
    own = _TAIL.sub("", own)
    return own if len(own) > 1 else ""


def _in_clause(setting: Setting, context: Context, labels: list[str]) -> str:
    """由88.6%提升到93.2%: both are of what the clause begins with."""
    before = setting.before
    if before is None or context.settings[before].amount.end <= setting.begin:
        return ""
    return labels[before]


def _before(context: Context, setting: Setting, labels: list[str]) -> str:
    for index in context.earlier(setting):
        if context.readings[index].kind in _COUNTED and labels[index]:
            return labels[index]
    return ""
