"""What the demonstration's liaisons write: complete reports, made from facts and varied in form."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field

from handlers.render.demo_pictures import Scene
from models.programmes.definition import Definition, IndicatorEntry, TaskEntry
from models.programmes.files import read_definition
from models.rules.rounding import number_text, percent_of, percent_text, shares

PROGRAMMES = ("dajuan-2021", "minsheng-2021")
#: The end of the period that a first and a second report speak of.
DATES = (date(2021, 7, 31), date(2021, 8, 31))

_FACTS = Path(__file__).with_name("demo_reports.yaml")
_WAN = Decimal(10000)
_COUNTIES = 8


class Facts(BaseModel):
    """What is true of one task at both dates; lists with one entry hold for both."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    figures: dict[str, tuple[Decimal, Decimal]] = Field(default_factory=dict)
    more: dict[str, Decimal] = Field(default_factory=dict)
    counties: bool = False
    weights: dict[str, int] = Field(default_factory=dict)
    stated: tuple[Decimal, Decimal] | None = None
    does: tuple[str, ...] = ()
    result: tuple[str, ...] = ()
    progress: tuple[str, ...] = ()
    overview: tuple[str, ...] = ()
    problem: str = ""
    goal: str = ""
    compare: str = ""
    county_text: str = ""
    scene: Annotated[Scene | None, Field(strict=False)] = None
    title: str = ""
    place: str = ""


@dataclass(frozen=True)
class Work:
    """One task as it is to be reported: what the programme asks and what is true."""

    definition: Definition
    task: TaskEntry
    facts: Facts
    month: int
    allotted: Mapping[str, Decimal]

    @property
    def as_of(self) -> date:
        """The end of the period."""
        return DATES[self.month]

    @cached_property
    def sections(self) -> dict[str, str]:
        """The texts that the task's form has room for, by section."""
        form = self.definition.forms[self.definition.requirements_of(self.task)[0].form]
        texts = _texts(self)
        return {each.name: texts[each.name] for each in form.sections if texts.get(each.name)}

    @cached_property
    def counties(self) -> "tuple[County, ...]":
        """The counties' parts of the only figure; they add up to it."""
        return _counties(self) if self.facts.counties else ()

    def value(self, indicator: IndicatorEntry) -> Decimal:
        """The figure of *indicator*, also under the name that the other programme gives it."""
        if indicator.name in self.facts.more:
            return self.facts.more[indicator.name]
        names = (indicator.name, *(link.indicator for link in indicator.linked))
        return next(self.facts.figures[name][self.month] for name in names if self.has(name))

    def has(self, name: str) -> bool:
        """Whether a figure of that name is known."""
        return name in self.facts.figures


@dataclass(frozen=True)
class County:
    """One county's part of a figure; *text* is how it is written."""

    name: str
    part: Decimal
    text: str


class Reporters:
    """Writes the report of any task of the two programmes."""

    def __init__(self) -> None:
        raw = yaml.load(_FACTS.read_text("utf-8"), yaml.CSafeLoader)
        self._facts = {number: Facts.model_validate(each) for number, each in raw.items()}
        self._definitions = tuple(read_definition(code) for code in PROGRAMMES)
        self._allotted = {
            _source(task): {share.unit: share.target for share in indicator.allotments}
            for definition in self._definitions
            for task in definition.tasks
            for indicator in task.indicators[:1]
        }

    def work(self, number: str, month: int) -> Work:
        """The task called *number* at the end of July (0) or of August (1)."""
        for definition in self._definitions:
            if task := definition.tasks_by_number.get(number):
                source = _source(task)
                allotted = self._allotted.get(source, {})
                return Work(definition, task, self._facts[source], month, allotted)
        raise KeyError(number)

    def numbers(self, code: str) -> tuple[str, ...]:
        """The tasks of a programme in printed order."""
        definition = next(each for each in self._definitions if each.code == code)
        return tuple(task.number for task in definition.tasks)


def _source(task: TaskEntry) -> str:
    """Under which number the facts stand: one of minsheng-2021 shares its twin's of dajuan-2021."""
    linked = [link.task for each in task.indicators for link in each.linked]
    return linked[0] if linked and task.number[0] in "新续" else task.number


def report_text(work: Work) -> str:
    """A complete report in one of four ways of writing, always the same one for a task."""
    writers = (_plain, _in_words, _numbered, _short_heads)
    return "\n".join(writers[_seed(work).randrange(len(writers))](work))


def caption_text(work: Work, day: date) -> str:
    """The caption of the report's picture: title, day, place."""
    return f"图1 {work.facts.title}；{_long(day)}；{work.facts.place}"


def _seed(work: Work) -> Random:
    return Random(f"{work.task.number}:{work.month}")


def _plain(work: Work) -> Iterator[str]:
    """As the template has it."""
    yield f"报送 {work.task.number}"
    if work.task.indicators:
        yield f"截至：{_short(work.as_of)}"
    for indicator in work.task.indicators:
        yield f"{_field(work, indicator)}：{_amount(work, indicator)}"
    yield from _stated(work, "完成率")
    yield from (f"{name}：{_closed(text)}" for name, text in work.sections.items())


def _in_words(work: Work) -> Iterator[str]:
    """In half sentences, the percentage behind the figure."""
    yield f"上报 {work.task.number}"
    if work.task.indicators:
        yield f"截至{_short(work.as_of)}"
    for indicator in work.task.indicators:
        name = "累计完成" if len(work.task.indicators) == 1 else f"{indicator.name}累计"
        yield f"{name}{_amount(work, indicator)}{_share(work, indicator)}"
    yield from _stated(work, "工作进度")
    yield from (f"{name}：{_closed(text)}" for name, text in work.sections.items())


def _numbered(work: Work) -> Iterator[str]:
    """As a document is numbered."""
    lines = [*_plain(work)][1:]
    yield f"填报 {work.task.number}"
    for mark, line in zip("一二三四五六七八九十", lines, strict=False):
        yield f"{mark}、{line}"


def _short_heads(work: Work) -> Iterator[str]:
    """With the full date and the headings that people are used to."""
    yield f"报送{work.task.number}"
    if work.task.indicators:
        yield f"统计截止：{_long(work.as_of)}"
    for indicator in work.task.indicators:
        yield f"{_field(work, indicator)} {_amount(work, indicator)}"
    yield from _stated(work, "完成率")
    heads = {"措施": "工作措施", "问题": "存在问题", "成效": "取得的成效"}
    yield from (f"{heads.get(name, name)}：{text}" for name, text in work.sections.items())


def _closed(text: str) -> str:
    """A sentence with its full stop; a list of lines has none."""
    return text if "\n" in text else f"{text}。"


def _stated(work: Work, name: str) -> Iterator[str]:
    """The reporter's own percentage, where the task is judged by it."""
    is_own = work.task.stated or not work.task.indicators
    if work.facts.stated is not None and is_own:
        yield f"{name}：{number_text(work.facts.stated[work.month])}%"


def _field(work: Work, indicator: IndicatorEntry) -> str:
    return "完成数" if len(work.task.indicators) == 1 else indicator.name


def _amount(work: Work, indicator: IndicatorEntry) -> str:
    """The figure with its unit; large sums in 万元, as offices write them."""
    value = work.value(indicator)
    if indicator.unit == "元" and value >= _WAN:
        return f"{number_text(value / _WAN)}万元"
    return f"{number_text(value)}{indicator.unit}"


def _share(work: Work, indicator: IndicatorEntry) -> str:
    if indicator.target is None or indicator.threshold:
        return ""
    percent = percent_of(work.value(indicator), indicator.target)
    return f"，完成年任务的{percent_text(percent)}"


def _texts(work: Work) -> dict[str, str]:
    facts, counties = work.facts, work.counties
    return {
        "措施": _at(facts.does, work.month),
        "成效": _at(facts.result, work.month),
        "推进进度": _at(facts.progress, work.month),
        "评价综述": _at(facts.overview, work.month),
        "问题": facts.problem,
        "年度目标": facts.goal,
        "目标任务": facts.goal,
        "县市情况": _county_lines(counties) or facts.county_text,
        "对比分析": _comparison(counties) or facts.compare,
        "工作点评": _advice(counties),
    }


def _at(texts: tuple[str, ...], month: int) -> str:
    return texts[min(month, len(texts) - 1)] if texts else ""


def _counties(work: Work) -> "tuple[County, ...]":
    [indicator] = work.task.indicators
    names = [each.name for each in work.definition.units if each.kind == "county"]
    weights = [_weight(work, indicator, name) for name in names]
    parts = shares(weights, 1 if indicator.unit == "公里" else 0, work.value(indicator))
    return tuple(
        County(name, part, f"{number_text(part)}{indicator.unit}")
        for name, part in zip(names, parts, strict=True)
    )


def _weight(work: Work, indicator: IndicatorEntry, county: str) -> Decimal:
    """What a county contributes: by its part of the target, some faster and some slower.

    Seeded by the task, not by the month: a county that leads goes on leading.
    """
    if work.facts.weights:
        return Decimal(work.facts.weights[county])
    pace = Random(f"{_source(work.task)}:{county}").randint(75, 125)
    rest = (indicator.target or Decimal(0)) - sum(work.allotted.values())
    return pace * work.allotted.get(county, rest / (_COUNTIES - len(work.allotted)))


def _county_lines(counties: Sequence[County]) -> str:
    return "".join(f"\n{each.name}{each.text}" for each in counties)


def _comparison(counties: Sequence[County]) -> str:
    if not counties:
        return ""
    first, last = _first_and_last(counties)
    return f"{first}完成最多，{last}完成最少"


def _advice(counties: Sequence[County]) -> str:
    if not counties:
        return ""
    return f"请{_first_and_last(counties)[1]}分析原因，加快进度，下月重点调度"


def _first_and_last(counties: Sequence[County]) -> tuple[str, str]:
    ordered = sorted(counties, key=lambda each: each.part)
    return ordered[-1].name, ordered[0].name


def _short(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _long(day: date) -> str:
    return f"{day.year}年{_short(day)}"
