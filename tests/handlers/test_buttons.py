"""What replies offer as buttons, and what becomes of a tap that is late, doubled or not allowed."""

import pytest
from sqlmodel import col, select

from models.message import Choice
from models.outbox import OutboxMessage
from models.submission import Submission, SubmissionState
from tests.handlers.test_reporting_crops import CAPTION, HIGH, OFFICE
from tests.handlers.test_reporting_crops import REPORT as WITH_PICTURE
from tests.handlers.test_workbooks import workbook
from tests.pictures import a_view, encoded
from tests.supervising import hand_in
from tests.talk import Talk

POLICE, ADMIN = "州公安局联络员", "管理员甲"
REPORT = "报送 州1-7\n截至：7月31日\n完成数：3600个\n措施：分片包干，逐村安装调试。"


def offered(talk: Talk) -> dict[str, str]:
    """The buttons of the newest word, their words by their labels."""
    with talk.database.read() as session:
        rows = session.exec(
            select(OutboxMessage)
            .where(OutboxMessage.text != "")
            .order_by(col(OutboxMessage.id).desc())
        ).first()
    assert rows is not None
    choices = rows.choices_offered()
    assert len(choices) <= 6
    assert all(isinstance(each, Choice) and 0 < len(each.label) <= 10 for each in choices)
    return {each.label: each.words for each in choices}


def report(talk: Talk, number: int = 1) -> Submission:
    with talk.database.read() as session:
        return session.get_one(Submission, number)


def test_a_crop_on_offer_is_taken_by_its_button(talk: Talk) -> None:
    talk.say(OFFICE, f"{WITH_PICTURE}\n{CAPTION}", pictures=[HIGH])
    words = offered(talk)["用裁剪图"]

    assert "已收到 #1" in talk.say(OFFICE, words)[0]
    [again] = talk.say(OFFICE, words)

    assert again.startswith("这是先前的提示")
    assert report(talk).version == 1


def test_a_crop_is_offered_below_the_answer_to_a_command(light: Talk) -> None:
    light.say(OFFICE, WITH_PICTURE)
    light.say(OFFICE, "任务", pictures=[HIGH])

    assert list(offered(light)) == ["用裁剪图"]


def test_a_free_text_becomes_a_section_by_its_own_button_only(light: Talk) -> None:
    light.say(POLICE, "报送 州1-7\n截至：7月31日\n完成数：1710个")
    light.say(POLICE, "各县市已按月调度并逐村安装到位")
    old = offered(light)["确认"]
    light.say(POLICE, "各县市已按周调度，逐户上门安装到位")
    new = offered(light)["确认"]
    assert old != new

    assert light.say(POLICE, old)[0].startswith("这是先前的提示")
    assert "已收到 #1" in light.say(POLICE, new)[0]


def test_captions_that_stay_are_submitted_by_a_button(light: Talk) -> None:
    light.say(POLICE, f"{REPORT}\n图1 设备安装；7月20日；吉首市", pictures=[encoded(a_view(3))])
    light.say(POLICE, "更正 1\n图1 7月32日")
    light.say(POLICE, "图1 设备安装；7月32日；花垣县")

    assert list(offered(light)) == ["提交"]


def test_a_moved_crop_is_offered_again(light: Talk) -> None:
    light.say(OFFICE, f"{WITH_PICTURE}\n{CAPTION}", pictures=[HIGH])
    light.say(OFFICE, "上移 100")

    assert list(offered(light)) == ["用裁剪图"]


@pytest.fixture
def reported(talk: Talk) -> Talk:
    """3600 of 6000 were accepted for July; August is due."""
    hand_in(talk, "州1-7", {"乡村公共部位安防设备": "3600"}, accepted=True)
    talk.set_clock("2021-09-12T09:00")
    return talk


def test_a_doubt_is_settled_by_its_button_and_by_no_older_one(reported: Talk) -> None:
    first = REPORT.replace("7月31日", "8月31日").replace("3600个", "6500个")
    [asked] = reported.say(POLICE, first)
    assert "请发“确认”" in asked
    old = offered(reported)["确认"]
    reported.say(POLICE, "完成数：6600个")
    new = offered(reported)["确认"]
    assert old != new

    [late] = reported.say(POLICE, old)
    assert late.startswith("这是先前的提示，情况已有变化，未作处理。")
    assert "6600" in late
    assert offered(reported)["确认"] == new
    assert "已收到 #2" in reported.say(POLICE, new)[0]


def test_no_button_confirms_what_needs_a_reason(reported: Talk) -> None:
    [asked] = reported.say(POLICE, REPORT.replace("7月31日", "8月31日").replace("3600个", "3500个"))

    assert "确认" in asked
    assert "确认" not in offered(reported)


def test_the_button_of_one_report_does_nothing_to_another(talk: Talk) -> None:
    talk.say(OFFICE, f"{WITH_PICTURE}\n{CAPTION}", pictures=[HIGH])
    old = offered(talk)["用裁剪图"]
    talk.say(OFFICE, "取消")

    [late] = talk.say(OFFICE, old)

    assert "未作处理" in late
    assert "请发“任务”" in late


def test_giving_up_is_one_tap_after_it_was_asked(light: Talk) -> None:
    light.say(POLICE, "报送 州1-7\n完成数：3600个")
    light.say(POLICE, "算了")

    [done] = light.say(POLICE, offered(light)["取消"])

    assert "已取消 州1-7" in done


def test_a_report_is_passed_as_it_was_seen(talk: Talk) -> None:
    talk.say(POLICE, REPORT)
    talk.say(ADMIN, "待审")
    assert list(offered(talk)) == ["查看 1", "通过", "退回"]
    talk.say(ADMIN, offered(talk)["查看 1"])
    seen = offered(talk)["通过"]
    talk.say(POLICE, "更正 1\n完成数：3650个")

    [late] = talk.say(ADMIN, seen)
    assert late == "#1 其后有更正（第2版），未通过。请发“查看 1”看后再审。"
    assert report(talk).state == SubmissionState.SUBMITTED

    talk.say(ADMIN, "查看 1")
    now = offered(talk)["通过"]
    assert talk.say(ADMIN, now)[0].startswith("已通过：#1")
    assert "未重复处理" in talk.say(ADMIN, now)[0]
    assert len([e for e in talk.heard(POLICE) if "已审核通过" in e]) == 1


def test_whoever_does_not_review_is_refused_by_a_button_as_by_words(talk: Talk) -> None:
    talk.say(POLICE, REPORT)

    by_words, by_button = talk.say(POLICE, "通过 1"), talk.say(POLICE, "通过 1 〔第1版〕")

    assert by_words == by_button
    assert report(talk).state == SubmissionState.SUBMITTED


def test_the_reason_of_a_return_is_the_next_line(talk: Talk) -> None:
    talk.say(POLICE, REPORT)
    talk.say(ADMIN, "查看 1")
    [asked] = talk.say(ADMIN, offered(talk)["退回"])
    assert "请直接回复原因" in asked

    [done] = talk.say(ADMIN, "图片有水印，请换原图，完成数也请与上月的台账核对后再报")

    assert "已退回：#1" in done
    assert "图片有水印" in talk.heard(POLICE)[-1]
    [again] = talk.say(ADMIN, "退回 1")
    assert again.startswith("#1 已退回，原因：图片有水印")
    assert talk.say(ADMIN, "取消") == ["退回原因未改动。"]
    assert report(talk).returns == 1


@pytest.mark.parametrize("between", ["收到", "在吗", "查看 1", "1", "待审"])
def test_no_other_line_becomes_a_reason(talk: Talk, between: str) -> None:
    talk.say(POLICE, REPORT)
    talk.say(ADMIN, "退回 1")
    talk.say(ADMIN, between)
    talk.say(ADMIN, "图片有水印，请换原图")

    assert report(talk).state == SubmissionState.SUBMITTED


def test_a_return_is_left_undone(talk: Talk) -> None:
    talk.say(POLICE, REPORT)
    talk.say(ADMIN, "退回 1")

    assert talk.say(ADMIN, "取消") == ["#1 未退回。"]
    talk.say(ADMIN, "退回 1")
    talk.later(minutes=31)
    talk.say(ADMIN, "图片有水印，请换原图")
    assert report(talk).state == SubmissionState.SUBMITTED


def test_nothing_of_a_group_becomes_a_reason(talk: Talk) -> None:
    talk.say(POLICE, REPORT)
    talk.say(ADMIN, "退回 1")
    talk.say(ADMIN, "图片有水印", group="联络员群")

    assert report(talk).state == SubmissionState.SUBMITTED


def test_a_wish_is_answered_by_buttons(talk: Talk) -> None:
    talk.set_clock("2021-09-12T09:00")
    talk.say(ADMIN, "帮助")
    talk.say(POLICE, "延期 新7 9月27日 数据没汇总完")
    with talk.database.read() as session:
        row = session.exec(
            select(OutboxMessage).where(col(OutboxMessage.text).startswith("【申请"))
        ).one()
    yes, no = row.choices_offered()
    assert (yes.label, no.label) == ("同意", "不同意")

    assert "请直接回复原因" in talk.say(ADMIN, no.words)[0]
    assert "已答复不同意" in talk.say(ADMIN, "应按期报送")[0]
    assert "应按期报送" in talk.heard(POLICE)[-1]
    assert "未重复处理" in talk.say(ADMIN, yes.words)[0]
    assert "未重复处理" in talk.say(ADMIN, no.words)[0]


def test_a_draft_is_issued_by_its_own_button_only(talk: Talk) -> None:
    talk.set_clock("2021-09-12T09:00")
    hand_in(talk, "新7", {"乡村公共部位安防设备": "4200"}, month=9, accepted=True)
    talk.say(ADMIN, "通报 重点民生实事 8月")
    old = offered(talk)["签发"]
    talk.say(ADMIN, "通报 作废")
    talk.say(ADMIN, "通报 重点民生实事 8月")
    new = offered(talk)["签发"]

    assert "这份草稿已签发或作废" in talk.say(ADMIN, old)[0]
    assert "已签发" in talk.say(ADMIN, new)[0]
    assert "这份草稿已签发或作废" in talk.say(ADMIN, new)[0]


def test_a_workbook_is_loaded_by_its_button_and_not_twice(light: Talk) -> None:
    light.say(ADMIN, files=[("专项.xlsx", workbook())])
    words = offered(light)["确认载入"]
    light.say(ADMIN, "任务")

    assert light.say(ADMIN, words)[0].startswith("已载入")
    assert light.say(ADMIN, words) == ["《专项.xlsx》与现有专项一致，没有要改动的，未作处理。"]
