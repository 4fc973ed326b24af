"""Loading a division of work: clauses, who owes each, and what a changed document keeps."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session, select

from models.obligation import Obligation, ObligationState, owing_units
from models.programmes.definition import Definition
from models.programmes.loader import LoadReport, load
from models.requirement import Requirement
from models.task import Clause, Task, clauses_of
from models.unit import Unit, units_by_id
from tests.conftest import at

NEW_YEAR = at("2022-01-20T08:00")
FEBRUARY = at("2022-02-14T08:00")

DIVISION: dict[str, Any] = {
    "code": "division-2022",
    "title": "2022年重点工作分工",
    "short": "重点工作",
    "area": "湖南省",
    "year": 2022,
    "units": [
        {"name": name}
        for name in ("省发展改革委", "省财政厅", "省商务厅", "省教育厅", "省审计厅", "省统计局")
    ],
    "wordings": {"月调度": "从2022年2月起，每月10日前报送1月1日至上月累计情况"},
    "forms": {"进展": {"sections": [{"name": "进展"}]}},
    "requirements": [{"wording": "月调度", "form": "进展"}],
    "tasks": [
        {
            "number": "政1",
            "theme": "扩大投资",
            "title": "抓好重大项目",
            "short": "重大项目",
            "kind": "narrative",
            "clauses": [
                {
                    "text": "推进十个重大项目",
                    "role": "lead",
                    "lead": ["省发展改革委", "省商务厅"],
                    "supporting": ["省财政厅"],
                },
                {"text": "补齐民生短板", "role": "shared", "lead": ["省教育厅", "省财政厅"]},
            ],
        },
        {
            "number": "政2",
            "theme": "自身建设",
            "title": "强化监督",
            "short": "监督",
            "kind": "narrative",
            "clauses": [
                {"text": "审计和统计监督", "role": "each", "lead": ["省审计厅", "省统计局"]},
                {"text": "改进作风", "role": "each", "unnamed": ["各部门单位"]},
            ],
        },
    ],
}


def division(change: Callable[[dict[str, Any]], None] | None = None) -> Definition:
    """The small division of work, changed as told."""
    data = Definition.model_validate(DIVISION, strict=False).model_dump(mode="json")
    if change is not None:
        change(data)
    return Definition.model_validate(data, strict=False)


@pytest.fixture
def loaded(session: Session) -> LoadReport:
    return load(session, division(), NEW_YEAR)


def owed_by(session: Session, clause_text: str, label: str) -> list[set[str]]:
    """The names that owe a clause's report of one period, an entry for each obligation."""
    rows = session.exec(
        select(Obligation)
        .join(Requirement, Requirement.id == Obligation.requirement_id)
        .join(Clause, Clause.id == Requirement.clause_id)
        .where(Clause.text == clause_text, Obligation.label == label)
    ).all()
    owing = owing_units(session, [row.id or 0 for row in rows])
    names = units_by_id(session, [unit for units in owing.values() for unit in units])
    return [{names[unit].name for unit in owing[row.id or 0]} for row in rows]


def clauses(session: Session, number: str) -> list[Clause]:
    task = session.exec(select(Task).where(Task.number == number)).one()
    return clauses_of(session, [task.id or 0])[task.id or 0]


@pytest.mark.usefixtures("loaded")
def test_leads_owe_a_clause_together_and_sharers_too(session: Session) -> None:
    label = some_label(session)

    assert owed_by(session, "推进十个重大项目", label) == [{"省发展改革委", "省商务厅"}]
    assert owed_by(session, "补齐民生短板", label) == [{"省教育厅", "省财政厅"}]


@pytest.mark.usefixtures("loaded")
def test_each_unit_owes_a_clause_that_all_answer_for_separately(session: Session) -> None:
    found = owed_by(session, "审计和统计监督", some_label(session))

    assert sorted(found, key=str) == [{"省审计厅"}, {"省统计局"}]


def some_label(session: Session) -> str:
    return session.exec(select(Obligation.label).order_by(Obligation.due)).first() or ""


def test_groups_without_names_owe_nothing_and_are_told_to_the_admin(
    session: Session, loaded: LoadReport
) -> None:
    assert owed_by(session, "改进作风", some_label(session)) == []
    [note] = map(str, loaded.assumed)
    assert note == "政2：“各部门单位”未列明单位，暂不安排报送，请补充成员后重新载入"


@pytest.mark.usefixtures("loaded")
def test_the_task_has_the_units_of_its_clauses(session: Session) -> None:
    entry = division().tasks_by_number["政1"]

    assert entry.leads == ("省发展改革委", "省商务厅", "省教育厅", "省财政厅")
    assert entry.supporters == ()  # 省财政厅 helps in one clause and shares the other


@pytest.mark.usefixtures("loaded")
def test_members_named_later_owe_from_then_on(session: Session) -> None:
    def name_members(data: dict[str, Any]) -> None:
        data["tasks"][1]["clauses"][1] |= {"lead": ["省教育厅"], "unnamed": []}

    report = load(session, division(name_members), FEBRUARY)

    assert report.obligations.created == 12
    assert owed_by(session, "改进作风", some_label(session)) == [{"省教育厅"}]
    history = session.exec(
        select(Obligation)
        .join(Requirement, Requirement.id == Obligation.requirement_id)
        .join(Clause, Clause.id == Requirement.clause_id)
        .where(Clause.text == "改进作风", Obligation.history)
    ).all()
    assert [row.due for row in history] == [at("2022-02-10T23:59:59")]


@pytest.mark.usefixtures("loaded")
def test_a_clause_is_known_again_when_another_is_put_before_it(session: Session) -> None:
    before = {row.text: row.id for row in clauses(session, "政1")}

    def put_before(data: dict[str, Any]) -> None:
        new = {"text": "编制项目清单", "role": "lead", "lead": ["省发展改革委"]}
        data["tasks"][0]["clauses"].insert(0, new)

    load(session, division(put_before), FEBRUARY)

    now = clauses(session, "政1")
    assert [row.text for row in now] == ["编制项目清单", "推进十个重大项目", "补齐民生短板"]
    assert {row.text: row.id for row in now[1:]} == before


@pytest.mark.usefixtures("loaded")
def test_a_clause_that_is_gone_is_switched_off_and_waived_from_then_on(session: Session) -> None:
    def drop(data: dict[str, Any]) -> None:
        del data["tasks"][0]["clauses"][1]

    report = load(session, division(drop), FEBRUARY)

    assert [row.text for row in clauses(session, "政1")] == ["推进十个重大项目"]
    assert report.obligations.waived == 11
    assert any("补齐民生短板" in line for line in report.differences)
    states = session.exec(
        select(Obligation.state)
        .join(Requirement, Requirement.id == Obligation.requirement_id)
        .join(Clause, Clause.id == Requirement.clause_id)
        .where(Clause.text == "补齐民生短板", Obligation.due < FEBRUARY)
    ).all()
    assert states == [ObligationState.OWED]  # what was due stays as people knew it


@pytest.mark.usefixtures("loaded")
def test_tasks_keep_what_was_reported_when_an_item_is_put_between(session: Session) -> None:
    """A new item shifts the numbers after it; reports belong to the item, not to its number."""
    supervision = session.exec(select(Task).where(Task.title == "强化监督")).one()

    def put_between(data: dict[str, Any]) -> None:
        moved = data["tasks"][1] | {"number": "政3"}
        new = data["tasks"][0] | {"number": "政2", "title": "促进消费", "short": "消费"}
        data["tasks"][1:] = [new, moved]

    report = load(session, division(put_between), FEBRUARY)

    session.refresh(supervision)
    assert supervision.number == "政3"
    assert "任务 政2 编号改为 政3（报送内容随任务保留）" in report.differences
    titles = {t.number: t.title for t in session.exec(select(Task).where(Task.active)).all()}
    assert titles == {"政1": "抓好重大项目", "政2": "促进消费", "政3": "强化监督"}


@pytest.mark.usefixtures("loaded")
def test_two_items_that_change_places_change_numbers(session: Session) -> None:
    ids = {t.title: t.id for t in session.exec(select(Task)).all()}

    def swap(data: dict[str, Any]) -> None:
        one, two = data["tasks"]
        data["tasks"] = [two | {"number": "政1"}, one | {"number": "政2"}]

    load(session, division(swap), FEBRUARY)

    now = {t.title: (t.id, t.number) for t in session.exec(select(Task)).all()}
    assert now == {
        "强化监督": (ids["强化监督"], "政1"),
        "抓好重大项目": (ids["抓好重大项目"], "政2"),
    }
    assert not load(session, division(swap), FEBRUARY).changed


@pytest.mark.usefixtures("loaded")
def test_a_number_whose_task_left_can_be_taken_by_one_that_moved(session: Session) -> None:
    first = session.exec(select(Task).where(Task.number == "政1")).one()

    def drop_first(data: dict[str, Any]) -> None:
        data["tasks"] = [data["tasks"][1] | {"number": "政1"}]

    load(session, division(drop_first), FEBRUARY)

    session.refresh(first)
    active = session.exec(select(Task).where(Task.active)).one()
    assert (active.number, active.title) == ("政1", "强化监督")
    assert not first.active
    assert not load(session, division(drop_first), FEBRUARY).changed


def amend(session: Session, wording: str) -> None:
    """An admin's own deadline for every requirement."""
    for row in session.exec(select(Requirement)).all():
        row.wording, row.assumed, row.confirmed_at = wording, [], NEW_YEAR
    session.flush()


@pytest.mark.usefixtures("loaded")
def test_an_admins_own_deadline_outlives_a_second_load(session: Session) -> None:
    amend(session, "每月5日前报送上月情况")

    report = load(session, division(), FEBRUARY)

    assert not report.changed
    assert {r.wording for r in session.exec(select(Requirement)).all()} == {"每月5日前报送上月情况"}


@pytest.mark.usefixtures("loaded")
def test_a_new_deadline_in_the_document_wins_and_is_shown(session: Session) -> None:
    amend(session, "每月5日前报送上月情况")
    new = "从2022年2月起，每月8日前报送1月1日至上月累计情况"

    report = load(session, division(lambda data: data["wordings"].update(月调度=new)), FEBRUARY)

    assert {r.wording for r in session.exec(select(Requirement)).all()} == {new}
    assert any("每月5日前报送上月情况 → " in line for line in report.differences)


def test_units_are_brought_in_one_go(session: Session, loaded: LoadReport) -> None:
    assert len(session.exec(select(Unit)).all()) == 6
    assert loaded.obligations.created == 12 * (1 + 1 + 2)
