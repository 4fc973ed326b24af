"""DingTalk's two APIs: tokens, people by twenties, limits, blocks, and what nobody knows."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import httpx2
import pytest
from pydantic import ValidationError
from structlog.testing import capture_logs

from bot.dingtalk.calls import BLOCKED, post_webhook
from bot.dingtalk.errors import USED_UP_FOR
from bot.dingtalk.limiter import Limiter
from bot.dingtalk.meter import Pool
from bot.http import open_client
from models.errors import DeliveryError, MediaUnavailable, Shut
from tests.bot.dingtalk.calling import (
    API,
    OAPI,
    SECRET,
    Near,
    Server,
    Timing,
    in_turn,
    old,
    refuses,
    says,
    settings,
)
from tests.twins.dingtalk.corp import Member
from tests.twins.dingtalk.twin import Twin

AD = "Forbidden.AccessDenied."
SESSION = f"{OAPI}/robot/sendBySession?session=s-1234"
ROBOT = f"{OAPI}/robot/send?access_token=r-1234"
PAGE = httpx2.Response(200, html="<html><title>访问受限</title></html>")
PUNISHED = httpx2.Response(200, json={"status": 1111, "wait": 5, "source": "x5", "punish": "deny"})
TEXT = {"msgtype": "text", "text": {"content": "你好"}}


@pytest.fixture
def near() -> Iterator[Near]:
    """The stand-in with 45 people."""
    with Twin(members=[Member(f"User{n:02}", f"{n}号") for n in range(45)]) as twin:
        near = Near(twin)
        yield near
        near.calls.client.close()
        assert twin.complaints == []


def failed(answer: Any) -> DeliveryError:
    assert isinstance(answer, DeliveryError)
    return answer


# Tokens


def test_23_however_many_ask_at_once_one_token_is_fetched() -> None:
    barrier = Barrier(8)
    server = Server()

    def send(_: int) -> None:
        barrier.wait(10)
        server.group()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(send, range(8)))

    assert (server.tried("accessToken"), server.tried("send")) == (1, 8)


def test_23_a_token_is_asked_for_in_json_and_travels_in_a_header() -> None:
    server = Server()
    server.group()

    [asked], [sent] = server.requests("accessToken"), server.requests("send")
    assert json.loads(asked.content) == {"appKey": "dingapp", "appSecret": SECRET}
    assert asked.headers["content-type"].startswith("application/json")
    assert sent.headers["x-acs-dingtalk-access-token"] == "T1"
    assert sent.url.query == b""


def test_23_a_token_is_renewed_ten_minutes_before_it_ends() -> None:
    server = Server()

    server.group()
    server.forward(minutes=110, seconds=-1)
    server.group()
    assert server.tokens == 1
    server.forward(seconds=1)
    server.group()
    assert server.tokens == 2


@pytest.mark.parametrize(
    ("path", "bad"),
    [
        ("send", refuses("InvalidAuthentication")),
        ("upload", old(40014)),
        ("upload", old(40001)),
        ("upload", old(42001)),
        ("upload", old(88, sub_code="40014")),
    ],
)
def test_23_when_a_token_goes_bad_one_other_is_fetched_and_the_call_made_once_more(
    path: str, bad: httpx2.Response
) -> None:
    server = Server(upload=old(media_id="@m"))
    server.told[path] = in_turn(bad, server.told.get(path) or says(processQueryKey="key"))

    if path == "send":
        assert server.group() == "key"
    else:
        assert server.api.upload("file", "a.pdf", b"%PDF", "application/pdf") == "@m"

    assert (server.tokens, server.tried(path)) == (2, 2)


def test_23_a_token_that_stays_bad_is_no_loop() -> None:
    server = Server(send=refuses("InvalidAuthentication"))

    with pytest.raises(DeliveryError) as refused:
        server.group()

    assert (server.tokens, server.tried("send")) == (2, 2)
    assert (refused.value.retryable, refused.value.unknown) == (True, False)


def test_23_under_many_a_token_that_went_bad_is_fetched_once_more() -> None:
    barrier = Barrier(4)

    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.headers["x-acs-dingtalk-access-token"] == "T1":
            barrier.wait(10)
            return refuses("InvalidAuthentication")
        return says(processQueryKey="key")

    server = Server(send=answer)
    server.api.token()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: server.group(), range(4)))

    assert (server.tokens, server.tried("send")) == (2, 8)


def test_23_the_servers_give_and_take_back_tokens(near: Near) -> None:
    assert isinstance(near.say("User01")["User01"], str)
    near.twin.tokens.expire()

    assert isinstance(near.say("User01")["User01"], str)
    assert len(near.twin.sent("oauth2/accessToken")) == 2
    assert len(near.twin.seen("User01")) == 2


def test_23_a_wrong_secret_says_what_to_set() -> None:
    server = Server(accessToken=refuses("invalidClientIdOrSecret"))

    with pytest.raises(DeliveryError, match="DINGTALK_CLIENT_SECRET") as refused:
        server.group()

    assert (refused.value.shut, server.tried("send")) == (Shut.ALL, 0)


# People, groups, and what 200 may hide


def test_19_people_are_named_by_twenties(near: Near) -> None:
    people = [f"User{n:02}" for n in range(45)]

    outcome = near.say(*people)

    calls = near.twin.sent("robot/oToMessages/batchSend")
    assert [len(each.body["userIds"]) for each in calls] == [20, 20, 5]
    assert [p for each in calls for p in each.body["userIds"]] == people
    assert [outcome[p] for p in (people[0], people[20], people[44])] == [
        each.answer["processQueryKey"] for each in calls
    ]
    assert [len(near.twin.seen(each)) for each in people] == [1] * 45
    assert near.meter.units == {"api": 3}


def test_19_nobody_is_named_twice(near: Near) -> None:
    assert list(near.say("User01", "User01")) == ["User01"]
    assert len(near.twin.seen("User01")) == 1


def test_18_a_good_status_may_have_reached_nobody(near: Near) -> None:
    near.twin.corp.members["User03"].visible = False
    near.twin.messages.flow_controlled.add("User04")

    outcome = near.say("User02", "User03", "User04", "nobody")

    assert isinstance(outcome["User02"], str)
    for person in ("User03", "nobody"):
        lost = failed(outcome[person])
        assert (lost.shut, lost.elsewhere, lost.retryable) == (Shut.CHAT, True, False)
    held = failed(outcome["User04"])
    assert (held.shut, held.retryable, held.after.total_seconds()) == (None, True, 60)


@pytest.mark.parametrize("lists", [{}, {"invalidStaffIdList": None}, {"invalidStaffIdList": "x"}])
def test_18_an_answer_without_a_key_is_none(lists: dict[str, Any]) -> None:
    server = Server(batchSend=says(**lists))

    assert failed(server.send()["user0"]).unknown


def test_18_what_would_be_refused_to_all_is_asked_once() -> None:
    server = Server(batchSend=refuses("chatbotId.notAllow.sendOTO"))

    outcome = server.send(45)

    assert server.tried("batchSend") == 1
    assert {failed(each).shut for each in outcome.values()} == {Shut.ALL}
    assert len(outcome) == 45


def test_18_one_twenty_of_unknown_outcome_holds_up_no_other() -> None:
    server = Server(batchSend=in_turn(httpx2.ReadTimeout("late"), says(processQueryKey="key")))

    outcome = list(server.send(45).values())

    assert [failed(each).unknown for each in outcome[:20]] == [True] * 20
    assert outcome[20:] == ["key"] * 25
    assert server.tried("batchSend") == 3


def test_18_by_the_old_api_a_good_status_may_be_a_refusal() -> None:
    server = Server(sendBySession=old(300001), get=old(60121))

    with pytest.raises(DeliveryError):
        post_webhook(server.calls, SESSION, TEXT)
    with pytest.raises(DeliveryError, match="没有这个账号"):
        server.api.old_post("topapi/v2/user/get", {"userid": "x"}, free=True)


def test_21_chinese_stands_as_it_is_and_the_param_is_a_text() -> None:
    server = Server()
    words = "第一季度“低保”\n进度 \\u4f60 🙂"

    server.api.say_to_group("cidAAA==", "sampleText", {"content": words})
    post_webhook(server.calls, SESSION, {"msgtype": "text", "text": {"content": words}})

    [sent], [answered] = server.requests("send"), server.requests("sendBySession")
    assert "低保" in sent.content.decode()
    assert "低保" in answered.content.decode()
    param = json.loads(sent.content)["msgParam"]
    assert isinstance(param, str)
    assert json.loads(param) == {"content": words}
    assert b"\\u4f4e" not in sent.content + answered.content


def test_21_the_servers_read_it_so(near: Near) -> None:
    near.twin.corp.meets("cidAAA==", "User01")

    key = near.api.say_to_group("cidAAA==", "sampleText", {"content": "低保“进度”\n30 项"})

    assert near.twin.sees("cidAAA==", "低保“进度”\n30 项").key == key


# What is counted


@pytest.mark.parametrize(
    ("answer", "units"),
    [
        (says(processQueryKey="key"), 1),
        (refuses("staffId.notExisted"), 1),
        (refuses("system.error", 500), 1),
        (httpx2.ReadTimeout("late"), 1),
        (refuses(f"{AD}QpsLimitForAppkeyAndApi", 403), 0),
        (refuses(f"{AD}QpmLimitForAppkeyAndApi", 403), 0),
        (refuses(f"{AD}ApiCountLimitForOrg", 403), 0),
        (httpx2.ConnectError("no way"), 0),
        (PUNISHED, 0),
    ],
)
def test_27_a_call_is_counted_unless_it_was_refused_for_its_number(answer: Any, units: int) -> None:
    server = Server(batchSend=answer)

    server.send()

    assert server.meter.units["api"] == units


def test_27_tokens_and_the_address_book_are_free_and_webhooks_count_elsewhere() -> None:
    server = Server(get=old(result={}), upload=old(media_id="@m"), sendBySession=old())

    server.api.token()
    server.api.old_post("topapi/v2/user/get", {"userid": "x"}, free=True)
    assert server.meter.units == {}
    post_webhook(server.calls, SESSION, TEXT)
    server.api.upload("file", "a.pdf", b"%PDF", "application/pdf")
    server.api.put("card/instances", {"outTrackId": "x"})
    assert server.meter.units == {"webhook": 1, "api": 2}


def test_27_both_sides_count_alike(near: Near) -> None:
    near.twin.add_robot("r-1234", "", "cidAAA==")

    near.say("User01", "User02")
    near.api.upload("file", "a.pdf", b"%PDF-1.7", "application/pdf")
    post_webhook(near.calls, f"{near.twin.url}/robot/send?access_token=r-1234", TEXT)

    quota = near.twin.quota
    assert near.meter.units == {"api": quota.api.used, "webhook": quota.webhook.used}
    assert near.meter.units == {"api": 2, "webhook": 1}


# Too much


def test_24_too_many_in_a_second_is_no_missing_permission(near: Near) -> None:
    near.twin.quota.per_second = 1
    near.say("User01")

    refused = failed(near.say("User02")["User02"])

    assert (refused.shut, refused.retryable) == (Shut.BUSY, True)
    assert 1 <= refused.after.total_seconds() < 60
    assert near.twin.record.tries["robot/oToMessages/batchSend"] == 2, "nothing is repeated here"


def test_24_a_used_up_month_closes_the_door_for_hours(near: Near) -> None:
    near.twin.quota.api.limit, near.twin.quota.grace = 1, 0
    near.say("User01")

    refused = failed(near.say("User02")["User02"])

    assert (refused.shut, refused.after) == (Shut.ALL, USED_UP_FOR)
    assert "额度已用完，请管理员在钉钉升级版本或购买加量包" in str(refused)
    assert near.meter.out == ["api"]


def test_24_only_a_call_that_was_answered_shows_that_more_was_bought(near: Near) -> None:
    near.meter.ran_out(Pool.API)
    near.twin.faults.hang_up("robot/oToMessages/batchSend", acted=True)

    assert failed(near.say("User01")["User01"]).unknown
    assert near.meter.out == ["api"]
    near.say("User02")
    assert near.meter.out == []


def test_24_the_missing_permission_is_named(near: Near) -> None:
    near.twin.robot.robot.scopes = frozenset()

    refused = failed(near.say("User01")["User01"])
    with pytest.raises(DeliveryError) as book:
        near.api.old_post("topapi/v2/user/get", {"userid": "User01"}, free=True)

    assert refused.shut is Shut.ALL
    assert "“权限管理”中申请（qyapi_robot_sendmsg）" in str(refused)
    assert book.value.code == 60011


def test_24_an_address_that_is_not_trusted_is_named(near: Near) -> None:
    near.twin.tokens.trusts_caller = False

    refused = failed(near.say("User01")["User01"])

    assert refused.shut is Shut.ALL
    assert "请在钉钉开发者后台应用的“安全设置”中添加（出口 IP 127.0.0.1）" in str(refused)


def all_calls(server: Server) -> list[Callable[[], Any]]:
    return [
        server.group,
        lambda: server.api.old_post("topapi/v2/user/get", {"userid": "x"}, free=True),
        lambda: server.api.upload("file", "a.pdf", b"%PDF", "application/pdf"),
        lambda: server.api.download("code"),
        lambda: post_webhook(server.calls, SESSION, TEXT),
        lambda: post_webhook(server.calls, ROBOT, TEXT),
    ]


@pytest.mark.parametrize(
    "page",
    [
        PAGE,
        PUNISHED,
        httpx2.Response(200, json={"status": "1111"}),
        httpx2.Response(403, html="<!DOCTYPE html>"),
        httpx2.Response(200, content=b"\n <HTML>" + b"x" * 9000),
    ],
    ids=["page", "json", "as a text", "forbidden", "without a type"],
)
def test_25_a_blocked_address_makes_no_call_for_five_minutes(page: httpx2.Response) -> None:
    server = Server(upload=old(media_id="@m"), get=old(), sendBySession=page)
    server.told["download"] = says(downloadUrl=f"{API}/storage/x")
    server.api.token()

    with pytest.raises(DeliveryError) as blocked:
        post_webhook(server.calls, SESSION, TEXT)
    assert (blocked.value.shut, blocked.value.after) == (Shut.AWAY, BLOCKED)
    assert (blocked.value.retryable, blocked.value.unknown) == (True, False)
    before = len(server.asked)

    server.forward(minutes=4, seconds=59)
    for call in all_calls(server):
        with pytest.raises((DeliveryError, MediaUnavailable), match="已全部暂停5分钟"):
            call()
    assert len(server.asked) == before

    server.told["sendBySession"] = old()
    server.forward(seconds=1)
    for call in all_calls(server):
        call()
    assert len(server.asked) > before


def test_25_a_token_is_not_asked_for_either() -> None:
    server = Server(accessToken=PAGE)

    for _ in range(3):
        with pytest.raises(DeliveryError, match="已全部暂停5分钟"):
            server.group()

    assert [server.tried("accessToken"), server.tried("send")] == [1, 0]


@pytest.mark.parametrize("page", [True, False])
def test_25_the_servers_block_is_waited_for(near: Near, page: bool) -> None:
    near.api.token()
    near.twin.quota.bar(page=page)

    for _ in range(3):
        assert "已全部暂停5分钟" in str(failed(near.say("User01")["User01"]))
    near.twin.clock.forward(301)

    assert isinstance(near.say("User01")["User01"], str)


def test_25_a_gateways_own_page_blocks_nothing() -> None:
    server = Server(send=in_turn(httpx2.Response(502, html="<html>"), says(processQueryKey="key")))

    with pytest.raises(DeliveryError, match="502") as failure:
        server.group()
    assert (failure.value.shut, failure.value.unknown) == (Shut.AWAY, False)
    assert server.group() == "key"


def test_25_a_clock_put_back_ends_a_block() -> None:
    server = Server(send=in_turn(PAGE, says(processQueryKey="key")))

    with pytest.raises(DeliveryError):
        server.group()
    server.forward(days=-1)

    assert server.group() == "key"


def test_26_no_api_is_called_more_than_twenty_times_in_any_second() -> None:
    timing = Timing()
    limiter = Limiter(20, timing)
    made = []
    for _ in range(100):
        timing.wait(limiter.wait("send"))
        made.append(timing.now)

    assert all(later - earlier > 1 for earlier, later in zip(made, made[20:], strict=False))
    assert made[19] == 0
    assert made[-1] < 5


def test_26_each_api_is_counted_by_itself() -> None:
    server = Server()

    for _ in range(20):
        server.group()
        server.send()
    assert server.timing.waited == []
    server.group()

    assert [1 < each < 2 for each in server.timing.waited] == [True]


def test_26_threads_share_the_limit() -> None:
    timing = Timing()
    limiter = Limiter(20, timing)

    with ThreadPoolExecutor(8) as pool:
        delays = sorted(pool.map(lambda _: limiter.wait("send"), range(100)))

    assert [round(each, 2) for each in delays[::20]] == [0.0, 1.05, 2.1, 3.15, 4.2]


def test_26_with_a_larger_edition_more_is_called() -> None:
    server = Server(per_second=60)

    for _ in range(60):
        server.group()

    assert server.timing.waited == []


# What nobody knows


@pytest.mark.parametrize(
    "answer",
    [
        httpx2.ReadTimeout("late"),
        httpx2.WriteTimeout("late"),
        httpx2.RemoteProtocolError("closed"),
        httpx2.Response(504, json={"code": "gateway.timeout", "message": "x"}),
        httpx2.Response(504, html="<html>"),
        httpx2.Response(200, content=b'{"processQ'),
        old(15),
        old(88, sub_code="isp.remote-service-timeout"),
    ],
    ids=["read", "write", "closed", "504", "504 page", "cut off", "15", "88"],
)
def test_28_where_nobody_knows_nothing_is_repeated(answer: Any) -> None:
    server = Server(send=answer)

    with pytest.raises(DeliveryError) as failure:
        server.group()

    assert failure.value.unknown
    assert server.tried("send") == 1


@pytest.mark.parametrize("error", [httpx2.ConnectError("x"), httpx2.ConnectTimeout("x")])
def test_28_what_never_left_is_known(error: Exception) -> None:
    server = Server(send=error)

    with pytest.raises(DeliveryError, match="连不上钉钉") as failure:
        server.group()

    assert (failure.value.unknown, failure.value.shut) == (False, Shut.AWAY)


def test_28_without_a_token_nothing_left() -> None:
    server = Server(accessToken=httpx2.ReadTimeout("late"))

    with pytest.raises(DeliveryError) as failure:
        server.group()

    assert (failure.value.unknown, failure.value.shut) == (False, Shut.AWAY)


def test_28_a_message_that_was_taken_while_the_line_broke_stands_there_once(near: Near) -> None:
    near.twin.faults.hang_up("robot/oToMessages/batchSend", acted=True)

    assert failed(near.say("User01")["User01"]).unknown
    assert len(near.twin.seen("User01")) == 1


@pytest.mark.parametrize(
    "base", ["api.dingtalk.com", "https://", "http://a:port", "https://me@api.dingtalk.com", "//x"]
)
def test_33_hosts_come_from_the_settings_and_are_addresses(base: str) -> None:
    for name in ("dingtalk_api_base", "dingtalk_oapi_base"):
        with pytest.raises(ValidationError, match=r"such as https://api\.dingtalk\.com"):
            settings(**{name: base})
        assert getattr(settings(**{name: f"{API}/"}), name) == API


# Secrets


CANARIES = (SECRET, "T1", "s-1234", "r-1234", "sig-5678")
TROUBLES: list[Any] = [
    httpx2.ConnectError("x"),
    httpx2.ReadTimeout("x"),
    httpx2.Response(500),
    httpx2.Response(302, headers={"location": "https://evil.example/"}),
    httpx2.Response(200, content=b"\xff\xfe"),
    refuses("InvalidAuthentication"),
    refuses(f"{AD}AccessTokenPermissionDenied", 403),
    old(310000),
    old(300001),
    old(88),
    PUNISHED,
]


@pytest.mark.parametrize("trouble", TROUBLES, ids=range(len(TROUBLES)))
def test_11_no_secret_stands_in_a_log_or_an_error(
    trouble: Any, caplog: pytest.LogCaptureFixture
) -> None:
    told = dict.fromkeys(("send", "sendBySession", "upload", "download", "get"), trouble)
    errors = []

    with caplog.at_level("DEBUG"), capture_logs() as logs:
        for number in range(len(all_calls(Server()))):
            server = Server(**told)
            with pytest.raises((DeliveryError, MediaUnavailable)) as failure:
                all_calls(server)[number]()
            errors.append(f"{failure.value} {failure.value!r}")
        with pytest.raises(DeliveryError) as failure:
            Server(accessToken=trouble).group()
        errors.append(f"{failure.value} {failure.value!r}")

    everything = "\n".join([*errors, caplog.text, json.dumps(logs, ensure_ascii=False)])
    assert [each for each in CANARIES if each in everything] == []


@pytest.mark.parametrize(
    "address", [f"{OAPI}:port/robot/send?access_token=r-1234", f"{OAPI}/\x01?session=s-1234"]
)
def test_11_an_address_that_is_none_is_not_quoted(address: str) -> None:
    with pytest.raises(DeliveryError) as failure:
        post_webhook(Server().calls, address, TEXT)

    assert [each for each in CANARIES if each in f"{failure.value!r}"] == []
    assert failure.value.__suppress_context__


def test_11_on_the_wire_nothing_is_logged_of_a_call(
    near: Near, caplog: pytest.LogCaptureFixture
) -> None:
    """The whole way down to the sockets, as an operator who wants to see everything has it."""
    near.twin.faults.status("robot/oToMessages/batchSend", 500)
    secret = near.twin.robot.robot.client_secret

    with caplog.at_level("DEBUG"), capture_logs() as logs:
        near.say("User01")
        near.say("User01")
        with pytest.raises(DeliveryError):
            post_webhook(near.calls, f"{near.twin.url}/robot/sendBySession?session=s-1", TEXT)

    # The stand-in's server writes a log of its own.
    ours = [each.getMessage() for each in caplog.records if "uvicorn" not in each.name]
    told = json.dumps([ours, logs])
    assert [each for each in (secret, near.api.token(), "s-1", "session=") if each in told] == []
    assert "300001" in told


def test_11_a_client_of_ours_is_silent_about_addresses(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level("DEBUG"):
        client = open_client(httpx2.MockTransport(lambda request: httpx2.Response(200)))
        client.get(SESSION)

    assert "s-1234" not in caplog.text
