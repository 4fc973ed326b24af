"""`dajuan demo`: two real programmes in the sandbox, to be tried or played from a script."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from pathlib import Path

import typer
import uvicorn
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bot import demo_outcomes
from bot.app import House, build, create_app
from bot.cli_house import bound, fail
from bot.demo_outcomes import Span
from bot.demo_reports import PROGRAMMES
from bot.demo_script import Actors, DemoFailed, read_script
from bot.demo_stage import Show, Stage, Transcript
from bot.logs import set_up_logs
from bot.settings import read_settings
from handlers.schedules import seed_schedules
from models.programme import programme_by_code
from models.programmes.files import read_definition, read_roster
from models.programmes.loader import load
from models.programmes.people import load_roster

#: Where the demonstrations live: in the browser (one a port), and the one that is only played.
FOLDER = Path("var/demo")
PLAYED = Path("var/demo-played")
USUAL_PORT = 8000
HOST = "127.0.0.1"
_TRY_FIRST = (
    "  1. 选“州公安局联络员”，发“任务”，再发“报送 州1-7”，照模板填好发回",
    "  2. 选“管理员甲”，发“待审”，再发“通过”加编号",
    "  3. 把时钟拨到 8月23日 09:05，到“领导群”看每周排名",
)


def fresh_house(start: datetime, folder: Path) -> House:
    """A sandbox of its own in *folder*, emptied first, that stands at *start*.

    Both programmes are loaded with the demo's people and groups; their deadlines are confirmed.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    settings = read_settings(
        sandbox=True,
        database_url=f"sqlite:///{folder / 'dajuan.db'}",
        media_url=f"file://{folder / 'media'}",
    )
    set_up_logs("WARNING", settings.log_format)
    house = build(settings)
    house.set_clock(start)
    with house.database.write() as session:
        for code in PROGRAMMES:
            load(session, read_definition(code), start, demo=True)
            programme = programme_by_code(session, code)
            assert programme is not None, "a loaded programme is in the database"
            seed_schedules(session, programme, house.services.registry)
        load_roster(session, read_roster(), start)
    house.set_clock(start)
    return house


def serve(start: datetime, port: int) -> None:
    """The sandbox page on this machine until it is stopped; exit 1 where the port is taken."""
    # Taken before anything is touched: another demonstration may be using the data.
    door = bound(HOST, port, "dajuan demo")
    typer.echo("正在准备演示数据……")
    # A second demonstration beside the first one leaves its data alone.
    folder = FOLDER if port == USUAL_PORT else FOLDER.with_name(f"{FOLDER.name}-{port}")
    app = create_app(fresh_house(start, folder))
    typer.echo(f"答卷演示已启动，请在浏览器打开：http://{HOST}:{port}/sandbox")
    typer.echo("\n".join(["可以先试：", *_TRY_FIRST]))
    typer.echo("按 Ctrl+C 结束。")
    config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=5)
    uvicorn.Server(config).run(sockets=[door])


def play(start: datetime, days: int, out: Path | None) -> None:
    """The scripted days without a browser: prints the conversation, writes what was sent to *out*.

    Raises DemoFailed with one line for the first thing that did not come about.
    """
    if out is not None:
        _make_folder(out)
    house = fresh_house(start, PLAYED)
    try:
        with _showing(days) as (show, advanced):
            transcript = Transcript(house, show, out)
            try:
                play_days(Actors(Stage(house, transcript)), start, days, advanced)
            finally:
                transcript.save()
        check(house, start)
        typer.echo(_summary(transcript, days))
    finally:
        house.close()


def _make_folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        fail(f"无法写入 {out}：{error.strerror}")


def play_days(actors: Actors, start: datetime, days: int, show: Show) -> None:
    """The scripted days on the actors' stage; *show* is told of each that is over.

    Raises DemoFailed with one line for the first thing that did not come about.
    """
    script = read_script()
    first = min(script)
    stage = actors.stage
    zone = stage.house.services.zone
    if start.astimezone(zone).date() > first:
        raise DemoFailed(f"演示剧本从{first}开始，--at 不能晚于这一天")
    for number in range(days):
        day = start.astimezone(zone).date() + timedelta(days=number)
        if day == demo_outcomes.MAKE_UP_DAY:
            _watch_reminders(stage, datetime.combine(day, time(9), zone))
        actors.play(day, script.get(day, ()))
        show(f"{day:%m-%d}")
    # The evening of the last day: whatever was still to be said is said.
    stage.go_to(
        datetime.combine(start.astimezone(zone).date() + timedelta(days=days), time(), zone)
    )


def _watch_reminders(stage: Stage, nine: datetime) -> None:
    """On the make-up Saturday at nine exactly those are reminded who owe for the holiday."""
    house, zone = stage.house, stage.house.services.zone
    stage.go_to(nine - timedelta(minutes=1))
    with house.database.read() as session:
        owing = demo_outcomes.owing_for_the_holiday(session, zone)
    stage.go_to(nine + timedelta(minutes=1))
    with house.database.read() as session:
        told = demo_outcomes.reminded_between(session, nine, house.clock())
    if not owing or told != owing:
        raise DemoFailed(f"9月18日应提醒{len(owing)}人，实际提醒{len(told)}人，名单不一致")


def check(house: House, start: datetime) -> None:
    """Raises DemoFailed where what was played did not come out as the script means it."""
    span = Span(start, house.clock(), house.services.zone)
    with house.database.read() as session:
        for problem in demo_outcomes.problems(session, span):
            raise DemoFailed(f"演示未按预期进行：{problem}")


def _summary(transcript: Transcript, days: int) -> str:
    written = ""
    if transcript.folder is not None:
        written = f"，图片和文件{transcript.files}个，对话和文件在 {transcript.folder}"
    return f"\n演示结束：{days}天，对话{transcript.seen}条{written}。"


@contextmanager
def _showing(days: int) -> Iterator[tuple[Show, Show]]:
    """How a line is shown and how a finished day is: with a bar on a terminal, else as lines."""
    if not sys.stdout.isatty():
        yield typer.echo, lambda day: None
        return
    console = Console(highlight=False, markup=False, emoji=False)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task("演示", total=days)

        def advanced(day: str) -> None:
            progress.update(bar, advance=1, description=day)

        yield console.print, advanced
