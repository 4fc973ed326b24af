"""Takes words back that have left already, where their platform can; each act is audited."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from models.audit import record
from models.chat import doors_of
from models.db import Database
from models.errors import DeliveryError
from models.outbox import OutboxMessage, OutboxState, said_alike
from scheduler.routing import RecallingDoor, Sender

#: What stands in the row of a word that was taken back.
TAKEN_BACK = "已撤回"


@dataclass(frozen=True)
class Outcome:
    """What came of one word; *why* is empty where it stands there no more."""

    number: int
    why: str = ""


def recall_words(
    database: Database, doors: Mapping[str, Sender], numbers: Iterable[int], now: datetime
) -> list[Outcome]:
    """Take back these words, and those that left in one message with them.

    A message that several people got, or that several words shared, goes as a whole.
    """
    outcomes, by_door = list[Outcome](), dict[str, dict[str, str]]()
    with database.read() as session:
        for number in dict.fromkeys(numbers):
            row = session.get(OutboxMessage, number)
            if why := _why_not(row, doors, now):
                outcomes.append(Outcome(number, why))
            elif row is not None:
                address = _address(session, row, doors[row.platform])
                by_door.setdefault(row.platform, {})[row.answer] = address
    for name, said in by_door.items():
        door = doors[name]
        assert isinstance(door, RecallingDoor)
        results = door.recall(said)
        outcomes += _record(database, door, said, results, now)
    return sorted(outcomes, key=lambda each: each.number)


def _why_not(row: OutboxMessage | None, doors: Mapping[str, Sender], now: datetime) -> str:
    """What speaks against it from the first; empty where nothing does."""
    if row is None or row.state != OutboxState.SENT or row.sent_at is None:
        return "it was not sent: see `dajuan outbox show`"
    door = doors.get(row.platform)
    if not isinstance(door, RecallingDoor) or not row.answer:
        return f"{row.platform or 'its door'} cannot take back what it said"
    if now - row.sent_at >= door.recalls_within:
        return f"it left more than {door.recalls_within.total_seconds() / 3600:.0f} hours ago"
    return ""


def _address(session: Session, row: OutboxMessage, door: Sender) -> str:
    """Where the word went; empty where the chat has no such door any more."""
    found = (
        each.address
        for each in doors_of(session, row.chat_id)
        if each.platform == door.platform and each.via in ("", door.name)
    )
    return next(found, "")


def _record(
    database: Database,
    door: RecallingDoor,
    said: Mapping[str, str],
    results: Mapping[str, DeliveryError | None],
    now: datetime,
) -> list[Outcome]:
    """Drop the words whose message is gone, and tell of the others why it is not."""
    outcomes = list[Outcome]()
    with database.write() as session:
        for row in said_alike(session, door.name, list(said), now - door.recalls_within):
            lost = DeliveryError("no answer", retryable=False)
            error = results.get(row.answer, lost)
            outcomes.append(Outcome(row.id or 0, str(error or "")))
            if error is None:
                before = {"state": row.state, "answer": row.answer}
                row.state, row.answer, row.code = OutboxState.DROPPED, TAKEN_BACK, ""
                _audit(session, row, before, now)
    return outcomes


def _audit(session: Session, row: OutboxMessage, before: dict[str, str], now: datetime) -> None:
    record(
        session,
        at=now,
        member_id=None,
        action="recall",
        table="outbox",
        row=row.id or 0,
        before=before,
        after={"state": row.state},
    )
