"""After the first word: modifying, withdrawing, correcting, nil reports, and one open report."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlmodel import col, select

from bot.roster import remove_member
from handlers.reporting.drafts import expire_drafts
from models.draft import Draft
from models.figure import Figure
from models.member import Member
from models.obligation import Obligation, ObligationState
from models.outbox import OutboxMessage
from models.submission import Submission, SubmissionState, SubmissionVersion
from models.task import Task
from tests.pictures import a_photo
from tests.talk import Talk

POLICE = "州公安局联络员"
HEALTH = "州卫健委联络员"
LABOUR = "州人社局联络员"
ADMIN = "管理员甲"
BRIGHT = "报送 州1-7\n截至：7月31日\n完成数：1710个\n措施：逐村安装，按月调度"
SEPTEMBER = BRIGHT.replace("7月31日", "8月31日")


def accepted_values(talk: Talk) -> list[Decimal]:
    with talk.database.read() as session:
        rows = session.exec(
            select(Figure).where(col(Figure.accepted_at).is_not(None)).order_by(col(Figure.id))
        ).all()
    return [row.value for row in rows]


def report(talk: Talk, number: int = 1) -> Submission:
    with talk.database.read() as session:
        return session.get_one(Submission, number)


def obligation_state(talk: Talk, number: str, month: int) -> str:
    with talk.database.read() as session:
        rows = session.exec(
            select(Obligation)
            .join(Task, col(Task.id) == col(Obligation.task_id))
            .where(Task.number == number)
        ).all()
    return next(row.state for row in rows if row.covers_to and row.covers_to.month == month)


def has_draft(talk: Talk) -> bool:
    with talk.database.read() as session:
        return session.exec(select(Draft)).first() is not None


def an_accepted_report(talk: Talk) -> None:
    """州1-7 at 1710 as of July, accepted, and the clock in September."""
    talk.say(POLICE, BRIGHT)
    talk.say(ADMIN, "通过 1")
    talk.set_clock("2021-09-02T09:00")


def test_off_by_ten_thousand_is_a_warning_with_the_correction_to_send(talk: Talk) -> None:
    [asked] = talk.say(HEALTH, "报送 州1-12\n截至：7月31日\n完成数：1.65\n措施：筛查到村到户")
    assert "修改 完成数 16500" in asked

    [answer] = talk.say(HEALTH, "修改 完成数 16500")
    assert "16500人次，完成100.00%" in answer


@pytest.mark.parametrize(
    ("line", "said", "send"),
    [
        ("完成数：十几个", "不是确数", "修改 完成数"),
        ("完成数：1710公里", "单位不对", "修改 完成数 1710个"),
        ("完成数：1000至1710个", "是一个范围", "修改 完成数"),
        ("完成数：-5个", "是负数", "修改 完成数"),
        ("完成数：28.5%", "只有百分比", "修改 完成数"),
        ("完成数：完成良好", "读不出数字", "修改 完成数"),
    ],
    ids=["vague", "foreign unit", "range", "negative", "percent only", "words"],
)
def test_a_number_that_is_none_is_named_with_what_to_send(
    light: Talk, line: str, said: str, send: str
) -> None:
    [asked] = light.say(POLICE, BRIGHT.replace("完成数：1710个", line))

    assert line.removeprefix("完成数：") in asked
    assert said in asked
    assert send in asked
    assert "已收到 #1" in light.say(POLICE, "修改 完成数 1710")[0]


def test_filler_is_no_section(talk: Talk) -> None:
    [asked] = talk.say(POLICE, BRIGHT.replace("逐村安装，按月调度", "同上"))

    assert "措施“同上”没有具体内容" in asked
    assert "已收到 #1" in talk.say(POLICE, "修改 措施 逐村安装，按月调度")[0]


def test_a_falling_figure_needs_a_reason_that_is_kept(talk: Talk) -> None:
    an_accepted_report(talk)
    [asked] = talk.say(POLICE, SEPTEMBER.replace("1710", "300"))
    assert "300个少于上次通过的1710个" in asked
    assert "须写明原因" in talk.say(POLICE, "确认")[0]

    assert "已收到 #2" in talk.say(POLICE, "确认 上期统计口径有误，已核减")[0]
    with talk.database.read() as session:
        version = session.exec(
            select(SubmissionVersion).where(SubmissionVersion.submission_id == 2)
        ).one()
    [warning] = version.confirmed
    assert warning["text"].startswith("完成数应为年初以来累计，300个少于上次通过的1710个")
    assert warning["reason"] == "上期统计口径有误，已核减"


def test_confirm_settles_only_the_latest_question(talk: Talk) -> None:
    talk.say(POLICE, BRIGHT.replace("1710", "6100"))
    assert "17000个" in talk.say(POLICE, "修改 完成数 17000")[0]

    assert "已收到 #1" in talk.say(POLICE, "确认")[0]
    assert "没有等您确认的事项" in talk.say(POLICE, "确认")[0]


def test_confirm_does_not_stand_in_for_what_is_missing(talk: Talk) -> None:
    talk.say(POLICE, "报送 州1-7\n截至：7月31日\n完成数：1710个")

    assert "没有需要确认的内容" in talk.say(POLICE, "确认")[0]
    with talk.database.read() as session:
        assert session.exec(select(Submission)).all() == []


def test_submit_says_what_still_stands_in_the_way(talk: Talk) -> None:
    assert "没有填写中的报送" in talk.say(POLICE, "提交")[0]
    talk.say(POLICE, "报送 州1-7\n截至：7月31日\n完成数：1710个")
    assert "\n措施：\n" in talk.say(POLICE, "提交")[0]


def test_cancel_ends_the_open_report(talk: Talk) -> None:
    talk.say(POLICE, "报送 州1-7\n截至：7月31日\n完成数：1710个")

    assert "已取消 州1-7 雪亮工程 的填报，未提交" in talk.say(POLICE, "取消")[0]
    assert not has_draft(talk)
    assert "不用取消" in talk.say(POLICE, "取消")[0]


def test_modify_without_an_open_report_points_to_the_correction(talk: Talk) -> None:
    talk.say(POLICE, BRIGHT)

    assert talk.say(POLICE, "修改 完成数 1701")[0].endswith("更正 1\n完成数：1701")


def test_a_correction_shows_what_changed_and_keeps_every_version(talk: Talk) -> None:
    talk.say(POLICE, BRIGHT)
    [answer] = talk.say(POLICE, "更正 1\n完成数：1701")

    assert "已收到 #1 第2版" in answer
    assert "乡村公共部位安防设备 1710个 → 1701个，完成28.35%" in answer
    with talk.database.read() as session:
        versions = session.exec(
            select(SubmissionVersion).order_by(col(SubmissionVersion.version))
        ).all()
    assert [each.version for each in versions] == [1, 2]
    assert versions[1].sections == {"措施": "逐村安装，按月调度"}


@pytest.mark.parametrize(
    "text",
    [
        "更正1 完成数1701",
        "更正 #1，完成数：1701个",
        "更正 １\n完成数：1701",
        "订正 1：完成数1701个",
    ],
)
def test_a_correction_is_written_in_many_ways(light: Talk, text: str) -> None:
    light.say(POLICE, BRIGHT)

    assert "1710个 → 1701个" in light.say(POLICE, text)[0]


def test_accepted_figures_hold_until_the_correction_is_accepted(talk: Talk) -> None:
    an_accepted_report(talk)
    [answer] = talk.say(POLICE, "更正 1\n完成数：1701")

    assert "原通过的数据在新版通过前继续有效" in answer
    assert accepted_values(talk) == [Decimal(1710)]
    assert report(talk).first_received_at < talk.now - timedelta(days=10)
    talk.say(POLICE, "撤回 1")
    assert (report(talk).state, report(talk).version) == (SubmissionState.ACCEPTED, 1)
    assert "第3版" in talk.say(POLICE, "更正 1\n完成数：1702")[0]
    talk.say(ADMIN, "通过 1")
    assert report(talk).accepted_version == 3


def test_a_correction_without_changes_shows_the_lines_to_change(talk: Talk) -> None:
    talk.say(POLICE, BRIGHT)
    [lines] = talk.say(POLICE, "更正 1")

    assert lines.endswith("更正 1\n截至：7月31日\n完成数：1710个\n措施：逐村安装，按月调度")
    assert "1710个 → 1720个" in talk.say(POLICE, "完成数：1720个")[0]


def test_a_wrong_correction_leaves_the_report_as_it_was(talk: Talk) -> None:
    talk.say(POLICE, BRIGHT)
    [asked] = talk.say(POLICE, "更正 1\n完成数：17万")

    assert "正在更正 #1，完成前原报送不变" in asked
    assert report(talk).version == 1
    assert "已放弃对 #1 的更正，原报送不变" in talk.say(POLICE, "取消")[0]


@pytest.mark.parametrize("word", ["更正", "撤回"])
def test_only_the_own_unit_changes_a_report(light: Talk, word: str) -> None:
    light.say(POLICE, BRIGHT)

    assert "不是您单位的报送" in light.say(HEALTH, f"{word} 1 完成数：5")[0]
    assert "没有编号为 #77 的报送" in light.say(HEALTH, f"{word} 77")[0]
    assert "请写明" in light.say(HEALTH, word)[0]
    assert report(light).state == SubmissionState.SUBMITTED


def test_a_reviewed_report_cannot_be_withdrawn(talk: Talk) -> None:
    an_accepted_report(talk)

    assert "已通过" in talk.say(POLICE, "撤回 1")[0]
    assert report(talk).state == SubmissionState.ACCEPTED


def test_a_returned_report_needs_only_what_was_wrong(talk: Talk) -> None:
    talk.say(POLICE, BRIGHT)
    talk.say(ADMIN, "退回 1 措施过于笼统")
    assert "已退回：措施过于笼统" in talk.say(POLICE, "报送 州1-7")[0]

    [answer] = talk.say(POLICE, "措施：按村登记设备，逐台验收，月底通报")
    assert "#1 第2版" in answer
    assert "措施 已修改" in answer
    assert obligation_state(talk, "州1-7", 7) == ObligationState.SUBMITTED
    talk.say(POLICE, "撤回 1")
    assert obligation_state(talk, "州1-7", 7) == ObligationState.RETURNED


def test_nil_repeats_the_accepted_figures_for_the_new_period(talk: Talk) -> None:
    an_accepted_report(talk)
    [answer] = talk.say(POLICE, "无变化 州1-7")

    assert "已收到 #2 州1-7 雪亮工程（1—8月）" in answer
    assert "1710个，完成28.50%，序时66.67%" in answer
    assert "无变化，沿用上次通过的数据" in answer
    assert obligation_state(talk, "州1-7", 8) == ObligationState.SUBMITTED
    with talk.database.read() as session:
        kinds = session.exec(
            select(SubmissionVersion.kind).order_by(col(SubmissionVersion.id))
        ).all()
    assert kinds == ["report", "nil"]


def test_nil_needs_something_to_repeat(talk: Talk) -> None:
    assert "还没有通过的数据可沿用" in talk.say(POLICE, "无变化 州1-7")[0]
    assert not has_draft(talk)


def test_nil_is_refused_where_a_picture_is_compulsory(talk: Talk) -> None:
    [answer] = talk.say("州发改委联络员", "无变化 省2")

    assert "每期都要报送图片，不能报“无变化”" in answer


def test_one_word_is_enough_where_only_one_report_is_owed(talk: Talk) -> None:
    an_accepted_report(talk)
    talk.say(POLICE, "报送 新7\n截至：8月31日\n完成数：1800个")

    assert "已收到 #3 州1-7" in talk.say(POLICE, "无变化")[0]


def test_another_task_puts_the_open_report_aside_and_it_comes_back(talk: Talk) -> None:
    talk.set_clock("2021-09-02T09:00")
    talk.say(POLICE, "报送 州1-7\n截至：8月31日\n完成数：1710个")
    [aside] = talk.say(POLICE, "报送 新7\n完成数：17万个")
    assert "州1-7 雪亮工程 尚未报完，先为您放下" in aside

    [answer] = talk.say(POLICE, "修改 完成数 1710个")
    assert "已收到 #1 新7" in answer
    assert "接着报先前放下的 州1-7 雪亮工程" in answer
    assert "已收到 #2 州1-7" in talk.say(POLICE, "措施：逐村安装，按月调度")[0]


def test_a_bare_template_is_put_aside_without_a_word(talk: Talk) -> None:
    talk.set_clock("2021-09-02T09:00")
    talk.say(POLICE, "报送 州1-7")
    [answer] = talk.say(POLICE, "报送 新7\n截至：8月31日\n完成数：1710个")

    assert answer.startswith("已收到 #1 新7")
    assert "放下" not in answer


def test_an_open_report_expires_after_a_day_with_a_notice(talk: Talk) -> None:
    talk.say(POLICE, "报送 州1-7\n截至：7月31日\n完成数：1710个")
    talk.later(hours=23)
    with talk.database.write() as session:
        assert expire_drafts(session, talk.now, talk.services) == 0
    talk.later(hours=2)
    with talk.database.write() as session:
        assert expire_drafts(session, talk.now, talk.services) == 1
        assert expire_drafts(session, talk.now, talk.services) == 0

    assert not has_draft(talk)
    assert "州1-7 雪亮工程 的报送已24小时没有继续，未提交" in talk.heard(POLICE)[-1]
    assert "报送 州1-7" in talk.heard(POLICE)[-1]


def test_the_open_report_of_somebody_who_left_ends_without_a_word(talk: Talk) -> None:
    talk.say(POLICE, "报送 州1-7\n截至：7月31日\n完成数：1710个")
    with talk.database.write() as session:
        left = session.exec(select(Member).where(Member.name == POLICE)).one()
        remove_member(session, left.id or 0, talk.now)
    assert "尚未绑定" in talk.say(POLICE, "措施：加快安装，按月调度")[0]
    talk.later(hours=25)

    with talk.database.write() as session:
        owed = session.exec(select(OutboxMessage.id)).all()
        assert expire_drafts(session, talk.now, talk.services) == 1
        assert session.exec(select(Draft)).all() == []
        assert session.exec(select(Submission)).all() == []
        assert session.exec(select(OutboxMessage.id)).all() == owed


def test_an_unused_template_expires_in_silence(talk: Talk) -> None:
    talk.say(POLICE, "报送 州1-7")
    before = talk.heard(POLICE)
    talk.later(hours=25)
    with talk.database.write() as session:
        assert expire_drafts(session, talk.now, talk.services) == 1

    assert talk.heard(POLICE) == before


def test_an_open_report_is_there_for_its_person_only(talk: Talk) -> None:
    talk.say(POLICE, "报送 州1-7\n截至：7月31日\n完成数：1710个")

    assert "未作处理" in talk.say("联络员甲", "措施：逐村安装，按月调度")[0]
    assert "已收到 #1" in talk.say(POLICE, "措施：逐村安装，按月调度")[0]


def test_pictures_belong_to_the_open_report_and_not_to_the_last_one(talk: Talk) -> None:
    talk.set_clock("2021-09-02T09:00")
    talk.say(POLICE, SEPTEMBER)
    talk.say(POLICE, "报送 新7\n完成数：17万个")
    talk.say(POLICE, pictures=[a_photo()])

    assert "图片1张" in talk.say(POLICE, "修改 完成数 1710个")[0]
    assert report(talk).version == 1


def test_a_correction_ends_the_half_filled_report_of_the_same_period(talk: Talk) -> None:
    talk.say(POLICE, BRIGHT)
    talk.say(ADMIN, "退回 1 措施过于笼统")
    talk.say(POLICE, "报送 州1-7\n完成数：17万个")
    [answer] = talk.say(POLICE, "更正 1\n措施：按村登记设备，逐台验收")

    assert "#1 第2版" in answer
    assert not has_draft(talk)


def test_a_reports_number_is_no_task(talk: Talk) -> None:
    assert "要改已报送的 #128，请发“更正 128”" in talk.say(POLICE, "报送 128")[0]


def test_a_late_report_of_an_earlier_period_is_not_held_against_a_later_one(talk: Talk) -> None:
    talk.set_clock("2021-09-02T09:00")
    talk.say(POLICE, SEPTEMBER.replace("1710", "2000"))
    talk.say(ADMIN, "通过 1")

    assert "还没有通过的数据可沿用" in talk.say(POLICE, "无变化 州1-7")[0]
    assert "已收到 #2 州1-7 雪亮工程（1—7月）" in talk.say(POLICE, BRIGHT)[0]


def test_what_was_due_before_the_loading_is_taken_only_when_its_day_is_named(talk: Talk) -> None:
    with talk.database.write() as session:
        row = session.exec(
            select(Obligation)
            .join(Task, col(Task.id) == col(Obligation.task_id))
            .where(Task.number == "新7")
            .order_by(col(Obligation.due))
        ).first()
        assert row is not None
        row.history, row.due = True, row.due - timedelta(days=31)
        row.covers_to = date(2021, 7, 31)

    assert "现在没有待报的一期" in talk.say(POLICE, "报送 新7")[0]
    answer = talk.say(POLICE, "报送 新7\n截至：7月31日\n完成数：1710个")[0]
    assert "已收到 #1 新7 雪亮工程（1—7月）" in answer


def test_two_colleagues_at_the_same_instant_make_one_report(talk: Talk) -> None:
    text = (
        "报送 州1-3\n截至：7月31日\n城镇新增就业：10265人\n转移就业：12000人\n"
        "职业技能培训：15368人次\n措施：送岗下乡，送训到村"
    )
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(talk.say, (LABOUR, "州文旅广电局联络员"), (text, text)))

    with talk.database.read() as session:
        [only] = session.exec(select(Submission)).all()
    assert only.version == 1
    assert [answer[0].startswith("已收到 #1") for answer in answers].count(True) == 1
    assert not has_draft(talk)


def test_nil_waits_until_a_correction_is_settled(talk: Talk) -> None:
    an_accepted_report(talk)
    talk.say(POLICE, "更正 1\n完成数：17万")

    assert "正在更正 #1，尚未完成" in talk.say(POLICE, "无变化 州1-7")[0]
    talk.say(POLICE, "取消")
    assert "已收到 #2" in talk.say(POLICE, "无变化 州1-7")[0]


@pytest.mark.parametrize(
    "text",
    ["报送州1-7 无变化", "报送 州1-7，本月无变化。", "州1-7无变化", "无变化州1-7", "无变化 州1-7"],
)
def test_nil_is_said_in_many_ways(light: Talk, text: str) -> None:
    an_accepted_report(light)

    assert "无变化，沿用上次通过的数据" in light.say(POLICE, text)[0]


@pytest.mark.parametrize("text", ["本月无变化", "无变化", "本期无变化。"])
def test_nil_alone_means_the_only_report_that_is_owed(light: Talk, text: str) -> None:
    an_accepted_report(light)
    light.say(POLICE, "报送 新7\n截至：8月31日\n完成数：1800个")

    assert "已收到 #3 州1-7" in light.say(POLICE, text)[0]


def test_what_was_taken_back_is_reported_again_and_not_corrected(talk: Talk) -> None:
    talk.say(POLICE, BRIGHT)
    talk.say(POLICE, "撤回 1")

    assert "请发“报送 州1-7”加内容" in talk.say(POLICE, "更正 1\n完成数：1701")[0]


def test_what_was_accepted_is_corrected_and_not_taken_back(talk: Talk) -> None:
    an_accepted_report(talk)

    assert "请发“更正 1”加要改的内容" in talk.say(POLICE, "撤回 1")[0]


@pytest.mark.parametrize("text", ["撤回", "撤回 州1-7", "撤回雪亮工程"])
def test_the_only_report_is_taken_back_without_its_number(light: Talk, text: str) -> None:
    light.say(POLICE, BRIGHT)

    assert "已撤回 #1" in light.say(POLICE, text)[0]


@pytest.mark.parametrize(
    "text", ["更正\n完成数：1701", "更正 州1-7 完成数：1701", "更正 完成数1701"]
)
def test_the_only_report_is_corrected_without_its_number(light: Talk, text: str) -> None:
    light.say(POLICE, BRIGHT)

    assert "1710个 → 1701个" in light.say(POLICE, text)[0]


def test_a_closed_period_takes_no_correction_unless_it_was_returned(talk: Talk) -> None:
    talk.say(POLICE, BRIGHT)
    talk.set_clock("2021-09-25T09:00")
    [answer] = talk.say(POLICE, "更正 1\n完成数：1701")
    assert "1—7月一期已于9月20日截止，不再接收更正" in answer

    talk.say(ADMIN, "退回 1 完成数有误")
    assert "1710个 → 1701个" in talk.say(POLICE, "更正 1\n完成数：1701")[0]


def test_a_bare_line_after_a_return_points_to_the_correction(talk: Talk) -> None:
    talk.say(POLICE, BRIGHT)
    talk.say(ADMIN, "退回 1 完成数有误")

    assert "更正 1" in talk.say(POLICE, "完成数 1701")[0]
    assert report(talk).version == 1
    assert "1710个 → 1701个" in talk.say(POLICE, "是")[0]


def test_a_day_before_the_end_of_the_period_is_noted(talk: Talk) -> None:
    answer = talk.say(POLICE, BRIGHT.replace("7月31日", "7月25日"))[0]

    assert "截至7月25日（早于本期末7月31日）" in answer


def test_without_a_day_the_end_of_the_ended_period_is_taken_and_said(talk: Talk) -> None:
    [answer] = talk.say(POLICE, BRIGHT.replace("截至：7月31日\n", ""))

    assert "已收到 #1" in answer
    assert "截至7月31日（本期末）" in answer


def test_filler_in_an_optional_section_is_not_attached(talk: Talk) -> None:
    [answer] = talk.say(POLICE, f"{BRIGHT}\n问题：无\n下一步：同上")

    assert "已附：措施\n" in answer
    assert "未附：问题" in answer
