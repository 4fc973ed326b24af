"""Who may what, and where it is answered: roles, groups, strangers, refusals."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import col, select
from structlog.testing import capture_logs

from handlers import phrases
from handlers.lists import LISTING_LIFE
from models.chat import Chat, Door
from models.db import Database
from models.inbox import InboxState
from models.invite import TRIES_PER_HOUR, VALID_FOR, Invite, code_hash
from models.listing import Listing
from models.member import Account, Member, RoleName, account_of, roles_of
from models.message import MessageKind
from models.outbox import OutboxMessage, Priority
from tests.hall import NOW, Hall, break_down, refuse
from tests.stores import fresh_sqlite


@pytest.fixture
def hall(tmp_path: Path, sqlite_template: Path) -> Iterator[Hall]:
    with fresh_sqlite(sqlite_template, tmp_path) as database, capture_logs():
        hall = Hall(database, tmp_path)
        yield hall
        hall.close()


@pytest.fixture
def on_both(database: Database, tmp_path: Path) -> Iterator[Hall]:
    with capture_logs():
        hall = Hall(database, tmp_path)
        yield hall
        hall.close()


def test_a_command_is_answered_where_it_was_given(hall: Hall) -> None:
    hall.ask("回声 早上好")
    hall.ask("回声 大家好", group="联络员群")

    assert hall.platform.lines == [("联络员甲", "听到 早上好"), ("联络员群", "听到 大家好")]


def test_an_answer_goes_before_everything_that_nobody_waits_for(hall: Hall) -> None:
    hall.ask("回声 早上好")

    with hall.database.read() as session:
        word = session.exec(select(OutboxMessage)).one()
    assert word.priority == Priority.REPLY
    assert word.key == f"reply:{hall.rows()[0].id}:0"


def test_a_person_is_known_whatever_the_case_of_their_id(hall: Hall) -> None:
    with hall.database.write() as session:
        member = Member(name="联络员丙", created_at=NOW)
        session.add(member)
        session.flush()
        session.add(Account(member_id=member.id or 0, platform="sandbox", user_id="zhangsan"))

    assert hall.ask("回声 早", sender="ZhangSan") == ["听到 早"]
    assert hall.ask("回声 晚", sender="zhangsan") == ["听到 晚"]
    with hall.database.read() as session:
        doors = session.exec(select(Door.address).where(Door.address == "zhangsan")).all()
    assert len(doors) == 1


def test_someone_without_the_role_is_told_whom_to_ask(hall: Hall) -> None:
    (answer,) = hall.ask("审核 128")

    assert "仅限管理员使用" in answer
    assert "请联系管理员" in answer
    assert hall.ask("审核 128", sender="管理员甲") == ["听到 128"]


def test_a_command_for_the_single_chat_is_refused_in_a_group(hall: Hall) -> None:
    answer = hall.ask("审核 128", sender="管理员甲", group="联络员群")

    assert answer == [phrases.only_in_single_chat("审核")]


def test_the_role_is_checked_before_the_place(hall: Hall) -> None:
    assert "仅限管理员" in hall.ask("审核 128", group="联络员群")[0]


def test_a_personal_matter_asked_in_a_group_is_answered_in_the_single_chat(hall: Hall) -> None:
    hall.ask("回声 认识一下")
    hall.ask("我的 待办", group="联络员群")

    assert hall.platform.lines[-1] == ("联络员甲", "听到 待办")


def test_a_personal_matter_never_stays_in_the_group_even_at_the_first_word(hall: Hall) -> None:
    hall.ask("我的 待办", group="联络员群")

    assert [text for _, text in hall.platform.lines] == ["听到 待办"]
    assert hall.platform.lines[0][0] != "联络员群"


@pytest.mark.parametrize(
    "words",
    ["你好", "回声 早上好", "审核 128", "报送 州1-7", ""],
    ids=lambda words: words or "blank",
)
def test_a_stranger_is_told_how_to_bind_and_nothing_else(hall: Hall, words: str) -> None:
    assert hall.ask(words, sender="外人") == [phrases.NOT_BOUND]


def test_someone_who_left_is_a_stranger(hall: Hall) -> None:
    with hall.database.write() as session:
        session.exec(select(Member).where(Member.name == "联络员甲")).one().left_at = NOW

    assert hall.ask("回声 早上好") == [phrases.NOT_BOUND]


def invite(hall: Hall, code: str) -> None:
    with hall.database.write() as session:
        session.add(
            Invite(code_hash=code_hash(code), name="领导乙", role=RoleName.LEADER, created_at=NOW)
        )


def test_a_code_binds_once(on_both: Hall) -> None:
    invite(on_both, "K7Q2M9")

    (welcome,) = on_both.ask("绑定 k7q2m9", sender="leader-2")
    (refused,) = on_both.ask("绑定 K7Q2M9", sender="外人")

    assert "领导乙" in welcome
    assert "绑定成功" in welcome
    assert "无效" in refused
    assert on_both.ask("回声 到", sender="leader-2") == ["听到 到"]


def test_the_same_role_twice_is_one_row(hall: Hall) -> None:
    for code in ("K7Q2M9", "K7Q2M8"):
        invite(hall, code)
        hall.ask(f"绑定 {code}", sender="leader-2", id=code)

    with hall.database.read() as session:
        account = account_of(session, hall.platform.name, "leader-2")
        assert account is not None
        assert len(roles_of(session, account.member_id)) == 1


def test_a_code_is_not_taken_in_a_group(hall: Hall) -> None:
    invite(hall, "K7Q2M9")

    answer = hall.ask("绑定 K7Q2M9", sender="leader-2", group="联络员群")

    assert answer == [phrases.BIND_IN_SINGLE_CHAT]
    assert "绑定成功" in hall.ask("绑定 K7Q2M9", sender="leader-2", id="single")[0]


def test_a_code_of_last_week_is_too_old(hall: Hall) -> None:
    invite(hall, "K7Q2M9")
    hall.now += VALID_FOR

    assert "已超过7天" in hall.ask("绑定 K7Q2M9", sender="leader-2")[0]


def test_what_cannot_be_a_code_costs_no_try(hall: Hall) -> None:
    """A newcomer who sends the bare word five times is no guesser."""
    invite(hall, "K7Q2M9")
    for number in range(6):
        answer = hall.ask("绑定", sender="leader-2", id=f"bare-{number}")[0]
        assert "邀请码是6位" in answer

    assert "绑定成功" in hall.ask("绑定 K7Q2M9", sender="leader-2", id="code")[0]


def test_guessing_codes_ends_after_five_tries_an_hour(hall: Hall) -> None:
    invite(hall, "K7Q2M9")
    for number in range(TRIES_PER_HOUR):
        assert "无效" in hall.ask(f"绑定 AAAAA{number + 2}", sender="外人")[0]

    assert "试错5次" in hall.ask("绑定 K7Q2M9", sender="外人")[0]
    hall.later(hours=1)
    assert "绑定成功" in hall.ask("绑定 K7Q2M9", sender="外人", id="again")[0]


def test_a_refusal_takes_back_what_the_command_had_begun(on_both: Hall) -> None:
    on_both.trouble = refuse

    assert on_both.ask("记账 此事") == ["此事办不了，请发“帮助”。"]
    assert on_both.count() == 0
    assert on_both.row("记账 此事").state == InboxState.DONE
    assert on_both.alarms == []


def test_a_bug_takes_back_everything_and_is_told_in_the_chat_of_the_question(
    on_both: Hall,
) -> None:
    on_both.trouble = break_down
    on_both.ask("记账 此事", group="联络员群")

    assert ("联络员群", phrases.FAULT) in on_both.platform.lines
    assert on_both.count() == 0


def test_without_an_alarm_chat_operators_hear_of_a_bug(hall: Hall) -> None:
    with hall.database.write() as session:
        session.exec(select(Chat).where(Chat.name == "运维群")).one().name = "其他群"
    hall.ask("回声 认识一下", sender="管理员甲")
    hall.trouble = break_down

    hall.ask("记账 此事")

    alarms = [text for address, text in hall.platform.lines if address == "管理员甲"]
    assert "【运维告警】" in alarms[-1]


def test_telling_another_member_reaches_their_single_chat(hall: Hall) -> None:
    with hall.database.read() as session:
        other = session.exec(select(Member.id).where(Member.name == "联络员乙")).one()
    assert hall.ask(f"告诉 {other}") == ["联系不上"]
    hall.ask("回声 认识一下", sender="联络员乙")

    assert hall.ask(f"告诉 {other}", id="again") == ["已转告"]
    assert ("联络员乙", "有人找您") in hall.platform.lines


def a_list(hall: Hall, *entries: str) -> None:
    """A numbered list was shown to 联络员甲 just now."""
    with hall.database.write() as session:
        member = session.exec(select(Member.id).where(Member.name == "联络员甲")).one()
        listing = Listing(member_id=member or 0, template="回声 {}", shown_at=hall.now)
        listing.entries = list(entries)
        session.add(listing)


@pytest.mark.parametrize("number", ["2", "２", " 2 "])
def test_a_bare_number_picks_from_the_list_last_shown(hall: Hall, number: str) -> None:
    a_list(hall, "州1-3", "州1-7")

    assert hall.ask(number) == ["听到 州1-7"]


@pytest.mark.parametrize("number", ["0", "3", "999"])
def test_a_number_outside_the_list_is_refused_with_its_range(hall: Hall, number: str) -> None:
    a_list(hall, "州1-3", "州1-7")

    assert hall.ask(number) == [phrases.no_such_entry(int(number), 2)]


def test_a_list_of_one_has_no_range(hall: Hall) -> None:
    a_list(hall, "州1-3")

    assert hall.ask("2") == ["上一个列表共1项，没有第2项。请发1，或直接发任务编号。"]


def test_a_list_is_forgotten_after_half_a_day(hall: Hall) -> None:
    a_list(hall, "州1-3")
    hall.now += LISTING_LIFE
    assert hall.ask("1") == ["听到 州1-3"]

    hall.later(seconds=1)
    assert hall.ask("1", id="late") != ["听到 州1-3"]


def test_a_kind_of_message_that_cannot_be_read_is_answered_kindly(hall: Hall) -> None:
    assert hall.ask("[位置]", kind=MessageKind.OTHER) == [phrases.UNKNOWN_KIND]


def test_every_word_of_an_answer_names_the_message_it_answers(hall: Hall) -> None:
    hall.ask("回声 一")
    hall.ask("回声 二")

    with hall.database.read() as session:
        words = session.exec(select(OutboxMessage).order_by(col(OutboxMessage.id))).all()
    assert [word.reply_to for word in words] == [row.id for row in hall.rows()]
