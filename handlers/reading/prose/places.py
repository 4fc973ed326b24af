"""Which county each figure is of, as its sentence goes from one to the next."""

import re

from handlers.reading.prose.clauses import Setting, visible
from handlers.reading.prose.context import Context
from handlers.reading.prose.counties import ends_place, places_in
from handlers.reading.prose.tables import row_start

#: 永顺等4县: a number of counties is of none of them.
_AREA = re.compile(r"县|乡镇|市州")


def places_of(context: Context) -> tuple[str, ...]:
    """For every figure its county, or an empty string where it is of the whole or of several.

    A county holds until another is named or the sentence ends; 分别 gives each its own.
    """
    found: list[str] = []
    waiting: list[str] = []
    group: tuple[str, ...] = ()
    for setting in context.settings:
        words = _words_before(context, setting)
        last = found[setting.before] if setting.before is not None else ""
        ends = ends_place(words, last)
        if setting.before is None:
            group = ()
        named = places_in(words, context.places)
        if len(named) > 1 and "分别" in words:
            waiting, group = list(named), named
        elif not named and "分别" in words and len(group) == setting.amount.list_length > 1:
            waiting = list(group)
        elif named or ends:
            waiting = []
        if _AREA.search(setting.amount.unit + setting.amount.noun):
            found.append("")
        elif waiting:
            found.append(waiting.pop(0))
        elif named:
            found.append(named[0] if len(named) == 1 else "")
        else:
            found.append("" if ends else last)
    return tuple(found)


def _words_before(context: Context, setting: Setting) -> str:
    """From the figure before or the sentence's beginning, at the figure's own depth."""
    layout = context.layout
    if setting.left_end != setting.amount.start:
        return layout.text[row_start(layout.text, setting.amount.start) : setting.amount.start]
    limit = context.settings[setting.before].amount.end if setting.before is not None else 0
    bracket = layout.opened[setting.amount.start] + 1 if setting.depth else 0
    start = min(setting.begin, max(layout.begins[setting.sentence], bracket))
    return visible(layout, max(start, limit), setting.amount.start)
