"""Which kind a counted figure is: done, planned, missing, under way, or only described."""

import re

from handlers.reading.prose.clauses import Setting
from handlers.reading.prose.context import Context, Reading
from handlers.reading.prose.figures import Kind
from handlers.reading.prose.words import COUNTING, Cue, Hit

_DONE, _TARGET, _OTHER = Kind.DONE, Kind.TARGET, Kind.OTHER

#: Verbs that make a plain statement about how much of something there is now.
_GOVERNING = frozenset(
    {
        Cue.SHORT, Cue.UNDERWAY, Cue.SCOPE, Cue.RESULT, Cue.ACTIVITY, Cue.AIM, Cue.LEVEL,
        Cue.MORE, Cue.LESS, Cue.EXTENT,
    }
)  # fmt: skip
_OF_IT = re.compile(r"\s*的\s*$|\s*的?(?:[一-龥]{0,6})中[,、]?$")
_PASSIVE = re.compile(
    r"(?:已经|已|均|都|全部|全|现已|业已|也已|提前|顺利|基本|超额|如期|正式|按期|得到|予以)"
)
_AMONG = re.compile(r"中[,、]?(?:[已有]|$)")
_FROM = re.compile(r"[由从](?:[一-龥]{0,6}?)的?$")
_DURATION = frozenset({"天", "周", "个月", "小时", "年", "分钟", "个工作日", "工作日"})


def count_kind(context: Context, setting: Setting) -> Reading:
    """The kind of a figure that counts or measures things, people, lengths, days."""
    left = context.left_hits(COUNTING, setting)
    for rule in (_changed, _by_what_follows, _one_of_a_pair, _governed):
        if reading := rule(context, setting, left):
            return reading
    return _inherited(context, setting)


def _changed(context: Context, setting: Setting, left: list[Hit]) -> Reading | None:
    """Growth against an earlier time, a new level, the old one of 由…增至…."""
    right = context.right_hits(COUNTING, setting)
    if _FROM.search(setting.left) and right and right[0].cue is Cue.LEVEL:
        return Reading(_OTHER, False)
    if not left:
        return None
    last = left[-1]
    compared = any(hit.cue is Cue.AGAINST for hit in left)
    if last.cue is Cue.LEVEL:
        planned = context.plan_in_force(setting)
        return Reading(
            _TARGET if planned else _DONE, not planned and setting.amount.unit not in _DURATION
        )
    if last.cue in (Cue.MORE, Cue.LESS) or (
        compared and last.text in ("增加", "新增", "净增", "减少")
    ):
        close = setting.amount.start - last.end <= 3
        less = last.cue is Cue.LESS or last.text == "减少"
        if compared or close:
            return Reading(Kind.GROWTH, compared and close, negative=less)
    return None


def _by_what_follows(context: Context, setting: Setting, left: list[Hit]) -> Reading | None:
    """85个小区均已完工, 64户正在施工: the verb stands behind its figure."""
    if setting.runs_on and not setting.right.strip().endswith("、"):
        return None
    right = [hit for hit in context.right_hits(COUNTING, setting) if hit.cue in _VERBS_BEHIND]
    if not right:
        return None
    first = right[0]
    adverb = _PASSIVE.search(setting.right)
    loud = (
        adverb is not None
        or first.cue in (Cue.SHORT, Cue.PLAN)
        or first.text.startswith(("正", "处"))
    )
    own = [hit for hit in left if hit.cue in _GOVERNING and hit.cue is not Cue.SHORT]
    if own and not loud:
        return None
    if own and own[-1].cue in (Cue.RESULT, Cue.LEVEL):
        return None
    plain = not own or own[-1].cue is Cue.ACTIVITY
    if first.cue is Cue.PLAN:
        return Reading(_TARGET, False)
    if first.cue in (Cue.SHORT, Cue.UNDERWAY):
        return Reading(_OTHER, plain and loud)
    if context.plan_in_force(setting):
        return Reading(_TARGET, False)
    if first.cue is Cue.REALISED:
        later = [hit for hit in right if hit.cue is not Cue.REALISED]
        if not later:
            return None
        if later[0].cue in (Cue.SHORT, Cue.UNDERWAY):
            return Reading(_OTHER, plain)
    return Reading(_DONE, plain and loud)


_VERBS_BEHIND = frozenset(
    {Cue.SHORT, Cue.UNDERWAY, Cue.RESULT, Cue.ACTIVITY, Cue.PLAN, Cue.REALISED}
)


def _one_of_a_pair(context: Context, setting: Setting, left: list[Hit]) -> Reading | None:
    """N个中M个, N项指标完成M项, N个已完成M个: the first is how many there are to do."""
    if not setting.runs_on:
        return None
    if any(
        hit.cue in (Cue.RESULT, Cue.ACTIVITY, Cue.SHORT, Cue.SCOPE, Cue.UNDERWAY) for hit in left
    ):
        return None
    rest = context.settings[setting.index + 1 : setting.index + 2]
    following = rest[0].amount if rest else None
    if following is None or following.unit != setting.amount.unit:
        return None
    if (
        following.value is None
        or setting.amount.value is None
        or following.value > setting.amount.value
    ):
        return None
    right = context.right_hits(COUNTING, setting)
    verb = any(hit.cue in (Cue.RESULT, Cue.REALISED, Cue.UNDERWAY) for hit in right)
    if verb or _AMONG.search(setting.right):
        return Reading(_TARGET, True)
    return None


def _governed(context: Context, setting: Setting, left: list[Hit]) -> Reading | None:
    """The nearest verb or noun before the figure decides, under the plan in force."""
    governing = [hit for hit in left if hit.cue in _GOVERNING]
    if not governing:
        if context.plan_in_force(setting) == "here":
            return Reading(_TARGET, True)
        return None
    last = governing[-1]
    verbs = [
        hit for hit in governing if hit.cue in (Cue.RESULT, Cue.ACTIVITY, Cue.SHORT, Cue.UNDERWAY)
    ]
    if last.cue is Cue.EXTENT and not verbs:
        return Reading(_OTHER, False)
    if last.cue is Cue.EXTENT:
        last = verbs[-1]
    if last.cue is Cue.SCOPE:
        return Reading(_OTHER, not context.plan_in_force(setting))
    if any(hit.cue is Cue.SHORT for hit in governing):
        return _missing(context, setting, governing, last)
    planned = context.plan_in_force(setting)
    if planned in ("here", "carried"):
        return Reading(_TARGET, planned == "here")
    if last.cue is Cue.AIM or (
        _OF_IT.match(setting.right) and any(h.cue is Cue.AIM for h in governing)
    ):
        return _aimed(setting, governing)
    if last.cue is Cue.UNDERWAY:
        return Reading(_OTHER, True)
    if last.cue is Cue.ACTIVITY:
        return _active(context, setting, governing)
    return Reading(_DONE, planned == "")


def _missing(context: Context, setting: Setting, governing: list[Hit], last: Hit) -> Reading:
    if context.plan_in_force(setting):
        return Reading(_TARGET, False)
    if last.cue is Cue.SHORT:
        return Reading(_OTHER, True)
    return Reading(_DONE if last.cue is Cue.RESULT else _OTHER, False)


def _aimed(setting: Setting, governing: list[Hit]) -> Reading:
    """任务680户 is planned; 完成任务22户 is probably done, 完成任务680户的… planned again."""
    achieved = any(hit.cue is Cue.RESULT for hit in governing)
    if _OF_IT.match(setting.right):
        return Reading(_TARGET, True)
    return Reading(_DONE, False) if achieved else Reading(_TARGET, True)


def _active(context: Context, setting: Setting, governing: list[Hit]) -> Reading:
    """建设, 培训 without 已: the list or the sentence says whether it is over."""
    if any(hit.cue is Cue.UNDERWAY for hit in governing[:-1]):
        return Reading(_OTHER, True)
    if any(hit.cue is Cue.RESULT for hit in governing[:-1]) or context.is_realised(setting):
        return Reading(_DONE, True)
    aimed = any(hit.cue is Cue.AIM for hit in governing[:-1])
    if aimed:
        return Reading(_TARGET, True)
    if setting.joint in ("list", "none", "bracket") or "其中" in setting.left:
        return _inherited(context, setting)
    if context.plan_in_force(setting) == "beside":
        return Reading(_TARGET, False)
    if re.search(r"共(?:建设|实施|改造|新建)", setting.left):
        return Reading(_TARGET, False)
    return Reading(_DONE, False)


def _inherited(context: Context, setting: Setting) -> Reading:
    """What the nearest counted figure of the sentence is; in a list surely, else probably."""
    for index in context.earlier(setting):
        kind = context.readings[index].kind
        if kind in (_DONE, _TARGET, _OTHER):
            close = setting.joint in ("list", "none", "bracket") or "其中" in setting.left
            sure = close or context.is_bare(setting)
            return Reading(kind, sure and context.readings[index].certain)
    if any(hit.cue is Cue.HAVE for hit in context.left_hits(COUNTING, setting)):
        return Reading(_OTHER, False)
    return Reading(_DONE, False)
