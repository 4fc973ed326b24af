"""验收: how far acceptance may stay behind reported progress, step by step, and who keeps it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import ClassVar

from pydantic import ConfigDict

from models.errors import Refused
from models.rules.rounding import HUNDRED, half_up, number_text


class Verdict(StrEnum):
    """What an item is told at a data date; every item has exactly one.

    *too wide* is more apart than the step allows: at the last one, anything short of 100.
    """

    KEPT = "kept"
    TOO_WIDE = "too_wide"
    UNKNOWN = "unknown"
    NOT_DUE = "not_due"


@dataclass(frozen=True)
class Pair:
    """An item's reported and accepted percentage, each None while nobody gave it."""

    name: str
    done: Decimal | None
    verified: Decimal | None

    @property
    def gap(self) -> Decimal | None:
        """Points by which acceptance is behind; negative where it is ahead of an older report.

        What is done beyond the target needs no acceptance: 115 and 100 are no gap.
        """
        if self.done is None or self.verified is None:
            return None
        return half_up(min(self.done, HUNDRED), 2) - half_up(min(self.verified, HUNDRED), 2)


@dataclass(frozen=True)
class Step:
    """What must be reached by a day: at most *gap* points apart, or, if *full*, both at 100."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    by: date
    gap: Decimal | None = None
    full: bool = False

    def __post_init__(self) -> None:
        if (self.gap is None) != self.full:
            raise Refused("验收要求应写差距上限，或写全部完成，二者取一。")
        if self.gap is not None and not 0 <= self.gap <= HUNDRED:
            raise Refused(f"验收差距上限应在 0 至 100 之间，收到 {number_text(self.gap)}。")

    @property
    def text(self) -> str:
        """The demand as people read it, with its day."""
        day = f"{self.by.month}月{self.by.day}日"
        if self.gap is None:
            return f"{day}前进度和验收率都达到100%"
        return f"{day}前进度与验收率相差不超过{number_text(self.gap)}个百分点"

    def allows(self, pair: Pair) -> bool | None:
        """Whether the pair meets the demand; None where that cannot be known.

        A missing percentage is not 0. Only where both must be 100 is one lower value enough to
        say no. As in a status, the gap is that of the printed two places, while 99.996 is not 100.
        """
        if self.gap is not None:
            return None if pair.gap is None else pair.gap <= self.gap
        if any(value is not None and value < HUNDRED for value in (pair.done, pair.verified)):
            return False
        return None if pair.gap is None else True


@dataclass(frozen=True)
class VerificationPolicy:
    """The steps in order of their days, none looser than the one before it.

    Source: the circular of September 2024 asks for at most 10 points apart in October and for
    both at 100 by the end of November.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        if not self.steps:
            raise Refused("验收要求至少要有一条。")
        for earlier, later in pairwise(self.steps):
            if later.by <= earlier.by:
                raise Refused(f"验收要求应按日期先后排列，“{later.text}”应在前面。")
            if _allowed(later) > _allowed(earlier):
                raise Refused(f"后面的验收要求不能放宽：“{later.text}”。")

    def holding(self, data_date: date) -> Step | None:
        """The step that is judged at *data_date*: the last one whose day has come.

        A limit is the last day to reach something, so that nobody fails it before. It then holds
        until the next one's day: from 31 October the gap, from 30 November both at 100.
        """
        return next((step for step in reversed(self.steps) if step.by <= data_date), None)

    def coming(self, data_date: date) -> Step | None:
        """The next step, to be announced: in September the one of October."""
        return next((step for step in self.steps if step.by > data_date), None)


@dataclass(frozen=True)
class ItemVerification:
    """One item at the data date. *ready*: whether it meets the coming step already."""

    pair: Pair
    verdict: Verdict
    ready: bool | None

    @property
    def gap(self) -> Decimal | None:
        return self.pair.gap


@dataclass(frozen=True)
class Verification:
    """All items at the data date, with the step that holds and the one that is coming."""

    data_date: date
    holding: Step | None
    coming: Step | None
    items: tuple[ItemVerification, ...]

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many items have which verdict, 0 included; together all items."""
        found = Counter(item.verdict for item in self.items)
        return {verdict: found[verdict] for verdict in Verdict}

    def of(self, verdict: Verdict) -> tuple[ItemVerification, ...]:
        """The items with this verdict: widest gap first, unknown ones as they came."""
        chosen = (item for item in self.items if item.verdict is verdict)
        return tuple(sorted(chosen, key=_width, reverse=True))


def verification(
    pairs: Iterable[Pair], policy: VerificationPolicy, data_date: date
) -> Verification:
    """Each item against the step that holds at *data_date*.

    Before the first step nothing is judged, but gaps are shown and unknown ones are named, since
    they cannot be closed in a day.
    """
    holding, coming = policy.holding(data_date), policy.coming(data_date)
    items = tuple(
        ItemVerification(pair, _verdict(pair, holding), coming.allows(pair) if coming else None)
        for pair in pairs
    )
    return Verification(data_date, holding, coming, items)


def _verdict(pair: Pair, holding: Step | None) -> Verdict:
    if holding is None:
        return Verdict.UNKNOWN if pair.gap is None else Verdict.NOT_DUE
    allowed = holding.allows(pair)
    if allowed is None:
        return Verdict.UNKNOWN
    return Verdict.KEPT if allowed else Verdict.TOO_WIDE


def _allowed(step: Step) -> Decimal:
    return Decimal(-1) if step.gap is None else step.gap


def _width(item: ItemVerification) -> Decimal:
    return Decimal(0) if item.gap is None else item.gap
