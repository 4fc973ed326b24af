"""The likeliest kind of a count that nothing around it settles.

Where no verb of result governs it, what stands before or behind tells more than a guess: a lack, a
heading of troubles, a thing described by 的, a predicate that is no achievement.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from handlers.reading.prose.clauses import Joint, Setting, same_unit
from handlers.reading.prose.context import Context, Reading
from handlers.reading.prose.cues import Cue
from handlers.reading.prose.earned import GOING_ON_OF_IT, is_time, is_whole
from handlers.reading.prose.figures import Kind
from handlers.reading.prose.words import COUNTING, ENDED, has

_FARTHEST = 80
_SHORT_NOUN = 3
_LONGEST_NOUN = 4
_DONE, _TARGET, _OTHER = Kind.DONE, Kind.TARGET, Kind.OTHER
#: What nobody achieves: lacks, losses, mishaps.
_LACK = re.compile(
    r"缺(?!陷)|短缺|损失|受灾|受损|受淹|倒塌|坍塌|垮塌|死亡|失踪|伤亡|受伤|中断|停电|停水|断电|消失|流失|故障"
    r"|损坏|停产|停业(?!整顿)|涉诉|流拍|警情|溺水|逾期|倒闭|歇业|空[仓岗编][一-龥]?|压垮|压塌|冲毁|冲垮|淹没|放弃|扣(?=了|\d|$)|撂荒|闲置|空置|亏损|滑坡|塌方|渗漏|失业|空白|超标|空缺|事故|火灾|欠(?!发达)|(?:致使|造成|导致)"
)
_CAUSED = re.compile(r"致使|造成|导致|因灾")
#: Headings and phrases behind which troubles stand.
_TROUBLE = re.compile(
    r"(?:问题|困难|短板|不足|难点|原因|弱项|差距|薄弱环节|制约因素)"
    r"(?:(?:主要|依然|仍然|还|也|就|则|方面|嘛|呢)*(?:[:是有在]|集中在|体现在|表现为))"
)
_ITEM = re.compile(r"\s*(?:[(\[]?[一二三四五六七八九十\d]{1,2}(?:[)\]、.]|是)|[①-⑩])")
_NOTHING = re.compile(
    r"[,、\s]*(?:其中|另外|另|后续|还有|仅有|只有|有|以及|和|及|但|且|而|目前|现在|现有|主要是|就是|共|[一二三四五六]是)*"
    r"(?:约|近)?\s*"
)
_NO_ACHIEVEMENT = re.compile(
    r"未(?![成来婚])|没(?!收)|不(?![动少断良含锈])|无(?![障偿人线土])|待(?![遇岗])|尚|仍|难|缺|欠|差|因(?![地素])|由(?=[一-龥])|被(?![评授认命列确选])"
    r"|(?<![存所现实内])在(?=[一-龥])|正(?<![真修改矫纠公]正)(?![式常规])|等(?=[一-龥])|降为|过半|老化|漏|只(?=有)|仅(?=有)|暂|滞后|停|受|坏|放弃|卡|垫底|超龄|到期|报废"
)
_ACHIEVEMENT = re.compile(
    r"[一-龥][了好完毕](?!$)?$|了$|能用|可用|到[位货账]|封顶|用上|通(?:水|电|车|气)"
)
_ATTRIBUTE = re.compile(r"的(?:也|仅|只|才|就|共)?(?:有|是|为|达)?(?:约|近|不到|不足|超过?)?$")
_WHOLE = re.compile(
    r"(?:全年|年度|总数|总量|清单(?:内|上)?|应[改建办完培检治销换发]|须[改建]|设计[一-龥]{0,3}|规划[一-龥]{0,3})$"
)
_TASK_BEHIND = re.compile(
    r"[一-龥]{0,4}的?(?:任务|目标|计划)|[一-龥\dA-Z]{0,12}的(?:任务|目标|计划)"
)
_IN_THE_MIDDLE = re.compile(
    r"[一-龥]{0,4}(?<![存所现实内全潜])在(?![一-龥]{0,6}[市县区乡镇村内前上中年])[一-龥]"
)
_AT_LEAST = re.compile(r"(?:不(?:少|低)于|至少|最少)$")
_UP_TO_TASK = re.compile(
    r"距离?[^,;。]{0,6}(?:目标|任务|计划|全年|年度)(?:(?![差缺欠剩])[^,;。]){0,3}$"
)
_ALL_OVER = re.compile(
    r"(?:全部|均已|都已)(?!.{0,2}(?:开工|动工|复工|进场|启动|纳入|破题|铺开))[一-龥]{2,4}$"
)
_SOME_OR_NONE = re.compile(r"的|未|没|不|无法|待|尚|仍")
_USABLE = re.compile(r"(?:能用|可用|好|完|通)的(?:只|仅|就|也)?有?$|(?<![未不])到位$")
_SAID_OVER = re.compile(r"(?<![拖差缺少晚慢等欠延])了(?:不到|不足|约|近|超过?|将近)?$")
_NEEDED = re.compile(r"(?<![急刚供必])需要?[一-龥]{0,4}$")
_LACKED = re.compile(r"(?:缺口|缺额|损失|缺)(?:约|近|达到?|为|有|共)*$")
_LACKED_LAST = re.compile(rf"(?:{_LACK.pattern})[一-龥]{{0,2}}$")
#: 应改31家, 该装2860只
_DUE = re.compile(
    r"(?:(?<![供适相反对响效呼])应|须)(?![急用为是]|该[为是])[一-龥]{1,7}$|(?<!应)该(?![是为])[一-龥]{1,2}$"
)
_TIME_OF_PLAN = re.compile(r"任务|目标|标准|要求")
_OF_EVERY = re.compile(r"每[条个县村镇乡家所支]")
_POSED = re.compile(r"限期[一-龥]{2}$")
_NEGATED = re.compile(r"[一-龥]{0,5}(?:没|未|不(?!少|断))")
_IN_ALL = re.compile(r"总[数量]$")
#: 我乡共1268户: what there is.
_WHAT_THERE_IS = re.compile(
    r"[我本该][一-龥]{1,3}(?:现|共|现共)?有?|全[一-龥](?:现|共|现共)?有|[一-龥]{0,9}(?<!合)总(?![共计投体经产值])[一-龥]{1,2}"
)
#: 比常年低12公斤, 另有6个问题, 够种400亩
_SIDEWAYS = re.compile(r"[较比][一-龥]{1,6}[低高少多快慢]了?$|(?:另|还|尚|仍)有$|够[一-龥]{0,2}$")
_OVER = re.compile(r"已|均|全部")
#: 两万人次参加了培训
_TOOK_PART = re.compile(
    r"[一-龥]{0,6}?(?:已经?|均|都|全部)*(?:参加|接受|获得|享受|领取|领到|得到|取得|通过|完成)了?(?![一-龥]{0,6}的)"
)
_ATTENDED = frozenset("人 人次 名 位 户 户次 家".split())
#: 1567名河长巡河2.86万次: who did it.
_ACTORS = re.compile(
    r"(?:[一-龥]{0,4}(?:[河林田街路链楼]长|干部|党员|民警|医生|医师|教师|专家|志愿者|代表|队员|队伍|专班|工作[人队组][员]?|[网检护协督辅]?[一-龥]员))"
    r"[一-龥]{2,6}$"
)
#: 原报1710个更正为1701个
_FORMERLY = re.compile(r"(?:原[报填写]|[误错][报填写])(?:数|成|为|的|了)*$")
_CORRECTED = re.compile(r"(?:[更订修]正|更改)为$")
#: 每周调度1次
_ROUTINE = re.compile(
    r"每(?:个?[周月日天旬年]|半[月年]|季度?|个?星期)(?:(?!不[少低]于|至少|最少)[^,;。\d]){0,8}$"
)
_TIMES = frozenset("次 场 期 轮 回".split())
_HAPPENED = re.compile(r"(?:发生|出现)[一-龥]{0,5}$")
_ALL_DONE = re.compile(r"[都均全][一-龥]{1,3}了$")
_UNABLE = re.compile(r"不了|没法|无法|暂时|暂未|做不|办不")
_CONDITION = re.compile(
    r"(?<!倘)若(?!干)|(?:^|[,;:。])如(?![期实下])|如果|倘若|要是|否则|一旦|最多再"
)
_LEVEL_OF_TIME = re.compile(
    r"(?:天数|时限|时间|时长|压缩[到至]|缩短[到至]|[压缩]减[到至])(?:约?为|是|达到?)?$|优良[一-龥]{0,2}$|(?:累计)$"
)
_RUNNING = re.compile(r"连续$")
_ROUNDED = Decimal("0.06")
_GOING_ON = re.compile(r"(?<![存所现实内全潜])在[一-龥]{1,2}$")
_BEYOND = re.compile(
    r"(?:超|落后|滞后|低于|高于|多于|少于|快于|慢于|不及|欠)(?:[一-龥]{0,6})(?:任务|目标|计划|序时|进度)[一-龥]{0,2}$"
)
_AGAINST = re.compile(r"[较比](?:上|去|年初|前)[一-龥]{0,3}(?:推进|新增|增加|增|多|前进|完成)$")


def likeliest(context: Context, setting: Setting, reading: Reading) -> Kind | None:
    """The kind to propose for an uncertain count, or None where *reading* says it best."""
    if not setting.left and not setting.right:
        return None
    if _BEYOND.search(setting.left):
        return _OTHER
    if _is_told_of_others(setting):
        return _OTHER
    if _SIDEWAYS.search(setting.left) and not has(
        context.right_hits(COUNTING, setting), Cue.RESULT
    ):
        return _OTHER
    if reading.kind is not _TARGET and _DUE.search(setting.left):
        return _TARGET
    if is_time(context, setting):
        level = _LEVEL_OF_TIME.search(setting.left) is not None
        return (
            _OTHER
            if (reading.kind is _DONE and not level) or _RUNNING.search(setting.left)
            else None
        )
    if _AGAINST.search(setting.left):
        return Kind.GROWTH
    if _makes_a_share(context, setting):
        return _DONE
    if reading.kind is _DONE:
        return next(filter(None, _proposals(context, setting)), None)
    return _reconsidered(context, setting, reading.kind)


def _is_told_of_others(setting: Setting) -> bool:
    """Actors, what was reported before, how often something is done: none is a result."""
    opens = setting.runs_on and setting.joint is Joint.START
    actors = opens and setting.amount.unit in _ATTENDED and _ACTORS.match(setting.right)
    routine = setting.amount.unit in _TIMES and _ROUTINE.search(setting.left)
    return bool(actors or routine or _FORMERLY.search(setting.left))


def _reconsidered(context: Context, setting: Setting, kind: Kind) -> Kind | None:
    """What speaks against a target or a remainder: 其他县不少于2000个, 2座在架梁, 总数400盏."""
    if _NOTHING.fullmatch(setting.left) and _IN_THE_MIDDLE.match(setting.right):
        return _OTHER
    if kind is _OTHER and _CORRECTED.search(setting.left):
        return _DONE
    if kind is _TARGET and context.plan_in_force(setting) is None and _is_no_plan(context, setting):
        return _OTHER
    hits = context.left_hits(COUNTING, setting)
    if kind is _OTHER and context.ahead[setting.sentence] and hits:
        if hits[-1].cue is Cue.UNDERWAY:
            return _TARGET
    if kind is _OTHER and _AT_LEAST.search(setting.left):
        return _TARGET
    if kind is _OTHER and _IN_ALL.search(setting.left) and _is_of_done(context, setting):
        return _TARGET
    if kind is _OTHER and _UP_TO_TASK.search(setting.left):
        return _TARGET
    over = _ALL_OVER.search(setting.right) and not _SOME_OR_NONE.search(setting.right)
    if kind is _OTHER and (over or _USABLE.search(setting.left)):
        return _DONE
    said = _SAID_OVER.search(setting.left) or _USABLE.search(setting.left)
    told = said and kind is _TARGET and not context.plan_in_force(setting)
    return _DONE if told else None


def _proposals(context: Context, setting: Setting) -> Iterator[Kind | None]:
    hits = context.left_hits(COUNTING, setting)
    achieved = has(hits, Cue.RESULT) or has(hits, Cue.REALISED) or has(hits, Cue.TALLY)
    if _in_trouble(context, setting) and not achieved:
        yield _OTHER
    if _NEEDED.search(setting.left):
        yield _TARGET
    if _CONDITION.search(_said_before(context, setting)):
        yield _TARGET
    if _HAPPENED.search(setting.left) or _POSED.search(setting.left):
        yield _OTHER
    if _NEGATED.match(setting.right) and not setting.runs_on:
        yield _OTHER
    if _UNABLE.search(setting.right) or _LACKED.search(setting.left) or _is_where(context, setting):
        yield _OTHER
    if (
        setting.left.endswith(setting.amount.unit)
        and setting.amount.unit
        and is_whole(context, setting)
    ):
        yield _TARGET
    if _TASK_BEHIND.match(setting.right) and not any(hit.text in ENDED for hit in hits):
        yield _TARGET
    if _GOING_ON.search(setting.left):
        yield _OTHER
    yield _of_an_attribute(context, setting)
    level = setting.left.endswith(("达", "达到"))
    if (
        not level
        and _WHAT_THERE_IS.fullmatch(setting.left)
        and not context.right_hits(COUNTING, setting)
    ):
        yield _OTHER
    if achieved:
        return
    lack = _LACK.search(setting.left)
    mended = lack and any(
        hit.end <= setting.lo + lack.end() for hit in hits if hit.cue is Cue.ACTIVITY
    )
    if (lack and not mended) or _is_caused(context, setting):
        yield _OTHER
    if _WHOLE.search(setting.left) or _is_made_up(context, setting):
        yield _TARGET
    if _OF_EVERY.search(setting.left) and _TIME_OF_PLAN.search(_said_before(context, setting)):
        yield _TARGET
    yield _of_a_subject(context, setting)
    if setting.joint is Joint.START and not setting.depth and not has(hits, Cue.ACTIVITY):
        if _has_a_part(context, setting):
            yield _TARGET
    if context.ahead[setting.sentence]:
        yield _TARGET


def _is_no_plan(context: Context, setting: Setting) -> bool:
    """塌方14处, 2个缺能耗指标: parts and wholes that nobody planned."""
    if _LACKED_LAST.search(setting.left):
        return True
    if not _NOTHING.fullmatch(setting.left) or not setting.right:
        return False
    right = context.right_hits(COUNTING, setting)
    return has(right, Cue.SCOPE) or has(right, Cue.SHORT) or bool(_LACK.search(setting.right))


def _of_an_attribute(context: Context, setting: Setting) -> Kind | None:
    """缺的2个村, 矛盾大的4个小区 are which; 改好的22家 and 没改的3家 say how many."""
    found = _ATTRIBUTE.search(setting.left)
    if not found or _ALL_DONE.search(setting.right) or setting.left.endswith("的是"):
        return None
    words = setting.left[: found.start()]
    if _NO_ACHIEVEMENT.search(words):
        return _OTHER
    named = setting.right.strip() and re.match(r"[一-龥]", setting.right)
    done = has(context.left_hits(COUNTING, setting), Cue.RESULT)
    return _OTHER if named and not done else None


def _is_where(context: Context, setting: Setting) -> bool:
    """食堂(11所学校)6200平方米, 3150万元,63个村: how many they are is said by the way."""
    before = context.settings[setting.before].amount if setting.before is not None else None
    if setting.depth and re.fullmatch(r"含?|[一-龥]{0,4}", setting.left) and not before:
        return setting.left.startswith("含")
    alone = not setting.left.strip(",、 ") and re.match(r"[一-龥]", setting.right)
    if not alone or before is None or setting.joint not in (Joint.COMMA, Joint.BRACKET):
        return False
    if setting.joint is Joint.BRACKET:
        return before.unit != setting.amount.unit
    return before.unit in ("元", "%") and len(setting.right) <= _SHORT_NOUN


def _is_made_up(context: Context, setting: Setting) -> bool:
    """18座,14座能用了,另外4座…: the figures behind it are all of its parts."""
    if len(setting.right) > _LONGEST_NOUN and _NOTHING.fullmatch(setting.left):
        return False
    total, whole = 0, setting.amount.value
    for other in context.settings[setting.at + 1 : setting.at + 6]:
        if other.sentence != setting.sentence or GOING_ON_OF_IT.search(other.left):
            return False
        if not same_unit(other.amount, setting.amount):
            continue
        total += int(other.amount.value)
        if total >= whole:
            return total == whole and other.amount.value < whole
    return False


def _makes_a_share(context: Context, setting: Setting) -> bool:
    """125户,达到任务222户的56.3%: so many of the planned are just that share."""
    if setting.amount.unit in ("%", "") or setting.depth:
        return False
    following = context.settings[setting.at + 1 : setting.at + 3]
    near = [other for other in following if other.sentence == setting.sentence]
    if len(near) < 2 or near[1].amount.unit != "%" or not near[0].amount.value:
        return False
    whole, share = near[0].amount, near[1].amount.value
    fits = abs(setting.amount.value * 100 / whole.value - share) < _ROUNDED
    return fits and same_unit(whole, setting.amount) and "的" in near[1].left


def _has_a_part(context: Context, setting: Setting) -> bool:
    """我们街道28个小区,物业全覆盖的19个: what a sentence opens with, and some of it."""
    named = re.match(r"[一-龥]{2}", setting.right) and not setting.left.endswith(("对", "向", "为"))
    if not named or context.right_hits(COUNTING, setting):
        return False
    for other in context.settings[setting.at + 1 : setting.at + 3]:
        if other.sentence == setting.sentence and same_unit(other.amount, setting.amount):
            return other.amount.value < setting.amount.value
    return False


def _is_of_done(context: Context, setting: Setting) -> bool:
    """完成120盏,总数400盏: what was done before is a part of it."""
    for index in context.earlier(setting):
        if same_unit(context.settings[index].amount, setting.amount):
            part = context.settings[index].amount.value < setting.amount.value
            return part and context.readings[index].kind is _DONE
    return False


def _said_before(context: Context, setting: Setting) -> str:
    """The words of the sentence before a figure, as far back as they may matter."""
    begin = max(context.layout.begins[setting.sentence], setting.left_end - _FARTHEST)
    return context.layout.text[begin : setting.left_end]


def _is_caused(context: Context, setting: Setting) -> bool:
    """暴雨致使6个乡镇受灾,倒塌房屋17间."""
    begin = context.layout.begins[setting.sentence]
    return bool(context.matches(_CAUSED, begin, setting.left_end))


def _of_a_subject(context: Context, setting: Setting) -> Kind | None:
    """3个项目用地未批: a figure that opens its clause, and what is said of the things counted."""
    if not _NOTHING.fullmatch(setting.left) or not re.match(r"[一-龥]{2}", setting.right):
        return None
    if _LACK.search(setting.right) or _NO_ACHIEVEMENT.search(setting.right):
        return _OTHER
    if has(context.right_hits(COUNTING, setting), Cue.RESULT) or _ACHIEVEMENT.search(setting.right):
        return None
    if setting.amount.unit in _ATTENDED and _TOOK_PART.match(setting.right):
        return None
    told = setting.joint in (Joint.START, Joint.COMMA, Joint.SEMICOLON, Joint.COLON)
    return _OTHER if told and len(setting.right) > 3 else None


def _in_trouble(context: Context, setting: Setting) -> bool:
    """Whether a heading of troubles stands before, in the sentence or above its list."""
    layout, sentence = context.layout, setting.sentence
    begin = layout.begins[sentence]
    if context.matches(_TROUBLE, begin, setting.left_end):
        return True
    while sentence > 0 and _ITEM.match(layout.text, layout.begins[sentence]):
        sentence -= 1
        if context.matches(_TROUBLE, *layout.span_of(sentence)):
            return True
    return False
