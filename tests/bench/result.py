"""One measured figure, its floor from the same run, and the limit it must keep."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class Result:
    """*value* in *unit* beside *floor*: what the least possible costs here, in the same run.

    The value must not exceed *limit*, or with *at_least* not fall below it; with *of_floor* the
    limit is meant in multiples of the floor. No limit: it is measured to be looked at.
    """

    name: str
    value: float
    unit: str
    limit: float | None
    floor: float
    floor_name: str
    at_least: bool = False
    of_floor: bool = False

    @property
    def ratio(self) -> float:
        """The value in multiples of the floor."""
        return self.value / self.floor

    @property
    def is_met(self) -> bool:
        if self.limit is None:
            return True
        measured = self.ratio if self.of_floor else self.value
        return measured >= self.limit if self.at_least else measured <= self.limit

    @property
    def bound(self) -> str:
        """The limit as it is read: `≤ 5 s`, `≥ 1.0×`; empty where there is none."""
        if self.limit is None:
            return ""
        sign = "≥" if self.at_least else "≤"
        return f"{sign} {self.limit:g}×" if self.of_floor else f"{sign} {self.limit:g} {self.unit}"


def table(results: Sequence[Result]) -> str:
    """The results as text, one a line."""
    head = f"{'what':<54}{'measured':>15}  {'limit':<12}{'ratio':>9}  floor"
    lines = [
        f"{each.name:<54}{each.value:>10,.1f} {each.unit:<4}  {each.bound:<12}"
        f"{each.ratio:>8.2f}×  {each.floor_name}: {each.floor:,.1f} {each.unit}"
        f"{'' if each.is_met else '  MISSED'}"
        for each in results
    ]
    return "\n".join([head, *lines])


def as_json(results: Sequence[Result], now: datetime) -> str:
    """The same for programs, with the machine and the time that it was measured on and at."""
    said = {
        "at": now.astimezone(UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, {os.cpu_count()} CPUs, {platform.system()}",
        "python": platform.python_version(),
        "results": [_told(each) for each in results],
    }
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def _told(result: Result) -> dict[str, str | float | bool | None]:
    return {
        "name": result.name,
        "value": result.value,
        "unit": result.unit,
        "floor": result.floor,
        "floor_name": result.floor_name,
        "ratio": result.ratio,
        "limit": result.limit,
        "limit_is": "at least" if result.at_least else "at most",
        "limit_of": "ratio" if result.of_floor else "value",
        "met": result.is_met,
    }
