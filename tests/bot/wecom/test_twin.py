"""The stand-in of WeCom's servers, called with plain clients: it does what the pages say."""

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from tests.twins.wecom.corp import App, Member
from tests.twins.wecom.twin import Twin

PEOPLE = (
    Member("WangWu", "王五"),
    Member("lisi", "李四", departments=(2,)),
    Member("zhao", "赵六", licensed=False),
    Member("hidden", "孙七", visible=False),
)
JPEG = b"\xff\xd8\xff\xe0 a picture"
DAY = 86400


@pytest.fixture
def twin() -> Iterator[Twin]:
    with Twin(members=PEOPLE) as twin:
        twin.add_robot("KEY", "wr-group")
        yield twin
        assert twin.complaints == []


@pytest.fixture
def http(twin: Twin) -> Iterator[httpx2.Client]:
    # Without TLS there is nothing to verify, and reading the machine's authorities takes long.
    with httpx2.Client(base_url=f"{twin.url}/cgi-bin/", timeout=10, verify=False) as http:
        yield http


def raw(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


class Caller:
    """A client with the app's token."""

    def __init__(self, http: httpx2.Client, secret: str = "app-secret") -> None:
        self.http, self._secret = http, secret
        self.renew()

    def renew(self) -> None:
        query = {"corpid": "wx5823bf96d3bd56c7", "corpsecret": self._secret}
        self.token = self.http.get("gettoken", params=query).json()["access_token"]

    def post(self, path: str, body: Any, **query: str) -> dict[str, Any]:
        query = {"access_token": self.token, **query}
        return self.http.post(path, params=query, content=raw(body)).json()

    def get(self, path: str, **query: str) -> httpx2.Response:
        return self.http.get(path, params={"access_token": self.token, **query})

    def says(self, touser: str, words: str, **more: Any) -> dict[str, Any]:
        return self.post(
            "message/send",
            {
                "touser": touser,
                "msgtype": "text",
                "agentid": 1000002,
                "text": {"content": words},
                **more,
            },
        )

    def upload(self, kind: str, name: str, data: bytes, path: str = "media/upload") -> Any:
        query = {"access_token": self.token, "type": kind}
        return self.http.post(path, params=query, files={"media": (name, data)}).json()


@pytest.fixture
def caller(http: httpx2.Client) -> Caller:
    return Caller(http)


def webhook(http: httpx2.Client, kind: str, content: Any, key: str = "KEY") -> int:
    body = raw({"msgtype": kind, kind: content})
    return http.post("webhook/send", params={"key": key}, content=body).json()["errcode"]


def a_card(**more: Any) -> dict[str, Any]:
    return {
        "card_type": "button_interaction",
        "main_title": {"title": "出生缺陷防治"},
        "button_list": [{"text": "通过", "key": "ok"}],
        "task_id": "task-1",
        **more,
    }


# Tokens


@pytest.mark.parametrize(
    ("query", "errcode"),
    [
        ({}, 41002),
        ({"corpid": "wx5823bf96d3bd56c7"}, 41004),
        ({"corpid": "other", "corpsecret": "app-secret"}, 40013),
        ({"corpid": "wx5823bf96d3bd56c7", "corpsecret": "wrong"}, 40001),
    ],
)
def test_no_token_without_the_right_secret(http, query, errcode):
    assert http.get("gettoken", params=query).json()["errcode"] == errcode


def test_a_token_is_the_same_until_it_expires(twin, http, caller):
    assert Caller(http).token == caller.token

    twin.clock.forward(7200)

    assert caller.get("getcallbackip").json()["errcode"] == 42001
    assert Caller(http).token != caller.token
    assert twin.record.tries["gettoken"] == 3


@pytest.mark.parametrize("errcode", [42001, 40014])
def test_tokens_can_expire_before_their_time(twin, http, caller, errcode):
    twin.tokens.expire(errcode)

    assert caller.get("getcallbackip").json()["errcode"] == errcode
    assert Caller(http).get("getcallbackip").json()["errcode"] == 0


def test_a_stranger_gets_a_token_but_nothing_for_it(twin, http):
    twin.tokens.trusts_caller = False
    stranger = Caller(http)

    told = stranger.says("WangWu", "x")
    assert told["errcode"] == 60020
    assert "from ip: 127.0.0.1" in told["errmsg"]
    assert webhook(http, "text", {"content": "x"}) == 0


def test_each_secret_has_its_own_token(twin, http, caller):
    twin.add_app(App(agent_id=1000003, secret="second"))
    second = Caller(http, "second")

    assert second.token != caller.token
    assert second.says("WangWu", "好的")["errcode"] == 301002


# Messages


def test_a_text_reaches_whoever_it_can_and_names_the_rest(twin, caller):
    told = caller.says("wangwu|NOBODY|Zhao|hidden", "第一季度进度", toparty="9")

    assert told["errcode"] == 0
    assert told["invaliduser"] == "nobody|hidden"
    assert told["unlicenseduser"] == "zhao"
    assert told["invalidparty"] == "9"
    assert [bubble.text for bubble in twin.seen("WangWu")] == ["第一季度进度"]
    assert twin.sent("message/send")[0].body["text"] == {"content": "第一季度进度"}


def test_nobody_left_is_an_error(caller):
    assert caller.says("nobody", "…")["errcode"] == 81013
    assert caller.says("", "…")["errcode"] == 82001


def test_all_and_parties_are_people(twin, caller):
    caller.says("@all", "a")
    caller.says("", "b", toparty="2")

    assert [bubble.text for bubble in twin.seen("lisi")] == ["a", "b"]
    assert [bubble.text for bubble in twin.seen("wangwu")] == ["a"]


def test_a_long_text_is_cut_at_2048_bytes(twin, caller):
    caller.says("WangWu", "长" * 1000)

    assert twin.seen("WangWu")[0].text == "长" * 682


def test_escaped_characters_are_refused(http, caller):
    body = json.dumps({"touser": "WangWu", "text": {"content": "好"}}).encode()
    query = {"access_token": caller.token}

    assert http.post("message/send", params=query, content=body).json()["errcode"] == 40033
    assert http.post("message/send", params=query, content=b"<xml/>").json()["errcode"] == 47001


def test_a_backslash_before_u_is_no_escape(caller):
    assert caller.says("WangWu", r"C:\u4e00")["errcode"] == 0


@pytest.mark.parametrize(
    ("kind", "content", "errcode"),
    [
        ("markdown_v2", {"content": "| a |"}, 40008),
        ("text", {"content": ""}, 44004),
        ("markdown", {"content": "长" * 700}, 45002),
        ("image", {"media_id": "none"}, 40007),
        ("textcard", {"description": "d", "url": "u"}, 41016),
        ("news", {"articles": []}, 45008),
        ("template_card", {"card_type": "vote_interaction"}, 40058),
    ],
)
def test_what_cannot_be_shown_is_refused(caller, kind, content, errcode):
    assert caller.says("WangWu", "", msgtype=kind, **{kind: content})["errcode"] == errcode


def test_more_than_30_a_minute_vanish_silently(twin, caller):
    answers = [caller.says("WangWu", str(number))["errcode"] for number in range(31)]

    assert set(answers) == {0}
    assert len(twin.seen("WangWu")) == 30
    assert twin.sent("message/send")[30].dropped == ("WangWu",)
    twin.clock.forward(61)
    caller.says("WangWu", "again")
    assert len(twin.seen("WangWu")) == 31


def test_equal_words_are_swallowed_only_on_request(twin, caller):
    for more in ({}, {}, {"enable_duplicate_check": 1}, {"enable_duplicate_check": 1}):
        assert caller.says("WangWu", "好的", **more)["errcode"] == 0

    assert len(twin.seen("WangWu")) == 3


def test_a_message_is_recalled_within_a_day(twin, caller):
    msgid = caller.says("WangWu", "错了")["msgid"]
    assert caller.post("message/recall", {"msgid": msgid})["errcode"] == 0
    assert twin.seen("WangWu") == []

    late = caller.says("WangWu", "旧的")["msgid"]
    twin.clock.forward(DAY + 1)
    caller.renew()
    assert caller.post("message/recall", {"msgid": late})["errcode"] == 40058


# Cards


def send_card(caller: Caller, card: dict[str, Any]) -> dict[str, Any]:
    return caller.says("WangWu", "", msgtype="template_card", template_card=card)


def update(caller: Caller, code: str, users: list[str]) -> dict[str, Any]:
    return caller.post(
        "message/update_template_card",
        {
            "userids": users,
            "agentid": 1000002,
            "response_code": code,
            "button": {"replace_name": "已通过"},
        },
    )


def test_a_card_is_updated_once_within_72_hours(twin, caller):
    code = send_card(caller, a_card())["response_code"]

    assert update(caller, code, ["wangwu", "lisi"])["invaliduser"] == ["lisi"]
    assert twin.seen("WangWu")[0].body["button"] == {"replace_name": "已通过"}
    assert update(caller, code, ["wangwu"])["errcode"] == 40058
    late = send_card(caller, a_card(task_id="task-2"))["response_code"]
    twin.clock.forward(3 * DAY + 1)
    caller.renew()
    assert update(caller, late, ["wangwu"])["errcode"] == 40058


def test_a_notice_has_no_response_code(caller):
    notice = {
        "card_type": "text_notice",
        "main_title": {"title": "通报"},
        "card_action": {"type": 1, "url": "https://example.org"},
    }

    assert "response_code" not in send_card(caller, notice)


@pytest.mark.parametrize(
    "change",
    [
        {"task_id": ""},
        {"task_id": "第一"},
        {"button_list": [{"text": "a", "key": str(n)} for n in range(7)]},
        {"button_list": [{"text": "a", "key": "k"}, {"text": "b", "key": "k"}]},
        {"action_menu": {"desc": "d", "action_list": []}},
        {"card_type": "unknown"},
    ],
)
def test_a_card_over_its_limits_is_refused(caller, change):
    assert send_card(caller, a_card(**change))["errcode"] == 40058


def test_an_app_without_callback_sends_no_interactive_card(twin, caller):
    twin.app.app.has_callback = False

    assert send_card(caller, a_card())["errcode"] == 40058


# The app's own groups


def test_an_app_speaks_to_groups_it_made(twin, http, caller):
    made = caller.post("appchat/create", {"name": "专班", "userlist": ["WangWu", "lisi"]})
    said = {"chatid": made["chatid"], "msgtype": "text", "text": {"content": "开会"}}

    assert caller.post("appchat/send", said)["errcode"] == 0
    assert twin.seen(made["chatid"])[0].text == "开会"
    card = {"chatid": made["chatid"], "msgtype": "template_card", "template_card": a_card()}
    assert caller.post("appchat/send", card)["errcode"] == 40008
    assert caller.post("appchat/send", {**said, "chatid": "x"})["errcode"] == 86003
    twin.add_app(App(agent_id=1000003, secret="second"))
    assert Caller(http, "second").post("appchat/send", said)["errcode"] == 86008


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"userlist": ["WangWu"]}, 86006),
        ({"name": "长" * 51}, 86004),
        ({"owner": "zhao"}, 86007),
        ({"chatid": "a-b"}, 86001),
        ({"userlist": ["WangWu", "nobody"]}, 40031),
    ],
)
def test_a_group_is_made_of_known_people(caller, change, errcode):
    group = {"name": "专班", "userlist": ["WangWu", "lisi"], **change}

    assert caller.post("appchat/create", group)["errcode"] == errcode


# Media


def test_media_come_back_for_three_days(twin, caller):
    told = caller.upload("file", "第一季度.docx", b"a document")

    assert told["created_at"] == "1700000000"
    got = caller.get("media/get", media_id=told["media_id"])
    assert got.content == b"a document"
    disposition = dict(got.headers.raw)[b"content-disposition"]
    assert disposition == 'attachment; filename="第一季度.docx"'.encode()
    twin.clock.forward(3 * DAY + 1)
    caller.renew()
    late = caller.get("media/get", media_id=told["media_id"])
    assert (late.status_code, late.json()["errcode"]) == (200, 40007)


def test_a_part_of_media(caller):
    media_id = caller.upload("file", "a.bin", b"0123456789")["media_id"]
    query = {"access_token": caller.token, "media_id": media_id}

    got = caller.http.get("media/get", params=query, headers={"Range": "bytes=2-4"})

    assert (got.status_code, got.content) == (206, b"234")
    assert got.headers["content-range"] == "bytes 2-4/10"


def test_over_20_megabytes_come_only_in_parts(twin, caller):
    large = twin.corp.keep("video", "a.mp4", bytes(21 * 1024 * 1024))

    assert caller.get("media/get", media_id=large.id).json()["errcode"] == 830002


def test_a_name_by_rfc_2231_is_not_understood(http, caller):
    body = (
        b'--b\r\nContent-Disposition: form-data; name="media"; '
        b"filename*=utf-8''%E7%AC%AC.docx\r\n\r\na document\r\n--b--\r\n"
    )
    told = http.post(
        "media/upload",
        params={"access_token": caller.token, "type": "file"},
        content=body,
        headers={"Content-Type": "multipart/form-data; boundary=b"},
    )

    assert told.json()["errcode"] == 41005


@pytest.mark.parametrize(
    ("kind", "data", "errcode"),
    [
        ("file", b"12345", 40006),
        ("image", b"GIF89a not taken", 40005),
        ("voice", b"#!AMR" + bytes(2 * 1024 * 1024), 40006),
        ("poster", b"whatever", 40004),
    ],
)
def test_media_of_the_wrong_kind_or_size(caller, kind, data, errcode):
    assert caller.upload(kind, "a.bin", data)["errcode"] == errcode


def test_a_picture_is_sent_by_its_id(twin, caller):
    media_id = caller.upload("image", "a.jpg", JPEG)["media_id"]

    told = caller.says("WangWu", "", msgtype="image", image={"media_id": media_id})

    assert told["errcode"] == 0
    assert twin.seen("WangWu")[0].body["data"] == JPEG
    assert (
        caller.says("WangWu", "", msgtype="file", file={"media_id": media_id})["errcode"] == 40007
    )


# People


def test_a_person_is_found_ignoring_case(caller):
    told = caller.get("user/get", userid="WANGWU").json()

    assert (told["userid"], told["name"]) == ("WangWu", "王五")
    assert "mobile" not in told
    assert caller.get("user/get", userid="nobody").json()["errcode"] == 60111


# Robots


def test_a_robot_speaks_in_its_group(twin, http):
    assert webhook(http, "markdown_v2", {"content": "| 县 | 进度 |"}) == 0

    assert twin.seen("wr-group")[0].text == "| 县 | 进度 |"
    assert webhook(http, "text", {"content": "x"}, key="other") == 93000


def test_a_robot_speaks_20_times_a_minute(twin, http):
    answers = [webhook(http, "text", {"content": "x"}) for _ in range(22)]

    assert answers == [0] * 20 + [45009] * 2
    twin.clock.forward(59)
    assert webhook(http, "text", {"content": "x"}) == 45009
    twin.clock.forward(1.5)
    assert webhook(http, "text", {"content": "x"}) == 0


def picture(data: bytes, md5: str = "") -> dict[str, str]:
    return {
        "base64": base64.b64encode(data).decode(),
        "md5": md5 or hashlib.md5(data).hexdigest(),
    }


@pytest.mark.parametrize(
    ("kind", "content", "errcode"),
    [
        ("image", picture(JPEG), 0),
        ("image", picture(JPEG, "0" * 32), 40058),
        ("image", picture(JPEG + bytes(2 * 1024 * 1024)), 40009),
        ("image", picture(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1"), 40123),
        ("text", {"content": "长" * 683}, 40058),
        ("markdown", {"content": "长" * 1365}, 0),
        ("markdown", {"content": "长" * 1366}, 40058),
        ("template_card", a_card(), 40058),
        ("video", {"media_id": "x"}, 40008),
    ],
)
def test_what_a_robot_may_say(http, kind, content, errcode):
    assert webhook(http, kind, content) == errcode


def test_a_robots_file_is_its_own(twin, http):
    twin.add_robot("KEY2", "wr-other")
    told = http.post(
        "webhook/upload_media",
        params={"key": "KEY", "type": "file"},
        files={"media": ("通报.docx", b"a document")},
    ).json()

    assert webhook(http, "file", {"media_id": told["media_id"]}) == 0
    assert webhook(http, "file", {"media_id": told["media_id"]}, key="KEY2") == 40007


def test_a_response_url_is_good_once_within_the_hour(twin, http):
    def code(**facts: Any) -> dict[str, str]:
        offered = twin.corp.offer_code(kind="response_url", chat="wangwu", **facts)
        return {"response_code": offered}

    def respond(query: dict[str, str], body: Any = None) -> int:
        body = body or {"msgtype": "markdown", "markdown": {"content": "收到"}}
        return http.post("aibot/response", params=query, content=raw(body)).json()["errcode"]

    first, late, group = code(group=False), code(group=False), code(group=True)
    card = {"msgtype": "template_card", "template_card": a_card()}

    assert [respond(first), respond(first)] == [0, 40058]
    assert respond(group, card) == 40058
    assert respond(group) == 0
    twin.clock.forward(3601)
    assert respond(late) == 40058
    assert [bubble.text for bubble in twin.seen("wangwu")] == ["收到", "收到"]


# Faults


def test_any_errcode_for_the_next_calls(twin, caller):
    twin.faults.answer("message/send", 60020, "not allow to access from your ip", times=2)

    answers = [caller.says("WangWu", "x") for _ in range(3)]

    assert [each["errcode"] for each in answers] == [60020, 60020, 0]
    assert "from ip: 127.0.0.1" in answers[0]["errmsg"]
    assert len(twin.sent("message/send")) == 1
    assert len(twin.sent("message/send", all=True)) == 3


def test_statuses_and_pages_in_place_of_json(twin, http):
    twin.faults.status("webhook/send", 500)
    twin.faults.page("webhook/send")

    answers = [http.post("webhook/send", params={"key": "KEY"}) for _ in range(2)]

    assert [each.status_code for each in answers] == [500, 200]
    assert "html" in answers[1].headers["content-type"]
    assert twin.sent("webhook/send", all=True) == []


@pytest.mark.parametrize("acted", [False, True])
def test_a_socket_closed_before_or_after_the_deed(twin, caller, acted):
    twin.faults.hang_up("message/send", acted=acted)

    with pytest.raises(httpx2.TransportError):
        caller.says("WangWu", "x")
    assert caller.says("WangWu", "y")["errcode"] == 0
    assert [bubble.text for bubble in twin.seen("WangWu")] == ["x", "y"][not acted :]


def test_an_answer_held_back(twin, http, caller):
    with twin.faults.held("message/send"):
        call = threading.Thread(target=caller.says, args=("WangWu", "x"))
        call.start()
        assert [bubble.text for bubble in twin.seen("WangWu", 1)] == ["x"]
        with pytest.raises(httpx2.ReadTimeout):
            http.post("message/send", content=b"{}", timeout=0.05)
    call.join(10)
    assert not call.is_alive()


def test_slow_answers_by_the_servers_clock(twin, http, caller):
    twin.faults.slow("message/send", 20)
    call = threading.Thread(target=caller.says, args=("WangWu", "x"))
    call.start()
    assert twin.sees("WangWu", "x").msgtype == "text"
    assert call.is_alive()
    twin.clock.forward(20)
    call.join(10)
    assert not call.is_alive()


def test_a_task_id_used_twice_is_complained_about(twin, caller):
    send_card(caller, a_card())
    assert send_card(caller, a_card())["errcode"] == 0

    assert twin.complaints == ["task_id used twice by app 1000002"]
    twin.complaints.clear()


def test_a_live_clock_runs_by_itself():
    with Twin(live=True) as twin:
        before = twin.clock.now()
        twin.record.wait(lambda: twin.clock.now() > before, 10, "time to pass")
