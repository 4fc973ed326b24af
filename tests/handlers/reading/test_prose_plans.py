"""Every word of plans against everything that is read: nothing planned has happened."""

from datetime import date

import pytest

from handlers.reading.prose import Kind, read_prose

TODAY = date(2021, 8, 16)
PLANS = (
    "下一步 下步 下阶段 下一阶段 接下来 今后 明年 下月 下个月 下季度 届时 确保 力争 力保 务必 务求 "
    "预计 预期 有望 打算 必须 保证"
).split()
#: Times that are over before the time of any report.
PAST = "去年 上年 前年 上月 上个月 上月底 上季度 上个季度 前期 年初 往年 此前 去年同期".split()


@pytest.mark.parametrize("word", PLANS)
def test_what_is_planned_is_not_done(word: str) -> None:
    (figure,) = read_prose(f"{word}完成改造120户。", TODAY).figures

    assert (int(figure.value), figure.kind) == (120, Kind.TARGET)


@pytest.mark.parametrize("word", PLANS)
def test_money_of_a_plan_has_not_been_paid(word: str) -> None:
    (figure,) = read_prose(f"{word}发放补贴资金120万元。", TODAY).figures

    assert (int(figure.value), figure.kind) == (1_200_000, Kind.TARGET)


@pytest.mark.parametrize("word", PLANS)
def test_a_rate_of_a_plan_is_wanted(word: str) -> None:
    (figure,) = read_prose(f"{word}开工率达到95%。", TODAY).figures

    assert (int(figure.value), figure.kind) == (95, Kind.TARGET)


@pytest.mark.parametrize(
    "text", ["{}全面完成任务。", "{}超额完成全年任务。", "{}年底，任务全面完成。"]
)
@pytest.mark.parametrize("word", PLANS)
def test_what_is_planned_completes_nothing(word: str, text: str) -> None:
    assert read_prose(text.format(word), TODAY).status is None


@pytest.mark.parametrize("word", PLANS)
def test_the_day_of_a_plan_is_no_day_of_the_data(word: str) -> None:
    assert read_prose(f"已完成改造1710户，{word}8月底全面完工。", TODAY).as_of is None


@pytest.mark.parametrize("word", ["下一步", "力争", "预计", "打算"])
def test_what_has_happened_ends_a_plan(word: str) -> None:
    text = f"{word}加快进度，目前已完成改造120户。"

    assert [(f.kind, f.certain) for f in read_prose(text, TODAY).figures] == [(Kind.DONE, True)]


@pytest.mark.parametrize(
    "text", ["{}完成改造1200户。", "{}，全州完成改造1200户。", "{}已建成20个。"]
)
@pytest.mark.parametrize("word", PAST)
def test_what_was_done_earlier_is_asked(word: str, text: str) -> None:
    (figure,) = read_prose(text.format(word), TODAY).figures

    assert not figure.certain


@pytest.mark.parametrize(
    "text",
    [
        "年初以来完成改造1200户。",
        "较去年同期增长6%，已完成改造1200户。",
        "与上月相比，进度加快，已完成改造1200户。",
        "去年完成960户，今年已完成改造1200户。",
        "前期工作扎实，已完成改造1200户。",
    ],
)
def test_an_earlier_time_that_is_only_named_leaves_the_figure_sure(text: str) -> None:
    figure = read_prose(text, TODAY).figures[-1]

    assert (int(figure.value), figure.kind, figure.certain) == (1200, Kind.DONE, True)


@pytest.mark.parametrize(
    "text", ["本月增加32户。", "累计增加32户。", "比上月增加32户。", "增长32户。"]
)
def test_a_mere_change_is_asked_or_told_as_one(text: str) -> None:
    (figure,) = read_prose(text, TODAY).figures

    assert not (figure.certain and figure.kind is Kind.DONE)


@pytest.mark.parametrize("text", ["累计新增就业320人。", "今年以来新增企业12户。"])
def test_what_was_newly_added_is_done(text: str) -> None:
    (figure,) = read_prose(text, TODAY).figures

    assert (figure.kind, figure.certain) == (Kind.DONE, True)
