"""Who reviews a report: once or twice, by role or by assignment; and who may stand in for whom."""

from datetime import date

import pytest

from models.errors import Refused
from models.rules.deputy import Leave, refuse_wrong_leave
from models.rules.reporting import Duty, State, extended, extension_undone, restored, waived
from models.rules.review import Assignment, Level, Report, Reviewing, Step
from tests.conftest import at

OFFICE, PREFECTURE, ADMIN, LIAISON = 1, 2, 3, 4
JISHOU = Report(task_id=7, unit_id=70, reporter=LIAISON, is_endorsed=False)
ENDORSED = Report(task_id=7, unit_id=70, reporter=LIAISON, is_endorsed=True)
TWICE = Reviewing(
    2, [Assignment(OFFICE, Level.FIRST, unit_id=70), Assignment(PREFECTURE, Level.FINAL)]
)
ONCE = Reviewing(1, TWICE.assignments)


def test_the_county_s_office_endorses_and_the_prefecture_accepts() -> None:
    assert TWICE.step(OFFICE, JISHOU, is_admin=False) is Step.ENDORSE
    assert TWICE.step(PREFECTURE, ENDORSED, is_admin=False) is Step.ACCEPT
    with pytest.raises(Refused, match="正等终审"):
        TWICE.step(OFFICE, ENDORSED, is_admin=False)


def test_an_admin_s_first_word_endorses_as_well() -> None:
    assert TWICE.step(ADMIN, JISHOU, is_admin=True) is Step.ENDORSE
    assert TWICE.step(ADMIN, ENDORSED, is_admin=True) is Step.ACCEPT


def test_where_nobody_looks_first_or_the_policy_is_one_level_a_pass_accepts() -> None:
    other = Report(task_id=7, unit_id=71, reporter=LIAISON, is_endorsed=False)

    assert TWICE.step(ADMIN, other, is_admin=True) is Step.ACCEPT
    assert ONCE.step(PREFECTURE, JISHOU, is_admin=False) is Step.ACCEPT


def test_a_report_waits_for_whom_it_is_assigned_to() -> None:
    assert TWICE.is_for(OFFICE, JISHOU)
    assert not TWICE.is_for(PREFECTURE, JISHOU)
    assert TWICE.is_for(PREFECTURE, ENDORSED)
    assert not TWICE.is_for(ADMIN, ENDORSED)


def test_strangers_and_reporters_review_nothing() -> None:
    with pytest.raises(Refused, match="不在您的审核分工内"):
        TWICE.step(99, JISHOU, is_admin=False)
    with pytest.raises(Refused, match="本人报送"):
        Reviewing(1, [Assignment(LIAISON, Level.FINAL)]).step(LIAISON, JISHOU, is_admin=False)


TODAY = date(2021, 9, 16)
LEAVE = Leave(1, 2, date(2021, 9, 20), date(2021, 9, 30))


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        (Leave(1, 1, TODAY, TODAY), "不能是本人"),
        (Leave(3, 4, date(2021, 9, 15), TODAY), "已经过去"),
        (Leave(3, 4, date(2021, 9, 30), date(2021, 9, 20)), "早于开始日期"),
        (Leave(3, 4, TODAY, date(2021, 12, 17)), "最多92天"),
        (Leave(3, 1, TODAY, date(2021, 9, 20)), "也已请人代理"),
        (Leave(2, 4, date(2021, 9, 30), date(2021, 10, 8)), "正代理他人"),
    ],
)
def test_a_leave_that_cannot_be_is_refused(wish: Leave, why: str) -> None:
    with pytest.raises(Refused, match=why):
        refuse_wrong_leave(wish, [LEAVE], TODAY)


def test_a_leave_beside_another_s_is_fine() -> None:
    refuse_wrong_leave(Leave(3, 1, TODAY, date(2021, 9, 19)), [LEAVE], TODAY)
    refuse_wrong_leave(Leave(3, 4, TODAY, date(2021, 12, 16)), [LEAVE], TODAY)


def test_an_extension_is_undone_and_a_waiver_restored() -> None:
    due, now = at("2021-09-20T23:59:59"), at("2021-09-16T10:00")
    owed = Duty(due=due)
    longer = extended(owed, now, at("2021-09-25T23:59:59"), "停电")

    assert extension_undone(longer, now) == owed
    assert restored(waived(owed, now, "机构改革"), is_returned=False).state is State.OWED
    assert restored(waived(owed, now, "机构改革"), is_returned=True).state is State.RETURNED
    with pytest.raises(Refused, match="没有免报"):
        restored(owed, is_returned=False)
    with pytest.raises(Refused, match="没有延期"):
        extension_undone(owed, now)
    with pytest.raises(Refused, match="请核对后改发"):
        extended(owed, now, at("2022-09-20T23:59:59"), "停电")
