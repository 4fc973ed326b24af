"""Loading a roster: members with their accounts and roles, single chats and groups."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from models.area import Area, area_named
from models.chat import Chat, Door, chat_at
from models.errors import Problem, ProgrammeError
from models.member import ROLE_TITLES, Account, Member, Role, RoleName, account_of
from models.message import ChatKind
from models.platform import group_door
from models.programme import programme_by_code
from models.programmes.roster import GroupEntry, PersonEntry, Roster
from models.requirement import requirements_of
from models.task import tasks_of
from models.unit import units_of


@dataclass(frozen=True)
class RosterReport:
    """How many people and groups a roster brought; the others were there already.

    *roles* names each new role, of new people and known ones: 联络员甲：联络员（州人社局）.
    """

    members: int
    groups: int
    confirmed: int
    roles: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether anybody or anything is new."""
        return bool(self.members or self.groups or self.confirmed or self.roles)


def load_roster(session: Session, roster: Roster, now: datetime) -> RosterReport:
    """Bring the people and chats of a roster in; again changes nothing, and nobody is removed.

    A programme whose assumed deadlines the roster confirms must be loaded before; then what it
    owes is chased like everything else.
    """
    area = area_named(session, roster.area)
    units = _units(session, area)
    _refuse_unknown(roster, units)
    roles: list[str] = []
    members = 0
    for person in roster.people:
        member_id, is_new = _bring_person(session, roster, person, now)
        members += is_new
        given = _add_roles(session, member_id, _roles(person, units))
        roles += [f"{person.name}：{title}" for title in given]
    groups = sum(_bring_group(session, roster, group, now) for group in roster.groups)
    confirmed = sum(confirm_assumed(session, code, now) for code in roster.confirm)
    return RosterReport(members, groups, confirmed, tuple(roles))


def confirm_assumed(session: Session, code: str, now: datetime) -> int:
    """Confirm every assumed deadline of a programme; returns how many were open until now."""
    programme = programme_by_code(session, code)
    if programme is None:
        raise ProgrammeError([Problem("confirm", f"专项“{code}”还没有载入，请先载入专项")])
    task_ids = [task.id or 0 for task in tasks_of(session, programme.id or 0)]
    found = [
        requirement
        for requirements in requirements_of(session, task_ids).values()
        for requirement in requirements
        if requirement.assumed and requirement.confirmed_at is None
    ]
    for requirement in found:
        requirement.confirmed_at = now
    session.flush()
    return len(found)


def _units(session: Session, area: Area) -> dict[str, int]:
    return {
        name: unit.id or 0
        for unit in units_of(session, area.id or 0)
        for name in (unit.name, *unit.aliases)
    }


def _refuse_unknown(roster: Roster, units: dict[str, int]) -> None:
    problems = [
        Problem(f"人员 {person.name}", f"{roster.area}没有叫“{name}”的单位，请先载入专项或添加单位")
        for person in roster.people
        for role in person.roles
        for name in role.units
        if name not in units
    ]
    if problems:
        raise ProgrammeError(problems)


def _bring_person(
    session: Session, roster: Roster, person: PersonEntry, now: datetime
) -> tuple[int, bool]:
    """The member with account and single chat, made where missing; whether it is new."""
    account = account_of(session, roster.platform, person.account)
    is_new = account is None
    if account is None:
        member = Member(name=person.name, created_at=now)
        session.add(member)
        session.flush()
        user_id = person.account.casefold()
        account = Account(
            member_id=member.id or 0,
            platform=roster.platform,
            user_id=user_id,
            spelling=person.account,
        )
        session.add(account)
        session.flush()
        # People who never wrote are reached, too: a single chat is addressed by its user.
        chat_at(session, roster.platform, user_id, ChatKind.SINGLE, now)
    return account.member_id, is_new


RoleKey = tuple[str, int | None]


def _roles(person: PersonEntry, units: dict[str, int]) -> dict[RoleKey, str]:
    """The roles of a person with what each is called."""
    found: dict[RoleKey, str] = {}
    for entry in person.roles:
        title = ROLE_TITLES[RoleName(entry.role)]
        found |= {(entry.role, units[name]): f"{title}（{name}）" for name in entry.units}
        if not entry.units:
            found[entry.role, None] = title
    return found


def _add_roles(session: Session, member_id: int, wanted: Mapping[RoleKey, str]) -> list[str]:
    """Give the roles that are missing; returns what those are called."""
    rows = session.exec(
        select(Role).where(Role.member_id == member_id, col(Role.programme_id).is_(None))
    ).all()
    held = {(str(row.role), row.unit_id) for row in rows}
    new = [key for key in wanted if key not in held]
    session.add_all(Role(member_id=member_id, role=role, unit_id=unit) for role, unit in new)
    session.flush()
    return [wanted[key] for key in new]


def _bring_group(session: Session, roster: Roster, group: GroupEntry, now: datetime) -> bool:
    """Make the group chat with its purpose and switches; one that is known keeps its own."""
    known = session.exec(
        select(Chat)
        .join(Door, col(Door.chat_id) == col(Chat.id))
        .where(Door.platform == roster.platform, Door.address == group.address)
    ).first()
    if known is not None:
        return False
    _, via = group_door(roster.platform) or ("", "")
    chat = chat_at(session, roster.platform, group.address, ChatKind.GROUP, now, via)
    chat.name = group.name
    chat.purpose = group.purpose
    chat.names_laggards = group.names_laggards
    session.add(chat)
    session.flush()
    return True
