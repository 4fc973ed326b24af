"""放假 and 上班: an admin sets days, hears what moves, and reads in a year's notice."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import col, select

from models.audit import Audit
from models.db import Database
from models.member import RoleName
from models.obligation import Obligation, ObligationState
from models.programme import programme_by_code
from models.requirement import Requirement
from models.rules.recurrence import to_data
from models.rules.wording import read_wording
from models.task import Task
from models.workday import calendar
from scheduler.obligations import keep_obligations
from tests.conftest import at
from tests.factories import a_member, a_programme
from tests.supervising import the_whole_demo
from tests.talk import Talk

ADMIN = "管理员甲"
NOTICE = (Path(__file__).parents[1] / "data" / "notices" / "2027.txt").read_text(encoding="utf-8")


@pytest.fixture
def demo(tmp_path: Path, sqlite_template: Path) -> Iterator[Talk]:
    with the_whole_demo(sqlite_template, tmp_path) as talk:
        talk.set_clock("2021-08-17T09:30")
        yield talk


def is_workday(talk: Talk, day: str) -> bool:
    with talk.database.read() as session:
        return calendar(session).is_workday(date.fromisoformat(day))


def test_a_day_off_moves_the_reminders_of_its_due_day(demo: Talk) -> None:
    answer = demo.say(ADMIN, "放假 2021-08-25 州庆")[0]

    assert answer == (
        "已设为放假（州庆）：2021年8月25日（周三），共1天。\n"
        "提醒：8月25日截止的39件，当天提醒由8月25日改到8月24日。\n"
        "截止日不变。\n"
        "如需改回，请发“放假 取消 2021-08-25”。"
    )
    assert not is_workday(demo, "2021-08-25")
    with demo.database.read() as session:
        trail = session.exec(select(Audit).where(Audit.table == "workday")).one()
    assert (trail.member_id is not None, trail.after["note"]) == (True, "州庆")


def test_a_day_off_is_taken_back_in_either_way(demo: Talk) -> None:
    demo.say(ADMIN, "放假 8月23日至27日")
    assert not is_workday(demo, "2021-08-25")

    worked = demo.say(ADMIN, "上班 8月25日")[0]
    back = demo.say(ADMIN, "放假 取消 8月23日至27日")[0]

    assert worked.startswith("已设为上班：2021年8月25日（周三）")
    assert "恢复上班：2021年8月23日（周一）至8月27日（周五）。" in back
    assert all(is_workday(demo, f"2021-08-{day}") for day in range(23, 28))


def test_a_weekend_within_the_days_off_stays_as_it_was(demo: Talk) -> None:
    answer = demo.say(ADMIN, "放假 8月27日至8月30日")[0]

    assert "已设为放假：2021年8月27日（周五）、8月30日（周一），共2天。" in answer
    assert "2021年8月28日（周六）至8月29日（周日）原来就是休息日，不变。" in answer


def test_a_roll_policy_moves_the_due_dates_themselves(demo: Talk) -> None:
    with demo.database.write() as session:
        programme = programme_by_code(session, "dajuan-2021")
        assert programme is not None
        programme.policy = {**programme.policy, "roll": "next"}
    keep_obligations(demo.database, demo.now)

    answer = demo.say(ADMIN, "放假 2021-10-19")[0]
    again = demo.say(ADMIN, "放假 2021-10-20")[0]

    assert "截止日：10月19日的9件移到10月20日（周三）。" in answer
    assert "移到10月21日（周四）" in again
    with demo.database.read() as session:
        due = session.exec(
            select(Obligation.due)
            .where(
                col(Obligation.due) > at("2021-10-11T00:00"),
                Obligation.programme_id == programme.id,
                Obligation.state == ObligationState.OWED,
            )
            .order_by(col(Obligation.due))
        ).first()
    assert due == at("2021-10-21T23:59:59")
    assert keep_obligations(demo.database, demo.now) == 0


def test_a_due_day_counted_in_working_days_moves_without_a_policy(demo: Talk) -> None:
    with demo.database.write() as session:
        row = session.exec(
            select(Requirement)
            .join(Task, col(Task.id) == col(Requirement.task_id))
            .where(Task.number == "州1-7")
        ).one()
        rules = read_wording("每月第5个工作日前报送上月情况", 2021).recurrences
        row.recurrences, row_id = to_data(rules), row.id
    keep_obligations(demo.database, demo.now)

    answer = demo.say(ADMIN, "放假 2021-09-06")[0]

    assert "截止日：9月7日的1件移到9月8日（周三）。" in answer
    with demo.database.read() as session:
        dues = session.exec(
            select(Obligation.due)
            .where(Obligation.requirement_id == row_id, Obligation.due > demo.now)
            .order_by(col(Obligation.due))
        ).all()
    assert at("2021-09-08T23:59:59") in dues


def test_both_engines_keep_a_declared_day(database: Database) -> None:
    talk = Talk(database, empty=True)
    with database.write() as session:
        a_member(session, ADMIN, (RoleName.ADMIN, None), programme=a_programme(session))

    talk.say(ADMIN, "放假 2021-08-25")
    talk.say(ADMIN, "上班 2021-08-28")
    talk.say(ADMIN, "放假 取消 2021-08-25")

    assert is_workday(talk, "2021-08-25")
    assert is_workday(talk, "2021-08-28")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("放假 2021-08-01", "2021年8月1日已经过去"),
        ("上班 2021-08-16", "2021年8月16日已经过去"),
        ("放假 2月30日", "没有2月30日这一天"),
        ("放假 哪天", "没有写明日期"),
        ("放假 2031-01-01", "太远"),
        ("放假 8月30日至8月20日", "起止日期有误"),
        ("放假 8月20日至12月20日", "起止日期有误"),
        ("放假 8月20日 5天", "没有读懂“5天”"),
        ("放假 取消", "请写明取消哪天"),
        ("放假 取消 8月20日", "没有另行设定过"),
        ("上班 8月25日", "原来就是工作日"),
        ("上班", "请写明日期"),
        ("放假 9月28日 上班 9月26日", "“放假”和“上班”请分两条发送"),
        ("上班 9月26日 放假 9月28日", "“上班”和“放假”请分两条发送"),
        ("放假 10月12日（周三）", "2021年10月12日是周二，不是周三"),
        ("放假 不是9月28日", "没有读懂“不是”"),
        ("放假 8月1日", "今年8月1日已经过去，如指明年请写明2022年8月1日"),
        ("放假取消", "请写明取消哪天"),
        ("上班 取消", "上班 取消 2027-02-15"),
        ("取消上班", "上班 取消 2027-02-15"),
        ("取消放假 8月20日", "没有另行设定过"),
        ("放假 下旬8月30日", "没有读懂“下旬”"),
    ],
)
def test_what_cannot_be_set_changes_nothing_and_says_why(demo: Talk, text: str, said: str) -> None:
    assert said in demo.say(ADMIN, text)[0]
    with demo.database.read() as session:
        assert session.exec(select(Audit).where(Audit.table == "workday")).all() == []


def test_the_bare_word_shows_the_days_ahead(demo: Talk) -> None:
    answer = demo.say(ADMIN, "放假")[0]

    assert "2021年9月20日（周一）至9月21日（周二）" in answer
    assert "周末上班：2021年9月18日（周六）" in answer


def test_only_admins_set_days_and_not_in_a_group(demo: Talk) -> None:
    assert "管理员" in demo.say("领导甲", "放假 8月25日")[0]
    assert "单聊" in demo.say(ADMIN, "放假 8月25日", group="联络员群")[0]
    assert is_workday(demo, "2021-08-25")


def test_a_pasted_notice_is_shown_and_taken_on_confirmation(demo: Talk) -> None:
    demo.set_clock("2026-11-22T09:30")

    shown = demo.say(ADMIN, f"放假 {NOTICE}")[0]
    assert "春节：2027年2月5日（周五）至2月12日（周五）放假；" in shown
    assert "请回复“确认”" in shown
    assert is_workday(demo, "2027-02-08")

    taken = demo.say(ADMIN, "确认")[0]
    again = demo.say(ADMIN, "确认")[0]

    assert taken.startswith("已录入2027年放假安排")
    assert not is_workday(demo, "2027-02-08")
    assert is_workday(demo, "2027-02-20")
    assert "没有变化" in again


def test_a_notice_that_contradicts_itself_is_not_taken(demo: Talk) -> None:
    demo.set_clock("2026-11-22T09:30")

    answer = demo.say(ADMIN, f"放假 {NOTICE}".replace("共8天", "共7天"))[0]

    assert "第3行：春节：写的是共7天，所列日期为8天" in answer
    assert is_workday(demo, "2027-02-08")


def test_a_signed_notice_is_taken_as_it_was_published(demo: Talk) -> None:
    demo.set_clock("2026-11-22T09:30")

    shown = demo.say(ADMIN, f"{NOTICE.rstrip()}\n国务院办公厅\n2026年11月4日")[0]
    demo.say(ADMIN, "确认")

    assert shown.startswith("读到2027年放假安排：")
    assert not is_workday(demo, "2027-02-08")


def test_the_days_that_a_notice_changes_are_shown_each_time(demo: Talk) -> None:
    demo.set_clock("2026-11-22T09:30")
    first = demo.say(ADMIN, f"放假 {NOTICE}")[0]
    demo.say(ADMIN, "确认")

    again = demo.say(ADMIN, f"放假 {NOTICE}")[0]
    corrected = NOTICE.replace("、2月20日（周六）上班", "、2月27日（周六）上班")
    other = demo.say(ADMIN, f"放假 {corrected}")[0]
    taken = demo.say(ADMIN, "确认")[0]

    assert "将改为放假：2027年1月1日（周五）" in first
    assert again.splitlines()[-1] == "2027年放假安排早已录入，没有变化。"
    assert "将改为放假：2027年2月20日（周六）。" in other
    assert "将改为上班：2027年2月27日（周六）。" in other
    assert "改为放假：2027年2月20日（周六）。" in taken


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("放假 9月28、29日", ["2021-09-28", "2021-09-29"]),
        ("放假 9月28日、29日 州庆", ["2021-09-28", "2021-09-29"]),
        ("放假 下周五", ["2021-08-27"]),
        ("放假 本周五", ["2021-08-20"]),
        ("10月12日放假", ["2021-10-12"]),
        ("10月12日（周二）放假", ["2021-10-12"]),
        ("放假 10月12日（星期二）至14日（星期四）", ["2021-10-12", "2021-10-13", "2021-10-14"]),
    ],
)
def test_days_as_people_usually_write_them_are_set(demo: Talk, text: str, days: list[str]) -> None:
    answer = demo.say(ADMIN, text)[0]

    assert f"共{len(days)}天" in answer
    assert not any(is_workday(demo, day) for day in days)


@pytest.mark.parametrize("text", ["放假取消8月25日", "取消放假 8月25日", "放假 撤回 8月25日"])
def test_a_day_off_is_taken_back_in_every_usual_way(demo: Talk, text: str) -> None:
    demo.say(ADMIN, "放假 8月25日")

    assert "恢复上班" in demo.say(ADMIN, text)[0]
    assert is_workday(demo, "2021-08-25")


def test_a_report_that_speaks_of_days_off_is_no_command(demo: Talk) -> None:
    demo.say(ADMIN, "10月12日景区接待量增长，13日放假")

    assert is_workday(demo, "2021-10-12")
