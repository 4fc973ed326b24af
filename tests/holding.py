"""Another process that has a SQLite file to itself."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from models.db import Database

#: Holds the lock until its input ends; says when it has it.
_HOLDER = """
import sqlite3, sys
rows = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)
rows.execute(sys.argv[2])
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def held(database: Database, how: str = "BEGIN IMMEDIATE") -> Iterator[None]:
    """Nobody else writes while the block lasts; with `BEGIN EXCLUSIVE` nobody reads either."""
    command = [sys.executable, "-I", "-S", "-c", _HOLDER, str(database.engine.url.database), how]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        try:
            yield
        finally:
            holder.stdin.close()
            holder.wait(120)
