"""Where two readings are left a figure is asked, however plain it looks."""

from datetime import date

import pytest

from handlers.reading.prose import Kind, read_prose

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


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("全州检测样品320批次，其中不合格6批次。", "6批次"),
        ("检查企业120家，其中异常8家。", "8家"),
        ("已建成85个，其中死亡2人。", "2人"),
    ],
)
def test_what_nobody_achieves_is_never_taken_as_done(text: str, words: str) -> None:
    figure = next(f for f in read_prose(text, date(2021, 6, 10)).figures if f.text == words)

    assert (figure.kind, figure.certain) == (Kind.OTHER, False)


@pytest.mark.parametrize(
    "plan", "有望 打算 预期 接下来 下阶段 届时 必须 保证 目标是 预计 力争 确保".split()
)
def test_what_is_only_planned_completes_nothing(plan: str) -> None:
    assert read_prose(f"{plan}超额完成全年任务。", date(2021, 8, 16)).status is None


@pytest.mark.parametrize("plan", "有望 打算 预期 届时 预计 力争".split())
def test_the_day_of_a_plan_is_no_day_of_the_data(plan: str) -> None:
    text = f"已完成改造1710户，{plan}8月底全面完工。"

    assert read_prose(text, date(2021, 8, 16)).as_of is None


def test_the_first_twelve_months_are_the_whole_year() -> None:
    assert read_prose("前十二个月完成20个。", date(2021, 12, 31)).as_of == date(2021, 12, 31)
