"""What operators are told when something breaks: where, and what to do; never its content."""

from contextlib import suppress
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from handlers.context import Services, tell_member
from models.chat import Chat
from models.member import RoleName, members_with
from models.message import ChatKind, Reply
from models.outbox import Priority, say


def raise_alarm(
    session: Session, services: Services, text: str, *, key: str, now: datetime
) -> None:
    """Tell the alarm chat, or else every operator, or else every admin; once under *key*."""
    # Where another transaction tells it at this very moment, what this one has done stays.
    with suppress(IntegrityError), session.begin_nested():
        _tell(session, services, Reply(f"【运维告警】{text}"), f"alarm:{key}", now)


def _tell(session: Session, services: Services, reply: Reply, key: str, now: datetime) -> None:
    if services.alarm_chat:
        chat = session.exec(
            select(Chat).where(Chat.name == services.alarm_chat, Chat.kind == ChatKind.GROUP)
        ).first()
        if chat is not None and chat.id is not None:
            say(session, chat.id, reply, key=key, now=now, priority=Priority.ALARM)
            return
    people = members_with(session, RoleName.OPERATOR, None) or members_with(
        session, RoleName.ADMIN, None
    )
    for member in people:
        tell_member(
            session,
            member.id or 0,
            reply,
            key=f"{key}:{member.id}",
            now=now,
            priority=Priority.ALARM,
        )
