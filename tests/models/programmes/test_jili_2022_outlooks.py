"""The outlooks of the incentive items of 2022: annexes 1 and 2 follow from their entries."""

from datetime import date

import pytest

from models.programmes.definition import Definition
from models.programmes.files import read_definition
from models.programmes.issued import Issued, OutlookFact
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
from tests.models.programmes.printed import printed_lines

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


@pytest.fixture(scope="module")
def jili() -> Definition:
    return read_definition("jili-2022")


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


def written(fact: OutlookFact) -> str:
    """The cell of annex 3: each place with its level, or the item's own level alone."""
    counties = {"县市": fact.counties} if fact.counties else {}
    entries = [f"{place}：{level}" for place, level in (fact.entries | counties).items()]
    return "、".join(entries) or str(fact.level)


def test_every_outlook_stands_as_printed(circular: Issued) -> None:
    printed = [line.split() for line in printed_lines("jili_2022_items")]

    assert {fact.task: written(fact) for fact in circular.outlooks} == {
        number: cell for number, *_, cell in printed
    }


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
