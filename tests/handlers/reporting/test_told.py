"""Figures of a text go to the indicators of one task, or are asked about; read ones are given."""

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.reading.likeness import other_task
from handlers.reading.names import Name
from handlers.reading.normalise import clean, normalise
from handlers.reading.prose.figures import Kind, Prose, ProseFigure
from handlers.reporting.content import Content
from handlers.reporting.form import Form
from handlers.reporting.heard import hear
from handlers.reporting.paragraph import with_paragraph
from handlers.reporting.told import Told, told
from tests.handlers.reporting.forms import COUNTIES, a_form, indicator

SET_UP = a_form(
    "乡村“雪亮工程”，建设乡村公共部位安防设备6000个",
    [indicator(1, "乡村公共部位安防设备", "个", "6000", "安防设备", "公共部位安防设备")],
    aliases=["雪亮工程"],
)
JOBS = a_form(
    "实现城镇新增就业2.3万人、完成政府补贴性职业技能培训3万人次，其中农村转移就业劳动者培训1.23万人次",
    [
        indicator(1, "城镇新增就业", "人", "23000", "新增就业"),
        indicator(2, "政府补贴性职业技能培训", "人次", "30000", "职业技能培训"),
        indicator(3, "农村转移就业劳动者培训", "人次", "12300", "转移就业培训"),
    ],
)
WORK = a_form(
    "城镇新增就业、农村劳动力转移就业和职业技能培训",
    [
        indicator(1, "城镇新增就业", "人", "20000", "新增就业"),
        indicator(2, "农村劳动力转移就业", "人", "20000", "转移就业"),
        indicator(3, "政府补贴性职业技能培训", "人次", "23000", "职业技能培训"),
    ],
)
SUPPORT = a_form(
    "提高城乡居民低保水平",
    [
        indicator(1, "城市低保标准", "元/月", "550", threshold=True),
        indicator(2, "城市低保人均救助水平", "元/月", "374", threshold=True),
        indicator(3, "农村低保标准", "元/年", "4300", threshold=True),
        indicator(4, "农村低保人均救助水平", "元/月", "230", threshold=True),
    ],
)
SUBSIDIES = a_form(
    "提高残疾人“两项补贴”标准",
    [
        indicator(1, "困难残疾人生活补贴", "元/月", "100", threshold=True),
        indicator(2, "重度残疾人护理补贴", "元/月", "100", threshold=True),
    ],
)
CHILDREN = a_form(
    "康复救助残疾儿童550人",
    [
        indicator(1, "残疾儿童康复救助", "人", "550", "康复救助残疾儿童"),
        indicator(2, "康复训练时间", "个月", "4400", "训练时间"),
    ],
)
BEDS = a_form(
    "建设特困供养服务床位100张以上，其中护理床位80张以上",
    [indicator(1, "特困供养服务床位", "张", "100"), indicator(2, "护理床位", "张", "80")],
    stated=True,
)
GRID = a_form(
    "完成8800万元10KV及以下行政村配电网改造工程",
    [indicator(1, "配电网改造投资", "元", "88000000", "完成投资")],
)
BLOCKS = a_form("开工建设85个城镇老旧小区", [indicator(1, "城镇老旧小区开工", "个", "85")])
RENT = a_form("开工建设保障性租赁住房214套", [indicator(1, "保障性租赁住房", "套", "214")])
HELP = a_form("办理法律援助案件1800件", [indicator(1, "法律援助案件", "件", "1800", "法律援助")])
NET = a_form(
    "提升农村通信网络，建成7个4G基站，完成25个行政村通组光纤工程",
    [
        indicator(1, "4G基站", "个", "7", "基站"),
        indicator(2, "行政村通组光纤", "个", "25", "通组光纤"),
    ],
)

_UNITS = re.compile(r"[\d.]+(万?)(.*)")


def prose(text: str, marks: str) -> Prose:
    """The figures named in *marks*, in order: `1710个 done`, `64户 other?` where not certain.

    A county before a colon is the place: `吉首市:1000个 done`.
    """
    found, place = [], 0
    for mark in marks.split("，"):
        written, kind = mark.split(" ")
        county, _, words = written.rpartition(":")
        start = text.index(words, place)
        place = start + len(words)
        number = Decimal(re.match(r"[\d.]+", words)[0])  # type: ignore[index]
        scaled = _UNITS.fullmatch(words)
        unit = scaled[2] if scaled else ""
        found.append(
            ProseFigure(
                value=number * (10_000 if scaled and scaled[1] else 1),
                unit=unit.replace("/人", ""),
                kind=Kind(kind.rstrip("?")),
                certain=not kind.endswith("?"),
                approximate=False,
                label=_label(text, start),
                place=county,
                text=words,
                start=start,
                end=place,
                sentence=text.count("。", 0, start),
            )
        )
    return Prose(tuple(found), None, None)


def _label(text: str, start: int) -> str:
    words = re.split(r"[,。;、:]", normalise(text[:start]))[-1]
    return re.sub("^(?:全州|其中|目前|已经?|累计)+|(?:达到?|平均|共|已)+$", "", words)


def taken(said: Told) -> dict[tuple[int, int | None], Decimal | None]:
    """The sure figures by indicator and county."""
    return {
        (each.indicator_id, each.unit_id): each.value
        for each in said.figures
        if each.is_sure and not each.choices
    }


def stated(said: Told) -> dict[int | None, str]:
    return {each.indicator_id: str(each.value) for each in said.stated}


TAKEN = [
    (
        "three of one sentence",
        JOBS,
        "全州实现城镇新增就业10265人，完成年任务44.63%；开展政府补贴性职业技能培训15368人次，"
        "完成51.23%，其中农村转移就业劳动者培训10573人次，完成85.96%。",
        "10265人 done，44.63% percent，15368人次 done，51.23% percent，"
        "10573人次 done，85.96% percent",
        {1: 10265, 2: 15368, 3: 10573},
        {1: "44.63", 2: "51.23", 3: "85.96"},
    ),
    (
        "levels",
        SUPPORT,
        "城市低保标准达到583元/月，人均救助水平386元/月；农村低保标准达到4425元/年，人均救助水平243元/月。",
        "583元/月 done，386元/月 done，4425元/年 done，243元/月 done",
        {1: 583, 2: 386, 3: 4425, 4: 243},
        {},
    ),
    (
        "one figure for two",
        SUBSIDIES,
        "困难残疾人生活补贴和重度残疾人护理补贴均达到100元/月。",
        "100元/月 done",
        {1: 100, 2: 100},
        {},
    ),
    (
        "respectively",
        CHILDREN,
        "实施残疾儿童康复救助717人、训练时间2067.7个月，分别完成年任务130.36%、46.99%，形象进度为46.99%。",
        "717人 done，2067.7个月 done，130.36% percent，46.99% percent，46.99% stated",
        {1: 717, 2: Decimal("2067.7")},
        {1: "130.36", 2: "46.99", None: "46.99"},
    ),
    (
        "stated alone",
        BEDS,
        "场地平整基本完成，形象进度为30%。",
        "30% stated",
        {},
        {None: "30"},
    ),
    (
        "money",
        GRID,
        "完成投资6498万元，占总投资的73.84%。",
        "6498万元 money，73.84% percent",
        {1: 64980000},
        {1: "73.84"},
    ),
    (
        "work in progress aside",
        a_form("无障碍改造680户", [indicator(1, "困难残疾人家庭无障碍改造", "户", "680")]),
        "已完成改造22户，64户正在施工，完成年任务3.3%。",
        "22户 done，64户 other，3.3% percent",
        {1: 22},
        {},
    ),
    (
        "the month's part aside",
        SET_UP,
        "本月安装128个，全州累计安装1838个。",
        "128个 done，1838个 done",
        {1: 1838},
        {},
    ),
    (
        "the step that counts",
        BLOCKS,
        "85个老旧小区，已开工改造63个，竣工20个。",
        "85个 target，63个 other，20个 done",
        {1: 63},
        {},
    ),
    (
        "the step in the title",
        RENT,
        "已开工214套，基本建成126套。",
        "214套 other，126套 done",
        {1: 214},
        {},
    ),
    (
        "named behind the figure",
        NET,
        "电信公司建成7个4G基站，移动公司完成25个行政村通组光纤工程。",
        "7个 done，25个 done",
        {1: 7, 2: 25},
        {},
    ),
    (
        "meetings are no cases",
        HELP,
        "召开调度会3次，受理法律援助案件798件。",
        "3次 done，798件 done",
        {1: 798},
        {},
    ),
    (
        "what comes before the work aside",
        a_form("无障碍改造680户", [indicator(1, "困难残疾人家庭无障碍改造", "户", "680")]),
        "无障碍改造已入户评估412户，签订协议318户，完工22户。",
        "412户 done，318户 done，22户 done",
        {1: 22},
        {},
    ),
    (
        "nothing said but how much",
        SET_UP,
        "截至5月底仅完成1710个。",
        "1710个 done",
        {1: 1710},
        {},
    ),
    (
        "proved by its percentage",
        SET_UP,
        "接入平台设备1650个，安装设备1710个，完成年任务28.5%。",
        "1650个 done，1710个 done，28.5% percent",
        {1: 1710},
        {1: "28.5"},
    ),
]


@pytest.mark.parametrize(
    ("form", "text", "marks", "values", "percents"),
    [each[1:] for each in TAKEN],
    ids=[each[0] for each in TAKEN],
)
def test_what_can_only_be_meant_is_taken(
    form: Form, text: str, marks: str, values: dict[int, object], percents: dict[int | None, str]
) -> None:
    said = told(prose(text, marks), text, form)

    assert taken(said) == {(key, None): value for key, value in values.items()}
    if percents:
        assert stated(said) == percents


def test_a_part_of_another_indicator_is_not_taken_for_a_name_inside_its_words() -> None:
    """农村转移就业劳动者培训 holds 转移就业, but what is counted is 培训."""
    text = "城镇新增就业10265人，职业技能培训15368人次，其中农村转移就业劳动者培训10573人次。"
    said = told(prose(text, "10265人 done，15368人次 done，10573人次 done"), text, WORK)

    assert taken(said) == {(1, None): 10265, (3, None): 15368}


def test_several_figures_of_one_indicator_are_a_choice() -> None:
    text = "已安装1710个，接入平台1650个。"
    [said] = told(prose(text, "1710个 done，1650个 done"), text, SET_UP).figures

    assert said.value is None
    assert [each.text for each in said.choices] == ["1710个", "1650个"]
    assert said.choices[0].source == "已安装1710个"


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("全州检查12个网吧。", "12个 done"),
        ("任务安防设备1710个。", "1710个 done?"),
    ],
    ids=["another thing", "maybe a plan"],
)
def test_one_that_is_not_sure_is_asked_about(text: str, marks: str) -> None:
    [said] = told(prose(text, marks), text, SET_UP).figures

    assert said.value is not None
    assert not said.is_sure


def test_what_is_left_for_one_another_is_asked_about() -> None:
    text = "新增床位60张，其中护理床位45张。"
    whole, part = told(prose(text, "60张 done，45张 done"), text, BEDS).figures

    assert [str(each.value) for each in (whole, part)] == ["60", "45"]
    assert [each.is_sure for each in (whole, part)] == [False, True]


def test_plans_alone_give_nothing_and_are_named() -> None:
    text = "计划建设安防设备6000个，力争10月底前完成。"
    said = told(prose(text, "6000个 target"), text, SET_UP)

    assert said.figures == ()
    assert said.unused == ("计划建设安防设备6000个",)


def test_counties_have_their_own_figures_and_a_percentage_alone_stays_text() -> None:
    text = "建成安防设备1710个。吉首市1000个、完成243%，花垣县完成55%，凤凰县79个、完成15.19%。"
    marks = (
        "1710个 done，吉首市:1000个 done?，吉首市:243% percent，花垣县:55% percent，"
        "凤凰县:79个 done?，凤凰县:15.19% percent"
    )
    said = told(prose(text, marks), text, SET_UP)

    assert taken(said) == {
        (1, None): 1710,
        (1, COUNTIES.index("吉首市") + 1): 1000,
        (1, COUNTIES.index("凤凰县") + 1): 79,
    }
    assert stated(said) == {}


def test_counties_that_add_up_to_the_whole_are_its_parts() -> None:
    text = "建成安防设备1710个。各县市为：吉首市1000个、花垣县710个。"
    whole = told(prose(text, "1710个 done，吉首市:1000个 done?，花垣县:710个 done?"), text, SET_UP)
    other = text.replace("花垣县710个", "花垣县700个")
    short = told(
        prose(other, "1710个 done，吉首市:1000个 done?，花垣县:700个 done?"), other, SET_UP
    )

    assert len(taken(whole)) == 3
    assert taken(short) == {(1, None): 1710}


def test_each_figure_says_from_which_words_it_came() -> None:
    text = "截至5月底，全州建成安防设备1710个，完成年任务28.5%。"
    [said] = told(prose(text, "1710个 done，28.5% percent"), text, SET_UP).figures

    assert (said.text, said.source) == ("1710个", "全州建成安防设备1710个")


_PIECES = (
    "全州 吉首市 建成 安防设备 1710个 6000个 28.5% 完成年任务 ， 。 、 其中 计划 累计 本月 "
    "截至5月底 （ ） 措施： 问题是 1.2万人 公里 3次 一是 形象进度 分别 10265人 \n"
).split(" ")


@settings(deadline=None)  # how long it takes is no part of what it says
@given(st.lists(st.sampled_from(_PIECES) | st.text(max_size=3), max_size=40).map("".join))
def test_any_text_is_heard_and_what_is_taken_stands_in_it(text: str) -> None:
    for form in (SET_UP, JOBS, SUPPORT, BEDS):
        after = hear(Content(), text, form, date(2021, 6, 8)).content

        for said in after.figures:
            assert said.text in clean(text) or said.choices
            assert all(each.text in clean(text) for each in said.choices)


OTHERS = (Name("2", "续7", "康复救助残疾儿童550人", ("残疾儿童康复救助", "残疾儿童康复")),)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("全州实施残疾儿童康复救助717人，工作有序推进。", "续7 残疾儿童康复救助"),
        ("困难残疾人家庭无障碍改造完成22户，残疾儿童康复救助另行报送。", ""),
        ("已完成改造22户。", ""),
    ],
    ids=["another's", "both are named", "none is named"],
)
def test_a_text_about_another_task_is_noticed(text: str, other: str) -> None:
    own = ("实施困难残疾人家庭无障碍改造680户", "无障碍改造")

    assert other_task(text, own, OTHERS) == other


def test_the_sections_of_a_paragraph_go_where_the_form_has_them() -> None:
    text = (
        "全州建成安防设备1710个，完成年任务28.5%。州局成立专班，落实周调度。主要措施：逐村安装。"
        "存在问题：部分山区村供电不稳。下一步，将督促滞后县市加快安装。"
    )
    after = with_paragraph(Content(), text, SET_UP, date(2021, 6, 8), new=True)

    assert {each.name: each.text for each in after.sections} == {
        "进展情况": "全州建成安防设备1710个，完成年任务28.5%。",
        "措施": "州局成立专班，落实周调度。\n逐村安装。",
        "问题": "部分山区村供电不稳。",
        "下一步": "下一步，将督促滞后县市加快安装。",
    }


@pytest.mark.parametrize(
    "talk",
    [
        "今天食堂做了3个菜，挺好吃的，大家都说不错。",
        "我在外面办事，材料晚点发给你们，麻烦跟领导说一声，谢谢。",
        "这个怎么填啊，我第一次用，能不能教教我？",
    ],
)
def test_talk_in_a_report_under_way_changes_nothing_of_it(talk: str) -> None:
    after = with_paragraph(Content(), talk, SET_UP, date(2021, 6, 8), new=False)

    assert (after.figures, after.sections, after.stated) == ((), (), ())
