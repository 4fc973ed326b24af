"""排名: the units of each group in order with the reasons, or only how many stand how far."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from handlers.board.look import Look, Pages, pages_of
from handlers.board.overview import leading
from handlers.board.rows import Bar, width
from handlers.supervising.texts import full_day_text, issue_text
from models.rules.ranking import Row, explain, recipe_text

#: Scores are told in these steps where units stay unnamed; the last one holds all below.
_STEPS = (Decimal(90), Decimal(80), Decimal(60))
#: With fewer units than this even a count would name somebody.
FEWEST = 5


@dataclass(frozen=True)
class RankRow:
    """One unit's place; *why* explains it, *lagging* counts its tasks behind schedule."""

    unit_id: int
    unit: str
    rank: str
    change: str
    score: str
    bar: Bar | None
    lagging: int
    why: tuple[str, ...]


@dataclass(frozen=True)
class RankGroup:
    """The rows of one group that stand on this page; who has no score is only named."""

    title: str
    rows: tuple[RankRow, ...]
    unscored: tuple[RankRow, ...]


@dataclass(frozen=True)
class Step:
    """How many units have a score within a step."""

    said: str
    count: int
    width: Decimal


@dataclass(frozen=True)
class Places:
    """The ranking as the reader may see it: *groups* with names, or *steps* without."""

    groups: tuple[RankGroup, ...]
    steps: tuple[Step, ...]
    leading: tuple[str, ...]
    against: str
    recipe: str
    pages: Pages


def ranking(look: Look) -> Places:
    """The places at the data date, against the ranking last published."""
    found = look.found
    rows = found.ranking.rows
    pages = pages_of(look.wanted.page, len(rows))
    return Places(
        groups=tuple(_groups(look, rows[pages.rows])) if look.named else (),
        steps=() if look.named else tuple(_steps(rows)),
        leading=leading(found, named=look.named),
        against=_against(look),
        recipe=recipe_text(found.ranking),
        pages=pages if look.named else Pages(1, 1),
    )


def _groups(look: Look, shown: Sequence[Row]) -> Iterator[RankGroup]:
    for group in dict.fromkeys(row.group for row in shown):
        theirs = [row for row in shown if row.group == group]
        yield RankGroup(
            group,
            rows=tuple(rank_rows(look, [row for row in theirs if row.score is not None])),
            unscored=tuple(rank_rows(look, [row for row in theirs if row.score is None])),
        )


def rank_rows(look: Look, rows: Sequence[Row]) -> Iterator[RankRow]:
    """These places as rows, with the reasons of each."""
    ids = {unit.name: unit.id or 0 for unit in look.standing.units}
    lagging = {unit_id: len(tasks) for unit_id, tasks in look.found.lagging().items()}
    newcomers = look.found.ranking.newcomers
    for row in rows:
        unit_id = ids[row.unit]
        yield RankRow(
            unit_id=unit_id,
            unit=row.unit,
            rank=f"{row.rank}" if row.rank is not None else "—",
            change="新" if row.unit in newcomers else change_text(row.change),
            score=f"{row.score}分" if row.score is not None else "未计分",
            bar=score_bar(row, is_lagging=unit_id in lagging),
            lagging=lagging.get(unit_id, 0),
            why=explain(row),
        )


def score_bar(row: Row, *, is_lagging: bool) -> Bar | None:
    """The score as a bar; hatched where the unit lags with a task."""
    if row.score is None:
        return None
    return Bar(f"{row.score}分", width(row.score), "behind" if is_lagging else "track")


def change_text(change: int | None) -> str:
    """▲2, ▼1, 持平; empty where nothing is known."""
    if change is None:
        return ""
    if change == 0:
        return "持平"
    return f"{'▲' if change > 0 else '▼'}{abs(change)}"


def _steps(rows: Sequence[Row]) -> Iterator[Step]:
    """All groups together: a group of one would be told by its count."""
    scores = [row.score for row in rows if row.score is not None]
    if len(rows) < FEWEST:
        return
    above: Decimal | None = None
    for low in (*_STEPS, Decimal(0)):
        said = f"{low}分以上" if above is None else f"{low}至{above}分" if low else f"{above}分以下"
        count = sum(low <= score and (above is None or score < above) for score in scores)
        yield Step(said, count, width(Decimal(count) * 100 / len(rows)))
        above = low
    if silent := len(rows) - len(scores):
        yield Step("尚未计分", silent, width(Decimal(silent) * 100 / len(rows)))


def _against(look: Look) -> str:
    """Against which ranking places have changed; empty before the first."""
    if look.published is None:
        return "尚未发布过排名，以下按目前数据。"
    day = full_day_text(look.published.ranking.data_date)
    issue = issue_text(look.published.period)
    return f"按目前数据；升降与{issue}已发布的排名（数据截至{day}）相比。"
