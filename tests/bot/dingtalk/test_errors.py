"""What DingTalk's codes mean, as both hosts say them, and what an operator reads of it."""

from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.dingtalk.calls import code_in, refusal
from bot.dingtalk.errors import Action, Code, failure, meaning
from models.errors import DeliveryError, Shut

AD = "Forbidden.AccessDenied."
SEND = "/v1.0/robot/oToMessages/batchSend"
LISTED: dict[Action, tuple[Code, ...]] = {
    Action.AGAIN: (-1, "system.error"),
    Action.UNKNOWN: (15, 88),
    Action.SOON: (90018, 90002, f"{AD}QpsLimitForAppkeyAndApi", f"{AD}QpsLimitForApi"),
    Action.LATER: (
        f"{AD}QpmLimitForAppkeyAndApi",
        "send.too.fast",
        "send.byToken.tooFast",
        "too.many.people",
        "too.many.group",
    ),
    Action.BLOCKED: (410100, 130101),
    Action.USED_UP: (f"{AD}ApiCountLimitForOrg", 90020),
    Action.TOKEN: ("InvalidAuthentication", 40014, 40001, 42001),
    Action.SETUP: (
        "invalidClientIdOrSecret",
        f"{AD}IpNotInWhiteList",
        60020,
        f"{AD}AccessTokenPermissionDenied",
        60011,
        "unauthorized",
        "auth.error",
        "invalidParameter.robotCode.notExsit",
        "invalidParameter.robotCode.auth",
        "robot.oto.notExist",
        "chatbotId.notAllow.sendOTO",
        "param.templateNotExist",
        "param.templateUnpublished",
    ),
    Action.SHUT: (
        "staffId.notExisted",
        60121,
        33012,
        50002,
        50004,
        "invalid.openConversationId",
        "group.disbanded",
        "conversation.org.notMatch",
        "resource.not.found",
        "resource.unavailable",
        "bot.forbidden.sendMessage",
        400013,
        300001,
        300005,
        400101,
        400102,
        400106,
        310000,
    ),
    Action.NEVER: (
        "invalidParameter.msgParam.tooLong",
        "invalidParameter.msgKey.invalid",
        "invalidParameter.userIds.overMax",
        "contain.notAllowed.text",
        "contain.notAllowed.picture",
        "contain.notAllowed.content",
        "contain.unsafe.url",
        "param.contentUnsafe",
        40004,
        40005,
        40006,
        40007,
        40033,
        40035,
        43004,
        400105,
        430101,
        430104,
        460101,
        101002,
        "nobody.knows.this",
        123456,
    ),
}
EACH = [(code, action) for action, codes in LISTED.items() for code in codes]


@pytest.mark.parametrize(("code", "action"), EACH, ids=[str(code) for code, _ in EACH])
def test_18_every_documented_code_has_its_meaning(code: Code, action: Action) -> None:
    found = meaning(code, 400)

    assert found.action is action
    assert str(failure(code)) == f"{found.text}，错误码{code}"


SAID: dict[str, tuple[int, dict[str, Any], Code]] = {
    "the new API's": (400, {"code": "staffId.notExisted", "message": "x"}, "staffId.notExisted"),
    "the old API's": (200, {"errcode": 310000, "errmsg": "x"}, 310000),
    "as a text": (200, {"errcode": "40014"}, 40014),
    "wrapped": (200, {"errcode": 88, "sub_code": "40014", "errmsg": "x"}, 40014),
    "wrapped in words": (
        200,
        {"errcode": 88, "errmsg": "ding talk error[subcode=60020,submsg=访问ip不在白名单之中]"},
        60020,
    ),
    "wrapped without one": (200, {"errcode": 88, "sub_code": "isp.timeout"}, 88),
    "none that can be": (200, {"errcode": {"a": 1}}, -1),
    "a number too long": (200, {"errcode": "9" * 5000}, 9_999_999_999),
    "with what is no name": (400, {"code": "a\n\x1b[31m系统" + "b" * 500}, "a31m" + "b" * 96),
}


@pytest.mark.parametrize(("status", "answer", "code"), SAID.values(), ids=SAID)
def test_18_a_refusal_is_found_by_either_convention(
    status: int, answer: dict[str, Any], code: Code
) -> None:
    assert code_in(answer) == code
    refused = refusal(SEND, answer, status)
    assert refused is not None
    assert refused.code == code


@pytest.mark.parametrize(
    "answer", [{"errcode": 0, "errmsg": "ok"}, {"processQueryKey": "k"}, {"code": 0}, {}]
)
def test_18_no_code_is_no_refusal(answer: dict[str, Any]) -> None:
    assert refusal(SEND, answer, 200) is None


def told(answer: dict[str, Any], status: int = 403) -> str:
    return str(refusal(SEND, answer, status))


def test_24_a_missing_permission_is_named() -> None:
    denied = {
        "code": f"{AD}AccessTokenPermissionDenied",
        "requestid": "A6CD-1",
        "message": "应用尚未开通所需的权限",
        "accessdenieddetail": {"requiredScopes": ["qyapi_robot_sendmsg", "Contact.User.Read"]},
    }
    assert told(denied) == (
        "应用缺少接口权限，请在钉钉开发者后台应用的“权限管理”中申请"
        "（qyapi_robot_sendmsg、Contact.User.Read），"
        "错误码Forbidden.AccessDenied.AccessTokenPermissionDenied"
    )

    wrapped = "ding talk error[subcode=60011,submsg=权限不足, {requiredScopes=[qyapi_get_member]}]"
    assert "（qyapi_get_member），错误码60011" in told({"errcode": 88, "errmsg": wrapped}, 200)


@pytest.mark.parametrize("detail", [None, "x", {"requiredScopes": "x"}, {"requiredScopes": None}])
def test_24_without_a_name_the_rest_is_said(detail: object) -> None:
    code = f"{AD}AccessTokenPermissionDenied"
    assert "中申请，错误码" in told({"code": code, "accessdenieddetail": detail})


def test_24_what_is_named_breaks_no_line() -> None:
    code = f"{AD}AccessTokenPermissionDenied"
    scopes = ["a\n\u202eb", "<b>", *map(str, range(50))]
    assert "（ab、b、0、1、2）" in told(
        {"code": code, "accessdenieddetail": {"requiredScopes": scopes}}
    )


@pytest.mark.parametrize("ip", ["14.153.172.241", "2409:8a28:ec1:aa10:9880:6e1a:3c25:bc02"])
def test_24_an_address_outside_the_list_is_named(ip: str) -> None:
    words = f"访问ip不在白名单之中,请参考FAQ,request ip={ip} appKey(ding-example)"
    new = {"code": f"{AD}IpNotInWhiteList", "message": words}
    old = {"errcode": 88, "errmsg": f"ding talk error[subcode=60020,submsg={words}]"}

    for answer, status in ((new, 403), (old, 200)):
        assert f"“安全设置”中添加（出口 IP {ip}），错误码" in told(answer, status)
        assert "ding-example" not in told(answer, status)


def kind(error: DeliveryError) -> tuple[Shut | None, timedelta, bool]:
    return error.shut, error.after, error.retryable


def test_24_a_403_is_read_by_its_code() -> None:
    second, minute = timedelta(seconds=1), timedelta(minutes=1)

    quick = failure(f"{AD}QpsLimitForApi", status=403)
    assert (quick.shut, quick.retryable, quick.after >= second) == (Shut.BUSY, True, True)
    assert kind(failure(f"{AD}QpmLimitForAppkeyAndApi", status=403)) == (Shut.BUSY, minute, True)
    used_up = failure(f"{AD}ApiCountLimitForOrg", status=403)
    assert (used_up.shut, used_up.retryable, used_up.after >= 60 * minute) == (
        Shut.ALL,
        False,
        True,
    )
    denied = failure(f"{AD}AccessTokenPermissionDenied", status=403)
    assert kind(denied) == (Shut.ALL, timedelta(), False)
    assert kind(failure(f"{AD}SomethingNew", status=403)) == (Shut.ALL, timedelta(), False)


@pytest.mark.parametrize(
    ("status", "is_retryable", "is_unknown"),
    [(400, False, False), (429, True, False), (500, True, False), (503, True, False),
     (504, True, True)],
)  # fmt: skip
def test_28_what_is_not_listed_is_told_from_its_status(
    status: int, is_retryable: bool, is_unknown: bool
) -> None:
    error = failure("nobody.knows.this", status=status)

    assert (error.retryable, error.unknown) == (is_retryable, is_unknown)


@pytest.mark.parametrize("code", [15, 88])
def test_28_where_the_gateway_waited_in_vain_nobody_knows(code: int) -> None:
    error = failure(code)

    assert (error.unknown, error.shut) == (True, None)


def test_17_the_same_code_means_one_thing_of_a_session_and_another_of_a_robot() -> None:
    gone = {"errcode": 300001, "errmsg": "session 不存在"}
    session = refusal("/robot/sendBySession", gone, 200)
    robot = refusal("/robot/send", gone, 200)

    assert session is not None
    assert (session.elsewhere, session.shut) == (True, None)
    assert robot is not None
    assert (robot.elsewhere, robot.shut) == (True, Shut.CHAT)
    assert str(robot) == "群机器人已被移除或停用，请重新登记，错误码300001"


def test_24_the_number_of_a_refused_call_is_logged() -> None:
    with capture_logs() as logs:
        refusal(SEND, {"code": "system.error", "requestid": "A6CD-1", "message": "m"}, 500)

    assert logs == [
        {
            "event": "DingTalk refused",
            "log_level": "warning",
            "path": SEND,
            "code": "system.error",
            "status": 500,
            "requestid": "A6CD-1",
        }
    ]
