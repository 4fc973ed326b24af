"""How the crop of a picture is to be moved, as people write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.shifts import Shift, read_shift
from models.rules.picture_crop import Side


@pytest.mark.parametrize(
    ("text", "shift"),
    [
        ("左移", Shift(Side.LEFT)),
        ("右移 100", Shift(Side.RIGHT, pixels=100)),
        ("上移一点", Shift(Side.UP, is_little=True)),
        ("图2 下移", Shift(Side.DOWN, (2,))),
        ("图３　下移２００", Shift(Side.DOWN, (3,), pixels=200)),
        ("左移图2 50像素", Shift(Side.LEFT, (2,), pixels=50)),
        ("图1、图3 上移", Shift(Side.UP, (1, 3))),
        ("第二张往右边挪一些", Shift(Side.RIGHT, (2,), is_little=True)),
        ("请把图1的裁剪框再向左移动20%，谢谢", Shift(Side.LEFT, (1,), percent=20)),
        ("再往下一点", Shift(Side.DOWN, is_little=True)),
        ("移到最右边", Shift(Side.RIGHT, is_all=True)),
        ("右邊移到底", Shift(Side.RIGHT, is_all=True)),
    ],
)
def test_a_move_is_read_with_its_picture_and_its_measure(text, shift):
    found = read_shift(text)

    assert found == shift


@pytest.mark.parametrize(
    "text",
    [
        "左",
        "移民",
        "上移动5G基站100个",
        "图2 左移民安置点建设；7月20日；吉首市",
        "左移支付系统已上线",
        "下移管理重心，力量下沉",
        "措施：重心下移",
        "100",
        "",
    ],
)
def test_a_sentence_is_no_move(text):
    assert read_shift(text) is None


@given(st.text(alphabet="图左右上下移往到最一点像素%1２三 、，再把", max_size=40))
def test_any_words_are_answered(text):
    found = read_shift(text)

    assert found is None or found.side in Side
