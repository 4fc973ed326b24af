"""Sends what the outbox owes: replies first, in order within a chat, with retries and an end."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog
from sqlmodel import Session

from handlers.alarms import raise_alarm
from handlers.context import Services
from models.chat import Door, doors_of
from models.db import Database
from models.errors import DeliveryError, MediaUnavailable
from models.inbox import InboxMessage
from models.link import file_link
from models.member import user_ids_of
from models.message import MediaRef
from models.outbox import (
    TEXT_BYTES,
    OutboxMessage,
    OutboxState,
    begin_send,
    claim_due,
    has_more_answers,
    next_texts,
    nth_last_sent,
)
from models.rules.plain import inert
from models.shown import Page, Shown
from scheduler.routing import AskedDoor, Parcel, Route, Sender, routes
from scheduler.shut import tell_of_shut
from scheduler.unreached import send_for_it

log = structlog.get_logger()

Clock = Callable[[], datetime]

#: After this many tries a retryable failure is given up and shown to the operator.
MAX_ATTEMPTS = 8
#: How long a claimed row belongs to its process; after that it died.
CLAIM = timedelta(seconds=45)
BATCH = 20


def back_off(attempts: int) -> timedelta:
    """How long to wait after the n-th failed try: 10 s, 20 s, 40 s … at most 10 minutes."""
    return min(timedelta(seconds=5 * 2**attempts), timedelta(minutes=10))


@dataclass
class _Errand:
    """What is to be sent now: the row (and others of its chat that go with it), where, with what.

    *doors* are those of its chat and, behind them, of whoever asked.
    """

    rows: list[OutboxMessage]
    parcel: Parcel
    doors: list[Door]
    #: What doors said that were tried before the one that took it.
    refusals: list[DeliveryError] = field(default_factory=list)


def _sent(route: Route, parcel: Parcel) -> str:
    """Send; when nobody knows whether it went out, only a platform that knows keys is asked again.

    Raises DeliveryError. Any other exception out of a platform's file is such a case too: the
    request may have left before the fault.
    """
    try:
        return route.sender.send(route.address, parcel)
    except DeliveryError as error:
        if not error.unknown:
            raise
        raise DeliveryError(
            str(error), retryable=route.sender.knows(parcel), unknown=True
        ) from error
    except Exception as error:
        log.exception("delivery broke", key=parcel.key)
        raise DeliveryError(
            "程序故障", retryable=route.sender.knows(parcel), unknown=True
        ) from error


def _sent_by_one(errand: _Errand, ways: Sequence[Route]) -> tuple[Route, str]:
    """Send by the first way; by the next where a door says that another may do better."""
    for route in ways[:-1]:
        try:
            return route, _sent(route, errand.parcel)
        except DeliveryError as error:
            if not error.elsewhere:
                raise
            errand.refusals.append(error)
            log.info("sent elsewhere", key=errand.parcel.key, door=route.sender.name)
    return ways[-1], _sent(ways[-1], errand.parcel)


class Delivery:
    """Takes due rows and sends them; one instance a process, any number of processes.

    *may_send*: whether it is this process's turn, where a door is open in one process only.
    """

    def __init__(
        self,
        database: Database,
        senders: Mapping[str, Sender],
        services: Services,
        clock: Clock,
        may_send: Callable[[], bool] = lambda: True,
    ) -> None:
        self._database = database
        self._may_send = may_send
        self._senders = senders
        self._services = services
        self._clock = clock
        self._one_at_a_time = threading.Lock()

    def deliver_due(self, now: datetime | None = None) -> int:
        """Send everything that is due, batch by batch; returns how many rows were dealt with."""
        count = 0
        with self._one_at_a_time:
            while self._may_send() and (batch := self._claim(now or self._clock())):
                for row in batch:
                    self._deliver(row, now or self._clock())
                count += len(batch)
        return count

    def _claim(self, now: datetime) -> Sequence[OutboxMessage]:
        with self._database.write() as session:
            return claim_due(session, now, BATCH, CLAIM)

    def _begin(self, claimed: OutboxMessage, now: datetime) -> _Errand | None:
        """Mark that the send is under way; None when it must not happen (any more).

        Only this row is marked, not its batch: when the process dies, the others never left. A
        claim that ran out while the rows before it were sent may be another process's by now.
        """
        with self._database.write() as session:
            row = begin_send(session, claimed, now + CLAIM)
            if row is None:
                return None
            errand = _errand(session, row)
            ways = self._ways(errand)
            if claimed.in_flight and not all(way.sender.knows(errand.parcel) for way in ways):
                lost = DeliveryError("发送后未收到结果", retryable=False, unknown=True)
                self._give_up(session, row, lost, now)
                return None
            return errand

    def _deliver(self, claimed: OutboxMessage, now: datetime) -> None:
        errand = self._begin(claimed, now)
        if errand is None:
            return
        try:
            errand.parcel = self._with_data(errand)
            ways = self._ways(errand) or self._ways_of_link(errand, now)
            if not ways and self._is_sent_for(errand, now):
                return
            if not ways:
                raise DeliveryError("这个会话没有可用的发送通道", retryable=False)
            if self._must_wait(errand, ways[0], now):
                return
            route, answer = _sent_by_one(errand, ways)
        except DeliveryError as error:
            log.warning("not delivered", key=claimed.key, reason=str(error))
            self._record_failure(errand, error, now)
        except Exception:  # a fault in one message must not hold up those behind it
            log.exception("delivery broke", key=claimed.key)
            self._record_failure(errand, DeliveryError("程序故障", retryable=True), now)
        else:
            self._record_success(errand, route.sender, answer, now)

    def _ways(self, errand: _Errand) -> list[Route]:
        return list(routes(self._senders, errand.doors, errand.parcel))

    def _ways_of_link(self, errand: _Errand, now: datetime) -> list[Route]:
        """The ways of a link to a file that no door of the chat carries; it opens for a day."""
        media = errand.rows[0].media_ref()
        mere_text = replace(errand.parcel, data=None, name="", mime="")
        if media is None or not any(routes(self._senders, errand.doors, mere_text)):
            return []
        with self._database.write() as session:
            link = file_link(session, media, None, now)
            errand.parcel = _linked(errand.parcel, media, self._services.addresses.of(link))
            # A door that is asked for its words says what stands in the row.
            row = session.get_one(OutboxMessage, errand.rows[0].id)
            row.text = errand.parcel.text
            row.shown = errand.parcel.shown.data() if errand.parcel.shown else None
        return self._ways(errand)

    def _with_data(self, errand: _Errand) -> Parcel:
        media = errand.rows[0].media_ref()
        if media is None:
            return errand.parcel
        try:
            data = self._services.media.get(media.sha)
        except MediaUnavailable as error:
            raise DeliveryError(str(error), retryable=error.retryable) from error
        return replace(
            errand.parcel, data=data, name=media.name, mime=media.mime, marked=media.marked
        )

    def _is_sent_for(self, errand: _Errand, now: datetime) -> bool:
        """Whether the word is dropped, and whoever asked for it in a group knows how to get it."""
        with self._database.write() as session:
            row = session.get_one(OutboxMessage, errand.rows[0].id)
            if not send_for_it(session, row, now):
                return False
            row.state, row.answer = OutboxState.DROPPED, "已请本人在单聊中索取"
            row.in_flight, row.locked_until = False, None
            return True

    def _must_wait(self, errand: _Errand, way: Route, now: datetime) -> bool:
        """Whether the door has carried so much to this chat that the word is put off.

        When half of what it may carry is used up, the texts behind go along in the same message;
        so they do where only one may be posted. What lies ready to be asked for is held by no pace.
        """
        row, sender = errand.rows[0], way.sender
        is_laid = isinstance(sender, AskedDoor) and sender.lays_ready(way.address, errand.parcel)
        if is_laid or not sender.paces:
            return False
        with self._database.write() as session:
            free_at = _free_at(session, row, sender, now)
            if free_at > now:
                current = session.get_one(OutboxMessage, row.id)
                current.not_before = free_at
                current.in_flight, current.locked_until = False, None
                return True
            if row.media is None and (room := _room(session, row, sender, now)):
                more = next_texts(session, row, now, room)
                for each in more:
                    each.in_flight, each.locked_until = True, now + CLAIM
                errand.rows += more
                errand.parcel = _together(errand.parcel, more)
        return False

    def _record_success(self, errand: _Errand, by: Sender, answer: str, now: datetime) -> None:
        is_laid = isinstance(by, AskedDoor) and answer == by.laid
        with self._database.write() as session:
            for row in errand.rows:
                sent = session.get_one(OutboxMessage, row.id)
                sent.state, sent.sent_at = OutboxState.SENT, now
                sent.platform, sent.answer = by.name, answer[:500]
                sent.attempts += 1
                sent.in_flight, sent.locked_until = False, None
                if sent.secret and not is_laid:
                    sent.text = ""
            for each in errand.refusals:
                if each.shut:
                    tell_of_shut(session, self._services, errand.rows[0], each, now, by=by.name)

    def _record_failure(self, errand: _Errand, error: DeliveryError, now: datetime) -> None:
        with self._database.write() as session:
            for row in errand.rows:
                failed = session.get_one(OutboxMessage, row.id)
                failed.attempts += 1
                failed.answer = str(error)[:500]
                failed.in_flight, failed.locked_until = False, None
                if error.retryable and failed.attempts < MAX_ATTEMPTS:
                    failed.not_before = now + max(back_off(failed.attempts), error.after)
                else:
                    self._give_up(session, failed, error, now)

    def _give_up(
        self, session: Session, row: OutboxMessage, error: DeliveryError, now: datetime
    ) -> None:
        state = OutboxState.UNKNOWN if error.unknown else OutboxState.FAILED
        row.state, row.answer = state, str(error)[:500]
        row.in_flight, row.locked_until = False, None
        if state == OutboxState.FAILED:
            send_for_it(session, row, now)
        if error.shut:
            tell_of_shut(session, self._services, row, error, now)
        elif not row.key.startswith("alarm:"):
            what = "结果不明" if state == OutboxState.UNKNOWN else "发送失败"
            text = f"待发消息 {row.id} {what}（{error}）。请用 dajuan outbox show {row.id} 查看。"
            raise_alarm(session, self._services, text, key=f"outbox:{row.id}", now=now)


def _errand(session: Session, row: OutboxMessage) -> _Errand:
    asked = session.get(InboxMessage, row.reply_to) if row.reply_to else None
    doors = list(doors_of(session, row.chat_id))
    parcel = Parcel(
        row.key,
        row.text,
        choices=row.choices_offered(),
        shown=row.shown_as(),
        mentions=user_ids_of(session, row.mentions) if row.mentions else {},
    )
    if asked is not None:
        parcel = replace(
            parcel,
            answers=asked.message_id,
            heard_by=asked.message.get("via", ""),
            is_last=not has_more_answers(session, row),
        )
        # What a group's door cannot carry goes to whoever asked.
        doors.append(Door(chat_id=0, platform=asked.platform, address=asked.sender_id))
    return _Errand([row], parcel, doors)


def _free_at(session: Session, row: OutboxMessage, sender: Sender, now: datetime) -> datetime:
    """From when on the door carries one more word to this chat."""
    free = [now]
    for pace in sender.paces:
        last = nth_last_sent(session, row.chat_id, sender.name, pace.count)
        if last is not None:
            free.append(last + pace.within)
    return max(free)


def _is_tight(session: Session, row: OutboxMessage, sender: Sender, now: datetime) -> bool:
    """Whether half of what the door may carry to this chat is used up."""
    for pace in sender.paces:
        last = nth_last_sent(session, row.chat_id, sender.name, max(pace.count // 2, 1))
        if last is not None and last + pace.within > now:
            return True
    return False


def _room(session: Session, row: OutboxMessage, sender: Sender, now: datetime) -> int:
    """How many UTF-8 bytes of texts leave in one message; 0 where each is its own."""
    if isinstance(sender, AskedDoor):
        return sender.largest
    return TEXT_BYTES if _is_tight(session, row, sender, now) else 0


def _together(parcel: Parcel, more: Sequence[OutboxMessage]) -> Parcel:
    """The texts of several rows as one message."""
    if not more:
        return parcel
    return replace(parcel, text="\n".join((parcel.text, *(row.text for row in more))), shown=None)


def _linked(parcel: Parcel, media: MediaRef, address: str) -> Parcel:
    """The same file as a page to tap."""
    name = f"《{media.name}》"
    # A card cuts its title, not the line below: the longer of the two stands there.
    about = inert(f"请在24小时内打开\n{name}")
    shown = Shown(about, page=Page("打开", address, media.mime))
    text = f"{inert(name)}请在24小时内打开：{address}"
    return replace(parcel, text=text, data=None, name="", mime="", shown=shown)
