"""Slips in single words, what is said around commands, and picks from a list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.slips import is_slip
from handlers.reading.spoken import LONGEST, is_refusal, read_choice, undressed


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("抱送", "报送"),
        ("报宋", "报送"),
        ("报送送", "报送"),
        ("送报", "报送"),
        ("baosong", "报送"),
        ("cehui", "撤回"),
        ("moban", "模板"),
        ("jindu", "进度"),
        ("末报", "未报"),
        ("进都", "进度"),
        ("搬助", "帮助"),
        ("册图", "删图"),
        ("用裁减图", "用裁剪图"),
        ("用裁图", "用裁剪图"),
        ("通guo", "通过"),
        ("tui回", "退回"),
        ("pai名", "排名"),
        ("无变hua", "无变化"),
    ],
)
def test_a_slip_is_known(typed: str, word: str) -> None:
    assert is_slip(typed, word)


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("报送", "报送"),
        ("报告", "报送"),
        ("报名", "报送"),
        ("提高", "提交"),
        ("更新", "更正"),
        ("确定", "确认"),
        ("进行", "进度"),
        ("报", "报送"),
        ("bs", "报送"),
        ("", "报送"),
        ("任务书", "任务"),
        ("通gao", "通过"),
        ("a报送", "报送"),
    ],
)
def test_another_word_is_no_slip(typed: str, word: str) -> None:
    assert not is_slip(typed, word)


@pytest.mark.parametrize(
    ("text", "plain", "led", "doubted"),
    [
        ("您好，报送 州1-7", "报送 州1-7", True, False),
        ("麻烦您 帮我查一下 进度 州1-7", "进度 州1-7", True, False),
        ("撤回 128，不好意思", "撤回 128", False, False),
        ("通过 128 吗？", "通过 128", False, True),
        ("催报吧", "催报", False, True),
        ("领导好，我要报送雪亮工程", "报送雪亮工程", True, False),
        ("您好！我是州公安局的，报送 州1-7", "报送 州1-7", True, False),
        ("辛苦老师，看一下排名", "排名", True, False),
        ("查看一下128", "查看一下128", False, False),
        ("我是谁", "我是谁", False, False),
        ("政7（9）", "政7（9）", False, False),
        ("任务！", "任务", False, False),
        ("不好意思打扰了，进度 州1-7", "进度 州1-7", True, False),
        ("老师您好，麻烦问一下我的任务", "我的任务", True, False),
        ("麻烦了，我要填报雪亮工程", "填报雪亮工程", True, False),
        ("小助手，报送 州1-7", "报送 州1-7", True, False),
        ("麻烦发我一份模板", "模板", True, False),
        ("可否发一份模板给我", "模板", True, True),
        ("能不能帮我通过128", "通过128", True, True),
        ("可以，通过128", "可以，通过128", False, False),
        ("请问排名出来了吗", "排名", True, True),
        ("现在我要报送 州1-7", "报送 州1-7", True, False),
    ],
)
def test_courtesies_are_taken_off(text: str, plain: str, led: bool, doubted: bool) -> None:
    said = undressed(text)

    assert (said.text, said.led, said.doubted) == (plain, led, doubted)


def test_a_report_keeps_every_word() -> None:
    text = "报送 州1-7\n完成数：1710个\n谢谢"

    assert undressed(text).text == text
    assert undressed("谢" * (LONGEST + 1)).text == "谢" * (LONGEST + 1)


@pytest.mark.parametrize("before", ["先别", "暂不", "不", "请不要", "取消", "先不"])
def test_a_word_before_may_turn_a_command_round(before: str) -> None:
    assert is_refusal(before)


@pytest.mark.parametrize("before", ["", "请", "特别", "不好意思，"])
def test_other_words_do_not(before: str) -> None:
    assert not is_refusal(before)


@pytest.mark.parametrize(
    "text",
    ["2", "２", "第2个", "选2", "2。", "二", "第二项", "我选2", "就2", "2吧", "（2）", "序号2"],
)
def test_a_place_is_picked(text: str) -> None:
    assert read_choice(text) == 2


@pytest.mark.parametrize("text", ["", "2个", "20人", "2.5", "州2", "两个", "2021", "第2页", "二月"])
def test_what_is_no_pick_is_none(text: str) -> None:
    assert read_choice(text) is None


@given(st.text(max_size=200))
def test_any_text_is_answered(text: str) -> None:
    read_choice(text)
    undressed(text)
    is_refusal(text)
    assert not is_slip(text, text)
