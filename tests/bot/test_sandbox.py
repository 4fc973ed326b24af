"""The practice chat's API: who can be played, what was said, the clock, events, limits."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import anyio.lowlevel
import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from bot import pages
from bot.app import House, build, create_app
from bot.settings import Settings
from models.db import open_database
from models.media import Media
from models.sandbox_message import Direction, SandboxMessage
from tests.conftest import at
from tests.factories import xiangxi
from tests.pictures import a_photo

MORNING = at("2021-08-20T09:00")


@dataclass
class Page:
    """The page in a browser, without the browser."""

    house: House
    http: TestClient

    def write(self, text: str = "", **more: Any) -> int:
        files = [("files", each) for each in more.pop("files", [])]
        form = {"person": "州公安局联络员", "chat": "single", "client_id": "c1", "text": text}
        answer = self.http.post("/sandbox/api/messages", data=form | more, files=files)
        self.house.work_off()
        return answer.status_code

    def read(self, person: str = "州公安局联络员", chat: str = "single", after: int = 0) -> Any:
        query = {"person": person, "chat": chat, "after": after}
        return self.http.get("/sandbox/api/messages", params=query).json()

    def texts(self, **where: Any) -> list[str]:
        return [line["text"] for line in self.read(**where)["messages"]]


@pytest.fixture
def page(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "play.db").write_bytes(sqlite_template.read_bytes())
    database = open_database("sqlite:///play.db")
    with database.write() as session:
        xiangxi(session)
    database.dispose()
    house = build(
        Settings(
            _env_file=None,
            sandbox=True,
            database_url="sqlite:///play.db",
            media_url=f"file://{tmp_path}/media",
        )
    )
    house.set_clock(MORNING)
    yield Page(house, TestClient(create_app(house)))
    house.close()


def test_without_the_sandbox_there_is_no_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    house = build(
        Settings(
            _env_file=None, secret_key="a-secret-of-twenty-two", database_url="sqlite:///real.db"
        )
    )
    http = TestClient(create_app(house))

    codes = {http.get(path).status_code for path in ("/sandbox", "/sandbox/api/state")}
    codes.add(http.post("/webhooks/sandbox", content=b"{}").status_code)
    house.close()
    assert codes == {404}


def test_the_page_needs_nothing_from_elsewhere(page: Page) -> None:
    answer = page.http.get("/sandbox")

    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "http://" not in answer.text.replace("http://www.w3.org", "")
    assert "https://" not in answer.text


def test_the_state_names_people_chats_and_the_time(page: Page) -> None:
    state = page.http.get("/sandbox/api/state").json()

    people = {person["id"]: person for person in state["people"]}
    liaison = people["州公安局联络员"]
    assert (liaison["role"], liaison["units"], liaison["bound"]) == ("联络员", ["州公安局"], True)
    assert not people["stranger-1"]["bound"]
    assert [chat["id"] for chat in state["chats"]] == ["single", "联络员群", "领导群"]
    assert state["now"].startswith("2021-08-20T09:00")
    assert (state["weekday"], state["workday"], state["demo"]) == ("星期五", True, True)


def test_a_message_is_answered_in_the_chat(page: Page) -> None:
    assert page.write("任务") == 202

    said, answer = page.read()["messages"]
    assert (said["text"], said["mine"], said["sender"]) == ("任务", True, "州公安局联络员")
    assert (said["direction"], answer["direction"]) == ("in", "out")
    assert (answer["sender"], answer["mine"], answer["kind"]) == ("答卷", False, "text")
    assert "州1-7" in answer["text"]


def test_the_same_message_four_times_is_shown_and_answered_once(page: Page) -> None:
    for _ in range(4):
        assert page.write("任务", client_id="same") == 202

    assert len(page.texts()) == 2


def test_the_chat_is_read_on_from_where_one_was(page: Page) -> None:
    page.write("任务", client_id="c1")
    last = page.read()["last"]
    page.write("帮助", client_id="c2")

    assert page.texts(after=last)[0] == "帮助"
    assert page.read(after=page.read()["last"])["messages"] == []


def test_nobody_reads_another_persons_single_chat(page: Page) -> None:
    page.write("任务")

    assert page.texts(person="州卫健委联络员") == []


def test_a_group_hears_everyone_and_the_bot_only_its_name(page: Page) -> None:
    page.write("今天开会吗", chat="联络员群", client_id="c1")
    page.write("@答卷 进度 雪亮工程", chat="联络员群", client_id="c2")

    texts = page.texts(person="州卫健委联络员", chat="联络员群")
    assert texts[:2] == ["今天开会吗", "@答卷 进度 雪亮工程"]
    assert len(texts) == 3


def test_a_picture_is_kept_shown_and_answered(page: Page) -> None:
    photo = a_photo()

    assert page.write(files=[("现场.jpg", photo, "image/jpeg")]) == 202

    line = page.read()["messages"][0]
    assert (line["kind"], line["media"]["name"]) == ("image", "现场.jpg")
    shown = page.http.get(line["media"]["url"])
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert hashlib.sha256(shown.content).digest() == hashlib.sha256(photo).digest()


def test_what_is_no_picture_is_offered_for_saving_and_never_shown(page: Page) -> None:
    page.write(files=[("坏.svg", b"<svg onload='x'/>", "image/svg+xml")])

    line = page.read()["messages"][0]
    answer = page.http.get(line["media"]["url"])
    assert line["kind"] == "file"
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize("sha", ["0" * 64, "..%2F..%2Fetc%2Fpasswd", "x"])
def test_a_file_that_is_not_there_is_not_found(page: Page, sha: str) -> None:
    assert page.http.get(f"/sandbox/api/media/{sha}").status_code == 404


def test_files_have_limits_that_are_told_in_chinese(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "LARGEST_FILE", 1000)

    assert page.write(files=[("大.jpg", b"x" * 1001, "image/jpeg")]) == 413
    assert page.write(files=[(f"{n}.jpg", b"x", "image/jpeg") for n in range(10)]) == 413
    assert page.write(files=[("合适.txt", b"x" * 1000, "text/plain")]) == 202
    assert len([line for line in page.read()["messages"] if line["mine"]]) == 1


@pytest.mark.parametrize(
    "form",
    [{"person": ""}, {"client_id": ""}, {"client_id": "x" * 101}, {"person": "a\x00b"}],
    ids=["nobody", "no id", "long id", "control character"],
)
def test_an_impossible_message_is_refused(page: Page, form: dict[str, str]) -> None:
    assert page.write("任务", **form) in (400, 422)
    assert page.house.database.is_sqlite
    assert page.texts() == []


def test_the_clock_moves_forward_and_reminds_on_its_way(page: Page) -> None:
    page.write("你好")
    answer = page.http.post("/sandbox/api/clock", json={"to": "2021-08-25T18:00"})

    assert answer.status_code == 200
    assert answer.json()["now"].startswith("2021-08-25T18:00")
    assert any("州1-7" in text for text in page.texts())
    days = [line["at"][:10] for line in page.read()["messages"]]
    assert days == sorted(days)


@pytest.mark.parametrize(
    ("to", "status"),
    [
        ("2021-08-20T08:59", 409),
        ("2022-08-22T09:01", 409),
        ("9999-12-31T23:59", 409),
        ("0001-01-01T00:00", 409),
        ("tomorrow", 422),
    ],
    ids=["back", "over a year", "end of time", "beginning of time", "no time"],
)
def test_the_clock_goes_neither_back_nor_too_far(page: Page, to: str, status: int) -> None:
    assert page.http.post("/sandbox/api/clock", json={"to": to}).status_code == status
    assert page.http.get("/sandbox/api/state").json()["now"].startswith("2021-08-20T09:0")


@pytest.mark.parametrize("number", ["-1", "9" * 25, "x"])
def test_a_place_in_the_chat_that_is_none_is_refused(page: Page, number: str) -> None:
    query = {"person": "x", "chat": "single", "after": number}

    assert page.http.get("/sandbox/api/messages", params=query).status_code == 422


async def events(page: Page, wanted: int, happen: Any) -> list[dict[str, Any]]:
    """The first *wanted* message events of the stream, while *happen* runs beside it."""
    found: list[dict[str, Any]] = []
    sandbox = page.house.sandbox
    assert sandbox is not None
    with anyio.fail_after(10):
        async with anyio.create_task_group() as group:
            group.start_soon(anyio.to_thread.run_sync, happen)
            async for event in pages._stream(page.house, sandbox, 0):
                lines = event.decode().splitlines()
                if "event: message" in lines:
                    data = next(line for line in lines if line.startswith("data: "))
                    found.append(json.loads(data.removeprefix("data: ")))
                if len(found) >= wanted:
                    break
    return found


def test_the_event_stream_tells_of_every_new_line(page: Page) -> None:
    found = anyio.run(events, page, 2, lambda: page.write("任务"))

    assert [each["chat"] for each in found] == ["single", "single"]
    assert [each["person"] for each in found] == ["州公安局联络员"] * 2
    assert found[0]["seq"] < found[1]["seq"]


def test_the_event_stream_also_tells_of_lines_that_another_process_wrote(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "LOOK_SECONDS", 0.05)

    def write_elsewhere() -> None:
        other = open_database("sqlite:///play.db")
        line = SandboxMessage(
            key="in:x:0", chat_id="联络员群", direction=Direction.IN, text="早", at=MORNING
        )
        with other.write() as session:
            session.add(line)
        other.dispose()

    assert anyio.run(events, page, 1, write_elsewhere)[0]["chat"] == "联络员群"


def test_many_open_pages_do_not_hold_up_the_door(page: Page) -> None:
    """Waiting streams must not use the threads in which calls are taken in."""

    async def crowd() -> int:
        sandbox = page.house.sandbox
        assert sandbox is not None

        async def listen() -> None:
            async for _ in pages._stream(page.house, sandbox, 10**6):
                pass

        with anyio.fail_after(10):
            async with anyio.create_task_group() as group:
                for _ in range(50):
                    group.start_soon(listen)
                await anyio.lowlevel.checkpoint()
                status = await anyio.to_thread.run_sync(lambda: page.write("任务"))
                group.cancel_scope.cancel()
        return status

    assert anyio.run(crowd) == 202


def test_a_page_of_another_site_cannot_write(page: Page) -> None:
    call = {"id": "x-1", "person": "州公安局联络员", "chat": "single", "text": "任务"}
    elsewhere = {"Origin": "http://elsewhere.example"}

    assert page.http.post("/webhooks/sandbox", json=call, headers=elsewhere).status_code == 403
    assert page.http.post("/webhooks/sandbox", json=call).status_code == 202


def test_a_persons_own_chat_cannot_be_entered_as_a_group(page: Page) -> None:
    call = {"id": "x-2", "person": "外人", "chat": "州公安局联络员", "text": "@答卷 任务"}

    assert page.http.post("/webhooks/sandbox", json=call).status_code == 400
    assert page.texts() == []


def test_nothing_that_a_stranger_sends_is_opened(page: Page) -> None:
    picture = ("现场.jpg", a_photo(1200, 600), "image/jpeg")

    page.write("", person="外人", files=[picture])

    assert "尚未绑定" in page.texts(person="外人")[-1]
    with page.house.database.read() as session:
        assert session.exec(select(Media)).all() == []


REPORT = "报送 州1-7\n截至：7月31日\n完成数：1710个\n措施：逐村安装，按月调度"


def test_a_line_is_answered_by_quoting_it_and_taken_back_by_its_number(page: Page):
    page.write(REPORT)
    mine, receipt = page.read()["messages"]

    page.write("完成数 1701", client_id="c2", quote=receipt["seq"])
    page.write(client_id="c3", recall=mine["seq"])
    shown = page.texts()

    assert shown[2].startswith("「已收到 #1")
    assert shown[2].endswith("」\n完成数 1701")
    assert "1710个 → 1701个" in shown[3]
    assert shown[4].startswith("撤回了“报送 州1-7")


def test_another_s_line_is_neither_taken_back_nor_quoted_from_another_chat(page: Page):
    page.write(REPORT)
    mine, receipt = page.read()["messages"]

    assert page.write(client_id="c2", recall=receipt["seq"]) == 400
    other = {"person": "州卫健委联络员", "client_id": "c3"}
    assert page.write("撤回", quote=mine["seq"], **other) == 400
    assert len(page.texts()) == 2


def test_half_a_character_over_http_is_refused_or_made_whole_and_the_chat_goes_on(page: Page):
    head = {"Content-Type": "application/x-www-form-urlencoded"}
    form = "person=%ED%A0%80&chat=single&client_id=c1&text=%ED%A0%80%FF"
    answer = page.http.post("/sandbox/api/messages", content=form, headers=head)
    raw = b'{"id": "c2", "person": "x", "chat": "single", "text": "\\ud800"}'

    assert answer.status_code in (202, 400)
    assert page.http.post("/webhooks/sandbox", content=raw).status_code == 400
    assert page.write("任务", client_id="c3") == 202


def test_a_button_sends_its_words_and_shows_its_label(page: Page) -> None:
    page.write("报送 州1-7\n完成数：3600个")
    page.write("算了", client_id="c2")
    asked = page.read()["messages"][-1]
    [cancel] = asked["choices"]
    assert cancel["label"] == "取消"

    page.write(cancel["words"], label="取消", client_id="c3")

    *_, tapped, answer = page.read()["messages"]
    assert (tapped["text"], tapped["choices"]) == ("取消", [])
    assert "已取消 州1-7" in answer["text"]
