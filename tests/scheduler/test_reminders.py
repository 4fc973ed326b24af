"""Reminders: exactly those who still owe, once a slot, in working hours of working days."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import select
from structlog.testing import capture_logs

from models.chat import single_chats_of
from models.db import Database
from models.member import Member, RoleName
from models.outbox import OutboxMessage, OutboxState
from models.programme import Programme
from models.requirement import Requirement
from models.unit import Unit
from scheduler.reminders import remind
from tests.conftest import at
from tests.factories import a_member
from tests.stores import fresh_sqlite
from tests.supervising import (
    counted_queries,
    hand_in,
    hand_in_all,
    obligation_of,
    outbox,
    the_whole_demo,
    with_open_chats,
)
from tests.talk import Talk

SATURDAY = "2021-09-18T09:00"


@pytest.fixture
def talk(tmp_path: Path, sqlite_template: Path) -> Iterator[Talk]:
    with fresh_sqlite(sqlite_template, tmp_path) as database:
        yield with_open_chats(Talk(database))


@pytest.fixture
def demo(tmp_path: Path, sqlite_template: Path) -> Iterator[Talk]:
    with the_whole_demo(sqlite_template, tmp_path) as talk:
        yield talk


def run(talk: Talk, when: str) -> int:
    return remind(talk.database, talk.services, at(when))


def rows(talk: Talk, day: str = "") -> dict[str, OutboxMessage]:
    """The last reminder of each person on that day, by name."""
    names = {}
    with talk.database.read() as session:
        for member in session.exec(select(Member)).all():
            for chat in single_chats_of(session, member.id or 0):
                names[chat.id] = member.name
    return {names[row.chat_id]: row for row in outbox(talk.database, f"remind:{day}")}


def told(talk: Talk, day: str = "") -> dict[str, str]:
    """Who was reminded on that day, and of what, by name."""
    return {name: row.text for name, row in rows(talk, day).items()}


def tasks_in(text: str) -> set[str]:
    return set(re.findall(r"[省州]\d(?:-\d+)?(?= )|[新续]\d+(?= )", text))


def test_on_saturday_before_mid_autumn_exactly_those_are_told_who_owe(demo: Talk) -> None:
    """Due on Sunday 19 and Monday 20 September, both off; the 18th is a make-up working day."""
    demo.set_clock("2021-08-24T10:00")
    hand_in_all(demo, date(2021, 8, 25), frozenset())
    demo.set_clock("2021-09-09T10:00")
    hand_in_all(demo, date(2021, 9, 10), frozenset())
    demo.set_clock("2021-09-17T10:00")
    hand_in_all(demo, date(2021, 9, 19), frozenset({"省2"}))
    hand_in_all(demo, date(2021, 9, 20), frozenset({"州1-7", "州1-8", "州1-13"}))

    assert run(demo, SATURDAY) == 3

    reminded = {name: tasks_in(text) for name, text in told(demo).items()}
    assert reminded == {
        "州发改委联络员": {"省2"},
        "州公安局联络员": {"州1-7"},
        "联络员甲": {"州1-8", "州1-13"},
    }


def test_a_reminder_says_how_urgent_it_is(talk: Talk) -> None:
    heads = {}
    for day in ("2021-08-25", "2021-08-26", "2021-09-17", "2021-09-18", "2021-10-08"):
        run(talk, f"{day}T09:00")
        heads[day] = told(talk, day).get("州卫健委联络员", "").splitlines()[:1]

    assert heads == {
        "2021-08-25": ["【报送提醒】您好，以下报送请按时办理："],
        "2021-08-26": ["【报送提醒】您好，以下报送已逾期，请尽快补报："],
        "2021-09-17": ["【报送提醒】您好，以下报送请尽快办理："],
        "2021-09-18": ["【报送提醒】您好，今天是放假前最后一个工作日，以下报送请尽量今天办理："],
        "2021-10-08": ["【报送提醒】您好，以下报送已逾期，请尽快补报："],
    }


def test_before_a_weekend_the_reminder_says_weekend(talk: Talk) -> None:
    with talk.database.write() as session:
        obligation_of(session, "州1-7").due = at("2021-08-22T23:59:59")
    run(talk, "2021-08-20T09:00")

    assert "今天是周末前最后一个工作日" in told(talk)["州公安局联络员"]


@pytest.mark.parametrize(
    "when",
    ["2021-09-19T09:00", "2021-09-20T09:00", "2021-09-21T15:00", "2021-09-18T08:59",
     "2021-09-18T19:30", "2021-08-21T10:00"],
    ids=["the-19th", "the-20th", "mid-autumn", "before-nine", "evening", "a-free-saturday"],
)  # fmt: skip
def test_nobody_is_reminded_on_days_off_or_out_of_hours(talk: Talk, when: str) -> None:
    assert run(talk, when) == 0


@pytest.mark.parametrize(
    ("when", "count"),
    [
        ("2021-08-18T09:00", 8),
        ("2021-08-19T09:00", 0),
        ("2021-08-23T09:00", 8),
        ("2021-08-24T09:00", 0),
        ("2021-08-25T09:00", 8),
        ("2021-08-25T15:00", 8),
        ("2021-08-26T09:00", 8),
    ],
    ids=["five-before", "four-before", "two-before", "one-before", "day-9", "day-15", "overdue"],
)
def test_the_ladder_before_on_and_after_the_due_day(talk: Talk, when: str, count: int) -> None:
    assert run(talk, when) == count


def test_everything_a_person_owes_stands_in_one_message(talk: Talk) -> None:
    run(talk, "2021-08-25T09:00")

    text = told(talk)["联络员甲"]

    assert tasks_in(text) == {"州1-7", "州1-13"}
    assert "州妇联 州1-13 两癌检查（答卷专栏，1—7月）：今天截止" in text
    assert "报送 州1-7" in text


def test_a_returned_report_is_asked_for_with_its_reason(talk: Talk) -> None:
    number = hand_in(talk, "州1-13")
    talk.say("管理员甲", f"退回 {number} 图片有水印")
    run(talk, "2021-08-25T09:00")

    assert "已退回，原因：图片有水印" in told(talk)["州妇联联络员"]
    assert "以下报送已退回，请修改后重报：" in told(talk)["州妇联联络员"]


def test_who_reports_between_the_slot_and_the_run_is_left_alone(talk: Talk) -> None:
    talk.set_clock("2021-08-25T09:00:30")
    hand_in(talk, "州1-7")
    run(talk, "2021-08-25T09:01")

    names = set(told(talk))

    assert "州公安局联络员" not in names
    assert "州妇联联络员" in names


def test_who_reports_while_the_reminder_waits_does_not_get_it(database: Database) -> None:
    talk = with_open_chats(Talk(database))
    run(talk, "2021-08-25T09:00")
    talk.set_clock("2021-08-25T09:01")
    hand_in(talk, "州1-7")
    run(talk, "2021-08-25T09:02")

    states = {name: row.state for name, row in rows(talk).items()}

    assert states["州公安局联络员"] == OutboxState.DROPPED
    assert states["州妇联联络员"] == OutboxState.WAITING
    assert tasks_in(told(talk)["联络员甲"]) == {"州1-13"}


def test_a_second_run_says_nothing_twice(database: Database) -> None:
    talk = with_open_chats(Talk(database))

    runs = [
        run(talk, when) for when in ("2021-08-25T09:00", "2021-08-25T09:00", "2021-08-25T11:00")
    ]

    assert runs == [8, 0, 0]


@pytest.mark.parametrize(
    ("when", "count"),
    [("2021-08-25T12:59", 8), ("2021-08-25T13:00", 8), ("2021-08-25T13:01", 0)],
    ids=["three-hours", "four-hours", "later"],
)
def test_a_missed_slot_is_sent_late_by_at_most_four_hours(
    talk: Talk, when: str, count: int
) -> None:
    assert run(talk, when) == count


def test_a_slot_missed_for_longer_is_logged(talk: Talk) -> None:
    run(talk, "2021-08-24T16:00")
    with capture_logs() as logs:
        run(talk, "2021-08-25T13:30")

    assert [(log["event"], log["count"]) for log in logs] == [("reminder slots skipped", 1)]


def test_nobody_hears_more_than_twice_a_day(talk: Talk) -> None:
    """Two programmes with ladders of their own would make four on one day."""
    with talk.database.write() as session:
        for programme in session.exec(select(Programme)).all():
            if programme.code == "minsheng-2021":
                programme.policy = {
                    "reminders": {
                        "before": [5, 2],
                        "on_day": ["10:00", "16:00"],
                        "unit_head_after": 2,
                        "order_after": 5,
                        "daily_cap": 2,
                    }
                }
        row = obligation_of(session, "新7", 9)
        row.due = at("2021-08-25T23:59:59")

    for hour in ("09", "10", "15", "16"):
        run(talk, f"2021-08-25T{hour}:00")

    keys = [row.key for row in outbox(talk.database, "remind:2021-08-25")]
    counts = [sum(key.endswith(f":member{n}:0") for key in keys) for n in range(1, 12)]
    assert max(counts) == 2


@pytest.mark.parametrize("kind", ["unconfirmed", "history", "waived", "closed"])
def test_what_nobody_has_to_report_is_not_chased(talk: Talk, kind: str) -> None:
    with talk.database.write() as session:
        row = obligation_of(session, "州1-7")
        if kind == "unconfirmed":
            session.get_one(Requirement, row.requirement_id).assumed = ["原件未写明报送日"]
        elif kind == "history":
            row.history = True
        elif kind == "waived":
            row.state = "waived"
        else:
            row.closes = at("2021-08-24T18:00")
            row.due = at("2021-08-24T17:00")

    run(talk, "2021-08-25T09:00")

    assert "州公安局联络员" not in told(talk)


def test_an_extension_moves_the_reminders_with_it(talk: Talk) -> None:
    with talk.database.write() as session:
        obligation_of(session, "州1-7").extended_to = at("2021-08-31T23:59:59")
    run(talk, "2021-08-25T15:00")
    on_the_old_day = set(told(talk))
    run(talk, "2021-08-31T09:00")

    assert "州公安局联络员" not in on_the_old_day
    assert "今天截止" in told(talk, "2021-08-31")["州公安局联络员"]


def test_who_waits_for_an_answer_is_reminded_on_the_due_day_alone(talk: Talk) -> None:
    with talk.database.write() as session:
        unit = session.exec(select(Unit).where(Unit.name == "州公安局")).one()
        a_member(session, "州公安局负责人", (RoleName.UNIT_HEAD, unit))
    with_open_chats(talk)
    talk.set_clock("2021-08-16T10:00")
    talk.say("州公安局联络员", "延期 州1-7 8月31日 数据没汇总完")
    days = ["2021-08-18", "2021-08-23", "2021-08-25", "2021-08-26", "2021-08-27"]
    for day in days:
        run(talk, f"{day}T09:00")

    reminded = [day for day in days if "州1-7" in told(talk, day).get("州公安局联络员", "")]
    assert reminded == ["2021-08-25"]
    assert talk.heard("州公安局负责人") == []
    run(talk, "2021-09-01T09:00")
    assert "其中1件的延期或免报申请还等您答复，请先发“延期”查看" in talk.heard("管理员甲")[-1]
    talk.say("管理员甲", "不同意 1 数据应按期报送")
    run(talk, "2021-09-02T09:00")
    assert "州1-7" in told(talk, "2021-09-02")["州公安局联络员"]
    assert "州1-7" in talk.heard("州公安局负责人")[-1]


def test_after_two_overdue_days_the_unit_head_is_told_once(talk: Talk) -> None:
    with talk.database.write() as session:
        unit = session.exec(select(Unit).where(Unit.name == "州公安局")).one()
        a_member(session, "州公安局负责人", (RoleName.UNIT_HEAD, unit))
    with_open_chats(talk)
    days = ("2021-08-26", "2021-08-27", "2021-08-30", "2021-08-31")
    heard = []
    for day in days:
        run(talk, f"{day}T09:00")
        heard.append(len(talk.heard("州公安局负责人")))

    assert heard == [0, 1, 1, 1]
    text = talk.heard("州公安局负责人")[0]
    assert "请督促联络员尽快办理" in text
    assert "州公安局 州1-7 雪亮工程（答卷专栏，1—7月）：8月25日截止，已逾期2个工作日" in text


def test_a_unit_head_who_could_not_be_reached_is_told_later(talk: Talk) -> None:
    run(talk, "2021-08-27T09:00")
    with talk.database.write() as session:
        unit = session.exec(select(Unit).where(Unit.name == "州公安局")).one()
        a_member(session, "州公安局负责人", (RoleName.UNIT_HEAD, unit))
    with_open_chats(talk)
    run(talk, "2021-08-30T09:00")

    assert len(talk.heard("州公安局负责人")) == 1


def test_after_five_overdue_days_the_admin_hears_what_to_do(talk: Talk) -> None:
    run(talk, "2021-08-31T09:00")
    before = list(talk.heard("管理员甲"))
    run(talk, "2021-09-01T09:00")

    assert before == []
    (text,) = talk.heard("管理员甲")
    assert "州公安局 州1-7" in text
    assert "催报 " in text
    assert "同意请发“督办 同意 1”" in text


def test_a_round_of_reminders_takes_a_fixed_number_of_queries(talk: Talk, demo: Talk) -> None:
    counts = []
    for each in (talk, demo):
        run(each, "2021-08-25T09:00")
        with counted_queries(each.database) as seen:
            assert run(each, "2021-08-25T09:10") == 0
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_outside_the_slots_only_a_few_rows_are_looked_at(demo: Talk) -> None:
    run(demo, "2021-08-25T20:00")
    with counted_queries(demo.database) as seen:
        run(demo, "2021-08-25T20:02")

    assert len(seen) <= 8
    assert not any("FROM obligation" in statement for statement in seen)


def test_every_liaison_of_the_demo_is_reminded_of_the_39(demo: Talk) -> None:
    assert run(demo, "2021-08-25T09:00") == 20

    assert len(set().union(*map(tasks_in, told(demo).values()))) == 39


def test_nobody_is_reminded_of_a_year_that_is_over(demo: Talk) -> None:
    """S1's last reports are due on 20 January; those that never came are called to mind no more."""
    with_open_chats(demo)

    assert run(demo, "2022-02-28T09:00") > 0
    assert run(demo, "2022-03-01T09:00") == 0
    assert run(demo, "2024-09-23T09:00") == 0
