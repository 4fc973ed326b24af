"""Which kind a counted figure is: done, planned, missing, under way, or only described."""

import re

from handlers.reading.amounts import Amount
from handlers.reading.prose.clauses import Setting, visible
from handlers.reading.prose.context import Context, Reading
from handlers.reading.prose.figures import Kind
from handlers.reading.prose.words import COUNTING, Cue, Hit

_DONE, _TARGET, _OTHER = Kind.DONE, Kind.TARGET, Kind.OTHER

_GOVERNING = frozenset(
    (
        *(Cue.SHORT, Cue.UNDERWAY, Cue.SCOPE, Cue.RESULT, Cue.ACTIVITY, Cue.AIM),
        *(Cue.LEVEL, Cue.MORE, Cue.LESS, Cue.EXTENT),
    )
)
#: What says of a figure itself that it is done, missing or described.
_SPOKEN_FOR = frozenset((Cue.RESULT, Cue.SHORT, Cue.SCOPE, Cue.UNDERWAY, Cue.REALISED, Cue.TALLY))
_BEHIND = frozenset((Cue.SHORT, Cue.UNDERWAY, Cue.RESULT, Cue.ACTIVITY, Cue.PLAN, Cue.REALISED))
_OF_IT = re.compile(r"\s*(?:/[一-龥]{1,3})?的(?:任务|目标|计划)?\s*$")
_TITLE = re.compile(r"\s*的?(?:项目|任务|工程|目标|工作目标|建设任务)\s*$")
#: 完成8.5万亩造林任务 may tell of the task or of its end.
_OF_A_TASK = re.compile(r"[一-龥]{0,10}(?:任务|目标)$")
_PASSIVE = re.compile(r"已|均|都|全部|全|提前|顺利|基本|超额|如期|正式|按期|得到|予以")
_AMONG = re.compile(r"[一-龥]{0,6}(?:[里中]的?|当中),?\s*$")
_NAME = re.compile(r"[,、]?(?:其中)?[一-龥]{2,4}")
_AT_A_RATE = re.compile(
    r"(?:(?:进度|率|比例|满意度)(?:均|都|已|分别|也)*(?:在|达到?|超过?|为|[高低]于|不足|不到|仅|只有)"
    r"|[一-龥]{2,}(?<!完成)(?:率|比例|满意度))\s*$"
)
_FROM = re.compile(r"[由从][一-龥]{0,6}?的?$")
_FOR_WHOM = re.compile(r"(?<![认作成行视])[为向给对]$")
_WHOLE_LIST = re.compile(r"共(?:承办|实施|建设|改造|新建|安排|承担|有)?(?:[一-龥]{0,8})$")
_LISTED = re.compile(r"任务|指标|项目|实事|清单|标段|工程")
#: Verbs that often only name what is counted: 帮扶车间562个, 监测对象1236户.
_HALF_NOUNS = frozenset(
    "帮扶 监测 管护 养护 配套 监管 督导 流转 援助 安置 救治 转移 辅导 咨询 代理 宣传 种植".split()
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
_ENDED = frozenset(
    "完成 完成了 建成 竣工 完工 办结 建好 投入使用 投用 投产 交付 达到 实现 销号 通过".split()
)
_TASKS_LISTED = re.compile(r"[^,;。:]{0,60}?等(?:\d+项)?(?:任务|目标)")
_WHOLE_AREA = re.compile(r"全[州市县省区]$")
_AREAS = re.compile(
    r"个?(?:(县市?|市州|乡镇|街道)|村|行政村)(?=$|[\s已均都全正在有中未完进按实、])"
)
#: What follows a task's size where no number says how far it is.
_UNTOLD = re.compile(
    r"[,:](?!占|同比|其中|[一-龥]{0,4}任务|完成(?:率|年|任|投))[^,;。:\d\n]{2,24}(?:[,;。:\n]|$)"
)
_STALLED = re.compile(r"[,:][^,;。\d]{0,12}(?:未|没|正在|前期|招标|方案|尚)")
#: Words after which a count says how far the one before it has come.
_PROGRESS = re.compile(
    r"已|完成|完工|竣工|建成|开工|动工|在建|启动|办结|投入使用|投用|签约|到位|销号|没开|未"
)


def count_kind(context: Context, setting: Setting) -> Reading:
    """The kind of a figure that counts or measures things, people, lengths, days."""
    left = context.left_hits(COUNTING, setting)
    for rule in (
        _of_all_places,
        _base_of_share,
        _changed,
        _whole_of_a_pair,
        _by_what_follows,
        _governed,
        _topic,
    ):
        if reading := rule(context, setting, left):
            return reading
    return _inherited(context, setting, left)


def _of_all_places(context: Context, setting: Setting, left: list[Hit]) -> Reading | None:
    """全州8县市均已完成, 三个标段分别完成…: no count of work, but of where."""
    areas = _AREAS.match(setting.amount.unit + setting.amount.noun + setting.right)
    shared = setting.runs_on and "分别" in setting.right
    everywhere = areas and (_WHOLE_AREA.search(setting.left) or areas[1])
    if any(hit.text in _ENDED for hit in left):
        return None
    return Reading(_OTHER, False) if shared or everywhere else None


def _base_of_share(context: Context, setting: Setting, left: list[Hit]) -> Reading | None:
    """占应征1500亩的84%: what a share is of is no count of its own."""
    shared = setting.runs_on and setting.right.strip() == "的"
    if not shared or _has(left, Cue.AIM) or context.plan_in_force(setting):
        return None
    return Reading(_TARGET, False) if "占" in setting.left or "完成" in setting.left else None


def _changed(context: Context, setting: Setting, left: list[Hit]) -> Reading | None:
    """Growth against an earlier time, a new level, the old one of 由…增至…."""
    if _FROM.search(setting.left):
        right = context.right_hits(COUNTING, setting)
        if right and right[0].cue is Cue.LEVEL:
            return Reading(_OTHER, False)
    if sign := context.compared(COUNTING, setting):
        place = setting.amount.unit in ("位", "名") or setting.right.startswith("基点")
        return Reading(Kind.GROWTH, not place, negative=sign < 0)
    if not left:
        return None
    last = left[-1]
    close = setting.left_end - last.end <= 2
    if last.cue is Cue.LEVEL and close:
        planned = context.plan_in_force(setting) != ""
        return Reading(_TARGET if planned else _DONE, not planned)
    if close and (last.text in ("净增", "减少") or _is_change(last)):
        return Reading(Kind.GROWTH, False, negative=last.cue is Cue.LESS or last.text == "减少")
    return None


def _is_change(hit: Hit) -> bool:
    """Whether a word speaks of a change and not, as 提升 may, of work."""
    change = hit.cue in (Cue.MORE, Cue.LESS)
    return change and hit.text not in ("提升", "提高", "扩大", "压减")


def _whole_of_a_pair(context: Context, setting: Setting, left: list[Hit]) -> Reading | None:
    """N个中M个, N项已完成M项, 改造8个,已完成5个: the first is how many there are to do."""
    among = _AMONG.search(setting.right) is not None
    if not among and any(hit.cue in _SPOKEN_FOR for hit in left):
        return None
    after = _next_alike(context, setting)
    if after is None or _is_member(context, setting) or context.plan_in_force(setting):
        return None
    between = visible(context.layout, setting.amount.end, after.amount.start)
    told = not setting.runs_on and _says_how_far(context, setting)
    if len(between) > 24 or told or ("其中" in between and not among):
        return None
    behind = after.right if not after.runs_on else ""
    if _PROGRESS.search(between) or _PROGRESS.match(behind) or among:
        return Reading(_TARGET, any(hit.cue is Cue.AIM and hit.text != "指标" for hit in left))
    return None


def _says_how_far(context: Context, setting: Setting) -> bool:
    """Whether a figure's own clause goes on to say what became of it."""
    hits = context.right_hits(COUNTING, setting)
    return any(hit.cue in (Cue.RESULT, Cue.UNDERWAY, Cue.SHORT) for hit in hits)


def _next_alike(context: Context, setting: Setting) -> Setting | None:
    """The next figure of the sentence, where it counts the same and is not more."""
    for other in context.settings[setting.index + 1 : setting.index + 2]:
        same = other.sentence == setting.sentence and other.depth == setting.depth
        if same and _same_unit(other.amount, setting.amount):
            return other if other.amount.value <= setting.amount.value else None
    return None


def _is_member(context: Context, setting: Setting) -> bool:
    """Whether the figure before is a whole of which this is a part."""
    if setting.before is None or context.readings[setting.before].kind is not _TARGET:
        return False
    whole = context.settings[setting.before].amount
    return _same_unit(whole, setting.amount) and whole.value >= setting.amount.value


def _same_unit(one: Amount, two: Amount) -> bool:
    return one.unit == two.unit and not one.rank and one.unit != "%"


def _by_what_follows(context: Context, setting: Setting, left: list[Hit]) -> Reading | None:
    """85个小区均已完工, 64户正在施工: the verb stands behind its figure."""
    if setting.runs_on and _AT_A_RATE.search(setting.right) and not _has(left, Cue.RESULT):
        return Reading(_OTHER, False)
    if setting.runs_on and not setting.right.rstrip().endswith(("、", "和")):
        return None
    right = [hit for hit in context.right_hits(COUNTING, setting) if hit.cue in _BEHIND]
    if not right:
        return None
    own = [hit for hit in left if hit.cue in _GOVERNING]
    loud = _PASSIVE.search(setting.right) is not None or right[0].cue in (Cue.SHORT, Cue.UNDERWAY)
    if own and (not loud or own[-1].cue in (Cue.RESULT, Cue.LEVEL)):
        return None
    return _state_behind(context, setting, own, right, loud)


def _state_behind(
    context: Context, setting: Setting, own: list[Hit], right: list[Hit], loud: bool
) -> Reading | None:
    rest = bool(own) and own[-1].cue is Cue.SHORT
    plain = loud and (not own or own[-1].cue is Cue.ACTIVITY or rest)
    verbs = [hit for hit in right if hit.cue is not Cue.REALISED]
    if not verbs:
        return None
    first = _predicate(verbs)
    if first.cue is Cue.PLAN:
        return Reading(_OTHER if rest else _TARGET, False)
    if first.cue in (Cue.SHORT, Cue.UNDERWAY):
        started = first.text.startswith(("开工", "动工", "启动"))
        mixed = first.cue is Cue.UNDERWAY and verbs[0].cue is Cue.RESULT
        return Reading(_OTHER, plain and not started and not mixed)
    if context.plan_in_force(setting):
        return Reading(_OTHER if rest else _TARGET, False)
    if first.cue is Cue.ACTIVITY and right[0].cue is not Cue.REALISED:
        return None
    return Reading(_DONE, plain)


def _predicate(verbs: list[Hit]) -> Hit:
    """What is said of the figure: 未 and 正在 wherever they stand, else the verb at the end."""
    open_ones = (hit for hit in verbs if hit.cue in (Cue.SHORT, Cue.UNDERWAY, Cue.PLAN))
    results = [hit for hit in verbs if hit.cue is Cue.RESULT]
    return next(open_ones, results[-1] if results else verbs[0])


def _governed(context: Context, setting: Setting, left: list[Hit]) -> Reading | None:
    """The nearest verb or noun before the figure decides, under the plan in force."""
    governing = [hit for hit in left if hit.cue in _GOVERNING]
    if left and left[-1].cue is Cue.HAVE and left[-1].text != "共" and left[-1].text != "有":
        return Reading(_OTHER, False)
    planned = context.plan_in_force(setting)
    if not governing:
        wanted = planned in ("here", "wanted")
        return Reading(_TARGET, planned == "here") if wanted else None
    last = _deciding(governing)
    if last.cue is Cue.EXTENT:
        return Reading(_OTHER, False)
    if last.cue in (Cue.SCOPE, Cue.SHORT):
        return Reading(_OTHER, not planned and not _has(governing, Cue.RESULT))
    if planned in ("here", "wanted", "carried"):
        return Reading(_TARGET, planned == "here" and not _has(governing, Cue.SHORT))
    if _has(governing, Cue.AIM):
        return _aimed(context, setting, governing, last)
    if last.cue is Cue.UNDERWAY:
        return _underway(context, setting, governing, last)
    if last.cue is Cue.ACTIVITY:
        return _active(context, setting, governing)
    mixed = any(hit.cue in (Cue.EXTENT, Cue.SCOPE, Cue.SHORT) for hit in governing)
    return _achieved(context, setting, last, mixed)


def _deciding(governing: list[Hit]) -> Hit:
    """The last cue that governs; 面积 leaves it to a verb, 涉及建设项目 keeps it from one."""
    last = governing[-1]
    if last.cue is Cue.EXTENT and last.text.endswith("面积") and len(last.text) > 2:
        return last
    if last.cue is Cue.EXTENT:
        verbs = [
            h for h in governing if h.cue in (Cue.RESULT, Cue.ACTIVITY, Cue.SHORT, Cue.UNDERWAY)
        ]
        return verbs[-1] if verbs else last
    if (
        last.cue is Cue.ACTIVITY
        and len(governing) > 1
        and governing[-2].cue in (Cue.SCOPE, Cue.SHORT)
    ):
        return governing[-2]
    return last


def _has(hits: list[Hit], cue: Cue) -> bool:
    return any(hit.cue is cue for hit in hits)


def _aimed(context: Context, setting: Setting, governing: list[Hit], last: Hit) -> Reading | None:
    """任务680户 is planned; 任务完成22户 and 完成任务22户 are done, 完成任务680户的… planned."""
    aim = next(hit for hit in reversed(governing) if hit.cue is Cue.AIM)
    plain = re.match(r"任务|目标|计划", aim.text) is not None
    if _OF_IT.match(setting.right) and last is aim:
        return Reading(_TARGET, plain)
    before = [hit for hit in governing if hit.end <= aim.start and hit.text in _ENDED]
    if last is aim:
        achieved = before and aim.start - before[-1].end <= 4
        return Reading(_DONE, False) if achieved else Reading(_TARGET, plain)
    if last.cue is Cue.UNDERWAY:
        return Reading(_OTHER, False)
    if last.text in _ENDED or context.is_realised(setting):
        return Reading(_DONE, context.is_realised(setting))
    return Reading(_TARGET, plain and not before and last.cue is Cue.ACTIVITY)


def _underway(context: Context, setting: Setting, governing: list[Hit], last: Hit) -> Reading:
    """Starting is the task itself only where its title says so; 完成招标6个 is done."""
    if _has(governing, Cue.RESULT) and not last.text.startswith(("正", "在", "均", "都", "还")):
        return Reading(_DONE, False)
    started = last.text.startswith(("开工", "新开工", "动工", "启动"))
    if started and context.starting_is_the_task:
        return Reading(_DONE, False)
    plain = last.text.startswith(_IN_PROGRESS) or last.text == "开工"
    return Reading(_OTHER, plain and (not started or last.text == "开工"))


def _active(context: Context, setting: Setting, governing: list[Hit]) -> Reading | None:
    """建设, 培训 without 已: the list or the sentence says whether it is over."""
    if _has(governing[:-1], Cue.UNDERWAY):
        return Reading(_OTHER, True)
    if _TITLE.match(setting.right) and setting.amount.unit not in ("个", "项"):
        return Reading(_TARGET, False)
    if _has(governing[:-1], Cue.RESULT) or context.is_realised(setting):
        return Reading(_DONE, True)
    if _is_part(setting):
        return _inherited(context, setting, governing)
    if context.plan_in_force(setting) or re.search(r"共(?:建|实施|改|新)|期", setting.left):
        return Reading(_TARGET, False)
    return None


def _achieved(context: Context, setting: Setting, last: Hit, described: bool) -> Reading:
    """完成 is done; 就业 or 转移 in a part of a plan is part of that plan."""
    if _is_part(setting) and last.text not in _ENDED and not context.is_realised(setting):
        parent = context.readings[setting.before] if setting.before is not None else None
        if parent and parent.kind is _TARGET:
            return Reading(_TARGET, parent.certain and last.cue is Cue.RESULT)
    words_between = setting.left_end - last.end
    title = (
        _TITLE.match(setting.right) and setting.amount.unit in ("个", "项") and words_between > 2
    )
    if title or _OF_A_TASK.match(setting.right):
        return Reading(_TARGET, False)
    if last.text in ("达到", "达", "实现") and _speaks_of_a_task(context, setting):
        return Reading(_TARGET, False)
    found = last.text in ("发现", "查出", "梳理")
    changed = last.cue in (Cue.MORE, Cue.LESS) or (
        last.text in _HALF_NOUNS and not context.is_realised(setting)
    )
    vague = (
        found
        or changed
        or _FOR_WHOM.search(setting.left)
        or (described and last.text not in _ENDED)
    )
    sure = not vague and context.plan_in_force(setting) == ""
    return Reading(_DONE, sure)


def _speaks_of_a_task(context: Context, setting: Setting) -> bool:
    """今年任务比去年增加120户,达到680户: the subject is in the clause before."""
    if setting.before is None or not re.fullmatch(r"[,、]?达到?|[,、]?实现", setting.left.strip()):
        return False
    before = context.left_hits(COUNTING, context.settings[setting.before])
    return _has(before, Cue.AIM)


def _is_part(setting: Setting) -> bool:
    return setting.joint in ("list", "none", "bracket") or "其中" in setting.left


def _topic(context: Context, setting: Setting, left: list[Hit]) -> Reading | None:
    """What a sentence begins with before it says how far it is: 户厕改造8个,正在施工."""
    if setting.right.endswith(("的任务", "的目标", "的计划")):
        return Reading(_TARGET, True)
    if _TASKS_LISTED.match(context.layout.text, setting.amount.end):
        return Reading(_TARGET, False)
    if setting.depth or any(hit.cue in (Cue.REALISED, Cue.TALLY) for hit in left):
        return None
    if _WHOLE_LIST.search(setting.left) and _LISTED.search(setting.left + setting.right):
        return Reading(_TARGET, False)
    active = _has(left, Cue.ACTIVITY)
    if setting.joint == "start" and not setting.runs_on and (active or not left):
        following = context.layout.text[setting.hi : setting.hi + 28]
        stalled = _UNTOLD.match(following) if active else _STALLED.match(following)
        if active or stalled:
            return Reading(_TARGET if stalled else _DONE, False)
    return Reading(_DONE, False) if active else None


def _inherited(context: Context, setting: Setting, left: list[Hit]) -> Reading:
    """What the nearest counted figure of the sentence is; in a list surely, else probably."""
    if context.layout.text[setting.lo : setting.amount.start].strip() == "/":
        return Reading(_TARGET, False)
    bare = context.is_bare(setting)
    said = any(hit.cue in (Cue.REALISED, Cue.TALLY) for hit in left)
    before = context.readings[setting.before] if setting.before is not None else None
    if before and before.kind is Kind.GROWTH and bare and setting.joint in ("list", "none"):
        return before
    for index in context.earlier(setting):
        earlier = context.readings[index]
        if earlier.kind not in (_DONE, _TARGET, _OTHER) or _is_share(context, index):
            continue
        if said:
            return Reading(_DONE, bare and earlier.kind is not _OTHER)
        row = _is_row(context, setting, index)
        if (
            not row
            and not _is_part(setting)
            and (not bare or _is_lone_part(context, setting, index))
        ):
            break
        spoken = not setting.runs_on and re.search(r"[一-龥]{3}", setting.right)
        sure = earlier.certain and not _has(left, Cue.HAVE) and not spoken
        return Reading(earlier.kind, sure)
    if not said and any(hit.cue is Cue.HAVE and hit.text != "共" for hit in left):
        return Reading(_OTHER, False)
    return Reading(_TARGET if _follows_a_target(context, setting) else _DONE, False)


def _is_row(context: Context, setting: Setting, index: int) -> bool:
    """吉首8户,凤凰6户: short names without a verb, one figure each in the same unit."""
    other = context.settings[index]
    names = (_NAME.fullmatch(each.left.strip()) for each in (other, setting))
    alike = _same_unit(other.amount, setting.amount) and setting.before == index
    return all(names) and alike and not _has(context.left_hits(COUNTING, other), Cue.RESULT)


def _follows_a_target(context: Context, setting: Setting) -> bool:
    """目标100张,护理床位80张: a bare noun behind a target in the same unit."""
    if setting.before is None or context.readings[setting.before].kind is not _TARGET:
        return False
    same = _same_unit(context.settings[setting.before].amount, setting.amount)
    return (
        same
        and setting.joint == "comma"
        and not setting.right.startswith("/")
        and re.match(r"[一-龥]", setting.left) is not None
    )


def _is_lone_part(context: Context, setting: Setting, whole: int) -> bool:
    """任务20个,5个…: a part that names neither a county nor 其中 is no plan of its own."""
    return context.readings[whole].kind is _TARGET and not re.search(r"[一-龥]", setting.left)


def _is_share(context: Context, index: int) -> bool:
    return context.settings[index].amount.unit in ("%", "个百分点")
