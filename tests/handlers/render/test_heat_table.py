"""Counties by indicators: their shares with the status of the policy, and an issue's laggards."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from sqlmodel import Session

from handlers.render.grid_picture import grid_layout
from handlers.render.grid_table import Grid, GridCell
from handlers.render.heat_table import heat_grid, named_grid
from handlers.render.signs import BEHIND, BLANK, DONE, ON_TRACK, UNKNOWN
from handlers.standing.county_lines import CountyShare, CountyStanding
from models.programme import programme_by_code
from models.programmes.issued import CIRCULAR, CountyLine, issued_snapshot
from models.rules.progress import (
    Dated,
    Kind,
    Reading,
    Target,
    TaskFacts,
    task_progress,
)
from models.rules.status import DEFAULT_POLICY
from models.snapshot import last_snapshot
from models.task import Task
from models.unit import Unit, UnitKind

MAY = date(2021, 5, 31)
SAFETY = Task(
    id=7, programme_id=1, number="新7", title="雪亮工程", position=6, aliases=["雪亮工程"]
)
WORK = Task(id=3, programme_id=1, number="新3", title="就业", position=2, aliases=["就业和培训"])


def a_share(
    task: Task, indicator: str, target: str, value: str | None, *, threshold: bool = False
) -> CountyShare:
    wanted = Target(indicator, Decimal(target), threshold=threshold)
    figure = None if value is None else Dated(Decimal(value), MAY)
    facts = TaskFacts(Kind.COUNT, readings=(Reading(wanted, figure),))
    progress = task_progress(facts, MAY, 2021)
    return CountyShare(
        task,
        indicator,
        Decimal(target),
        None if figure is None else figure.value,
        progress.by_rule,
        progress.indicators[0],
    )


def a_county(name: str, *shares: CountyShare) -> CountyStanding:
    return CountyStanding(Unit(area_id=1, name=name, kind=UnitKind.COUNTY), shares)


def some_counties(count: int) -> list[CountyStanding]:
    """Three stand as 吉首市, 泸溪县 and 凤凰县 do, the rest like the last."""
    first = a_county(
        "吉首市",
        a_share(WORK, "城镇新增就业", "4000", "1929"),
        a_share(WORK, "职业技能培训", "2000", None),
        a_share(SAFETY, "安防设备", "1080", "1000"),
    )
    second = a_county(
        "泸溪县",
        a_share(WORK, "城镇新增就业", "2500", "2800"),
        a_share(WORK, "低保标准", "550", "583", threshold=True),
    )
    rest = [
        a_county(f"第{at}县", a_share(SAFETY, "安防设备", "600", "171"))
        for at in range(3, count + 1)
    ]
    return [first, second, *rest]


def grid_of(counties: Sequence[CountyStanding]) -> Grid:
    return heat_grid(counties, DEFAULT_POLICY, title="县市任务进度", subtitle="数据截至5月31日")


def test_up_to_eight_counties_stand_side_by_side_over_their_indicators() -> None:
    grid = grid_of(some_counties(3))

    assert grid.columns == ("吉首市", "泸溪县", "第3县")
    assert [(row.name, *row.cells) for row in grid.rows] == [
        (
            "新3 城镇新增就业",
            GridCell(ON_TRACK, "48.23"),
            GridCell(DONE, "112.00"),
            GridCell(BLANK),
        ),
        ("新3 职业技能培训", GridCell(UNKNOWN), GridCell(BLANK), GridCell(BLANK)),
        ("新3 低保标准", GridCell(BLANK), GridCell(DONE, "达标"), GridCell(BLANK)),
        (
            "新7 雪亮工程",
            GridCell(ON_TRACK, "92.59"),
            GridCell(BLANK),
            GridCell(BEHIND, "28.50"),
        ),
    ]


def test_the_last_line_counts_what_lags_in_each_county() -> None:
    totals = grid_of(some_counties(3)).totals

    assert totals is not None
    assert [totals.name, *(cell.text for cell in totals.cells)] == ["滞后项数", "0", "0", "1"]


def test_more_counties_have_a_line_each_with_their_laggards_counted_behind() -> None:
    grid = grid_of(some_counties(122))

    assert [row.name for row in grid.rows][:3] == ["吉首市", "泸溪县", "第3县"]
    assert [(row.name, row.end) for row in grid.rows][::121] == [("吉首市", "0"), ("第122县", "1")]
    assert grid.columns[0] == "新3 城镇新增就业"
    assert grid.end == "滞后"
    assert grid.totals is None
    assert len(grid_layout(grid).pages) == 3


def test_of_many_counties_only_the_indicators_that_lag_in_most_are_shown() -> None:
    """Each further band of columns would be three pictures more in somebody's chat."""
    counties = some_counties(122)

    grid = heat_grid(counties, DEFAULT_POLICY, title="", subtitle="", most=2)

    assert grid.columns == ("新3 城镇新增就业", "新7 雪亮工程")
    assert grid.below.endswith("所列为滞后县市最多的指标，另有2项未列出，“滞后”按全部指标计。")
    assert [row.end for row in grid.rows][:3] == ["0", "0", "1"]


def test_the_schedule_is_said_where_all_share_one() -> None:
    assert grid_of(some_counties(3)).below.endswith("空格为没有此项任务。序时进度41.67%。")


def test_without_shares_the_picture_says_so() -> None:
    grid = grid_of([])

    assert (grid.rows, grid.totals) == ((), None)
    assert "尚未分解到县市区的任务" in grid_layout(grid).pages[0].texts


def test_the_legend_has_the_words_of_the_policy() -> None:
    assert [each.word for each in grid_of([]).meanings] == [
        "达到省定验收标准",
        "工作有序推进",
        "工作进度相对滞后",
        "尚无数据",
    ]


def _lines(session: Session) -> Sequence[CountyLine]:
    programme = programme_by_code(session, "minsheng-2021")
    assert programme is not None
    row = last_snapshot(session, programme.id or 0, CIRCULAR)
    assert row is not None
    return issued_snapshot(row).counties


def test_the_laggards_named_in_may_stand_under_their_counties(published: Session) -> None:
    """龙山县 is counted with 8 and named with 10; the picture shows whom the document names."""
    lines = _lines(published)

    grid = named_grid(lines, title="县市滞后事项", subtitle="")

    assert grid.totals is not None
    assert dict(zip(grid.columns, (cell.text for cell in grid.totals.cells), strict=True)) == {
        "吉首市": "7",
        "泸溪县": "11",
        "凤凰县": "9",
        "古丈县": "10",
        "花垣县": "5",
        "保靖县": "3",
        "永顺县": "9",
        "龙山县": "10",
    }
    assert [(row.name, row.end) for row in grid.rows][:4] == [
        ("农村公路安防设施", "8"),
        ("城镇老旧小区开工", "8"),
        ("农村户用厕所", "8"),
        ("困难残疾人家庭无障碍改造", "7"),
    ]
    assert [cell.sign for cell in grid.rows[3].cells].index(BLANK) == 5


def test_an_issue_that_names_nobody_makes_an_empty_picture() -> None:
    grid = named_grid([], title="县市滞后事项", subtitle="")

    assert "没有点名的滞后事项" in grid_layout(grid).pages[0].texts
