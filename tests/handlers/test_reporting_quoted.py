"""A quoted message says which report is meant, whoever quotes it and whatever is told of it."""

import pytest
from sqlmodel import col, select

from models.figure import Figure
from models.submission import Submission, SubmissionState
from models.task import Task
from tests.talk import Talk

POLICE = "州公安局联络员"
HEALTH = "州卫健委联络员"
ADMIN = "管理员甲"
BRIGHT = "报送 州1-7\n截至：7月31日\n完成数：1710个\n措施：逐村安装，按月调度"


def reported(talk: Talk) -> tuple[str, str]:
    """The message of a report and the bot's word on it."""
    (receipt,) = talk.say(POLICE, BRIGHT)
    assert receipt.startswith("已收到 #1")
    return talk.last_message_id, receipt


def state(talk: Talk, number: int = 1) -> str:
    with talk.database.read() as session:
        return session.get_one(Submission, number).state


def values(talk: Talk) -> list[str]:
    with talk.database.read() as session:
        return [str(each.value) for each in session.exec(select(Figure).order_by(col(Figure.id)))]


@pytest.mark.parametrize(
    "text", ["完成数 1701", "修改 完成数 1701", "更正 完成数：1701个", "1701个"]
)
def test_lines_under_the_own_report_are_its_correction(talk: Talk, text: str):
    message, _ = reported(talk)

    (answer,) = talk.say(POLICE, text, quoting=message)

    assert "#1" in answer
    assert "1710个 → 1701个" in answer
    assert values(talk) == ["1710", "1701"]


def test_the_receipt_quoted_as_text_means_its_report(talk: Talk):
    _, receipt = reported(talk)

    (answer,) = talk.say(POLICE, "完成数 1701", quoted=receipt)

    assert "1710个 → 1701个" in answer


def test_the_own_words_quoted_as_text_mean_the_report_made_from_them(talk: Talk):
    reported(talk)

    (answer,) = talk.say(POLICE, "撤回", quoted=BRIGHT)

    assert answer.startswith("已撤回 #1")
    assert state(talk) == SubmissionState.WITHDRAWN


def test_an_id_of_its_own_for_what_is_quoted_leaves_the_words(talk: Talk):
    reported(talk)

    (answer,) = talk.say(POLICE, "撤回", quoting="msg-known-by-another-id", quoted=BRIGHT)

    assert answer.startswith("已撤回 #1")


def test_an_admin_passes_and_returns_what_they_quote(talk: Talk):
    _, receipt = reported(talk)

    (returned,) = talk.say(ADMIN, "退回 措施太笼统，请写明责任人", quoted=receipt)
    talk.say(POLICE, "措施：由治安支队逐村安装，每月调度", quoted=talk.heard(POLICE)[-1])
    (passed,) = talk.say(ADMIN, "通过", quoted="待审 1 件：#1 州1-7 雪亮工程")

    assert "#1" in returned
    assert passed.startswith("已通过：#1")
    assert state(talk) == SubmissionState.ACCEPTED


def test_thanks_under_a_report_change_nothing(talk: Talk):
    message, receipt = reported(talk)

    talk.say(POLICE, "收到，谢谢", quoting=message)
    talk.say(POLICE, "好的，下周再看", quoted=receipt)

    assert state(talk) == SubmissionState.SUBMITTED
    assert values(talk) == ["1710"]


def test_another_unit_s_report_stays_theirs(talk: Talk):
    _, receipt = reported(talk)

    answers = talk.say(HEALTH, "更正 完成数 1", quoted=receipt)

    assert "不是您单位的报送" in answers[0]
    assert values(talk) == ["1710"]


def test_a_list_of_several_reports_names_none(talk: Talk):
    reported(talk)

    (answer,) = talk.say(ADMIN, "通过", quoted="待审：\n#1 州1-7\n#2 州1-8")

    assert "请写明报送编号" in answer
    assert state(talk) == SubmissionState.SUBMITTED


def test_a_recalled_message_of_a_passed_report_changes_nothing_and_says_so(talk: Talk):
    message, receipt = reported(talk)
    talk.say(ADMIN, "通过", quoted=receipt)

    (answer,) = talk.recall(POLICE, message)

    assert answer.startswith("#1 已通过，不能撤回")
    assert "更正 1" in answer
    assert state(talk) == SubmissionState.ACCEPTED


def test_a_recalled_message_of_a_returned_report_leaves_the_return_standing(talk: Talk):
    message, receipt = reported(talk)
    talk.say(ADMIN, "退回 措施太笼统，请写明责任人", quoted=receipt)

    (answer,) = talk.recall(POLICE, message)

    assert "#1" in answer
    assert state(talk) == SubmissionState.RETURNED


def test_recalling_the_first_message_of_a_corrected_report_says_what_stands(talk: Talk):
    message, receipt = reported(talk)
    talk.say(POLICE, "完成数 1701", quoted=receipt)

    (answer,) = talk.recall(POLICE, message)

    assert answer == "#1 此后已更正为第2版，仍然有效。要收回请发“撤回 1”。"
    assert state(talk) == SubmissionState.SUBMITTED


def test_a_task_that_was_dropped_while_its_report_was_open_takes_none(talk: Talk):
    talk.say(POLICE, "报送 州1-7\n完成数：1710个")
    with talk.database.write() as session:
        session.exec(select(Task).where(Task.number == "州1-7")).one().active = False

    (answer,) = talk.say(POLICE, "措施：逐村安装，按月调度")

    assert "州1-7 雪亮工程 已从" in answer
    assert "未提交" in answer
    assert values(talk) == []
    assert talk.say(POLICE, "提交")[0].startswith("没有填写中的报送")
