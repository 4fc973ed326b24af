"""The crop of a picture in conversation: offered, moved by a word, taken, kept with the report."""

import io

import pytest
from PIL import Image
from sqlmodel import col, select

from models.picture import Picture
from models.submission import SubmissionVersion
from tests.pictures import a_photo, a_scene, encoded
from tests.talk import Talk

OFFICE = "州发改委联络员"
REPORT = "报送 省2\n措施：建立清单，逐项销号\n成效：重点项目按期开工"
CAPTION = "图1 重点项目集中开工；2021年7月20日；吉首市经开区"
HIGH = a_photo(1200, 900)
WIDE = encoded(a_scene(1600, 600))


def the_picture(talk: Talk, version: int = 1) -> Picture:
    with talk.database.read() as session:
        return session.exec(
            select(Picture)
            .join(SubmissionVersion, col(SubmissionVersion.id) == col(Picture.version_id))
            .where(SubmissionVersion.version == version)
        ).one()


def test_the_offer_names_the_ways_in_which_the_crop_can_move(light: Talk) -> None:
    [high] = light.say(OFFICE, f"{REPORT}\n{CAPTION}", pictures=[HIGH])
    assert "可发“上移”、“下移”" in high

    [wide] = light.say(OFFICE, "换图1", pictures=[WIDE])
    assert "可发“左移”、“右移”" in wide


def test_the_crop_is_moved_shown_again_taken_and_kept(talk: Talk) -> None:
    talk.say(OFFICE, f"{REPORT}\n{CAPTION}", pictures=[HIGH])

    [moved] = talk.say(OFFICE, "上移 100")
    assert moved.startswith("图1的裁剪框已上移100像素，还可上移50像素。")
    assert "用裁剪图" in moved
    preview = talk.pictures_of(OFFICE)[-1]
    assert Image.open(io.BytesIO(preview)).size == (1200, 600)

    assert "已收到 #1" in talk.say(OFFICE, "用裁剪图")[0]
    picture = the_picture(talk)
    assert picture.crop_box == [0, 50, 1200, 650]
    assert talk.shelf.get(picture.delivered_sha) == preview


def test_a_correction_keeps_the_part_that_was_chosen(talk: Talk) -> None:
    talk.say(OFFICE, f"{REPORT}\n{CAPTION}", pictures=[HIGH])
    talk.say(OFFICE, "移到最下边")
    talk.say(OFFICE, "用裁剪图")
    [changed] = talk.say(OFFICE, "更正 1\n措施：建立清单，逐项销号，按周调度")

    assert "#1 第2版" in changed
    assert "裁剪" not in changed
    assert the_picture(talk, 2).crop_box == [0, 300, 1200, 900]
    assert the_picture(talk, 2).delivered_sha == the_picture(talk).delivered_sha


def test_a_crop_that_was_taken_moves_as_well(light: Talk) -> None:
    light.say(OFFICE, f"{REPORT.splitlines()[0]}\n{CAPTION}", pictures=[HIGH])
    light.say(OFFICE, "用裁剪图")
    [moved] = light.say(OFFICE, "往下移一点")

    assert "图1的裁剪框已下移30像素" in moved
    assert "裁剪图已按此更新" in moved
    light.say(OFFICE, "\n".join(REPORT.splitlines()[1:]))
    assert the_picture(light).crop_box == [0, 180, 1200, 780]


def test_where_there_is_no_room_it_is_said(light: Talk) -> None:
    light.say(OFFICE, f"{REPORT}\n{CAPTION}", pictures=[HIGH])
    [sideways] = light.say(OFFICE, "左移")
    assert "左右方向已用到整幅画面，没有移动的余地，只能“上移”、“下移”" in sideways

    [more] = light.say(OFFICE, "上移 5000")
    assert "已上移150像素，已到最上边" in more
    [end] = light.say(OFFICE, "上移")
    assert "已在最上边，不能再上移，可发“下移”" in end


def test_of_several_crops_the_one_meant_is_asked_and_taken(light: Talk) -> None:
    light.say(OFFICE, f"{REPORT}\n图1至2 集中开工；7月20日；吉首市经开区", pictures=[HIGH, WIDE])

    assert "图1、图2都有裁剪图，请写明是哪一张" in light.say(OFFICE, "左移")[0]
    assert "图2的裁剪框已左移100像素" in light.say(OFFICE, "图2 左移")[0]
    assert "图1已采用裁剪图" in light.say(OFFICE, "用裁剪图 图1")[0]
    assert "图2已采用裁剪图" in light.say(OFFICE, "用裁剪图")[0]


@pytest.mark.parametrize(
    ("before", "said"),
    [
        ((), "现在没有可以调整的裁剪图"),
        ((f"{REPORT}\n图1 集中开工",), "现在没有可以调整的裁剪图"),
    ],
    ids=["no report", "a good picture"],
)
def test_without_a_crop_nothing_moves(light: Talk, before: tuple[str, ...], said: str) -> None:
    for text in before:
        light.say(OFFICE, text, pictures=[a_photo()])

    assert said in light.say(OFFICE, "左移")[0]


def test_a_move_that_is_not_read_is_explained(light: Talk) -> None:
    light.say(OFFICE, f"{REPORT}\n{CAPTION}", pictures=[HIGH])

    assert "请写明往哪边移、移多少" in light.say(OFFICE, "上移 很多很多")[0]


def test_a_move_chosen_from_what_was_offered_is_carried_out(light: Talk) -> None:
    light.say(OFFICE, f"{REPORT}\n{CAPTION}", pictures=[HIGH])

    [offered] = light.say(OFFICE, "xiayi")
    assert "下移" in offered
    assert "图1的裁剪框已下移" in light.say(OFFICE, "1")[0]
