"""The bot at its address: what WeCom sends and asks again for, what is posted, what people see."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import col, select

from bot.logs import set_up_logs
from bot.platforms import wecom_bot
from bot.platforms.wecom_bot import POSTED, SHOWN, WecomBot
from bot.queues import retry_message
from bot.wecom.body import selected
from bot.wecom.growing import IN_STREAM, LATER, LONGEST, MOVED, NOTHING, WAIT
from bot.wecom.media import fetch_media, is_api, is_own
from handlers import phrases
from models.db import Database
from models.errors import DeliveryError, MediaUnavailable, Shut
from models.inbox import InboxMessage, InboxState
from models.media import Media
from models.message import Reply
from models.outbox import OutboxMessage, OutboxState, Priority, say
from models.submission import Submission
from scheduler.unreached import ASK_ALONE
from tests.pictures import a_photo, a_view, encoded
from tests.twins.wecom import seal
from tests.twins.wecom.bot_door import Exchange
from tests.twins.wecom.corp import ENCODING_KEY
from tests.twins.wecom.speech import text_item
from tests.wecom import WecomOffice, open_wecom

POLICE = "州公安局联络员"
ADMIN = "管理员甲"
GROUP = "wrGroupA"
PROGRESS = "@答卷 进度 州1-7"
REPORT = "报送 州1-7\n截至：7月31日\n完成数：1710个\n措施：分三批建设，先易后难\n问题：杆线资源不足"
CARD = {"card_type": "button_interaction", "task_id": "task-1"}
ANOTHER_KEY = b"another key of 32 bytes, really."
API = "https://qyapi.weixin.qq.com"


@pytest.fixture
def alone(office: WecomOffice) -> WecomOffice:
    """An office with nothing but the bot."""
    del office.house.platforms["wecom_app"]  # type: ignore[attr-defined]
    return office


@pytest.fixture
def on_both(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[WecomOffice]:
    with open_wecom(database, tmp_path, monkeypatch) as office:
        yield office
        assert office.twin.complaints == []


def ask(office: WecomOffice, text: str, *, chat: str = "", person: str = POLICE) -> Exchange:
    """Said, answered and asked for to the end."""
    return ended(office, office.twin.bot.says(person, text, chat=chat))


def ended(office: WecomOffice, exchange: Exchange) -> Exchange:
    exchange.answer()
    office.works()
    exchange.until_finished()
    return exchange


def streams(exchange: Exchange) -> list[tuple[str, bool]]:
    """What was answered, question by question, and whether it was the end."""
    said = [each["stream"] for each in exchange.answers if each]
    return [(each["content"], each["finish"]) for each in said]


def last(exchange: Exchange) -> str:
    return streams(exchange)[-1][0]


def words(office: WecomOffice) -> list[OutboxMessage]:
    with office.house.database.read() as session:
        return list(session.exec(select(OutboxMessage).order_by(col(OutboxMessage.id))).all())


def alarms(office: WecomOffice) -> list[str]:
    return [each.text for each in words(office) if each.key.startswith("alarm:")]


def owe(office: WecomOffice, reply: Reply, key: str = "more") -> None:
    """One more answer to the last message, before anybody asks for it."""
    with office.house.database.write() as session:
        asked = session.exec(select(InboxMessage).order_by(col(InboxMessage.id).desc())).first()
        answer = session.exec(
            select(OutboxMessage).where(OutboxMessage.reply_to == asked.id)
        ).first()
        chat, now = answer.chat_id, office.house.clock()
        say(session, chat, reply, key=key, now=now, priority=Priority.REPLY, reply_to=asked.id)


def media(office: WecomOffice) -> list[Media]:
    with office.house.database.read() as session:
        return list(session.exec(select(Media).order_by(col(Media.sha))).all())


# The address, and what is told at once


def test_02_the_address_check_is_answered_with_the_bare_echo(office):
    answer = office.twin.bot.checks_address()

    assert (answer.status_code, answer.text) == (200, "1616140317555161061")
    assert answer.headers["content-type"].startswith("text/plain")


def test_22_a_group_hears_a_first_word_at_once_and_the_answer_in_its_place(on_both):
    office = on_both
    exchange = office.twin.bot.says(POLICE, PROGRESS, chat=GROUP)

    first = exchange.answer()
    assert first == {
        "msgtype": "stream",
        "stream": {"id": f"bot:{exchange.body['msgid']}", "finish": False, "content": WAIT},
    }
    outer = json.loads(exchange.delivery.tries[0].body)
    assert set(outer) == {"encrypt", "msgsignature", "timestamp", "nonce"}
    assert outer["nonce"] == exchange.delivery.letter.query["nonce"]
    assert isinstance(outer["timestamp"], int)

    office.works()
    exchange.until_finished()

    assert [is_over for _, is_over in streams(exchange)] == [False, True]
    [bubble] = office.twin.seen(GROUP)
    assert "雪亮工程" in bubble.text
    assert office.twin.seen(POLICE) == []


def test_23_what_is_asked_for_grows_and_ends_once(office):
    exchange = office.twin.bot.says(POLICE, PROGRESS, chat=GROUP)
    exchange.answer()
    office.twin.clock.forward(1)
    office.twin.record.wait(lambda: exchange.polls == 1, 10, "a poll")
    office.house.inbox.handle_due()
    owe(office, Reply("另有1项将于8月25日到期。"))
    office.works()
    exchange.until_finished()

    assert streams(exchange)[:2] == [(WAIT, False), (WAIT, False)]
    assert [is_over for _, is_over in streams(exchange)] == [False, False, True]
    assert last(exchange).endswith("\n另有1项将于8月25日到期。")
    assert len({each["stream"]["id"] for each in exchange.answers if each}) == 1
    assert {row.answer for row in words(office)} == {SHOWN}


def test_22_who_asks_once_more_after_the_end_hears_the_same(office):
    exchange, bot = ask(office, PROGRESS, chat=GROUP), office.twin.bot
    stream = {"msgtype": "stream", "stream": {"id": f"bot:{exchange.body['msgid']}"}}
    again = bot.post(bot.letter({**exchange.body, **stream}))

    assert bot._opened(again.letter, again.answer().body) == exchange.answers[-1]


def test_23_a_fault_ends_it_with_a_courteous_word_and_what_is_owed_comes_later(office, monkeypatch):
    def broken(*_: object, **__: object) -> None:
        raise ValueError(PROGRESS)

    monkeypatch.setattr("bot.inbox.answer", broken)
    exchange = ask(office, PROGRESS, chat=GROUP)

    assert [is_over for _, is_over in streams(exchange)] == [False, True]
    assert last(exchange) == phrases.FAULT
    monkeypatch.undo()

    with office.house.database.write() as session:
        retry_message(session, office.heard()[0].id or 0, office.house.clock())
    office.works()

    # The stream was told to be at its end: what comes now is posted, quoting the question.
    assert "雪亮工程" in office.twin.seen(GROUP, 2)[1].text
    assert len(office.twin.sent("aibot/response")) == 1


def test_23_nothing_to_say_is_said_once(office):
    exchange = ask(office, "谢谢", person="谁也不是")
    assert "尚未绑定身份" in last(exchange)

    photo = office.twin.bot.shows(POLICE, a_photo())
    assert ended(office, photo).answers[-1]["stream"]["finish"]


def test_22_questions_meanwhile_are_answered_from_what_is_stored(office, monkeypatch):
    exchange = office.twin.bot.says(POLICE, PROGRESS, chat=GROUP)
    exchange.answer()
    office.works()
    monkeypatch.setattr(
        "bot.inbox.answer", lambda *_: pytest.fail("the question is dealt with once")
    )
    exchange.until_finished()

    assert "雪亮工程" in last(exchange)


def test_22_a_message_on_the_spool_is_waited_for(office, tmp_path, monkeypatch):
    """The database is away while it comes, and while it is asked for."""

    def away(*_: object, **__: object) -> Any:
        raise OperationalError("", {}, Exception("database is locked"))

    bot = office.house.platforms["wecom_bot"]
    monkeypatch.chdir(tmp_path)  # where the spool is
    with monkeypatch.context() as patched:
        patched.setattr(office.house.writer, "store", away)
        patched.setattr(bot, "_exchange", away)
        exchange = office.twin.bot.says(POLICE, PROGRESS, chat=GROUP)
        assert streams_of(exchange.answer()) == (WAIT, False)
        office.twin.clock.forward(1)
        office.twin.record.wait(lambda: exchange.polls == 1, 10, "a poll")
    office.twin.clock.forward(1)
    office.twin.record.wait(lambda: exchange.polls == 2, 10, "a poll")
    assert office.heard() == []
    office.works()
    exchange.until_finished()

    assert streams(exchange)[:3] == [(WAIT, False)] * 3
    assert "雪亮工程" in last(exchange)


def streams_of(answer: dict[str, Any] | None) -> tuple[str, bool]:
    assert answer is not None
    return answer["stream"]["content"], answer["stream"]["finish"]


# After six minutes


def test_22_after_six_minutes_the_answer_is_posted_once(office):
    exchange = office.twin.bot.says(POLICE, PROGRESS, chat=GROUP)
    exchange.answer()
    office.twin.clock.forward(335)
    office.twin.record.wait(lambda: exchange.is_finished, 10, "the end of the stream")
    assert streams(exchange)[-1] == (LATER, True)

    office.works()

    assert "雪亮工程" in office.twin.seen(GROUP, 2)[1].text
    [posted] = office.twin.sent("aibot/response")
    assert posted.body["msgtype"] == "markdown"
    [row] = words(office)
    assert (row.state, row.platform, row.answer) == (OutboxState.SENT, "wecom_bot", POSTED)


def test_22_a_late_answer_of_many_pieces_leaves_in_one(office):
    office.twin.bot.says(POLICE, PROGRESS, chat=GROUP).answer()
    office.house.inbox.handle_due()
    for number in range(3):
        owe(office, Reply(f"第{number}段" + "长" * 600), f"more{number}")
    office.forward(400)

    [posted] = office.twin.sent("aibot/response")
    text = posted.body["markdown"]["content"]
    assert all(each in text for each in ("雪亮工程", "第0段", "第1段", "第2段"))
    assert {row.answer for row in words(office)} == {POSTED}
    assert office.twin.seen(POLICE) == []


@pytest.mark.parametrize("trouble", ["refused", "away"])
def test_22_what_cannot_be_posted_goes_by_the_app_whole_and_piece_by_piece(
    office, monkeypatch, trouble
):
    office.twin.bot.says(POLICE, PROGRESS, chat=GROUP).answer()
    office.house.inbox.handle_due()
    for number in range(3):
        owe(office, Reply(f"第{number}段" + "长" * 600), f"more{number}")
    if trouble == "refused":
        office.twin.faults.answer("aibot/response", 40058)
    else:
        monkeypatch.setattr(office.house.platforms["wecom_bot"], "_post", unreachable)
    office.forward(400)
    office.forward(10)

    seen = office.twin.seen(POLICE, 4)
    assert [each.text.startswith(f"第{n}段") for n, each in enumerate(seen[1:])] == [True] * 3
    assert all(each.text.endswith("长") and each.door == "app" for each in seen[1:])
    assert [row.platform for row in words(office)] == ["wecom_app"] * 4


def unreachable(*_: object) -> None:
    raise DeliveryError("连不上企业微信", retryable=True, shut=Shut.AWAY)


def test_22_an_answer_that_is_asked_for_waits_for_no_door_that_is_closed(office, monkeypatch):
    """WeCom cannot be called, but calls."""
    with monkeypatch.context() as patched:
        patched.setattr(office.house.platforms["wecom_bot"], "_post", unreachable)
        del office.house.platforms["wecom_app"]
        office.twin.bot.says(POLICE, PROGRESS, chat=GROUP).answer()
        office.forward(400)
        exchange = ask(office, PROGRESS, chat="wrGroupB")

    assert "雪亮工程" in last(exchange)
    assert office.twin.sent("aibot/response") == []
    office.forward(10)
    assert len(office.twin.sent("aibot/response")) == 1


def test_22_what_lay_ready_and_was_never_asked_for_is_posted(on_both):
    """The service was away while WeCom asked."""
    office = on_both
    office.twin.bot.callback_url, url = "http://office/webhooks/none", office.twin.bot.callback_url
    office.twin.courier.repeats_on_status = False
    lost = office.twin.bot.says(POLICE, PROGRESS, chat=GROUP)
    lost.answer()
    office.twin.bot.callback_url = url
    office.twin.bot.post(lost.delivery.letter).answer()  # WeCom's own next try, unseen
    office.works()
    assert [row.answer for row in words(office)] == [IN_STREAM]

    office.forward(389)
    assert office.twin.sent("aibot/response") == []
    office.forward(61)
    office.works()

    assert "雪亮工程" in office.twin.seen(GROUP, 1)[0].text
    assert [row.answer for row in words(office)] == [POSTED]


def test_22_what_was_asked_for_is_not_posted_as_well(office):
    ask(office, PROGRESS, chat=GROUP)

    office.forward(600)
    office.works()

    assert office.twin.sent("aibot/response") == []
    assert len(office.twin.seen(GROUP)) == 1


def test_22_after_an_hour_the_app_tells_whoever_asked(office):
    office.twin.bot.says(POLICE, PROGRESS, chat=GROUP).answer()

    office.forward(3600)

    assert office.twin.sent("aibot/response") == []
    assert office.twin.sees(POLICE, "雪亮工程").door == "app"
    assert alarms(office) == []


def test_22_after_an_hour_without_an_app_an_operator_hears_of_it(alone):
    ask(alone, "帮助", person=ADMIN)
    alone.twin.bot.says(POLICE, PROGRESS, chat=GROUP).answer()

    alone.forward(3600)

    [row] = [row for row in words(alone) if "雪亮工程" in row.text]
    assert row.state == OutboxState.FAILED
    assert len(alarms(alone)) == 1


@pytest.mark.parametrize("code", [40058, 93006])
def test_22_what_is_refused_when_posted_goes_by_the_app(office, code):
    office.twin.faults.answer("aibot/response", code, times=None)
    office.twin.bot.says(POLICE, PROGRESS, chat=GROUP).answer()
    office.forward(400)
    office.forward(20)

    assert office.twin.sees(POLICE, "雪亮工程").door == "app"
    assert office.twin.record.tries["aibot/response"] == 1
    assert alarms(office) == []


def test_22_a_busy_server_is_posted_to_again(office):
    office.twin.faults.answer("aibot/response", -1, times=2)
    office.twin.bot.says(POLICE, PROGRESS, chat=GROUP).answer()
    office.forward(400)
    office.forward(10)
    office.forward(60)

    assert "雪亮工程" in office.twin.sees(GROUP, "雪亮工程").text
    assert office.twin.record.tries["aibot/response"] == 3


@pytest.mark.parametrize("was_taken", [True, False])
def test_22_a_post_whose_outcome_is_unknown_is_seen_once(office, was_taken):
    office.twin.faults.hang_up("aibot/response", acted=was_taken)
    office.twin.bot.says(POLICE, PROGRESS, chat=GROUP).answer()
    office.forward(400)
    office.forward(10)

    assert [bubble.msgtype for bubble in office.twin.seen(GROUP)].count("markdown") == 1
    assert office.twin.seen(POLICE) == []
    assert [row.state for row in words(office)] == [OutboxState.SENT]


class Killed(BaseException):
    """The process dies here."""


def dies(*_: object) -> None:
    raise Killed


def test_22_a_process_that_died_behind_its_post_has_posted(alone, monkeypatch):
    alone.twin.bot.says(POLICE, PROGRESS, chat=GROUP).answer()
    with monkeypatch.context() as patched:
        patched.setattr(alone.house.delivery, "_record_success", dies)
        with pytest.raises(Killed):
            alone.forward(400)
    alone.forward(60)

    assert [bubble.msgtype for bubble in alone.twin.seen(GROUP)].count("markdown") == 1
    assert [(row.state, row.answer) for row in words(alone)] == [(OutboxState.SENT, POSTED)]


def test_22_a_process_that_died_while_it_laid_an_answer_ready_loses_nothing(office, monkeypatch):
    exchange = office.twin.bot.says(POLICE, PROGRESS, chat=GROUP)
    exchange.answer()
    with monkeypatch.context() as patched:
        patched.setattr(office.house.delivery, "_record_success", dies)
        with pytest.raises(Killed):
            office.works()
    office.forward(60)
    exchange.until_finished()

    assert "雪亮工程" in last(exchange)
    assert office.twin.seen(POLICE) == []


@pytest.mark.parametrize(
    ("address", "is_taken"),
    [
        (f"{API}/cgi-bin/aibot/response?response_code=x", True),
        (f"{API}:443/cgi-bin/aibot/response?response_code=x", True),
        ("http://qyapi.weixin.qq.com/cgi-bin/aibot/response", False),
        (f"{API}:8443/cgi-bin/aibot/response", False),
        ("https://qyapi.weixin.qq.com.evil.example/", False),
        ("https://qyapi.weixin.qq.com@evil.example/", False),
        ("https://evil.weixin.qq.com/", False),
        ("https://10.0.0.1/", False),
        ("https://[::1/", False),
        ("", False),
    ],
)
def test_22_only_the_platforms_own_server_is_posted_to(address, is_taken):
    assert is_api(address, "https://wecom.office.example") == is_taken
    assert is_api("https://wecom.office.example/x", "https://wecom.office.example")


def test_22_an_answer_is_not_posted_to_anybody_else(office):
    item = text_item(PROGRESS)
    body = office.twin.bot._message(POLICE, GROUP, item)
    body["response_url"] = "https://evil.example/cgi-bin/aibot/response?response_code=x"
    office.twin.bot.carry(body).answer()

    office.forward(400)

    assert office.twin.sees(POLICE, "雪亮工程").door == "app"


@pytest.mark.parametrize("trouble", ["none", "refused", "cut off", "page"])
def test_30_where_it_was_posted_stands_in_no_log(capsys, office, trouble):
    set_up_logs("DEBUG", "json")
    if trouble == "refused":
        office.twin.faults.answer("aibot/response", 40058)
    if trouble == "cut off":
        office.twin.faults.hang_up("aibot/response")
    if trouble == "page":
        office.twin.faults.page("aibot/response")
    exchange = office.twin.bot.says(POLICE, PROGRESS, chat=GROUP)
    exchange.answer()
    office.forward(400)
    office.forward(20)

    out, err = capsys.readouterr()
    code = exchange.body["response_url"].rpartition("=")[2]
    assert "message handled" in err
    assert code not in out + err
    assert "response_code" not in out + err
    assert not [row for row in words(office) if code in row.answer]


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
    ],
)
def test_24_the_mention_of_the_bot_is_cut_and_no_other(office, said, heard):
    office.twin.bot.says(POLICE, said, chat=GROUP).answer()

    assert office.heard()[0].message["text"] == heard


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
def test_10_events_that_ask_for_nothing_are_answered_with_nothing(office, event):
    exchange = office.twin.bot.event(POLICE, event, {"id": "x", "type": 2})

    assert exchange.answer() is None
    [made] = exchange.delivery.tries
    assert (made.status, made.body) == (200, b"")
    assert office.heard() == []


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
        bot.says(POLICE, PROGRESS, chat=GROUP, quote=quote).answer()
    office.works()

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
    bot = office.house.platforms["wecom_bot"]
    body = office.twin.bot._message(POLICE, GROUP, office.twin.bot.mixed_item(PROGRESS, a_photo()))
    body["mixed"]["msg_item"][1]["image"]["aeskey"] = key
    ended(office, office.twin.bot.carry(body))

    [kept] = office.heard()[0].media.values()
    assert ("sha" in kept) == (not key)  # without one of its own it has the address's
    assert office.heard()[0].state == InboxState.DONE
    assert isinstance(bot, WecomBot)


def test_pictures_one_after_another_leave_at_most_one_exchange_open(office):
    exchanges = []
    for number in range(5):
        exchanges.append(office.twin.bot.shows(POLICE, encoded(a_view(number))))
        exchanges[-1].answer()

    assert [each.is_finished for each in exchanges] == [False, True, True, True, True]
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


# Pictures, files and long answers of the bot


def test_22_pictures_stand_in_the_last_frame(office):
    exchange = office.twin.bot.says(POLICE, PROGRESS, chat=GROUP)
    exchange.answer()
    office.house.inbox.handle_due()
    shown = [
        office.house.services.keep(encoded(a_view(number)), f"排名{number}.jpg", "image/jpeg")
        for number in range(12)
    ]
    owe(office, Reply(pictures=tuple(shown)))
    office.works()
    exchange.until_finished()

    [bubble] = office.twin.seen(GROUP)
    assert len(bubble.body["pictures"]) == 10
    assert bubble.body["pictures"][0] == encoded(a_view(0))
    # Two more than a bubble holds go to whoever asked.
    assert [each.msgtype for each in office.twin.seen(POLICE, 2)] == ["image", "image"]
    assert last(exchange).endswith(MOVED)


def test_22_pictures_that_cannot_be_read_now_are_waited_for(office, monkeypatch):
    exchange = office.twin.bot.says(POLICE, PROGRESS, chat=GROUP)
    exchange.answer()
    office.house.inbox.handle_due()
    shown = office.house.services.keep(a_photo(), "排名.jpg", "image/jpeg")
    owe(office, Reply(pictures=(shown,)))
    office.works()

    def away(sha: str) -> bytes:
        raise MediaUnavailable("媒体库读取失败", retryable=True)

    with monkeypatch.context() as patched:
        patched.setattr(office.house.services.media, "get", away)
        office.twin.clock.forward(1)
        office.twin.record.wait(lambda: exchange.polls == 1, 10, "a poll")
    exchange.until_finished()

    assert [is_over for _, is_over in streams(exchange)] == [False, False, True]
    assert len(office.twin.seen(GROUP)[0].body["pictures"]) == 1


def test_a_document_asked_for_in_a_group_goes_to_the_asker_by_the_app(office):
    exchange = office.twin.bot.says(POLICE, PROGRESS, chat=GROUP)
    exchange.answer()
    office.house.inbox.handle_due()
    kept = office.house.services.keep(b"%PDF-1.7 ...", "通报.pdf", "application/pdf")
    owe(office, Reply(files=(kept,)))
    office.works()
    exchange.until_finished()

    [file] = office.twin.seen(POLICE)
    assert (file.door, file.body["name"]) == ("app", "通报.pdf")
    assert last(exchange).endswith(MOVED)
    assert len(office.twin.seen(GROUP)) == 1


def test_22_an_answer_too_long_for_its_place_goes_on_elsewhere_and_nothing_is_cut(office):
    exchange = office.twin.bot.says(POLICE, PROGRESS, chat=GROUP)
    exchange.answer()
    office.house.inbox.handle_due()
    text = "\n".join(f"{number}. 州1-{number} 乡村公共部位安防设备建设" for number in range(1, 900))
    owe(office, Reply(text))
    office.works()
    exchange.until_finished()

    assert len(last(exchange).encode()) <= LONGEST
    screens = [*office.twin.seen(GROUP), *office.twin.seen(POLICE)]
    shown = "\n".join(each.text for each in screens).replace("\\", "")
    assert all(f"州1-{number} 乡村" in shown for number in range(1, 900))
    assert all(row.state == OutboxState.SENT for row in words(office))


def test_an_invitations_code_is_shown_before_it_is_forgotten(office):
    exchange = ask(office, "邀请 州公安局 李四", person=ADMIN)
    assert "邀请码" in last(exchange)
    [row] = [row for row in words(office) if row.secret]
    assert row.text

    office.forward(500)

    [row] = [row for row in words(office) if row.secret]
    assert (row.text, row.answer) == ("", SHOWN)


# What is for one person alone


def test_24_what_is_personal_comes_by_the_app_and_the_group_is_told_where(office):
    exchange = ask(office, "@答卷 任务", chat=GROUP)

    assert office.twin.sees(POLICE, "雪亮工程").door == "app"
    assert last(exchange) == MOVED


def test_24_without_an_app_the_group_says_once_how_to_get_it(alone):
    exchange = ask(alone, "@答卷 任务", chat=GROUP)

    assert last(exchange) == ASK_ALONE
    assert "雪亮工程" not in "".join(each.text for each in alone.twin.seen(GROUP))
    assert alarms(alone) == []
    states = [(row.state, row.text == ASK_ALONE) for row in words(alone)]
    assert sorted(states) == [(OutboxState.DROPPED, False), (OutboxState.SENT, True)]

    again = ask(alone, "任务")
    assert "雪亮工程" in last(again)


def test_24_without_an_app_a_report_made_in_the_group_is_not_made_twice(alone):
    first = ask(alone, "@答卷 " + REPORT, chat=GROUP)
    again = ask(alone, REPORT)

    assert last(first) == ASK_ALONE
    with alone.house.database.read() as session:
        submissions = session.exec(select(Submission)).all()
    assert len(submissions) == 1, last(again)


def test_24_whom_the_app_does_not_reach_is_told_in_the_group(office):
    office.says(ADMIN, "任务")
    office.twin.corp.members[POLICE.casefold()].visible = False

    exchange = ask(office, "@答卷 任务", chat=GROUP)

    assert last(exchange) == ASK_ALONE
    [alarm, *_] = alarms(office)
    assert "可见范围" in alarm


def test_24_a_document_that_no_door_carries_is_opened_from_a_link(alone):
    exchange = alone.twin.bot.says(POLICE, "帮助")
    exchange.answer()
    alone.house.inbox.handle_due()
    kept = alone.house.services.keep(b"%PDF-1.7 ...", "通报.pdf", "application/pdf")
    owe(alone, Reply(files=(kept,)))
    alone.works()
    exchange.until_finished()

    assert "通报.pdf" in last(exchange).replace("\\", "")
    assert "http" in last(exchange)


# What else may be amiss


def test_a_question_of_the_time_on_the_connection_goes_by_the_app(office):
    """The office changed the mode of its bot while a question was open."""
    office.twin.bot.says(POLICE, PROGRESS, chat=GROUP).answer()
    frame = {"cmd": "aibot_msg_callback", "headers": {"req_id": "R1"}, "body": {}}
    with office.house.database.write() as session:
        session.exec(select(InboxMessage)).one().raw = json.dumps(frame).encode()
    office.works()

    assert office.twin.sees(POLICE, "雪亮工程").door == "app"


def test_an_answer_under_another_key_goes_by_the_app(office):
    office.twin.bot.says(POLICE, PROGRESS, chat=GROUP).answer()
    bot = office.house.platforms["wecom_bot"]
    bot._envelope.key = ANOTHER_KEY
    office.works()

    assert office.twin.sees(POLICE, "雪亮工程").door == "app"


def test_18_many_questions_in_a_group_are_all_answered_at_once(office):
    """What WeCom asks for itself is held by no pace."""
    exchanges = [office.twin.bot.says(POLICE, PROGRESS, chat=GROUP) for _ in range(40)]
    for each in exchanges:
        each.answer()
    office.works()
    for each in exchanges:
        each.until_finished()

    assert all("雪亮工程" in last(each) for each in exchanges)
    assert not any("雪亮工程" in each.text for each in office.twin.seen(POLICE))


def test_18_what_is_posted_keeps_the_pace_and_none_is_lost(office):
    for _ in range(35):
        office.twin.bot.says(POLICE, PROGRESS, chat=GROUP).answer()

    office.forward(400)
    assert len(office.twin.sent("aibot/response")) == 30
    office.forward(61)

    assert len(office.twin.sent("aibot/response")) == 35
    assert {row.answer for row in words(office)} == {POSTED}


def test_18_its_paces_are_the_bots():
    assert [(pace.count, pace.within.total_seconds()) for pace in WecomBot.paces] == [
        (30, 60), (1000, 3600)
    ]  # fmt: skip
    assert wecom_bot.NAME == "wecom_bot"
