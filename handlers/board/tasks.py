"""任务: every task of the programme by theme, with its progress against the schedule."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from handlers.board.look import Look, Pages, pages_of
from handlers.board.rows import NONE, TaskRow, kind_of, task_row
from handlers.standing.duties import DutyStanding
from handlers.standing.policy import status_policy
from handlers.standing.reported import Reported, newest_period
from handlers.standing.tasks import TaskStanding
from handlers.supervising.progress_text import is_told
from models.unit import Unit

#: What the choice of tasks that cannot be judged, or are told in words, is called.
_OTHERS = "其他"


@dataclass(frozen=True)
class Choice:
    """One status to look at alone; *key* stands in the address, empty for all."""

    key: str
    label: str
    count: int
    is_here: bool


@dataclass(frozen=True)
class Theme:
    """The tasks of one theme that stand on this page."""

    title: str
    rows: tuple[TaskRow, ...]


@dataclass(frozen=True)
class Tasks:
    """The list, as chosen."""

    choices: tuple[Choice, ...]
    themes: tuple[Theme, ...]
    pages: Pages


def tasks(look: Look) -> Tasks:
    """The tasks in printed order, all of them or those of one status."""
    all_ = look.standing.tasks
    kinds = {each.task.id: kind_of(each.progress.band) for each in all_}
    key = look.wanted.status if look.wanted.status in kinds.values() else ""
    chosen = [each for each in all_ if not key or kinds[each.task.id] == key]
    pages = pages_of(look.wanted.page, len(chosen))
    return Tasks(
        choices=_choices(look, list(kinds.values()), key),
        themes=themes_of(look, chosen[pages.rows]),
        pages=pages,
    )


def _choices(look: Look, kinds: Sequence[str], here: str) -> tuple[Choice, ...]:
    labels = {kind_of(band): band.label for band in reversed(status_policy(look.programme).bands)}
    named = [(kind, labels[kind]) for kind in ("behind", "track", "done") if kind in labels]
    return (
        Choice("", "全部", len(kinds), not here),
        *(
            Choice(kind, label, kinds.count(kind), here == kind)
            for kind, label in (*named, (NONE, _OTHERS))
            if kind in kinds
        ),
    )


def themes_of(
    look: Look, shown: Sequence[TaskStanding], besides: Unit | None = None
) -> tuple[Theme, ...]:
    """These tasks as rows under their themes, in printed order.

    On its own page the unit *besides* whom others lead is not named again.
    """
    reported = reported_of(look, shown)
    found: dict[str, list[TaskRow]] = {}
    for each in shown:
        row = task_row(look, each, reported.get(each.task.id or 0))
        if besides is not None and len(each.leads) == 1:
            row = replace(row, leads="")
        found.setdefault(_theme(look, each.task.theme), []).append(row)
    return tuple(Theme(title, tuple(rows)) for title, rows in found.items())


def _theme(look: Look, title: str) -> str:
    """The heading; one that is a unit's name would tell who leads what stands below it."""
    return "" if not look.named and look.names.stand_in(title) else title


def reported_of(look: Look, shown: Sequence[TaskStanding]) -> dict[int, Reported]:
    """What was reported of those of these tasks that are told in words, where units are named."""
    wanted = {each.task.id for each in shown if is_told(each) and look.named}
    owed: dict[int, list[DutyStanding]] = {}
    for each in look.owed if wanted else ():
        if each.task.id in wanted:
            owed.setdefault(each.task.id or 0, []).append(each)
    found = {id_: newest_period(theirs, look.today) for id_, theirs in owed.items()}
    return {id_: each for id_, each in found.items() if each is not None}
