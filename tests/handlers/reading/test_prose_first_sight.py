"""Figures of reports met for the first time: what has to be, of whom, in place of what."""

from datetime import date
from decimal import Decimal

import pytest

from handlers.reading.prose import Kind, ProseFigure, read_prose

DAY = date(2026, 11, 22)


def figure(text: str, value: str, unit: str = "") -> ProseFigure:
    found = [
        each
        for each in read_prose(text, DAY).figures
        if each.value == Decimal(value) and each.unit.startswith(unit)
    ]
    assert len(found) == 1, read_prose(text, DAY).figures
    return found[0]


def words(text: str) -> list[str]:
    return [each.text for each in read_prose(text, DAY).figures]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("配套资金落实820万元，占应配套数的54.7%。", "54.7"),
        ("已整改12处，占应整改数的60%。", "60"),
        ("缴费3210人，占应缴人数的91.2%。", "91.2"),
        ("检查食堂126家，占全州应检数的88%。", "88"),
        ("到位资金300万元，占需到位资金的75%。", "75"),
    ],
)
def test_a_share_of_those_that_are_due_is_no_target_and_is_asked_about(
    text: str, value: str
) -> None:
    share = figure(text, value, "%")
    assert (share.kind, share.certain) == (Kind.RATE, False)


@pytest.mark.parametrize("text", ["占年度应完成任务的62%", "占应完成工程量的62%"])
def test_a_share_of_the_task_that_is_due_may_be_of_the_task(text: str) -> None:
    share = figure(text, "62", "%")
    assert (share.kind, share.certain) == (Kind.PERCENT, False)


@pytest.mark.parametrize(
    "text",
    [
        "入住率63%，年底入住率要到90%。",
        "办结率83%，月底要达90%以上。",
        "满意度87%，要保持在90%。",
        "覆盖率76%，年底覆盖率得达到90%。",
        "合格率81%，下次要提高到90%。",
        "力争12月底占应检数的90%。",
    ],
)
def test_a_level_that_has_to_be_is_a_target(text: str) -> None:
    assert figure(text, "90", "%").kind is Kind.TARGET


@pytest.mark.parametrize("text", ["主要达到90%以上", "取得到位率90%", "到位率达到90%"])
def test_words_that_only_hold_such_a_character_are_no_wish(text: str) -> None:
    assert figure(text, "90", "%").kind is Kind.RATE


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("剩下那1所在贴外墙砖", "1"),
        ("4所在建", "4"),
        ("3所在装修", "3"),
        ("5所需改造", "5"),
        ("2所属于农村小学", "2"),
    ],
)
def test_a_school_is_counted_before_what_is_said_of_it(text: str, value: str) -> None:
    assert figure(text, value, "所").value == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        "材料二次转运成本高",
        "材料二次搬运",
        "正在二次装修",
        "墙面二次灌浆",
        "如表2所示",
        "这两天下雨",
        "那3天停工",
        "实现三个100%",
    ],
)
def test_what_only_looks_like_a_count_is_none(text: str) -> None:
    assert words(text) == []


def test_one_of_two_may_be_wholly_done() -> None:
    assert words("一个100%完成，另一个完成93%") == ["100%", "93%"]


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("离1800件还差112件", "1800", Kind.TARGET),
        ("距680户还差40户", "680", Kind.TARGET),
        ("离550公里只差12公里", "550", Kind.TARGET),
        ("距离全年6000个尚缺640个", "6000", Kind.TARGET),
        ("县里10个实事我们局占了2个", "2", Kind.OTHER),
        ("全州前十名我县占3个", "3", Kind.OTHER),
        ("我市分解4100个，截至10月底投入使用3705个", "4100", Kind.TARGET),
        ("省里安排我县项目120个，竣工98个", "120", Kind.TARGET),
        ("我县分摊300户，改好240户", "300", Kind.TARGET),
        ("兑付1922台，结转下年164台", "164", Kind.OTHER),
        ("每单位限1人", "1", Kind.OTHER),
        ("每村限2户", "2", Kind.OTHER),
        ("督查发现：3个县的7个项目进度滞后", "3", Kind.OTHER),
        ("4个乡镇的12所学校已通水", "4", Kind.OTHER),
        ("2个社区的30栋楼装好了", "2", Kind.OTHER),
    ],
)
def test_the_whole_the_part_and_the_place_are_told_apart(text: str, value: str, kind: Kind) -> None:
    assert figure(text, value).kind is kind


@pytest.mark.parametrize(
    ("text", "values", "kind"),
    [
        ("还有4个乡镇没有清零，分别是甲镇12户、乙镇7户，合计19户", "12 7 19", Kind.OTHER),
        ("3个村尚未通水，分别是甲村120户、乙村70户，共190户", "120 70 190", Kind.OTHER),
        ("2个标段滞后，分别为甲标31户、乙标26户", "31 26", Kind.OTHER),
        ("已完成3个乡镇，分别是甲镇12户、乙镇7户", "12 7", Kind.DONE),
        ("总体进度偏慢：计划5850个，9所学校仅4所交付使用", "4", Kind.DONE),
        ("进度偏慢：培训仅900人次、改造只有100户", "900 100", Kind.DONE),
        ("进度滞后的是：培训900人次、改造100户", "900 100", Kind.OTHER),
        ("340个学位9月1号开学用上了，270个学位还在消防验收", "340", Kind.DONE),
        ("安置点12个住上了，其余3个在建", "12", Kind.DONE),
        ("受理2164件，同比增长9.3%，其中讨薪697件、未成年人132件", "697 132", Kind.DONE),
        ("抽了5个村25户，合格22户，3户需返工", "25 22", Kind.DONE),
        ("走访了3个乡30户，满意28户，2户有意见", "30 28", Kind.DONE),
        ("护理型床位是三百二十张不是三百零二张", "320", Kind.DONE),
        ("是1710个并非1701个", "1710", Kind.DONE),
        ("分别比上年提高21元和300元", "21 300", Kind.GROWTH),
        ("分别较去年增加120元、80元和60元", "120 80 60", Kind.GROWTH),
        ("安排资金3.02亿元，报账2.11亿元", "211000000", Kind.MONEY),
    ],
)
def test_what_stands_before_decides_what_a_list_is(text: str, values: str, kind: Kind) -> None:
    assert {figure(text, value).kind for value in values.split()} == {kind}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("签约四十六台，开工三十九，竣工三十一", {"39": Kind.OTHER, "31": Kind.DONE}),
        ("建成三十二座，投用二十八，验收二十", {"28": Kind.DONE, "20": Kind.DONE}),
        ("受理二百一十件，办结一百八十六。", {"186": Kind.DONE}),
    ],
)
def test_a_unit_said_once_in_dictation_is_asked_about_for_the_next(
    text: str, said: dict[str, Kind]
) -> None:
    for value, kind in said.items():
        found = figure(text, value)
        assert (found.kind, found.certain) == (kind, False)
        assert found.unit


@pytest.mark.parametrize(
    "text", ["签约四十六台，年底三十九", "签约46台，开工三十九", "四十六台，十三五"]
)
def test_a_bare_chinese_number_elsewhere_stays_none(text: str) -> None:
    assert len(words(text)) == 1


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("到上月末做完131户", date(2026, 10, 31)),
        ("到上个月末完成12户", date(2026, 10, 31)),
        ("请查收10月报表，完成12户", date(2026, 10, 31)),
        ("任务29000人，6月就超了，目前31240人", None),
        ("请带上本单位10月数据", None),
        ("请准备好10月份数据", None),
        ("请提供三季度数据", None),
    ],
)
def test_a_day_of_data_is_told_from_what_happened_or_is_asked_for(
    text: str, day: date | None
) -> None:
    assert read_prose(text, DAY).as_of == day


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("搬迁后续扶持实事提前收官！", "completed"),
        ("项目圆满收官", "completed"),
        ("今年是收官之年", None),
        ("奋战四季度，全面冲刺收官战", None),
    ],
)
def test_a_work_that_is_closed_is_over(text: str, status: str | None) -> None:
    assert read_prose(text, DAY).status == status


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("实际救助1347名，超额12.25%", "12.25", Kind.PERCENT),
        ("提前收尾，超额完成8%", "8", Kind.PERCENT),
        ("一个100%完成，另一个完成93%", "100", Kind.PERCENT),
        ("支付进度80.5%", "80.5", Kind.RATE),
        ("所列28项指标中，19项已提前达标", "28", Kind.TARGET),
        ("退化林修复3.55万亩完成了三分之二", "35500", Kind.TARGET),
        ("每名儿童训练满8个月", "8", Kind.OTHER),
        ("倒损房屋2间", "2", Kind.OTHER),
        ("第二批1260万元还没下来", "12600000", Kind.OTHER),
        ("社零总额完成21.6亿元", "2160000000", Kind.DONE),
    ],
)
def test_further_words_beside_a_figure_say_what_it_is(text: str, value: str, kind: Kind) -> None:
    assert figure(text, value).kind is kind


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("共改造14.2公里，工程进度到了九成", "14.2"),
        ("管网改造32公里，形象进度65%", "32"),
        ("项目库入库项目389个，开工372个", "389"),
        ("储备项目120个", "120"),
    ],
)
def test_work_under_way_and_projects_on_a_list_are_asked_about(text: str, value: str) -> None:
    assert not figure(text, value).certain


def test_what_is_over_stays_sure_beside_the_progress() -> None:
    assert figure("已建成安防设备1710个，形象进度28%", "1710").certain
