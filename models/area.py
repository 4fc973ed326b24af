"""地区: the government a programme belongs to; unit names are unique within it."""

from sqlmodel import Field, Session, SQLModel, select


class Area(SQLModel, table=True):
    """One government, such as 湘西州."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)


def area_named(session: Session, name: str) -> Area:
    """The area called *name*, made when it is new."""
    area = session.exec(select(Area).where(Area.name == name)).first()
    if area is None:
        area = Area(name=name)
        session.add(area)
        session.flush()
    return area
