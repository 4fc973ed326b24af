"""The words that say what a figure counts: 建成安防设备, 城镇新增就业, with its county."""

import re

from handlers.reading.prose.clauses import Setting, visible
from handlers.reading.prose.context import Context
from handlers.reading.prose.figures import Kind

_LONGEST = 30
_EDGES = re.compile(
    r"^(?:其中|含|并|已经|已|共计|共|累计|合计|总计|目前|截至[^,]{0,8}|今年以来|全[州市县省]|我[州市县省]|各县市|现|均|还|也|且|[和及与、,:;\s\"'·.\-]|以及|\d{1,2}-\d{1,2}月份?)+"
    r"|(?:已经|已|共计|共|累计|合计|总计|分别|达到?|达|为|是|约|近|超过?|逾|了|的|有|各|均|仅|只|至|到|第|[:\s、,\"'·]|目前)+$"
)
_OWN_NOUN = frozenset({Kind.RATE, Kind.STATED, Kind.GROWTH, Kind.POINTS, Kind.RANK})


def label_of(context: Context, setting: Setting, place: str, labels: list[str]) -> str:
    """What the figure counts, in the words of the text; a county's figure begins with it.

    A share of the task is of what was counted before it.
    """
    kind = context.readings[setting.index].kind
    own = _own(setting)
    if kind is Kind.PERCENT or not own:
        before = _before(context, setting, labels)
        own = before or own
    return f"{place}{own}" if place and place not in own else own


def _own(setting: Setting) -> str:
    words = _EDGES.sub("", _EDGES.sub("", setting.left))
    if not words:
        words = _EDGES.sub("", setting.right)
    return words[-_LONGEST:] if words == setting.left else words[:_LONGEST]


def _before(context: Context, setting: Setting, labels: list[str]) -> str:
    for index in context.earlier(setting):
        if labels[index]:
            return labels[index]
    return ""


__all__ = ["label_of", "visible"]
