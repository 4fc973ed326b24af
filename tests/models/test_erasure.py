"""A person who left is forgotten: nothing names them any more, and the units' record stands."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from bot.roster import remove_member
from models.audit import trail_of
from models.chat import Door, chat_at
from models.db import Database
from models.erasure import Erased, Plan, erase, plan_erasure
from models.errors import Refused
from models.inbox import InboxMessage, InboxState
from models.invite import Invite
from models.link import Link, board_link, upload_link
from models.member import Member, members_named
from models.message import ChatKind, Reply
from models.outbox import OutboxMessage, OutboxState, say
from models.person import SHARES, Share, member_meant, person_of
from models.rules.retention import Periods
from models.submission import Submission, SubmissionVersion
from models.tables import METADATA
from tests.factories import PLATFORM, a_group, a_member
from tests.leaving import ACCOUNT, NAME, REPORT, a_working_life, cells, newcomer, where
from tests.talk import Talk, light_talk


def left(talk: Talk, number: int) -> None:
    with talk.database.write() as session:
        remove_member(session, number, talk.now)


def erased(talk: Talk, number: int) -> tuple[Plan, Erased]:
    with talk.database.read() as session:
        plan = plan_erasure(session, session.get_one(Member, number))
    with talk.database.write() as session:
        return plan, erase(session, plan, talk.now)


@pytest.fixture
def talk(database: Database) -> Talk:
    return Talk(database)


@pytest.fixture
def light(tmp_path: Path, sqlite_template: Path) -> Iterator[Talk]:
    """One engine is enough for what the engines see alike."""
    yield from light_talk(tmp_path, sqlite_template)


def test_nothing_names_a_person_who_was_erased(talk: Talk) -> None:
    number = a_working_life(talk)
    with talk.database.read() as session:
        before = where(session, NAME, ACCOUNT)
    assert {"member.name", "account.user_id", "inbox.sender_id", "outbox.text"} <= before
    assert {"invite.name", "chat.name", "inbox.raw", "media.name", "suggestion.text"} <= before
    left(talk, number)

    plan, done = erased(talk, number)

    with talk.database.read() as session:
        assert where(session, NAME, ACCOUNT) == set()
        assert session.get_one(Member, number).name == f"离任人员{number}"
    assert (plan.pseudonym, plan.left, plan.is_shared) == (f"离任人员{number}", (), False)
    assert done.messages >= 5
    assert done.words > 0


def test_the_record_of_the_unit_stands_and_reads_well(talk: Talk) -> None:
    number = a_working_life(talk)
    left(talk, number)

    erased(talk, number)

    with talk.database.read() as session:
        report = session.exec(select(Submission)).one()
        version = session.exec(select(SubmissionVersion)).one()
        assert (report.member_id, version.member_id) == (number, number)
        assert version.sections == {"措施": "逐村安装，按月调度", "问题": "山区供电不稳"}
        assert version.inbox_id is not None
        came_by = session.get_one(InboxMessage, version.inbox_id)
        assert (came_by.state, came_by.raw, came_by.message) == (InboxState.DONE, b"", {})
        late = session.exec(select(OutboxMessage).where(OutboxMessage.key == "later:0")).one()
        assert late.state == OutboxState.DROPPED
    [shown] = talk.say("管理员甲", "查看 1")
    assert "1710个" in shown
    [trail] = talk.say("管理员甲", "审计 1")
    assert f"离任人员{number}" in trail
    assert f"请离任人员{number}补报" in talk.heard_in("群")


def test_who_was_erased_is_a_stranger_afterwards(light: Talk) -> None:
    number = a_working_life(light)
    left(light, number)
    erased(light, number)

    answer = light.say(ACCOUNT, "任务")[0]

    assert "绑定" in answer
    with light.database.read() as session:
        assert person_of(session, session.get_one(Member, number)).accounts == frozenset()


def test_no_link_opens_for_who_was_erased(light: Talk) -> None:
    number = a_working_life(light)
    with light.database.write() as session:
        chat = chat_at(session, PLATFORM, ACCOUNT.casefold(), ChatKind.SINGLE, light.now)
        form = upload_link(session, number, chat.id or 0, light.now)
        board = board_link(session, 1, chat.id or 0, light.now)
        numbers = [form.id, board.id]
    left(light, number)
    erased(light, number)

    with light.database.read() as session:
        links = [session.get_one(Link, each) for each in numbers]
    assert [each.revoked_at for each in links] == [light.now] * 2


def test_erasing_again_changes_nothing(light: Talk) -> None:
    number = a_working_life(light)
    left(light, number)
    erased(light, number)
    with light.database.read() as session:
        before = cells(session)

    plan, again = erased(light, number)

    assert (again.messages, again.words, again.replaced, plan.left) == (0, 0, 0, ())
    with light.database.read() as session:
        assert cells(session) == before
        acts = [each.action for each in trail_of(session, "member", number)]
    assert acts == ["remove", "erase"]


def test_what_is_said_while_somebody_looks_names_nobody_either(light: Talk) -> None:
    number = newcomer(light)
    left(light, number)
    with light.database.read() as session:
        plan = plan_erasure(session, session.get_one(Member, number))
    light.say("州公安局联络员", f"{NAME}今天请假")

    with light.database.write() as session:
        erase(session, plan, light.now)

    with light.database.read() as session:
        assert where(session, NAME, ACCOUNT) == set()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_what_was_numbered_before_somebody_looks_and_seen_after_names_nobody(talk: Talk) -> None:
    number = newcomer(talk)
    left(talk, number)
    with talk.database.write() as session:
        group = a_group(session, "群").id or 0

    with talk.database.write() as slow:
        say(slow, group, Reply(f"请{NAME}补报"), key="slow", now=talk.now)
        with talk.database.write() as session:
            say(session, group, Reply("收到"), key="quick", now=talk.now)
        with talk.database.read() as session:
            plan = plan_erasure(session, session.get_one(Member, number))
    with talk.database.write() as session:
        erase(session, plan, talk.now)

    with talk.database.read() as session:
        assert where(session, NAME) == set()


def test_who_is_still_here_is_not_erased(light: Talk) -> None:
    number = newcomer(light)

    with pytest.raises(Refused, match=f"dajuan member remove {number}"):
        erased(light, number)

    with light.database.read() as session:
        assert members_named(session, NAME)


def test_a_report_that_names_the_person_is_told_and_not_rewritten(light: Talk) -> None:
    number = newcomer(light)
    light.say(ACCOUNT, f"{REPORT}（联系人{NAME}）")
    left(light, number)

    plan, _ = erased(light, number)

    assert plan.left == ("submission_version 1",)
    with light.database.read() as session:
        assert NAME in session.exec(select(SubmissionVersion)).one().original
        assert {each.split(".")[0] for each in where(session, NAME)} == {"submission_version"}


def test_who_has_the_same_name_keeps_it(light: Talk) -> None:
    number = newcomer(light)
    other = newcomer(light, account="another")
    light.say("州公安局联络员", f"{NAME}今天请假")
    left(light, number)

    plan, _ = erased(light, number)

    assert plan.is_shared
    with light.database.read() as session:
        assert session.get_one(Member, other).name == NAME
        invited = {each.used_by: each.name for each in session.exec(select(Invite))}
        assert invited == {number: f"离任人员{number}", other: NAME}
        assert where(session, ACCOUNT) == set()
        assert any(
            NAME in each.message.get("text", "") for each in session.exec(select(InboxMessage))
        )


def test_an_account_that_somebody_else_has_now_stays_theirs(light: Talk) -> None:
    number = newcomer(light)
    light.say(ACCOUNT, REPORT)
    left(light, number)
    with light.database.write() as session:
        a_member(session, "彭建国", account=ACCOUNT)
    light.say(ACCOUNT, "我的信息")

    plan, _ = erased(light, number)

    assert plan.person.passed_on == {(PLATFORM, ACCOUNT.casefold())}
    assert "彭建国" in light.heard("彭建国")[-1]


@pytest.mark.parametrize("account", ["17", "7", "zs"])
def test_a_short_account_takes_no_figure_for_a_person(light: Talk, account: str) -> None:
    number = newcomer(light, account=account)
    light.say("州公安局联络员", "报送 州1-7\n截至：7月31日\n完成数：1717个\n措施：zs乡7个村")
    left(light, number)

    erased(light, number)

    with light.database.read() as session:
        texts = [each.message.get("text", "") for each in session.exec(select(InboxMessage))]
        doors = session.exec(select(Door).where(Door.address == account)).all()
        senders = session.exec(select(InboxMessage.sender_id)).all()
    assert any("1717个\n措施：zs乡7个村" in each for each in texts)
    assert doors == []
    assert account not in senders


def test_people_are_found_by_number_and_by_account_before_and_after_they_left(light: Talk) -> None:
    number = newcomer(light)
    meant = f"{PLATFORM}:{ACCOUNT.upper()}"

    def found(who: str) -> int | None:
        with light.database.read() as session:
            return member_meant(session, who).id

    assert (found(str(number)), found(meant)) == (number, number)
    left(light, number)
    assert (found(str(number)), found(meant)) == (number, number)
    for unknown in ("999", "wecom:nobody", NAME):
        with pytest.raises(Refused, match="there is no member"):
            found(unknown)


def test_every_table_is_decided_on() -> None:
    """A new table, or a person in one that held none, is decided on in models/person.py."""
    assert set(SHARES) == set(METADATA.tables)
    telling = {"sender_id", "user_id", "person", "address", "spelling", "member_id", "made_by"}
    for name, table in METADATA.tables.items():
        of_people = any(
            key.column.table.name == "member" for each in table.columns for key in each.foreign_keys
        )
        if of_people or telling & {each.name for each in table.columns}:
            assert SHARES[name] is not Share.NONE, name


@pytest.mark.parametrize("file", ["privacy.md", "个人信息怎么管.md"])
def test_the_guide_names_every_table_of_people_and_every_period(file: str) -> None:
    guide = (Path(__file__).parents[2] / "docs" / file).read_text(encoding="utf-8")

    of_people = {name for name, share in SHARES.items() if share is not Share.NONE}
    assert {each for each in of_people if f"`{each}" not in guide} == set()
    for setting, days in vars(Periods()).items():
        assert f"`RETENTION_{setting.upper()}`" in guide
        assert re.search(rf"{days} ?(天|days)", guide)
