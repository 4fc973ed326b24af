"""Target curves: what share of a year's target should be done by a date (序时进度)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import ClassVar

from pydantic import ConfigDict

from models.errors import Refused
from models.rules.rounding import HUNDRED


class Shape(StrEnum):
    """How a curve rises over the year."""

    LINEAR = "linear"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


NODES = {Shape.LINEAR: 0, Shape.MONTHLY: 12, Shape.QUARTERLY: 4}


@dataclass(frozen=True)
class Curve:
    """Cumulative percentages planned for the ends of months or quarters; linear needs none."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    shape: Shape = Shape.LINEAR
    percents: tuple[Decimal, ...] = ()

    def __post_init__(self) -> None:
        wanted = NODES[self.shape]
        if len(self.percents) != wanted:
            raise Refused(f"进度计划应有 {wanted} 个节点，收到 {len(self.percents)} 个。")
        if wanted and (self.percents[0] < 0 or self.percents[-1] != HUNDRED):
            raise Refused("进度计划应从 0 以上开始，到年底累计为 100。")
        if any(later < earlier for earlier, later in pairwise(self.percents)):
            raise Refused("进度计划是累计数，后面的节点不能小于前面的。")


LINEAR = Curve()


def scheduled(data_date: date, curve: Curve, year: int) -> Decimal:
    """The percentage that should be done at *data_date*, unrounded.

    The data date's month counts whole, as circulars speak of “1—5月”: 5 of 12 months are
    41.67 %. Between quarterly nodes the last node passed still holds, since nothing more is
    due before the next one. Before the year nothing is due, after it everything.
    """
    if data_date.year != year:
        return Decimal(0) if data_date.year < year else HUNDRED
    if curve.shape is Shape.LINEAR:
        return data_date.month * HUNDRED / 12
    if curve.shape is Shape.MONTHLY:
        return curve.percents[data_date.month - 1]
    passed = data_date.month // 3
    return curve.percents[passed - 1] if passed else Decimal(0)
