"""After two messages in a row that were not understood, the answer is the form to copy."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.talk import Talk, light_talk

POLICE = "州公安局联络员"
LEADER = "领导甲"


@pytest.fixture
def talk(tmp_path: Path, sqlite_template: Path) -> Iterator[Talk]:
    yield from light_talk(tmp_path, sqlite_template)


def test_the_second_word_not_understood_brings_what_is_owed_next(talk: Talk) -> None:
    assert "请复制" not in talk.say(POLICE, "今天天气不错")[0]

    [form] = talk.say(POLICE, "那个表在哪里填")

    assert form.startswith("连续两次没有读懂。")
    assert "报送 州1-7\n截至：7月31日\n完成数（个）：" in form
    assert "没有填写中的报送" in talk.say(POLICE, "提交")[0]


def test_anything_understood_in_between_begins_the_count_anew(talk: Talk) -> None:
    talk.say(POLICE, "今天天气不错")
    talk.say(POLICE, "任务")

    assert "请复制" not in talk.say(POLICE, "那个表在哪里填")[0]


def test_an_open_report_is_shown_with_what_is_known_of_it(talk: Talk) -> None:
    talk.say(POLICE, "报送 州1-7\n截至：7月31日\n完成数：1710个")
    assert "这句话没有写进报送" in talk.say(POLICE, "怎么弄呀")[0]

    [form] = talk.say(POLICE, "看不明白呢")

    assert "请复制下面内容，填好发回：\n报送 州1-7\n截至：7月31日\n完成数：1710个\n措施：" in form
    filled = form.split("填好发回：\n")[1].replace("措施：", "措施：逐村安装，按月调度")
    assert "已收到 #1" in talk.say(POLICE, filled)[0]


def test_a_value_that_stays_unreadable_counts_as_well(talk: Talk) -> None:
    talk.say(POLICE, "报送 州1-7\n完成数：好几百")
    talk.say(POLICE, "完成数：不少了")

    assert "请复制下面内容" in talk.say(POLICE, "完成数：很多")[0]


def test_another_value_is_no_failure(talk: Talk) -> None:
    talk.say(POLICE, "报送 州1-7\n截至：7月31日\n完成数：1710个")
    for value in (1711, 1712, 1713):
        assert "请复制" not in talk.say(POLICE, f"完成数：{value}个")[0]


def test_whoever_reports_nothing_is_told_as_before(talk: Talk) -> None:
    for _ in range(3):
        assert "全部用法请发“帮助”" in talk.say(LEADER, "今天天气不错")[0]


def test_a_command_that_finds_nothing_to_do_counts_as_well(talk: Talk) -> None:
    talk.say(POLICE, "报送 州1-7\n截至：7月31日\n完成数：1710个")
    talk.say(POLICE, "修改 天气 好")

    assert "请复制下面内容" in talk.say(POLICE, "修改 天气 好")[0]
