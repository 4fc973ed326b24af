"""Names in one cell, and what a single cell says."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.programmes.workbook.cells import CellError, Raw, bare, clean, value_of
from models.programmes.workbook.columns import Column, Shape
from models.programmes.workbook.lists import NAME_MARKS, TEXT_MARKS, parts, together
from models.programmes.workbook.near import nearest


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("州人社局、州文旅局", ("州人社局", "州文旅局")),
        (
            "州人社局，州文旅局；州科技局\n州民政局,",
            ("州人社局", "州文旅局", "州科技局", "州民政局"),
        ),
        (
            "州发改委（州粮食局、州能源局）、州工信局",
            ("州发改委（州粮食局、州能源局）", "州工信局"),
        ),
        ("“一件事、一次办”、营商环境", ("“一件事、一次办”", "营商环境")),
        ("「甲、乙」、丙", ("甲、乙", "丙")),
        ("州人社局（牵头、州文旅局", ("州人社局（牵头", "州文旅局")),
        (" 、；", ()),
    ],
)
def test_names_in_a_cell_are_parted(text: str, names: tuple[str, ...]) -> None:
    assert parts(text) == names


@given(
    st.lists(st.text("甲乙、；，（）“”1 ", min_size=1).map(str.strip).filter(bool), max_size=4).map(
        tuple
    ),
    st.sampled_from([NAME_MARKS, TEXT_MARKS]),
)
def test_what_is_put_together_is_parted_again(entries: tuple[str, ...], marks: str) -> None:
    assert parts(together(entries, marks), marks) == entries


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("州 交通运\n输局", "州交通运输局"),
        ("４Ｇ基站", "4G基站"),
        ("AB Cd 局", "AB Cd局"),
        ("\u200b州\xa0局", "州局"),
    ],
)
def test_names_lose_white_space_and_full_width(text: str, plain: str) -> None:
    assert bare(text) == plain


def test_a_sentence_keeps_its_punctuation() -> None:
    assert clean("建设（一期）：１２所，\n其中２所") == "建设（一期）：12所，\n其中2所"


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9
    )
)
def test_a_number_is_read_as_shown(number: Decimal) -> None:
    column = Column("target", "目标", "", Shape.NUMBER)

    assert value_of(column, Raw(float(number))) == number
    assert value_of(column, Raw(format(number, "f"))) == number


@pytest.mark.parametrize(
    ("written", "unit", "advice"),
    [
        ("3千", "个", "请只填数字 3000，"),
        ("1.65万人次", "万人次", "请只填数字 1.65，"),
        ("3000以上", "个", "请只填数字 3000，"),
        ("5标准", "标准", "请只填数字 5，"),
        ("3 000", "个", "请只填数字，如 6000"),
        ("3000、200", "个", "请只填数字，如 6000"),
        ("2022-03-01", "个", "请只填数字，如 6000"),
        ("12月31日", "个", "请只填数字，如 6000"),
        ("2022年", "", "请只填数字，如 6000"),
        ("100%", "个", "请只填数字，如 6000"),
        ("5标准", "个", "请只填数字，如 6000"),
    ],
)
def test_a_number_is_advised_only_where_the_cell_is_one_number(
    written: str, unit: str, advice: str
) -> None:
    with pytest.raises(CellError, match=advice):
        value_of(Column("target", "目标", "", Shape.NUMBER), Raw(written, unit=unit))


@given(st.text())
def test_any_text_is_read_or_refused_with_a_word(text: str) -> None:
    for shape in set(Shape) - {Shape.CHOICE}:
        told = ""
        try:
            value = value_of(Column("key", "列", "", shape), Raw(text))
        except CellError as error:
            value, told = None, str(error)
        assert value is not None or told or not clean(text)


def test_an_unknown_name_means_the_nearest_and_a_strange_one_none() -> None:
    known = ("州人社局", "州文旅广电局", "国网湘西电力公司", "州人力资源和社会保障局")

    assert nearest("州人社厅", known) == "州人社局"
    assert nearest("国网湘西供电公司", known) == "国网湘西电力公司"
    assert nearest("州文化旅游广电局", known) == "州文旅广电局"
    assert nearest("武警支队", known) is None
