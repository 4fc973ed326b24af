"""A small part of the incentive programme of 2022: units that compete, items, people."""

from sqlmodel import Session

from models.db import Database
from models.member import RoleName
from models.unit import UnitKind
from tests.conftest import at
from tests.factories import a_group, a_member, a_programme, a_task, a_unit
from tests.rows import Rows
from tests.talk import Talk

OCTOBER = at("2022-10-10T09:00")
_COUNTIES = ("吉首市", "花垣县", "凤凰县", "龙山县")
_ITEMS = (
    ("激2", "优化营商环境工作", "营商环境", "州发改委"),
    ("激20", "质量强省工作", "质量强省", "州市场监管局"),
    ("激25", "文化和旅游工作", "文化和旅游", "州文旅广电局"),
)


def incentives(session: Session) -> None:
    """Three items of three bureaus; the prefecture, four counties and a park may win them."""
    programme = a_programme(session, "jili-2022", "真抓实干", year=2022)
    a_unit(session, "州本级", kind=UnitKind.GOVERNMENT)
    counties = {
        name: a_unit(session, name, kind=UnitKind.COUNTY, aliases=[name[:2]]) for name in _COUNTIES
    }
    park = a_unit(session, "花垣产业开发区", kind=UnitKind.PARK)
    park.parent_id = counties["花垣县"].id
    for number, title, short, lead in _ITEMS:
        unit = a_unit(session, lead)
        task = a_task(session, programme, number, title, [unit], kind="narrative", aliases=[short])
        task.quota = "10个县市区"
        a_member(session, f"{lead}联络员", (RoleName.LIAISON, unit))
    a_member(session, "吉首市联络员", (RoleName.LIAISON, counties["吉首市"]))
    a_member(session, "管理员甲", (RoleName.ADMIN, None))
    a_member(session, "领导甲", (RoleName.LEADER, None))
    a_group(session, "联络员群")
    a_group(session, "领导群")


_ROWS = Rows(incentives)


def incentive_talk(database: Database) -> Talk:
    """A talk in which nothing but this programme is loaded, on the day of its data."""
    talk = Talk(database, now=OCTOBER, empty=True)
    with database.write() as session:
        _ROWS.into(session)
    return talk
