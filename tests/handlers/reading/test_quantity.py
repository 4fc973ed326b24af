"""Figures in a field: read with unit and percentage, or refused with what came."""

from decimal import Decimal

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.amounts import amounts_in
from handlers.reading.normalise import normalise
from handlers.reading.numerals import NumberProblem, numbers_in, read_number
from handlers.reading.quantity import (
    Problem,
    Quantity,
    StatedPercent,
    Unreadable,
    read_percent,
    read_quantity,
)


@pytest.mark.parametrize(
    ("text", "hint", "value", "unit", "percent"),
    [
        ("1710个", "个", "1710", "个", None),
        ("１７１０ 个", "个", "1710", "个", None),
        ("1,710个", "个", "1710", "个", None),
        ("１，７１０个", "个", "1710", "个", None),
        ("一千七百一十个", "个", "1710", "个", None),
        ("1710", "个", "1710", "个", None),
        ("1.65万人次", "人次", "16500", "人次", None),
        ("一点六五万人次", "人次", "16500", "人次", None),
        ("6923人", "人次", "6923", "人次", None),
        ("3633个（4.69%）", "个", "3633", "个", "4.69"),
        ("1710(28.5%)", "个", "1710", "个", "28.5"),
        ("798件，完成年任务百分之四十四", "件", "798", "件", "44"),
        ("完成28.5%，1710个", "个", "1710", "个", "28.5"),
        ("8800万元", "万元", "88000000", "元", None),
        ("8800", "万元", "88000000", "元", None),
        ("6498万元，占投资的73.84%", "万元", "64980000", "元", "73.84"),
        ("1.2亿元", "元", "120000000", "元", None),
        ("473.975万元", "元", "4739750", "元", None),
        ("550千米", "公里", "550", "公里", None),
        ("五百五十千米", "公里", "550", "公里", None),
        ("550000米", "公里", "550", "公里", None),
        ("583元", "元/月", "583", "元/月", None),
        ("100元/人/月", "元/月", "100", "元/月", None),
        ("4425元/年", "元/年", "4425", "元/年", None),
        ("2067.7个月", "个月", "2067.7", "个月", None),
        ("717人", "个", "717", "个", None),
        ("9700蜂箱", "蜂箱", "9700", "蜂箱", None),
        ("9700学位", "学位", "9700", "学位", None),
        ("44.63", "%", "44.63", "%", None),
        ("0个", "个", "0", "个", None),
        ("300台（套）", "台", "300", "台", None),
        ("2个半月", "个月", "2.5", "个月", None),
        ("12.5 万元", "元", "125000", "元", None),
        ("450公斤/亩", "公斤/亩", "450", "公斤/亩", None),
    ],
)
def test_a_figure_is_read_in_base_units(text, hint, value, unit, percent):
    reading = read_quantity(text, hint)

    assert isinstance(reading, Quantity)
    assert (reading.value, reading.unit) == (Decimal(value), unit)
    assert reading.percent == (Decimal(percent) if percent else None)
    assert not reading.approximate


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("约1710个", "1710"),
        ("近1710个", "1710"),
        ("1700余个", "1700"),
        ("1700多个", "1700"),
        ("1.7万余个", "17000"),
        ("3000余个", "3000"),
        ("1710个左右", "1710"),
        ("超过1710个", "1710"),
    ],
)
def test_words_for_roughly_mark_the_figure_and_stay_out_of_its_value(text, value):
    reading = read_quantity(text, "个")

    assert isinstance(reading, Quantity)
    assert (reading.value, reading.approximate) == (Decimal(value), True)


@pytest.mark.parametrize(
    ("text", "hint", "problem", "came"),
    [
        ("550公里", "个", Problem.WRONG_UNIT, "550公里"),
        ("680人", "户", Problem.WRONG_UNIT, "680人"),
        ("一件", "公里", Problem.WRONG_UNIT, "一件"),
        ("1710蜂箱", "公里", Problem.UNKNOWN_UNIT, "1710蜂箱"),
        ("12345热线", "件", Problem.NOT_A_NUMBER, "12345热线"),
        ("很多", "个", Problem.NOT_A_NUMBER, "很多"),
        ("正在施工", "个", Problem.NOT_A_NUMBER, "正在施工"),
        ("1.6.5个", "个", Problem.NOT_A_NUMBER, "1.6.5个"),
        ("", "个", Problem.EMPTY, ""),
        ("……", "个", Problem.EMPTY, "……"),
        ("44%", "个", Problem.PERCENT_ONLY, "44%"),
        ("三成五", "个", Problem.PERCENT_ONLY, "三成五"),
        ("十几个", "个", Problem.VAGUE, "十几个"),
        ("数百户", "户", Problem.VAGUE, "数百户"),
        ("三千万五", "元", Problem.AMBIGUOUS, "三千万五"),
        ("1万5个", "个", Problem.AMBIGUOUS, "1万5个"),
        ("二三个", "个", Problem.AMBIGUOUS, "二三个"),
        ("三万五千米", "公里", Problem.AMBIGUOUS, "三万五千米"),
        ("710，285个", "个", Problem.AMBIGUOUS, "710，285个"),
        ("10-20个", "个", Problem.RANGE, "10-20个"),
        ("1000至1710个", "个", Problem.RANGE, "1000至1710个"),
        ("吉首市1000个、花垣县55个", "个", Problem.SEVERAL, "吉首市1000个、花垣县55个"),
        ("-5个", "个", Problem.NEGATIVE, "5个"),
        ("123456789012345678个", "个", Problem.TOO_LONG, "123456789012345678个"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_what_came(text, hint, problem, came):
    assert read_quantity(text, hint) == Unreadable(problem, came, hint)


@pytest.mark.parametrize(
    ("text", "hint", "value", "rest"),
    [
        ("7个4G基站", "个", 7, "4G基站"),
        ("10千伏配网改造投资6498万元", "万元", 64_980_000, "10千伏配网改造投资"),
        ("8月31日1710个", "个", 1710, "8月31日"),
        ("1-8月完成1710", "个", 1710, "1-8月完成"),
        ("—1710个", "个", 1710, ""),
        ("12号楼已建3栋", "栋", 3, "12号楼已建"),
        ("一期完成120套", "套", 120, "一期完成"),
        ("80后创业12人", "人", 12, "80后创业"),
        ("①1710个", "个", 1710, "1"),
    ],
)
def test_numbers_in_names_and_dates_are_no_figures(text, hint, value, rest):
    reading = read_quantity(text, hint)

    assert isinstance(reading, Quantity)
    assert (reading.value, reading.rest) == (value, rest)


@pytest.mark.parametrize(
    "text",
    ["1710个，同比增长10%", "1710个（其中吉首市1000个，243%）", "1710个，合格率98%"],
    ids=["growth", "county", "another rate"],
)
def test_a_percentage_of_something_else_is_not_the_task_s(text):
    reading = read_quantity(text, "个")

    assert isinstance(reading, Quantity)
    assert (reading.value, reading.percent) == (1710, None)
    assert "%" in reading.rest


def test_the_place_of_a_figure_is_given_in_the_text_as_written():
    text = "建成\u200b设备 １７１０ 个。"
    reading = read_quantity(text, "个")

    assert isinstance(reading, Quantity)
    assert text[slice(*reading.span)] == "１７１０ 个"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("28.5%", "28.5"),
        ("28.5", "28.5"),
        ("５０％", "50"),
        ("百分之四十四", "44"),
        ("形象进度为30%", "30"),
        ("三成五", "35"),
        ("四成", "40"),
        ("三分之二", "66.67"),
        ("一半", "50"),
        ("完成28.5%，同比增长3%", "28.5"),
    ],
)
def test_a_stated_percentage_is_read(text, value):
    reading = read_percent(text)

    assert isinstance(reading, StatedPercent)
    assert reading.value == Decimal(value)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("正在施工", Problem.NOT_A_NUMBER),
        ("过半", Problem.NOT_A_NUMBER),
        ("28%、30%", Problem.SEVERAL),
        ("-3%", Problem.NEGATIVE),
        ("还差12%", Problem.MISSING),
        ("未完成40%", Problem.MISSING),
        ("12个", Problem.WRONG_UNIT),
        ("落后8.6个百分点", Problem.WRONG_UNIT),
        ("28. 5", Problem.NOT_A_NUMBER),
        ("30几", Problem.NOT_A_NUMBER),
        ("", Problem.EMPTY),
    ],
)
def test_an_unclear_percentage_is_refused(text, problem):
    reading = read_percent(text)

    assert isinstance(reading, Unreadable)
    assert reading.problem is problem


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("两万五千", 25_000),
        ("廿三", 23),
        ("壹佰贰拾", 120),
        ("三万五", 35_000),
        ("二百五", 250),
        ("三亿五", 350_000_000),
        ("二〇二一", 2021),
        ("10万3千", 103_000),
        ("1亿2000万", 120_000_000),
        ("一万亿", 10**12),
        ("十万零五百", 100_500),
    ],
)
def test_a_numeral_is_read(text, value):
    assert read_number(text) == value


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("三千万五", NumberProblem.AMBIGUOUS),
        ("三千五百二", NumberProblem.AMBIGUOUS),
        ("五六十", NumberProblem.AMBIGUOUS),
        ("几十", NumberProblem.VAGUE),
        ("百万", None),
    ],
)
def test_an_unclear_numeral_is_no_number(text, problem):
    assert read_number(text) is None
    assert {number.problem for number in numbers_in(text)} == ({problem} if problem else set())


counts = st.integers(0, 10**12)


@given(counts, st.sampled_from(["low", "up"]))
def test_a_count_written_in_chinese_is_read_back(count, mode):
    assert read_number(cn2an.an2cn(str(count), mode)) == count


@given(counts)
def test_a_count_written_in_any_arabic_form_is_read_back(count):
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in str(count))
    for written in (f"{count}个", f"{count:,}个", f"{wide} 个", f"约{count}个（28.5%）"):
        reading = read_quantity(written, "个")
        assert isinstance(reading, Quantity)
        assert reading.value == count


@given(st.decimals(0, 99_999, places=2), st.sampled_from([("万", 10**4), ("亿", 10**8)]))
def test_a_scaled_amount_is_read_back(amount, scale):
    word, factor = scale
    reading = read_quantity(f"{amount}{word}元", "元")

    assert isinstance(reading, Quantity)
    assert reading.value == amount * factor


@given(st.text(max_size=4000), st.sampled_from(["个", "万元", "元/月", "%", "", "学位"]))
def test_any_text_is_answered(text, hint):
    assert isinstance(read_quantity(text, hint), Quantity | Unreadable)
    assert isinstance(read_percent(text), StatedPercent | Unreadable)


@given(st.text("0123456789,.%一二三十百千万亿点几多余约个元公里分之成半-~至（）(): ", max_size=200))
def test_any_mixture_of_digits_and_units_is_answered(text):
    reading = read_quantity(text, "个")

    assert isinstance(reading, Quantity | Unreadable)
    if isinstance(reading, Quantity):
        assert reading.value >= 0


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("1710/6000个", Problem.SEVERAL),
        ("1710 1800个", Problem.SEVERAL),
        ("1710→1800个", Problem.SEVERAL),
        ("1/2个", Problem.SEVERAL),
        ("第3个", Problem.NOT_A_NUMBER),
        ("√2个", Problem.NOT_A_NUMBER),
        ("增加10个", Problem.CHANGE),
        ("较上月增加10个", Problem.CHANGE),
        ("没有1710个", Problem.MISSING),
        ("还差90个", Problem.MISSING),
        ("未完成40个", Problem.MISSING),
        ("尚差3个", Problem.MISSING),
        ("落后8个", Problem.MISSING),
        ("1 710个", Problem.AMBIGUOUS),
        ("27. 904个", Problem.AMBIGUOUS),
        ("千余个", Problem.VAGUE),
        ("30几个", Problem.VAGUE),
    ],
)
def test_what_may_be_another_figure_is_asked_and_not_taken(written: str, problem: Problem) -> None:
    reading = read_quantity(written, "个")

    assert isinstance(reading, Unreadable)
    assert reading.problem == problem


@pytest.mark.parametrize("written", ["增加学位4346个", "提高到4346个", "累计新增4346个"])
def test_a_count_that_is_called_an_increase_is_taken(written: str) -> None:
    reading = read_quantity(written, "个")

    assert isinstance(reading, Quantity)
    assert reading.value == Decimal(4346)


@pytest.mark.parametrize(
    ("written", "hint", "problem"),
    [
        ("每村3名", "名", Problem.EACH),
        ("各20个", "个", Problem.EACH),
        ("由3个增至8个", "个", Problem.SEVERAL),
        ("完成10、20个", "个", Problem.SEVERAL),
        ("比上月增加32户", "户", Problem.CHANGE),
        ("GDP1200亿元", "元", Problem.NOT_A_NUMBER),
        ("排名第3位", "位", Problem.NOT_A_NUMBER),
        ("一批", "批", Problem.NOT_A_NUMBER),
        ("三项制度改革", "项", Problem.NOT_A_NUMBER),
    ],
)
def test_what_prose_asks_about_no_field_takes(written: str, hint: str, problem: Problem) -> None:
    reading = read_quantity(written, hint)

    assert isinstance(reading, Unreadable)
    assert reading.problem == problem


@pytest.mark.parametrize(
    ("written", "hint", "value"),
    [
        ("10千伏线路3条", "条", "3"),
        ("4G基站7个", "个", "7"),
        ("第三季度20个", "个", "20"),
        ("8800万", "万元", "88000000"),
        ("完成投资8800万", "万元", "88000000"),
        ("18.5万，占比12%", "万元", "185000"),
        ("1666.5月", "个月", "1666.5"),
        ("3万5千", "万元", "35000"),
        ("300余万", "万元", "3000000"),
        ("1.2个亿", "万元", "120000000"),
        ("12345", "件", "12345"),
        ("2021", "个", "2021"),
        ("零", "个", "0"),
        ("一个", "个", "1"),
        ("两期", "期", "2"),
        ("三座桥", "座", "3"),
        ("2，846万元", "元", "28460000"),
    ],
)
def test_a_field_knows_names_and_what_it_counts_in(written: str, hint: str, value: str) -> None:
    reading = read_quantity(written, hint)

    assert isinstance(reading, Quantity)
    assert reading.value == Decimal(value)


def _both_doors(written: str, unit: str) -> tuple[Decimal, bool]:
    """What a field and prose make of the same words, which is the same."""
    reading = read_quantity(written, unit)
    (amount,) = amounts_in(normalise(written), written)

    assert isinstance(reading, Quantity)
    assert (reading.value, reading.unit) == (amount.value, amount.unit)
    assert reading.approximate == amount.approximate
    return amount.value, amount.approximate


@given(st.integers(11, 10**9), st.sampled_from(["个", "户", "人次", "公里", "元"]))
def test_a_count_is_the_same_through_both_doors(count: int, unit: str) -> None:
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in str(count))
    grouped = f"{count:,}"
    forms = [str(count), grouped, wide, f"{count} ", grouped.translate({ord(","): "，"})]
    forms += [cn2an.an2cn(str(count), mode) for mode in ("low", "up")]
    for form in forms if count < 10**5 else forms[:4]:
        for before in ("", "完成", "累计"):
            assert _both_doors(f"{before}{form}{unit}", unit) == (count, False)
    for rough in (f"约{wide}{unit}", f"近{count}{unit}", f"{count}余{unit}", f"{count}多{unit}"):
        assert _both_doors(rough, unit) == (count, True)


@given(
    st.decimals(Decimal("0.01"), 9_999, places=2),
    st.sampled_from([("万", 10**4), ("亿", 10**8), ("百万", 10**6)]),
    st.sampled_from(["元", "人次", "亩"]),
)
def test_a_scaled_amount_is_the_same_through_both_doors(
    number: Decimal, scale: tuple[str, int], unit: str
) -> None:
    word, factor = scale
    for written in (f"{number}{word}{unit}", f"完成{number} {word}{unit}"):
        assert _both_doors(written, unit) == (number * factor, False)
    assert _both_doors(f"{number}{word}余{unit}", unit) == (number * factor, True)


@given(st.integers(1, 9), st.integers(1, 9))
def test_a_share_is_the_same_through_both_doors(tens: int, ones: int) -> None:
    low = "零一二三四五六七八九"
    spoken = cn2an.an2cn(str(tens * 10 + ones), "low")
    for form in (
        f"{tens}{ones}%",
        f"{tens}{ones}％",
        f"百分之{spoken}",
        f"{low[tens]}成{low[ones]}",
    ):
        reading = read_percent(form)
        (amount,) = amounts_in(normalise(form), form)
        assert isinstance(reading, StatedPercent)
        assert reading.value == amount.value == tens * 10 + ones
