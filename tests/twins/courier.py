"""Carries callbacks to the bot: so long to answer, so many repeats, then they are lost."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field

import httpx2

from tests.twins.clock import Clock
from tests.twins.record import Record

_REPEATS = 3
#: Real seconds after which a test is stuck rather than slow.
STUCK = 60


@dataclass(frozen=True)
class Letter:
    """One callback as it goes over the wire; tests may change it with dataclasses.replace."""

    query: dict[str, str]
    body: bytes
    headers: Mapping[str, str] = field(default_factory=lambda: {"content-type": "text/xml"})


@dataclass
class Try:
    """One time the callback was made; no status: there was no answer."""

    at: float
    status: int | None = None
    body: bytes = b""


@dataclass
class Delivery:
    """One callback on its way."""

    letter: Letter
    begun: float
    record: Record
    #: Called with the answer's body once; may find fault with it.
    read: Callable[["Delivery", bytes], None]
    repeats: int = _REPEATS
    tries: list[Try] = field(default_factory=list)
    msgid: str = ""
    is_over: bool = False

    def answer(self, seconds: float = 10) -> Try:
        """The try that was answered with 200, or the last one; waits for it."""
        self.record.wait(lambda: self.is_over, seconds, "an answer to a callback")
        return self.tries[-1]

    def wait_tries(self, count: int, seconds: float = 10) -> None:
        """Return once the callback has been made *count* times."""
        self.record.wait(lambda: len(self.tries) >= count, seconds, f"{count} tries")

    @property
    def is_lost(self) -> bool:
        """Whether the servers gave up."""
        return self.is_over and self.tries[-1].status != 200


class Carrier:
    """Makes callbacks on the servers' loop."""

    #: So many seconds of the servers' clock an answer may take.
    patience = 5.0

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.loop: asyncio.AbstractEventLoop | None = None
        self.http: httpx2.AsyncClient | None = None
        self.tasks: set[asyncio.Task[None]] = set()
        #: Page 90238: anything but 200 is repeated; page 90930: only what got no answer.
        self.repeats_on_status = True
        self._nonces = 0

    def send(self, url: str, delivery: Delivery) -> Delivery:
        """Set the callback on its way."""
        assert self.loop is not None, "the twin has not been started"
        assert url, "no callback address is set"
        self.loop.call_soon_threadsafe(self._begin, url, delivery)
        return delivery

    def _begin(self, url: str, delivery: Delivery) -> None:
        self.start(self.carry(url, delivery))

    def start(self, work: Coroutine[None, None, None]) -> None:
        """Work on the servers' loop, ended with the twin."""
        assert self.loop is not None
        task = self.loop.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def carry(self, url: str, delivery: Delivery) -> None:
        """Make the callback until it is answered or given up."""
        begun = delivery.begun
        for left in range(delivery.repeats, -1, -1):
            made = Try(begun)
            delivery.tries.append(made)
            delivery.record.changed()
            await self._post(url, delivery.letter, made)
            delivery.record.changed()
            if made.status == 200 or not left:
                break
            if made.status is not None and not self.repeats_on_status:
                break
            await self._clock.until(begun + self.patience)
            begun = self._clock.now()
        if made.status == 200:
            self._read(delivery, made.body)
        delivery.is_over = True
        delivery.record.changed()

    def _read(self, delivery: Delivery, body: bytes) -> None:
        try:
            delivery.read(delivery, body)
        except Exception as error:  # whatever is wrong with an answer is the bot's fault
            delivery.record.complaints.append(f"unreadable answer to a callback: {error!r}")

    async def _post(self, url: str, letter: Letter, made: Try) -> None:
        """Post once; where patience ends the connection is dropped."""
        assert self.http is not None
        posting = asyncio.ensure_future(
            self.http.post(
                url,
                params=letter.query,
                content=letter.body,
                headers=dict(letter.headers),
                timeout=STUCK,
            )
        )
        late = asyncio.ensure_future(self._clock.until(made.at + self.patience))
        try:
            await asyncio.wait({posting, late}, return_when=asyncio.FIRST_COMPLETED)
            if posting.done():
                response = posting.result()
                made.status, made.body = response.status_code, response.content
        except httpx2.TransportError:
            pass  # as good as no answer
        finally:
            for each in (posting, late):
                each.cancel()
            await asyncio.gather(posting, late, return_exceptions=True)
