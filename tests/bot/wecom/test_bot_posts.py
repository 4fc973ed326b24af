"""The bot at its address after six minutes: what is posted, once, or goes by another door."""

import pytest

from bot.logs import set_up_logs
from bot.platforms.wecom_bot import POSTED
from bot.wecom.growing import IN_STREAM, LATER
from bot.wecom.media import is_api
from models.errors import DeliveryError, Shut
from models.message import Reply
from models.outbox import OutboxState
from tests.bot.wecom.asking import (
    ADMIN,
    GROUP,
    POLICE,
    PROGRESS,
    alarms,
    ask,
    last,
    owe,
    streams,
    words,
)
from tests.twins.wecom.speech import text_item

API = "https://qyapi.weixin.qq.com"


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


def test_22_what_lay_ready_and_was_never_asked_for_is_posted(either_office):
    """The service was away while WeCom asked."""
    office = either_office
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
