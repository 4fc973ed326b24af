"""Progress of a task: what its figures amount to against its schedule, and its status."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from models.errors import Refused
from models.rules.curve import LINEAR, Curve, scheduled
from models.rules.rounding import HUNDRED, number_text, percent_of, percent_text
from models.rules.status import DEFAULT_POLICY, Band, Standing, StatusPolicy

NOT_UPDATED = "未更新"
#: 万亿: more than anything counted below a province, and well within what a sheet holds exactly.
LARGEST_TARGET = 10**12


class Kind(StrEnum):
    """How a task's progress is counted."""

    COUNT = "count"
    MEASURE = "measure"
    MONEY = "money"
    THRESHOLD = "threshold"
    MILESTONE = "milestone"
    STATED = "stated"
    NARRATIVE = "narrative"


class Comparator(StrEnum):
    """How a value meets its target."""

    AT_LEAST = ">="
    AT_MOST = "<="
    RANGE = "range"


class Source(StrEnum):
    """Where a task's percentage comes from."""

    COMPUTED = "computed"
    STATED = "stated"


@dataclass(frozen=True)
class Target:
    """An indicator's annual target in base units; *upper* closes a range.

    A *threshold* is a level to be held (城市低保 ≥ 550 元/月), met or not, never a percentage;
    ≤ and ranges can be nothing else, since less is not “more done”.
    """

    name: str
    value: Decimal
    unit: str = ""
    comparator: Comparator = Comparator.AT_LEAST
    upper: Decimal | None = None
    curve: Curve = LINEAR
    threshold: bool = False

    def __post_init__(self) -> None:
        if self.comparator is Comparator.RANGE and (self.upper is None or self.upper < self.value):
            raise Refused(f"“{self.name}”的区间目标缺少上限，或上限小于下限。")
        if not self.is_threshold and self.value <= 0:
            raise Refused(f"“{self.name}”的年度目标应大于 0。")

    @property
    def is_threshold(self) -> bool:
        return self.threshold or self.comparator is not Comparator.AT_LEAST


@dataclass(frozen=True)
class Dated:
    """A value and the day it speaks of."""

    value: Decimal
    as_of: date


@dataclass(frozen=True)
class Reading:
    """An indicator's target with its last accepted cumulative figure, None when there is none."""

    target: Target
    figure: Dated | None = None


@dataclass(frozen=True)
class Judgement:
    """A status set by a person instead of by rule; the bulletin shows that it was judged."""

    label: str
    reason: str
    by: str

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise Refused("评定状态需要写明原因，例如“评定 州1-1 滞后 二期4所未建成”。")


@dataclass(frozen=True)
class TaskFacts:
    """What is known of a task: figures, stages reached (a count), a percentage stated by the
    reporter, and whether the task declares that the stated one wins. *curve* serves milestones
    and stated percentages; indicators carry their own."""

    kind: Kind
    readings: tuple[Reading, ...] = ()
    stages: tuple[str, ...] = ()
    reached: Dated | None = None
    stated: Dated | None = None
    stated_wins: bool = False
    curve: Curve = LINEAR
    judgement: Judgement | None = None


@dataclass(frozen=True)
class IndicatorProgress:
    """One indicator at the data date: *percent* for amounts, *met* for thresholds."""

    target: Target
    figure: Dated | None
    percent: Decimal | None
    met: bool | None
    scheduled: Decimal
    is_stale: bool

    @property
    def counted(self) -> Decimal | None:
        """What the task takes from it: a threshold is all or nothing."""
        return self.percent if self.met is None else HUNDRED * self.met


@dataclass(frozen=True)
class TaskProgress:
    """How a task stands. *by_rule* is the policy's band, *band* the one that holds after a
    judgement; both None while too little is known. *missing* names indicators without a figure."""

    done: Decimal | None
    scheduled: Decimal
    source: Source | None
    by_rule: Band | None
    band: Band | None
    judgement: Judgement | None
    indicators: tuple[IndicatorProgress, ...]
    missing: tuple[str, ...]
    is_stale: bool
    notes: tuple[str, ...]

    @property
    def judged(self) -> bool:
        return self.judgement is not None

    @property
    def status(self) -> str | None:
        return self.band.label if self.band else None


@dataclass(frozen=True)
class _Measured:
    done: Decimal
    scheduled: Decimal
    source: Source
    is_stale: bool


def is_met(target: Target, value: Decimal) -> bool:
    """Whether *value* holds the target's level."""
    if target.comparator is Comparator.AT_MOST:
        return value <= target.value
    if target.comparator is Comparator.RANGE and target.upper is not None:
        return target.value <= value <= target.upper
    return value >= target.value


def done_percent(target: Target, value: Decimal | None) -> Decimal | None:
    """Cumulative over annual target in percent, uncapped; None for thresholds and no figure."""
    if value is None or target.is_threshold:
        return None
    return percent_of(value, target.value)


def stage_percent(stages: tuple[str, ...], reached: Decimal) -> Decimal:
    """A milestone task counts its stages evenly: 2 of 4 reached are 50 %."""
    if not stages or reached != int(reached) or not 0 <= reached <= len(stages):
        raise Refused(f"该任务共有 {len(stages)} 个阶段，没有第 {number_text(reached)} 个。")
    return reached * HUNDRED / len(stages)


def is_stale(as_of: date, data_date: date) -> bool:
    """Whether a figure is of an earlier month than the data date: shown as 未更新.

    The data date's month counts whole, so a figure of the same month is up to date.
    """
    return (as_of.year, as_of.month) < (data_date.year, data_date.month)


def indicator_progress(reading: Reading, data_date: date, year: int) -> IndicatorProgress:
    """One indicator against its own curve; an old figure is compared with the data date."""
    target, figure = reading.target, reading.figure
    return IndicatorProgress(
        target=target,
        figure=figure,
        percent=done_percent(target, figure.value if figure else None),
        met=is_met(target, figure.value) if figure and target.is_threshold else None,
        scheduled=scheduled(data_date, target.curve, year),
        is_stale=figure is not None and is_stale(figure.as_of, data_date),
    )


def task_progress(
    facts: TaskFacts, data_date: date, year: int, policy: StatusPolicy = DEFAULT_POLICY
) -> TaskProgress:
    """How a task stands at the data date, from accepted figures.

    The lowest indicator counts, as a task is done when its last part is. A stated percentage
    wins over a computed one only where the task declares it and while no figure is newer, stands
    alone where nothing can be computed, and any difference is noted. While an indicator has no
    figure only “behind” is certain, as one more can but lower the task: any other status waits.
    """
    indicators = tuple(indicator_progress(each, data_date, year) for each in facts.readings)
    missing = tuple(each.target.name for each in indicators if each.figure is None)
    computed = _computed(facts, indicators, data_date, year)
    stated = _stated(facts, data_date, year)
    taken = stated if stated and (facts.stated_wins or computed is None) else computed
    by_rule = policy.status(taken.done, taken.scheduled) if taken else None
    if missing and by_rule and taken is computed and by_rule.standing is not Standing.BEHIND:
        by_rule = None
    return TaskProgress(
        done=taken.done if taken else None,
        scheduled=taken.scheduled if taken else scheduled(data_date, facts.curve, year),
        source=taken.source if taken else None,
        by_rule=by_rule,
        band=_judged_band(facts.judgement, policy) or by_rule,
        judgement=facts.judgement,
        indicators=indicators,
        missing=missing,
        is_stale=taken is not None and taken.is_stale,
        notes=_notes(facts, computed, stated, missing, by_rule),
    )


def _computed(
    facts: TaskFacts, indicators: tuple[IndicatorProgress, ...], data_date: date, year: int
) -> _Measured | None:
    if facts.kind is Kind.MILESTONE:
        if facts.reached is None:
            return None
        done = stage_percent(facts.stages, facts.reached.value)
        return _from_dated(
            Dated(done, facts.reached.as_of), facts, Source.COMPUTED, data_date, year
        )
    known = [(each.counted, each) for each in indicators if each.counted is not None]
    if not known:
        return None
    # Among equals the one that should be furthest along decides.
    done, lowest = min(known, key=lambda pair: (pair[0], -pair[1].scheduled))
    return _Measured(
        done, lowest.scheduled, Source.COMPUTED, any(each.is_stale for _, each in known)
    )


def _stated(facts: TaskFacts, data_date: date, year: int) -> _Measured | None:
    newest = max((each.figure.as_of for each in facts.readings if each.figure), default=None)
    if facts.stated is None or (newest is not None and newest > facts.stated.as_of):
        return None
    return _from_dated(facts.stated, facts, Source.STATED, data_date, year)


def _from_dated(
    dated: Dated, facts: TaskFacts, source: Source, data_date: date, year: int
) -> _Measured:
    due = scheduled(data_date, facts.curve, year)
    return _Measured(dated.value, due, source, is_stale(dated.as_of, data_date))


def _judged_band(judgement: Judgement | None, policy: StatusPolicy) -> Band | None:
    if judgement is None:
        return None
    if band := policy.named(judgement.label):
        return band
    labels = "、".join(dict.fromkeys(band.label for band in policy.bands))
    raise Refused(f"没有“{judgement.label}”这一状态，可选：{labels}。")


def _notes(
    facts: TaskFacts,
    computed: _Measured | None,
    stated: _Measured | None,
    missing: tuple[str, ...],
    by_rule: Band | None,
) -> tuple[str, ...]:
    notes = []
    if stated and computed and percent_text(stated.done) != percent_text(computed.done):
        taken = "自报" if facts.stated_wins else "计算"
        notes.append(
            f"自报 {percent_text(stated.done)}，按完成数计算 {percent_text(computed.done)}，"
            f"采用{taken}数"
        )
    elif stated and not computed:
        notes.append(f"形象进度 {percent_text(stated.done)} 为单位自报")
    if missing:
        notes.append("尚无数据：" + "、".join(missing))
    if facts.judgement:
        rule = f"按规则为“{by_rule.label}”" if by_rule else "按规则暂不能判定"
        notes.append(f"经研判评定，{rule}，原因：{facts.judgement.reason}")
    return tuple(notes)
