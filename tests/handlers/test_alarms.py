"""Alarms that several transactions raise at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaiting

import pytest
from sqlmodel import col, select

from handlers.alarms import raise_alarm
from handlers.context import Services
from handlers.registry import Registry
from models.db import Database
from models.message import Reply
from models.outbox import OutboxMessage, say
from tests.conftest import SHANGHAI, at
from tests.factories import a_group
from tests.talk import ADDRESSES, MediaShelf

NOW = at("2021-09-18T09:00")
SERVICES = Services(MediaShelf(), Registry(), SHANGHAI, ADDRESSES, alarm_chat="运维群")


def fail(database: Database, chat: int, key: str) -> None:
    """A transaction that does something and finds the fault that another found too."""
    with database.write() as session:
        say(session, chat, Reply("已办"), key=key, now=NOW)
        raise_alarm(session, SERVICES, "企业微信系统繁忙", key="busy", now=NOW)


def test_of_two_that_raise_it_at_once_one_is_told_and_nothing_is_lost(database: Database) -> None:
    with database.write() as session:
        group = a_group(session, "运维群").id or 0

    with ThreadPoolExecutor(1) as other:
        with database.write() as session:
            raise_alarm(session, SERVICES, "企业微信系统繁忙", key="busy", now=NOW)
            second = other.submit(fail, database, group, "done")
            with pytest.raises(StillWaiting):
                second.result(0.2)
        second.result(10)

    with database.read() as session:
        keys = session.exec(select(OutboxMessage.key).order_by(col(OutboxMessage.key))).all()
    assert keys == ["alarm:busy:0", "done:0"]
