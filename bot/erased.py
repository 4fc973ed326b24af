"""Who was erased, kept outside the database: a backup brings them back, this list does not."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from models.errors import Refused
from models.member import Member

#: Beside the spool, below the folder in which the service runs; `dajuan backup` does not hold it.
REGISTER = Path("var/erased.txt")


@dataclass(frozen=True)
class Note:
    """One who was erased: the member's number, and when that row was made.

    Both say who is meant in a database restored from a backup, and nobody else anything.
    """

    member_id: int
    created_at: datetime

    def is_of(self, member: Member) -> bool:
        """Whether *member* is who was erased, and not another database's with the same number."""
        return (member.id, member.created_at) == (self.member_id, self.created_at)


class Register:
    """The list of those who were erased, a line each."""

    def __init__(self, path: Path = REGISTER) -> None:
        self._path = path

    def add(self, member: Member) -> None:
        """Note one more, before anything is erased; once noted is enough."""
        note = Note(member.id or 0, member.created_at)
        if note in self.notes():
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(f"{note.member_id} {note.created_at.isoformat()}\n")
            file.flush()
            os.fsync(file.fileno())

    def notes(self) -> list[Note]:
        """Everybody on the list, oldest first; raises Refused for a line that is none."""
        if not self._path.exists():
            return []
        return list(self._read(self._path.read_text(encoding="utf-8").splitlines()))

    def _read(self, lines: list[str]) -> Iterator[Note]:
        for number, line in enumerate(lines, 1):
            member, _, moment = line.partition(" ")
            try:
                yield Note(int(member), datetime.fromisoformat(moment))
            except ValueError as error:
                raise Refused(
                    f"{self._path}, line {number}: {line!r} is no number and time of a member, "
                    "such as `17 2021-08-16T01:00:00+00:00`: put it right or remove the line"
                ) from error
