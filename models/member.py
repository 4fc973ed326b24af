"""人员: a person, their account on each platform, and what they may do in a programme."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from models.db import one_of
from models.errors import Refused


class RoleName(StrEnum):
    """What someone may do (domain: Roles)."""

    LIAISON = "liaison"
    UNIT_HEAD = "unit_head"
    LEADER = "leader"
    ADMIN = "admin"
    OPERATOR = "operator"


#: What the roles are called.
ROLE_TITLES = {
    RoleName.LIAISON: "联络员",
    RoleName.UNIT_HEAD: "单位负责人",
    RoleName.LEADER: "领导",
    RoleName.ADMIN: "管理员",
    RoleName.OPERATOR: "运维",
}


class Member(SQLModel, table=True):
    """A person known to the bot."""

    id: int | None = Field(default=None, primary_key=True)
    name: str
    created_at: datetime
    left_at: datetime | None = None


class Account(SQLModel, table=True):
    """A member's user id on one platform; ids compare without regard to case.

    *spelling* is the id as it was written, for platforms that find it by its very letters.
    """

    __table_args__ = (UniqueConstraint("platform", "user_id"),)

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="member.id", index=True)
    platform: str
    user_id: str
    spelling: str = ""


class Role(SQLModel, table=True):
    """One role of one member; without a programme it holds in all of them."""

    __table_args__ = (
        UniqueConstraint("member_id", "role", "programme_id", "unit_id"),
        one_of("role", RoleName),
    )

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="member.id", index=True)
    role: str
    programme_id: int | None = Field(default=None, foreign_key="programme.id")
    unit_id: int | None = Field(default=None, foreign_key="unit.id", index=True)


def role_named(name: str) -> RoleName:
    """The role with this identifier or Chinese title; Refused when there is none."""
    for role, title in ROLE_TITLES.items():
        if name in (role.value, title):
            return role
    raise Refused(f"{name!r} is no role; there are {', '.join(ROLE_TITLES)}")


def account_of(session: Session, platform: str, user_id: str) -> Account | None:
    """The account with this id on *platform*, or None."""
    return session.exec(
        select(Account).where(Account.platform == platform, Account.user_id == user_id.casefold())
    ).first()


def user_ids_of(session: Session, members: Collection[int]) -> dict[str, list[str]]:
    """Their user ids by platform, as they were written, the oldest account's first."""
    found = dict[str, list[str]]()
    accounts = select(Account).where(col(Account.member_id).in_(members)).order_by(col(Account.id))
    for each in session.exec(accounts).all():
        found.setdefault(each.platform, []).append(each.spelling or each.user_id)
    return found


def spelled(session: Session, platform: str, user_ids: Collection[str]) -> list[str]:
    """These ids as they were written, in their order; one that is not known stays as it is."""
    accounts = select(Account.user_id, Account.spelling).where(
        Account.platform == platform, col(Account.user_id).in_(user_ids)
    )
    known = dict(session.exec(accounts).all())
    return [known.get(each) or each for each in user_ids]


def member_at(session: Session, platform: str, user_id: str) -> Member | None:
    """The member with the account of this id on *platform*, or None; one who left is none."""
    return session.exec(
        select(Member)
        .join(Account, col(Account.member_id) == col(Member.id))
        .where(
            Account.platform == platform,
            Account.user_id == user_id.casefold(),
            col(Member.left_at).is_(None),
        )
    ).first()


def roles_of(session: Session, member_id: int) -> Sequence[Role]:
    """Every role of a member."""
    return session.exec(
        select(Role).where(Role.member_id == member_id).order_by(col(Role.id))
    ).all()


def give_role(
    session: Session,
    member_id: int,
    role: str,
    unit_id: int | None = None,
    programme_id: int | None = None,
) -> bool:
    """Give the role unless the member has this very one; True when it is new.

    The unique constraint alone does not see a twin without unit or programme.
    """
    wanted = (role, unit_id, programme_id)
    if any((r.role, r.unit_id, r.programme_id) == wanted for r in roles_of(session, member_id)):
        return False
    session.add(Role(member_id=member_id, role=role, unit_id=unit_id, programme_id=programme_id))
    session.flush()
    return True


def members_with(session: Session, role: RoleName, programme_id: int | None) -> Sequence[Member]:
    """Present members who hold *role* in the programme (or in all), each once, oldest first."""
    found = session.exec(
        select(Member)
        .join(Role, col(Role.member_id) == col(Member.id))
        .where(
            Role.role == role,
            col(Role.programme_id).is_(None) | (col(Role.programme_id) == programme_id),
            col(Member.left_at).is_(None),
        )
        .order_by(col(Member.id))
    ).all()
    return list({member.id: member for member in found}.values())


def members_named(session: Session, name: str) -> Sequence[Member]:
    """Everybody present of this very name, oldest first."""
    return session.exec(
        select(Member)
        .where(Member.name == name.strip(), col(Member.left_at).is_(None))
        .order_by(col(Member.id))
    ).all()


def members_by_id(session: Session, ids: Iterable[int]) -> dict[int, Member]:
    """The members with these ids, in one query."""
    rows = session.exec(select(Member).where(col(Member.id).in_(set(ids)))).all()
    return {row.id or 0: row for row in rows}


def liaisons_among(session: Session, member_ids: Iterable[int]) -> frozenset[int]:
    """Which of these members are liaison of any unit, in one query."""
    rows = session.exec(
        select(Role.member_id).where(
            col(Role.member_id).in_(set(member_ids)), Role.role == RoleName.LIAISON
        )
    ).all()
    return frozenset(rows)


def reporting_for(
    session: Session, member_ids: Iterable[int], unit_ids: Iterable[int]
) -> frozenset[int]:
    """Which of these members are liaisons of one of these units, in one query."""
    rows = session.exec(
        select(Role.member_id).where(
            col(Role.member_id).in_(set(member_ids)),
            col(Role.unit_id).in_(set(unit_ids)),
            Role.role == RoleName.LIAISON,
        )
    ).all()
    return frozenset(rows)
