"""A figure of a text with the words around it, and whether an indicator may count it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from handlers.reading.denied import is_denied
from handlers.reading.doubts import is_doubted
from handlers.reading.explained import takes_back, unexplained
from handlers.reading.likeness import STRONG, begins_with, likeness, says_nothing
from handlers.reading.marks import BREAK, SENTENCE_END
from handlers.reading.normalise import normalise
from handlers.reading.partial import is_limited, names_part
from handlers.reading.prose.figures import Kind, Prose, ProseFigure
from handlers.reading.prose.plans import PLANNED
from handlers.reading.timing import Timing, day_of, is_on_top, timing_of
from handlers.reporting.content import FigureSaid
from handlers.reporting.form import Form, base_unit, done_percent, is_amount
from models.indicator import Indicator
from models.rules.unit import Dimension, convert, same_kind, tidy, unit_called

#: A count of what is besides the whole is not the cumulative figure.
_BESIDES = re.compile(r"另有|另外|还有|剩余|比[上去]|(?:尚?余|[还尚仅]?剩|结余)下?(?=约?\d|约?$)")
#: Steps of the work: a count of one is no count of another.
_STEPS = ("开工", "竣工", "完工", "投入使用", "投用", "验收", "挂牌")
#: 其中 holds to the sentence's end, unless the whole is spoken of again.
_OF_WHICH = re.compile(r"其中(?!.*(?:累计|全[州市县省区]|合计|总计|共))")
_BRACKETED = re.compile(r"\([^()]*\)")
_WHOLE_INSIDE = re.compile("累计|共|合计|总计|年内|以来")
#: 第二期5所中芙蓉镇学校已建成: five are those of which one is told.
_OUT_OF = re.compile(
    r"[^\d,;。、]{0,10}?(?<![集其年城途建])中(?![心学小医专职央型级期药草国介院队型等高转共])"
)
#: What comes before the work itself is done.
_PREPARING = re.compile(
    "评估|签订|签约|协议|摸底|招标|中标|设计|申报|申请|审批|立项|调查|登记|储备|选址|勘[察测]|备案|调试"
    "|配送|配发|入库|备货|下单|维修|检修|拆除|报废|采购|购置|购买|购进|订购|订货|定制|到货|进场|供货|发货|运抵|摸排|排查|公示|意向|报名|测量|放样|筹[备集建]"
)
#: What is to be built is not done when it is handed out or promised.
_BUILT = re.compile("[建改装修]")
_GIVEN = re.compile("发放|落实|投放|安排")
_NOT_YET = re.compile(f"未|尚|拟|计划|待|将|准备|{PLANNED}")
#: What is held or sent out is counted in these, and no thing that is built.
_EVENTS = frozenset("次 场 场次 期 批 批次 篇 份 条 轮 趟 届 节 堂 起 笔 步 层 类 种 款 级".split())
_WRITTEN_BREAK = re.compile(r"[，。；：！？,;:!?\n、】]")
_BEHIND = re.compile(r"[，。；：！？,;:!?\n、（()）]")
#: What the whole may be where no area is known: 全州, 我县.
_LEVELS = "省州市县区"
_WHOLE_THINGS = frozenset((Dimension.THINGS, Dimension.PEOPLE, Dimension.ANYTHING))
#: By so much the best name is before the second.
MARGIN = 0.12
_TOLERANCE = Decimal("0.5")
_MOST_PERCENTS = 8
_OF_ALL = re.compile(r"\s*(?:截至?止?[^,;]{0,8})?(?:全[州市县省区]|累计|总体|整体|合计)")
_DIGIT = re.compile(r"\d")
#: A number that is none of a day.
_COUNTED = re.compile(r"\d[\d,.]*(?![\d年月日号.-])")
#: What a standard is of, or goes by.
_RATES = ("平均", "补贴标准")
_PER_PERSON = re.compile("每人每[月年]$")
#: 全年1800件的任务已办1026件: so many of what is wanted.
_OF_WANTED = re.compile(
    r"\d[\d,.]*万?[一-龥]{1,2}的?(?:年度|全年)?(?:任务|目标|计划)(?:数|中)?(?:已经?|现已|目前已|累计已?)[一-龥]{1,4}$"
)
_QUALIFIED = re.compile("个(?:行政|自然|建制|贫困|重点)")
_PLACE_COUNTED = re.compile(
    "(?:行政村|村|乡镇|乡|镇|县市?|社区|校)(?=$|[,;均已都全同开正还、和推启完实未尚在])"
)
_FAR = 200
_WINDOW = 80
_WORDS_BEFORE = 24
_LONGEST_SOURCE = 24


@dataclass(frozen=True)
class Seen:
    """A figure with the words that say what it counts, its clause so far, and what is shown.

    *after* are the words behind it up to the next mark (7个4G基站), *percents* the percentages of
    the task that its sentence goes on with. *said* is its sentence up to it, *own* what of that
    stands behind the figure before.
    """

    figure: ProseFigure
    words: str
    clause: str
    after: str
    source: str
    percents: tuple[Decimal, ...]
    said: str
    own: str
    timing: Timing
    is_doubted: bool
    year: int

    @property
    def is_partial(self) -> bool:
        """Whether it counts no more than a month, or what is besides."""
        return self.timing.is_part or _BESIDES.search(self.clause) is not None

    @property
    def is_of_which(self) -> bool:
        """Whether it is a part of the figure before it."""
        open_words = _BRACKETED.sub("", self.said)
        if _OF_WHICH.search(open_words):
            return True
        _, bracket, inside = open_words.rpartition("(")
        return bool(bracket) and _WHOLE_INSIDE.search(inside) is None

    @property
    def day(self) -> date | None:
        """The day up to which it is said to count."""
        return day_of(self.timing, self.year)

    def is_on_top(self, asked: str) -> bool:
        """Whether it tells what was added: 新增210个, 又建成210个; not where that is *asked*."""
        return is_on_top(self.own, asked)

    def likeness(self, indicator: Indicator) -> float:
        """How far the words before or behind it say the indicator's name."""
        names = names_of(indicator)
        behind = 1.0 if begins_with(self.after, names) else likeness(self.after, names)
        return max(likeness(self.words, names), behind)

    def is_proved_for(self, indicator: Indicator) -> bool:
        """Whether a percentage beside it is the one that it amounts to."""
        done = done_percent(indicator, value_in(self.figure, indicator))
        if done is None or not self.percents:
            return False
        return any(abs(done - each) <= _TOLERANCE for each in self.percents)


def seen_in(prose: Prose, text: str, area: str, year: int) -> list[Seen]:
    """Every figure of *text* in order, with its words; one of the *area* is of the whole.

    *year* is the one that the report is of.
    """
    figures = [replace(e, place="") if e.place == area else e for e in prose.figures]
    figures = [*_shares_placed(figures, text)]
    places = sorted({each.place for each in figures if each.place}, key=len, reverse=True)
    percents: dict[tuple[int, str], tuple[Decimal, ...]] = {}
    found: list[Seen] = []
    for each in reversed(figures):
        key = (each.sentence, each.place)
        found.append(_seen(each, percents.get(key, ()), places, text, year))
        if each.kind in (Kind.PERCENT, Kind.RATE) and each.unit == "%":
            percents[key] = (each.value, *percents.get(key, ())[:_MOST_PERCENTS])
    return found[::-1]


def _shares_placed(figures: Sequence[ProseFigure], text: str) -> Iterator[ProseFigure]:
    """吉首市建成1000个，完成全市任务的243%: a share of the county where no other count is said.

    A judgement (总体进度58%) is of the whole work, though a county without figures is named before.
    """
    before: list[ProseFigure] = []
    for each in figures:
        if before and before[-1].sentence != each.sentence:
            before = []
        place = each.place
        if each.kind in (Kind.PERCENT, Kind.STATED):
            clause = BREAK.split(normalise(text[max(0, each.start - _WINDOW) : each.start]))[-1]
            counties = [other.place for other in before]
            if _OF_ALL.match(clause):
                place = ""
            elif counties and all(counties) and not (place and place in clause):
                place = counties[-1]
            elif each.kind is Kind.STATED and place not in counties and place not in clause:
                place = ""
        before.append(each)
        yield replace(each, place=place)


def _seen(
    figure: ProseFigure,
    percents: tuple[Decimal, ...],
    places: Sequence[str],
    text: str,
    year: int,
) -> Seen:
    said = SENTENCE_END.split(normalise(text[max(0, figure.start - _FAR) : figure.start]))[-1]
    clause = BREAK.split(said[-_WINDOW:])[-1]
    words = normalise(figure.label) or clause[-_WORDS_BEFORE:]
    for place in map(normalise, places):
        words = words.replace(place, "")
    after = _BEHIND.split(text[figure.end : figure.end + _WORDS_BEFORE])[0]
    return Seen(
        figure=figure,
        words=words,
        clause=clause,
        after=normalise(after),
        source=_source(figure, text, after),
        percents=percents,
        said=said,
        own=_DIGIT.split(clause)[-1],
        timing=timing_of(said, year),
        is_doubted=is_doubted(text, figure.start, figure.end),
        year=year,
    )


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
    end = figure.end + object_of(seen.after, form)
    rates = any("/" in each.unit for each in form.indicators)
    person = None if is_share else _PER_PERSON.search(seen.clause)
    start = figure.start - (len(person[0]) if person and rates else 0)
    left = unexplained(text, start, end, names, is_share=is_share)
    return not left or (is_proved and not takes_back(left))


def object_of(after: str, form: Form) -> int:
    """通组光纤完成18个村 of 25个行政村: the length of what the title counts."""
    said = _PLACE_COUNTED.match(after)
    counted = said and re.search(rf"\d个[一-龥]{{0,3}}{said[0]}", form.task.title)
    return len(said[0]) if said and counted else 0


def is_all(seen: Seen, text: str, form: Form) -> bool:
    """Whether nothing beside a figure says that it is of a part, or no real figure yet."""
    figure = seen.figure
    if is_limited(text, figure.start, figure.end, form.places):
        return False
    only = form.only_indicator
    return only is None or not names_part(_words_about(seen), form.task.title, names_of(only))


def _words_about(seen: Seen) -> str:
    """Its clause with what stands behind it, and the clauses before that count nothing."""
    *earlier, _ = BREAK.split(seen.said[-_WINDOW:])
    counting = [at for at, each in enumerate(earlier, 1) if _COUNTED.search(each)]
    return "".join((*earlier[max(counting, default=0) :], seen.clause, seen.after))


def counts(seen: Seen, indicator: Indicator, title: str) -> bool:
    """Whether a figure can be the indicator's: achieved, at its step, in its unit.

    The *title* of the task says at which step (开工建设保障性租赁住房214套) where no name does.
    """
    if _PLACE_COUNTED.match(seen.after) and f"个{seen.after[:1]}" not in _counted_in(title):
        return False
    if is_amount(indicator) and (seen.timing.is_part or _OUT_OF.match(seen.after)):
        return False
    return _is_achieved(seen, indicator, title) and fits(seen, indicator)


def _counted_in(title: str) -> str:
    """What a title counts: 25个行政村通组光纤 counts 个村."""
    return _QUALIFIED.sub("个", title)


def _is_achieved(seen: Seen, indicator: Indicator, title: str) -> bool:
    kind, words = seen.figure.kind, seen.words + seen.clause
    if is_denied(seen.clause, seen.after, is_rate="/" in indicator.unit):
        return False
    if wanted := [step for step in _STEPS if step in indicator.name or title.startswith(step)]:
        is_step = any(step in words or _begins_as(seen.after, step) for step in wanted)
        is_step = is_step and not _NOT_YET.search(seen.clause)
        return is_step and kind in (Kind.DONE, Kind.OTHER)
    asked = "".join((title, *names_of(indicator)))
    if is_preparing(seen.words, asked) or is_preparing(seen.own, asked):
        return False
    if indicator.unit == "%":
        return kind in (Kind.RATE, Kind.PERCENT, Kind.DONE)
    if kind is Kind.TARGET and _OF_WANTED.search(seen.clause):
        return True
    return kind is Kind.DONE or (kind is Kind.MONEY and _is_money(indicator))


def _begins_as(after: str, step: str) -> bool:
    """51个已正式开工: the step stands behind the count."""
    return (
        re.match(rf"(?:均|都|全部|现|已经?|业已|正式|全面|顺利|如期)*已?{step}", after) is not None
    )


def says_no_other(words: str, indicator: Indicator) -> bool:
    """Whether *words* name no thing beside the step that the indicator counts (吉首市开工)."""
    for step in _STEPS:
        if step in indicator.name:
            words = words.replace(step, "")
    return says_nothing(words)


def is_preparing(words: str, asked: str) -> bool:
    """Whether *words* tell of what comes before the work (已采购4000个), where *asked* does not."""
    if _BUILT.search(asked) and any(word not in asked for word in _GIVEN.findall(words)):
        return True
    return any(word not in asked for word in _PREPARING.findall(words))


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


def best_of(words: str, fitting: Sequence[Indicator], least: float) -> Indicator | None:
    """The indicator that *words* say, clearly before any other."""
    scores = [likeness(words, names_of(each)) for each in fitting]
    best = max(scores)
    is_clear = sorted(scores)[-2:][0] <= best - MARGIN or len(scores) == 1
    return fitting[scores.index(best)] if best >= least and is_clear else None


def said_by(seen: Seen, indicator: Indicator) -> FigureSaid:
    """The figure as it goes into the report."""
    return FigureSaid(
        indicator_id=indicator.id or 0,
        text=seen.figure.text,
        value=value_in(seen.figure, indicator),
        unit=unit_in(seen.figure, indicator),
        approximate=seen.figure.approximate,
        source=seen.source,
        day=seen.day,
    )
