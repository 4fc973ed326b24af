"""Counts that are told as a whole and its parts: how many there are, how many of them are done."""

import re
from decimal import Decimal

from handlers.reading.prose.clauses import Joint, Setting, same_unit
from handlers.reading.prose.context import Context
from handlers.reading.prose.earned import GOING_ON_OF_IT
from handlers.reading.prose.figures import Kind
from handlers.reading.prose.words import COUNTING

_SHORT_NOUN = 3
_LONGEST_NOUN = 4
#: Handed down or taken on: 省交办21件化解17件, 我们领了3件.
_HANDED_DOWN = re.compile(
    r"(?:交办|转办|领办|认领|领|下派|派发|派单|牵头|承担|负责|安排|分解|分配|分摊|分得)了?(?:任务|事项|项目|问题|线索|工单|案件|信访件)?$"
)
#: 全部7个标段中, 第二批5所中, “芙蓉学校”项目12所中
_ALL_OF_THEM = re.compile(r"(?:第[一二三四五六七八九十]+[批期]|全部|工程的?\"?|项目\"?)$")
_AMONG = re.compile(r"[一-龥]{0,10}?(?:里头?|(?<![集其高初空])中)(?:$|[,真有的只已仅])")
_GOAL = re.compile(r"目标|任务")
#: 冷链项目5个, 图斑1043个: what the work is on.
_PROJECTS = re.compile(r"(?:项目|工程|图斑|示范[村点片区])$")
#: 规范化建设共21个,其中…
_IN_ALL = re.compile(r"(?:建设|改造|实施|创建|整治|治理)共(?:有|计)?$")
_FAR_AHEAD = 6
_WORKS = re.compile(r"(?:建设|改造|配备|提升|整治|治理|创建|修缮|加固|达标)$")
#: 360个学位开学用上了, 是320张不是302张: said of these themselves.
_OF_ITSELF = re.compile(r"^(?:不是|并非|而非)|[一-龥][上好完成通到齐]了?$")
_OVER = re.compile(r"了$")
_MEASURE = re.compile(r"总?(?:容量|装机|装机容量|库容|处理能力)")
_TOTAL = re.compile(r"(?:总数|总量|累计)(?:达到?|为|到)?")
_WITH = re.compile(r"(?:以上)?的(?:有|为|共)?")
_ROUNDED = Decimal("0.06")
NOTHING = re.compile(
    r"[,、\s]*(?:其中|另外|另|后续|还有|仅有|只有|有|以及|和|及|但|且|而|目前|现在|现有|主要是|就是|共|[一二三四五六]是)*"
    r"(?:约|近)?\s*"
)


def is_where(context: Context, setting: Setting) -> bool:
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


def is_made_up(context: Context, setting: Setting) -> bool:
    """18座,14座能用了,另外4座…: the figures behind it are all of its parts."""
    if len(setting.right) > _LONGEST_NOUN and NOTHING.fullmatch(setting.left):
        return False
    if setting.joint is Joint.WORDS and _OVER.search(context.settings[setting.before or 0].left):
        return False  # 抽了5个村25户
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


def makes_a_share(context: Context, setting: Setting) -> bool:
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


def is_a_share(context: Context, setting: Setting) -> bool:
    """累计1876人,年任务2000,完成93.8: the sign of a percentage was left out."""
    amount = setting.amount
    if amount.unit or amount.value % 1 == 0:
        return False
    wholes, parts = list[Decimal](), list[Decimal]()
    for index in context.earlier(setting):
        sort, value = context.readings[index].kind, context.settings[index].amount.value
        if sort is Kind.TARGET and value > 0:
            wholes.append(value)
        elif sort is Kind.DONE:
            parts.append(value)
    return any(
        abs(part * 100 / whole - amount.value) < _ROUNDED for whole in wholes for part in parts
    )


def has_a_part(context: Context, setting: Setting) -> bool:
    """我们街道28个小区,物业全覆盖的19个: what a sentence opens with, and some of it."""
    named = re.match(r"[一-龥]{2}", setting.right) and not setting.left.endswith(("对", "向", "为"))
    spoken = _OF_ITSELF.search(setting.right) or context.right_hits(COUNTING, setting)
    if not named or spoken:
        return False
    for other in context.settings[setting.at + 1 : setting.at + 3]:
        if other.sentence == setting.sentence and same_unit(other.amount, setting.amount):
            return other.amount.value < setting.amount.value
    return False


def is_of_done(context: Context, setting: Setting) -> bool:
    """完成120盏,总数400盏: what was done before is a part of it."""
    for index in context.earlier(setting):
        if same_unit(context.settings[index].amount, setting.amount):
            part = context.settings[index].amount.value < setting.amount.value
            return part and context.readings[index].kind is Kind.DONE
    return False


def is_list_of_work(context: Context, setting: Setting) -> bool:
    """省交办21件化解17件, 第二批5所中, 冷链项目5个,…3个已投产: so many are to be done."""
    if _HANDED_DOWN.search(setting.left) and not setting.quoted:
        return _is_told_in_part(context, setting)
    if _AMONG.match(setting.right):
        begin = context.layout.begins[setting.sentence]
        goal = context.matches(_GOAL, begin, setting.lo)
        return bool(_ALL_OF_THEM.search(setting.left) or goal)
    opens = setting.joint is Joint.START and not setting.depth and not setting.runs_on
    if opens and _IN_ALL.search(setting.left) and not context.is_realised(setting):
        return _is_told_in_part(context, setting)
    bare = opens and not context.left_hits(COUNTING, setting)
    return bare and bool(_PROJECTS.search(setting.left)) and _is_told_in_part(context, setting)


def _is_told_in_part(context: Context, setting: Setting) -> bool:
    """Whether the sentence goes on with some of the same things."""
    following = context.settings[setting.at + 1 : setting.at + 1 + _FAR_AHEAD]
    return any(
        other.amount.value <= setting.amount.value
        for other in following
        if other.sentence == setting.sentence and same_unit(other.amount, setting.amount)
    )


def is_topic(context: Context, setting: Setting) -> bool:
    """六家疾控中心标准化建设:…: what a sentence names before its colon is how many there are."""
    opens = setting.joint is Joint.START and not setting.left.strip()
    ends = context.layout.text[setting.hi : setting.hi + 1] == ":"
    return opens and ends and _WORKS.search(setting.right) is not None


def sums_up(context: Context, setting: Setting) -> bool:
    """净增19家、总数221家; 新增97台、容量19.4兆伏安: the same work in another measure."""
    before = setting.before
    if before is None or setting.joint not in (Joint.LIST, Joint.COMMA):
        return False
    done = context.readings[before].kind in (Kind.DONE, Kind.GROWTH)
    if _MEASURE.fullmatch(setting.left.strip(",、 ")):
        return context.readings[before].kind is Kind.DONE
    whole, part = setting.amount, context.settings[before].amount
    total = _TOTAL.fullmatch(setting.left.strip(",、 ")) is not None
    return done and total and same_unit(whole, part) and part.value < whole.value


def is_complete(context: Context, setting: Setting) -> bool:
    """完成率达到100%的有25项: so many are done."""
    if setting.before is None or not _WITH.fullmatch(setting.left):
        return False
    share = context.settings[setting.before].amount
    full = share.unit == "%" and share.value >= 100
    return full and "完成" in context.settings[setting.before].left
