"""Stuck messages and words: listed without their text, retried or dropped, every act on record."""

import pytest
from sqlmodel import select, update

from bot.queues import (
    drop_message,
    drop_word,
    inbox_data,
    outbox_data,
    retry_message,
    retry_word,
)
from models.audit import trail_of
from models.errors import DeliveryError, Refused
from models.inbox import InboxMessage, InboxState, stuck_messages
from models.outbox import OutboxMessage, OutboxState, stuck_words
from models.retention import NOTHING_HEARD, NOTHING_SAID
from tests.hall import Hall, break_down

NOT_IN_GROUP = DeliveryError("机器人不在群里", retryable=False)
BUSY = DeliveryError("系统繁忙", retryable=True)


def acts(hall: Hall, table: str, row: int) -> list[tuple[str, str]]:
    with hall.database.read() as session:
        return [(each.action, each.before["state"]) for each in trail_of(session, table, row)]


def test_the_lists_show_stuck_ones_first_and_no_text(hall: Hall) -> None:
    hall.write("回声 新来的")
    hall.trouble = break_down
    hall.write("记账 机密", sender="联络员乙")
    hall.worker.handle_due()
    hall.write("回声 还在等")

    with hall.database.read() as session:
        messages = [inbox_data(row) for row in stuck_messages(session)]
        words = [outbox_data(row) for row in stuck_words(session)]
    assert [each["state"] for each in messages] == [InboxState.FAILED, InboxState.NEW]
    assert {each["state"] for each in words} == {OutboxState.WAITING}
    assert "机密" not in str(messages) + str(words)


def test_a_failed_message_is_dropped_and_given_back(hall: Hall) -> None:
    hall.trouble = break_down
    hall.ask("记账 一")
    number = hall.row("记账 一").id or 0

    with hall.database.write() as session:
        drop_message(session, number, hall.now)
    assert hall.row("记账 一").state == InboxState.DROPPED
    with hall.database.write() as session:
        retry_message(session, number, hall.now)

    assert hall.row("记账 一").state == InboxState.NEW
    assert acts(hall, "inbox", number) == [("drop", "failed"), ("retry", "dropped")]


@pytest.mark.parametrize("number", [1, 99], ids=["handled", "never there"])
def test_a_message_that_is_not_stuck_is_left_alone(hall: Hall, number: int) -> None:
    hall.ask("回声 一")

    with hall.database.write() as session, pytest.raises(Refused):
        retry_message(session, number, hall.now)
    with hall.database.write() as session, pytest.raises(Refused):
        drop_message(session, number, hall.now)
    assert acts(hall, "inbox", number) == []


def test_what_was_emptied_is_not_handled_and_not_said_again(hall: Hall) -> None:
    """Without what it said a message would hold up everybody behind it."""
    hall.trouble = break_down
    hall.ask("记账 一")
    number, word = hall.row("记账 一").id or 0, a_failed_word(hall)
    with hall.database.write() as session:
        drop_message(session, number, hall.now)
        drop_word(session, word, hall.now)
        session.exec(update(InboxMessage).values(**NOTHING_HEARD))
        session.exec(update(OutboxMessage).values(**NOTHING_SAID))

    with hall.database.write() as session, pytest.raises(Refused, match="was emptied"):
        retry_message(session, number, hall.now)
    with hall.database.write() as session, pytest.raises(Refused, match="was emptied"):
        retry_word(session, word, hall.now)
    assert hall.ask("回声 您好", sender="联络员乙") == ["听到 您好"]


def a_failed_word(hall: Hall) -> int:
    hall.platform.refuses = [NOT_IN_GROUP]
    hall.ask("回声 一")
    with hall.database.read() as session:
        query = select(OutboxMessage).where(OutboxMessage.state == OutboxState.FAILED)
        return session.exec(query).one().id or 0


def test_a_failed_word_is_sent_again_from_its_first_try(hall: Hall) -> None:
    number = a_failed_word(hall)

    with hall.database.write() as session:
        retry_word(session, number, hall.now)
    hall.work()

    assert ("联络员甲", "听到 一") in hall.platform.lines
    assert acts(hall, "outbox", number) == [("retry", "failed")]


def test_a_word_that_waits_need_not_wait_longer(hall: Hall) -> None:
    hall.platform.refuses = [BUSY]
    hall.ask("回声 一")
    with hall.database.read() as session:
        number = session.exec(select(OutboxMessage)).one().id or 0

    with hall.database.write() as session:
        retry_word(session, number, hall.now)
    hall.work()

    assert ("联络员甲", "听到 一") in hall.platform.lines
    assert acts(hall, "outbox", number) == [("retry", "waiting")]


def test_a_dropped_word_is_never_sent(hall: Hall) -> None:
    number = a_failed_word(hall)

    with hall.database.write() as session:
        drop_word(session, number, hall.now)
    hall.later(hours=1)
    hall.work()

    assert ("联络员甲", "听到 一") not in hall.platform.lines
    assert acts(hall, "outbox", number) == [("drop", "failed")]


def test_a_sent_word_is_neither_dropped_nor_sent_again(hall: Hall) -> None:
    hall.ask("回声 一")

    with hall.database.write() as session, pytest.raises(Refused):
        retry_word(session, 1, hall.now)
    with hall.database.write() as session, pytest.raises(Refused):
        drop_word(session, 1, hall.now)
