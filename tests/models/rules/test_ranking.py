"""Rankings: the default recipe, ties, shared weights, county tables and frozen snapshots."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import Refused
from models.rules.frozen import from_data, to_data
from models.rules.ranking import (
    COMPLETION_RECIPE,
    DEFAULT_RECIPE,
    Completion,
    LedTask,
    Part,
    PartCode,
    Ranking,
    Recipe,
    UnitFacts,
    competition_ranks,
    explain,
    rank_indicator,
    rank_units,
    recipe_text,
    shared_weights,
)
from models.rules.rounding import percent_text

MAY = date(2021, 5, 31)
SCHEDULED = Decimal(500) / 12
GROUPS = DEPARTMENT, COUNTY, PARK = "州直单位", "县市", "园区"


def led(name, done, **kwargs):
    return LedTask(name, None if done is None else Decimal(str(done)), SCHEDULED, **kwargs)


POLICE = UnitFacts("州公安局", DEPARTMENT, (led("雪亮工程", "28.5"),), 4, 3, 3, 2)
LABOUR = UnitFacts("州人社局", DEPARTMENT, (led("就业与培训", "44.63"),), 4, 4, 4, 4)
DISABLED = UnitFacts(
    "州残联", DEPARTMENT, (led("无障碍改造", "3.24"), led("儿童康复", "46.99")), 8, 8, 0, 0
)


def scores(ranking):
    return {row.unit: str(row.score) for row in ranking.rows}


def test_three_departments_in_may():
    ranking = rank_units([POLICE, LABOUR, DISABLED], MAY)

    # 60·68.40 + 25·75 + 15·66.67; all full; (60·53.888 + 25·100) / 85.
    assert scores(ranking) == {"州人社局": "100.00", "州公安局": "69.79", "州残联": "67.45"}
    assert [row.rank for row in ranking.rows] == [1, 2, 3]


def test_a_task_with_a_target_and_no_figure_counts_nothing():
    silent = UnitFacts("州住建局", DEPARTMENT, (led("老旧小区", None), led("其他", 50)))

    row = rank_units([silent], MAY).rows[0]

    assert row.score == 50
    assert "其中1项无数据计0分，最低为老旧小区（0.00分）" in row.parts[0].detail


@pytest.mark.parametrize(
    "task",
    [led("宣传", None, has_target=False), LedTask("上半年节点", Decimal(0), Decimal(0))],
    ids=["narrative", "nothing due yet"],
)
def test_a_task_that_cannot_be_measured_stays_out_of_the_mean(task):
    unit = replace(LABOUR, tasks=(*POLICE.tasks, task))

    assert rank_units([unit], MAY).rows[0].parts[0].value == Decimal("28.5") * 100 / SCHEDULED


def test_weights_of_parts_that_do_not_apply_are_shared_out_in_proportion():
    parts = rank_units([DISABLED], MAY).rows[0].parts

    assert [part.weight for part in parts] == [Decimal("70.59"), Decimal("29.41"), 0]
    assert parts[2].value is None


def test_a_unit_with_nothing_to_count_has_no_rank_and_stands_last():
    empty = UnitFacts("州档案馆", DEPARTMENT)

    ranking = rank_units([empty, POLICE], MAY)

    assert [(row.unit, row.rank) for row in ranking.rows] == [("州公安局", 1), ("州档案馆", None)]
    assert ranking.rows[0].size == 1
    assert explain(ranking.rows[1])[0] == "州档案馆：没有可计分的进度或时效，不排名次。"


def test_who_reached_nothing_is_not_first():
    silent = UnitFacts("州水利局", DEPARTMENT, (led("水库除险", None),), 1, 0)
    other = replace(silent, unit="州林业局")

    ranking = rank_units([silent, other], MAY)

    assert [(row.unit, row.score, row.rank, row.size) for row in ranking.rows] == [
        ("州水利局", 0, None, 0),
        ("州林业局", 0, None, 0),
    ]
    assert explain(ranking.rows[0])[0] == "州水利局：0.00分，不排名次。"
    assert rank_units([silent, POLICE], MAY).row("州公安局").rank == 1


def test_quality_alone_makes_no_score():
    once = UnitFacts("州档案馆", DEPARTMENT, (), 0, 0, 1, 1)

    row = rank_units([once, POLICE], MAY).row("州档案馆")

    assert (row.score, row.rank, row.parts[2].value) == (None, None, 100)
    assert explain(row)[0] == "州档案馆：没有可计分的进度或时效，不排名次。"
    assert rank_units([replace(once, due=1, on_time=1)], MAY).rows[0].rank == 1


def test_a_recipe_of_quality_alone_ranks_by_it():
    only = Recipe((Part(PartCode.QUALITY, "质量", Decimal(100), "一次通过占通过"),))

    assert [row.rank for row in rank_units([LABOUR, POLICE], MAY, only).rows] == [1, 2]


def test_groups_are_ranked_apart():
    county = UnitFacts("吉首市", COUNTY, (led("雪亮工程", "41"),))
    park = UnitFacts("湘西高新区", PARK, (led("园区", "10"),))

    ranking = rank_units([POLICE, county, park], MAY)

    assert [(row.unit, row.rank) for row in ranking.rows] == [
        ("州公安局", 1),
        ("吉首市", 1),
        ("湘西高新区", 1),
    ]
    assert [row.unit for row in ranking.of(COUNTY)] == ["吉首市"]


def test_ties_share_a_rank_and_the_next_is_skipped():
    ranks = competition_ranks([Decimal(9), Decimal(7), None, Decimal(9), Decimal(8)])

    assert ranks == (1, 4, None, 1, 3)


def test_the_change_is_counted_in_places_against_the_last_ranking():
    before = rank_units([POLICE, replace(LABOUR, on_time=0, tasks=())], date(2021, 4, 30))

    now = rank_units([POLICE, LABOUR, DISABLED], MAY, previous=before)

    assert {row.unit: row.change for row in now.rows} == {
        "州人社局": 1,
        "州公安局": -1,
        "州残联": None,
    }


def test_who_had_no_place_the_last_time_is_new_but_nobody_is_the_first_time():
    before = rank_units([POLICE, LABOUR], date(2021, 4, 30))

    assert before.newcomers == frozenset()
    assert rank_units([POLICE, LABOUR, DISABLED], MAY, previous=before).newcomers == {"州残联"}


def test_a_place_is_explained_in_five_lines():
    before = rank_units([POLICE], date(2021, 4, 30))
    ranking = rank_units([POLICE, LABOUR], MAY, previous=before)

    assert explain(ranking.row("州公安局")) == (
        "州公安局：州直单位第2名（2家有名次），69.79分，较上次下降1位。",
        "进度：68.40分，权重60%（牵头1项，最低为雪亮工程（68.40分））。",
        "时效：75.00分，权重25%（到期4期，按时3期）。",
        "质量：66.67分，权重15%（通过3期，一次通过2期）。",
        "失分最多的是进度，少得18.96分。",
    )


def test_a_part_that_does_not_apply_and_a_full_score_are_explained_too():
    ranking = rank_units([LABOUR, DISABLED], MAY)

    assert explain(ranking.row("州残联"))[3] == "质量：不适用，权重已分摊（尚无通过的报送）。"
    assert explain(ranking.row("州人社局"))[-1] == "各部分均无失分。"
    assert all(len(explain(row)) == 5 for row in ranking.rows)


def test_the_recipe_is_printed_in_one_line():
    assert recipe_text(rank_units([POLICE], MAY)) == (
        "排名办法：进度60%（牵头任务完成率与序时进度之比的平均，满分100）；"
        "时效25%（按时报送占到期应报）；质量15%（一次通过占通过），不适用的部分按比例分摊，"
        "只有质量不计分；同分同名次，0分和未计分的不排名次。统计1月1日至5月31日已通过的数据。"
    )


SUMMER = [
    ("泸溪县", COUNTY, 44, 48, "91.7%", 1),
    ("凤凰县", COUNTY, 29, 32, "90.6%", 2),
    ("保靖县", COUNTY, 45, 51, "88.2%", 3),
    ("吉首市", COUNTY, 25, 30, "83.3%", 4),
    ("花垣县", COUNTY, 40, 48, "83.3%", 4),
    ("古丈县", COUNTY, 17, 22, "77.3%", 6),
    ("永顺县", COUNTY, 12, 19, "63.2%", 7),
    ("龙山县", COUNTY, 16, 27, "59.3%", 8),
    ("湘西高新区", PARK, 3, 4, "75.0%", 1),
]


def test_the_summer_campaign_ranks_eight_counties_and_the_park_apart():
    figures = [
        Completion(unit, group, Decimal(done), Decimal(total))
        for unit, group, done, total, _, _ in reversed(SUMMER)
    ]

    ranking = rank_indicator(figures, date(2022, 9, 23))

    shown = {row.unit: (percent_text(row.parts[0].value, 1), row.rank) for row in ranking.rows}
    assert shown == {unit: (percent, rank) for unit, _, _, _, percent, rank in SUMMER}
    assert ranking.row("泸溪县").parts[0].detail == "任务48，完成44"
    assert recipe_text(ranking).startswith("排名办法：完成率100%（完成数占任务数）；同分同名次")


def test_a_published_ranking_is_frozen_as_data_and_comes_back_the_same():
    before = rank_units([LABOUR, POLICE], date(2021, 4, 30))
    ranking = rank_units([POLICE, LABOUR, DISABLED], MAY, previous=before)

    thawed = from_data(Ranking, json.loads(json.dumps(to_data(ranking))))

    assert thawed == ranking
    assert [explain(row) for row in thawed.rows] == [explain(row) for row in ranking.rows]


def part(code, weight):
    return Part(code, code.value, Decimal(weight), "")


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ([part(PartCode.PROGRESS, 60), part(PartCode.QUALITY, 30)], "合计应为 100，现为 90"),
        ([part(PartCode.PROGRESS, 120), part(PartCode.QUALITY, -20)], "都应大于 0"),
        ([part(PartCode.PROGRESS, 50), part(PartCode.PROGRESS, 50)], "重复"),
        ([], "现为 0"),
    ],
    ids=["short of 100", "negative", "twice", "empty"],
)
def test_a_recipe_that_does_not_add_up_is_refused(parts, reason):
    with pytest.raises(Refused, match=reason):
        Recipe(tuple(parts))


def test_a_recipe_is_data():
    assert from_data(Recipe, to_data(DEFAULT_RECIPE)) == DEFAULT_RECIPE


def test_a_part_that_a_table_cannot_count_is_refused():
    with pytest.raises(Refused, match="“完成率”不适用于这张表"):
        rank_units([POLICE], MAY, COMPLETION_RECIPE)


UNITS = st.builds(
    UnitFacts,
    unit=st.uuids().map(str),
    group=st.sampled_from(GROUPS),
    tasks=st.lists(st.one_of(st.none(), st.integers(0, 150)), max_size=4).map(
        lambda dones: tuple(led("任务", done) for done in dones)
    ),
    due=st.integers(0, 9),
    accepted=st.integers(0, 9),
)


@given(st.lists(UNITS, max_size=12))
def test_ranks_agree_with_scores_inside_every_group(units):
    ranking = rank_units(units, MAY)

    assert len(ranking.rows) == len(units)
    for group in GROUPS:
        rows = [row for row in ranking.of(group) if row.rank is not None]
        assert all(0 < row.score <= 100 for row in rows)
        assert all(not row.score for row in ranking.of(group) if row.rank is None)
        for row in rows:
            assert row.rank == 1 + sum(other.score > row.score for other in rows)
            assert row.size == len(rows)


@given(
    st.lists(
        st.tuples(st.integers(1, 100), st.one_of(st.none(), st.integers(0, 100))),
        min_size=1,
        max_size=6,
    )
)
def test_shared_weights_sum_to_a_hundred_unless_nothing_applies(pairs):
    weights = [Decimal(weight) for weight, _ in pairs]
    values = [None if value is None else Decimal(value) for _, value in pairs]

    shared = shared_weights(weights, values)

    assert sum(shared) == (100 if any(value is not None for value in values) else 0)
    assert all(weight == 0 for weight, value in zip(shared, values, strict=True) if value is None)
