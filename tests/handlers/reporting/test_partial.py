"""A part is not taken for the whole, nor a plan for what is done; what denies itself is left."""

import pytest

from handlers.reporting.content import Content
from handlers.reporting.form import Form
from handlers.reporting.heard import hear
from tests.handlers.reporting.forms import a_form, indicator
from tests.handlers.reporting.test_certain import TODAY, each
from tests.handlers.reporting.test_told import HELP, SET_UP, SUBSIDIES, SUPPORT

CHECKS = a_form(
    "完成农村及城镇低保适龄妇女“两癌”免费检查29000人",
    [indicator(1, "“两癌”免费检查", "人", "29000", "两癌检查", "两癌免费检查")],
)
ROADS = a_form(
    "完成农村公路（乡乡通三级路、旅游路、资源路、产业路）提质改造260公里",
    [indicator(1, "农村公路提质改造", "公里", "260", "公路提质改造", "提质改造")],
)
BEDS = a_form("建设农村和城镇养老床位500张", [indicator(1, "养老床位", "张", "500")])
FIBRE = a_form(
    "提升农村通信网络，建成7个4G基站，完成25个行政村通组光纤工程",
    [
        indicator(1, "4G基站", "个", "7", "基站"),
        indicator(2, "行政村通组光纤", "个", "25", "通组光纤", "通组光纤工程"),
    ],
)
CHILDREN = a_form(
    "康复救助残疾儿童550人",
    [indicator(1, "残疾儿童康复救助", "人", "550", "康复救助残疾儿童")],
)
PLACES = a_form("增加公办幼儿园学位9700个", [indicator(1, "公办幼儿园学位", "个", "9700")])
BLOCKS = a_form(
    "开工建设85个城镇老旧小区",
    [indicator(1, "城镇老旧小区开工", "个", "85", "老旧小区", "老旧小区开工")],
)
TOILETS = a_form(
    "改（新）建农村户用厕所77500个",
    [indicator(1, "农村户用厕所", "个", "77500", "户用厕所", "农村户厕")],
)

#: Beside 建成安防设备1386个: others are still missing, or it is no real figure.
LIMITED = """
仅统计吉首、花垣两地，{}|{}，其余县市数据还没收齐|{}，龙山、永顺数据未报|{}，但永顺数还没报上来
除保靖、古丈外，全州{}|{}，其余县市另报|{}，其他部位的另行汇总|{}，农村部分由卫健部门统计|{}，散户未计
{}，永顺县台账缺报|{}，部分数据正在核对|{}。其余县市数据还没收齐|{}，不含高新区|吉首市、花垣县，累计{}
{}，这是计划数，实际数另报|{}，以上为预计数|{}，均为设计数|{}（含2020年结转860个）|{}，其中23个为往年结转项目
{}，个别县数据漏报|只收到六个县的材料，{}|{}；龙山县数据空缺|{}，花垣县的暂未纳入
"""
PLANS = "计划10月底前完成|下月起陆续安装|8月起分批安装|拟年底前装完|预计10月装好|力争国庆前建好"
#: What is ordinary beside a figure of the whole.
WHOLE = """
其余2795个正在安装|其余各县均在推进|下一步计划年底前完成全年任务|计划10月底前全面完成任务|吉首市进度较快
其余县市正在加快推进
"""
DENIED = """
将对312个点位安装安防设备312个|力争建成安防设备1350个|平均每个行政村建成安防设备3个|每村建成安防设备3个
每天约安装安防设备26个|并没有建成安防设备71个|安防设备离5600个还差一截|根据合同，新建安防设备1300个要在10月底交付
新建安防设备620个已列入8月开工清单|争取再装安防设备620个|村均安防设备3个|培训辅警1450人
"""


def taken(text: str, form: Form) -> list[int]:
    """The values that go into the report unasked."""
    content = hear(Content(), f"截至5月31日，{text}。", form, TODAY).content
    return [int(e.value) for e in content.figures if e.is_sure and e.value is not None]


def test_a_clause_beside_the_figure_takes_its_wholeness_away() -> None:
    figure = "建成安防设备1386个"
    texts = [way.format(figure) for way in each(LIMITED)]

    assert [text for text in texts if taken(text, SET_UP)] == []


def test_so_it_does_in_a_field() -> None:
    texts = [f"完成数：1386个，{more}" for more in ("其余县市还没收齐", "永顺数据未报", "不含永顺")]

    assert [text for text in texts if taken(text, SET_UP)] == []


@pytest.mark.parametrize("figure", ["安防设备1386个", "全州安防设备1386个"])
def test_a_figure_that_is_only_planned(figure: str) -> None:
    texts = [f"{figure}，{plan}" for plan in each(PLANS)]

    assert [text for text in texts if taken(text, SET_UP)] == []


def test_what_is_ordinary_beside_a_figure() -> None:
    texts = [f"全州已建成安防设备1710个，{more}" for more in each(WHOLE)]

    assert [text for text in texts if taken(text, SET_UP) != [1710]] == []


@pytest.mark.parametrize(
    ("form", "text"),
    [
        (CHECKS, "城镇低保妇女检查了2750人"),
        (CHECKS, "城镇低保适龄妇女“两癌”免费检查完成24120人"),
        (CHECKS, "低保妇女“两癌”检查完成24820人"),
        (CHECKS, "农村妇女检查完成23300人"),
        (CHECKS, "适龄妇女“两癌”免费检查完成23300人"),
        (ROADS, "旅游路提质改造完成23.5公里"),
        (ROADS, "产业路提质改造完工41公里"),
        (ROADS, "资源路完成提质改造38公里"),
        (ROADS, "旅游路、产业路完成提质改造60公里"),
        (ROADS, "旅游路方面，完成提质改造60公里"),
        (BEDS, "建成农村养老床位120张"),
        (BEDS, "城镇养老床位建成120张"),
    ],
)
def test_one_of_what_the_title_lists_is_a_part(form: Form, text: str) -> None:
    assert taken(text, form) == []


@pytest.mark.parametrize(
    ("form", "text", "values"),
    [
        (CHECKS, "农村及城镇低保适龄妇女“两癌”免费检查完成24120人", [24120]),
        (CHECKS, "全州累计为24120名农村及城镇低保适龄妇女开展“两癌”免费检查", [24120]),
        (CHECKS, "“两癌”免费检查完成24120人", [24120]),
        (ROADS, "农村公路提质改造完成141公里", [141]),
        (ROADS, "乡乡通三级路、旅游路、资源路、产业路提质改造完成141公里", [141]),
        (BEDS, "建成农村和城镇养老床位120张", [120]),
        (BEDS, "建成养老床位120张", [120]),
        (CHILDREN, "全州已为412名残疾儿童提供康复救助", [412]),
        (CHILDREN, "为412名残疾儿童实施康复救助", [412]),
        (BLOCKS, "85个老旧小区中51个已正式开工", [51]),
        (BLOCKS, "85个老旧小区中已有51个开工", [51]),
        (HELP, "全年1800件的任务已办1026件", [1026]),
        (HELP, "全州法律援助机构共受理案件1026件，完成年任务57%", [1026]),
        (PLACES, "公办幼儿园学位累计增加5820个", [5820]),
        (TOILETS, "全州改（新）建农村户用厕所28450个", [28450]),
        (FIBRE, "4G基站完成5个，通组光纤完成18个村，工作有序推进", [5, 18]),
        (SUPPORT, "城市低保标准平均583元/月，农村低保标准平均4425元/年", [583, 4425]),
        (SUBSIDIES, "困难残疾人生活补贴和重度残疾人护理补贴标准都达到每人每月100元", [100, 100]),
    ],
)
def test_right_figures_are_taken_at_once(form: Form, text: str, values: list[int]) -> None:
    assert taken(text, form) == values


def test_figures_that_deny_themselves_are_left() -> None:
    for text in each(DENIED):
        content = hear(Content(), f"截至5月31日，{text}。", SET_UP, TODAY).content

        assert content.figures == (), text
