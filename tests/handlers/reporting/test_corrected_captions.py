"""What a correction changes in captions: compared as stored, shortened only where it is shown."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from handlers.reading.captions import Caption, Unclear, Unfit
from handlers.reading.harmless import shown
from handlers.reporting.caption_texts import caption_changes
from handlers.reporting.captioned import absent_text, unclear_text
from handlers.reporting.content import Content, FigureSaid, PictureSaid, SectionSaid, StatedSaid
from handlers.reporting.versions import is_same

LONG = "乡村公共部位安全防护视频监控设备逐村逐点安装现场调度推进会"
DAY = date(2021, 7, 20)
CAPTION = Caption(None, "设备安装", DAY, "吉首市")
STANDS = Content(
    as_of=date(2021, 7, 31),
    figures=(FigureSaid(1, "1710个", value=Decimal(1710), unit="个"),),
    stated=(StatedSaid(1, "28.5%", Decimal("28.5")),),
    sections=(SectionSaid("措施", "逐村安装，按月调度"),),
    pictures=(PictureSaid("a", carried=True, caption=CAPTION),),
)


@pytest.mark.parametrize("part", ["title", "place"])
@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("设备安装", "设备调试", "设备安装 → 设备调试"),
        ("", "设备调试", "无 → 设备调试"),
        (f"{LONG}在乾州", f"{LONG}在双龙", "……调度推进会在乾州 → ……调度推进会在双龙"),
        (f"{LONG}一二", f"{LONG}一二三", "……度推进会一二 → ……度推进会一二三"),
        (LONG + "甲", LONG * 2, None),
    ],
)
def test_long_titles_are_shown_from_where_they_part(part, was, now, said):
    before, after = replace(CAPTION, **{part: was}), replace(CAPTION, **{part: now})

    [line] = caption_changes(1, before, after)

    assert "→" in line
    old, _, new = line.partition(" → ")
    assert old.split(" ", 1)[1] != new
    assert said is None or line.endswith(said)


def test_titles_that_differ_only_in_what_is_made_harmless_are_said_to_be_changed():
    before, after = (replace(CAPTION, title=each) for each in ("1#楼安装", "1＃楼安装"))

    assert list(caption_changes(2, before, after)) == ["图2标题 已修改"]


@pytest.mark.parametrize(
    "after",
    [
        replace(STANDS, figures=(FigureSaid(1, "0.171万", value=Decimal(1710), unit="万个"),)),
        replace(STANDS, figures=(replace(STANDS.figures[0], day=STANDS.as_of, source="完成"),)),
        replace(STANDS, stated=(StatedSaid(1, "完成28.50%", Decimal("28.50")),)),
        replace(STANDS, pictures=(replace(STANDS.pictures[0], carried=False),)),
        replace(STANDS, is_day_told=True, originals=("完成数1710",), messages=(7,)),
        replace(STANDS, left=("花垣县",), unused=("20个",), unclear=(Unclear("图3"),)),
    ],
)
def test_another_wording_is_no_change(after):
    assert is_same(STANDS, after)


@pytest.mark.parametrize(
    "after",
    [
        replace(STANDS, as_of=date(2021, 6, 30)),
        replace(STANDS, figures=(replace(STANDS.figures[0], value=Decimal(1701)),)),
        replace(STANDS, figures=(replace(STANDS.figures[0], approximate=True),)),
        replace(STANDS, figures=(replace(STANDS.figures[0], unit_id=3),)),
        replace(STANDS, figures=(replace(STANDS.figures[0], day=date(2021, 6, 30)),)),
        replace(STANDS, figures=(replace(STANDS.figures[0], is_sure=False),)),
        replace(STANDS, figures=(FigureSaid(1, "很多", problem="none"),)),
        replace(STANDS, figures=()),
        replace(STANDS, stated=(StatedSaid(1, "29%", Decimal(29)),)),
        replace(STANDS, sections=(SectionSaid("措施", "逐村安装"),)),
        replace(STANDS, pictures=(replace(STANDS.pictures[0], cropped=True),)),
        replace(
            STANDS,
            pictures=(replace(STANDS.pictures[0], caption=replace(CAPTION, title=f"{LONG}一")),),
        ),
        replace(STANDS, pictures=()),
        replace(STANDS, spare=("b",)),
        replace(STANDS, awaited=(1,)),
    ],
)
def test_every_value_that_differs_is_a_change(after):
    assert not is_same(STANDS, after)


@pytest.mark.parametrize(
    ("pictures", "captions", "said"),
    [
        (1, (3,), "没有图3：#8 现有1张图片"),
        (2, (4, 3), "没有图3、图4：#8 现有2张图片"),
        (0, (1,), "没有图1：#8 没有图片"),
        (0, (None,), "#8 没有图片"),
    ],
)
def test_a_caption_of_a_picture_that_is_not_there_names_how_many_there_are(
    pictures, captions, said
):
    before = replace(STANDS, pictures=STANDS.pictures * pictures)
    after = replace(before, captions=tuple(replace(CAPTION, index=n) for n in captions))

    assert absent_text(before, after, 8).startswith(said)
    assert "未改动" in absent_text(before, after, 8)
    assert absent_text(after, after, 8) == absent_text(before, before, 8) == ""


def test_what_was_not_taken_is_told_by_its_reason():
    content = Content(
        unclear=(
            Unclear("图2 标题：换一张", Unfit.ORDER),
            Unclear("7月32日", Unfit.NO_DAY),
            Unclear("另一张是培训"),
        )
    )

    which, order, day = unclear_text(content).split("\n")

    assert which.startswith("“另一张是培训”分不清是哪一张图")
    assert order.startswith("“图2 标题：换一张”不像图片说明")
    assert day.startswith("“7月32日”不是存在的日期")
    assert unclear_text(Content(left=("花垣县",))) == ""


def test_only_what_is_longer_than_shown_is_cut():
    assert shown("安装@现场 ", 5) == shown("安装@现场", 9)
    assert shown("逐村安装", 4) == "逐村安装"
    assert shown("逐村安装", 3) == "逐村安……"
