"""What is said of a count behind it: 85个小区均已完工, 64户正在施工."""

import re

from handlers.reading.prose.clauses import Setting
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
_OVER = re.compile(r"[一-龥]{2}了$|(?:已|全部|均已|都已)[一-龥]{0,4}$")
#: 按5200个推进 says how many are meant, not how many there are.
_AT = re.compile(r"[按照以]$")
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
