"""Units and group chats from a workbook: all rows or, when one is wrong, none."""

from datetime import datetime

from sqlmodel import Session

from bot.roster_chats import Wanted, add_chat
from bot.roster_sheet import read_groups, read_units
from models.area import area_named
from models.audit import record
from models.errors import Problem, ProgrammeError, Refused
from models.programmes.areas import unit_ids
from models.programmes.sync import Sync


def import_units(session: Session, data: bytes, name: str, now: datetime) -> int:
    """Units from the sheet 单位 of the file *name*; returns how many rows there were.

    ProgrammeError lists every place that is wrong. A unit that is known learns further names.
    """
    sync, count = Sync(session), 0
    for area, units in read_units(data, name).items():
        unit_ids(sync, units, area_named(session, area).id or 0)
        count += len(units)
    changed = {"added": sync.created, "changed": sync.updated}
    record(session, at=now, member_id=None, action="import", table="unit", row=0, after=changed)
    return count


def import_chats(session: Session, data: bytes, name: str, now: datetime) -> int:
    """Group chats from the sheet 会话 of the file *name*; returns how many rows there were.

    ProgrammeError lists every place that is wrong.
    """
    groups, problems = read_groups(data, name), []
    for group in groups:
        try:
            wanted = Wanted(group.name, group.purpose, names_laggards=group.names_laggards)
            add_chat(session, wanted, group.platform, group.via, group.address, now)
        except Refused as refusal:
            problems.append(Problem(group.where, refusal.text))
    if problems:
        raise ProgrammeError(problems)
    return len(groups)
