"""Late reports alter what went out on Monday: once more, with old and new values."""

import pytest
from sqlmodel import select

from models.chat import Chat
from models.db import Database
from models.snapshot import Snapshot
from models.submission import Submission
from scheduler.digest_run import run_digests
from tests.conftest import at
from tests.supervising import hand_in, outbox, seed_digests
from tests.talk import Talk

DEVICES, CHECKS = "乡村公共部位安防设备", "“两癌”免费检查"
MONDAY, TUESDAY, WEDNESDAY = "2021-08-30T09:00", "2021-08-31T09:00", "2021-09-01T09:00"


@pytest.fixture
def talk(database: Database) -> Talk:
    talk = Talk(database)
    with database.write() as session:
        session.exec(select(Chat).where(Chat.name == "领导群")).one().names_laggards = True
    seed_digests(talk)
    return talk


def run(talk: Talk, when: str) -> int:
    """The digests of one moment of which only the weekly ranking is of interest here."""
    talk.set_clock(when)
    before = len(outbox(talk.database, "digest:dajuan-2021:weekly_ranking"))
    run_digests(talk.database, talk.services, at(when))
    return len(outbox(talk.database, "digest:dajuan-2021:weekly_ranking")) - before


def reported_late(talk: Talk, when: str, number: str = "州1-7", value: str = "3600") -> None:
    """A report that was due on 25 August comes in and is accepted."""
    talk.set_clock(when)
    name = DEVICES if number == "州1-7" else CHECKS
    report = hand_in(talk, number, {name: value})
    assert "通过" in talk.say("管理员甲", f"通过 {report}")[0]


def last_said(talk: Talk) -> list[str]:
    rows = outbox(talk.database, "digest:dajuan-2021:weekly_ranking")
    return [row.text for row in rows if row.text][-1].splitlines()


def editions(talk: Talk) -> list[int]:
    with talk.database.read() as session:
        rows = session.exec(
            select(Snapshot).where(Snapshot.programme_id == 1, Snapshot.kind == "ranking")
        ).all()
        return sorted(row.edition for row in rows)


def test_a_late_report_goes_out_the_next_working_morning_once(talk: Talk) -> None:
    run(talk, MONDAY)
    reported_late(talk, "2021-08-30T15:00")

    counts = [run(talk, when) for when in ("2021-08-30T16:00", "2021-08-31T08:59", TUESDAY)]
    again = [run(talk, when) for when in (TUESDAY, "2021-08-31T12:00", WEDNESDAY)]

    assert counts == [0, 0, 2]
    assert again == [0, 0, 0]
    assert editions(talk) == [1, 2]
    said = last_said(talk)
    assert said[0] == "【答卷专栏】排名（2021年第35周，数据截至2021年7月31日）"
    assert said[1] == "更正：逾期未报 8件 → 7件"
    assert said[2] == "更正：州公安局 不排名次 0.00分 → 第1名 75.00分"


def test_two_late_reports_of_a_day_make_one_edition(talk: Talk) -> None:
    run(talk, MONDAY)
    reported_late(talk, "2021-08-30T10:00")
    reported_late(talk, "2021-08-30T15:00", "州1-13", "15000")

    run(talk, TUESDAY)

    assert editions(talk) == [1, 2]
    assert "更正：逾期未报 8件 → 6件" in last_said(talk)


def test_a_late_report_of_another_day_makes_another_edition(talk: Talk) -> None:
    run(talk, MONDAY)
    reported_late(talk, "2021-08-30T10:00")
    run(talk, TUESDAY)
    reported_late(talk, "2021-08-31T10:00", "州1-13", "15000")
    run(talk, WEDNESDAY)

    assert editions(talk) == [1, 2, 3]
    assert "更正：逾期未报 7件 → 6件" in last_said(talk)


def test_a_report_accepted_that_changes_nothing_printed_is_not_told(talk: Talk) -> None:
    report = hand_in(talk, "州1-7", {DEVICES: "3600"}, accepted=True)
    run(talk, MONDAY)
    with talk.database.write() as session:
        session.get_one(Submission, report).reviewed_at = at("2021-08-30T15:00")

    assert run(talk, TUESDAY) == 0
    assert editions(talk) == [1]


def test_nothing_is_corrected_on_days_off_nor_after_the_week(talk: Talk) -> None:
    run(talk, "2021-09-13T09:00")
    reported_late(talk, "2021-09-17T16:00")

    assert run(talk, "2021-09-19T10:00") == 0  # Mid-Autumn
    assert run(talk, "2021-09-20T09:00") == 2  # the next week's own, on the holiday's Monday
    assert editions(talk) == [1, 1]


def test_a_make_up_saturday_is_a_working_morning(talk: Talk) -> None:
    run(talk, "2021-09-13T09:00")
    reported_late(talk, "2021-09-17T16:00")

    assert run(talk, "2021-09-18T09:00") == 2


def test_a_group_that_sees_no_names_reads_counts_only(talk: Talk) -> None:
    with talk.database.write() as session:
        session.exec(select(Chat).where(Chat.name == "领导群")).one().names_laggards = False
    run(talk, MONDAY)
    reported_late(talk, "2021-08-30T15:00")

    run(talk, TUESDAY)

    corrected = [line for line in last_said(talk) if line.startswith("更正")]
    assert corrected == ["更正：逾期未报 8件 → 7件"]


def test_the_explanation_speaks_of_the_last_edition(talk: Talk) -> None:
    run(talk, MONDAY)
    reported_late(talk, "2021-08-30T15:00")
    run(talk, TUESDAY)

    assert "第1名" in talk.say("领导甲", "为什么 州公安局")[0].splitlines()[1]
