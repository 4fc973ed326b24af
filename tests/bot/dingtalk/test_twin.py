"""The stand-in of DingTalk's servers, called with plain clients: tokens, messages, people."""

import json

import pytest

from tests.bot.dingtalk.plain_clients import (
    GROUP,
    PNG,
    TO_PEOPLE,
    Caller,
    message,
    said,
)
from tests.twins.dingtalk.corp import CLIENT_ID, CLIENT_SECRET, ROBOT_CODE, SCOPES, Robot

LONG_AGO = 25 * 3600


# Tokens


def test_a_token_is_the_same_and_lives_longer_with_each_call(calm, http, caller):
    calm.clock.forward(7000)
    assert Caller(http).token == caller.token
    calm.clock.forward(7000)
    assert "processQueryKey" in caller.says(["WangWu"])

    calm.clock.forward(7200)
    assert caller.says(["WangWu"])["code"] == "InvalidAuthentication"
    assert Caller(http).token != caller.token


def test_no_token_without_the_right_secret(calm, http):
    wrong = {"appKey": CLIENT_ID, "appSecret": "wrong"}
    told = http.post("/v1.0/oauth2/accessToken", json=wrong)
    old = http.get("/gettoken", params={"appkey": CLIENT_ID, "appsecret": "wrong"})

    assert (told.status_code, told.json()["code"]) == (400, "invalidClientIdOrSecret")
    assert set(told.json()) == {"code", "message", "requestid"}
    assert (old.status_code, old.json()["errcode"]) == (200, 40089)


def test_a_form_is_no_body(twin, http):
    form = {"appKey": CLIENT_ID, "appSecret": CLIENT_SECRET}
    told = http.post("/v1.0/oauth2/accessToken", data=form)

    assert (told.status_code, told.json()["code"]) == (400, "Missingbody")
    assert len(twin.complaints) == 1


def test_the_old_way_to_a_token_gives_the_same_one(calm, http, caller):
    query = {"appkey": CLIENT_ID, "appsecret": CLIENT_SECRET}
    told = http.get("/gettoken", params=query).json()

    assert (told["errcode"], told["access_token"]) == (0, caller.token)
    assert told["expires_in"] == 7200


def test_both_hosts_refuse_a_dead_token_each_in_its_own_way(calm, caller):
    calm.tokens.expire()

    told = caller.call(TO_PEOPLE, {})
    assert (told.status_code, told.json()["code"]) == (400, "InvalidAuthentication")
    assert caller.upload("image", "a.png", PNG)["errcode"] == 40014
    wrapped = caller.old("topapi/v2/user/get", {"userid": "WangWu"})
    assert (wrapped["errcode"], wrapped["sub_code"]) == (88, "40014")
    caller.renew()
    assert "processQueryKey" in caller.says(["WangWu"])


def test_a_stranger_gets_a_token_but_nothing_for_it(calm, caller):
    calm.tokens.trusts_caller = False

    told = caller.call(TO_PEOPLE, {})
    assert told.status_code == 403
    assert told.json()["code"] == "Forbidden.AccessDenied.IpNotInWhiteList"
    assert "request ip=127.0.0.1" in told.json()["message"]
    assert caller.upload("image", "a.png", PNG)["errcode"] == 60020


def test_a_missing_permission_names_itself(calm, caller):
    calm.robot.robot.scopes = SCOPES - {"qyapi_robot_sendmsg", "qyapi_get_member"}

    told = caller.call(TO_PEOPLE, {})
    assert told.status_code == 403
    assert told.json()["code"].endswith(".AccessTokenPermissionDenied")
    assert told.json()["accessdenieddetail"] == {"requiredScopes": ["qyapi_robot_sendmsg"]}
    assert caller.old("topapi/v2/user/get", {"userid": "lisi"})["sub_code"] == "60011"


def test_a_path_that_is_not_there_or_on_the_other_host(twin, http, caller):
    assert caller.call("robot/nothing", {}).status_code == 404
    assert caller.call("media/upload", {}).status_code == 404
    assert http.post(f"/{TO_PEOPLE}", **said({})).json()["errcode"] == 404
    assert http.get(f"/v1.0/{TO_PEOPLE}").status_code == 404
    assert len(twin.complaints) == 4


# Messages by the API


def test_a_text_reaches_whom_it_can_and_lists_the_rest(calm, caller):
    calm.messages.flow_controlled = {"lisi"}

    told = caller.says(["WangWu", "wangwu", "hidden", "lisi"])

    assert told["processQueryKey"]
    assert told["invalidStaffIdList"] == ["wangwu", "hidden"]
    assert told["flowControlledStaffIdList"] == ["lisi"]
    assert [(each.door, each.text) for each in calm.seen("WangWu")] == [("api", "第一季度进度")]
    assert calm.seen("lisi") == []
    assert calm.sent(TO_PEOPLE)[0].dropped == ("wangwu", "hidden", "lisi")


def test_nobody_left_is_an_error_where_the_servers_say_so(calm, caller):
    assert caller.says(["nobody"])["invalidStaffIdList"] == ["nobody"]
    calm.messages.refuses_unreached = True
    assert caller.says(["nobody"])["code"] == "staffId.notExisted"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"userIds": []}, "invalidParameter.userIds.empty"),
        ({"userIds": [f"u{n}" for n in range(21)]}, "invalidParameter.userIds.overMax"),
        ({"robotCode": ""}, "invalidParameter.robotCode.empty"),
        ({"msgKey": "sampleFeedCard"}, "invalidParameter.msgKey.invalid"),
        ({"msgParam": {"content": "好"}}, "invalidParameter.msgParam.invalid"),
        ({"msgParam": "content"}, "invalidParameter.msgParam.invalid"),
        ({"msgParam": '{"content": " "}'}, "miss.param.contentOfText"),
        (message("sampleMarkdown", {"text": "好"}), "miss.param.markdownTotitle"),
        (message("sampleImageMsg", {"photoURL": "@none"}), "invalidParameter.msgParam.invalid"),
        (
            message("sampleText", {"content": "长" * 5_000}),
            "invalidParameter.msgParam.tooLong",
        ),
    ],
)
def test_what_cannot_be_sent_is_refused_and_complained_about(twin, caller, body, code):
    told = caller.call(
        TO_PEOPLE, message("sampleText", {"content": "好"}) | {"userIds": ["WangWu"]} | body
    )

    assert (told.status_code, told.json()["code"]) == (400, code)
    assert len(twin.complaints) == 1
    assert twin.seen("WangWu") == []


def test_a_text_of_exactly_15000_bytes_goes(calm, caller):
    room = 15_000 - len(json.dumps({"content": ""}))

    assert "processQueryKey" in caller.says_in(GROUP, content="a" * room)
    assert calm.seen(GROUP)[0].text == "a" * room


def test_escapes_are_complained_about_inside_and_out(twin, http, caller):
    body = message("sampleText", {"content": "好"}) | {"userIds": ["WangWu"]}
    headers = {"content-type": "application/json", "x-acs-dingtalk-access-token": caller.token}
    http.post(f"/v1.0/{TO_PEOPLE}", content=json.dumps(body), headers=headers)
    inner = body | {"msgParam": json.dumps({"content": "好"})}
    caller.post(TO_PEOPLE, inner)

    assert [each.text for each in twin.seen("WangWu")] == ["好", "好"]
    # The first is escaped once around and once within.
    assert len(twin.complaints) == 2


def test_a_backslash_before_u_and_a_control_character_are_no_escapes(calm, caller):
    caller.says(["WangWu"], content="C:\\u4e00 \x01")

    assert calm.seen("WangWu")[0].text == "C:\\u4e00 \x01"


def test_another_robot_is_not_spoken_for(calm, http):
    calm.add_app(Robot("second", "secret", "robot-2"))
    second = Caller(http, Robot("second", "secret", "robot-2"))

    assert second.says(["WangWu"])["code"] == "invalidParameter.robotCode.auth"
    calm.robot.robot.robot_code = "renamed"
    assert second.says(["WangWu"])["code"] == "invalidParameter.robotCode.notExsit"


def test_groups_are_known_dissolved_or_left(calm, caller):
    assert caller.says_in(GROUP)["processQueryKey"]
    assert caller.says_in("cidOther")["code"] == "invalid.openConversationId"
    calm.corp.groups[GROUP].has_robot = False
    assert caller.says_in(GROUP)["code"] == "resource.not.found"
    calm.corp.groups[GROUP].is_dissolved = True
    assert caller.says_in(GROUP)["code"] == "group.disbanded"


def test_buttons_and_links_can_be_tapped(calm, caller):
    said = "dtmd://dingtalkclient/sendMessage?content=%E5%90%8C%E6%84%8F"
    caller.says(["WangWu"], "sampleMarkdown", title="请核", text=f"**一** [同意]({said}) ![](x)")
    caller.says(
        ["WangWu"],
        "sampleActionCard2",
        title="请核",
        text="出生缺陷防治",
        actionTitle1="同意",
        actionURL1=said,
        actionTitle2="看表",
        actionURL2="https://office.example/p/1",
    )

    markdown, card = calm.seen("WangWu")
    assert (markdown.title, markdown.links) == ("请核", {"同意": said})
    assert card.links == {"同意": said, "看表": "https://office.example/p/1"}
    assert card.text == "出生缺陷防治"


@pytest.mark.parametrize(
    "url",
    [
        "同意",
        "ftp://host/x",
        "https://office.example/中文",
        "dtmd://dingtalkclient/sendMessage?content=同意",
        "dtmd://dingtalkclient/sendMessage?content=",
    ],
)
def test_an_address_that_opens_nothing_is_no_button(twin, caller, url):
    card = {"title": "请核", "text": "正文", "singleTitle": "看", "singleURL": url}

    told = caller.says(["WangWu"], "sampleActionCard", **card)

    assert told["code"] == "invalidParameter.msgParam.invalid"
    assert len(twin.complaints) == 1


def test_a_message_is_read_and_recalled_within_a_day(calm, caller):
    key = caller.says(["WangWu", "lisi"])["processQueryKey"]
    calm.seen("lisi")[0].readers.add("lisi")
    asked = {"robotCode": ROBOT_CODE, "processQueryKey": key}
    headers = {"x-acs-dingtalk-access-token": caller.token}
    status = caller.http.get(
        "/v1.0/robot/oToMessages/readStatus", params=asked, headers=headers
    ).json()
    assert {e["userId"]: e["readStatus"] for e in status["messageReadInfoList"]} == {
        "WangWu": "UNREAD",
        "lisi": "READ",
    }

    told = caller.post(
        "robot/otoMessages/batchRecall", {"robotCode": ROBOT_CODE, "processQueryKeys": [key, "?"]}
    )

    assert told["successResult"] == [key]
    assert list(told["failedResult"]) == ["?"]
    assert calm.seen("WangWu") == calm.seen("lisi") == []


def test_a_day_later_a_message_stays_and_a_group_has_its_own_recall(twin, caller):
    key = caller.says_in(GROUP)["processQueryKey"]
    body = {"robotCode": ROBOT_CODE, "processQueryKeys": [key]}
    single = caller.post("robot/otoMessages/batchRecall", body)
    assert list(single["failedResult"]) == [key]

    twin.clock.forward(LONG_AGO)
    caller.renew()
    late = caller.post("robot/groupMessages/recall", body | {"openConversationId": GROUP})
    assert list(late["failedResult"]) == [key]
    many = body | {"processQueryKeys": ["?"] * 21}
    told = caller.post("robot/otoMessages/batchRecall", many)
    assert told["code"] == "invalidParameter.processQueryKeys.overMax"
    assert len(twin.complaints) == 1


# The address book


def test_people_are_found_by_their_letters(calm, caller):
    found = caller.old("topapi/v2/user/get", {"userid": "WangWu"})
    assert (found["errcode"], found["result"]["name"]) == (0, "王五")
    assert found["result"]["mobile"] == "13800000000"
    assert caller.old("topapi/v2/user/get", {"userid": "wangwu"})["errcode"] == 60121
    assert caller.old("topapi/v2/user/get", {"userid": "hidden"})["errcode"] == 50002
    by_mobile = caller.old("topapi/v2/user/getbymobile", {"mobile": "13800000000"})
    assert by_mobile["result"] == {"userid": "WangWu"}
    by_union = caller.old("topapi/user/getbyunionid", {"unionid": "union-lisi"})
    assert by_union["result"]["userid"] == "lisi"


def test_departments_and_who_is_in_them(calm, caller):
    subs = caller.old("topapi/v2/department/listsub", {"dept_id": 1})
    assert [each["dept_id"] for each in subs["result"]] == [2]
    assert caller.old("topapi/user/listid", {"dept_id": 1})["result"]["userid_list"] == ["WangWu"]
    asked = {"dept_id": 2, "cursor": 0, "size": 1}
    page = caller.old("topapi/user/listsimple", asked)["result"]
    assert page == {"has_more": False, "list": [{"userid": "lisi", "name": "李四"}]}
    assert calm.quota.api.used == 0
