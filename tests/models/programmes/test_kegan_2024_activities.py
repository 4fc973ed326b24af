"""The matrix of monthly activities in Xiangxiang's circular of September 2024."""

from collections import Counter
from datetime import date

import pytest

from models.programmes.definition import Definition
from models.programmes.files import read_definition
from models.rules.activity import (
    ActivityPolicy,
    Matrix,
    Published,
    activity_matrix,
    months_between,
)

PRINTED_ON = date(2024, 9, 27)

#: The matrix from March to September, one row a project; ? is a tick that the scan damaged.
TICKS = """
促进高质量充分就业 √ - √ √ √ √ √
社会保障卡居民服务“一卡通” - - - - √ √ √
建成县域普通高中“徐特立项目” √ - - - - √ √
提质改造“爱晚”老年学校 - - - - - √ √
提高城乡低保标准 - - - - - √ √
提高残疾人“两项补贴”标准 - √ √ - - √ √
提高孤儿和事实无人抚养儿童基本生活最低保障 - - - - - √ √
建设老年助餐服务点 - - - - √ √ √
实施特殊困难老年人家庭适老化改造 - √ √ - - √ √
数字政务提质增效惠民工程 - - √ √ √ √ √
农村“三路”建设及农村公路安防 - - - √ - √ √
困难重度残疾人家庭无障碍改造 √ - √ - √ √ √
康复救助残疾儿童 - - √ - √ √ √
新生儿疾病免费筛查与诊断服务 - - - - - √ ?
普惠性托育“护蕾”行动 - - √ - - √ √
家庭教育指导服务“向阳花”行动 √ - √ √ √ √ √
农村适龄及城镇低保适龄妇女“两癌”免费检查 - - √ - √ √ √
法律援助 - - √ - - √ √
基层防灾能力提升 - - - √ - √ √
开工改造城镇老旧小区 - - √ - √ √ √
保障性租赁住房建设 - - - - - √ √
市县两级应急广播建设工程 - - - - ? √ √
农村水源保障及灌溉能力提升 - - - - - √ √
"""
ROWS = {name: marks for name, *marks in (line.split() for line in TICKS.strip().splitlines())}
SEVEN_MONTHS = months_between(date(2024, 3, 1), date(2024, 9, 30))


@pytest.fixture(scope="module")
def kegan() -> Definition:
    return read_definition("kegan-2024")


def test_every_provincial_item_stands_under_one_of_the_23_projects(kegan: Definition) -> None:
    under = Counter(task.project for task in kegan.tasks if task.project)

    assert [project.name for project in kegan.projects] == list(ROWS)
    assert set(under) == set(ROWS)
    assert sum(under.values()) == 34
    assert {name: count for name, count in under.items() if count > 1} == {
        "提高城乡低保标准": 2,
        "促进高质量充分就业": 3,
        "家庭教育指导服务“向阳花”行动": 2,
        "农村“三路”建设及农村公路安防": 3,
        "农村水源保障及灌溉能力提升": 2,
        "数字政务提质增效惠民工程": 4,
        "基层防灾能力提升": 2,
    }
    municipal = [task.project for task in kegan.tasks if task.theme == "湘潭市实事"]
    assert municipal == [None] * 11


def test_a_project_is_led_by_one_unit(kegan: Definition) -> None:
    pairs = {(task.project, task.leads) for task in kegan.tasks if task.project}

    assert len(pairs) == 23


def matrix_of(definition: Definition) -> Matrix:
    [issued] = definition.issued
    published = [
        Published(row.project, date.fromisoformat(f"{month}-01"))
        for row in issued.activities
        for month in row.months
    ]
    return activity_matrix([p.name for p in definition.projects], SEVEN_MONTHS, published)


def test_the_matrix_has_the_ticks_of_23_projects_over_seven_months(kegan: Definition) -> None:
    matrix = matrix_of(kegan)

    assert {row.project: row.ticks for row in matrix.rows} == {
        name: tuple(mark != "-" for mark in marks) for name, marks in ROWS.items()
    }
    assert [row.project for row in matrix.rows] == list(ROWS)
    assert matrix.projects_per_month == (4, 2, 11, 5, 10, 23, 23)
    assert matrix.total == 78


def test_the_two_damaged_ticks_are_assumed(kegan: Definition) -> None:
    damaged = [name for name, marks in ROWS.items() if "?" in marks]

    rows = kegan.issued[0].activities
    assert [row.project for row in rows if row.assumed] == damaged
    assert [list(ROWS).index(name) + 1 for name in damaged] == [14, 22]


def test_no_project_published_in_every_month(kegan: Definition) -> None:
    """One item a month is asked for; the circular says that none kept to it."""
    assert kegan.policies.activities is not None
    policy = ActivityPolicy(kegan.policies.activities.monthly)

    missing = matrix_of(kegan).missing(policy, PRINTED_ON)

    assert [each.project for each in missing] == list(ROWS)
    [jobs, *_] = missing
    assert (jobs.months, jobs.running) == ((date(2024, 4, 1),), False)
