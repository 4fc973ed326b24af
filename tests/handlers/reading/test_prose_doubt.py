"""Where two readings are left a figure is asked, however plain it looks."""

from datetime import date

import pytest

from handlers.reading.prose import read_prose

TODAY = date(2021, 6, 10)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("召开推进会6次", "other"),
        ("约谈滞后单位3家", "other"),
        ("完成招标6个", "other"),
        ("为全面完成今年8.5万亩造林任务", "done"),
        ("比计划多完成20户", "target"),
        ("完成了680户里的22户", "done"),
        ("建成后可带动就业500人", "done"),
        ("争取到省级奖补资金2000万元", "target"),
        ("2023年计划完成投资5亿元", "money"),
        ("占应征1500亩的84%", "done"),
        ("办理时限平均缩短5个工作日", "done"),
        ("监测对象1236户", "done"),
        ("到年底，全部完成1800个", "done"),
        ("去年同期完成1200户", "done"),
        ("今年任务比去年增加120户，达到680户", "done"),
        ("“100个村”示范工程", "done"),
    ],
)
def test_no_figure_is_taken_for_what_it_is_not(text: str, wrong: str) -> None:
    figures = read_prose(text, TODAY).figures

    assert figures
    assert not [f for f in figures if f.certain and f.kind == wrong and f.unit != "%"]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("环比减少3起、2人", ["growth", "growth"]),
        ("任务320户1280人", ["target", "target"]),
        ("8所已投入使用、4所正在装修", ["done", "other"]),
        ("建成公厕23座、中转站5座", ["done", "done"]),
        ("其中：发放补贴1260万元、奖金80万元", ["money", "money"]),
        ("完成率：吉首市100%，花垣县87%", ["percent", "percent"]),
        ("今年计划新增停车位2600个、充电桩460个", ["target", "target"]),
    ],
)
def test_members_of_a_list_share_their_verb(text: str, kinds: list[str]) -> None:
    figures = read_prose(text, TODAY).figures

    assert [figure.kind.value for figure in figures] == kinds
    assert all(figure.certain for figure in figures)


def test_a_plan_ends_where_something_is_said_to_have_happened() -> None:
    text = "今年计划改造老旧小区36个，目前已完工14个，预计11月底完工20个。"

    assert [(f.text, f.kind.value) for f in read_prose(text, TODAY).figures] == [
        ("36个", "target"),
        ("14个", "done"),
        ("20个", "target"),
    ]


def test_what_stands_under_next_steps_is_wanted() -> None:
    text = "一、进展。完成改造320户。\n二、下步打算。一是完成整改12处。二是满意率达到98%。"

    assert [f.kind.value for f in read_prose(text, TODAY).figures] == ["done", "target", "target"]


def test_a_heading_of_the_past_ends_the_plans() -> None:
    text = "下一步，加快进度。完成整改12处。\n三、工作成效\n完成投资3亿元。"
    first, second = read_prose(text, TODAY).figures

    assert (first.kind.value, first.certain) == ("target", False)
    assert (second.kind.value, second.certain) == ("money", True)


def test_a_sentence_about_later_money_is_no_plan() -> None:
    (figure,) = read_prose("后续资金到位后，已完成投资3亿元。", TODAY).figures

    assert (figure.kind.value, figure.certain) == ("money", True)
