"""Who can be played in the practice chat, in which chats, and what they may want to say first."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from bot.platforms.sandbox import NAME, SINGLE
from models.chat import Chat, ChatPurpose, Door
from models.member import ROLE_TITLES, Account, Member, Role, RoleName
from models.message import ChatKind
from models.obligation import OPEN_STATES, Obligation, ObligationUnit
from models.task import Task
from models.unit import units_by_id
from models.workday import calendar

#: People whom nobody has invited yet: to practise binding.
STRANGERS = {"stranger-1": "新同志甲", "stranger-2": "新同志乙"}
#: What each role usually sends first.
CHIPS = {
    RoleName.LIAISON: ("任务", "帮助"),
    RoleName.UNIT_HEAD: ("状态", "未报", "进度", "帮助"),
    RoleName.LEADER: ("排名", "进度 雪亮工程", "帮助"),
    RoleName.ADMIN: ("状态", "未报", "待审", "催报 全部", "邀请 州公安局 联络员乙", "帮助"),
    RoleName.OPERATOR: ("帮助",),
}
#: Whose groups are whose: the audience of a group and the admins who look after it.
AUDIENCE = {
    ChatPurpose.LIAISONS: (RoleName.LIAISON, RoleName.UNIT_HEAD, RoleName.ADMIN),
    ChatPurpose.LEADERS: (RoleName.LEADER, RoleName.ADMIN),
    ChatPurpose.ADMINS: (RoleName.ADMIN, RoleName.OPERATOR),
    ChatPurpose.NONE: tuple(RoleName),
}


def cast(session: Session) -> dict[str, Any]:
    """`people` and `chats` as the page wants them, in a constant number of queries."""
    roles = _roles(session)
    units = units_by_id(session, {role.unit_id for _, _, role in roles if role.unit_id})
    people: dict[str, dict[str, Any]] = {}
    for account, member, role in roles:
        person = people.setdefault(
            account.user_id,
            {"id": account.user_id, "name": member.name, "role": "", "units": [], "bound": True},
        )
        person["role"] = person["role"] or ROLE_TITLES[RoleName(role.role)]
        if role.unit_id in units and units[role.unit_id].name not in person["units"]:
            person["units"].append(units[role.unit_id].name)
    first = _first_tasks(session)
    for account, _, role in roles:
        person = people[account.user_id]
        chips = [*CHIPS[RoleName(role.role)]]
        if role.role == RoleName.LIAISON and role.unit_id in first:
            chips.insert(1, f"报送 {first[role.unit_id]}")
        person["chips"] = list(dict.fromkeys([*person.get("chips", []), *chips]))[:8]
    strangers = [
        {
            "id": id_,
            "name": name,
            "role": "",
            "units": [],
            "bound": False,
            "chips": ["你好", "绑定…"],
        }
        for id_, name in STRANGERS.items()
        if id_ not in people
    ]
    return {"people": [*people.values(), *strangers], "chats": _chats(session, roles)}


def _roles(session: Session) -> Sequence[tuple[Account, Member, Role]]:
    return session.exec(
        select(Account, Member, Role)
        .join(Member, col(Member.id) == col(Account.member_id))
        .join(Role, col(Role.member_id) == col(Member.id))
        .where(Account.platform == NAME, col(Member.left_at).is_(None))
        .order_by(col(Account.id), col(Role.id))
    ).all()


def _first_tasks(session: Session) -> dict[int, str]:
    """The number of the task that each unit has to report next."""
    rows = session.exec(
        select(ObligationUnit.unit_id, Task.number)
        .join(Obligation, col(Obligation.id) == col(ObligationUnit.obligation_id))
        .join(Task, col(Task.id) == col(Obligation.task_id))
        .where(col(Obligation.state).in_(OPEN_STATES), col(Obligation.history).is_(False))
        .order_by(col(Obligation.due).desc(), col(Obligation.id).desc())
    ).all()
    return dict(rows)


def _chats(session: Session, roles: Sequence[tuple[Account, Member, Role]]) -> list[dict[str, Any]]:
    groups = [
        {
            "id": door.address,
            "name": chat.name,
            "kind": "group",
            "members": _members(roles, ChatPurpose(chat.purpose)),
        }
        for chat, door in _groups(session)
    ]
    return [{"id": SINGLE, "name": "与答卷单聊", "kind": "single"}, *groups]


def _members(roles: Sequence[tuple[Account, Member, Role]], purpose: ChatPurpose) -> list[str]:
    wanted = AUDIENCE[purpose]
    found = [account.user_id for account, _, role in roles if role.role in wanted]
    return list(dict.fromkeys(found))


def _groups(session: Session) -> Sequence[tuple[Chat, Door]]:
    return session.exec(
        select(Chat, Door)
        .join(Door, col(Door.chat_id) == col(Chat.id))
        .where(Door.platform == NAME, Chat.kind == ChatKind.GROUP)
        .order_by(col(Chat.id))
    ).all()


def group_addresses(session: Session) -> set[str]:
    """The addresses of all practice groups."""
    return {door.address for _, door in _groups(session)}


def names(session: Session) -> Mapping[str, str]:
    """What everyone is called, by their id."""
    return STRANGERS | {account.user_id: member.name for account, member, _ in _roles(session)}


def is_workday(session: Session, day: date) -> bool:
    """Whether people work on *day*."""
    return calendar(session).is_workday(day)
