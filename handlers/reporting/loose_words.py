"""Words without a heading: whether they can be the section that is still missing."""

import re

from handlers.reading.normalise import command_key, normalise
from handlers.reading.task_numbers import DASHED
from handlers.reporting.doubts import is_as_before, is_put_off
from handlers.reporting.misstated import corrects

#: Fewer characters say too little for a section.
_ENOUGH = 8
_QUESTION = ("?", "？", "吗", "呢", "么")
_LONGEST = 40
#: 预计8月底能到4000个: a figure to come is no measure taken.
_FORECAST = re.compile(
    r"(?:预计|预估|预期|预测|估计|力争|争取|有望|计划|打算|到时|届时|年底|月底|下个?月)[^。;\n]{0,20}?"
    r"(?:能|可|达|到|完成|建成|有|是|为|约)[^。;\n]{0,12}?\d"
)
_UNTIL = re.compile("截[至止]")
#: 先报另一个: of another report.
_OF_OTHERS = re.compile(
    rf"{DASHED}|(?:先|改|换|再|还是|要|接着|继续)(?:[报填弄做换])?(?:另|别的|其[他它]|那[个项]|下[一]?[个项]|上[一]?[个项]|刚才)"
    r"|另(?:外)?[一]?[个项]|^(?:继续|接着|回到|返回|切换|换成?|转到)"
)


def may_be_section(words: str) -> bool:
    """Whether *words* tell of the work: no question, order, correction or forecast does."""
    plain = normalise(words).strip()
    if len(command_key(words)) < _ENOUGH or words.rstrip().endswith(_QUESTION):
        return False
    if is_put_off(words) or is_as_before(words) or corrects(words) or forecasts(words):
        return False
    return len(plain) > _LONGEST or _OF_OTHERS.search(plain) is None


def forecasts(words: str) -> bool:
    """Whether a short text only says what is to be reached."""
    plain = normalise(words).strip()
    is_told = len(plain) > _LONGEST or _UNTIL.search(plain) is not None
    return not is_told and _FORECAST.search(plain) is not None
