"""Sends what the outbox owes: replies first, in order within a chat, with retries and an end."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from sqlmodel import Session

from handlers.alarms import raise_alarm
from handlers.context import Services
from models.chat import Door, doors_of
from models.db import Database
from models.errors import DeliveryError, MediaUnavailable
from models.outbox import OutboxMessage, OutboxState, begin_send, claim_due

log = structlog.get_logger()

Clock = Callable[[], datetime]

#: After this many tries a retryable failure is given up and shown to the operator.
MAX_ATTEMPTS = 8
#: How long a claimed row belongs to its process; after that it died.
CLAIM = timedelta(seconds=45)
BATCH = 20


@dataclass(frozen=True)
class Parcel:
    """One message as a platform sends it; *key* is the same at every try.

    *marked*: the picture carries 演示数据 already.
    """

    key: str
    text: str
    data: bytes | None = None
    name: str = ""
    mime: str = ""
    marked: bool = False

    @property
    def is_picture(self) -> bool:
        """Whether it carries a picture rather than a document."""
        return self.mime.startswith("image/")


class Sender(Protocol):
    """What delivery needs of a platform."""

    name: str
    #: Whether the platform itself refuses a second message with the same key.
    knows_keys: bool

    def can_carry(self, parcel: Parcel) -> bool:
        """Whether this door takes such a message at all."""

    def send(self, address: str, parcel: Parcel) -> str:
        """Send to the platform's own address and return its answer; raises DeliveryError."""


def back_off(attempts: int) -> timedelta:
    """How long to wait after the n-th failed try: 10 s, 20 s, 40 s … at most 10 minutes."""
    return min(timedelta(seconds=5 * 2**attempts), timedelta(minutes=10))


def _sent(sender: Sender, address: str, parcel: Parcel) -> str:
    """Send; when nobody knows whether it went out, only a platform that knows keys is asked again.

    Raises DeliveryError. Any other exception out of a platform's file is such a case too: the
    request may have left before the fault.
    """
    try:
        return sender.send(address, parcel)
    except DeliveryError as error:
        if not error.unknown:
            raise
        raise DeliveryError(str(error), retryable=sender.knows_keys, unknown=True) from error
    except Exception as error:
        log.exception("delivery broke", key=parcel.key)
        raise DeliveryError("程序故障", retryable=sender.knows_keys, unknown=True) from error


class Delivery:
    """Takes due rows and sends them; one instance a process, any number of processes."""

    def __init__(
        self,
        database: Database,
        senders: Mapping[str, Sender],
        services: Services,
        clock: Clock,
    ) -> None:
        self._database = database
        self._senders = senders
        self._services = services
        self._clock = clock
        self._one_at_a_time = threading.Lock()

    def deliver_due(self, now: datetime | None = None) -> int:
        """Send everything that is due, batch by batch; returns how many rows were dealt with."""
        count = 0
        with self._one_at_a_time:
            while batch := self._claim(now or self._clock()):
                for row in batch:
                    self._deliver(row, now or self._clock())
                count += len(batch)
        return count

    def _claim(self, now: datetime) -> Sequence[OutboxMessage]:
        with self._database.write() as session:
            return claim_due(session, now, BATCH, CLAIM)

    def _begin(self, claimed: OutboxMessage, now: datetime) -> Sequence[Door] | None:
        """Mark that the send is under way; None when it must not happen (any more).

        Only this row is marked, not its batch: when the process dies, the others never left. A
        claim that ran out while the rows before it were sent may be another process's by now.
        """
        with self._database.write() as session:
            row = begin_send(session, claimed, now + CLAIM)
            if row is None:
                return None
            doors = doors_of(session, row.chat_id)
            if claimed.in_flight and not self._may_repeat(doors):
                self._give_up(session, row, OutboxState.UNKNOWN, "发送后未收到结果", now)
                return None
            return doors

    def _may_repeat(self, doors: Sequence[Door]) -> bool:
        """Whether a send that may already have happened can be repeated without being doubled."""
        known = [self._senders[door.platform] for door in doors if door.platform in self._senders]
        return all(sender.knows_keys for sender in known)

    def _deliver(self, row: OutboxMessage, now: datetime) -> None:
        doors = self._begin(row, now)
        if doors is None:
            return
        try:
            parcel = self._parcel(row)
            door, sender = self._route(doors, parcel)
            answer = _sent(sender, door.address, parcel)
        except DeliveryError as error:
            log.warning("not delivered", key=row.key, reason=str(error))
            self._record_failure(row, error, now)
        except Exception:  # a fault in one message must not hold up those behind it
            log.exception("delivery broke", key=row.key)
            self._record_failure(row, DeliveryError("程序故障", retryable=True), now)
        else:
            self._record_success(row, door.platform, answer, now)

    def _parcel(self, row: OutboxMessage) -> Parcel:
        media = row.media_ref()
        if media is None:
            return Parcel(row.key, row.text)
        try:
            data = self._services.media.get(media.sha)
        except MediaUnavailable as error:
            raise DeliveryError(str(error), retryable=error.retryable) from error
        return Parcel(row.key, row.text, data, media.name, media.mime, media.marked)

    def _route(self, doors: Sequence[Door], parcel: Parcel) -> tuple[Door, Sender]:
        """The first door of the chat that is served and can carry this message."""
        for door in doors:
            sender = self._senders.get(door.platform)
            if sender is not None and sender.can_carry(parcel):
                return door, sender
        raise DeliveryError("这个会话没有可用的发送通道", retryable=False)

    def _record_success(
        self, row: OutboxMessage, platform: str, answer: str, now: datetime
    ) -> None:
        with self._database.write() as session:
            sent = session.get_one(OutboxMessage, row.id)
            sent.state, sent.sent_at = OutboxState.SENT, now
            sent.platform, sent.answer = platform, answer[:500]
            sent.attempts += 1
            sent.in_flight, sent.locked_until = False, None
            if sent.secret:
                sent.text = ""

    def _record_failure(self, row: OutboxMessage, error: DeliveryError, now: datetime) -> None:
        with self._database.write() as session:
            failed = session.get_one(OutboxMessage, row.id)
            failed.attempts += 1
            failed.answer = str(error)[:500]
            failed.in_flight, failed.locked_until = False, None
            if error.retryable and failed.attempts < MAX_ATTEMPTS:
                failed.not_before = now + back_off(failed.attempts)
            else:
                end = OutboxState.UNKNOWN if error.unknown else OutboxState.FAILED
                self._give_up(session, failed, end, str(error), now)

    def _give_up(
        self, session: Session, row: OutboxMessage, state: OutboxState, reason: str, now: datetime
    ) -> None:
        row.state, row.answer = state, reason[:500]
        row.in_flight, row.locked_until = False, None
        if not row.key.startswith("alarm:"):
            what = "结果不明" if state == OutboxState.UNKNOWN else "发送失败"
            text = f"待发消息 {row.id} {what}（{reason}）。请用 dajuan outbox show {row.id} 查看。"
            raise_alarm(session, self._services, text, key=f"outbox:{row.id}", now=now)
