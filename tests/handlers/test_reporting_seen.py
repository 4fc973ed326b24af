"""What is seen in pictures: the same scene sent before, lettering and watermarks."""

import hashlib
import io
from dataclasses import replace

import pytest
from PIL import Image, ImageEnhance
from sqlmodel import select

from models.media import Media, SceneKey
from models.rules.picture import TextFound
from models.submission import SubmissionVersion
from tests.pictures import a_scene, a_view, encoded
from tests.talk import Talk

OFFICE = "州发改委联络员"
POLICE = "州公安局联络员"
REPORT = "报送 省2\n措施：建立清单，逐项销号\n成效：重点项目按期开工"
CAPTION = "图1 重点项目集中开工；2021年7月20日；吉首市经开区"
FIGURES = (
    "报送 州1-7\n截至：7月31日\n完成数：1710个\n措施：逐村安装，按月调度\n"
    "图1 设备安装；7月20日；乾州街道"
)
VIEW = a_view(1)


def shrunk(image: Image.Image) -> bytes:
    """The picture as a chat client hands it on: smaller, brighter, compressed."""
    small = ImageEnhance.Brightness(image.resize((900, 450))).enhance(1.1)
    file = io.BytesIO()
    small.save(file, "JPEG", quality=50)
    return file.getvalue()


def test_a_near_duplicate_in_another_units_report_is_a_warning_with_its_number(
    talk: Talk,
) -> None:
    talk.say(OFFICE, f"{REPORT}\n{CAPTION}", pictures=[encoded(VIEW)])
    [asked] = talk.say(POLICE, FIGURES, pictures=[shrunk(VIEW)])
    assert "图1与报送 #1 的图片十分相似，像是同一张" in asked

    assert "已收到 #2" in talk.say(POLICE, "确认")[0]
    [shown] = talk.say("管理员甲", "查看 2")
    assert "已确认的提醒：图1与报送 #1 的图片十分相似" in shown


def test_other_pictures_raise_no_warning(talk: Talk) -> None:
    talk.say(OFFICE, f"{REPORT}\n{CAPTION}", pictures=[encoded(VIEW)])

    assert "已收到 #2" in talk.say(POLICE, FIGURES, pictures=[encoded(a_view(2))])[0]


def test_a_picture_of_a_withdrawn_report_may_be_used_again(light: Talk) -> None:
    light.say(OFFICE, f"{REPORT}\n{CAPTION}", pictures=[encoded(VIEW)])
    light.say(OFFICE, "撤回 1")

    assert "已收到 #2" in light.say(POLICE, FIGURES, pictures=[shrunk(VIEW)])[0]


def test_two_pictures_of_one_scene_in_one_report_are_a_warning(light: Talk) -> None:
    captions = "图1至2 重点项目集中开工；7月20日；吉首市经开区"
    [asked] = light.say(OFFICE, f"{REPORT}\n{captions}", pictures=[encoded(VIEW), shrunk(VIEW)])

    assert "图2与图1十分相似，像是同一张" in asked
    assert "图片2张" in light.say(OFFICE, "确认")[0]


def test_the_very_same_picture_twice_is_taken_once_and_said(light: Talk) -> None:
    [answer] = light.say(OFFICE, f"{REPORT}\n{CAPTION}", pictures=[encoded(VIEW)] * 2)

    assert "有1张图片与已收的完全相同，未重复收入" in answer
    assert "图片1张" in answer


def test_the_keys_of_a_scene_are_kept_once_for_each_picture(talk: Talk) -> None:
    talk.say(OFFICE, pictures=[encoded(VIEW)])
    talk.say(OFFICE, pictures=[encoded(VIEW)])

    with talk.database.read() as session:
        keys = session.exec(select(SceneKey)).all()
    assert len(keys) == 4


class FakeReader:
    """Sees what the test says, in the pictures it names."""

    def __init__(self) -> None:
        self.seen: dict[str, tuple[TextFound, ...]] = {}

    def write(self, data: bytes, *found: TextFound) -> bytes:
        self.seen[hashlib.sha256(data).hexdigest()] = found
        return data

    def read(self, data: bytes) -> tuple[TextFound, ...]:
        return self.seen.get(hashlib.sha256(data).hexdigest(), ())


STAMP = TextFound("2021-08-20 10:32", (0.02, 0.92, 0.25, 0.98))


@pytest.fixture
def reader(light: Talk) -> FakeReader:
    reader = FakeReader()
    light.services = replace(light.services, texts=reader)
    return reader


def test_a_watermark_is_a_warning_that_names_it(light: Talk, reader: FakeReader) -> None:
    data = reader.write(encoded(VIEW), STAMP)
    [asked] = light.say(OFFICE, f"{REPORT}\n{CAPTION}", pictures=[data])
    assert "图1：画面下方有文字“2021-08-20 10:32”。要求画面无文字、无水印" in asked

    assert "已收到 #1" in light.say(OFFICE, "确认")[0]
    with light.database.read() as session:
        version = session.exec(select(SubmissionVersion)).one()
    assert "2021-08-20 10:32" in version.confirmed[0]["text"]


def test_several_places_are_named_and_long_words_cut(light: Talk, reader: FakeReader) -> None:
    banner = TextFound("热烈祝贺湘西州2021年第三季度重大项目集中开工仪式举行", (0.3, 0.1, 0.7, 0.2))
    data = reader.write(encoded(VIEW), STAMP, banner)
    [asked] = light.say(OFFICE, f"{REPORT}\n{CAPTION}", pictures=[data])

    assert (
        "画面有文字：下方“2021-08-20 10:32”、上方“热烈祝贺湘西州2021年第三季度重大项目…”" in asked
    )


def test_what_a_crop_cuts_off_is_no_more_spoken_of(light: Talk, reader: FakeReader) -> None:
    data = reader.write(encoded(a_scene(1200, 900)), STAMP)
    [asked] = light.say(OFFICE, f"{REPORT}\n{CAPTION}", pictures=[data])
    assert "画面下方有文字" in asked

    assert "已收到 #1" in light.say(OFFICE, "用裁剪图")[0]


def test_words_in_a_picture_mention_nobody(light: Talk, reader: FakeReader) -> None:
    data = reader.write(encoded(VIEW), TextFound("@all [点这里](http://x.cn)", STAMP.place))
    [asked] = light.say(OFFICE, f"{REPORT}\n{CAPTION}", pictures=[data])

    assert "@" not in asked
    assert "http://" not in asked


def test_what_was_found_is_kept_with_the_picture(light: Talk, reader: FakeReader) -> None:
    light.say(OFFICE, pictures=[reader.write(encoded(VIEW), STAMP)])

    with light.database.read() as session:
        [row] = session.exec(select(Media)).all()
    assert row.facts["texts"] == [{"text": STAMP.text, "place": list(STAMP.place)}]
