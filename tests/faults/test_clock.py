"""A clock that jumps, and a host that moves to another time zone: nothing waits, nothing moves."""

import itertools
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.inbox import InboxWorker
from models.db import Database
from models.errors import DeliveryError, Shut
from models.inbox import InboxState
from models.outbox import OutboxMessage, OutboxState, claim_due
from scheduler.delivery import CLAIM, Delivery
from scheduler.digest_run import moments, run_digests
from scheduler.jobs import Jobs
from scheduler.reminders import remind
from tests.conftest import at
from tests.faults.states import states
from tests.hall import Hall
from tests.pictures import a_photo
from tests.post import Post
from tests.served import until
from tests.stores import fresh_sqlite
from tests.supervising import seed_digests, with_open_chats
from tests.talk import Talk

HOURS = timedelta(hours=3)
AWAY = DeliveryError("连不上", retryable=True, elsewhere=True, shut=Shut.AWAY)
SHAKY = DeliveryError("502", retryable=True)


@pytest.fixture
def post(sqlite: Database) -> Post:
    return Post(sqlite)


def rounds(post: Post, delivery: Delivery, minutes: int = 12) -> None:
    for _ in range(minutes):
        post.now += timedelta(minutes=1)
        delivery.deliver_due()


# What waits in the outbox, the inbox and at closed doors


@pytest.mark.parametrize("jump", [HOURS, -HOURS], ids=["ahead", "back"])
@pytest.mark.parametrize("trouble", [AWAY, SHAKY], ids=["closed door", "back-off"])
def test_words_that_wait_leave_within_minutes_and_once(
    post: Post, jump: timedelta, trouble: DeliveryError
) -> None:
    post.sender.troubles = [trouble, trouble]
    delivery = post.delivery()
    for number in range(3):
        post.owe(f"第{number}条")
    delivery.deliver_due()
    post.now += jump
    post.owe("其后", now=post.now)

    rounds(post, delivery)

    assert sorted(post.sender.texts) == ["其后", "第0条", "第1条", "第2条"]


@pytest.mark.parametrize("is_restarted", [True, False])
def test_words_of_a_clock_that_was_ahead_do_not_wait_for_it(post: Post, is_restarted: bool) -> None:
    """A machine that booted in another year owes words, tries one and holds a claim."""
    delivery, true_time = post.delivery(), post.now
    post.now += 400 * timedelta(days=1)
    post.sender.troubles = [SHAKY]
    for number in range(3):
        post.owe(f"第{number}条", now=post.now)
    delivery.deliver_due()
    with post.database.write() as session:
        claim_due(session, post.now + timedelta(minutes=1), 8, CLAIM)
    post.now = true_time
    if is_restarted:
        delivery = post.delivery()

    rounds(post, delivery)

    assert sorted(post.sender.texts) == ["第0条", "第1条", "第2条"]
    assert {post.row(f"第{n}条").state for n in range(3)} == {OutboxState.SENT}


def test_what_is_held_for_the_morning_is_held_whatever_the_clock_does(post: Post) -> None:
    morning = post.now + timedelta(hours=10)
    post.owe("晚间通报")
    with post.database.write() as session:
        row = session.merge(post.row("晚间通报"))
        row.not_before = morning
    delivery = post.delivery()

    for jump in (HOURS, -2 * HOURS, HOURS):
        post.now += jump
        delivery.deliver_due()
    assert post.sender.texts == []
    post.now = morning
    delivery.deliver_due()

    assert post.sender.texts == ["晚间通报"]


@pytest.mark.parametrize("jump", [HOURS, -HOURS], ids=["ahead", "back"])
def test_messages_put_off_and_pictures_that_may_be_followed_are_answered_soon(
    hall: Hall, jump: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall.platform.files |= {"one": a_photo(), "two": a_photo()}
    with monkeypatch.context() as patched:
        locked = OSError("the database is locked")
        patched.setattr(InboxWorker, "_answer", lambda *_: (_ for _ in ()).throw(locked))
        patched.setattr("bot.inbox._tries", lambda _: 20)
        hall.write("记账 一")
        hall.work()
    hall.write("", id="p1", sender="联络员乙", files=["one"])
    hall.work()
    hall.now += jump

    for _ in range(4):
        hall.later(seconds=30)
        hall.work()

    assert hall.count() == 1
    assert states(hall) == ({InboxState.DONE}, {OutboxState.SENT})


# The rhythm in which is asked what is due


class Wall:
    """The machine's clock, which may be set."""

    def __init__(self) -> None:
        self.shift = timedelta()

    def time(self) -> float:
        return time.time() + self.shift.total_seconds()

    def patch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """APScheduler, and whoever asks what time it is, sees it."""
        wall = self

        class Shifted(datetime):
            @classmethod
            def now(cls, tz=None):  # type: ignore[no-untyped-def]
                return datetime.now(tz) + wall.shift

        for module in ("apscheduler.schedulers.base", "scheduler.jobs"):
            monkeypatch.setattr(f"{module}.datetime", Shifted)
        monkeypatch.setattr("scheduler.put_back.LOOKED_EVERY", 0.05)


def test_a_clock_put_back_by_hours_does_not_stop_the_rhythm(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its timers nothing would be asked for three hours: no retry, no digest, no lease."""
    talk, wall, woken = Talk(sqlite), Wall(), threading.Semaphore(0)
    wall.patch(monkeypatch)
    delivery = Delivery(talk.database, {}, talk.services, lambda: talk.now)
    jobs = Jobs(talk.database, talk.services, delivery, lambda: talk.now)
    monkeypatch.setattr("scheduler.jobs.Steady.__init__.__defaults__", (wall.time,))
    jobs.start(woken.release)
    try:
        assert woken.acquire(timeout=10)
        until(lambda: len(jobs.last_run) >= 3, 10, "the first questions")
        while woken.acquire(blocking=False):
            pass
        jobs.last_run.clear()
        wall.shift = -HOURS

        assert woken.acquire(timeout=10)
        until(lambda: len(jobs.last_run) >= 3, 10, "the questions after the jump")
    finally:
        jobs.stop()


# The zone of the host


@contextmanager
def host_in(zone: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The machine stands elsewhere while the block lasts."""
    with monkeypatch.context() as moved:
        moved.setenv("TZ", zone)
        time.tzset()
        yield
    time.tzset()


def three_days(
    folder: Path, template: Path, zones: Sequence[str], monkeypatch: pytest.MonkeyPatch
) -> list[tuple[str, str, datetime]]:
    """Every word that is owed in three days and when it may leave, the host being now here, now
    there."""
    folder.mkdir()
    since, end = at("2021-08-22T20:00"), at("2021-08-27T12:00")
    with fresh_sqlite(template, folder) as database:
        talk = Talk(database, now=since)
        seed_digests(talk)
        with_open_chats(talk)
        with database.read() as session:
            stops = moments(session, talk.services.registry, since, end)
        for moment, zone in zip(stops, itertools.cycle(zones), strict=False):
            with host_in(zone, monkeypatch):
                remind(database, talk.services, moment)
                run_digests(database, talk.services, moment)
        with database.read() as session:
            rows = session.exec(select(OutboxMessage).order_by(col(OutboxMessage.id))).all()
    return [(row.key, row.text, row.not_before) for row in rows]


def test_a_host_that_moves_to_another_zone_moves_no_due_day_and_no_quiet_hour(
    tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_home = three_days(tmp_path / "1", sqlite_template, ["Asia/Shanghai"], monkeypatch)
    zones = ["UTC", "America/New_York", "Pacific/Kiritimati"]
    abroad = three_days(tmp_path / "2", sqlite_template, zones, monkeypatch)

    assert len([key for key, _, _ in at_home if key.startswith("remind:")]) > 20
    assert abroad == at_home
