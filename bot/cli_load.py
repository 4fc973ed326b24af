"""Loading from the command line: what was read, assumed, and not understood."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlmodel import Session

from handlers.schedules import seed_schedules
from handlers.standing.data import tasks_data
from models.programme import programme_by_code
from models.programmes.files import read_definition
from models.programmes.loader import LoadReport, load

if TYPE_CHECKING:
    from bot.app import House


@dataclass(frozen=True)
class Loaded:
    """One source that was loaded: for people and for programs."""

    text: str
    data: dict[str, Any]


class _DryRun(Exception):
    """Leaves a transaction that must change nothing."""


def load_programmes(house: "House", sources: Sequence[str], *, dry_run: bool) -> list[Loaded]:
    """Load every source in one transaction: all of them or, on an error, none."""
    definitions = [read_definition(source) for source in sources]
    loaded: list[Loaded] = []
    now = house.clock()
    try:
        with house.database.write() as session:
            for definition in definitions:
                demo = house.settings.sandbox
                report = load(session, definition, now, demo=demo)
                loaded.append(_loaded(house, session, report, dry_run=dry_run))
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return loaded


def _loaded(house: "House", session: Session, report: LoadReport, *, dry_run: bool) -> Loaded:
    programme = programme_by_code(session, report.programme)
    assert programme is not None, "a loaded programme is in the database"
    seed_schedules(session, programme, house.services.registry)
    today = house.clock().date()
    data = {
        "programme": report.programme,
        "tasks": tasks_data(session, programme, today),
        "assumed": list(report.assumed),
        "not_understood": [
            {"where": each.where, "text": each.text} for each in report.not_understood
        ],
    }
    return Loaded(_text(programme.title, report, dry_run=dry_run), data)


def _text(title: str, report: LoadReport, *, dry_run: bool) -> str:
    made = report.obligations
    lines = [
        f"{report.programme} {title}：{len(report.tasks)}项任务",
        f"  新增{report.created}，更新{report.updated}，未变{report.unchanged}；"
        f"期次新增{made.created}，更新{made.updated}，免除{made.waived}",
    ]
    lines += [f"  变化：{each}" for each in report.differences]
    lines += [f"  推定：{each}" for each in report.assumed]
    lines += [f"  未读懂：{each}" for each in report.not_understood]
    if dry_run:
        lines.append("  （试运行，未作任何改动）")
    return "\n".join(lines)
