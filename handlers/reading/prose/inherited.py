"""What a count without words of its own is: as the figures before it, or a guess."""

import re

from handlers.reading.prose.clauses import Joint, Setting, is_part, same_unit
from handlers.reading.prose.context import Context, Reading
from handlers.reading.prose.cues import Cue, Hit
from handlers.reading.prose.figures import Kind
from handlers.reading.prose.told_of import WITHDRAWN
from handlers.reading.prose.words import COUNTING, has

_DONE, _TARGET, _OTHER = Kind.DONE, Kind.TARGET, Kind.OTHER
#: Nouns that, with no verb at all, only say how many there are.
_THINGS = re.compile(
    r"(?:企业|学校|单位|机构|人员|医院|项目|基地|景区|断面|用户|教师|学生|工人|队员|场所|公司|乡镇|社区|小区|村"
    r"|人口|户数|水库|河流|藏书|时长|时间|群众|居民|对象|事故|死亡|受伤|火灾|资产|厕所|中转站|卫生室|文化站|灾点|灾害点|隐患点|房间|专班|救护车|消防车|微信群|物资|村医)(?:达|有|共)?$"
)
_FARTHEST_HEADING = 300
_LISTS = re.compile(r"(?:的有|有|包括|如下|分别是):$")
_AMONG = re.compile(r"[里中]$")
_OPEN_HEADING = re.compile(
    r"(?:未完成|未达|尚未|滞后|偏慢|缓慢|剩余|未开工|未启动)[^,;。:\n]{0,14}:"
)
#: They add up what stands before them, done or not.
_SUMS = frozenset(("合计", "总计", "共计"))
_TOLD = re.compile(r"已|累计|实际|现有?|目前|[仅只才](?![剩有余])")
_RESPECTIVELY = re.compile(r"[,、]?(?:分别|依次|具体)(?:是|为)")
_PLACES = frozenset("县 市 区 州 乡 镇 县市 乡镇 街道".split())
_PLACE_NOUNS = re.compile(r"(?:乡镇|街道|社区|村|县市?区?)(?!级)")
_VERB = 2
#: 应检143个检了143个: the whole is planned, this is over.
_SAID_OVER = re.compile(r"(?<![为除])了(?:约|近)?$")
_HOURS = frozenset(("小时", "分钟", "工作日", "个工作日"))


def inherited(context: Context, setting: Setting, left: list[Hit]) -> Reading:
    """What the nearest counted figure of the sentence is; in a list surely, else probably."""
    if _is_behind_slash(context, setting):
        return Reading(_TARGET, False)
    said = any(hit.cue in (Cue.REALISED, Cue.TALLY) for hit in left)
    before = context.readings[setting.before] if setting.before is not None else None
    in_list = context.is_bare(setting) and setting.joint in (Joint.LIST, Joint.WORDS)
    if before and before.kind is Kind.GROWTH and in_list:
        return before
    if _lists_a_lack(context, setting):
        return Reading(_OTHER, False)
    if reading := _as_before(context, setting, left, said):
        return reading
    if not said and any(hit.cue is Cue.HAVE and hit.text != "共" for hit in left):
        return Reading(_OTHER, False)
    if _follows_a_target(context, setting):
        return Reading(_TARGET, False)
    # 厕所3633 in a telegram: only a unit makes a count of things there are.
    things = _THINGS.search(setting.left) if setting.amount.unit else None
    described = things or setting.amount.unit in _HOURS
    active = _is_spoken_of(context, setting, described) or said or has(left, Cue.ACTIVITY)
    return Reading(_OTHER if described and not active else _DONE, False)


def _as_before(context: Context, setting: Setting, left: list[Hit], said: bool) -> Reading | None:
    """What the nearest figure that may govern makes of this one, if any does."""
    bare = context.is_bare(setting)
    index = next(
        filter(lambda at: _may_govern(context, setting, at), context.earlier(setting)), None
    )
    if index is None:
        return None
    earlier = context.readings[index]
    if said:
        return _added_up(earlier, left, bare)
    told = setting.joint is Joint.COMMA and not is_part(setting) and context.is_realised(setting)
    told = told or _SAID_OVER.search(setting.left) is not None
    if earlier.kind is _TARGET and (told or _is_some_of(context, setting, index)):
        return Reading(_DONE, False)
    if not is_part(setting) and (not bare or _is_lone_part(context, setting, index)):
        return None
    spoken = not setting.runs_on and re.search(r"[一-龥]{3}", setting.right)
    return Reading(earlier.kind, earlier.certain and not has(left, Cue.HAVE) and not spoken)


def _lists_a_lack(context: Context, setting: Setting) -> bool:
    """4个乡镇整改没有清零,分别是甲镇12户、乙镇7户: what the clause before says is missing."""
    if setting.before is None or not _RESPECTIVELY.match(setting.left):
        return False
    start = context.settings[setting.before].amount.end
    hits = context.hits(COUNTING, start, setting.begin, setting.depth)
    return has(hits, Cue.SHORT) or has(hits, Cue.STUCK)


def _may_govern(context: Context, setting: Setting, index: int) -> bool:
    """Whether an earlier figure is a count and not only where, or of which, the work is."""
    earlier, other = context.readings[index], context.settings[index]
    if earlier.kind not in (_DONE, _TARGET, _OTHER) or _is_share(context, index):
        return False
    if WITHDRAWN.search(other.left):
        return False  # 不是460人,是406人
    works = setting.before == index and bool(context.left_hits(COUNTING, setting))
    named = works and _PLACE_NOUNS.match(other.right)  # 3个乡镇新建水厂5座
    where = other.amount.unit in _PLACES or named or _AMONG.search(other.right)
    return not (earlier.kind is _OTHER and where) and not _is_of_money(context, setting, index)


def _is_spoken_of(context: Context, setting: Setting, noun: object) -> bool:
    """劝离人员1130人次 behind what was done: more than the noun stands before the figure."""
    if not isinstance(noun, re.Match) or setting.joint is not Joint.COMMA or setting.before is None:
        return False
    before = context.readings[setting.before]
    return before.kind is _DONE and before.certain and len(setting.left) - len(noun[0]) > _VERB


def _is_some_of(context: Context, setting: Setting, index: int) -> bool:
    """25个断面Ⅱ类以上24个: in the clause of the whole, with words of its own."""
    whole = context.settings[index].amount
    spoken = re.search(r"[一-龥]{2}", setting.left) and "其中" not in setting.left
    alike = same_unit(whole, setting.amount) and setting.amount.value < whole.value
    return setting.joint is Joint.WORDS and setting.before == index and bool(spoken and alike)


def _added_up(earlier: Reading, left: list[Hit], bare: bool) -> Reading:
    """累计 and 已 say that it is done, 合计 that it is what the figures before it are."""
    if any(hit.text in _SUMS for hit in left):
        return Reading(earlier.kind, bare and earlier.certain)
    return Reading(_DONE, bare and earlier.kind is not _OTHER)


def _is_behind_slash(context: Context, setting: Setting) -> bool:
    """22/35户 is so many of so many; 321人/1666.5月 are two counts."""
    if setting.before is None or setting.left.strip() != "/":
        return False
    before = context.settings[setting.before].amount.unit
    return before in ("", setting.amount.unit)


def under_heading(context: Context, setting: Setting, left: list[Hit]) -> Reading | None:
    """已投用的有:甲社区、乙社区2个: what stands before the colon is said of what follows."""
    text = context.layout.text
    if (
        setting.begin < 2
        or text[setting.begin - 1] != ":"
        or not _LISTS.search(text, max(0, setting.begin - 8), setting.begin)
    ):
        return None
    start = max(text.rfind(stop, 0, setting.begin - 1) for stop in ",;。\n") + 1
    hits = context.hits(COUNTING, start, setting.begin - 1, setting.depth)
    done = has(hits, Cue.RESULT) and not (has(hits, Cue.SHORT) or has(hits, Cue.UNDERWAY))
    return Reading(_DONE if done else _OTHER, False) if hits else None


def under_open_heading(context: Context, setting: Setting, left: list[Hit]) -> Reading | None:
    """进度滞后的是:培训900人次、改造100户: what is named there is not done."""
    headings = [
        match
        for match in context.matches(
            _OPEN_HEADING, setting.begin - _FARTHEST_HEADING, setting.begin
        )
        if context.layout.sentence[match.start()] == setting.sentence
    ]
    text = context.layout.text
    if not headings or _TOLD.search(text, headings[-1].end(), setting.hi):
        return None
    if has(left, Cue.AIM) or context.plan_in_force(setting):
        return None
    return Reading(_OTHER, False)


def _follows_a_target(context: Context, setting: Setting) -> bool:
    """目标100张,护理床位80张: a bare noun behind a target in the same unit."""
    if setting.before is None or context.readings[setting.before].kind is not _TARGET:
        return False
    same = same_unit(context.settings[setting.before].amount, setting.amount)
    return (
        same
        and setting.joint is Joint.COMMA
        and not setting.right.startswith("/")
        and re.match(r"[一-龥]", setting.left) is not None
    )


def _is_lone_part(context: Context, setting: Setting, whole: int) -> bool:
    """任务20个,5个…: a part that names neither a county nor 其中 is no plan of its own."""
    return context.readings[whole].kind is _TARGET and not re.search(r"[一-龥]", setting.left)


def _is_of_money(context: Context, setting: Setting, index: int) -> bool:
    """引进项目8个,总投资32.1亿元,其中制造业项目5个: a sum of money has no things for parts."""
    money = context.settings[index].amount.unit.startswith("元")
    return money and context.readings[index].kind is _TARGET and setting.amount.unit != ""


def _is_share(context: Context, index: int) -> bool:
    return context.settings[index].amount.unit in ("%", "个百分点")
