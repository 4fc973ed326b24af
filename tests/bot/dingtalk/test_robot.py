"""Custom group robots: what the group sees, who is called, and how seldom enough they speak."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import col, select

from bot.keys import KeyRing
from bot.roster_chats import Seated, Wanted, add_robot
from models.chat import Chat, Door
from models.member import Account, members_named
from models.message import MediaRef, Reply
from models.outbox import OutboxMessage, OutboxState, say
from models.shown import Page, Shown, Table
from scheduler.delivery import MAX_ATTEMPTS
from tests.connected import SECRET
from tests.dingtalk import DingTalkOffice
from tests.pictures import a_photo
from tests.twins.dingtalk.record import Bubble
from tests.twins.dingtalk.wire import Answer, Call

TOKEN, OTHER = "66d9c1c5b3a4f0e7" * 4, "0b1c2d3e4f506172" * 4
SIGNING = "SEC" + "7a1b2c3d4e5f6071" * 4
GROUP, PLACE = "联络员群", "cid-liaisons=="
SEND = "robot/send"


@pytest.fixture
def group(office: DingTalkOffice) -> int:
    """The liaisons' group, spoken to by a robot alone; an admin who hears of troubles."""
    office.twin.add_robot(TOKEN, SIGNING, PLACE)
    office.says("管理员甲", "任务")
    with office.house.database.write() as session:
        chat = session.exec(select(Chat).where(Chat.name == GROUP)).one()
        for door in session.exec(select(Door).where(Door.chat_id == chat.id)).all():
            session.delete(door)
        session.flush()
    return seat(office, Wanted(GROUP, chat=chat.id or 0)).chat


def seat(office: DingTalkOffice, wanted: Wanted, token: str = TOKEN) -> Seated:
    with office.house.database.write() as session:
        key, now = f"{token} {SIGNING}", office.house.clock()
        return add_robot(session, wanted, "dingtalk_robot", key, KeyRing(SECRET), now)


def owe(office: DingTalkOffice, chat: int, reply: Reply | str, key: str = "bulk") -> None:
    reply = Reply(reply) if isinstance(reply, str) else reply
    with office.house.database.write() as session:
        say(session, chat, reply, key=key, now=office.house.clock())


def said(office: DingTalkOffice, chat: int, reply: Reply) -> Bubble:
    """What the group sees of one word."""
    before = len(office.twin.seen(PLACE))
    owe(office, chat, reply, key=f"word{before}")
    office.works()
    seen = office.twin.seen(PLACE, before + 1)[-1]
    assert isinstance(seen, Bubble)
    return seen


def rows(office: DingTalkOffice, chat: int) -> list[OutboxMessage]:
    with office.house.database.read() as session:
        query = select(OutboxMessage).where(OutboxMessage.chat_id == chat)
        return list(session.exec(query.order_by(col(OutboxMessage.id))).all())


def alarms(office: DingTalkOffice) -> list[str]:
    with office.house.database.read() as session:
        query = select(OutboxMessage.text).where(col(OutboxMessage.key).startswith("alarm:"))
        return list(session.exec(query.order_by(col(OutboxMessage.id))).all())


def kept(office: DingTalkOffice, data: bytes, name: str, mime: str) -> MediaRef:
    return office.house.services.keep(data, name, mime)


# What the group sees


def test_a_text_comes_as_it_is_a_table_in_lines_and_a_page_as_a_card(
    office: DingTalkOffice, group: int
) -> None:
    table = Table(("单位", "事项"), (("州公安局", "州1-7 雪亮工程"),))
    page = Page("查看看板（9月6日09:00前有效）", "https://dajuan.example/board/7")

    plain = said(office, group, Reply("【答卷专栏】周排名\n完成18件，滞后3件。"))
    lines = said(office, group, Reply("行", shown=Shown("【答卷专栏】到期", table, "请尽快")))
    card = said(office, group, Reply("周排名", shown=Shown("周排名\n完成18件", page=page)))

    assert (plain.msgtype, plain.text) == ("text", "【答卷专栏】周排名\n完成18件，滞后3件。")
    assert lines.msgtype == "markdown"
    assert "> **州公安局** 事项：州1-7 雪亮工程" in lines.text
    assert (card.msgtype, card.links) == ("actionCard", {"查看看板": page.address})
    assert {plain.door, lines.door, card.door} == {"robot"}


@pytest.mark.parametrize(
    ("name", "mime"), [("排名.jpg", "image/jpeg"), ("通报.docx", "application/msword")]
)
def test_a_picture_and_a_file_are_pages_to_tap(
    office: DingTalkOffice, group: int, name: str, mime: str
) -> None:
    shown = kept(office, a_photo(), name, mime)

    seen = said(office, group, Reply(pictures=(shown,)))

    assert seen.msgtype == "actionCard"
    assert f"《{name}》" in seen.text
    [address] = seen.links.values()
    assert address.startswith(office.house.settings.public_url)


def test_22_who_is_mentioned_is_notified_by_the_letters_of_their_id(
    office: DingTalkOffice, group: int
) -> None:
    office.twin.corp.meets(PLACE, "GongAn01", "单位联络员")
    with office.house.database.write() as session:
        person = members_named(session, "州公安局联络员")[0].id or 0
        account = session.exec(select(Account).where(Account.member_id == person)).one()
        account.user_id, account.spelling = "gongan01", "GongAn01"

    seen = said(office, group, Reply("今天截止：州公安局 @GongAn01", mentions=(person,)))

    assert seen.mentions == ("GongAn01",)
    assert seen.text == "今天截止：州公安局 ＠GongAn01\n@GongAn01"
    sent = office.twin.sent(SEND)[-1].body
    assert sent["at"] == {"atUserIds": ["GongAn01"], "isAtAll": False}


def test_22_of_more_than_fifty_the_first_fifty_are_called(
    office: DingTalkOffice, group: int
) -> None:
    with office.house.database.read() as session:
        numbers = session.exec(select(Account.member_id).order_by(col(Account.id))).all()
    everybody = tuple(number for number in numbers for _ in range(60 // len(numbers) + 1))

    seen = said(office, group, Reply("今天截止", mentions=everybody))

    assert 0 < len(seen.body["content"].split("@")) - 1 <= 50


def test_no_body_is_larger_than_is_taken(office: DingTalkOffice, group: int) -> None:
    for number in range(12):
        owe(office, group, '"\\' * 990 + str(number), key=f"bulk{number:02}")
    owe(
        office,
        group,
        Reply(shown=Shown("头", Table(("单",), (("_" * 500,),) * 3)), text="_" * 1990),
    )

    for _ in range(4):
        office.forward(75)

    assert [each.state for each in rows(office, group)] == [OutboxState.SENT] * 13
    whole = "\n".join(each.text for each in office.twin.seen(PLACE))
    assert whole.count('"\\' * 990) == 12


# How often


def test_26_forty_five_words_at_once_are_merged_in_order_and_never_too_many(
    office: DingTalkOffice, group: int
) -> None:
    for number in range(1, 46):
        owe(office, group, f"第{number}条：州公安局已报送", key=f"bulk{number:02}")

    for _ in range(4):
        office.forward(75)

    lines = [line for each in office.twin.seen(PLACE) for line in each.text.splitlines()]
    assert lines == [f"第{number}条：州公安局已报送" for number in range(1, 46)]
    assert {each.errcode for each in office.twin.sent(SEND, all=True)} == {0}


def test_26_words_that_do_not_merge_stay_below_twenty_in_any_minute(
    office: DingTalkOffice, group: int
) -> None:
    page = Page("查看", "https://dajuan.example/board/7")
    with office.house.database.read() as session:
        person = members_named(session, "州公安局联络员")[0].id or 0
    for number in range(40):
        reply = Reply(f"第{number}条", shown=Shown(f"第{number}条", page=page), mentions=(person,))
        owe(office, group, reply, key=f"bulk{number:02}")

    chance, legs, arrived = random.Random(7), (9, *[0] * 9), list[float]()

    def slowly(call: Call) -> Answer:
        """Now and then for nine seconds on its way, as its answer is."""
        office.twin.clock.forward(chance.choice(legs))
        arrived.append(office.twin.clock.now())
        answer = known.handle(call)
        office.twin.clock.forward(chance.choice(legs))
        return answer

    known = office.twin.robots.routes[SEND]
    office.twin.api.add({SEND: replace(known, handle=slowly)})
    for _ in range(120):
        office.forward(2)

    assert len(arrived) == 40
    assert all(arrived[at + 20] - arrived[at] > 60 for at in range(20))
    assert {each.errcode for each in office.twin.sent(SEND, all=True)} == {0}


def test_26_calls_that_come_to_nothing_count_as_well(office: DingTalkOffice, group: int) -> None:
    office.twin.faults.answer(SEND, 430104, times=None)
    for number in range(30):
        owe(office, group, Reply(f"第{number}条", secret=True), key=f"bulk{number:02}")

    office.works()

    assert office.twin.record.tries[SEND] == 20
    states = [each.state for each in rows(office, group)]
    assert states == [OutboxState.FAILED] * 20 + [OutboxState.WAITING] * 10
    office.twin.faults.clear()
    for _ in range(3):
        office.forward(75)
    assert len(office.twin.seen(PLACE)) == 10
    assert {each.errcode for each in office.twin.sent(SEND, all=True)} == {0, 430104}


def test_26_a_robot_that_others_use_too_waits_ten_minutes_and_holds_up_no_other_group(
    office: DingTalkOffice, group: int
) -> None:
    office.twin.add_robot(OTHER, SIGNING, "cid-leaders==")
    leaders = seat(office, Wanted("领导小群"), OTHER).chat
    office.twin.faults.answer(SEND, 410100)  # another program used this robot's token
    owe(office, group, "到期提示", key="bulk 1")
    office.works()
    owe(office, leaders, "周排名", key="bulk 2")

    office.works()
    assert [each.text for each in office.twin.seen("cid-leaders==", 1)] == ["周排名"]
    office.forward(595)
    assert office.twin.seen(PLACE) == []
    office.forward(5)

    assert [each.text for each in office.twin.seen(PLACE, 1)] == ["到期提示"]
    assert office.twin.record.tries[SEND] == 3
    assert alarms(office) == []


# Troubles


def test_28_what_may_have_left_is_said_again_under_its_number_and_stands_there_once(
    office: DingTalkOffice, group: int
) -> None:
    office.twin.faults.hang_up(SEND, acted=True)
    owe(office, group, "周排名")
    office.works()
    office.forward(11)

    assert [each.text for each in office.twin.seen(PLACE)] == ["周排名"]
    [row] = rows(office, group)
    assert (row.state, row.attempts) == (OutboxState.SENT, 2)
    sent = office.twin.sent(SEND, all=True)
    assert len({each.body["msgUuid"] for each in sent}) == 1
    assert len({each.query["timestamp"] for each in sent}) == len(sent)
    assert alarms(office) == []


def test_every_word_has_a_number_of_its_own(office: DingTalkOffice, group: int) -> None:
    said(office, group, Reply("周排名"))
    said(office, group, Reply("周排名"))

    assert len({each.body["msgUuid"] for each in office.twin.sent(SEND, 2)}) == 2


def test_a_word_that_waited_for_hours_is_signed_anew(office: DingTalkOffice, group: int) -> None:
    office.twin.faults.status(SEND, 503, times=3)
    owe(office, group, "周排名")
    office.works()
    for _ in range(4):
        office.forward(timedelta(minutes=40).total_seconds())

    assert [each.text for each in office.twin.seen(PLACE, 1)] == ["周排名"]
    assert 310000 not in {each.errcode for each in office.twin.sent(SEND, all=True)}


def test_what_a_server_never_takes_is_given_up_and_told(office: DingTalkOffice, group: int) -> None:
    office.twin.faults.answer(SEND, -1, times=None)
    owe(office, group, "周排名")

    for _ in range(6):
        office.forward(600)

    [row] = rows(office, group)
    assert (row.state, row.attempts) == (OutboxState.FAILED, MAX_ATTEMPTS)
    assert office.twin.record.tries[SEND] == MAX_ATTEMPTS
    assert len(alarms(office)) == 1


@pytest.mark.parametrize(
    ("code", "told"),
    [(300001, "请重新登记"), (400013, "没有这个群")],
)
def test_of_a_robot_that_is_not_let_in_the_operator_hears_once_a_day_what_to_do(
    office: DingTalkOffice, group: int, code: int, told: str
) -> None:
    office.twin.faults.answer(SEND, code, times=None)
    for number in range(5):
        owe(office, group, f"第{number}条", key=f"bulk{number}")

    office.works()
    office.forward(3600)

    assert {each.state for each in rows(office, group)} == {OutboxState.FAILED}
    [alarm] = alarms(office)
    assert f"会话 {group}“{GROUP}”" in alarm
    assert told in alarm
    assert f"错误码{code}" in alarm


def test_a_robot_secured_by_keywords_says_what_to_change(
    office: DingTalkOffice, group: int
) -> None:
    robot = office.twin.add_robot(TOKEN, SIGNING, PLACE)
    robot.keywords = ("督查",)
    owe(office, group, "周排名")

    office.works()

    assert "请在群里将其改为只勾选“加签”，用 dajuan chat add 重新登记" in alarms(office)[0]


def test_11_token_and_secret_are_in_no_log_no_alarm_and_no_answer(
    office: DingTalkOffice,
    group: int,
    logs: list[dict[str, object]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    faults = office.twin.faults
    for number, trouble in enumerate(
        (
            lambda: faults.answer(SEND, 40035),
            lambda: faults.answer(SEND, 310000),
            lambda: faults.hang_up(SEND),
            lambda: faults.page(SEND),
            lambda: faults.status(SEND, 404),
        )
    ):
        trouble()
        owe(office, group, "周排名", key=f"bulk{number}")
        office.works()
        office.forward(600)

    told = [each for row in rows(office, group) for each in (row.answer, row.text, row.key)]
    logged = [each.getMessage() for each in caplog.records if "uvicorn" not in each.name]
    everything = repr(logs) + repr(logged) + repr(alarms(office)) + repr(told)
    assert any(each["event"] == "not delivered" for each in logs)
    for secret in (TOKEN[:20], SIGNING[:20], "access_token=", "sign="):
        assert secret not in everything
