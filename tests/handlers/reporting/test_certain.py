"""No figure is taken as certain that is another one: tables of clauses, every order of them."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reporting.content import Content, FigureSaid
from handlers.reporting.form import Form
from handlers.reporting.heard import hear
from tests.handlers.reporting.forms import COUNTIES
from tests.handlers.reporting.test_told import BLOCKS, SET_UP, WORK

TODAY = date(2021, 6, 8)
DONE = Decimal(1710)

OF_A_PART = """
5月份建成安防设备210个|5月，全州建成安防设备210个|本月新建安防设备210个|当月安装210个|上月完成210个
本周装了210个|五月份新装安防设备210个|近一个月安装安防设备210个|5月1日至31日安装安防设备210个
4月份完成210个|这个月安装安防设备210个|5月当月建成安防设备210个|本月又建成210个|上周安装安防设备210个
5月下旬安装210个|2021年5月份建成安防设备210个|其中5月建成210个|4至5月建成安防设备210个
去年建成安防设备210个|2020年建成安防设备210个|去年同期建成安防设备210个|昨天安装210个
5月20日安装安防设备210个|节后安装安防设备210个|本月累计安装210个
"""
OF_THE_YEAR = """
年内累计1710个|累计建成安防设备1710个|今年以来共建成安防设备1710个|截至5月31日累计安装1710个
1—5月累计完成1710个|年初以来建成安防设备1710个|目前已建成安防设备1710个|截至5月底已建成安防设备1710个
全州累计建成安防设备1710个，完成年任务的28.5%
"""
UP_TO_EARLIER = """
一季度建成安防设备900个|1—3月安装安防设备900个|截至3月31日建成安防设备900个|3月底安防设备达到900个
前四个月建成安防设备900个|1至4月累计建成900个|截至4月底累计安装900个
"""
UP_TO_NOW = """
5月底达到1710个|截至5月31日建成1710个|1—5月累计建成安防设备1710个|目前累计1710个|截至5月底累计1710个
"""
OTHER_STEPS = """
采购安防设备4000个|已采购安防设备4000个|购置安防设备4000个|安防设备到货4000个|订购4000个
完成安防设备招标采购4000个|签订安防设备采购合同4000个|完成安防设备设计4000个|摸排安防设备点位4000个
勘察点位4000个|下单4000个|配送安防设备4000个|发放安防设备4000个|入库安防设备4000个|安防设备备货4000个
验收到货安防设备4000个|已运抵安防设备4000个|储备安防设备4000个|落实安防设备4000个|正在调试500个
正在安装500个|待安装500个|调试500个|调试完成500个|检修500个|维修安防设备500个|报废500个|故障12个
拆除旧设备300个|未安装500个|尚有500个未安装|还差4290个|缺口4290个|计划安装4290个|拟再装500个
涉及安防设备4000个|覆盖1200个
"""
RIVALS = "联网500个|接入平台500个|投入使用500个|通过验收500个"
SET = "已安装1710个|建成安防设备1710个|安防设备安装到位1710个|完成安装1710个"
ADDED = """
新增安防设备210个|又建成安防设备210个|再建成210个|新装安防设备210个|净增安防设备210个|另建成安防设备210个
新增建成安防设备210个|新完成安装210个|新建成安防设备210个|增加安防设备210个|增补安防设备210个
补装安防设备210个|本次安装安防设备210个|此次建成210个|这次装了210个|本期完成210个|本期新增210个
今年新增安防设备210个|比上期多建210个|较上期增加210个
"""
PARTS = """
，其中城区500个、乡村1210个|，其中城区500个，乡村1210个|（城区500个、乡村1210个）|，包括城区500个、乡村1210个
，城区500个、乡村1210个|，其中吉首市1000个，花垣县710个|，主要是城区500个|，含改造500个|（含续建500个）
：城区500个，乡村1210个|，分别是城区500个、乡村1210个
"""
DOUBTS = """
吧|左右|，好像是|，大概|，应该没错吧|，不太确定|，我再核一下|，待核实|吗|？|，估计|，可能有出入|上下|，先报这个数
，具体以统计为准|，数据暂定
"""
GUESSES = "大概|可能|好像有|估计|应该有|差不多|似乎|大致|也许|听说|我记得是"
WAYS = """
建成安防设备{}1710个{}|全州一共{}1710个{}|完成数：{}1710个{}|截至5月31日，已建成安防设备{}1710个{}。
{}1710个{}|目前{}安装了1710个{}
"""
TWO = """
完成数：1710个~完成数：1715个|完成数：1710~应该是1715，我再核一下|全州一共1710个吧~应该是1715
科员甲 8月19日 10:21~全州一共1710个~科员乙 8月19日 10:25~1715个
1710个~1715个|已建成1710个~已建成1715个
"""
CLEAR = """
截至5月31日，已建成安防设备1710个，完成年任务的28.5%。|1—5月，全州建成安防设备1710个，占年任务的28.5%。
截至5月底，全州累计建成乡村公共部位安防设备1710个，完成率28.5%。|截至5月31日~完成数：1710个
雪亮工程已建成安防设备1710个。|截至5月31日，全州共安装安防设备1710个，其中吉首市1000个。
今年以来，全州建成安防设备1710个。|截止5月31日安防设备建成1710个|1710个|完成1710个，28.5%|5月底1710个
截至目前，建成安防设备1710个。|已装1710个|完成数1710|乡村公共部位安防设备1710个（28.5%）
截至5月31日，安防设备1710个|全年任务6000个，已完成1710个，完成28.5%。
今年计划建设安防设备6000个，截至5月31日已建成1710个。
雪亮工程完成安防设备建设1710个，占目标的28.5%，比序时进度慢13个百分点。
截至5月底，6000个安防设备已建成1710个，剩余4290个正在安装。
截至5月31日，安防设备较上月增加210个，达1710个，较去年同期减少5%。|完成数改为1710个|完成数应为1710
"""


def each(table: str) -> list[str]:
    return [way.replace("~", "\n") for way in table.replace("\n", "|").split("|") if way]


def in_turn(one: str, two: str, marks: str) -> list[str]:
    """Every clause of the first table before every one of the second, and behind it."""
    pairs = [(a, b) for a, b in product(each(one), each(two))]
    return [f"{a}{mark}{b}。" for x, y in pairs for mark in marks for a, b in ((x, y), (y, x))]


def in_fields(table: str) -> list[str]:
    """Every clause as a sentence, behind a day, under a day, and as what a field holds."""
    ways = ("{}。", "截至5月31日，{}。", "截至：5月31日\n{}", "完成数：{}")
    return [way.format(clause) for clause in each(table) for way in ways]


def certain(text: str, form: Form = SET_UP) -> FigureSaid | None:
    """The figure of the first indicator that goes into the report unasked."""
    content = hear(Content(), text, form, TODAY).content
    said = content.figure(1)
    if said is None or said.value is None or not said.is_sure:
        return None
    return said if said.day in (None, content.as_of) else None


def wrong(texts: Iterable[str], right: Decimal | None = DONE) -> list[str]:
    """The texts of which another figure is taken, with that figure."""
    found = ((text, certain(text)) for text in texts)
    return [f"{said.value}: {text}" for text, said in found if said and said.value != right]


def test_the_count_of_a_month_is_never_that_of_the_year() -> None:
    texts = in_turn(OF_A_PART, OF_THE_YEAR, "，；。")

    assert wrong(texts) == []
    assert all(map(certain, in_turn(OF_A_PART, OF_THE_YEAR, "，")))


def test_a_month_alone_is_not_taken() -> None:
    assert wrong(in_fields(OF_A_PART), None) == []


def test_the_count_of_a_day_goes_with_that_day() -> None:
    assert wrong(in_turn(UP_TO_EARLIER, UP_TO_NOW, "，；。")) == []


@pytest.mark.parametrize(
    "way", ["{}。\n截至：5月31日", "截至：5月31日\n{}。", "截至：5月31日\n完成数：{}"]
)
def test_the_count_of_an_earlier_day_is_asked_about(way: str) -> None:
    assert wrong((way.format(clause) for clause in each(UP_TO_EARLIER)), None) == []


def test_what_is_bought_or_under_way_is_not_what_stands() -> None:
    texts = in_turn(OTHER_STEPS, SET, "，")

    assert wrong(f"截至5月31日，{text}" for text in texts) == []
    assert wrong(in_fields(OTHER_STEPS), None) == []
    assert sum(certain(f"截至5月31日，{text}") is None for text in texts) < len(texts) / 20


def test_of_two_things_done_it_is_asked_which() -> None:
    assert wrong(f"截至5月31日，{text}" for text in in_turn(RIVALS, SET, "，")) == []


def test_what_was_added_is_not_all_there_is() -> None:
    assert wrong(in_fields(ADDED), None) == []
    assert wrong(in_turn(ADDED, OF_THE_YEAR, "，；")) == []


def test_the_whole_stands_before_its_parts() -> None:
    wholes = "截至5月底安防设备完成1710个|截至5月底，全州建成安防设备1710个|已建成安防设备1710个"
    texts = [f"{whole}{parts}。" for whole, parts in product(each(wholes), each(PARTS))]

    assert [text for text in texts if (said := certain(text)) is None or said.value != DONE] == []


def test_words_of_doubt_are_asked_about() -> None:
    texts = [way.format("", doubt) for way, doubt in product(each(WAYS), each(DOUBTS))]
    texts += [way.format(guess, "") for way, guess in product(each(WAYS), each(GUESSES))]

    assert [text for text in texts if certain(text)] == []


@pytest.mark.parametrize("text", each(TWO))
def test_two_values_in_one_message_are_a_choice(text: str) -> None:
    said = hear(Content(), text, SET_UP, TODAY).content.figure(1)

    assert said is not None
    assert [each.value for each in said.choices] == [DONE, Decimal(1715)]


@pytest.mark.parametrize("text", each(CLEAR))
def test_what_is_clear_is_taken(text: str) -> None:
    said = certain(text)

    assert said is not None
    assert said.value == DONE


@pytest.mark.parametrize(
    "text",
    [
        "截至5月31日，吉首市建成安防设备1000个，占全市任务的243%。",
        "截至5月31日，吉首市完成年任务的80%。",
        "截至5月31日，花垣县建成安防设备300个，形象进度90%。",
        "截至5月31日，吉首市1000个、花垣县275个，完成年任务的80%。",
        "吉首市建成安防设备1000个，完成率80%。",
    ],
)
def test_the_share_of_a_county_is_not_that_of_the_task(text: str) -> None:
    assert hear(Content(), text, SET_UP, TODAY).content.stated == ()


@pytest.mark.parametrize(
    "text",
    [
        "第二期5个村中吉首市乾州街道已建成，其余4个正在建设。",
        "20个村中吉首市已建成安防设备1710个。",
        "12个乡镇当中有安防设备的都已联网。",
    ],
)
def test_those_out_of_which_one_is_told_are_not_done(text: str) -> None:
    assert certain(text) is None


@pytest.mark.parametrize(
    ("form", "text", "figures"),
    [
        (
            WORK,
            "城镇新增就业、农村劳动力转移就业分别完成10265人、12000人，职业技能培训15368人次。",
            ["10265", "12000", "15368"],
        ),
        (
            WORK,
            "城镇新增就业10265人（其中吉首市3000人），转移就业12000人，职业技能培训15368人次",
            ["10265", "12000", "15368", "3000"],
        ),
        (
            BLOCKS,
            "85个老旧小区已开工31个，完成投资1250.6万元，其中吉首市开工8个、保靖县6个、永顺县9个、龙山县5个。",
            ["31", "8", "6", "9", "5"],
        ),
        (BLOCKS, "已开工31个，其中吉首市8个，花垣县3个", ["31", "8", "3"]),
        (
            SET_UP,
            "全州建成安防设备1710个，其中吉首市、保靖县、永顺县分别建成1000个、275个、79个。",
            ["1710", "1000", "275", "79"],
        ),
    ],
)
def test_lists_give_each_its_own(form: Form, text: str, figures: list[str]) -> None:
    said = hear(Content(), text, form, TODAY).content.figures

    assert [str(each.value) for each in said if each.is_sure] == figures


JOBS = {
    1: ("城镇新增就业|新增就业|全州城镇新增就业", "人"),
    2: ("农村劳动力转移就业|转移就业|全州农村劳动力转移就业", "人"),
    3: ("职业技能培训|政府补贴性职业技能培训|开展职业技能培训", "人次"),
}
#: One indicator's clause: its name with a verb, its own value, another, and a county.
CLAUSES = """
{name}{own}|{name}{own}，完成年任务的51.3%|{name}{own}，其中{county}{other}|{name}{own}（其中5月份{other}）
5月份{name}{other}，1—5月累计{own}|{name}{own}，同比增加{other}|{name}{own}，比上月增加{other}
年任务23000{unit}，{name}{own}|{name}{own}，其中{county}{other}、龙山县1{unit}
"""


@st.composite
def reports(draw: st.DrawFn) -> tuple[str, dict[int, Decimal]]:
    """A paragraph on three indicators in any order, and their true values."""
    values, clauses = {}, []
    for key in draw(st.permutations(list(JOBS))):
        names, unit = JOBS[key]
        own = draw(st.integers(500, 20000))
        verb = draw(st.sampled_from(["", "完成", "实现", "累计完成", "达到", "累计"]))
        clause = draw(st.sampled_from(each(CLAUSES)))
        other, county = draw(st.integers(10, own - 1)), draw(st.sampled_from(COUNTIES[:7]))
        clauses.append(
            clause.format(
                name=draw(st.sampled_from(each(names))) + verb,
                own=f"{own}{unit}",
                other=f"{other}{unit}",
                county=county,
                unit=unit,
            )
        )
        values[key] = Decimal(own)
    opening = draw(st.sampled_from(["截至5月31日，", "1—5月，", "", "今年以来，"]))
    return f"{opening}{draw(st.sampled_from('，；。')).join(clauses)}。", values


@given(reports())
def test_a_composed_report_gives_no_wrong_figure(report: tuple[str, dict[int, Decimal]]) -> None:
    text, values = report
    said = hear(Content(), text, WORK, TODAY).content.figures

    taken = {s.indicator_id: s.value for s in said if s.unit_id is None and s.is_sure and s.value}
    assert taken.items() <= values.items()
