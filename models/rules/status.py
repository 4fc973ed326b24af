"""Status policies (序时判定、亮灯): ordered bands that turn progress into an official label."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import groupby, pairwise
from typing import ClassVar

from pydantic import ConfigDict

from models.errors import Refused
from models.rules.rounding import HUNDRED, half_up, number_text, percent_of


class Standing(StrEnum):
    """What a label means, whatever a programme calls it."""

    COMPLETED = "completed"
    ON_TRACK = "on_track"
    BEHIND = "behind"


class Basis(StrEnum):
    """What a band measures: done percent, done as a share of scheduled, or done minus scheduled."""

    DONE = "done"
    RATIO = "ratio"
    GAP = "gap"


BASIS_NAMES = {Basis.DONE: "完成率", Basis.RATIO: "完成率与序时进度之比", Basis.GAP: "超序时点数"}


@dataclass(frozen=True)
class Band:
    """One row of a policy: from *start* (included) to *end* (excluded), None meaning open."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    label: str
    standing: Standing
    basis: Basis
    start: Decimal | None = None
    end: Decimal | None = None
    colour: str = ""
    action: str = ""

    def holds(self, value: Decimal) -> bool:
        return (self.start is None or value >= self.start) and (
            self.end is None or value < self.end
        )


@dataclass(frozen=True)
class StatusPolicy:
    """Bands in order; the first that holds names the status.

    Bands of one basis stand together and may neither leave a hole nor overlap; those of the
    last basis must cover every value, so that each task has exactly one status. An earlier
    basis covers a part only (done ≥ 100 before done ≥ scheduled).
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    bands: tuple[Band, ...]

    def __post_init__(self) -> None:
        if reason := _fault(self.bands):
            raise Refused(reason)

    def status(self, done: Decimal, scheduled: Decimal) -> Band:
        """The band of a task; gap and ratio use the printed two places, so that a reader never
        sees 41.67 against 41.67 called behind. Done itself stays exact: 99.996 is not finished."""
        return next(b for b in self.bands if b.holds(_measure(b.basis, done, scheduled)))

    def named(self, text: str) -> Band | None:
        """The one band whose label is *text* or alone contains it (滞后 → 工作进度相对滞后)."""
        labels = {band.label: band for band in reversed(self.bands)}
        close = [band for label, band in labels.items() if text and text in label]
        return labels.get(text) or (close[0] if len(close) == 1 else None)

    def meant(self, text: str) -> tuple[Band, ...]:
        """The bands that people may mean by *text*: of its label, or of the standing it speaks of.

        Several labels may mean one standing (滞后 where 滞后 and 严重滞后 are told apart).
        """
        if (band := self.named(text)) is not None:
            return (band,)
        spoken = [each for each, words in SPOKEN.items() if any(word in text for word in words)]
        of_labels = {band.label: band for band in reversed(self.bands)}
        found = [band for band in of_labels.values() if band.standing in spoken]
        return tuple(reversed(found)) if len(spoken) == 1 else ()


#: What people say for a standing, whatever a programme calls it.
SPOKEN = {
    Standing.COMPLETED: ("完成", "达标", "达到", "办结"),
    Standing.ON_TRACK: ("有序", "序时", "正常", "按期"),
    Standing.BEHIND: ("滞后", "落后", "偏慢"),
}


def _measure(basis: Basis, done: Decimal, scheduled: Decimal) -> Decimal:
    if basis is Basis.DONE:
        return done
    shown, due = half_up(done, 2), half_up(scheduled, 2)
    if basis is Basis.GAP:
        return shown - due
    ratio = percent_of(shown, due)
    return HUNDRED if ratio is None else ratio


def _fault(bands: tuple[Band, ...]) -> str | None:
    """Why these bands make no policy, or None."""
    if not bands:
        return "判定标准至少要有一个档次。"
    runs = [(basis, list(run)) for basis, run in groupby(bands, key=lambda band: band.basis)]
    if len({basis for basis, _ in runs}) < len(runs):
        return "同一依据的档次应排在一起。"
    for at, (basis, run) in enumerate(runs):
        if reason := _run_fault(basis, run, last=at == len(runs) - 1):
            return reason
    return None


def _run_fault(basis: Basis, run: list[Band], *, last: bool) -> str | None:
    run = sorted(run, key=lambda band: (band.start is not None, band.start or 0))
    name = BASIS_NAMES[basis]
    for band in run:
        if band.start is not None and band.end is not None and band.start >= band.end:
            return f"“{band.label}”的起点应小于终点。"
    for low, high in pairwise(run):
        if low.end is None or high.start is None or low.end > high.start:
            return f"{name}的档次“{low.label}”与“{high.label}”重叠。"
        if low.end < high.start:
            ends = f"{number_text(low.end)} 至 {number_text(high.start)}"
            return f"{name}在 {ends} 之间没有档次。"
    covers = _open_below(basis, run[0]) and run[-1].end is None
    if last and not covers:
        return f"{name}的档次没有覆盖全部取值，两端应敞开。"
    return f"{name}已覆盖全部取值，后面的档次用不到。" if covers and not last else None


def _open_below(basis: Basis, band: Band) -> bool:
    # A gap may be negative; a percentage never is, so 0 is as good as open there.
    return band.start is None or (basis is not Basis.GAP and band.start <= 0)


DEFAULT_POLICY = StatusPolicy(
    (
        Band("达到省定验收标准", Standing.COMPLETED, Basis.DONE, HUNDRED, None, "绿"),
        Band("工作有序推进", Standing.ON_TRACK, Basis.GAP, Decimal(0), None, "蓝"),
        Band("工作进度相对滞后", Standing.BEHIND, Basis.GAP, None, Decimal(0), "红"),
    )
)
