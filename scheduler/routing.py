"""Which door a word leaves by: the only place that chooses between a chat's doors."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol, runtime_checkable

from models.chat import Door
from models.errors import DeliveryError
from models.message import Choice
from models.shown import Shown


@dataclass(frozen=True)
class Pace:
    """So many words in so long a time to one chat; what a platform is sent beyond is lost."""

    count: int
    within: timedelta


@dataclass(frozen=True)
class Parcel:
    """One message as a platform sends it; *key* is the same at every try.

    *marked*: the picture carries 演示数据 already. *choices* may be shown as buttons below the
    text, which says them too. *answers* is the platform's number of the message that it answers,
    *heard_by* the door that message came by; *is_last* says that nothing more answers it,
    *is_doubtful* that a process died while it sent this: it may stand there already. *shown* says
    all of the text with a table or a page; *mentions* are user ids by platform, to the letter.
    """

    key: str
    text: str
    data: bytes | None = None
    name: str = ""
    mime: str = ""
    marked: bool = False
    choices: Sequence[Choice] = field(default=())
    answers: str = ""
    heard_by: str = ""
    is_last: bool = False
    is_doubtful: bool = False
    shown: Shown | None = None
    mentions: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def is_picture(self) -> bool:
        """Whether it carries a picture rather than a document."""
        return self.mime.startswith("image/")


class Sender(Protocol):
    """What delivery needs of a door."""

    name: str
    #: Whose ids it knows people by.
    platform: str
    #: Whether a person's user id is an address to it.
    reaches_people: bool
    #: What it may send to one chat.
    paces: tuple[Pace, ...]

    def can_carry(self, address: str, parcel: Parcel) -> bool:
        """Whether this door takes such a message to this address, now."""

    def knows(self, parcel: Parcel) -> bool:
        """Whether the platform itself refuses a second message with the same key."""

    def send(self, address: str, parcel: Parcel) -> str:
        """Send to the platform's own address and return its answer; raises DeliveryError."""


@dataclass(frozen=True)
class Receipt:
    """The platform's answer and, for a card, the code that closes it later."""

    answer: str
    code: str = ""


@runtime_checkable
class CardDoor(Sender, Protocol):
    """A door whose cards can be closed later, each once."""

    def send_card(self, address: str, parcel: Parcel) -> Receipt:
        """As `send`, with the code of the card where it is shown as one."""

    def close_card(self, code: str, label: str) -> None:
        """Show *label* in the place of the card's buttons; raises DeliveryError."""


@runtime_checkable
class OfferingDoor(Sender, Protocol):
    """A door that shows choices better than its platform's others do."""

    def offers(self, parcel: Parcel) -> bool:
        """Whether it will, of this word."""


@runtime_checkable
class AskedDoor(Sender, Protocol):
    """A door that is asked for what it says: answers lie ready there, and it may post but once."""

    #: What `send` returns for a word that lies ready.
    laid: str
    #: The UTF-8 bytes of text that it posts.
    largest: int

    def lays_ready(self, address: str, parcel: Parcel) -> bool:
        """Whether the word is laid where it is asked for, and not posted."""


@runtime_checkable
class CallingDoor(Sender, Protocol):
    """A door whose words can make a member's chat client call them."""

    calls_people: bool


@runtime_checkable
class AnsweringDoor(Sender, Protocol):
    """A door that says nothing but answers to what another door heard."""

    #: The name of the door that heard it.
    answers_for: str


@runtime_checkable
class MeteredDoor(Sender, Protocol):
    """A door whose words are counted by the platform, month by month."""

    #: The UTF-8 bytes of text that leave in one message: texts that are due go together.
    largest: int

    def strain(self) -> float:
        """How much of the month's quota is used up or reserved, as a share of 1."""


@runtime_checkable
class ManyDoor(Sender, Protocol):
    """A door that says one text to several people in one call."""

    def send_to_many(
        self, addresses: Sequence[str], parcel: Parcel
    ) -> Mapping[str, str | DeliveryError]:
        """By address what `send` would return or raise."""


@runtime_checkable
class RecallingDoor(Sender, Protocol):
    """A door that takes back what it said, for a while."""

    #: For how long.
    recalls_within: timedelta

    def recall(self, said: Mapping[str, str]) -> Mapping[str, DeliveryError | None]:
        """By what `send` returned: None where it stands there no more, else why it still does.

        *said* holds the address of each. Raises nothing.
        """


@dataclass(frozen=True)
class Route:
    """A door that can carry a message, and the address behind it."""

    sender: Sender
    address: str

    @property
    def rests_as(self) -> str:
        """What is let rest when it takes nothing: the door or, of robots, each by itself."""
        door = self.sender
        return door.name if door.reaches_people else f"{door.name}:{self.address}"


def routes(senders: Mapping[str, Sender], doors: Sequence[Door], parcel: Parcel) -> Iterator[Route]:
    """The doors of a chat that can carry this message, the best first.

    An answer goes where the question came from, what calls people by a door that can, choices by
    one that shows them best, and what is counted by the door with more of its quota left, after
    those that cost nothing; else by the oldest door and, behind an address that every door of its
    platform knows, the doors in the order in which they are served.
    """

    def rank(route: Route) -> tuple[bool, bool, bool, float]:
        door = route.sender
        answers, calls = _answers(door, parcel), _calls(door, parcel)
        return not answers, not calls, not _offers(door, parcel), _strain(door)

    found = [Route(sender, door.address) for door in doors for sender in _senders(senders, door)]
    # Whoever asked in their single chat stands behind two doors: one refusal is enough.
    known = {(route.sender.name, route.address): route for route in found}
    for route in sorted(known.values(), key=rank):
        if route.sender.can_carry(route.address, parcel):
            yield route


def _senders(senders: Mapping[str, Sender], door: Door) -> Iterator[Sender]:
    for sender in senders.values():
        is_behind = door.via == sender.name or (not door.via and sender.reaches_people)
        if sender.platform == door.platform and is_behind:
            yield sender


def _calls(sender: Sender, parcel: Parcel) -> bool:
    return isinstance(sender, CallingDoor) and bool(parcel.mentions.get(sender.platform))


def _offers(sender: Sender, parcel: Parcel) -> bool:
    return isinstance(sender, OfferingDoor) and sender.offers(parcel)


def _answers(sender: Sender, parcel: Parcel) -> bool:
    heard = sender.answers_for if isinstance(sender, AnsweringDoor) else sender.name
    return heard == parcel.heard_by


def _strain(sender: Sender) -> float:
    """What costs nothing stands before what is counted, also at the beginning of a month."""
    return sender.strain() if isinstance(sender, MeteredDoor) else -1.0
