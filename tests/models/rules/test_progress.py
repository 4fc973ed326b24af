"""Progress and status, against the circular on 20 projects as of May 2021."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import Refused
from models.rules.curve import LINEAR, Curve, Shape, scheduled
from models.rules.progress import (
    Comparator,
    Dated,
    Judgement,
    Kind,
    Reading,
    Source,
    Target,
    TaskFacts,
    done_percent,
    is_met,
    task_progress,
)
from models.rules.rounding import half_up, percent_text
from models.rules.status import Standing

MAY = date(2021, 5, 31)
ACHIEVED, ON_TRACK, BEHIND = "达到省定验收标准", "工作有序推进", "工作进度相对滞后"


def of(done, target, unit="个", **kwargs):
    return Reading(
        Target(unit, Decimal(str(target)), unit, **kwargs), Dated(Decimal(str(done)), MAY)
    )


def counted(*readings, kind=Kind.COUNT, **kwargs):
    return TaskFacts(kind, tuple(readings), **kwargs)


def level(value, standard, unit="元/月"):
    return of(value, standard, unit, threshold=True)


BY_RULE = {
    "新2 城乡低保": (
        counted(level(583, 550), level(386, 374), level(4425, 4300), level(243, 230)),
        "100.00%",
        ACHIEVED,
    ),
    "新3 就业与培训": (
        counted(of(10265, 23000), of(15368, 30000), of(10573, 12300)),
        "44.63%",
        ON_TRACK,
    ),
    "新5 安防设施": (counted(of(0, 550, "公里"), kind=Kind.MEASURE), "0.00%", BEHIND),
    "新6 4G基站与光纤": (counted(of(7, 7), of(25, 25)), "100.00%", ACHIEVED),
    "新7 雪亮工程": (counted(of(1710, 6000)), "28.50%", BEHIND),
    "新8 无障碍改造": (counted(of(22, 680, "户")), "3.24%", BEHIND),
    "新9 中医药服务": (counted(of(66, 118)), "55.93%", ON_TRACK),
    "新10 法律援助": (counted(of(798, 1800, "件")), "44.33%", ON_TRACK),
    "续1 幼儿园学位": (counted(of(4346, 9700)), "44.80%", ON_TRACK),
    "续2 产前筛查": (counted(of(6923, 16500, "人次")), "41.96%", ON_TRACK),
    "续3 两癌检查": (counted(of(23421, 29000, "人")), "80.76%", ON_TRACK),
    "续4 公路提质": (counted(of(0, 260, "公里"), kind=Kind.MEASURE), "0.00%", BEHIND),
    "续6 两项补贴": (counted(level(100, 100, "元/人/月")), "100.00%", ACHIEVED),
    "续7 儿童康复": (counted(of(717, 550, "人"), of("2067.7", 4400, "个月")), "46.99%", ON_TRACK),
    "续8 户用厕所": (counted(of(3633, 77500)), "4.69%", BEHIND),
    "续9 护理床位": (
        TaskFacts(Kind.STATED, stated=Dated(Decimal(30), MAY), stated_wins=True),
        "30.00%",
        BEHIND,
    ),
    "续10 配电网": (counted(of(6498, 8800, "万元"), kind=Kind.MONEY), "73.84%", ON_TRACK),
}
JUDGED = {
    "新1 芙蓉学校": (counted(of(8, 12, "所")), ON_TRACK, BEHIND, "二期四所仍在建设"),
    "新4 疾控中心": (counted(of(0, 6, "家")), BEHIND, ON_TRACK, "主体多已开工，年底可达标"),
    "续5 老旧小区": (counted(of(0, 85)), BEHIND, ON_TRACK, "前期工作全面铺开"),
}


@pytest.mark.parametrize(("facts", "percent", "status"), BY_RULE.values(), ids=BY_RULE.keys())
def test_seventeen_projects_follow_by_rule(facts, percent, status):
    progress = task_progress(facts, MAY, 2021)

    assert (percent_text(progress.done), progress.status) == (percent, status)
    assert not progress.judged


@pytest.mark.parametrize(("facts", "rule", "printed", "why"), JUDGED.values(), ids=JUDGED.keys())
def test_three_projects_were_judged_by_people_and_show_it(facts, rule, printed, why):
    judgement = Judgement(printed, why, "管理员甲")
    facts = TaskFacts(facts.kind, facts.readings, judgement=judgement)

    progress = task_progress(facts, MAY, 2021)

    assert (progress.by_rule.label, progress.status, progress.judged) == (rule, printed, True)
    assert progress.notes[-1] == f"经研判评定，按规则为“{rule}”，原因：{why}"


def test_the_twenty_projects_are_all_here():
    assert (len(BY_RULE), len(JUDGED)) == (17, 3)


def test_a_judgement_needs_a_reason():
    with pytest.raises(Refused, match="需要写明原因"):
        Judgement(BEHIND, "  ", "管理员甲")


def test_a_judgement_outside_the_policy_names_the_choices():
    facts = TaskFacts(Kind.NARRATIVE, judgement=Judgement("很好", "看过现场", "管理员甲"))

    with pytest.raises(Refused, match=f"可选：{ACHIEVED}、{ON_TRACK}、{BEHIND}"):
        task_progress(facts, MAY, 2021)


def test_a_judgement_may_use_the_short_word():
    facts = TaskFacts(Kind.NARRATIVE, judgement=Judgement("滞后", "方案未定", "管理员甲"))

    progress = task_progress(facts, MAY, 2021)

    assert progress.status == BEHIND
    assert progress.notes == ("经研判评定，按规则暂不能判定，原因：方案未定",)


def test_a_renovation_judged_by_its_reporter_wins_where_the_task_declares_it():
    facts = counted(of(119, 214), stated=Dated(Decimal(100), MAY), stated_wins=True)

    progress = task_progress(facts, MAY, 2021)

    assert (progress.status, progress.source) == (ACHIEVED, Source.STATED)
    assert progress.notes == ("自报 100.00%，按完成数计算 55.61%，采用自报数",)


def test_elsewhere_the_computed_percentage_stands_and_the_difference_is_noted():
    facts = counted(of(7, 22), stated=Dated(Decimal(32), MAY))

    progress = task_progress(facts, MAY, 2021)

    assert (percent_text(progress.done), progress.source) == ("31.82%", Source.COMPUTED)
    assert progress.notes == ("自报 32.00%，按完成数计算 31.82%，采用计算数",)


def test_without_figures_a_stated_percentage_stands_alone_and_is_marked():
    progress = task_progress(TaskFacts(Kind.NARRATIVE, stated=Dated(Decimal(90), MAY)), MAY, 2021)

    assert (progress.done, progress.source) == (90, Source.STATED)
    assert progress.notes == ("形象进度 90.00% 为单位自报",)


def test_a_narrative_task_has_no_percentage_and_no_status():
    progress = task_progress(TaskFacts(Kind.NARRATIVE), MAY, 2021)

    assert (progress.done, progress.status, progress.notes) == (None, None, ())


def test_an_indicator_without_a_figure_is_unknown_and_holds_a_good_status_back():
    facts = counted(of(10265, 23000), Reading(Target("培训", Decimal(30000), "人次")))

    progress = task_progress(facts, MAY, 2021)

    assert (progress.status, progress.missing) == (None, ("培训",))
    assert progress.notes == ("尚无数据：培训",)


def test_behind_is_certain_even_while_an_indicator_is_unknown():
    facts = counted(of(22, 680), Reading(Target("培训", Decimal(30000), "人次")))

    assert task_progress(facts, MAY, 2021).status == BEHIND


def test_one_level_not_held_puts_a_threshold_task_behind():
    facts = counted(level(583, 550), level(229, 230))

    progress = task_progress(facts, MAY, 2021)

    assert [each.met for each in progress.indicators] == [True, False]
    assert (progress.done, progress.status) == (0, BEHIND)


def test_an_april_figure_is_compared_with_may_and_shown_as_not_updated():
    april = Reading(Target("筛查", Decimal(16500), "人次"), Dated(Decimal(6700), date(2021, 4, 30)))

    progress = task_progress(counted(april), MAY, 2021)

    assert (progress.status, progress.is_stale) == (BEHIND, True)


def test_a_figure_of_the_data_dates_month_is_up_to_date():
    reading = Reading(
        Target("筛查", Decimal(16500), "人次"), Dated(Decimal(6923), date(2021, 5, 20))
    )

    assert not task_progress(counted(reading), MAY, 2021).is_stale


@pytest.mark.parametrize(("reached", "percent"), [(0, 0), (2, 50), (4, 100)])
def test_a_milestone_task_counts_its_stages(reached, percent):
    facts = TaskFacts(
        Kind.MILESTONE,
        stages=("选址", "立项", "主体完工", "验收"),
        reached=Dated(Decimal(reached), MAY),
    )

    assert task_progress(facts, MAY, 2021).done == percent


def test_a_stage_that_does_not_exist_is_refused():
    facts = TaskFacts(Kind.MILESTONE, stages=("选址",), reached=Dated(Decimal(2), MAY))

    with pytest.raises(Refused, match="没有第 2 个"):
        task_progress(facts, MAY, 2021)


@pytest.mark.parametrize(
    ("comparator", "value", "met"),
    [
        (Comparator.AT_LEAST, 550, True),
        (Comparator.AT_LEAST, 549, False),
        (Comparator.AT_MOST, 550, True),
        (Comparator.AT_MOST, 551, False),
        (Comparator.RANGE, 600, True),
        (Comparator.RANGE, 601, False),
    ],
)
def test_a_threshold_is_met_or_not_and_never_a_percentage(comparator, value, met):
    target = Target("标准", Decimal(550), "元/月", comparator, Decimal(600), threshold=True)

    assert is_met(target, Decimal(value)) is met
    assert done_percent(target, Decimal(value)) is None


@pytest.mark.parametrize(
    ("kwargs", "reason"),
    [
        ({"value": Decimal(0)}, "应大于 0"),
        ({"value": Decimal(5), "comparator": Comparator.RANGE}, "缺少上限"),
        ({"value": Decimal(5), "comparator": Comparator.RANGE, "upper": Decimal(4)}, "上限小于"),
    ],
)
def test_a_target_that_cannot_be_met_is_refused(kwargs, reason):
    with pytest.raises(Refused, match=reason):
        Target("床位", **kwargs)


@pytest.mark.parametrize(
    ("day", "percent"),
    [
        (date(2021, 5, 1), "41.67"),
        (MAY, "41.67"),
        (date(2021, 9, 30), "75"),
        (date(2021, 12, 1), "100"),
        (date(2020, 12, 31), "0"),
        (date(2022, 1, 10), "100"),
    ],
)
def test_the_default_curve_is_linear_and_its_month_counts_whole(day, percent):
    assert half_up(scheduled(day, LINEAR, 2021), 2) == Decimal(percent)


@pytest.mark.parametrize(
    ("month", "percent"), [(2, 0), (3, 10), (5, 10), (6, 45), (11, 80), (12, 100)]
)
def test_between_quarterly_nodes_the_last_one_holds(month, percent):
    nodes = Curve(Shape.QUARTERLY, tuple(map(Decimal, (10, 45, 80, 100))))

    assert scheduled(date(2021, month, 15), nodes, 2021) == percent


def test_a_monthly_plan_is_read_by_month():
    plan = Curve(Shape.MONTHLY, tuple(map(Decimal, (0, 0, 5, 10, 20, 30, 45, 60, 75, 85, 95, 100))))

    assert scheduled(MAY, plan, 2021) == 20


@pytest.mark.parametrize(
    ("shape", "percents", "reason"),
    [
        (Shape.MONTHLY, (10, 100), "应有 12 个节点，收到 2 个"),
        (Shape.QUARTERLY, (10, 45, 80, 90), "到年底累计为 100"),
        (Shape.QUARTERLY, (10, 80, 45, 100), "不能小于前面"),
        (Shape.LINEAR, (50,), "应有 0 个节点"),
    ],
)
def test_a_plan_that_does_not_rise_to_a_hundred_is_refused(shape, percents, reason):
    with pytest.raises(Refused, match=reason):
        Curve(shape, tuple(map(Decimal, percents)))


@given(
    st.lists(st.tuples(st.integers(0, 5000), st.integers(1, 1000)), min_size=1, max_size=5),
    st.integers(1, 12),
)
def test_a_task_is_never_better_than_its_lowest_indicator(pairs, month):
    facts = counted(*(of(done, target) for done, target in pairs))

    progress = task_progress(facts, date(2021, month, 1), 2021)

    assert progress.done == min(each.percent for each in progress.indicators)
    assert (progress.band.standing is Standing.COMPLETED) == all(d >= t for d, t in pairs)


def test_of_two_equal_indicators_the_one_that_should_be_further_along_decides():
    nodes = Curve(Shape.QUARTERLY, tuple(map(Decimal, (60, 70, 80, 100))))

    progress = task_progress(counted(of(5, 10), of(5, 10, curve=nodes)), MAY, 2021)

    assert (progress.scheduled, progress.status) == (60, BEHIND)


def test_a_milestone_task_without_a_report_is_unknown_and_not_nothing():
    progress = task_progress(TaskFacts(Kind.MILESTONE, stages=("选址", "验收")), MAY, 2021)

    assert (progress.done, progress.status) == (None, None)


def test_a_percentage_stated_in_may_gives_way_to_the_beds_counted_in_august() -> None:
    beds = Target(name="供养床位", value=Decimal(100), unit="张")
    counted = Reading(beds, Dated(Decimal(66), date(2021, 8, 31)))
    facts = TaskFacts(
        kind=Kind.COUNT,
        readings=(counted,),
        stated=Dated(Decimal(30), date(2021, 5, 31)),
        stated_wins=True,
    )

    assert task_progress(facts, date(2021, 8, 31), 2021).done == Decimal(66)
