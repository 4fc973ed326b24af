"""The read API over HTTP: what each path gives, and what none of them ever says."""

import shutil
from pathlib import Path
from zipfile import ZipFile

from sqlmodel import select

from models.bulletin import Bulletin
from models.chat import Chat
from models.member import Member
from models.obligation import Obligation
from models.snapshot import Snapshot
from models.submission import Submission
from tests.api import (
    ADMIN,
    BASE,
    DEVICES,
    FILE,
    LISTS,
    NOW,
    OF,
    POLICE,
    WEBSITE,
    Desk,
    a_ranking,
    livelihood,
)


def test_tasks_have_the_figures_of_what_was_accepted(desk: Desk) -> None:
    answer = desk.get(f"{OF}/tasks").json()

    assert answer["data_date"] == "2021-08-31"
    bright = next(each for each in answer["items"] if each["number"] == "新7")
    assert bright["lead"] == ["州公安局"]
    assert bright["indicators"] == [
        {"name": DEVICES, "unit": "个", "target": "6000", "value": "4200", "percent": "70.00"}
    ]
    assert (bright["done"], bright["scheduled"]) == ("70.00", "66.67")
    assert desk.items(f"{OF}/tasks", at="2021-07-31")[0].get("done") is None


def test_obligations_tell_who_owes_what_and_which_report_met_it(desk: Desk) -> None:
    [met, owed] = [
        each
        for each in desk.items(f"{OF}/obligations", due_to="2021-10-31")
        if each["task"] == "新7"
    ]

    assert met["units"] == ["州公安局"]
    assert met["due"] == "2021-09-10T23:59:59+08:00"
    assert met["covers"] == ["2021-01-01", "2021-08-31"]
    assert (met["state"], met["submission"]) == ("accepted", 1)
    assert (owed["state"], "submission" in owed) == ("owed", False)
    days = {"due_from": "2021-10-01", "due_to": "2021-10-10"}
    assert {each["due"][:10] for each in desk.items(f"{OF}/obligations", **days)} == {"2021-10-10"}


def test_what_nobody_reported_is_overdue_by_the_clock_alone(desk: Desk) -> None:
    october = {"due_from": "2021-10-01", "due_to": "2021-10-31"}
    desk.at("2021-10-10T12:00")
    before = desk.get(f"{OF}/obligations", **october)
    desk.at("2021-10-11T12:00")
    known = {"If-None-Match": before.headers["etag"]}
    after = desk.get(f"{OF}/obligations", headers=known, **october)

    assert {each["state"] for each in before.json()["items"]} == {"owed"}
    assert {each["state"] for each in after.json()["items"]} == {"overdue"}


def test_a_report_tells_its_state_at_once_and_its_content_once_accepted(desk: Desk) -> None:
    desk.at("2021-10-01T09:00")
    desk.talk.say(POLICE, "报送 新7\n截至：9月30日\n完成数：4500个")
    passed, _, waits = desk.items(f"{OF}/submissions")

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


def test_texts_of_an_accepted_report_are_told_as_they_were_written(desk: Desk) -> None:
    text = "报送 州1-7\n截至：8月31日\n完成数：4200个\n措施：=1+1 <b>逐村</b>安装，按月调度"
    desk.talk.say(POLICE, text)
    desk.talk.say(ADMIN, "通过 3")
    token = desk.give("门户", WEBSITE)
    answer = desk.get(f"/programmes/{WEBSITE}/submissions", token=token)

    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    [report] = answer.json()["items"]
    assert report["accepted"]["sections"]["措施"] == "=1+1 <b>逐村</b>安装，按月调度"


def test_reports_of_one_task_may_be_asked_for(desk: Desk) -> None:

    assert [each["task"] for each in desk.items(f"{OF}/submissions")] == ["新7", "续8"]
    assert [each["task"] for each in desk.items(f"{OF}/submissions", task="续8")] == ["续8"]
    assert desk.items(f"{OF}/submissions", task="没有的") == []


def test_a_withdrawn_report_is_told_to_be_so(desk: Desk) -> None:
    desk.at("2021-10-01T09:00")
    desk.talk.say(POLICE, "报送 新7\n截至：9月30日\n完成数：4500个")
    desk.talk.say(POLICE, "撤回 3")

    assert desk.items(f"{OF}/submissions", task="新7")[-1]["state"] == "withdrawn"


def test_rankings_are_told_as_published_and_which_edition_holds(desk: Desk) -> None:
    with desk.database.write() as session:
        a_ranking(session, "2021-W36", edition=2)
    newest, first = desk.items(f"{OF}/rankings")

    assert [(each["edition"], each["holds"]) for each in (newest, first)] == [
        (2, True),
        (1, False),
    ]
    assert newest["period"] == "2021-W36"
    assert [part["weight"] for part in newest["recipe"]] == ["60", "25", "15"]
    police = next(row for row in newest["rows"] if row["unit"] == "州公安局")
    assert (police["group"], police["rank"], police["score"]) == ("州直单位", 1, "75.00")
    assert "点名" not in desk.get(f"{OF}/rankings").text


def test_an_issued_document_is_listed_and_its_file_handed_out(desk: Desk) -> None:
    [issued] = desk.items(f"{OF}/bulletins")
    file = desk.get(issued["file"].split(BASE, 1)[1])

    assert (issued["kind_title"], issued["year"], issued["number"]) == ("通报", 2021, 1)
    assert issued["file"] == f"https://dajuan.example{BASE}{FILE}"
    assert issued["data_date"] == "2021-08-31"
    assert file.headers["content-type"].endswith("wordprocessingml.document")
    assert file.headers["etag"] == f'"{issued["sha256"]}"'
    again = desk.get(FILE, headers={"If-None-Match": file.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_drafts_and_letters_to_one_unit_are_not_told(desk: Desk) -> None:
    with desk.database.write() as session:
        row = session.exec(select(Bulletin)).one()
        more = {"title": "", "data_date": row.data_date, "year": 2021, "drafted_at": NOW}
        shared = {"programme_id": row.programme_id, "media_sha": row.media_sha, **more}
        session.add(Bulletin(kind="circular", period="2021-09", **shared))
        letter = {"kind": "reminder_letter", "period": "2021-09-12", "subject": "州公安局"}
        session.add(Bulletin(state="issued", number=1, issued_at=NOW, **letter, **shared))

    assert [each["id"] for each in desk.items(f"{OF}/bulletins")] == [1]
    assert [desk.get(f"{OF}/bulletins/{n}/file").status_code for n in (1, 2, 3)] == [200, 404, 404]


def test_a_file_that_is_gone_is_said_to_be(desk: Desk, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "desk" / "media")

    assert desk.get(FILE).status_code in (404, 503)
    assert desk.get(FILE).headers["content-type"] == "application/problem+json"


def test_nobodys_name_is_ever_told(desk: Desk, tmp_path: Path) -> None:
    """Members, chats, what was said aside and who reviewed: none of it leaves."""
    with desk.database.write() as session:
        for member in session.exec(select(Member)).all():
            member.name = f"金丝雀{member.name}"
    desk.at("2021-10-12T09:00")
    desk.talk.say(f"金丝雀{POLICE}", "报送 新7\n截至：9月30日\n完成数：4500个")
    desk.talk.say(f"金丝雀{ADMIN}", "通过 3")
    desk.talk.say(f"金丝雀{ADMIN}", "通报 重点民生实事 9月")
    desk.talk.say(f"金丝雀{ADMIN}", "签发")
    with desk.database.write() as session:
        for chat in session.exec(select(Chat)).all():
            chat.name = f"金丝雀{chat.name}"
        for obligation in session.exec(select(Obligation)).all():
            obligation.extension_reason = obligation.waiver_reason = "金丝雀说家里有事"
        for report in session.exec(select(Submission)).all():
            report.return_reason = "金丝雀写得太短"
        for row in session.exec(select(Snapshot)).all():
            assert "金丝雀" not in str(row.payload)
    file = tmp_path / "issued.docx"
    newest = desk.items(f"{OF}/bulletins")[0]
    assert newest["period"] == "2021-09"
    file.write_bytes(desk.get(newest["file"].split(BASE, 1)[1]).content)

    for path in LISTS:
        answer = desk.get(path)
        assert (answer.status_code, "金丝雀" in answer.text) == (200, False), path
    with ZipFile(file) as parts:
        texts = [parts.read(name).decode(errors="ignore") for name in parts.namelist()]
    assert len(texts) > 3
    assert not any("金丝雀" in text for text in texts)


def test_a_demonstration_says_that_it_is_one(desk: Desk) -> None:
    with desk.database.write() as session:
        livelihood(session).demo = True

    for path in LISTS[1:]:
        assert desk.get(path).json()["demo"] is True, path
    assert desk.items("/programmes")[0]["demo"] is True
