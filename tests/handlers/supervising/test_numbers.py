"""Report numbers before a reason: what is a number, what belongs to the words, what is asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.supervising.numbers import only_numbers, read_numbers
from models.errors import Refused


@pytest.mark.parametrize(
    ("text", "numbers", "reason"),
    [
        ("5 6 图片有水印", (5, 6), "图片有水印"),
        ("6,7 数据不实", (6, 7), "数据不实"),
        ("6，7：数据不实", (6, 7), "数据不实"),
        ("6、7数据不实", (6, 7), "数据不实"),
        ("6和7 数据不实", (6, 7), "数据不实"),
        ("６　＃７　数据不实", (6, 7), "数据不实"),
        ("#6#7 数据不实", (6, 7), "数据不实"),
        ("5-8 内容重复", (5, 6, 7, 8), "内容重复"),
        ("6图片模糊", (6,), "图片模糊"),
        ("6号 图片模糊", (6,), "图片模糊"),
        ("6：3 张图片有水印", (6,), "3 张图片有水印"),
        ("6 3张图片有水印", (6,), "3张图片有水印"),
        ("6 7月数据不实", (6,), "7月数据不实"),
        ("6 2021年目标有误", (6,), "2021年目标有误"),
        ("6 30%与完成数不符", (6,), "30%与完成数不符"),
        ("6 和省里数据不一致", (6,), "和省里数据不一致"),
        ("6 个别数据有误", (6,), "个别数据有误"),
        ("8", (8,), ""),
        ("8。", (8,), ""),
        ("图片有水印", (), "图片有水印"),
        ("3张图片有水印", (), "3张图片有水印"),
        ("", (), ""),
    ],
)
def test_numbers_end_where_the_reason_begins(
    text: str, numbers: tuple[int, ...], reason: str
) -> None:
    read = read_numbers(text)

    assert (read.numbers, read.reason, read.in_doubt) == (numbers, reason, False)


@pytest.mark.parametrize("text", ["6 7数据不实", "5 3 张图片有水印", "6 2021-08数据不符"])
def test_a_number_that_may_be_either_is_in_doubt(text: str) -> None:
    assert read_numbers(text).in_doubt


@pytest.mark.parametrize("text", ["5-3 重复", "1-400 重复"])
def test_a_range_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="编号范围"):
        read_numbers(text)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("3 1、2", (1, 2, 3)), ("1-5", (1, 2, 3, 4, 5)), ("#128。", (128,)), ("7 7", (7,))],
)
def test_numbers_alone_are_taken_smallest_first(text: str, numbers: tuple[int, ...]) -> None:
    assert only_numbers(text, "如何") == numbers


@pytest.mark.parametrize("text", ["", "雪亮", "3 雪亮", "-", "州1-7"])
def test_anything_else_beside_numbers_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="如何"):
        only_numbers(text, "如何")


@given(st.text(alphabet="123#、，, 和-至号图片月：。", max_size=12))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read = read_numbers(text)
    except Refused:
        return

    assert len(set(read.numbers)) == len(read.numbers)
    assert all(number >= 0 for number in read.numbers)
