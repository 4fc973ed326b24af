"""A real `dajuan serve` in a process of its own, on a database that tests prepare."""

import contextlib
import multiprocessing
import os
import runpy
import signal
import socket
import sqlite3
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import httpx2

ROOT = Path(__file__).parents[1]
#: Loading libraries takes two seconds of a start: a server that has them forks each process.
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["tests.loaded"])
STRANGE = ("WECOM_", "DINGTALK_", "DATABASE_", "MEDIA_", "SECRET_", "SANDBOX", "PUBLIC_", "LOG_")


def environment(folder: Path) -> dict[str, str]:
    """The settings of a sandbox in *folder*, without those of the machine."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(STRANGE)}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)  # each start would compile every library again
    return kept | {
        "SANDBOX": "true",
        "DATABASE_URL": f"sqlite:///{folder}/dajuan.db",
        "MEDIA_URL": f"file://{folder}/media",
        "LOG_FORMAT": "json",
        "PYTHONPATH": str(ROOT),
    }


def until(condition: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait for *condition*; fails after *seconds*."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds} s for {what}"
        time.sleep(0.04)


class Served:
    """One process that can be killed and started again on the same data and port."""

    def __init__(
        self,
        folder: Path,
        settings: Mapping[str, str] | None = None,
        program: Sequence[str] = ("bot",),
    ) -> None:
        self.folder = folder
        self._environment = environment(folder) | dict(settings or {})
        self._program = program
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.log = (folder / "serve.log").open("ab")
        self.http = httpx2.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=10)
        self.process: ForkServerProcess | None = None

    def start(self) -> None:
        """Start without waiting for anything."""
        command = (*self._program, "serve", "--port", str(self.port))
        run = (command, self.folder, self._environment, self.log.name)
        self.process = _PROCESSES.Process(target=_run, args=run, daemon=True)
        with contextlib.chdir(ROOT):  # where the server, if it is not there yet, finds the modules
            self.process.start()

    def wait_until_ready(self, seconds: float = 20) -> None:
        """Wait until it answers."""
        until(self._is_ready, seconds, "the service")

    def _is_ready(self) -> bool:
        assert self.process is not None
        assert self.process.exitcode is None, (self.folder / "serve.log").read_text()
        try:
            return self.http.get("/healthz").status_code == 200
        except httpx2.TransportError:
            return False

    def kill(self) -> None:
        """As a power cut ends it."""
        self.signal(signal.SIGKILL)
        self.wait(10)

    def signal(self, number: signal.Signals) -> None:
        """What an operating system tells it."""
        assert self.process is not None
        if self.process.exitcode is None:
            os.kill(self.process.pid or 0, number)

    def wait(self, seconds: float) -> int:
        """Its exit code, once it has ended; fails after *seconds*."""
        assert self.process is not None
        self.process.join(seconds)
        assert self.process.exitcode is not None, f"goes on after {seconds} s"
        return self.process.exitcode

    def ends(self) -> int:
        """As an operator ends it, to be started again; returns the exit code."""
        self.signal(signal.SIGTERM)
        return self.wait(60)

    def stop(self) -> int:
        """As an operator ends it for good; returns the exit code."""
        code = self.ends()
        self.http.close()
        self.log.close()
        return code

    def move_clock(self, to: datetime) -> None:
        """Set the sandbox's clock forward, playing what is due in between."""
        answer = self.http.post("/sandbox/api/clock", json={"to": to.isoformat()})
        assert answer.status_code == 200, answer.text


def _run(words: Sequence[str], folder: Path, environment: Mapping[str, str], log: str) -> None:
    """What `python -m` does with *words*, in a process that was just forked."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    with open(log, "ab") as file:
        os.dup2(file.fileno(), sys.stdout.fileno())
        os.dup2(file.fileno(), sys.stderr.fileno())
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    sys.argv = list(words)
    runpy.run_module(words[0], run_name="__main__", alter_sys=True)


def rename_table(file: str, one: str, other: str) -> None:
    """What a process finds missing from its database, until it is renamed back."""
    with sqlite3.connect(file, timeout=10) as rows:
        rows.execute(f"ALTER TABLE {one} RENAME TO {other}")
    rows.close()


def rows_of(file: str, where: str = "inbox") -> int:
    """How many rows of a process's database there are."""
    with sqlite3.connect(file, timeout=10) as rows:
        (count,) = rows.execute(f"SELECT count(*) FROM {where}").fetchone()
    rows.close()
    return int(count)


def is_settled(file: str) -> bool:
    """Whether everything that came in was handled, and every word has gone or was given up."""
    new, waiting = "inbox WHERE state = 'new'", "outbox WHERE state = 'waiting'"
    return rows_of(file, new) == rows_of(file, waiting) == 0
