"""An obligation from owed to accepted, its three instants, and what is refused on the way."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import Refused
from models.rules.reporting import (
    ALLOWED,
    WAITING,
    Action,
    Door,
    Duty,
    Met,
    State,
    Unmet,
    accepted,
    corrected,
    door,
    extended,
    extension_undone,
    is_bygone,
    is_chased,
    is_closed,
    is_late,
    is_on_time,
    is_one_pass,
    is_ready,
    meets,
    nil_refusal,
    opens_on,
    rate,
    recalled,
    reporting_rate,
    sent_back,
    state_at,
    submitted,
    takes_reports,
    waived,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")


def end_of(month, day):
    return datetime(2021, month, day, 23, 59, 59, tzinfo=SHANGHAI)


SEPTEMBER = Duty(
    due=end_of(9, 20), closes=end_of(10, 20), covers=(date(2021, 1, 1), date(2021, 8, 31))
)
IN_TIME = datetime(2021, 9, 18, 9, 30, tzinfo=SHANGHAI)
TOO_LATE = datetime(2021, 9, 22, 9, 30, tzinfo=SHANGHAI)
AFTER_CLOSING = datetime(2021, 10, 21, 9, 0, tzinfo=SHANGHAI)

STEPS = {
    Action.SUBMIT: submitted,
    Action.CORRECT: corrected,
    Action.RECALL: recalled,
    Action.ACCEPT: accepted,
    Action.SEND_BACK: lambda duty, now: sent_back(duty, now, "图片有水印"),
    Action.WAIVE: lambda duty, now: waived(duty, now, "任务已调整"),
    Action.EXTEND: lambda duty, now: extended(duty, now, duty.deadline + timedelta(5), "汛情"),
    Action.UNDO: extension_undone,
}


def test_a_report_in_time_passes_at_once():
    duty = accepted(submitted(SEPTEMBER, IN_TIME), TOO_LATE)

    assert (duty.state, is_on_time(duty), is_one_pass(duty)) == (State.ACCEPTED, True, True)


def test_a_correction_after_the_due_date_does_not_make_a_report_late():
    duty = sent_back(submitted(SEPTEMBER, IN_TIME), TOO_LATE, "图片有水印")
    duty = submitted(duty, TOO_LATE)

    assert duty.state is State.RESUBMITTED
    duty = accepted(duty, TOO_LATE)
    assert (is_on_time(duty), is_one_pass(duty), duty.returns) == (True, False, 1)


def test_a_late_report_is_taken_and_marked():
    assert (door(SEPTEMBER, TOO_LATE), state_at(SEPTEMBER, TOO_LATE)) == (Door.LATE, State.OVERDUE)

    assert not is_on_time(submitted(SEPTEMBER, TOO_LATE))


def test_the_due_day_counts_to_its_last_second():
    assert is_on_time(submitted(SEPTEMBER, end_of(9, 20)))
    assert not is_on_time(submitted(SEPTEMBER, end_of(9, 20) + timedelta(seconds=1)))


def test_due_and_closing_belong_to_the_time_before_them():
    assert state_at(SEPTEMBER, SEPTEMBER.due) is State.OWED
    assert door(SEPTEMBER, SEPTEMBER.due) is Door.OPEN
    assert door(SEPTEMBER, SEPTEMBER.closes) is Door.LATE


def test_after_the_next_periods_due_nothing_more_is_taken():
    assert door(SEPTEMBER, AFTER_CLOSING) is Door.CLOSED

    with pytest.raises(Refused, match=r"已截止.*延期"):
        submitted(SEPTEMBER, AFTER_CLOSING)


def test_an_extension_opens_a_closed_period_again_until_its_own_end():
    duty = extended(SEPTEMBER, AFTER_CLOSING, end_of(10, 25), "系统停电")

    assert door(duty, AFTER_CLOSING) is Door.OPEN
    assert door(duty, end_of(10, 26)) is Door.CLOSED


def test_an_extension_counts_for_on_time_and_stops_overdue():
    duty = extended(SEPTEMBER, IN_TIME, end_of(9, 25), "等待省里反馈")

    assert state_at(duty, IN_TIME) is State.OWED
    assert state_at(duty, TOO_LATE) is State.EXTENDED
    assert state_at(duty, end_of(9, 26)) is State.OVERDUE
    assert is_on_time(submitted(duty, TOO_LATE))


@pytest.mark.parametrize("until", [end_of(9, 20), end_of(9, 18)], ids=["same", "earlier"])
def test_an_extension_must_lead_forward(until):
    with pytest.raises(Refused, match="更晚的日期"):
        extended(SEPTEMBER, IN_TIME, until, "等待省里反馈")


def test_closing_does_not_bar_a_returned_or_an_accepted_report_from_being_put_right():
    reported = submitted(SEPTEMBER, TOO_LATE)
    returned = sent_back(reported, AFTER_CLOSING, "数据有误")

    assert submitted(returned, AFTER_CLOSING).state is State.RESUBMITTED
    assert meets([returned], date(2021, 8, 31), AFTER_CLOSING, AFTER_CLOSING.date()) == Met(0)
    assert corrected(accepted(reported, TOO_LATE), AFTER_CLOSING).state is State.RESUBMITTED


def test_an_extension_cannot_turn_a_late_report_into_a_punctual_one():
    late = sent_back(submitted(SEPTEMBER, TOO_LATE), TOO_LATE, "数据有误")

    with pytest.raises(Refused, match="已退回"):
        extended(late, TOO_LATE, end_of(10, 25), "补材料")


def test_a_last_period_never_closes():
    assert door(replace(SEPTEMBER, closes=None), AFTER_CLOSING) is Door.LATE


def test_a_recalled_first_report_is_owed_again_as_if_nothing_had_come():
    duty = recalled(submitted(SEPTEMBER, IN_TIME), IN_TIME)

    assert duty == SEPTEMBER
    assert not is_on_time(submitted(duty, TOO_LATE))


def test_a_recalled_second_try_leaves_the_report_returned():
    duty = submitted(sent_back(submitted(SEPTEMBER, IN_TIME), IN_TIME, "缺图"), TOO_LATE)

    duty = recalled(duty, TOO_LATE)

    assert (duty.state, is_on_time(submitted(duty, TOO_LATE))) == (State.RETURNED, True)


def test_a_recalled_correction_leaves_the_accepted_version_standing():
    duty = accepted(submitted(SEPTEMBER, IN_TIME), IN_TIME)

    assert recalled(corrected(duty, TOO_LATE), TOO_LATE) == duty


def test_a_correction_of_an_accepted_report_is_reviewed_again_without_counting_as_a_return():
    duty = corrected(accepted(submitted(SEPTEMBER, IN_TIME), IN_TIME), TOO_LATE)

    assert duty.state is State.RESUBMITTED
    assert is_one_pass(accepted(duty, TOO_LATE))


@pytest.mark.parametrize("action", [Action.SEND_BACK, Action.WAIVE, Action.EXTEND])
def test_returning_waiving_and_extending_need_a_reason(action):
    step = {
        Action.SEND_BACK: lambda: sent_back(submitted(SEPTEMBER, IN_TIME), IN_TIME, " "),
        Action.WAIVE: lambda: waived(SEPTEMBER, IN_TIME, ""),
        Action.EXTEND: lambda: extended(SEPTEMBER, IN_TIME, end_of(9, 25), ""),
    }[action]

    with pytest.raises(Refused, match=f"“{action}”需要写明原因"):
        step()


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("action", Action)
def test_what_the_table_does_not_allow_is_refused_in_words(state, action):
    now = TOO_LATE if state is State.OVERDUE else IN_TIME
    duty = replace(SEPTEMBER, state=state)
    duty = (
        replace(duty, due=end_of(9, 17), extended_to=end_of(9, 19))
        if state is State.EXTENDED
        else duty
    )
    if action is Action.UNDO and state in WAITING:
        duty = replace(duty, extended_to=duty.due + timedelta(1))

    assert state_at(duty, now) is state
    if state in ALLOWED[action]:
        assert STEPS[action](duty, now) != duty or state is State.RESUBMITTED
    else:
        with pytest.raises(Refused, match="这一期"):
            STEPS[action](duty, now)


@pytest.mark.parametrize(
    ("has_accepted", "picture", "word"),
    [(True, False, None), (True, True, "图片"), (False, False, "没有通过的数据")],
)
def test_no_change_repeats_accepted_figures_and_brings_no_picture(has_accepted, picture, word):
    refusal = nil_refusal(has_accepted=has_accepted, picture_compulsory=picture)

    assert (refusal is None) if word is None else (word in refusal)


def test_the_reporting_rate_leaves_out_waived_and_returned_reports():
    states = [State.ACCEPTED, State.SUBMITTED, State.RETURNED, State.OWED, State.WAIVED]

    assert reporting_rate(replace(SEPTEMBER, state=state) for state in states) == 50


def test_an_accepted_version_counts_while_its_correction_is_reviewed():
    passed = accepted(submitted(SEPTEMBER, IN_TIME), IN_TIME)
    open_again = corrected(passed, TOO_LATE)

    assert is_one_pass(open_again)
    assert reporting_rate([open_again, replace(open_again, state=State.RETURNED)]) == 100


def test_what_never_came_is_closed_by_the_next_due_time_unless_extended():
    assert not is_closed(SEPTEMBER, TOO_LATE)
    assert is_closed(SEPTEMBER, AFTER_CLOSING)
    assert not is_closed(submitted(SEPTEMBER, IN_TIME), AFTER_CLOSING)
    assert not is_closed(replace(SEPTEMBER, extended_to=end_of(10, 26)), AFTER_CLOSING)


def test_a_rate_over_nothing_is_not_applicable_and_none_is_capped():
    assert (reporting_rate([]), rate(0, 0), rate(3, 2)) == (None, None, 150)


AUGUST = Duty(end_of(8, 25), end_of(9, 20), covers=(date(2021, 1, 1), date(2021, 7, 31)))
OCTOBER = Duty(end_of(10, 20), None, covers=(date(2021, 1, 1), date(2021, 9, 30)))
YEAR = [AUGUST, SEPTEMBER, OCTOBER]
EARLY = datetime(2021, 9, 10, tzinfo=SHANGHAI)


def met(duties, as_of, now):
    return meets(duties, as_of, now, now.date())


def test_a_report_meets_the_oldest_open_obligation_whose_period_holds_its_date():
    assert met(YEAR, date(2021, 7, 31), EARLY) == Met(0)
    assert met(YEAR, date(2021, 8, 31), EARLY) == Met(1)
    assert met(YEAR, None, EARLY) == Met(0)
    assert met([SEPTEMBER, OCTOBER], date(2021, 11, 1), EARLY) == Met(0)


def test_a_period_reported_or_closed_is_not_passed_over_for_the_next():
    reported = [submitted(AUGUST, end_of(8, 20)), SEPTEMBER]

    assert met(reported, date(2021, 7, 31), EARLY) == Met(0, Unmet.NOT_OPEN)
    assert met(YEAR, date(2021, 7, 31), TOO_LATE) == Met(0, Unmet.NOT_OPEN)
    assert met(reported, None, EARLY) == Met(1)


def test_a_waived_period_is_nobodys():
    assert met([waived(AUGUST, IN_TIME, "任务已调整"), SEPTEMBER], date(2021, 7, 31), EARLY) == Met(
        1
    )


def test_the_month_and_the_quarter_that_end_together_are_met_one_after_the_other():
    """Both cover January to September; the month closes in November, the quarter in January."""
    month = replace(OCTOBER, closes=end_of(11, 20))
    quarter = replace(OCTOBER, closes=end_of(12, 20))
    now = datetime(2021, 10, 8, 9, 0, tzinfo=SHANGHAI)
    as_of = date(2021, 9, 30)

    assert met([month, quarter], as_of, now) == Met(0)
    assert met([submitted(month, now), quarter], as_of, now) == Met(1)
    assert met([submitted(month, now)] * 2, as_of, now) == Met(0, Unmet.NOT_OPEN)


def test_a_quarter_not_yet_near_its_end_does_not_take_a_reported_months_place():
    now = datetime(2021, 9, 8, 9, 0, tzinfo=SHANGHAI)

    found = met([submitted(SEPTEMBER, now), OCTOBER], date(2021, 8, 31), now)

    assert found == Met(0, Unmet.NOT_OPEN)


def test_a_report_makes_sense_from_a_week_before_its_period_ends():
    assert opens_on(OCTOBER) == date(2021, 9, 23)
    assert opens_on(replace(OCTOBER, covers=None)) == date(2021, 9, 19)
    assert not is_ready(OCTOBER, TOO_LATE, date(2021, 9, 22))
    assert is_ready(OCTOBER, TOO_LATE, date(2021, 9, 23))


def test_what_was_due_before_the_loading_is_taken_by_its_day_and_never_asked_for():
    past = replace(AUGUST, history=True)

    assert not is_ready(past, EARLY, EARLY.date())
    assert met([past, SEPTEMBER], None, EARLY) == Met(1)
    assert met([past, SEPTEMBER], date(2021, 7, 31), EARLY) == Met(0)
    assert met([past], None, EARLY) == Met(None, Unmet.NOTHING_DUE)


ASSUMED = replace(SEPTEMBER, assumed=True)


def test_while_an_assumed_day_waits_for_its_confirmation_nobody_is_late():
    reported = submitted(ASSUMED, TOO_LATE)

    assert not is_chased(ASSUMED)
    assert state_at(ASSUMED, TOO_LATE) is State.OWED
    assert door(ASSUMED, AFTER_CLOSING) is Door.OPEN
    assert not is_closed(ASSUMED, AFTER_CLOSING)
    assert not is_late(reported)
    assert is_late(submitted(SEPTEMBER, TOO_LATE))
    assert is_ready(ASSUMED, TOO_LATE, TOO_LATE.date())
    assert not is_ready(ASSUMED, AFTER_CLOSING, AFTER_CLOSING.date())


def test_a_day_confirmed_before_it_came_counts_like_a_stated_one():
    confirmed = replace(ASSUMED, confirmed_at=IN_TIME)

    assert is_chased(confirmed)
    assert state_at(confirmed, TOO_LATE) is State.OVERDUE
    assert is_closed(confirmed, AFTER_CLOSING)


def test_a_day_confirmed_after_it_passed_is_taken_by_name_and_never_held_against_anyone():
    past = replace(ASSUMED, confirmed_at=TOO_LATE)

    assert not is_chased(past)
    assert is_bygone(past, TOO_LATE)
    assert state_at(past, AFTER_CLOSING) is State.OWED
    assert not is_ready(past, TOO_LATE, TOO_LATE.date())
    assert met([past, OCTOBER], None, AFTER_CLOSING) == Met(1)
    assert met([past, OCTOBER], date(2021, 8, 31), AFTER_CLOSING) == Met(0)
    assert is_one_pass(accepted(submitted(past, AFTER_CLOSING), AFTER_CLOSING))


def test_what_is_bygone_bars_no_report_that_comes_early():
    past = replace(ASSUMED, confirmed_at=TOO_LATE)

    assert met([past, OCTOBER], date(2021, 9, 15), TOO_LATE) == Met(1)


def test_an_extension_granted_after_the_confirmation_is_a_deadline_again():
    past = replace(ASSUMED, confirmed_at=TOO_LATE)
    until = end_of(9, 30)

    granted = extended(past, TOO_LATE, until, "数据待核")

    assert is_chased(granted)
    assert state_at(granted, AFTER_CLOSING) is State.OVERDUE


@given(st.integers(-2000, 2000), st.integers(-2000, 2000))
def test_whoever_is_overdue_closed_or_late_was_held_to_a_day_known_in_time(confirmed, passed):
    duty = replace(ASSUMED, confirmed_at=ASSUMED.due + timedelta(hours=confirmed))
    now = ASSUMED.due + timedelta(hours=passed)

    is_blamed = (
        state_at(duty, now) is State.OVERDUE
        or is_closed(duty, now)
        or (takes_reports(duty, now) and is_late(submitted(duty, now)))
    )

    assert is_blamed == (confirmed <= 0 < passed)
    assert not (is_bygone(duty, now) and is_ready(duty, now, now.date()))


@given(
    st.lists(st.sampled_from(list(State)), min_size=3, max_size=3),
    st.dates(date(2021, 1, 1), date(2021, 12, 31)) | st.none(),
    st.integers(-2000, 2000),
)
def test_a_report_only_meets_what_takes_reports(states, as_of, hours):
    now = IN_TIME + timedelta(hours=hours)
    duties = [replace(duty, state=state) for duty, state in zip(YEAR, states, strict=True)]

    found = met(duties, as_of, now)

    if found.unmet is None:
        assert takes_reports(duties[found.place], now)
    elif found.unmet is Unmet.NOT_OPEN:
        assert not takes_reports(duties[found.place], now)
    else:
        assert found.place is None


@given(st.lists(st.sampled_from(list(Action)), max_size=12), st.integers(0, 40))
def test_whatever_people_do_the_duty_keeps_its_sense(actions, days):
    duty, now = SEPTEMBER, IN_TIME
    for action in actions:
        now += timedelta(hours=days)
        try:
            duty = STEPS[action](duty, now)
        except Refused:
            continue

    if duty.state in {State.SUBMITTED, State.RESUBMITTED, State.ACCEPTED}:
        assert duty.first_received is not None
    if is_one_pass(duty):
        assert duty.has_accepted
        assert duty.returns == 0
    assert duty.first_received is None or duty.first_received <= now
