"""The robot's door under attack: a seen header lets anybody send any body for an hour."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from bot.app import create_app
from bot.burst import message_of
from bot.dingtalk.calls import post_webhook
from bot.platforms.base import Request
from bot.spool import SPOOL
from models.errors import BadRequest, DeliveryError
from models.inbox import InboxState
from tests.bot.dingtalk.calling import OAPI, Server
from tests.dingtalk import DingTalkOffice
from tests.twins.courier import Letter

POLICE, OTHER = "州公安局联络员", "州卫健委联络员"
GROUP = "cidLiaisonsOfThePrefecture=="
SECRETS = ("client-secret-of-the-app", "session=", "任务的原文")


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The spool lies below the folder in which the service runs."""
    monkeypatch.chdir(tmp_path)


def told(office: DingTalkOffice, letter: Letter) -> tuple[int, bytes]:
    """What the web tells a call."""
    client = TestClient(create_app(office.house))
    answer = client.post("/webhooks/dingtalk", content=letter.body, headers=dict(letter.headers))
    return answer.status_code, answer.content


def knock(office: DingTalkOffice, letter: Letter) -> int:
    """The status of a call; anything but one is a fault of the door."""
    request = Request("POST", letter.headers, letter.query, letter.body)
    try:
        return office.house.door.accept("dingtalk", request).status
    except BadRequest as error:
        return error.status


def forged(office: DingTalkOffice, chat: str = "", **fields: Any) -> Letter:
    """A genuine header over a message with these *fields*; None takes one away."""
    robot = office.twin.robot
    item = {"msgtype": "text", "text": {"content": "任务的原文"}}
    return robot.letter(robot.body(POLICE, chat, item, fields))


def has_left_no_trace(office: DingTalkOffice) -> bool:
    return office.heard() == [] and list(SPOOL.glob("*")) == []


# What is refused


def test_01_a_wrong_or_stale_header_is_told_nothing(office: DingTalkOffice) -> None:
    robot, body = office.twin.robot, b'{"msgId": "1"}'
    for letter in (
        robot.letter(body, secret="another"),
        robot.letter(body, timestamp="1"),
        robot.letter(body, timestamp="now"),
    ):
        assert told(office, letter) == (403, b"")

    assert has_left_no_trace(office)


def test_01_a_seen_header_is_good_for_an_hour_only(office: DingTalkOffice) -> None:
    letter = forged(office)
    office.twin.clock.forward(61 * 60)

    assert told(office, letter) == (403, b"")
    assert has_left_no_trace(office)


def test_15_a_body_for_another_robot_or_organisation_is_told_nothing(
    office: DingTalkOffice,
) -> None:
    for fields in (
        {"chatbotCorpId": "dingother"},
        {"chatbotCorpId": None},
        {"chatbotCorpId": ["dingcorp"]},
        {"chatbotCorpId": office.twin.corp.id.upper()},
        {"robotCode": "dingother"},
        {"robotCode": "dingrobot7xk2\u200b"},
    ):
        assert told(office, forged(office, **fields)) == (403, b""), fields

    assert has_left_no_trace(office)


def test_04_a_body_of_another_hour_is_told_nothing(office: DingTalkOffice) -> None:
    now = int(office.house.clock().timestamp() * 1000)
    for off in (61, -61, 24 * 60, -24 * 60):
        assert knock(office, forged(office, createAt=now + off * 60_000)) == 403, off
        assert knock(office, forged(office, createAt=str(now + off * 60_000))) == 403, off

    assert has_left_no_trace(office)


NOWHERE: list[dict[str, Any]] = [
    {"msgId": None},
    {"msgId": ""},
    {"msgId": 7},
    {"msgId": "m" * 257},
    {"msgId": "upload:1:0123456789abcdef01234567"},
    {"senderStaffId": None, "senderId": None},
    {"senderStaffId": "s" * 257},
    {"senderId": "$" * 257},
    {"conversationType": "2", "conversationId": None},
    {"conversationType": "2", "conversationId": "cid" + "x" * 255},
    {"conversationType": "2", "conversationId": OTHER},
    {"conversationType": None, "conversationId": OTHER},
]


def test_15_who_wrote_where_and_which_message_is_asked_for(office: DingTalkOffice) -> None:
    """A group at a person's id would have been answered in their single chat."""
    for fields in NOWHERE:
        assert knock(office, forged(office, **fields)) == 400, fields

    assert has_left_no_trace(office)


BODIES = {
    "nothing": b"",
    "words": "任务".encode(),
    "a list": b"[]",
    "a number": b"7",
    "null": b"null",
    "cut off": b'{"msgId": "1", "text": {"content": "x',
    "xml": b"<xml/>",
    "no UTF-8": b'{"msgId": "\xff\xfe"}',
    "UTF-16": '{"msgId": "1"}'.encode("utf-16"),
    "a byte order mark": '\ufeff{"msgId": "1"}'.encode(),
    "deep": b'{"text": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "a frame of nothing": b'{"data": "", "headers": {}}',
    "a frame of a frame": b'{"data": "{\\"data\\": \\"{}\\"}"}',
    "a number without end": b'{"createAt": ' + b"9" * 5000 + b"}",
}


def test_12_what_is_no_message_is_told_nothing(office: DingTalkOffice) -> None:
    for name, body in BODIES.items():
        status = knock(office, office.twin.robot.letter(body))
        assert status in (400, 403), name

    assert has_left_no_trace(office)


def test_12_two_megabytes_are_refused_unread(office: DingTalkOffice) -> None:
    letter = replace(forged(office), body=b"[" * 2_000_000)

    assert told(office, letter) == (413, b"")
    assert has_left_no_trace(office)


def test_the_door_has_no_address_check(office: DingTalkOffice) -> None:
    client = TestClient(create_app(office.house))

    answer = client.get("/webhooks/dingtalk", params={"echostr": "e4711"})
    assert (answer.status_code, answer.content) == (404, b"")


# What is taken, and does no harm

WEIRD: list[dict[str, Any]] = [
    {"msgtype": ["text"]},
    {"msgtype": None},
    {"msgtype": "text\0"},
    {"text": None},
    {"text": "任务"},
    {"text": {"content": 7}},
    {"text": {"content": None}, "content": "任务"},
    {"text": {"content": "任务\0\ud800"}},
    {"text": {"content": "\u202e任务\u200b"}},
    {"text": {"content": "任务", "isReplyMsg": True, "repliedMsg": ["x"]}},
    {"text": {"content": "任务", "repliedMsg": {"msgId": 7, "content": "\0\ud800"}}},
    {
        "text": {
            "content": "任务",
            "repliedMsg": {"msgType": "richText", "content": {"richText": 7}},
        }
    },
    {"text": {"content": "任务", "repliedMsg": {"msgType": ["x"], "content": {"text": ["x"]}}}},
    {"text": {"content": "任务"}, "originalMsgId": "m" * 100_000},
    {"text": {"content": "任务"}, "originalMsgId": {"x": 1}},
    {"text": {"content": "任务"}, "senderNick": {"x": "y"}},
    {"text": {"content": "任务"}, "atUsers": "x"},
    {"text": {"content": "任务"}, "atUsers": [None, 7, {"dingtalkId": ["x"]}]},
    {"text": {"content": "任务"}, "isAdmin": "yes", "isInAtList": "no"},
    {"text": {"content": "任务"}, "conversationType": 1},
    {"text": {"content": "任务"}, "sessionWebhook": 7, "sessionWebhookExpiredTime": "x"},
    {"text": {"content": "任务"}, "errorCode": 20001},
    {"text": None, "errorCode": 20001.5},
    {"msgtype": "richText"},
    {"msgtype": "richText", "content": []},
    {"msgtype": "richText", "content": {"richText": "x"}},
    {"msgtype": "richText", "content": {"richText": [None, 7, [], {}, {"type": 7}]}},
    {"msgtype": "richText", "content": {"richText": [{"type": "picture"}, {"type": "at"}]}},
    {"msgtype": "picture", "content": {"downloadCode": 7}},
    {"msgtype": "picture", "content": {"downloadCode": "\0\ud800"}},
    {"msgtype": "file", "content": {"downloadCode": "", "fileName": "x"}},
    {"msgtype": "audio", "content": {"recognition": ["x"], "duration": "long"}},
    {"msgtype": "video", "content": "x"},
]


def test_12_whatever_is_signed_is_acknowledged_and_handled(either_office: DingTalkOffice) -> None:
    office, robot = either_office, either_office.twin.robot
    for number, weird in enumerate(WEIRD):
        body = {**robot.body(POLICE, "", {"msgtype": "text"}), **weird}
        raw = json.dumps(body).encode()
        assert knock(office, robot.letter(raw)) == 200, number
    office.works()

    assert len(office.heard()) == len(WEIRD)
    assert list(SPOOL.glob("*")) == []
    states = {str(weird): row.state for weird, row in zip(WEIRD, office.heard(), strict=True)}
    assert {each: state for each, state in states.items() if state != InboxState.DONE} == {}


def test_12_a_name_of_a_megabyte_is_cut_and_harms_nobody(office: DingTalkOffice) -> None:
    nick = "名" * 320_000
    assert knock(office, forged(office, senderNick=nick)) == 200
    office.works()

    [row] = office.heard()
    assert message_of(row).sender_name == "名" * 64
    assert row.state == InboxState.DONE


def test_12_a_message_of_a_thousand_pictures_takes_no_call_of_the_month(
    office: DingTalkOffice,
) -> None:
    parts = [{"type": "picture", "downloadCode": f"code{at}"} for at in range(1000)]
    for fields in (
        {"msgtype": "richText", "content": {"richText": parts}},
        {"msgtype": "picture", "content": {"downloadCode": "c" * 5000}},
    ):
        assert knock(office, forged(office, **fields)) == 200
    office.works()

    assert office.twin.record.tries["robot/messageFiles/download"] == 0
    assert [row.message["kind"] for row in office.heard()] == ["other", "other"]
    assert len(office.twin.seen(POLICE, 2)) == 2


def test_12_a_file_keeps_a_name_that_can_be_read_and_nothing_else(office: DingTalkOffice) -> None:
    office.twin.robot.hands(POLICE, b"x", "..\\..\\etc/通报\u202e\r\nfdp.txt").answer()

    [attachment] = office.heard()[0].message["attachments"]
    assert attachment["name"] == "通报fdp.txt"


def test_13_ids_are_taken_to_the_letter_and_people_without_regard_to_it(
    office: DingTalkOffice,
) -> None:
    corp = office.twin.corp
    corp.members["WangWu"] = corp.members[POLICE]
    with office.house.database.write() as session:
        session.execute(
            text("UPDATE account SET user_id = 'wangwu', spelling = 'WangWu' WHERE user_id = :id"),
            {"id": POLICE},
        )
    office.twin.corp.meets(GROUP, "WangWu")
    robot = office.twin.robot
    robot.sends(robot.body(POLICE, "", _words("任务"), {"senderStaffId": "WangWu"})).answer()
    robot.sends(robot.body(POLICE, GROUP, _words("进度"), {"senderStaffId": "WANGWU"})).answer()
    office.works()

    assert [row.sender_id for row in office.heard()] == ["WangWu", "WANGWU"]
    assert [row.chat_id for row in office.heard()] == ["WangWu", GROUP]
    assert {row.message["kind"] for row in office.heard()} == {"text"}


def test_15_nobody_is_authorised_by_what_a_body_says_of_them(office: DingTalkOffice) -> None:
    """The name, the hidden id and being an administrator of DingTalk's are anybody's to claim."""
    claims = {"senderNick": "管理员甲", "isAdmin": True, "senderStaffId": None}
    assert knock(office, forged(office, **claims)) == 200
    assert knock(office, forged(office, **{**claims, "senderStaffId": "outsider:管理员甲"})) == 200
    office.works()

    kinds = [row.message["kind"] for row in office.heard()]
    assert kinds == ["outsider", "text"]
    assert "待审" not in "".join(b.text for b in office.twin.seen(POLICE))


def test_11_nothing_of_a_message_and_no_secret_stands_in_the_log(
    office: DingTalkOffice, logs: list[Any]
) -> None:
    for letter in (forged(office), forged(office, robotCode="dingother"), forged(office, msgId="")):
        told(office, letter)
    told(office, office.twin.robot.letter(b"{", secret="another"))
    office.works()

    logged = str(logs)
    assert logged.count("call refused") == 3
    assert [each for each in SECRETS if each in logged] == []


def test_16_an_address_that_leads_elsewhere_is_not_followed() -> None:
    server = Server(sendBySession=httpx2.Response(302, headers={"location": "https://10.0.0.1/"}))

    with pytest.raises(DeliveryError):
        post_webhook(server.calls, f"{OAPI}/robot/sendBySession?session=s1", {"msgtype": "empty"})
    assert [each.url.host for each in server.asked] == ["oapi.dingtalk.com"]


# The database away


def test_03_a_call_is_acknowledged_while_the_database_is_away(office: DingTalkOffice) -> None:
    with office.house.database.write() as session:
        session.execute(text("ALTER TABLE inbox RENAME TO inbox_away"))
    letter = forged(office)
    assert told(office, letter) == (200, b'{"msgtype":"empty"}')
    with office.house.database.write() as session:
        session.execute(text("ALTER TABLE inbox_away RENAME TO inbox"))
    office.forward(2 * 60 * 60)
    assert office.house.door.take_in_spooled() <= 1
    office.works()

    assert len(office.heard()) == 1
    assert list(SPOOL.glob("*")) == []


def _words(words: str) -> dict[str, Any]:
    return {"msgtype": "text", "text": {"content": words}}
