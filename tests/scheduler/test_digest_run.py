"""Digests fire once a period, late by at most twelve hours, and one fault stops no other."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier

import pytest
from sqlmodel import Session, select

from handlers.context import DigestContext
from handlers.registry import Digest, Post, Registry
from handlers.schedules import seed_schedules
from models.chat import ChatPurpose
from models.db import Database
from models.digest import DigestSchedule
from models.draft import Draft
from models.member import Member
from models.message import Reply
from models.programme import programme_by_code
from models.snapshot import Snapshot
from scheduler.digest_run import moments, run_digests
from tests.conftest import at
from tests.supervising import counted_queries, obligation_of, outbox, seed_digests, with_open_chats
from tests.talk import Talk

MONDAY = "2021-08-30T09:00"


@pytest.fixture
def talk(database: Database) -> Talk:
    """Both programmes with their weekly ranking alone."""
    talk = Talk(database)
    seed_digests(talk)
    with database.write() as session:
        for row in session.exec(select(DigestSchedule)).all():
            row.enabled = row.digest == "weekly_ranking"
    return talk


def rows_of(session: Session) -> Sequence[DigestSchedule]:
    return session.exec(
        select(DigestSchedule).where(DigestSchedule.digest == "weekly_ranking")
    ).all()


def test_a_digest_goes_out_once_however_often_it_is_asked_for(talk: Talk) -> None:
    runs = [run_digests(talk.database, talk.services, at(MONDAY)) for _ in range(3)]

    assert runs == [2, 0, 0]
    keys = [row.key for row in outbox(talk.database, "digest:")]
    assert keys[0].startswith("digest:dajuan-2021:weekly_ranking:2021-W35:chat")


@pytest.mark.parametrize(
    ("when", "count"),
    [("2021-08-30T08:59", 0), ("2021-08-30T20:59", 2), ("2021-08-31T09:00", 0)],
    ids=["before", "late-by-twelve-hours", "the-day-after"],
)
def test_a_missed_digest_is_caught_up_the_same_day_only(talk: Talk, when: str, count: int) -> None:
    assert run_digests(talk.database, talk.services, at(when)) == count


def test_a_programme_is_seeded_once_and_a_switched_off_digest_stays_off(talk: Talk) -> None:
    with talk.database.write() as session:
        for row in session.exec(select(DigestSchedule)).all():
            row.enabled = False
        programme = programme_by_code(session, "dajuan-2021")
        assert programme is not None
        assert seed_schedules(session, programme, talk.services.registry) == 0

    assert run_digests(talk.database, talk.services, at(MONDAY)) == 0


def test_a_changed_hour_does_not_send_the_same_week_again(talk: Talk) -> None:
    run_digests(talk.database, talk.services, at(MONDAY))
    with talk.database.write() as session:
        for row in rows_of(session):
            row.cron = "0 15 * * mon"

    assert run_digests(talk.database, talk.services, at("2021-08-30T15:00")) == 0


def test_an_unusable_time_stops_only_its_own_digest(talk: Talk) -> None:
    with talk.database.write() as session:
        rows_of(session)[0].cron = "0 9 * * 1"

    assert run_digests(talk.database, talk.services, at(MONDAY)) == 1


def test_a_fault_in_one_digest_is_told_and_stops_no_other(talk: Talk) -> None:
    def broken(context: DigestContext) -> Iterator[Post]:
        if context.programme.code == "dajuan-2021":
            raise RuntimeError("a fault")
        yield Post(context.chats[0].id or 0, Reply("照常"))

    digest = Digest("weekly_ranking", "每周排名", ChatPurpose.LEADERS, "0 9 * * mon", broken)
    services = replace(talk.services, registry=Registry(digests={"weekly_ranking": digest}))
    with_open_chats(talk)

    assert run_digests(talk.database, services, at(MONDAY)) == 1
    assert any("未能生成" in text for text in talk.heard("管理员甲"))


def test_a_clock_moved_by_hand_stops_wherever_there_is_news(talk: Talk) -> None:
    with talk.database.write() as session:
        member = session.exec(select(Member)).all()[0]
        obligation = obligation_of(session, "州1-7", 9)
        session.add(
            Draft(
                member_id=member.id or 0,
                obligation_id=obligation.id or 0,
                unit_id=1,
                received_at=at("2021-09-17T10:00"),
                updated_at=at("2021-09-17T10:00"),
                expires_at=at("2021-09-19T12:30"),
            )
        )
    with talk.database.write() as session:
        for row in session.exec(select(DigestSchedule)).all():
            row.enabled = True
    with talk.database.read() as session:
        found = moments(
            session, talk.services.registry, at("2021-09-17T15:00"), at("2021-09-22T09:00")
        )

    assert [f"{each:%m-%dT%H:%M}" for each in found] == [
        "09-18T09:00",
        "09-18T15:00",
        "09-19T09:00",
        "09-19T12:30",
        "09-20T09:00",
        "09-21T09:00",
        "09-22T09:00",
    ]
    assert {each.date() for each in found} >= {date(2021, 9, 18)}


def test_what_everybody_heard_locks_nothing_any_more(talk: Talk) -> None:
    run_digests(talk.database, talk.services, at(MONDAY))

    with counted_queries(talk.database) as seen:
        run_digests(talk.database, talk.services, at("2021-08-30T09:01"))

    assert not any("FOR UPDATE" in each or "INSERT" in each or "UPDATE" in each for each in seen)
    assert not any("obligation" in each for each in seen)


def test_two_schedulers_at_the_same_moment_say_it_once(talk: Talk) -> None:
    begin = Barrier(2)

    def run() -> int:
        begin.wait()
        return run_digests(talk.database, talk.services, at(MONDAY))

    with ThreadPoolExecutor(2) as pool:
        counts = [each.result() for each in [pool.submit(run) for _ in range(2)]]

    assert sum(counts) == 2
    keys = [row.key for row in outbox(talk.database, "digest:")]
    assert len(keys) == len(set(keys))
    with talk.database.read() as session:
        assert len(session.exec(select(Snapshot)).all()) == 2


@pytest.mark.parametrize(("when", "count"), [("2022-01-31T09:00", 2), ("2022-02-07T09:00", 0)])
def test_a_year_that_is_over_is_told_for_one_month_more(talk: Talk, when: str, count: int) -> None:
    """Here nothing is due in the new year; where the last reports are, it ends in March."""
    assert run_digests(talk.database, talk.services, at(when)) == count


def test_a_finished_programme_is_still_told_by_hand(talk: Talk) -> None:
    talk.set_clock("2024-09-23T10:00")
    [shown] = talk.say("管理员甲", "定时 周报 答卷专栏")
    [sent] = talk.say("管理员甲", "发布 周报 答卷专栏")

    assert "【答卷专栏】周报：专项已结束，不再定时发。" in shown
    assert "【答卷专栏】周报（2024年第39周）已发到领导群" in sent
    assert "下次" not in sent
