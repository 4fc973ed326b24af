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
from models.programmes.issued import Issued
from models.programmes.loader import load
from models.rules.award import award_history
from models.rules.outlook import (
    CellDifference,
    Counts,
    Item,
    Level,
    cell_differences,
    counted,
    counts_by_lead,
    key_items,
)
from models.rules.ranking import Completion, rank_indicator
from models.rules.rounding import percent_text
from models.tables import METADATA
from models.task import Task, tasks_of
from models.unit import units_by_id
from tests.conftest import at

CODE = "jili-2022"
OCTOBER = at("2022-10-10T18:00")
YEARS = range(2021, 2016, -1)
COUNTIES = ["吉首市", "泸溪县", "凤凰县", "古丈县", "花垣县", "保靖县", "永顺县", "龙山县"]
PARKS = {"泸溪高新区": "泸溪县", "花垣产业开发区": "花垣县"}

#: Annex 1: lead unit; items; at 很有可能, 有可能, 难度较大, 不太可能.
ANNEX_1 = """
州发改委 7 1 2 3 1；州行政审批服务局 1 0 1 0 0；州政府金融办 1 0 1 0 0；州财政局 2 0 0 2 0
州粮食和物资储备局 1 0 1 0 0；州人社局 2 1 1 0 0；州应急管理局 1 1 0 0 0；州科技局 2 0 1 1 0
州教体局 1 1 0 0 0；州农业农村局 6 0 3 3 0；州水利局 5 0 3 2 0；州林业局 1 1 0 0 0
州公安局 1 0 1 0 0；州信访局 1 0 1 0 0；州民政局 1 1 0 0 0；州卫健委 1 0 1 0 0；州医保局 1 0 1 0 0
州工信局 5 0 4 1 0；州自然资源和规划局 2 0 2 0 0；州住建局 5 0 2 3 0；州交通运输局 1 0 1 0 0
州生态环境局 6 0 1 4 1；州商务局 2 0 0 2 0；州市场监管局 6 4 2 0 0；州文旅广电局 1 1 0 0 0
州政府办 2 1 1 0 0
"""

#: Annex 2, by the first words of each item, in printed order.
ANNEX_2 = {
    "州本级": "“放管服” 金融 促进就业 安全 深化教育 交通问题 推进养老 深化医药 医保 促进工业 "
    "建设信息 清理拖欠 农村危房 “四好” 落实事中 文化 水利 河湖 林长 省政府",
    "吉首市": "固定 金融 创新 推进养老 促进工业 产业发展 “四好” 商事 落实事中 质量 文化 "
    "改善 建设信息",
    "泸溪县": "根治 促进工业 产业发展 知识 落实长江 河湖 “夏季",
    "凤凰县": "粮食 信访 医保 城镇老旧 文化 水库 改善 质量",
    "古丈县": "根治 清理 林长 市场",
    "花垣县": "金融 创新 深化教育 信访 推进养老 医保 促进工业 产业发展 商事 食品 高标 改善",
    "保靖县": "深化教育 信访 清理 耕地 城镇老旧 林长 知识",
    "永顺县": "信访 自然 市场 文化 高标",
    "龙山县": "营商 “放管服” 深化教育 信访 “四好” 知识 河湖 文化",
    "湘西高新区": "“五好” “放管服” 促进工业",
}

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


@pytest.fixture(scope="module")
def circular(jili: Definition) -> Issued:
    """What was published as of 10 October."""
    [found] = [each for each in jili.issued if each.as_of == date(2022, 10, 10)]
    return found


@pytest.fixture(scope="module")
def items(jili: Definition, circular: Issued) -> list[Item]:
    """The items with their outlooks as the rule takes them, in printed order."""
    leads = {task.number: task.leads for task in jili.tasks}
    return [
        Item(
            fact.task,
            leads[fact.task],
            {unit: Level(level) for unit, level in fact.entries.items()},
            Level(fact.counties) if fact.counties else None,
            Level(fact.level) if fact.level else None,
        )
        for fact in circular.outlooks
    ]


def annex_1() -> dict[str, Counts]:
    lines = [line.split() for line in ANNEX_1.replace("\n", "；").split("；") if line]
    return {unit: Counts(*(int(count) for count in counts)) for unit, *counts in lines}


def annex_2(jili: Definition) -> dict[str, list[str]]:
    def number(start: str) -> str:
        [found] = [task.number for task in jili.tasks if task.title.startswith(start)]
        return found

    return {unit: [number(start) for start in cell.split()] for unit, cell in ANNEX_2.items()}


def without_judged(counts: Counts) -> tuple[int, ...]:
    return (counts.items, counts.very_likely, counts.likely, counts.difficult, counts.unlikely)


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
    ("number", "line"),
    [
        ("激1", "2021年花垣县；2020年、2019年未获；2018年、2017年未设"),
        ("激6", "2021年未获；2020年湘西高新区；2019年、2018年、2017年未获"),
        ("激8", "2021年湘西州；2020年、2019年未获；2018年龙山县；2017年吉首市"),
        ("激13", "2021年湘西州；2020年凤凰县；2019年、2018年湘西州；2017年未获"),
        ("激30", "2021年、2020年、2019年、2018年、2017年未设"),
        ("激32", "2021年龙山县；2020年泸溪县、龙山县；2019年泸溪县；2018年、2017年未设"),
        ("激55", "2021年吉首市；2020年、2019年、2018年未获；2017年凤凰县"),
    ],
)
def test_an_item_keeps_who_won_it_since_2017(jili: Definition, number: str, line: str) -> None:
    assert award_history(jili.tasks_by_number[number].awards, YEARS) == line


def test_a_cell_that_spans_two_items_is_marked_where_it_was_taken_over(jili: Definition) -> None:
    taken = {task.number: task for task in jili.tasks if task.assumed}

    assert list(taken) == ["激44", "激50", "激59"]
    assert taken["激44"].awards[2017] == jili.tasks_by_number["激43"].awards[2017]
    assert taken["激59"].awards == jili.tasks_by_number["激58"].awards
    assert taken["激50"].awards[2018] == ("湘西州",)


def test_annex_1_follows_exactly_from_the_entries(items: list[Item]) -> None:
    lines = counts_by_lead(items)

    assert {unit: without_judged(line) for unit, line in lines.items()} == {
        unit: without_judged(line) for unit, line in annex_1().items()
    }
    assert list(lines) == list(annex_1())
    assert counted(items) == Counts(65, 12, 30, 21, 2, unknown=0, judged=2)


def test_the_printed_annex_1_is_kept_as_it_stands(circular: Issued) -> None:
    kept = {
        line.unit: Counts(line.items, line.very_likely, line.likely, line.difficult, line.unlikely)
        for line in circular.outlook_counts
    }

    assert kept == annex_1()


def test_two_items_are_judged_because_one_place_is_certain(circular: Issued) -> None:
    judged = {fact.task: fact for fact in circular.outlooks if fact.judged}

    assert list(judged) == ["激7", "激13"]
    assert {fact.level for fact in judged.values()} == {"很有可能"}
    assert {fact.reason for fact in judged.values()} == {"考核细则规定必有1个名额"}


def test_all_counties_are_one_entry_and_a_remark_sets_nothing_apart(items: list[Item]) -> None:
    found = {item.number: item for item in items}

    assert [item.number for item in items if item.counties] == ["激13", "激65"]
    assert found["激65"].entries == {"州本级": Level.VERY_LIKELY}
    assert found["激16"].level is not None
    assert found["激16"].level.level is Level.LIKELY
    assert not found["激16"].level.judged


def test_the_printed_annex_2_is_kept_as_it_stands(jili: Definition, circular: Issued) -> None:
    kept = {cell.unit: list(cell.tasks) for cell in circular.key_items}

    assert kept == annex_2(jili)
    assert [len(cell) for cell in kept.values()] == [20, 13, 7, 8, 4, 12, 7, 5, 8, 3]


def test_annex_2_follows_from_the_entries_in_every_cell_but_one(
    jili: Definition, items: list[Item]
) -> None:
    """龙山县 is printed with 知识产权工作, while its entry stands at 质量强省工作."""
    computed = key_items(items, PARKS)

    assert cell_differences(annex_2(jili), computed, PARKS) == (
        CellDifference("龙山县", printed_only=("激60",), computed_only=("激61",)),
    )
    assert {unit for unit in computed if unit not in annex_2(jili)} == set(PARKS)


def test_every_item_but_one_has_progress_and_seven_have_no_problems(circular: Issued) -> None:
    notes = {note.task: note for note in circular.notes}

    assert {f"激{n}" for n in range(1, 66)} - notes.keys() == {"激17"}
    assert all(note.progress for note in notes.values())
    assert [n for n, note in notes.items() if not note.problems] == [
        *("激12", "激15", "激31", "激50", "激52", "激64", "激65"),
    ]


@pytest.mark.parametrize(
    ("number", "fact"),
    [
        ("激11", "至9月底骨干企业125户，占省任务222户的56.3%"),
        ("激44", "计划改造773户，已开工768户，已完工545户"),
        ("激54", "省定考核指标244项，至9月23日完成202项，完成率82.8%"),
        ("激57", "考核指标13个：完成年度任务6个，达时序2个，未达时序5个"),
    ],
)
def test_progress_keeps_its_figures(circular: Issued, number: str, fact: str) -> None:
    [note] = [note for note in circular.notes if note.task == number]

    assert fact in note.progress


def test_contacts_name_ranks_and_offices_and_stand_before_the_circular(circular: Issued) -> None:
    ranks = Counter(contact.who for contact in circular.contacts)

    assert set(ranks) == {
        *("州领导", "州直部门负责人", "州直部门", "县市领导", "县市部门负责人", "县市部门"),
        *("园区负责人", "园区"),
    }
    assert sum(ranks.values()) == 315
    assert all(date(2022, 1, 1) <= each.on <= circular.as_of for each in circular.contacts)
    assert all((each.until or each.on) <= circular.as_of for each in circular.contacts)


def test_counties_and_the_park_made_contacts_of_their_own(circular: Issued) -> None:
    own = Counter(contact.unit for contact in circular.contacts)

    assert own.pop(None) == 135
    assert own == dict(
        zip([*COUNTIES, "湘西高新区"], (13, 12, 10, 16, 47, 23, 25, 26, 8), strict=True)
    )


@pytest.mark.parametrize(
    ("number", "unit", "days", "who", "whom", "result"),
    [
        ("激4", None, ["2022-09-02"], "州直部门负责人", "省发改委", "反馈：不太可能"),
        (
            *("激9", None, ["2022-04-27", "2022-04-29"], "州领导"),
            *("省地方金融监管局、湖南证监局", "汇报工作"),
        ),
        (
            *("激64", None, ["2022-08-11", "2022-08-20"], "州直部门负责人"),
            *("省发改委", "对易地搬迁后续扶持表示肯定"),
        ),
        ("激57", None, ["2022-08-16"], "州直部门负责人", "省市场监管局", "汇报工作"),
        (
            "激32",
            "保靖县",
            ["2022-09-01", "2022-09-02"],
            "县市部门负责人",
            "省信访局",
            "汇报效果较好",
        ),
        ("激63", "永顺县", ["2022-06-09"], "县市领导", "省文旅厅", "反馈：全州前三，有可能"),
    ],
)
def test_a_contact_says_when_who_whom_and_what_came_of_it(
    circular: Issued,
    number: str,
    unit: str | None,
    days: list[str],
    who: str,
    whom: str,
    result: str,
) -> None:
    told = [
        (
            each.on.isoformat(),
            each.until and each.until.isoformat(),
            each.who,
            each.whom,
            each.result,
        )
        for each in circular.contacts
        if (each.task, each.unit) == (number, unit)
    ]

    assert (days[0], days[1] if days[1:] else None, who, whom, result) in told


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
