"""What a word does to the figure beside it, and where such a word stands."""

from enum import StrEnum
from typing import NamedTuple


class Cue(StrEnum):
    """What a word does to the figure after it."""

    REALISED = "realised"  # 已, 累计, 截至: what follows has happened
    PLAN = "plan"  # 确保, 力争, 下一步: what follows is wanted, to the end of the sentence
    AIM = "aim"  # 任务, 目标: the figure is a planned one, in this clause only
    SHORT = "short"  # 未完成, 尚差, 剩余
    STUCK = "stuck"  # 滞后, 停工: said of the figure before
    UNDERWAY = "underway"  # 正在, 在建, 开工
    SCOPE = "scope"  # 涉及, 覆盖, 惠及
    EXTENT = "extent"  # 面积, 全长, 对象: nouns that describe unless a verb stands before
    RESULT = "result"  # 完成, 建成, 发放: verbs that are over when they are said
    ACTIVITY = "activity"  # 建设, 培训: verbs that plans and reports share
    TALLY = "tally"  # 累计, 共计: a sum, of what is over or of what is planned
    HAVE = "have"  # 共有, 现有
    MORE = "more"  # 增长, 上升
    LESS = "less"  # 下降, 减少
    AGAINST = "against"  # 同比, 较上年
    LEVEL = "level"  # 提高到, 降至
    PERCENT = "percent"
    STATED = "stated"
    RATE = "rate"
    SCHEDULE = "schedule"  # 序时进度
    BUDGET = "budget"  # 总投资, 概算
    PAID = "paid"  # 完成投资, 拨付
    OUTPUT = "output"  # 产值, 合同额
    STANDARD = "standard"  # 低保标准, 人均
    GAP = "gap"  # 资金缺口


class Hit(NamedTuple):
    """One cue at ``text[start:end]``."""

    cue: Cue
    start: int
    end: int
    text: str
