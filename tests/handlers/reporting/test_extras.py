"""Stages read from any words: exactly what was said, or nothing."""

from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.reporting.extras import reached_stage

STAGES = ("立项", "开工", "主体完工", "设备安装", "验收投用")


@settings(deadline=None)  # the first text loads what finds names by their sound
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
