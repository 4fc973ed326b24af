"""The read API page by page: nothing twice, nothing left out, nothing sent that is known."""

from datetime import date

import pytest
from sqlmodel import Session, col, select

from models.bulletin import Bulletin
from models.judgement import Judgement
from models.obligation import Obligation, ObligationState
from models.submission import Submission, SubmissionState
from models.task import Task
from tests.api import (
    BASE,
    DEVICES,
    LISTS,
    LIVELIHOOD,
    NOW,
    OF,
    WEBSITE,
    Desk,
    a_ranking,
    livelihood,
)
from tests.factories import a_programme, a_task, a_unit
from tests.supervising import counted_queries, hand_in


def test_250_tasks_come_page_by_page_each_once(desk_on_both: Desk) -> None:
    with desk_on_both.database.write() as session:
        programme, unit = a_programme(session, "long-2021", "长单"), a_unit(session, "州长单局")
        for number in range(250):
            a_task(session, programme, f"长{number}", f"第{number}项", [unit], position=number // 3)
    desk_on_both.token = desk_on_both.give("门户", "long-2021")
    pages = list(desk_on_both.pages("/programmes/long-2021/tasks", limit=100))

    assert [len(page) for page in pages] == [100, 100, 50]
    assert [each["number"] for page in pages for each in page] == [f"长{n}" for n in range(250)]
    assert len(desk_on_both.items("/programmes/long-2021/tasks")) == 100
    assert len(desk_on_both.items("/programmes/long-2021/tasks", limit=200)) == 200


def test_every_list_is_paged_without_gap_or_repetition(desk_on_both: Desk) -> None:
    with desk_on_both.database.write() as session:
        for week in range(37, 41):
            a_ranking(session, f"2021-W{week}")
        first = session.exec(select(Bulletin)).one()
        for number in range(2, 5):  # issued at the same moment
            more = {"title": "", "year": 2021, "drafted_at": NOW, "issued_at": first.issued_at}
            shared = {"programme_id": first.programme_id, "media_sha": first.media_sha, **more}
            shared |= {"data_date": first.data_date, "state": "issued", "period": f"2021-W{number}"}
            session.add(Bulletin(kind="circular", number=number, **shared))
    for path in LISTS[1:]:
        whole = desk_on_both.items(path, limit=200)
        pages = list(desk_on_both.pages(path, limit=1))

        assert len(whole) >= 2
        assert [each for page in pages for each in page] == whole
        assert {len(page) for page in pages} == {1}


def test_programmes_are_paged_too(desk: Desk) -> None:
    desk.token = desk.give("门户", LIVELIHOOD, WEBSITE)

    assert [len(page) for page in desk.pages("/programmes", limit=1)] == [1, 1]


def test_the_pages_of_tasks_are_of_one_day_and_those_of_due_days_keep_them(desk: Desk) -> None:
    following = desk.get(f"{OF}/tasks", limit=1).json()["next"]
    assert "at=2021-08-31" in following

    desk.at("2021-10-12T09:00")
    assert desk.get(following.split(BASE, 1)[1]).json()["data_date"] == "2021-08-31"
    kept = desk.get(f"{OF}/obligations", limit=1, due_from="2021-10-01").json()["next"]
    assert "due_from=2021-10-01" in kept


def test_who_has_the_answer_already_gets_none(desk_on_both: Desk) -> None:
    for path in LISTS:
        first = desk_on_both.get(path)
        tag = first.headers["etag"]

        for known in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
            again = desk_on_both.get(path, headers={"If-None-Match": known})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert desk_on_both.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
        assert first.headers["cache-control"] == "private, no-cache"
        assert first.headers["vary"] == "Authorization"


def _judge(desk_on_both: Desk, session: Session) -> None:
    task = session.exec(select(Task).where(Task.number == "新7")).one()
    row = Judgement(
        task_id=task.id or 0,
        status="滞后",
        reason="山区供电不稳",
        data_date=date(2021, 8, 31),
        judged_at=NOW,
    )
    session.add(row)


def _extend(desk_on_both: Desk, session: Session) -> None:
    owed = Obligation.state == ObligationState.OWED
    of = Obligation.programme_id == livelihood(session).id
    row = session.exec(select(Obligation).where(owed, of)).first()
    assert row is not None
    row.extended_to = NOW


def _send_back(desk_on_both: Desk, session: Session) -> None:
    row = session.exec(select(Submission).order_by(col(Submission.id))).first()
    assert row is not None
    row.state = SubmissionState.RETURNED


def _rename(desk_on_both: Desk, session: Session) -> None:
    session.exec(select(Task).where(Task.number == "新7")).one().title = "另一个名称"


def _republish(desk_on_both: Desk, session: Session) -> None:
    a_ranking(session, "2021-W36", edition=2)


def _retitle(desk_on_both: Desk, session: Session) -> None:
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
def test_what_changes_an_answer_changes_its_mark(desk: Desk, path: str, change) -> None:
    before = desk.get(path)
    with desk.database.write() as session:
        change(desk, session)
    after = desk.get(path, headers={"If-None-Match": before.headers["etag"]})

    assert after.status_code == 200
    assert after.json() != before.json()


def test_an_accepted_figure_changes_tasks_obligations_and_reports(desk: Desk) -> None:
    paths = [f"{OF}/{what}" for what in ("tasks", "obligations", "submissions")]
    marks = {path: desk.get(path).headers["etag"] for path in paths}
    hand_in(desk.talk, "新7", {DEVICES: "4500"}, month=10, accepted=True)
    desk.at("2021-10-11T09:00")

    for path in paths:
        assert desk.get(path, headers={"If-None-Match": marks[path]}).status_code == 200, path


def test_unchanged_rankings_are_not_even_read(desk: Desk) -> None:
    tag = desk.get(f"{OF}/rankings").headers["etag"]
    with counted_queries(desk.database) as seen:
        desk.get(f"{OF}/rankings", headers={"If-None-Match": tag})

    assert [each for each in seen if "payload" in each] == []


def test_the_number_of_statements_is_fixed(desk: Desk) -> None:
    """Whatever the number of tasks, units, reports."""
    few = _counted(desk)
    with desk.database.write() as session:
        programme, unit = livelihood(session), a_unit(session, "州长单局")
        for number in range(60):
            a_task(session, programme, f"长{number}", f"第{number}项", [unit])
        a_ranking(session, "2021-W37")
    hand_in(desk.talk, "新7", {DEVICES: "4500"}, month=10, accepted=True)
    many = _counted(desk)

    assert few == many
    assert max(many.values()) <= 16, many


def _counted(desk: Desk) -> dict[str, int]:
    counted = {}
    for path in LISTS:
        with counted_queries(desk.database) as seen:
            desk.get(path)
        counted[path] = len([each for each in seen if each.startswith("SELECT")])
    return counted
