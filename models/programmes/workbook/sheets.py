"""The sheets of the workbook in their order: what template and reader go by."""

from models.programmes.workbook import words
from models.programmes.workbook.columns import Column, Refers, Shape, Sheet
from models.programmes.workbook.duty_sheets import (
    ALL_TASKS,
    BANDS,
    GROUPS,
    PEOPLE,
    REQUIREMENTS,
    VERIFICATION,
)
from models.programmes.workbook.programme_keys import KEYS
from models.programmes.workbook.task_sheets import (
    ALLOTMENTS,
    CLAUSES,
    INDICATORS,
    PROJECTS,
    TASKS,
)

__all__ = [
    "ALLOTMENTS",
    "ALL_TASKS",
    "BANDS",
    "CLAUSES",
    "GROUPS",
    "GUIDE",
    "INDICATORS",
    "NOTE_MARKS",
    "PEOPLE",
    "PROGRAMME",
    "PROJECTS",
    "REQUIREMENTS",
    "SHEETS",
    "TASKS",
    "UNITS",
    "VERIFICATION",
]

GUIDE = "说明"
#: How a grey row begins that explains or shows an example: it is never read.
NOTE_MARKS = ("说明：", "例：")

PROGRAMME = Sheet(
    "专项",
    "专项的名称、年度和规则。只填“内容”一列；不填的规则按系统默认办理。",
    (
        Column("key", "项目", "不要改动", also=("项", "键"), needed=True, width=34),
        Column("value", "内容", "在这一列填写", Shape.RAW, also=("值", "填写内容"), width=34),
        Column("note", "填写说明", "只供参考", also=("说明", "备注"), width=66),
    ),
    also=("专项信息", "基本信息"),
    keys=KEYS,
)
UNITS = Sheet(
    "单位",
    "所有牵头、配合单位和县市区、园区，一行一个。其他工作表只能写这里有的名称或别名。",
    (
        Column(
            "name",
            "名称",
            "必填。文件中的规范简称",
            Shape.NAME,
            also=("单位", "单位名称", "责任单位"),
            needed=True,
            example="市人社局",
            width=22,
        ),
        Column(
            "aliases",
            "别名",
            "全称和其他写法，用“、”分开",
            Shape.NAMES,
            also=("单位别名", "简称", "全称", "其他写法", "单位全称"),
            example="市人力资源和社会保障局",
            width=34,
        ),
        Column(
            "kind",
            "类别",
            "部门、县市、园区或本级；不填为部门",
            Shape.CHOICE,
            also=("类型", "单位类别", "单位类型"),
            words=words.UNIT_KINDS,
            example="部门",
            width=12,
        ),
        Column(
            "group",
            "组",
            "排名分组；不填按类别分组",
            also=("分组", "排名分组", "组别"),
            example="市直单位",
        ),
        Column(
            "parent",
            "上级",
            "如园区所在的县；没有就不填",
            Shape.NAME,
            also=("上级单位", "所属县市", "所属"),
            refers=Refers.UNITS,
            width=16,
        ),
    ),
    also=("单位名单", "单位表"),
)

#: In the order in which a person fills them in; the optional ones last.
SHEETS = (
    PROGRAMME,
    UNITS,
    TASKS,
    INDICATORS,
    ALLOTMENTS,
    REQUIREMENTS,
    PEOPLE,
    CLAUSES,
    PROJECTS,
    BANDS,
    VERIFICATION,
    GROUPS,
)
