"""The stand-in's callbacks against a bot of a few lines: what it sends, repeats and takes."""

import asyncio
import json
import socket
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest
import yaml
from starlette.requests import Request
from starlette.responses import Response

from tests.twins.courier import Try
from tests.twins.wecom import seal, xml
from tests.twins.wecom.corp import CORP_ID, ENCODING_KEY, TOKEN, Member
from tests.twins.wecom.twin import Twin

JPEG = b"\xff\xd8\xff\xe0 a picture"
Answerer = Callable[[dict[str, Any], dict[str, str]], Response]


def silent(plain: dict[str, Any], query: dict[str, str]) -> Response:
    return Response()


class Bot:
    """An app in the twin's own loop: opens what comes, answers what the test says."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.answers: list[Answerer] = []
        self.deaf = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        request = Request(scope, receive)
        query, body = dict(request.query_params), await request.body()
        if request.method == "GET":
            plain, _ = seal.opened(query["echostr"], ENCODING_KEY)
            await Response(plain, media_type="text/plain")(scope, receive, send)
            return
        plain = _opened(body, query)
        self.heard.append(plain)
        if self.deaf:
            self.deaf -= 1
            await asyncio.Event().wait()
        answer = self.answers.pop(0) if self.answers else silent
        await answer(plain, query)(scope, receive, send)


def _opened(body: bytes, query: dict[str, str]) -> dict[str, Any]:
    is_json = body.startswith(b"{")
    text = json.loads(body)["encrypt"] if is_json else xml.read(body.decode())["Encrypt"]
    signed = seal.signed(TOKEN, query["timestamp"], query["nonce"], text)
    assert query["msg_signature"] == signed
    plain, receiver = seal.opened(text, ENCODING_KEY)
    assert receiver == ("" if is_json else CORP_ID)
    return json.loads(plain) if is_json else xml.read(plain)


@pytest.fixture
def bot() -> Bot:
    return Bot()


@pytest.fixture
def twin(bot: Bot) -> Iterator[Twin]:
    people = (Member("WangWu", "王五"), Member("lisi", "李四"))
    with Twin(members=people, transport=httpx2.ASGITransport(bot)) as twin:
        twin.app.callback_url = "http://bot/webhooks/wecom-app"
        twin.bot.callback_url = "http://bot/webhooks/wecom-bot"
        yield twin


# The app


def test_the_published_vectors_hold_for_the_twins_own_cipher():
    with open("tests/data/wecom/vectors.yaml", encoding="utf-8") as file:
        own = yaml.safe_load(file)["own"]

    for each in own:
        sealed = seal.sealed(each["plain"], ENCODING_KEY, each["receiver"], b"0123456789abcdef")
        assert sealed == each["encrypted"]


def test_an_address_is_checked(twin):
    for door in (twin.app, twin.bot):
        answer = door.checks_address()
        assert (answer.status_code, answer.text) == (200, "1616140317555161061")


def test_words_come_as_encrypted_xml(twin, bot):
    delivery = twin.app.says("WangWu", "完成 ]]> 30 项 <&>")

    assert delivery.answer() == Try(twin.clock.now(), 200, b"")
    assert b"<Encrypt><![CDATA[" in delivery.letter.body
    assert bot.heard == [
        {
            "ToUserName": CORP_ID,
            "FromUserName": "WangWu",
            "CreateTime": "1700000000",
            "MsgType": "text",
            "Content": "完成 ]]> 30 项 <&>",
            "MsgId": delivery.msgid,
            "AgentID": "1000002",
        }
    ]


def test_every_kind_of_message(twin, bot):
    app = twin.app
    for delivery in (
        app.shows("WangWu", JPEG),
        app.speaks("WangWu"),
        app.films("WangWu"),
        app.locates("WangWu", 26.64, 106.63, "贵阳市"),
        app.links("WangWu", "通报", "https://example.org"),
        app.hands("WangWu", "第一季度.docx", b"a document"),
    ):
        assert delivery.answer().status == 200

    # Callbacks are under way at the same time, so their order is nobody's promise.
    by_kind = {each["MsgType"]: each for each in bot.heard}
    assert set(by_kind) == {"image", "voice", "video", "location", "link", "file"}
    assert twin.corp.media_of(by_kind["image"]["MediaId"]).data == JPEG
    assert by_kind["file"]["FileName"] == "第一季度.docx"
    assert by_kind["location"]["AppType"] == "wxwork"
    assert by_kind["voice"]["Format"] == "amr"


@pytest.mark.parametrize(
    ("userid", "name", "fields"),
    [
        ("WangWu", "subscribe", {"EventKey": ""}),
        ("WangWu", "LOCATION", {"Latitude": 26.6, "Longitude": 106.6, "Precision": 60}),
        ("WangWu", "scancode_waitmsg", {"ScanCodeInfo": {"ScanType": "qrcode"}}),
        ("sys", "change_contact", {"ChangeType": "create_party", "Id": 2}),
        ("sys", "inactive_alert", {"EffectTime": 1700000000}),
    ],
)
def test_events_have_no_msgid(twin, bot, userid, name, fields):
    twin.app.event(userid, name, fields).answer()

    assert bot.heard[0]["Event"] == name
    assert "MsgId" not in bot.heard[0]
    assert ("AgentID" in bot.heard[0]) == (userid != "sys")


def test_without_an_answer_it_is_said_three_times_more(twin, bot):
    bot.deaf = 4
    delivery = twin.app.says("WangWu", "完成")

    for tries in (1, 2, 3):
        delivery.wait_tries(tries)
        twin.clock.forward(5)
    delivery.wait_tries(4)
    assert not delivery.is_lost
    twin.clock.forward(5)

    assert delivery.answer().status is None
    assert delivery.is_lost
    assert [each.at - 1_700_000_000 for each in delivery.tries] == [0, 5, 10, 15]
    assert {each["MsgId"] for each in bot.heard} <= {delivery.msgid}


def test_where_nobody_listens_it_is_repeated_too():
    with socket.socket() as taken, Twin() as twin:
        taken.bind(("127.0.0.1", 0))  # bound, but not listening
        twin.app.callback_url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        delivery = twin.app.says("WangWu", "完成")
        for tries in (1, 2, 3, 4):
            delivery.wait_tries(tries)
            twin.clock.forward(5)

        assert delivery.answer().status is None
        assert delivery.is_lost


def test_callbacks_go_over_the_wire():
    with Twin() as twin:
        twin.courier.repeats_on_status = False
        twin.app.callback_url = f"{twin.url}/nothing-there"

        assert twin.app.says("WangWu", "完成").answer().status == 404


@pytest.mark.parametrize("door", ["app", "bot"])
def test_callbacks_of_the_tests_own_making_are_posted_once(twin, bot, door):
    bot.answers = [lambda plain, query: Response(status_code=403)]
    side = twin.app if door == "app" else twin.bot
    letter = side.letter({"MsgType": "text"}, timestamp="1")

    assert side.post(letter, repeats=0).answer().status == 403


def test_a_repeat_can_be_answered(twin, bot):
    bot.answers = [lambda plain, query: Response(status_code=502)]
    delivery = twin.app.says("WangWu", "完成")
    delivery.wait_tries(1)
    twin.record.wait(lambda: delivery.tries[0].status == 502, 10, "the refusal")
    twin.clock.forward(5)

    assert delivery.answer().status == 200
    assert len(bot.heard) == 2


def test_statuses_may_count_as_answers(twin, bot):
    twin.courier.repeats_on_status = False
    bot.answers = [lambda plain, query: Response(status_code=502)]

    assert twin.app.says("WangWu", "完成").answer().status == 502


def passive(fields: dict[str, Any], receiver: str = CORP_ID) -> Answerer:
    def answer(plain: dict[str, Any], query: dict[str, str]) -> Response:
        parties = {"ToUserName": plain["FromUserName"], "FromUserName": CORP_ID, "CreateTime": 1}
        text = seal.sealed(xml.written({**parties, **fields}), ENCODING_KEY, receiver)
        outer = {
            "Encrypt": text,
            "MsgSignature": seal.signed(TOKEN, "1", "n", text),
            "TimeStamp": 1,
            "Nonce": "n",
        }
        return Response(xml.written(outer), media_type="text/xml")

    return answer


def test_a_passive_reply_is_shown(twin, bot):
    bot.answers = [passive({"MsgType": "text", "Content": "收到"})]
    twin.app.says("WangWu", "完成").answer()

    assert twin.seen("wangwu")[0].text == "收到"
    assert twin.sent("answer")[0].body["MsgType"] == "text"
    assert twin.complaints == []


@pytest.mark.parametrize(
    "answer",
    [
        lambda plain, query: Response("success"),
        passive({"MsgType": "text", "Content": "x"}, receiver="other"),
        passive({"MsgType": "file", "File": {"MediaId": "x"}}),
        passive({"MsgType": "update_button", "Button": {"ReplaceName": "x"}}),
    ],
    ids=["a word", "another corp", "a file", "no card was tapped"],
)
def test_wrong_replies_are_complained_about(twin, bot, answer):
    bot.answers = [answer]
    twin.app.says("WangWu", "完成").answer()

    assert len(twin.complaints) == 1
    assert twin.seen("WangWu") == []


CARD = {
    "card_type": "button_interaction",
    "main_title": {"title": "出生缺陷防治"},
    "button_list": [{"text": "通过", "key": "ok"}],
    "task_id": "task-1",
}


def a_card(twin: Twin) -> None:
    with httpx2.Client(base_url=f"{twin.url}/cgi-bin/", verify=False) as http:
        query = {"corpid": CORP_ID, "corpsecret": "app-secret"}
        token = http.get("gettoken", params=query).json()["access_token"]
        message = {
            "touser": "WangWu",
            "agentid": 1000002,
            "msgtype": "template_card",
            "template_card": CARD,
        }
        body = json.dumps(message, ensure_ascii=False).encode()
        http.post("message/send", params={"access_token": token}, content=body)


@pytest.mark.parametrize("options", [["a"], ["a", "b"]], ids=["one", "two"])
def test_a_tapped_card_is_changed_by_the_reply(twin, bot, options):
    a_card(twin)
    bubble = twin.seen("WangWu", 1)[0]
    bot.answers = [passive({"MsgType": "update_button", "Button": {"ReplaceName": "已通过"}})]

    twin.app.taps_card("WangWu", bubble, "ok", {"which": options}).answer()

    tapped = bot.heard[0]
    assert (tapped["Event"], tapped["EventKey"], tapped["TaskId"]) == (
        "template_card_event",
        "ok",
        "task-1",
    )
    item = tapped["SelectedItems"]["SelectedItem"]
    assert item["OptionIds"]["OptionId"] == (options if len(options) > 1 else "a")
    assert twin.seen("WangWu")[0].body["button"] == "已通过"
    assert tapped["ResponseCode"] not in twin.corp.codes
    assert twin.complaints == []


# The bot


def reply(body: dict[str, Any], **changes: Any) -> Answerer:
    def answer(plain: dict[str, Any], query: dict[str, str]) -> Response:
        text = seal.sealed(json.dumps(body), ENCODING_KEY, "")
        outer = {
            "encrypt": text,
            "msgsignature": seal.signed(TOKEN, "1", query["nonce"], text),
            "timestamp": 1,
            "nonce": query["nonce"],
            **changes,
        }
        return Response(json.dumps(outer))

    return answer


def stream(content: str, finish: bool, ident: str = "S1", **more: Any) -> dict[str, Any]:
    about = {"id": ident, "finish": finish, "content": content}
    return {"msgtype": "stream", "stream": {**about, **more}}


def test_a_mention_in_a_group(twin, bot):
    bot.answers = [reply(stream("好的", True))]

    exchange = twin.bot.says("WangWu", "@大卷 进度", chat="wrGroupA")

    assert exchange.answer() == stream("好的", True)
    heard = bot.heard[0]
    assert (heard["chattype"], heard["chatid"], heard["from"]) == (
        "group",
        "wrGroupA",
        {"userid": "WangWu"},
    )
    assert heard["response_url"].startswith(twin.url)
    assert [bubble.text for bubble in twin.seen("wrGroupA")] == ["好的"]
    assert twin.complaints == []


def test_a_single_chat_has_no_chatid(twin, bot):
    assert twin.bot.says("WangWu", "进度").answer() is None
    assert (bot.heard[0]["chattype"], "chatid" in bot.heard[0]) == ("single", False)


def test_unfinished_answers_are_polled_for(twin, bot):
    bot.answers = [
        reply(stream("请稍候", False)),
        reply(stream("请稍候，正在统计", False)),
        silent,
        reply(stream("共 30 项", True)),
    ]

    exchange = twin.bot.says("WangWu", "进度")

    assert exchange.until_finished() == stream("共 30 项", True)
    polls = [each for each in bot.heard if each["msgtype"] == "stream"]
    assert [each["stream"] for each in polls] == [{"id": "S1"}] * 3
    assert len({each["msgid"] for each in bot.heard}) == 4
    assert [bubble.text for bubble in twin.seen("WangWu")] == ["共 30 项"]
    assert twin.complaints == []


def test_after_six_minutes_nobody_polls(twin, bot):
    bot.answers = [reply(stream("请稍候", False))] + [silent] * 20
    twin.bot.poll_every = 100

    exchange = twin.bot.says("WangWu", "进度")
    exchange.until_finished()

    assert exchange.is_expired
    assert len(bot.heard) == 4


@pytest.mark.parametrize(
    "answer",
    [
        reply(stream("x", True), nonce="another"),
        reply(stream("x", True), msgsignature="0" * 40),
        reply(stream("x", True), errcode=0),
        reply({"msgtype": "text", "text": {"content": "x"}}),
        reply(stream("长" * 6827, True)),
        reply(stream("x", False, msg_item=[{"msgtype": "image", "image": {}}])),
        lambda plain, query: Response("success"),
    ],
)
def test_what_the_bot_may_not_answer(twin, bot, answer):
    bot.answers = [answer]

    twin.bot.says("WangWu", "进度").answer()

    assert len(twin.complaints) == 1


def test_another_stream_than_the_one_polled_for(twin, bot):
    bot.answers = [reply(stream("…", False)), reply(stream("x", True, "S2"))]
    exchange = twin.bot.says("WangWu", "进度")
    exchange.answer()
    twin.clock.forward(1)
    twin.record.wait(lambda: exchange.polls == 1, 10, "a poll")

    assert "another stream" in twin.complaints[0]


def test_every_kind_of_thing_said_to_a_bot(twin, bot):
    for say in (
        lambda: twin.bot.shows("WangWu", JPEG),
        lambda: twin.bot.mixes("WangWu", "@大卷 看", JPEG, chat="wrGroupA"),
        lambda: twin.bot.speaks("WangWu", "完成三十项"),
        lambda: twin.bot.hands("WangWu", "第一季度.docx", b"a document"),
        lambda: twin.bot.films("WangWu"),
        lambda: twin.bot.says("WangWu", "看这个", quote=twin.bot.mixed_item("原文", JPEG)),
        lambda: twin.bot.judges("WangWu", "f1", 2, "不对"),
    ):
        assert say().answer() is None

    kinds = sorted(each["msgtype"] for each in bot.heard)
    assert kinds == ["event", "file", "image", "mixed", "text", "video", "voice"]
    quoted = next(each for each in bot.heard if "quote" in each)["quote"]
    assert [each["msgtype"] for each in quoted["mixed"]["msg_item"]] == ["text", "image"]


def test_a_fourth_open_exchange_of_one_person_is_not_brought(twin, bot):
    bot.answers = [reply(stream("…", False))] * 3 + [silent] * 3
    for number in range(3):
        twin.bot.says("WangWu", f"第{number}件").answer()
    held = twin.bot.says("WANGWU", "第四件")

    assert twin.bot.held_back == [held]
    assert twin.bot.says("lisi", "进度").answer() is None
    twin.clock.forward(361)
    assert twin.bot.says("WangWu", "第五件").answer() is None
    assert len([each for each in bot.heard if each["msgtype"] == "text"]) == 5


def test_media_lie_encrypted_for_five_minutes(twin, bot):
    twin.bot.hands("WangWu", "第一季度.docx", b"hello wecom media").answer()
    url = bot.heard[0]["file"]["url"]

    with httpx2.Client(verify=False) as http:
        got = http.get(url)
        twin.clock.forward(301)
        late = http.get(url)

    key = seal.key_of(ENCODING_KEY)
    assert got.content == seal.encrypted(b"hello wecom media", key)
    assert "第一季度.docx".encode() in dict(got.headers.raw)[b"content-disposition"]
    assert late.status_code == 403


def test_a_welcome_is_words_or_a_card(twin, bot):
    bot.answers = [
        reply({"msgtype": "text", "text": {"content": "您好"}}),
        reply(stream("x", True)),
    ]

    twin.bot.enters("WangWu").answer()
    assert twin.complaints == []
    twin.bot.enters("WangWu").answer()

    assert [bubble.text for bubble in twin.seen("WangWu")] == ["您好"]
    assert len(twin.complaints) == 1


def test_a_tapped_card_is_called_back_once(twin, bot):
    bot.deaf = 1
    exchange = twin.bot.taps_card("WangWu", CARD, "ok", {"which": ["a"]})
    exchange.delivery.wait_tries(1)
    twin.clock.forward(5)

    assert exchange.delivery.answer().status is None
    assert len(exchange.delivery.tries) == 1


def test_a_tapped_card_changes(twin, bot):
    changed = {**CARD, "button_list": [{"text": "已通过", "key": "done"}]}
    bot.answers = [
        reply({"msgtype": "template_card", "template_card": CARD}),
        reply({"response_type": "update_template_card", "template_card": changed}),
    ]
    twin.bot.says("WangWu", "审核").answer()
    twin.bot.taps_card("WangWu", CARD, "ok").answer()

    event = bot.heard[1]["event"]
    assert event["template_card_event"]["event_key"] == "ok"
    assert twin.seen("WangWu")[0].body["button_list"] == changed["button_list"]
    assert twin.complaints == []
