"""The stand-in's media and cards: uploads, what people sent, and cards changed in place."""

from typing import Any

import pytest

from tests.bot.dingtalk.plain_clients import GROUP, PNG, Caller
from tests.twins.dingtalk.corp import ROBOT_CODE

XLSX = b"PK\x03\x04 a workbook"


# Media


def test_a_picture_and_a_file_are_shown(calm, caller):
    picture = caller.upload("image", "图.png", PNG)
    file = caller.upload("file", "表格.xlsx", XLSX)
    assert (picture["errcode"], picture["type"]) == (0, "image")

    caller.says(["WangWu"], "sampleImageMsg", photoURL=picture["media_id"])
    param = {"mediaId": file["media_id"], "fileName": "表格.xlsx", "fileType": "xlsx"}
    caller.says_in(GROUP, "sampleFile", **param)

    assert calm.seen("WangWu")[0].body["data"] == PNG
    shown = calm.seen(GROUP)[0]
    assert (shown.text, shown.body["data"]) == ("表格.xlsx", XLSX)


@pytest.mark.parametrize(
    ("kind", "name", "data", "errcode"),
    [
        ("picture", "a.png", PNG, 40004),
        ("image", "a.webp", PNG, 40005),
        ("image", "a.jpg", PNG, 40005),
        ("file", "a.txt", b"text", 40005),
        ("voice", "a.amr", b"#!AMR" + bytes(2 * 1024 * 1024), 40006),
        ("file", "a.pdf", b"", 40005),
    ],
)
def test_an_upload_of_the_wrong_form_is_refused(twin, caller, kind, name, data, errcode):
    assert caller.upload(kind, name, data)["errcode"] == errcode
    assert len(twin.complaints) == 1


def test_a_file_must_be_the_kind_it_is_sent_as(twin, caller):
    picture = caller.upload("image", "a.png", PNG)["media_id"]
    param = {"mediaId": picture, "fileName": "a.png", "fileType": "png"}

    told = caller.says(["WangWu"], "sampleFile", **param)

    assert told["code"] == "invalidParameter.msgParam.invalid"


def fetched(caller: Caller, code: str, robot: str = ROBOT_CODE) -> dict[str, Any]:
    body = {"downloadCode": code, "robotCode": robot}
    return caller.post("robot/messageFiles/download", body)


def test_what_people_sent_is_fetched_by_the_robot_that_got_it(calm, http, caller):
    code = calm.media.offered(calm.robot.robot, "报告.pdf", b"%PDF report")

    url = fetched(caller, code)["downloadUrl"]

    assert url.startswith(f"{calm.url}/storage/")
    assert "Expires=" in url
    assert ".file?" in url
    assert http.get(url).content == b"%PDF report"
    calm.clock.forward(601)
    assert http.get(url).status_code == 403
    assert "code" in fetched(caller, "none")
    assert fetched(caller, code, "another")["code"] == "invalidParameter.robotCode.notMatch"
    calm.clock.forward(7200)
    caller.renew()
    assert fetched(caller, code)["code"] == "invalidParameter.downloadCode.invalid"


def test_the_storage_complains_of_a_token_and_may_lead_elsewhere(twin, http, caller):
    code = twin.media.offered(twin.robot.robot, "a.png", PNG)
    url = fetched(caller, code)["downloadUrl"]
    http.get(url, headers={"x-acs-dingtalk-access-token": caller.token})
    assert twin.complaints == ["storage: a token goes where none belongs"]

    twin.media.redirects_to = "http://127.0.0.1:1/"
    assert http.get(url).status_code == 302
    twin.media.codes_serve_once = True
    fetched(caller, code)
    assert "downloadUrl" not in fetched(caller, code)


# Cards

CREATE = "card/instances/createAndDeliver"


def a_card(**more: Any) -> dict[str, Any]:
    return {
        "cardTemplateId": "tpl.schema",
        "outTrackId": "order-42",
        "callbackType": "STREAM",
        "cardData": {"cardParamMap": {"title": "订单 42", "status": "待核"}},
        "openSpaceId": "dtv1.card//IM_ROBOT.WangWu",
        "imRobotOpenSpaceModel": {"supportForward": False},
        "imRobotOpenDeliverModel": {"spaceType": "IM_ROBOT"},
        **more,
    }


def test_a_card_is_delivered_and_changed_in_place(calm, caller):
    calm.cards.templates = {"tpl.schema": True}

    told = caller.post(CREATE, a_card())
    assert told["result"]["deliverResults"][0]["success"] is True
    again = a_card(
        cardData={"cardParamMap": {"title": "另"}}, openSpaceId=f"dtv1.card//IM_GROUP.{GROUP}"
    )
    again |= {"imGroupOpenSpaceModel": {}, "imGroupOpenDeliverModel": {"robotCode": ROBOT_CODE}}
    caller.post(CREATE, again)
    assert calm.seen(GROUP)[0].text == "订单 42\n待核"  # new data under an old id is ignored

    by_key = {"cardUpdateOptions": {"updateCardDataByKey": True}}
    change = {"outTrackId": "order-42", "cardData": {"cardParamMap": {"status": "已核"}}}
    caller.post("card/instances", change | by_key, "PUT")
    assert calm.seen("WangWu")[0].text == "订单 42\n已核"
    caller.post("card/instances", change, "PUT")
    assert calm.seen("WangWu")[0].text == "已核"


def test_a_card_may_fail_inside_a_success(calm, caller):
    calm.cards.templates = {"tpl.schema": True, "draft.schema": False}
    calm.cards.failing = {"WangWu": "用户已屏蔽"}

    response = caller.call(CREATE, a_card())
    assert response.status_code == 200
    [result] = response.json()["result"]["deliverResults"]
    assert (result["success"], result["errorMsg"]) == (False, "用户已屏蔽")
    assert caller.post(CREATE, a_card(openSpaceId="dtv1.card//IM_ROBOT.nobody"))["success"]
    assert calm.sent(CREATE)[1].dropped == ("nobody",)
    assert caller.post(CREATE, a_card(cardTemplateId="x"))["code"] == "param.templateNotExist"
    draft = caller.post(CREATE, a_card(cardTemplateId="draft.schema"))
    assert draft["code"] == "param.templateUnpublished"
    calm.cards.refuses_known = True
    assert caller.post(CREATE, a_card())["code"] == "param.cardAlreadyExist"


@pytest.mark.parametrize(
    "more",
    [
        {"cardData": {"cardParamMap": {"status": 3}}},
        {"cardData": {"cardParamMap": {"status": "长" * 342}}},
        {"callbackType": "stream"},
        {"callbackType": "HTTP", "callbackRouteKey": "unknown"},
        {"openSpaceId": "WangWu"},
        {"imRobotOpenDeliverModel": {}},
    ],
)
def test_what_no_card_holds_is_refused(twin, caller, more):
    twin.cards.templates = {"tpl.schema": True}

    assert "code" in caller.post(CREATE, a_card(**more))
    assert len(twin.complaints) == 1


def test_a_card_calls_back_where_it_was_registered(calm, caller):
    calm.cards.templates = {"tpl.schema": True}
    body = {"callbackRouteKey": "office", "callbackUrl": "http://office/card", "apiSecret": "s"}
    register = "card/callbacks/register"
    assert caller.post(register, body)["success"]
    assert caller.post(register, body)["code"] == "param.callbackRouteKeyExist"
    assert caller.post(register, body | {"forceUpdate": True})["success"]

    caller.post(CREATE, a_card(callbackType="HTTP", callbackRouteKey="office"))

    assert calm.corp.card_callback("order-42") == ("http://office/card", "s")
    calm.corp.answer_card("order-42", {"cardData": {"cardParamMap": {"status": "已核"}}})
    assert calm.seen("WangWu")[0].text == "已核"
    private = {"userPrivateData": {"cardParamMap": {"mine": "您已核"}}}
    calm.corp.answer_card("order-42", private, "WangWu")
    assert calm.seen("WangWu")[0].text == "已核\n您已核"
