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


def has_a_part(context: Context, setting: Setting) -> bool:
    """我们街道28个小区,物业全覆盖的19个: what a sentence opens with, and some of it."""
    named = re.match(r"[一-龥]{2}", setting.right) and not setting.left.endswith(("对", "向", "为"))
    if not named or context.right_hits(COUNTING, setting):
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
