"""Who answers for units, how they are reached, and what they were told: each in one query."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from models.chat import Chat, Door
from models.db import batches
from models.deputy import Deputy, acts_for
from models.member import Account, Member, Role, RoleName
from models.message import ChatKind
from models.outbox import CLOSING, OutboxMessage, OutboxState


@dataclass(frozen=True)
class Holder:
    """A present member who holds a role; without a programme it holds in all of them."""

    member_id: int
    name: str
    role: RoleName
    programme_id: int | None
    unit_id: int | None

    def serves(self, programme_id: int) -> bool:
        """Whether the role counts in this programme."""
        return self.programme_id in (None, programme_id)


def holders(
    session: Session, roles: Collection[RoleName], on: date | None = None
) -> Sequence[Holder]:
    """Everyone present who holds one of *roles*, in the order in which they joined.

    Who stands in for a liaison *on* that day holds the role in their place.
    """
    deputy = aliased(Member)
    found: dict[int, Holder] = {}
    for role, name, acting in session.exec(
        select(Role, Member.name, deputy)
        .join(Member, col(Member.id) == col(Role.member_id))
        .outerjoin(Deputy, acts_for(col(Role.member_id), on) & (col(Role.role) == RoleName.LIAISON))
        .outerjoin(deputy, (col(deputy.id) == Deputy.deputy_id) & col(deputy.left_at).is_(None))
        .where(col(Role.role).in_(roles), col(Member.left_at).is_(None))
        .order_by(col(Role.member_id), col(Role.id), col(Deputy.id))
    ).all():
        own = Holder(role.member_id, name, RoleName(role.role), role.programme_id, role.unit_id)
        if acting is not None or role.id not in found:
            found[role.id or 0] = _or_deputy(own, acting)
    return list(found.values())


def _or_deputy(holder: Holder, deputy: Member | None) -> Holder:
    if deputy is None:
        return holder
    return replace(holder, member_id=deputy.id or 0, name=deputy.name)


def by_unit(people: Iterable[Holder]) -> dict[int | None, list[Holder]]:
    """The same people by the unit that they answer for, in the same order."""
    found: dict[int | None, list[Holder]] = {}
    for each in people:
        found.setdefault(each.unit_id, []).append(each)
    return found


def single_chats(session: Session, member_ids: Iterable[int]) -> dict[int, int]:
    """The single chat in which each of these members is reached, where one is known.

    As `single_chats_of`: the one of the oldest account.
    """
    rows = session.exec(
        select(Account.member_id, Chat.id)
        .join(
            Door,
            (col(Account.platform) == col(Door.platform))
            & (col(Account.user_id) == col(Door.address)),
        )
        .join(Chat, col(Chat.id) == col(Door.chat_id))
        .where(col(Account.member_id).in_(set(member_ids)), Chat.kind == ChatKind.SINGLE)
        .order_by(col(Account.id).desc())
    ).all()
    return {member_id: chat_id for member_id, chat_id in rows if chat_id is not None}


def said_among(session: Session, keys: Iterable[str]) -> frozenset[str]:
    """Which of these keys something was owed under before."""
    return frozenset(
        key.removesuffix(":0")
        for first_parts in batches(f"{key}:0" for key in keys)
        for key in session.exec(
            select(OutboxMessage.key).where(col(OutboxMessage.key).in_(first_parts))
        )
    )


def last_undelivered(session: Session, chat_ids: Iterable[int], since: datetime) -> frozenset[int]:
    """Those of these chats where the last word of ours that answers nobody was not delivered."""
    rows = session.exec(
        select(OutboxMessage.chat_id, OutboxMessage.state)
        .where(
            col(OutboxMessage.chat_id).in_(set(chat_ids)),
            col(OutboxMessage.reply_to).is_(None),
            col(OutboxMessage.state).in_((OutboxState.SENT, OutboxState.FAILED)),
            ~col(OutboxMessage.key).startswith(CLOSING, autoescape=True),
            OutboxMessage.created_at >= since,
        )
        .order_by(col(OutboxMessage.id))
    ).all()
    last = dict(rows)
    return frozenset(chat for chat, state in last.items() if state == OutboxState.FAILED)
