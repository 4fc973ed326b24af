"""Messages whose words are not read: from outside the office, or kept back by the platform."""

from datetime import datetime

from sqlmodel import Session

from handlers import phrases
from handlers.context import Services
from handlers.supervising.texts import moment_text
from models.chat import Chat
from models.inbox import InboxMessage
from models.link import upload_link
from models.member import account_of
from models.message import ChatKind, IncomingMessage, MessageKind, Reply
from models.outbox import Priority, say

UNHEARD = frozenset((MessageKind.OUTSIDER, MessageKind.WITHHELD))


def answer_unheard(
    session: Session,
    services: Services,
    message: IncomingMessage,
    chat: Chat,
    row: InboxMessage,
    now: datetime,
) -> None:
    """Say once a day in that chat what is to be done instead; nothing of the office's data."""
    if message.kind == MessageKind.OUTSIDER:
        reply = Reply(phrases.OUTSIDER)
    else:
        reply = _withheld(session, services, message, chat, now)
    day = now.astimezone(services.zone).date()
    say(
        session,
        chat.id or 0,
        reply,
        key=f"{message.kind}:{chat.id}:{day}",
        now=now,
        priority=Priority.REPLY,
        reply_to=row.id,
    )


def _withheld(
    session: Session, services: Services, message: IncomingMessage, chat: Chat, now: datetime
) -> Reply:
    """The form as the way in, for whoever is known and alone with the bot."""
    account = account_of(session, message.platform, message.sender_id)
    if account is None or message.chat_kind == ChatKind.GROUP:
        return Reply(phrases.WITHHELD)
    link = upload_link(session, account.member_id, chat.id or 0, now)
    until = moment_text(link.expires_at, services.zone)
    text = phrases.withheld_with_form(services.addresses.of(link), until)
    return Reply(text, links=True)
