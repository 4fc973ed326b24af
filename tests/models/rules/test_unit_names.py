"""Names of units: sure equals, names to ask about, and neighbours that are not the same."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.plain import name_key
from models.rules.unit_names import (
    KnownUnit,
    Likeness,
    is_county,
    is_park,
    is_unit_name,
    likeness,
    near_pairs,
    near_units,
)

PROVINCIAL = (
    "人民银行长沙中心支行 团省委 国网湖南电力公司 广铁集团长沙办事处 湖南广播电视台 "
    "湖南证监局 湖南边检总站 湖南银保监局 湘江新区 省中医药局 省乡村振兴局 省交通运输厅 "
    "省人力资源社会保障厅 省人防办 省住房城乡建设厅 省体育局 省作协 省供销合作总社 "
    "省信访局 省公共资源交易中心 省公安厅 省农业农村厅 省农村信用联社 省医保局 "
    "省卫生健康委 省发展改革委 省台办 省司法厅 省商务厅 省国动委综合办 省国资委 "
    "省地方金融监管局 省地震局 省外事办 省妇联 省委人才办 省委军民融合办 省委改革办 "
    "省委统战部 省委编办 省委网信办 省审计厅 省工业和信息化厅 省工商联 省市场监管局 "
    "省广电局 省应急厅 省总工会 省政务局 省政府办公厅 省政府参事室 省政府发展研究中心 "
    "省政府征兵办 省教育厅 省文化和旅游厅 省文史馆 省文明办 省文物局 省文联 省文资委 "
    "省新闻出版局 省机关事务管理局 省机场管理集团 省林业局 省残联 省民宗委 省民政厅 "
    "省气象局 省水利厅 省生态环境厅 省电影局 省知识产权局 省社科联 省社科院 省科协 "
    "省科技厅 省税务局 省粮食和物资储备局 省红十字会 省统计局 省能源局 省自然资源厅 "
    "省药品监管局 省财政厅 省贸促会 省退役军人厅 省通信管理局 省邮政管理局 "
    "省长株潭一体化发展事务中心 长沙海关 长沙市人民政府 株洲市人民政府 湘潭市人民政府 "
    "永州市人民政府 郴州市人民政府 湘西自治州人民政府"
).split()
PREFECTURE = (
    "州发改委 州行政审批服务局 州政府金融办 州政府办 州财政局 州粮食和物资储备局 州人社局 "
    "州应急管理局 州科技局 州教体局 州农业农村局 州水利局 州林业局 州公安局 州信访局 "
    "州民政局 州卫健委 州医保局 州工信局 州自然资源和规划局 州住建局 州交通运输局 "
    "州生态环境局 州商务局 州市场监管局 州文旅广电局 州乡村振兴局 州通管办 州残联 "
    "州司法局 州妇联 国网湘西电力公司 吉首市 泸溪县 凤凰县 古丈县 花垣县 保靖县 永顺县 "
    "龙山县 湘西高新区 泸溪高新区 花垣产业开发区"
).split()
CITY = (
    "民政局 人社局 住建局 残联 妇联 文旅广体局 教育局 卫生健康局 交通运输局 应急管理局 "
    "水利局 数据局 司法局 农业农村局 公安局交警大队"
).split()
NAMES = st.sampled_from(PROVINCIAL + PREFECTURE + CITY)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("州交通运\n输局", "州交通运输局"),
        ("省文化与旅游厅", "省文化和旅游厅"),
        ("州 民 政 局", "州民政局"),
        ("市应急管理局（消防）", "市应急管理局(消防)"),
    ],
)
def test_breaks_blanks_width_and_and_make_no_other_unit(one: str, two: str) -> None:
    assert likeness(one, two) is Likeness.SAME


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("州发改委", "州发展和改革委员会"),
        ("州卫健委", "州卫生健康委"),
        ("州教体局", "州教育和体育局"),
        ("州残联", "州残疾人联合会"),
        ("州通管办", "州通信管理办公室"),
        ("省人力资源社会保障厅", "省人力资源和社会保障厅"),
        ("州自然资源局", "州自然资源和规划局"),
        ("人社局", "市人社局"),
        ("湘西州民政局", "州民政局"),
        ("国网湘西电力公司", "国网湘西供电公司"),
        ("国网湖南电力公司", "国网湖南省电力公司"),
        ("省政府办公厅", "省人民政府办公厅"),
        ("长沙市", "长沙市人民政府"),
        ("吉首", "吉首市"),
        ("湘西州", "湘西自治州"),
        ("湘西自治州人民政府", "湘西土家族苗族自治州人民政府"),
        ("湘江新区", "湖南湘江新区"),
        ("县教育局", "县教体局"),
        ("县发改局", "县发改委"),
        ("县发改局", "县发展和改革委员会"),
        ("县卫健局", "县卫健委"),
        ("县水利局", "县水务局"),
        ("县自然资源局", "县自规局"),
        ("县政府办", "县政府办公室"),
        ("县委办", "县委办公室"),
        ("县法院", "县人民法院"),
        ("城关镇", "城关镇人民政府"),
        ("城关街道", "城关街道办事处"),
        ("经开区", "经开区管委会"),
        ("县公安局交警大队", "县交警大队"),
    ],
)
def test_these_are_asked_about(one: str, two: str) -> None:
    assert likeness(one, two) is Likeness.NEAR
    assert likeness(two, one) is Likeness.NEAR


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("州政府办", "州政府金融办"),
        ("湖南证监局", "湖南银保监局"),
        ("省国资委", "省文资委"),
        ("省民政厅", "省财政厅"),
        ("湘潭市", "湘潭县"),
        ("州人社局", "市人社局"),
        ("吉首市教育局", "泸溪县教育局"),
        ("公安局", "公安局交警大队"),
        ("泸溪县", "泸溪高新区"),
        ("县政府办公室", "县委办公室"),
        ("县水利局", "县水务公司"),
        ("城南街道", "城北街道办事处"),
        ("县林业局", "县农业局"),
        ("县民政局", "县民宗局"),
        ("县教育局", "县体育局"),
        ("东山县教育局", "西河县教体局"),
        ("县交警大队", "县公安局"),
    ],
)
def test_these_neighbours_are_different_units(one: str, two: str) -> None:
    assert likeness(one, two) is Likeness.DIFFERENT


@pytest.mark.parametrize("names", [PROVINCIAL, PREFECTURE, CITY], ids=["省", "州", "市"])
def test_no_two_units_of_one_list_are_asked_about(names: list[str]) -> None:
    assert list(near_pairs(names)) == []
    assert [name for name in names if not is_unit_name(name)] == []


SPOKEN = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(("", "县", "市", "州", "东山县", "西河市", "国网")),
        st.sampled_from(
            "教育 教体 教育和体育 发改 发展和改革 水利 水务 卫健 卫生健康 公安 政府 委 东山 西河 "
            "城关街道 城关镇 人民法院 法院 公安局交警 交警 清江新区 湘西电力 湘西供电".split()
        ),
        st.sampled_from(
            ["", *"局 委 委员会 办 办公室 办事处 大队 公司 市 县 人民政府 管委会".split()]
        ),
    ),
)


@given(st.lists(SPOKEN, max_size=12, unique=True))
def test_no_near_pair_is_missed_for_speed(names: list[str]) -> None:
    every = [p for p in combinations(names, 2) if likeness(*p) is Likeness.NEAR]

    assert list(near_pairs(names)) == every


def test_many_names_are_compared_by_what_they_share() -> None:
    names = [f"县{chr(0x4E00 + at)}{chr(0x5E00 + at)}局" for at in range(3000)]

    assert list(near_pairs([*names, "县教育局", "县教体局"])) == [("县教育局", "县教体局")]


def test_a_known_unit_is_found_near_through_its_alias() -> None:
    power = KnownUnit("湘西供电分公司", ("国网湘西供电公司",))

    assert list(near_units("国网湘西电力公司", [KnownUnit("州民政局"), power])) == [power]


@pytest.mark.parametrize(
    ("name", "county", "park"),
    [
        ("长沙市人民政府", True, False),
        ("龙山县", True, False),
        ("湘江新区", False, True),
        ("花垣产业开发区", False, True),
        ("州民政局", False, False),
    ],
)
def test_places_and_parks_are_told_from_departments(name: str, county: bool, park: bool) -> None:
    assert (is_county(name), is_park(name)) == (county, park)


@given(NAMES, NAMES)
def test_likeness_is_mutual(one: str, two: str) -> None:
    assert likeness(one, two) is likeness(two, one)


@given(NAMES, st.lists(st.sampled_from(" \n\t　"), max_size=5))
def test_blanks_anywhere_leave_the_same_unit(name: str, blanks: list[str]) -> None:
    broken = name
    for at, blank in enumerate(blanks):
        place = (at * 3 + 1) % len(broken)
        broken = broken[:place] + blank + broken[place:]

    assert name_key(broken) == name_key(name)
    assert likeness(broken, name) is Likeness.SAME
