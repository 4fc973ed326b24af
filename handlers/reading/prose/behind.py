"""What is said of a count behind it: 85个小区均已完工, 64户正在施工."""

import re

from handlers.reading.prose.clauses import Joint, Setting
from handlers.reading.prose.context import Context, Reading
from handlers.reading.prose.cues import Cue, Hit
from handlers.reading.prose.figures import Kind
from handlers.reading.prose.words import COUNTING, GOVERNING, has

_DONE, _TARGET, _OTHER = Kind.DONE, Kind.TARGET, Kind.OTHER
_BEHIND = frozenset(
    (Cue.SHORT, Cue.STUCK, Cue.UNDERWAY, Cue.RESULT, Cue.ACTIVITY, Cue.PLAN, Cue.REALISED)
)
_OPEN = (Cue.SHORT, Cue.STUCK, Cue.UNDERWAY)
_PASSIVE = re.compile(r"已|均|都|全部|全|提前|顺利|基本|超额|如期|正式|按期|得到|予以")
#: 通车了, 全部接通: over whatever the sentence began with.
#: 完工待验, 建成待投用: the work is over, a formality is not.
OVER_BUT_FOR = re.compile(
    r"(?!主体)[一-龥]{0,4}(?:完工|竣工|建成|完成|封顶|[做修改建装]完)(?:后|正|尚)?待"
)
_OVER = re.compile(r"[一-龥]{2}了$|(?:已|全部|均已|都已)[一-龥]{0,4}$")
#: 按5200个推进 says how many are meant, not how many there are.
_AT = re.compile(r"[按照以]$")
#: 118个卫生院中已有88个完成任务: of so many it is said that they have done it.
_SOME_HAVE = re.compile(r"(?:已经?|现已|目前)有(?:约|近|超过?)?$")
_NOT_THE_END = re.compile(
    "审批|立项|招标|招投标|可研|设计|审查|施工图|前期|环评|财评|评审|勘察|勘测|勘界|选址|初审|预审|备案|批复|测绘|图审"
    "|方案|摸底|手续|签约|报名|申报|主体|基础"
)
_SO_FAR = 6
#: 7个4G基站、25个村的光纤均已完工: what is said at the end is said of all.
_ALL_OF_THEM = re.compile(
    r"[一-龥A-Za-z0-9]{0,12}?(?:均|都|全部|全都|悉数)(?:已|顺利|如期|提前|建|完|通|竣|投|办)"
)
_ONLY_NAMED = re.compile(r"[一-龥A-Za-z0-9]{1,14}?[、和及与]?\s*")
_LONGEST_LIST = 8
_AT_A_RATE = re.compile(
    r"(?:(?:进度|率|比例|满意度)(?:均|都|已|分别|也)*(?:在|达到?|超过?|为|[高低]于|不足|不到|仅|只有)"
    r"|^(?:均|都|已|仅|只)*完成(?:了|达|到|不足|超过|过)?"
    r"|[一-龥]{2,}(?<!完成)(?:率|比例|满意度))\s*$"
)


def by_what_follows(context: Context, setting: Setting, left: list[Hit]) -> Reading | None:
    """85个小区均已完工, 64户正在施工: the verb stands behind its figure."""
    done = has(left, Cue.RESULT) or has(left, Cue.ACTIVITY)
    if _has_a_rate(context, setting) and not done:
        return Reading(_OTHER, False)
    if reading := _of_some(context, setting, left) or _of_them_all(context, setting, left):
        return reading
    if setting.runs_on and not setting.right.rstrip().endswith(("、", "和")):
        return None
    right = [hit for hit in context.right_hits(COUNTING, setting) if hit.cue in _BEHIND]
    if not right:
        return None
    own = [hit for hit in left if hit.cue in GOVERNING]
    loud = _PASSIVE.search(setting.right) is not None or right[0].cue in _OPEN
    if own and (not loud or own[-1].cue in (Cue.RESULT, Cue.LEVEL)):
        return None
    return _state_behind(context, setting, own, right, loud)


def _of_some(context: Context, setting: Setting, left: list[Hit]) -> Reading | None:
    """已有88个完成任务, 已有364户完成改造; 已有12个完成招标 is no end."""
    if setting.runs_on or not _SOME_HAVE.search(setting.left) or _NOT_THE_END.search(setting.right):
        return None
    if any(hit.cue in GOVERNING or hit.cue is Cue.PLAN for hit in left):
        return None
    hits = context.right_hits(COUNTING, setting)
    verb = next((hit for hit in hits if hit.cue in _BEHIND), None)
    is_near = verb is not None and verb.start - setting.amount.end <= _SO_FAR
    return Reading(_DONE, True) if verb and is_near and verb.cue is Cue.RESULT else None


def _of_them_all(context: Context, setting: Setting, left: list[Hit]) -> Reading | None:
    """3座水库、5条渠道全部竣工: the members of a list by what is said behind its last."""
    if not _ONLY_NAMED.fullmatch(setting.right) or any(hit.cue in GOVERNING for hit in left):
        return None
    members = context.settings[setting.at + 1 : setting.at + _LONGEST_LIST]
    last = None
    for each in members:
        if each.sentence != setting.sentence or each.joint not in (Joint.LIST, Joint.WORDS):
            break
        last = each
        if not _ONLY_NAMED.fullmatch(each.right):
            break
    if last is None or last.runs_on or not _ALL_OF_THEM.match(last.right):
        return None
    reading = by_what_follows(context, last, context.left_hits(COUNTING, last))
    is_done = reading is not None and reading.kind is _DONE
    return reading if is_done and not context.plan_in_force(setting) else None


def _has_a_rate(context: Context, setting: Setting) -> bool:
    """19项完成进度在75%以上: the words lead to a percentage of the things counted."""
    if not setting.runs_on or not _AT_A_RATE.search(setting.right):
        return False
    return context.settings[setting.at + 1].amount.unit == "%"


def _state_behind(
    context: Context, setting: Setting, own: list[Hit], right: list[Hit], loud: bool
) -> Reading | None:
    rest = bool(own) and own[-1].cue is Cue.SHORT
    if _AT.search(setting.left):
        return Reading(_TARGET, False)
    plain = loud and (not own or own[-1].cue is Cue.ACTIVITY or rest)
    verbs = [hit for hit in right if hit.cue is not Cue.REALISED]
    if not verbs:
        return None
    if OVER_BUT_FOR.match(setting.right):
        return Reading(_DONE, False)
    first = _predicate(verbs)
    if first.cue is Cue.PLAN:
        return Reading(_OTHER if rest else _TARGET, False)
    if first.cue in _OPEN:
        started = first.text.startswith(("开工", "动工", "启动"))
        mixed = first.cue is Cue.UNDERWAY and verbs[0].cue is Cue.RESULT
        return Reading(_OTHER, plain and not started and not mixed)
    over = _OVER.search(setting.right)
    if context.plan_in_force(setting) and not over:
        return Reading(_OTHER if rest else _TARGET, False)
    if first.cue is Cue.ACTIVITY and right[0].cue is not Cue.REALISED:
        return None
    if rest and not over:
        return Reading(_OTHER, False)
    return Reading(_DONE, plain and first.text not in ("达到", "达", "实现", "优于"))


def _predicate(verbs: list[Hit]) -> Hit:
    """What is said of the figure: 未 and 正在 wherever they stand, else the verb at the end."""
    open_ones = (hit for hit in verbs if hit.cue in (*_OPEN, Cue.PLAN))
    results = [hit for hit in verbs if hit.cue is Cue.RESULT]
    return next(open_ones, results[-1] if results else verbs[0])
