"""What the columns of a task table hold, told from headers in any order and wording."""

import re
from collections.abc import Sequence
from enum import StrEnum

from models.programmes.documents.blocks import Row, Table, one_line


class Column(StrEnum):
    """What a column holds; *other* is a header with nothing that a programme can take."""

    NUMBER = "序号"
    THEME = "主题"
    TITLE = "任务"
    LEAD = "牵头单位"
    SUPPORTING = "配合单位"
    WORDING = "报送时间要求"
    TARGET = "任务数"
    INDICATOR = "指标"
    MEASURE = "计量单位"
    QUOTA = "激励名额"
    OTHER = "其他"


_NAMES: dict[Column, str] = {
    Column.NUMBER: "序号 编号 项目编号 任务编号 事项编号 项目序号",
    Column.THEME: (
        "主题 类别 实事类别 项目类别 任务类别 工作类别 领域 重点领域 板块 分类 大类 任务分类"
    ),
    Column.LEAD: (
        "牵头单位 责任单位 主要责任单位 牵头部门 责任部门 承办单位 主办单位 牵头责任单位 实施单位 "
        "主责单位 落实单位 责任科室 承办部门 主责部门 牵头责任部门 牵头"
    ),
    Column.SUPPORTING: (
        "配合单位 协办单位 参与单位 配合部门 协同单位 参加单位 协助单位 参与部门 配合责任单位 "
        "协同部门 配合"
    ),
    Column.WORDING: (
        "报送时间要求 报送时间 报送要求 报送频次 报送周期 报送时限 上报时间 报送期限 报送频率"
    ),
    Column.TARGET: (
        "任务数 目标数 目标值 指标值 计划数 任务量 年度任务数 年度目标值 目标任务数 年度计划数 数量"
    ),
    Column.INDICATOR: "指标 指标名称 考核指标 主要指标 指标内容",
    Column.MEASURE: "计量单位 量纲",
    Column.QUOTA: "激励名额 名额",
}
#: Headers of the task itself, the most exact first; those after the best one may be amounts.
_TITLES = (
    "项目名称 任务名称 实事项目 实事名称 激励事项 事项名称 重点事项 保障内容 工作任务 重点任务 "
    "重点工作 任务事项 主要任务 工作事项 项目 事项 任务 工作内容 任务内容 主要工作 主要工作任务 "
    "考核项目 具体任务 具体事项 内容 目标任务 年度目标任务 年度目标 年度任务 工作目标 目标 "
    "任务目标 建设内容 主要内容 建设任务"
).split()
_AMOUNTS = frozenset("目标任务 年度目标任务 年度目标 年度任务 工作目标 目标 任务目标".split())
_BY_NAME = {name: column for column, names in _NAMES.items() for name in names.split()}
_PARTS = (
    (re.compile(r"报送.*(?:时间|时限|频次|周期|期限|要求)"), Column.WORDING),
    (re.compile(r"(?:配合|协办|参与|协同|协助).*(?:单位|部门)"), Column.SUPPORTING),
    (re.compile(r"(?:牵头|责任|承办|主办).*(?:单位|部门)"), Column.LEAD),
)
_OTHERS = re.compile(
    r"备注|说明|进度|进展|完成|时限|时间|问题|举措|措施|情况|比例|责任人|负责人|联系|电话|领导|月份|地点|投资|资金|来源"
)
_BRACKET = re.compile(r"[（(][^（）()]*[）)]")
_LABEL_LENGTH = 16


def label(text: str) -> str:
    """A header without blanks and without its remark in brackets."""
    return _BRACKET.sub("", "".join(text.split()))


def is_header(texts: Sequence[str]) -> bool:
    """Whether a row is a table's head: it names the task and who answers, and nothing else."""
    labels = [label(text) for text in texts if text.strip()]
    columns = {_column(each) for each in labels}
    named = columns & {Column.TITLE, Column.LEAD}
    return len(columns - {Column.OTHER}) > 1 and bool(named) and _all_labels(labels)


def is_under_header(texts: Sequence[str]) -> bool:
    """Whether a row only divides the columns of the head above it."""
    labels = [label(text) for text in texts if text.strip()]
    return bool(labels) and all(_column(each) is not Column.OTHER for each in labels)


def columns_of(labels: Sequence[str], measures: bool = False) -> tuple[Column, ...]:
    """What each column holds. *measures*: a bare 单位 is the unit of measure, not who answers.

    Beside a 牵头单位 the 责任单位 support; beside a 项目名称 the 目标任务 is an amount.
    """
    found = [_column(each, measures) for each in labels]
    best = next((t for t in _TITLES if t in labels), None)
    for at, each in enumerate(labels):
        if found[at] is Column.TITLE and each != best:
            found[at] = _second_title(each, best or "", Column.TARGET in found)
        if found[at] is Column.LEAD and "牵头" not in each and _has_lead(labels, at):
            found[at] = Column.SUPPORTING
    return tuple(found)


def titles_of(table: Table, head: int) -> str:
    """The printed header of the task column, which tells tables of one kind."""
    labels = [label(cell.text) for cell in table.rows[head].cells]
    return next((title for title in _TITLES if title in labels), "")


def joined_head(rows: Sequence[Row], head: int) -> tuple[tuple[str, ...], int]:
    """The labels of a head of one or two rows, and the row after it."""
    labels = [label(cell.text) for cell in rows[head].cells]
    after = head + 1
    if after < len(rows) and is_under_header(rows[after].texts):
        own = [label(cell.text) for cell in rows[after].cells]
        labels = [below or above for above, below in zip(labels, own, strict=False)]
        after += 1
    return tuple(labels), after


def _column(name: str, measures: bool = False) -> Column:
    if name == "单位":
        return Column.MEASURE if measures else Column.LEAD
    if name in _BY_NAME:
        return _BY_NAME[name]
    if name in _TITLES:
        return Column.TITLE
    if len(name) <= _LABEL_LENGTH:
        return next((column for part, column in _PARTS if part.search(name)), Column.OTHER)
    return Column.OTHER


def _second_title(name: str, best: str, has_target: bool) -> Column:
    if name in best or best in name:
        return Column.TITLE  # one column, divided: 项目 | 项目名称
    return Column.TARGET if name in _AMOUNTS and not has_target else Column.OTHER


def _has_lead(labels: Sequence[str], at: int) -> bool:
    return any("牵头" in each for i, each in enumerate(labels) if i != at)


def _all_labels(labels: Sequence[str]) -> bool:
    """Headers are short; a row of content is not, even where one cell says 重点任务."""
    known = sum(_column(each) is not Column.OTHER or bool(_OTHERS.search(each)) for each in labels)
    return known * 2 >= len(labels) and all(len(one_line(e)) <= _LABEL_LENGTH for e in labels)
