"""Loading a programme: what stands in the database, and what a second load changes."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, SQLModel, col, func, select

from models.area import Area
from models.errors import ProgrammeError
from models.figure import Series, accepted_figures
from models.indicator import Allotment, Indicator, indicators_of, linked_to
from models.judgement import judgements_at
from models.obligation import Obligation, ObligationState, owing_units
from models.programme import Programme, programme_by_code
from models.programmes.definition import Definition
from models.programmes.files import read_definition
from models.programmes.issued import CIRCULAR, issued_snapshot
from models.programmes.loader import LoadReport, load
from models.programmes.obligations import NO_LONGER_ASKED, ensure_obligations
from models.requirement import Requirement, requirements_of
from models.rules.curve import Curve
from models.rules.frozen import from_data
from models.rules.progress import (
    Comparator,
    Dated,
    Judgement,
    Kind,
    Reading,
    Target,
    TaskFacts,
    TaskProgress,
    task_progress,
)
from models.rules.status import StatusPolicy
from models.snapshot import last_snapshot
from models.tables import METADATA
from models.task import Task, UnitRole, task_units, tasks_of
from models.unit import Unit, units_by_id, units_of
from tests.conftest import at

MONDAY = at("2021-08-16T08:00")
MAY = date(2021, 5, 31)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def dajuan(session: Session) -> LoadReport:
    return load(session, read_definition("dajuan-2021"), MONDAY)


@pytest.fixture
def minsheng(session: Session) -> LoadReport:
    return load(session, read_definition("minsheng-2021"), MONDAY)


def programme(session: Session, code: str) -> Programme:
    found = programme_by_code(session, code)
    assert found is not None
    return found


def tasks(session: Session, code: str) -> dict[str, Task]:
    found = tasks_of(session, programme(session, code).id or 0)
    return {task.number: task for task in found}


def dues(session: Session, code: str) -> Counter[str]:
    owner = programme(session, code)
    rows = session.exec(select(Obligation).where(Obligation.programme_id == owner.id)).all()
    return Counter(row.due.astimezone(SHANGHAI).date().isoformat() for row in rows)


def contents(session: Session) -> dict[str, list[str]]:
    """Every row of every table, as text."""
    session.flush()
    return {
        table.name: sorted(str(row) for row in session.execute(table.select()).all())
        for table in METADATA.sorted_tables
    }


def counted(session: Session, model: type[SQLModel]) -> int:
    return session.exec(select(func.count()).select_from(model)).one()


@pytest.mark.usefixtures("dajuan")
def test_the_column_owes_39_reports_in_august_then_9_and_26(session: Session) -> None:
    found = dues(session, "dajuan-2021")

    assert found["2021-08-25"] == 39
    assert found["2021-09-19"] == 9
    assert found["2021-09-20"] == 26
    assert found["2021-10-20"] == 26 + 2
    assert found["2022-01-10"] == 2
    assert found["2022-01-19"] == 9
    assert max(found) == "2022-01-20"


@pytest.mark.usefixtures("dajuan")
def test_an_obligation_knows_its_period_its_end_and_who_owes_it(session: Session) -> None:
    first, second, *_ = obligations_of_task(session, tasks(session, "dajuan-2021")["州1-3"].id or 0)

    assert first.due == at("2021-08-25T23:59:59")
    assert (first.covers_from, first.covers_to) == (date(2021, 1, 1), date(2021, 7, 31))
    assert (second.covers_from, second.covers_to) == (date(2021, 1, 1), date(2021, 8, 31))
    assert first.closes == second.due == at("2021-09-20T23:59:59")
    assert not first.history
    owing = units_by_id(session, owing_units(session, [first.id or 0])[first.id or 0])
    assert {unit.name for unit in owing.values()} == {"州人社局", "州文旅广电局"}


@pytest.mark.usefixtures("dajuan")
def test_only_the_day_of_the_quarterly_reports_is_assumed(session: Session) -> None:
    """The notice prints August and a frequency, but no day for the quarters."""
    quarterly = obligations_of_task(session, tasks(session, "dajuan-2021")["州1-11"].id or 0)
    monthly = obligations_of_task(session, tasks(session, "dajuan-2021")["州1-7"].id or 0)

    assert [bool(row.assumed) for row in quarterly] == [False, True, True]
    assert not any(row.assumed for row in monthly)


def test_the_report_says_what_was_assumed_and_that_all_was_understood(dajuan: LoadReport) -> None:
    assert dajuan.not_understood == ()
    assert len(dajuan.tasks) == 39
    assert dajuan.obligations.created == 39 + 5 * 9 + 5 * 26 + 2 * 2 + 2 * 1
    [note] = map(str, dajuan.assumed)
    assert note.startswith("州1-11、州5：每季度")


def test_what_the_circular_does_not_print_is_assumed(minsheng: LoadReport) -> None:
    day, *printed, county = map(str, minsheng.assumed)

    assert day.startswith("全部20项任务：")
    assert {text.partition("：")[0] for text in printed} == {"续7", "新1", "新4", "新5、续4", "续5"}
    assert any(text.startswith("续7：训练时间的目标未印出") for text in printed)
    assert county.endswith("龙山县：写明滞后8个，点名10个，照印保留")


@pytest.mark.parametrize("code", ["dajuan-2021", "minsheng-2021"])
def test_loading_twice_changes_nothing(session: Session, code: str) -> None:
    definition = read_definition(code)
    load(session, definition, MONDAY)
    before = contents(session)

    again = load(session, definition, at("2021-09-27T08:00"))

    assert not again.changed
    assert again.unchanged > 100
    assert contents(session) == before


def test_the_order_of_loading_links_the_same_indicators(session: Session) -> None:
    load(session, read_definition("minsheng-2021"), MONDAY)
    load(session, read_definition("dajuan-2021"), MONDAY)

    mine = tasks(session, "dajuan-2021")["州1-7"].id or 0
    indicator = indicators_of(session, [mine])[mine][0].id or 0
    [(other, task)] = linked_to(session, [indicator])[indicator]
    assert (task.number, other.name, other.target) == ("新7", "乡村公共部位安防设备", 6000)


@pytest.mark.usefixtures("dajuan", "minsheng")
def test_both_programmes_share_the_units_of_the_prefecture(session: Session) -> None:
    [area] = session.exec(select(Area)).all()
    units = units_of(session, area.id or 0)

    assert Counter(unit.kind for unit in units) == {"department": 22, "county": 8}
    assert {unit.group for unit in units} == {"州直单位", "县市"}
    [power] = [unit for unit in units if "国网湘西供电公司" in unit.aliases]
    assert power.name == "国网湘西电力公司"


@pytest.mark.usefixtures("dajuan")
def test_requirements_tell_what_a_report_must_have(session: Session) -> None:
    provincial = tasks(session, "dajuan-2021")["省4"].id or 0
    livelihood = tasks(session, "dajuan-2021")["州1-7"].id or 0
    rows = requirements_of(session, [provincial, livelihood])

    [asks_picture], [asks_figures] = rows[provincial], rows[livelihood]
    assert (asks_picture.pictures, asks_figures.pictures) == (1, 0)
    assert required(asks_picture.sections) == ["措施", "成效"]
    assert required(asks_figures.sections) == ["措施"]
    assert asks_figures.county_figures


def required(sections: list[dict[str, object]]) -> list[object]:
    return [section["name"] for section in sections if section["required"]]


@pytest.mark.usefixtures("minsheng")
def test_what_was_due_before_loading_is_history(session: Session) -> None:
    rows = obligations_of_task(session, tasks(session, "minsheng-2021")["新7"].id or 0)

    assert len(rows) == 12
    assert [row.label for row in rows if row.history] == [f"2021-0{n}" for n in range(1, 8)]
    assert all(row.assumed for row in rows)


def restated(text: str) -> Definition:
    """The livelihood projects with another wording for all of them."""

    def change(data: dict[str, object]) -> None:
        data["wordings"] = {"月调度": text}

    return changed(read_definition("minsheng-2021"), change)


def requirement_of(session: Session, number: str) -> Requirement:
    task_id = tasks(session, "minsheng-2021")[number].id or 0
    [row] = requirements_of(session, [task_id])[task_id]
    return row


@pytest.mark.usefixtures("minsheng")
def test_a_confirmation_does_not_hold_for_another_wording(session: Session) -> None:
    requirement_of(session, "新7").confirmed_at = MONDAY
    load(session, read_definition("minsheng-2021"), MONDAY)
    same = requirement_of(session, "新7").confirmed_at

    load(session, restated("每月12日前，报送1月1日至上月累计情况"), MONDAY)

    assert same == MONDAY
    assert requirement_of(session, "新7").confirmed_at is None


def test_a_reload_does_not_ask_again_for_what_an_admin_wrote_anew(session: Session) -> None:
    unclear = restated("收到通知后5日内报送进展")
    first = load(session, unclear, MONDAY)
    for task_id in [task.id or 0 for task in tasks(session, "minsheng-2021").values()]:
        for row in requirements_of(session, [task_id])[task_id]:
            row.wording = "每月12日前报送上月"
    again = load(session, unclear, MONDAY)

    assert len(first.not_understood) == 1
    assert again.not_understood == ()
    assert requirement_of(session, "新7").wording == "每月12日前报送上月"


def facts_of(session: Session, task: Task) -> TaskFacts:
    """What the database knows of a task, as the rules take it."""
    task_id = task.id or 0
    figures = accepted_figures(session, [task_id], MAY)
    judged = judgements_at(session, [task_id], MAY).get(task_id)

    def last(indicator_id: int | None, series: Series) -> Dated | None:
        found = [f for f in figures if (f.indicator_id, f.series) == (indicator_id, series)]
        return Dated(found[-1].value, found[-1].as_of) if found else None

    return TaskFacts(
        kind=Kind(task.kind),
        readings=tuple(
            Reading(target(row), last(row.id, Series.REPORTED))
            for row in indicators_of(session, [task_id])[task_id]
        ),
        stated=last(None, Series.STATED),
        stated_wins=task.stated,
        judgement=Judgement(judged.status, judged.reason, "考核办") if judged else None,
    )


def target(row: Indicator) -> Target:
    assert row.target is not None
    return Target(
        name=row.name,
        value=row.target,
        unit=row.unit,
        comparator=Comparator(row.comparator),
        curve=from_data(Curve, row.curve),
        threshold=row.threshold,
    )


DONE, ON_TRACK, BEHIND = "达到省定验收标准", "工作有序推进", "工作进度相对滞后"


@pytest.mark.parametrize(
    ("statuses", "of"),
    [
        (DONE, "新2 新6 续6"),
        (ON_TRACK, "新3 新4 新9 新10 续1 续2 续3 续5 续7 续10"),
        (BEHIND, "新1 新5 新7 新8 续4 续8 续9"),
    ],
    ids=["done", "on track", "behind"],
)
@pytest.mark.usefixtures("minsheng")
def test_the_circular_of_may_2021_has_these_statuses(
    session: Session, statuses: str, of: str
) -> None:
    found = progress_of_all(session)

    assert [number for number, done in found.items() if done.status == statuses] == of.split()


@pytest.mark.usefixtures("minsheng")
def test_seventeen_statuses_follow_by_rule_and_three_were_judged(session: Session) -> None:
    found = progress_of_all(session)

    judged = {number for number, done in found.items() if done.judged}
    assert judged == {"新1", "新4", "续5"}
    differing = {
        number
        for number, done in found.items()
        if done.by_rule is None or done.by_rule.label != done.status
    }
    assert differing == judged


@pytest.mark.usefixtures("minsheng")
def test_percentages_stand_near_the_printed_ones(session: Session) -> None:
    """28, 3.3, 44 and 5 are printed where 28.50, 3.24, 44.33 and 4.69 are computed."""
    found = progress_of_all(session)

    printed = {
        **{"新3": "44.63", "新7": "28", "新8": "3.3", "新10": "44", "续1": "44.8"},
        **{"续2": "41.96", "续3": "80.76", "续7": "46.99", "续8": "5", "续9": "30"},
        **{"续10": "73.84"},
    }
    apart = {n: abs((found[n].done or 0) - Decimal(text)) for n, text in printed.items()}
    assert max(apart.values()) <= Decimal("0.5")


def progress_of_all(session: Session) -> dict[str, TaskProgress]:
    return {
        number: task_progress(facts_of(session, task), MAY, 2021)
        for number, task in tasks(session, "minsheng-2021").items()
    }


@pytest.mark.usefixtures("minsheng")
def test_the_counties_lines_are_a_frozen_snapshot(session: Session) -> None:
    row = last_snapshot(session, programme(session, "minsheng-2021").id or 0, CIRCULAR)

    assert row is not None
    assert (row.period, row.edition, row.data_date) == ("2021-05", 1, MAY)
    issued = issued_snapshot(row)
    assert issued == read_definition("minsheng-2021").issued[0]
    assert [line.unit for line in issued.counties if not line.names_all_behind] == ["龙山县"]


@pytest.mark.usefixtures("minsheng")
def test_counties_have_the_shares_that_the_circular_prints(session: Session) -> None:
    task_id = tasks(session, "minsheng-2021")["续8"].id or 0
    [toilets] = indicators_of(session, [task_id])[task_id]
    shares = session.exec(select(Allotment).where(Allotment.indicator_id == toilets.id)).all()
    names = units_by_id(session, [share.unit_id for share in shares])

    assert {names[share.unit_id].name: share.target for share in shares} == {
        "吉首市": 4113,
        "保靖县": 10460,
        "永顺县": 17170,
        "龙山县": 20000,
    }


def changed(definition: Definition, change: Callable[[dict], None]) -> Definition:
    data = definition.model_dump(mode="json")
    change(data)
    return Definition.model_validate(data, strict=False)


def test_a_changed_target_is_shown_and_a_missing_task_switched_off(session: Session) -> None:
    definition = read_definition("dajuan-2021")
    load(session, definition, MONDAY)

    def change(data: dict) -> None:
        task = next(t for t in data["tasks"] if t["number"] == "州1-7")
        task["indicators"][0]["target"] = "6500"
        data["tasks"] = [t for t in data["tasks"] if t["number"] != "州9"]

    report = load(session, changed(definition, change), at("2021-08-17T08:00"))

    assert "任务 州1-7 指标 乡村公共部位安防设备 目标：6000 → 6500" in report.differences
    assert any(text.startswith("任务 州9：文件中已没有") for text in report.differences)
    assert len(tasks(session, "dajuan-2021")) == 38
    assert counted(session, Task) == 39


def test_a_changed_deadline_moves_what_is_not_due_yet_and_leaves_the_past(
    session: Session,
) -> None:
    definition = read_definition("dajuan-2021")
    load(session, definition, MONDAY)

    def change(data: dict) -> None:
        data["wordings"]["每月20日"] = data["wordings"]["每月20日"].replace("20日前", "25日前")

    report = load(session, changed(definition, change), at("2021-10-08T08:00"))

    rows = obligations_of_task(session, tasks(session, "dajuan-2021")["州1-7"].id or 0)
    days = [row.due.astimezone(SHANGHAI).date().isoformat() for row in rows]
    assert days == [
        *("2021-08-25", "2021-09-20", "2021-10-25"),
        *("2021-11-25", "2021-12-25", "2022-01-25"),
    ]
    assert report.obligations.updated == 4 * 26
    assert report.obligations.created == 0


def test_what_is_no_longer_asked_is_waived_and_comes_back_when_it_is(session: Session) -> None:
    definition = read_definition("dajuan-2021")
    load(session, definition, MONDAY)
    number = tasks(session, "dajuan-2021")["州9"].id or 0

    def change(data: dict) -> None:
        data["tasks"] = [t for t in data["tasks"] if t["number"] != "州9"]

    load(session, changed(definition, change), at("2021-09-01T08:00"))
    first, second, *_ = obligations_of_task(session, number)
    assert first.state == ObligationState.OWED
    assert (second.state, second.waiver_reason) == (ObligationState.WAIVED, NO_LONGER_ASKED)

    load(session, definition, at("2021-09-02T08:00"))
    first, second, *_ = obligations_of_task(session, number)
    assert (second.state, second.waiver_reason) == (ObligationState.OWED, "")


@pytest.mark.usefixtures("dajuan")
def test_a_change_of_lead_moves_only_what_is_still_ahead(session: Session) -> None:
    def change(data: dict) -> None:
        task = next(t for t in data["tasks"] if t["number"] == "州9")
        task["lead"] = ["州商务局"]

    later = at("2021-09-01T08:00")
    load(session, changed(read_definition("dajuan-2021"), change), later)

    task_id = tasks(session, "dajuan-2021")["州9"].id or 0
    past, ahead, *_ = obligations_of_task(session, task_id)
    owing = owing_units(session, [past.id or 0, ahead.id or 0])
    names = units_by_id(session, [u for ids in owing.values() for u in ids])
    assert [names[u].name for u in owing[past.id or 0]] == ["州文旅广电局"]
    assert [names[u].name for u in owing[ahead.id or 0]] == ["州商务局"]
    leads = task_units(session, [task_id])[task_id]
    assert [(names[part.unit_id].name, part.role) for part in leads] == [
        ("州商务局", UnitRole.LEAD)
    ]


def test_each_unit_owes_for_itself_where_the_requirement_says_so(session: Session) -> None:
    def change(data: dict) -> None:
        task = next(t for t in data["tasks"] if t["number"] == "州2")
        task["requirements"][0]["each"] = True

    load(session, changed(read_definition("dajuan-2021"), change), MONDAY)

    rows = obligations_of_task(session, tasks(session, "dajuan-2021")["州2"].id or 0)
    owing = owing_units(session, [row.id or 0 for row in rows])
    assert len(rows) == 2 * 2
    assert {len(units) for units in owing.values()} == {1}


def test_a_wording_that_is_not_understood_is_told_with_its_place(session: Session) -> None:
    def change(data: dict) -> None:
        data["wordings"]["每月20日"] = "收到通知后5个工作日内报送"

    report = load(session, changed(read_definition("dajuan-2021"), change), MONDAY)

    [problem] = report.not_understood
    assert problem.where == (
        "州1-1至州1-10、州1-12至州1-20、州3-1至州4、州6-1至州7、州9"
        " 报送时间“收到通知后5个工作日内报送”"
    )
    assert obligations_of_task(session, tasks(session, "dajuan-2021")["州1-1"].id or 0) == []


@pytest.mark.usefixtures("dajuan")
def test_an_alias_that_means_two_known_units_is_not_merged(session: Session) -> None:
    def change(data: dict) -> None:
        unit = next(u for u in data["units"] if u["name"] == "州教体局")
        unit["aliases"].append("州商务局")

    before = counted(session, Unit)
    with pytest.raises(ProgrammeError, match="同时对应已有的 州商务局、州教体局"):
        load(session, changed(read_definition("minsheng-2021"), change), MONDAY)
    assert counted(session, Unit) == before


@pytest.mark.parametrize("moment", [MONDAY, at("2021-12-01T08:00"), at("2022-03-01T08:00")])
@pytest.mark.usefixtures("dajuan")
def test_keeping_up_later_makes_nothing_new(session: Session, moment: datetime) -> None:
    before = contents(session)

    upkeep = ensure_obligations(session, programme(session, "dajuan-2021"), moment)

    assert (upkeep.created, upkeep.updated, upkeep.waived) == (0, 0, 0)
    assert contents(session) == before


def test_own_policies_become_the_programmes(session: Session) -> None:
    def change(data: dict) -> None:
        data["rules"]["roll"] = "previous"
        data["policies"] = {
            "status_labels": {"completed": "已完成", "on_track": "达序时", "behind": "未达序时"},
            "ranking": {"progress": 70, "timeliness": 30, "quality": 0},
            "pictures": {"min_width": 1200, "ratio": "16:9", "min_dpi": 96},
        }

    load(session, changed(read_definition("dajuan-2021"), change), MONDAY)

    policy = programme(session, "dajuan-2021").policy
    labels = [band.label for band in from_data(StatusPolicy, policy["status"]).bands]
    assert labels == ["已完成", "达序时", "未达序时"]
    assert policy["ranking"] == {"progress": 70, "timeliness": 30, "quality": 0}
    assert policy["pictures"]["min_width"] == 1200
    assert policy["pictures"]["ratio"] == pytest.approx(16 / 9)
    found = dues(session, "dajuan-2021")
    assert (found["2021-09-18"], found["2021-09-19"]) == (9 + 26, 0)


def test_the_built_in_programmes_keep_to_the_defaults(session: Session) -> None:
    for code in ("dajuan-2021", "minsheng-2021"):
        load(session, read_definition(code), MONDAY)
        assert programme(session, code).policy == {}


def obligations_of_task(session: Session, task_id: int) -> Sequence[Obligation]:
    """All obligations of one task, oldest first."""
    return session.exec(
        select(Obligation)
        .where(Obligation.task_id == task_id)
        .order_by(col(Obligation.due), col(Obligation.id))
    ).all()
