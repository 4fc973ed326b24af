"""The part of the command line about working days: what is known, and a year's notice."""

from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli_house import JsonFlag, fail, open_house, show_json

if TYPE_CHECKING:
    from models.rules.holiday_notice import HolidayNotice
    from models.workday import YearChange

calendar = typer.Typer(no_args_is_help=True, help="Working days: list them, import a notice.")

_LARGEST = 1_000_000


class _DryRun(Exception):
    """Leaves a transaction that must change nothing."""


@calendar.command("list")
def list_days(
    year: Annotated[int | None, typer.Option(help="one year with its days")] = None,
    as_json: JsonFlag = False,
) -> None:
    """The years that are known, or the days of one that differ from Monday to Friday."""
    from sqlmodel import col, select

    from models.workday import CalendarYear, Workday

    with open_house() as house, house.database.read() as session:
        if year is None:
            years = session.exec(select(CalendarYear).order_by(col(CalendarYear.year))).all()
            data: list[dict[str, Any]] = [
                {"year": each.year, "source": each.source} for each in years
            ]
        else:
            first, last = date(year, 1, 1), date(year, 12, 31)
            days = session.exec(
                select(Workday)
                .where(col(Workday.day) >= first, col(Workday.day) <= last)
                .order_by(col(Workday.day))
            ).all()
            data = [
                {"day": f"{each.day}", "kind": each.kind, "source": each.source} for each in days
            ]
    if as_json:
        show_json(data)
        return
    if not data:
        typer.echo("没有记录" if year is None else f"{year}年没有放假安排，按周一至周五推算")
    for each in data:
        typer.echo("  ".join(str(value) for value in each.values()))


@calendar.command("import")
def import_notice(
    file: Annotated[Path, typer.Argument(help="the State Council's notice: .txt or .docx")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="change nothing")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Read a year's notice in; the year is known from then on. Nothing of it on a disagreement."""
    from models.rules.holiday_notice import read_holiday_notice
    from models.workday import take_year

    notice = read_holiday_notice(_text(file))
    if notice.problems:
        for each in notice.problems:
            typer.echo(f"{file}：第{each.line}行：{each.text}", err=True)
        fail(f"{file}: {len(notice.problems)} disagreements, nothing was imported")
    with open_house() as house, suppress(_DryRun), house.database.write() as session:
        change = take_year(session, notice.year, notice.days)
        if dry_run:
            raise _DryRun
    data = _data(change, dry_run=dry_run)
    if as_json:
        show_json(data)
    else:
        typer.echo(_shown(notice, change, dry_run=dry_run))


def _text(file: Path) -> str:
    if not file.is_file():
        fail(f"{file}: there is no such file")
    if file.stat().st_size > _LARGEST:
        fail(f"{file}: is larger than a notice can be ({_LARGEST // 1000} kB)")
    if file.suffix.lower() == ".docx":
        return _word_text(file)
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        try:
            return file.read_text(encoding="gb18030")
        except UnicodeDecodeError:
            fail(f"{file}: is no text; save the notice as UTF-8 text or .docx")


def _word_text(file: Path) -> str:
    from zipfile import BadZipFile

    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError

    try:
        return "\n".join(each.text for each in Document(str(file)).paragraphs)
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError):
        fail(f"{file}: is no Word file; save it again as .docx, or the text as .txt")


def _data(change: "YearChange", *, dry_run: bool) -> dict[str, Any]:
    return {
        "year": change.year,
        "changed": not change.is_nothing and not dry_run,
        "off": [f"{day}" for day in change.off],
        "work": [f"{day}" for day in change.work],
        "kept": [f"{day}" for day in change.kept],
    }


def _shown(notice: "HolidayNotice", change: "YearChange", *, dry_run: bool) -> str:
    """Each holiday in a line, then what the calendar gained."""
    lines = [f"{notice.year}年放假安排："]
    for each in notice.holidays:
        worked = f"；上班 {'、'.join(map(str, each.work))}" if each.work else ""
        lines.append(f"  {each.name}：{each.off[0]} 至 {each.off[-1]}，{len(each.off)}天{worked}")
    if change.is_nothing:
        lines.append("  早已录入，没有变化")
    else:
        lines += [
            f"  {word}{len(days)}天：{'、'.join(map(str, days))}"
            for word, days in (("改为放假", change.off), ("改为上班", change.work))
            if days
        ]
    if change.kept:
        lines.append(f"  管理员另行设定的保持不变：{'、'.join(map(str, change.kept))}")
    if dry_run:
        lines.append("  （试运行，未作任何改动）")
    return "\n".join(lines)
