"""Answers owed to a person alone whom no door reaches: the group they asked in says what to do."""

from datetime import datetime

from sqlmodel import Session

from handlers.alone import with_link, with_way
from models.chat import chat_at
from models.inbox import InboxMessage
from models.message import ChatKind, Reply
from models.outbox import OutboxMessage, Priority, say

#: Nothing of the answer, which is nobody else's business.
ASK_ALONE = "这项答复只发给本人，不在群里显示。请在与我的单聊中再发一次。"


def send_for_it(session: Session, row: OutboxMessage, now: datetime) -> bool:
    """Say once, where it was asked, that the answer *row* can be had in the single chat.

    False where it is owed to the chat of its question, or answers nobody.
    """
    asked = session.get(InboxMessage, row.reply_to) if row.reply_to else None
    if asked is None or asked.message.get("chat_kind") != ChatKind.GROUP:
        return False
    via = asked.message.get("via", "")
    group = chat_at(session, asked.platform, asked.chat_id, ChatKind.GROUP, now, via)
    if group.id is None or group.id == row.chat_id:
        return False
    key, way = f"alone:{asked.id}", asked.message.get("single_chat", "")
    reply = Reply(with_way(ASK_ALONE, way))
    say(
        session,
        group.id,
        with_link(session, reply, asked),
        key=key,
        now=now,
        priority=Priority.REPLY,
        reply_to=asked.id,
    )
    return True
