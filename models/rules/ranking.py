"""Rankings: who stands where and why, by a recipe that is data, frozen when published.

Only a score above 0 has a place: whoever reached nothing, or has nothing that can be counted yet,
is listed without one, and quality alone makes no score. Picture, text and explanation follow it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from pydantic import ConfigDict

from models.errors import Refused
from models.rules.rounding import HUNDRED, half_up, number_text, percent_of, percent_text, shares


class PartCode(StrEnum):
    """What a score may be made of."""

    PROGRESS = "progress"
    TIMELINESS = "timeliness"
    QUALITY = "quality"
    COMPLETION = "completion"


@dataclass(frozen=True)
class Part:
    """One part of a recipe; *how* is printed under every ranking."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    code: PartCode
    name: str
    weight: Decimal
    how: str


@dataclass(frozen=True)
class Recipe:
    """Parts with weights that sum to 100."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    parts: tuple[Part, ...]

    def __post_init__(self) -> None:
        total = sum((part.weight for part in self.parts), Decimal(0))
        if any(part.weight <= 0 for part in self.parts):
            raise Refused("排名办法中每一部分的权重都应大于 0。")
        if total != HUNDRED:
            raise Refused(f"排名办法的权重合计应为 100，现为 {number_text(total)}。")
        if len({part.code for part in self.parts}) < len(self.parts):
            raise Refused("排名办法中有重复的部分。")


DEFAULT_RECIPE = Recipe(
    (
        Part(PartCode.PROGRESS, "进度", Decimal(60), "牵头任务完成率与序时进度之比的平均，满分100"),
        Part(PartCode.TIMELINESS, "时效", Decimal(25), "按时报送占到期应报"),
        Part(PartCode.QUALITY, "质量", Decimal(15), "一次通过占通过"),
    )
)
COMPLETION_RECIPE = Recipe((Part(PartCode.COMPLETION, "完成率", HUNDRED, "完成数占任务数"),))


@dataclass(frozen=True)
class LedTask:
    """A task a unit leads: done and scheduled percent at the data date, from accepted figures.

    Without a target nothing can be measured and it stays out; with a target and no figure
    (*has_figure* false) it counts 0, so that silence never pays.
    """

    name: str
    done: Decimal | None
    scheduled: Decimal
    has_target: bool = True

    @property
    def has_figure(self) -> bool:
        return self.done is not None

    @property
    def points(self) -> Decimal | None:
        """min(100, 100 · done / scheduled), or None where nothing was due yet or measurable."""
        if not self.has_target or self.scheduled <= 0:
            return None
        return min(HUNDRED, (self.done or Decimal(0)) * HUNDRED / self.scheduled)


@dataclass(frozen=True)
class UnitFacts:
    """What a unit's score is made of, from 1 January to the data date."""

    unit: str
    group: str
    tasks: tuple[LedTask, ...] = ()
    due: int = 0
    on_time: int = 0
    accepted: int = 0
    accepted_at_once: int = 0


@dataclass(frozen=True)
class Completion:
    """Done of total for one unit, as in a county table over one indicator."""

    unit: str
    group: str
    done: Decimal
    total: Decimal


@dataclass(frozen=True)
class PartScore:
    """One part of a unit's score: 0 to 100, None where it does not apply; *weight* after sharing.

    *detail* says what it was counted from (按时5期，到期6期).
    """

    code: PartCode
    name: str
    value: Decimal | None
    weight: Decimal
    detail: str


@dataclass(frozen=True)
class Row:
    """A unit's place in its group of *size* ranked units; no score or a score of 0, no rank.

    *change* counts the places gained since the previous ranking, None when new to it.
    """

    unit: str
    group: str
    rank: int | None
    size: int
    score: Decimal | None
    parts: tuple[PartScore, ...]
    previous_rank: int | None = None

    @property
    def change(self) -> int | None:
        if self.rank is None or self.previous_rank is None:
            return None
        return self.previous_rank - self.rank


@dataclass(frozen=True)
class Ranking:
    """A ranking at a data date with the recipe it was made by; to_data freezes it."""

    data_date: date
    recipe: Recipe
    rows: tuple[Row, ...]

    def of(self, group: str) -> tuple[Row, ...]:
        """One group's rows, best first, those without a rank last."""
        return tuple(row for row in self.rows if row.group == group)

    def row(self, unit: str) -> Row | None:
        """The unit's row, or None."""
        return next((row for row in self.rows if row.unit == unit), None)

    @property
    def newcomers(self) -> frozenset[str]:
        """The units with a place now and none the last time; nobody's where there was no last."""
        before = any(row.previous_rank is not None for row in self.rows)
        new = (row.unit for row in self.rows if row.rank is not None and row.previous_rank is None)
        return frozenset(new) if before else frozenset()


def competition_ranks(scores: Sequence[Decimal | None]) -> tuple[int | None, ...]:
    """Each score's rank: ties share it and the next is skipped (1 2 2 4); None has none."""
    known = [score for score in scores if score is not None]
    return tuple(
        None if score is None else 1 + sum(other > score for other in known) for score in scores
    )


def shared_weights(
    weights: Sequence[Decimal], values: Sequence[Decimal | None]
) -> tuple[Decimal, ...]:
    """The weights when those of parts that do not apply go to the others in proportion."""
    kept = [
        Decimal(0) if value is None else weight
        for weight, value in zip(weights, values, strict=True)
    ]
    return shares(kept, places=2)


def rank_units(
    units: Iterable[UnitFacts],
    data_date: date,
    recipe: Recipe = DEFAULT_RECIPE,
    previous: Ranking | None = None,
) -> Ranking:
    """The ranking of these units against the *previous* one.

    Groups (州直单位, 县市, 园区) are ranked apart, in the order given, as their work cannot be
    compared.
    """
    rows = [_row(facts.unit, facts.group, recipe, _counted(facts)) for facts in units]
    return _ranking(rows, data_date, recipe, previous)


def rank_indicator(
    figures: Iterable[Completion],
    data_date: date,
    previous: Ranking | None = None,
    recipe: Recipe = COMPLETION_RECIPE,
) -> Ranking:
    """A county table: units ranked by one indicator's completion (泸溪 44/48 = 91.7 %)."""
    rows = [_row(each.unit, each.group, recipe, _completed(each)) for each in figures]
    return _ranking(rows, data_date, recipe, previous)


def recipe_text(ranking: Ranking) -> str:
    """The line printed under every ranking: what counts, how much, and over which time."""
    parts = "；".join(
        f"{part.name}{number_text(part.weight)}%（{part.how}）" for part in ranking.recipe.parts
    )
    until = f"{ranking.data_date.month}月{ranking.data_date.day}日"
    rest = "，不适用的部分按比例分摊" if len(ranking.recipe.parts) > 1 else ""
    if any(part.code is PartCode.QUALITY for part in ranking.recipe.parts):
        rest += "，只有质量不计分"
    return (
        f"排名办法：{parts}{rest}；同分同名次，0分和未计分的不排名次。"
        f"统计1月1日至{until}已通过的数据。"
    )


def explain(row: Row) -> tuple[str, ...]:
    """Why a unit stands where it does: its place, its parts and what costs it most.

    Five lines under the default recipe, for `为什么 州公安局`.
    """
    return (_place_line(row), *(_part_line(part) for part in row.parts), _loss_line(row))


def _ranking(
    rows: Sequence[Row], data_date: date, recipe: Recipe, previous: Ranking | None
) -> Ranking:
    ranked = [
        row
        for group in dict.fromkeys(row.group for row in rows)
        for row in _ranked([row for row in rows if row.group == group], previous)
    ]
    return Ranking(data_date, recipe, tuple(ranked))


def _ranked(rows: Sequence[Row], previous: Ranking | None) -> list[Row]:
    # Nobody is first for having reached nothing.
    ranks = competition_ranks([row.score or None for row in rows])
    size = sum(rank is not None for rank in ranks)
    before = {row.unit: row.rank for row in previous.rows} if previous else {}
    placed = [
        replace(row, rank=rank, size=size, previous_rank=before.get(row.unit))
        for row, rank in zip(rows, ranks, strict=True)
    ]
    return sorted(placed, key=lambda row: (row.rank is None, row.rank or 0, row.score is None))


def _row(
    unit: str, group: str, recipe: Recipe, counted: dict[PartCode, tuple[Decimal | None, str]]
) -> Row:
    if strange := next((part for part in recipe.parts if part.code not in counted), None):
        raise Refused(f"排名办法中的“{strange.name}”不适用于这张表。")
    values = [counted[part.code][0] for part in recipe.parts]
    weights = [part.weight for part in recipe.parts]
    parts = tuple(
        PartScore(part.code, part.name, value, weight, counted[part.code][1])
        for part, value, weight in zip(
            recipe.parts, values, shared_weights(weights, values), strict=True
        )
    )
    score = _score(weights, values) if _is_measured(parts) else None
    return Row(unit, group, None, 0, score, parts)


def _is_measured(parts: Sequence[PartScore]) -> bool:
    """Whether the unit has more than quality to show, unless the recipe asks for nothing else.

    One report that passed at once would otherwise stand above a year of work.
    """
    telling = [part for part in parts if part.code is not PartCode.QUALITY]
    return not telling or any(part.value is not None for part in telling)


def _score(weights: Sequence[Decimal], values: Sequence[Decimal | None]) -> Decimal | None:
    """The weighted mean of the parts that apply, half up to two places; None without any.

    Counted with the recipe's own weights, as shared ones are rounded for print.
    """
    known = [(w, value) for w, value in zip(weights, values, strict=True) if value is not None]
    if not known:
        return None
    whole = sum((weight for weight, _ in known), Decimal(0))
    return half_up(sum((weight * value for weight, value in known), Decimal(0)) / whole, 2)


def _counted(facts: UnitFacts) -> dict[PartCode, tuple[Decimal | None, str]]:
    due, passed = f"到期{facts.due}期", f"通过{facts.accepted}期"
    return {
        PartCode.PROGRESS: _progress(facts.tasks),
        PartCode.TIMELINESS: (
            percent_of(facts.on_time, facts.due),
            f"{due}，按时{facts.on_time}期" if facts.due else "尚无到期的报送",
        ),
        PartCode.QUALITY: (
            percent_of(facts.accepted_at_once, facts.accepted),
            f"{passed}，一次通过{facts.accepted_at_once}期" if facts.accepted else "尚无通过的报送",
        ),
    }


def _completed(figure: Completion) -> dict[PartCode, tuple[Decimal | None, str]]:
    detail = f"任务{number_text(figure.total)}，完成{number_text(figure.done)}"
    return {PartCode.COMPLETION: (percent_of(figure.done, figure.total), detail)}


def _progress(tasks: tuple[LedTask, ...]) -> tuple[Decimal | None, str]:
    """The mean over the tasks that can be measured, with the weakest of them by name."""
    scored = [(task.points, task) for task in tasks if task.points is not None]
    if not scored:
        return None, "没有可计分的牵头任务"
    mean = sum((points for points, _ in scored), Decimal(0)) / len(scored)
    points, weakest = min(scored, key=lambda pair: pair[0])
    silent = sum(not task.has_figure for _, task in scored)
    told = f"，其中{silent}项无数据计0分" if silent else ""
    low = f"，最低为{weakest.name}（{half_up(points, 2)}分）" if points < HUNDRED else ""
    return mean, f"牵头{len(scored)}项{told}{low}"


def _place_line(row: Row) -> str:
    if row.score is None:
        return f"{row.unit}：没有可计分的进度或时效，不排名次。"
    if row.rank is None:
        return f"{row.unit}：{row.score}分，不排名次。"
    place = f"{row.unit}：{row.group}第{row.rank}名（{row.size}家有名次），{row.score}分"
    return f"{place}，{_change_text(row.change)}。"


def _change_text(change: int | None) -> str:
    if change is None:
        return "上次没有名次"
    if change == 0:
        return "与上次持平"
    return f"较上次{'上升' if change > 0 else '下降'}{abs(change)}位"


def _part_line(part: PartScore) -> str:
    if part.value is None:
        return f"{part.name}：不适用，权重已分摊（{part.detail}）。"
    weight = percent_text(part.weight, 0 if part.weight == half_up(part.weight) else 2)
    return f"{part.name}：{half_up(part.value, 2)}分，权重{weight}（{part.detail}）。"


def _loss_line(row: Row) -> str:
    losses = [
        ((HUNDRED - part.value) * part.weight / HUNDRED, part)
        for part in row.parts
        if part.value is not None and part.value < HUNDRED
    ]
    if row.score is None:
        return "有进度数据或到期报送后即参加排名。"
    if not losses:
        return "各部分均无失分。"
    lost, part = max(losses, key=lambda pair: pair[0])
    return f"失分最多的是{part.name}，少得{half_up(lost, 2)}分。"
