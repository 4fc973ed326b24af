"""Where a person is named in what is kept, and how a pseudonym takes the place of the name."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import JSON, Column, Table, Text, cast
from sqlalchemy import select as pick
from sqlalchemy.sql import ColumnElement
from sqlmodel import Session, col, func, or_, select, update
from sqlmodel.sql.sqltypes import AutoString

from models.inbox import InboxMessage
from models.person import SHARES, Share
from models.rules.retention import LEAST_NAME, Mentions
from models.tables import METADATA

#: Where a name is replaced. The record is not written anew: see `named_in_record`.
_REWRITTEN = (Share.PERSON, Share.CHAT, Share.WORDS, Share.TRAIL, Share.MEDIA)
#: Facts about the office, such as who signs its documents: its admins put them right.
_NOT_REWRITTEN = ("setting",)
#: What these columns hold means something to the program; a name in them is none.
_PLAIN = frozenset(
    "platform state kind purpose via role level direction key message_id sender_id chat_id user_id"
    " spelling address action table export mime code code_hash template request_id".split()
)

#: PostgreSQL numbers rows before they can be seen: so many may yet come before the last one.
_UNDER_WAY = 1000


class Place(NamedTuple):
    """One column of one row."""

    table: str
    column: str
    key: tuple[Any, ...]


def newest_rows(session: Session) -> dict[str, int]:
    """A number in every table in which names are replaced: all rows up to it were seen."""
    return {
        table.name: (session.execute(pick(func.max(table.c.id))).scalar() or 0) - _UNDER_WAY
        for table in _rewritten()
        if "id" in table.c
    }


def places(
    session: Session,
    mentions: Mentions,
    *,
    besides: Mapping[str, ColumnElement[bool]],
    after: Mapping[str, int],
) -> Iterator[Place]:
    """Where the person may be named, *besides* some rows by table, in rows *after* a number."""
    for table in _rewritten():
        own = list(table.primary_key.columns)
        rows = pick(*own)
        if table.name in besides:
            rows = rows.where(~besides[table.name])
        if table.name in after:
            rows = rows.where(table.c.id > after[table.name])
        for column in _texts(table) if mentions.needles else ():
            for key in session.execute(rows.where(_holds(column, mentions.needles))).all():
                yield Place(table.name, column.name, tuple(key))


def replace_in(session: Session, mentions: Mentions, found: Sequence[Place]) -> int:
    """Put the pseudonym there, as the rows are now; returns in how many places."""
    count = 0
    for place in found:
        table = METADATA.tables[place.table]
        own = zip(table.primary_key.columns, place.key, strict=True)
        is_row = [column == part for column, part in own]
        value = session.execute(pick(table.c[place.column]).where(*is_row)).scalar()
        if (without := mentions.within(value)) != value:
            session.execute(table.update().where(*is_row).values({place.column: without}))
            count += 1
    return count


def calls_naming(session: Session, mentions: Mentions, after: int = 0) -> list[int]:
    """The messages whose call names the person, however it spells the name."""
    forms = {form for each in mentions.needles for form in _forms(each)}
    query = select(InboxMessage.id, InboxMessage.raw).where(
        func.length(InboxMessage.raw) > 0, col(InboxMessage.id) > after
    )
    return [
        number or 0
        for number, raw in session.exec(query.execution_options(yield_per=1000))
        if any(form in raw.lower() for form in forms)
    ]


def empty_calls(session: Session, numbers: Sequence[int]) -> None:
    """Empty these calls: no part of them is worth more than a name."""
    for number in numbers:
        session.exec(update(InboxMessage).where(col(InboxMessage.id) == number).values(raw=b""))


def _forms(text: str) -> Iterator[bytes]:
    yield text.encode()
    yield text.encode("ascii", "backslashreplace").lower()


def named_in_record(session: Session, name: str) -> Iterator[str]:
    """Where the official record and the office's own facts hold the name, as `table row`."""
    if len(name) < LEAST_NAME:
        return
    rewritten = {table.name for table in _rewritten()}
    for table in METADATA.sorted_tables:
        texts = [_holds(column, [name.casefold()]) for column in _texts(table)]
        if texts and table.name not in rewritten:
            own = list(table.primary_key.columns)
            for key in session.execute(pick(*own).where(or_(*texts)).order_by(*own)).all():
                yield f"{table.name} {' '.join(map(str, key))}"


def _rewritten() -> Iterator[Table]:
    for table in METADATA.sorted_tables:
        if SHARES[table.name] in _REWRITTEN and table.name not in _NOT_REWRITTEN:
            yield table


def _texts(table: Table) -> Iterator[Column[Any]]:
    for column in table.columns:
        is_text = isinstance(column.type, JSON | AutoString)
        if is_text and column.name not in _PLAIN and not column.name.endswith("sha"):
            yield column


def _holds(column: Column[Any], needles: Sequence[str]) -> Any:
    text = func.lower(cast(column, Text) if isinstance(column.type, JSON) else column)
    return or_(*(text.contains(each, autoescape=True) for each in needles))
