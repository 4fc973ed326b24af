"""Doors that stay shut to somebody until it is mended: told once a day, not with every word."""

from datetime import datetime, timedelta

from sqlmodel import Session

from handlers.alarms import raise_alarm
from handlers.context import Services
from models.chat import Chat, doors_of
from models.errors import DeliveryError, Shut
from models.message import ChatKind
from models.outbox import OutboxMessage
from models.platform import door_title
from scheduler.closed import UNTIL_MENDED

_ONCE = "同一情况今天不再告警。"
#: What is told of words given up, as its keys begin.
_LOST = "shut:all:"


def tell_of_shut(
    session: Session,
    services: Services,
    row: OutboxMessage,
    error: DeliveryError,
    now: datetime,
    *,
    by: str = "",
    is_kept: bool = False,
) -> None:
    """Tell the operator that *row* met a shut door; *by* is the door that took it instead.

    *is_kept*: it waits, and leaves by itself when the door opens.
    """
    if row.key.startswith("alarm:"):
        return
    is_alone = error.shut is Shut.CHAT
    whom = _whom(session, row.chat_id) if is_alone else "群聊和个人"
    if by:
        text = f"{whom}有一个发送通道不通（{error}），已改由{door_title(by)}发送。{_ONCE}"
    elif is_kept:
        text = (
            f"消息暂时发不出去（{error}）。消息留存三天，恢复后自动发送（不迟于{_within(error)}），"
            f"无需逐条重发；排队的见 dajuan outbox list。{_ONCE}"
        )
    else:
        text = (
            f"发给{whom}的消息没有送达（{error}）。处理后请用 dajuan outbox retry {row.id} 重发，"
            f"其余未送达的见 dajuan outbox list。{_ONCE}"
        )
    day = now.astimezone(services.zone).date()
    place = f"shut:chat{row.chat_id}:" if is_alone else "shut:kept:" if is_kept else _LOST
    key = f"{place}{error}:{day}"
    raise_alarm(session, services, text, key=key, now=now)


def tells_of_loss(row: OutboxMessage) -> bool:
    """Whether it tells an operator of words given up: whenever it arrives, that is news."""
    return row.key.startswith(f"alarm:{_LOST}")


def _within(error: DeliveryError) -> str:
    """How soon after its end it is noticed: 10分钟, or 6小时."""
    minutes = max(UNTIL_MENDED, error.after) // timedelta(minutes=1)
    return f"{minutes // 60}小时" if minutes >= 120 else f"{minutes}分钟"


def _whom(session: Session, chat_id: int) -> str:
    """账号 zhangsan, or 会话 7“领导群”; never an address of a group, which may be a key."""
    chat = session.get_one(Chat, chat_id)
    if chat.kind == ChatKind.SINGLE:
        accounts = [each.address for each in doors_of(session, chat_id) if not each.via]
        return f"账号 {'、'.join(accounts)}"
    return f"会话 {chat_id}{f'“{chat.name}”' if chat.name else ''}"
