"""What the database tells `dajuan doctor` of WeCom, on both engines."""

from datetime import timedelta

import pytest

from bot.wecom.known import Known, known_of
from bot.wecom.ownership import SPAN, Ownership, Standing
from models.db import Database
from models.inbox import InboxMessage
from models.member import Account, Member
from tests.hall import NOW


def person(
    database: Database, account: str, platform: str = "wecom", *, left: bool = False
) -> None:
    with database.write() as session:
        member = Member(name=account, created_at=NOW, left_at=NOW if left else None)
        session.add(member)
        session.flush()
        session.add(Account(member_id=member.id or 0, platform=platform, user_id=account))


def heard(database: Database, number: str, sender: str, minutes: int) -> None:
    with database.write() as session:
        session.add(
            InboxMessage(
                platform="wecom",
                message_id=number,
                sender_id=sender,
                chat_id=sender,
                received_at=NOW + timedelta(minutes=minutes),
                raw=b"",
            )
        )


def known(database: Database, *, later: timedelta = timedelta()) -> Known:
    with database.read() as session:
        return known_of(session, NOW + later)


def test_who_is_known_and_who_has_written(database: Database) -> None:
    person(database, "zhangsan")
    person(database, "lisi")
    person(database, "gone", left=True)
    person(database, "ding", "dingtalk")
    heard(database, "bot:1", "lisi", 1)
    heard(database, "bot:2", "lisi", 7)
    heard(database, "app:1", "gone", 9)

    found = known(database)

    assert list(found.accounts) == ["zhangsan", "lisi"]
    assert found.silent == 1
    assert found.bot_heard == NOW + timedelta(minutes=7)
    assert found.app_heard == NOW + timedelta(minutes=9)


def test_only_the_owner_tells_how_the_connection_stands(database: Database) -> None:
    first, second = (Ownership(database, lambda: NOW) for _ in range(2))
    assert known(database).link is None

    first.renew()
    second.note(Standing.HALTED, "no owner")
    link = known(database).link
    assert link is not None
    assert link.standing is None

    first.note(Standing.CONNECTED)
    link = known(database).link
    assert link is not None
    assert (link.standing, link.since) == (Standing.CONNECTED, NOW)
    assert known(database, later=SPAN + timedelta(seconds=1)).link is None


@pytest.mark.parametrize("standing", list(Standing))
def test_a_new_owner_does_not_inherit_what_the_last_one_noted(
    database: Database, standing: Standing
) -> None:
    first, second = (Ownership(database, lambda: NOW) for _ in range(2))
    first.renew()
    first.note(standing, "why")
    first.release()
    second.renew()

    link = known(database).link

    assert link is not None
    assert (link.standing, link.since) == (None, None)
