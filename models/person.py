"""What is kept about one person: every table with its share in it, and the rows that are theirs."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import false
from sqlalchemy.sql import ColumnElement
from sqlmodel import Session, col, func, or_, select

from models.audit import Audit
from models.chat import Chat, Door
from models.errors import Refused
from models.inbox import InboxMessage
from models.member import Account, Member
from models.message import ChatKind
from models.rules.retention import pseudonym
from models.sandbox_message import SandboxMessage
from models.setting import FAILURES, WAITING_PICTURES, Setting, name_of_member
from models.submission import SubmissionVersion


class Share(StrEnum):
    """What a table holds of people, and with it how that ends.

    PERSON: who they are and what they may do. CHAT: what they wrote besides reports. WORDS: what
    the bot said to and of them. TRAIL: who did what. MEDIA: what they sent. RECORD: the official
    record of the units, in which they act. NONE: nothing.
    """

    PERSON = "person"
    CHAT = "chat"
    WORDS = "words"
    TRAIL = "trail"
    MEDIA = "media"
    RECORD = "record"
    NONE = "none"


#: Every table. A new one is decided on here, or a test fails.
SHARES: dict[str, Share] = {
    **dict.fromkeys(
        ("member", "account", "role", "deputy", "reviewer", "invite", "invite_try"), Share.PERSON
    ),
    **dict.fromkeys(
        ("inbox", "draft", "listing", "suggestion", "sandbox_message", "setting"), Share.CHAT
    ),
    **dict.fromkeys(("outbox", "chat", "door", "link"), Share.WORDS),
    "audit": Share.TRAIL,
    "media": Share.MEDIA,
    **dict.fromkeys(
        (
            "activity",
            "alias",
            "bulletin",
            "bulletin_template",
            "comment_count",
            "contact",
            "exception_request",
            "figure",
            "judgement",
            "obligation",
            "order_step",
            "outlook",
            "picture",
            "submission",
            "submission_version",
            "supervision_order",
        ),
        Share.RECORD,
    ),
    **dict.fromkeys(
        (
            "allotment",
            "api_client",
            "api_scope",
            "area",
            "award",
            "calendar_year",
            "clause",
            "clause_unit",
            "digest_schedule",
            "indicator",
            "indicator_link",
            "lease",
            "note",
            "obligation_unit",
            "programme",
            "project",
            "requirement",
            "scene_key",
            "snapshot",
            "task",
            "task_unit",
            "unit",
            "usage",
            "workday",
        ),
        Share.NONE,
    ),
}


@dataclass(frozen=True)
class Person:
    """A member and what they are known by: accounts, as (platform, id in small letters), chats.

    *senders* are the ids as platforms wrote them on messages. *passed_on* are accounts that
    somebody else has now: what was written by them stays with those.
    """

    member_id: int
    name: str
    accounts: frozenset[tuple[str, str]]
    chat_ids: frozenset[int]
    senders: frozenset[tuple[str, str]] = frozenset()
    passed_on: frozenset[tuple[str, str]] = frozenset()

    @property
    def user_ids(self) -> frozenset[str]:
        """The ids on all platforms, in small letters."""
        return frozenset(user_id for _, user_id in self.accounts)


def member_meant(session: Session, who: str) -> Member:
    """The member of this number or account (PLATFORM:ID), also one who left; raises Refused."""
    if who.isdigit() and (member := session.get(Member, int(who))) is not None:
        return member
    platform, _, user_id = who.partition(":")
    wanted = (platform, user_id.casefold())
    for account in session.exec(select(Account).where(Account.user_id == wanted[1])).all():
        if account.platform == platform:
            return session.get_one(Member, account.member_id)
    for number, accounts in _removed_accounts(session):
        if wanted in accounts:
            return session.get_one(Member, number)
    raise Refused(f"there is no member {who!r}: a number, or an account such as wecom:zhangsan")


def person_of(session: Session, member: Member) -> Person:
    """*member* with every account that they are known to have written by, and their own chats."""
    number = member.id or 0
    own = session.exec(select(Account).where(Account.member_id == number)).all()
    accounts = {(each.platform, each.user_id) for each in own}
    for row, removed in _removed_accounts(session, number):
        accounts |= removed if row == number else set()
    accounts |= _reported_by(session, number)
    passed_on = _held_by_others(session, number, accounts)
    accounts -= passed_on
    return Person(
        number,
        member.name,
        frozenset(accounts),
        _single_chats(session, accounts),
        _senders(session, accounts),
        frozenset(passed_on),
    )


def accounts_noted(accounts: Collection[Account]) -> list[str]:
    """How the trail keeps the accounts of one who left, so that what they wrote can be found."""
    return [f"{each.platform}:{each.user_id}" for each in accounts]


def _removed_accounts(
    session: Session, number: int | None = None
) -> Iterator[tuple[int, set[tuple[str, str]]]]:
    """The accounts of those who left, as the trail kept them."""
    acts = select(Audit).where(Audit.table == "member", Audit.action == "remove")
    if number is not None:
        acts = acts.where(Audit.row == number)
    for act in session.exec(acts).all():
        pairs = (each.partition(":") for each in act.before.get("accounts", ()))
        yield act.row, {(platform, user_id) for platform, _, user_id in pairs if user_id}


def _reported_by(session: Session, number: int) -> set[tuple[str, str]]:
    """The accounts that sent the reports of one whose removal noted none."""
    rows = session.exec(
        select(InboxMessage.platform, InboxMessage.sender_id)
        .join(SubmissionVersion, col(SubmissionVersion.inbox_id) == col(InboxMessage.id))
        .where(SubmissionVersion.member_id == number, InboxMessage.sender_id != pseudonym(number))
        .distinct()
    ).all()
    return {(platform, sender.casefold()) for platform, sender in rows}


def _held_by_others(
    session: Session, number: int, accounts: Collection[tuple[str, str]]
) -> set[tuple[str, str]]:
    rows = session.exec(
        select(Account).where(
            col(Account.user_id).in_({user_id for _, user_id in accounts}),
            Account.member_id != number,
        )
    ).all()
    return {(each.platform, each.user_id) for each in rows} & set(accounts)


def _single_chats(session: Session, accounts: Collection[tuple[str, str]]) -> frozenset[int]:
    rows = session.exec(
        select(Door.platform, Door.address, Door.chat_id)
        .join(Chat, col(Chat.id) == col(Door.chat_id))
        .where(
            Chat.kind == ChatKind.SINGLE,
            col(Door.address).in_({user_id for _, user_id in accounts}),
        )
    ).all()
    return frozenset(chat for platform, address, chat in rows if (platform, address) in accounts)


def _senders(session: Session, accounts: Collection[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    found = set[tuple[str, str]]()
    for platform, user_id in accounts:
        spellings = session.exec(
            select(InboxMessage.sender_id)
            .where(InboxMessage.platform == platform, func.lower(InboxMessage.sender_id) == user_id)
            .distinct()
        ).all()
        found |= {(platform, each) for each in spellings}
    return frozenset(found)


def wrote(person: Person) -> ColumnElement[bool]:
    """Whether an inbox row is theirs."""
    return or_(
        false(),
        *(
            (col(InboxMessage.platform) == platform) & (col(InboxMessage.sender_id) == sender)
            for platform, sender in sorted(person.senders)
        ),
    )


def lines_of(person: Person) -> ColumnElement[bool]:
    """Whether a line of the practice chat is theirs, or of their chat."""
    ids = [user_id for platform, user_id in person.accounts if platform == "sandbox"]
    return or_(
        func.lower(SandboxMessage.person).in_(ids), func.lower(SandboxMessage.chat_id).in_(ids)
    )


def settings_of(person: Person) -> ColumnElement[bool]:
    """Whether a fact is about them: the pictures that wait for a report, failures in a row."""
    facts = (WAITING_PICTURES, FAILURES)
    return col(Setting.name).in_([name_of_member(each, person.member_id) for each in facts])
