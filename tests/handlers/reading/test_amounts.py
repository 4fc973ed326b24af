"""Quantities of prose: found with value and unit, and nothing else taken for one."""

import re
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import cn2an
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading import amounts
from handlers.reading.amounts import Amount, Doubt, amounts_in
from handlers.reading.normalise import normalise
from handlers.reading.numerals import numbers_in
from models.rules.unit import unit_at

DATA = Path(__file__).parents[2] / "data/reading/amounts.yaml"


def read(text: str) -> list[str]:
    """Each quantity as value and unit, with ~ for roughly and ? for doubtful."""
    return [_shown(amount) for amount in amounts_in(normalise(text))]


def _shown(amount: Amount) -> str:
    marks = ("~" if amount.approximate else "") + ("?" if amount.doubtful else "")
    return f"{amount.value} {amount.unit}".strip() + marks


QUANTITIES = [
    ("建成安防设备1710个，完成年任务28.5%", ["1710 个", "28.5 %"]),
    ("城镇新增就业10265人，为年任务的44.63%", ["10265 人", "44.63 %"]),
    ("筛查孕产妇１６５００人次", ["16500 人次"]),
    ("培训1.65万人次，受益2.3万户4.1万人", ["16500 人次", "23000 户", "41000 人"]),
    ("投入1,234.56万元，结余12,345元", ["12345600 元", "12345 元"]),
    ("总投资1亿2000万元，到位0.88亿元", ["120000000 元", "88000000 元"]),
    ("到位资金35.6 亿元，支出 8800 万元", ["3560000000 元", "88000000 元"]),
    ("发放五十六万元，惠及一千二百三十四户", ["560000 元", "1234 户"]),
    ("壹佰贰拾万元整", ["1200000 元"]),
    ("改造二十三个小区", ["23 个"]),
    ("低保标准583元/月，护理补贴100元/人/月", ["583 元/月", "100 元/月"]),
    ("确保每人每月不低于374元", ["374 元/月"]),
    ("补助500元/亩，每公斤3.5元", ["500 元/亩", "3.5 元?"]),
    ("产量450公斤/亩，日处理500吨/日", ["450 公斤/亩", "500 吨/天"]),
    ("养护里程23.5km，护栏152延米", ["23.5 公里", "152 延米"]),
    ("播种215.6万亩，造林350公顷，建筑面积1200㎡", ["2156000 亩", "350 公顷", "1200 平方米"]),
    ("新增蓄水386万方，库容12立方米", ["3860000 方", "12 立方米"]),
    ("粮食86.3万吨，茶叶120公斤、辣椒35斤", ["863000 吨", "120 公斤", "35 斤"]),
    ("装机50兆瓦，新增变电容量100千伏安", ["50 兆瓦", "100 千伏安"]),
    ("用电35.6万度", ["356000 千瓦时"]),
    ("PM2.5平均浓度32微克/立方米", ["32 微克/立方米"]),
    ("家禽17万羽，生猪2.4万头，鱼苗3000尾", ["170000 羽", "24000 头", "3000 尾"]),
    ("讲座12堂、巡演5场次、检查8批次", ["12 堂", "5 场次", "8 批次"]),
    ("立案23起，结案19起，移送3人", ["23 起", "19 起", "3 人"]),
    ("更换变压器18台，立杆214基，救援装备260件套", ["18 台", "214 基", "260 件套"]),
    ("采购设备30台（套），义诊500人（次）", ["30 台套", "500 人次"]),
    ("整改85户（间），35座（处）", ["85 户", "35 座"]),
    ("共23个项目34项指标，7大项17小项", ["23 个", "34 项", "7 大项", "17 小项"]),
    ("8县市全覆盖，115个乡镇、1567个行政村", ["8 县市", "115 个", "1567 个"]),
    ("工期90天，3个工作日办结，训练2067.7个月", ["90 天", "3 个工作日", "2067.7 个月"]),
    ("累计服务2个半月，铺管5公里半", ["2.5 个月", "5.5 公里"]),
    ("得分92.5分，扣2分", ["92.5 分", "2 分"]),
    ("增长2.3倍", ["2.3 倍"]),
    ("较上年下降0.4个百分点，落后8.6个百分点", ["0.4 个百分点", "8.6 个百分点"]),
    ("未完成12个，尚差3公里", ["12 个", "3 公里"]),
    ("1月：120个；2月：130个", ["120 个", "130 个"]),
    ("建成1710个28%，乙县85个 55%", ["1710 个", "28 %", "85 个", "55 %"]),
    ("建成（改造）85个，改（扩）建12所", ["85 个", "12 所"]),
    ("完成1710（28.5%），其中吉首市1000个（243%）", ["1710", "28.5 %", "1000 个", "243 %"]),
    ("“建设农村公路安防设施550公里”项目", ["550 公里"]),
    ("“完成农村适龄妇女“两癌”免费检查2.9万人”", ["29000 人"]),
    ("“完成8800万元10KV及以下配电网改造”", ["88000000 元"]),
    (
        "1.建成550公里；2、建成3所；（3）投入5万元；①完成20个",
        ["550 公里", "3 所", "50000 元", "20 个"],
    ),
    ("GDP增长6.5%，PPP项目3个，LED路灯500盏", ["6.5 %", "3 个", "500 盏"]),
    ("从12%提高到15%，由3个增至8个", ["12 %?", "15 %", "3 个?", "8 个"]),
    ("投入 86.4万", ["864000 元?"]),
    ("签约12个，节约30万元，附近3公里", ["12 个", "300000 元", "3 公里"]),
    ("同比增长-3.2%", ["-3.2 %"]),
    ("现有蜂箱230箱，安装护窗56樘", ["230 箱", "56 樘"]),
    ("变压器（400千伏安8台）、单元门3扇", ["8 台", "3 扇"]),
    ("二○二一年完成20个", ["20 个"]),
    ("早稻56万亩单产412公斤总产23.1万吨", ["560000 亩", "412 公斤", "231000 吨"]),
    ("改造85个3216户，资助5.6万人次4200万元", ["85 个", "3216 户", "56000 人次", "42000000 元"]),
    ("治理水土流失52平方公里，网线1200路", ["52 平方公里", "1200 路"]),
    ("新增公共停车位2310个、充电桩156根", ["2310 个", "156 根"]),
]

SHARES = [
    ("百分之四十四", ["44 %"]),
    ("百分之百", ["100 %"]),
    ("百分之零点五", ["0.5 %"]),
    ("千分之三", ["0.3 %"]),
    ("3.5‰", ["0.35 %"]),
    ("三成五", ["35 %"]),
    ("四成", ["40 %"]),
    ("超八成", ["80 %~"]),
    ("三分之二", ["66.67 %"]),
    ("四分之三以上", ["75 %~"]),
    ("完成一半", ["50 %"]),
    ("近一半", ["50 %~"]),
    ("８５％", ["85 %"]),
    ("完成任务的2/3", ["66.67 %?"]),
    ("占比过半", []),
    ("七八成", []),
    ("一成不变", []),
    ("实现三个100%", []),
]

ROUGH = [
    ("约1710个", ["1710 个~"]),
    ("近万人，近1.2万人", ["12000 人~"]),
    ("300余场，3万余户，1000余万元", ["300 场~", "30000 户~", "10000000 元~"]),
    ("300多户，20来个", ["300 户~", "20 个~"]),
    ("75%左右，50人以上", ["75 %~", "50 人~"]),
    ("逾500家，突破2亿元", ["500 家~", "200000000 元~"]),
    ("千余人，万余亩", ["1000 人~?", "10000 亩~?"]),
    ("十几个，数百户，几十人，上百家，若干项，好几个，30几个，七八家", []),
    ("3多媒体教室", ["3?"]),
]

DOUBTFUL = [
    ("完成10-20个", ["10 个?", "20 个?"]),
    ("10至20个，一至两个", ["10 个?", "20 个?", "1 个?", "2 个?"]),
    ("3000～5000元，3—5万元", ["3000 元?", "5000 元?", "30000 元?", "50000 元?"]),
    ("5%-8%", ["5 %?", "8 %?"]),
    ("22/35户", ["22 户?", "35 户?"]),
    ("22户/35户", ["22 户?", "35 户?"]),
    ("完成27. 904公里，共1 710 个", ["27.904 公里?", "1710 个?"]),
    ("完成l68人，配图l张", ["168 人?", "1 张?"]),
    ("-5个", ["5 个?"]),
    ("±5%", ["5 %?"]),
    ("17万管", ["170000?"]),
    ("每村3名，各完成5个", ["3 名?", "5 个?"]),
    ("已验收10、20个", ["10 个?", "20 个?"]),
    ("分布在三个片区", ["3 个?"]),
    ("GDP1200亿元", ["120000000000 元?"]),
]

LISTS = [
    ("甲、乙、丙分别完成10、20、30个", ["10 个", "20 个", "30 个"]),
    ("分别为100户、85户、92户", ["100 户", "85 户", "92 户"]),
    ("依次为1.2、2.3和3.4万元", ["12000 元", "23000 元", "34000 元"]),
    ("分别投入5000、6000和1.2万元", ["50000000 元?", "60000000 元?", "12000 元"]),
    ("分别完成年任务130.36%、46.99%", ["130.36 %", "46.99 %"]),
    ("涉及74户、55%", ["74 户", "55 %"]),
    ("吉首、凤凰分别排名第2、第5", ["2", "5"]),
]

RANKS = [
    ("在全省排名第3", ["3"]),
    ("居全省第二", ["2"]),
    ("位列第1名，列全省第2位", ["1 名", "2 位"]),
    ("8项全省第一、2项第二", ["8 项", "1", "2 项", "2"]),
    ("排名12", ["12"]),
    ("排名倒数第二", ["2?"]),
    ("进入全省前10名", ["10 名?"]),
    ("第一责任人，第一时间，第二课堂，第三方，第一方阵", []),
    ("把安全放在第一位", []),
    ("全省前两名获激励，第一名新田县", []),
    ("排名分别为第1、第3", ["1", "3"]),
]

PHRASES = {
    phrase: [str(each) for each in found]
    for group in yaml.load(DATA.read_text("utf-8"), yaml.CSafeLoader).values()
    for phrase, found in group.items()
}

NO_QUANTITIES = [
    "截至2021年5月31日，1—5月，1-8月，5月底",
    "2022—2024年，2021、2022年度，二〇二一年五月",
    "8月18-19日，9月23日、27日，2021/5/31，2021.5.31，2021-05-31",
    "8点30分，17:30，9:30-11:00，20时至22时，17时30分",
    "第三季度，前三季度，1-3季度，前5个月，近3个月，近5年，90年代，21世纪",
    "“十四五”期间，“十三五”末",
    "湘政发〔2022〕1号，州办发[2021]32号，国办发(2020)5号，1号文件",
    "第一批，第二轮，第3次会议，第12期，第十二届，第七次普查",
    "十三届人大五次会议，二十届三中全会",
    "一期工程、二期项目、三期",
    "一是抓部署，二是抓落实，（一）强化领导，一、总体情况",
    "10千伏线路，110千伏变电站，0.4kV台区，10KV及以下",
    "4G基站，5G网络，4K电视，IPv6，H7N9，2型糖尿病，COVID-19",
    "12345热线，12333热线，拨打119、120",
    "G352线，国道G209线，S229，K12+300，319国道，209国道",
    "三级路，三级医院，二级甲等，5A级景区，4A景区，一等奖",
    "12号楼，3#楼，5栋2单元301室，8楼，解放路18号，青石村3组，3号线",
    "7×24小时，5×8小时，24小时值班，24小时自助服务",
    "15分钟医保服务圈，10分钟便民圈，半小时经济圈",
    "一户一策，一村一品，一事一议，1户1策，1村1品",
    "一件事一次办，“一网通办”，一次性告知，最多跑一次，一站式，一体化",
    "一批项目，一系列举措，一个多月前说的那个，一所学校",
    "三农，双减，两癌，两会，两委，三会一课，四议两公开",
    "两不愁三保障，三通一平，一江一湖三山四水，六稳六保，三高四新",
    "两项补贴，三项制度，两个维护，三个到位，“三个一批”，四类对象",
    "十大产业项目，五大任务，百日攻坚，双百工程，千村示范、万村整治",
    "985高校，211工程，世界500强，百强县",
    "三年行动，五年规划，十年禁渔，100天攻坚",
    "60岁以上老人，7-14岁残疾儿童，80后",
    "电话13812345678，0743-8222333，400-800-8888，邮编416000",
    "合同编号20210512001，车牌湘U12345，附件1-3，附表2，图1，表3所示",
    "V2.0，2.0版，智慧党建3.0，比例1:2，1:500地形图",
    "3·15，“5·12”，6·26禁毒日，“八一”，五一假期",
    "十八洞村，五里牌，八面山，六盘水，三亚，七一广场，三峡，四川",
    "州1-7，新7，省1",
    "“3+3+2”产业集群，1+N，5+2，白加黑",
    "https://www.xx.gov.cn/2021/05/12.html，192.168.1.1",
    "零事故，零投诉，统一，万一，唯一，十分，千方百计",
    "500M带宽，100兆宽带，26℃，360度全景",
    "1️⃣，DN300，φ500，C25，2#梁，K3+200—K5+600段",
    "l月，第l期，A l类，三个100%，“五个100%”，“六个零”，一大批",
    "全省前两名，一把手，四套班子，四大家，两抢一盗，三品一标",
]


@pytest.mark.parametrize(
    ("text", "found"),
    [*QUANTITIES, *SHARES, *ROUGH, *DOUBTFUL, *LISTS, *RANKS],
    ids=[text for text, _ in [*QUANTITIES, *SHARES, *ROUGH, *DOUBTFUL, *LISTS, *RANKS]],
)
def test_quantities_are_found_with_value_and_unit(text: str, found: list[str]) -> None:
    assert read(text) == found


@pytest.mark.parametrize(("phrase", "found"), PHRASES.items(), ids=list(PHRASES))
def test_a_phrase_holds_its_quantities_and_no_others(phrase: str, found: list[str]) -> None:
    assert read(phrase) == found
    assert read(f"如下：{phrase}。") == found


@pytest.mark.parametrize("phrase", [p for line in NO_QUANTITIES for p in line.split("，")])
def test_numbers_of_names_dates_and_phrases_count_nothing(phrase: str) -> None:
    assert read(phrase) == []
    assert read(f"根据{phrase}有关要求") == []


@pytest.mark.parametrize("line", NO_QUANTITIES)
def test_a_line_of_names_counts_nothing(line: str) -> None:
    assert read(line) == []


def test_an_amount_says_where_it_stands_and_where_its_digits_end() -> None:
    text = normalise("约1.65万余人次左右")
    (amount,) = amounts_in(text)

    assert text[amount.start : amount.end] == "1.65万余人次"
    assert text[amount.start : amount.number_end] == "1.65万"


def test_an_unknown_word_is_kept_as_the_noun_of_its_number() -> None:
    (amount,) = amounts_in("采样23万管")

    assert (amount.unit, amount.noun, amount.doubt) == ("", "管", Doubt.UNIT)


def test_limits_are_told_apart_from_values() -> None:
    found = amounts_in("不低于90%，不超过3个，50人以上，20户以内，建成7个")

    assert [amount.is_limit for amount in found] == [True, True, True, True, False]


def test_both_ends_of_a_range_are_in_doubt() -> None:
    first, second = amounts_in("完成10至20个")

    assert {first.doubt, second.doubt} == {Doubt.RANGE}


def test_the_members_of_a_list_know_its_length() -> None:
    found = amounts_in("甲、乙、丙分别完成10、20、30个,共60个")

    assert [(a.list_length, a.respectively) for a in found] == [(3, True)] * 3 + [(1, False)]


def test_a_rank_begins_with_its_ordinal_mark() -> None:
    text = "综合排名全省第3位"
    (amount,) = amounts_in(text)

    assert (text[amount.start : amount.end], amount.rank) == ("第3位", True)


@pytest.mark.parametrize(
    ("written", "doubt"),
    [
        ("新增710，285个", Doubt.FORM),
        ("新增2，846个", None),
        ("新增１，７１０个", None),
        ("共1,710,28个", Doubt.FORM),
        ("完成数—1710个", None),
        ("完成数-1710个", Doubt.SIGN),
        ("本月增加32户", Doubt.CHANGE),
        ("累计增加32户", None),
        ("增加32户，完成年任务的44.8%", None),
        ("千余人", Doubt.VAGUE),
    ],
)
def test_what_leaves_a_figure_open_is_told(written: str, doubt: Doubt | None) -> None:
    first = amounts_in(normalise(written), written)[0]

    assert first.doubt is doubt


UNITS = ["个", "户", "人次", "公里", "元", "亩", "吨", "所", "台套", "平方米", "立方米", "个百分点"]
counts = st.integers(2, 10**9)


@given(counts, st.sampled_from(UNITS), st.sampled_from(["", "约", "近", "完成", "其中：", "累计"]))
def test_a_count_in_any_form_is_read_back(count: int, unit: str, before: str) -> None:
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in str(count))
    forms = [f"{count}", f"{count:,}", wide, f"{count} "]
    for written in [*forms, *(cn2an.an2cn(str(count), mode) for mode in ("low", "up"))]:
        (amount,) = amounts_in(normalise(f"{before}{written}{unit}。"))
        assert (amount.value, amount.unit) == (count, unit)
        assert amount.approximate == (before in ("约", "近"))


@given(counts, st.sampled_from(UNITS))
def test_a_count_with_more_behind_it_is_approximate(count: int, unit: str) -> None:
    for written in (f"{count}余{unit}", f"{count}多{unit}", f"{count}{unit}左右"):
        (amount,) = amounts_in(written)
        assert (amount.value, amount.unit, amount.approximate) == (count, unit, True)


@given(
    st.decimals(Decimal("0.01"), 99_999, places=2),
    st.sampled_from([("万", 10**4), ("亿", 10**8), ("", 1)]),
    st.sampled_from(UNITS),
)
def test_a_scaled_amount_is_read_back(number: Decimal, scale: tuple[str, int], unit: str) -> None:
    word, factor = scale
    for written in (
        f"建成{number}{word}{unit}",
        f"约{number} {word}{unit}",
        f"{number}{word}余{unit}",
    ):
        (amount,) = amounts_in(written)
        assert (amount.value, amount.unit) == (number * factor, unit)
        assert not amount.doubtful


@given(st.integers(1, 9), st.integers(1, 9))
def test_a_share_in_any_form_is_read_back(tens: int, ones: int) -> None:
    value = tens * 10 + ones
    spoken = cn2an.an2cn(str(value), "low")
    low = "零一二三四五六七八九"
    for written in (f"{value}%", f"{value} ％", f"百分之{spoken}", f"{low[tens]}成{low[ones]}"):
        (amount,) = amounts_in(normalise(f"完成{written}"))
        assert (amount.value, amount.unit) == (value, "%")


@given(st.integers(1, 9), st.integers(2, 10))
def test_a_fraction_is_read_to_two_places(part: int, whole: int) -> None:
    low = "零一二三四五六七八九十"
    (amount,) = amounts_in(f"完成{low[whole]}分之{low[part]}")

    assert amount.unit == "%"
    assert abs(amount.value - Decimal(part) * 100 / whole) < Decimal("0.01")


@given(st.lists(st.integers(2, 999), min_size=2, max_size=6), st.sampled_from(UNITS))
def test_a_list_shares_its_unit(values: list[int], unit: str) -> None:
    found = amounts_in(f"各县分别完成{'、'.join(map(str, values))}{unit}。")

    assert [(a.value, a.unit, a.doubtful) for a in found] == [(v, unit, False) for v in values]


PIECES = st.sampled_from(
    [
        *"0123456789,.%一二三十百千万亿点几多余约个元分之成半-~至（）: 第名每和、/每从到\n·",
        "公里",
        "分别",
        "排名",
    ]
)


@given(st.lists(PIECES, max_size=300).map("".join))
def test_any_mixture_is_read_in_order_and_inside_the_text(text: str) -> None:
    plain = normalise(text)
    found = amounts_in(plain)

    assert all(0 <= a.start < a.end <= len(plain) for a in found)
    assert [a.start for a in found] == sorted(a.start for a in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


@given(st.text(max_size=4000))
def test_any_text_is_answered(text: str) -> None:
    assert isinstance(amounts_in(normalise(text)), tuple)


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1,",
        "111,",
        "1、",
        "1/",
        "1-",
        "第1",
        "1个、",
        "每",
        "约",
        "1. ",
        "个半",
        "百",
        "一",
        "a1",
        "十几",
    ],
)
def test_the_work_grows_with_the_length_of_the_text(
    piece: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every number is measured once, and no unit is looked for elsewhere."""
    looked: list[int] = []

    def counting(text: str, start: int) -> object:
        looked.append(start)
        return unit_at(text, start)

    monkeypatch.setattr("handlers.reading.measured.unit_at", counting)
    text = normalise(piece * (4000 // len(piece)))
    amounts_in(text)

    assert len(looked) <= 4 * len(numbers_in(text)) + 4


def test_no_pattern_repeats_without_bound_inside_a_repetition() -> None:
    """Nested quantifiers over the same characters take exponential time on the wrong text."""
    patterns = [value for value in vars(amounts).values() if isinstance(value, re.Pattern)]

    assert patterns
    assert not any(re.search(r"[+*]\)[+*]", pattern.pattern) for pattern in patterns)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("落实“三单联动”机制", []),
        ("推行“两场结合”做法", []),
        ("举办“三场文艺汇演”", []),
        ("安排三场文艺汇演", ["3 场?"]),
    ],
)
def test_a_small_numeral_that_opens_a_quotation_is_a_slogan(text: str, found: list[str]) -> None:
    assert read(text) == found


def test_digits_that_no_comma_between_thousands_explains_are_asked_about() -> None:
    for text in ("结余1,710,28", "结余1,710,28个"):
        assert {amount.doubtful for amount in amounts_in(text)[:1]} == {True}


def test_a_number_in_braces_is_a_blank_of_a_form():
    assert amounts_in("农村公路 {0} 公里，{12}个") == ()
