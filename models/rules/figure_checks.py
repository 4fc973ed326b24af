"""Checks on one reported figure against target, history, counties and stated percentage."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from statistics import median
from typing import TypeAlias

from models.rules.finding import DEFAULT_CHECKS, CheckPolicy, Code, Finding, Level, error
from models.rules.rounding import half_up, number_text, percent_of, percent_text
from models.rules.unit import amount_text, same_kind

STATED = "完成率"
CONFIRM = "确认"
CONFIRM_WITH_REASON = "确认 原因"


@dataclass(frozen=True)
class Linked:
    """An accepted value of an indicator that counts the same elsewhere, with its task."""

    value: Decimal
    as_of: date
    task: str


@dataclass(frozen=True)
class Known:
    """What is on record of an indicator: *history* are accepted values of the year, oldest first.

    *last_as_of* is the day of the last one. A level to be held (低保标准) is not *cumulative*: it
    may fall, exceed and stand still.
    """

    unit: str
    target: Decimal | None = None
    history: tuple[Decimal, ...] = ()
    cumulative: bool = True
    last_as_of: date | None = None
    linked: Linked | None = None

    @property
    def last(self) -> Decimal | None:
        return self.history[-1] if self.history else None


@dataclass(frozen=True)
class Reported:
    """A value as it came: *text* as written, *value* in base units, None if unreadable; its day.

    *counties* are (name, value); unless *all_counties* are named, their sum may be smaller.
    """

    field: str
    text: str
    value: Decimal | None
    unit: str = ""
    stated: Decimal | None = None
    counties: tuple[tuple[str, Decimal], ...] = ()
    all_counties: bool = True
    as_of: date | None = None


FigureCheck: TypeAlias = Callable[[Reported, Known, Decimal, CheckPolicy], Finding | None]


def check_figure(
    reported: Reported, known: Known, policy: CheckPolicy = DEFAULT_CHECKS
) -> tuple[Finding, ...]:
    """Findings on one figure. An unreadable value, a foreign unit or a wrong scale is the cause
    of whatever else looks strange, so nothing more is asked before it is settled."""
    value = reported.value
    if value is None:
        return (_unreadable(reported, known),)
    if cause := _unit(reported, known, value) or _scale(reported, known, value, policy):
        return (cause,)
    found = (check(reported, known, value, policy) for check in FIGURE_CHECKS)
    return tuple(finding for finding in found if finding)


def usual_step(history: Sequence[Decimal]) -> Decimal | None:
    """The median step between accepted values; None before there are two steps to compare.

    A median, since one catch-up month must not make the next jump look usual.
    """
    steps = [later - earlier for earlier, later in pairwise(history)]
    return median(steps) if len(steps) > 1 else None


def _unreadable(reported: Reported, known: Known) -> Finding:
    example = amount_text(known.last if known.last is not None else Decimal(0), known.unit)
    send = f"修改 {reported.field} {example}"
    expected = f"数字加单位，如{example}"
    return error(Code.UNREADABLE, reported.field, reported.text, expected, send, "读不出数字")


def _unit(reported: Reported, known: Known, value: Decimal) -> Finding | None:
    if not reported.unit or not known.unit or same_kind(reported.unit, known.unit):
        return None
    send = f"修改 {reported.field} {amount_text(value, known.unit)}"
    expected = f"以“{known.unit}”为单位的数"
    return error(Code.UNIT, reported.field, reported.text, expected, send, "单位不对")


def _scale(reported: Reported, known: Known, value: Decimal, policy: CheckPolicy) -> Finding | None:
    """1.65 for 1.65万人次: the value is far off what is known and right once scaled."""
    scaled = [value * policy.scale, value / policy.scale]
    right = next((each for each in scaled if _is_likelier(each, value, known)), None)
    if right is None:
        return None
    meant = amount_text(right, known.unit)
    basis = "上次" if known.last else "年度目标"
    reference = amount_text(known.last or known.target or Decimal(0), known.unit)
    return _warning(
        Code.SCALE,
        reported,
        expected=f"{meant}左右（{basis}{reference}）",
        send=f"修改 {reported.field} {amount_text(right, known.unit)}",
        text=f"{reported.field}{amount_text(value, known.unit)}与{basis}{reference}相差悬殊，"
        f"是否少写或多写了“万”？应为{meant}的，",
    )


def _is_likelier(scaled: Decimal, value: Decimal, known: Known) -> bool:
    sizes = [size for size in (known.last, known.target) if size]
    if not sizes or value == 0:
        return False
    is_far = value * 100 < sizes[0] if scaled > value else value > 100 * max(sizes)
    lowest = known.last / 2 if known.last else sizes[0] / 100
    return is_far and lowest <= scaled <= 2 * max(sizes)


def _falling(
    reported: Reported, known: Known, value: Decimal, policy: CheckPolicy
) -> Finding | None:
    last = known.last
    if not known.cumulative or last is None or value >= last:
        return None
    # Falling mostly means that the month's own number came instead of the year's.
    step = usual_step(known.history)
    is_increment = step is not None and value <= policy.jump_factor * step
    right = last + value if is_increment else last
    hint = "如报的是本月新增，" if is_increment else ""
    return _warning(
        Code.FALLING,
        reported,
        expected=f"不少于上次的{amount_text(last, known.unit)}",
        send=f"修改 {reported.field} {amount_text(right, known.unit)}",
        text=f"{reported.field}应为年初以来累计，{amount_text(value, known.unit)}少于上次通过的"
        f"{amount_text(last, known.unit)}。{hint}",
        needs_reason=True,
    )


def _below_linked(
    reported: Reported, known: Known, value: Decimal, policy: CheckPolicy
) -> Finding | None:
    """One number is asked once: what another programme accepted holds here as well."""
    other = known.linked
    if not known.cumulative or other is None or value >= other.value:
        return None
    is_earlier = reported.as_of is not None and reported.as_of < other.as_of
    if is_earlier or (known.last is not None and value < known.last):
        return None
    accepted = amount_text(other.value, known.unit)
    return _warning(
        Code.LINKED,
        reported,
        expected=f"不少于{other.task}的{accepted}",
        send=f"修改 {reported.field} {accepted}",
        text=f"{reported.field}{amount_text(value, known.unit)}少于{other.task}在"
        f"{_day(other.as_of)}已通过的{accepted}（同一指标）。",
        needs_reason=True,
    )


def _same(reported: Reported, known: Known, value: Decimal, policy: CheckPolicy) -> Finding | None:
    """An earlier value sent back for a later day: mostly the template's own, left untouched.

    A note and no question: a month without progress is a report too, and its value is known.
    """
    is_done = known.target is not None and value >= known.target
    is_written = any(char.isdigit() for char in reported.text)
    if not known.cumulative or is_done or not is_written or reported.as_of is None:
        return None
    earlier = [(known.last, known.last_as_of)]
    if known.linked:
        earlier.append((known.linked.value, known.linked.as_of))
    days = [day for amount, day in earlier if amount == value and day and day < reported.as_of]
    if not days:
        return None
    text = f"{reported.field}{amount_text(value, known.unit)}与{_day(max(days))}的数相同。"
    return Finding(Code.SAME, reported.field, Level.NOTE, reported.text, "最新数", "", False, text)


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _stated(
    reported: Reported, known: Known, value: Decimal, policy: CheckPolicy
) -> Finding | None:
    if reported.stated is None or not known.cumulative or not known.target:
        return None
    computed = value * 100 / known.target
    if abs(reported.stated - computed) <= policy.percent_tolerance:
        return None
    stated, right = f"{number_text(reported.stated)}%", percent_text(computed)
    numbers = f"{amount_text(value, known.unit)}÷{amount_text(known.target, known.unit)}"
    return Finding(
        Code.STATED,
        STATED,
        Level.WARNING,
        stated,
        right,
        f"修改 {STATED} {right}",
        False,
        f"{STATED}{stated}与计算结果{right}（{numbers}）不符。请发“修改 {STATED} {right}”；"
        f"无误请发“{CONFIRM}”。",
    )


def _counties(
    reported: Reported, known: Known, value: Decimal, policy: CheckPolicy
) -> Finding | None:
    total = sum((amount for _, amount in reported.counties), Decimal(0))
    is_partial = not reported.all_counties and total < value
    if not reported.counties or not known.cumulative or total == value or is_partial:
        return None
    return _warning(
        Code.COUNTIES,
        reported,
        expected=f"各县市合计{amount_text(total, known.unit)}",
        send=f"修改 {reported.field} {amount_text(total, known.unit)}",
        text=f"{reported.field}{amount_text(value, known.unit)}与各县市合计"
        f"{amount_text(total, known.unit)}相差{amount_text(abs(total - value), known.unit)}。",
        needs_reason=True,
    )


def _size(reported: Reported, known: Known, value: Decimal, policy: CheckPolicy) -> Finding | None:
    if not known.cumulative:
        return None
    return _over_target(reported, known, value, policy) or _jump(reported, known, value, policy)


def _over_target(
    reported: Reported, known: Known, value: Decimal, policy: CheckPolicy
) -> Finding | None:
    percent = percent_of(value, known.target or 0)
    if known.target is None or percent is None or percent <= policy.over_percent:
        return None
    before = percent_of(known.last or 0, known.target)
    if before is not None and before > policy.over_percent:
        return None  # confirmed when it first went over
    target = amount_text(known.target, known.unit)
    return _warning(
        Code.OVER_TARGET,
        reported,
        expected=f"年度目标{target}",
        send=CONFIRM,
        text=f"{reported.field}{amount_text(value, known.unit)}为年度目标{target}的"
        f"{percent_text(percent)}。",
    )


def _jump(reported: Reported, known: Known, value: Decimal, policy: CheckPolicy) -> Finding | None:
    usual, last = usual_step(known.history), known.last
    if not usual or usual < 0 or last is None or value - last <= policy.jump_factor * usual:
        return None
    step, typical = (
        amount_text(amount, known.unit) for amount in (value - last, half_up(usual, 2))
    )
    return _warning(
        Code.JUMP,
        reported,
        expected=f"每期增加{typical}左右",
        send=CONFIRM,
        text=f"{reported.field}{amount_text(value, known.unit)}比上次多{step}，"
        f"以往每期多{typical}左右。",
    )


def _unchanged(
    reported: Reported, known: Known, value: Decimal, policy: CheckPolicy
) -> Finding | None:
    recent = known.history[-policy.unchanged_periods :]
    is_done = known.target is not None and value >= known.target
    if not known.cumulative or is_done or len(recent) < policy.unchanged_periods:
        return None
    if any(amount != value for amount in recent):
        return None
    amount = amount_text(value, known.unit)
    text = f"{reported.field}{amount}已连续{policy.unchanged_periods}期没有变化。"
    field, came = reported.field, reported.text
    return Finding(Code.UNCHANGED, field, Level.NOTE, came, "有所增加", "", False, text)


#: In the order in which people are asked.
FIGURE_CHECKS: tuple[FigureCheck, ...] = (
    _falling,
    _below_linked,
    _same,
    _counties,
    _size,
    _stated,
    _unchanged,
)


def _warning(
    code: Code,
    reported: Reported,
    *,
    expected: str,
    send: str,
    text: str,
    needs_reason: bool = False,
) -> Finding:
    """A warning on the figure itself: *text* says what is strange, the rest is how to answer."""
    confirm = CONFIRM_WITH_REASON if needs_reason else CONFIRM
    wrong = f"修改 {reported.field} 正确的数" if send == CONFIRM else send
    text = f"{text}请发“{wrong}”；无误请发“{confirm}”。"
    field, came = reported.field, reported.text
    return Finding(code, field, Level.WARNING, came, expected, send, needs_reason, text)
