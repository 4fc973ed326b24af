"""Which kind an amount of money is: spent or raised, planned, a standard, missing, a change."""

import re

from handlers.reading.prose.clauses import Joint, Setting, is_part
from handlers.reading.prose.context import Context, Plan, Reading
from handlers.reading.prose.cues import Cue, Hit
from handlers.reading.prose.figures import Kind
from handlers.reading.prose.words import PAYING

_MONEY, _TARGET = Kind.MONEY, Kind.TARGET
#: 完成总投资1.65亿元的62%
_OF_IT = re.compile(r"\s*的[近约超]?\s*")
_RECOVERED = re.compile(r"追|挽回|清欠|清偿|化解|支付|发放|兑")
#: 同比多减6200万元: fewer taxes, but more of what was wanted.
_MORE_OF_LESS = re.compile(r"[多少][减降退缴]")
#: 省级资金9800万元只用了3136万元
_USED = re.compile(r"(?:只|仅|才|实际|已)(?:用|支|花|付|拨|使用|完成)")
_SPENT = re.compile(r"[用支花付拨][一-龥]?了?$")
_TASK_BEHIND = re.compile(r"[一-龥]{0,4}(?:任务|计划|目标)")
_OF_A_PROJECT = re.compile(r"的?[一-龥]{2,12}?(?:工程|项目)(?=$|[共总已由预安计分])")
#: 比省定标准(230元/月)高13元
_SET_STANDARD = re.compile(
    r"(?:[省州市县国中][定级家央]|最低|规定|上级|约束性)[一-龥]{0,6}(?:标准|要求|线|水平|指标)\($"
)
_DUE = re.compile(r"(?<![供适相反对响效呼])应(?![急用对届收战聘付])|(?<![还尚急刚供必])需(?!求)")
_EACH = re.compile(r"每[一-龥]{1,2}(?:补助|补贴|奖补|安排)?$")
_NOT_THERE = re.compile(r"[一-龥]{0,10}?(?:未|没有|尚缺)")
_BEYOND = re.compile(
    r"(?:超|超过|超出|高于|高出|低于|多于)[^,;。\d]{0,10}(?:标准|水平|平均|均值|同期|预期)$"
)
_QUALIFIES = re.compile(r"(?:及)?以[上下内]的[一-龥](?!务|标|划)")
_ARRANGED = re.compile(r"已|共|累计|先后|实际")
_KINDS = frozenset({Cue.GAP, Cue.BUDGET, Cue.PAID, Cue.OUTPUT, Cue.STANDARD, Cue.AIM, Cue.RESULT})
_REACHED = re.compile(r"达到?|提高[到至]|提升[到至]|提标|调整[到至为]|为|发放|平均")
_NOUNS = frozenset({"资金", "金额", "完成", "达到", "达", "实现"})
#: Words that speak of money without saying that it has moved.
_LOOSE = frozenset(
    {
        "安排",
        "落实",
        "统筹",
        "下达",
        "化解",
        "冻结",
        "救助",
        "补助",
        "补贴",
        "补偿",
        "退税",
        "奖补",
        "贷款",
        "授信",
        "撬动",
    }
)


def money_kind(context: Context, setting: Setting) -> Reading:
    """The kind of a figure in 元, or without a unit behind words of money."""
    left = context.left_hits(PAYING, setting)
    if reading := _described(setting):
        return reading
    for rule in (_changed, _standard, _governed):
        if reading := rule(context, setting, left):
            return reading
    return _inherited(context, setting)


def _changed(context: Context, setting: Setting, left: list[Hit]) -> Reading | None:
    sign = context.compared(PAYING, setting)
    both = _MORE_OF_LESS.search(setting.left)
    return Reading(Kind.GROWTH, not both, negative=sign < 0 and not both) if sign else None


def _standard(context: Context, setting: Setting, left: list[Hit]) -> Reading | None:
    """583元/月 is a level: reached or required, no money that moved."""
    per = "/" in setting.amount.unit
    if not per and not any(hit.cue is Cue.STANDARD for hit in left):
        return None
    if context.plan_in_force(setting):
        return Reading(_TARGET, True)
    opened = context.layout.opened[setting.amount.start] + 1
    if _SET_STANDARD.search(context.layout.text, max(0, opened - 20), opened):
        return Reading(_TARGET, False)
    before = setting.before
    if not per and _EACH.fullmatch(setting.left.strip(",、")) and before is not None:
        paid = (context.readings[at] for at in context.earlier(setting))
        if any(reading.kind is _MONEY for reading in paid):
            return Reading(_MONEY, False)
    if left and left[-1].cue in (Cue.MORE, Cue.LESS):
        return Reading(Kind.GROWTH, False, negative=left[-1].cue is Cue.LESS)
    reached = _REACHED.search(setting.left) is not None
    level = per or reached or re.search(r"收入|水平|标准", setting.left)
    return Reading(Kind.DONE if level else Kind.OTHER, per and reached)


def _governed(context: Context, setting: Setting, left: list[Hit]) -> Reading | None:
    governing = [hit for hit in left if hit.cue in _KINDS]
    planned = context.plan_in_force(setting)
    if _DUE.search(setting.left) and not context.is_realised(setting):
        return Reading(_TARGET, False)
    if _TASK_BEHIND.match(setting.right) and not planned:
        if not any(hit.cue in (Cue.RESULT, Cue.PAID, Cue.GAP) for hit in governing):
            return Reading(_TARGET, False)
    if not governing or all(hit.cue is Cue.OUTPUT for hit in governing):
        if setting.runs_on and _USED.match(setting.right):
            return Reading(_TARGET, False)
    if not governing:
        return Reading(_TARGET, False) if planned and planned is not Plan.BESIDE else None
    last = governing[-1]
    if setting.runs_on and _OF_IT.fullmatch(setting.right):
        return Reading(_TARGET, True)
    if last.text in ("结余", "结存", "结转") and not planned:
        return Reading(_MONEY, False)
    words = [hit for hit in governing if hit.cue is not Cue.OUTPUT] or governing
    if words[-1].text == "安排" and not planned and not _ARRANGED.search(setting.left):
        return Reading(_TARGET, False)
    if words[-1].cue is Cue.GAP and not any(_RECOVERED.match(hit.text) for hit in governing):
        return Reading(Kind.OTHER, not planned and last.text != "余额")
    if last.cue is Cue.BUDGET:
        if any(hit.cue is Cue.RESULT for hit in governing):
            return Reading(_MONEY, False)
        return Reading(_TARGET, True)
    if planned and planned is not Plan.BESIDE:
        return Reading(_TARGET, planned is Plan.HERE)
    if last.cue is Cue.AIM:
        return Reading(_TARGET, True)
    if any(hit.cue is Cue.BUDGET for hit in governing) and last.cue is Cue.OUTPUT:
        return Reading(_TARGET, True)
    unit = "元" if not setting.amount.unit else None
    aims = [hit for hit in governing if hit.cue in (Cue.AIM, Cue.BUDGET)]
    if aims and governing[0] is aims[0] and not context.is_realised(setting):
        return Reading(_TARGET, False)
    if part := _part_of_sum(context, setting, last, planned):
        return part
    paid = [hit.text for hit in governing if hit.cue is Cue.PAID]
    moved = any(word not in _LOOSE for word in paid) and last.text in (*_NOUNS, *paid)
    sure = planned is None and unit is None and moved
    return Reading(_MONEY, sure, unit=unit)


def _described(setting: Setting) -> Reading | None:
    """收入5万元以上的村, 超标准12元, 680万元未拨付: no money that moved; 8800万元改造工程."""
    if setting.left.strip()[-1:] in ("", ":") and _OF_A_PROJECT.match(setting.right):
        return Reading(_TARGET, False)
    beyond = _BEYOND.search(setting.left)
    if beyond or _QUALIFIES.match(setting.right) or _NOT_THERE.match(setting.right):
        return Reading(Kind.OTHER, False)
    return None


def _part_of_sum(
    context: Context, setting: Setting, last: Hit, planned: Plan | None
) -> Reading | None:
    """总投资4.8亿元,其中中央资金1.2亿元: words that move no money leave it to the whole."""
    weak = last.cue is Cue.OUTPUT or last.text in _LOOSE
    part = "其中" in setting.left or setting.joint in (Joint.LIST, Joint.BRACKET)
    if not (weak and part) or planned or setting.before is None:
        return None
    whole = context.readings[setting.before]
    if whole.kind is _TARGET:
        return Reading(_TARGET, False)
    return whole if whole.kind is _MONEY else None


def _inherited(context: Context, setting: Setting) -> Reading:
    clause = context.hits(PAYING, setting.begin, setting.lo, setting.depth)
    paid = setting.joint is Joint.LIST and any(hit.cue is Cue.PAID for hit in clause)
    for index in context.earlier(setting):
        if paid and context.settings[index].amount.end <= setting.begin:
            return Reading(_MONEY, False)  # 共发放3.6万人、1.8亿元: a verb of its own clause
        earlier = context.readings[index]
        told = context.is_realised(setting) or _SPENT.search(setting.left)
        if earlier.kind is _TARGET and told:
            continue
        money = context.settings[index].amount.unit.startswith("元")
        if money and earlier.kind in (_MONEY, _TARGET, Kind.OTHER, Kind.DONE):
            close = is_part(setting)
            sure = (close or context.is_bare(setting)) and earlier.certain
            return Reading(earlier.kind, sure)
    return Reading(_MONEY, False)


def is_money(context: Context, setting: Setting) -> bool:
    """Whether a figure is money: by its unit, or 投入86.4万 by the words before."""
    amount = setting.amount
    if "元" in amount.unit:
        return True
    large = context.layout.text[amount.number_end - 1 : amount.number_end] in ("万", "亿")
    if amount.unit or not large:
        return False
    left = context.left_hits(PAYING, setting)
    return any(hit.cue in (Cue.PAID, Cue.BUDGET) for hit in left)
