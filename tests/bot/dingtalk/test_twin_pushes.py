"""The stand-in's messages against a robot of a few lines: what it posts, repeats and takes."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.twins.dingtalk.cards import Card
from tests.twins.dingtalk.corp import CLIENT_SECRET, CORP_ID, ROBOT_CODE, Member
from tests.twins.dingtalk.courier import signed
from tests.twins.dingtalk.record import Bubble
from tests.twins.dingtalk.speech import hidden
from tests.twins.dingtalk.twin import Twin

JPEG = b"\xff\xd8\xff\xe0 a picture"
GROUP = "cidGroupA=="


class Robot:
    """An app in the twin's own loop: checks the signature, answers what the test says."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.answers: list[Response] = []
        self.deaf = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        request = Request(scope, receive)
        body = await request.body()
        self.headers.append(dict(request.headers))
        self.heard.append(json.loads(body))
        if self.deaf:
            self.deaf -= 1
            await asyncio.Event().wait()
        answer = self.answers.pop(0) if self.answers else Response()
        await answer(scope, receive, send)


@pytest.fixture
def robot() -> Robot:
    return Robot()


@pytest.fixture
def twin(robot: Robot) -> Iterator[Twin]:
    people = (Member("WangWu", "王五"), Member("0123", "李四"))
    with Twin(members=people, transport=httpx2.ASGITransport(robot)) as twin:
        twin.robot.callback_url = "http://robot/webhooks/dingtalk"
        yield twin


def heard(robot: Robot, delivery: Any) -> dict[str, Any]:
    """What the robot heard of a message that was answered."""
    assert delivery.answer().status == 200
    return robot.heard[-1]


def test_the_published_vectors_hold_for_the_twins_own_signature():
    time, secret = "1577262236757", "this is a secret"

    assert signed(secret, f"{time}\n{secret}") == "DJrE6qdyVGCQz9z5r2MDuNcNAhwYnuAkyj13cx169CA="
    assert signed("card-secret", time) == "ZuBB8APvAfMswxax1h80oQdfPu9Q5mVz2g7oFX+/N6w="


def test_headers_are_signed_over_the_time_and_the_secret_alone(twin, robot):
    twin.robot.says("WangWu", "进度").answer()

    told = robot.headers[0]
    assert told["timestamp"] == str(int(twin.clock.now() * 1000))
    text = f"{told['timestamp']}\n{CLIENT_SECRET}".encode()
    digest = hmac.digest(CLIENT_SECRET.encode(), text, hashlib.sha256)
    assert base64.b64decode(told["sign"]) == digest
    assert told["content-type"] == "application/json; charset=utf-8"


def test_words_in_a_single_chat(twin, robot):
    body = heard(robot, twin.robot.says("WangWu", "进度"))

    now = int(twin.clock.now() * 1000)
    assert body["msgtype"] == "text"
    assert body["text"] == {"content": "进度"}
    assert (body["conversationType"], body["senderStaffId"]) == ("1", "WangWu")
    assert (body["senderCorpId"], body["chatbotCorpId"]) == (CORP_ID, CORP_ID)
    assert body["robotCode"] == ROBOT_CODE
    assert body["senderNick"] == "王五"
    assert body["createAt"] == now
    assert body["sessionWebhookExpiredTime"] - now == 90 * 60 * 1000
    assert body["sessionWebhook"].startswith(f"{twin.url}/robot/sendBySession?session=")
    assert "conversationTitle" not in body
    assert "isInAtList" not in body


def test_words_in_a_group_begin_with_a_blank(twin, robot):
    body = heard(robot, twin.robot.says("WangWu", "进度", GROUP))

    assert body["text"] == {"content": " 进度"}
    assert (body["conversationType"], body["conversationId"]) == ("2", GROUP)
    assert body["isInAtList"] is True
    assert body["atUsers"] == [{"dingtalkId": body["chatbotUserId"]}]


def test_every_message_has_an_id_of_its_own_until_it_is_repeated(twin, robot):
    first = heard(robot, twin.robot.says("WangWu", "进度"))
    second = heard(robot, twin.robot.says("WangWu", "进度"))
    twin.clock.forward(60)
    again = heard(robot, twin.robot.repeat(first))

    assert first["msgId"] != second["msgId"]
    assert again == first
    assert robot.headers[-1]["timestamp"] != robot.headers[0]["timestamp"]


def test_words_and_pictures_in_one_message(twin, robot):
    parts = ({"type": "at", "atName": "答卷"}, "现场", JPEG, {"type": "emoji", "emoji": "[赞]"})
    body = heard(robot, twin.robot.mixes("WangWu", *parts, chat=GROUP))

    rich = body["content"]["richText"]
    assert body["msgtype"] == "richText"
    assert rich[1] == {"text": "现场"}
    assert set(rich[2]) == {"type", "downloadCode", "pictureDownloadCode"}
    assert (rich[0]["type"], rich[3]["type"]) == ("at", "emoji")


@pytest.mark.parametrize(
    ("act", "kind", "fields"),
    [
        (lambda robot: robot.shows("WangWu", JPEG), "picture", {"pictureDownloadCode"}),
        (lambda robot: robot.speaks("WangWu", "已完成"), "audio", {"duration", "recognition"}),
        (lambda robot: robot.hands("WangWu", b"%PDF-", "材料.pdf"), "file", {"fileName"}),
        (lambda robot: robot.films("WangWu"), "video", {"duration", "videoType"}),
    ],
)
def test_a_medium_comes_with_its_code(twin, robot, act, kind, fields):
    body = heard(robot, act(twin.robot))

    assert body["msgtype"] == kind
    assert {"downloadCode", *fields} <= set(body["content"])
    assert "text" not in body


def test_files_and_voice_never_come_from_groups(twin, robot):
    deliveries = [
        twin.robot.speaks("WangWu", "已完成", chat=GROUP),
        twin.robot.hands("WangWu", b"%PDF-", "材料.pdf", chat=GROUP),
        twin.robot.films("WangWu", chat=GROUP),
    ]
    heard(robot, twin.robot.shows("WangWu", JPEG, GROUP))

    assert all(each.is_over and not each.tries for each in deliveries)
    assert [body["msgtype"] for body in twin.robot.kept_back] == ["audio", "file", "video"]
    assert [body["msgtype"] for body in robot.heard] == ["picture"]


def test_a_quote_tells_what_it_quotes(twin, robot):
    first = heard(robot, twin.robot.says("0123", "已完成 30 项"))
    body = heard(robot, twin.robot.says("WangWu", "收到", quote=twin.robot.quoted(first)))

    assert body["originalMsgId"] == first["msgId"]
    assert body["text"]["isReplyMsg"] is True
    assert body["text"]["repliedMsg"]["msgId"] == first["msgId"]
    assert body["text"]["repliedMsg"]["content"] == {"text": "已完成 30 项"}
    assert body["text"]["repliedMsg"]["senderId"] == hidden("0123")


def test_a_quote_of_the_robots_own_words(twin, robot):
    heard(robot, twin.robot.says("WangWu", "进度"))
    httpx2.post(
        robot.heard[0]["sessionWebhook"], json={"msgtype": "text", "text": {"content": "30 项"}}
    )
    bubble = twin.sees("WangWu", "30 项")
    body = heard(robot, twin.robot.says("WangWu", "收到", quote=twin.robot.quoted(bubble)))

    assert body["text"]["repliedMsg"]["msgId"] == bubble.msgid
    assert body["text"]["repliedMsg"]["senderId"] == body["chatbotUserId"]


def test_outsiders_have_no_staff_id(twin, robot):
    body = heard(robot, twin.robot.says("stranger", "进度", GROUP))
    foreign = heard(robot, twin.robot.says("WangWu", "进度", senderCorpId="dingforeign"))

    assert not {"senderStaffId", "senderCorpId", "isAdmin"} & set(body)
    assert body["senderId"] == hidden("stranger")
    assert foreign["senderCorpId"] == "dingforeign"


def test_before_it_is_published_a_robot_is_told_no_staff_ids(twin, robot):
    twin.robot.is_published = False
    body = heard(robot, twin.robot.says("WangWu", "进度"))

    assert not {"senderStaffId", "isAdmin"} & set(body)


@pytest.mark.parametrize(
    ("short", "code", "words"),
    [(False, "errorCode", "errorMessage"), (True, "errCode", "errMsg")],
)
def test_over_the_quota_a_message_comes_without_its_content(twin, robot, short, code, words):
    body = heard(robot, twin.robot.withheld("WangWu", short_names=short))

    assert body[code] == "20001"
    assert body[words]
    assert body["senderStaffId"] == "WangWu"
    assert not {"text", "content"} & set(body)


def test_every_message_counts_until_the_months_quota_is_used_up(twin, robot):
    twin.corp.quota.webhook.used = 2_999

    assert heard(robot, twin.robot.says("WangWu", "进度"))["text"] == {"content": "进度"}
    body = heard(robot, twin.robot.shows("WangWu", JPEG))
    assert body["errorCode"] == "20001"
    assert not {"text", "content"} & set(body)


def test_fields_are_changed_and_taken_away(twin, robot):
    body = heard(robot, twin.robot.says("WangWu", "进度", createAt="1770000000000", robotCode=None))

    assert body["createAt"] == "1770000000000"
    assert "robotCode" not in body


def test_any_body_is_posted_as_it_is(twin, robot):
    heard(robot, twin.robot.sends({"msgtype": "text"}))

    assert robot.heard == [{"msgtype": "text"}]


def test_a_letter_of_the_tests_own_making(twin, robot):
    letter = twin.robot.letter({"msgtype": "text"}, secret="wrong", timestamp="1577262236757")
    bare = replace(letter, headers={"content-type": "application/json"})
    twin.robot.post(bare).answer()

    assert letter.headers["timestamp"] == "1577262236757"
    assert letter.headers["sign"] != twin.robot.letter(b"{}", timestamp="1577262236757").headers
    assert "sign" not in robot.headers[0]


# Cards


def test_a_cards_tap_is_signed_in_a_way_of_its_own(twin, robot):
    twin.cards.callbacks["route"] = ("http://robot/cards", "card-secret")
    card = twin.cards.all["card-1"] = Card("card-1", "t.schema", {"a": "1"}, "HTTP", "route")
    robot.answers = [
        JSONResponse(
            {
                "cardData": {"cardParamMap": {"status": "done"}},
                "cardUpdateOptions": {"updateCardDataByKey": True},
            }
        )
    ]
    heard(robot, twin.robot.taps("WangWu", "card-1", {"action": "confirm"}, field="value"))

    told = robot.headers[0]
    assert told["x-ddpaas-signature"] == signed("card-secret", told["x-ddpaas-signature-timestamp"])
    assert "sign" not in told
    assert robot.heard[0]["userId"] == "WangWu"
    assert json.loads(robot.heard[0]["value"])["cardPrivateData"]["params"] == {"action": "confirm"}
    assert card.params == {"a": "1", "status": "done"}


def test_a_tap_on_a_link_says_its_words_and_in_a_group_nobody_hears_them(twin, robot):
    words = "dtmd://dingtalkclient/sendMessage?content=%E9%80%9A%E8%BF%87%20%231"
    bubble = Bubble("api", "actionCard", {}, "msg1==", 0.0, links={"通过": words})
    body = heard(robot, twin.robot.follows("WangWu", bubble, "通过"))
    kept = twin.robot.follows("WangWu", bubble, "通过", GROUP)

    assert body["text"] == {"content": "通过 #1"}
    assert body["conversationType"] == "1"
    assert kept.is_over
    assert len(robot.heard) == 1


# Answers


@pytest.mark.parametrize("answer", [Response(), JSONResponse({"msgtype": "empty"})])
def test_an_answer_may_say_nothing(twin, robot, answer):
    robot.answers = [answer]
    twin.robot.says("WangWu", "进度").answer()

    assert twin.seen("WangWu") == []
    assert twin.complaints == []


def test_an_answer_may_be_a_message(twin, robot):
    robot.answers = [JSONResponse({"msgtype": "text", "text": {"content": "30 项"}})]
    twin.robot.says("WangWu", "进度").answer()

    assert [bubble.text for bubble in twin.seen("WangWu")] == ["30 项"]


@pytest.mark.parametrize("answer", [Response("success"), JSONResponse({"msgtype": "image"})])
def test_an_answer_that_is_neither_is_complained_of(twin, robot, answer):
    robot.answers = [answer]
    twin.robot.says("WangWu", "进度").answer()

    assert len(twin.complaints) == 1


def test_an_unanswered_message_is_lost_since_no_page_knows_of_repeats(twin, robot):
    robot.deaf = 1
    delivery = twin.robot.says("WangWu", "进度")
    delivery.wait_tries(1)
    twin.clock.forward(3)

    assert delivery.answer().status is None
    assert delivery.is_lost
    assert len(robot.heard) == 1


def test_repeats_can_be_switched_on(twin, robot):
    twin.robot.repeats = 1
    robot.answers = [Response(status_code=500), Response()]
    delivery = twin.robot.says("WangWu", "进度")
    delivery.wait_tries(1)
    twin.clock.forward(3)

    assert delivery.answer().status == 200
    assert robot.heard[0] == robot.heard[1]
