"""The pictures that the bot draws: a ranking of 60, and each page for 122 counties."""

import time
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

from handlers.render.drawing import Page, page_png
from handlers.render.grid_picture import grid_layout
from handlers.render.grid_table import Grid, GridCell, GridGroup, GridRow
from handlers.render.ranking_picture import ranking_layout
from handlers.render.ranking_table import RankingTable, ranking_table
from handlers.render.sheets import Layout
from handlers.render.signs import BEHIND, DONE, ON_TRACK, Meaning
from models.rules.ranking import LedTask, UnitFacts, rank_units
from tests.bench.result import Result

LIMIT = 200
_MARK = "演示数据"
_DAY = date(2021, 8, 31)


def measure() -> list[Result]:
    """Processor milliseconds for a page, beside an empty page of the same size as PNG."""
    return [
        _result("ranking of 60 units", _ranking(60)),
        _result("ranking of 122 counties, page", _ranking(122)),
        _result("heat of 122 counties, page", _heat(122, 8)),
    ]


def _result(name: str, make: Callable[[], Layout]) -> Result:
    pages = make().pages
    floor = _milliseconds(lambda: [page_png(Page(p.width, p.height, ())) for p in pages])
    spent = _milliseconds(lambda: make().pictures())
    count = len(pages)
    return Result(name, spent / count, "ms", LIMIT, floor / count, "an empty page as PNG")


def _ranking(units: int) -> Callable[[], Layout]:
    def table() -> RankingTable:
        facts = list(_facts(units))
        before = rank_units(list(reversed(facts)), date(2021, 7, 31))
        ranking = rank_units(facts, _DAY, previous=before)
        notes = {each.unit: "滞后：州1-7 雪亮工程" for each in facts[::4]}
        return ranking_table(ranking, title="答卷排名", subtitle="", notes=notes, mark=_MARK)

    found = table()
    return lambda: ranking_layout(found)


def _facts(units: int) -> Iterator[UnitFacts]:
    for at in range(units):
        task = LedTask("雪亮工程", Decimal(10 + at % 60), Decimal("66.67"))
        yield UnitFacts(
            f"第{at}处级单位", "州直单位", (task,), due=9, on_time=at % 9 + 1, accepted=8,
            accepted_at_once=at % 8,
        )  # fmt: skip


def _heat(counties: int, indicators: int) -> Callable[[], Layout]:
    signs = (DONE, ON_TRACK, BEHIND)
    rows = tuple(
        GridRow(
            f"第{at}县",
            tuple(
                GridCell(signs[(at + place) % 3], f"{(at * 37 + place * 11) % 120}.{at % 90 + 10}")
                for place in range(indicators)
            ),
            end="3",
        )
        for at in range(counties)
    )
    grid = Grid(
        "县市任务进度",
        "数据截至2021年8月31日",
        "县市区",
        tuple(f"州1-{place} 农村公路安防设施" for place in range(1, indicators + 1)),
        (GridGroup("", rows),),
        tuple(map(Meaning, signs, ("达到", "有序", "滞后"))),
        end="滞后",
        mark=_MARK,
    )
    return lambda: grid_layout(grid)


def _milliseconds(work: Callable[[], object]) -> float:
    """The least of three, since what other work of the machine costs is not the picture's."""
    return min(_once(work) for _ in range(3))


def _once(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return (time.process_time() - begun) * 1000
