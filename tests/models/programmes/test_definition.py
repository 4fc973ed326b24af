"""What the built-in programmes say, and what a wrong definition is told."""

from collections import Counter
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from models.errors import ProgrammeError
from models.programmes.definition import Definition, IndicatorEntry, TaskEntry
from models.programmes.files import built_in_codes, read_definition

COUNTIES = ["吉首市", "泸溪县", "凤凰县", "古丈县", "花垣县", "保靖县", "永顺县", "龙山县"]


@pytest.fixture(scope="module")
def dajuan() -> Definition:
    return read_definition("dajuan-2021")


@pytest.fixture(scope="module")
def minsheng() -> Definition:
    return read_definition("minsheng-2021")


def targets(definition: Definition, number: str) -> list[tuple[Decimal | None, str]]:
    return [(i.target, i.unit) for i in definition.tasks_by_number[number].indicators]


def test_two_programmes_are_built_in() -> None:
    assert {"dajuan-2021", "minsheng-2021"} <= set(built_in_codes())
    assert "demo" not in built_in_codes()


def test_the_column_has_nine_provincial_and_thirty_prefecture_items(dajuan: Definition) -> None:
    numbers = [task.number for task in dajuan.tasks]

    assert numbers[:9] == [f"省{n}" for n in range(1, 10)]
    assert numbers[9:29] == [f"州1-{n}" for n in range(1, 21)]
    assert numbers[29:] == [
        *("州2", "州3-1", "州3-2", "州4", "州5", "州6-1", "州6-2", "州7", "州8", "州9"),
    ]


def test_the_column_is_written_by_22_units_three_items_jointly(dajuan: Definition) -> None:
    assert len({unit for task in dajuan.tasks for unit in task.lead}) == 22
    assert {task.number: task.lead for task in dajuan.tasks if len(task.lead) > 1} == {
        "州1-3": ("州人社局", "州文旅广电局"),
        "州2": ("州发改委", "州工信局"),
        "州3-1": ("州发改委", "州市场监管局"),
    }


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("州1-1", [("12", "所")]),
        ("州1-2", [("550", "元/月"), ("374", "元/月"), ("4300", "元/年"), ("230", "元/月")]),
        ("州1-3", [("20000", "人"), ("20000", "人"), ("7300", "人"), ("23000", "人次")]),
        ("州1-4", [("6", "家")]),
        ("州1-5", [("550", "公里")]),
        ("州1-6", [("7", "个"), ("25", "个")]),
        ("州1-7", [("6000", "个")]),
        ("州1-8", [("680", "户")]),
        ("州1-9", [("118", "个")]),
        ("州1-10", [("1800", "件")]),
        ("州1-11", [("9700", "个")]),
        ("州1-12", [("16500", "人次")]),
        ("州1-13", [("29000", "人")]),
        ("州1-14", [("260", "公里")]),
        ("州1-15", [("85", "个")]),
        ("州1-16", [("100", "元/月"), ("100", "元/月")]),
        ("州1-17", [("550", "人")]),
        ("州1-18", [("77500", "个")]),
        ("州1-19", [("100", "张"), ("80", "张")]),
        ("州1-20", [("88000000", "元")]),
    ],
)
def test_a_prefecture_item_has_the_targets_of_its_notice(
    dajuan: Definition, number: str, expected: list[tuple[str, str]]
) -> None:
    assert targets(dajuan, number) == [(Decimal(value), unit) for value, unit in expected]


def test_a_picture_is_compulsory_for_the_nine_provincial_items_only(dajuan: Definition) -> None:
    """A needless photo upload is a burden: only where the notice asks for one each time."""
    asked = {
        task.number: form.pictures.compulsory
        for task in dajuan.tasks
        for requirement in dajuan.requirements_of(task)
        if (form := dajuan.forms[requirement.form]).pictures
    }

    assert asked == {f"省{n}": 1 for n in range(1, 10)}


def needed(definition: Definition, number: str, need: str) -> list[str]:
    [requirement] = definition.requirements_of(definition.tasks_by_number[number])
    return [s.name for s in definition.forms[requirement.form].sections if s.need == need]


def test_a_livelihood_report_needs_its_figure_and_measures_and_no_more(dajuan: Definition) -> None:
    """The message of 截至, 完成数, 措施 and 问题 is a whole report of 州1-7."""
    assert needed(dajuan, "州1-7", "required") == ["措施"]
    assert needed(dajuan, "州1-7", "expected") == ["问题", "县市情况", "对比分析", "工作点评"]
    assert needed(dajuan, "省4", "required") == ["措施", "成效"]


def test_all_twenty_livelihood_items_count_what_the_circular_counts(
    dajuan: Definition, minsheng: Definition
) -> None:
    """Linked both ways, so that the order of loading does not matter."""
    forth = links(dajuan)

    assert {b: a for a, b in links(minsheng).items()} == forth
    assert {number for (_, number, _) in forth} == {f"州1-{n}" for n in range(1, 21)}
    assert len(forth) == 27


def links(definition: Definition) -> dict[tuple[str, str, str], tuple[str, str, str]]:
    return {
        (definition.code, task.number, indicator.name): (
            *(link.programme, link.task, link.indicator),
        )
        for task in definition.tasks
        for indicator in task.indicators
        for link in indicator.linked
    }


def test_linked_indicators_are_of_one_unit_but_keep_their_own_targets(
    dajuan: Definition, minsheng: Definition
) -> None:
    programmes = {"dajuan-2021": dajuan, "minsheng-2021": minsheng}

    def found(place: tuple[str, str, str]) -> tuple[str, Decimal | None]:
        code, number, name = place
        indicator = programmes[code].tasks_by_number[number].indicator(name)
        assert indicator is not None
        return indicator.unit, indicator.target

    pairs = {place: (found(place), found(other)) for place, other in links(dajuan).items()}

    assert [place for place, (mine, theirs) in pairs.items() if mine[0] != theirs[0]] == []
    differing = {place[2] for place, (mine, theirs) in pairs.items() if mine[1] != theirs[1]}
    assert differing == {"城镇新增就业", "政府补贴性职业技能培训"}


@pytest.mark.parametrize(
    ("number", "lead", "expected"),
    [
        ("新1", "州教体局", [("12", "所")]),
        (
            "新2",
            "州民政局",
            [("550", "元/月"), ("374", "元/月"), ("4300", "元/年"), ("230", "元/月")],
        ),
        ("新3", "州人社局", [("23000", "人"), ("30000", "人次"), ("12300", "人次")]),
        ("新4", "州卫健委", [("6", "家")]),
        ("新5", "州交通运输局", [("550", "公里")]),
        ("新6", "州通管办", [("7", "个"), ("25", "个")]),
        ("新7", "州公安局", [("6000", "个")]),
        ("新8", "州残联", [("680", "户")]),
        ("新9", "州卫健委", [("118", "个")]),
        ("新10", "州司法局", [("1800", "件")]),
        ("续1", "州教体局", [("9700", "个")]),
        ("续2", "州卫健委", [("16500", "人次")]),
        ("续3", "州妇联", [("29000", "人")]),
        ("续4", "州交通运输局", [("260", "公里")]),
        ("续5", "州住建局", [("85", "个")]),
        ("续6", "州民政局", [("100", "元/月"), ("100", "元/月")]),
        ("续7", "州残联", [("550", "人"), ("4400", "个月")]),
        ("续8", "州农业农村局", [("77500", "个")]),
        ("续9", "州民政局", [("100", "张"), ("80", "张")]),
        ("续10", "国网湘西电力公司", [("88000000", "元")]),
    ],
)
def test_a_project_has_its_lead_unit_and_targets(
    minsheng: Definition, number: str, lead: str, expected: list[tuple[str, str]]
) -> None:
    assert minsheng.tasks_by_number[number].lead == (lead,)
    assert targets(minsheng, number) == [(Decimal(value), unit) for value, unit in expected]


def test_the_circular_has_ten_new_and_ten_continued_projects(minsheng: Definition) -> None:
    assert Counter(task.theme for task in minsheng.tasks) == {"新增办理": 10, "继续办理": 10}
    assert len(minsheng.tasks) == 20


def test_only_the_beds_are_reported_by_a_stated_percentage(minsheng: Definition) -> None:
    """形象进度 30 % stands where no bed can be counted yet."""
    assert [task.number for task in minsheng.tasks if task.stated] == ["续9"]


def test_eight_counties_add_up_and_one_names_more_than_it_counts(minsheng: Definition) -> None:
    [circular] = minsheng.issued

    assert [line.unit for line in circular.counties] == COUNTIES
    assert [line.unit for line in circular.counties if not line.adds_up] == []
    odd = [(x.unit, x.behind, len(x.named)) for x in circular.counties if not x.names_all_behind]
    assert odd == [("龙山县", 8, 10)]


def test_jishou_counts_as_printed(minsheng: Definition) -> None:
    jishou = minsheng.issued[0].counties[0]

    assert (jishou.items, jishou.indicators) == (18, 24)
    assert (jishou.completed, jishou.on_track, jishou.behind) == (8, 9, 7)


def test_both_printed_names_of_the_power_company_mean_one_unit(
    dajuan: Definition, minsheng: Definition
) -> None:
    for definition in (dajuan, minsheng):
        assert definition.unit_names["国网湘西供电公司"] == "国网湘西电力公司"


@pytest.mark.parametrize("code", ["dajuan-2021", "minsheng-2021"])
def test_a_name_that_people_use_means_few_tasks_of_a_programme(code: str) -> None:
    """An alias may be shared by the provincial and the prefecture item of one theme, no more."""
    definition = read_definition(code)

    def names(task: TaskEntry) -> set[str]:
        return {task.short, *task.aliases}

    shared = {
        name: {a.number, b.number}
        for a, b in combinations(definition.tasks, 2)
        for name in names(a) & names(b)
    }

    assert all({number[0] for number in numbers} == {"省", "州"} for numbers in shared.values())


SMALL = """\
code: small-2021
title: 小专项
short: 小专项
area: 湘西州
year: 2021
units:
  - {name: 州公安局}
wordings:
  月报: 每月20日前报送上月情况
forms:
  简表: {}
tasks:
  - number: "1"
    theme: 平安
    title: 建设安防设备
    short: 安防设备
    lead: [州公安局]
    indicators:
      - {name: 安防设备, unit: 个, target: 6000}
    requirements: [{wording: 月报, form: 简表}]
"""


def read_small(tmp_path: Path, old: str = "", new: str = "") -> Definition:
    assert old in SMALL
    path = tmp_path / "small.yaml"
    path.write_text(SMALL.replace(old, new, 1) if old else SMALL, encoding="utf-8")
    return read_definition(path)


def test_a_small_definition_is_read_from_a_file(tmp_path: Path) -> None:
    definition = read_small(tmp_path)

    task = definition.tasks_by_number["1"]
    assert definition.wording_of(task.requirements[0]) == "每月20日前报送上月情况"
    assert task.indicators[0].target == 6000


COUNTED = "    indicators:\n      - {name: 安防设备, unit: 个, target: 6000}\n"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "target: 6000",
            "target: 1.65",
            "第19行 tasks › 1 › indicators › 安防设备 › target：应为数字",
        ),
        ("target: 6000", 'target: "6千"', "target：应为数字；小数请加引号"),
        ("year: 2021", "year: 二〇二一", "small.yaml 第5行 year：应为整数"),
        (
            "[州公安局]",
            "[州公安居]",
            "第17行 tasks › 1 › lead › 第1项：单位“州公安居”没有列入 units",
        ),
        ("lead: [州公安局]", "lead: []", "任务 1 没有牵头单位 lead，也没有分工 clauses"),
        ("    theme: 平安\n", "", "small.yaml 第13行 tasks › 1 › theme：缺少这一项"),
        ("theme: 平安", "thema: 平安", "tasks › 1 › thema：不认识的项"),
        ("form: 简表", "form: 详表", "form：报送内容“详表”没有列入 forms"),
        ("theme: 平安", "theme: 平安\n    theme: 法治", "small.yaml 第15行：“theme”写了两次"),
        (
            "州公安局}",
            "州公安局, kind: 县}",
            "kind：只能是 department、county、park、government 之一，现为“县”",
        ),
        ("州公安局}", "州公安局, parent: 州公安局}", "单位“州公安局”的上级成了循环"),
        (COUNTED, "", "任务 1 没有指标"),
        ("6000", "6000, comparator: range", "上限 upper 与 comparator: range 应同时出现"),
        ("title: 小专项", "title: [小专项", "YAML 写法有误"),
        ("area: 湘西州", "area: &a 湘西州\nnote: *a", "不支持 YAML 引用"),
        (SMALL, "", "文件是空的"),
    ],
    ids=[
        *("bare decimal", "number in words", "year in words", "unknown unit", "no lead"),
        *("no theme", "misspelt field", "unknown form", "doubled key", "wrong kind"),
        *("own parent", "nothing counted", "range without bound", "broken yaml", "alias", "empty"),
    ],
)
def test_a_wrong_definition_is_refused_with_its_place(
    tmp_path: Path, old: str, new: str, problem: str
) -> None:
    with pytest.raises(ProgrammeError) as caught:
        read_small(tmp_path, old, new)

    assert any(problem in str(each) for each in caught.value.problems), str(caught.value)


LADDER = "{before: [5, 2], on_day: %s, unit_head_after: 2, order_after: 5}"


@pytest.mark.parametrize(
    ("policy", "problem"),
    [
        ("ranking: {progress: 60, timeliness: 25, quality: 20}", "三项权重之和应为 100，现为 105"),
        ("reminders: " + LADDER % '["07:30"]', "当天的提醒应在 09:00—18:00 之间"),
        ("reminders: " + LADDER % '["09:00", "12:00", "15:00"]', "次数不超过每日上限"),
        ("pictures: {min_width: 600, ratio: 两比一, min_dpi: 72}", "policies › pictures › ratio"),
    ],
    ids=["weights", "before work", "too often", "ratio in words"],
)
def test_a_policy_that_cannot_hold_is_refused(tmp_path: Path, policy: str, problem: str) -> None:
    with pytest.raises(ProgrammeError) as caught:
        read_small(tmp_path, "units:", f"policies:\n  {policy}\nunits:")

    assert problem in str(caught.value)


def test_a_doubled_task_number_is_named(tmp_path: Path) -> None:
    task = SMALL[SMALL.index('  - number: "1"') :]

    with pytest.raises(ProgrammeError, match="任务编号“1”重复"):
        read_small(tmp_path, task, task + task)


def test_every_problem_is_listed_at_once(tmp_path: Path) -> None:
    with pytest.raises(ProgrammeError) as caught:
        read_small(tmp_path, "year: 2021", "year: x\nyears: 3")

    assert [problem.where for problem in caught.value.problems] == [
        "small.yaml 第5行 year",
        "small.yaml 第6行 years",
    ]


def test_a_code_that_nobody_knows_is_told_which_exist() -> None:
    with pytest.raises(ProgrammeError, match=r"内置专项有 dajuan-2021、.*minsheng-2021"):
        read_definition("shiba-2021")


def test_a_picture_named_like_a_definition_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "picture.yaml"
    path.write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF")

    with pytest.raises(ProgrammeError, match="不是 UTF-8 文本文件"):
        read_definition(path)


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ({"target": 0}, "年度目标应大于 0"),
        ({"target": -5}, "greater than or equal to 0"),
        ({"target": 10**20}, "less than or equal to 1000000000000"),
        ({"target": 6, "allotments": [{"unit": "城关县", "target": -1}]}, "greater than or equal"),
        ({"target": 9, "upper": 5, "comparator": "range"}, "上限小于下限"),
        ({"target": 9, "curve": (10, 50, 30, 100)}, "后面的节点不能小于前面的"),
        ({"target": 9, "curve": (10, 50, 70, 90)}, "到年底累计为 100"),
    ],
)
def test_a_target_that_progress_cannot_be_counted_against_is_refused(
    entry: dict[str, Any], reason: str
) -> None:
    with pytest.raises(ValidationError, match=reason):
        IndicatorEntry.model_validate({"name": "床位", "unit": "张", **entry}, strict=False)


@pytest.mark.parametrize("comparator", [">=", "<="])
def test_a_level_may_be_nothing_at_all(comparator: str) -> None:
    entry = {"name": "事故", "unit": "起", "target": 0, "comparator": comparator, "threshold": True}

    assert IndicatorEntry.model_validate(entry).target == 0
