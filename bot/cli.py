"""The command line `dajuan`: the service, its data, and what an operator asks of it."""

import gc
import signal
import sys
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from bot import cli_calendar, cli_queues, cli_roster, cli_token
from bot.cli_house import (
    JsonFlag,
    bound,
    database_reason,
    fail,
    open_house,
    show_answer,
    show_json,
    when,
)
from models.errors import DajuanError, ProgrammeError

app = typer.Typer(
    name="dajuan",
    help="答卷: reporting and supervision in work chat.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(cli_roster.member, name="member")
app.add_typer(cli_roster.chat, name="chat")
app.add_typer(cli_roster.unit, name="unit")
app.add_typer(cli_queues.inbox, name="inbox")
app.add_typer(cli_queues.outbox, name="outbox")
app.add_typer(cli_roster.invite, name="invite")
app.add_typer(cli_calendar.calendar, name="calendar")
app.add_typer(cli_token.token, name="token")

#: Seconds after which a thread that computes makes way for another. A call goes from thread to
#: thread four times until it is acknowledged, and would wait as often for who handles messages.
MAKES_WAY = 0.0005

At = Annotated[str | None, typer.Option("--at", metavar="WHEN", help="a time, as if it were now")]


@app.command()
def serve(
    host: Annotated[str, typer.Option()] = "",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(min=1)] = 1,
) -> None:
    """The service: webhooks, pages, delivery, scheduler."""
    import uvicorn
    from uvicorn.supervisors import Multiprocess

    from bot.connections import Bounded
    from bot.settings import read_settings

    settings = read_settings()
    if workers > 1 and settings.database.startswith("sqlite"):
        fail("--workers above 1 needs PostgreSQL: on SQLite one process writes (DATABASE_URL)", 2)
    # The sandbox lets anyone be anyone: it stays on this machine unless it is told otherwise.
    host = host or ("127.0.0.1" if settings.sandbox else "0.0.0.0")
    door = bound(host, port, "dajuan serve")
    if workers > 1:
        with open_house():
            pass  # a wrong setting is said once, here, and not by every worker
        app: Any = "bot.cli:web_service"
    else:
        app = web_service()
    config = uvicorn.Config(
        app,
        factory=workers > 1,
        workers=workers,
        http=Bounded,
        ws="none",  # nothing is served so, and what is asked would be logged with its address
        log_config=None,
        access_log=False,
        forwarded_allow_ips=settings.forwarded_allow_ips,
        timeout_graceful_shutdown=10,
    )
    # Once everything has ended uvicorn sends the signal again: that it ended well is to be seen.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    if workers > 1:
        Multiprocess(config, sockets=[door]).run()
    else:
        uvicorn.Server(config).run(sockets=[door])


def web_service() -> Any:
    """The web application of one serving process."""
    gc.disable()  # nothing of what is made until the service stands is let go
    from bot.app import build, create_app
    from bot.logs import set_up_logs
    from bot.settings import read_settings

    sys.setswitchinterval(MAKES_WAY)
    settings = read_settings()
    set_up_logs(settings.log_level, settings.log_format)
    made = create_app(build(settings))
    gc.enable()
    return made


@app.command()
def demo(
    headless: Annotated[bool, typer.Option(help="play the scripted days and end")] = False,
    at: Annotated[str, typer.Option(help="the first moment")] = "2021-08-16T08:00",
    days: Annotated[int, typer.Option(min=1, max=200)] = 40,
    out: Annotated[Path | None, typer.Option(help="where to write what was sent")] = None,
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
) -> None:
    """The sandbox on a fresh database with two real programmes, marked 演示数据."""
    from bot import demo as show

    start = when(at)
    if headless:
        show.play(start, days, out)
    else:
        show.serve(start, port)


@app.command()
def load(
    sources: Annotated[list[str], typer.Argument(metavar="CODE or FILE…")],
    code: Annotated[str | None, typer.Option(help="the programme's code, for a document")] = None,
    title: Annotated[str | None, typer.Option(help="its title, for a document")] = None,
    year: Annotated[int | None, typer.Option(min=2000, max=2100, help="its year")] = None,
    area: Annotated[str | None, typer.Option(help="whose programme it is, e.g. 湘西州")] = None,
    same: Annotated[
        list[str] | None, typer.Option(metavar="NAME=UNIT", help="another name of a unit")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="change nothing")] = False,
    as_json: JsonFlag = False,
) -> None:
    """A built-in programme by its code, or one from a definition, workbook, Word file or text."""
    from bot.cli_load import load_programmes, same_names
    from models.programmes.documents import Source

    given = Source(code, title, year, area)
    names = same_names(same or ())
    with open_house() as house:
        results = load_programmes(house, sources, given=given, same=names, dry_run=dry_run)
    if as_json:
        show_json(results[0].data if len(results) == 1 else [each.data for each in results])
        return
    for each in results:
        typer.echo(each.text)


@app.command()
def template(
    path: Annotated[Path, typer.Argument(metavar="FILE.xlsx")],
    programme: Annotated[
        str | None, typer.Option(metavar="CODE", help="a built-in programme, filled in")
    ] = None,
) -> None:
    """The workbook in which an office brings its own programme, as a new file."""
    from bot.cli_load import write_template

    write_template(path, programme)
    typer.echo(f"{path}：请按“说明”表填写，再用 dajuan load 载入")


@app.command()
def run(
    job: Annotated[
        str,
        typer.Argument(
            help="reminders, digests, obligations, drafts, calendar, retention, delivery"
        ),
    ],
    at: At = None,
) -> None:
    """One scheduled job now, as if it were WHEN; prints what it owes to whom."""
    from bot.cli_say import newest_word, words_since

    with open_house() as house:
        if job not in house.jobs.names:
            fail(f"{job!r} is no job; there are {', '.join(house.jobs.names)}", 2)
        since = newest_word(house)
        count = house.jobs.run(job, when(at) if at else house.clock())
        for line in words_since(house, since):
            typer.echo(line)
        typer.echo(f"{job}: {count}")


@app.command()
def say(
    text: Annotated[str, typer.Argument(help="what is written; \\n begins a new line")],
    account: Annotated[str, typer.Option("--as", help="who writes: a sandbox account")],
    chat: Annotated[str, typer.Option(help="`single` or a group's address")] = "single",
    picture: Annotated[list[Path] | None, typer.Option(help="sent along")] = None,
    at: At = None,
) -> None:
    """One message through the sandbox platform; prints the replies."""
    from bot.cli_say import say_once

    with open_house(sandbox=True) as house:
        moment = when(at) if at else None
        for line in say_once(
            house, account, chat, text.replace("\\n", "\n"), picture or [], moment
        ):
            typer.echo(line)


@app.command()
def picture(
    file: Annotated[Path, typer.Argument()],
    as_json: JsonFlag = False,
) -> None:
    """What the picture rules say of FILE."""
    from bot.cli_look import picture_data, picture_text
    from bot.settings import read_settings

    if not file.is_file():
        fail(f"{file}: there is no such file")
    data = picture_data(file.read_bytes(), read_settings().ocr)
    if as_json:
        show_json(data)
    else:
        typer.echo(picture_text(data))


@app.command()
def wording(
    text: Annotated[str, typer.Argument(help="an official wording; `-` reads one per line")],
    start: Annotated[str, typer.Option("--from", metavar="DATE", help="today by default")] = "",
    programme: Annotated[str, typer.Option(help="take the defaults of this programme")] = "",
    as_json: JsonFlag = False,
) -> None:
    """Due dates and covered periods of an official wording, and what was not understood."""
    from bot.cli_wording import wording_data, wording_lines, wording_text

    one = partial(wording_data, start=start, programme=programme)
    each = partial(wording_lines, start=start, programme=programme)
    show_answer(text, one, each, wording_text, as_json=as_json)


@app.command()
def read(
    text: Annotated[str, typer.Argument(help="a message; `-` reads one per line")],
    at: Annotated[str, typer.Option("--at", metavar="DATE", help="read on; today by default")] = "",
    as_json: JsonFlag = False,
) -> None:
    """Figures of a text with their kinds, its status words, the day of its data."""
    from bot.cli_read import read_data, read_lines, read_text

    one, each = partial(read_data, at=at), partial(read_lines, at=at)
    show_answer(text, one, each, read_text, as_json=as_json)


@app.command("find")
def find_(
    text: Annotated[str, typer.Argument(help="a name, number or alias; `-` reads one per line")],
    programme: Annotated[str, typer.Option(metavar="CODE", help="look in this one only")] = "",
    as_json: JsonFlag = False,
) -> None:
    """Tasks and units by a name, typos, sounds and initials included, and whether it is sure."""
    from bot.cli_find import find_data, find_lines, find_text

    one, each = partial(find_data, programme=programme), partial(find_lines, programme=programme)
    show_answer(text, one, each, find_text, as_json=as_json)


@app.command()
def tasks(
    programme: Annotated[str, typer.Option(help="its code")],
    at: Annotated[str | None, typer.Option(metavar="DATE", help="the data date")] = None,
    as_json: JsonFlag = False,
) -> None:
    """What is loaded and how it stands."""
    from bot.cli_look import tasks_of_programme, tasks_text

    with open_house() as house:
        data = tasks_of_programme(house, programme, at)
    if as_json:
        show_json(data)
    else:
        typer.echo(tasks_text(data))


@app.command()
def obligations(
    programme: Annotated[str, typer.Option(help="its code")],
    due: Annotated[str | None, typer.Option(metavar="DATE", help="only those due on DATE")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Who owes what by when."""
    from bot.cli_look import obligations_of_programme, obligations_text

    with open_house() as house:
        data = obligations_of_programme(house, programme, due)
    if as_json:
        show_json(data)
    else:
        typer.echo(obligations_text(data))


@app.command()
def export(
    kind: Annotated[
        str, typer.Argument(help="ledger, matrix, series, bulletin, pictures or package")
    ],
    programme: Annotated[str, typer.Option(metavar="CODE", help="its code")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="a new .xlsx, .docx or .zip")],
    period: Annotated[
        str | None, typer.Option(help="2021-08 or 2021-Q3: when reports are due, or a document's")
    ] = None,
) -> None:
    """A workbook, a document or an archive of a programme; prints what the file holds."""
    from bot.cli_export import write_export

    with open_house() as house:
        for line in write_export(house, kind, programme, period, out):
            typer.echo(line)


@app.command()
def migrate(
    rehearse: Annotated[
        bool, typer.Option("--rehearse", help="try it on a copy and change nothing")
    ] = False,
) -> None:
    """Bring the database to the schema of this program."""
    from bot import cli_backup

    for line in cli_backup.rehearse() if rehearse else cli_backup.migrate():
        typer.echo(line)


@app.command()
def backup(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="a new file, such as 2021-09-01.zip")
    ],
) -> None:
    """All data and media in one file, also while the service runs; it holds personal data."""
    from bot import cli_backup

    for line in cli_backup.backup(file):
        typer.echo(line)


@app.command()
def restore(file: Annotated[Path, typer.Argument(metavar="FILE", help="a backup")]) -> None:
    """Put a backup into an empty database (DATABASE_URL) and its media into MEDIA_URL."""
    from bot import cli_backup

    for line in cli_backup.restore(file):
        typer.echo(line)


@app.command()
def doctor(as_json: JsonFlag = False) -> None:
    """Check settings, database, fonts, calendar and reachability, and say what to do."""
    from bot.doctor import examine
    from bot.findings import Level
    from bot.logs import set_up_logs

    set_up_logs("ERROR", "text")  # the findings say it better
    if sys.stderr.isatty():
        typer.echo("正在检查……", err=True)  # a server that does not answer takes seconds
    findings = examine()
    if as_json:
        show_json([each.data() for each in findings])
    else:
        for each in findings:
            typer.echo(each.text())
    if any(each.level == Level.FAIL for each in findings):
        raise typer.Exit(1)


def main() -> None:
    """The console script: errors become one line on stderr and exit code 1."""
    try:
        app()
    except ProgrammeError as error:
        for problem in error.problems:
            typer.echo(str(problem), err=True)
        sys.exit(1)
    except DajuanError as error:
        typer.echo(str(error), err=True)
        sys.exit(1)
    except OSError as error:
        typer.echo(f"{error.filename or 'file'}: {error.strerror or error}", err=True)
        sys.exit(1)
    except Exception as error:
        reason = database_reason(error)
        if reason is None:
            raise
        typer.echo(f"database: {reason}", err=True)
        sys.exit(1)
