"""When what is due is asked for: by one process, at any clock, a failed question harming none."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from threading import Event

import pytest
from structlog.typing import EventDict

from handlers.context import Services
from handlers.registry import Registry
from models.chat import ChatPurpose
from models.db import Database
from models.invite import InviteTry
from models.message import Reply
from models.outbox import say
from scheduler import jobs as jobs_module
from scheduler.delivery import Delivery
from scheduler.jobs import RHYTHM, Jobs
from scheduler.lease import holds_lease
from tests.conftest import SHANGHAI, at
from tests.factories import a_group
from tests.talk import ADDRESSES, MediaShelf

NOW = at("2021-09-18T09:00")


class Shop:
    """Jobs over an empty database, and a delivery that sends nothing."""

    def __init__(self, database: Database) -> None:
        self.database = database
        services = Services(MediaShelf(), Registry(), SHANGHAI, ADDRESSES)
        self.delivery = Delivery(database, {}, services, lambda: NOW)
        self.jobs = Jobs(database, services, self.delivery, lambda: NOW)


@pytest.fixture
def shop(sqlite: Database) -> Iterator[Shop]:
    shop = Shop(sqlite)
    yield shop
    shop.jobs.stop()


def test_every_question_may_be_asked_by_name(shop: Shop) -> None:
    assert set(shop.jobs.names) == {*RHYTHM, "retention", "delivery"}
    assert {"obligations", "reminders", "digests", "drafts", "calendar"} == set(RHYTHM)
    for name in shop.jobs.names:
        assert shop.jobs.run(name, NOW) == 0
    assert shop.jobs.last_run == dict.fromkeys(shop.jobs.names, NOW)


def test_nothing_is_let_go_for_a_time_that_has_not_come(shop: Shop) -> None:
    """Every other question may be asked as if it were later."""
    with shop.database.write() as session:
        session.add(InviteTry(platform="wecom", user_id="zhangsan", tried_at=NOW))

    assert shop.jobs.run("retention", NOW + timedelta(days=1000)) == 0


def test_a_step_of_the_clock_asks_everything_and_delivers_last(shop: Shop) -> None:
    with shop.database.write() as session:
        chat = a_group(session, "联络员群", ChatPurpose.LIAISONS)
        say(session, chat.id or 0, Reply("周排名"), key="x", now=NOW)

    assert shop.jobs.tick(NOW) == 1
    assert list(shop.jobs.last_run) == [*RHYTHM, "delivery"]


def test_a_name_that_is_no_job_is_an_error(shop: Shop) -> None:
    with pytest.raises(KeyError):
        shop.jobs.run("nosuch", NOW)


def asked(monkeypatch: pytest.MonkeyPatch, name: str, job: Callable[[], int]) -> Event:
    """Replace one question and tell when it was asked."""
    was_asked = Event()

    def question(database: Database, services: Services, now: datetime) -> int:
        was_asked.set()
        return job()

    monkeypatch.setattr(jobs_module, name, question)
    return was_asked


def test_the_owner_of_the_lease_asks_and_wakes(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    was_asked, woken = asked(monkeypatch, "remind", lambda: 0), Event()

    shop.jobs.start(woken.set)

    assert was_asked.wait(10)
    assert woken.wait(10)
    shop.jobs.stop()
    assert holds_lease(shop.database, "the next process", datetime.now(SHANGHAI))


def test_another_process_does_not_ask_but_still_wakes(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    was_asked, woken = asked(monkeypatch, "remind", lambda: 0), Event()
    assert holds_lease(shop.database, "the first process", datetime.now(SHANGHAI))

    shop.jobs.start(woken.set)

    assert woken.wait(10)
    shop.jobs.stop()
    assert not was_asked.is_set()


def test_a_question_that_breaks_does_not_stop_the_others(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, logs: list[EventDict]
) -> None:
    def break_down() -> int:
        raise RuntimeError

    broken = asked(monkeypatch, "remind", break_down)
    fine = asked(monkeypatch, "run_digests", lambda: 0)

    shop.jobs.start(lambda: None)

    assert broken.wait(10)
    assert fine.wait(10)
    shop.jobs.stop()
    assert ("job failed", "reminders") in [(each["event"], each.get("job")) for each in logs]


def test_stopping_twice_and_without_a_start_is_harmless(shop: Shop) -> None:
    shop.jobs.stop()
    shop.jobs.start(lambda: None)
    shop.jobs.stop()
    shop.jobs.stop()


def test_no_question_is_asked_more_rarely_than_ten_minutes() -> None:
    assert max(RHYTHM.values()) <= timedelta(minutes=10)
