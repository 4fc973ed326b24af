"""审核分工: who reviews which report, at which level, and what a 通过 of theirs means."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from models.errors import Refused


class Level(StrEnum):
    """First where a county's own office looks at a report before the prefecture does."""

    FIRST = "first"
    FINAL = "final"


class Step(StrEnum):
    """What a 通过 does: it endorses (初审), or it accepts."""

    ENDORSE = "endorse"
    ACCEPT = "accept"


#: How many times a report is reviewed unless a programme says otherwise.
ONE_LEVEL = 1
TWO_LEVELS = 2


@dataclass(frozen=True)
class Assignment:
    """A member reviews the reports on one task, of one unit, or, without either, all of them."""

    member_id: int
    level: Level
    task_id: int | None = None
    unit_id: int | None = None

    def covers(self, task_id: int, unit_id: int) -> bool:
        """Whether a report of this unit on this task is theirs."""
        return self.task_id in (None, task_id) and self.unit_id in (None, unit_id)


@dataclass(frozen=True)
class Report:
    """What decides on who reviews a report; *reporter* made its newest version."""

    task_id: int
    unit_id: int
    reporter: int
    is_endorsed: bool


@dataclass(frozen=True)
class Reviewing:
    """How a programme reviews: the levels of its policy and who is assigned to what."""

    levels: int
    assignments: Sequence[Assignment]

    def awaits_first(self, report: Report) -> bool:
        """Whether the first of two reviews is still to come; none where nobody gives it."""
        if self.levels < TWO_LEVELS or report.is_endorsed:
            return False
        return any(each.level is Level.FIRST for each in self._covering(report))

    def holds(self, member_id: int, level: Level, report: Report) -> bool:
        """Whether a member is assigned to the report at this level."""
        return any(
            each.member_id == member_id and each.level is level for each in self._covering(report)
        )

    def is_for(self, member_id: int, report: Report) -> bool:
        """Whether the report waits for this very member by assignment."""
        level = Level.FIRST if self.awaits_first(report) else Level.FINAL
        return self.holds(member_id, level, report)

    def step(self, member_id: int, report: Report, *, is_admin: bool) -> Step:
        """What the member's 通过 does; refused to whom the report does not wait for."""
        is_final = is_admin or self.holds(member_id, Level.FINAL, report)
        is_first = self.holds(member_id, Level.FIRST, report)
        if not (is_final or is_first):
            raise Refused("不在您的审核分工内，请联系该专项的管理员。")
        if report.reporter == member_id and not is_admin:
            raise Refused("是您本人报送的，请由其他审核人审核。")
        if self.awaits_first(report):
            return Step.ENDORSE
        if not is_final:
            raise Refused("已初审，正等终审，不用再办。")
        return Step.ACCEPT

    def _covering(self, report: Report) -> Iterable[Assignment]:
        return (each for each in self.assignments if each.covers(report.task_id, report.unit_id))
