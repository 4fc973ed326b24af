"""Who reads what through the read API, and what strange calls are answered."""

import asyncio

import httpx2
import pytest

from bot.api_call import MOST_AT_ONCE
from tests.api import (
    BASE,
    FILE,
    LISTS,
    LIVELIHOOD,
    OF,
    WEBSITE,
    Desk,
    livelihood,
)

PATHS = (*LISTS, FILE)


@pytest.mark.parametrize("path", PATHS)
def test_every_path_asks_for_a_token(desk: Desk, path: str) -> None:
    given = desk.give("报表", LIVELIHOOD)
    assert desk.get(path, token=given).status_code == 200
    desk.revoke("报表")

    for token in ("", "dajuan_wrong", given, "x" * 5000):
        answer = desk.get(path, token=token)
        assert answer.status_code == 401, token
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert answer.json()["title"] == "令牌不可用"
        assert "民生" not in answer.text


@pytest.mark.parametrize("path", PATHS)
def test_another_programme_is_absent_as_one_that_never_was(desk: Desk, path: str) -> None:
    other = desk.give("门户", WEBSITE)
    if path == "/programmes":
        assert [each["code"] for each in desk.items(path, token=other)] == [WEBSITE]
        return
    theirs = desk.get(path, token=other)
    nobodys = desk.get(path.replace(LIVELIHOOD, "nosuch-2021"), token=other)

    assert (theirs.status_code, nobodys.status_code) == (404, 404)
    assert theirs.text == nobodys.text


@pytest.mark.parametrize("path", PATHS)
def test_a_token_is_taken_from_its_header_alone(desk: Desk, path: str) -> None:
    shown = {"token": desk.token, "access_token": desk.token}
    by_address = desk.http.get(f"{BASE}{path}", params=shown)
    by_cookie = desk.http.get(f"{BASE}{path}", headers={"Cookie": f"token={desk.token}"})
    basic = desk.http.get(f"{BASE}{path}", headers={"Authorization": f"Basic {desk.token}"})

    assert {each.status_code for each in (by_address, by_cookie, basic)} == {401}


def test_a_token_opens_several_programmes_but_none_that_ended(desk: Desk) -> None:
    both = desk.give("门户", LIVELIHOOD, WEBSITE)
    assert len(desk.items("/programmes", token=both)) == 2
    with desk.database.write() as session:
        livelihood(session).active = False

    assert [each["code"] for each in desk.items("/programmes", token=both)] == [WEBSITE]
    assert desk.get(f"{OF}/tasks", token=both).status_code == 404


@pytest.mark.parametrize("path", PATHS)
def test_nothing_can_be_written(desk: Desk, path: str) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = desk.http.request(
            method, f"{BASE}{path}", headers={"Authorization": f"Bearer {desk.token}"}
        )
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "query", "said"),
    [
        (f"{OF}/tasks", {"limit": "0"}, "参数 limit 的值“0”不可用，应为1至200的整数。"),
        (f"{OF}/tasks", {"limit": "201"}, "应为1至200的整数"),
        (f"{OF}/tasks", {"limit": "两百"}, "“两百”"),
        (f"{OF}/tasks", {"at": "2021-13-01"}, "应为2000年至2100年的日期，如 2021-08-31"),
        (f"{OF}/obligations", {"due_from": "九月"}, "应为2000年至2100年的日期，如 2021-09-01"),
        (f"{OF}/submissions", {"task": "长" * 41}, "应为任务编号，如 州1-7"),
        (f"{OF}/submissions", {"task": "\0"}, "应为任务编号"),
        (f"{OF}/tasks", {"cursor": "WyIwIiwxXQ"}, "应为上一页 next 所带的值"),
        (f"{OF}/tasks", {"cursor": "x" * 301}, "应为上一页 next 所带的值"),
        (f"{OF}/bulletins/一/file", {}, "应为通报的 id，整数"),
        (f"{OF}/bulletins/99999999999/file", {}, "应为通报的 id"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_strange_value_is_named_with_what_is_expected(
    desk: Desk, path: str, query: dict[str, str], said: str
) -> None:
    answer = desk.get(path, **query)

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert set(body) == {"type", "title", "status", "detail"}
    assert body["type"] == f"https://dajuan.example{BASE}/docs#parameter"
    assert said in body["detail"]
    assert len(body["detail"]) < 120


def test_a_cursor_opens_no_other_list(desk: Desk) -> None:
    address = desk.get(f"{OF}/submissions", limit=1).json()["next"]
    cursor = address.split("cursor=")[1]

    assert desk.get(f"{OF}/submissions", cursor=cursor).status_code == 200
    assert desk.get(f"{OF}/obligations", cursor=cursor).status_code == 400
    assert desk.get(f"{OF}/submissions", cursor=f"{cursor}A").status_code == 400


@pytest.mark.parametrize("path", ["/nothing", f"{OF}/nothing", "/"])
def test_an_address_that_is_none_is_said_calmly(desk: Desk, path: str) -> None:
    answer = desk.get(path)

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["title"] == "没有这项内容"


def test_no_value_however_strange_breaks_an_engine(desk_on_both: Desk) -> None:
    assert desk_on_both.get("/programmes/%00/tasks").status_code == 404
    assert desk_on_both.get("/programmes/" + "长" * 2000 + "/tasks").status_code == 404
    assert desk_on_both.get(f"{OF}/submissions", task="\0").status_code == 400
    assert desk_on_both.get(f"{OF}/tasks", token="\x7f").status_code == 401
    for day in ("2000-01-01", "2100-12-31"):
        assert desk_on_both.get(f"{OF}/tasks", at=day).status_code == 200
        assert desk_on_both.get(f"{OF}/obligations", due_from=day).status_code == 200
        assert desk_on_both.get(f"{OF}/obligations", due_to=day).status_code == 200
    for day in ("0001-01-01", "9999-12-31"):
        for name in ("due_from", "due_to"):
            assert desk_on_both.get(f"{OF}/obligations", **{name: day}).status_code == 400


def test_many_calls_at_once_are_asked_to_come_again(desk: Desk) -> None:
    """Callbacks of platforms share the threads, and must not wait behind them."""

    async def all_at_once() -> list[httpx2.Response]:
        transport = httpx2.ASGITransport(app=desk.http.app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://desk") as client:
            sent = {"Authorization": f"Bearer {desk.token}"}
            calls = [client.get(f"{BASE}{OF}/tasks", headers=sent) for _ in range(20)]
            return list(await asyncio.gather(*calls))

    answers = asyncio.run(all_at_once())

    passed = [each for each in answers if each.status_code == 200]
    asked = [each for each in answers if each.status_code == 429]
    assert len(passed) >= MOST_AT_ONCE
    assert asked
    assert len(passed) + len(asked) == 20
    assert {each.headers["retry-after"] for each in asked} == {"2"}
    assert desk.get(f"{OF}/tasks").status_code == 200


def test_a_bug_is_answered_without_what_broke(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError("州公安局 SELECT secret")

    monkeypatch.setattr("bot.api.tasks_page", broken)
    answer = desk.get(f"{OF}/tasks")

    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["title"] == "服务出错"
    assert "secret" not in answer.text
