"""The last resort of a message whose database refuses: its raw call, on disk, until it recovers."""

import base64
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from bot.platforms.base import Request


@dataclass(frozen=True)
class Spooled:
    """One call that waits on disk."""

    path: Path
    platform: str
    received_at: datetime
    request: Request


class Spool:
    """A folder of calls, one file each, synced before the platform is acknowledged."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, platform: str, request: Request, now: datetime) -> None:
        """Write the call and sync it; raises OSError when not even that is possible."""
        self._folder.mkdir(parents=True, exist_ok=True)
        record = {
            "platform": platform,
            "received_at": now.isoformat(),
            "method": request.method,
            "headers": dict(request.headers),
            "query": dict(request.query),
            "body": base64.b64encode(request.body).decode(),
        }
        path = self._folder / f"{now:%Y%m%dT%H%M%S%f}-{uuid4().hex}.json"
        aside = path.with_suffix(".part")
        with aside.open("w", encoding="utf-8") as file:
            json.dump(record, file)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
        self._sync_folder()

    def _sync_folder(self) -> None:
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def waiting(self) -> Iterator[Spooled]:
        """Every call on disk, in the order in which they came."""
        for path in sorted(self._folder.glob("*.json")):
            record = json.loads(path.read_text(encoding="utf-8"))
            request = Request(
                record["method"],
                record["headers"],
                record["query"],
                base64.b64decode(record["body"]),
            )
            received_at = datetime.fromisoformat(record["received_at"])
            yield Spooled(path, record["platform"], received_at, request)
