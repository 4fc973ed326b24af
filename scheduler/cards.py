"""Closing the cards of what was decided: no message, so it is not counted and alarms nobody."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import structlog

from models.db import Database
from models.errors import DeliveryError
from models.outbox import OutboxMessage, OutboxState, begin_send
from scheduler.routing import CardDoor, Sender

log = structlog.get_logger()


def close_card(
    database: Database,
    senders: Mapping[str, Sender],
    claimed: OutboxMessage,
    now: datetime,
    lease: timedelta,
    wait: Callable[[int], timedelta | None],
) -> None:
    """Use the code of the claimed row by the door that its card left by.

    *wait*: how long after the n-th failed try the next may follow; None for no more. A process
    that died may have used the code: the platform then says so, and it ends as quietly.
    """
    with database.write() as session:
        row = begin_send(session, claimed, now, lease)
    if row is None:
        return
    door, state, answer, again = senders.get(row.platform), OutboxState.SENT, "", None
    try:
        if not isinstance(door, CardDoor):
            raise DeliveryError("这个通道不能更新卡片", retryable=False)
        door.close_card(row.code, row.text)
    except DeliveryError as error:
        log.info("card not closed", key=row.key, reason=str(error))
        state, answer = OutboxState.DROPPED, str(error)[:500]
        pause = wait(row.attempts + 1) if error.retryable else None
        again = None if pause is None else now + max(pause, error.after)
    except Exception:  # a fault in one card must not hold up the words behind it
        log.exception("card not closed", key=row.key)
        state, answer = OutboxState.DROPPED, "程序故障"
    with database.write() as session:
        _record(session.get_one(OutboxMessage, row.id), state, answer, again)


def _record(row: OutboxMessage, state: OutboxState, answer: str, again: datetime | None) -> None:
    """What came of it; it never was said, so it has no time of that, and its code is gone."""
    row.attempts += 1
    row.answer, row.in_flight, row.locked_until = answer, False, None
    if again is None:
        row.state, row.code = state, ""
    else:
        row.not_before = again
