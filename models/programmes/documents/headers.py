"""What the columns of a task table hold, told from headers in any order and wording."""

import re
from collections.abc import Sequence
from enum import StrEnum

from models.programmes.documents.blocks import Row, Table, one_line
from models.rules.unit_names import is_county, is_park


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
    SHARE = "分解数"
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
    "考核项目 具体任务 具体事项 项目内容 实事内容 内容 名称 工作要求 具体举措 工作举措 重点举措 "
    "主要举措 具体措施 工作措施 目标任务 年度目标任务 年度目标 年度任务 工作目标 目标 "
    "任务目标 建设内容 主要内容 建设任务"
).split()
_AMOUNTS = frozenset("目标任务 年度目标任务 年度目标 年度任务 工作目标 目标 任务目标".split())
_BY_NAME = {name: column for column, names in _NAMES.items() for name in names.split()}
_PARTS = (
    (re.compile(r"报送.*(?:时间|时限|频次|周期|期限|要求)"), Column.WORDING),
    (re.compile(r"(?:配合|协办|参与|协同|协助).*(?:单位|部门)"), Column.SUPPORTING),
    (re.compile(r"(?:牵头|责任|承办|主办).*(?:单位|部门)"), Column.LEAD),
    (
        re.compile(
            r"^(?:全[省州市县区]|年度|总)(?:总)?(?:目标)?(?:任务|目标|计划)(?:总)?(?:数量?|值)$"
        ),
        Column.TARGET,
    ),
)
#: What stands under an amount for the whole, and above the parts that its places take.
_WHOLE = re.compile(r"^(?:全年|年度|全年目标|年度目标|全[省州市县区]|合计|总计|总数|小计|总任务)$")
_SHARED_OUT = re.compile(r"^分|各(?:县|乡|区|市)|分解|县市|乡镇")
_UNDER = "\n"
_OTHERS = re.compile(
    r"备注|说明|进度|进展|完成|时限|时间|问题|举措|措施|情况|比例|责任人|负责人|联系|电话|领导|月份|地点|投资|资金|来源"
)
_BRACKET = re.compile(r"[（(][^（）()]*[）)]")
_LABEL_LENGTH = 16
_HEAD_ROWS = 3


def label(text: str) -> str:
    """A header without blanks and without its remark in brackets."""
    return _BRACKET.sub("", "".join(text.split()))


def is_header(texts: Sequence[str]) -> bool:
    """Whether a row is a table's head: it names the task and who answers, and nothing else."""
    labels = [label(text) for text in texts if text.strip()]
    columns = {_column(each) for each in labels}
    named = columns & {Column.TITLE, Column.LEAD}
    return len(columns - {Column.OTHER}) > 1 and bool(named) and _all_labels(labels)


def columns_of(labels: Sequence[str], measures: bool = False) -> tuple[Column, ...]:
    """What each column holds. *measures*: a bare 单位 is the unit of measure, not who answers.

    Beside a 牵头单位 the 责任单位 support; beside a 项目名称 the 目标任务 is an amount, and so it
    is beside a column of words whose header nobody knows: that one is the task.
    """
    found = [_column(each, measures) for each in labels]
    best = next((t for t in _TITLES if t in labels), "")
    if best in _AMOUNTS and (at := _unknown(labels, found)) is not None:
        found[at], best = Column.TITLE, labels[at]
    leads = [at for at, each in enumerate(found) if each is Column.LEAD and "牵头" in labels[at]]
    shared = sum(_is_place(each) for each in labels) > 1
    for at, each in enumerate(labels):
        if found[at] is Column.TITLE and each != best:
            found[at] = _second_title(each, best, Column.TARGET in found)
        if found[at] is Column.LEAD and leads and at not in leads:
            found[at] = Column.SUPPORTING
        if shared and _is_place(each):
            found[at] = Column.SHARE
    return tuple(found)


def is_known_title(name: str) -> bool:
    """Whether a header names the task by a word that is known for it."""
    return name in _TITLES


def titles_of(table: Table, head: int) -> str:
    """The printed header of the task column, which tells tables of one kind."""
    labels = [label(cell.text) for cell in table.rows[head].cells]
    return next((title for title in _TITLES if title in labels), "")


def joined_head(rows: Sequence[Row], head: int) -> tuple[tuple[str, ...], int]:
    """The labels of a head of one or more rows, and the row after it.

    A label under another that says nothing by itself (全年, a county's name) keeps both.
    """
    labels = [label(cell.text) for cell in rows[head].cells]
    after = head + 1
    while after < len(rows) and after < head + _HEAD_ROWS and _goes_on(rows, head, after, labels):
        own = [label(cell.text) for cell in rows[after].cells]
        spread: list[str] = []
        for name in labels:  # text files leave the rest of a divided cell empty
            spread.append(name or (spread[-1] if spread else ""))
        labels = [
            _under(above if below else name, below)
            for name, above, below in zip(labels, spread, own, strict=False)
        ]
        after += 1
    return tuple(labels), after


def share_name(name: str) -> str:
    """The place that a column of parts belongs to."""
    return name.rpartition(_UNDER)[2]


def shown(name: str) -> str:
    """A label as people see it, one of two rows in one line."""
    return name.replace(_UNDER, "·")


def _goes_on(rows: Sequence[Row], head: int, at: int, labels: Sequence[str]) -> bool:
    """Whether a row belongs to the head: its cells are merged into it, or it only divides it."""
    row, texts = rows[at], [text for text in rows[at].texts if text.strip()]
    if not texts:
        return False
    if any(cell.above and cell.text.strip() for cell in row.cells):
        return True
    if all(_column(label(text)) is not Column.OTHER for text in texts):
        return True
    spans = [not name or cell.left for name, cell in zip(labels, rows[head].cells, strict=False)]
    firsts = [after and not own for own, after in zip(spans, [*spans[1:], False], strict=True)]
    divided = [own or first for own, first in zip(spans, firsts, strict=True)]
    inside = all(d for d, cell in zip(divided, row.cells, strict=False) if cell.text.strip())
    return any(spans) and inside and not any(re.search(r"\d", text) for text in texts)


def _under(above: str, below: str) -> str:
    if not below or below == above:
        return above
    if not above or _column(below) is not Column.OTHER:
        return below
    return f"{above}{_UNDER}{below}"


def _is_place(name: str) -> bool:
    above, _, place = name.rpartition(_UNDER)
    if above and _column(above) is not Column.TARGET and not _SHARED_OUT.search(above):
        return False
    return is_county(place) or is_park(place)


def _unknown(labels: Sequence[str], found: Sequence[Column]) -> int | None:
    """The first column with a header that says neither what it holds nor that it is a remark."""
    places = (
        at
        for at, each in enumerate(found)
        if each is Column.OTHER and labels[at] and not _OTHERS.search(labels[at])
    )
    return next(places, None)


def _column(name: str, measures: bool = False) -> Column:
    if _UNDER in name:
        above, _, below = name.rpartition(_UNDER)
        whole = _WHOLE.match(below) and (
            _SHARED_OUT.search(above) or _column(above) is Column.TARGET
        )
        return Column.TARGET if whole else Column.OTHER
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


def _all_labels(labels: Sequence[str]) -> bool:
    """Headers are short; a row of content is not, even where one cell says 重点任务."""
    known = sum(
        _column(each) is not Column.OTHER or bool(_OTHERS.search(each)) or _is_place(each)
        for each in labels
    )
    return known * 2 >= len(labels) and all(len(one_line(e)) <= _LABEL_LENGTH for e in labels)
