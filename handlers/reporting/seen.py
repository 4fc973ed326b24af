"""A figure of a text with the words around it, and whether an indicator may count it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from handlers.reading.normalise import normalise
from handlers.reading.prose.figures import Kind, Prose, ProseFigure
from handlers.reporting.form import base_unit, done_percent
from handlers.reporting.likeness import STRONG, likeness
from models.indicator import Indicator
from models.rules.unit import Dimension, convert, same_kind, tidy, unit_called

#: A count of a part of the time or of the whole is not the cumulative figure.
_PARTIAL = re.compile(
    r"[本当上][月周季]|当[天日]|[今昨][天日]|\d\s*月份?(?:当月|新增|完成|新)|去年|上年|同期|上期"
    r"|第[一二三四1-4]季度|另有|另外|还有|剩余|比[上去]"
)
#: Steps of the work: a count of one is no count of another.
_STEPS = ("开工", "竣工", "完工", "投入使用", "投用", "验收", "挂牌")
_OF_WHICH = re.compile("其中")
#: What comes before the work itself is done.
_PREPARING = re.compile(
    "评估|签订|签约|协议|摸底|招标|设计|申报|申请|审批|立项|调查|登记|储备|选址|勘[察测]|备案|调试"
)
_NOT_YET = re.compile("未|尚|拟|计划|待|将|准备|预计|力争")
#: What is held or sent out is counted in these, and no thing that is built.
_EVENTS = frozenset("次 场 场次 期 批 批次 篇 份 条 轮 趟 届 节 堂 起 笔 步 层 类 种 款 级".split())
_BREAK = re.compile(r"[,;:。!?\n]")
_WRITTEN_BREAK = re.compile(r"[，。；：！？,;:!?\n、】]")
_BEHIND = re.compile(r"[，。；：！？,;:!?\n、（()）]")
_TOLERANCE = Decimal("0.5")
_MOST_PERCENTS = 8
_WINDOW = 80
_WORDS_BEFORE = 24
_LONGEST_SOURCE = 24


@dataclass(frozen=True)
class Seen:
    """A figure with the words that say what it counts, its clause so far, and what is shown.

    *after* are the words behind it up to the next mark (7个4G基站), *percents* the percentages of
    the task that its sentence goes on with.
    """

    figure: ProseFigure
    words: str
    clause: str
    after: str
    source: str
    percents: tuple[Decimal, ...]

    @property
    def is_partial(self) -> bool:
        """Whether it counts no more than a month, or what is besides."""
        return _PARTIAL.search(self.clause) is not None

    @property
    def is_of_which(self) -> bool:
        """Whether it is a part of the figure before it."""
        return _OF_WHICH.search(self.clause) is not None

    def likeness(self, indicator: Indicator) -> float:
        """How far the words before or behind it say the indicator's name."""
        names = names_of(indicator)
        return max(likeness(self.words, names), likeness(self.after, names))

    @property
    def is_judged_of_all(self) -> bool:
        """Whether it judges the whole work, though a county was named somewhere before."""
        return self.figure.kind is Kind.STATED and self.figure.place not in self.clause

    def is_proved_for(self, indicator: Indicator) -> bool:
        """Whether a percentage beside it is the one that it amounts to."""
        done = done_percent(indicator, value_in(self.figure, indicator))
        if done is None or not self.percents:
            return False
        return any(abs(done - each) <= _TOLERANCE for each in self.percents)


def seen_in(prose: Prose, text: str, area: str) -> list[Seen]:
    """Every figure of *text* in order, with its words; one of the *area* is of the whole."""
    figures = [replace(e, place="") if e.place == area else e for e in prose.figures]
    places = sorted({each.place for each in figures if each.place}, key=len, reverse=True)
    percents: dict[tuple[int, str], tuple[Decimal, ...]] = {}
    found: list[Seen] = []
    for each in reversed(figures):
        key = (each.sentence, each.place)
        found.append(_seen(each, percents.get(key, ()), places, text))
        if each.kind is Kind.PERCENT:
            percents[key] = (each.value, *percents.get(key, ())[:_MOST_PERCENTS])
    return found[::-1]


def _seen(
    figure: ProseFigure, percents: tuple[Decimal, ...], places: Sequence[str], text: str
) -> Seen:
    before = text[max(0, figure.start - _WINDOW) : figure.start]
    clause = _BREAK.split(normalise(before))[-1]
    words = normalise(figure.label) or clause[-_WORDS_BEFORE:]
    for place in map(normalise, places):
        words = words.replace(place, "")
    after = _BEHIND.split(text[figure.end : figure.end + _WORDS_BEFORE])[0]
    return Seen(figure, words, clause, normalise(after), _source(figure, text, after), percents)


def _source(figure: ProseFigure, text: str, after: str) -> str:
    """The figure with the words around it, between two marks, cut to fit a phone."""
    before = text[max(0, figure.start - _WINDOW) : figure.start]
    shown = f"{_WRITTEN_BREAK.split(before)[-1].strip()}{figure.text}"
    if len(shown) > _LONGEST_SOURCE:
        return f"…{shown[-_LONGEST_SOURCE:]}"
    return shown + after if len(shown + after) <= _LONGEST_SOURCE else shown


def names_of(indicator: Indicator) -> tuple[str, ...]:
    """All that an indicator is called."""
    return (indicator.name, *indicator.aliases)


def counts(seen: Seen, indicator: Indicator, title: str) -> bool:
    """Whether a figure can be the indicator's: achieved, at its step, in its unit.

    The *title* of the task says at which step (开工建设保障性租赁住房214套) where no name does.
    """
    return _is_achieved(seen, indicator, title) and fits(seen, indicator)


def _is_achieved(seen: Seen, indicator: Indicator, title: str) -> bool:
    kind, words = seen.figure.kind, seen.words + seen.clause
    if wanted := [step for step in _STEPS if step in indicator.name or title.startswith(step)]:
        is_step = any(step in words for step in wanted) and not _NOT_YET.search(seen.clause)
        return is_step and kind in (Kind.DONE, Kind.OTHER)
    if _PREPARING.search(seen.words) and not _PREPARING.search("".join(names_of(indicator))):
        return False
    if indicator.unit == "%":
        return kind in (Kind.RATE, Kind.PERCENT, Kind.DONE)
    return kind is Kind.DONE or (kind is Kind.MONEY and _is_money(indicator))


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
    if {one.unit.dimension, two.unit.dimension} <= {Dimension.THINGS, Dimension.ANYTHING}:
        return "个" not in (one.unit.name, two.unit.name) or one.unit.name in _EVENTS
    return False


def value_in(figure: ProseFigure, indicator: Indicator) -> Decimal:
    """The value in the indicator's base unit; 元 for 元/月 where the period was left out."""
    unit = base_unit(indicator)
    if not figure.unit:
        asked = unit_called(indicator.unit)
        return tidy(figure.value * asked.scale) if asked else figure.value
    return (
        convert(figure.value, figure.unit, unit) if same_kind(figure.unit, unit) else figure.value
    )


def unit_in(figure: ProseFigure, indicator: Indicator) -> str:
    """The unit that value is in."""
    unit = base_unit(indicator)
    is_own = not figure.unit or same_kind(figure.unit, unit) or figure.unit == "元"
    return unit if is_own else figure.unit
