"""Counts that say how large a task is, or where it is done, and not how far it has come."""

import re

from handlers.reading.prose.clauses import Joint, Setting, same_unit, visible
from handlers.reading.prose.context import Context, Reading
from handlers.reading.prose.cues import Cue, Hit
from handlers.reading.prose.figures import Kind
from handlers.reading.prose.words import COUNTING, ENDED, has

_DONE, _TARGET, _OTHER = Kind.DONE, Kind.TARGET, Kind.OTHER
_AMONG = re.compile(r"[一-龥]{0,6}(?:[里中]的?|当中)(?:已?有|,)?\s*$")
#: 5所中永顺县芙蓉学校已建成; 12所中学 and 36个中心 are what is counted.
_AMONG_THEM = re.compile(
    r"[一-龥]{0,4}(?:里|(?<![集其高初空水手途期])中)(?![心型小央学医药层期标间部转等文国式共])[一-龥]"
)
_LIVELIHOOD = re.compile(r"实事")
_BASE = re.compile(r"((?:年度|年|建设|改造|目标)*(?:任务|计划|目标)[数量]?)?的[近约超]?\s*")
#: 新建42个公园的任务已下达: behind a figure these words make a plan of it.
_TASK_BEHIND = re.compile(
    r"(?![一-龥]{0,4}[按照](?:年度|既定|原定?)?[计目])[\"']?(?:(?!完成)[一-龥]){0,10}?(?:任务|目标|指标|计划)[数量]?(?:$|的(?:落实|完成情况|进展)|[已均全分下细层落尚还仍清正推将到由])(?!目标)"
)
_ASSIGNED = re.compile(
    r"[一-龥]{0,10}?(?:任务|目标|指标|计划)[数量]?(?:已|均|都|全部|层层|逐级)*(?:分解|下达|细化|分配|落实到|明确|压实)"
)
_OVER = re.compile(
    r"(?:已|均|全部|提前|如期|顺利)[一-龥]{0,4}(?:完成|办结|建成|完工|竣工|达标|销号|通过|达到)"
)
_BEGINS_A_PROJECT = re.compile(r"[一-龥]{0,8}(?:项目|工程)[一-龥]{0,6}投资")
_TASKS = re.compile(r"任务|目标|计划")
_WHOLE_LIST = re.compile(r"共(?:承办|实施|建设|改造|新建|安排|承担|有)?(?:[一-龥]{0,8})$")
_LISTED = re.compile(r"任务|指标|项目|实事|清单|标段|工程")
_TASKS_LISTED = re.compile(r"[^,;。:]{0,60}?等(?:\d+项)?(?:任务|目标)")
_AREAS = re.compile(
    r"个?(?:(?:县市区?|市州)(?!级)|(?:乡镇|街道)(?=$|[\s已均都全正在有中未完进按实的、]))"
)
_PLACES = frozenset("县 市 区 州 乡 镇 县市 县区 乡镇 街道".split())
_OF_ALL = re.compile(r"全部|均|都|已")
#: What follows a task's size where no number says how far it is.
_UNTOLD = re.compile(
    r"[,:](?!占|同比|其中|[一-龥]{0,4}任务|完成(?:率|年|任|投))[^,;。:\d\n]{2,24}(?:[,;。:\n]|$)"
)
_STALLED = re.compile(r"[,:][^,;。\d]{0,12}(?:未|没|正在|前期|招标|方案|尚)")
#: 安装护栏2.4公里,已通过验收
_TOLD_AS_OVER = re.compile(
    r"[,:](?:目前|现)?(?:全部|均|都)?已经?[^,;。:\d\n]{0,6}(?:完|成(?!立)|通过|通车|验收|交付|投用|投入|启用|使用|竣工)"
)
#: Words after which a count says how far the one before it has come.
_PROGRESS = re.compile(
    r"已|完成|完工|竣工|建成|开工|开复工|复工|动工|在建|启动|办结|投入使用|投用|签约|到位|销号|没开|未(?![成来婚])|负责|目前|现在|只|仅|实际|[一-龥](?<![少多增减降加涨差缺晚])了$"
)
#: 360个学位开学用上了
_IS_OVER = re.compile(r"[一-龥][上好完成通到齐](?:了|$)")
#: 是三百二十张不是三百零二张: one figure in place of another.
_NOT_THE_OTHER = re.compile(r"^(?:,|而)?(?:不是|并非|而非|非)")
#: What says of a figure itself that it is done, missing or described.
_SPOKEN_FOR = frozenset(
    (Cue.RESULT, Cue.SHORT, Cue.SCOPE, Cue.UNDERWAY, Cue.REALISED, Cue.TALLY, Cue.EXTENT)
)


def of_all_places(context: Context, setting: Setting, left: list[Hit]) -> Reading | None:
    """全州8县市均已完成, 三个标段分别完成…: no count of work, but of where."""
    areas = _AREAS.match(setting.amount.unit + setting.amount.noun + setting.right)
    shared = setting.runs_on and "分别" in setting.right
    together = setting.amount.unit in _PLACES and setting.right.startswith(("合计", "共"))
    if any(hit.text in ENDED for hit in left):
        return None
    return Reading(_OTHER, False) if shared or areas or together else None


def base_of_share(context: Context, setting: Setting, left: list[Hit]) -> Reading | None:
    """占应征1500亩的84%: what a share is of is no count of its own."""
    shared = setting.runs_on and _BASE.fullmatch(setting.right)
    if not shared or context.plan_in_force(setting):
        return None
    if shared[1]:
        return Reading(_TARGET, True)
    said = "占" in setting.left or "完成" in setting.left
    return Reading(_TARGET, False) if said and not has(left, Cue.AIM) else None


def whole_of_a_pair(context: Context, setting: Setting, left: list[Hit]) -> Reading | None:
    """N个中M个, N项已完成M项, 改造8个,已完成5个: the first is how many there are to do."""
    if reading := _named_as_task(context, setting, left):
        return reading
    among = bool(_AMONG.search(setting.right) or _AMONG_THEM.match(setting.right))
    if among and not _TASKS.search(setting.left + setting.right) and not has(left, Cue.RESULT):
        return Reading(_OTHER, False)
    if not among and any(hit.cue in _SPOKEN_FOR for hit in left):
        return None
    after = _next_alike(context, setting)
    in_list = setting.amount.list_length > 1 and setting.amount.respectively
    if in_list or (setting.joint in (Joint.WORDS, Joint.LIST) and _follows_done(context, setting)):
        return None
    if after is None or _is_member(context, setting) or context.plan_in_force(setting):
        return None
    between = visible(context.layout, setting.amount.end, after.amount.start)
    if _NOT_THE_OTHER.match(between):
        return None
    told = not setting.runs_on and _says_how_far(context, setting)
    if len(between) > 24 or told or ("其中" in between and not among):
        return None
    behind = after.right if not after.runs_on else ""
    opens = setting.joint is Joint.START and not left and setting.runs_on
    opens = opens and not _OF_ALL.match(setting.right)
    if opens and has(context.right_hits(COUNTING, setting), Cue.RESULT):
        return Reading(_TARGET, False)
    if _PROGRESS.search(between) or _PROGRESS.match(behind) or among:
        return Reading(_TARGET, has(left, Cue.AIM))
    return None


def _named_as_task(context: Context, setting: Setting, left: list[Hit]) -> Reading | None:
    """新建42个公园的任务已下达, 3个项目总投资8亿元; 完成12项任务 is over."""
    ended = any(hit.text in ENDED for hit in left)
    if _TASKS_LISTED.match(context.layout.text, setting.amount.end):
        clause = context.hits(COUNTING, setting.begin, setting.left_end, setting.depth)
        if not any(hit.text in ENDED or hit.cue is Cue.REALISED for hit in clause):
            return Reading(_TARGET, False)
    if _LIVELIHOOD.search(setting.left + setting.right) and has(left, Cue.RESULT) and not ended:
        return Reading(_TARGET, False)
    if _ASSIGNED.match(setting.right) and not ended:
        return Reading(_TARGET, False)
    over = any(hit.text in ENDED or hit.cue is Cue.REALISED for hit in left)
    if over:
        return None
    match = _TASK_BEHIND.match(setting.right)
    if match and leads_on(setting, match):
        return None
    if match and not _OVER.search(setting.right):
        plain = "的" in match[0] and not has(left, Cue.SCOPE) and not has(left, Cue.RESULT)
        return Reading(_TARGET, plain)
    begins = (
        setting.runs_on and setting.joint is Joint.START and _BEGINS_A_PROJECT.match(setting.right)
    )
    return Reading(_TARGET, False) if begins else None


def leads_on(setting: Setting, match: re.Match[str]) -> bool:
    """累计1876人年任务2000: the words of a task behind a figure are those of the next."""
    return setting.runs_on and match.end() == len(setting.right) and "的" not in match[0]


def _says_how_far(context: Context, setting: Setting) -> bool:
    """Whether a figure's own clause goes on to say what became of it."""
    hits = context.right_hits(COUNTING, setting)
    over = _IS_OVER.search(setting.right) is not None
    return over or any(hit.cue in (Cue.RESULT, Cue.UNDERWAY, Cue.SHORT) for hit in hits)


def _follows_done(context: Context, setting: Setting) -> bool:
    """已完成4大项10小项,未完成2小项: the second is as done as the first."""
    before = setting.before
    return before is not None and context.readings[before].kind is _DONE and not setting.left


def _next_alike(context: Context, setting: Setting) -> Setting | None:
    """The next figure of the sentence, where it counts the same and is not more."""
    for other in context.settings[setting.at + 1 : setting.at + 2]:
        same = other.sentence == setting.sentence and other.depth == setting.depth
        if same and same_unit(other.amount, setting.amount):
            return other if other.amount.value <= setting.amount.value else None
    return None


def _is_member(context: Context, setting: Setting) -> bool:
    """Whether the figure before is a whole of which this is a part."""
    if setting.before is None or context.readings[setting.before].kind is not _TARGET:
        return False
    whole = context.settings[setting.before].amount
    return same_unit(whole, setting.amount) and whole.value >= setting.amount.value


def topic(context: Context, setting: Setting, left: list[Hit]) -> Reading | None:
    """What a sentence begins with before it says how far it is: 户厕改造8个,正在施工."""
    if setting.depth or any(hit.cue in (Cue.REALISED, Cue.TALLY) for hit in left):
        return None
    if _WHOLE_LIST.search(setting.left) and _LISTED.search(setting.left + setting.right):
        return Reading(_TARGET, False)
    active = has(left, Cue.ACTIVITY)
    if setting.joint is Joint.START and not setting.runs_on and (active or not left):
        following = context.layout.text[setting.hi : setting.hi + 28]
        stalled = _UNTOLD.match(following) if active else _STALLED.match(following)
        stalled = None if _TOLD_AS_OVER.match(following) else stalled
        if active or stalled:
            return Reading(_TARGET if stalled else _DONE, False)
    return Reading(_DONE, False) if active else None
