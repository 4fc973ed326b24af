"""The last resort of a message whose database refuses: its raw call, on disk, until it recovers."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from bot.durable import written_aside
from bot.platforms.base import Request, new_request_id

#: Where the service keeps its spool, below the folder in which it runs.
SPOOL = Path("var/spool")


@dataclass(frozen=True)
class Spooled:
    """One call that waits on disk."""

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
            "request_id": request.request_id,
            "method": request.method,
            "headers": dict(request.headers),
            "query": dict(request.query),
            "body": base64.b64encode(request.body).decode(),
        }
        path = self._folder / f"{now:%Y%m%dT%H%M%S%f}-{uuid4().hex}.json"
        with written_aside(path) as file:
            file.write(json.dumps(record).encode())

    def waiting(self) -> Sequence[Path]:
        """The file of every call on disk, in the order in which they came."""
        return sorted(self._folder.glob("*.json"))

    def read(self, path: Path) -> Spooled | None:
        """The call in a file; None when another process has taken it in meanwhile."""
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        request = Request(
            record["method"],
            record["headers"],
            record["query"],
            base64.b64decode(record["body"]),
            record.get("request_id") or new_request_id(),  # older versions gave none
        )
        received_at = datetime.fromisoformat(record["received_at"])
        return Spooled(record["platform"], received_at, request)

    def put_aside(self, path: Path) -> None:
        """Keep a call that cannot be taken in, under a name that is not read again."""
        path.replace(path.with_suffix(".refused"))

    def put_aside_count(self) -> int:
        """How many calls were put aside and wait for the operator."""
        return len(list(self._folder.glob("*.refused")))

    def forget_put_aside(self, before: datetime) -> int:
        """Remove what was put aside and came before then; returns how many calls."""
        old = [each for each in self._folder.glob("*.refused") if _written(each) < before]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)


def _written(path: Path) -> datetime:
    """When a file was written; replicas look at the same folder, and what is gone is not old."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:
        return datetime.max.replace(tzinfo=UTC)
