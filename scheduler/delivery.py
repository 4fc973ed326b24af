"""Sends what the outbox owes: replies first, in order within a chat, with retries and an end."""

import random
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from sqlmodel import Session

from handlers.context import Services
from models.db import Database
from models.errors import DeliveryError, Shut
from models.link import file_link
from models.outbox import (
    OutboxMessage,
    OutboxState,
    begin_send,
    claim_due,
    wake_put_off,
)
from scheduler.alike import alike, doors_of_people, loads_of, one_text, says_to_many
from scheduler.cards import close_card
from scheduler.closed import ClosedDoors, is_of_door
from scheduler.errand import Errand, errand_of, freed, linked, mark_sent, part
from scheduler.given_up import give_up
from scheduler.pacing import is_counted, is_laid, make_room
from scheduler.put_back import WordsAhead
from scheduler.routing import AskedDoor, Parcel, Receipt, Route, Sender, routes
from scheduler.sending import say_together, sent
from scheduler.shut import tell_of_shut, tells_of_loss
from scheduler.stored import STORE, StoreAway, fill
from scheduler.tally import Tally
from scheduler.unreached import send_for_it

log = structlog.get_logger()

Clock = Callable[[], datetime]

#: After the first try and three more a retryable failure is given up and shown to the operator.
BACK_OFF = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=10))
MAX_ATTEMPTS = 1 + len(BACK_OFF)
#: Up to this share of it a wait is shorter, so that what failed at once is not tried again at once.
JITTER = 0.2
#: For so long words wait for a door that is closed; after that they are nobody's news any more.
KEPT = timedelta(days=3)
#: How long a claimed row belongs to its process; after that it died.
CLAIM = timedelta(seconds=45)
#: For so long platforms know what they were sent before.
REPEATABLE = timedelta(minutes=25)
#: So few at a time that an answer does not wait long behind what nobody waits for.
BATCH = 8
#: So many words leave at once, each to another chat, where doors are far away.
HANDS = 4


def back_off(attempts: int, share: float) -> timedelta:
    """How long to wait after the n-th failed try; *share* of the jitter is taken off."""
    return BACK_OFF[min(attempts, len(BACK_OFF)) - 1] * (1 - JITTER * share)


class Delivery:
    """Takes due rows and sends them; one instance a process, any number of processes.

    *may_send*: whether it is this process's turn, where a door is open in one process only.
    *hands*: to how many chats at once; *chance*: random numbers from 0 to 1; *make_way* waits a
    moment where others are about to be acknowledged.
    """

    def __init__(
        self,
        database: Database,
        senders: Mapping[str, Sender],
        services: Services,
        clock: Clock,
        may_send: Callable[[], bool] = lambda: True,
        hands: int = 1,
        chance: Callable[[], float] = random.random,
        make_way: Callable[[], None] = lambda: None,
    ) -> None:
        #: What became of each send, by door.
        self.tally = Tally()
        self._make_way = make_way
        self._database = database
        self._may_send = may_send
        self._senders = senders
        self._services = services
        self._clock = clock
        self._hands = hands
        self._chance = chance
        self._says_to_many = says_to_many(senders.values())
        self._closed = ClosedDoors()
        self._one_at_a_time = threading.Lock()
        self._has_begun = False
        self._ahead = WordsAhead()

    def deliver_due(self, now: datetime | None = None) -> int:
        """Send everything that is due, batch by batch; returns how many rows were dealt with."""
        count = 0
        with self._one_at_a_time:
            self._ahead.look(self._database, now or self._clock())
            if not self._has_begun and self._may_send():
                # What an earlier process met may have been mended: that is why it was restarted.
                self._wake(now or self._clock())
                self._has_begun = True
            while self._may_send() and (batch := self._claim(now or self._clock())):
                self._deliver_all(batch, now)
                count += len(batch)
        return count

    def _deliver_all(self, batch: Sequence[OutboxMessage], now: datetime | None) -> None:
        """Several chats at once, what goes to one chat one after the other."""
        by_chat: dict[int, list[list[OutboxMessage]]] = {}
        for load in self._loads(batch):
            by_chat.setdefault(load[0].chat_id if self._hands > 1 else 0, []).append(load)

        def deliver(loads: list[list[OutboxMessage]]) -> None:
            for load in loads:
                self._make_way()
                moment = now or self._clock()
                if len(load) > 1:
                    load = self._deliver_many(load, moment)
                for row in load:
                    self._deliver(row, now or self._clock())

        if len(by_chat) == 1:
            deliver(*by_chat.values())
            return
        with ThreadPoolExecutor(self._hands, "delivery") as pool:
            list(pool.map(deliver, by_chat.values()))

    def _loads(self, batch: Sequence[OutboxMessage]) -> list[list[OutboxMessage]]:
        """The rows of a batch, together those that may leave in one call."""
        found = alike(batch) if self._says_to_many else []
        if not found:
            return [[row] for row in batch]
        with self._database.read() as session:
            doors = doors_of_people(session, found)
        # Not within: doors may ask the database themselves.
        return loads_of(batch, found, doors, self._open_way)

    def _open_way(self, errand: Errand) -> Route | None:
        """The way that a word goes first; None where it is not known to be open."""
        way = next(iter(self._ways(errand)), None)
        return None if way is None or self._closed.is_shut(way.rests_as) else way

    def _claim(self, now: datetime) -> Sequence[OutboxMessage]:
        with self._database.write() as session:
            return claim_due(session, now, BATCH, CLAIM)

    def _begin(self, session: Session, claimed: OutboxMessage, now: datetime) -> Errand | None:
        """Mark that the send is under way; None when it must not happen (any more).

        Only this row is marked, not its batch: when the process dies, the others never left. A
        claim that ran out while the rows before it were sent may be another process's by now.
        """
        row = begin_send(session, claimed, now, CLAIM)
        if row is None:
            return None
        errand = errand_of(session, row)
        errand.parcel = replace(errand.parcel, is_doubtful=claimed.in_flight)
        may_have_left = claimed.in_flight or errand.taken_by
        if may_have_left and not self._may_repeat(errand, claimed, now):
            lost = DeliveryError("发送后未收到结果", retryable=False, unknown=True)
            give_up(session, self._services, row, lost, now)
            return None
        return errand

    def _may_repeat(self, errand: Errand, claimed: OutboxMessage, now: datetime) -> bool:
        """Whether one more try says nothing twice, whichever way the first one went."""
        # A word under way keeps the time at which it was begun.
        if now - (errand.taken_at or claimed.not_before) > REPEATABLE:
            return False
        ways, parcel = self._ways(errand), errand.parcel
        if not ways:  # the door that may have taken it takes no more
            return not errand.taken_by
        return is_laid(ways[0], parcel) or all(way.sender.knows(parcel) for way in ways)

    def _deliver(self, claimed: OutboxMessage, now: datetime) -> None:
        if claimed.is_closing:
            self._close_card(claimed, now)
            return
        with self._database.write() as session:
            errand = self._begin(session, claimed, now)
        if errand is not None:
            with errand.called():
                self._send(errand, now)

    def _deliver_many(self, load: Sequence[OutboxMessage], now: datetime) -> list[OutboxMessage]:
        """One text to several people, in one call; the rows of which it is not one any more.

        Those are let go first: when the process dies at another's turn, they never left.
        """
        with self._database.write() as session:
            errands = [each for row in load if (each := self._begin(session, row, now))]
        ways = [(way, each) for each in errands if (way := self._open_way(each))]
        with self._database.write() as session:
            free = [each for each in ways if make_room(session, *each, now, CLAIM) <= now]
        begun = self._clock()
        for group in one_text(free):
            say_together(group)
        now += self._passed_since(begun)
        for each in errands:
            if each.said is not None:
                with each.called():
                    self._send(each, now)
        with self._database.write() as session:
            return [freed(session, each, now + CLAIM) for each in errands if each.said is None]

    def _send(self, errand: Errand, now: datetime) -> None:
        """Send what was begun, by the best way that takes it, and record what came of it.

        It is sent when the door has answered: what the platform counts is no later than that.
        """
        begun = self._clock()
        try:
            fill(errand, self._services.media, self._closed, now)
            ways = self._ways(errand) or self._ways_of_link(errand, now)
            if not ways and self._is_sent_for(errand, now):
                return
            if not ways:
                raise DeliveryError("这个会话没有可用的发送通道", retryable=False)
            taken = self._carry(errand, ways, now)
        except StoreAway as error:
            self._put_off(errand, self._closed.opens_at([STORE], now), now, error)
        except DeliveryError as error:
            log.warning("not delivered", key=errand.parcel.key, reason=str(error))
            self._record_failure(errand, error, now)
        except Exception:  # a fault in one message must not hold up those behind it
            log.exception("delivery broke", key=errand.parcel.key)
            self._record_failure(errand, DeliveryError("程序故障", retryable=True), now)
        else:  # not within: where the database fails now, the word has left all the same
            if taken is not None:
                self._record_success(errand, *taken, now + self._passed_since(begun))
            if errand.has_opened:
                self._wake(now)

    def _passed_since(self, begun: datetime) -> timedelta:
        """Nothing where the clock was put back meanwhile."""
        return max(self._clock() - begun, timedelta())

    def _close_card(self, claimed: OutboxMessage, now: datetime) -> None:
        """Where its door is closed it waits: words find out how that stands."""
        is_closed = self._closed.opens_at([claimed.platform], now) > now
        if is_closed and now - claimed.created_at < KEPT:
            idle = Errand([claimed], Parcel(claimed.key, ""), [])
            self._put_off(idle, now + BACK_OFF[1], now)
            return
        close_card(self._database, self._senders, claimed, now, CLAIM, self._pause)

    def _pause(self, attempts: int) -> timedelta | None:
        """How long after the n-th failed try the next may follow; None after the last."""
        return None if attempts >= MAX_ATTEMPTS else back_off(attempts, self._chance())

    def _carry(
        self, errand: Errand, ways: Sequence[Route], now: datetime
    ) -> tuple[Sender, Receipt] | None:
        """Send by the first way that takes it; None where it is put off. Raises DeliveryError.

        The next way is tried where a door is closed, or says that another may do better.
        """
        for way in ways:
            door = way.rests_as
            laid = is_laid(way, errand.parcel) or errand.is_said_by(way)
            if not laid and (closed := self._closed.why(door, now)):
                errand.refusals.append(closed)
                continue
            # No pace holds what lies ready to be asked for.
            if not laid and self._must_wait(errand, way, now):
                return None
            try:
                receipt = sent(way, errand)
            except DeliveryError as error:
                if error.unknown:
                    errand.may_be_taken(way.sender.name, now)
                if self._closed.close(door, error, now):
                    log.error("door closed", door=way.sender.name, reason=str(error))
                    errand.is_news = True
                if not (error.elsewhere or is_of_door(error)):
                    raise
                log.info("not by this door", key=errand.parcel.key, reason=str(error))
                errand.refusals.append(error)
                self._part(errand)
            else:
                # What is laid ready shows nothing of the way to the platform.
                errand.has_opened |= not laid and self._closed.open(door, now)
                return way.sender, receipt
        waits = [each for each in errand.refusals if is_of_door(each)]
        if not waits:
            raise errand.refusals[-1]
        until = self._closed.opens_at([way.rests_as for way in ways], now)
        self._put_off(errand, until, now, waits[0])
        return None

    def _wake(self, now: datetime) -> None:
        with self._database.write() as session:
            wake_put_off(session, now)

    def _part(self, errand: Errand) -> None:
        """Let the texts that went along leave by themselves: the next door may take less."""
        if len(errand.rows) == 1 or errand.taken_by:
            return
        with self._database.write() as session:
            part(session, errand)

    def _put_off(
        self, errand: Errand, until: datetime, now: datetime, reason: DeliveryError | None = None
    ) -> None:
        """Let the words wait until then: not for ever, where a door stays closed for *reason*."""
        with self._database.write() as session:
            for each in errand.rows:
                row = session.get_one(OutboxMessage, each.id)
                row.not_before = max(row.not_before, until)
                errand.let_go(row)
                if reason is None:
                    continue
                row.answer = str(reason)[:500]
                if now - row.created_at > KEPT and not tells_of_loss(row):
                    late = DeliveryError(f"{reason}，已等待三天", retryable=False, shut=Shut.ALL)
                    give_up(session, self._services, row, late, now)
            if reason and errand.is_news:
                tell_of_shut(session, self._services, errand.rows[0], reason, now, is_kept=True)

    def _ways(self, errand: Errand) -> list[Route]:
        """The best first; before all that by which it left already, with words to others.

        Where a door may have taken it, another would say it twice.
        """
        if errand.said and errand.said.is_taken:
            return [errand.said.way]
        found = routes(self._senders, errand.doors, errand.parcel)
        if errand.said is None:
            return [each for each in found if errand.taken_by in ("", each.sender.name)]
        return [errand.said.way, *(each for each in found if not errand.is_said_by(each))]

    def _ways_of_link(self, errand: Errand, now: datetime) -> list[Route]:
        """The ways of a link to a file that no door of the chat carries; it opens for a day."""
        media = errand.rows[0].media_ref()
        mere_text = replace(errand.parcel, data=None, name="", mime="")
        if media is None or not any(routes(self._senders, errand.doors, mere_text)):
            return []
        with self._database.write() as session:
            link = file_link(session, media, None, now)
            errand.parcel = linked(errand.parcel, media, self._services.addresses.of(link))
            # A door that is asked for its words says what stands in the row.
            row = session.get_one(OutboxMessage, errand.rows[0].id)
            row.text = errand.parcel.text
            row.shown = errand.parcel.shown.data() if errand.parcel.shown else None
        return self._ways(errand)

    def _is_sent_for(self, errand: Errand, now: datetime) -> bool:
        """Whether the word is dropped, and whoever asked for it in a group knows how to get it."""
        with self._database.write() as session:
            row = session.get_one(OutboxMessage, errand.rows[0].id)
            if not send_for_it(session, row, now):
                return False
            row.state, row.answer = OutboxState.DROPPED, "已请本人在单聊中索取"
            row.in_flight, row.locked_until = False, None
            return True

    def _must_wait(self, errand: Errand, way: Route, now: datetime) -> bool:
        """Whether the door has carried so much to this chat that the word is put off.

        Where it soon will have, the texts behind go along in the same message.
        """
        if not is_counted(way.sender):
            return False
        with self._database.write() as session:
            at = make_room(session, way, errand, now, CLAIM)
        if at > now:
            self._put_off(errand, at, now)
        return at > now

    def _record_success(self, errand: Errand, by: Sender, receipt: Receipt, now: datetime) -> None:
        lies_ready = isinstance(by, AskedDoor) and receipt.answer == by.laid
        with self._database.write() as session:
            for row in errand.rows:
                sent = session.get_one(OutboxMessage, row.id)
                mark_sent(sent, by.name, receipt, now)
                if sent.secret and not lies_ready:
                    sent.text = ""
            for each in errand.refusals:
                if each.shut in (Shut.CHAT, Shut.ALL):
                    tell_of_shut(session, self._services, errand.rows[0], each, now, by=by.name)
        self.tally.add(by.name, OutboxState.SENT)
        log.info("delivered", key=errand.parcel.key, door=by.name)

    def _record_failure(self, errand: Errand, error: DeliveryError, now: datetime) -> None:
        share = self._chance()  # what left together is due together
        if errand.taken_by:  # at an earlier try, perhaps: whatever this one came to
            error = DeliveryError(
                str(error), retryable=error.retryable, after=error.after, unknown=True
            )
        with self._database.write() as session:
            for row in errand.rows:
                failed = session.get_one(OutboxMessage, row.id)
                failed.attempts += 1
                failed.answer = str(error)[:500]
                errand.let_go(failed)
                if error.retryable and failed.attempts < MAX_ATTEMPTS:
                    wait = back_off(failed.attempts, share)
                    failed.not_before = now + max(wait, error.after)
                else:
                    give_up(session, self._services, failed, error, now)
        is_retried = failed.state == OutboxState.WAITING
        self.tally.add(errand.tried_by, "retried" if is_retried else failed.state)
