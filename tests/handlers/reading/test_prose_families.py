"""A family of sentences for each rule that the labelled sets do not show by themselves."""

from datetime import date

import pytest

from handlers.reading.prose import ProseFigure, read_prose

TODAY = date(2021, 6, 10)

# Every figure in order as "words kind"; "!": taken without asking, "?": asked.
UNTIL_A_TIME_THAT_IS_OVER = [
    ("已于5月底前完成改造120户", "120户 done!"),
    ("已在汛期前完成加固36处", "36处 done!"),
    ("目前已赶在春节前发放补贴320万元", "320万元 money!"),
]
TASKS_LISTED = [
    ("城镇新增就业2.3万人、培训3万人次等任务已分解到县市", "2.3万人 target, 3万人次 target"),
    ("改造120户、新建公厕12座等任务正在推进", "120户 target, 12座 target"),
    ("建设学校12所等目标责任到人", "12所 target"),
]
GOING_ON = [
    ("正在验收36栋", "36栋 other"),
    ("还在办理12件", "12件 other"),
    ("正发放320户", "320户 other"),
]
UNFINISHED_UNDER_A_HEADING = [
    ("尚未完成的项目：户厕改造已完成320座，管网已建成12公里", "320座 done, 12公里 done"),
    ("进度滞后的有：农村公路累计完成300公里", "300公里 done"),
    ("未开工的标段：一标36公里，二标24公里", "36公里 other?, 24公里 other?"),
]
QUOTED_PAST = [
    ("通报了“全州已累计建成安防设备1710个”的情况", "1710个 target?"),
    ("宣传“目前实际完成改造城镇老旧小区85个”的做法", "85个 target?"),
]
BEYOND = [
    ("每站床位超省定标准12张", "12张 other?"),
    ("在岗人数高于全省平均水平3人", "3人 other?"),
    ("办结用时少于规定时限2天", "2天 other?"),
]
RATES_WITHOUT_A_SIGN = [
    ("开工率达95", "95 done|rate?"),
    ("群众满意度为98", "98 done|rate?"),
    ("任务完成比例达到62", "62 done|percent?"),
]
POINTS_OF_RATES = [
    ("贷款利率下调10个基点", "10个基点 growth|points|other?"),
    ("利差扩大15个基点", "15个基点 growth|points|other?"),
]
MARKS = [
    ("考核得分96.5分", "96.5分 other|done?"),
    ("群众知晓度93.2分", "93.2分 rate?"),
    ("社会认可度95分", "95分 rate?"),
]
OF_A_TOTAL = [
    ("完成总投资1.65亿元的62%", "1.65亿元 target, 62% percent"),
    ("完成计划投资3亿元的四成", "3亿元 target, 四成 percent"),
]
SLASHES = [
    ("完成22/35户", "22 done?, 35户 target?"),
    ("已改造18/40栋", "18 done?, 40栋 target?"),
]
IN_BRACKETS = [
    ("已完成（不含在建）改造120户", "120户 done!"),
    ("建成（未含滞后标段）公路36公里", "36公里 done!"),
    ("已建成（另有8个待建）85个", "8个 other, 85个 done!"),
]
STOPPED = [
    (
        "结转12个项目中，已办结9个，办理中2个，终止1个",
        "12个 target|other?, 9个 done, 2个 other, 1个 other",
    ),
    ("暂停施工3个", "3个 other"),
    ("停业整顿9家", "9家 done|other?"),
]
ONE_AMONG_THEM = [
    ("第二期5所中永顺县芙蓉学校已建成，其余4所正在建设", "5所 target|other?, 4所 other"),
    ("12个标段中一标已完工", "12个 target|other?"),
    ("36处隐患中省级挂牌的已全部销号", "36处 target|other?"),
    ("已建成36个中心", "36个 done!"),
    ("维修12所中学", "12所 done|target?"),
]
FAMILIES = {
    "among": ONE_AMONG_THEM,
    "until": UNTIL_A_TIME_THAT_IS_OVER,
    "listed": TASKS_LISTED,
    "going on": GOING_ON,
    "heading": UNFINISHED_UNDER_A_HEADING,
    "quoted": QUOTED_PAST,
    "beyond": BEYOND,
    "bare rates": RATES_WITHOUT_A_SIGN,
    "points of rates": POINTS_OF_RATES,
    "marks": MARKS,
    "total": OF_A_TOTAL,
    "slashes": SLASHES,
    "brackets": IN_BRACKETS,
    "stopped": STOPPED,
}


@pytest.mark.parametrize(
    ("text", "expected"), [member for family in FAMILIES.values() for member in family]
)
def test_each_family_is_read_as_its_members_say(text: str, expected: str) -> None:
    figures = read_prose(text, TODAY).figures
    wanted = expected.split(", ")

    assert [figure.text for figure in figures] == [each.rpartition(" ")[0] for each in wanted]
    for figure, each in zip(figures, wanted, strict=True):
        assert _is_as_wanted(figure, each), f"{figure.kind} {figure.certain}, not {each}"


def _is_as_wanted(figure: ProseFigure, wanted: str) -> bool:
    kinds = wanted.rpartition(" ")[2]
    if kinds[-1] in "!?" and figure.certain != (kinds[-1] == "!"):
        return False
    return figure.kind.value in kinds.strip("!?").split("|")


@pytest.mark.parametrize(
    "text",
    ["配备护林员不少于100名", "力争新增床位100张以上", "确保培训至少100人", "要求检查不低于100家"],
)
def test_a_limit_that_is_wanted_is_exact(text: str) -> None:
    (figure,) = read_prose(text, TODAY).figures

    assert (figure.kind.value, figure.approximate) == ("target", False)


@pytest.mark.parametrize("text", ["已培训100人以上", "累计检查100家以上"])
def test_more_than_a_number_that_was_done_is_rough(text: str) -> None:
    (figure,) = read_prose(text, TODAY).figures

    assert (figure.kind.value, figure.approximate) == ("done", True)


@pytest.mark.parametrize(
    "text",
    ["降幅低于全省2.1个百分点", "下降速度慢于全州2.1个百分点", "减幅落后全省平均2.1个百分点"],
)
def test_what_is_lacking_keeps_its_value(text: str) -> None:
    (figure,) = read_prose(text, TODAY).figures

    assert (figure.kind.value, str(figure.value)) == ("points", "2.1")


def test_counties_named_once_hold_for_the_next_list() -> None:
    text = "吉首市、花垣县分别完成改造120户、85户，分别占任务的60%、42.5%。"

    assert [(f.place, f.text) for f in read_prose(text, TODAY).figures] == [
        ("吉首市", "120户"),
        ("花垣县", "85户"),
        ("吉首市", "60%"),
        ("花垣县", "42.5%"),
    ]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("吉首市建成1000个，占全市任务的243%。", ["吉首市", "吉首市"]),
        ("花垣县建成275个，完成全县任务的55%。", ["花垣县", "花垣县"]),
        ("花垣县建成275个，全州建成1710个。", ["花垣县", ""]),
        ("慈利县建成275个，占全市任务的55%。", ["慈利县", ""]),
    ],
)
def test_the_whole_of_a_county_is_that_county(text: str, places: list[str]) -> None:
    assert [figure.place for figure in read_prose(text, TODAY).figures] == places


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("年底前全面完成任务", None),
        ("11月底前全部完成", None),
        ("打算加快进度，目前已全面完成年度任务", "completed"),
        ("预计年底，全面完成年度任务", None),
    ],
)
def test_a_time_or_a_plan_before_it_completes_nothing(text: str, status: str | None) -> None:
    assert read_prose(text, TODAY).status == status
