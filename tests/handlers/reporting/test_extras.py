"""Stages and comments read from any words: exactly what was said, or nothing."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from handlers.reporting.extras import comment_counts, reached_stage

STAGES = ("立项", "开工", "主体完工", "设备安装", "验收投用")
RECEIVED = st.sampled_from(["收到", "共收到", "收集", "受理"])
HANDLED = st.sampled_from(["办结", "已办结", "办理", "处理", "回复", "已答复"])
UNIT = st.sampled_from(["件", "条", "个", ""])


@given(RECEIVED, HANDLED, UNIT, st.integers(0, 999_999), st.integers(0, 999_999))
def test_both_counts_are_read_back(
    came: str, went: str, unit: str, received: int, handled: int
) -> None:
    for text in (
        f"{came}{received}{unit},{went}{handled}{unit}",
        f"{came} {received} {unit} {went} {handled} {unit}",
    ):
        assert comment_counts(text) == (Decimal(received), Decimal(handled))


@given(st.integers(0, 999_999), st.decimals(0, 99, places=1))
def test_a_share_is_never_taken_for_a_count(received: int, share: Decimal) -> None:
    assert comment_counts(f"收到{received}件,处理率{share}%")[1] is None


@given(st.text(max_size=40))
def test_any_text_gives_counts_or_nothing(text: str) -> None:
    received, handled = comment_counts(text)

    assert received is None or received >= 0
    assert handled is None or (handled >= 0 and received is not None)


@given(st.text(max_size=40))
def test_any_text_gives_a_stage_of_the_task_or_none(text: str) -> None:
    reached = reached_stage(text, STAGES)

    assert reached is None or 0 <= reached <= len(STAGES)


@given(st.sampled_from(STAGES), st.sampled_from(["", "已", "已到", "已完成"]))
def test_every_stage_is_read_back(stage: str, before: str) -> None:
    assert reached_stage(f"{before}{stage}", STAGES) == STAGES.index(stage) + 1


@given(st.sampled_from(STAGES), st.sampled_from(["正在", "尚未", "准备", "即将"]))
def test_a_stage_under_way_is_not_reached(stage: str, before: str) -> None:
    assert reached_stage(f"{before}{stage}", STAGES) is None
