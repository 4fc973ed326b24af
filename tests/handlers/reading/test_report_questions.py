"""Until when, how much, what was last time: told apart, and never taken for a report."""

import pytest

from handlers.reading.report_questions import Asked, asked_of_report

QUESTIONS = {
    Asked.DUE: ["什么时候截止", "最晚哪天报", "还有几天", "几号要交"],
    Asked.LATER: ["能不能晚两天报", "可以延期吗", "能宽限几天吗"],
    Asked.LAST: ["上个月报了多少", "上次是什么数", "6月份完成几个"],
    Asked.HOW_MUCH: ["要报多少", "任务数是多少", "填多少合适", "指标几个"],
}
NONE = [
    "完成数：1710个",
    "截至8月31日",
    "还有3个点位没装",
    "上个月报了多少\n完成1710个",
    "这个月因为下雨，各县市施工队进场都比较晚，上个月报了多少我也要回去再查一下台账",
]


@pytest.mark.parametrize(
    ("text", "asked"), [(text, asked) for asked, texts in QUESTIONS.items() for text in texts]
)
def test_a_question_about_the_report_is_known_by_what_it_asks(text: str, asked: Asked) -> None:
    assert asked_of_report(text) is asked


@pytest.mark.parametrize("text", NONE)
def test_figures_stories_and_several_lines_ask_nothing(text: str) -> None:
    assert asked_of_report(text) is None
