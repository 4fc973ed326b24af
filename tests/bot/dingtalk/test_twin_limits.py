"""The stand-in's limits: months, seconds and barred addresses, and the troubles to order."""

import httpx2
import pytest

from tests.bot.dingtalk.plain_clients import (
    GROUP,
    PNG,
    TEXT,
    TO_GROUP,
    TO_PEOPLE,
    hook,
    message,
    raw,
    robot_says,
    signed,
)

# Quota and rate


def test_a_month_is_counted_and_its_end_has_days_of_grace(calm, http, caller):
    calm.quota.api.used = 4_999
    assert "processQueryKey" in caller.says(["WangWu"])
    calm.clock.forward(5 * 86_400 - 1)
    caller.renew()
    assert "processQueryKey" in caller.says(["WangWu"])

    calm.clock.forward(1)
    told = caller.call(TO_PEOPLE, {})
    assert told.status_code == 403
    assert told.json()["code"] == "Forbidden.AccessDenied.ApiCountLimitForOrg"
    assert caller.upload("image", "a.png", PNG)["errcode"] == 90020
    assert caller.old("topapi/v2/user/get", {"userid": "lisi"})["errcode"] == 0

    calm.clock.forward(31 * 86_400)
    caller.renew()
    assert "processQueryKey" in caller.says(["WangWu"])
    assert calm.quota.api.used == 1


def test_webhooks_draw_on_a_pool_of_their_own(calm, http):
    url, _ = calm.sessions.opened(GROUP)
    hook(http, url, TEXT)
    robot_says(http, signed(calm))

    assert (calm.quota.api.used, calm.quota.webhook.used) == (0, 2)


def test_the_21st_call_of_a_second_is_refused_and_costs_nothing(calm, caller):
    for _ in range(20):
        caller.says(["WangWu"])
    told = caller.call(TO_PEOPLE, {})

    assert told.status_code == 403
    assert told.json()["code"] == "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi"
    assert calm.quota.api.used == 20
    assert "processQueryKey" in caller.says_in(GROUP)  # another API
    calm.clock.forward(1)
    assert "processQueryKey" in caller.says(["WangWu"])


@pytest.mark.parametrize("page", [True, False])
def test_a_barred_address_gets_no_answer_of_the_usual_form(twin, http, caller, page):
    twin.quota.bar(page=page)

    told = caller.call(TO_PEOPLE, {})
    assert told.status_code == 200
    assert ("html" in told.headers["content-type"]) is page
    if not page:
        assert told.json() == {"status": 1111, "wait": 5, "source": "x5", "punish": "deny"}
    assert twin.complaints == []
    http.get("/gettoken")
    assert twin.complaints == ["gettoken: called while the address is barred"]
    twin.clock.forward(300)
    assert "processQueryKey" in caller.says(["WangWu"])


# Troubles on the way


def test_any_code_of_either_host_can_be_told(calm, caller):
    busy = "Forbidden.AccessDenied.QpmLimitForAppkeyAndApi"
    calm.faults.answer(TO_PEOPLE, busy)
    calm.faults.answer(TO_PEOPLE, "system.error")
    detail = {"requiredScopes": ["Contact.User.Read"]}
    calm.faults.answer(TO_PEOPLE, "Forbidden.X", accessdenieddetail=detail)
    calm.faults.answer("media/upload", -1)

    assert [caller.call(TO_PEOPLE, {}).status_code for _ in range(2)] == [403, 500]
    assert caller.post(TO_PEOPLE, {})["accessdenieddetail"] == detail
    assert caller.upload("image", "a.png", PNG)["errcode"] == -1


def test_a_gateway_may_say_no_after_it_was_done(calm, http, caller):
    calm.faults.status(TO_PEOPLE, 504, acted=True)
    calm.faults.answer("robot/send", 15, acted=True)
    calm.faults.hang_up(TO_GROUP, acted=True)

    body = message("sampleText", {"content": "好"})
    assert caller.call(TO_PEOPLE, body | {"userIds": ["WangWu"]}).status_code == 504
    assert robot_says(http, signed(calm))["errcode"] == 15
    with pytest.raises(httpx2.TransportError):
        caller.call(TO_GROUP, body | {"openConversationId": GROUP})
    assert (len(calm.seen("WangWu")), len(calm.seen(GROUP))) == (1, 2)


def test_pages_closed_sockets_and_faults_of_every_path(calm, http, caller):
    calm.faults.page(TO_PEOPLE)
    calm.faults.status("storage")
    calm.faults.hang_up("oauth2/accessToken")

    assert "html" in caller.call(TO_PEOPLE, {}).headers["content-type"]
    assert http.get("/storage/x").status_code == 500
    with pytest.raises(httpx2.TransportError):
        caller.renew()
    assert calm.seen("WangWu") == []


def test_an_answer_is_held_until_the_block_ends(calm, caller):
    body = message("sampleText", {"content": "好"}) | {"userIds": ["WangWu"]}
    with calm.faults.held(TO_PEOPLE):
        hasty = httpx2.Timeout(0.2)
        with pytest.raises(httpx2.ReadTimeout):
            caller.http.post(
                f"/v1.0/{TO_PEOPLE}",
                content=raw(body),
                headers={
                    "content-type": "application/json",
                    "x-acs-dingtalk-access-token": caller.token,
                },
                timeout=hasty,
            )

    assert len(calm.seen("WangWu")) == 1
