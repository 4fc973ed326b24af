"""The shape of a programme definition: what a file may say, field by field."""

import re
from datetime import date, time
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from models.rules.ladder import Policy

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Names = tuple[Text, ...]
Need = Literal["required", "expected", "optional"]


def _exact_number(value: Any) -> Decimal:
    """A decimal from a whole number or a quoted one: a bare 1.65 would pass through a float."""
    if isinstance(value, Decimal):
        return value
    written = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(written, str) or not re.fullmatch(r"-?\d+(\.\d+)?", written):
        raise ValueError('应为数字；小数请加引号，如 "1.65"，不带单位和千分号')
    return Decimal(written)


Number = Annotated[Decimal, BeforeValidator(_exact_number)]


class Strict(BaseModel):
    """Unknown fields and wrong types are refused, so that a typing error is not lost silently."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class DataRules(Strict):
    """How the programme reads deadlines: *default_day* serves wordings that state no day."""

    default_day: Annotated[int, Field(ge=1, le=31)] | None = None
    roll: Literal["none", "previous", "next"] = "none"


class StatusLabels(Strict):
    """What the three statuses are called in this programme's documents."""

    completed: Text
    on_track: Text
    behind: Text


class RankingWeights(Strict):
    """The recipe's three weights; together 100."""

    progress: int = Field(ge=0)
    timeliness: int = Field(ge=0)
    quality: int = Field(ge=0)

    @model_validator(mode="after")
    def _together_100(self) -> Self:
        if (total := self.progress + self.timeliness + self.quality) != 100:
            raise ValueError(f"三项权重之和应为 100，现为 {total}")
        return self


class ReminderLadder(Strict):
    """When people are reminded, in working days before the due day and after it."""

    before: tuple[Annotated[int, Field(ge=1, le=60)], ...]
    on_day: tuple[Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")], ...]
    unit_head_after: int = Field(ge=1)
    order_after: int = Field(ge=1)
    daily_cap: int = Field(default=2, ge=1)

    @model_validator(mode="after")
    def _within_working_hours(self) -> Self:
        slots = tuple(time.fromisoformat(each) for each in self.on_day)
        try:
            Policy(before_days=self.before, on_day_at=slots, daily_cap=self.daily_cap)
        except ValueError as error:
            raise ValueError(
                "当天的提醒应在 09:00—18:00 之间，次数不超过每日上限 daily_cap"
            ) from error
        return self


class PictureRule(Strict):
    """What a picture must be; a ratio is written as width:height."""

    min_width: int = Field(ge=1)
    ratio: Annotated[str, StringConstraints(pattern=r"^\d{1,2}:\d{1,2}$")]
    tolerance_percent: Number = Decimal(2)
    min_dpi: int = Field(ge=1)

    def rule(self) -> dict[str, float]:
        """The rule as the picture check takes it."""
        width, height = (int(side) for side in self.ratio.split(":"))
        return {
            "min_width": self.min_width,
            "ratio": width / height,
            "tolerance": float(self.tolerance_percent / 100),
            "min_dpi": self.min_dpi,
        }


class Policies(Strict):
    """Only what differs from the product's defaults."""

    status_labels: StatusLabels | None = None
    ranking: RankingWeights | None = None
    reminders: ReminderLadder | None = None
    pictures: PictureRule | None = None


class UnitEntry(Strict):
    """A unit by its official name, with the variants in which documents print it."""

    name: Text
    aliases: Names = ()
    kind: Literal["department", "county", "park"] = "department"
    group: Text | None = None
    parent: Text | None = None

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.aliases)


class Link(Strict):
    """The indicator of another programme that counts the same thing: it is asked once for both."""

    programme: Text
    task: Text
    indicator: Text


class Share(Strict):
    """A county's part of an indicator's target."""

    unit: Text
    target: Number


class IndicatorEntry(Strict):
    """What is counted; a range has *target* as its lower and *upper* as its upper bound.

    *threshold*: a level that is met or not, such as a monthly allowance. *assumed* says which
    part of it the source does not print.
    """

    name: Text
    aliases: Names = ()
    unit: Text
    target: Number | None = None
    upper: Number | None = None
    comparator: Literal[">=", "<=", "range"] = ">="
    curve: Literal["linear"] | tuple[Number, ...] = "linear"
    threshold: bool = False
    allotments: tuple[Share, ...] = ()
    linked: tuple[Link, ...] = ()
    assumed: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _bounds_and_curve(self) -> Self:
        if (self.comparator == "range") != (self.upper is not None):
            raise ValueError("上限 upper 与 comparator: range 应同时出现")
        if self.threshold and self.target is None:
            raise ValueError("达标类指标（threshold）应有目标值 target")
        if isinstance(self.curve, tuple) and len(self.curve) not in (4, 12):
            raise ValueError("计划曲线应为 12 个月或 4 个季度的累计百分比")
        return self


class SectionEntry(Strict):
    """A part of a report's text: required blocks, expected is listed as 未附, optional is free."""

    name: Text
    aliases: Names = ()
    need: Need = "required"
    minimum: int = Field(default=1, ge=1)


class PictureNeed(Strict):
    """How many pictures every report must bring, and why the task needs them at all."""

    compulsory: int = Field(ge=1)
    reason: Text


class Form(Strict):
    """What a report has besides its task's indicators: sections, pictures, figures by county."""

    sections: tuple[SectionEntry, ...] = ()
    pictures: PictureNeed | None = None
    county_figures: bool = False


class RequirementEntry(Strict):
    """Who reports by when: a wording (or the name of one in `wordings`) and the name of a form.

    *assumed* lists what the source does not say; nothing is chased on it until it is confirmed.
    """

    wording: Text
    form: Text
    each: bool = False
    assumed: tuple[Text, ...] = ()
    confirmed: bool = False


class TaskEntry(Strict):
    """One numbered task. *title* is what documents print, *short* what people call it.

    *kind* says how progress is counted (`models.rules.progress.Kind`). *stated*: a percentage
    that the reporter states (形象进度) wins over the computed one.
    """

    number: Text
    theme: Text
    title: Text
    short: Text
    aliases: Names = ()
    kind: Literal["count", "measure", "money", "threshold", "milestone", "stated", "narrative"] = (
        "count"
    )
    project: Text | None = None
    lead: Annotated[Names, Field(min_length=1)]
    supporting: Names = ()
    stated: bool = False
    stages: Names = ()
    indicators: tuple[IndicatorEntry, ...] = ()
    requirements: tuple[RequirementEntry, ...] = ()

    @model_validator(mode="after")
    def _kind_fits_content(self) -> Self:
        counted = self.kind in ("count", "measure", "money", "threshold")
        if counted and not self.indicators:
            raise ValueError(
                f"任务 {self.number} 没有指标；请补指标，或写 kind: narrative 或 stated"
            )
        if not counted and self.indicators:
            raise ValueError(f"任务 {self.number} 有指标，kind 不能是 {self.kind}")
        if (self.kind == "milestone") != bool(self.stages):
            raise ValueError(f"任务 {self.number}：阶段 stages 与 kind: milestone 应同时出现")
        return self

    def indicator(self, name: str) -> IndicatorEntry | None:
        """The indicator called *name*, by its name or an alias."""
        return next((i for i in self.indicators if name in (i.name, *i.aliases)), None)


class FigureFact(Strict):
    """A published figure: a value, a percentage as printed, or both; of a county if *unit* is set.

    Without *indicator* the percentage speaks of the whole task (形象进度).
    """

    task: Text
    indicator: Text | None = None
    unit: Text | None = None
    value: Number | None = None
    stated: Number | None = None
    approximate: bool = False

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.value is None and self.stated is None:
            raise ValueError("数据应有完成数 value 或百分比 stated")
        if self.value is not None and self.indicator is None:
            raise ValueError("有完成数 value 时应写明指标 indicator")
        return self


class StatusFact(Strict):
    """The published status of a task; a judged one departs from the rule and gives a reason."""

    task: Text
    status: Literal["completed", "on_track", "behind"]
    judged: bool = False
    reason: Text | None = None

    @model_validator(mode="after")
    def _judged_with_reason(self) -> Self:
        if self.judged != (self.reason is not None):
            raise ValueError("评定的状态（judged）应写明理由 reason，按规则得出的不写")
        return self


class CountyLine(Strict):
    """One county's line of an issued bulletin: counts and the indicators named as behind."""

    unit: Text
    items: int = Field(ge=0)
    indicators: int = Field(ge=0)
    completed: int = Field(ge=0)
    on_track: int = Field(ge=0)
    behind: int = Field(ge=0)
    named: Names = ()

    @property
    def adds_up(self) -> bool:
        """Whether the three statuses make up all indicators."""
        return self.completed + self.on_track + self.behind == self.indicators

    @property
    def names_all_behind(self) -> bool:
        """Whether as many indicators are named as are counted behind."""
        return len(self.named) == self.behind


class Issued(Strict):
    """What an issued document published: figures, statuses, county lines as of one day."""

    title: Text
    as_of: date
    figures: tuple[FigureFact, ...] = ()
    statuses: tuple[StatusFact, ...] = ()
    counties: tuple[CountyLine, ...] = ()


class Definition(Strict):
    """One programme as data; `consistency` checks that every name used in it is declared."""

    code: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,40}$")]
    title: Text
    short: Text
    area: Text
    year: Annotated[int, Field(ge=2000, le=2100)]
    rules: DataRules = DataRules()
    policies: Policies = Policies()
    units: Annotated[tuple[UnitEntry, ...], Field(min_length=1)]
    wordings: dict[str, Text] = Field(default_factory=dict)
    forms: dict[str, Form] = Field(default_factory=dict)
    requirements: tuple[RequirementEntry, ...] = ()
    tasks: Annotated[tuple[TaskEntry, ...], Field(min_length=1)]
    issued: tuple[Issued, ...] = ()

    def wording_of(self, requirement: RequirementEntry) -> str:
        """The full wording of *requirement*, looked up where it is only a name."""
        return self.wordings.get(requirement.wording, requirement.wording)

    def requirements_of(self, task: TaskEntry) -> tuple[RequirementEntry, ...]:
        """The task's own requirements, or the programme's where it has none of its own."""
        return task.requirements or self.requirements

    @cached_property
    def unit_names(self) -> dict[str, str]:
        """Each printed name of a unit with its official one."""
        return {name: unit.name for unit in self.units for name in unit.names}

    @cached_property
    def tasks_by_number(self) -> dict[str, TaskEntry]:
        return {task.number: task for task in self.tasks}
