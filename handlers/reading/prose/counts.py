"""Which kind a counted figure is: done, planned, missing, under way, or only described."""

import re

from handlers.reading.prose.behind import by_what_follows
from handlers.reading.prose.clauses import Joint, Setting, is_part
from handlers.reading.prose.context import Context, Plan, Reading
from handlers.reading.prose.cues import Cue, Hit
from handlers.reading.prose.earned import is_time
from handlers.reading.prose.figures import Kind
from handlers.reading.prose.inherited import inherited, under_heading, under_open_heading
from handlers.reading.prose.wholes import base_of_share, of_all_places, topic, whole_of_a_pair
from handlers.reading.prose.words import COUNTING, ENDED, GOVERNING, has

_DONE, _TARGET, _OTHER = Kind.DONE, Kind.TARGET, Kind.OTHER
_OF_IT = re.compile(r"\s*(?:/[一-龥]{1,3})?的(?:任务|目标|计划)?\s*$")
_TITLE = re.compile(r"\s*的?(?:项目|任务|工程|目标|工作目标|建设任务)\s*$")
#: 完成8.5万亩造林任务 may tell of the task or of its end.
_OF_A_TASK = re.compile(r"[一-龥]{0,10}(?:任务|目标)$")
_MOVED = re.compile(
    r"(?:退后|前移|后移|上移|下移|后退|前进|进步|退步|进位|上升|下降|提升|提高|下滑|晋升|跃升|[升降]|(?<![清辞劝])退)了?约?$"
)
_AMONG = re.compile(r"[一-龥]{0,8}[中里内]")
_BEYOND = re.compile(
    r"(?:超|超过|超出|高于|高出|低于|多于|少于|优于|快于)[^,;。\d]{0,10}(?:标准|水平|平均|均值|同期|预期|时限)$"
)
_MORE_THAN_WANTED = re.compile(
    r"[较比][^,;。\d]{0,8}(?:任务|目标|计划|要求|预期)[^,;。\d]{0,3}[多少超低高快慢][一-龥]{0,4}$"
)
#: 没腾空的4户, 原定5月交付的24套, 低于序时进度的9项: which ones, not how many are done.
_WHICH = re.compile(
    r"(?:未|没有?|等)[一-龥]{1,5}的$|原(?:定|计划)[一-龥\d]{0,8}的$|[低慢落滞][于后]序时(?:进度|要求)?的$|^以[上下]的$"
)
_QUALIFIES = re.compile(r"(?:及)?以[上下内]的[一-龥]{1,8}?(?!任务|目标|计划)")
_PER_HEAD = re.compile(r"每[百千万]?(?:名|人|户|亩|口|常住|老|儿童|学生)|人均|户均|平均每")
_PRELIMINARY = re.compile(
    r"(?:完成|通过|办结|办理|取得)[一-龥]{0,6}?(?:审批|立项|招标|招投标|可研|设计|审查|施工图|前期|环评|财评|评审"
    r"|勘察|勘测|勘界|选址|预审|备案|批复|测绘|图审|控规|方案|摸底|手续)[一-龥]{0,3}$"
)
#: What is added or done away with may be the work, a change of it or its end.
_ALTERED = frozenset("增加 取消 撤销 合并 归并 减少 转移".split())
_PEOPLE = frozenset(("人", "名", "位"))
_GOING_ON = re.compile(r"正|[均都还仍]?在")
_FROM = re.compile(r"[由从][一-龥]{0,8}?的?$")
#: 由年初37个消到9个
_TO = re.compile(r"[一-龥]{0,2}[消清化销压减降缩][一-龥]{0,2}[到至为]\s*$")
#: 一名县领导包3个小区, 每名干部联系5户: who looks after how many.
_IN_CHARGE = re.compile(r"(?:包[联保抓挂帮]?|联系|联点|挂[联包钩点])$")
_OFFICERS = re.compile(
    r"领导|干部|党员|[委成队]员|[州县市区乡镇局科所村组]长|每[一-龥]?[名人]|一[名人]"
)
#: 一个月推进18.5公里: so much of a road is done; 推进12个项目 goes on.
_PUSHED = re.compile(r"(?:推进|掘进|延伸|前进)了?(?:约|近)?$")
_LENGTHS = frozenset("公里 米 千米 里 延米 亩 平方米 立方米 方".split())
#: 计划下达晚了40多天
_LATE = re.compile(r"(?:[晚迟早拖慢]|延[迟误后期])了?(?:约|近)?$")
#: 面积突破4万亩: a level that is reached.
_BROKEN = re.compile(r"突破了?$")
#: 仅电商人才培训1项为76.4%: which one is behind.
_ONLY = re.compile(r"(?:^|[,;、])(?:只有|仅有?|唯有|就)(?![完建实新累改装培办])[一-龥]")
_LISTED = frozenset("项 个 家 所 处 县 县市 件 类".split())
_STANDS_AT = re.compile(r"[一-龥]{0,3}?(?:进度|率|比例|指标)?(?:为|是|在|完成|只有|仅|才)*\s*$")
_FOR_WHOM = re.compile(r"(?<![认作成行视])[为向给对]$")
#: Verbs that often only name what is counted: 帮扶车间562个, 监测对象1236户.
_HALF_NOUNS = frozenset(
    "帮扶 监测 管护 养护 配套 监管 督导 流转 援助 安置 救治 转移 辅导 咨询 代理 宣传 种植".split()
)
_AGAINST_MISHAPS = frozenset(
    "查处 处置 处理 治愈 救治 扑灭 破获 整改 调解 完成 清退 清理 收缴 销毁 下架 取缔 注销 "
    "化解".split()
)
#: What nobody achieves, though it is found, reported or happens.
_MISHAP = re.compile(
    r"(?:事故|火灾)(?!隐患)|死亡|受伤|伤亡|病变|病例|不合格|异常|确诊|发案|[虚瞒漏误]报|损坏|坏了|延误"
)
#: Words that can mean nothing but work that goes on; 储备 or 列入 may be what was done.
_IN_PROGRESS = (
    "正",
    "在",
    "均",
    "都",
    "还",
    "仍",
    "续建",
    "施工中",
    "办理中",
    "有序",
    "推进",
    "处",
)


def count_kind(context: Context, setting: Setting) -> Reading:
    """The kind of a figure that counts or measures things, people, lengths, days."""
    left = context.left_hits(COUNTING, setting)
    for rule in (
        under_open_heading,
        _told_by_form,
        of_all_places,
        base_of_share,
        _changed,
        _unwanted,
        whole_of_a_pair,
        by_what_follows,
        _governed,
        under_heading,
        topic,
    ):
        if reading := rule(context, setting, left):
            return reading
    return inherited(context, setting, left)


def _unwanted(context: Context, setting: Setting, left: list[Hit]) -> Reading | None:
    """其中不合格6批次: found, reported or named beside what was done, and done by nobody."""
    behind = "" if setting.runs_on or left else setting.right
    if not _MISHAP.search(setting.left + behind) or any(
        hit.text in _AGAINST_MISHAPS for hit in left
    ):
        return None
    return Reading(_OTHER, False)


def _told_by_form(context: Context, setting: Setting, left: list[Hit]) -> Reading | None:
    """较上月前移3位, 在16个单位中列第5位, 超省定标准12张, 100人以上的企业12家, 每千人7.2张."""
    if _is_place(setting) and _MOVED.search(setting.left):
        return Reading(_OTHER, False)
    following = context.settings[setting.at + 1 : setting.at + 2]
    if setting.runs_on and following[0].amount.rank and _AMONG.search(setting.right):
        return Reading(_OTHER, False)
    if _MORE_THAN_WANTED.search(setting.left):
        return Reading(_OTHER, False)
    if _WHICH.search(setting.left) or _is_the_one_behind(context, setting):
        return Reading(_OTHER, False)
    if is_time(context, setting) and _LATE.search(setting.left):
        return Reading(_OTHER, False)
    if _IN_CHARGE.search(setting.left) and _OFFICERS.search(setting.left):
        return Reading(_OTHER, False)
    if _BEYOND.search(setting.left) or _QUALIFIES.match(setting.right):
        return Reading(_OTHER, False)
    if _PER_HEAD.search(setting.left) and not context.compared(COUNTING, setting):
        return Reading(_TARGET if context.plan_in_force(setting) else _DONE, False)
    return None


def _is_the_one_behind(context: Context, setting: Setting) -> bool:
    """仅电商人才培训1项为76.4%, 只有管网改造1项完成62%; 仅完成12个 says how many are done."""
    if not setting.runs_on or setting.amount.unit not in _LISTED:
        return False
    share = context.settings[setting.at + 1].amount.unit == "%"
    return bool(share and _ONLY.search(setting.left) and _STANDS_AT.fullmatch(setting.right))


def _is_place(setting: Setting) -> bool:
    return setting.amount.unit in ("位", "名") or setting.right.startswith(("位次", "名次"))


def _changed(context: Context, setting: Setting, left: list[Hit]) -> Reading | None:
    """Growth against an earlier time, a new level, the old one of 由…增至…."""
    if _FROM.search(setting.left):
        right = context.right_hits(COUNTING, setting)
        if (right and right[0].cue is Cue.LEVEL) or _TO.match(setting.right):
            return Reading(_OTHER, False)
    if sign := context.compared(COUNTING, setting):
        return Reading(Kind.GROWTH, not _is_place(setting), negative=sign < 0)
    if not left:
        return None
    last = left[-1]
    close = setting.left_end - last.end <= 2
    if last.cue is Cue.LEVEL and close:
        planned = context.plan_in_force(setting) is not None
        held = last.text in ("控制在", "控制到")
        return Reading(_TARGET if planned else _DONE, not planned and not held)
    if close and (last.text in ("净增", "减少") or _is_change(last)):
        return Reading(Kind.GROWTH, False, negative=last.cue is Cue.LESS or last.text == "减少")
    return None


def _is_change(hit: Hit) -> bool:
    """Whether a word speaks of a change and not, as 提升 may, of work."""
    change = hit.cue in (Cue.MORE, Cue.LESS)
    return change and hit.text not in ("提升", "提高", "扩大", "压减")


def _governed(context: Context, setting: Setting, left: list[Hit]) -> Reading | None:
    """The nearest verb or noun before the figure decides, under the plan in force."""
    governing = [hit for hit in left if hit.cue in GOVERNING]
    if left and left[-1].cue is Cue.HAVE and left[-1].text != "共" and left[-1].text != "有":
        return Reading(_OTHER, False)
    planned = context.plan_in_force(setting)
    if not governing:
        wanted = planned in (Plan.HERE, Plan.WANTED)
        return Reading(_TARGET, planned is Plan.HERE) if wanted else None
    last = _deciding(governing)
    if last.cue is Cue.EXTENT and _BROKEN.search(setting.left):
        return Reading(_TARGET if planned else _DONE, False)
    if last.cue is Cue.EXTENT:
        people = setting.amount.unit in _PEOPLE and is_part(setting)
        return inherited(context, setting, []) if people else Reading(_OTHER, False)
    if last.cue in (Cue.SCOPE, Cue.SHORT):
        vague = has(governing, Cue.RESULT) or last.text.startswith(("带动", "服务", "受众"))
        return Reading(_OTHER, not planned and not vague)
    if last.cue is Cue.STUCK:
        close = setting.left_end - last.end <= 1
        named = has(governing, Cue.RESULT) and not close
        return Reading(_DONE if named else _OTHER, False)
    if _PRELIMINARY.search(setting.left):
        return Reading(_OTHER, False)
    if planned and planned is not Plan.BESIDE:
        return _planned(context, setting, governing, planned)
    if has(governing, Cue.AIM):
        return _aimed(context, setting, governing, last)
    if last.cue is Cue.UNDERWAY:
        return _underway(context, setting, governing, last)
    if last.cue is Cue.ACTIVITY:
        return _active(context, setting, governing)
    mixed = any(hit.cue in (Cue.EXTENT, Cue.SCOPE, Cue.SHORT) for hit in governing)
    return _achieved(context, setting, last, mixed)


def _planned(context: Context, setting: Setting, governing: list[Hit], planned: Plan) -> Reading:
    """计划改造30个,新增12台; what is left and 2座水厂主体, of the works, are asked about."""
    listed = planned is Plan.WANTED and context.names_a_plan(setting)
    listed = listed and _deciding(governing).cue in (Cue.RESULT, Cue.ACTIVITY)
    surely = planned is Plan.HERE or (listed and "主体" not in setting.right)
    return Reading(_TARGET, surely and not (has(governing, Cue.SHORT) or has(governing, Cue.STUCK)))


def _deciding(governing: list[Hit]) -> Hit:
    """The last cue that governs; 面积 leaves it to a verb, 涉及建设项目 keeps it from one."""
    while len(governing) > 1 and governing[-1].text in _HALF_NOUNS:
        governing = governing[:-1]
    last = governing[-1]
    of_people = last.text in ("观众", "听众", "受众") and len(governing) > 1
    if of_people and governing[-2].cue is Cue.RESULT and governing[-2].end == last.start:
        return governing[-2]
    if last.text in ("达到", "达") and len(governing) > 1 and governing[-2].cue is Cue.SCOPE:
        return governing[-2]
    if last.cue is Cue.EXTENT and last.text.endswith("面积") and len(last.text) > 2:
        return last
    if last.cue is Cue.EXTENT:
        verbs = [
            h for h in governing if h.cue in (Cue.RESULT, Cue.ACTIVITY, Cue.SHORT, Cue.UNDERWAY)
        ]
        return verbs[-1] if verbs else last
    before = governing[-2] if len(governing) > 1 else last
    if before.cue is Cue.UNDERWAY and before.end == last.start and _GOING_ON.match(before.text):
        return before
    for at in range(len(governing) - 1, 0, -1):
        if governing[at].cue is not Cue.ACTIVITY and governing[at].text not in _HALF_NOUNS:
            break
        if governing[at - 1].cue in (Cue.SCOPE, Cue.SHORT, Cue.UNDERWAY):
            return governing[at - 1]
    return last


def _aimed(context: Context, setting: Setting, governing: list[Hit], last: Hit) -> Reading | None:
    """任务680户 is planned; 任务完成22户 and 完成任务22户 are done, 完成任务680户的… planned."""
    aim = next(hit for hit in reversed(governing) if hit.cue is Cue.AIM)
    plain = re.match(r"任务|目标|计划", aim.text) is not None
    if _OF_IT.match(setting.right) and last is aim:
        return Reading(_TARGET, plain)
    before = [hit for hit in governing if hit.end <= aim.start and hit.text in ENDED]
    if last is aim:
        achieved = before and aim.start - before[-1].end <= 4
        return Reading(_DONE, False) if achieved else Reading(_TARGET, plain)
    if last.cue is Cue.UNDERWAY:
        wanted = _is_pushed(setting) and not context.is_realised(setting)
        return Reading(_TARGET if wanted else _OTHER, False)
    if last.text in ENDED or context.is_realised(setting):
        return Reading(_DONE, context.is_realised(setting))
    return Reading(_TARGET, plain and not before and last.cue is Cue.ACTIVITY)


def _underway(context: Context, setting: Setting, governing: list[Hit], last: Hit) -> Reading:
    """Starting is the task itself only where its title says so; 完成招标6个 is done."""
    if has(governing, Cue.RESULT) and not last.text.startswith(("正", "在", "均", "都", "还")):
        return Reading(_DONE, False)
    if _is_pushed(setting):
        return Reading(_DONE, False)
    started = last.text.startswith(("开工", "新开工", "动工", "启动"))
    if started and context.starting_is_the_task:
        return Reading(_DONE, False)
    plain = last.text.startswith(_IN_PROGRESS) or last.text == "开工"
    return Reading(_OTHER, plain and (not started or last.text == "开工"))


def _is_pushed(setting: Setting) -> bool:
    """推进18.5公里: so much of it; 推进12个项目 is at work on them."""
    return setting.amount.unit in _LENGTHS and _PUSHED.search(setting.left) is not None


def _active(context: Context, setting: Setting, governing: list[Hit]) -> Reading | None:
    """建设, 培训 without 已: the list or the sentence says whether it is over."""
    if has(governing[:-1], Cue.UNDERWAY):
        return Reading(_OTHER, True)
    if _TITLE.match(setting.right) and setting.amount.unit not in ("个", "项"):
        return Reading(_TARGET, False)
    if has(governing[:-1], Cue.RESULT) or context.is_realised(setting):
        return Reading(_DONE, True)
    if governing[-1].text in ("承办", "承担", "承接", "负责"):
        return Reading(_TARGET, False)
    if is_part(setting):
        return inherited(context, setting, governing)
    if context.plan_in_force(setting) or re.search(r"共(?:建|实施|改|新)|期", setting.left):
        return Reading(_TARGET, False)
    return None


def _achieved(context: Context, setting: Setting, last: Hit, described: bool) -> Reading:
    """完成 is done; 就业 or 转移 in a part of a plan is part of that plan."""
    part = is_part(setting) and setting.joint is not Joint.WORDS
    if part and last.text not in ENDED and not context.is_realised(setting):
        parent = context.readings[setting.before] if setting.before is not None else None
        money = parent and context.settings[setting.before or 0].amount.unit.startswith("元")
        if parent and parent.kind is _TARGET and not money:
            return Reading(_TARGET, parent.certain and last.cue is Cue.RESULT)
    words_between = setting.left_end - last.end
    title = (
        _TITLE.match(setting.right) and setting.amount.unit in ("个", "项") and words_between > 2
    )
    if title or _OF_A_TASK.match(setting.right):
        return Reading(_TARGET, False)
    if last.text in ("达到", "达", "实现") and _speaks_of_a_task(context, setting):
        return Reading(_TARGET, False)
    found = last.text in ("发现", "查出", "梳理") or last.text in _ALTERED
    changed = last.cue in (Cue.MORE, Cue.LESS) or (
        last.text in _HALF_NOUNS and not context.is_realised(setting)
    )
    found = found or "序时" in setting.left
    vague = (
        found or changed or _FOR_WHOM.search(setting.left) or (described and last.text not in ENDED)
    )
    half = "主体" in setting.left and setting.amount.unit in ("所", "个", "座", "家", "栋", "处")
    named = half or setting.left.rstrip().endswith(("等", "等共", "进度"))
    return Reading(_DONE, not vague and not named and context.plan_in_force(setting) is None)


def _speaks_of_a_task(context: Context, setting: Setting) -> bool:
    """今年任务比去年增加120户,达到680户: the subject is in the clause before."""
    if setting.before is None or not re.fullmatch(r"[,、]?达到?|[,、]?实现", setting.left.strip()):
        return False
    before = context.left_hits(COUNTING, context.settings[setting.before])
    return has(before, Cue.AIM)
