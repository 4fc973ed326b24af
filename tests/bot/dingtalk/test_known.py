"""What the database tells `dajuan doctor` of DingTalk, on both engines."""

from datetime import timedelta

from bot.dingtalk.known import Known, known_of
from bot.known import groups
from models.chat import Chat, Door
from models.db import Database
from models.inbox import InboxMessage
from models.member import Account, Member
from models.message import ChatKind
from tests.hall import NOW


def person(
    database: Database, account: str, platform: str = "dingtalk", *, left: bool = False
) -> None:
    with database.write() as session:
        member = Member(name=account, created_at=NOW, left_at=NOW if left else None)
        session.add(member)
        session.flush()
        known = {"platform": platform, "user_id": account.casefold(), "spelling": account}
        session.add(Account(member_id=member.id or 0, **known))


def heard(database: Database, number: str, sender: str, minutes: int) -> None:
    with database.write() as session:
        session.add(
            InboxMessage(
                platform="dingtalk",
                message_id=number,
                sender_id=sender,
                chat_id=sender,
                received_at=NOW + timedelta(minutes=minutes),
                raw=b"",
            )
        )


def group(database: Database, name: str, purpose: str, *doors: tuple[str, str, str]) -> None:
    with database.write() as session:
        chat = Chat(kind=ChatKind.GROUP, name=name, purpose=purpose, created_at=NOW)
        session.add(chat)
        session.flush()
        for platform, via, address in doors:
            door = {"platform": platform, "via": via, "address": address}
            session.add(Door(chat_id=chat.id or 0, **door))


def known(database: Database) -> Known:
    with database.read() as session:
        return known_of(session, NOW)


def test_an_office_without_dingtalk_is_known_to_be_none(database: Database) -> None:
    found = known(database)

    assert (list(found.accounts), found.silent, list(found.robots)) == ([], 0, [])
    assert (found.heard, found.is_served) == (None, False)


def test_people_are_known_by_their_letters_and_silent_until_they_write(database: Database) -> None:
    for account in ("ZhangSan", "LiSi", "WangWu"):
        person(database, account)
    person(database, "Gone", left=True)
    person(database, "wecomer", "wecom")
    heard(database, "msg1", "LiSi", 1)
    heard(database, "msg2", "lisi", 7)  # a person of before, written otherwise
    heard(database, "msg3", "Gone", 3)

    found = known(database)

    assert list(found.accounts) == ["ZhangSan", "LiSi", "WangWu"]
    assert found.silent == 2
    assert found.heard == NOW + timedelta(minutes=7)


def test_the_keys_of_group_robots_and_the_month_are_known(database: Database) -> None:
    group(database, "领导群", "leaders", ("dingtalk", "dingtalk_robot", "sealed-1"))
    group(database, "旧群", "", ("wecom", "wecom_robot", "sealed-2"))

    found = known(database)

    assert list(found.robots) == ["sealed-1"]
    assert [each.check for each in found.quotas] == ["dingtalk quota api", "dingtalk quota webhook"]


def test_a_group_is_known_with_its_doors_on_every_platform(database: Database) -> None:
    group(
        database,
        "联络员群",
        "liaisons",
        ("wecom", "wecom_bot", "wrG"),
        ("dingtalk", "dingtalk_robot", "sealed"),
    )
    group(database, "闲聊", "", ("dingtalk", "", "cidChat"))

    with database.read() as session:
        (found,) = groups(session)

    assert found.title == f"{found.number}号“联络员群”"
    assert found.doors == {("wecom", "wecom_bot"), ("dingtalk", "dingtalk_robot")}
