"""What a check finds, as data: the finding, its level, and the thresholds of all checks."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from pydantic import ConfigDict

from models.errors import Refused


class Level(StrEnum):
    """An error blocks, a warning asks for 确认, a note is for the admin only."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Code(StrEnum):
    """One per cause, so that people are asked once about one thing."""

    UNREADABLE = "unreadable"
    UNIT = "unit"
    FUTURE = "future"
    OUTSIDE_PERIOD = "outside_period"
    SCALE = "scale"
    FALLING = "falling"
    LINKED = "linked"
    SAME = "same"
    STATED = "stated"
    COUNTIES = "counties"
    OVER_TARGET = "over_target"
    JUMP = "jump"
    UNCHANGED = "unchanged"
    SECTION = "section"
    COMMENTS = "comments"


@dataclass(frozen=True)
class Finding:
    """One thing strange in a report: what came, what was expected, and what to send instead."""

    code: Code
    field: str
    level: Level
    came: str
    expected: str
    send: str
    needs_reason: bool
    text: str


@dataclass(frozen=True)
class CheckPolicy:
    """Thresholds of the checks. *fillers* are words that do not fill a section."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    percent_tolerance: Decimal = Decimal("0.5")
    over_percent: Decimal = Decimal(100)
    scale: Decimal = Decimal(10_000)
    jump_factor: Decimal = Decimal(5)
    unchanged_periods: int = 3
    fillers: tuple[str, ...] = (
        *("无", "暂无", "没有", "无内容", "略", "同上", "同前", "如上", "见上", "同上期", "同上月"),
        *("待补", "待补充", "不详", "正常", "收到"),
    )

    def __post_init__(self) -> None:
        thresholds = (self.over_percent, self.jump_factor, Decimal(self.unchanged_periods))
        if self.percent_tolerance < 0 or self.scale <= 1 or any(each <= 0 for each in thresholds):
            raise Refused("核对标准中的数值应大于 0，倍数应大于 1。")


DEFAULT_CHECKS = CheckPolicy()


def error(code: Code, field: str, came: str, expected: str, send: str, why: str) -> Finding:
    """A blocking finding; *why* follows the field's name and value in its text."""
    shown = f"“{came}”" if came else ""
    text = f"{field}{shown}{why}，应为{expected}。请发“{send}”。"
    return Finding(code, field, Level.ERROR, came, expected, send, False, text)
