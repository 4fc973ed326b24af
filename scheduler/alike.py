"""The same words to several people leave in one call, where their door says one text to many."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from sqlmodel import Session, col, select

from models.chat import Chat, Door
from models.message import ChatKind
from models.outbox import OutboxMessage
from scheduler.errand import Errand
from scheduler.routing import ManyDoor, Parcel, Route, Sender

#: The best way of a word; None where it has none, or its door is closed.
Choose = Callable[[Errand], Route | None]


def says_to_many(senders: Iterable[Sender]) -> bool:
    """Whether any of these doors says one text to many."""
    return any(isinstance(each, ManyDoor) for each in senders)


def alike(batch: Sequence[OutboxMessage]) -> list[list[OutboxMessage]]:
    """The rows of a batch that say the same mere text in different chats and answer nobody.

    What may have left already is none of them, nor what shares its chat with another row: their
    order is kept.
    """
    in_chat, by_text = Counter(row.chat_id for row in batch), dict[str, list[OutboxMessage]]()
    for row in batch:
        is_plain = row.is_mere_text and row.shown is None and not row.is_closing
        if is_plain and row.reply_to is None and not row.in_flight and in_chat[row.chat_id] == 1:
            by_text.setdefault(row.text, []).append(row)
    return [rows for rows in by_text.values() if len(rows) > 1]


def doors_of_people(
    session: Session, rows: Iterable[Sequence[OutboxMessage]]
) -> dict[int, list[Door]]:
    """The doors of the chats of these rows, of those that are single ones."""
    found, chats = dict[int, list[Door]](), [row.chat_id for some in rows for row in some]
    query = (
        select(Door)
        .join(Chat, col(Chat.id) == col(Door.chat_id))
        .where(Chat.kind == ChatKind.SINGLE, col(Door.chat_id).in_(chats))
        .order_by(col(Door.id))
    )
    for each in session.exec(query).all():
        found.setdefault(each.chat_id, []).append(each)
    return found


def loads_of(
    batch: Sequence[OutboxMessage],
    found: Iterable[Sequence[OutboxMessage]],
    doors: Mapping[int, list[Door]],
    choose: Choose,
) -> list[list[OutboxMessage]]:
    """The batch in its order; of those *found* to be alike together what may leave in one call."""
    loads = dict[int | None, list[OutboxMessage]]()
    for rows in found:
        by_door = dict[str, list[OutboxMessage]]()
        for row in rows:
            way = choose(Errand([row], Parcel(row.key, row.text), doors.get(row.chat_id, [])))
            if way is not None and isinstance(way.sender, ManyDoor):
                by_door.setdefault(way.sender.name, []).append(row)
        loads |= {row.id: load for load in by_door.values() for row in load}
    return [load for row in batch if (load := loads.get(row.id, [row]))[0] is row]


def one_text(ways: Sequence[tuple[Route, Errand]]) -> list[list[tuple[Route, Errand]]]:
    """Those that still go to one door with one text, what goes along included; two at least."""
    groups = dict[tuple[str, str], list[tuple[Route, Errand]]]()
    for way, errand in ways:
        if isinstance(way.sender, ManyDoor):
            groups.setdefault((way.sender.name, errand.parcel.text), []).append((way, errand))
    return [group for group in groups.values() if len(group) > 1]
