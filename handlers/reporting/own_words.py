"""The words that belong to a report: what its indicators are called, its task, its places."""

from handlers.reporting.form import Form
from models.indicator import Indicator

#: What the whole may be where no area is known: 全州, 我县.
_LEVELS = "省州市县区"
#: What a standard is of, or goes by.
_RATES = ("平均", "补贴标准")


def names_of(indicator: Indicator) -> tuple[str, ...]:
    """All that an indicator is called."""
    return (indicator.name, *indicator.aliases)


def known_words(form: Form) -> tuple[str, ...]:
    """All words of a report's own: its task, what it counts, and the place it is of."""
    indicators = (name for each in form.indicators for name in names_of(each))
    levels = form.area[-1:] or _LEVELS
    whole = (f"{word}{level}" for word in "全我" for level in levels)
    rates = _RATES if any("/" in each.unit for each in form.indicators) else ()
    return (form.task.title, *form.task.aliases, *indicators, form.area, *whole, *rates)


def known_names(form: Form) -> tuple[str, ...]:
    """The words of a report with its counties, whose figures may stand beside the whole."""
    return (*known_words(form), *form.places)
