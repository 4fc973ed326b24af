"""What a rewritten deadline does to the reports that are still due: same, moved, gone, new."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from sqlmodel import col, select

from handlers.context import Context
from handlers.reporting.texts import day_text
from handlers.supervising.deadlines import DeadlineGroup
from models.obligation import Obligation, ObligationState

#: When a report is due, and the period it covers.
Times = tuple[datetime, date | None, date | None]
Key = tuple[int, str]
#: More that move or come than this are looked at first.
FEW = 10
#: How many due days are named one by one.
_SHOWN = 6


def dues_ahead(ctx: Context, group: DeadlineGroup) -> dict[Key, Times]:
    """The times of everything the group has still to report."""
    rows = ctx.session.exec(
        select(Obligation).where(
            col(Obligation.requirement_id).in_([each.id for each in group.requirements]),
            Obligation.state != ObligationState.WAIVED,
            Obligation.due > ctx.now,
        )
    ).all()
    return {
        (row.requirement_id, row.key): (row.due, row.covers_from, row.covers_to) for row in rows
    }


@dataclass(frozen=True)
class DueChanges:
    """The times before and after of what changed, and what stays."""

    same: tuple[Times, ...]
    moved: tuple[tuple[Times, Times], ...]
    gone: tuple[Times, ...]
    new: tuple[Times, ...]

    @classmethod
    def between(cls, before: Mapping[Key, Times], after: Mapping[Key, Times]) -> "DueChanges":
        """What differs, obligation by obligation."""
        both = [(before[key], after[key]) for key in before if key in after]
        return cls(
            tuple(was for was, now in both if was == now),
            tuple((was, now) for was, now in both if was != now),
            tuple(times for key, times in before.items() if key not in after),
            tuple(times for key, times in after.items() if key not in before),
        )

    @property
    def are_grave(self) -> bool:
        """Whether anything is no longer asked for, or more than a few are moved or new."""
        return bool(self.gone) or len(self.moved) + len(self.new) > FEW

    def lines(self, zone: tzinfo) -> list[str]:
        """Each kind of change with its due days: 取消：10月20日2期."""
        if not (self.moved or self.gone or self.new):
            return ["期次没有变化。"]
        moved = (f"{_day(a, zone)}改为{_day(b, zone)}" for a, b in _earliest(self.moved))
        same = (_day(each, zone) for each in sorted(self.same, key=_due))
        gone = (_day(each, zone) for each in sorted(self.gone, key=_due))
        new = (_day(each, zone) for each in sorted(self.new, key=_due))
        parts = (("不变", same), ("调整", moved), ("取消", gone), ("新增", new))
        return [f"{word}：{said}" for word, days in parts if (said := _counted(days))]


def _due(times: Times) -> datetime:
    return times[0]


def _earliest(pairs: Iterable[tuple[Times, Times]]) -> list[tuple[Times, Times]]:
    return sorted(pairs, key=lambda pair: pair[0][0])


def _day(times: Times, zone: tzinfo) -> str:
    return day_text(times[0].astimezone(zone).date())


def _counted(days: Iterable[str]) -> str:
    counts = Counter(days)
    shown = [f"{day}{count}期" for day, count in list(counts.items())[:_SHOWN]]
    more = f"等，共{counts.total()}期" if len(counts) > _SHOWN else ""
    return "、".join(shown) + more
