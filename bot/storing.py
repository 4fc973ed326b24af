"""Stores messages before they are acknowledged: those that wait at the same moment together."""

import asyncio
import queue
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.burst import MESSAGE
from models.db import Database, is_away, is_crossed
from models.inbox import add_if_all_new, add_new_messages
from models.message import IncomingMessage


@dataclass(frozen=True)
class Arrival:
    """One verified message with the call that brought it."""

    message: IncomingMessage
    raw: bytes
    received_at: datetime
    request_id: str = ""


#: Who waits for a message to be stored: a thread, or somebody on a loop.
_Done = Future[bool] | asyncio.Future[bool]
_Waiting = tuple[Arrival, _Done]


class InboxWriter:
    """Stores arrivals; those that wait at the same moment share one commit.

    One thread drains the queue, so a slow disk costs one sync for many messages, and each caller
    learns that its message is stored only after the commit.
    """

    _LARGEST_BATCH = 200

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="inbox-writer", daemon=True)
        self._thread.start()

    def store(self, arrival: Arrival) -> Future[bool]:
        """A future that is done once the message is durable; True when it is new."""
        future: Future[bool] = Future()
        self._waiting.put((arrival, future))
        return future

    async def stored(self, arrival: Arrival, patience: float) -> bool:
        """True once the message is durable and new; raises TimeoutError after *patience* seconds.

        For a loop: those of one commit are told of it together. It may be stored later.
        """
        loop = asyncio.get_running_loop()
        done: asyncio.Future[bool] = loop.create_future()
        timer = loop.call_later(patience, _tell, [(done, TimeoutError())])
        self._waiting.put((arrival, done))
        try:
            return await done
        finally:
            timer.cancel()

    def close(self) -> None:
        """Store what waits, then end."""
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (first := self._waiting.get()) is not None:
            batch = [first]
            last = False
            while len(batch) < self._LARGEST_BATCH and not self._waiting.empty():
                more = self._waiting.get()
                if more is None:
                    last = True
                    break
                batch.append(more)
            self._store_batch(batch)
            if last:
                return

    def _store_batch(self, batch: list[_Waiting]) -> None:
        try:
            results = self._stored([arrival for arrival, _ in batch])
        except Exception as error:  # the callers decide: spool, or 503
            if len(batch) > 1 and (is_crossed(error) or not is_away(error)):
                # One of them cannot be stored, and the others should not suffer for it; or another
                # process stores calls of this batch in another order, as repeats may come to it.
                for each in batch:
                    self._store_batch([each])
                return
            _tell_all((future, error) for _, future in batch)
        else:
            _tell_all((future, new) for (_, future), new in zip(batch, results, strict=True))

    def _stored(self, arrivals: Sequence[Arrival]) -> list[bool]:
        """As `store`, in a transaction; what came before costs one more."""
        with suppress(_CameBefore), self._database.write_first() as session:
            if not add_if_all_new(session, [_row_of(each) for each in arrivals]):
                raise _CameBefore
            return [True] * len(arrivals)
        with self._database.write_first() as session:
            return store(session, arrivals)


class _CameBefore(Exception):
    """One of several messages did; nothing of them is stored yet."""


def _tell_all(outcomes: Iterable[tuple[_Done, bool | Exception]]) -> None:
    """Tell everybody who waits: threads at once, each loop in one call."""
    loops: dict[asyncio.AbstractEventLoop, list[tuple[_Done, bool | Exception]]] = {}
    for future, outcome in outcomes:
        if isinstance(future, Future):
            _tell([(future, outcome)])
        else:
            loops.setdefault(future.get_loop(), []).append((future, outcome))
    for loop, told in loops.items():
        with suppress(RuntimeError):  # a loop that ended meanwhile: nobody waits any more
            loop.call_soon_threadsafe(_tell, told)


def _tell(outcomes: Iterable[tuple[_Done, bool | Exception]]) -> None:
    for future, outcome in outcomes:
        if future.done():  # it did not wait so long
            continue
        if isinstance(outcome, Exception):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)


def store(session: Session, arrivals: Sequence[Arrival]) -> list[bool]:
    """Add the rows of these messages; False for each that came before (its row is found again)."""
    added, new = add_new_messages(session, [_row_of(each) for each in arrivals]), list[bool]()
    for each in arrivals:
        key = each.message.platform, each.message.message_id
        new.append(key in added)
        added.discard(key)  # what came twice at the same moment is new once
    return new


def _row_of(arrival: Arrival) -> dict[str, Any]:
    message = arrival.message
    return {
        "platform": message.platform,
        "message_id": message.message_id,
        "sender_id": message.sender_id,
        "chat_id": message.chat_id,
        "received_at": arrival.received_at,
        "raw": arrival.raw,
        "message": MESSAGE.dump_python(message, mode="json"),
        "media_done": not message.attachments,
        "request_id": arrival.request_id,
    }
