"""What came of a conversation: every row of the database, but for what names its door."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table
from sqlmodel import Session, col, select

from models.db import Database
from models.inbox import InboxMessage
from models.outbox import CLOSING
from models.tables import METADATA

#: What belongs to the doors: their numbers for messages, their names for people and groups, and
#: how many calls of theirs a platform has counted.
DOORS_OWN = frozenset(("account", "door", "inbox", "lease", "sandbox_message", "setting", "usage"))
#: By which door something came or went and how that door put it, with what closes cards later,
#: which one door alone has to be sent; the ids of calls; the codes of invites, which are drawn by
#: lot; what pictures are called, which the bot is not told.
MAY_DIFFER = frozenset(
    (
        ("invite", "code_hash"),
        ("invite_try", "platform"),
        ("media", "name"),
        ("outbox", "answer"),
        ("outbox", "code"),
        ("outbox", "id"),
        ("outbox", "platform"),
        ("outbox", "request_id"),
    )
)
#: Keys that begin with the number of the message that they came of.
_OF_A_MESSAGE = re.compile(r"^(reply|tell|order):(\d+)")

Row = dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """The rows of every table."""

    tables: Mapping[str, list[Row]]

    def differences(self, other: "Outcome") -> list[str]:
        """Where the two are not the same, a line each."""
        found = list[str]()
        for name, rows in self.tables.items():
            others = other.tables[name]
            if len(rows) != len(others):
                found.append(f"{name}: {len(rows)} rows, not {len(others)}")
            for number, (row, wanted) in enumerate(zip(rows, others, strict=False)):
                found += [
                    f"{name} {number} {column}: {value!r}, not {wanted[column]!r}"
                    for column, value in row.items()
                    if value != wanted[column]
                ]
        return found


def outcome(database: Database) -> Outcome:
    """What stands in *database* now."""
    tables = [each for each in METADATA.sorted_tables if each.name not in DOORS_OWN]
    with database.read() as session:
        numbers = _numbered(session)
        return Outcome({each.name: _rows(session, each, numbers) for each in tables})


def _numbered(session: Session) -> dict[int, int]:
    """What was said, counted by its words: pictures belong to the words behind them.

    One door brings them in one message, another in several.
    """
    numbers, count = dict[int, int](), 1
    for row in session.exec(select(InboxMessage).order_by(col(InboxMessage.id))).all():
        numbers[row.id or 0] = count
        count += bool(row.message["text"])
    return numbers


def _rows(session: Session, table: Table, numbers: Mapping[int, int]) -> list[Row]:
    found = session.execute(table.select().order_by(*table.primary_key)).mappings()
    messages = {
        column.name
        for column in table.columns
        if any(key.target_fullname == "inbox.id" for key in column.foreign_keys)
    }
    return [
        {
            name: numbers.get(value) if name in messages else _plain(name, value, numbers)
            for name, value in _counted(row, numbers).items()
            if (table.name, name) not in MAY_DIFFER
        }
        for row in found
        if table.name != "outbox" or not row["key"].startswith(CLOSING)
    ]


def _counted(row: Mapping[str, Any], numbers: Mapping[int, int]) -> Mapping[str, Any]:
    """An order that waits for its last words begins with the number of its message."""
    if "template" not in row or "{}" in row["template"]:
        return row
    asked_by, *more = row["entries"]
    return {**row, "entries": [numbers[int(asked_by)], *more]}


def _plain(name: str, value: Any, numbers: Mapping[int, int]) -> Any:
    """Moments to the second, since to be asked for an answer takes a while; messages counted."""
    if isinstance(value, datetime):
        return round(value.timestamp())
    if name == "key" and isinstance(value, str):
        return _OF_A_MESSAGE.sub(lambda found: f"{found[1]}:{numbers[int(found[2])]}", value)
    if name == "after" and isinstance(value, dict) and "messages" in value:
        return value | {"messages": sorted({numbers[each] for each in value["messages"]})}
    return value
