"""What pages of a board say, on both engines: one figure moves everything that follows from it."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from handlers.board.calendar import Month
from handlers.board.counties import Counties
from handlers.board.laggards import Laggards
from handlers.board.look import Look, Wanted, pages_of
from handlers.board.naming import Names
from handlers.board.overview import Overview
from handlers.board.pages import TITLES, Page, page_of
from handlers.board.ranking import Places
from handlers.board.reader import Reader
from handlers.board.task import TaskPage
from handlers.board.tasks import Tasks
from handlers.board.unit import UnitPage
from models.db import Database
from models.errors import Refused
from models.figure import Figure
from models.indicator import Indicator
from models.programme import Programme, programme_by_code
from models.task import Task
from models.unit import Unit
from tests.conftest import SHANGHAI, at
from tests.supervising import hand_in
from tests.talk import Talk

#: After the tenth of September: January to August has been reported.
NOW = at("2021-09-13T09:00")
LIVELIHOOD = "minsheng-2021"
DEVICES = "乡村公共部位安防设备"


@pytest.fixture
def talk(database: Database) -> Talk:
    return Talk(database, now=at("2021-09-09T10:00"))


class Opened:
    """A board over a talk's database."""

    def __init__(
        self, session: Session, *, named: bool = True, code: str = LIVELIHOOD, now: datetime = NOW
    ) -> None:
        found = programme_by_code(session, code)
        assert found is not None
        self.session, self.programme, self.named, self.now = session, found, named, now

    def page(self, view: str, **wanted: object) -> Page | None:
        reader = Reader(self.programme, self.named)
        asked = Wanted(view=view, **wanted)
        return page_of(Look(self.session, reader, asked, self.now, SHANGHAI))

    def body(self, view: str, **wanted: object):
        page = self.page(view, **wanted)
        assert page is not None
        return page.body

    def task_id(self, number: str) -> int:
        query = select(Task.id).where(Task.number == number, Task.programme_id == self.programme.id)
        return self.session.exec(query).one() or 0

    def unit_id(self, name: str) -> int:
        return self.session.exec(select(Unit.id).where(Unit.name == name)).one() or 0


@pytest.fixture
def board(talk: Talk) -> Iterator[Opened]:
    """雪亮工程 reported 1710 of 6000 in time; 农村户厕 owes its report."""
    hand_in(talk, "新7", {DEVICES: "1710"}, month=9, accepted=True)
    with talk.database.read() as session:
        yield Opened(session)


def test_every_page_opens_with_and_without_naming(board: Opened) -> None:
    quiet = Opened(board.session, named=False)
    for view in TITLES:
        assert board.page(view) is not None, view
        if view != "counties":
            assert quiet.page(view) is not None, view


def test_the_overview_counts_what_lags_and_what_is_owed(board: Opened) -> None:
    body: Overview = board.body("overview")

    assert body.tasks == 2
    assert {share.kind: share.count for share in body.shares} == {
        "done": 0, "track": 0, "behind": 1, "none": 1,
    }  # fmt: skip
    assert body.lagging == "1个单位1项任务"
    assert body.overdue == "1件，涉及1个单位"
    assert body.round is not None
    assert dict(body.round.numbers)["应报"] == 2
    assert body.round.rate == "50.00%"


def test_one_accepted_figure_changes_row_bar_rank_and_count_together(talk: Talk) -> None:
    hand_in(talk, "新7", {DEVICES: "1710"}, month=9, accepted=True)
    with talk.database.read() as session:
        before = Opened(session)
        assert "28.50%" in str(before.body("tasks"))
        assert before.body("overview").lagging == "1个单位1项任务"
    with talk.database.write() as session:
        session.exec(select(Figure).where(Figure.value == Decimal("1710"))).one().value = Decimal(
            6000
        )
    with talk.database.read() as session:
        after = Opened(session)
        body: Tasks = after.body("tasks")
        [row] = [row for theme in body.themes for row in theme.rows if "新7" in row.name]
        assert (row.mark.kind, row.bar.done if row.bar else None) == ("done", Decimal("100.0"))
        assert after.body("overview").lagging == "无"
        assert "28.50%" not in str([after.body(view) for view in TITLES])


def test_the_ranking_explains_and_hatches_who_lags(board: Opened) -> None:
    body: Places = board.body("ranking")

    [police] = [row for group in body.groups for row in group.rows if row.unit == "州公安局"]
    assert police.lagging == 1
    assert police.bar is not None
    assert police.bar.kind == "behind"
    assert police.why[0].startswith("州公安局：")


def test_before_the_first_ranking_nobody_is_new(board: Opened) -> None:
    body: Places = board.body("ranking")

    assert body.against == "尚未发布过排名，以下按目前数据。"
    assert {row.change for group in body.groups for row in group.rows} == {""}


def test_who_has_no_score_is_named_apart_and_explained_on_the_own_page(talk: Talk) -> None:
    """农业农村局 leads a task without a target, on which nothing is due yet."""
    hand_in(talk, "新7", {DEVICES: "1710"}, month=9, accepted=True)
    with talk.database.write() as session:
        farming = select(Indicator).join(Task).where(Task.number == "续8")
        for each in session.exec(farming).all():
            each.target = None
    with talk.database.read() as session:
        board = Opened(session, now=talk.now)
        [group] = board.body("ranking").groups
        assert [row.unit for row in group.rows] == ["州公安局"]
        assert [row.unit for row in group.unscored] == ["州农业农村局"]
        unit: UnitPage = board.body("unit", id=group.unscored[0].unit_id)
        assert unit.rank is not None
        assert unit.rank.why[0] == "州农业农村局：没有可计分的进度或时效，不排名次。"


def test_the_schedule_of_a_task_is_told_once(board: Opened) -> None:
    reported: TaskPage = board.body("task", id=board.task_id("新7"))
    silent: TaskPage = board.body("task", id=board.task_id("续8"))

    assert reported.row.bar is not None
    assert reported.row.bar.said == "完成28.50%，序时66.67%"
    assert reported.scheduled == ""
    assert silent.scheduled == "序时进度66.67%"


def test_without_names_there_are_neither_rows_nor_too_small_counts(board: Opened) -> None:
    body: Places = Opened(board.session, named=False).body("ranking")

    assert body.groups == ()
    assert body.steps == ()  # of two units every count would tell which
    assert body.leading == ()


def test_without_names_a_group_of_two_names_no_leader_who_would_tell_the_other(talk: Talk) -> None:
    hand_in(talk, "新7", {DEVICES: "6000"}, month=9, accepted=True)
    hand_in(talk, "续8", {"农村户用厕所": "10"}, month=9, accepted=True)
    with talk.database.read() as session:
        named: Overview = Opened(session).body("overview")
        quiet: Overview = Opened(session, named=False).body("overview")

    assert named.leading[0].startswith("州直单位：州公安局（")
    assert quiet.leading == ()


def test_laggards_name_unit_task_and_report(board: Opened) -> None:
    body: Laggards = board.body("laggards")

    assert [(each.unit, len(each.tasks), len(each.duties)) for each in body.units] == [
        ("州公安局", 1, 0),
        ("州农业农村局", 0, 1),
    ]


def test_without_names_laggards_are_tasks_alone(board: Opened) -> None:
    body: Laggards = Opened(board.session, named=False).body("laggards")

    assert body.units == ()
    assert [(row.name, row.leads) for row in body.tasks] == [("新7 雪亮工程", "")]


def test_the_calendar_shows_the_day_and_its_reports(board: Opened) -> None:
    body: Month = board.body("calendar")

    assert body.title == "2021年9月"
    [tenth] = [day for week in body.weeks for day in week if day.number == 10]
    assert (tenth.due, tenth.open) == (2, 1)
    assert body.days[0].said == "应报2件，已报1件，逾期未报1件"
    assert [row.mark.kind for row in body.days[0].rows] == ["done", "behind"]
    assert Opened(board.session, named=False).body("calendar").days[0].rows == ()


def test_a_county_stands_by_its_share_against_the_schedule(talk: Talk) -> None:
    with talk.database.write() as session:
        toilets = session.exec(select(Indicator).where(Indicator.name == "农村户用厕所")).one()
        for county, value in (("吉首市", "1645"), ("龙山县", "20000")):
            unit = session.exec(select(Unit).where(Unit.name == county)).one()
            session.add(
                Figure(
                    task_id=toilets.task_id,
                    indicator_id=toilets.id,
                    unit_id=unit.id,
                    as_of=date(2021, 8, 31),
                    value=Decimal(value),
                    accepted_at=NOW,
                )
            )
    with talk.database.read() as session:
        board = Opened(session)
        body: Counties = board.body("counties")
        rows = {row.unit: row for row in body.rows}
        assert [mark.label for mark in rows["吉首市"].counts] == ["滞后1"]
        assert rows["吉首市"].lowest == "最低：续8 农村户用厕所 40.00%"
        assert [mark.label for mark in rows["龙山县"].counts] == ["已完成1"]
        county: UnitPage = board.body("county", id=board.unit_id("吉首市"))
        assert county.figures[0].said == "1645个，任务4113个"
        task: TaskPage = board.body("task", id=board.task_id("续8"))
        shares = {row.unit: (row.said, row.percent) for row in task.counties}
        assert shares["吉首市"] == ("1645个 / 4113个", "40.00%")


def test_a_year_of_figures_becomes_a_line_beside_the_schedule(talk: Talk) -> None:
    hand_in(talk, "新7", {DEVICES: "1710"}, month=9, accepted=True)
    with talk.database.write() as session:
        kept = session.exec(select(Figure).where(Figure.value == Decimal(1710))).one()
        earlier = kept.model_dump(exclude={"id"}) | {"as_of": date(2021, 6, 30), "value": 1200}
        session.add(Figure(**earlier))
    with talk.database.read() as session:
        board = Opened(session)
        body: TaskPage = board.body("task", id=board.task_id("新7"))
    chart = body.indicators[0].chart
    assert chart is not None
    assert chart.said == "6月30日 20.00%；8月31日 28.50%"
    assert chart.done == "150.0,80.0 200.0,71.5"
    assert chart.schedule.endswith("300.0,0.0")


def test_a_unit_without_any_task_has_a_page_that_says_nothing_of_it(board: Opened) -> None:
    body: UnitPage = board.body("unit", id=board.unit_id("州文旅广电局"))

    assert (body.rank, body.themes, body.owed) == (None, (), ())


def test_unnamed_boards_refuse_every_unit_alike(board: Opened) -> None:
    quiet = Opened(board.session, named=False)
    for id_ in (board.unit_id("州公安局"), 99999):
        with pytest.raises(Refused, match="本群未开启点名"):
            quiet.page("unit", id=id_)


def test_a_programme_without_tasks_has_a_board(talk: Talk) -> None:
    with talk.database.write() as session:
        area = programme_by_code(session, LIVELIHOOD)
        assert area is not None
        empty = Programme(
            code="empty-2021",
            area_id=area.area_id,
            title="空专项",
            short_title="空专项",
            year=2021,
            loaded_at=NOW,
        )
        session.add(empty)
        session.flush()
        board = Opened(session, code="empty-2021")
        for view in TITLES:
            assert board.page(view) is not None, view
        assert board.body("overview").shares == ()


def test_the_name_of_a_unit_is_found_within_a_title() -> None:
    names = Names(
        [Unit(area_id=1, name="州公安局", aliases=["公安"]), Unit(area_id=1, name="花垣县")]
    )

    assert names.stand_in("公 安 信息化项目")
    assert names.stand_in("花垣县双龙镇道路")
    assert not names.stand_in("雪亮工程")


@pytest.mark.parametrize(
    ("wanted", "rows", "shown"),
    [(1, 0, (1, 1)), (1, 60, (1, 1)), (2, 61, (2, 2)), (9, 61, (2, 2)), (-3, 200, (1, 4))],
)
def test_a_part_of_a_list_is_the_nearest_there_is(wanted, rows, shown) -> None:
    found = pages_of(wanted, rows)

    assert (found.number, found.count) == shown
