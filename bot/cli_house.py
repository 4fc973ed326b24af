"""What the parts of the command line share: the house, times, failures and JSON."""

import errno
import json
import os
import socket
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from bot.app import House

JsonFlag = Annotated[bool, typer.Option("--json", help="print JSON")]


def fail(text: str, code: int = 1) -> NoReturn:
    """One line on stderr, then the exit code: 1 the work failed, 2 wrong usage."""
    typer.echo(text, err=True)
    raise typer.Exit(code)


def refuse_half_characters(*words: str) -> None:
    """Bytes that are no UTF-8 come from the shell as halves of characters, which nothing takes."""
    for word in words:
        try:
            word.encode()
        except UnicodeEncodeError as error:
            fail(f"not UTF-8: character {error.start + 1} of {word[:40]!a}", 2)


def show_answer(
    text: str,
    one: Callable[[str], Any],
    each: Callable[[Iterable[str]], Iterable[str]],
    shown: Callable[[Any], str],
    *,
    as_json: bool,
) -> None:
    """What *one* makes of *text*, as JSON or as *shown*; of `-` what *each* makes of every line."""
    refuse_half_characters(text)
    if text == "-":
        try:
            for line in each(sys.stdin):
                typer.echo(line)
        except UnicodeError as error:
            fail(f"not UTF-8: {error}", 2)
        return
    data = one(text)
    if as_json:
        show_json(data)
    else:
        typer.echo(shown(data))


def show_json(value: Any) -> None:
    """JSON on stdout, readable for people too."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def show_rows(rows: Sequence[Mapping[str, Any]], as_json: bool, none: str = "") -> None:
    """A list on stdout, a line each; *none* is said where there is nothing."""
    if as_json:
        show_json(rows)
        return
    for row in rows:
        typer.echo("  ".join(map(_cell, row.values())))
    if not rows and none:
        typer.echo(none)


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(map(str, value)) or "—"
    return "—" if value in (None, "") else str(value)


def when(text: str) -> datetime:
    """A time such as 2021-09-18T09:00, with or without its zone; TIMEZONE where none is given."""
    from bot.settings import read_settings

    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        fail(f"{text!r} is no time such as 2021-09-18T09:00", 2)
    return moment if moment.tzinfo else moment.replace(tzinfo=read_settings().zone)


def database_reason(error: Exception) -> str | None:
    """The first line of what the database said; None when it was not the database."""
    from sqlalchemy.exc import DBAPIError

    if not isinstance(error, DBAPIError):
        return None
    return (str(error.orig).strip() or type(error.orig).__name__).splitlines()[0]


@contextmanager
def open_house(*, sandbox: bool = False) -> Iterator["House"]:
    """The service's parts, not serving; *sandbox* asks for the practice chat."""
    from bot.app import build
    from bot.logs import set_up_logs
    from bot.settings import read_settings

    settings = read_settings()
    set_up_logs("WARNING", settings.log_format)
    if sandbox and not settings.sandbox:
        fail("this works in the sandbox only: set SANDBOX=true, with a database of its own", 1)
    house = build(settings)
    try:
        yield house
    finally:
        house.close()


def bound(host: str, port: int, command: str) -> socket.socket:
    """The listening port, taken before anything is started; exit 1 with one line where it is not.

    From here on a browser that is early waits instead of being refused.
    """
    # Not by create_server: to a socket without its protocol asyncio gives no TCP_NODELAY.
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((host, port))
        door.listen(128)
    except OSError as error:
        door.close()
        if error.errno == errno.EADDRINUSE:
            other = f"{command} --port {port + 1}"
            fail(f"端口 {port} 已被占用，请先停止占用它的程序，或换一个：{other}")
        fail(f"无法使用 {host} 的端口 {port}：{error.strerror}")
    return door
