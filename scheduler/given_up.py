"""Words that are given up: what becomes of them, and who hears of it."""

from datetime import datetime

from sqlmodel import Session

from handlers.alarms import raise_alarm
from handlers.context import Services
from models.errors import DeliveryError
from models.inbox import InboxMessage
from models.message import MessageKind
from models.outbox import OutboxMessage, OutboxState
from scheduler.shut import tell_of_shut
from scheduler.unreached import send_for_it


def give_up(
    session: Session, services: Services, row: OutboxMessage, error: DeliveryError, now: datetime
) -> None:
    """*row* is not tried again: it failed, or nobody knows, and an operator is told."""
    state = OutboxState.UNKNOWN if error.unknown else OutboxState.FAILED
    row.state, row.answer = state, str(error)[:500]
    row.in_flight, row.locked_until = False, None
    if _is_for_outsider(session, row):
        row.state = OutboxState.DROPPED
        return
    if state == OutboxState.FAILED:
        send_for_it(session, row, now)
    if error.shut and not error.unknown:
        tell_of_shut(session, services, row, error, now)
    elif not row.key.startswith("alarm:"):
        what = "结果不明" if state == OutboxState.UNKNOWN else "发送失败"
        text = (
            f"待发消息 {row.id} {what}（{error}）。请用 dajuan outbox show {row.id} 查看，"
            "全部见 dajuan outbox list。同一原因今天不再告警。"
        )
        day = now.astimezone(services.zone).date()
        raise_alarm(session, services, text, key=f"outbox:{state}:{error}:{day}", now=now)


def _is_for_outsider(session: Session, row: OutboxMessage) -> bool:
    """Whether it only told somebody outside the office that they are not answered."""
    asked = session.get(InboxMessage, row.reply_to) if row.reply_to else None
    return asked is not None and asked.message.get("kind") == MessageKind.OUTSIDER
