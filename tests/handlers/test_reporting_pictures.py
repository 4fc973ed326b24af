"""Pictures in conversation: before and after the text, wrong ones, the crop offered and taken."""

import io
from datetime import datetime

import pytest
from PIL import Image
from sqlmodel import col, select

from models.media import Media
from models.picture import Picture
from models.submission import Submission, SubmissionVersion
from tests.pictures import a_huge_png, a_photo, a_view, encoded
from tests.talk import Talk

OFFICE = "州发改委联络员"
POLICE = "州公安局联络员"
REPORT = "报送 省2\n措施：建立清单，逐项销号\n成效：重点项目按期开工"
CAPTION = "图1 重点项目集中开工；2021年7月20日；吉首市经开区"
GOOD = a_photo(1200, 600)
SQUARISH = a_photo(1200, 900)


def pictures(talk: Talk, version: int = 1) -> list[Picture]:
    with talk.database.read() as session:
        rows = session.exec(
            select(Picture)
            .join(SubmissionVersion, col(SubmissionVersion.id) == col(Picture.version_id))
            .where(SubmissionVersion.version == version)
            .order_by(col(Picture.position))
        )
        return list(rows.all())


def count(talk: Talk) -> int:
    with talk.database.read() as session:
        return len(session.exec(select(Submission)).all())


def test_text_picture_and_caption_in_one_message_are_a_complete_report(talk: Talk) -> None:
    [answer] = talk.say(OFFICE, f"{REPORT}\n{CAPTION}", pictures=[GOOD])

    assert "已收到 #1 省2" in answer
    assert "图片1张" in answer
    [picture] = pictures(talk)
    assert (picture.title, picture.place) == ("重点项目集中开工", "吉首市经开区")
    assert str(picture.taken_on) == "2021-07-20"


def test_a_missing_compulsory_picture_keeps_the_report_open(talk: Talk) -> None:
    [asked] = talk.say(OFFICE, REPORT)
    assert "图片：还差1张（比例2:1、宽不少于600像素" in asked
    assert count(talk) == 0

    [then] = talk.say(OFFICE, pictures=[GOOD])
    assert "图1缺标题、拍摄日期、地点" in then
    assert "已收到 #1" in talk.say(OFFICE, CAPTION)[0]


def test_pictures_before_the_text_wait_for_it(talk: Talk) -> None:
    [first] = talk.say(OFFICE, pictures=[GOOD])
    assert "已收到图片，共1张，将附在您接下来的报送中" in first
    assert "报送 省2" in first
    assert "图片说明已记下" in talk.say(OFFICE, CAPTION)[0]

    assert "已收到 #1" in talk.say(OFFICE, REPORT)[0]
    assert len(pictures(talk)) == 1


def test_pictures_sent_one_by_one_are_counted_together(talk: Talk) -> None:
    answers = [talk.say(OFFICE, pictures=[encoded(a_view(seed))])[0] for seed in range(4)]

    assert "已收到图片，共4张" in answers[-1]
    assert "图片4张" in talk.say(OFFICE, REPORT)[0]


def test_the_wrong_ratio_is_named_and_the_crop_offered_shown_and_taken(talk: Talk) -> None:
    [asked] = talk.say(OFFICE, f"{REPORT}\n{CAPTION}", pictures=[SQUARISH])

    assert "图片比例是 1200×900（约 1.33:1），要求 2:1" in asked
    assert "用裁剪图" in asked
    [preview] = talk.pictures_of(OFFICE)
    assert Image.open(io.BytesIO(preview)).size == (1200, 600)
    assert count(talk) == 0

    [answer] = talk.say(OFFICE, "用裁剪图")
    assert answer.startswith("图1已采用裁剪图。\n已收到 #1")
    [picture] = pictures(talk)
    assert talk.shelf.get(picture.delivered_sha) == preview
    assert picture.media_sha != picture.delivered_sha


def test_the_crop_of_a_picture_that_waited_is_shown_with_its_report(talk: Talk) -> None:
    talk.say(OFFICE, pictures=[SQUARISH])
    assert talk.pictures_of(OFFICE) == []

    talk.say(OFFICE, REPORT)
    assert len(talk.pictures_of(OFFICE)) == 1
    talk.say(OFFICE, CAPTION)
    assert len(talk.pictures_of(OFFICE)) == 1


def test_a_wrong_picture_can_be_taken_out_again(talk: Talk) -> None:
    talk.say(OFFICE, f"{REPORT}\n{CAPTION}", pictures=[a_photo(500, 250)])
    [asked] = talk.say(OFFICE, "修改 图1 删除")

    assert "还差1张" in asked
    talk.say(OFFICE, pictures=[GOOD])
    assert "已收到 #1" in talk.say(OFFICE, CAPTION)[0]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "图片是空的"),
        ("只是一段文字".encode(), "不是图片"),
        (a_huge_png(), "像素"),
        (GOOD[: len(GOOD) // 2], "没有传完整或已经损坏"),
        (a_photo(500, 250), "宽 500 像素"),
        (a_photo(1200, 600, dpi=60), "60 dpi"),
    ],
    ids=["empty", "text named jpg", "200 MP", "cut short", "narrow", "60 dpi"],
)
def test_a_bad_picture_is_named_with_what_to_send(light: Talk, data: bytes, said: str) -> None:
    [answer] = light.say(OFFICE, f"{REPORT}\n{CAPTION}", pictures=[data])

    assert said in answer
    assert count(light) == 0
    with light.database.read() as session:
        assert len(session.exec(select(Media)).all()) == 1


def test_a_bad_picture_alone_is_answered_and_not_kept(talk: Talk) -> None:
    assert "不是图片" in talk.say(OFFICE, pictures=["只是一段文字".encode()])[0]
    assert "还差1张" in talk.say(OFFICE, REPORT)[0]


def test_the_same_picture_in_another_report_is_a_warning_with_its_number(talk: Talk) -> None:
    talk.say(OFFICE, f"{REPORT}\n{CAPTION}", pictures=[GOOD])
    [asked] = talk.say(
        POLICE,
        "报送 州1-7\n截至：7月31日\n完成数：1710个\n措施：逐村安装，按月调度\n"
        "图1 设备安装；7月20日；乾州街道",
        pictures=[GOOD],
    )

    assert "图1与报送 #1 的图片相同" in asked
    assert "已收到 #2" in talk.say(POLICE, "确认")[0]
    with talk.database.read() as session:
        version = session.exec(
            select(SubmissionVersion).where(SubmissionVersion.submission_id == 2)
        ).one()
    assert version.confirmed[0]["text"] == "图1与报送 #1 的图片相同。"


@pytest.mark.parametrize(
    ("caption", "said"),
    [
        ("图1 集中开工；2021年8月19日；吉首市", "不在本期"),
        ("图1 集中开工；2021年9月30日；吉首市", "还没有到"),
        ("图1 集中开工；2021年7月20日", "图1缺地点"),
    ],
    ids=["after the period", "in the future", "no place"],
)
def test_a_caption_is_checked(light: Talk, caption: str, said: str) -> None:
    assert said in light.say(OFFICE, f"{REPORT}\n{caption}", pictures=[GOOD])[0]
    assert count(light) == 0


def test_what_captions_lack_is_asked_once_for_all_pictures(talk: Talk) -> None:
    two = [encoded(a_view(1)), encoded(a_view(2))]
    [asked] = talk.say(OFFICE, f"{REPORT}\n图1 集中开工；7月20日；吉首市", pictures=two)
    assert "图2缺标题、拍摄日期、地点" in asked

    [answer] = talk.say(OFFICE, "图2 现场调度；7月21日；花垣县")
    assert "图片2张" in answer


def test_optional_pictures_join_the_report_just_sent_as_a_version(talk: Talk) -> None:
    talk.say(POLICE, "报送 州1-7\n截至：7月31日\n完成数：1710个\n措施：逐村安装，按月调度")
    talk.later(minutes=20)
    [answer] = talk.say(POLICE, pictures=[encoded(a_view(3))])

    assert "1张图片补入 #1" in answer
    assert "#1 第2版" in answer
    assert count(talk) == 1
    assert len(pictures(talk, version=2)) == 1


def test_half_an_hour_later_pictures_wait_for_the_next_report(talk: Talk) -> None:
    talk.say(POLICE, "报送 州1-7\n截至：7月31日\n完成数：1710个\n措施：逐村安装，按月调度")
    talk.later(minutes=31)

    assert "将附在您接下来的报送中" in talk.say(POLICE, pictures=[GOOD])[0]
    assert "暂存的1张图片已清除" in talk.say(POLICE, "取消")[0]


def test_the_only_picture_is_replaced_after_a_return_and_captioned_anew(talk: Talk) -> None:
    talk.say(OFFICE, f"{REPORT}\n{CAPTION}", pictures=[GOOD])
    talk.later(hours=2)
    talk.say("管理员甲", "退回 1 图片有水印")
    assert "已退回：图片有水印" in talk.say(OFFICE, "任务")[0]

    [asked] = talk.say(OFFICE, pictures=[encoded(a_view(5))])
    assert "图1缺标题、拍摄日期、地点" in asked
    [answer] = talk.say(OFFICE, "图1 道路通车；7月21日；泸溪县")
    assert "#1 第2版" in answer
    assert "图1已更换" in answer
    assert [each.title for each in pictures(talk, version=2)] == ["道路通车"]


THREE = [encoded(a_view(seed)) for seed in (11, 12, 13)]
NEW = encoded(a_view(14))
CAPTIONS = "\n".join(f"图{n} 第{n}处工地；7月2{n}日；吉首市" for n in (1, 2, 3))


def returned(talk: Talk, reason: str) -> None:
    """省2 with three pictures, sent back."""
    talk.say(OFFICE, f"{REPORT}\n{CAPTIONS}", pictures=THREE)
    talk.later(hours=2)
    talk.say("管理员甲", f"退回 1 {reason}")


def titles(talk: Talk, version: int) -> list[str]:
    return [each.title for each in pictures(talk, version)]


@pytest.mark.parametrize("reason", ["图2模糊", "第二张照片看不清", "图 ２ 有水印，请换"])
def test_a_picture_after_a_return_takes_the_place_that_was_named(light: Talk, reason: str) -> None:
    returned(light, reason)

    [asked] = light.say(OFFICE, pictures=[NEW])
    assert "图2缺标题、拍摄日期、地点" in asked
    assert "图1缺" not in asked
    [answer] = light.say(OFFICE, "图2 设备进场；7月25日；花垣县")
    assert "图2已更换" in answer
    assert titles(light, 2) == ["第1处工地", "设备进场", "第3处工地"]


def test_a_picture_whose_place_nobody_named_is_asked_about(talk: Talk) -> None:
    returned(talk, "有一张模糊")

    [asked] = talk.say(OFFICE, pictures=[NEW])
    assert "替换哪一张？请发如“换图3”" in asked
    [captioned] = talk.say(OFFICE, "换图3")
    assert "图3缺标题" in captioned
    assert "图3已更换" in talk.say(OFFICE, "图3 设备进场；7月25日；花垣县")[0]
    assert titles(talk, 2) == ["第1处工地", "第2处工地", "设备进场"]


def test_a_new_picture_may_also_stand_beside_the_others(talk: Talk) -> None:
    returned(talk, "图片偏少")
    talk.say(OFFICE, pictures=[NEW])

    assert "图4缺标题" in talk.say(OFFICE, "加图")[0]
    assert "现有4张" in talk.say(OFFICE, "图4 设备进场；7月25日；花垣县")[0]


@pytest.mark.parametrize(
    "word", ["换图1", "换图 一", "更换图片1", "换图1\n图1 设备进场；7月25日；花垣县"]
)
def test_the_picture_sent_with_the_word_takes_the_place_it_names(light: Talk, word: str) -> None:
    returned(light, "有一张模糊")

    light.say(OFFICE, word, pictures=[NEW])
    light.say(OFFICE, "图1 设备进场；7月25日；花垣县")
    assert titles(light, 2) == ["设备进场", "第2处工地", "第3处工地"]


def test_the_word_first_and_the_picture_next(talk: Talk) -> None:
    returned(talk, "有一张模糊")

    assert "请发替换图2的图片" in talk.say(OFFICE, "换图2")[0]
    assert "图2缺标题" in talk.say(OFFICE, pictures=[NEW])[0]


@pytest.mark.parametrize("word", ["删图2", "删除图2", "不要图2", "修改 图2 删除"])
def test_a_picture_taken_out_leaves_the_others_their_captions(light: Talk, word: str) -> None:
    light.say(OFFICE, f"{REPORT.splitlines()[0]}\n{CAPTIONS}", pictures=THREE)
    light.say(OFFICE, word)
    light.say(OFFICE, "\n".join(REPORT.splitlines()[1:]))

    assert titles(light, 1) == ["第1处工地", "第3处工地"]


def test_a_place_that_is_not_there_is_refused_with_those_that_are(talk: Talk) -> None:
    talk.say(OFFICE, REPORT, pictures=[GOOD])

    assert "现有图1至图1" in talk.say(OFFICE, "删图4")[0]
    assert "没有填写中的报送" in talk.say(POLICE, "换图2")[0]


@pytest.mark.parametrize("bad", [SQUARISH, a_photo(500, 250)], ids=["wrong ratio", "too small"])
def test_a_good_picture_takes_the_place_of_the_bad_one(light: Talk, bad: bytes) -> None:
    [asked] = light.say(OFFICE, f"{REPORT}\n{CAPTION}", pictures=[bad])
    assert "换图1" in asked
    assert "删图1" in asked

    assert "图1缺标题、拍摄日期、地点" in light.say(OFFICE, pictures=[GOOD])[0]
    assert "图片1张" in light.say(OFFICE, CAPTION)[0]


def test_an_unreadable_picture_keeps_its_place_among_the_others(talk: Talk) -> None:
    [asked] = talk.say(
        OFFICE, f"{REPORT}\n{CAPTIONS}", pictures=[THREE[0], b"no picture", THREE[2]]
    )
    assert "图2：" in asked
    assert "图3" not in asked

    assert "图2缺标题" in talk.say(OFFICE, pictures=[THREE[1]])[0]
    talk.say(OFFICE, "图2 设备进场；7月25日；花垣县")
    assert titles(talk, 1) == ["第1处工地", "设备进场", "第3处工地"]


def test_gps_is_gone_before_anything_is_stored(talk: Talk) -> None:
    talk.say(OFFICE, f"{REPORT}\n{CAPTION}", pictures=[a_photo(1200, 600, gps=True)])

    with talk.database.read() as session:
        stored = session.exec(select(Media)).one()
    assert stored.stored_sha != stored.sha
    assert not Image.open(io.BytesIO(talk.shelf.get(stored.stored_sha))).getexif().get_ifd(0x8825)


def test_a_caption_is_compared_with_the_cameras_own_date(talk: Talk) -> None:
    taken = a_photo(1200, 600, taken_at=datetime.fromisoformat("2021-06-01T10:30:00"))
    [asked] = talk.say(OFFICE, f"{REPORT}\n{CAPTION}", pictures=[taken])

    assert "图1写明2021年7月20日拍摄，照片自带日期是2021年6月1日" in asked
    assert "已收到 #1" in talk.say(OFFICE, "图1 重点项目集中开工；6月1日；吉首市经开区")[0]
    assert str(pictures(talk)[0].taken_on) == "2021-06-01"


def test_a_bad_one_of_nine_pictures_is_said_by_name(talk: Talk) -> None:
    talk.say(OFFICE, REPORT)
    talk.say(OFFICE, pictures=[encoded(a_view(seed)) for seed in range(8)])
    assert "图9：图片比例是" in talk.say(OFFICE, pictures=[SQUARISH])[0]

    talk.say(OFFICE, "用裁剪图")
    [answer] = talk.say(OFFICE, "图1至9 重点项目集中开工；7月20日；吉首市经开区")
    assert "图片9张" in answer


def test_a_picture_of_a_refused_report_waits_and_that_is_said(talk: Talk) -> None:
    [refused] = talk.say(OFFICE, "报送 州9-9\n措施：建立清单", pictures=[GOOD])
    assert "没有找到任务“州9-9”" in refused
    assert "随发的1张图片已留存" in refused

    talk.say(OFFICE, CAPTION)
    assert "图片1张" in talk.say(OFFICE, REPORT)[0]


@pytest.mark.parametrize(
    "text",
    [
        "重点项目集中开工，7月20日，吉首市经开区",
        "重点项目集中开工、2021年7月20日、吉首市经开区",
        "第一张：重点项目集中开工；7月20日；吉首市经开区",
        "1. 重点项目集中开工，7月20日，吉首市经开区",
        "图1，重点项目集中开工，7月20日，吉首市经开区",
    ],
)
def test_a_caption_is_written_in_many_ways(light: Talk, text: str) -> None:
    light.say(OFFICE, REPORT, pictures=[GOOD])

    assert "已收到 #1" in light.say(OFFICE, text)[0]
    [picture] = pictures(light)
    assert (picture.title, picture.place) == ("重点项目集中开工", "吉首市经开区")
    assert str(picture.taken_on) == "2021-07-20"


def test_the_sample_sent_back_is_no_caption(talk: Talk) -> None:
    [asked] = talk.say(OFFICE, REPORT, pictures=[GOOD])
    sample = next(line for line in asked.splitlines() if line.startswith("图1 标题；"))

    [again] = talk.say(OFFICE, sample)
    assert "图1缺标题、拍摄日期、地点" in again
    assert count(talk) == 0


def test_the_sample_is_for_the_picture_that_lacks_its_caption(talk: Talk) -> None:
    [asked] = talk.say(OFFICE, f"{REPORT}\n{CAPTION}", pictures=THREE[:2])

    assert "\n图2 标题；" in asked


def test_a_caption_before_its_picture_is_noted(talk: Talk) -> None:
    assert "图1的说明（图片待发）" in talk.say(OFFICE, f"{REPORT}\n{CAPTION}")[0]


def test_a_change_of_mind_makes_no_version(talk: Talk) -> None:
    talk.say(OFFICE, f"{REPORT}\n{CAPTION}", pictures=[GOOD])
    talk.say(OFFICE, "换图1")

    assert "没有改动，#1 不变" in talk.say(OFFICE, "不换图")[0]
    assert pictures(talk, version=2) == []


def test_captions_sent_with_a_report_are_of_the_pictures_that_come_after_it(light: Talk) -> None:
    """Where pictures may stay away the report goes in at once, its captions wait for them."""
    ahead = "图1 安装现场；7月20日；吉首市\n图2 平台调试；7月22日；花垣县"
    bright = "报送 州1-7\n截至：7月31日\n完成数：1710个\n措施：逐村安装，按月调度"
    assert "图1、图2的说明（图片待发）" in light.say(POLICE, f"{bright}\n{ahead}")[0]

    light.say(POLICE, pictures=[THREE[0]])
    light.later(minutes=2)
    light.say(POLICE, pictures=[THREE[1]])

    [first] = pictures(light, version=2)
    assert (first.title, first.place) == ("安装现场", "吉首市")
    assert [each.title for each in pictures(light, version=3)] == ["安装现场", "平台调试"]
