"""The spool: calls on disk until the database recovers, one bad file harming no other."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.base import Request
from bot.spool import Spool
from tests.hall import NOW, SIGNED, Hall

HEADERS = st.dictionaries(st.text(max_size=20), st.text(max_size=50), max_size=5)


@given(body=st.binary(max_size=500), headers=HEADERS, query=HEADERS)
def test_a_call_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory,
    body: bytes,
    headers: dict[str, str],
    query: dict[str, str],
) -> None:
    spool = Spool(tmp_path_factory.mktemp("spool"))
    spool.keep("wecom_app", Request("POST", headers, query, body), NOW)

    (path,) = spool.waiting()
    spooled = spool.read(path)

    assert spooled is not None
    assert (spooled.platform, spooled.received_at) == ("wecom_app", NOW)
    assert spooled.request == Request("POST", headers, query, body)


def test_calls_wait_in_the_order_in_which_they_came(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    for seconds in (3, 1, 2):
        call = Request("POST", {}, {}, str(seconds).encode())
        spool.keep("sandbox", call, NOW + timedelta(seconds=seconds))

    found = [spool.read(path) for path in spool.waiting()]

    assert [each.request.body for each in found if each] == [b"1", b"2", b"3"]


def test_a_file_that_was_not_finished_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "20210820T010000000000-x.part").write_text('{"platform": "sand')

    assert Spool(tmp_path).waiting() == []


def test_no_folder_means_that_nothing_waits(tmp_path: Path) -> None:
    assert Spool(tmp_path / "never").waiting() == []


@pytest.mark.parametrize(
    ("platform", "headers"),
    [("sandbox", {"x-sign": "bad"}), ("removed_platform", SIGNED)],
    ids=["forged", "no longer served"],
)
def test_what_cannot_be_taken_in_is_put_aside_and_those_behind_it_are_taken(
    hall: Hall, platform: str, headers: dict[str, str]
) -> None:
    hall.spool.keep(platform, Request("POST", headers, {}, b"{}"), hall.now)
    hall.spool.keep("sandbox", hall.call("回声 早上好"), hall.now + timedelta(seconds=1))

    assert hall.door.take_in_spooled() == 1
    hall.work()

    assert hall.platform.lines == [("联络员甲", "听到 早上好")]
    assert (hall.spool.waiting(), hall.spool.put_aside_count()) == ([], 1)


def test_an_unreadable_file_is_put_aside(hall: Hall, tmp_path: Path) -> None:
    folder = tmp_path / "spool"
    folder.mkdir()
    (folder / "20210820T010000000000-x.json").write_text('{"platform": "sand')

    assert hall.door.take_in_spooled() == 0
    assert (hall.spool.waiting(), hall.spool.put_aside_count()) == ([], 1)


def test_two_processes_that_take_in_at_once_answer_once(hall: Hall) -> None:
    for number in range(10):
        call = hall.call(f"记账 {number}")
        hall.spool.keep("sandbox", call, hall.now + timedelta(seconds=number))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: hall.door.take_in_spooled(), range(4)))
    hall.work()

    assert hall.count() == 10
    assert (hall.spool.waiting(), hall.spool.put_aside_count()) == ([], 0)


def test_what_was_put_aside_is_kept_as_long_as_calls_are(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    for number in range(3):
        call = Request("POST", {}, {}, b"%d" % number)
        spool.keep("sandbox", call, NOW + timedelta(seconds=number))
    first, second, third = spool.waiting()
    for path, day in ((first, 1), (second, 20), (third, 1)):
        os.utime(path, (datetime(2021, 9, day, tzinfo=UTC).timestamp(),) * 2)
    spool.put_aside(first)
    spool.put_aside(second)

    assert spool.forget_put_aside(datetime(2021, 9, 10, tzinfo=UTC)) == 1

    assert spool.put_aside_count() == 1
    assert spool.waiting() == [third], "what waits is nobody's to remove"
