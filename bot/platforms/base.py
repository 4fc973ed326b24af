"""What every platform file offers: verify and parse, fetch, acknowledge, and send."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Protocol, runtime_checkable

from models.message import Attachment, IncomingMessage
from scheduler.routing import Pace, Parcel

#: Of its own: whoever seeds the common one would have numbers repeated.
_NUMBERS = Random()


def new_request_id() -> str:
    """What one call is called in the logs and beside its rows: twelve hexadecimal digits.

    It is no secret, so the system is not asked for it: that lets other threads go first.
    """
    return f"{_NUMBERS.getrandbits(48):012x}"


@dataclass(frozen=True)
class Request:
    """One call at the door, before anything of it is trusted; header names in lower case.

    *request_id* follows it through the logs, from the door to the words that answer it.
    """

    method: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes
    request_id: str = field(default_factory=new_request_id, compare=False)


@dataclass(frozen=True)
class Response:
    """What the platform is told."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Fetched:
    """What came along with a message; *name* where only the bytes' own server knows it."""

    data: bytes
    name: str = ""


def without_nul(text: str) -> str:
    """*text* as every database can store it.

    PostgreSQL refuses NUL in texts, and none takes half a character, as a quote may end with.
    """
    return text.replace("\0", "").encode(errors="replace").decode()


class Platform(Protocol):
    """One chat platform; all of its words stay in its file."""

    name: str
    #: Whose ids it knows people by: several doors may share them.
    platform: str
    #: Its place under `/webhooks/`; empty when it has none.
    path: str
    #: Whether a person's user id is an address to it.
    reaches_people: bool
    paces: tuple[Pace, ...]

    def handshake(self, request: Request, now: datetime) -> Response:
        """The answer to the platform's address check; raises BadRequest."""

    def receive(self, request: Request, received_at: datetime) -> IncomingMessage | None:
        """The verified message, or None when there is nothing to answer; raises BadRequest."""

    def acknowledge(self, request: Request, received_at: datetime) -> Response:
        """What the platform expects once its message is stored."""

    def fetch(self, attachment: Attachment) -> Fetched:
        """The bytes of a picture or file; raises MediaUnavailable."""

    def can_carry(self, address: str, parcel: Parcel) -> bool:
        """Whether this door takes such a message to this address, now."""

    def knows(self, parcel: Parcel) -> bool:
        """Whether the platform itself refuses a second message with the same key."""

    def send(self, address: str, parcel: Parcel) -> str:
        """Send and return the platform's answer; raises DeliveryError."""


@dataclass(frozen=True)
class Heard:
    """A call that was verified and read, and what the platform is told once it is stored."""

    message: IncomingMessage | None
    answer: Response


@runtime_checkable
class Quick(Protocol):
    """A platform that reads nearly every call without waiting for anything."""

    def heard(self, request: Request, received_at: datetime) -> Heard | None:
        """What `receive` and `acknowledge` say, by computing alone; raises BadRequest.

        None for a call that needs more than that: they are to be asked.
        """


@runtime_checkable
class Hurried(Protocol):
    """A platform that waits for its acknowledgement less long than others do."""

    #: So many seconds a call may wait for the database; then it goes to the spool.
    patience: float


@runtime_checkable
class Settling(Protocol):
    """A platform with something left to do once everything due is delivered."""

    def settle(self) -> None:
        """What is left to be done; to be called after each delivery."""


@runtime_checkable
class Connected(Protocol):
    """A platform on a connection of its own, which perhaps one process of the office holds."""

    name: str

    def start(self, accept: Callable[[Request], Response]) -> None:
        """Connect as soon as this process may; *accept* takes what comes as a call at the door."""

    def stop(self) -> None:
        """Let go of the connection."""

    def speaks_here(self) -> bool:
        """Whether this is the process that has the connection, and so the one that delivers."""

    def state(self) -> str:
        """`ok`, perhaps with more behind it, where the platform is heard; else what is wrong."""
