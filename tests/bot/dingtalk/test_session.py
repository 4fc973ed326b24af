"""Answers by the address that a message brought along: while it lives, in place, and no further."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from bot.dingtalk.settings import DingTalkSettings
from bot.dingtalk.webhook import answering_address
from bot.platforms.dingtalk_session import DingTalkSession
from models.inbox import InboxMessage
from models.member import Account, user_ids_of
from models.message import Choice, Reply
from models.outbox import OutboxMessage, OutboxState, Priority, say
from models.quota import month_of, spend
from scheduler.routing import Parcel
from tests.dingtalk import DingTalkOffice
from tests.supervising import counted_queries

POLICE, ADMIN = "州公安局联络员", "管理员甲"
GROUP = "cidGroup=="
SESSION, PEOPLE, TO_GROUP = (
    "robot/sendBySession",
    "robot/oToMessages/batchSend",
    "robot/groupMessages/send",
)
OURS = "https://oapi.dingtalk.com/robot/sendBySession?session=s1"


@pytest.fixture
def office(office: DingTalkOffice) -> DingTalkOffice:
    """An office whose API has been used so much that answers leave in place."""
    now = office.house.clock()
    with office.house.database.write() as session:
        spend(session, "dingtalk", "api", month_of(now), 4900)
    return office


def rows(office: DingTalkOffice, prefix: str = "") -> list[OutboxMessage]:
    with office.house.database.read() as session:
        query = select(OutboxMessage).where(col(OutboxMessage.key).startswith(prefix))
        return list(session.exec(query.order_by(col(OutboxMessage.id))).all())


def tries(office: DingTalkOffice, path: str) -> int:
    return office.twin.record.tries[path]


def door(office: DingTalkOffice) -> DingTalkSession:
    found = office.house.platforms["dingtalk_session"]
    assert isinstance(found, DingTalkSession)
    return found


def asks(office: DingTalkOffice, text: str = "进度", chat: str = "", **fields: Any) -> InboxMessage:
    """A question that came in and is not answered yet."""
    office.twin.robot.says(POLICE, text, chat, **fields).answer()
    return office.heard()[-1]


def answer_to(asked: InboxMessage, text: str = "已收到 #128", **more: Any) -> Parcel:
    return Parcel("reply:1:0", text, answers=asked.message_id, heard_by="dingtalk", **more)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "s1",
        "http://oapi.dingtalk.com/robot/sendBySession?session=s1",
        "https://oapi.dingtalk.com.evil.tld/robot/sendBySession?session=s1",
        "https://oapi.dingtalk.com@evil.tld/robot/sendBySession?session=s1",
        "https://user:pw@oapi.dingtalk.com/robot/sendBySession?session=s1",
        "https://@oapi.dingtalk.com/robot/sendBySession?session=s1",
        "https://127.0.0.1/robot/sendBySession?session=s1",
        "https://[::1]/robot/sendBySession?session=s1",
        "https://oapi.dingtalk.com:8443/robot/sendBySession?session=s1",
        "https://oapi.dingtalk.com:99999/robot/sendBySession?session=s1",
        "https://evil.tld/?https://oapi.dingtalk.com/robot/sendBySession?session=s1",
        "https://evil.tld\\@oapi.dingtalk.com/robot/sendBySession?session=s1",
        "https://evil.tld#@oapi.dingtalk.com/robot/sendBySession?session=s1",
        "https://oapi.dingtalk.com/robot/send?access_token=t",
        "https://oapi.dingtalk.com/robot/sendBySession/../send?session=s1",
        "https://oapi.dingtalk.com//robot/sendBySession?session=s1",
        "https://oapi.dingtalk.com/robot/sendBySession",
        "https://oapi.dingtalk.com/robot/sendBySession?session=",
        "https://oapi.dingtalk.com/robot/sendBySession?session=s1#at",
        "https://oapi.dingtalk.com./robot/sendBySession?session=s1",
        "https://oapi。dingtalk。com/robot/sendBySession?session=s1",
        "https://oapi.dingtalk.com/robot/sendBySession?session=s1\r\nHost: evil.tld",
        " https://oapi.dingtalk.com/robot/sendBySession?session=s1",
        "https://oapi.dingtalk.com\t.evil.tld/robot/sendBySession?session=s1",
        "file:///robot/sendBySession?session=s1",
        f"{OURS}&{'x' * 2000}",
    ],
)
def test_16_no_other_address_is_called(said: str) -> None:
    assert answering_address(said, DingTalkSettings(_env_file=None)) == ""


@pytest.mark.parametrize(
    ("said", "called"),
    [
        (OURS, OURS),
        ("https://OAPI.DingTalk.com:443/robot/sendBySession?session=s1", OURS),
        (OURS.replace("oapi", "api"), OURS.replace("oapi", "api")),
        (f"{OURS}&x=1", f"{OURS}&x=1"),
    ],
)
def test_16_dingtalks_own_hosts_are_called_as_the_settings_write_them(
    said: str, called: str
) -> None:
    assert answering_address(said, DingTalkSettings(_env_file=None)) == called


def test_16_the_hosts_are_those_of_the_settings() -> None:
    settings = DingTalkSettings(dingtalk_oapi_base="http://ding.gov.cn:8080", _env_file=None)
    inside = "http://ding.gov.cn:8080/robot/sendBySession?session=s1"

    assert answering_address(inside, settings) == inside
    assert answering_address(OURS, settings) == ""


@pytest.mark.parametrize(
    "address",
    ["https://127.0.0.1:8443/robot/sendBySession?session=s1", "https://oapi.dingtalk.com@evil/"],
)
def test_16_who_names_another_address_is_answered_by_the_api(
    office: DingTalkOffice, address: str
) -> None:
    asks(office, sessionWebhook=address)

    office.works()

    assert office.twin.seen(POLICE, 1)[0].door == "api"
    assert tries(office, SESSION) == 0


@pytest.mark.parametrize("chat", ["", GROUP])
def test_17_an_answer_leaves_in_place_while_that_lives(office: DingTalkOffice, chat: str) -> None:
    asks(office, chat=chat)

    office.works()

    assert [each.door for each in office.twin.seen(chat or POLICE, 1)] == ["session"]
    assert (tries(office, PEOPLE), tries(office, TO_GROUP)) == (0, 0)
    assert rows(office)[0].platform == "dingtalk_session"


@pytest.mark.parametrize(
    ("more", "reader", "way"), [(0, ADMIN, "api"), (100, POLICE, "session")], ids=["some", "none"]
)
def test_16_while_calls_are_left_no_link_goes_to_a_session_that_nobody_signed(
    office: DingTalkOffice, more: int, reader: str, way: str
) -> None:
    """With a header that was seen anybody writes as the admin, and names a session of their own."""
    with office.house.database.write() as session:
        spend(session, "dingtalk", "api", month_of(office.house.clock()), more)
    mine = json.loads(asks(office).raw)["sessionWebhook"]
    for words in ("看板", "任务"):
        office.twin.robot.says(ADMIN, words, sessionWebhook=mine).answer()

    office.works()

    [link] = [each for each in rows(office) if "/board/" in each.text]
    assert [each.door for each in office.twin.seen(reader) if "/board/" in each.text] == [way]
    others = {each.platform for each in rows(office) if each.id != link.id}
    assert "dingtalk_session" in others


@pytest.mark.parametrize(
    ("rest", "way"), [(timedelta(seconds=1), "session"), (timedelta(0), "api")]
)
@pytest.mark.parametrize("as_text", [False, True])
def test_17_it_is_used_until_five_minutes_before_its_end(
    office: DingTalkOffice, rest: timedelta, way: str, as_text: bool
) -> None:
    until = int((office.house.clock() + timedelta(minutes=5) + rest).timestamp() * 1000)

    asks(office, sessionWebhookExpiredTime=str(until) if as_text else until)
    office.works()

    assert office.twin.seen(POLICE, 1)[0].door == way


@pytest.mark.parametrize("until", [None, "soon", -1, True])
def test_17_without_an_end_it_is_not_used(office: DingTalkOffice, until: object) -> None:
    asks(office, sessionWebhookExpiredTime=until)

    office.works()

    assert office.twin.seen(POLICE, 1)[0].door == "api"


@pytest.mark.parametrize(("chat", "path"), [("", PEOPLE), (GROUP, TO_GROUP)])
def test_17_one_that_ended_early_is_made_good_by_the_api_and_asked_once(
    office: DingTalkOffice, chat: str, path: str
) -> None:
    asked = asks(office, chat=chat)
    office.twin.sessions.forget()

    office.works()
    assert [each.door for each in office.twin.seen(chat or POLICE, 1)] == ["api"]
    more_to(office, asked)
    office.works()

    assert [each.door for each in office.twin.seen(chat or POLICE, 2)] == ["api", "api"]
    assert tries(office, SESSION) == 1
    assert tries(office, path) == 2
    assert not rows(office, "alarm:")


def more_to(office: DingTalkOffice, asked: InboxMessage, key: str = "more") -> None:
    """One more answer, in the chat of the first."""
    now = office.house.clock()
    with office.house.database.write() as session:
        query = select(OutboxMessage.chat_id).where(OutboxMessage.reply_to == asked.id)
        chat = session.exec(query).first() or 0
        reply = Reply("请再看一遍")
        say(session, chat, reply, key=key, now=now, priority=Priority.REPLY, reply_to=asked.id)


@pytest.mark.parametrize("code", [-1, 430104, 400105])
def test_18_a_code_within_http_200_is_no_success(office: DingTalkOffice, code: int) -> None:
    office.twin.faults.answer(SESSION, code)
    asks(office)

    office.works()

    assert [each.door for each in office.twin.seen(POLICE)] == ["api"]
    assert rows(office)[0].state == OutboxState.SENT


def test_28_what_may_have_left_in_place_does_not_leave_by_the_api(office: DingTalkOffice) -> None:
    office.twin.faults.hang_up(SESSION, acted=True)
    asks(office)

    office.works()
    office.forward(3600)

    assert [each.door for each in office.twin.seen(POLICE)] == ["session"]
    assert rows(office)[0].state == OutboxState.UNKNOWN
    assert tries(office, SESSION) == 1


def test_17_a_server_that_is_away_leaves_it_to_the_other(office: DingTalkOffice) -> None:
    office.twin.faults.status(SESSION, 502, times=None)
    for _ in range(3):
        asks(office)
        office.works()

    assert [each.door for each in office.twin.seen(POLICE, 3)] == ["api"] * 3
    assert tries(office, SESSION) == 1, "the door rests, its words do not"


def test_17_what_is_personal_is_not_said_in_the_group(office: DingTalkOffice) -> None:
    asked = asks(office, chat=GROUP)

    mine = answer_to(asked, "只给您一人")
    assert door(office).can_carry(GROUP, mine)
    assert not door(office).can_carry(POLICE, mine)
    assert not door(office).can_carry(GROUP.lower(), mine)


@pytest.mark.parametrize(
    "change",
    [
        {"answers": ""},
        {"answers": "another=="},
        {"heard_by": "wecom_bot"},
        {"data": b"%PDF"},
        {"mime": "image/png"},
    ],
    ids=["no answer", "to nothing", "to another door", "with a file", "with a picture to come"],
)
def test_17_nothing_else_leaves_here(office: DingTalkOffice, change: Mapping[str, Any]) -> None:
    asked = asks(office)
    parcel = Parcel(
        **({"key": "k", "text": "t", "answers": asked.message_id, "heard_by": "dingtalk"} | change)
    )

    assert not door(office).can_carry(POLICE, parcel)


def test_however_often_it_is_asked_the_message_is_looked_up_once(office: DingTalkOffice) -> None:
    parcel = answer_to(asks(office))

    with counted_queries(office.house.database) as seen:
        assert all(door(office).can_carry(POLICE, parcel) for _ in range(20))

    assert [each for each in seen if "inbox" in each] == seen[-1:]


@pytest.mark.parametrize("said", ["州1-7 今天到期", "【答卷】到期\n州1-7 今天到期"])
def test_22_who_is_called_is_called_by_the_letters_of_their_id(
    office: DingTalkOffice, said: str
) -> None:
    office.twin.corp.meets(GROUP, "WangWu")
    asked = asks(office, chat=GROUP)
    with office.house.database.write() as session:
        account = session.exec(select(Account).where(Account.user_id == ADMIN)).one()
        account.user_id, account.spelling = "wangwu", "WangWu"
        mentions = user_ids_of(session, [account.member_id])

    door(office).send(GROUP, answer_to(asked, said, mentions=mentions))

    [seen] = office.twin.seen(GROUP, 1)
    assert seen.mentions == ("WangWu",)
    assert seen.text == f"{said}\n@WangWu"


def test_22_nobody_is_called_where_they_are_alone_with_the_robot(office: DingTalkOffice) -> None:
    asked = asks(office)

    door(office).send(POLICE, answer_to(asked, "州1-7", mentions={"dingtalk": [POLICE]}))

    assert office.twin.seen(POLICE, 1)[0].text == "州1-7"


def test_31_buttons_leave_in_place_as_well(office: DingTalkOffice) -> None:
    choices = (Choice("通过", "通过 1 〔第1版〕"), Choice("退回", "退回 1"))
    asked = asks(office)

    door(office).send(POLICE, answer_to(asked, "待审1件", choices=choices))

    [seen] = office.twin.seen(POLICE, 1)
    assert (seen.msgtype, list(seen.links)) == ("actionCard", ["通过", "退回"])


def test_15_an_outsider_is_answered_in_place_once_a_day(office: DingTalkOffice) -> None:
    for _ in range(2):
        office.says("外单位人员", "任务")

    [said] = office.twin.seen("外单位人员", 1)
    assert said.door == "session"
    assert said.text.startswith("您好，我只答复本单位人员")
    assert tries(office, PEOPLE) == 0


@pytest.mark.parametrize("chat", ["", GROUP])
def test_15_whom_nothing_leads_to_any_more_is_dropped_without_a_word(
    office: DingTalkOffice, chat: str
) -> None:
    office.twin.robot.says("外单位人员", "任务", chat).answer()
    office.twin.sessions.forget()
    if chat:
        office.twin.corp.groups[chat].has_robot = False

    office.works()
    office.forward(3600)

    [row] = rows(office)
    assert row.state == OutboxState.DROPPED
    assert not rows(office, "alarm:")
    assert tries(office, PEOPLE) == 0


def test_17_what_came_by_the_stream_is_answered_in_place(streaming: DingTalkOffice) -> None:
    with streaming.house.database.write() as session:
        spend(session, "dingtalk", "api", month_of(streaming.house.clock()), 4900)

    streaming.says(POLICE, "任务")
    streaming.says(ADMIN, "看板")

    assert streaming.twin.seen(POLICE, 1)[0].door == "session"
    assert streaming.twin.seen(ADMIN, 1)[0].door == "session", "and so is a link: nobody forges it"
