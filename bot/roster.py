"""What the command line does to people, chats, units and invites."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from bot.roster_sheet import Person, read_people
from models.alias import aliases_of_units
from models.area import Area, area_named
from models.audit import record
from models.chat import Chat, Door
from models.errors import Problem, ProgrammeError, Refused
from models.invite import VALID_FOR, Invite
from models.invite import make_invite as invite_code
from models.member import (
    ROLE_TITLES,
    Account,
    Member,
    Role,
    RoleName,
    account_of,
    give_role,
    role_named,
)
from models.message import ChatKind
from models.person import accounts_noted
from models.platform import known_platforms, platform_of
from models.rules.zone import local_zone
from models.task import TaskUnit
from models.unit import Unit, UnitKind


@dataclass(frozen=True)
class Imported:
    """What an import did."""

    added: int
    roles: int
    unchanged: int


def unit_called(session: Session, name: str) -> Unit:
    """The unit with this name or alias; Refused when there is none or more than one."""
    found = [
        unit for unit in session.exec(select(Unit)).all() if name in (unit.name, *unit.aliases)
    ]
    if len(found) != 1:
        why = "there is no unit" if not found else "several units are"
        raise Refused(f"{why} called {name!r}: see `dajuan unit list`")
    return found[0]


def platform_named(name: str) -> str:
    """The platform of an account as it is typed, a door's name standing for its platform."""
    if (found := platform_of(name)) is None:
        known = ", ".join(known_platforms())
        raise Refused(f"{name!r} is no platform of accounts; there are {known}")
    return found


def members_data(session: Session) -> list[dict[str, Any]]:
    """Everyone present, with accounts and roles."""
    members = session.exec(
        select(Member).where(col(Member.left_at).is_(None)).order_by(col(Member.id))
    ).all()
    accounts = session.exec(select(Account).order_by(col(Account.id))).all()
    roles = session.exec(
        select(Role, Unit)
        .join(Unit, col(Unit.id) == col(Role.unit_id), isouter=True)
        .order_by(col(Role.id))
    ).all()
    return [
        {
            "id": member.id,
            "name": member.name,
            "accounts": [
                f"{each.platform}:{each.user_id}"
                for each in accounts
                if each.member_id == member.id
            ],
            "roles": [
                ROLE_TITLES[RoleName(role.role)] + (f"@{unit.name}" if unit else "")
                for role, unit in roles
                if role.member_id == member.id
            ],
        }
        for member in members
    ]


def add_member(
    session: Session,
    name: str,
    role: str,
    platform: str,
    user_id: str,
    units: Sequence[str],
    now: datetime,
) -> int:
    """A person with a role in these units, and their single chat; returns the member's number."""
    wanted = role_named(role)
    if (wanted in (RoleName.LIAISON, RoleName.UNIT_HEAD)) != bool(units):
        raise Refused("liaisons and unit heads need --unit, other roles have none")
    platform = platform_named(platform)
    unit_ids = [unit_called(session, each).id for each in units] or [None]
    member, _ = _member_with_account(session, name, platform, user_id, now)
    for unit_id in unit_ids:
        give_role(session, member.id or 0, wanted, unit_id)
    _record(session, now, "add", "member", member.id or 0, {"role": wanted})
    return member.id or 0


def _member_with_account(
    session: Session, name: str, platform: str, user_id: str, now: datetime
) -> tuple[Member, bool]:
    """The member behind an account, and whether they are new."""
    account = account_of(session, platform, user_id)
    if account is not None:
        member = session.get_one(Member, account.member_id)
        member.left_at = None
        return member, False
    member = Member(name=name, created_at=now)
    session.add(member)
    session.flush()
    spelling, user_id = user_id, user_id.casefold()
    session.add(
        Account(member_id=member.id or 0, platform=platform, user_id=user_id, spelling=spelling)
    )
    _add_single_chat(session, name, platform, user_id, now)
    return member, True


def _add_single_chat(
    session: Session, name: str, platform: str, user_id: str, now: datetime
) -> None:
    known = session.exec(
        select(Door).where(Door.platform == platform, Door.address == user_id)
    ).first()
    if known is not None:
        return
    chat = Chat(kind=ChatKind.SINGLE, name=name, created_at=now)
    session.add(chat)
    session.flush()
    session.add(Door(chat_id=chat.id or 0, platform=platform, address=user_id))


def remove_member(session: Session, number: int, now: datetime) -> None:
    """Someone has left: roles and accounts go, reports and audit stay."""
    member = session.get(Member, number)
    if member is None or member.left_at is not None:
        raise Refused(f"there is no member {number}: see `dajuan member list`")
    member.left_at = now
    for row in session.exec(select(Role).where(Role.member_id == number)).all():
        session.delete(row)
    accounts = session.exec(select(Account).where(Account.member_id == number)).all()
    # By them what the person wrote can still be found and erased.
    before = {"accounts": accounts_noted(accounts)}
    for account in accounts:
        session.delete(account)
    record(
        session,
        at=now,
        member_id=None,
        action="remove",
        table="member",
        row=number,
        before=before,
    )


def import_members(session: Session, data: bytes, name: str, now: datetime) -> Imported:
    """People from the sheet 人员 of the file *name*; ProgrammeError lists every wrong place."""
    people = read_people(data, name)
    problems, unit_ids = _known_units(session, people)
    if problems:
        raise ProgrammeError(problems)
    added = roles = unchanged = 0
    for person in people:
        member, is_new = _member_with_account(
            session, person.name, person.platform, person.user_id, now
        )
        wanted = [unit_ids[name] for name in person.units] or [None]
        given = sum(give_role(session, member.id or 0, person.role, unit_id) for unit_id in wanted)
        added, roles = added + is_new, roles + given
        unchanged += not (is_new or given)
    _record(session, now, "import", "member", 0, {"added": added, "roles": roles})
    return Imported(added, roles, unchanged)


def _known_units(
    session: Session, people: Sequence[Person]
) -> tuple[list[Problem], dict[str, int | None]]:
    problems, ids = [], {}
    for person in people:
        for name in person.units:
            try:
                ids[name] = unit_called(session, name).id
            except Refused:
                text = f"没有单位“{name}”，请先加载专项或用 dajuan unit add 添加"
                problems.append(Problem(person.where, text))
    return problems, ids


def invites_data(session: Session, now: datetime) -> list[dict[str, Any]]:
    """Codes that can still be used: for whom and until when, never the code."""
    rows = session.exec(
        select(Invite)
        .where(col(Invite.used_at).is_(None), col(Invite.created_at) > now - VALID_FOR)
        .order_by(col(Invite.id))
    ).all()
    return [
        {
            "id": row.id,
            "name": row.name,
            "role": row.role,
            "until": (row.created_at + VALID_FOR).astimezone(local_zone()).isoformat(),
        }
        for row in rows
    ]


def remove_invite(session: Session, number: int, now: datetime) -> None:
    """Withdraw a code that nobody has used yet."""
    row = session.get(Invite, number)
    if row is None or row.used_at is not None:
        raise Refused(f"there is no open invite {number}: see `dajuan invite list`")
    session.delete(row)
    _record(session, now, "remove", "invite", number, {})


def units_data(session: Session) -> list[dict[str, Any]]:
    """Units with their aliases, area by area."""
    rows = session.exec(
        select(Unit, Area)
        .join(Area, col(Area.id) == col(Unit.area_id))
        .order_by(col(Area.id), col(Unit.position), col(Unit.id))
    ).all()
    return [
        {
            "id": unit.id,
            "area": area.name,
            "name": unit.name,
            "kind": unit.kind,
            "group": unit.group,
            "aliases": unit.aliases,
        }
        for unit, area in rows
    ]


def add_unit(
    session: Session,
    name: str,
    area: str,
    kind: str,
    group: str,
    aliases: Sequence[str],
    now: datetime,
) -> int:
    """A new unit, or further aliases of a known one; Refused when a name is taken."""
    if kind not in list(UnitKind):
        raise Refused(f"{kind!r} is no kind; there are {', '.join(UnitKind)}")
    area_id = area_named(session, area).id or 0
    units = session.exec(select(Unit).where(Unit.area_id == area_id)).all()
    for other in units:
        if other.name != name and {name, *aliases} & {other.name, *other.aliases}:
            raise Refused(f"a name of {name} is a name of unit {other.id} {other.name} already")
    row = next((each for each in units if each.name == name), None)
    if row is None:
        position = max((each.position for each in units), default=0) + 1
        row = Unit(area_id=area_id, name=name, kind=kind, group=group, position=position)
        session.add(row)
    row.aliases = list(dict.fromkeys([*row.aliases, *aliases]))
    session.flush()
    _record(session, now, "add", "unit", row.id or 0, {"aliases": row.aliases})
    return row.id or 0


def remove_unit(session: Session, number: int, now: datetime) -> None:
    """Remove a unit that no task and no member refers to."""
    row = session.get(Unit, number)
    if row is None:
        raise Refused(f"there is no unit {number}: see `dajuan unit list`")
    in_use = session.exec(select(TaskUnit).where(TaskUnit.unit_id == number)).first()
    staffed = session.exec(select(Role).where(Role.unit_id == number)).first()
    if in_use is not None or staffed is not None:
        raise Refused(f"unit {number} {row.name} has tasks or people and stays")
    for alias in aliases_of_units(session, [number]).get(number, ()):
        session.delete(alias)
    session.delete(row)
    _record(session, now, "remove", "unit", number, {})


def make_invite(session: Session, name: str, role: str, unit: str, now: datetime) -> str:
    """A new code for a role; only its hash is kept."""
    wanted = role_named(role)
    if (wanted in (RoleName.LIAISON, RoleName.UNIT_HEAD)) != bool(unit):
        raise Refused("liaisons and unit heads need --unit, other roles have none")
    unit_id = unit_called(session, unit).id if unit else None
    return invite_code(session, name, wanted, now, unit_id=unit_id)


def _record(
    session: Session, now: datetime, action: str, table: str, row: int, after: dict[str, Any]
) -> None:
    record(session, at=now, member_id=None, action=action, table=table, row=row, after=after)
