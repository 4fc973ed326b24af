"""Messages taken in: stored first, handled once, in their sender's order, whatever breaks."""

import json
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from threading import Event

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session

from bot import inbox
from bot.inbox import DATABASE_TRIES, FETCH_TRIES, OTHER_TRIES
from bot.queues import retry_message
from bot.storing import Arrival, InboxWriter, store
from handlers import phrases
from handlers.context import Context
from models.db import Database, open_database
from models.errors import MediaUnavailable
from models.inbox import InboxMessage, InboxState, next_messages
from tests.hall import NOW, SIGNED, Hall, break_down
from tests.pictures import a_photo


class Crash(BaseException):
    """The process dies here."""


def test_a_message_is_stored_with_its_raw_call_before_it_is_acknowledged(
    on_both: Hall, database_url: str
) -> None:
    answer = on_both.write("回声 早上好", id="m1")

    other = open_database(database_url)
    with other.read() as session:
        row = on_both.row("回声 早上好")
        kept = session.get_one(type(row), row.id)
    other.dispose()
    assert (answer.status, answer.body) == (200, b"success")
    assert json.loads(kept.raw)["text"] == "回声 早上好"
    assert (kept.state, kept.sender_id, kept.received_at) == (InboxState.NEW, "联络员甲", NOW)


def test_the_same_message_four_times_is_answered_once(on_both: Hall) -> None:
    for _ in range(2):
        assert on_both.write("记账 一", id="m1").status == 200
    on_both.work()
    for _ in range(2):
        assert on_both.write("记账 一", id="m1").status == 200
    on_both.work()

    assert len(on_both.rows()) == 1
    assert on_both.count() == 1
    assert on_both.platform.lines == [("联络员甲", "已记 一")]


def test_the_same_message_sixteen_times_at_once_is_stored_once(on_both: Hall) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: on_both.write("记账 一", id="m1"), range(16)))

    assert {each.status for each in answers} == {200}
    assert len(on_both.rows()) == 1


class GatedDatabase(Database):
    """A database whose first writing transaction waits at a gate; counts them all."""

    def __init__(self, database: Database) -> None:
        super().__init__(database.engine)
        self.gate, self.reached = Event(), Event()
        self.transactions = 0

    @contextmanager
    def write_first(self) -> Iterator[Session]:
        self.transactions += 1
        self.reached.set()
        assert self.gate.wait(10)
        with super().write_first() as session:
            yield session


def an_arrival(hall: Hall, number: int) -> Arrival:
    call = hall.call(f"第{number}条")
    message = hall.platform.receive(call, NOW)
    assert message is not None
    return Arrival(message, call.body, NOW)


def test_calls_that_wait_at_the_same_moment_share_one_commit(hall: Hall) -> None:
    database = GatedDatabase(hall.database)
    writer = InboxWriter(database)
    first = writer.store(an_arrival(hall, 0))
    assert database.reached.wait(10)
    others = [writer.store(an_arrival(hall, number)) for number in range(1, 50)]
    assert not first.done()
    database.gate.set()

    assert all(each.result(10) for each in (first, *others))
    writer.close()
    assert database.transactions == 2
    assert [row.message["text"] for row in hall.rows()] == [f"第{n}条" for n in range(50)]


def test_what_came_before_is_told_apart_in_a_commit_of_many(on_both: Hall) -> None:
    database = GatedDatabase(on_both.database)
    writer = InboxWriter(database)
    waiting = [writer.store(an_arrival(on_both, 0))]
    assert database.reached.wait(10)
    waiting += [writer.store(an_arrival(on_both, number)) for number in (1, 0, 2, 2)]
    database.gate.set()

    assert [each.result(10) for each in waiting] == [True, True, False, True, False]
    writer.close()
    assert database.transactions == 3
    assert [row.message["text"] for row in on_both.rows()] == ["第0条", "第1条", "第2条"]


def test_a_call_and_its_repeat_at_the_same_moment_are_one_message(on_both: Hall) -> None:
    call = an_arrival(on_both, 1)
    with on_both.database.write() as session:
        assert store(session, [an_arrival(on_both, 0), call, call]) == [True, True, False]
    with on_both.database.write() as session:
        assert store(session, [call, an_arrival(on_both, 2)]) == [False, True]

    assert [row.message["text"] for row in on_both.rows()] == ["第0条", "第1条", "第2条"]


def test_a_long_round_does_not_ask_past_all_that_it_has_answered(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a flood of messages would make each question longer, up to what a database takes."""
    passed_over: list[int] = []

    def next_and_noted(
        session: Session, now: datetime, limit: int, besides: Collection[int | None]
    ) -> Sequence[InboxMessage]:
        passed_over.append(len(besides))
        return next_messages(session, now, limit, besides)

    monkeypatch.setattr(inbox, "next_messages", next_and_noted)
    for number in range(3 * inbox.BATCH):
        hall.write("帮助", sender=f"路人{number}", id=f"m{number}")
    hall.work()

    assert {row.state for row in hall.rows()} == {InboxState.DONE}
    assert passed_over == [0, 0, 0, 0]


def test_one_message_that_cannot_be_stored_does_not_fail_those_beside_it(hall: Hall) -> None:
    database = GatedDatabase(hall.database)
    writer = InboxWriter(database)
    futures = [writer.store(an_arrival(hall, 0))]
    assert database.reached.wait(10)
    bad = an_arrival(hall, 1)
    bad = replace(bad, message=replace(bad.message, sender_id=None))
    futures += [writer.store(each) for each in (bad, an_arrival(hall, 2), an_arrival(hall, 3))]
    database.gate.set()

    results = [future.exception(10) is None for future in futures]
    writer.close()
    assert results == [True, False, True, True]
    assert len(hall.rows()) == 3


def test_a_text_with_nul_is_stored_without_it_on_every_database(on_both: Hall) -> None:
    assert on_both.ask("回声 早\x00上好", id="m1") == ["听到 早上好"]


def test_each_senders_messages_are_handled_in_the_order_in_which_they_came(on_both: Hall) -> None:
    for number in range(8):
        on_both.write(f"记账 {number}", sender=("联络员甲", "联络员乙")[number % 2])

    on_both.work()

    for sender, expected in (("联络员甲", "0246"), ("联络员乙", "1357")):
        heard = [text for address, text in on_both.platform.lines if address == sender]
        assert heard == [f"已记 {number}" for number in expected]


def test_a_message_waits_for_the_older_one_of_its_sender_and_for_nobody_elses(hall: Hall) -> None:
    hall.platform.troubles["photo"] = [MediaUnavailable("超时", retryable=True)]
    hall.platform.files["photo"] = a_photo()
    hall.write("数图", files=["photo"])
    hall.write("记账 其后")
    hall.write("记账 旁人", sender="联络员乙")

    hall.work()
    assert [text for _, text in hall.platform.lines] == ["已记 旁人"]

    hall.later(seconds=5)
    hall.work()
    assert hall.platform.lines[1:] == [("联络员甲", "1张，未取到：无"), ("联络员甲", "已记 其后")]


def test_a_picture_that_never_comes_is_tried_four_times_and_then_told(hall: Hall) -> None:
    trouble = MediaUnavailable("下载超时", retryable=True)
    hall.platform.troubles["late"] = [trouble] * FETCH_TRIES
    hall.platform.files["good"] = a_photo()
    hall.write("数图", files=["good", "late"])

    for _ in range(FETCH_TRIES):
        assert hall.platform.lines == []
        hall.work()
        hall.later(minutes=1)

    assert hall.platform.lines == [("联络员甲", "1张，未取到：下载超时")]
    assert len(hall.shelf.kept) >= 1


def test_a_picture_whose_address_ran_out_is_told_at_once(hall: Hall) -> None:
    hall.platform.troubles["old"] = [MediaUnavailable("地址已过期", retryable=False)]

    assert hall.ask("数图", files=["old"]) == ["0张，未取到：地址已过期"]


def test_the_same_picture_twice_in_a_message_is_kept_once_and_counted_twice(hall: Hall) -> None:
    hall.platform.files |= {"one": a_photo(), "two": a_photo()}

    assert hall.ask("数图", files=["one", "two"]) == ["2张，未取到：无"]


def test_a_bug_keeps_the_message_says_so_calmly_and_tells_the_operator(on_both: Hall) -> None:
    on_both.trouble = break_down

    assert on_both.ask("记账 机密事项") == [phrases.FAULT]

    row = on_both.row("记账 机密事项")
    assert row.state == InboxState.FAILED
    assert row.error.startswith("ValueError @ break_down:")
    assert on_both.count() == 0, "half of an answer must not stay"
    assert len(on_both.alarms) == 1
    assert f"dajuan inbox retry {row.id}" in on_both.alarms[0]
    assert "机密" not in on_both.alarms[0] + row.error


def test_a_bug_does_not_hold_up_the_senders_next_message(hall: Hall) -> None:
    hall.trouble = break_down
    hall.write("记账 一")
    hall.write("回声 二")

    hall.work()

    assert hall.platform.lines[-1] == ("联络员甲", "听到 二")


def test_after_the_repair_a_retry_answers_once(on_both: Hall) -> None:
    on_both.trouble = break_down
    on_both.ask("记账 一")
    on_both.trouble = None
    row = on_both.row("记账 一")

    with on_both.database.write() as session:
        retry_message(session, row.id or 0, on_both.now)
    on_both.work()
    on_both.write("记账 一")
    on_both.work()

    assert on_both.answers(row.id) == [phrases.FAULT, "已记 一"]
    assert on_both.count() == 1
    assert on_both.row("记账 一").state == InboxState.DONE


def test_a_retry_before_the_repair_alarms_again(hall: Hall) -> None:
    hall.trouble = break_down
    hall.ask("记账 一")
    row = hall.row("记账 一")

    with hall.database.write() as session:
        retry_message(session, row.id or 0, hall.now)
    hall.work()

    assert hall.row("记账 一").state == InboxState.FAILED
    assert len(hall.alarms) == 2


def test_a_crash_in_the_middle_of_an_answer_leaves_nothing_and_the_message_stays(
    on_both: Hall,
) -> None:
    def die(context: Context, rest: str) -> None:
        raise Crash

    on_both.trouble = die
    on_both.write("记账 一")
    with pytest.raises(Crash):
        on_both.work()
    assert (on_both.count(), on_both.row("记账 一").state) == (0, InboxState.NEW)

    on_both.trouble = None
    on_both.work()
    assert (on_both.count(), on_both.platform.lines) == (1, [("联络员甲", "已记 一")])


def refusals(hall: Hall, error: Exception, times: int) -> None:
    """Let the next *times* answers fail with *error*."""
    left = [error] * times

    def refuse(context: Context, rest: str) -> None:
        if left:
            raise left.pop()

    hall.trouble = refuse


LOCKED = OperationalError("UPDATE", {}, Exception("database is locked"))
RACE = IntegrityError("INSERT", {}, Exception("UNIQUE constraint failed"))
STORE_AWAY = MediaUnavailable("媒体库写入失败", retryable=True)


@pytest.mark.parametrize("error", [LOCKED, RACE, STORE_AWAY], ids=["locked", "race", "store away"])
def test_what_passes_by_itself_is_tried_again_without_troubling_anyone(
    hall: Hall, error: Exception
) -> None:
    refusals(hall, error, 2)
    hall.write("记账 一")

    for _ in range(3):
        hall.work()
        hall.later(minutes=1)

    assert hall.platform.lines == [("联络员甲", "已记 一")]
    assert (hall.count(), hall.alarms) == (1, [])


@pytest.mark.parametrize(
    ("error", "tries"),
    [(LOCKED, DATABASE_TRIES), (RACE, OTHER_TRIES), (STORE_AWAY, OTHER_TRIES)],
    ids=["locked", "race", "store away"],
)
def test_what_does_not_pass_becomes_a_fault_in_the_end(
    hall: Hall, error: Exception, tries: int
) -> None:
    refusals(hall, error, tries)
    hall.write("记账 一")

    for number in range(tries):
        assert hall.row("记账 一").state == InboxState.NEW, number
        hall.work()
        hall.later(minutes=2)

    assert hall.row("记账 一").state == InboxState.FAILED
    assert len(hall.alarms) == 1


def test_two_processes_at_once_handle_every_message_once_and_in_order(
    on_both: Hall, database_url: str
) -> None:
    senders = ["联络员甲", "联络员乙", "管理员甲", "外人"]
    for number in range(40):
        on_both.write(f"记账 {number:02}", sender=senders[number % 4])
    databases = [open_database(database_url) for _ in range(2)]
    workers = [on_both.another_worker(each) for each in databases]

    with ThreadPoolExecutor(2) as pool:
        while any(row.state == InboxState.NEW for row in on_both.rows()):
            list(pool.map(lambda each: each.handle_due(), workers))
    on_both.delivery.deliver_due()
    for each in databases:
        each.dispose()

    assert {row.state for row in on_both.rows()} == {InboxState.DONE}
    assert on_both.count() == 30
    for position, sender in enumerate(senders[:3]):
        heard = [text for address, text in on_both.platform.lines if address == sender]
        assert heard == [f"已记 {number:02}" for number in range(position, 40, 4)]


def test_a_message_of_a_kind_without_an_answer_is_kept_as_done(hall: Hall) -> None:
    assert hall.ask("沉默") == []
    assert hall.row("沉默").state == InboxState.DONE


def test_a_call_that_is_no_message_is_acknowledged_and_not_stored(hall: Hall) -> None:
    call = hall.call("", kind="other")

    assert call.headers == SIGNED
    assert hall.door.accept(hall.platform.name, call).status == 200
    assert hall.rows() == []


def test_a_process_that_ends_begins_no_further_message(hall: Hall) -> None:
    for number in range(6):
        hall.write(f"记账 {number}", sender=f"人{number}")

    def done() -> int:
        return sum(row.state == InboxState.DONE for row in hall.rows())

    ending = inbox.InboxWorker(
        hall.database,
        hall.platforms,
        hall.services,
        hall.clock,
        lambda: None,
        is_ending=lambda: done() == 2,
    )
    ending.handle_due()

    assert done() == 2
    hall.work()
    assert done() == 6
