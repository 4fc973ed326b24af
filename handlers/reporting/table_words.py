"""The headers of a table with reports, as data: what people write above each kind of column."""

import re
from collections.abc import Iterable
from enum import StrEnum

from handlers.reading.normalise import name_key, normalise


class Kind(StrEnum):
    """What the cells of a column say."""

    NUMBER = "number"
    NAME = "name"
    REPORTER = "reporter"
    INDICATOR = "indicator"
    MEASURE = "measure"
    DONE = "done"
    RATE = "rate"
    AS_OF = "as_of"
    PROGRESS = "progress"
    SECTION = "section"
    COUNTY = "county"
    PASSED = "passed"
    OTHER = "other"


HEADERS: dict[Kind, tuple[str, ...]] = {
    Kind.NUMBER: tuple("任务编号 编号 项目编号 事项编号 任务号 代码 任务代码".split()),
    Kind.NAME: tuple(
        "任务 任务名称 项目 项目名称 事项 事项名称 工作任务 重点任务 任务内容 工作事项 实事项目 "
        "民生实事 民生项目 重点项目 重点工作 工作内容 任务事项 名称 考核事项".split()
    ),
    Kind.REPORTER: tuple("报送单位 填报单位 上报单位 承办单位".split()),
    Kind.INDICATOR: tuple("指标 指标名称 统计指标 数据项 子项 具体指标 考核指标".split()),
    Kind.MEASURE: tuple("单位 计量单位 数量单位 计数单位".split()),
    Kind.DONE: tuple(
        "完成数 完成数量 完成量 累计完成 累计完成数 累计完成量 累计数 累计 实际完成 实际完成数 "
        "已完成 已完成数 完成值 目前完成 目前完成数 完成数据 完成".split()
    ),
    Kind.RATE: tuple(
        "完成率 完成比例 完成百分比 百分比 完成进度 进度 形象进度 工作进度 占年度任务 占年任务 "
        "完成年度任务 完成年任务 完成占比 累计完成率 自评进度".split()
    ),
    Kind.AS_OF: tuple(
        "截至 截至日期 截至时间 截至时点 截止 截止日期 截止时间 截止时点 时点 数据截至 数据截止 "
        "数据截至时间 数据截止时间 数据时间 数据时点 数据日期 统计时间 统计时点 统计日期 统计截至 "
        "统计截止 统计截至时间 统计截止时间 时间 日期".split()
    ),
    Kind.PROGRESS: tuple(
        "完成情况 进展情况 工作进展 工作进展情况 目前进展 进展 推进情况 工作情况 进度情况".split()
    ),
    Kind.SECTION: tuple(
        "措施 工作措施 主要措施 采取措施 成效 工作成效 问题 存在问题 主要问题 困难 问题和困难 "
        "困难和问题 下一步 下步打算 下一步打算 下步措施 工作打算 建议 目标任务".split()
    ),
    Kind.PASSED: tuple(
        "序号 责任单位 牵头单位 配合单位 主管单位 责任部门 责任人 年度目标 年度任务 目标 目标数 "
        "目标值 年度目标值 年度任务数 任务数 任务数量 计划数 年度计划 上期数 上次数 上次完成 "
        "上次完成数 上期完成数 上月数 上次截至 期次 报送期限 期限 完成时限 时限 专项 类别 "
        "主题".split()
    ),
}
_BY_KEY = {name_key(word): kind for kind, words in HEADERS.items() for word in words}
_DAYS = re.compile(
    r"(?:截[至止]到?)?[0-9]{4}[年./-][0-9]{1,2}[月./-](?:底|末|[0-9]{1,2}[日号]?)"
    r"(?: ?0{1,2}:00(?::00)?)?"
    r"|(?:截[至止]到?)?[0-9]{1,2}月(?:底|末|[0-9]{1,2}[日号]?)|[0-9]{1,2}/[0-9]{1,2}"
)
#: A day on which something happens or is due is none up to which was counted.
_OTHER_DAYS = re.compile(
    "开工|竣工|完工|开始|启动|计划|预计|要求|完成时|限|上[次期]|签订|验收|拍摄|报送|填报|填表|制表|上报|更新|投产|通车"
)
_TOTAL = re.compile(
    r"(?:全[州市县省区]|[本我][州市县省区]|\w{2,6}[州市])?(?:合计|总计|共计|汇总|累计)数?|全[州市县省区](?:情况)?"
)
#: The sum of some rows is never the whole.
_PART_SUM = "小计"
_NOTE = re.compile(
    r"(?:说明|备注|注|例)\s*:|(?:说明|备注)$|(?:制表|填表|审核)(?:人|单位|日期|时间)?\s*(?::|$)"
)
_PLACES = re.compile("(?:[各分]?(?:县市区?|市县|县区|区县|县|地区|区域|地方)|单位)(?:名称)?")
_BRACKETS = re.compile(r"\(([^()]*)\)")
#: 截至8月底累计完成数, 1-8月完成数: the day belongs to the cells below.
_DAY = re.compile(
    r"^(?:截至|截止|到|至)?\s*(?:[0-9]{4}年)?(?:[0-9]{1,2}\s*[-~至]\s*)?[0-9]{1,2}月(?:底|末|[0-9]{1,2}日)?(?:的)?"
)
#: What counts one month, another year or a plan is not what the bot asks for.
_OTHERWISE = re.compile(
    "^(?:本月|当月|本周|本季|新增|同期|去年|上年|上月|上期|上次|目标|计划|预计|本期)"
)
_DRESS = re.compile("^(?:全州|全市|全县|全省|全区|目前|实际|年度|全年|累计|本年|今年|年初以来|总)+")


def kind_of(header: str) -> Kind:
    """What a header announces; OTHER where it is none of the words known here."""
    key = name_key(_DAY.sub("", bare(header)))
    if not key:
        return Kind.AS_OF if day_in(header) else Kind.OTHER
    if (known := _BY_KEY.get(key)) is not None:
        return known
    if _OTHERWISE.match(key):
        return Kind.OTHER
    return _BY_KEY.get(_DRESS.sub("", key), Kind.OTHER)


def bare(header: str) -> str:
    """A header without its brackets and line breaks."""
    return _BRACKETS.sub("", "".join(normalise(header).split()))


def unit_in(header: str) -> str:
    """What stands in its brackets: 个, 万元, %."""
    found = _BRACKETS.search(normalise(header))
    return found[1].strip().removeprefix("单位:").strip() if found else ""


def day_in(header: str) -> str:
    """The day that a header names for the cells below it: 截至8月底; empty without one."""
    found = _DAY.match(bare(header)) or _DAY.fullmatch("".join(unit_in(header).split()))
    return found[0] if found else ""


def is_total(name: str) -> bool:
    """Whether what heads a row or a column is the whole of the counties beside it."""
    return _TOTAL.fullmatch(name_key(bare(name))) is not None


def is_sum(name: str) -> bool:
    """Whether a row is the sum of others, of all or of some."""
    return is_total(name) or name_key(bare(name)) == _PART_SUM


def is_note(cell: str) -> bool:
    """Whether what heads a row is a remark on the table: 备注：, 填表人."""
    return _NOTE.match(normalise(cell).strip()) is not None


def is_of_places(headers: Iterable[str]) -> bool:
    """Whether a header has a column of counties beside others."""
    return any(_PLACES.fullmatch(name_key(bare(each))) for each in headers)


def is_day_column(header: str, cells: Iterable[str]) -> bool:
    """Whether all cells are days up to which was counted, whatever the heading is called."""
    said = [normalise(each).strip() for each in cells]
    is_free = kind_of(header) in (Kind.OTHER, Kind.AS_OF) and not _OTHER_DAYS.search(header)
    return is_free and bool(said) and all(map(_DAYS.fullmatch, said))
