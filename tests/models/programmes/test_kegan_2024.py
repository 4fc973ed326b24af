"""The people's livelihood action of Xiangxiang in 2024, against its circular of September."""

from collections import Counter
from datetime import date
from decimal import Decimal
from itertools import combinations

import pytest
from sqlmodel import Session

from models.programmes.definition import Definition, TaskEntry
from models.programmes.files import read_definition
from models.programmes.loader import load
from models.rules.curve import scheduled
from models.rules.frozen import from_data
from models.rules.progress import Source, Target
from models.rules.rounding import half_up
from models.rules.status import Standing
from models.rules.verification import Pair, Verdict, VerificationPolicy, verification
from models.tables import METADATA
from tests.conftest import at
from tests.models.programmes.published import progress_of_all

PRINTED_ON = date(2024, 9, 27)

#: Unit, theme and targets of each item as the three annexes print them, in their order.
ITEMS = """
感1 民政局 省 700元/月
感2 民政局 省 5520元/年
感3 民政局 省 90元/月
感4 民政局 省 1150元/月
感5 民政局 省 2个
感6 民政局 省 528户
感7 人社局 潭 700个
感8 人社局 潭 200个
感9 人社局 潭 20个
感10 人社局 省 100% 30%
感11 人社局 省 20项
感12 住建局 省 214套
感13 住建局 省潭 63个
感14 残联 省 285户
感15 残联 潭 120人
感16 残联 省 225人 1575个月
感17 妇联 省 15000人
感18 妇联 省 80场
感19 妇联 省 12000人
感20 文旅广体局 省 1个
感21 教育局 省 1所
感22 教育局 省 1所
感23 卫生健康局 省 455个
感24 交通运输局 省 27公里
感25 应急管理局 潭 4所
感26 人社局 省 6150人
感27 人社局 省 29232人
感28 民政局 潭 6所
感29 水利局 省 3860000方
感30 水利局 省 52000亩
感31 卫生健康局 省 2467人
感32 卫生健康局 潭 25所
感33 教育局 潭 3所
感34 交通运输局 省潭 132.2公里
感35 数据局 省 90%
感36 数据局 省 17个
感37 数据局 省 3个
感38 数据局 省 60%
感39 司法局 省 388件
感40 应急管理局 省 —个
感41 应急管理局 省 22个
感42 农业农村局 潭 3550人
感43 交通运输局 省 16公里
感44 消防救援大队 潭 1500户
感45 公安局交警大队 潭 22处
"""
LEVELS = ["感1", "感2", "感3", "感4", "感10", "感35", "感38"]

#: What the last column prints; 感23's cell is empty.
PERCENTAGES = """
感1 100.0 感2 100.0 感3 100.0 感4 100.0 感5 100.0 感6 115.0 感7 107.9 感8 259.5 感9 100.0
感10 100.0 感11 100.0 感12 100.0 感13 100.0 感14 100.0 感15 140.0 感16 105.8 感17 165.4 感18 105.0
感19 100.1 感20 100.0 感21 100.0 感22 100.0 感24 103.4 感25 100.0 感26 87.4 感27 76.0 感28 95.0
感29 94.5 感30 96.2 感31 81.2 感32 90.0 感33 90.0 感34 75.1 感35 75.0 感36 75.0 感37 75.0 感38 75.0
感39 92.0 感40 75.0 感41 75.0 感42 94.5 感43 80.0 感44 75.3 感45 32.0
"""

#: What the column before it counts, in base units.
COUNTS = """
感2 农村低保标准 5520
感6 困难老年人家庭适老化改造 607
感7 青年创业免费工位 755
感8 大学生见习岗位 519
感9 大学生就业见习基地 20
感12 保障性租赁住房 119
感14 困难重度残疾人家庭无障碍改造 285
感15 康复救助7—14岁残疾儿童 168
感16 康复救助残疾儿童 321
感16 康复救助月数 1666.5
感19 “两癌”免费检查 12014
感23 普惠托育服务 535
感24 农村公路提质改造 27.904
感29 新增蓄水能力 3649000
感30 恢复和改善灌溉面积 50000
感31 新生儿疾病免费筛查与诊断 2003
感34 农村公路安防建设 99.278
感39 法律援助案件 357
感42 培训新农民 3355
感43 普通国省道安全设施提升 12.8
感44 感烟报警器安装 1130
感45 农村道路重大风险隐患治理 7
"""


@pytest.fixture(scope="module")
def kegan() -> Definition:
    return read_definition("kegan-2024")


THEMES = {"省实事": "省", "湘潭市实事": "潭", "省实事、湘潭市实事": "省潭"}


def printed_line(task: TaskEntry) -> str:
    targets = [f"{'—' if i.target is None else i.target}{i.unit}" for i in task.indicators]
    return " ".join([task.number, *task.leads, THEMES[task.theme], *targets])


def test_the_45_items_have_the_units_themes_and_targets_of_the_annexes(kegan: Definition) -> None:
    assert [printed_line(task) for task in kegan.tasks] == ITEMS.strip().splitlines()


def test_sixteen_units_answer_for_34_provincial_and_13_municipal_indicators(
    kegan: Definition,
) -> None:
    """Two items stand under both."""
    themes = Counter(task.theme for task in kegan.tasks)

    assert {name for task in kegan.tasks for name in task.leads} == {u.name for u in kegan.units}
    assert len(kegan.units) == 16
    assert themes == {"省实事": 32, "湘潭市实事": 11, "省实事、湘潭市实事": 2}


def test_a_standard_or_a_rate_is_a_level_to_be_held(kegan: Definition) -> None:
    levels = [t.number for t in kegan.tasks if all(i.threshold for i in t.indicators)]

    assert levels == LEVELS
    assert [t.number for t in kegan.tasks if t.kind == "threshold"] == LEVELS


def test_what_the_scan_lost_is_marked_and_the_unknown_target_stays_unknown(
    kegan: Definition,
) -> None:
    assert [t.number for t in kegan.tasks if t.assumed] == ["感29", "感40", "感41", "感43", "感44"]
    lost = {i.name: i.target for t in kegan.tasks for i in t.indicators if i.assumed}
    assert lost == {
        "县市区、乡镇（街道）覆盖率": 100,
        "县级应急广播建设工程": 1,
        "普惠托育服务": 455,
        "本市级救援装备": None,
        "普通国省道安全设施提升": 16,
    }


def test_25_items_are_done_19_on_track_and_1_behind_by_rule(kegan: Definition) -> None:
    found = progress_of_all(kegan, PRINTED_ON)

    labels = Counter(progress.status for progress in found.values())
    assert labels == {"已完成": 25, "达到序时进度": 19, "未达序时进度": 1}
    by_annex = [progress.status for progress in found.values()]
    assert by_annex == ["已完成"] * 25 + ["达到序时进度"] * 19 + ["未达序时进度"]
    assert not any(progress.judged for progress in found.values())


def test_the_published_statuses_are_those_of_the_rule(kegan: Definition) -> None:
    published = {fact.task: Standing(fact.status) for fact in kegan.issued[0].statuses}

    found = progress_of_all(kegan, PRINTED_ON)
    assert {n: p.by_rule.standing for n, p in found.items() if p.by_rule} == published
    assert not any(fact.judged for fact in kegan.issued[0].statuses)


@pytest.mark.parametrize("day", [PRINTED_ON, date(2024, 9, 30)])
def test_in_september_75_percent_are_due(kegan: Definition, day: date) -> None:
    curves = {i.curve for task in kegan.tasks for i in task.indicators}

    assert curves == {"linear"}
    assert scheduled(day, Target("", Decimal(1)).curve, 2024) == 75
    assert kegan.issued[0].as_of == PRINTED_ON


def printed_percentages() -> dict[str, Decimal]:
    words = PERCENTAGES.split()
    return {number: Decimal(text) for number, text in zip(words[::2], words[1::2], strict=True)}


def test_every_printed_percentage_is_kept(kegan: Definition) -> None:
    kept = [(f.task, f.stated) for f in kegan.issued[0].figures if f.stated is not None]

    assert len(kept) == 44
    assert dict(kept) == printed_percentages()


def test_every_printed_count_is_kept(kegan: Definition) -> None:
    """Twenty-two indicators have one; the other items print words or only a percentage."""
    kept = [
        f"{f.task} {f.indicator} {f.value}" for f in kegan.issued[0].figures if f.value is not None
    ]

    assert kept == COUNTS.strip().splitlines()


def test_percentages_stand_as_printed_within_a_tenth(kegan: Definition) -> None:
    """27.904 of 27 is 103.35, printed 103.4."""
    printed = printed_percentages()
    found = progress_of_all(kegan, PRINTED_ON)

    assert found.keys() - printed.keys() == {"感23"}
    apart = {n: abs((found[n].done or 0) - percent) for n, percent in printed.items()}
    assert max(apart.values()) <= Decimal("0.1")
    done = found["感23"].done
    assert done is not None
    assert half_up(done, 2) == Decimal("117.58")


def test_a_stated_percentage_wins_where_the_item_declares_it_and_the_difference_is_noted(
    kegan: Definition,
) -> None:
    found = progress_of_all(kegan, PRINTED_ON)

    housing, hazards = found["感12"], found["感45"]
    assert (housing.done, housing.source) == (100, Source.STATED)
    assert housing.notes == ("自报 100.00%，按完成数计算 55.61%，采用自报数",)
    assert (hazards.done, hazards.source) == (32, Source.STATED)
    assert hazards.notes == ("自报 32.00%，按完成数计算 31.82%，采用自报数",)
    computed = {n for n, p in found.items() if p.source is Source.COMPUTED}
    assert not computed & {task.number for task in kegan.tasks if task.stated}


def test_ten_items_take_their_percentage_from_the_platform(kegan: Definition) -> None:
    noted = [f.task for f in kegan.issued[0].figures if f.note and "信息管理平台" in f.note]

    assert noted == ["感10", "感11", "感17", "感18", "感26", "感27", "感35", "感36", "感37", "感38"]
    assert all(kegan.tasks_by_number[number].stated for number in noted)


def test_the_lower_of_two_indicators_counts_for_the_children(kegan: Definition) -> None:
    people, months = progress_of_all(kegan, PRINTED_ON)["感16"].indicators

    assert [half_up(i.percent or Decimal(0), 1) for i in (people, months)] == [
        Decimal("142.7"),
        Decimal("105.8"),
    ]


def verification_policy(definition: Definition) -> VerificationPolicy:
    stated = definition.policies.verification
    assert stated is not None
    return from_data(VerificationPolicy, stated.model_dump(mode="json"))


def test_one_item_is_accepted_and_the_others_rates_are_unknown(kegan: Definition) -> None:
    accepted = {f.task: f.verified for f in kegan.issued[0].figures if f.verified is not None}
    pairs = [
        Pair(number, progress.done, accepted.get(number))
        for number, progress in progress_of_all(kegan, PRINTED_ON).items()
        if kegan.tasks_by_number[number].project
    ]

    found = verification(pairs, verification_policy(kegan), PRINTED_ON)

    assert accepted == {"感14": 100}
    assert found.coming is not None
    assert found.coming.text == "10月31日前进度与验收率相差不超过10个百分点"
    assert (found.counts[Verdict.NOT_DUE], found.counts[Verdict.UNKNOWN]) == (1, 33)
    assert [item.gap for item in found.of(Verdict.NOT_DUE)] == [0]


def test_the_next_step_wants_both_at_a_hundred_by_the_end_of_november(kegan: Definition) -> None:
    last = verification_policy(kegan).steps[-1]

    assert (last.by, last.full) == (date(2024, 11, 30), True)


def test_a_report_also_tells_acceptance_and_comments(kegan: Definition) -> None:
    [requirement] = kegan.requirements
    form = kegan.forms[requirement.form]

    assert (form.verified, form.comments) == (True, True)
    assert kegan.policies.comments is not None
    assert kegan.policies.comments.handled == 100
    assert requirement.assumed
    assert not requirement.confirmed


def test_a_name_that_people_use_means_one_item(kegan: Definition) -> None:
    def names(task: TaskEntry) -> set[str]:
        return {task.short, *task.aliases}

    shared = [(a.number, b.number) for a, b in combinations(kegan.tasks, 2) if names(a) & names(b)]

    assert shared == []


def contents(session: Session) -> dict[str, list[str]]:
    """Every row of every table, as text."""
    session.flush()
    return {
        table.name: sorted(str(row) for row in session.execute(table.select()).all())
        for table in METADATA.sorted_tables
    }


def test_loading_twice_changes_nothing(session: Session, kegan: Definition) -> None:
    first = load(session, kegan, at("2024-09-28T08:00"))
    before = contents(session)

    again = load(session, kegan, at("2024-10-08T08:00"))

    assert first.not_understood == ()
    assert len(first.tasks) == 45
    assert first.obligations.created == 45 * 12
    assert not again.changed
    assert contents(session) == before
