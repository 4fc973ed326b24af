"""One measured figure, its floor from the same run, and the limit it must keep."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """*value* in *unit* must not exceed *limit*; *floor* is what the least possible costs here."""

    name: str
    value: float
    unit: str
    limit: float
    floor: float
    floor_name: str

    @property
    def is_met(self) -> bool:
        return self.value <= self.limit


def table(results: Sequence[Result]) -> str:
    """The results as text, one a line."""
    head = f"{'what':<38}{'measured':>12}{'limit':>12}{'ratio':>9}  floor"
    lines = [
        f"{each.name:<38}{each.value:>9.1f} {each.unit:<2}{each.limit:>9.0f} {each.unit:<2}"
        f"{each.value / each.floor:>8.1f}x  {each.floor_name}: {each.floor:.1f} {each.unit}"
        for each in results
    ]
    return "\n".join([head, *lines])
