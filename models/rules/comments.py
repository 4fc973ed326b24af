"""群众意见: how many came in and were handled, the rate, what is open, and wrong counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from pydantic import ConfigDict

from models.errors import Refused
from models.rules.figure_checks import CONFIRM_WITH_REASON
from models.rules.finding import Code, Finding, Level, error
from models.rules.rounding import HUNDRED, number_text, percent_of

FIELD = "群众意见"


class Counting(StrEnum):
    """What a period's counts speak of: everything since January, or that month alone."""

    CUMULATIVE = "cumulative"
    MONTHLY = "monthly"


@dataclass(frozen=True)
class CommentPolicy:
    """At least *handled* percent of citizens' comments must be handled.

    Source: the circular of September 2024, which asks for all of them, praise included.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    handled: Decimal = HUNDRED

    def __post_init__(self) -> None:
        if not 0 < self.handled <= HUNDRED:
            shown = number_text(self.handled)
            raise Refused(f"群众意见处理率要求应大于 0、不超过 100，收到 {shown}。")


DEFAULT_COMMENTS = CommentPolicy()


@dataclass(frozen=True)
class Counts:
    """How many comments came in and how many were handled in one period."""

    received: int
    handled: int

    def __post_init__(self) -> None:
        if self.received < 0 or self.handled < 0:
            raise Refused("群众意见条数不能小于 0，没有收到请写“收到0条 办理0条”。")

    @property
    def text(self) -> str:
        """The counts as people send them."""
        return f"收到{self.received}条 办理{self.handled}条"

    @property
    def open(self) -> int:
        """How many still wait for an answer."""
        return self.received - self.handled


@dataclass(frozen=True)
class CommentState:
    """Where the answers stand; *rate* and *kept* are None where nothing came in (N/A)."""

    counts: Counts
    rate: Decimal | None
    kept: bool | None

    @property
    def open(self) -> int:
        return self.counts.open


def together(periods: Sequence[Counts], counting: Counting) -> Counts | None:
    """The counts since January, from periods oldest first; None before any was reported."""
    if not periods:
        return None
    if counting is Counting.CUMULATIVE:
        return periods[-1]
    return Counts(sum(each.received for each in periods), sum(each.handled for each in periods))


def comment_state(
    periods: Sequence[Counts],
    counting: Counting = Counting.CUMULATIVE,
    policy: CommentPolicy = DEFAULT_COMMENTS,
) -> CommentState | None:
    """The handled rate and whether the rule is kept; None before any count was reported.

    Nobody breaks the rule where no comment came in, and no report is not “none came in”.
    """
    counts = together(periods, counting)
    if counts is None:
        return None
    rate = percent_of(counts.handled, counts.received)
    return CommentState(counts, rate, None if rate is None else rate >= policy.handled)


def check_comments(
    counts: Counts, earlier: Sequence[Counts] = (), counting: Counting = Counting.CUMULATIVE
) -> tuple[Finding, ...]:
    """What is wrong with a new period's counts, given the earlier ones, oldest first.

    More handled than received is an error; in a month alone, what was open before may be handled
    too. Cumulative counts below the last ones are asked about.
    """
    before = together(earlier, counting)
    is_monthly = counting is Counting.MONTHLY
    most = counts.received + (max(before.open, 0) if before and is_monthly else 0)
    if counts.handled > most:
        return (_too_many(counts, most),)
    if before and not is_monthly and _is_below(counts, before):
        return (_falling(counts, before),)
    return ()


def _is_below(counts: Counts, before: Counts) -> bool:
    return counts.received < before.received or counts.handled < before.handled


def _too_many(counts: Counts, most: int) -> Finding:
    right = Counts(counts.received, most)
    is_open_before = most > counts.received
    why = f"的办理数多于收到数{'与以前未办数之和' if is_open_before else ''}"
    send = f"修改 {FIELD} {right.text}"
    return error(Code.COMMENTS, FIELD, counts.text, f"{most}条以内", send, why)


def _falling(counts: Counts, before: Counts) -> Finding:
    added = Counts(before.received + counts.received, before.handled + counts.handled)
    send = f"修改 {FIELD} {added.text}"
    text = (
        f"{FIELD}应为年初以来累计，{counts.text}少于上次的{before.text}。"
        f"如报的是本月新增，请发“{send}”；无误请发“{CONFIRM_WITH_REASON}”。"
    )
    expected = f"不少于上次的{before.text}"
    return Finding(Code.COMMENTS, FIELD, Level.WARNING, counts.text, expected, send, True, text)
