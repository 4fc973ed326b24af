"""Units: kinds, conversion and the words they are written with."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.unit import amount_text, convert, same_kind, unit_at, unit_called


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("个", "所"),
        ("个", "人"),
        ("人", "人次"),
        ("公里", "千米"),
        ("万元", "亿元"),
        ("元/月", "元/年"),
    ],
    ids="-".join,
)
def test_these_units_stand_for_one_another(first, second):
    assert same_kind(first, second)
    assert same_kind(second, first)


@pytest.mark.parametrize(
    ("first", "second"),
    [("公里", "个"), ("户", "人"), ("件", "人次"), ("元", "元/月"), ("亩", "公里"), ("%", "个")],
    ids="-".join,
)
def test_these_units_are_of_different_kinds(first, second):
    assert not same_kind(first, second)
    assert not same_kind(second, first)


def test_an_unknown_unit_is_of_the_kind_of_itself_only():
    assert same_kind("蜂箱", "蜂 箱")
    assert not same_kind("蜂箱", "个")


@pytest.mark.parametrize(
    ("value", "source", "target", "result"),
    [
        ("1.65", "万人次", "人次", "16500"),
        ("6498", "万元", "元", "64980000"),
        ("0.88", "亿元", "万元", "8800"),
        ("550000", "米", "公里", "550"),
        ("15", "亩", "公顷", "1"),
        ("4425", "元/年", "元/月", "368.75"),
        ("100", "元/人/月", "元/月", "100"),
        ("1", "亩", "公顷", "0.066667"),
    ],
)
def test_a_value_goes_from_unit_to_unit(value, source, target, result):
    assert convert(Decimal(value), source, target) == Decimal(result)


def test_converting_between_kinds_is_refused():
    with pytest.raises(ValueError, match="公里"):
        convert(Decimal(1), "公里", "个")


@given(st.decimals(0, 10**9, places=3), st.sampled_from(["万元", "亿元", "公里", "公顷", "吨"]))
def test_there_and_back_gives_the_value_again(value, name):
    scaled = unit_called(name)
    base = {"万元": "元", "亿元": "元", "公里": "米", "公顷": "平方米", "吨": "公斤"}[name]
    assert scaled is not None
    assert convert(convert(value, name, base), base, name) == value


@pytest.mark.parametrize(
    ("text", "name", "end"),
    [("个月内", "个月", 2), ("个百分点", "个百分点", 4), ("人次，", "人次", 2), ("KM", "公里", 2)],
    ids=["months", "points", "visits", "latin"],
)
def test_the_longest_unit_is_found(text, name, end):
    found = unit_at(text, 0)
    assert found is not None
    assert (found[0].name, found[1]) == (name, end)


@pytest.mark.parametrize("text", ["月31日", "G基站", "m3u8", "蜂箱", ""])
def test_what_is_no_unit_is_not_found(text):
    assert unit_at(text, 0) is None


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("1710", "个", "1710个"),
        ("583", "元/月", "583 元/月"),
        ("71350000", "元", "7135万元"),
        ("4739750", "元", "473.975万元"),
        ("9999", "元", "9999元"),
    ],
)
def test_an_amount_is_written_as_people_write_it(value: str, unit: str, text: str) -> None:
    assert amount_text(Decimal(value), unit) == text


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("千伏安变压器", "千伏安"),
        ("kVA", "千伏安"),
        ("个工作日内", "个工作日"),
        ("工作日", "个工作日"),
        ("延米桥梁", "延米"),
        ("剂次疫苗", "剂次"),
        ("微克/立方米", "微克/立方米"),
        ("县市区", "县市区"),
        ("车道公里", "车道公里"),
        ("吨标煤", "吨标准煤"),
    ],
)
def test_a_longer_unit_is_not_taken_for_the_shorter_it_begins_with(text: str, name: str) -> None:
    found = unit_at(text, 0)

    assert found is not None
    assert found[0].name == name


@pytest.mark.parametrize(
    ("first", "second"),
    [("千伏", "千伏安"), ("倍", "个"), ("分", "个"), ("美元", "元"), ("千瓦", "千瓦时")],
    ids="-".join,
)
def test_measures_of_different_things_do_not_stand_for_one_another(first: str, second: str) -> None:
    assert not same_kind(first, second)
