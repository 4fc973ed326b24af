"""What is said without a command: courtesies, casual talk, novels, files, messages taken back."""

import pytest
from sqlmodel import select

from models.draft import Draft
from models.message import MessageKind
from models.submission import Submission, SubmissionState
from tests.talk import Talk

POLICE = "州公安局联络员"
BRIGHT = "报送 州1-7\n截至：7月31日\n完成数：1710个\n措施：逐村安装，按月调度"


def states(talk: Talk) -> list[str]:
    with talk.database.read() as session:
        return [row.state for row in session.exec(select(Submission)).all()]


@pytest.mark.parametrize("words", ["收到", "好的，谢谢！", "收到。", "辛苦了", "OK"])
def test_a_courtesy_needs_no_answer(light: Talk, words: str) -> None:
    assert light.say(POLICE, words) == []


def test_a_courtesy_after_a_question_brings_the_question_again(talk: Talk) -> None:
    talk.say(POLICE, "报送 州1-7\n截至：7月31日\n完成数：1710个")

    [again] = talk.say(POLICE, "好的")
    assert again.startswith("还等您回复：")
    assert "措施：" in again


def test_casual_talk_is_answered_with_the_next_task_as_the_example(talk: Talk) -> None:
    [answer] = talk.say(POLICE, "今天天气不错")

    assert "未作处理" in answer
    assert "报送 州1-7" in answer


def test_a_novel_is_refused_with_its_length(talk: Talk) -> None:
    assert "4001字" in talk.say(POLICE, "长" * 4001)[0]
    assert "一次最多可读4000字" in talk.say(POLICE, f"报送 州1-7\n措施：{'长' * 4001}")[0]
    assert states(talk) == []


def test_a_file_is_not_read_and_that_is_said(talk: Talk) -> None:
    [answer] = talk.say(POLICE, files=[("进展.docx", b"PK\x03\x04" + bytes(20))])

    assert "收到文件“进展.docx”" in answer
    assert "请发文字和图片" in answer


def test_media_that_could_not_be_fetched_are_asked_for_again(talk: Talk) -> None:
    [answer] = talk.say(POLICE, failed=["超时"])

    # Where the platform hands over nothing any more, the form still does.
    assert "1个图片或文件没有取到，请重新发送；仍不行请发“上传”，从网页提交。" in answer
    assert "网页" not in talk.say("管理员甲", failed=["超时"])[0]


def test_a_recalled_message_takes_its_unreviewed_report_back(talk: Talk) -> None:
    talk.say(POLICE, BRIGHT)
    [answer] = talk.recall(POLICE)

    assert "已撤回 #1" in answer
    assert states(talk) == [SubmissionState.WITHDRAWN]
    assert talk.recall(POLICE) == []
    assert states(talk) == [SubmissionState.WITHDRAWN]


def test_any_message_of_a_report_recalled_takes_it_back(talk: Talk) -> None:
    talk.say(POLICE, "报送 州1-7\n截至：7月31日\n完成数：1710个")
    first = talk.last_message_id
    talk.say(POLICE, "措施：逐村安装，按月调度")

    assert "已撤回 #1" in talk.recall(POLICE, first)[0]


def test_a_message_recalled_before_submission_ends_the_open_report(talk: Talk) -> None:
    talk.say(POLICE, "报送 州1-7\n截至：7月31日\n完成数：1710个")

    assert "填报已取消" in talk.recall(POLICE)[0]
    with talk.database.read() as session:
        assert session.exec(select(Draft)).all() == []


def test_a_recall_after_acceptance_changes_nothing(talk: Talk) -> None:
    talk.say(POLICE, BRIGHT)
    message = talk.last_message_id
    talk.say("管理员甲", "通过 1")

    assert talk.recall(POLICE, message)[0].startswith("#1 已通过，不能撤回")
    assert states(talk) == [SubmissionState.ACCEPTED]


def test_another_persons_recall_touches_nobodys_report(talk: Talk) -> None:
    talk.say(POLICE, BRIGHT)

    assert talk.recall("州人社局联络员", talk.last_message_id) == []
    assert states(talk) == [SubmissionState.SUBMITTED]


def test_a_report_begun_in_a_group_goes_on_in_the_single_chat(talk: Talk) -> None:
    talk.say(POLICE, "任务")
    talk.say(POLICE, "报送 州1-7\n截至：7月31日\n完成数：1710个", group="联络员群")

    assert talk.heard_in("联络员群") == []
    assert "措施：" in talk.heard(POLICE)[-1]
    assert "已收到 #1" in talk.say(POLICE, "措施：逐村安装，按月调度")[0]


def test_voice_and_the_like_are_answered_kindly(talk: Talk) -> None:
    assert "暂不能处理" in talk.say(POLICE, kind=MessageKind.OTHER)[0]


@pytest.mark.parametrize("words", ["收到，马上报", "好的，我们尽快补报", "收到，今天报"])
def test_a_promise_needs_no_answer(light: Talk, words: str) -> None:
    assert light.say(POLICE, words) == []


@pytest.mark.parametrize("words", ["在吗", "你好！", "您好，在吗？"])
def test_a_greeting_is_returned_with_the_way_on(light: Talk, words: str) -> None:
    [answer] = light.say(POLICE, words)

    assert answer.startswith("您好")
    assert "“任务”" in answer
    assert "没有对应" not in answer


def test_who_reports_nothing_is_greeted_without_a_task(light: Talk) -> None:
    assert light.say("领导甲", "在吗") == ["您好，我在。全部用法请发“帮助”。"]


def test_a_mention_and_nothing_else_is_a_greeting(light: Talk) -> None:
    """In a group the mention is cut off, and nothing is left; nor is it a bad report twice over."""
    light.say(POLICE, "报送 州1-7")

    for _ in range(2):
        answer = light.say(POLICE, "", group="联络员群")[0]
        assert answer.startswith("您好，我在。查看待报事项请发“任务”；报送请发“报送 任务编号”")


def test_a_greeting_is_returned_where_it_was_said(light: Talk) -> None:
    light.say(POLICE, "在吗", group="联络员群")

    assert light.heard_in("联络员群")[-1].startswith("您好，我在")
    assert light.heard(POLICE) == []


@pytest.mark.parametrize("word", ["是", "确认", "1"])
def test_the_one_thing_that_is_offered_is_taken_by_a_word(light: Talk, word: str) -> None:
    light.say(POLICE, BRIGHT.removeprefix("报送 "))

    assert "已收到 #1" in light.say(POLICE, word)[0]


def test_yes_to_nothing_is_no_choice(talk: Talk) -> None:
    talk.say(POLICE, "任务")
    talk.say(POLICE, "报送 州1-7\n截至：7月31日\n完成数：17000个\n措施：逐村安装，按月调度")

    assert "已收到 #1" in talk.say(POLICE, "确认")[0]


def test_nothing_personal_is_read_in_the_group_even_at_the_first_word(talk: Talk) -> None:
    talk.say(POLICE, "任务", group="联络员群")
    talk.say(POLICE, BRIGHT, group="联络员群")

    assert talk.heard_in("联络员群") == []
    assert "已收到 #1" in talk.heard(POLICE)[-1]


@pytest.mark.parametrize("word", ["帮助", "撤回", "无变化", "确认", "建议"])
def test_a_novel_is_refused_behind_every_word(light: Talk, word: str) -> None:
    assert "一次最多可读4000字" in light.say(POLICE, f"{word} {'长' * 4001}")[0]
