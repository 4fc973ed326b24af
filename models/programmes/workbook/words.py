"""The official words for values that a definition writes as identifiers."""

from models.member import ROLE_TITLES
from models.programmes.workbook.columns import Words
from models.rules.status import BASIS_NAMES

UNIT_KINDS = Words(
    {
        "department": ("部门", "州直", "市直", "省直", "县直", "州直单位", "市直单位", "直属单位"),
        "county": ("县市", "县", "市", "区", "县市区", "县（市、区）"),
        "park": ("园区", "开发区", "高新区"),
        "government": ("本级", "州本级", "市本级", "县本级"),
    }
)
TASK_KINDS = Words(
    {
        "count": ("数量", "计数", "个数"),
        "measure": ("计量", "长度面积"),
        "money": ("资金", "金额", "投资"),
        "threshold": ("达标", "标准"),
        "milestone": ("节点", "阶段", "里程碑"),
        "stated": ("形象进度", "自报", "自报进度"),
        "narrative": ("文字", "定性"),
    }
)
COMPARATORS = Words(
    {
        ">=": ("不低于", "≥", "大于等于", "不少于"),
        "<=": ("不高于", "≤", "小于等于", "不超过"),
        "range": ("区间", "范围"),
    }
)
CLAUSE_ROLES = Words(
    {
        "lead": ("牵头", "牵头负责"),
        "shared": ("按职责", "按职责分工", "按职责分工负责"),
        "each": ("分别", "分别负责"),
    }
)
ROLES = Words({role.value: (title,) for role, title in ROLE_TITLES.items()})
PURPOSES = Words({"liaisons": ("联络员群",), "leaders": ("领导群",), "admins": ("管理群",)})
PLATFORMS = Words({"wecom": ("企业微信",), "dingtalk": ("钉钉",), "sandbox": ("演示",)})
ROLLS = Words({"none": ("不调整", "不变"), "previous": ("提前",), "next": ("顺延", "延后", "推迟")})
STANDINGS = Words(
    {
        "completed": ("完成", "已完成"),
        "on_track": ("正常", "有序推进", "按序时"),
        "behind": ("滞后",),
    }
)
BASES = Words({basis.value: (name,) for basis, name in BASIS_NAMES.items()})
YES_NO = Words({"yes": ("是", "有", "√", "✓"), "no": ("否", "无", "×")})
