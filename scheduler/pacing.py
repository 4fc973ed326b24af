"""How much a door may carry to a chat: what a platform is sent beyond its paces is lost."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session

from models.outbox import (
    TEXT_BYTES,
    OutboxMessage,
    has_more_answers,
    mark_tried,
    next_texts,
    nth_last_sent,
)
from models.rules.pieces import joined
from scheduler.errand import Errand
from scheduler.routing import AskedDoor, MeteredDoor, Parcel, Route, Sender


def is_laid(way: Route, parcel: Parcel) -> bool:
    """Whether it is laid where it is asked for: no call is made, so nothing holds it back."""
    return isinstance(way.sender, AskedDoor) and way.sender.lays_ready(way.address, parcel)


def is_counted(sender: Sender) -> bool:
    """Whether it matters how much the door carries."""
    return bool(sender.paces) or isinstance(sender, MeteredDoor)


def make_room(
    session: Session, way: Route, errand: Errand, now: datetime, lease: timedelta
) -> datetime:
    """From when on the door carries the word to its chat.

    Where that is now, and it soon will have carried what it may, the texts behind go along; the
    door is noted, as the one that may have taken them if the process dies.
    """
    at = free_at(session, errand.rows[0], way.sender, now)
    if at > now:
        return at
    if len(errand.rows) == 1:
        more = texts_along(session, errand, way.sender, now)
        for each in more:
            each.in_flight, each.not_before, each.locked_until = True, now, now + lease
        errand.rows += more
        errand.parcel = together(session, errand.parcel, more)
    mark_tried(session, errand.rows, way.sender.name, errand.taken_at or now)
    return at


def free_at(session: Session, row: OutboxMessage, sender: Sender, now: datetime) -> datetime:
    """From when on the door carries one more word to this chat."""
    free = [now]
    for pace in sender.paces:
        last = nth_last_sent(session, row.chat_id, sender.name, pace.count)
        if last is not None and last <= now:  # later ones were sent before the clock was put back
            free.append(last + pace.within)
    return max(free)


def texts_along(
    session: Session, errand: Errand, sender: Sender, now: datetime
) -> list[OutboxMessage]:
    """The texts behind the word that leave in one message with it, locked.

    So they do when half of what the door may carry is used up, where only one may be posted, and
    where each is counted: there the buttons below an answer are no message of their own.
    """
    row, is_doubtful = errand.rows[0], errand.parcel.is_doubtful
    room = _room(session, errand, sender, now) if row.media is None else 0
    if not room:
        return []
    with_buttons = isinstance(sender, MeteredDoor)
    return next_texts(session, row, now, room, is_doubtful=is_doubtful, with_buttons=with_buttons)


def _room(session: Session, errand: Errand, sender: Sender, now: datetime) -> int:
    """How many UTF-8 bytes of texts leave in one message; 0 where each is its own."""
    if isinstance(sender, AskedDoor | MeteredDoor):
        return sender.largest
    # What went along at the first try goes along at a repeat.
    is_repeat = bool(errand.taken_by)
    return TEXT_BYTES if is_repeat or _is_tight(session, errand.rows[0], sender, now) else 0


def _is_tight(session: Session, row: OutboxMessage, sender: Sender, now: datetime) -> bool:
    for pace in sender.paces:
        last = nth_last_sent(session, row.chat_id, sender.name, max(pace.count // 2, 1))
        if last is not None and last + pace.within > now:
            return True
    return False


def together(session: Session, parcel: Parcel, more: list[OutboxMessage]) -> Parcel:
    """The texts of several rows as one message, which a tap on its buttons knows by their row."""
    if not more:
        return parcel
    choices = more[-1].choices_offered()
    return replace(
        parcel,
        key=more[-1].key if choices else parcel.key,
        choices=choices,
        text=joined((parcel.text, *(row.text for row in more)), TEXT_BYTES),
        shown=None,
        is_last=not has_more_answers(session, more[-1]),
    )
