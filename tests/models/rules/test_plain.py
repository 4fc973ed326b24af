"""What a person wrote acts on nobody when the bot says it again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.plain import inert


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("@all 请看", "＠all 请看"),
        ("<@zhangsan>", "＜＠zhangsan＞"),
        ("[点我](http://a.cn)", "［点我］(http：//a.cn)"),
        ("**加粗** `代码`", "＊＊加粗＊＊ ＇代码＇"),
        ("动态 任务 标题 https://……", "动态 任务 标题 https://……"),
    ],
)
def test_marks_and_addresses_are_made_inert(written: str, said: str) -> None:
    assert inert(written) == said


def test_an_address_that_shall_work_is_kept_when_said_so() -> None:
    assert inert("看板 https://a.cn/b", links=True) == "看板 https://a.cn/b"


@given(st.text())
def test_nothing_is_lost_and_nothing_changes_twice(text: str) -> None:
    assert len(inert(text)) == len(text)
    assert inert(inert(text)) == inert(text)
