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
#: Signed or meant, not yet come.
_AGREED = re.compile(
    r"(?:意向|协议|合同)[一-龥]{0,2}(?:投资|引资|资金|金额)额?(?:约|近|达|为|超)*$"
)
#: 州财政安排: who gives it says that it is given.
_GIVEN_BY_OFFICE = re.compile(r"(?:省|州|市|县|区|中央)(?:本?级)?财政安排")
#: What the work may or will cost.
_BID = ("控制价", "中标价")
_SAVED_UP = ("结余", "结存", "结转")
_CLEARED = re.compile(r"清[理收缴]|清欠|追[回缴]")
#: GDP完成156.3亿元: a level, which nobody has paid.
_ECONOMY = re.compile(r"(?:GDP|生产总值|社零总额|零售总额)(?:完成|实现|达到?|为|约)*$")
#: 由650元/月提高到700元/月
_FROM = re.compile(r"[由从][一-龥]{0,6}?的?$")
_TO = re.compile(r"[一-龥]{0,2}[提升降压增减调缩扩涨][一-龥]?[到至为]$")
#: 撬动消费1.1亿元, 亏损额1.12亿元: what others spent or lost.
_OF_OTHERS = re.compile(
    r"(?:撬动|带动|拉动)[一-龥]{0,4}(?:消费|销售|产值)额?(?:约|近|达|为|超)*$|亏损[额]?(?:约|近|达|为|超)*$"
)
#: 每厕补助800元, 补助每生每天5元
_EACH = re.compile(r"每[一-龥]{1,2}")
_PER_EACH = re.compile(
    r"(?:每[一-龥]{1,2}(?:补助|补贴|奖补|奖励|资助)|(?:补助|补贴|奖补|奖励|资助|标准)为?每[一-龥]{1,5}"
    r"|按每[一-龥]{1,5}|每[一-龥]{1,2}安排[一-龥]{0,4}|[户人]均(?:补助|补贴|奖补))$"
)
#: What was arranged for each or is due to whoever does it.
_PER_PLAN = re.compile(r"标准为?每|对[^,;。]{1,12}的|每[一-龥]{1,2}安排|[户人]均")
#: 比省定标准高13元
_ABOVE = re.compile(r"[较比][一-龥]{0,6}(?:标准|要求|水平|平均|均值|底线)[高低多少]出?了?$")
#: 每人每月不低于550元,实际平均达到583元
_A_LEVEL = re.compile(r"标准|每[人户]每?[月年]|人均")
_COMES_TO = re.compile(r"达到?$|[提升增高标调加涨降减][到至为]$|平均$")
_NOT_THERE = re.compile(r"[一-龥]{0,10}?(?:未|没(?=[有下到拨付发])|尚缺)")
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
    if reading := _described(setting) or _reached(context, setting):
        return reading
    for rule in (_changed, _of_each, _standard, _governed):
        if reading := rule(context, setting, left):
            return reading
    return _inherited(context, setting)


def _reached(context: Context, setting: Setting) -> Reading | None:
    """每人每月不低于550元,实际平均达到583元; 比省定标准高13元."""
    if _ABOVE.search(setting.left):
        return Reading(Kind.OTHER, False)
    if _FROM.search(setting.left) and _TO.match(setting.right):
        return Reading(Kind.OTHER, False)
    before = setting.before
    per = "/" in setting.amount.unit
    if before is not None and not per and _FROM.search(context.settings[before].left):
        if _COMES_TO.search(setting.left) and _TO.match(context.settings[before].right):
            return Reading(Kind.DONE, False)
    if _ECONOMY.search(setting.left) and not context.plan_in_force(setting):
        return Reading(Kind.DONE, False)
    if not _COMES_TO.search(setting.left) or not context.is_realised(setting):
        return None
    for index in context.earlier(setting):
        if _A_LEVEL.search(context.settings[index].left):
            return Reading(Kind.DONE, False)
    return None


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
    if left and left[-1].cue in (Cue.MORE, Cue.LESS):
        return Reading(Kind.GROWTH, False, negative=left[-1].cue is Cue.LESS)
    reached = _REACHED.search(setting.left) is not None
    level = per or reached or re.search(r"收入|水平|标准", setting.left)
    return Reading(Kind.DONE if level else Kind.OTHER, per and reached)


def _of_each(context: Context, setting: Setting, left: list[Hit]) -> Reading | None:
    """63个村,每村50万元 divides what was paid; 每厕补助800元 only says how much each is due."""
    if "/" in setting.amount.unit or context.plan_in_force(setting):
        return None
    if _EACH.fullmatch(setting.left.strip(",、")):
        paid = (context.readings[at] for at in context.earlier(setting))
        if any(reading.kind is _MONEY for reading in paid):
            return Reading(_MONEY, False)
    if not _PER_EACH.search(setting.left):
        return None
    return Reading(_TARGET if _PER_PLAN.search(setting.left) else Kind.OTHER, False)


def _governed(context: Context, setting: Setting, left: list[Hit]) -> Reading | None:
    """What the words of money before a figure make of it, under the plan in force."""
    governing = [hit for hit in left if hit.cue in _KINDS]
    planned = context.plan_in_force(setting)
    if _is_owed(context, setting, governing, planned):
        return Reading(_TARGET, False)
    if not governing:
        return Reading(_TARGET, False) if planned and planned is not Plan.BESIDE else None
    return (
        _of_a_whole(setting, governing, planned)
        or _kept_back(setting, governing, planned)
        or _planned(context, setting, governing, planned)
        or _part_of_sum(context, setting, governing[-1], planned)
        or _moved(setting, governing, planned)
    )


def _is_owed(
    context: Context, setting: Setting, governing: list[Hit], planned: Plan | None
) -> bool:
    """应补助80万元, 120万元的投资任务, 9800万元只用了3136万元: what has to be, or was given."""
    if _DUE.search(setting.left) and not context.is_realised(setting):
        return True
    told = any(hit.cue in (Cue.RESULT, Cue.PAID, Cue.GAP) for hit in governing)
    if _TASK_BEHIND.match(setting.right) and not planned and not told:
        return True
    given = all(hit.cue is Cue.OUTPUT for hit in governing)
    return given and setting.runs_on and _USED.match(setting.right) is not None


def _of_a_whole(setting: Setting, governing: list[Hit], planned: Plan | None) -> Reading | None:
    """总投资1.65亿元的…, 意向投资12亿元, 安排1200万元: sums that nobody has paid yet."""
    words = [hit for hit in governing if hit.cue is not Cue.OUTPUT] or governing
    if setting.runs_on and _OF_IT.fullmatch(setting.right):
        return Reading(_TARGET, True)
    if _AGREED.search(setting.left):
        return Reading(_TARGET, False)
    if governing[-1].text in _SAVED_UP and not planned:
        return Reading(_MONEY, False)
    arranged = words[-1].text == "安排" and not planned
    if arranged and not _ARRANGED.search(setting.left):
        return Reading(_MONEY if _GIVEN_BY_OFFICE.search(setting.left) else _TARGET, False)
    return None


def _kept_back(setting: Setting, governing: list[Hit], planned: Plan | None) -> Reading | None:
    """缺口1.35亿元, 损失58万元: unless it was brought back, 清理拖欠账款1.36亿元."""
    words = [hit for hit in governing if hit.cue is not Cue.OUTPUT] or governing
    recovered = any(_RECOVERED.match(hit.text) for hit in governing) or _CLEARED.search(
        setting.left
    )
    if words[-1].cue is not Cue.GAP or recovered:
        return None
    if planned and setting.amount.is_limit:
        return Reading(_TARGET, False)  # 结余年底前不得低于2000万元
    return Reading(Kind.OTHER, not planned and governing[-1].text != "余额")


def _planned(
    context: Context, setting: Setting, governing: list[Hit], planned: Plan | None
) -> Reading | None:
    """总投资4.8亿元, 计划支付600万元, 任务3000万元."""
    last = governing[-1]
    budget = any(hit.cue is Cue.BUDGET for hit in governing)
    if last.cue is Cue.BUDGET:
        paid = any(hit.cue is Cue.RESULT for hit in governing)
        return Reading(_MONEY, False) if paid else Reading(_TARGET, last.text not in _BID)
    if planned and planned is not Plan.BESIDE:
        return Reading(_TARGET, planned is Plan.HERE)
    if last.cue is Cue.AIM or (budget and last.cue is Cue.OUTPUT):
        return Reading(_TARGET, True)
    begins = governing[0].cue in (Cue.AIM, Cue.BUDGET)
    return Reading(_TARGET, False) if begins and not context.is_realised(setting) else None


def _moved(setting: Setting, governing: list[Hit], planned: Plan | None) -> Reading:
    unit = "元" if not setting.amount.unit else None
    paid = [hit.text for hit in governing if hit.cue is Cue.PAID]
    moved = any(word not in _LOOSE for word in paid) and governing[-1].text in (*_NOUNS, *paid)
    return Reading(_MONEY, planned is None and unit is None and moved, unit=unit)


def _described(setting: Setting) -> Reading | None:
    """收入5万元以上的村, 超标准12元, 680万元未拨付: no money that moved; 8800万元改造工程."""
    if setting.left.strip()[-1:] in ("", ":") and _OF_A_PROJECT.match(setting.right):
        return Reading(_TARGET, False)
    beyond = _BEYOND.search(setting.left) or _OF_OTHERS.search(setting.left)
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
    if setting.before is not None and setting.joint is Joint.LIST and context.is_bare(setting):
        before = context.readings[setting.before]
        if before.kind is Kind.GROWTH:
            return before  # 分别比上年提高21元和300元
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
    large = context.layout.text[amount.number_end - 1 : amount.number_end] in ("万", "亿", "w")
    if amount.unit or not large:
        return False
    left = context.left_hits(PAYING, setting)
    return any(hit.cue in (Cue.PAID, Cue.BUDGET) for hit in left)
