"""From a group to the bot alone: for what is nobody else's business, and what groups keep back."""

from dataclasses import replace

from sqlmodel import Session

from handlers.context import Context
from handlers.reporting.work import open_work
from models.inbox import InboxMessage
from models.message import ChatKind, IncomingMessage, Reply
from models.setting import keep_setting, setting
from models.shown import Page, Shown

_OPEN = "打开单聊"
_HERE = "图片、文件请直接在这里发，群里收不到文件。"


def with_way(text: str, way: str) -> str:
    """*text*, which sends to the single chat, with the *way* there, where one is told."""
    return f"{text}\n打开单聊：{way}。" if way else text


def with_link(session: Session, reply: Reply, asked: InboxMessage) -> Reply:
    """The same with a link to be tapped, where it tells the way to the single chat.

    It is the link that came first: at an address anybody's message might bring another.
    """
    way, link = asked.message.get("single_chat", ""), asked.message.get("single_chat_link", "")
    if not (way and link) or way not in reply.text or reply.shown or reply.choices:
        return reply
    name = f"single_chat_link:{asked.platform}"
    known = setting(session, name)
    if known is None:
        keep_setting(session, name, link)
    elif known != link:
        return reply
    return replace(reply, shown=Shown(reply.text, page=Page(_OPEN, link)))


def limits(message: IncomingMessage) -> str:
    """What the group of *message* does not hand over, and where it goes; empty if it may all."""
    if not message.single_chat:
        return ""
    said = "群里只收得到提到我的文字和图片；文件、语音请在与我的单聊中发送。"
    return with_way(said, message.single_chat)


def limits_told_alone(context: Context) -> str:
    """The same for whoever is answered alone; empty where it was said alone already."""
    is_moved = context.chat.kind == ChatKind.GROUP and context.moved
    return _HERE if is_moved and context.message.single_chat else ""


def limits_of_report(context: Context) -> str:
    """The same where the report that was begun in the group still wants pictures."""
    said = limits_told_alone(context)
    work = open_work(context) if said else None
    is_short = work is not None and work.form.pictures_needed > len(work.content.pictures)
    return said if is_short else ""
