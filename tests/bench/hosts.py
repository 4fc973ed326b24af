"""Who takes the callbacks that a benchmark makes: the service, its floor, and other libraries."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from sqlmodel import Session, select

from models.db import Database, open_database
from models.member import RoleName
from models.schema import migrate
from models.unit import Unit
from tests.bench.service import free_port, wait_until_ready
from tests.connected import SECRET
from tests.factories import a_member, xiangxi
from tests.served import ROOT, environment

#: As this machine's disk is.
ITS_DISK: Mapping[str, str] = {}
_THREADS = 16
_SLOW_DISK = Path(__file__).with_name("slow_disk.c")


@asynccontextmanager
async def process(
    command: Sequence[str],
    port: str,
    folder: Path,
    settings: Mapping[str, str],
    end: signal.Signals = signal.SIGKILL,
) -> AsyncIterator[None]:
    """A Python process that is ready, until the end of the block."""
    started = await asyncio.create_subprocess_exec(
        sys.executable, *command, cwd=folder, env=dict(settings), stderr=DEVNULL
    )
    try:
        await asyncio.to_thread(wait_until_ready, port, time.perf_counter())
        yield
    finally:
        started.send_signal(end)
        await started.wait()


@asynccontextmanager
async def service(
    folder: Path, settings: Mapping[str, str], disk: Mapping[str, str] = ITS_DISK
) -> AsyncIterator[int]:
    """The port of `dajuan serve` on the database in *folder*."""
    port = free_port()
    command = ["-m", "bot", "serve", "--host", "127.0.0.1", "--port", port]
    more = {"SANDBOX": "false", "SECRET_KEY": SECRET}
    async with process(command, port, folder, environment(folder) | {**settings, **more, **disk}):
        yield int(port)


@asynccontextmanager
async def bare(folder: Path, disk: Mapping[str, str] = ITS_DISK) -> AsyncIterator[int]:
    """The port of a route that does no more than it must."""
    port = free_port()
    command = ["-m", "tests.bench.bare_callbacks", port, f"{folder}/floor.db"]
    async with process(command, port, ROOT, {**os.environ, **disk}):
        yield int(port)


@asynccontextmanager
async def idle(_: Path, __: Mapping[str, str]) -> AsyncIterator[int]:
    """The port of a server that does nothing but answer: what the callers themselves can do."""
    port = free_port()
    async with process(["-m", "tests.bench.servers.idle", port], port, ROOT, os.environ):
        yield int(port)


@asynccontextmanager
async def gunicorn(application: str) -> AsyncIterator[int]:
    """The port of a WSGI application: one process, as the others are, that keeps connections."""
    port = free_port()
    ways = ["--worker-class", "gthread", "--threads", str(_THREADS), "--keep-alive", "30"]
    command = ["-m", "gunicorn", "--bind", f"127.0.0.1:{port}", *ways, application]
    # Its worker would outlive a master that is killed.
    async with process(command, port, ROOT, os.environ, signal.SIGTERM):
        yield int(port)


def office(folder: Path, move: Callable[[Session], None], people: int) -> Database:
    """The small programmes of the tests, with many liaisons of one office."""
    database = open_database(f"sqlite:///{folder}/dajuan.db")
    migrate(database)
    with database.write() as session:
        xiangxi(session)
        police = session.exec(select(Unit).where(Unit.name == "州公安局")).one()
        for n in range(people):
            a_member(session, f"联络员{n}", (RoleName.LIAISON, police), account=f"liaison{n}")
        move(session)
    return database


def slow_disk(folder: Path, milliseconds: float) -> dict[str, str]:
    """The environment of a process whose syncs take so long; needs a C compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        raise FileNotFoundError("a slow disk is simulated in C: install gcc")
    library = folder / "slow_disk.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, _SLOW_DISK], check=True)
    return {"LD_PRELOAD": str(library), "SYNC_MICROSECONDS": str(int(milliseconds * 1000))}
