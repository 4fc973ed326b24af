"""Whether a figure of a text is what an indicator counts, all of it, in words understood."""

import re
from collections.abc import Sequence
from decimal import Decimal

from handlers.reading.counted_places import counted_place, counts_other_places
from handlers.reading.denied import is_denied
from handlers.reading.explained import takes_back, unexplained
from handlers.reading.likeness import STRONG, likeness, says_nothing
from handlers.reading.marks import BREAK
from handlers.reading.normalise import normalise
from handlers.reading.partial import is_limited, is_of_wanted, is_out_of, names_part
from handlers.reading.prose.figures import Kind
from handlers.reading.steps import NOT_YET, STEPS, begins_as, is_preparing
from handlers.reporting.form import Form, is_amount
from handlers.reporting.own_words import known_names, known_words, names_of
from handlers.reporting.seen import WINDOW, Seen
from models.indicator import Indicator
from models.rules.unit import Dimension, same_kind, unit_called

#: What is held or sent out is counted in these, and no thing that is built.
_EVENTS = frozenset("次 场 场次 期 批 批次 篇 份 条 轮 趟 届 节 堂 起 笔 步 层 类 种 款 级".split())
#: Persons are counted in any of these.
_PERSONS = frozenset(("人", "名", "位", "口"))
_WRITTEN_UNIT = re.compile(r"[^\W\d_万亿千百十零一二两三四五六七八九余多几]{1,3}$")
_WHOLE_THINGS = frozenset((Dimension.THINGS, Dimension.PEOPLE, Dimension.ANYTHING))
#: By so much the best name is before the second.
MARGIN = 0.12
#: A number that is none of a day.
_COUNTED = re.compile(r"\d[\d,.]*(?![\d年月日号.-])")
_PER_PERSON = re.compile("每人每[月年]$")


def counts(seen: Seen, indicator: Indicator, title: str) -> bool:
    """Whether a figure can be the indicator's: achieved, at its step, in its unit.

    The *title* of the task says at which step (开工建设保障性租赁住房214套) where no name does.
    """
    if counts_other_places(seen.after, title):
        return False
    if is_amount(indicator) and (seen.timing.is_part or is_out_of(seen.after)):
        return False
    return _is_achieved(seen, indicator, title) and fits(seen, indicator)


def _is_achieved(seen: Seen, indicator: Indicator, title: str) -> bool:
    kind, words = seen.figure.kind, seen.words + seen.clause
    if seen.is_withdrawn or is_denied(seen.clause, seen.after, is_rate="/" in indicator.unit):
        return False
    if wanted := [step for step in STEPS if step in indicator.name or title.startswith(step)]:
        is_step = any(step in words or begins_as(seen.after, step) for step in wanted)
        is_step = is_step and not NOT_YET.search(seen.clause)
        return is_step and kind in (Kind.DONE, Kind.OTHER)
    asked = "".join((title, *names_of(indicator)))
    if is_preparing(seen.words, asked) or is_preparing(seen.own, asked):
        return False
    if indicator.unit == "%":
        return kind in (Kind.RATE, Kind.PERCENT, Kind.DONE)
    if kind is Kind.TARGET and is_of_wanted(seen.clause):
        return True
    return kind is Kind.DONE or (kind is Kind.MONEY and _is_money(indicator))


def says_no_other(words: str, indicator: Indicator) -> bool:
    """Whether *words* name no thing beside the step that the indicator counts (吉首市开工)."""
    for step in STEPS:
        if step in indicator.name:
            words = words.replace(step, "")
    return says_nothing(words)


def _is_money(indicator: Indicator) -> bool:
    return same_kind(indicator.unit, "元")


def fits(seen: Seen, indicator: Indicator) -> bool:
    """Whether the unit is the indicator's own; 件 for 个 and 次 only where the words say so."""
    unit, wanted = seen.figure.unit, indicator.unit
    if not unit:
        return seen.figure.kind is Kind.DONE and wanted != "%"
    if unit == "元" and wanted.startswith("元/"):
        return True
    if not same_kind(unit, wanted):
        return False
    return not _is_other_thing(unit, wanted) or seen.likeness(indicator) >= STRONG


def _is_other_thing(unit: str, wanted: str) -> bool:
    one, two = unit_called(unit), unit_called(wanted)
    if one is None or two is None or one.unit.name == two.unit.name:
        return False
    if one.unit.dimension is Dimension.PEOPLE and two.unit.dimension is not Dimension.PEOPLE:
        return True
    if {one.unit.dimension, two.unit.dimension} <= {Dimension.THINGS, Dimension.ANYTHING}:
        return "个" not in (one.unit.name, two.unit.name) or one.unit.name in _EVENTS
    return False


def is_other_unit(written: str, wanted: str, title: str) -> bool:
    """Whether a figure *written* with its unit counts other things than are *wanted*: 1500套 of 个.

    个 counts anything, 名 and 人 are one, and what the *title* counts itself is its own.
    """
    found = _WRITTEN_UNIT.search(normalise(written))
    one, two = unit_called(found[0]) if found else None, unit_called(wanted)
    if found is None or one is None or two is None:
        return False
    names = {one.unit.name, two.unit.name}
    is_counted = {one.unit.dimension, two.unit.dimension} <= _WHOLE_THINGS
    is_same = one.unit.name == "个" or len(names) == 1 or names <= _PERSONS
    return is_counted and not is_same and not re.search(rf"\d{found[0]}", title)


def is_broken(value: Decimal | None, indicator: Indicator) -> bool:
    """Whether half a thing is counted of what there is only whole: 1500.5个.

    0.93人次 of 16500 lacks its 万: that is asked about in words of its own.
    """
    known = unit_called(indicator.unit)
    if value is None or known is None or known.unit.dimension not in _WHOLE_THINGS:
        return False
    is_scaled_down = indicator.target is not None and value * 100 < indicator.target
    return value != value.to_integral_value() and not is_scaled_down


def is_explained(seen: Seen, text: str, form: Form, *, is_proved: bool = False) -> bool:
    """Whether every word around a figure of *text* is understood, so that it may be taken.

    Where a percentage proves it (*is_proved*), only words that take it back are in the way.
    """
    figure = seen.figure
    is_share = figure.kind in (Kind.PERCENT, Kind.STATED)
    names = known_words(form) if is_share else known_names(form)
    end = figure.end + counted_place(seen.after, form.task.title)
    rates = any("/" in each.unit for each in form.indicators)
    person = None if is_share else _PER_PERSON.search(seen.clause)
    start = figure.start - (len(person[0]) if person and rates else 0)
    left = unexplained(text, start, end, names, is_share=is_share)
    return not left or (is_proved and not takes_back(left))


def is_all(seen: Seen, text: str, form: Form) -> bool:
    """Whether nothing beside a figure says that it is of a part, or no real figure yet."""
    figure = seen.figure
    if is_limited(text, figure.start, figure.end, form.places):
        return False
    only = form.only_indicator
    return only is None or not names_part(_words_about(seen), form.task.title, names_of(only))


def _words_about(seen: Seen) -> str:
    """Its clause with what stands behind it, and the clauses before that count nothing."""
    *earlier, _ = BREAK.split(seen.said[-WINDOW:])
    counting = [at for at, each in enumerate(earlier, 1) if _COUNTED.search(each)]
    return "".join((*earlier[max(counting, default=0) :], seen.clause, seen.after))


def best_of(words: str, fitting: Sequence[Indicator], least: float) -> Indicator | None:
    """The indicator that *words* say, clearly before any other."""
    scores = [likeness(words, names_of(each)) for each in fitting]
    best = max(scores)
    is_clear = sorted(scores)[-2:][0] <= best - MARGIN or len(scores) == 1
    return fitting[scores.index(best)] if best >= least and is_clear else None
