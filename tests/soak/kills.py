"""`kill -9` at random moments under load, with platforms that call again."""

import contextlib
import random
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from scheduler.delivery import CLAIM, HANDS
from tests.served import Served, until
from tests.soak.checks import Books, broken, come_to_rest, read_books
from tests.soak.office import Office, balanced, wait_for
from tests.soak.talk import Crowd

#: Who has just been killed is seen to be gone by everybody after so long.
_AFTERWARDS = 300
#: So many of the kills hit a process that has not yet begun to answer.
_EARLY = 5
#: Seconds after which a process is stuck rather than slow.
_STUCK = 120


@dataclass(frozen=True)
class Killed:
    """What came of it: *wrong* says what does not hold; nothing, if all is well."""

    kills: int
    taken: int
    repeated: int
    given_up: int
    words: int
    unknown: int
    reports: int
    seconds: float
    books: Books
    wrong: list[str]


@dataclass(frozen=True)
class Plan:
    """How often, how hard, and by which chance."""

    kills: int
    seed: int
    replicas: int = 1
    #: Seconds between the lines of one person, on average.
    pause: float = 0.0
    #: Seconds from a start to the next kill, at most.
    life: float = 2.0
    #: Seconds that the lease of a dead scheduler still holds.
    lease: float = 60.0
    #: So many lines must be taken between two kills.
    progress: int = 1


def kill_under_load(
    office: Office, plan: Plan, note: Callable[[str], None] = lambda _: None
) -> Killed:
    """Kill, start again, and look at everything when it is over."""
    chance, begun = random.Random(plan.seed), time.monotonic()
    for _ in range(plan.replicas):
        office.add_process(plan.lease).start()
    wait_for(office)
    with _called(office):
        crowd = Crowd(office, plan.seed, plan.pause)
        with crowd:
            for number in range(1, plan.kills + 1):
                _kill_one(office, crowd, plan, chance)
                note(f"{number} of {plan.kills} kills, {crowd.taken} messages taken")
            wait_for(office)
            crowd.finish()
        # What a killed process had claimed is taken over when its claim has run out.
        office.forward(CLAIM.total_seconds() + _AFTERWARDS)
        come_to_rest(office)
        codes = office.end()
    books = read_books(office, crowd.said)
    wrong = broken(books, plan.kills * HANDS)
    wrong += [f"a process ended with {code}" for code in codes if code not in (0, -15)]
    return _counted(books, plan, time.monotonic() - begun, wrong)


@contextlib.contextmanager
def _called(office: Office) -> Iterator[None]:
    """The way from WeCom to the processes."""
    if len(office.processes) > 1:
        with balanced(office):
            yield
        return
    office.wecom.app.callback_url = f"{office.processes[0].http.base_url}/webhooks/wecom/app"
    yield


def _kill_one(office: Office, crowd: Crowd, plan: Plan, chance: random.Random) -> None:
    victim: Served = chance.choice(office.processes)
    if chance.randrange(_EARLY):
        victim.wait_until_ready(_STUCK)
        goal = crowd.taken + plan.progress
        until(lambda: crowd.taken >= goal, _STUCK, f"{plan.progress} messages more")
    threading.Event().wait(chance.uniform(0, plan.life))
    victim.kill()
    victim.start()


def _counted(books: Books, plan: Plan, seconds: float, wrong: list[str]) -> Killed:
    return Killed(
        kills=plan.kills,
        taken=sum(each.is_taken for each in books.said),
        repeated=sum(each.was_repeated for each in books.said),
        given_up=sum(not each.is_taken for each in books.said),
        words=len(books.words),
        unknown=len(books.unknown),
        reports=sum(bool(each.task) and each.is_taken for each in books.said),
        seconds=seconds,
        books=books,
        wrong=wrong,
    )
