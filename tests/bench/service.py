"""How soon `dajuan serve` is ready, and how much memory it holds when nobody writes."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx2

from tests.bench.result import Result

#: What every such service must import, whatever it does.
BARE = "import fastapi, sqlmodel, uvicorn, sys; print('ready', flush=True); sys.stdin.read()"


def measure() -> list[Result]:
    """Start to ready and idle memory, beside a process that only imports the frameworks."""
    bare_seconds, bare_memory = _bare()
    with tempfile.TemporaryDirectory() as folder:
        seconds, memory = _service(Path(folder))
    return [
        Result("start → ready", seconds * 1000, "ms", 2000, bare_seconds * 1000, "bare imports"),
        Result("idle memory", memory, "MB", 150, bare_memory, "bare imports"),
    ]


def _bare() -> tuple[float, float]:
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", BARE], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.readline()
    seconds, memory = time.perf_counter() - begun, resident(process.pid)
    process.communicate()
    return seconds, memory


def _service(folder: Path) -> tuple[float, float]:
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | {
        "SANDBOX": "true",
        "DATABASE_URL": f"sqlite:///{folder}/dajuan.db",
        "MEDIA_URL": f"file://{folder}/media",
    }
    command = [sys.executable, "-c", "from bot.cli import main; main()", "serve", "--port", port]
    _run_once(folder, port, environment, command)  # the first start makes the schema
    return _run_once(folder, port, environment, command)


def _run_once(
    folder: Path, port: str, environment: dict[str, str], command: list[str]
) -> tuple[float, float]:
    begun = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        seconds = wait_until_ready(port, begun)
        time.sleep(3)  # idle: the first round of every question has been asked
        return seconds, resident(process.pid)
    finally:
        process.terminate()
        process.wait(20)


def wait_until_ready(port: str, begun: float) -> float:
    """Seconds from *begun* until the service is ready."""
    while time.perf_counter() - begun < 30:
        try:
            if httpx2.get(f"http://127.0.0.1:{port}/readyz").status_code == 200:
                return time.perf_counter() - begun
        except httpx2.TransportError:
            pass
        time.sleep(0.02)
    raise TimeoutError("the service did not become ready within 30 s")


def resident(pid: int) -> float:
    """Megabytes of memory that a process holds."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1000
    raise ValueError("no VmRSS")


def free_port() -> str:
    """A port that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return str(free.getsockname()[1])
