"""The read API over HTTP: what each path gives, to whom, page by page, and what it never says."""

import asyncio
import shutil
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from zipfile import ZipFile

import httpx2
import pytest
from sqlmodel import Session, col, select

from bot.api_call import MOST_AT_ONCE
from handlers.standing.ranks import publish, ranking_now
from models.bulletin import Bulletin
from models.chat import Chat
from models.judgement import Judgement
from models.member import Member
from models.obligation import Obligation, ObligationState
from models.programme import Programme, programme_by_code
from models.rules.printed import Printed
from models.snapshot import Snapshot
from models.submission import Submission, SubmissionState
from models.task import Task
from tests.api import BASE, LISTS, LIVELIHOOD, NOW, OF, WEBSITE, Desk, open_desk
from tests.conftest import SHANGHAI
from tests.factories import a_programme, a_task, a_unit
from tests.supervising import counted_queries, hand_in

POLICE, ADMIN = "州公安局联络员", "管理员甲"
BRIGHT = "报送 新7\n截至：8月31日\n完成数：4200个"
DEVICES = "乡村公共部位安防设备"
FILE = f"{OF}/bulletins/1/file"
PATHS = (*LISTS, FILE)


@pytest.fixture
def desk(database_url: str, tmp_path: Path) -> Iterator[Desk]:
    """August is told, once on each engine; for what hangs on the engine's queries."""
    with open_desk(database_url, tmp_path) as desk:
        a_month(desk)
        yield desk


@pytest.fixture
def one(tmp_path: Path, sqlite_template: Path) -> Iterator[Desk]:
    """August is told, on SQLite: a copy, since the month takes longer than any call."""
    shutil.copytree(_august(sqlite_template), tmp_path / "desk")
    folder = tmp_path / "desk"
    with open_desk(f"sqlite:///{folder / 'desk.db'}", folder, is_new=False) as desk:
        yield desk


@cache
def _august(empty: Path) -> Path:
    folder = Path(mkdtemp(prefix="dajuan-api-"))
    shutil.copy(empty, folder / "desk.db")
    with open_desk(f"sqlite:///{folder / 'desk.db'}", folder) as desk:
        a_month(desk)
        return folder


def a_month(desk: Desk) -> None:
    """August is reported, accepted, ranked and issued."""
    desk.talk.say(POLICE, BRIGHT)
    desk.talk.say(ADMIN, "通过 1")
    hand_in(desk.talk, "续8", {"农村户用厕所": "30000"}, month=9, accepted=True)
    with desk.database.write() as session:
        a_ranking(session, "2021-W36")
    desk.talk.say(ADMIN, "通报 重点民生实事 8月")
    desk.talk.say(ADMIN, "签发")


def a_ranking(session: Session, period: str, edition: int = 1) -> None:
    programme = livelihood(session)
    ranking = ranking_now(session, programme, date(2021, 8, 31), NOW, SHANGHAI).ranking
    secret = Printed(named={"滞后": "只给点名的群看"})
    publish(session, programme, ranking, period, NOW, secret, after=edition - 1)


def livelihood(session: Session) -> Programme:
    programme = programme_by_code(session, LIVELIHOOD)
    assert programme is not None
    return programme


def test_tasks_have_the_figures_of_what_was_accepted(one: Desk) -> None:
    answer = one.get(f"{OF}/tasks").json()

    assert answer["data_date"] == "2021-08-31"
    bright = next(each for each in answer["items"] if each["number"] == "新7")
    assert bright["lead"] == ["州公安局"]
    assert bright["indicators"] == [
        {"name": DEVICES, "unit": "个", "target": "6000", "value": "4200", "percent": "70.00"}
    ]
    assert (bright["done"], bright["scheduled"]) == ("70.00", "66.67")
    assert one.items(f"{OF}/tasks", at="2021-07-31")[0].get("done") is None


def test_obligations_tell_who_owes_what_and_which_report_met_it(one: Desk) -> None:
    [met, owed] = [
        each
        for each in one.items(f"{OF}/obligations", due_to="2021-10-31")
        if each["task"] == "新7"
    ]

    assert met["units"] == ["州公安局"]
    assert met["due"] == "2021-09-10T23:59:59+08:00"
    assert met["covers"] == ["2021-01-01", "2021-08-31"]
    assert (met["state"], met["submission"]) == ("accepted", 1)
    assert (owed["state"], "submission" in owed) == ("owed", False)
    days = {"due_from": "2021-10-01", "due_to": "2021-10-10"}
    assert {each["due"][:10] for each in one.items(f"{OF}/obligations", **days)} == {"2021-10-10"}


def test_what_nobody_reported_is_overdue_by_the_clock_alone(one: Desk) -> None:
    october = {"due_from": "2021-10-01", "due_to": "2021-10-31"}
    one.at("2021-10-10T12:00")
    before = one.get(f"{OF}/obligations", **october)
    one.at("2021-10-11T12:00")
    known = {"If-None-Match": before.headers["etag"]}
    after = one.get(f"{OF}/obligations", headers=known, **october)

    assert {each["state"] for each in before.json()["items"]} == {"owed"}
    assert {each["state"] for each in after.json()["items"]} == {"overdue"}


def test_a_report_tells_its_state_at_once_and_its_content_once_accepted(one: Desk) -> None:
    one.at("2021-10-01T09:00")
    one.talk.say(POLICE, "报送 新7\n截至：9月30日\n完成数：4500个")
    passed, _, waits = one.items(f"{OF}/submissions")

    assert (waits["number"], waits["state"], waits["unit"]) == (3, "submitted", "州公安局")
    assert waits["received_at"] == "2021-10-01T09:00:00+08:00"
    assert "accepted" not in waits
    assert passed["state"] == "accepted"
    assert passed["accepted"]["as_of"] == "2021-08-31"
    assert passed["accepted"]["figures"] == [
        {
            "series": "reported",
            "indicator": DEVICES,
            "value": "4200",
            "unit": "个",
            "as_of": "2021-08-31",
        }
    ]


def test_texts_of_an_accepted_report_are_told_as_they_were_written(one: Desk) -> None:
    text = "报送 州1-7\n截至：8月31日\n完成数：4200个\n措施：=1+1 <b>逐村</b>安装，按月调度"
    one.talk.say(POLICE, text)
    one.talk.say(ADMIN, "通过 3")
    token = one.give("门户", WEBSITE)
    answer = one.get(f"/programmes/{WEBSITE}/submissions", token=token)

    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    [report] = answer.json()["items"]
    assert report["accepted"]["sections"]["措施"] == "=1+1 <b>逐村</b>安装，按月调度"


def test_reports_of_one_task_may_be_asked_for(one: Desk) -> None:

    assert [each["task"] for each in one.items(f"{OF}/submissions")] == ["新7", "续8"]
    assert [each["task"] for each in one.items(f"{OF}/submissions", task="续8")] == ["续8"]
    assert one.items(f"{OF}/submissions", task="没有的") == []


def test_a_withdrawn_report_is_told_to_be_so(one: Desk) -> None:
    one.at("2021-10-01T09:00")
    one.talk.say(POLICE, "报送 新7\n截至：9月30日\n完成数：4500个")
    one.talk.say(POLICE, "撤回 3")

    assert one.items(f"{OF}/submissions", task="新7")[-1]["state"] == "withdrawn"


def test_rankings_are_told_as_published_and_which_edition_holds(one: Desk) -> None:
    with one.database.write() as session:
        a_ranking(session, "2021-W36", edition=2)
    newest, first = one.items(f"{OF}/rankings")

    assert [(each["edition"], each["holds"]) for each in (newest, first)] == [
        (2, True),
        (1, False),
    ]
    assert newest["period"] == "2021-W36"
    assert [part["weight"] for part in newest["recipe"]] == ["60", "25", "15"]
    police = next(row for row in newest["rows"] if row["unit"] == "州公安局")
    assert (police["group"], police["rank"], police["score"]) == ("州直单位", 1, "75.00")
    assert "点名" not in one.get(f"{OF}/rankings").text


def test_an_issued_document_is_listed_and_its_file_handed_out(one: Desk) -> None:
    [issued] = one.items(f"{OF}/bulletins")
    file = one.get(issued["file"].split(BASE, 1)[1])

    assert (issued["kind_title"], issued["year"], issued["number"]) == ("通报", 2021, 1)
    assert issued["file"] == f"https://dajuan.example{BASE}{FILE}"
    assert issued["data_date"] == "2021-08-31"
    assert file.headers["content-type"].endswith("wordprocessingml.document")
    assert file.headers["etag"] == f'"{issued["sha256"]}"'
    again = one.get(FILE, headers={"If-None-Match": file.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_drafts_and_letters_to_one_unit_are_not_told(one: Desk) -> None:
    with one.database.write() as session:
        row = session.exec(select(Bulletin)).one()
        more = {"title": "", "data_date": row.data_date, "year": 2021, "drafted_at": NOW}
        shared = {"programme_id": row.programme_id, "media_sha": row.media_sha, **more}
        session.add(Bulletin(kind="circular", period="2021-09", **shared))
        letter = {"kind": "reminder_letter", "period": "2021-09-12", "subject": "州公安局"}
        session.add(Bulletin(state="issued", number=1, issued_at=NOW, **letter, **shared))

    assert [each["id"] for each in one.items(f"{OF}/bulletins")] == [1]
    assert [one.get(f"{OF}/bulletins/{n}/file").status_code for n in (1, 2, 3)] == [200, 404, 404]


def test_a_file_that_is_gone_is_said_to_be(one: Desk, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "desk" / "media")

    assert one.get(FILE).status_code in (404, 503)
    assert one.get(FILE).headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", PATHS)
def test_every_path_asks_for_a_token(one: Desk, path: str) -> None:
    given = one.give("报表", LIVELIHOOD)
    assert one.get(path, token=given).status_code == 200
    one.revoke("报表")

    for token in ("", "dajuan_wrong", given, "x" * 5000):
        answer = one.get(path, token=token)
        assert answer.status_code == 401, token
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert answer.json()["title"] == "令牌不可用"
        assert "民生" not in answer.text


@pytest.mark.parametrize("path", PATHS)
def test_another_programme_is_absent_as_one_that_never_was(one: Desk, path: str) -> None:
    other = one.give("门户", WEBSITE)
    if path == "/programmes":
        assert [each["code"] for each in one.items(path, token=other)] == [WEBSITE]
        return
    theirs = one.get(path, token=other)
    nobodys = one.get(path.replace(LIVELIHOOD, "nosuch-2021"), token=other)

    assert (theirs.status_code, nobodys.status_code) == (404, 404)
    assert theirs.text == nobodys.text


@pytest.mark.parametrize("path", PATHS)
def test_a_token_is_taken_from_its_header_alone(one: Desk, path: str) -> None:
    shown = {"token": one.token, "access_token": one.token}
    by_address = one.http.get(f"{BASE}{path}", params=shown)
    by_cookie = one.http.get(f"{BASE}{path}", headers={"Cookie": f"token={one.token}"})
    basic = one.http.get(f"{BASE}{path}", headers={"Authorization": f"Basic {one.token}"})

    assert {each.status_code for each in (by_address, by_cookie, basic)} == {401}


def test_a_token_opens_several_programmes_but_none_that_ended(one: Desk) -> None:
    both = one.give("门户", LIVELIHOOD, WEBSITE)
    assert len(one.items("/programmes", token=both)) == 2
    with one.database.write() as session:
        livelihood(session).active = False

    assert [each["code"] for each in one.items("/programmes", token=both)] == [WEBSITE]
    assert one.get(f"{OF}/tasks", token=both).status_code == 404


@pytest.mark.parametrize("path", PATHS)
def test_nothing_can_be_written(one: Desk, path: str) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = one.http.request(
            method, f"{BASE}{path}", headers={"Authorization": f"Bearer {one.token}"}
        )
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
        assert answer.headers["content-type"] == "application/problem+json"


def test_250_tasks_come_page_by_page_each_once(desk: Desk) -> None:
    with desk.database.write() as session:
        programme, unit = a_programme(session, "long-2021", "长单"), a_unit(session, "州长单局")
        for number in range(250):
            a_task(session, programme, f"长{number}", f"第{number}项", [unit], position=number // 3)
    desk.token = desk.give("门户", "long-2021")
    pages = list(desk.pages("/programmes/long-2021/tasks", limit=100))

    assert [len(page) for page in pages] == [100, 100, 50]
    assert [each["number"] for page in pages for each in page] == [f"长{n}" for n in range(250)]
    assert len(desk.items("/programmes/long-2021/tasks")) == 100
    assert len(desk.items("/programmes/long-2021/tasks", limit=200)) == 200


def test_every_list_is_paged_without_gap_or_repetition(desk: Desk) -> None:
    with desk.database.write() as session:
        for week in range(37, 41):
            a_ranking(session, f"2021-W{week}")
        first = session.exec(select(Bulletin)).one()
        for number in range(2, 5):  # issued at the same moment
            more = {"title": "", "year": 2021, "drafted_at": NOW, "issued_at": first.issued_at}
            shared = {"programme_id": first.programme_id, "media_sha": first.media_sha, **more}
            shared |= {"data_date": first.data_date, "state": "issued", "period": f"2021-W{number}"}
            session.add(Bulletin(kind="circular", number=number, **shared))
    for path in LISTS[1:]:
        whole = desk.items(path, limit=200)
        pages = list(desk.pages(path, limit=1))

        assert len(whole) >= 2
        assert [each for page in pages for each in page] == whole
        assert {len(page) for page in pages} == {1}


def test_programmes_are_paged_too(one: Desk) -> None:
    one.token = one.give("门户", LIVELIHOOD, WEBSITE)

    assert [len(page) for page in one.pages("/programmes", limit=1)] == [1, 1]


def test_the_pages_of_tasks_are_of_one_day_and_those_of_due_days_keep_them(one: Desk) -> None:
    following = one.get(f"{OF}/tasks", limit=1).json()["next"]
    assert "at=2021-08-31" in following

    one.at("2021-10-12T09:00")
    assert one.get(following.split(BASE, 1)[1]).json()["data_date"] == "2021-08-31"
    kept = one.get(f"{OF}/obligations", limit=1, due_from="2021-10-01").json()["next"]
    assert "due_from=2021-10-01" in kept


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
    one: Desk, path: str, query: dict[str, str], said: str
) -> None:
    answer = one.get(path, **query)

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert set(body) == {"type", "title", "status", "detail"}
    assert body["type"] == f"https://dajuan.example{BASE}/docs#parameter"
    assert said in body["detail"]
    assert len(body["detail"]) < 120


def test_a_cursor_opens_no_other_list(one: Desk) -> None:
    address = one.get(f"{OF}/submissions", limit=1).json()["next"]
    cursor = address.split("cursor=")[1]

    assert one.get(f"{OF}/submissions", cursor=cursor).status_code == 200
    assert one.get(f"{OF}/obligations", cursor=cursor).status_code == 400
    assert one.get(f"{OF}/submissions", cursor=f"{cursor}A").status_code == 400


@pytest.mark.parametrize("path", ["/nothing", f"{OF}/nothing", "/"])
def test_an_address_that_is_none_is_said_calmly(one: Desk, path: str) -> None:
    answer = one.get(path)

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["title"] == "没有这项内容"


def test_no_value_however_strange_breaks_an_engine(desk: Desk) -> None:
    assert desk.get("/programmes/%00/tasks").status_code == 404
    assert desk.get("/programmes/" + "长" * 2000 + "/tasks").status_code == 404
    assert desk.get(f"{OF}/submissions", task="\0").status_code == 400
    assert desk.get(f"{OF}/tasks", token="\x7f").status_code == 401
    for day in ("2000-01-01", "2100-12-31"):
        assert desk.get(f"{OF}/tasks", at=day).status_code == 200
        assert desk.get(f"{OF}/obligations", due_from=day).status_code == 200
        assert desk.get(f"{OF}/obligations", due_to=day).status_code == 200
    for day in ("0001-01-01", "9999-12-31"):
        for name in ("due_from", "due_to"):
            assert desk.get(f"{OF}/obligations", **{name: day}).status_code == 400


def test_who_has_the_answer_already_gets_none(desk: Desk) -> None:
    for path in LISTS:
        first = desk.get(path)
        tag = first.headers["etag"]

        for known in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
            again = desk.get(path, headers={"If-None-Match": known})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert desk.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
        assert first.headers["cache-control"] == "private, no-cache"
        assert first.headers["vary"] == "Authorization"


def _judge(desk: Desk, session: Session) -> None:
    task = session.exec(select(Task).where(Task.number == "新7")).one()
    row = Judgement(
        task_id=task.id or 0,
        status="滞后",
        reason="山区供电不稳",
        data_date=date(2021, 8, 31),
        judged_at=NOW,
    )
    session.add(row)


def _extend(desk: Desk, session: Session) -> None:
    owed = Obligation.state == ObligationState.OWED
    of = Obligation.programme_id == livelihood(session).id
    row = session.exec(select(Obligation).where(owed, of)).first()
    assert row is not None
    row.extended_to = NOW


def _send_back(desk: Desk, session: Session) -> None:
    row = session.exec(select(Submission).order_by(col(Submission.id))).first()
    assert row is not None
    row.state = SubmissionState.RETURNED


def _rename(desk: Desk, session: Session) -> None:
    session.exec(select(Task).where(Task.number == "新7")).one().title = "另一个名称"


def _republish(desk: Desk, session: Session) -> None:
    a_ranking(session, "2021-W36", edition=2)


def _retitle(desk: Desk, session: Session) -> None:
    livelihood(session).short_title = "民生"


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("/programmes", _retitle),
        (f"{OF}/tasks", _judge),
        (f"{OF}/tasks", _rename),
        (f"{OF}/obligations", _extend),
        (f"{OF}/submissions", _send_back),
        (f"{OF}/rankings", _republish),
    ],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_what_changes_an_answer_changes_its_mark(one: Desk, path: str, change) -> None:
    before = one.get(path)
    with one.database.write() as session:
        change(one, session)
    after = one.get(path, headers={"If-None-Match": before.headers["etag"]})

    assert after.status_code == 200
    assert after.json() != before.json()


def test_an_accepted_figure_changes_tasks_obligations_and_reports(one: Desk) -> None:
    paths = [f"{OF}/{what}" for what in ("tasks", "obligations", "submissions")]
    marks = {path: one.get(path).headers["etag"] for path in paths}
    hand_in(one.talk, "新7", {DEVICES: "4500"}, month=10, accepted=True)
    one.at("2021-10-11T09:00")

    for path in paths:
        assert one.get(path, headers={"If-None-Match": marks[path]}).status_code == 200, path


def test_unchanged_rankings_are_not_even_read(one: Desk) -> None:
    tag = one.get(f"{OF}/rankings").headers["etag"]
    with counted_queries(one.database) as seen:
        one.get(f"{OF}/rankings", headers={"If-None-Match": tag})

    assert [each for each in seen if "payload" in each] == []


def test_the_number_of_statements_is_fixed(one: Desk) -> None:
    """Whatever the number of tasks, units, reports."""
    few = _counted(one)
    with one.database.write() as session:
        programme, unit = livelihood(session), a_unit(session, "州长单局")
        for number in range(60):
            a_task(session, programme, f"长{number}", f"第{number}项", [unit])
        a_ranking(session, "2021-W37")
    hand_in(one.talk, "新7", {DEVICES: "4500"}, month=10, accepted=True)
    many = _counted(one)

    assert few == many
    assert max(many.values()) <= 16, many


def _counted(one: Desk) -> dict[str, int]:
    counted = {}
    for path in LISTS:
        with counted_queries(one.database) as seen:
            one.get(path)
        counted[path] = len([each for each in seen if each.startswith("SELECT")])
    return counted


def test_nobodys_name_is_ever_told(one: Desk, tmp_path: Path) -> None:
    """Members, chats, what was said aside and who reviewed: none of it leaves."""
    with one.database.write() as session:
        for member in session.exec(select(Member)).all():
            member.name = f"金丝雀{member.name}"
    one.at("2021-10-12T09:00")
    one.talk.say(f"金丝雀{POLICE}", "报送 新7\n截至：9月30日\n完成数：4500个")
    one.talk.say(f"金丝雀{ADMIN}", "通过 3")
    one.talk.say(f"金丝雀{ADMIN}", "通报 重点民生实事 9月")
    one.talk.say(f"金丝雀{ADMIN}", "签发")
    with one.database.write() as session:
        for chat in session.exec(select(Chat)).all():
            chat.name = f"金丝雀{chat.name}"
        for obligation in session.exec(select(Obligation)).all():
            obligation.extension_reason = obligation.waiver_reason = "金丝雀说家里有事"
        for report in session.exec(select(Submission)).all():
            report.return_reason = "金丝雀写得太短"
        for row in session.exec(select(Snapshot)).all():
            assert "金丝雀" not in str(row.payload)
    file = tmp_path / "issued.docx"
    newest = one.items(f"{OF}/bulletins")[0]
    assert newest["period"] == "2021-09"
    file.write_bytes(one.get(newest["file"].split(BASE, 1)[1]).content)

    for path in LISTS:
        answer = one.get(path)
        assert (answer.status_code, "金丝雀" in answer.text) == (200, False), path
    with ZipFile(file) as parts:
        texts = [parts.read(name).decode(errors="ignore") for name in parts.namelist()]
    assert len(texts) > 3
    assert not any("金丝雀" in text for text in texts)


def test_many_calls_at_once_are_asked_to_come_again(one: Desk) -> None:
    """Callbacks of platforms share the threads, and must not wait behind them."""

    async def all_at_once() -> list[httpx2.Response]:
        transport = httpx2.ASGITransport(app=one.http.app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://desk") as client:
            sent = {"Authorization": f"Bearer {one.token}"}
            calls = [client.get(f"{BASE}{OF}/tasks", headers=sent) for _ in range(20)]
            return list(await asyncio.gather(*calls))

    answers = asyncio.run(all_at_once())

    passed = [each for each in answers if each.status_code == 200]
    asked = [each for each in answers if each.status_code == 429]
    assert len(passed) >= MOST_AT_ONCE
    assert asked
    assert len(passed) + len(asked) == 20
    assert {each.headers["retry-after"] for each in asked} == {"2"}
    assert one.get(f"{OF}/tasks").status_code == 200


def test_a_bug_is_answered_without_what_broke(one: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError("州公安局 SELECT secret")

    monkeypatch.setattr("bot.api.tasks_page", broken)
    answer = one.get(f"{OF}/tasks")

    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["title"] == "服务出错"
    assert "secret" not in answer.text


def test_a_demonstration_says_that_it_is_one(one: Desk) -> None:
    with one.database.write() as session:
        livelihood(session).demo = True

    for path in LISTS[1:]:
        assert one.get(path).json()["demo"] is True, path
    assert one.items("/programmes")[0]["demo"] is True
