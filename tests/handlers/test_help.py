"""Help that teaches: by role, by what the speaker is in the middle of, and on any subject."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from handlers.registry import discover
from handlers.teaching.overview import SUBJECTS
from handlers.teaching.topics import TOPICS, topic_of
from models.member import ROLE_TITLES, RoleName
from models.suggestion import Suggestion
from tests.talk import Talk, light_talk

POLICE = "州公安局联络员"
ADMIN = "管理员甲"
LEADER = "领导甲"
BRIGHT = "报送 州1-7\n截至：7月31日\n完成数：1710个\n措施：逐村安装，按月调度"


@pytest.fixture
def talk(tmp_path: Path, sqlite_template: Path) -> Iterator[Talk]:
    yield from light_talk(tmp_path, sqlite_template)


def test_a_liaison_sees_the_own_next_task_as_the_example(talk: Talk) -> None:
    [answer] = talk.say(POLICE, "帮助")

    assert answer.startswith("待报：州1-7 雪亮工程（8月25日截止）")
    assert "发“报送 州1-7”取模板" in answer
    assert "通过" not in answer
    assert len(answer) < 400


def test_in_the_middle_of_a_report_help_says_what_is_missing(talk: Talk) -> None:
    talk.say(POLICE, "报送 州1-7\n完成数：1710个")

    [answer] = talk.say(POLICE, "帮助")

    assert answer.startswith("正在填报 州1-7 雪亮工程，还缺")
    assert "措施" in answer.split("\n")[0]


def test_a_returned_report_comes_first(talk: Talk) -> None:
    talk.say(POLICE, BRIGHT)
    talk.say(ADMIN, "退回 1 措施太笼统")

    [answer] = talk.say(POLICE, "帮助")

    assert answer.startswith("#1 州1-7 雪亮工程 已退回：措施太笼统。请发“更正 1”")


def test_with_nothing_owed_the_next_due_is_named(talk: Talk) -> None:
    talk.say(POLICE, BRIGHT)

    assert "下一项：新7 雪亮工程" in talk.say(POLICE, "帮助")[0]


def test_an_admin_is_told_what_waits_and_sees_the_words_by_subject(talk: Talk) -> None:
    talk.say(POLICE, BRIGHT)

    [answer] = talk.say(ADMIN, "帮助")

    assert answer.startswith("等您审核的报送有1件，请发“待审”。")
    assert "审核：待审、通过、退回" in answer
    assert "填报中" not in answer


def test_everything_is_explained_when_asked_for(talk: Talk) -> None:
    answer = "\n".join(talk.say(ADMIN, "帮助 全部"))

    assert f"【{ROLE_TITLES[RoleName.ADMIN]}】" in answer
    assert "退回 128" in answer


def test_one_command_is_explained_by_its_word(talk: Talk) -> None:
    [answer] = talk.say(ADMIN, "帮助 退回修改")

    assert answer.startswith("退回 128 图片有水印\n")
    assert "也可写作" in answer


def test_another_role_s_command_is_not_explained(talk: Talk) -> None:
    assert "没有“待审”的说明" in talk.say(LEADER, "帮助 待审")[0]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("怎么报 图片", "勾选“原图”"),
        ("怎么发照片？", "勾选“原图”"),
        ("怎么改", "更正 编号"),
        ("怎么报 无变化", "无变化 任务编号"),
        ("怎么填 截至", "8月31日"),
        ("怎么报 表格", "Excel"),
        ("如何报送几项", "几项可以一条消息报完"),
        ("帮助 撤回", "审核前发"),
        ("怎么报 雪亮工程", "报送 州1-7\n截至：7月31日"),
        ("怎么报", "报送 州1-7\n截至：7月31日"),
        ("怎么报 天上的云彩", "没有“天上的云彩”的说明"),
    ],
)
def test_whatever_is_asked_is_answered(talk: Talk, question: str, expected: str) -> None:
    assert expected in talk.say(POLICE, question)[0]


def test_asking_how_begins_no_report(talk: Talk) -> None:
    talk.say(POLICE, "怎么报 州1-7")

    assert "没有填写中的报送" in talk.say(POLICE, "提交")[0]


def test_every_word_of_a_topic_leads_to_it() -> None:
    for topic in TOPICS:
        for word in topic.words:
            assert topic_of(word) is topic


def test_the_subjects_name_only_commands_that_exist() -> None:
    known = discover().commands
    named = {name for names in SUBJECTS.values() for name in names.split()}

    assert named <= set(known)


def test_who_am_i_names_roles_and_units(talk: Talk) -> None:
    assert "州公安局联络员" in talk.say(POLICE, "我是谁")[0]


def test_a_suggestion_reaches_the_admins(talk: Talk) -> None:
    [thanks] = talk.say(POLICE, "建议 表格能带上上月数就好了")
    [listed] = talk.say(ADMIN, "建议")

    assert "已记下" in thanks
    assert "表格能带上上月数就好了" in listed
    with talk.database.read() as session:
        assert session.exec(select(Suggestion.text)).all() == ["表格能带上上月数就好了"]


def test_suggestions_have_a_limit_in_length_and_number(talk: Talk) -> None:
    assert "最多500字" in talk.say(POLICE, f"建议 {'好' * 501}")[0]
    for number in range(10):
        talk.say(POLICE, f"建议 第{number}条")
    assert "明天再发" in talk.say(POLICE, "建议 再说一条")[0]
