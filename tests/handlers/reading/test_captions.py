"""Captions: title, day and place in the order people write them."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.captions import Caption, Captioned, Part, Unclear, Unfit, read_captions

TODAY = date(2021, 9, 18)
DAY = date(2021, 8, 20)
PLACE = "吉首市乾州街道"


def read(text: str) -> tuple[Caption, ...]:
    return read_captions(text, TODAY).captions


@pytest.mark.parametrize(
    "text",
    [
        f"图1 安装现场；2021年8月20日；{PLACE}",
        f"图1：安装现场，8月20日，{PLACE}",
        f"图一 安装现场；{PLACE}；2021-08-20",
        f"图片1、安装现场；8.20；{PLACE}",
        f"图1 安装现场（2021年8月20日，{PLACE}）",
        f"图１ 8月20日上午10:30，{PLACE}，安装现场",
        f"图1 标题：安装现场；时间：8月20日；地点：{PLACE}",
    ],
)
def test_a_caption_is_read_in_any_order(text):
    assert read(text) == (Caption(1, "安装现场", DAY, PLACE),)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("7月32日", "7月32日"),
        ("2月30日", "2月30日"),
        ("13月5日", "13月5日"),
        ("2021-02-30", "2021-02-30"),
        ("2021.13.40", "2021.13.40"),
        ("9月31号", "9月31号"),
        ("日期：6月31日", "6月31日"),
        ("拍摄日期：上旬", "上旬"),
        ("日期：7.32", "7.32"),
    ],
)
def test_a_day_that_does_not_exist_is_told_and_is_no_part_of_a_caption(written, told):
    alone = read_captions(f"图1 {written}", TODAY)
    whole = read_captions(f"图1 安装现场；{written}；{PLACE}", TODAY)

    assert alone.unclear == whole.unclear == (Unclear(told, Unfit.NO_DAY),)
    assert [each for each in alone.captions if len(each.missing) < len(Part)] == []
    assert whole.captions == (Caption(1, "安装现场", None, PLACE),)


@pytest.mark.parametrize("title", ["全长20.5 公里的公路", "1/2幅路面摊铺", "35.5 千伏线路"])
def test_figures_that_only_look_like_days_stay_in_the_title(title):
    found = read_captions(f"图1 {title}；8月20日；{PLACE}", TODAY)

    assert found == Captioned((Caption(1, title, DAY, PLACE),))


def test_several_captions_stand_in_one_message():
    first, second = read(f"图1 安装；8月20日；{PLACE}。图2 调试；8月21日；花垣县花垣镇")

    assert first == Caption(1, "安装", DAY, PLACE)
    assert second == Caption(2, "调试", date(2021, 8, 21), "花垣县花垣镇")


def test_one_caption_may_name_several_pictures():
    captions = read(f"图1、图2 安装；8月20日；{PLACE}\n图4-6 调试；8月21日；{PLACE}")

    assert [caption.index for caption in captions] == [1, 2, 4, 5, 6]


def test_a_caption_without_a_number_is_for_all_pictures():
    captions = read(f"三张图：安装；8月20日；{PLACE}")

    assert captions == (Caption(None, "安装", DAY, PLACE),)


def test_lines_without_numbers_are_for_the_pictures_in_their_order():
    captions = read(f"安装；8月20日；{PLACE}\n调试；8月21日；花垣县")

    assert [(caption.index, caption.title) for caption in captions] == [(1, "安装"), (2, "调试")]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"图1至3均为8月20日在{PLACE}拍摄的安装现场", "安装现场"),
        (f"3张图片都是8月20日在{PLACE}拍的，内容是安装现场", "安装现场"),
        (f"以上图片：安装现场。8月20日摄于{PLACE}", "安装现场"),
        (f"以上照片均为8月20日{PLACE}安装现场", f"{PLACE}安装现场"),
    ],
)
def test_one_sentence_may_be_for_all_pictures(text, title):
    captions = read(text)

    assert {replace(each, index=None) for each in captions} == {Caption(None, title, DAY, PLACE)}


def test_what_is_said_of_all_at_the_end_completes_each():
    captions = read(f"图1安装 图2调试 图3验收，均摄于8月20日，{PLACE}")

    assert [each.title for each in captions] == ["安装", "调试", "验收"]
    assert {(each.taken_on, each.place) for each in captions} == {(DAY, PLACE)}


def test_circled_numbers_and_brackets_name_pictures_as_well():
    captions = read(
        f"①安装；8月20日；{PLACE} ②调试；8月20日；{PLACE}\n（图3）验收 2021.8.20 {PLACE}"
    )

    assert [(each.index, each.title) for each in captions] == [
        (1, "安装"),
        (2, "调试"),
        (3, "验收"),
    ]
    assert {each.place for each in captions} == {PLACE}


@pytest.mark.parametrize("title", ["城市道路改造", "全县干部大会", "夜市整治", "在建项目现场"])
def test_a_title_that_names_no_place_gives_none(title):
    assert read(f"图1 {title}；8月20日") == (Caption(1, title, DAY, ""),)


def test_labelled_lines_make_one_caption():
    assert read(f"标题：安装\n时间：8月20日\n地点：{PLACE}") == (Caption(None, "安装", DAY, PLACE),)


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("图1 安装现场", (Part.DATE, Part.PLACE)),
        ("图2；8月20日", (Part.TITLE, Part.PLACE)),
        (PLACE, (Part.TITLE, Part.DATE)),
        (f"图1 安装；2月30日；{PLACE}", (Part.DATE,)),
        ("图1", (Part.TITLE, Part.DATE, Part.PLACE)),
    ],
)
def test_what_is_missing_is_named(text, missing):
    (caption,) = read(text)

    assert caption.missing == missing


@given(
    st.text(max_size=4000) | st.text("图片0123456789、至-；：，标题时间地点年月日\n ", max_size=300)
)
def test_any_text_is_answered(text):
    for caption in read(text):
        assert caption.index is None or 0 <= caption.index < 100


@pytest.mark.parametrize("mark", ["。", "，", "\u3000", "；", " "])
def test_what_separates_captions_from_what_is_said_of_all_is_no_part_of_either(mark):
    first, second = read(f"图1 开工；图2 验收{mark * 3}均摄于{PLACE}，8月20日")

    assert (first.title, second.title) == ("开工", "验收")
    assert first.taken_on == second.taken_on == DAY
