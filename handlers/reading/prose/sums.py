"""Parts behind 其中 that add up to their whole are what the whole is, beyond doubt."""

from collections.abc import Iterator
from dataclasses import replace

from handlers.reading.prose.clauses import Joint, Setting, same_unit
from handlers.reading.prose.context import Context
from handlers.reading.prose.figures import Kind

_MOST = 12


def settle_sums(context: Context) -> None:
    """Make the parts of 1543件,其中民事1188件、刑事339件、行政16件 as certain as the whole."""
    for setting in context.settings:
        if "其中" not in setting.left or setting.before is None:
            continue
        whole = context.settings[setting.before]
        parts = list(_parts(context, setting, whole))
        if len(parts) > 1 and sum(part.amount.value for part in parts) == whole.amount.value:
            _settle(context, whole, parts)


def _parts(context: Context, first: Setting, whole: Setting) -> Iterator[Setting]:
    """*first* and what its list goes on with, in the unit of the whole."""
    for other in context.settings[first.at : first.at + _MOST]:
        goes_on = other is first or other.joint in (Joint.LIST, Joint.COMMA, Joint.WORDS)
        if other.sentence != first.sentence or not goes_on:
            return
        if not same_unit(other.amount, whole.amount):
            return
        yield other


def _settle(context: Context, whole: Setting, parts: list[Setting]) -> None:
    told = context.readings[whole.at]
    if told.kind is not Kind.DONE or not told.certain:
        return
    for part in parts:
        reading = context.readings[part.at]
        sure = reading.kind is told.kind and not part.amount.doubt and not whole.amount.approximate
        if sure:
            context.readings[part.at] = replace(reading, certain=True)
