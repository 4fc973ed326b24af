"""Bringing rows to what a file says: what is new, what differs, what stays as it was."""

from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from sqlmodel import Session, SQLModel

from models.indicator import Indicator
from models.requirement import Requirement
from models.rules.rounding import number_text
from models.task import Clause, Task

Row = TypeVar("Row", bound=SQLModel)

#: How a difference names a column. What has no title is no news: a place in the printed order,
#: what was read from a wording that is shown itself, what is told as an assumption.
TITLES = {
    "title": "名称",
    "short_title": "简称",
    "name": "名称",
    "aliases": "其他叫法",
    "year": "年度",
    "default_day": "默认报送日",
    "policy": "规则",
    "kind": "类型",
    "group": "分组",
    "number": "编号",
    "theme": "主题",
    "project": "项目",
    "printed": "原编号",
    "marks": "标记",
    "quota": "名额",
    "stated": "以自报进度为准",
    "stages": "阶段",
    "unit": "计量单位",
    "target": "目标",
    "upper": "上限",
    "comparator": "比较",
    "threshold": "达标类",
    "curve": "计划曲线",
    "active": "启用",
    "text": "内容",
    "role": "方式",
    "unnamed": "未列名单位",
    "wording": "报送时间要求",
    "sections": "报送内容",
    "pictures": "图片张数",
    "picture_rule": "图片要求",
    "county_figures": "分县市",
    "verified": "报验收进度",
    "comments": "报群众意见",
    "each": "分别报送",
    "winners": "获奖",
    "value": "数值",
    "approximate": "约数",
    "status": "状态",
    "reason": "理由",
    "level": "等次",
    "until": "止日",
    "result": "结果",
}
LONGEST = 60


@dataclass
class Sync:
    """One load's changes. *differences* describes each change to a row that was there before."""

    session: Session
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    differences: list[str] = field(default_factory=list)

    def put(self, old: Row | None, new: Row, where: str, keep: Collection[str] = ()) -> Row:
        """The stored row: *new* itself, or *old* brought to it except for the fields in *keep*.

        A new row has its id after the next flush: a thousand rows are sent in one go.
        """
        if old is None:
            self.session.add(new)
            self.created += 1
            return new
        changes = _changes(old, new, {"id", *keep})
        if not changes:
            self.unchanged += 1
            return old
        self.updated += 1
        for name in changes:
            before, after = getattr(old, name), getattr(new, name)
            if title := TITLES.get(name):
                self.differences.append(f"{where} {title}：{_shown(before)} → {_shown(after)}")
            setattr(old, name, after)
        self.session.add(old)
        return old

    def retire(self, row: Task | Clause | Indicator | Requirement, where: str) -> None:
        """Switch off a row that the file no longer has; what was reported under it stays."""
        if row.active:
            row.active = False
            self.session.add(row)
            self.updated += 1
            self.differences.append(f"{where}：文件中已没有，停用（已报送的内容保留）")

    def drop(self, row: SQLModel, where: str) -> None:
        """Delete a row that nothing was ever reported under, such as a unit's part in a task."""
        self.session.delete(row)
        self.updated += 1
        self.differences.append(f"{where}：文件中已没有，删除")


def _changes(old: SQLModel, new: SQLModel, keep: Collection[str]) -> list[str]:
    fields = [name for name in type(old).model_fields if name not in keep]
    return [name for name in fields if getattr(old, name) != getattr(new, name)]


def _shown(value: object) -> str:
    """A value as people write it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, dict):
        return "、".join(value) or "无"
    if isinstance(value, list):
        return (
            "、".join(str(e.get("name", e)) if isinstance(e, dict) else str(e) for e in value)
            or "无"
        )
    text = "无" if value in (None, "") else str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}……"
