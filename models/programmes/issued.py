"""What an issued document published, as a definition states it: facts as of one day."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from models.programmes.shape import Names, Number, Strict, Text
from models.rules.outlook import Level, item_level
from models.snapshot import Snapshot

#: The kind of snapshot that an issued document's county lines are kept as.
CIRCULAR = "circular"

LevelText = Literal["很有可能", "有可能", "难度较大", "不太可能"]
Month = Annotated[str, StringConstraints(pattern=r"^20\d\d-(0[1-9]|1[0-2])$")]


class FigureFact(Strict):
    """A published figure: a value, a percentage as printed, or both; of a county if *unit* is set.

    Without *indicator* the percentage speaks of the whole task (形象进度). *verified* is the
    accepted (验收) percentage of the task, *note* what the document says beside the figure,
    *assumed* what of it the document does not print.
    """

    task: Text
    indicator: Text | None = None
    unit: Text | None = None
    value: Number | None = None
    stated: Number | None = None
    verified: Number | None = None
    approximate: bool = False
    note: Text | None = None
    assumed: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.value is None and self.stated is None and self.verified is None:
            raise ValueError("数据应有完成数 value、百分比 stated 或验收进度 verified")
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


class OutlookFact(Strict):
    """The published 研判 of an item: per unit, for all counties at once, or for the item itself.

    A *level* that differs from the highest entry was set apart from it and gives the *reason*.
    """

    task: Text
    entries: dict[Text, LevelText] = Field(default_factory=dict)
    counties: LevelText | None = None
    level: LevelText | None = None
    reason: Text | None = None

    @model_validator(mode="after")
    def _judged_with_reason(self) -> Self:
        if not self.entries and self.counties is None and self.level is None:
            raise ValueError("研判应有单位 entries、各县市 counties 或事项 level")
        if self.judged != (self.reason is not None):
            raise ValueError("研判等次与各单位最高等次不同时应写理由 reason，相同时不写")
        return self

    @property
    def levels(self) -> tuple[Level, ...]:
        """All entries' levels, the one for all counties included."""
        every = [*self.entries.values(), *([self.counties] if self.counties else [])]
        return tuple(Level(each) for each in every)

    @property
    def judged(self) -> bool:
        """Whether the item's level was set apart from its entries."""
        found = item_level(self.levels, Level(self.level) if self.level else None)
        return found is not None and found.judged


class NoteFact(Strict):
    """Short facts on how a task goes and what stands in its way, in one county if *unit* is set."""

    task: Text
    unit: Text | None = None
    progress: tuple[Text, ...] = ()
    problems: tuple[Text, ...] = ()


class ContactFact(Strict):
    """One contact with the upper level: rank and office, never a person's name."""

    task: Text
    unit: Text | None = None
    on: date
    until: date | None = None
    who: Text
    whom: Text
    result: str = ""

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.until is not None and self.until <= self.on:
            raise ValueError("对接止日 until 应晚于起日 on，同一天的不写")
        return self


class OutlookCount(Strict):
    """A printed line of annex 1: how many of a lead unit's items stand at which level."""

    unit: Text
    items: int = Field(ge=0)
    very_likely: int = Field(default=0, ge=0)
    likely: int = Field(default=0, ge=0)
    difficult: int = Field(default=0, ge=0)
    unlikely: int = Field(default=0, ge=0)


class KeyItems(Strict):
    """A printed cell of annex 2: the key items of one county, park or of the area itself."""

    unit: Text
    tasks: Names


class ActivityFact(Strict):
    """The months in which a project published something (√)."""

    project: Text
    months: tuple[Month, ...]
    assumed: tuple[Text, ...] = ()


class Issued(Strict):
    """What an issued document published as of one day."""

    title: Text
    as_of: date
    figures: tuple[FigureFact, ...] = ()
    statuses: tuple[StatusFact, ...] = ()
    counties: tuple[CountyLine, ...] = ()
    outlooks: tuple[OutlookFact, ...] = ()
    notes: tuple[NoteFact, ...] = ()
    contacts: tuple[ContactFact, ...] = ()
    outlook_counts: tuple[OutlookCount, ...] = ()
    key_items: tuple[KeyItems, ...] = ()
    activities: tuple[ActivityFact, ...] = ()


def issued_snapshot(row: Snapshot) -> Issued:
    """The published lines as they were frozen in a snapshot of kind `circular`."""
    return Issued.model_validate(row.payload, strict=False)
