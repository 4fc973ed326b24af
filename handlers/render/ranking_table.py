"""What stands in a ranking picture, as plain data, and how it comes from a ranking."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from models.rules.ranking import Ranking, Row, recipe_text
from models.rules.rounding import NOT_APPLICABLE, half_up

Change = int | Literal["new"] | None


@dataclass(frozen=True)
class RankingPart:
    """One part of a score as printed: 0 to 100 (None: does not apply) and its weight in percent."""

    name: str
    value: Decimal | None
    weight: Decimal


@dataclass(frozen=True)
class RankingRow:
    """One unit; *change* is the places gained since the last time, None where nothing is known."""

    rank: int | None
    name: str
    score: Decimal | None
    change: Change = None
    parts: tuple[RankingPart, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class RankingGroup:
    """Units that are ranked against each other."""

    heading: str
    rows: tuple[RankingRow, ...]


@dataclass(frozen=True)
class RankingTable:
    """All that stands in the picture; *mark* says aloud that it is no real data."""

    title: str
    subtitle: str
    groups: tuple[RankingGroup, ...]
    recipe: str
    footer: str = ""
    mark: str | None = None


def ranking_table(
    ranking: Ranking,
    *,
    title: str,
    subtitle: str,
    notes: Mapping[str, str] | None = None,
    footer: str = "",
    mark: str | None = None,
) -> RankingTable:
    """A ranking ready to be drawn; *notes* by unit, such as the task that lags."""
    newcomers = ranking.newcomers
    groups = tuple(
        RankingGroup(
            group,
            tuple(_row_of(row, newcomers, (notes or {}).get(row.unit, "")) for row in rows),
        )
        for group in dict.fromkeys(row.group for row in ranking.rows)
        if (rows := ranking.of(group))
    )
    return RankingTable(title, subtitle, groups, recipe_text(ranking), footer, mark)


def _row_of(row: Row, newcomers: Collection[str], note: str) -> RankingRow:
    change: Change = "new" if row.unit in newcomers else row.change
    parts = tuple(RankingPart(part.name, part.value, part.weight) for part in row.parts)
    return RankingRow(row.rank, row.unit, row.score, change, parts, note)


def score_text(score: Decimal | None) -> str:
    """A score as picture and text print it, with two places."""
    return NOT_APPLICABLE if score is None else str(half_up(score, 2))
