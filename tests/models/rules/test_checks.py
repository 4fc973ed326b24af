"""Checks on a report: each names field, value, expectation and a correction to send."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import Refused
from models.rules.checks import Section, check_as_of, check_section, is_filler
from models.rules.figure_checks import Known, Linked, Reported, check_figure, usual_step
from models.rules.finding import (
    DEFAULT_CHECKS,
    CheckPolicy,
    Code,
    Level,
)
from models.rules.frozen import from_data, to_data

TODAY = date(2021, 9, 18)
TO_AUGUST = (date(2021, 1, 1), date(2021, 8, 31))


def decimals(*values):
    return tuple(Decimal(str(value)) for value in values)


def came(value, unit="个", **kwargs):
    value = None if value is None else Decimal(str(value))
    return Reported("完成数", kwargs.pop("text", f"{value}{unit}"), value, unit, **kwargs)


def known(unit="个", target=None, history=(), **kwargs):
    return Known(unit, None if target is None else Decimal(target), decimals(*history), **kwargs)


CAMERAS = known("个", 6000, (300, 900, 1710))
SCREENING = known("人次", 16500, (2400, 4700, 6923))


def codes(findings):
    return [finding.code for finding in findings]


def test_a_plain_step_forward_is_taken_without_a_word():
    assert check_figure(came(2300), CAMERAS) == ()


CASES = {
    "unreadable": (
        came(None, text="已基本完成"),
        CAMERAS,
        (Code.UNREADABLE, Level.ERROR, "修改 完成数 1710个", False),
        "完成数“已基本完成”读不出数字，应为数字加单位，如1710个。请发“修改 完成数 1710个”。",
    ),
    "unit of another kind": (
        came(2300, "公里"),
        CAMERAS,
        (Code.UNIT, Level.ERROR, "修改 完成数 2300个", False),
        "完成数“2300公里”单位不对，应为以“个”为单位的数。请发“修改 完成数 2300个”。",
    ),
    "off by ten thousand against the last value": (
        came("0.92", "人次"),
        SCREENING,
        (Code.SCALE, Level.WARNING, "修改 完成数 9200人次", False),
        "完成数0.92人次与上次6923人次相差悬殊，是否少写或多写了“万”？应为9200人次的，"
        "请发“修改 完成数 9200人次”；无误请发“确认”。",
    ),
    "off by ten thousand against the target": (
        came("1.65", "人次"),
        known("人次", 16500),
        (Code.SCALE, Level.WARNING, "修改 完成数 16500人次", False),
        "完成数1.65人次与年度目标16500人次相差悬殊，是否少写或多写了“万”？应为16500人次的，"
        "请发“修改 完成数 16500人次”；无误请发“确认”。",
    ),
    "ten thousand times too much": (
        came(92000000, "人次"),
        SCREENING,
        (Code.SCALE, Level.WARNING, "修改 完成数 9200人次", False),
        "完成数92000000人次与上次6923人次相差悬殊，是否少写或多写了“万”？应为9200人次的，"
        "请发“修改 完成数 9200人次”；无误请发“确认”。",
    ),
    "the month's own number instead of the year's": (
        came(590),
        CAMERAS,
        (Code.FALLING, Level.WARNING, "修改 完成数 2300个", True),
        "完成数应为年初以来累计，590个少于上次通过的1710个。如报的是本月新增，"
        "请发“修改 完成数 2300个”；无误请发“确认 原因”。",
    ),
    "below the last value": (
        came(1701),
        known("个", 6000, (1710,)),
        (Code.FALLING, Level.WARNING, "修改 完成数 1710个", True),
        "完成数应为年初以来累计，1701个少于上次通过的1710个。"
        "请发“修改 完成数 1710个”；无误请发“确认 原因”。",
    ),
    "stated 243 % of 6000": (
        came(1710, stated=Decimal(243)),
        known("个", 6000),
        (Code.STATED, Level.WARNING, "修改 完成率 28.50%", False),
        "完成率243%与计算结果28.50%（1710个÷6000个）不符。请发“修改 完成率 28.50%”；"
        "无误请发“确认”。",
    ),
    "counties do not add up": (
        came(1710, counties=(("吉首市", Decimal(1000)), ("花垣县", Decimal(690)))),
        known("个", 6000),
        (Code.COUNTIES, Level.WARNING, "修改 完成数 1690个", True),
        "完成数1710个与各县市合计1690个相差20个。请发“修改 完成数 1690个”；无误请发“确认 原因”。",
    ),
    "more than the target": (
        came(717, "人"),
        known("人", 550, (430,)),
        (Code.OVER_TARGET, Level.WARNING, "确认", False),
        "完成数717人为年度目标550人的130.36%。请发“修改 完成数 正确的数”；无误请发“确认”。",
    ),
    "a jump": (
        came(5900),
        known("个", 6000, (300, 900, 1710)),
        (Code.JUMP, Level.WARNING, "确认", False),
        "完成数5900个比上次多4190个，以往每期多705个左右。"
        "请发“修改 完成数 正确的数”；无误请发“确认”。",
    ),
    "no change for three periods": (
        came(22, "户"),
        known("户", 680, (22, 22, 22)),
        (Code.UNCHANGED, Level.NOTE, "", False),
        "完成数22户已连续3期没有变化。",
    ),
}


@pytest.mark.parametrize(("reported", "on_record", "expected", "text"), CASES.values(), ids=CASES)
def test_a_strange_figure_is_named_with_its_correction(reported, on_record, expected, text):
    (finding,) = check_figure(reported, on_record)

    assert (finding.code, finding.level, finding.send, finding.needs_reason) == expected
    assert finding.text == text


QUIET = {
    "28 % for 1710 of 6000": (came(1710, stated=Decimal(28)), known("个", 6000)),
    "243 % for 1000 of 411": (came(1000, stated=Decimal(243)), known("个", 411, (998,))),
    "people for person-times": (came(6923, "人"), known("人次", 16500)),
    "a first small number": (came(22, "户"), known("户", 680)),
    "nothing done yet": (came(0, "公里"), known("公里", 550)),
    "half a kilometre": (came("0.6", "公里"), known("公里", 260)),
    "equal to the last value": (came(1710), CAMERAS),
    "over the target as confirmed before": (came(730, "人"), known("人", 550, (717,))),
    "only some counties named": (
        came(1710, counties=(("吉首市", Decimal(1000)),), all_counties=False),
        known("个", 6000),
    ),
    "all counties add up": (
        came(1710, counties=(("吉首市", Decimal(1000)), ("花垣县", Decimal(710)))),
        known("个", 6000),
    ),
    "a level that is lowered": (
        came(560, "元/月"),
        known("元/月", 550, (583, 583, 583), cumulative=False),
    ),
    "finished and therefore unchanged": (came(25), known("个", 25, (25, 25, 25))),
    "a catch-up after a standstill": (came(300), known("个", 6000, (0, 0, 0))),
}


@pytest.mark.parametrize(("reported", "on_record"), QUIET.values(), ids=QUIET)
def test_what_is_in_order_is_not_asked_about(reported, on_record):
    assert check_figure(reported, on_record) == ()


def test_more_counties_than_the_total_is_wrong_even_while_some_are_missing():
    reported = came(900, counties=(("吉首市", Decimal(1000)),), all_counties=False)

    assert codes(check_figure(reported, known("个", 6000))) == [Code.COUNTIES]


def test_one_cause_is_asked_about_once():
    reported = came("1.65", "人次", stated=Decimal(100), counties=(("吉首市", Decimal(9000)),))

    assert codes(check_figure(reported, SCREENING)) == [Code.SCALE]


def test_two_causes_are_both_named():
    reported = came(1500, stated=Decimal("28.5"))

    assert codes(check_figure(reported, known("个", 6000, (1710,)))) == [Code.FALLING, Code.STATED]


@pytest.mark.parametrize(
    ("as_of", "code", "send"),
    [
        (date(2021, 9, 30), Code.FUTURE, "修改 截至 8月31日"),
        (date(2021, 9, 1), Code.OUTSIDE_PERIOD, "修改 截至 8月31日"),
        (date(2020, 12, 31), Code.OUTSIDE_PERIOD, "修改 截至 8月31日"),
    ],
    ids=["future", "after the period", "last year"],
)
def test_an_as_of_date_outside_its_time_is_an_error(as_of, code, send):
    finding = check_as_of(as_of, TO_AUGUST, TODAY)

    assert (finding.code, finding.level, finding.send) == (code, Level.ERROR, send)


def test_the_error_on_a_date_says_what_came_and_what_was_expected():
    finding = check_as_of(date(2020, 12, 31), TO_AUGUST, TODAY)

    assert finding.text == (
        "截至“2020年12月31日”不在本期范围内，应为1月1日至8月31日。请发“修改 截至 8月31日”。"
    )


def test_today_is_not_yet_the_future():
    assert check_as_of(TODAY, None, TODAY) is None
    assert check_as_of(date(2021, 9, 19), None, TODAY).send == "修改 截至 9月18日"


def test_a_whole_past_year_is_written_with_its_year():
    year = (date(2021, 1, 1), date(2021, 12, 31))

    finding = check_as_of(date(2022, 1, 5), year, date(2022, 1, 8))

    assert finding.send == "修改 截至 2021年12月31日"


@pytest.mark.parametrize("as_of", [date(2021, 1, 1), date(2021, 8, 31), None])
def test_a_date_inside_the_period_or_none_at_all_is_in_order(as_of):
    assert check_as_of(as_of, TO_AUGUST, TODAY) is None


@pytest.mark.parametrize(
    "text", ["", "  ", "无", "无。", "同上", "无，无", "1.无", "一、暂无", "……", "/", "－－"]
)
def test_a_required_section_with_only_filler_is_an_error_that_names_it(text):
    finding = check_section(Section("措施", text))

    assert (finding.field, finding.level, finding.send) == ("措施", Level.ERROR, "修改 措施 ……")


@pytest.mark.parametrize(
    "text", ["无人机巡查全部到位", "已召开现场推进会", "同上级部门会商两次", "5个点位已通电"]
)
def test_words_that_begin_like_filler_are_not_filler(text):
    assert not is_filler(text, DEFAULT_CHECKS.fillers)


def test_an_optional_section_may_stay_empty():
    assert check_section(Section("问题", "无", required=False)) is None


def test_thresholds_are_data_and_change_the_answer():
    strict = from_data(CheckPolicy, to_data(DEFAULT_CHECKS) | {"percent_tolerance": "0.4"})

    assert from_data(CheckPolicy, to_data(DEFAULT_CHECKS)) == DEFAULT_CHECKS
    assert codes(check_figure(*QUIET["28 % for 1710 of 6000"], strict)) == [Code.STATED]


@pytest.mark.parametrize("change", [{"scale": 1}, {"jump_factor": 0}, {"percent_tolerance": -1}])
def test_thresholds_that_make_no_sense_are_refused(change):
    with pytest.raises(Refused, match="大于"):
        from_data(CheckPolicy, to_data(DEFAULT_CHECKS) | change)


def test_the_usual_step_needs_two_steps_and_ignores_one_outlier():
    assert usual_step(decimals(300, 900)) is None
    assert usual_step(decimals(0, 100, 200, 5000)) == 100


AMOUNTS = st.decimals(min_value=0, max_value=10**7, places=2, allow_nan=False)


@given(AMOUNTS, st.lists(AMOUNTS, max_size=5), st.one_of(st.none(), st.integers(1, 10**6)))
def test_every_finding_on_any_figure_can_be_answered(value, history, target):
    findings = check_figure(came(value), known("个", target, sorted(history)))

    assert len(set(codes(findings))) == len(findings)
    for finding in findings:
        assert finding.field in finding.text
        assert finding.level is Level.NOTE or finding.send.startswith(("修改 完成数 ", "确认"))


@given(st.integers(200, 10**6), st.decimals(min_value="0.5", max_value=1, places=3))
def test_a_value_written_in_ten_thousands_is_always_recognised_against_the_last(last, share):
    value = last / share / 10_000

    (finding,) = check_figure(came(value, "人次"), known("人次", None, (last,)))

    assert finding.code is Code.SCALE


PAVED = Known("个", Decimal(77500), linked=Linked(Decimal(23421), date(2021, 5, 31), "续3"))


def said(value: str, day: date, text: str = "") -> Reported:
    return Reported("完成数", text or value, Decimal(value), "个", as_of=day)


def test_less_than_the_linked_value_needs_a_reason() -> None:
    [finding] = check_figure(said("20000", date(2021, 8, 31)), PAVED)

    assert (finding.code, finding.needs_reason) == (Code.LINKED, True)
    assert "少于续3在5月31日已通过的23421个" in finding.text
    assert finding.send == "修改 完成数 23421个"
    assert check_figure(said("20000", date(2021, 4, 30)), PAVED) == ()


@pytest.mark.parametrize(
    ("known", "day"),
    [
        (PAVED, date(2021, 5, 31)),
        (Known("个", Decimal(6000), (Decimal(23421),), last_as_of=date(2021, 6, 30)), None),
        (Known("个", Decimal(20000), (Decimal(23421),), last_as_of=date(2021, 5, 31)), None),
    ],
    ids=["the same day", "done", "done with an earlier day"],
)
def test_the_same_value_is_no_riddle_on_its_own_day_or_once_done(
    known: Known, day: date | None
) -> None:
    found = check_figure(said("23421", day or date(2021, 8, 31)), known)

    assert Code.SAME not in [each.code for each in found]


def test_an_earlier_value_sent_back_for_a_later_day_is_asked() -> None:
    [finding] = check_figure(said("23421", date(2021, 8, 31)), PAVED)

    assert (finding.code, finding.needs_reason) == (Code.SAME, False)
    assert "23421个与5月31日的数相同" in finding.text
    assert check_figure(said("23421", date(2021, 8, 31), "无变化"), PAVED) == ()


def test_large_money_is_proposed_as_people_write_it() -> None:
    known = Known("元", Decimal(100_000_000), (Decimal(71_350_000),))
    [finding] = check_figure(Reported("完成数", "7000万元", Decimal(70_000_000), "元"), known)

    assert finding.send == "修改 完成数 7135万元"
