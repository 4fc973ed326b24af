"""Messages whose words are not read: of outsiders, kept back by the platform, or of a flood."""

from datetime import datetime

from sqlmodel import Session

from handlers import phrases
from handlers.alarms import raise_alarm
from handlers.context import Services, speaker_of
from handlers.supervising.quota_text import advice
from handlers.supervising.texts import moment_text
from models.chat import Chat
from models.inbox import InboxMessage
from models.link import open_upload_link, upload_link
from models.member import Member, RoleName, member_at
from models.message import ChatKind, IncomingMessage, MessageKind, Reply
from models.outbox import Priority, say
from models.platform import platform_title, pools_of
from models.quota import month_of, note_out

UNHEARD = frozenset((MessageKind.OUTSIDER, MessageKind.WITHHELD, MessageKind.TOO_MANY))


def answer_unheard(
    session: Session,
    services: Services,
    message: IncomingMessage,
    chat: Chat,
    row: InboxMessage,
    now: datetime,
) -> None:
    """Say in that chat what is to be done instead, not to every message; nothing of our data."""
    day = now.astimezone(services.zone).date()
    reply, key = Reply(phrases.OUTSIDER), f"{message.kind}:{chat.id}:{day}"
    if message.kind == MessageKind.TOO_MANY:
        _note_flood(session, services, message.platform, row, now)
        reply, key = Reply(phrases.TOO_MANY), f"{message.kind}:{chat.id}:{now:%Y-%m-%dT%H}"
    elif message.kind == MessageKind.WITHHELD:
        _note_withheld(session, services, message.platform, now)
        reply = Reply(phrases.WITHHELD_IN_GROUP)
        if message.chat_kind != ChatKind.GROUP:
            reply = Reply(phrases.WITHHELD)
            member = member_at(session, message.platform, message.sender_id)
            if member is not None and _reports(session, member, now, services):
                reply, key = _with_form(session, services, member, chat, now)
    say(
        session,
        chat.id or 0,
        reply,
        key=key,
        now=now,
        priority=Priority.REPLY,
        reply_to=row.id,
    )


def _reports(session: Session, member: Member, now: datetime, services: Services) -> bool:
    """Whether the form takes what this member sends: it is for those who report."""
    today = now.astimezone(services.zone).date()
    return speaker_of(session, member, today).has(RoleName.LIAISON)


def _with_form(
    session: Session, services: Services, member: Member, chat: Chat, now: datetime
) -> tuple[Reply, str]:
    """The form as the way in: once a link, and a fresh one only when the last has run out."""
    link = open_upload_link(session, member.id or 0, chat.id or 0, now)
    link = link or upload_link(session, member.id or 0, chat.id or 0, now)
    until = moment_text(link.expires_at, services.zone)
    text = phrases.withheld_with_form(services.addresses.of(link), until)
    return Reply(text, links=True), f"{MessageKind.WITHHELD}:{chat.id}:link{link.id}"


def _note_withheld(session: Session, services: Services, platform: str, now: datetime) -> None:
    """What is heard costs nothing any more, and the operators know it, once a month."""
    heard = [pool for pool in pools_of(platform) if pool.hears]
    for pool in heard:
        note_out(session, platform, pool.name, now)
    title = "".join((platform_title(platform), *(pool.title for pool in heard)))
    text = f"{phrases.withheld_alarm(title)}{advice(platform)}。"
    key = f"withheld:{platform}:{month_of(now):%Y-%m}"
    raise_alarm(session, services, text, key=key, now=now)


def _note_flood(
    session: Session, services: Services, platform: str, row: InboxMessage, now: datetime
) -> None:
    """The operators know it, once a day: an account that writes so much may be in other hands."""
    text = (
        f"{platform_title(platform)}上有人短时间内发来大量消息，消息 {row.id} 起未接收。"
        f"请用 dajuan inbox show {row.id} 查看是谁，核实是否本人；"
        "确需放宽，请调整 MESSAGES_PER_MINUTE、MESSAGES_PER_DAY。"
    )
    day = now.astimezone(services.zone).date()
    raise_alarm(session, services, text, key=f"flood:{platform}:{day}", now=now)
