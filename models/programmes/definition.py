"""The shape of a programme definition: what a file may say, field by field."""

from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from models.errors import Refused
from models.programmes.issued import Issued
from models.programmes.policies import DataRules, Policies
from models.programmes.shape import Names, Number, Strict, Text
from models.rules.curve import LINEAR, Curve, Shape
from models.rules.progress import LARGEST_TARGET, Comparator, Target

Need = Literal["required", "expected", "optional"]

#: A target or a part of one; what is counted is never less than nothing.
Amount = Annotated[Number, Field(ge=0, le=LARGEST_TARGET)]

#: The wording of a requirement whose document states no time: an admin sets one (`期限`).
UNSTATED = "未写明报送时间"


class UnitEntry(Strict):
    """A unit by its official name, with the variants in which documents print it.

    *government* is the area's own level (州本级), which has items but reports nothing itself.
    """

    name: Text
    aliases: Names = ()
    kind: Literal["department", "county", "park", "government"] = "department"
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
    target: Amount


class IndicatorEntry(Strict):
    """What is counted; a range has *target* as its lower and *upper* as its upper bound.

    *threshold*: a level that is met or not, such as a monthly allowance. *assumed* says which
    part of it the source does not print.
    """

    name: Text
    aliases: Names = ()
    unit: Text
    target: Amount | None = None
    upper: Amount | None = None
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
        self._check_countable()
        return self

    def _check_countable(self) -> None:
        """What progress cannot be counted against is refused here, where its place is known."""
        try:
            plan = self.plan
            if self.target is not None:
                Target(
                    name=self.name,
                    value=self.target,
                    comparator=Comparator(self.comparator),
                    upper=self.upper,
                    curve=plan,
                    threshold=self.threshold,
                )
        except Refused as error:
            raise ValueError(error.text) from error

    @property
    def plan(self) -> Curve:
        """How its target rises over the year, month by month or quarter by quarter."""
        if self.curve == "linear":
            return LINEAR
        return Curve(Shape.MONTHLY if len(self.curve) == 12 else Shape.QUARTERLY, self.curve)


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
    """What a report has besides its task's indicators: sections, pictures, figures by county.

    *verified*: the accepted (验收) percentage; *comments*: citizens' comments and how many of
    them are handled.
    """

    sections: tuple[SectionEntry, ...] = ()
    pictures: PictureNeed | None = None
    county_figures: bool = False
    verified: bool = False
    comments: bool = False


class RequirementEntry(Strict):
    """Who reports by when: a wording (or the name of one in `wordings`) and the name of a form.

    *assumed* lists what the source does not say; nothing is chased on it until it is confirmed.
    """

    wording: Text
    form: Text
    each: bool = False
    assumed: tuple[Text, ...] = ()
    confirmed: bool = False


class ClauseEntry(Strict):
    """分工: one responsibility clause in short; *unnamed* are groups such as 各部门单位.

    With role *lead* the leads owe together, with *shared* (按职责分工) each owes its part, with
    *each* (分别负责) each owes a report of its own; *supporting* only help (配合).
    """

    text: Text
    role: Literal["lead", "shared", "each"]
    lead: Names = ()
    supporting: Names = ()
    unnamed: Names = ()

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if not self.lead and not self.unnamed:
            raise ValueError(f"分工“{self.text}”没有写责任单位")
        return self


class ProjectEntry(Strict):
    """A project that several tasks stand under, such as a row of the activity matrix."""

    name: Text
    aliases: Names = ()
    assumed: tuple[Text, ...] = ()


class TaskEntry(Strict):
    """One numbered task. *title* is what documents print, *short* what people call it.

    *kind* says how progress is counted (`models.rules.progress.Kind`). *stated*: a percentage
    that the reporter states (形象进度) wins over the computed one. *printed* is the source's own
    number, *quota* and *marks* what it says of an award; *awards* lists the winners by year: an
    empty list where nothing was won, no entry where the award was not given.
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
    lead: Names = ()
    supporting: Names = ()
    clauses: tuple[ClauseEntry, ...] = ()
    stated: bool = False
    stages: Names = ()
    indicators: tuple[IndicatorEntry, ...] = ()
    requirements: tuple[RequirementEntry, ...] = ()
    printed: str = ""
    marks: Names = ()
    quota: str = ""
    awards: dict[int, Names] = Field(default_factory=dict)
    assumed: tuple[Text, ...] = ()

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
        if not self.lead and not self.clauses:
            raise ValueError(f"任务 {self.number} 没有牵头单位 lead，也没有分工 clauses")
        return self

    @property
    def leads(self) -> Names:
        """The lead units: as stated, else those that lead, share or each answer for a clause."""
        named = self.lead or (name for clause in self.clauses for name in clause.lead)
        return tuple(dict.fromkeys(named))

    @property
    def supporters(self) -> Names:
        """The supporting units, from the clauses too, without those that lead elsewhere."""
        named = (*self.supporting, *(n for clause in self.clauses for n in clause.supporting))
        return tuple(name for name in dict.fromkeys(named) if name not in self.leads)

    def indicator(self, name: str) -> IndicatorEntry | None:
        """The indicator called *name*, by its name or an alias."""
        return next((i for i in self.indicators if name in (i.name, *i.aliases)), None)


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
    projects: tuple[ProjectEntry, ...] = ()
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
