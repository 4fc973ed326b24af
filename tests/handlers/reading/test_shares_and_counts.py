"""Acceptance rates and counts of comments: exactly what was said, or why nothing is taken."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.shares_and_counts import Unclear, read_counts, read_rate
from models.rules.comments import Counts

CAME = st.sampled_from(["收到", "共收到", "累计收集", "受理群众意见"])
WENT = st.sampled_from(["办结", "已办结", "其中办理", "处理", "已回复", "答复"])
UNIT = st.sampled_from(["件", "条", "个", ""])


@pytest.mark.parametrize(
    ("written", "rate"),
    [
        ("100%", "100"),
        ("９６．５％", "96.5"),
        ("85", "85"),
        ("百分之百", "100"),
        ("百分之九十五", "95"),
        ("已验收85%", "85"),
        ("验收率达到85.5%", "85.5"),
        ("100%，全部验收", "100"),
        ("截至9月30日，已完成60%", "60"),
        ("0%", "0"),
    ],
)
def test_a_rate_is_read_as_people_write_it(written: str, rate: str) -> None:
    assert read_rate(written) == Decimal(rate)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("还差5%", "写的不是已达到的部分"),
        ("60%，未验收40%", "写的不是已达到的部分"),
        ("已验收85户", "的单位不是百分数"),
        ("提前5个百分点", "的单位不是百分数"),
        ("由80%提高到90%", "写的是前后变化"),
        ("预计90%", "写的是计划或目标"),
        ("目标100%，已完成60%", "写的是计划或目标"),
        ("约90%", "不是确定的数"),
        ("90%以上", "不是确定的数"),
        ("80%（其中一期70%）", "里有几个数"),
        ("3/5", "里有几个数"),
        ("0.85", "没有写%，分不清是小数还是百分数"),
        ("60%，全部验收", "前后不一致"),
        ("尚未验收", "读不出百分比"),
        ("-5%", "读不出百分比"),
        ("验收" * 50, "太长"),
    ],
)
def test_a_rate_of_something_else_is_refused_with_its_reason(written: str, why: str) -> None:
    assert read_rate(written) == Unclear(why)


@pytest.mark.parametrize(
    ("written", "received", "handled"),
    [
        ("12件全部办结", 12, 12),
        ("办结10件，收到12件", 12, 10),
        ("1—9月收到12件，其中10件已办结", 12, 10),
        ("截至2024年9月30日，收到12件，办结12件", 12, 12),
        ("今年以来收到群众意见建议12条，已全部办理完毕", 12, 12),
        ("收到12条 办理9条，办理率75.00%，未达100%", 12, 9),
        ("收到12件，全部办结，办理率100%", 12, 12),
        ("无", 0, 0),
        ("暂无群众意见", 0, 0),
        ("未收到群众意见建议", 0, 0),
        ("0条", 0, 0),
        ("收到0件", 0, 0),
    ],
)
def test_counts_are_read_as_people_write_them(written: str, received: int, handled: int) -> None:
    assert read_counts(written) == Counts(received, handled)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("收到12条、未办理2条", "写的不是已办理的条数"),
        ("收到12条办结10条，2条正在办理", "写的不是已办理的条数"),
        ("收到12件，没有办结", "写的不是已办理的条数"),
        ("收到3000元办结2件", "的单位不是条或件"),
        ("9月收到5件，累计收到12件", "写的是一个月的数"),
        ("本月收到5件，办结5件", "写的是一个月的数"),
        ("收到约12件，办结12件", "不是确定的数"),
        ("预计收到12件，办结12件", "写的是计划或目标"),
        ("收到5件，办结5件，回复7件", "里有几组数"),
        ("收到12条 办理9条，办理率95%", "里的办理率与条数不符（收到12条 办理9条为75%）"),
        ("收到12件", "读不全"),
        ("收到12条，已办结", "读不全"),
        ("收到1.5件，办结1件", "读不全"),
        ("无变化", "读不全"),
        ("收到" * 50, "太长"),
    ],
)
def test_counts_of_something_else_are_refused_with_their_reason(written: str, why: str) -> None:
    assert read_counts(written) == Unclear(why)


@given(CAME, WENT, UNIT, st.integers(0, 999_999), st.integers(0, 999_999))
def test_both_counts_are_read_back(
    came: str, went: str, unit: str, received: int, handled: int
) -> None:
    for text in (
        f"{came}{received}{unit}，{went}{handled}{unit}",
        f"{came} {received} {unit} {went} {handled} {unit}",
    ):
        assert read_counts(text) == Counts(received, handled)


@given(UNIT, st.integers(0, 999_999))
def test_a_number_is_never_cut_in_two(unit: str, received: int) -> None:
    assert read_counts(f"{received}{unit}全部办结") == Counts(received, received)


@given(st.integers(0, 999_999), st.decimals(0, 99, places=1))
def test_a_share_is_never_taken_for_a_count(received: int, share: Decimal) -> None:
    assert isinstance(read_counts(f"收到{received}件,处理率{share}%"), Unclear)


@given(st.decimals(0, 100, places=2), st.sampled_from(["还差", "预计", "目标", "由", "约", "未"]))
def test_a_word_before_a_rate_that_makes_it_another_is_never_passed_over(
    share: Decimal, word: str
) -> None:
    assert isinstance(read_rate(f"{word}{share}%"), Unclear)
    assert isinstance(read_rate(f"已完成{word}{share}%"), Unclear)


@given(st.decimals(0, 100, places=2))
def test_a_plain_rate_is_read_back(share: Decimal) -> None:
    assert read_rate(f"已验收{share}%") == share


@given(st.text("收到件办结全部均已无未约月日1234567890.%％，、 其中率", max_size=30))
def test_any_words_give_counts_that_were_written_or_none(text: str) -> None:
    read = read_counts(text)

    if isinstance(read, Counts) and read != Counts(0, 0):
        assert str(read.received) in text.replace(" ", "") or "0" in text
        assert str(read.handled) in text.replace(" ", "") or "0" in text
