"""Two real processes on PostgreSQL behind a balancer: restarted, killed, and nothing is lost."""

import signal
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import httpx2
import pytest
from sqlmodel import select

from bot.links import SignedAddresses
from models.db import Database
from models.link import file_link
from models.media import Media
from models.message import MediaRef
from scheduler.delivery import CLAIM, HANDS
from tests.conftest import at
from tests.connected import SECRET
from tests.pictures import a_photo
from tests.served import Served, until
from tests.soak.checks import broken, come_to_rest, read_books
from tests.soak.office import OPERATOR, SILENT, Office, balanced, opened
from tests.soak.talk import Crowd, Said

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
#: Before the reminders of nine o'clock.
EARLY = at("2021-09-13T08:54")
#: The lease of a dead scheduler, long enough for a busy machine's pauses.
LEASE = 6.0
#: Seconds after which a process is stuck rather than slow.
STUCK = 120
#: Seconds between the lines of one person: WeCom carries 30 a minute to each.
PAUSE = 2.0
STOPPED = (0, -signal.SIGTERM)


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    with opened(tmp_path, database_url, EARLY, on_wecom=4) as office:
        office.wecom.courier.patience = 1.0  # five seconds, were it WeCom itself
        yield office


def a_process(office: Office) -> Served:
    process = office.add_process(LEASE)
    process.start()
    process.wait_until_ready(STUCK)
    return process


def restart(process: Served) -> None:
    process.start()
    process.wait_until_ready(STUCK)


def reminders(office: Office) -> list[str]:
    return [each.text for each in office.wecom.seen(SILENT) if "报送提醒" in each.text]


def test_a_rolling_restart_and_a_kill_lose_and_double_nothing(office):
    one = a_process(office)
    until(lambda: office.scheduler() != "", STUCK, "a scheduler")
    other = a_process(office)
    owner = office.scheduler()

    with balanced(office) as balancer, Crowd(office, 1, PAUSE) as crowd:
        until(lambda: crowd.taken > 8, STUCK, "the first messages")
        # The owner is stopped in good order: the other need not wait for the lease to run out.
        assert one.ends() in STOPPED
        assert office.scheduler() != owner
        until(lambda: office.scheduler() not in ("", owner), STUCK, "the other as scheduler")
        until(lambda: balancer.refused[one.port] > 0, STUCK, "a call that finds it gone")
        restart(one)
        shown = check_that_both_open_what_either_was_sent(office)

        owner = office.scheduler()
        other.kill()
        assert office.scheduler() == owner
        until(lambda: office.scheduler() != owner, STUCK, "the end of its lease")
        office.forward((at("2021-09-13T09:00:30") - office.now()).total_seconds())
        until(lambda: bool(reminders(office)), STUCK, "the reminder of nine o'clock")
        until(lambda: balancer.refused[other.port] > 0, STUCK, "a call that finds it gone")
        restart(other)

        goal = crowd.taken + 8
        until(lambda: crowd.taken > goal, STUCK, "messages to both")
        assert one.ends() in STOPPED
        crowd.finish()
    office.forward(CLAIM.total_seconds() + 300)
    come_to_rest(office)

    assert len(reminders(office)) == 1
    assert set(balancer.answered) == set(balancer.refused) == {one.port, other.port}
    assert broken(read_books(office, [*crowd.said, shown]), HANDS) == []


def check_that_both_open_what_either_was_sent(office: Office) -> Said:
    """A picture comes in at one of them; its link is opened at each."""
    shown = Said(OPERATOR, "", office.wecom.app.shows(OPERATOR, a_photo()))
    until(lambda: kept(office.database) is not None, STUCK, "the picture")
    media = kept(office.database)
    assert media is not None
    path = a_link(office.database, media, office.now())
    found = [httpx2.get(f"{each.http.base_url}{path}") for each in office.processes]
    assert [each.status_code for each in found] == [200, 200]
    assert found[0].content == found[1].content
    assert len(found[0].content) == media.size
    return shown


def kept(database: Database) -> Media | None:
    with database.read() as session:
        return session.exec(select(Media)).first()


def a_link(database: Database, media: Media, now: datetime) -> str:
    with database.write() as session:
        ref = MediaRef(media.sha, "图.jpg", "image/jpeg")
        return SignedAddresses(SECRET, "").of(file_link(session, ref, None, now))
