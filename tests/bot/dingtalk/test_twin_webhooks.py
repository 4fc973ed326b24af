"""The stand-in's webhooks: a session's and a custom robot's, as the pages have them."""

import pytest

from tests.bot.dingtalk.plain_clients import (
    GROUP,
    TEXT,
    hook,
    robot_says,
    signed,
)

# Webhooks

MARKDOWN = {"msgtype": "markdown", "markdown": {"title": "进度", "text": "**30 项**"}}


def test_a_session_answers_in_its_own_chat_while_it_lives(calm, http):
    single, expires = calm.sessions.opened(calm.corp.single_chat("WangWu"), "WangWu")
    group, _ = calm.sessions.opened(GROUP)
    assert expires == calm.clock.now() + 5400

    assert hook(http, single, MARKDOWN) == hook(http, group, TEXT) == 0
    assert [(e.door, e.text) for e in calm.seen("WangWu")] == [("session", "**30 项**")]
    assert [each.text for each in calm.seen(GROUP)] == ["进度"]

    calm.clock.forward(5400)
    assert hook(http, single, TEXT) == 300001
    assert hook(http, f"{calm.url}/robot/sendBySession?session=none", TEXT) == 300001


def test_a_session_may_die_before_its_time(calm, http):
    calm.sessions.real_life = 30.0
    url, expires = calm.sessions.opened(GROUP)
    calm.clock.forward(31)

    assert expires > calm.clock.now()
    assert hook(http, url, TEXT) == 300001


def test_every_form_of_a_webhooks_message_is_shown(calm, http):
    url, _ = calm.sessions.opened(GROUP)
    title = {"title": "进度", "text": "正文"}
    one = {"singleTitle": "看", "singleURL": "https://office.example/p/1"}
    buttons = [
        {"title": "甲", "actionURL": "https://a.example/"},
        {"title": "乙", "actionURL": "https://b.example/"},
    ]
    news = {"title": "新", "messageURL": "https://a.example/", "picURL": "https://a.example/p.png"}
    for kind, content in (
        ("actionCard", title | one),
        ("actionCard", title | {"btns": buttons, "btnOrientation": "1"}),
        ("link", title | {"messageUrl": "https://a.example/", "picUrl": ""}),
        ("feedCard", {"links": [news]}),
    ):
        assert hook(http, url, {"msgtype": kind, kind: content}) == 0

    assert [list(each.links) for each in calm.seen(GROUP)] == [
        ["看"],
        ["甲", "乙"],
        ["进度"],
        ["新"],
    ]


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({"msgtype": "image", "image": {"media_id": "@x"}}, 400105),
        ({"msgtype": "text", "text": "进度"}, 40035),
        ({"msgtype": "text", "text": {"content": ""}}, 40035),
        ({"msgtype": "markdown", "markdown": {"text": "x"}}, 40035),
        ({"msgtype": "actionCard", "actionCard": {"title": "a", "text": "b"}}, 40035),
        ({"msgtype": "text", "text": {"content": "长" * 6_700}}, 460101),
        (TEXT | {"at": {"isAtAll": "false"}}, 40035),
    ],
)
def test_what_a_webhook_does_not_take(twin, http, body, errcode):
    url, _ = twin.sessions.opened(GROUP)

    assert hook(http, url, body) == errcode
    assert len(twin.complaints) == 1
    assert twin.seen(GROUP) == []


def test_a_webhook_wants_json_and_no_token(twin, http):
    url, _ = twin.sessions.opened(GROUP)
    assert hook(http, url, TEXT, kind="text/plain") == 43004
    http.post(url, json={}, headers={"x-acs-dingtalk-access-token": "token"})

    assert any("no token" in each or "a token" in each for each in twin.complaints)


def test_a_mention_needs_the_id_in_the_list_and_in_the_text(twin, http):
    url, _ = twin.sessions.opened(GROUP)
    at = {"at": {"atUserIds": ["WangWu", "outsider", "lisi"]}}

    assert (
        hook(http, url, at | {"msgtype": "text", "text": {"content": "@WangWu @outsider 请核"}})
        == 0
    )

    assert twin.seen(GROUP)[0].mentions == ("WangWu",)
    assert twin.complaints == ["mentions lisi without @lisi in the text"]


# Custom robots


def test_a_robot_speaks_in_its_group_when_the_sign_is_right(calm, http):
    assert robot_says(http, signed(calm)) == {"errcode": 0, "errmsg": "ok"}
    assert [(e.door, e.text) for e in calm.seen(GROUP)] == [("robot", "进度")]

    assert robot_says(http, {"access_token": "TOKEN"})["errcode"] == 310000
    assert robot_says(http, signed(calm, "SEC-other"))["errmsg"] == "sign not match"
    assert robot_says(http, signed(calm, ago=3601))["errmsg"] == "invalid timestamp"
    assert robot_says(http, {"access_token": "none"})["errcode"] == 400101
    calm.robots.unknown_code = 300001
    assert robot_says(http, {"access_token": "none"})["errcode"] == 300001


def test_keywords_and_addresses_secure_a_robot_too(calm, http):
    robot = calm.add_robot("OTHER", "", GROUP)
    robot.keywords = ("通报", "提醒")
    query = {"access_token": "OTHER"}
    assert robot_says(http, query)["errmsg"] == "keywords not in content"
    assert robot_says(http, query, {"msgtype": "text", "text": {"content": "通报"}})["errcode"] == 0

    robot.keywords, robot.networks = (), ("10.0.0.0/8",)
    assert robot_says(http, query)["errmsg"] == "ip 127.0.0.1 not in whitelist"
    robot.networks = ("127.0.0.0/8",)
    assert robot_says(http, query)["errcode"] == 0


def test_the_21st_message_of_a_minute_blocks_a_robot_for_ten(calm, http):
    query = signed(calm)
    assert {robot_says(http, query)["errcode"] for _ in range(20)} == {0}

    assert robot_says(http, query)["errcode"] == 410100
    calm.clock.forward(599)
    calm.robots.throttled_code = 130101
    assert robot_says(http, query)["errcode"] == 130101
    calm.clock.forward(1)
    assert robot_says(http, query)["errcode"] == 0


def test_the_same_uuid_is_said_once(calm, http):
    for _ in range(2):
        assert robot_says(http, signed(calm), TEXT | {"msgUuid": "key-1"})["errcode"] == 0

    assert len(calm.seen(GROUP)) == 1


def test_a_uuid_is_for_custom_robots_and_a_sign_is_encoded(twin, http):
    url, _ = twin.sessions.opened(GROUP)
    assert hook(http, url, TEXT | {"msgUuid": "key-1"}) == 0
    query = signed(twin)
    while "+" not in query["sign"]:
        twin.clock.forward(1)
        query = signed(twin)
    bare = "&".join(f"{name}={value}" for name, value in query.items())

    assert hook(http, f"{twin.url}/robot/send?{bare}", TEXT) == 310000
    assert twin.complaints == [
        "a webhook's message has no fields ['msgUuid']",
        "robot/send: the sign is not encoded for an address",
    ]


def test_a_robot_may_be_stopped_or_its_group_gone(calm, http):
    robot = calm.add_robot("OTHER", "", GROUP)
    query = {"access_token": "OTHER"}
    robot.is_stopped = True
    assert robot_says(http, query)["errcode"] == 400102
    robot.is_stopped = False
    calm.corp.groups[GROUP].has_robot = False
    assert robot_says(http, query)["errcode"] == 400106
    calm.corp.groups[GROUP].is_dissolved = True
    assert robot_says(http, query)["errcode"] == 400013


def test_the_old_host_may_write_its_codes_as_text(calm, http):
    calm.api.codes_as_text = True

    assert robot_says(http, signed(calm))["errcode"] == "0"
