"""What a definition states of its programme's digests: times, groups, off, never again."""

import pytest
from pydantic import ValidationError
from sqlmodel import select
from structlog.testing import capture_logs

from handlers.schedules import goes_out_again, seed_schedules
from models.db import Database
from models.digest import DigestSchedule
from models.programme import programme_by_code
from models.programmes.policies import DigestEntry
from tests.supervising import counted_queries, outbox
from tests.talk import Talk

STATED = {
    "weekly_ranking": {"cron": "30 8 * * fri", "audience": "admins", "off": False, "again": False},
    "due": {"cron": None, "audience": None, "off": True, "again": True},
    "operations": {"cron": None, "audience": "leaders", "off": False, "again": True},
}


@pytest.fixture
def talk(database: Database) -> Talk:
    talk = Talk(database)
    with database.write() as session:
        programme = programme_by_code(session, "dajuan-2021")
        assert programme is not None
        programme.policy = {"digests": STATED}
    return talk


def test_a_programme_begins_with_what_its_definition_states(talk: Talk) -> None:
    registry = talk.services.registry
    with talk.database.write() as session:
        programme = programme_by_code(session, "dajuan-2021")
        assert programme is not None
        assert seed_schedules(session, programme, registry) == len(registry.digests)
        rows = {row.digest: row for row in session.exec(select(DigestSchedule)).all()}
        assert not goes_out_again(programme, registry.digests["weekly_ranking"])
        assert goes_out_again(programme, registry.digests["monthly"])

    weekly = rows["weekly_ranking"]
    assert (weekly.cron, weekly.purpose, weekly.enabled) == ("30 8 * * fri", "admins", True)
    assert not rows["due"].enabled
    assert rows["operations"].purpose == "admins"  # no other group may get it


def test_a_digest_that_nobody_knows_is_told_to_the_operator(talk: Talk) -> None:
    with talk.database.write() as session, capture_logs() as logs:
        programme = programme_by_code(session, "dajuan-2021")
        assert programme is not None
        programme.policy = {"digests": {"daily_praise": STATED["due"]}}
        seed_schedules(session, programme, talk.services.registry)

    assert [each["names"] for each in logs] == [["daily_praise"]]


def test_a_time_that_cannot_be_read_is_refused_in_the_definition() -> None:
    with pytest.raises(ValidationError, match="mon、tue"):
        DigestEntry(cron="0 9 * * 1")


def test_a_weekly_digest_costs_the_same_statements_in_every_programme(database: Database) -> None:
    talk = Talk(database)
    counts = []
    for code in ("dajuan-2021", "minsheng-2021"):
        with counted_queries(database) as seen:
            talk.say("管理员甲", f"发布 周报 {code}")
        counts.append(len(seen))

    assert len(outbox(database, "digest:")) >= 2
    assert abs(counts[0] - counts[1]) <= 2  # the first one keeps the list of programmes
