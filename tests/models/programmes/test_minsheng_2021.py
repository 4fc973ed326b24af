"""The livelihood projects of 2021, against the circular of January to May."""

from datetime import date
from decimal import Decimal

import pytest

from models.programmes.definition import Definition
from models.programmes.files import read_definition
from models.programmes.issued import CountyLine, Issued
from models.rules.status import Standing
from tests.models.programmes.published import progress_of_all

MAY = date(2021, 5, 31)

#: Each project's lead unit and its indicators, with target, unit and what was done by May.
PROJECTS = """
新1 州教体局：芙蓉学校 12所 8
新2 州民政局：城市低保标准 550元/月 583；城市低保人均救助水平 374元/月 386；\
农村低保标准 4300元/年 4425；农村低保人均救助水平 230元/月 243
新3 州人社局：城镇新增就业 23000人 10265；政府补贴性职业技能培训 30000人次 15368；\
农村转移就业劳动者培训 12300人次 10573
新4 州卫健委：疾控中心标准化建设 6家 0
新5 州交通运输局：农村公路安防设施 550公里 0
新6 州通管办：4G基站 7个 7；行政村通组光纤 25个 25
新7 州公安局：乡村公共部位安防设备 6000个 1710
新8 州残联：困难残疾人家庭无障碍改造 680户 22
新9 州卫健委：中医药服务基层全覆盖 118个 66
新10 州司法局：法律援助案件 1800件 798
续1 州教体局：公办幼儿园学位 9700个 4346
续2 州卫健委：孕产妇免费产前筛查 16500人次 6923
续3 州妇联：“两癌”免费检查 29000人 23421
续4 州交通运输局：农村公路提质改造 260公里 0
续5 州住建局：城镇老旧小区开工 85个 0
续6 州民政局：困难残疾人生活补贴 100元/月 100；重度残疾人护理补贴 100元/月 100
续7 州残联：残疾儿童康复救助 550人 717；康复训练时间 4400个月 2067.7
续8 州农业农村局：农村户用厕所 77500个 3633
续9 州民政局：特困供养服务床位 100张 —；护理床位 80张 —
续10 国网湘西电力公司：配电网改造投资 88000000元 64980000
"""

#: What the circular prints as 完成年任务 or 形象进度; 新7 is cut, 新8, 新10 and 续8 are rounded.
PRINTED = """
新3 44.63；新7 28；新8 3.3；新10 44；续1 44.8；续2 41.96；续3 80.76；续7 46.99；续8 5；续9 30
续10 73.84
"""

#: The counties' figures of 雪亮工程: done where printed, and the percentage.
COUNTY_FIGURES = [
    ("吉首市", 1000, "243"),
    ("花垣县", None, "55"),
    ("凤凰县", None, "15.19"),
    ("龙山县", None, "10.94"),
]

#: Items, indicators, then those completed, on track and behind; the laggards in printed order.
COUNTIES = """
吉首市 18 24 8 9 7：培训 安防 无障碍 法援 公路 小区 户厕
泸溪县 19 26 9 6 11：培训 疾控 安防 雪亮 无障碍 产筛 公路 小区 户厕 床位 护理
凤凰县 18 24 7 8 9：培训 中医药 疾控 安防 公路 雪亮 无障碍 户厕 小区
古丈县 16 22 6 6 10：安防 无障碍 法援 学位 雪亮 中医药 公路 小区 户厕 康复
花垣县 16 22 8 9 5：安防 无障碍 公路 小区 户厕
保靖县 17 22 7 12 3：小区 户厕 安防
永顺县 19 25 9 7 9：学位 公路 小区 康复 户厕 疾控 安防 无障碍 雪亮
龙山县 19 25 6 11 8：疾控 安防 雪亮 无障碍 学位 产筛 公路 小区 康复 户厕
"""
LAGGARDS = {
    "农村转移就业劳动者培训": "培训",
    "疾控中心标准化建设": "疾控",
    "农村公路安防设施": "安防",
    "乡村公共部位安防设备": "雪亮",
    "困难残疾人家庭无障碍改造": "无障碍",
    "中医药服务基层全覆盖": "中医药",
    "法律援助案件": "法援",
    "公办幼儿园学位": "学位",
    "孕产妇免费产前筛查": "产筛",
    "农村公路提质改造": "公路",
    "城镇老旧小区开工": "小区",
    "残疾儿童康复救助": "康复",
    "农村户用厕所": "户厕",
    "特困供养服务床位": "床位",
    "护理床位": "护理",
}

#: The parts that the counties' section prints beside a laggard.
ALLOTMENTS = """
新3 吉首市 900；新5 吉首市 60；新8 吉首市 100；新10 吉首市 250；续4 吉首市 45；续4 古丈县 26
续5 吉首市 15；续5 保靖县 18；续5 永顺县 18；续5 龙山县 10
续8 吉首市 4113；续8 保靖县 10460；续8 永顺县 17170；续8 龙山县 20000
"""

STATUSES = {
    Standing.COMPLETED: "新2 新6 续6",
    Standing.ON_TRACK: "新3 新4 新9 新10 续1 续2 续3 续5 续7 续10",
    Standing.BEHIND: "新1 新5 新7 新8 续4 续8 续9",
}
#: Judged by people, against what the figures say.
JUDGED = {"新1": Standing.ON_TRACK, "新4": Standing.BEHIND, "续5": Standing.BEHIND}


@pytest.fixture(scope="module")
def minsheng() -> Definition:
    return read_definition("minsheng-2021")


@pytest.fixture(scope="module")
def circular(minsheng: Definition) -> Issued:
    [issued] = minsheng.issued
    return issued


def cells(table: str) -> list[list[str]]:
    """A table of cells set apart by ；, each split into its words."""
    return [cell.split() for cell in table.strip().replace("\n", "；").split("；")]


def project_lines(definition: Definition, issued: Issued) -> list[str]:
    whole = {(f.task, f.indicator): f.value for f in issued.figures if f.unit is None}
    lines = []
    for task in definition.tasks:
        done = [whole.get((task.number, i.name)) for i in task.indicators]
        counted = [
            f"{i.name} {i.target}{i.unit} {'—' if value is None else value}"
            for i, value in zip(task.indicators, done, strict=True)
        ]
        lines.append(f"{task.number} {'、'.join(task.leads)}：{'；'.join(counted)}")
    return lines


def test_every_project_has_the_lead_targets_and_figures_of_the_circular(
    minsheng: Definition, circular: Issued
) -> None:
    assert circular.as_of == MAY
    assert project_lines(minsheng, circular) == PROJECTS.strip().splitlines()


def test_four_counties_have_figures_and_one_project_a_stated_percentage(circular: Issued) -> None:
    counties = [f for f in circular.figures if f.unit]

    assert [(f.unit, f.value, str(f.stated)) for f in counties] == COUNTY_FIGURES
    assert {f.task for f in counties} == {"新7"}
    stated = {f.task: f.stated for f in circular.figures if f.stated and not f.unit}
    assert stated == {"续9": 30}
    assert len(circular.figures) == 32


def test_computed_percentages_stand_within_half_a_point_of_the_printed(
    minsheng: Definition,
) -> None:
    """新3 prints its three indicators apart, the task counts the lowest."""
    found = progress_of_all(minsheng, MAY)

    for number, printed in cells(PRINTED):
        assert abs((found[number].done or 0) - Decimal(printed)) <= Decimal("0.5"), number


def test_published_statuses_are_the_printed_ones(circular: Issued) -> None:
    published = {fact.task: Standing(fact.status) for fact in circular.statuses}

    assert len(published) == 20
    assert published == {
        number: standing for standing, numbers in STATUSES.items() for number in numbers.split()
    }


def test_all_but_three_statuses_follow_from_the_figures(
    minsheng: Definition, circular: Issued
) -> None:
    published = {fact.task: Standing(fact.status) for fact in circular.statuses}
    found = progress_of_all(minsheng, MAY)
    by_rule = {number: done.by_rule.standing for number, done in found.items() if done.by_rule}

    assert by_rule == published | JUDGED
    assert {fact.task for fact in circular.statuses if fact.judged} == set(JUDGED)


def test_what_the_circular_does_not_print_is_assumed(circular: Issued) -> None:
    """Where only preparations or works are told, the zero is read from the words."""
    assumed = {f.task: f.value for f in circular.figures if f.assumed}

    assert assumed == {"新1": 8, "新4": 0, "新5": 0, "续4": 0, "续5": 0}


def line(county: CountyLine) -> str:
    counts = (county.items, county.indicators, county.completed, county.on_track, county.behind)
    named = " ".join(LAGGARDS[name] for name in county.named)
    return f"{county.unit} {' '.join(map(str, counts))}：{named}"


def test_the_eight_county_lines_stand_as_printed(circular: Issued) -> None:
    assert [line(county) for county in circular.counties] == COUNTIES.strip().splitlines()


def test_the_parts_of_the_counties_are_those_printed(minsheng: Definition) -> None:
    kept = [
        [task.number, share.unit, str(share.target)]
        for task in minsheng.tasks
        for indicator in task.indicators
        for share in indicator.allotments
    ]

    assert kept == cells(ALLOTMENTS)


@pytest.mark.parametrize(
    ("number", "fact"),
    [
        ("新1", "一期7所：6所已投用，保靖县1所建成未投用"),
        ("新1", "二期5所：永顺县1所已投用，4所在建"),
        ("新8", "另有64户正在施工"),
        ("续5", "完成投资473.975万元"),
        ("续9", "预计6月施工单位进场"),
    ],
)
def test_facts_beside_the_figures_are_notes(circular: Issued, number: str, fact: str) -> None:
    [note] = [note for note in circular.notes if note.task == number]

    assert fact in note.progress


def test_four_projects_have_problems_of_their_own(circular: Issued) -> None:
    assert [n.task for n in circular.notes if n.problems] == ["新1", "新5", "新7", "续4"]
