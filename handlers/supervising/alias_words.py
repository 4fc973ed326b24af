"""Words that can name no unit and no task: of every talk, of every report, or of nothing."""

import re
from datetime import date

from handlers.reading.dates import DateReading, read_date
from handlers.reading.headings import Field, Vocabulary, head_at
from handlers.reading.normalise import command_key, normalise
from handlers.reading.numerals import read_number
from handlers.registry import Registry
from handlers.reporting.agreed import YES
from handlers.reporting.table_words import HEADERS

_TALK = frozenset(
    (
        "全部 所有 全都 都 以上 以下 其他 其它 其余 这个 那个 这些 那些 哪个 哪些 这项 那项 "
        "该项 本项 你好 您好 大家好 各位好 早上好 上午好 下午好 晚上好 在吗 在么 在不在 谢谢 "
        "多谢 感谢 辛苦 辛苦了 收到 已收到 好 好的 好吧 好滴 好嘞 可以 可以的 行 行吧 明白 "
        "了解 知道 知道了 清楚 没问题 不用 不是 不对 不行 没有 没了 还有 有 无 再见 请问 "
        "麻烦 抱歉 不好意思 稍等 等一下 老师 领导 主任 同志 上一步 下一步 取消 重来 确认 "
        "继续 返回 退出 停止 删除 新增 修改 补充 今天 昨天 明天 本月 上月 下月 本周 上周 "
        "下周 本季度 本年 今年 去年 年底 月底 目前 当前 现在 情况 数据 报告 材料 图片 照片 "
        "附件 说明 名称 任务 项目 事项 工作 内容 我 我的 我们 我们单位 本单位 本局 你们 他们 "
        "单位 部门 同上 无变化 没有变化 没变化 暂无 hello hi ok thanks"
    ).split()
)
_HEADERS = frozenset(command_key(word) for words in HEADERS.values() for word in words)
#: 的的, 是不是: what is left of a name without these says which one is meant.
_EMPTY = re.compile("[的了吗呢吧啊呀哦嗯哈是在和与及或个这那我你他她它们有无不也就都还很]+")


def why_no_name(name: str, registry: Registry, today: date) -> str:
    """Why *name* can be no name, to stand behind it; empty where it can be one."""
    key = command_key(name)
    if key in _TALK or key in YES:
        return "是日常对话用语"
    if key in _HEADERS or _is_field(name):
        return "是报送内容的栏目名"
    if read_number(key) is not None or isinstance(read_date(name, today), DateReading):
        return "是数字或日期"
    if _EMPTY.fullmatch(key) or len(set(key)) == 1:
        return "没有具体含义"
    if _begins_with_command(key, registry):
        return "以操作用语开头"
    return ""


def _is_field(name: str) -> bool:
    """Whether the name followed by a colon begins a field of a report."""
    line = f"{normalise(name)}:"
    head = head_at(line, 0, Vocabulary())
    return head is not None and (head.end >= len(name) or head.field is Field.CAPTION)


def _begins_with_command(key: str, registry: Registry) -> bool:
    """报送a and 任务1 are commands with something behind them; 任务书 is a word of its own."""
    stem = key.rstrip("0123456789abcdefghijklmnopqrstuvwxyz-")
    return stem != key and registry.is_word(stem)
