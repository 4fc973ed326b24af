"""Tasks and obligations of the two programmes as data, against the figures of the sources."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from handlers.standing.data import obligations_data, tasks_data
from handlers.standing.ranks import ranking_now
from handlers.standing.tasks import data_date
from models.programme import Programme, programme_by_code
from tests.conftest import SHANGHAI, at
from tests.supervising import counted_queries, hand_in, the_whole_demo
from tests.talk import Talk

MAY = date(2021, 5, 31)


@pytest.fixture
def demo(tmp_path: Path, sqlite_template: Path) -> Iterator[Talk]:
    with the_whole_demo(sqlite_template, tmp_path) as talk:
        yield talk


def programme(session: Session, code: str) -> Programme:
    found = programme_by_code(session, code)
    assert found is not None
    return found


def tasks(talk: Talk, code: str, on: date) -> dict[str, dict[str, Any]]:
    with talk.database.read() as session:
        found = tasks_data(session, programme(session, code), on)
    return {each["number"]: each for each in found}


def test_a_project_reads_as_the_interface_prescribes(demo: Talk) -> None:
    assert tasks(demo, "minsheng-2021", MAY)["新7"] == {
        "number": "新7",
        "theme": "新增办理",
        "title": "乡村“雪亮工程”，建设乡村公共部位安防设备6000个",
        "lead": ["州公安局"],
        "supporting": [],
        "indicators": [
            {
                "name": "乡村公共部位安防设备",
                "target": "6000",
                "unit": "个",
                "value": "1710",
                "percent": "28.50",
            }
        ],
        "done": "28.50",
        "scheduled": "41.67",
        "status": "工作进度相对滞后",
        "judged": False,
    }


@pytest.mark.parametrize(
    ("number", "done"),
    [("续7", "46.99"), ("新3", "44.63"), ("续1", "44.80")],
    ids=["lowest-of-two", "lowest-of-three", "single"],
)
def test_a_task_takes_its_lowest_indicator(demo: Talk, number: str, done: str) -> None:
    assert tasks(demo, "minsheng-2021", MAY)[number]["done"] == done


def test_the_twenty_projects_stand_as_the_circular_of_may_printed_them(demo: Talk) -> None:
    found = tasks(demo, "minsheng-2021", MAY).values()

    assert len(found) == 20
    assert Counter(each["status"] for each in found) == {
        "工作有序推进": 10,
        "工作进度相对滞后": 7,
        "达到省定验收标准": 3,
    }
    assert sum(each["judged"] for each in found) == 3


def test_a_judgement_does_not_carry_over_to_the_next_month(demo: Talk) -> None:
    june = tasks(demo, "minsheng-2021", date(2021, 6, 30)).values()

    assert not any(each["judged"] for each in june)


def test_what_nobody_reported_has_no_status(demo: Talk) -> None:
    silent = tasks(demo, "dajuan-2021", MAY)["州1-7"]

    assert "status" not in silent
    assert "done" not in silent
    assert silent["scheduled"] == "41.67"


def test_a_year_is_owed_as_its_wording_says(demo: Talk) -> None:
    with demo.database.read() as session:
        owed = obligations_data(session, programme(session, "dajuan-2021"), demo.now, SHANGHAI)

    by_day = Counter(each["due"][:10] for each in owed)
    assert [by_day[day] for day in ("2021-08-25", "2021-09-19", "2021-09-20")] == [39, 9, 26]


def test_the_obligations_of_one_day_read_as_the_interface_prescribes(demo: Talk) -> None:
    with demo.database.read() as session:
        owed = obligations_data(
            session,
            programme(session, "dajuan-2021"),
            demo.now,
            SHANGHAI,
            due=date(2021, 9, 20),
        )

    assert len(owed) == 26
    assert next(each for each in owed if each["task"] == "州1-7") == {
        "task": "州1-7",
        "units": ["州公安局"],
        "due": "2021-09-20T23:59:59+08:00",
        "covers": ["2021-01-01", "2021-08-31"],
        "state": "owed",
        "assumed": [],
    }


@pytest.mark.parametrize(
    ("now", "state"),
    [("2021-08-25T23:59:59", "owed"), ("2021-08-26T00:00", "overdue")],
    ids=["last-second", "after-it"],
)
def test_an_obligation_turns_overdue_at_the_end_of_its_day(
    demo: Talk, now: str, state: str
) -> None:
    with demo.database.read() as session:
        owed = obligations_data(
            session,
            programme(session, "dajuan-2021"),
            at(now),
            SHANGHAI,
            due=date(2021, 8, 25),
        )

    assert {each["state"] for each in owed} == {state}


def test_what_was_due_before_the_loading_is_not_called_overdue(demo: Talk) -> None:
    with demo.database.read() as session:
        owed = obligations_data(
            session,
            programme(session, "minsheng-2021"),
            demo.now,
            SHANGHAI,
            due=date(2021, 8, 10),
        )

    assert len(owed) == 20
    assert {each["state"] for each in owed} == {"owed"}


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2021-08-16T09:00", date(2021, 7, 31)),
        ("2021-09-06T09:00", date(2021, 7, 31)),
        ("2021-09-13T09:00", date(2021, 8, 31)),
    ],
    ids=["before-the-first-due", "before-the-tenth", "after-the-tenth"],
)
def test_figures_are_judged_at_the_last_period_that_had_to_be_reported(
    demo: Talk, now: str, day: date
) -> None:
    with demo.database.read() as session:
        found = data_date(session, programme(session, "minsheng-2021"), at(now), SHANGHAI)

    assert found == day


def test_programmes_of_any_size_take_the_same_number_of_queries(demo: Talk) -> None:
    counts = []
    for code in ("dajuan-2021", "minsheng-2021"):
        with demo.database.read() as session:
            each = programme(session, code)
            with counted_queries(demo.database) as seen:
                ranking_now(session, each, MAY, demo.now, SHANGHAI)
        counts.append(len(seen))

    assert counts[0] == counts[1] <= 10


def test_timeliness_counts_what_is_due_and_quality_what_was_accepted(demo: Talk) -> None:
    demo.set_clock("2021-08-25T10:00")
    hand_in(demo, "州1-7", {"乡村公共部位安防设备": "3600"}, accepted=True)
    demo.set_clock("2021-08-26T10:00")
    hand_in(demo, "州1-13")
    with demo.database.read() as session:
        ranking = ranking_now(
            session, programme(session, "dajuan-2021"), date(2021, 7, 31), demo.now, SHANGHAI
        ).ranking

    details = {
        unit: [part.detail for part in row.parts][1:]
        for unit in ("州公安局", "州妇联")
        if (row := ranking.row(unit)) is not None
    }
    assert details == {
        "州公安局": ["到期1期，按时1期", "通过1期，一次通过1期"],
        "州妇联": ["到期1期，按时0期", "尚无通过的报送"],
    }
