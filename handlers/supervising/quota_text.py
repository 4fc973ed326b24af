"""额度 in words: what a platform counts this month, how much is left, what can be done."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from handlers.reporting.texts import day_text
from models.platform import platform_title, ways_out
from models.quota import Quota
from models.rules.quota import Standing


def quota_lines(quotas: Sequence[Quota]) -> Iterator[str]:
    """A line a platform, for reports in which it is one of many."""
    for platform, pools in groupby(quotas, lambda each: each.platform):
        found = "；".join(f"{each.pool.title}{standing_text(each.standing)}" for each in pools)
        yield f"{platform_title(platform)}额度（本系统计）：{found}"


def standing_text(standing: Standing) -> str:
    """已用812/5000次（16%），预计月底1900次."""
    so_far = f"已用{standing.used}/{standing.limit}次"
    share = "" if _is_others(standing) else f"（{standing.percent}%）"
    return f"{so_far}{share}，{outlook_text(standing)}"


def advice(platform: str) -> str:
    """What can be done where little is left."""
    return f"{ways_out(platform)}。买到新额度后发“额度”登记"


def _is_others(standing: Standing) -> bool:
    """Whether other programs of the organisation have used up what we have not."""
    return standing.is_out and standing.used < standing.limit


def outlook_text(standing: Standing) -> str:
    """What is to be expected until the month's end."""
    if _is_others(standing):
        return "平台提示已用完，下月1日恢复"
    if standing.is_used_up:
        return "已用完，下月1日恢复"
    if standing.runs_out:
        return f"按此速度{day_text(standing.runs_out)}用完"
    return f"预计月底{standing.forecast}次"
