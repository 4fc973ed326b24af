"""S4's monthly and quarterly status: 82 items, 194 clauses, units in their roles, reports."""

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import pytest
from sqlmodel import Session, col, select

from handlers.digests.quarterly_status import build
from handlers.render.document import Document
from handlers.render.word import word_file
from handlers.render.word_check import check_word
from handlers.standing.division import division_data
from models.member import Member
from models.obligation import Obligation, ObligationState
from models.programme import Programme
from models.requirement import Requirement
from models.rules.recurrence import Every
from models.submission import Submission, SubmissionVersion
from models.task import Task
from tests.circulars import tampered
from tests.conftest import at
from tests.published import changed, paragraphs, published, tables
from tests.supervising import counted_queries

MARCH = date(2022, 3, 31)
NOW = at("2022-04-20T09:00")


def data_of(session: Session, programme: Programme, every: Every = Every.QUARTER) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        json.dumps(division_data(session, programme, MARCH, every, NOW))
    )
    return found


@cache
def _march() -> str:
    with changed("fengong-2022") as (session, programme):
        return json.dumps(data_of(session, programme))


def march() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(_march())
    return data


def built(snapshot: Mapping[str, Any], *, quarterly: bool = True) -> Document:
    return build(snapshot, snapshot["drafts"], quarterly=quarterly)


def report(session: Session, number: str, place: int, text: str, *, accepted: bool) -> None:
    """What the lead of one clause reported for the first quarter."""
    rows = session.exec(
        select(Obligation, Requirement)
        .join(Requirement, col(Requirement.id) == col(Obligation.requirement_id))
        .join(Task, col(Task.id) == col(Obligation.task_id))
        .where(Task.number == number, Obligation.covers_to == MARCH)
        .order_by(col(Requirement.clause_id), col(Obligation.id))
    ).all()
    quarterly = [row for row, asked in rows if "季" in asked.wording]
    obligation = quarterly[place - 1]
    member = Member(name=f"{number}联络员", created_at=NOW)
    session.add(member)
    session.flush()
    submission = Submission(
        obligation_id=obligation.id or 0,
        task_id=obligation.task_id,
        unit_id=1,
        member_id=member.id or 0,
        version=1,
        state="accepted" if accepted else "submitted",
        first_received_at=NOW,
        accepted_version=1 if accepted else None,
    )
    session.add(submission)
    session.flush()
    session.add(
        SubmissionVersion(
            submission_id=submission.id or 0,
            version=1,
            member_id=member.id or 0,
            received_at=NOW,
            as_of=MARCH,
            sections={"进展": text, "问题": "用地指标不足"},
        )
    )
    obligation.state = ObligationState.ACCEPTED if accepted else ObligationState.SUBMITTED
    session.add(obligation)
    session.flush()


def test_82_items_and_194_clauses_by_the_way_they_are_answered_for() -> None:
    assert any(
        text.startswith(
            "重点工作82项、责任分工194条，其中牵头的137条、按职责分工的47条、分别负责的10条。"
        )
        for text in paragraphs(built(march()))
    )
    assert len(tables(built(march()))[1]) == 194


def test_every_unit_stands_with_its_clauses_by_role() -> None:
    rows = {row[0]: row for row in tables(built(march()))[0]}
    leads = sum(len(clause["lead"]) for task in march()["tasks"] for clause in task["clauses"])
    in_table = sum(int(cell or 0) for row in rows.values() for cell in row[1:4])
    unnamed = sum(
        name not in rows
        for task in march()["tasks"]
        for clause in task["clauses"]
        for name in clause["lead"]
    )

    assert rows["省发展改革委"][1:5] == ["22", "31", "", "30"]
    assert in_table + unnamed == leads


def test_a_clause_shows_lead_supporting_state_and_progress() -> None:
    with changed("fengong-2022") as (session, programme):
        report(session, "政3", 1, "长赣高铁开工，“五张网”项目完成投资两成。", accepted=True)
        data = data_of(session, programme)
    row = next(row for row in tables(built(data))[1] if row[0] == "政3")

    assert row[3:5] == ["牵头", "省发展改革委"]
    assert row[5].startswith("省财政厅、省自然资源厅")
    assert row[6:] == ["已通过", "长赣高铁开工，“五张网”项目完成投资两成。"]
    assert data["drafts"]["problems"] == "政3：用地指标不足"


def test_what_came_in_no_longer_counts_as_missing() -> None:
    before = march()["counts"]
    with changed("fengong-2022") as (session, programme):
        report(session, "政3", 1, "有进展", accepted=False)
        data = data_of(session, programme)
    unit = next(each for each in data["units"] if each["unit"] == "省发展改革委")
    document = built(data)

    assert (data["counts"]["came"], data["counts"]["missing"]) == (1, before["missing"] - 1)
    assert "政3" not in unit["named"]
    assert next(row for row in tables(document)[1] if row[0] == "政3")[6] == "待审"
    assert check_word(word_file(document), document, data) == ()


def test_the_month_counts_the_monthly_reports_alone() -> None:
    with changed("fengong-2022") as (session, programme):
        report(session, "政3", 1, "有进展", accepted=True)
        monthly = data_of(session, programme, Every.MONTH)

    assert monthly["counts"]["came"] == 0
    assert monthly["counts"]["asked"] == march()["counts"]["asked"]


@pytest.mark.parametrize(("quarterly", "line"), [(True, "第一季度检查"), (False, "3月调度")])
def test_the_title_says_month_or_quarter(quarterly: bool, line: str) -> None:
    assert f"2022年{line}情况的通报" in built(march(), quarterly=quarterly).title


def test_the_check_passes_and_catches_tampering() -> None:
    document = built(march())
    data = word_file(document)

    assert check_word(data, document, march()) == ()
    for old, new in (("194", "195"), ("137", "136"), ("省机场管理集团", "省机场集团")):
        assert check_word(tampered(data, old, new), document, march()), old


def test_unnamed_groups_are_told_to_the_admin() -> None:
    assert "含未点名的责任单位，点名前不计应报" in march()["notes"][0]


def test_statements_do_not_grow_with_what_is_reported() -> None:
    def count() -> int:
        with counted_queries(published("fengong-2022")) as seen:
            division_data(session, programme, MARCH, Every.QUARTER, NOW)
        return len(seen)

    with changed("fengong-2022") as (session, programme):
        before = count()
        for number in ("政3", "政4", "政5"):
            report(session, number, 1, "有进展", accepted=True)

        assert count() == before <= 12
