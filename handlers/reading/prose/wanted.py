"""What a bracket behind a word of plans holds: 完成省定任务(1800件)的62.5%, 高于省定目标(85%)."""

import re

from handlers.reading.prose.clauses import Joint, Setting
from handlers.reading.prose.context import Context, Reading
from handlers.reading.prose.figures import Kind

_FARTHEST = 24
#: A bare 标准 or 要求 may be of anything; one that an office set is wanted.
_WANTED = re.compile(
    r"(?:(?:任务|目标|计划)(?:任务|目标|指标|总?[数量]|值)?"
    r"|(?:[省州市县国部上][定家级里]|最低|规定|约束性|考核|规划)[一-龥]{0,6}?(?:标准|要求|指标|底线))$"
)
#: 任务(共12个)
_SAYS_NOTHING = re.compile(r"(?:[约近即共计为是]|其中)*\s*(?:不[低少]于|至少)?")


def wanted_in_bracket(context: Context, setting: Setting) -> Reading | None:
    """A target, where a figure is what its bracket says of the task or standard before it."""
    if not setting.depth or setting.quoted:
        return None
    layout = context.layout
    opened = layout.opened[setting.amount.start]
    before = setting.before
    if before is not None and layout.opened[context.settings[before].amount.start] == opened:
        listed = setting.joint is Joint.LIST and context.is_bare(setting)
        wanted = listed and context.readings[before].kind is Kind.TARGET
        return Reading(Kind.TARGET, False) if wanted else None
    if not _SAYS_NOTHING.fullmatch(layout.text, opened + 1, setting.amount.start):
        return None
    if not _WANTED.search(layout.text, max(0, opened - _FARTHEST), opened):
        return None
    return Reading(Kind.TARGET, False)
