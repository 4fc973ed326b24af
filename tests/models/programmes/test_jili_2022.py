"""The incentive items of 2022, against the tables as of 10 October."""

from collections import Counter
from datetime import date
from decimal import Decimal
from itertools import combinations

import pytest
from sqlmodel import Session, col, func, select

from models.award import Award, awards_of
from models.contact import Contact
from models.figure import Figure, Series
from models.indicator import Allotment, indicators_of
from models.note import Note
from models.obligation import Obligation
from models.outlook import OutlookEntry
from models.programme import programme_by_code
from models.programmes.definition import Definition
from models.programmes.files import read_definition
from models.programmes.loader import load
from models.programmes.shape import Names
from models.rules.ranking import Completion, rank_indicator
from models.rules.rounding import percent_text
from models.tables import METADATA
from models.task import Task, tasks_of
from models.unit import units_by_id
from tests.conftest import at
from tests.models.programmes.printed import printed_lines

CODE = "jili-2022"
OCTOBER = at("2022-10-10T18:00")
YEARS = range(2021, 2016, -1)
COUNTIES = ["吉首市", "泸溪县", "凤凰县", "古丈县", "花垣县", "保靖县", "永顺县", "龙山县"]

#: The campaign's county table: done, of how many, the printed percentage.
SUMMER = {
    "泸溪县": (44, 48, "91.7"),
    "凤凰县": (29, 32, "90.6"),
    "保靖县": (45, 51, "88.2"),
    "吉首市": (25, 30, "83.3"),
    "花垣县": (40, 48, "83.3"),
    "古丈县": (17, 22, "77.3"),
    "湘西高新区": (3, 4, "75"),
    "永顺县": (12, 19, "63.2"),
    "龙山县": (16, 27, "59.3"),
}


@pytest.fixture(scope="module")
def jili() -> Definition:
    return read_definition(CODE)


def test_65_items_are_led_by_26_units_and_each_by_one(jili: Definition) -> None:
    assert [task.number for task in jili.tasks] == [f"激{n}" for n in range(1, 66)]
    assert all(len(task.leads) == 1 and not task.supporters for task in jili.tasks)
    assert len({lead for task in jili.tasks for lead in task.leads}) == 26


def test_the_sources_numbers_repeat_and_are_kept_beside_ours(jili: Definition) -> None:
    printed = Counter(task.printed for task in jili.tasks)

    assert [task.number for task in jili.tasks if not task.printed] == ["激30"]
    assert {n: printed[n] for n in ("第8项", "第34项", "第36项")} == dict.fromkeys(
        ("第8项", "第34项", "第36项"), 2
    )
    assert printed["第27项"] == 6
    assert {n for n in printed if n} == {f"第{n}项" for n in range(1, 38)}


def test_eight_items_were_won_everywhere_and_15_are_assessed_by_class(jili: Definition) -> None:
    """The table's head says 14 of the latter, but marks 15."""
    marks = Counter(mark for task in jili.tasks for mark in task.marks)

    assert marks == {"全获": 8, "Ⅲ": 13, "Ⅱ": 2}


@pytest.mark.parametrize(
    ("number", "awards"),
    [
        ("激1", {2021: ("花垣县",), 2020: (), 2019: ()}),
        ("激6", {2021: (), 2020: ("湘西高新区",), 2019: (), 2018: (), 2017: ()}),
        ("激8", {2021: ("湘西州",), 2020: (), 2019: (), 2018: ("龙山县",), 2017: ("吉首市",)}),
        (
            "激13",
            {2021: ("湘西州",), 2020: ("凤凰县",), 2019: ("湘西州",), 2018: ("湘西州",), 2017: ()},
        ),
        ("激30", {}),
        ("激32", {2021: ("龙山县",), 2020: ("泸溪县", "龙山县"), 2019: ("泸溪县",)}),
        ("激55", {2021: ("吉首市",), 2020: (), 2019: (), 2018: (), 2017: ("凤凰县",)}),
    ],
)
def test_an_item_keeps_who_won_it_since_2017(
    jili: Definition, number: str, awards: dict[int, Names]
) -> None:
    """A year in which nobody of the area won differs from one without the award."""
    assert dict(jili.tasks_by_number[number].awards) == awards


def awards_of_printed(cells: list[str], above: dict[int, Names]) -> dict[int, Names]:
    """The winners by year; a cell that spans the line above repeats what that line says."""
    found: dict[int, Names] = {}
    for year, cell in zip(YEARS, cells, strict=True):
        if cell == "〃" and year in above:
            found[year] = above[year]
        elif cell not in ("〃", "——"):
            found[year] = () if cell == "×" else tuple(cell.split("、"))
    return found


def test_numbers_marks_quotas_and_awards_of_all_items_stand_as_printed(jili: Definition) -> None:
    expected: dict[str, tuple[object, ...]] = {}
    above: dict[int, Names] = {}
    for line in printed_lines("jili_2022_items"):
        number, printed, marks, quota, *cells, _ = line.split()
        above = awards_of_printed(cells, above)
        expected[number] = (*(cell.strip("-") for cell in (printed, marks, quota)), above)

    kept = {
        task.number: (task.printed, "、".join(task.marks), task.quota, task.awards)
        for task in jili.tasks
    }

    assert len(expected) == 65
    assert kept == expected


def test_a_cell_that_spans_two_items_is_marked_where_it_was_taken_over(jili: Definition) -> None:
    taken = {task.number: task for task in jili.tasks if task.assumed}

    assert list(taken) == ["激44", "激50", "激59"]
    assert taken["激44"].awards[2017] == jili.tasks_by_number["激43"].awards[2017]
    assert taken["激59"].awards == jili.tasks_by_number["激58"].awards
    assert taken["激50"].awards[2018] == ("湘西州",)


def test_the_county_table_of_the_summer_campaign_ranks_as_printed(jili: Definition) -> None:
    """The places' tasks add up to 281, so that they are no parts of the prefecture's 244."""
    [table] = [each for each in jili.issued if each.figures]
    whole, places = jili.tasks_by_number["激54"].indicators
    figures = [each for each in table.figures if each.indicator == places.name]
    done = {each.unit: each.value for each in figures}
    kinds = {unit.name: unit.kind for unit in jili.units}

    ranking = rank_indicator(
        (
            Completion(share.unit, kinds[share.unit], done[share.unit] or Decimal(0), share.target)
            for share in places.allotments
        ),
        table.as_of,
    )

    assert table.as_of == date(2022, 9, 23)
    [all_places] = [each for each in table.figures if each.indicator == whole.name]
    assert (all_places.value, str(all_places.stated)) == (202, "82.8")
    assert (whole.target, sum(share.target for share in places.allotments)) == (244, 281)
    assert {share.unit: (done[share.unit], share.target) for share in places.allotments} == {
        unit: (line[0], line[1]) for unit, line in SUMMER.items()
    }
    assert [row.unit for row in ranking.of("county")] == [u for u in SUMMER if u in COUNTIES]
    assert {each.unit: str(each.stated) for each in figures} == {
        row.unit: percent_text(row.score, 1).rstrip("%").removesuffix(".0") for row in ranking.rows
    }


def test_units_bear_the_names_they_have_in_the_other_programmes(jili: Definition) -> None:
    """One area, so one row for each unit: no name of one may be another's elsewhere."""
    known = {unit.name: set(unit.names) for unit in jili.units}

    for code in ("dajuan-2021", "minsheng-2021"):
        for other in read_definition(code).units:
            mine = [name for name, names in known.items() if names & set(other.names)]
            assert mine in ([], [other.name])


def test_the_names_people_type_belong_to_one_item_each(jili: Definition) -> None:
    names = {task.number: {task.title, task.short, *task.aliases} for task in jili.tasks}

    assert not [(a, b) for a, b in combinations(names, 2) if names[a] & names[b]]
    printed = {"放管服": "激8", "科技创新": "激16", "就业创业": "激13", "“四好”公路": "激48"}
    printed |= {"质量强县": "激61", "“示范县”创建": "激32", "医保工作": "激35", "河长制": "激29"}
    for name, number in printed.items():
        assert name in names[number]


def contents(session: Session) -> dict[str, list[str]]:
    """Every row of every table, as text."""
    session.flush()
    return {
        table.name: sorted(str(row) for row in session.execute(table.select()).all())
        for table in METADATA.sorted_tables
    }


def test_loading_twice_changes_nothing(session: Session, jili: Definition) -> None:
    first = load(session, jili, OCTOBER)
    before = contents(session)

    again = load(session, jili, at("2022-11-01T08:00"))

    assert first.not_understood == ()
    assert len(first.tasks) == 65
    assert not again.changed
    assert contents(session) == before


def test_what_was_published_is_stored(session: Session, jili: Definition) -> None:
    load(session, jili, OCTOBER)
    ids = [task.id or 0 for task in stored_tasks(session)]

    def count(table: type[OutlookEntry] | type[Note] | type[Contact] | type[Award]) -> int:
        rows = select(func.count()).select_from(table).where(col(table.task_id).in_(ids))
        return session.exec(rows).one()

    # Entries of units and for all counties; items with a stated level, and those set apart.
    assert count(OutlookEntry) == 88 + 2 + 24 + 2
    assert count(Contact) == 315
    assert count(Award) == sum(len(task.awards) for task in jili.tasks)
    awards = awards_of(session, ids)
    assert awards[ids[0]] == {2021: ["花垣县"], 2020: [], 2019: []}


def test_the_counties_figures_are_stored_with_their_parts(
    session: Session, jili: Definition
) -> None:
    load(session, jili, OCTOBER)
    [task] = [task for task in stored_tasks(session) if task.number == "激54"]
    _, places = indicators_of(session, [task.id or 0])[task.id or 0]
    shares = session.exec(select(Allotment).where(Allotment.indicator_id == places.id)).all()
    query = select(Figure).where(Figure.indicator_id == places.id, Figure.series == Series.REPORTED)
    done = {row.unit_id: row.value for row in session.exec(query).all()}
    names = units_by_id(session, [share.unit_id for share in shares])

    assert {names[share.unit_id].name: (done[share.unit_id], share.target) for share in shares} == {
        unit: (line[0], line[1]) for unit, line in SUMMER.items()
    }


def test_monthly_reports_are_assumed_until_an_admin_confirms_them(
    session: Session, jili: Definition
) -> None:
    report = load(session, jili, at("2022-01-05T08:00"))

    assert report.obligations.created == 65 * 12
    rows = session.exec(select(Obligation)).all()
    assert all(row.assumed for row in rows)
    assert {row.due.day for row in rows if row.due > at("2022-02-01T00:00")} == {10}


def stored_tasks(session: Session) -> list[Task]:
    programme = programme_by_code(session, CODE)
    assert programme is not None
    return list(tasks_of(session, programme.id or 0))
