"""Small workbooks as an office would fill them in, to be spoilt one cell at a time."""

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from models.errors import ProgrammeError
from models.programmes.workbook import Book, read_workbook

NAME = "实事.xlsx"
Rows = list[list[Any]]

#: A programme of two tasks, three units and one duty, in the plainest form.
PLAIN: Mapping[str, Rows] = {
    "专项": [
        ["项目", "内容"],
        ["代码", "shishi-2026"],
        ["名称", "2026年重点民生实事项目"],
        ["简称", "民生实事"],
        ["地区", "望城市"],
        ["年度", 2026],
        ["默认报送日", 10],
    ],
    "单位": [
        ["名称", "别名", "类别", "组", "上级"],
        ["市交通运输局", "市交通局", "部门", None, None],
        ["市人社局", "市人力资源和社会保障局", None, None, None],
        ["城关县", None, "县市", None, None],
        ["城关产业园", None, "园区", None, "城关县"],
    ],
    "任务": [
        ["编号", "主题", "名称", "简称", "牵头单位", "配合单位"],
        ["实1", "交通", "建设农村公路安防设施550公里", "公路安防", "市交通运输局", "城关县"],
        ["实2", "就业", "城镇新增就业2.3万人", "新增就业", "市人社局", None],
    ],
    "指标": [
        ["任务编号", "名称", "计量单位", "目标"],
        ["实1", "农村公路安防设施", "公里", 550],
        ["实2", "城镇新增就业", "人", 23000],
    ],
    "分解": [["任务编号", "指标", "单位", "目标"], ["实1", "农村公路安防设施", "城关县", 550]],
    "报送要求": [
        ["任务编号", "报送时间要求", "报送内容", "必报", "应报"],
        ["全部", "每月10日前，报送1月1日至上月累计情况", "月度进展", "措施", "问题"],
    ],
    "人员": [
        ["姓名", "单位", "角色", "平台", "账号"],
        ["联络员甲", "市交通局", "联络员", "企业微信", "LianLuoJia"],
    ],
}


def workbook(**sheets: Rows | None) -> Workbook:
    """The plain workbook with other rows in some sheets; None leaves a sheet out."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for title, rows in {**PLAIN, **sheets}.items():
        if rows is not None:
            worksheet = made.create_sheet(title)
            for row in rows:
                worksheet.append(row)
    return made


def changed(title: str, cell: str, value: object) -> Workbook:
    """The plain workbook with one other cell."""
    made = workbook()
    made[title][cell] = value
    return made


def saved(made: Workbook) -> bytes:
    target = BytesIO()
    made.save(target)
    return target.getvalue()


def opened(data: bytes) -> Workbook:
    return load_workbook(BytesIO(data))


def read(made: Workbook) -> Book:
    return read_workbook(saved(made), NAME)


def refusals(source: Workbook | bytes, name: str = NAME) -> list[str]:
    """What the person is told, line by line; the test fails where the workbook is taken."""
    data = source if isinstance(source, bytes) else saved(source)
    with pytest.raises(ProgrammeError) as refused:
        read_workbook(data, name)
    return [str(problem) for problem in refused.value.problems]


def lines(problems: Iterable[object]) -> list[str]:
    return [str(problem) for problem in problems]
