"""`python -m tests.snapshot`: keeps what the demonstration leaves behind at the present revision.

Run at every release, and the file committed: later versions are tested to bring its rows forward.
"""

import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from bot.backup import write_backup
from models.db import open_database
from models.schema import newest_revision
from tests.backups import NoMedia, silent

FOLDER = Path(__file__).with_name("data") / "schema"
#: Long enough for reports, pictures, a return, reminders, a digest and orders.
DAYS = 12


def take(path: Path) -> None:
    """Play the demonstration and write its rows, without the bytes of its pictures, to *path*."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "bot", "demo", "--headless", "--days", str(DAYS)]
        environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
        subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
        database = open_database(f"sqlite:///{folder}/var/demo-played/dajuan.db")
        write_backup(database, NoMedia(), path, "", datetime.now(UTC), silent)
        database.dispose()


if __name__ == "__main__":
    take(FOLDER / f"{newest_revision()}.zip")
