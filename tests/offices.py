"""A province's worth of units: 60 departments, 122 counties and a year of reports, for sizes."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from sqlmodel import Session

from models.area import area_named
from models.chat import ChatPurpose
from models.figure import Figure
from models.indicator import Allotment, Indicator
from models.obligation import Obligation, ObligationState, ObligationUnit
from models.programme import Programme
from models.requirement import Requirement
from models.rules.span import month_end
from models.submission import Submission, SubmissionState, SubmissionVersion
from models.task import Task, TaskUnit
from models.unit import Unit, UnitKind
from tests.conftest import at
from tests.factories import a_group, a_member

Row = TypeVar("Row")

DEPARTMENTS, COUNTIES = 60, 122
YEAR = 2021
NOW = at("2021-12-15T09:00")
#: The longest that a name may be.
LONG = "综合行政执法与数据资源管理服务中心（挂政务公开政务服务牌子）联合办公室"


def a_province(session: Session) -> Programme:
    """One task a department, each with a target shared out among all counties, reported monthly."""
    area = area_named(session, "某省")
    programme = Programme(
        code="province-2021",
        area_id=area.id or 0,
        title="年度重点任务",
        short_title="重点任务",
        year=YEAR,
        loaded_at=at("2021-01-01T08:00"),
    )
    names = [f"省{LONG}{n}" for n in range(DEPARTMENTS)]
    departments = _kept(session, [Unit(area_id=area.id or 0, name=name) for name in names])
    counties = _kept(
        session,
        [
            Unit(area_id=area.id or 0, name=f"第{n}自治县", kind=UnitKind.COUNTY)
            for n in range(COUNTIES)
        ],
    )
    _kept(session, [programme])
    member = a_member(session, "联络员省")
    for place, unit in enumerate(departments):
        _task(session, programme, unit, place, counties, member.id or 0)
    a_group(session, "省领导群", ChatPurpose.LEADERS, names_laggards=True)
    return programme


def _kept(session: Session, rows: list[Row]) -> list[Row]:
    session.add_all(rows)
    session.flush()
    return rows


def _task(
    session: Session,
    programme: Programme,
    unit: Unit,
    place: int,
    counties: list[Unit],
    member_id: int,
) -> None:
    title = f"第{place}项重点工作推进落实"
    [task] = _kept(
        session,
        [
            Task(
                programme_id=programme.id or 0,
                number=f"重{place}",
                theme=f"第{place // 10}方面",
                title=title,
                kind="count",
                position=place,
            )
        ],
    )
    task_id = task.id or 0
    _kept(session, [TaskUnit(task_id=task_id, unit_id=unit.id or 0)])
    [indicator] = _kept(
        session, [Indicator(task_id=task_id, name="完成数", unit="个", target=Decimal(12200))]
    )
    [asked] = _kept(session, [Requirement(task_id=task_id, wording="每月10日前")])
    if place < 4:  # four indicators are counted by county, through the year
        shares = [
            Allotment(indicator_id=indicator.id or 0, unit_id=county.id or 0, target=Decimal(100))
            for county in counties
        ]
        _kept(session, shares)
    for month in range(1, 12):
        _month(session, task, unit, asked, month, member_id)
        figures = _figures(task_id, indicator.id or 0, place, month, counties)
        _kept(session, list(figures))


def _figures(
    task_id: int, indicator_id: int, place: int, month: int, counties: list[Unit]
) -> Iterator[Figure]:
    common = {
        "task_id": task_id,
        "indicator_id": indicator_id,
        "as_of": month_end(YEAR, month),
        "accepted_at": NOW,
    }
    yield Figure(value=Decimal((400 + 17 * place) * month), **common)
    if place < 4:
        for at_, county in enumerate(counties):
            yield Figure(value=Decimal((5 + at_ % 6) * month), unit_id=county.id, **common)


def _month(
    session: Session, task: Task, unit: Unit, asked: Requirement, month: int, member_id: int
) -> None:
    due = at(f"{YEAR}-{month + 1:02}-10T23:59:59")
    [row] = _kept(
        session,
        [
            Obligation(
                requirement_id=asked.id or 0,
                task_id=task.id or 0,
                programme_id=task.programme_id,
                key=f"{month}",
                label=f"{month}",
                due=due,
                covers_from=date(YEAR, 1, 1),
                covers_to=month_end(YEAR, month),
                state=ObligationState.ACCEPTED,
            )
        ],
    )
    _kept(session, [ObligationUnit(obligation_id=row.id or 0, unit_id=unit.id or 0)])
    [report] = _kept(
        session,
        [
            Submission(
                obligation_id=row.id or 0,
                task_id=task.id or 0,
                unit_id=unit.id or 0,
                member_id=member_id,
                state=SubmissionState.ACCEPTED,
                accepted_version=1,
                first_received_at=due - timedelta(days=1),
            )
        ],
    )
    version = SubmissionVersion(
        submission_id=report.id or 0,
        version=1,
        member_id=member_id,
        received_at=due - timedelta(days=1),
        as_of=month_end(YEAR, month),
        sections={"措施": "逐项推进，按月调度。" * 5},
    )
    _kept(session, [version])
