"""The bot at its address: what it hears, and the pictures and files that come along."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from sqlmodel import col, select

from bot.wecom.body import selected
from bot.wecom.growing import NOTHING, WAIT
from bot.wecom.media import fetch_media, is_own
from handlers import phrases
from models.errors import MediaUnavailable
from models.inbox import InboxState
from models.media import Media
from models.submission import Submission
from tests.bot.wecom.asking import (
    GROUP,
    POLICE,
    PROGRESS,
    REPORT,
    alarms,
    ended,
    last,
    streams,
    words,
)
from tests.pictures import a_photo, a_view, encoded
from tests.twins.wecom import seal
from tests.twins.wecom.corp import ENCODING_KEY
from tests.twins.wecom.speech import text_item
from tests.wecom import WecomOffice

CARD = {"card_type": "button_interaction", "task_id": "task-1"}
ANOTHER_KEY = b"another key of 32 bytes, really."
API = "https://qyapi.weixin.qq.com"


def media(office: WecomOffice) -> list[Media]:
    with office.house.database.read() as session:
        return list(session.exec(select(Media).order_by(col(Media.sha))).all())


# What is heard


def test_08_the_same_message_four_times_is_handled_once(office):
    exchange = office.twin.bot.says(POLICE, REPORT)
    exchange.answer()
    for _ in range(3):
        office.twin.bot.post(exchange.delivery.letter).answer()
    office.works()
    exchange.until_finished()

    assert len(office.heard()) == 1
    assert "已收到 #1" in last(exchange).replace("\\", "")
    with office.house.database.read() as session:
        assert len(session.exec(select(Submission)).all()) == 1


def test_08_events_without_a_number_are_told_apart(office):
    for key in ("任务", "帮助", "任务"):
        tapped = {"card_type": "button_interaction", "task_id": "t", "event_key": key}
        body = office.twin.bot._message(
            POLICE,
            "",
            {
                "create_time": 1_629_421_200,
                "msgtype": "event",
                "event": {"eventtype": "template_card_event", "template_card_event": tapped},
            },
        )
        del body["msgid"]
        body["response_url"] = "the same"
        office.twin.bot.post(office.twin.bot.letter(body)).answer()

    assert [row.message["text"] for row in office.heard()] == ["任务", "帮助"]


def test_24_a_group_keeps_the_case_of_its_address_and_a_person_has_none(office):
    person = POLICE
    office.twin.corp.members["wangwu"] = office.twin.corp.members[person.casefold()]
    office.twin.bot.says("WangWu", PROGRESS, chat="wrGroupA").answer()
    office.twin.bot.says("wangwu", PROGRESS, chat="wrgroupa").answer()
    office.twin.bot.says("WANGWU", "帮助").answer()
    office.works()

    assert [row.chat_id for row in office.heard()] == ["wrGroupA", "wrgroupa", "wangwu"]
    assert {row.sender_id for row in office.heard()} == {"wangwu"}
    chats = {row.chat_id for row in words(office)}
    assert len(chats) == 3


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("@答卷 进度 州1-7", "进度 州1-7"),
        ("@答卷\u2005进度 州1-7", "进度 州1-7"),
        ("进度 州1-7 @答卷", "进度 州1-7"),
        ("@答卷 转告 @王五", "转告 @王五"),
        ("你好 @答卷 任务", "你好 任务"),
        ("请 @王五 看 a@答卷 的邮件", "请 @王五 看 a@答卷 的邮件"),
        ("@答卷", ""),
    ],
)
def test_24_the_mention_of_the_bot_is_cut_and_no_other(office, said, heard):
    office.twin.bot.says(POLICE, said, chat=GROUP).answer()

    assert office.heard()[0].message["text"] == heard


def test_the_mention_is_cut_where_nobody_reads_along_as_well(office):
    exchange = ended(office, office.twin.bot.says(POLICE, "@答卷 任务"))

    assert "没有对应的操作" not in last(exchange)
    assert office.heard()[0].message["text"] == "任务"


def test_10_what_was_spoken_is_read_as_it_was_written_down(office):
    exchange = ended(office, office.twin.bot.speaks(POLICE, "进度。"))

    assert "暂不能" not in last(exchange)
    assert office.heard()[0].message["text"] == "进度。"


def test_10_films_and_unknown_kinds_are_answered_kindly(office):
    film = ended(office, office.twin.bot.films(POLICE))
    item = {"msgtype": "hologram", "hologram": {"url": "x"}}
    novel = ended(office, office.twin.bot.carry(office.twin.bot._message(POLICE, "", item)))

    assert last(film) == last(novel) == phrases.UNKNOWN_KIND
    assert media(office) == []


@pytest.mark.parametrize(
    "event", ["enter_chat", "feedback_event", "disconnected_event", "no_such_event"]
)
def test_10_events_that_ask_for_nothing_are_answered_with_nothing(office, logs, event):
    exchange = office.twin.bot.event(POLICE, event, {"id": "x", "type": 2})

    assert exchange.answer() is None
    [made] = exchange.delivery.tries
    assert (made.status, made.body) == (200, b"")
    assert office.heard() == []
    unknown = [each["kind"] for each in logs if each["event"] == "unknown event"]
    assert unknown == (["no_such_event"] if event == "no_such_event" else [])


@pytest.mark.parametrize(
    ("options", "kept"),
    [(["七月"], ["七月"]), (["七月", "八月"], ["七月", "八月"]), ("七月", ["七月"])],
)
def test_11_one_option_and_several_are_the_same_kind_of_list(options, kept):
    item = {"question_key": "period", "option_ids": {"option_id": options}}
    for items in ([item], item):
        assert selected({"selected_items": {"selected_item": items}}) == [("period", kept)]
    assert selected({}) == []
    assert selected({"selected_items": {"selected_item": [{"option_ids": None}]}}) == [("", [])]


def test_11_what_was_picked_is_said_along(office):
    card = {"card_type": "multiple_interaction", "task_id": "task-1"}
    office.twin.bot.taps_card(POLICE, card, "进度", {"task": ["州1-7"]}).answer()

    assert office.heard()[0].message["text"] == "进度 州1-7"


def test_21_a_tap_says_what_stands_on_the_button_and_is_answered_by_a_post(office):
    exchange = office.twin.bot.taps_card(POLICE, CARD, "帮助")
    exchange.answer()
    office.works()

    assert len(exchange.delivery.tries) == 1
    [posted] = office.twin.sent("aibot/response")
    assert "进度" in posted.body["markdown"]["content"]


# Pictures and files


def test_29_pictures_with_words_come_in_their_order(office):
    first, second = encoded(a_view(1)), encoded(a_view(2))
    exchange = office.twin.bot.mixes(
        POLICE, "@答卷 " + REPORT, first, "图1 立杆", second, chat=GROUP
    )
    ended(office, exchange)

    [row] = office.heard()
    assert row.message["text"] == f"{REPORT}\n图1 立杆"
    assert len(row.message["attachments"]) == 2
    assert all("sha" in kept for kept in row.media.values())
    assert row.state == InboxState.DONE
    assert len(media(office)) == 2


def test_29_a_file_has_the_name_that_only_its_server_knows(office):
    ended(office, office.twin.bot.hands(POLICE, "台账 8月.txt", "任务".encode()))

    [kept] = office.heard()[0].media.values()
    assert kept["name"] == "台账 8月.txt"


def test_29_a_quote_in_a_group_shows_the_bot_its_pictures(office):
    bot = office.twin.bot
    for quote in (
        text_item("已收到 #128"),
        bot.picture_item(encoded(a_view(1))),
        bot.mixed_item("原文", encoded(a_view(2))),
        bot.file_item("台账.txt", "任务".encode()),
        {"msgtype": "voice", "voice": {"content": "三十个"}},
    ):
        ended(office, bot.says(POLICE, PROGRESS, chat=GROUP, quote=quote))

    rows = office.heard()
    assert [row.message["quoted_text"] for row in rows] == ["已收到 #128", "", "原文", "", "三十个"]
    assert [len(row.message["attachments"]) for row in rows] == [0, 1, 1, 1, 0]
    assert {row.message["text"] for row in rows} == {"进度 州1-7"}
    assert all("sha" in kept for row in rows for kept in row.media.values())


def test_29_a_quote_in_a_single_chat_brings_no_pictures(office):
    """Whoever quotes the bot's own picture does not report it."""
    quote = office.twin.bot.mixed_item("待审 #1", encoded(a_view(1)))
    office.twin.bot.says(POLICE, "帮助", quote=quote).answer()

    assert office.heard()[0].message["attachments"] == []
    assert office.heard()[0].message["quoted_text"] == "待审 #1"


def test_29_pictures_that_come_too_late_are_asked_for_again(office):
    exchange = office.twin.bot.mixes(POLICE, "@答卷 " + REPORT, a_photo(), chat=GROUP)
    exchange.answer()

    office.forward(301)
    exchange.until_finished()

    [row] = office.heard()
    assert [kept["error"] for kept in row.media.values()] == ["图片或文件已过期，请重发"]
    told = "".join(bubble.text for bubble in office.twin.seen(POLICE, 1))
    assert "没有取到，请重新发送" in told


def test_29_a_server_that_is_slow_to_give_a_picture_is_asked_again(office, monkeypatch):
    """Within the five minutes in which it is there."""
    troubles = [httpx2.ConnectError("away"), httpx2.ReadTimeout("slow")]
    bot = office.house.platforms["wecom_bot"]
    asked = bot._client.stream

    def stream(method: str, url: str, **more: Any) -> Any:
        if troubles:
            raise troubles.pop()
        return asked(method, url, **more)

    monkeypatch.setattr(bot._client, "stream", stream)
    exchange = office.twin.bot.mixes(POLICE, "@答卷 " + REPORT, a_photo(), chat=GROUP)
    exchange.answer()
    office.works()
    office.forward(5)
    office.forward(10)

    assert [set(kept) for kept in office.heard()[0].media.values()] == [{"sha", "name"}]


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/x",
        "https://myqcloud.com.evil.example/x",
        "https://qyapi.weixin.qq.com@10.0.0.1/x",
        "http://ww.myqcloud.com/x",
        "https://ww.myqcloud.com:8443/x",
        "https://169.254.169.254/latest/meta-data",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://[::1/x",
        "https://ww.myqcloud.com:port/x",
        "file:///etc/passwd",
        "",
    ],
)
def test_29_nothing_is_fetched_from_anybody_else(address):
    assert not is_own(address, API)
    with pytest.raises(MediaUnavailable) as refused:
        fetch(lambda request: pytest.fail("asked"), address)
    assert not refused.value.retryable


def fetch(answer: Any, address: str = "https://ww.myqcloud.com/x") -> bytes:
    """What stands at an address of the platform's, where *answer* answers."""
    client = httpx2.Client(transport=httpx2.MockTransport(answer))
    return fetch_media(client, address, seal.key_of(ENCODING_KEY), API).data


def test_29_what_is_fetched_is_opened_with_the_key_of_the_address():
    sealed = seal.encrypted(b"hello wecom media", seal.key_of(ENCODING_KEY))

    assert fetch(lambda request: httpx2.Response(200, content=sealed)) == b"hello wecom media"


@pytest.mark.parametrize(
    ("response", "is_retryable"),
    [
        (httpx2.Response(302, headers={"location": "https://10.0.0.1/x"}), False),
        (httpx2.Response(403), False),
        (httpx2.Response(503), True),
        (httpx2.Response(200, content=b""), True),
        (httpx2.Response(200, content=b"x" * 31), True),
        (httpx2.Response(200, content=b"x" * 32), False),
        (httpx2.Response(200, content=seal.encrypted(b"picture", ANOTHER_KEY)), False),
    ],
    ids=["redirect", "expired", "broken", "empty", "cut off", "no padding", "another key"],
)
def test_29_what_is_not_the_picture_is_not_taken(response, is_retryable):
    with pytest.raises(MediaUnavailable) as failed:
        fetch(lambda request: response)
    assert failed.value.retryable is is_retryable


def test_29_what_is_too_large_is_given_up_while_it_comes(monkeypatch):
    monkeypatch.setattr("bot.wecom.media.LARGEST", 100_000)
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        while True:
            taken += 10_000
            yield b"x" * 10_000

    with pytest.raises(MediaUnavailable, match="100MB"):
        fetch(lambda request: httpx2.Response(200, content=endless()))
    assert taken == 110_000


@pytest.mark.parametrize("key", ["", "short", "!" * 43])
def test_29_a_key_that_is_none_loses_the_picture_and_not_the_message(office, key):
    body = office.twin.bot._message(POLICE, GROUP, office.twin.bot.mixed_item(PROGRESS, a_photo()))
    body["mixed"]["msg_item"][1]["image"]["aeskey"] = key
    ended(office, office.twin.bot.carry(body))

    [kept] = office.heard()[0].media.values()
    assert ("sha" in kept) == (not key)  # without one of its own it has the address's
    assert office.heard()[0].state == InboxState.DONE


def test_pictures_one_after_another_leave_at_most_one_exchange_open(office):
    exchanges = []
    for number in range(5):
        exchanges.append(office.twin.bot.shows(POLICE, encoded(a_view(number))))
        exchanges[-1].answer()

    assert [each.is_finished for each in exchanges] == [False, True, True, True, True]
    assert office.twin.bot.held_back == []
    assert streams(exchanges[1]) == [(NOTHING, True)]
    office.forward(7)
    exchanges[0].until_finished()

    [posted] = office.twin.sent("aibot/response")
    assert posted.body["markdown"]["content"]
    assert last(exchanges[0]) == NOTHING
    assert alarms(office) == []


def test_one_picture_is_answered_below_it(office):
    exchange = office.twin.bot.shows(POLICE, a_photo())
    exchange.answer()
    office.forward(7)
    exchange.until_finished()

    assert office.twin.sent("aibot/response") == []
    assert last(exchange) not in (NOTHING, WAIT)
