"""Erasing a person who left: what is theirs goes, and where they acted a pseudonym stands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Table, Text, cast
from sqlalchemy import select as pick
from sqlmodel import Session, col, delete, func, or_, select, update
from sqlmodel.sql.sqltypes import AutoString

from models.audit import record
from models.chat import Chat, Door
from models.draft import Draft
from models.errors import Refused
from models.inbox import InboxMessage, InboxState
from models.invite import Invite, InviteTry
from models.link import Link
from models.listing import Listing
from models.member import Account, Member, Role
from models.outbox import OutboxMessage, OutboxState
from models.person import SHARES, Person, Share, lines_of, person_of, settings_of, wrote
from models.retention import NOTHING_HEARD, NOTHING_SAID
from models.reviewer import Reviewer
from models.rules.retention import Mentions, pseudonym
from models.sandbox_message import SandboxMessage
from models.setting import Setting
from models.suggestion import Suggestion
from models.tables import METADATA

#: Where a person is named besides their own rows. The record is not written anew: see `named_in`.
_REWRITTEN = (Share.PERSON, Share.CHAT, Share.WORDS, Share.TRAIL, Share.MEDIA)
#: Facts about the office, such as who signs its documents: its admins put them right.
_NOT_REWRITTEN = ("setting",)
#: What these columns hold means something to the program; a name in them is none.
_PLAIN = frozenset(
    "platform state kind purpose via role level direction key message_id sender_id chat_id user_id"
    " spelling address action table export mime code code_hash template request_id".split()
)


@dataclass(frozen=True)
class Erased:
    """What was done: messages and words that went, rows in which the name was replaced.

    *left* are the places in the official record where the name still stands, as `table row`.
    *shared_name*: somebody present has the same name, so that it was left within sentences.
    """

    pseudonym: str
    messages: int
    words: int
    replaced: int
    left: tuple[str, ...]
    shared_name: bool
    passed_on: tuple[str, ...]


def erase(session: Session, member: Member, now: datetime) -> Erased:
    """Forget *member*, once for all; doing it again changes nothing.

    Reports, figures and documents are the unit's record and stay, under the pseudonym. Raises
    Refused for somebody who is still here.
    """
    if member.left_at is None:
        raise Refused(
            f"member {member.id} is still here: hand over what they do, then run "
            f"`dajuan member remove {member.id}`"
        )
    person, instead = person_of(session, member), pseudonym(member.id or 0)
    is_shared = _is_shared(session, member)
    name = "" if is_shared or member.name == instead else member.name
    names = _nicknames(session, person) - {member.name}
    mentions = Mentions(name, names, _ids(person), instead)
    messages = _forget_messages(session, person, instead)
    words = _forget_words(session, person)
    _forget_rest(session, person, instead)
    member.name = instead
    session.flush()
    replaced = _replace(session, mentions)
    if messages or words or replaced:
        act = {"messages": messages, "words": words}
        record(
            session,
            at=now,
            member_id=None,
            action="erase",
            table="member",
            row=person.member_id,
            after=act,
        )
    return Erased(
        instead,
        messages,
        words,
        replaced,
        tuple(_named_in(session, person.name) if person.name != instead else ()),
        is_shared,
        tuple(":".join(each) for each in sorted(person.passed_on)),
    )


def _ids(person: Person) -> Iterator[str]:
    for platform, user_id in person.accounts:
        yield user_id
        yield f"{platform}:{user_id}"


def _nicknames(session: Session, person: Person) -> set[str]:
    """What platforms and invites called them."""
    senders = session.exec(
        select(col(InboxMessage.message)["sender_name"].as_string()).where(wrote(person)).distinct()
    ).all()
    invited = session.exec(select(Invite.name).where(Invite.used_by == person.member_id)).all()
    chats = session.exec(select(Chat.name).where(col(Chat.id).in_(person.chat_ids))).all()
    return {each for each in (*senders, *invited, *chats) if each}


def _is_shared(session: Session, member: Member) -> bool:
    query = select(Member.id).where(Member.name == member.name, Member.id != member.id)
    return session.exec(query.limit(1)).first() is not None


def _forget_messages(session: Session, person: Person, instead: str) -> int:
    """Empty what they wrote; that it came stays, so that no repeat is taken for news."""
    is_alone = func.lower(InboxMessage.chat_id) == func.lower(InboxMessage.sender_id)
    session.exec(update(InboxMessage).where(wrote(person), is_alone).values(chat_id=instead))
    waiting = col(InboxMessage.state).in_((InboxState.NEW, InboxState.FAILED))
    session.exec(
        update(InboxMessage).where(wrote(person), waiting).values(state=InboxState.DROPPED)
    )
    emptied = update(InboxMessage).where(wrote(person)).values(sender_id=instead, **NOTHING_HEARD)
    session.exec(delete(SandboxMessage).where(lines_of(person)))
    return session.exec(emptied).rowcount


def _forget_words(session: Session, person: Person) -> int:
    """Empty what the bot said to them alone; what was not sent yet is not sent."""
    to_them = col(OutboxMessage.chat_id).in_(person.chat_ids)
    waiting = col(OutboxMessage.state) == OutboxState.WAITING
    session.exec(update(OutboxMessage).where(to_them, waiting).values(state=OutboxState.DROPPED))
    emptied = session.exec(
        update(OutboxMessage).where(to_them, col(OutboxMessage.text) != "").values(**NOTHING_SAID)
    )
    session.exec(update(OutboxMessage).where(to_them).values(**NOTHING_SAID))
    return emptied.rowcount


def _forget_rest(session: Session, person: Person, instead: str) -> None:
    """Accounts, rights, tasks of their own, what was open, and the way into their chats."""
    number = person.member_id
    for table in (Account, Role, Reviewer, Draft, Listing, Suggestion):
        session.exec(delete(table).where(col(table.member_id) == number))
    session.exec(delete(Setting).where(settings_of(person)))
    session.exec(delete(InviteTry).where(func.lower(InviteTry.user_id).in_(person.user_ids)))
    session.exec(delete(Door).where(col(Door.chat_id).in_(person.chat_ids)))
    session.exec(update(Chat).where(col(Chat.id).in_(person.chat_ids)).values(name=instead))
    session.exec(update(Invite).where(col(Invite.used_by) == number).values(name=instead))
    session.exec(
        update(Link)
        .where(col(Link.member_id) == number, col(Link.revoked_at).is_(None))
        .values(revoked_at=Link.expires_at)
    )


def _replace(session: Session, mentions: Mentions) -> int:
    """Put the pseudonym in the place of the person in everything that is no record."""
    if not mentions.needles:
        return 0
    tables = [each for each in METADATA.sorted_tables if SHARES[each.name] in _REWRITTEN]
    return sum(
        _replace_in(session, table, column, mentions)
        for table in tables
        if table.name not in _NOT_REWRITTEN
        for column in _texts(table)
    ) + _empty_calls(session, mentions)


def _replace_in(session: Session, table: Table, column: Column[Any], mentions: Mentions) -> int:
    own = list(table.primary_key.columns)
    rows = session.execute(pick(column, *own).where(_holds(column, mentions.needles))).all()
    count = 0
    for value, *key in rows:
        if (without := mentions.within(value)) != value:
            is_row = [each == part for each, part in zip(own, key, strict=True)]
            session.execute(table.update().where(*is_row).values({column.name: without}))
            count += 1
    return count


def _empty_calls(session: Session, mentions: Mentions) -> int:
    """Calls of others that name the person: no part of them is worth more than that."""
    forms = {form for each in mentions.needles for form in _forms(each)}
    query = select(InboxMessage.id, InboxMessage.raw).where(func.length(InboxMessage.raw) > 0)
    found = [
        number
        for number, raw in session.exec(query.execution_options(yield_per=1000))
        if any(form in raw.lower() for form in forms)
    ]
    session.exec(update(InboxMessage).where(col(InboxMessage.id).in_(found)).values(raw=b""))
    return len(found)


def _forms(text: str) -> Iterator[bytes]:
    yield text.encode()
    yield text.encode("ascii", "backslashreplace").lower()


def _named_in(session: Session, name: str) -> Iterator[str]:
    """Where the official record and the office's own facts still hold the name."""
    if len(name) < 2:
        return
    for table in METADATA.sorted_tables:
        if SHARES[table.name] in _REWRITTEN and table.name not in _NOT_REWRITTEN:
            continue
        if texts := [_holds(column, [name.casefold()]) for column in _texts(table)]:
            own = list(table.primary_key.columns)
            for key in session.execute(pick(*own).where(or_(*texts)).order_by(*own)).all():
                yield f"{table.name} {' '.join(map(str, key))}"


def _texts(table: Table) -> Iterator[Column[Any]]:
    for column in table.columns:
        is_text = isinstance(column.type, JSON | AutoString)
        if is_text and column.name not in _PLAIN and not column.name.endswith("sha"):
            yield column


def _holds(column: Column[Any], needles: Sequence[str]) -> Any:
    text = func.lower(cast(column, Text) if isinstance(column.type, JSON) else column)
    return or_(*(text.contains(each, autoescape=True) for each in needles))
