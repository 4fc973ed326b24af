"""Breaking lines, and pages as small files in few colours."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from handlers.render.drawing import (
    INK,
    RUST,
    YELLOW,
    Block,
    Disc,
    Hatching,
    Page,
    Polygon,
    Text,
    Watermark,
    page_png,
    wrap,
)
from handlers.render.fonts import width_of


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("州公安局", ("州公安局",)),
        ("", ("",)),
        ("湘西州公共资源交易中心", ("湘西州公共资", "源交易中心")),
        ("完成率为百分之四十四，继续", ("完成率为百分之", "四十四，继续")),
        ("城镇新增就业共完成10265人次", ("城镇新增就业共", "完成10265人次")),
        ("提质改造“爱晚”老年学校", ("提质改造“爱晚”", "老年学校")),
    ],
    ids=["short", "empty", "even", "comma", "number", "quoted"],
)
def test_lines_are_even_and_keep_numbers_and_commas_where_they_belong(text, lines):
    assert wrap(text, 36, 36 * 8) == lines


def test_running_text_fills_its_lines():
    assert wrap("数据截至8月31日，共完成三项", 30, 30 * 9, even=False) == (
        "数据截至8月31日，",
        "共完成三项",
    )


def test_a_word_longer_than_a_line_is_cut():
    lines = wrap("https://example.org/" + "x" * 60, 30, 300)

    assert len(lines) > 2
    assert all(width_of(line, 30) <= 300 for line in lines)


@given(st.text(st.sampled_from("州公安局，。（）10 a%月😀"), max_size=60), st.booleans())
def test_no_character_is_lost_and_no_line_is_too_wide(text, even):
    lines = wrap(text, 30, 200, even=even)

    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width_of(line, 30) <= 200 for line in lines)


def test_a_page_becomes_a_small_png_in_its_own_colours():
    page = Page(
        200,
        100,
        (
            Block((0, 0, 100, 100), YELLOW, INK),
            Hatching((0, 0, 50, 50), INK),
            Hatching((60, 60, 60, 60), INK),
            Disc(150, 50, 20, RUST),
            Polygon(((110, 10), (130, 10), (120, 30)), RUST),
            Text(10, 80, "吉首", 20, bold=True),
            Watermark("演示数据"),
        ),
    )

    with Image.open(io.BytesIO(page_png(page))) as image:
        assert (image.format, image.mode, image.size) == ("PNG", "P", (200, 100))
        assert image.convert("RGB").getpixel((150, 50)) == (163, 59, 0)
        assert image.convert("RGB").getpixel((198, 2)) == (255, 255, 255)
    assert page.texts == ("吉首",)


def test_the_watermark_lies_under_everything():
    covered = Page(300, 200, (Block((0, 0, 300, 200), YELLOW), Watermark("演示数据")))

    with Image.open(io.BytesIO(page_png(covered))) as image:
        assert image.convert("RGB").getcolors() == [(300 * 200, (255, 210, 63))]
