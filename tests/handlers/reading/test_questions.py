"""Questions in everyday words: who owes, and how something stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.questions import (
    asks_how_it_stands,
    asks_own_place,
    asks_what_to_report,
    asks_whether_to_report,
    asks_who_owes,
    without_listing,
)


@pytest.mark.parametrize(
    "text",
    [
        "谁还没有报？",
        "未报的单位有哪些",
        "还有哪几家没交",
        "目前哪些部门还没报",
        "没报的都有谁啊",
        "还有几个单位未上报",
        "请问本月还有谁没报送",
        "哪个单位没交材料",
        "还没报的有哪几家？",
    ],
)
def test_who_owes_is_asked_in_many_ways(text: str) -> None:
    assert asks_who_owes(text)


@pytest.mark.parametrize(
    "text",
    [
        "谁没报名参加植树活动",
        "哪些单位没来开会",
        "没报销的发票有几张",
        "谁在办公室",
        "未报备的车有哪些",
    ],
)
def test_other_questions_ask_something_else(text: str) -> None:
    assert not asks_who_owes(text)


@pytest.mark.parametrize(
    "text",
    [
        "州1-7到哪一步了",
        "雪亮工程做到什么程度了",
        "旧改完成了多少",
        "州1-5报了没有",
        "州1-5交了吗？",
        "州1-5这个月要不要报",
        "州1-5几号截止",
        "领导想了解州1-5的进展",
        "把省3的完成率发我",
        "花垣县怎么样了",
        "雪亮工程现在全州多少了？",
        "改厕目前一共多少",
    ],
)
def test_how_something_stands_is_asked_in_many_ways(text: str) -> None:
    assert asks_how_it_stands(text)


@pytest.mark.parametrize(
    "text", ["雪亮工程的施工队今天来不了", "进展顺利", "州1-7 完成数1710个", "今天报材料"]
)
def test_a_statement_asks_nothing(text: str) -> None:
    assert not asks_how_it_stands(text)


@given(st.text(max_size=4000))
def test_any_text_is_read(text: str) -> None:
    assert asks_who_owes(text) in (True, False)
    assert asks_how_it_stands(text) in (True, False)


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("我的任务有哪些", "我的任务"),
        ("我还有什么任务", "任务"),
        ("我手上还有几项任务", "任务"),
        ("待审的还有几件", "待审"),
        ("待办有哪些呢", "待办"),
        ("还有多少件待审", "待审"),
        ("有待审的", "待审"),
        ("还有多少任务没报", "任务"),
        ("排名", "排名"),
    ],
)
def test_a_list_is_asked_for_in_many_ways(text: str, listed: str) -> None:
    assert without_listing(text) == listed


@pytest.mark.parametrize("text", ["任务什么的最烦了", "今天食堂有哪些菜", "哪些任务滞后"])
def test_other_lists_keep_their_words(text: str) -> None:
    assert without_listing(text) not in ("任务", "待办")


@pytest.mark.parametrize(
    "text",
    ["我们单位这个月要报哪些", "我还差哪些没报", "请问我该报什么", "我们还要上报哪些数据"],
)
def test_what_is_to_be_reported_is_asked_in_many_ways(text: str) -> None:
    assert asks_what_to_report(text)


@pytest.mark.parametrize("text", ["我要报什么班", "我们报了什么", "哪些单位没报", "我要报送"])
def test_what_else_is_reported_is_another_matter(text: str) -> None:
    assert not asks_what_to_report(text)


@pytest.mark.parametrize(
    "text", ["老师这个月还要报吗", "本月要报送吗？", "我们这期用不用报", "领导，这个月还用报数吗"]
)
def test_whether_to_report_is_asked_in_many_ways(text: str) -> None:
    assert asks_whether_to_report(text)


@pytest.mark.parametrize("text", ["这个月要报", "要报名吗", "州1-7还要报吗", "这个月报吗啡用量"])
def test_who_names_something_asks_of_that(text: str) -> None:
    assert not asks_whether_to_report(text)


@pytest.mark.parametrize(
    "text", ["我们排第几", "我局这次第几名啊", "我们单位名次怎么样", "本单位现在排名多少"]
)
def test_the_own_place_is_asked_in_many_ways(text: str) -> None:
    assert asks_own_place(text)


@pytest.mark.parametrize("text", ["我们排查了几处", "第几名了", "州公安局排第几", "我们排第3"])
def test_other_places_are_not_ones_own(text: str) -> None:
    assert not asks_own_place(text)
