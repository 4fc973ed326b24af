"""One process at a time asks what is due; a dead one is replaced, a stopped one at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlmodel import select

from models.db import Database, open_database
from models.lease import Lease
from scheduler.lease import SPAN, holds_lease, release_lease
from tests.conftest import at

NOW = at("2021-09-18T09:00")


def test_the_first_process_holds_the_lease_and_the_second_does_not(database: Database) -> None:
    assert holds_lease(database, "one", NOW)
    assert not holds_lease(database, "two", NOW)


def test_a_process_that_renews_keeps_it(sqlite: Database) -> None:
    assert holds_lease(sqlite, "one", NOW)
    assert holds_lease(sqlite, "one", NOW + SPAN / 2)

    assert not holds_lease(sqlite, "two", NOW + SPAN)


def test_a_dead_process_is_replaced_once_its_lease_ran_out(sqlite: Database) -> None:
    assert holds_lease(sqlite, "dead", NOW)

    assert not holds_lease(sqlite, "heir", NOW + SPAN - timedelta(seconds=1))
    assert holds_lease(sqlite, "heir", NOW + SPAN)
    assert not holds_lease(sqlite, "dead", NOW + SPAN)


def test_a_stopped_process_hands_it_on_at_once(sqlite: Database) -> None:
    assert holds_lease(sqlite, "one", NOW)
    release_lease(sqlite, "one")

    assert holds_lease(sqlite, "two", NOW)


def test_nobody_can_hand_back_what_another_holds(sqlite: Database) -> None:
    assert holds_lease(sqlite, "one", NOW)
    release_lease(sqlite, "two")

    assert not holds_lease(sqlite, "two", NOW)


def test_two_duties_have_two_owners(sqlite: Database) -> None:
    assert holds_lease(sqlite, "one", NOW, "scheduler")
    assert holds_lease(sqlite, "two", NOW, "dingtalk-stream")


@pytest.mark.parametrize("taken_before", [False, True], ids=["never taken", "run out"])
def test_of_four_processes_at_once_exactly_one_gets_it(
    database: Database, database_url: str, taken_before: bool
) -> None:
    if taken_before:
        holds_lease(database, "dead", NOW - SPAN)
    others = [open_database(database_url) for _ in range(4)]
    start = Barrier(4)

    def take(number: int) -> bool:
        start.wait()
        return holds_lease(others[number], f"process {number}", NOW)

    with ThreadPoolExecutor(4) as pool:
        got = list(pool.map(take, range(4)))
    for each in others:
        each.dispose()

    assert got.count(True) == 1
    with database.read() as session:
        assert session.exec(select(Lease)).one().owner == f"process {got.index(True)}"
