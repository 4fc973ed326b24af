"""邀请: a code that turns an account into a member, used once, for seven days."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlmodel import Field, Session, SQLModel, col, func, select

from models.audit import record

#: How long a code may be used (domain: 邀请).
VALID_FOR = timedelta(days=7)
#: How many codes one account may try within an hour.
TRIES_PER_HOUR = 5
#: Letters and digits that cannot be mistaken for one another on a phone.
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 6


class Invite(SQLModel, table=True):
    """One code, kept as its hash: who reads the database cannot bind with it."""

    id: int | None = Field(default=None, primary_key=True)
    code_hash: str = Field(unique=True)
    name: str
    role: str
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    programme_id: int | None = Field(default=None, foreign_key="programme.id")
    created_at: datetime
    used_at: datetime | None = None
    used_by: int | None = Field(default=None, foreign_key="member.id")


class InviteTry(SQLModel, table=True):
    """A code that someone tried without success; guards against guessing."""

    __tablename__ = "invite_try"

    id: int | None = Field(default=None, primary_key=True)
    platform: str
    user_id: str = Field(index=True)
    tried_at: datetime


def code_hash(code: str) -> str:
    """What is stored of a code."""
    return hashlib.sha256(code.upper().encode()).hexdigest()


def make_invite(
    session: Session,
    name: str,
    role: str,
    now: datetime,
    *,
    unit_id: int | None = None,
    programme_id: int | None = None,
    made_by: int | None = None,
) -> str:
    """A new code for a role, recorded in the audit; only its hash is kept."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    invite = Invite(
        code_hash=code_hash(code),
        name=name,
        role=role,
        unit_id=unit_id,
        programme_id=programme_id,
        created_at=now,
    )
    session.add(invite)
    session.flush()
    record(
        session,
        at=now,
        member_id=made_by,
        action="invite",
        table="invite",
        row=invite.id or 0,
        after={"role": role, "unit": unit_id, "programme": programme_id},
    )
    return code


def open_invite(session: Session, code: str, now: datetime) -> Invite | None:
    """The unused, unexpired invite of this code, locked, or None."""
    return session.exec(
        select(Invite)
        .where(
            Invite.code_hash == code_hash(code),
            col(Invite.used_at).is_(None),
            col(Invite.created_at) > now - VALID_FOR,
        )
        .with_for_update()
    ).first()


def tries_left(session: Session, platform: str, user_id: str, now: datetime) -> int:
    """How many codes this account may still try within the hour."""
    tried = session.exec(
        select(func.count())
        .select_from(InviteTry)
        .where(
            InviteTry.platform == platform,
            InviteTry.user_id == user_id,
            col(InviteTry.tried_at) > now - timedelta(hours=1),
        )
    ).one()
    return max(0, TRIES_PER_HOUR - tried)
