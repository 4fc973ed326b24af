"""When a digest goes out, as an admin writes it: 每周一9:00, 每月25日9点 → a cron line."""

import re
from dataclasses import dataclass

from handlers.reading.normalise import normalise
from handlers.reading.numerals import read_number
from models.rules.cron import QUARTERLY

#: Groups are spoken to in the daytime only.
EARLIEST, LATEST = 8, 20
#: What stops a digest, lets it go on, and leads to the groups that it is for.
STOP = frozenset("停 停发 停用 停止 暂停 关 关闭 取消 不发 不要发 别发".split())
GO_ON = frozenset("恢复 开 开启 启用 恢复发送 重新发 继续 继续发".split())
#: What late reports altered goes out once more, or does not.
AGAIN = frozenset("更正 恢复更正 要更正 出更正 迟报更正".split())
NOT_AGAIN = frozenset("不更正 停止更正 不要更正 不出更正 迟报不更正".split())
TO = ("改发到", "发到", "发给", "发往", "改发")
_DAY_NAMES = {
    **dict(zip("一二三四五六日", "mon tue wed thu fri sat sun".split(), strict=True)),
    **dict(zip("123456天7", "mon tue wed thu fri sat sun sun".split(), strict=True)),
}
_NAMES = "".join(_DAY_NAMES)
_NUMBER = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})"
_HOUR = r"(?:\d{1,2}|二?十[一二三四五六七八九]?|[一二两三四五六七八九])"
_CLOCK = re.compile(
    rf"(?P<part>上午|早上|早晨|中午|下午|傍晚|晚上)?\s*(?P<hour>{_HOUR})"
    rf"(?::(?P<digits>\d{{2}})|[点时](?:(?P<half>半)|(?P<minute>{_NUMBER})分?|整)?)$"
)
_WEEKLY = re.compile(
    rf"每?个?(?:周|星期|礼拜)(?P<days>[{_NAMES}](?:(?:[、和及]|至|到|-)?[周{_NAMES}])*)"
)
_DAILY = re.compile("每[天日]|天天")
_WORKDAYS = re.compile("每?个?工作日")
_MONTHLY = re.compile(
    rf"(?P<every>每个?月|每个?季度?(?:首月|第一个月)?)的?(?P<days>{_NUMBER}[日号](?:[、和及]{_NUMBER}[日号])*)"
)
_MONTH_END = re.compile("(?P<every>每个?月|每个?季度?(?:首月|第一个月)?)的?(?:最后一天|月?底|末)")
_AFTERNOON = ("下午", "傍晚", "晚上")


@dataclass(frozen=True)
class Clock:
    """An hour and a minute of the day."""

    hour: int
    minute: int

    @property
    def is_daytime(self) -> bool:
        """Whether a group may be spoken to then."""
        return EARLIEST <= self.hour < LATEST or (self.hour, self.minute) == (LATEST, 0)


def read_times(text: str, present: str) -> tuple[str, Clock] | None:
    """The cron line that *text* means and its hour; None where it is not understood.

    What is not said stays as it is in the *present* line: 每周四 keeps the hour, 15:00 the days.
    """
    plain = normalise(text).strip(" \n,。")
    found = _CLOCK.search(plain)
    when = re.sub(r"[\s,]", "", plain[: found.start()] if found else plain)
    clock = _clock(found) if found else _clock_of(present)
    days = _days(when) if when else " ".join(present.split()[2:])
    if clock is None or days is None:
        return None
    return f"{clock.minute} {clock.hour} {days}", clock


def sets_time(text: str) -> bool:
    """Whether *text* stops a digest, lets it go on, leads to groups or is a time."""
    plain = normalise(text).strip()
    is_word = plain in STOP | GO_ON | AGAIN | NOT_AGAIN or plain.startswith(TO)
    return is_word or read_times(plain, "0 9 * * mon") is not None


def _clock(found: re.Match[str]) -> Clock | None:
    hour = int(read_number(found["hour"]) or 0)
    minute = (
        30 if found["half"] else int(read_number(found["digits"] or found["minute"] or "0") or 0)
    )
    if found["part"] in _AFTERNOON and hour < 12:
        hour += 12
    return Clock(hour, minute) if hour < 24 and minute < 60 else None


def _clock_of(line: str) -> Clock | None:
    minute, _, rest = line.partition(" ")
    hour = rest.partition(" ")[0]
    return Clock(int(hour), int(minute)) if hour.isdecimal() and minute.isdecimal() else None


def _days(when: str) -> str | None:
    """Day, month and weekday of a cron line."""
    if _DAILY.fullmatch(when):
        return "* * *"
    if _WORKDAYS.fullmatch(when):
        return "* * mon-fri"
    if found := _WEEKLY.fullmatch(when):
        return f"* * {days}" if (days := _weekdays(found["days"])) else None
    if found := _MONTH_END.fullmatch(when):
        return f"last {_months(found)} *"
    if found := _MONTHLY.fullmatch(when):
        named = [int(read_number(each) or 0) for each in re.findall(_NUMBER, found["days"])]
        is_known = all(1 <= day <= 28 for day in named)
        return f"{','.join(map(str, sorted(set(named))))} {_months(found)} *" if is_known else None
    return None


def _months(found: re.Match[str]) -> str:
    return QUARTERLY if "季" in found["every"] else "*"


def _weekdays(days: str) -> str:
    """mon,thu or mon-fri, in the order of the week."""
    order = list(dict.fromkeys(_DAY_NAMES.values()))
    named = [_DAY_NAMES[each] for each in days if each in _DAY_NAMES]
    if re.search("[至到-]", days):
        first, last = named[0], named[-1]
        return (
            f"{first}-{last}" if len(named) == 2 and order.index(first) < order.index(last) else ""
        )
    return ",".join(sorted(set(named), key=order.index))
