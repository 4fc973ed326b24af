"""Which kind a percentage is: of the task, the reporter's judgement, another rate, a change."""

import re
from dataclasses import replace
from decimal import Decimal

from handlers.reading.prose.clauses import Joint, Setting
from handlers.reading.prose.context import Context, Plan, Reading
from handlers.reading.prose.cues import Cue, Hit
from handlers.reading.prose.figures import Kind
from handlers.reading.prose.words import SHARING

_NOUNS = {
    Cue.PERCENT: Kind.PERCENT,
    Cue.STATED: Kind.STATED,
    Cue.RATE: Kind.RATE,
    Cue.SCHEDULE: Kind.OTHER,
}
_NOT_REACHED = re.compile(
    r"(?:未|没|没有|不|难以|无法|不能)[能曾均]?(?:达|到|完成)[^,;。]{0,2}$|[达到]不到$"
)
#: 完成60%墙体砌筑 is no share of the task.
_OF_WORKS = re.compile(
    r"(?!左右|以上|以下|以内|多|的|和|及|与|以|为|在|较|比|同|占|其|吉|花|完成|培训)[一-龥]{2}"
)
#: They may be of the task, of the works or of the time.
_VAGUE = frozenset(("进度", "完成进度", "完成情况"))
_ROUNDED = Decimal("0.1")
_SHARES = frozenset(_NOUNS.values())
_PART_OF_A_BUILDING = re.compile(
    r"主体|标段|[一二三四五]期|基础|土建|土石方|桩基|路基|路面|装修|封顶|管网|结构|砌体|桥梁|隧道"
    r"|机电|设备|道面|[幕外内]墙|墙[体面]|屋面|电梯|门窗|绿化|附属"
)
_OF_THAT = re.compile(
    r"\s*(?:/[一-龥]{1,3})?(?:年度|年|建设|改造|目标)*(?:(?:任务|计划|目标)[数量]?)?的[近约超]?\s*"
)
_OF_A_BUDGET = re.compile(r"[占为](?:年初|年度|全年|当年|本级)?预算")
_INCOME = re.compile(r"收入|税|入库|征收")
_SHORTENED = re.compile(r"(?:时限|时间|环节|材料|周期|流程|工期)[一-龥]{0,6}$")
_OF_SOME = re.compile(r"\s*(?:左右|以上)?的[一-龥]")
#: 百分之四十四的案件办结
_ALL_OVER = re.compile(r"(?<![未没不])(?:办结|完成|完工|竣工|建成)$")
_THE_REST = re.compile(r"(?:其余|剩余|剩下|余下)的?$")
#: 自评完成80%
_OWN_WORD = re.compile(r"自[评报查]")
#: 材料价格上涨约8%, 空气改善幅度8.9%: against what is not said, nor whether it is wanted.
_OF_PRICES = re.compile(
    r"(?:(?:材料|价格|造价|成本|物价)[一-龥]{0,4}(?:上涨|涨价?)|涨价|改善幅度)(?:约|近|达|超|了)*$"
)
_NOTHING_SAID = re.compile(
    r"[\s,、(/:差不多大概才仅只也就有已约近超过达到现在目前累计大概了的正好刚折合算下来是]*$"
)
#: 高于60%的省定标准
_SET_ABOVE = re.compile(r"[省州市国县部][定家里级][^,;。\d]{0,4}$")
_WANTED_BEHIND = re.compile(r"\s*(?:的)?(?:目标|要求|标准|指标|底线)")
_IS_WANTED = re.compile(r"\s*的[一-龥]{0,4}(?:要求|标准|目标|底线)")
#: 占应配套数的54.7%: of those that it is due for, which no plan has counted.
_OF_THOSE_DUE = re.compile(r"占(?:全[年州市县省区]|年度)?(?:应|需|须)[^,;。\d]{1,12}的?$")
#: 超额12.25%: so much more than the task; 一个100%完成.
_OVER_THE_TASK = re.compile(r"超额(?:完成)?(?:了|约|近)?$")
_IS_DONE = re.compile(r"\s*完成(?:[,;。、]|$)")
_OF_TASKS = re.compile(r"任务|计划|目标|工程量")
#: 年底入住率要到90%: a level that has to be.
_HAS_TO_BE = re.compile(
    r"(?:(?<![主重摘紧概])要|(?<![取获值])得|(?<![供适相反对响效])应当?|须|需|务必)(?:再)?"
    r"(?:(?:提[高升]|上升|增加|下?降|压降|保持|稳定|控制)?[到至在](?:了)?|达到?|有|过|超过?)(?:约)?$"
)
_FELL_SHORT = re.compile(r"落后|低于|滞后|差|慢于|不及|距")


def share_kind(context: Context, setting: Setting) -> Reading:
    """The kind of a figure in per cent."""
    left = context.left_hits(SHARING, setting)
    above = _SET_ABOVE.search(setting.left) and _WANTED_BEHIND.match(setting.right)
    if above or _IS_WANTED.match(setting.right):
        return Reading(Kind.TARGET, False)
    for rule in (_of_those_due, _of_a_target, _changed, _named, _completed):
        if reading := rule(context, setting, left):
            unreached = reading.certain and _NOT_REACHED.search(setting.left)
            return replace(reading, certain=False) if unreached else reading
    return _inherited(context, setting, left)


def _of_those_due(context: Context, setting: Setting, left: list[Hit]) -> Reading | None:
    """占应配套数的54.7%, 占应完成任务的62%; 入住率要到90% is what has to be."""
    if _HAS_TO_BE.search(setting.left):
        return Reading(Kind.TARGET, True)
    if not (due := _OF_THOSE_DUE.search(setting.left)):
        said = _OVER_THE_TASK.search(setting.left) or (not left and _IS_DONE.match(setting.right))
        return Reading(Kind.PERCENT, False) if said and not context.plan_in_force(setting) else None
    begin = setting.left_end - len(due[0])
    if any(hit.cue is Cue.PLAN and hit.start < begin for hit in left):
        return Reading(Kind.TARGET, False)
    return Reading(Kind.PERCENT if _OF_TASKS.search(due[0]) else Kind.RATE, False)


def points_kind(context: Context, setting: Setting) -> Reading:
    """Percentage points; those lost against an earlier time are negative, a shortfall is not."""
    left = context.left_hits(SHARING, setting)
    less = [hit for hit in left if hit.cue is Cue.LESS]
    short = _FELL_SHORT.search(setting.left) is not None
    if len(less) > 1 or (less and less[-1].text in ("收窄", "缩小")):
        return Reading(Kind.POINTS, False)  # a fall that shrinks: which way is up?
    return Reading(Kind.POINTS, True, negative=bool(less) and not short)


def _of_a_target(context: Context, setting: Setting, left: list[Hit]) -> Reading | None:
    """完成年任务680户的3.3%: the planned figure stands inside the phrase."""
    if setting.before is None or not _OF_THAT.fullmatch(setting.left):
        return None
    if context.readings[setting.before].kind is not Kind.TARGET:
        return None
    return Reading(Kind.PERCENT, context.plan_in_force(setting) is None)


def _changed(context: Context, setting: Setting, left: list[Hit]) -> Reading | None:
    """同比增长6.5%, 下降2%; 提高到95% is a level of what was named before."""
    change = [hit for hit in left if hit.cue in (Cue.MORE, Cue.LESS, Cue.LEVEL)]
    clause = context.hits(SHARING, setting.begin, setting.left_end, setting.depth)
    nouns = [hit for hit in clause if hit.cue in _NOUNS]
    compared = [hit for hit in left if hit.cue is Cue.AGAINST]
    if compared and not change and compared[-1] is left[-1]:
        return Reading(Kind.GROWTH, False)
    if not change or (nouns and nouns[-1].start > change[-1].start):
        return None
    last = change[-1]
    if last.cue is Cue.LEVEL:
        return _level(context, setting, nouns)
    if context.plan_in_force(setting):
        return Reading(Kind.TARGET, False)
    if last.cue is Cue.LESS and _SHORTENED.search(setting.left[: -len(last.text)]):
        return Reading(Kind.RATE, False)
    plain = last.text not in ("压缩", "缩小", "收窄", "扩大", "减排")
    plain = plain and not _OF_PRICES.search(setting.left)
    plain = plain and not setting.amount.is_limit  # 增长6%以上 is as often wanted
    return Reading(Kind.GROWTH, plain, negative=last.cue is Cue.LESS)


def _level(context: Context, setting: Setting, nouns: list[Hit]) -> Reading:
    if plan := context.plan_in_force(setting):
        former = setting.joint is Joint.WORDS  # 由预期的80%降为55%
        return Reading(Kind.TARGET, plan is not Plan.BESIDE and not former)
    if "控制" in setting.left:
        named = nouns and setting.left_end - nouns[-1].end <= 4
        return Reading(Kind.RATE if named else Kind.TARGET, False)
    if nouns:
        return Reading(_NOUNS[nouns[-1].cue], nouns[-1].cue is not Cue.SCHEDULE)
    for index in context.earlier(setting):
        if context.readings[index].kind in _SHARES and context.settings[index].amount.unit == "%":
            return Reading(context.readings[index].kind, context.readings[index].certain)
    return Reading(Kind.RATE, False)


def _named(context: Context, setting: Setting, left: list[Hit]) -> Reading | None:
    """合格率98%, 完成年任务的28.5%, 形象进度30%; under a plan a required rate."""
    if budget := _of_a_budget(context, setting):
        return budget
    nouns = _nouns(context, setting, left)
    aims = [hit for hit in left if hit.cue is Cue.AIM]
    if not nouns:
        return Reading(Kind.TARGET, True) if aims else None
    kind = _NOUNS[nouns[-1].cue]
    if nouns[-1].cue is Cue.SCHEDULE and nouns[-1].text[0] in "为是相":
        kind = Kind.RATE
    if kind is Kind.STATED and nouns[-1].end < setting.begin and "完成" in setting.left:
        return Reading(Kind.PERCENT, False)
    planned = context.plan_in_force(setting)
    if planned in (Plan.HERE, Plan.WANTED):
        return Reading(Kind.TARGET, True)
    if planned is Plan.CARRIED:
        return Reading(kind, False)
    if aims and aims[-1].start > nouns[-1].start:
        return Reading(Kind.TARGET, True)
    if nouns[-1].text in ("占比", "占") and _is_the_share(context, setting):
        return Reading(Kind.PERCENT, _has_a_target(context, setting, surely=True))
    alone = nouns[-1].text == "占" and setting.left_end - nouns[-1].end <= 1
    if alone and _has_a_target(context, setting):
        return Reading(Kind.PERCENT, False)
    if nouns[-1].text == "进度" and _is_the_share(context, setting):
        return Reading(Kind.PERCENT, False)
    paid = nouns[-1].cue is Cue.RATE and nouns[-1].text.endswith("进度")
    vague = paid or nouns[-1].cue is Cue.SCHEDULE or nouns[-1].text in _VAGUE
    return Reading(kind, not alone and not vague)


def _has_a_target(context: Context, setting: Setting, surely: bool = False) -> bool:
    """Whether its sentence names one before, in brackets or not."""
    settings = context.settings[max(0, setting.at - 8) : setting.at]
    return any(
        context.readings[other.at].kind is Kind.TARGET
        and other.sentence == setting.sentence
        and (context.readings[other.at].certain or not surely)
        for other in settings
    )


def _nouns(context: Context, setting: Setting, left: list[Hit]) -> list[Hit]:
    """The nouns that name a share: its own, else those of its clause or of its heading."""
    nouns = [hit for hit in left if hit.cue in _NOUNS]
    if not nouns and setting.left.strip() in ("到", "至", "达到"):
        clause = context.hits(SHARING, setting.begin, setting.lo, setting.depth)
        nouns = [hit for hit in clause if hit.cue in _NOUNS]
    nouns = nouns or _heading(context, setting)
    if nouns[:-1] and nouns[-1].text in ("占比", "比重", "比例"):
        return nouns[:-1]  # 占年度计划的比重
    return nouns


def _of_a_budget(context: Context, setting: Setting) -> Reading | None:
    """What came in is measured by the budget as by a task; what was spent is not."""
    if not _OF_A_BUDGET.search(setting.left):
        return None
    if context.plan_in_force(setting):
        return Reading(Kind.TARGET, False)
    before = context.layout.text[max(0, setting.begin - 60) : setting.left_end]
    return Reading(Kind.PERCENT if _INCOME.search(before) else Kind.RATE, False)


def _is_the_share(context: Context, setting: Setting) -> bool:
    """任务120公里,完成90公里,占比75%: the figures before it make this very share."""
    wholes, parts = list[Decimal](), list[Decimal]()
    for index in context.earlier(setting):
        kind, value = context.readings[index].kind, context.settings[index].amount.value
        if kind is Kind.TARGET and value > 0:
            wholes.append(value)
        elif kind in (Kind.DONE, Kind.MONEY):
            parts.append(value)
    given = setting.amount.value
    return any(abs(part * 100 / whole - given) < _ROUNDED for whole in wholes for part in parts)


def _heading(context: Context, setting: Setting) -> list[Hit]:
    """The noun before a colon that governs the list after it: 完成率:吉首市100%."""
    if setting.begin == 0 or context.layout.text[setting.begin - 1] != ":":
        return []
    hits = context.hits(SHARING, max(0, setting.begin - 30), setting.begin, setting.depth)
    sentence = context.layout.sentence
    return [h for h in hits if h.cue in _NOUNS and sentence[h.start] == setting.sentence]


def _completed(context: Context, setting: Setting, left: list[Hit]) -> Reading | None:
    """完成45% without a noun is of the task; of a part of a building it may be either."""
    achieved = [
        hit for hit in left if hit.cue is Cue.RESULT and hit.text.startswith(("完成", "做"))
    ]
    if context.plan_in_force(setting) not in (None, Plan.BESIDE):
        return Reading(Kind.TARGET, bool(left))
    if left and left[-1].cue is Cue.SHORT:
        return Reading(Kind.OTHER, False)
    if not achieved:
        return None
    part = (
        _PART_OF_A_BUILDING.search(setting.left)
        or _OF_SOME.match(setting.right)
        or _OF_WORKS.match(setting.right)
    )
    if _OWN_WORD.search(setting.left):
        return Reading(Kind.STATED, False)
    return Reading(Kind.PERCENT, part is None)


def _inherited(context: Context, setting: Setting, left: list[Hit]) -> Reading:
    """The kind of the percentage before in the sentence; beside a count, a guess."""
    if _OF_SOME.match(setting.right):
        over = _ALL_OVER.search(setting.right) is not None
        return Reading(Kind.PERCENT if over else Kind.RATE, False)
    if _THE_REST.search(setting.left):
        return Reading(Kind.RATE, False)
    for index in context.earlier(setting):
        earlier = context.readings[index]
        bare = context.is_bare(setting)
        if context.settings[index].amount.unit != "%":
            continue
        if earlier.kind is Kind.GROWTH and bare and setting.joint is Joint.LIST:
            return earlier
        if earlier.kind is Kind.TARGET and _has_come(left):
            continue
        if earlier.kind in (*_SHARES, Kind.TARGET):
            return Reading(earlier.kind, earlier.certain and (bare or setting.joint is Joint.LIST))
    for hit in reversed(context.sentence_hits(SHARING, setting)):
        if hit.cue in _NOUNS and hit.text != "占":
            return Reading(_NOUNS[hit.cue], False)
    return _beside_a_count(context, setting)


def _has_come(left: list[Hit]) -> bool:
    """我们现在是91.3% is no target, although one stands before."""
    return any(hit.cue is Cue.REALISED for hit in left)


def _beside_a_count(context: Context, setting: Setting) -> Reading:
    """A percentage with nothing but 才 or a comma before it is most likely of the task."""
    if not _NOTHING_SAID.match(setting.left):
        return Reading(Kind.RATE, False)
    before = setting.before
    part = before is not None and (
        "其中" in context.settings[before].left or context.readings[before].kind is Kind.OTHER
    )
    return Reading(Kind.RATE if part else Kind.PERCENT, False)
