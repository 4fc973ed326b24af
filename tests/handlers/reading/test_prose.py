"""Figures out of official prose: their kinds, what is certain, places, labels, sentences."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.prose import ProseFigure, read_prose

TODAY = date(2021, 6, 10)


def figures(text: str) -> tuple[ProseFigure, ...]:
    return read_prose(text, TODAY).figures


def kinds(text: str) -> list[str]:
    return [f"{figure.text} {figure.kind}" for figure in figures(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("建成安防设备1710个，完成年任务28.5%", ["1710个 done", "28.5% percent"]),
        ("85个小区均已完工", ["85个 done"]),
        ("64户正在施工，3家未开工", ["64户 other", "3家 other"]),
        ("尚差5公里，剩余12公里", ["5公里 other", "12公里 other"]),
        ("涉及16个单位，惠及3.2万人", ["16个 other", "3.2万人 other"]),
        ("年任务680户，已完成22户", ["680户 target", "22户 done"]),
        ("完成22户（年任务680户）", ["22户 done", "680户 target"]),
        ("确保6月底前完成改造85户", ["85户 target"]),
        ("下一步，加快施工，完成投资2亿元", ["2亿元 target"]),
        ("任务20个项目，已办结5项", ["20个 target", "5项 done"]),
        ("10项指标完成3项", ["10项 target", "3项 done"]),
        ("农贸市场改造8个，已完成5个", ["8个 target", "5个 done"]),
        ("计划改造公厕20座、新建5座", ["20座 target", "5座 target"]),
        ("护理床位由86张增至120张", ["86张 other", "120张 done"]),
        ("开工21个，开工率56.8%", ["21个 other", "56.8% rate"]),
    ],
)
def test_counts_are_told_apart_by_the_words_around_them(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("合格率达98.5%", "98.5% rate"),
        ("占任务的48%", "48% percent"),
        ("完成投资6498万元，占总投资的73.84%", "73.84% percent"),
        ("税收占比66.2%", "66.2% rate"),
        ("形象进度约30%", "30% stated"),
        ("完成率83%", "83% percent"),
        ("同比增长6.5%", "6.5% growth"),
        ("覆盖率由86%提高到95%", "95% rate"),
        ("确保满意率达到98%以上", "98% target"),
        ("完成年任务680户的3.3%", "3.3% percent"),
        ("完成总工程量的60%", "60% percent"),
    ],
)
def test_percentages_are_of_the_task_or_of_something_else(text: str, expected: str) -> None:
    assert kinds(text)[-1] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("项目总投资1.65亿元", "1.65亿元 target"),
        ("完成投资473.975万元", "473.975万元 money"),
        ("发放高龄津贴1860.5万元", "1860.5万元 money"),
        ("争取上级资金4.35亿元", "4.35亿元 money"),
        ("比去年多6200万元", "6200万元 growth"),
        ("资金缺口1450万元", "1450万元 other"),
        ("城市低保标准达到583元/月", "583元/月 done"),
        ("确保城市低保标准不低于550元/月", "550元/月 target"),
    ],
)
def test_money_moved_is_not_money_planned(text: str, expected: str) -> None:
    assert kinds(text)[-1] == expected


def test_what_fell_is_negative_and_a_shortfall_keeps_its_printed_value() -> None:
    values = {f.text: f.value for f in figures("同比下降5%，较上半年下降0.4个百分点")}
    short = figures("落后8.6个百分点，尚差5公里")

    assert values == {"5%": Decimal(-5), "0.4个百分点": Decimal("-0.4")}
    assert [figure.value for figure in short] == [Decimal("8.6"), Decimal(5)]


def test_ranks_and_points_are_kinds_of_their_own() -> None:
    assert kinds("满意度提高2.2个百分点，居全省第二，排名第3位") == [
        "2.2个百分点 points",
        "第二 rank",
        "第3位 rank",
    ]


def test_a_quoted_title_holds_targets_and_what_follows_counts_done() -> None:
    text = "“建设农村公路安防设施550公里”项目：已建成安防设施132公里。"

    assert kinds(text) == ["550公里 target", "132公里 done"]
    assert all(figure.certain for figure in figures(text))


def test_county_figures_inherit_the_verb_and_carry_their_county() -> None:
    found = figures("全州建成1710个，其中吉首市1000个、花垣县275个；其余县正在制定方案。")

    assert [(f.place, f.kind.value, f.certain) for f in found] == [
        ("", "done", True),
        ("吉首市", "done", True),
        ("花垣县", "done", True),
    ]


def test_respectively_gives_each_county_its_own_figures() -> None:
    found = figures("吉首市、花垣县分别完成312个、458个，占任务的4.1%、5.3%。")

    assert [(f.place, str(f.value)) for f in found[:2]] == [("吉首市", "312"), ("花垣县", "458")]
    assert [f.kind.value for f in found[2:]] == ["percent", "percent"]


def test_a_county_known_by_name_may_stand_without_its_ending() -> None:
    found = read_prose("吉首完成30个，花垣完成12个", TODAY, ("吉首", "花垣")).figures

    assert [figure.place for figure in found] == ["吉首", "花垣"]


def test_a_percentage_is_labelled_by_what_was_counted() -> None:
    done, percent, rate = figures("城镇新增就业10265人，完成年任务44.63%，技能鉴定合格率91%")

    assert done.label == percent.label == "城镇新增就业"
    assert rate.label == "技能鉴定合格率"


def test_places_in_the_text_survive_full_width_and_invisible_characters() -> None:
    text = "完成\u200b１７１０个，占任务２８．５％"
    found = figures(text)

    assert [text[figure.start : figure.end] for figure in found] == ["１７１０个", "２８．５％"]
    assert [figure.value for figure in found] == [Decimal(1710), Decimal("28.5")]


def test_a_scan_with_spaces_reads_like_the_page() -> None:
    assert kinds("截 至 5 月 底 ，建 成 设 备 171 个") == ["171 个 done"]


def test_a_chat_without_commas_is_still_several_clauses() -> None:
    assert kinds("任务1500户 完成1176户 还差324户") == [
        "1500户 target",
        "1176户 done",
        "324户 other",
    ]


def test_neighbouring_figures_share_their_sentence() -> None:
    assert [f.sentence for f in figures("完成8个，占任务40%。投资3万元。")] == [0, 0, 1]


def test_what_stands_alone_is_read_but_has_to_be_asked() -> None:
    assert [figure.certain for figure in figures("雪亮工程：1710个，28.5%")] == [False, False]


def test_approximate_and_doubtful_amounts_are_marked() -> None:
    about, range_end = figures("检查企业约300家，新建20至30个")[:2]

    assert (about.approximate, about.certain) == (True, True)
    assert not range_end.certain


@given(
    st.text(alphabet="完成任务已计划占率万元个%0123456789.，。、（）“”其中吉首市 \n", max_size=200)
)
def test_any_mixture_of_official_words_is_read_without_an_error(text: str) -> None:
    for figure in figures(text):
        assert text[figure.start : figure.end] == figure.text


@given(st.text(max_size=300))
def test_any_text_is_read_without_an_error(text: str) -> None:
    figures(text)


@pytest.mark.parametrize(
    "piece", ["1", "(", "“", "完成1个", "1个、", "率", "占", "计划", "5月", "）1%"]
)
def test_four_thousand_characters_of_anything_are_read(piece: str) -> None:
    read_prose((piece * 4000)[:4000], TODAY)
