"""Doors that stay shut to somebody: told once a day, by whom it is met first."""

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaiting

import pytest
from sqlmodel import col, select

from handlers.context import Services
from handlers.registry import Registry
from models.chat import Chat, Door
from models.db import Database
from models.errors import DeliveryError, Shut
from models.message import ChatKind, Reply
from models.outbox import OutboxMessage, OutboxState, say
from scheduler.shut import tell_of_shut
from tests.conftest import SHANGHAI, at
from tests.factories import a_group
from tests.talk import ADDRESSES, MediaShelf

NOW = at("2021-09-18T09:00")
SERVICES = Services(MediaShelf(), Registry(), SHANGHAI, ADDRESSES, alarm_chat="运维群")
UNREACHED = DeliveryError("对方不在应用的可见范围内", retryable=False, shut=Shut.CHAT)
NO_ACCESS = DeliveryError("本机出口 IP 不在“企业可信IP”中", retryable=False, shut=Shut.ALL)


def prepared(database: Database) -> None:
    """Words to a group and to a person, and a group that hears of troubles."""
    with database.write() as session:
        a_group(session, "运维群")
        group = a_group(session, "领导群")
        single = Chat(kind=ChatKind.SINGLE, created_at=NOW)
        session.add(single)
        session.flush()
        session.add(Door(chat_id=single.id or 0, platform="wecom", address="zhangsan"))
        for chat, key in ((group, "group"), (single, "single")):
            say(session, chat.id or 0, Reply("周排名"), key=key, now=NOW)


def tell(database: Database, key: str, error: DeliveryError, *, by: str = "") -> None:
    with database.write() as session:
        row = session.exec(select(OutboxMessage).where(OutboxMessage.key == f"{key}:0")).one()
        row.state = OutboxState.FAILED
        tell_of_shut(session, SERVICES, row, error, NOW, by=by)


def alarms(database: Database) -> list[str]:
    with database.read() as session:
        query = select(OutboxMessage.text).where(col(OutboxMessage.key).startswith("alarm:"))
        return list(session.exec(query.order_by(col(OutboxMessage.id))).all())


@pytest.mark.parametrize(
    ("key", "error", "by", "told"),
    [
        ("single", UNREACHED, "", "发给账号 zhangsan的消息没有送达（对方不在应用的可见范围内）"),
        ("group", UNREACHED, "", "发给会话 2“领导群”的消息没有送达"),
        ("group", NO_ACCESS, "", "发给群聊和个人的消息没有送达（本机出口 IP"),
        ("group", UNREACHED, "wecom_bot", "，已改由企业微信智能机器人发送"),
    ],
)
def test_an_operator_reads_whom_it_concerns_and_what_to_do(
    sqlite: Database, key: str, error: DeliveryError, by: str, told: str
) -> None:
    prepared(sqlite)

    tell(sqlite, key, error, by=by)
    tell(sqlite, key, error, by=by)

    [alarm] = alarms(sqlite)
    assert told in alarm
    assert ("dajuan outbox retry" in alarm) is not bool(by)


def test_two_deliveries_that_meet_it_at_once_tell_it_once_and_lose_nothing(
    database: Database,
) -> None:
    prepared(database)

    with ThreadPoolExecutor(1) as other:
        with database.write() as session:
            row = session.exec(select(OutboxMessage).where(OutboxMessage.key == "group:0")).one()
            row.state = OutboxState.FAILED
            tell_of_shut(session, SERVICES, row, NO_ACCESS, NOW)
            second = other.submit(tell, database, "single", NO_ACCESS)
            with pytest.raises(StillWaiting):
                second.result(0.2)
        second.result(10)

    assert len(alarms(database)) == 1
    with database.read() as session:
        failed = select(OutboxMessage.key).where(OutboxMessage.state == OutboxState.FAILED)
        assert set(session.exec(failed).all()) == {"group:0", "single:0"}
