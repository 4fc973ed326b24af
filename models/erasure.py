"""Erasing a person who left: what is theirs goes, and where they acted a pseudonym stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.sql import ColumnElement
from sqlmodel import Session, col, delete, func, or_, select, update

from models.audit import record
from models.chat import Chat, Door
from models.draft import Draft
from models.errors import Refused
from models.inbox import InboxMessage, InboxState
from models.invite import Invite, InviteTry
from models.link import Link
from models.listing import Listing
from models.member import Account, Member, Role
from models.naming import (
    Place,
    calls_naming,
    empty_calls,
    named_in_record,
    newest_rows,
    places,
    replace_in,
)
from models.outbox import OutboxMessage, OutboxState
from models.person import Person, lines_of, person_of, settings_of, wrote
from models.retention import NOTHING_HEARD, NOTHING_SAID
from models.reviewer import Reviewer
from models.rules.retention import Mentions, pseudonym
from models.sandbox_message import SandboxMessage
from models.setting import Setting
from models.suggestion import Suggestion


@dataclass(frozen=True)
class Plan:
    """What there is to erase, found without keeping anybody waiting.

    *left* are the places in the official record where the name stands, as `table row`.
    *is_shared*: somebody else has the same name, so that it is left within sentences.
    """

    person: Person
    pseudonym: str
    mentions: Mentions
    places: tuple[Place, ...]
    calls: tuple[int, ...]
    newest: dict[str, int]
    left: tuple[str, ...]
    is_shared: bool


@dataclass(frozen=True)
class Erased:
    """What was done: messages and words that went, places where the name was replaced."""

    messages: int
    words: int
    replaced: int


def plan_erasure(session: Session, member: Member) -> Plan:
    """Look for all that is kept about *member*; raises Refused for somebody who is still here."""
    if member.left_at is None:
        raise Refused(
            f"member {member.id} is still here: hand over what they do, then run "
            f"`dajuan member remove {member.id}`"
        )
    person, instead = person_of(session, member), pseudonym(member.id or 0)
    is_shared, is_known = _is_shared(session, member), member.name != instead
    name = member.name if is_known and not is_shared else ""
    mentions = Mentions(name, _ids(person), instead)
    theirs = {"inbox": wrote(person), "outbox": _said_to(person)}
    return Plan(
        person=person,
        pseudonym=instead,
        mentions=mentions,
        newest=newest_rows(session),
        places=tuple(places(session, mentions, besides=theirs, after={})),
        calls=tuple(calls_naming(session, mentions)),
        left=tuple(named_in_record(session, member.name) if is_known else ()),
        is_shared=is_shared,
    )


def erase(session: Session, plan: Plan, now: datetime) -> Erased:
    """Forget the person, once for all; doing it again changes nothing.

    Reports, figures and documents are the unit's record and stay, under the pseudonym.
    """
    person, mentions = plan.person, plan.mentions
    messages = _forget_messages(session, person, plan.pseudonym)
    words = _forget_words(session, person)
    _forget_rest(session, person, plan.pseudonym, now)
    session.get_one(Member, person.member_id).name = plan.pseudonym
    session.flush()
    since = tuple(places(session, mentions, besides={}, after=plan.newest))
    replaced = replace_in(session, mentions, plan.places + since)
    calls = calls_naming(session, mentions, plan.newest["inbox"])
    empty_calls(session, [*plan.calls, *calls])
    if messages or words or replaced:
        record(
            session,
            at=now,
            member_id=None,
            action="erase",
            table="member",
            row=person.member_id,
            after={"messages": messages, "words": words},
        )
    return Erased(messages, words, replaced)


def _ids(person: Person) -> Iterator[str]:
    for platform, user_id in person.accounts:
        yield user_id
        yield f"{platform}:{user_id}"


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
    to_them = _said_to(person)
    waiting = col(OutboxMessage.state) == OutboxState.WAITING
    session.exec(update(OutboxMessage).where(to_them, waiting).values(state=OutboxState.DROPPED))
    emptied = session.exec(
        update(OutboxMessage).where(to_them, col(OutboxMessage.text) != "").values(**NOTHING_SAID)
    )
    session.exec(update(OutboxMessage).where(to_them).values(**NOTHING_SAID))
    return emptied.rowcount


def _said_to(person: Person) -> ColumnElement[bool]:
    return col(OutboxMessage.chat_id).in_(person.chat_ids)


def _forget_rest(session: Session, person: Person, instead: str, now: datetime) -> None:
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
        .where(
            or_(col(Link.member_id) == number, col(Link.chat_id).in_(person.chat_ids)),
            col(Link.revoked_at).is_(None),
        )
        .values(revoked_at=now)
    )
