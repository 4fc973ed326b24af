"""How much of what platforms let through leaves, when there is more to say than they let through.

Time is the stand-ins' own: they count every word in their windows, and refuse or drop what is one
too many; the service looks for what is due in its own rhythm.
"""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
from sqlmodel import Session, col, func, select

from bot.dingtalk.limiter import Limiter
from bot.keys import KeyRing
from bot.roster_chats import Wanted, add_robot
from models.chat import chat_at
from models.db import Database, open_database
from models.member import Account
from models.message import ChatKind, Reply
from models.outbox import OutboxMessage, OutboxState, say
from models.schema import migrate
from scheduler.jobs import WAKE_RHYTHM
from tests.bench.result import Result
from tests.connected import SECRET, Office
from tests.dingtalk import open_dingtalk
from tests.twins.dingtalk.twin import Twin as DingTalk
from tests.twins.stand_in import StandIn
from tests.twins.wecom.twin import Twin as Wecom
from tests.wecom import open_wecom

#: Words to each of five groups, ten people and five groups: 2,000 in all.
WORDS = 100
GROUPS, PEOPLE = 5, 10
_MINUTE = 60
_SIGNING = "SEC0123456789abcdef"
_FEWEST = 0.95
T = TypeVar("T", bound=StandIn)
#: The chats that are told, by where their words are seen.
Told = Mapping[str, int]


def measure() -> list[Result]:
    """The share of each limit that is used until the last word has left; none is refused."""
    with _house() as (database, folder, patch), open_wecom(database, folder, patch) as wecom:
        robots = _told(wecom, _wecom_robots(wecom), "a group's robot of WeCom", 20)
    with _house() as (database, folder, patch), open_wecom(database, folder, patch) as wecom:
        people = _told(wecom, _people(wecom), "a person, by WeCom's app", 30)
    with _house() as (database, folder, patch), open_dingtalk(database, folder, patch) as dingtalk:
        others = _told(dingtalk, _dingtalk_robots(dingtalk), "a group's robot of DingTalk", 20)
    return [robots, people, others, _calls_a_second(20)]


@contextmanager
def _house() -> Iterator[tuple[Database, Path, pytest.MonkeyPatch]]:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        database = open_database(f"sqlite:///{folder}/dajuan.db")
        migrate(database)
        yield database, Path(folder), patch
        database.dispose()


def _wecom_robots(office: Office[Wecom]) -> Told:
    for n in range(GROUPS):
        office.twin.add_robot(f"key-{n}", f"群{n}")
    return {f"群{n}": _seat(office, f"群{n}", "wecom_robot", f"key-{n}") for n in range(GROUPS)}


def _dingtalk_robots(office: Office[DingTalk]) -> Told:
    keys = {f"群{n}": f"{n}" * 64 for n in range(GROUPS)}
    for name, token in keys.items():
        office.twin.add_robot(token, _SIGNING, name)
    return {
        name: _seat(office, name, "dingtalk_robot", f"{token} {_SIGNING}")
        for name, token in keys.items()
    }


def _seat(office: Office[T], name: str, via: str, key: str) -> int:
    with office.house.database.write() as session:
        now = office.house.clock()
        return add_robot(session, Wanted(name), via, key, KeyRing(SECRET), now).chat


def _people(office: Office[Wecom]) -> Told:
    with office.house.database.write() as session:
        query = select(Account.platform, Account.user_id).order_by(col(Account.id)).limit(PEOPLE)
        now = office.house.clock()
        return {
            user: chat_at(session, platform, user, ChatKind.SINGLE, now).id or 0
            for platform, user in session.exec(query).all()
        }


def _told(office: Office[T], told: Told, name: str, most: int) -> Result:
    """Words a minute to each chat while there are more; ValueError where one did not arrive."""
    with office.house.database.write() as session:
        for n in range(WORDS):
            for chat in told.values():
                word = Reply(f"第{n}条", mentions=(1,))  # of such no two leave as one message
                say(session, chat, word, key=f"bench:{chat}:{n}", now=office.house.clock())
    office.works()
    while _is_waiting(office.house.database):
        office.forward(WAKE_RHYTHM.total_seconds())
    shown = {where: [each.at for each in office.twin.seen(where)] for where in told}
    refused = [each.errcode for each in office.twin.sent(all=True) if each.errcode or each.dropped]
    if refused or {len(times) for times in shown.values()} != {WORDS}:
        counts = {where: len(times) for where, times in shown.items()}
        raise ValueError(f"{name}: refused {refused}, arrived {counts}")
    taken = max(times[-1] - times[0] for times in shown.values())
    return _result(
        f"words a minute to {name}", most, "/min", _shortest(WORDS, most) * _MINUTE / taken
    )


def _is_waiting(database: Database) -> bool:
    with database.read() as session:
        return _waiting(session) > 0


def _waiting(session: Session) -> int:
    waits = OutboxMessage.state == OutboxState.WAITING
    return session.exec(select(func.count()).select_from(OutboxMessage).where(waits)).one()


def _shortest(words: int, most: int) -> int:
    """In how many windows' time the last of so many words may leave after the first."""
    return (words - 1) // most


@dataclass
class _Time:
    """Seconds that pass only when somebody waits."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def _calls_a_second(most: int) -> Result:
    time, calls = _Time(), 20 * most
    limiter = Limiter(most, time)
    for _ in range(calls):
        time.now += limiter.wait("batchSend")
    return _result(
        "calls a second of one API of DingTalk", most, "/s", _shortest(calls, most) / time.now
    )


def _result(name: str, most: int, unit: str, share: float) -> Result:
    allowed = "what it lets through"
    return Result(name, share * most, unit, _FEWEST, most, allowed, at_least=True, of_floor=True)
