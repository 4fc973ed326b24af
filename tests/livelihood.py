"""A small part of the livelihood programme of 2024: projects, items with acceptance, people."""

from datetime import date
from decimal import Decimal

from sqlmodel import Session

from models.activity import Activity
from models.db import Database
from models.figure import Figure, Series
from models.indicator import Indicator
from models.member import RoleName
from models.project import Project
from models.task import Task
from models.unit import Unit
from tests.conftest import at
from tests.factories import (
    a_group,
    a_member,
    a_programme,
    a_requirement,
    a_task,
    a_unit,
    an_indicator,
    an_obligation,
)
from tests.rows import Rows
from tests.talk import Talk

SEPTEMBER = at("2024-09-27T09:00")
BULLETIN = "2024年第12期专报"
POLICY = {
    "verification": {
        "steps": [
            {"by": "2024-10-31", "gap": "10", "full": False},
            {"by": "2024-11-30", "gap": None, "full": True},
        ]
    },
    "activities": {"monthly": 1},
    "comments": {"handled": "100"},
}
PROGRESS = {"name": "进展", "aliases": ["工作进展"], "need": "expected", "minimum": 1}
_PROJECTS = ("促进高质量充分就业", "困难重度残疾人家庭无障碍改造", "农村水源保障及灌溉能力提升")
_ITEMS = (
    ("感26", "城镇新增就业", "人社局", 0, "城镇新增就业", "人", "6150", "5375.1"),
    ("感14", "困难重度残疾人家庭无障碍改造", "残联", 1, "无障碍改造", "户", "285", "285"),
)
STAGES = ["立项", "开工", "主体完工", "设备安装", "验收投用"]


def livelihood(session: Session) -> None:
    """Two items with indicators, one with stages; reports carry acceptance and comments."""
    programme = a_programme(session, "kegan-2024", "民生可感", year=2024, policy=POLICY)
    projects = []
    for position, name in enumerate(_PROJECTS):
        row = Project(programme_id=programme.id or 0, name=name, position=position)
        session.add(row)
        projects.append(row)
    session.flush()
    for number, title, lead, project, name, unit, target, value in _ITEMS:
        office = a_unit(session, lead)
        task = a_task(session, programme, number, title, [office], project=_PROJECTS[project])
        counted = an_indicator(session, task, name, unit, target)
        _published(session, counted, Decimal(value))
        _owed(session, task, office)
        a_member(session, f"{lead}联络员", (RoleName.LIAISON, office))
    water = a_unit(session, "水利局")
    dam = a_task(
        session,
        programme,
        "感30",
        "农村水源保障工程",
        [water],
        kind="milestone",
        stages=STAGES,
        project=_PROJECTS[2],
    )
    _owed(session, dam, water)
    a_member(session, "水利局联络员", (RoleName.LIAISON, water))
    for month in (5, 6, 8, 9):
        _ticked(session, projects[1], month)
    a_member(session, "管理员甲", (RoleName.ADMIN, None))
    a_member(session, "领导甲", (RoleName.LEADER, None))
    a_group(session, "联络员群")


def _published(session: Session, indicator: Indicator, value: Decimal) -> None:
    session.add(
        Figure(
            task_id=indicator.task_id,
            indicator_id=indicator.id,
            as_of=date(2024, 8, 31),
            value=value,
            accepted_at=SEPTEMBER,
            source=BULLETIN,
        )
    )


def verified(session: Session, task_id: int, value: str, *, day: date = date(2024, 8, 31)) -> None:
    """An acceptance rate as an issued document prints it."""
    session.add(
        Figure(
            task_id=task_id,
            series=Series.VERIFIED,
            as_of=day,
            value=Decimal(value),
            accepted_at=SEPTEMBER,
            source=BULLETIN,
        )
    )


def _owed(session: Session, task: Task, office: Unit) -> None:
    needed = a_requirement(session, task, sections=(PROGRESS,), verified=True, comments=True)
    for month, covered in ((10, date(2024, 9, 30)), (11, date(2024, 10, 31))):
        an_obligation(
            session,
            needed,
            task,
            [office],
            due=at(f"2024-{month}-10T23:59:59"),
            covers=(date(2024, 1, 1), covered),
        )


def _ticked(session: Session, project: Project, month: int) -> None:
    session.add(
        Activity(
            project_id=project.id,
            month=date(2024, month, 1),
            kind="当月有动态",
            source=BULLETIN,
            reported_at=SEPTEMBER,
        )
    )


_ROWS = Rows(livelihood)


def livelihood_talk(database: Database) -> Talk:
    """A talk in which nothing but this programme is loaded, on the day of its circular."""
    talk = Talk(database, now=SEPTEMBER, empty=True)
    with database.write() as session:
        _ROWS.into(session)
    return talk
