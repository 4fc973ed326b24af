"""How a programme is run, as data: deadlines, statuses, ranking, pictures, acceptance."""

from datetime import date, time
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from models.errors import Refused
from models.programmes.shape import Number, Strict, Text
from models.rules.cron import CronLine
from models.rules.ladder import Policy
from models.rules.review import ONE_LEVEL, TWO_LEVELS
from models.rules.status import Band, Basis, Standing, StatusPolicy
from models.rules.zone import local_zone


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


class BandEntry(Strict):
    """One row of a status policy (亮灯): from *start* (included) to *end* (excluded), or open."""

    label: Text
    standing: Literal["completed", "on_track", "behind"]
    basis: Literal["done", "ratio", "gap"]
    start: Number | None = None
    end: Number | None = None
    colour: str = ""
    action: str = ""

    def band(self) -> Band:
        """The row as the status rule takes it."""
        return Band(
            self.label,
            Standing(self.standing),
            Basis(self.basis),
            self.start,
            self.end,
            self.colour,
            self.action,
        )


class VerificationStep(Strict):
    """What acceptance (验收) must have reached by a day: a gap of so many points, or all of it."""

    by: date
    gap: Number | None = None
    full: bool = False

    @model_validator(mode="after")
    def _one_demand(self) -> Self:
        if (self.gap is None) != self.full:
            raise ValueError("验收要求应写差距上限 gap 或全部完成 full: true，二者取一")
        return self


class VerificationPolicy(Strict):
    """How far acceptance may stay behind reported progress, step by step."""

    steps: Annotated[tuple[VerificationStep, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        days = [step.by for step in self.steps]
        if days != sorted(set(days)):
            raise ValueError("验收要求应按日期先后排列，每个日期一条")
        return self


class ActivityPolicy(Strict):
    """How many 动态 each project owes in a month, from the month of *since* on."""

    monthly: int = Field(ge=1)
    since: date | None = None


class OrderRules(Strict):
    """Supervision orders: steps and time in working days, and how many returns ask for one."""

    before_days: tuple[Annotated[int, Field(ge=1, le=60)], ...] = Field(
        default=(3, 1), max_length=5
    )
    reply_days: int = Field(default=5, ge=1, le=60)
    returns: int = Field(default=2, ge=1, le=9)


class ReviewRules(Strict):
    """How many times a report is reviewed: twice where a first look comes before the final one."""

    levels: int = Field(default=ONE_LEVEL, ge=ONE_LEVEL, le=TWO_LEVELS)


class CommentPolicy(Strict):
    """Which percentage of citizens' comments must have been handled."""

    handled: Number


class DigestEntry(Strict):
    """How one digest differs from its default: its cron line, its groups, or that it is off.

    *again*: whether it goes out once more when late reports alter what it printed.
    """

    cron: Text | None = None
    audience: Literal["liaisons", "leaders", "admins"] | None = None
    off: bool = False
    again: bool = True

    @model_validator(mode="after")
    def _readable_time(self) -> Self:
        if self.cron is not None:
            try:
                CronLine(self.cron, local_zone())
            except Refused as error:
                raise ValueError(str(error)) from error
        return self


class Policies(Strict):
    """Only what differs from the product's defaults."""

    status: tuple[BandEntry, ...] = ()
    status_labels: StatusLabels | None = None
    ranking: RankingWeights | None = None
    reminders: ReminderLadder | None = None
    orders: OrderRules | None = None
    review: ReviewRules | None = None
    pictures: PictureRule | None = None
    verification: VerificationPolicy | None = None
    activities: ActivityPolicy | None = None
    comments: CommentPolicy | None = None
    digests: dict[Text, DigestEntry] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_status_policy(self) -> Self:
        if self.status and self.status_labels:
            raise ValueError("判定标准 status 与 status_labels 只写一个")
        if self.status:
            try:
                StatusPolicy(tuple(row.band() for row in self.status))
            except Refused as error:
                raise ValueError(str(error)) from error
        return self
