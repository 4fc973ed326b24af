"""待审, 查看, 通过, 退回: reports are read, passed and sent back, and everybody hears of it."""

import io
import itertools
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PIL import Image
from sqlmodel import select

from models.audit import Audit
from models.db import Database
from models.figure import Figure
from models.member import RoleName
from models.programme import programme_by_code
from models.submission import Submission
from tests.conftest import at
from tests.factories import a_member
from tests.pictures import a_view, encoded
from tests.stores import fresh_sqlite
from tests.supervising import hand_in_all, the_whole_demo
from tests.talk import Talk

TWO = "报送 州1-13\n截至：7月31日\n完成数：17000人\n措施：集中筛查。"
REPORT = "报送 州1-7\n截至：7月31日\n完成数：3600个\n措施：分片包干，逐村安装调试。"


def reported(database: Database) -> Talk:
    """#1 has come in from 州公安局 and waits for review."""
    talk = Talk(database)
    talk.say("州公安局联络员", REPORT)
    return talk


@pytest.fixture
def talk(tmp_path: Path, sqlite_template: Path) -> Iterator[Talk]:
    with fresh_sqlite(sqlite_template, tmp_path) as database:
        yield reported(database)


def test_a_report_waits_for_review_and_is_read_in_full(talk: Talk) -> None:
    assert "\n#1 州公安局 州1-7 雪亮工程（1—7月） 8月20日09:00\n" in talk.say("管理员甲", "待审")[0]

    shown = talk.say("管理员甲", "1")[0]

    assert "乡村公共部位安防设备：3600个，目标6000个，完成60.00%" in shown
    assert "措施：分片包干，逐村安装调试。" in shown
    assert "通过 1" in shown


def test_an_accepted_figure_counts_from_then_on(talk: Talk) -> None:
    before = talk.say("领导甲", "进度 州1-7")[0]
    passed = talk.say("管理员甲", "通过 1")[0]
    after = talk.say("领导甲", "进度 州1-7")[0]

    assert "尚无通过的数据" in before
    assert passed == "已通过：#1 州公安局 州1-7 雪亮工程（1—7月）"
    assert "完成60.00%" in after
    assert "状态：工作有序推进" in after


def test_the_liaison_hears_of_the_acceptance_once(talk: Talk) -> None:
    talk.say("管理员甲", "通过 1")
    talk.say("管理员甲", "通过 1")

    told = [text for text in talk.heard("州公安局联络员") if "已审核通过" in text]

    assert told == ["已审核通过：#1 州1-7 雪亮工程（1—7月）。"]


def test_a_return_reaches_the_liaison_with_its_reason_and_what_to_do(talk: Talk) -> None:
    answer = talk.say("管理员甲", "退回 1 图片有水印，请换原图")[0]
    told = talk.heard("州公安局联络员")[-1]

    assert "已转告联络员" in answer
    assert "原因：图片有水印，请换原图" in told
    assert "更正 1" in told


@pytest.mark.parametrize(
    ("words", "example"),
    [
        ("退回 1", "退回 1 图片有水印"),
        ("退回 8", "没有找到报送 #8"),
        ("退回 1 。", "退回 1 图片有水印"),
        ("退回", "退回 128 图片有水印"),
        ("退回 图片有水印", "退回 128 图片有水印"),
        ("退回 3张图片有水印", "退回 128 图片有水印"),
        ("退回 1 3 张图片有水印", "退回 1：3 张图片有水印"),
        ("退回 1 120 与上报不符", "没有找到报送 #120"),
    ],
)
def test_a_return_that_is_not_clear_does_nothing(talk: Talk, words: str, example: str) -> None:
    assert example in talk.say("管理员甲", words)[0]
    assert "待审1件" in talk.say("管理员甲", "待审")[0]
    assert not any("退回" in text for text in talk.heard("州公安局联络员"))


@pytest.mark.parametrize(
    "words", ["退回 1 2 图片有水印", "退回 1,2 图片有水印", "退回 1-2 图片有水印"]
)
def test_two_reports_are_returned_for_one_reason(talk: Talk, words: str) -> None:
    talk.say("州妇联联络员", TWO)
    talk.say("州妇联联络员", "确认 按实际完成数")

    answer = talk.say("管理员甲", words)[0].splitlines()

    assert [line[:6] for line in answer[:2]] == ["已退回：#1", "已退回：#2"]
    assert answer[2:] == ["原因：图片有水印", "已转告联络员。"]
    assert "原因：图片有水印\n" in talk.heard("州公安局联络员")[-1]
    assert "原因：图片有水印\n" in talk.heard("州妇联联络员")[-1]


def test_the_reason_of_an_unanswered_return_is_put_right(talk: Talk) -> None:
    talk.say("管理员甲", "退回 1 图片有水印")
    again = talk.say("管理员甲", "退回 1 完成数与上月不衔接")[0]
    same = talk.say("管理员甲", "退回 1 完成数与上月不衔接")[0]

    assert again.startswith("已更改退回原因：#1 州公安局")
    assert talk.heard("州公安局联络员")[-1] == (
        "#1 州1-7 雪亮工程（1—7月）的退回原因更改为：完成数与上月不衔接"
    )
    assert same == "已按此原因退回过，未重复转告。"
    with talk.database.read() as session:
        assert session.exec(select(Submission.returns)).one() == 1
        act = session.exec(select(Audit).where(Audit.action == "change_reason")).one()
        assert act.before["reason"] == "图片有水印"


def test_an_answered_return_is_a_new_one(talk: Talk) -> None:
    talk.say("管理员甲", "退回 1 图片有水印")
    talk.say("州公安局联络员", "更正 1\n完成数：3650个")

    assert talk.say("管理员甲", "退回 1 措施过于笼统")[0].startswith("已退回：#1")
    with talk.database.read() as session:
        assert session.exec(select(Submission.returns)).one() == 2


def test_a_range_passes_what_waits_in_it(talk: Talk) -> None:
    answer = talk.say("管理员甲", "通过 1-2")[0]

    assert answer.startswith("已通过：#1")
    assert "没有找到报送 #2" in answer


def test_passing_all_asks_with_their_numbers(talk: Talk) -> None:
    asked = talk.say("管理员甲", "通过 全部")[0]

    assert asked == "待审共1件，尚未通过。确认通过请发：\n通过 1"
    assert talk.say("管理员甲", asked.splitlines()[-1])[0].startswith("已通过：#1")
    assert talk.say("管理员甲", "通过 全部")[0] == "目前没有待审的报送。"


def test_a_bare_number_after_the_list_is_the_report_of_that_number(talk: Talk) -> None:
    talk.say("管理员甲", "通过 1")
    talk.say("州妇联联络员", TWO)
    talk.say("州妇联联络员", "确认 按实际完成数")

    listed = talk.say("管理员甲", "待审")[0]

    assert "\n#2 州妇联" in listed
    assert "州妇联" in talk.say("管理员甲", "2")[0]
    assert "州公安局" in talk.say("管理员甲", "1")[0]
    assert "没有找到报送 #9" in talk.say("管理员甲", "9")[0]


def test_a_long_list_says_how_to_see_the_rest(tmp_path: Path, sqlite_template: Path) -> None:
    with the_whole_demo(sqlite_template, tmp_path, at("2021-08-20T09:00")) as talk:
        hand_in_all(talk, date(2021, 8, 25), frozenset())
        first = talk.say("管理员甲", "待审 答卷专栏")[0]
        second = talk.say("管理员甲", "待审 答卷专栏 第2页")[0]
        third = talk.say("管理员甲", "待审 第3页")[0]

    assert first.startswith("待审39件（第1至20件）：")
    assert "其余19件请发“待审 答卷专栏 第2页”。" in first
    assert second.startswith("待审39件（第21至39件）：")
    assert "没有第3页" in third


def test_a_return_costs_the_pass_at_once_but_not_the_punctuality(talk: Talk) -> None:
    talk.say("管理员甲", "退回 1 数据不衔接")
    talk.set_clock("2021-08-27T10:00")
    talk.say("州公安局联络员", "更正 1\n完成数：3650个")
    talk.say("管理员甲", "通过 1")

    explained = talk.say("领导甲", "为什么 州公安局")[0]

    assert "时效：100.00分" in explained
    assert "质量：0.00分" in explained


def test_a_correction_replaces_the_figure_accepted_before(database: Database) -> None:
    talk = reported(database)
    talk.say("管理员甲", "通过 1")
    talk.say("州公安局联络员", "更正 1\n完成数：3500个")
    between = talk.say("领导甲", "进度 州1-7")[0]
    talk.say("管理员甲", "通过 1")

    assert "3600个" in between
    assert "3500个" in talk.say("领导甲", "进度 州1-7")[0]
    with talk.database.read() as session:
        rows = session.exec(select(Figure).where(Figure.accepted_at.is_not(None))).all()
        assert [str(row.value) for row in rows] == ["3500"]


def test_several_reports_pass_together_and_one_wrong_number_holds_up_none(talk: Talk) -> None:
    talk.say("州妇联联络员", "报送 州1-13\n截至：7月31日\n完成数：17000人\n措施：集中筛查。")
    talk.say("州妇联联络员", "确认 按实际完成数")

    answer = talk.say("管理员甲", "通过 1 #2、9")[0]

    assert answer.count("已通过：") == 2
    assert "没有找到报送 #9" in answer


def test_the_second_admin_is_told_who_was_faster(talk: Talk) -> None:
    with talk.database.write() as session:
        a_member(session, "管理员乙", (RoleName.ADMIN, None))
    talk.say("管理员甲", "通过 1")

    assert talk.say("管理员乙", "通过 1")[0] == "#1 已由管理员甲于8月20日09:00通过，未重复处理。"
    assert "已由管理员甲" in talk.say("管理员乙", "退回 1 有误")[0]


def test_of_two_admins_at_once_one_passes_the_report_and_one_is_told(database: Database) -> None:
    talk = reported(database)
    with talk.database.write() as session:
        a_member(session, "管理员乙", (RoleName.ADMIN, None))
    other = Talk(talk.database, now=talk.now, empty=True)
    other._numbers = itertools.count(1000)
    together = threading.Barrier(2)
    answers: list[str] = []

    def pass_it(mine: Talk, who: str) -> None:
        together.wait()
        answers.extend(mine.say(who, "通过 1"))

    threads = [
        threading.Thread(target=pass_it, args=pair)
        for pair in ((talk, "管理员甲"), (other, "管理员乙"))
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert sorted(answer.startswith("已通过：") for answer in answers) == [False, True]
    with talk.database.read() as session:
        acts = session.exec(select(Audit).where(Audit.action == "accept")).all()
        assert len(acts) == 1


def test_every_review_is_kept_in_the_audit_trail(database: Database) -> None:
    talk = reported(database)
    talk.say("管理员甲", "退回 1 数据不衔接")

    with talk.database.read() as session:
        act = session.exec(select(Audit).where(Audit.action == "send_back")).one()
        assert act.before["state"] == "submitted"
        assert act.after["state"] == "returned"
        assert act.after["reason"] == "数据不衔接"
        assert session.exec(select(Submission.returns)).one() == 1


def test_an_admin_of_one_programme_reviews_no_other(talk: Talk) -> None:
    with talk.database.write() as session:
        other = programme_by_code(session, "minsheng-2021")
        a_member(session, "管理员丙", (RoleName.ADMIN, None), programme=other)

    assert "不是“答卷专栏”的管理员" in talk.say("管理员丙", "通过 1")[0]
    assert talk.say("管理员丙", "待审") == ["目前没有待审的报送。"]
    assert (
        "不是您单位" in talk.say("管理员丙", "查看 1")[0]
        or "没有" in talk.say("管理员丙", "查看 1")[0]
    )


@pytest.mark.parametrize("words", ["待审", "通过 1", "退回 1 有误"])
def test_a_liaison_reviews_nothing(talk: Talk, words: str) -> None:
    assert "仅限管理员" in talk.say("州公安局联络员", words)[0]


def test_a_liaison_reads_own_reports_only(talk: Talk) -> None:
    assert "3600个" in talk.say("州公安局联络员", "查看 1")[0]
    assert "不是您单位的事项" in talk.say("州妇联联络员", "查看 1")[0]


@pytest.mark.parametrize("words", ["待审", "查看 1", "通过 1", "退回 1 有误"])
def test_reviewing_stays_out_of_groups(talk: Talk, words: str) -> None:
    assert "单聊" in talk.say("管理员甲", words, group="联络员群")[0]


@pytest.mark.parametrize("words", ["通过", "通过 雪亮", "查看 雪亮", "查看"])
def test_a_review_without_a_number_says_how(talk: Talk, words: str) -> None:
    assert "128" in talk.say("管理员甲", words)[0]


WITH_PICTURE = (
    "报送 省2\n截至：7月31日\n措施：开展项目集中开工活动。\n成效：新开工项目三十个。\n"
    "图1 重点项目集中开工；2021年7月20日；吉首市经开区"
)


@pytest.mark.parametrize("demo", [False, True], ids=["real", "demonstration"])
def test_pictures_come_along_and_those_of_a_demonstration_are_marked(
    talk: Talk, demo: bool
) -> None:
    with talk.database.write() as session:
        programme = programme_by_code(session, "dajuan-2021")
        assert programme is not None
        programme.demo = demo
    photo = encoded(a_view(1))
    talk.say("州发改委联络员", WITH_PICTURE, pictures=[photo])

    shown = talk.say("管理员甲", "查看 2")[0]
    (picture,) = talk.pictures_of("管理员甲")

    assert "图1：重点项目集中开工；2021年7月20日；吉首市经开区" in shown
    assert ("演示数据" in shown) is demo
    assert Image.open(io.BytesIO(picture)).size == (1200, 600)
    assert (picture == photo) is not demo


def test_versions_and_confirmed_warnings_are_shown(talk: Talk) -> None:
    talk.say("州公安局联络员", "更正 1\n完成数：6600个")
    talk.say("州公安局联络员", "确认 年内追加了点位")

    shown = talk.say("管理员甲", "查看 1")[0]

    assert "第1版 8月20日09:00 州公安局联络员；第2版" in shown
    assert "已确认的提醒：" in shown
    assert "年内追加了点位" in shown


def test_an_open_correction_is_shown_beside_what_holds(talk: Talk) -> None:
    talk.say("管理员甲", "通过 1")
    talk.say("州公安局联络员", "更正 1\n完成数：3500个\n措施：增派两支队伍，逐村安装。")
    talk.say("州公安局联络员", "确认 台账核减")

    shown = talk.say("管理员甲", "查看 1")[0]
    listed = talk.say("管理员甲", "待审")[0]

    assert "；已通过，更正待审；" in shown
    assert "乡村公共部位安防设备：3600个，目标6000个，完成60.00%" in shown
    assert "更正（第2版，待审，以上数据仍有效）：\n" in shown
    assert "乡村公共部位安防设备 3600个 → 3500个，完成58.33%" in shown
    assert "措施 “分片包干，逐村安装调试。” → “增派两支队伍，逐村安装。”" in shown
    assert "（更正）" in listed


def test_what_was_mended_after_a_return_is_shown_old_to_new(talk: Talk) -> None:
    talk.say("管理员甲", "退回 1 与台账不符")
    talk.say("州公安局联络员", "更正 1\n完成数：3650个")

    shown = talk.say("管理员甲", "查看 1")[0]

    assert "重报待审" in shown
    assert "：3650个，目标6000个" in shown
    assert "较第1版的修改：\n乡村公共部位安防设备 3600个 → 3650个，完成60.83%" in shown


def test_a_caption_put_right_is_shown_old_to_new(talk: Talk) -> None:
    talk.say("州发改委联络员", WITH_PICTURE, pictures=[encoded(a_view(1))])
    talk.say("管理员甲", "退回 2 图片地点有误")
    talk.say("州发改委联络员", "更正 2\n图1 重点项目集中开工；2021年7月20日；花垣县产业园")

    shown = talk.say("管理员甲", "查看 2")[0]

    assert (
        "图1 “重点项目集中开工；2021年7月20日；吉首市经开区” → "
        "“重点项目集中开工；2021年7月20日；花垣县产业园”"
    ) in shown


def test_the_ranking_keeps_the_credit_of_what_was_accepted(talk: Talk) -> None:
    talk.say("管理员甲", "通过 1")
    talk.set_clock("2021-08-26T09:00")
    talk.say("州公安局联络员", "更正 1\n完成数：3650个")

    assert "质量：100.00分" in talk.say("领导甲", "为什么 州公安局")[0]
