"""A contact in one sentence or in labelled lines: when, who, whom, what came of it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.visits import Days, Visit, read_visit

TODAY = date(2022, 10, 10)


def read(text: str) -> Visit:
    return read_visit(text, TODAY, 2022)


@pytest.mark.parametrize(
    ("sentence", "who", "whom", "result"),
    [
        ("9月19日 州领导到省发改委汇报，省里表示支持", "州领导", "省发改委", "省里表示支持"),
        (
            "9月19日，局主要负责人带队赴省科技厅对接创新工作。反馈结果为难度很大",
            "局主要负责人",
            "省科技厅",
            "难度很大",
        ),
        ("9月19日局领导到省财政厅向各处室汇报", "局领导", "省财政厅各处室", ""),
        ("局长、副局长9月19日向省教育厅书面汇报", "局长、副局长", "省教育厅", ""),
        (
            "9月19日 分管领导前往省人社厅就业处沟通，争取支持",
            "分管领导",
            "省人社厅就业处",
            "争取支持",
        ),
        (
            "9月19日，县领导拜访省地方金融监管局、湖南证监局",
            "县领导",
            "省地方金融监管局、湖南证监局",
            "",
        ),
    ],
)
def test_one_sentence_says_who_saw_whom(sentence: str, who: str, whom: str, result: str) -> None:
    found = read(sentence)

    assert (found.who, found.whom, found.result) == (who, whom, result)
    assert found.days == (Days(date(2022, 9, 19)),)


@pytest.mark.parametrize(
    ("when", "days"),
    [
        ("4月27日--29日", [Days(date(2022, 4, 27), date(2022, 4, 29))]),
        ("4月27日至5月3日", [Days(date(2022, 4, 27), date(2022, 5, 3))]),
        ("8月中旬", [Days(date(2022, 8, 11), date(2022, 8, 20))]),
        ("2月下旬", [Days(date(2022, 2, 21), date(2022, 2, 28))]),
        ("7月", [Days(date(2022, 7, 1), date(2022, 7, 31))]),
        ("7月份", [Days(date(2022, 7, 1), date(2022, 7, 31))]),
        ("3月5日、7月26日", [Days(date(2022, 3, 5)), Days(date(2022, 7, 26))]),
        ("5月17日、18日", [Days(date(2022, 5, 17)), Days(date(2022, 5, 18))]),
        ("2021年12月3日", [Days(date(2021, 12, 3))]),
        ("昨天", [Days(date(2022, 10, 9))]),
        ("9.19", [Days(date(2022, 9, 19))]),
        ("九月十九日", [Days(date(2022, 9, 19))]),
        ("１２月３日", [Days(date(2022, 12, 3))]),
    ],
)
def test_days_are_read_as_people_write_them(when: str, days: list[Days]) -> None:
    found = read(f"{when} 局领导到省厅汇报")

    assert list(found.days) == days
    assert (found.who, found.whom) == ("局领导", "省厅")


@pytest.mark.parametrize(
    ("when", "days"),
    [
        ("本月", Days(date(2022, 10, 1), date(2022, 10, 31))),
        ("本月上旬", Days(date(2022, 10, 1), date(2022, 10, 10))),
        ("上个月", Days(date(2022, 9, 1), date(2022, 9, 30))),
        ("上月底", Days(date(2022, 9, 21), date(2022, 9, 30))),
        ("22年9月19日", Days(date(2022, 9, 19))),
    ],
)
def test_a_spoken_month_is_rough_and_a_short_year_is_a_year(when: str, days: Days) -> None:
    found = read(f"{when} 分管副主任到省发改委汇报")

    assert found.days == (days,)
    assert (found.who, found.whom) == ("分管副主任", "省发改委")


@pytest.mark.parametrize(
    ("sentence", "who", "whom"),
    [
        ("9月19日 州领导率队到北京对接国家发改委", "州领导", "国家发改委"),
        ("9月19日 州领导赴京向国家发改委汇报", "州领导", "国家发改委"),
        ("9月19日上午9点 分管副主任到省发改委汇报", "分管副主任", "省发改委"),
        ("9月19日下午3点半 局长到省财政厅汇报", "局长", "省财政厅"),
        ("9月19日 州领导、副主任在长沙对接省发改委", "州领导、副主任", "省发改委"),
        ("9月19日 局领导到长沙汇报", "局领导", ""),
    ],
)
def test_the_hour_and_the_town_are_neither_who_nor_whom(sentence: str, who: str, whom: str) -> None:
    found = read(sentence)

    assert (found.who, found.whom) == (who, whom)


def test_labelled_lines_win_over_a_sentence() -> None:
    found = read("时间：9月19日\n层级：州领导\n对象：省发改委\n结果：省里表示支持\n县市：吉首市")

    assert found == Visit(
        days=(Days(date(2022, 9, 19)),),
        who="州领导",
        whom="省发改委",
        result="省里表示支持",
        place="吉首市",
    )


def test_a_day_that_does_not_exist_is_named_and_not_moved() -> None:
    found = read("9月31日 局领导到省厅汇报")

    assert found.bad_day == "9月31日"
    assert found.days == ()
    assert found.who == "局领导"


def test_a_day_that_was_promised_is_not_the_day_of_the_visit() -> None:
    found = read("局领导到省厅汇报，省厅定于10月20日来州调研")

    assert found.days == ()
    assert found.result == "省厅定于10月20日来州调研"


@pytest.mark.parametrize("mark", ["；", "。", "\n"])
def test_a_second_visit_is_seen_and_never_taken_for_a_result(mark: str) -> None:
    found = read(f"9月1日 局长到省发改委汇报{mark}9月20日 副局长到省统计局汇报")

    assert found.is_several
    assert not read("9月1日 局长到省发改委汇报；省里答复9月底向省政府报告").is_several


def test_words_around_the_day_are_no_part_of_who_went() -> None:
    found = read("我局于9月15日派员赴省发改委汇报")

    assert (found.who, found.whom) == ("我局", "省发改委")
    assert read("上周 局领导到省厅汇报").who == "局领导"


def test_a_name_without_a_rank_is_left_out_and_asked_for() -> None:
    found = read("9月19日 王小明到省厅汇报")

    assert found.who == ""
    assert found.unranked
    assert found.is_unnamed


def test_nobody_s_name_comes_back() -> None:
    found = read("9月19日 王小明局长到省厅李大海处长处汇报，李大海处长表示支持")

    assert found.is_unnamed
    assert not any(
        "小明" in part or "大海" in part for part in (found.who, found.whom, found.result)
    )


@given(st.text(max_size=80))
def test_any_text_is_read_without_an_error(text: str) -> None:
    found = read(text)

    assert all(each.until is None or each.on <= each.until for each in found.days)


@given(st.dates(date(2022, 1, 1), date(2022, 10, 10)))
def test_every_day_is_read_back(day: date) -> None:
    found = read(f"{day.month}月{day.day}日 州领导到省发改委汇报，表示支持")

    assert found.days == (Days(day),)
    assert (found.who, found.whom, found.result) == ("州领导", "省发改委", "表示支持")
