"""Loading from the command line: what was read, assumed, and not understood."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlmodel import Session

from bot.cli_house import fail
from handlers.schedules import seed_schedules
from handlers.standing.data import tasks_data
from models.programme import programme_by_code
from models.programmes.areas import known_units
from models.programmes.documents import Source
from models.programmes.files import read_definition
from models.programmes.loader import LoadReport, load, untold
from models.programmes.people import RosterReport, load_roster
from models.programmes.sources import Draft, read_source
from models.programmes.workbook import template, write_workbook

if TYPE_CHECKING:
    from bot.app import House


@dataclass(frozen=True)
class Loaded:
    """One source that was loaded: for people and for programs."""

    text: str
    data: dict[str, Any]


#: A document that has to say everything of itself.
UNNAMED = Source()


class _DryRun(Exception):
    """Leaves a transaction that must change nothing."""


def same_names(given: Sequence[str]) -> list[tuple[str, str]]:
    """`NAME=UNIT` as pairs; ends the command with what to write where one is no pair."""
    pairs = [each.partition("=") for each in given]
    if wrong := [
        text for text, (name, _, unit) in zip(given, pairs, strict=True) if not (name and unit)
    ]:
        fail(f"{wrong[0]!r} is no pair such as --same 国网湘西供电公司=国网湘西电力公司", 2)
    return [(name.strip(), unit.strip()) for name, _, unit in pairs]


def load_programmes(
    house: "House",
    sources: Sequence[str],
    *,
    given: Source = UNNAMED,
    same: Sequence[tuple[str, str]] = (),
    dry_run: bool,
) -> list[Loaded]:
    """Load every source in one transaction: all of them or, on an error, none.

    *given* names what a document does not say of itself, *same* other names of units.
    """
    with house.database.read() as session:
        drafts = [read_source(each, given, known_units(session, same)) for each in sources]
    loaded: list[Loaded] = []
    try:
        with house.database.write() as session:
            loaded += [_load(house, session, draft, dry_run=dry_run) for draft in drafts]
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return loaded


def _load(house: "House", session: Session, draft: Draft, *, dry_run: bool) -> Loaded:
    now = house.clock()
    report = load(session, draft.definition, now, demo=house.settings.sandbox)
    assumed = (*draft.assumed, *untold(report.assumed, draft.assumed))
    missed = (*draft.not_understood, *untold(report.not_understood, draft.not_understood))
    people = load_roster(session, draft.roster, now) if draft.roster else None
    programme = programme_by_code(session, report.programme)
    assert programme is not None, "a loaded programme is in the database"
    seed_schedules(session, programme, house.services.registry)
    data = {
        "programme": report.programme,
        "tasks": tasks_data(session, programme, now.date()),
        "assumed": [str(each) for each in assumed],
        "not_understood": [
            {"where": each.where, "text": each.text} for each in (*missed, *draft.questions)
        ],
    }
    text = "\n".join(
        [
            *_head(programme.title, report, people),
            *(f"  变化：{each}" for each in report.differences),
            *(f"  推定：{each}" for each in assumed),
            *(f"  未读懂：{each}" for each in missed),
            *(f"  待确认：{each}" for each in draft.questions),
            *(["  （试运行，未作任何改动）"] if dry_run else []),
        ]
    )
    return Loaded(text, data)


def _head(title: str, report: LoadReport, people: RosterReport | None) -> list[str]:
    made = report.obligations
    lines = [
        f"{report.programme} {title}：{len(report.tasks)}项任务",
        f"  新增{report.created}，更新{report.updated}，未变{report.unchanged}；"
        f"期次新增{made.created}，更新{made.updated}，免除{made.waived}",
    ]
    if people is not None:
        lines.append(f"  人员新增{people.members}，会话新增{people.groups}")
        lines += [f"  新角色：{each}" for each in people.roles]
    return lines


def write_template(path: Path, code: str | None) -> None:
    """The empty workbook, or a built-in programme's own, as a new file at *path*."""
    data = write_workbook(read_definition(code)) if code else template()
    try:
        with path.open("xb") as file:
            file.write(data)
    except FileExistsError:
        fail(f"{path} is there already: name another file", 1)
