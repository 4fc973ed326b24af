"""单位: departments, counties and parks, with the names people use for them."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from models.db import one_of


class UnitKind(StrEnum):
    """州直, 县市, 园区, or the area's own level (州本级), which no report is owed by."""

    DEPARTMENT = "department"
    COUNTY = "county"
    PARK = "park"
    GOVERNMENT = "government"


class Unit(SQLModel, table=True):
    """One unit; *group* is the ranking group, *parent_id* the county a park stands under."""

    __table_args__ = (UniqueConstraint("area_id", "name"), one_of("kind", UnitKind))

    id: int | None = Field(default=None, primary_key=True)
    area_id: int = Field(foreign_key="area.id", index=True)
    name: str
    aliases: list[str] = Field(default_factory=list, sa_type=JSON)
    kind: str = UnitKind.DEPARTMENT
    group: str = ""
    parent_id: int | None = Field(default=None, foreign_key="unit.id")
    position: int = 0


def units_of(session: Session, area_id: int) -> Sequence[Unit]:
    """All units of an area in their printed order."""
    return session.exec(
        select(Unit).where(Unit.area_id == area_id).order_by(col(Unit.position), col(Unit.id))
    ).all()


def units_by_id(session: Session, ids: Iterable[int]) -> dict[int, Unit]:
    """The units with these ids, in one query."""
    wanted = set(ids)
    if not wanted:
        return {}
    rows = session.exec(select(Unit).where(col(Unit.id).in_(wanted))).all()
    return {row.id: row for row in rows if row.id is not None}
