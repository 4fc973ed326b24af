"""绑定: turns an invite's code into a member with an account and a role."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session

from handlers.reading.normalise import command_key
from models.audit import record
from models.chat import Chat
from models.invite import CODE_LENGTH, Invite, InviteTry, open_invite, tries_left
from models.member import ROLE_TITLES, Account, Member, Role, RoleName, account_of, give_role
from models.message import IncomingMessage, Reply
from models.unit import Unit, units_by_id


def bind(session: Session, message: IncomingMessage, chat: Chat, code: str, now: datetime) -> Reply:
    """Accept *code* for the sender's account; a wrong one costs one of five tries an hour."""
    code = command_key(code).upper()
    if tries_left(session, message.platform, message.sender_id, now) == 0:
        return Reply("一小时内邀请码已试错5次，请稍后再试，或请管理员核对邀请码。")
    if len(code) != CODE_LENGTH:  # no guess: nothing this long was ever given out
        return Reply(f"邀请码是{CODE_LENGTH}位字母和数字。请向管理员索取，再发“绑定 邀请码”。")
    invite = open_invite(session, code, now)
    if invite is None:
        session.add(InviteTry(platform=message.platform, user_id=message.sender_id, tried_at=now))
        return Reply(
            f"邀请码“{code}”无效：可能输错、已用过或已超过7天。"
            "请核对后重发“绑定 邀请码”，或请管理员重新邀请。"
        )
    member = _member_behind(session, message, invite, now)
    invite.used_at, invite.used_by = now, member.id
    chat.name = chat.name or member.name
    record(
        session,
        at=now,
        member_id=member.id,
        action="bind",
        table="invite",
        row=invite.id or 0,
        after={"role": invite.role, "unit": invite.unit_id},
    )
    return Reply(_welcome(session, member, invite))


def _member_behind(
    session: Session, message: IncomingMessage, invite: Invite, now: datetime
) -> Member:
    """The member of this account, new or known, now with the invited role."""
    account = account_of(session, message.platform, message.sender_id)
    member = None if account is None else session.get(Member, account.member_id)
    if member is None:
        member = Member(name=invite.name, created_at=now)
        session.add(member)
        session.flush()
        session.add(
            Account(
                member_id=member.id or 0,
                platform=message.platform,
                user_id=message.sender_id.casefold(),
                spelling=message.sender_id,
            )
        )
    member.left_at = None
    give_role(session, member.id or 0, invite.role, invite.unit_id, invite.programme_id)
    return member


def _welcome(session: Session, member: Member, invite: Invite) -> str:
    unit = None if invite.unit_id is None else session.get(Unit, invite.unit_id)
    title = ROLE_TITLES[RoleName(invite.role)]
    place = f"{unit.name}" if unit else ""
    first = "任务" if invite.role == RoleName.LIAISON else "帮助"
    return f"{member.name}，您好，绑定成功：{place}{title}。\n请发“{first}”开始。"


def roles_text(session: Session, roles: Iterable[Role]) -> str:
    """州公安局联络员、州妇联联络员: each role with its unit, once."""
    known = list(roles)
    units = units_by_id(session, [role.unit_id for role in known if role.unit_id])
    return "、".join(
        dict.fromkeys(
            f"{units[role.unit_id].name if role.unit_id else ''}{ROLE_TITLES[RoleName(role.role)]}"
            for role in known
        )
    )
