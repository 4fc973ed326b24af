"""`dajuan export`: a workbook, an archive or a document of a programme as a new file."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from sqlmodel import Session

from bot.cli_house import fail
from bot.cli_look import programme_of
from handlers.context import ExportContext
from handlers.exporting import said_lines
from handlers.exports.contract import ExportKind
from handlers.standing.rounds import Round
from handlers.supervising.bulletin_files import file_of
from handlers.supervising.bulletins import Desk, draft
from handlers.supervising.bulletins_named import Named, issue_named, issued_named
from models.rules.span import month_end

if TYPE_CHECKING:
    from bot.app import House

#: The documents stand beside the kinds that the registry knows.
BULLETIN = "bulletin"
_QUARTER = re.compile(r"(20\d\d)-Q([1-4])")
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


class _NotKept(Exception):
    """Leaves a transaction of which nothing is to stay."""


def write_export(house: "House", name: str, code: str, period: str | None, path: Path) -> list[str]:
    """Write what *name* calls of a programme to *path*, a new file; returns what it holds.

    *period*: the month or quarter in which reports are due, or of which a document speaks.
    """
    kinds = house.services.registry.exports
    if name != BULLETIN and name not in kinds:
        fail(f"{name!r} is no export; there are {', '.join((*kinds, BULLETIN))}", 2)
    days = _days(period) if period else None
    with _new_file(path) as file:
        if name == BULLETIN:
            return _bulletin(house, code, days, file)
        return _kind(house, kinds[name], code, days, file)


def _kind(
    house: "House", kind: ExportKind, code: str, days: Round | None, file: BinaryIO
) -> list[str]:
    with house.database.read() as session:
        said = kind.write(_context(house, session, code, days), file)
    return said_lines(said)


def _context(house: "House", session: Session, code: str, days: Round | None) -> ExportContext:
    programme = programme_of(session, code)
    return ExportContext(session, house.clock(), house.services, [programme], days)


def _bulletin(house: "House", code: str, days: Round | None, file: BinaryIO) -> list[str]:
    """The last issued document that fits, else a draft of the present data, which is not kept."""
    lines: list[str] = []
    try:
        with house.database.write() as session:
            context = _context(house, session, code, days)
            programme = context.programme
            named = _named(context, days)
            issued = issued_named(context, named, [programme])
            if issued:
                ref = file_of(house.services, session, issued[0])
            else:
                desk = Desk(session, house.services, context.now, None)
                _, made = draft(desk, issue_named(context, programme, named))
                ref = made.file
                lines = [f"自检：{each}" for each in made.faults] + list(made.notes)
            file.write(house.services.media.get(ref.sha))
            raise _NotKept
    except _NotKept:
        return [ref.name, *lines]


def _named(context: ExportContext, days: Round | None) -> Named:
    if days is None:
        return Named(programme=context.programme)
    is_quarter = days.first.month != days.last.month
    if is_quarter:
        return Named(programme=context.programme, quarter=days.last)
    return Named(programme=context.programme, month=month_end(days.last.year, days.last.month))


def _days(period: str) -> Round:
    """The days of 2021-08, 2021-Q3 or 2021-08-25."""
    if found := _QUARTER.fullmatch(period):
        year, last = int(found[1]), int(found[2]) * 3
        return Round(date(year, last - 2, 1), month_end(year, last))
    if found := _MONTH.fullmatch(period):
        year, month = int(found[1]), int(found[2])
        return Round(date(year, month, 1), month_end(year, month))
    try:
        day = date.fromisoformat(period)
    except ValueError:
        fail(f"{period!r} is no period such as 2021-08, 2021-Q3 or 2021-08-25", 2)
    return Round(day, day)


@contextmanager
def _new_file(path: Path) -> Iterator[BinaryIO]:
    """A file that was not there before; nothing is left of one that failed."""
    try:
        file = path.open("x+b")
    except FileExistsError:
        fail(f"{path} is there already: name another file", 1)
    with file:
        try:
            yield file
        except BaseException:
            path.unlink()
            raise
