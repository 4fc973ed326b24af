"""People who write all the time, as the platforms carry it: what was said, and what was taken."""

import random
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Self

from tests.soak.office import Office, Person
from tests.twins.courier import Delivery
from tests.twins.dingtalk.frames import Carried

#: Seconds in which a platform has given up on a call, with all its repeats.
_GIVEN_UP = 60
#: On a stream nobody waits for what may come again after a minute.
_NEXT = 2.0


@dataclass(frozen=True)
class Said:
    """One line on its way; *task* is the number of the task that it reports on."""

    person: str
    text: str
    way: Delivery | Carried
    task: str = ""

    @property
    def message_id(self) -> str:
        """Its number in the inbox."""
        return f"app:{self.way.msgid}" if isinstance(self.way, Delivery) else self.way.msgid

    @property
    def is_taken(self) -> bool:
        """Whether the platform has its acknowledgement."""
        if isinstance(self.way, Delivery):
            return any(each.status == 200 for each in self.way.tries)
        return any(each.code == 200 for each in self.way.acks)

    @property
    def was_repeated(self) -> bool:
        """Whether the platform had to carry it more than once."""
        return len(self.way.tries) > 1


class Crowd:
    """Everybody of an office, writing line after line until told to stop; use it in a `with`.

    Each writes the next line when the platform has carried the last one, after *pause* seconds on
    average. What a platform gave up on is written again.
    """

    def __init__(self, office: Office, seed: int, pause: float = 0.0) -> None:
        self._office, self._pause = office, pause
        self._chance = random.Random(seed)
        self._stop = threading.Event()
        self._pool = ThreadPoolExecutor(len(office.people), "crowd")
        self._writing: list[Future[None]] = []
        self.said: list[Said] = []

    def __enter__(self) -> Self:
        for each in self._office.people:
            chance = random.Random(self._chance.random())
            self._writing.append(self._pool.submit(self._write, each, chance))
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._pool.shutdown()

    def finish(self) -> None:
        """Let everybody write their last line, and have all of it carried to its end."""
        self._stop.set()
        for each in self._writing:
            each.result(_GIVEN_UP)
        for said in self.said:
            record = self._office.twin_of(said.person).record
            record.wait(lambda said=said: self._is_over(said), 2 * _GIVEN_UP, "the end of a call")

    def _is_over(self, said: Said) -> bool:
        """Whether it was acknowledged or comes no more: a repeat may have died with who had it."""
        way, dingtalk = said.way, self._office.dingtalk
        if isinstance(way, Delivery) or dingtalk is None or way.is_over:
            return way.is_over
        return len(way.tries) > 1 and way.tries[-1].connection not in dingtalk.gateway.live

    @property
    def taken(self) -> int:
        """How many lines were acknowledged so far."""
        return sum(each.is_taken for each in self.said)

    def _write(self, person: Person, chance: random.Random) -> None:
        for text, task in _lines(person, chance):
            if self._stop.wait(chance.uniform(0, 2 * self._pause)):
                return
            while not self._say(person.account, text, task).is_taken:
                if self._stop.is_set() or not person.is_on_wecom:
                    break  # on a stream it may still come again

    def _say(self, person: str, text: str, task: str = "") -> Said:
        way = self._carried(person, text)
        said = Said(person, text, way, task)
        self.said.append(said)
        patience = _GIVEN_UP if isinstance(way, Delivery) else _NEXT
        self._wait(said, patience)
        return said

    def _carried(self, person: str, text: str) -> Delivery | Carried:
        if person.startswith("d"):
            assert self._office.dingtalk is not None
            return self._office.dingtalk.linked.says(person, text)
        return self._office.wecom.app.says(person, text)

    def _wait(self, said: Said, seconds: float) -> None:
        way = said.way
        try:
            way.record.wait(lambda: way.is_over, seconds, "a call")
        except AssertionError:
            if isinstance(way, Delivery):
                raise


def _lines(person: Person, chance: random.Random) -> Iterator[tuple[str, str]]:
    """Talk without end, and each report once somewhere in it."""
    talk = ["任务", "帮助", "我是谁", "我想问一下"]
    talk += [f"进度 {number}" for number in person.figures]
    for number, figure in person.figures.items():
        for _ in range(chance.randint(1, 4)):
            yield chance.choice(talk), ""
        yield report(number, figure), number
    while True:
        yield chance.choice(talk), ""


def report(number: str, figure: str) -> str:
    """The whole report on a task in one message."""
    return (
        f"报送 {number}\n截至：7月31日\n完成数：{figure}个\n措施：倒排工期，每周调度。\n问题：无。"
    )
