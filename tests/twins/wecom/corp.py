"""One corporation on the servers: its people, its app and what has been counted so far."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.twins.clock import Clock
from tests.twins.record import Record
from tests.twins.windows import Window

CORP_ID = "wx5823bf96d3bd56c7"
TOKEN = "QDG6eK"
ENCODING_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
MEDIA_DAYS = 3 * DAY


class Refused(Exception):
    """An errcode of the servers."""

    def __init__(self, errcode: int, message: str) -> None:
        super().__init__(f"{errcode} {message}")
        self.errcode, self.message = errcode, message


@dataclass
class Member:
    """A person; userids are unique ignoring case and kept as written."""

    userid: str
    name: str
    departments: tuple[int, ...] = (1,)
    position: str = ""
    licensed: bool = True
    #: Whether the app may see the person at all.
    visible: bool = True


@dataclass
class App:
    """A self-built app: what its console page says."""

    agent_id: int = 1000002
    name: str = "答卷"
    is_closed: bool = False
    secret: str = "app-secret"
    token: str = TOKEN
    encoding_key: str = ENCODING_KEY
    #: Interactive cards are refused to an app that has no callback.
    has_callback: bool = True
    #: Group chats need the root department in the app's visible range.
    sees_everyone: bool = True
    #: Whom it sees one by one where it does not see the root department.
    sees: tuple[str, ...] = ()
    per_member: Window = field(default_factory=lambda: Window((30, MINUTE), (1000, HOUR)))


@dataclass(frozen=True)
class Media:
    """An uploaded or received file."""

    id: str
    type: str
    name: str
    data: bytes
    created: float

    def shown(self) -> dict[str, Any]:
        """As a message that carries it is recorded."""
        return {"media_id": self.id, "name": self.name, "data": self.data}


@dataclass
class Corp:
    """All the servers know."""

    clock: Clock
    record: Record = field(default_factory=Record)
    id: str = CORP_ID
    members: dict[str, Member] = field(default_factory=dict)
    parties: set[int] = field(default_factory=lambda: {1})
    tags: dict[int, tuple[str, ...]] = field(default_factory=dict)
    apps: dict[int, App] = field(default_factory=dict)
    media: dict[str, Media] = field(default_factory=dict)
    #: response_code → what it belongs to, taken out when used.
    codes: dict[str, dict[str, Any]] = field(default_factory=dict)
    url: str = ""
    #: Where ids begin; a service remembers those of an earlier run.
    first_number: int = 1
    _tasks: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._numbers = itertools.count(self.first_number)

    def join(self, members: Iterable[Member]) -> None:
        for member in members:
            self.members[member.userid.casefold()] = member
            self.parties |= set(member.departments)

    def number(self, prefix: str = "") -> str:
        """An id nothing else has."""
        return f"{prefix}{next(self._numbers)}"

    def msgid(self) -> str:
        """A MsgId as WeCom gives them: an integer of 64 bits."""
        return str(7_000_000_000_000_000_000 + next(self._numbers))

    def keep(self, type: str, name: str, data: bytes) -> Media:
        """Store media for three days."""
        media = Media(self.number("3MEDIA"), type, name, data, self.clock.now())
        self.media[media.id] = media
        return media

    def media_of(self, media_id: str, type: str = "") -> Media:
        """Stored media; 40007 when unknown, older than three days or not of the *type*."""
        found = self.media.get(media_id)
        if found is None or self.clock.now() - found.created > MEDIA_DAYS:
            raise Refused(40007, "invalid media_id")
        if type and found.type != type:
            raise Refused(40007, f"invalid media_id: {found.type} for {type}")
        return found

    def offer_code(self, **facts: Any) -> str:
        """A response_code: good once."""
        code = self.number("RC")
        self.codes[code] = {**facts, "at": self.clock.now()}
        return code

    def take_code(self, code: str, kind: str, seconds: float) -> dict[str, Any]:
        """What the code belongs to, once; the reference names no errcode for a bad one."""
        found = self.codes.get(code)
        if found is None or found["kind"] != kind or self.clock.now() - found["at"] > seconds:
            raise Refused(40058, "invalid response_code")
        return self.codes.pop(code)

    def note_task(self, owner: str, card: dict[str, Any]) -> None:
        """Complain about a task_id that *owner* has used before; the pages want them unique."""
        task = (owner, str(card.get("task_id", "")))
        if task[1] and task in self._tasks:
            self.record.complaints.append(f"task_id used twice by {owner}")
        self._tasks.add(task)

    def app_of(self, agent_id: Any) -> App:
        found = self.apps.get(agent_id) if isinstance(agent_id, int) else None
        if found is None:
            raise Refused(40056, "invalid agentid")
        return found


def cut(text: str, size: int) -> str:
    """The first *size* bytes of a text, without half a character."""
    return text.encode()[:size].decode(errors="ignore")
