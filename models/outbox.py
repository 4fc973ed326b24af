"""What goes out: every word owed to a chat, written in the transaction that decides to speak."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import JSON, Index
from sqlalchemy.orm import aliased
from sqlmodel import Field, Session, SQLModel, col, exists, func, select, update

from models.db import one_of
from models.message import Choice, MediaRef, Reply
from models.rules.pieces import split_text
from models.rules.plain import inert
from models.shown import Shown, shown_from

#: The longest text of one message in UTF-8 bytes: the least that any platform takes (2048), less
#: a margin for what a platform adds itself.
TEXT_BYTES = 2000
#: Where a session notes the id of the call that it answers.
CAUSED_BY = "request_id"
#: What the key of a row begins with that closes a card.
CLOSING = "close:"
#: So many rows at most leave as one message.
_MOST_TOGETHER = 10


class OutboxState(StrEnum):
    """Waiting until the platform took it; *unknown* when its answer never came."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    DROPPED = "dropped"


class Priority(IntEnum):
    """Replies go before what nobody is waiting for."""

    REPLY = 0
    ALARM = 1
    BULK = 2


class OutboxMessage(SQLModel, table=True):
    """One text, picture or file owed to one chat.

    *key* says what it is for (`digest:minsheng-2021:weekly:2021-W35:chat7:0`) and is unique, so
    nothing is said twice. *reply_to* is the inbox row it answers, *attempts* counts tries,
    *answer* keeps what the platform said. *in_flight* is set while a send may be under way: found
    on a row whose claim ran out, it means that the process died and nobody knows the outcome.
    A *secret* text is emptied once it is sent. *platform* is the door it left by and *sent_at* the
    time; while it waits, the door that may have taken it already, and since when. *about* is the
    matter that its choices decide on, *code* what its card can be closed by, once and for three
    days. A waiting row that has a code is no word: it closes a card that left before, by the door
    named in *platform*. *request_id* is the call that caused it; empty where none did.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        one_of("state", OutboxState),
        Index("ix_outbox_state_priority_id", "state", "priority", "id"),
        Index("ix_outbox_chat_id_state_priority", "chat_id", "state", "priority"),
        Index("ix_outbox_state_sent_at", "state", "sent_at"),
        Index("ix_outbox_chat_id_platform_sent_at", "chat_id", "platform", "sent_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    chat_id: int = Field(foreign_key="chat.id")
    text: str = ""
    media: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    choices: list[dict[str, str]] = Field(default_factory=list, sa_type=JSON)
    shown: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    mentions: list[int] = Field(default_factory=list, sa_type=JSON)
    secret: bool = False
    about: str = Field(default="", index=True)
    code: str = ""
    priority: int = Priority.BULK
    reply_to: int | None = Field(default=None, foreign_key="inbox.id", index=True)
    created_at: datetime = Field(index=True)
    not_before: datetime
    locked_until: datetime | None = None
    in_flight: bool = False
    state: str = OutboxState.WAITING
    attempts: int = 0
    platform: str = ""
    answer: str = ""
    sent_at: datetime | None = None
    request_id: str = ""

    @property
    def is_closing(self) -> bool:
        """Whether it is no word but closes a card, or did."""
        return self.key.startswith(CLOSING)

    @property
    def is_mere_text(self) -> bool:
        """Whether it may share a message with other words."""
        return self.is_text and not self.choices

    @property
    def is_text(self) -> bool:
        """Whether it is words to be read, perhaps with buttons below them, and nothing else."""
        return not (self.media or self.secret or self.mentions)

    def media_ref(self) -> MediaRef | None:
        """The picture or file of this row, or None for a text."""
        return MediaRef(**self.media) if self.media else None

    def choices_offered(self) -> tuple[Choice, ...]:
        """The buttons of this row."""
        return tuple(Choice(**each) for each in self.choices)

    def shown_as(self) -> Shown | None:
        """The same with a table or a page, for doors that can show them."""
        return shown_from(self.shown) if self.shown else None


def say(
    session: Session,
    chat_id: int,
    reply: Reply,
    *,
    key: str,
    now: datetime,
    priority: Priority = Priority.BULK,
    reply_to: int | None = None,
    not_before: datetime | None = None,
) -> bool:
    """Owe *reply* to a chat as rows in order; False when *key* was said before.

    *not_before* holds it back until people are at work. The call that the session answers is noted.
    The unique key is the last guard: of two transactions that say the same at once, one fails.
    """
    if was_said(session, key):
        return False
    own = {"priority": priority, "reply_to": reply_to, "not_before": not_before or now}
    session.add_all(_rows(session, chat_id, reply, key, now, **own))
    session.flush()
    return True


def say_each(session: Session, words: Iterable[tuple[int, str, Reply]], now: datetime) -> None:
    """Owe many words at once, each to a chat and under a key under which nothing was said yet."""
    for chat_id, key, reply in words:
        session.add_all(_rows(session, chat_id, reply, key, now, not_before=now))
    session.flush()


def _rows(
    session: Session, chat_id: int, reply: Reply, key: str, now: datetime, **own: Any
) -> Iterator[OutboxMessage]:
    for position, piece in enumerate(_pieces(reply)):
        yield OutboxMessage(
            key=f"{key}:{position}",
            chat_id=chat_id,
            secret=reply.secret,
            created_at=now,
            request_id=session.info.get(CAUSED_BY, ""),
            **own,
            **piece,
        )


def _pieces(reply: Reply) -> list[dict[str, Any]]:
    """What each message of *reply* says; what belongs to all of it stands at the last text."""
    texts = split_text(inert(reply.text, links=reply.links), TEXT_BYTES)
    pieces: list[dict[str, Any]] = [{"text": each} for each in texts]
    if len(pieces) == 1 and reply.shown:  # what is too long for one message is said in lines only
        pieces[0]["shown"] = reply.shown.inert().data()
    if pieces:
        pieces[-1] |= {
            "choices": [{**each.__dict__} for each in reply.choices],
            "mentions": list(reply.mentions),
            "about": reply.about,
        }
    return pieces + [{"media": {**each.__dict__}} for each in (*reply.pictures, *reply.files)]


def was_said(session: Session, key: str) -> bool:
    """Whether anything was owed under *key* before."""
    return (
        session.exec(select(OutboxMessage.id).where(OutboxMessage.key == f"{key}:0")).first()
        is not None
    )


def word_called(session: Session, key: str) -> OutboxMessage | None:
    """The row of this key, or None."""
    return session.exec(select(OutboxMessage).where(OutboxMessage.key == key)).first()


def choices_of(session: Session, keys: Collection[str]) -> dict[str, list[dict[str, str]]]:
    """The buttons of the rows with these keys that have any, in one query."""
    wanted = col(OutboxMessage.key).in_(keys)
    rows = session.exec(select(OutboxMessage.key, OutboxMessage.choices).where(wanted)).all()
    return {key: list(choices) for key, choices in rows if choices}


def claim_due(
    session: Session, now: datetime, limit: int, lease: timedelta
) -> Sequence[OutboxMessage]:
    """Waiting rows whose time has come, claimed until *now* + *lease*; replies first.

    Within a chat the order is kept: a row waits for older waiting rows of the same or a more
    urgent priority; only what closes a card waits for none, nor does any for it. A claim that ran
    out (the process died) may be taken again.
    """
    older = aliased(OutboxMessage)
    rows = session.exec(
        select(OutboxMessage)
        .where(
            OutboxMessage.state == OutboxState.WAITING,
            col(OutboxMessage.not_before) <= now,
            col(OutboxMessage.locked_until).is_(None) | (col(OutboxMessage.locked_until) <= now),
            (col(OutboxMessage.code) != "")
            | ~exists().where(
                col(older.chat_id) == col(OutboxMessage.chat_id),
                col(older.state) == OutboxState.WAITING,
                col(older.code) == "",
                col(older.priority) <= col(OutboxMessage.priority),
                col(older.id) < col(OutboxMessage.id),
            ),
        )
        .order_by(col(OutboxMessage.priority), col(OutboxMessage.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        row.locked_until = now + lease
    session.flush()
    return rows


def wake_put_off(session: Session, now: datetime) -> None:
    """Make due what a closed door put off: it was not tried, and says what the door said."""
    session.exec(
        update(OutboxMessage)
        .where(
            col(OutboxMessage.state) == OutboxState.WAITING,
            col(OutboxMessage.not_before) > now,
            col(OutboxMessage.attempts) == 0,
            col(OutboxMessage.answer) != "",
            col(OutboxMessage.in_flight).is_(False),
        )
        .values(not_before=now)
    )


def begin_send(
    session: Session, claimed: OutboxMessage, now: datetime, lease: timedelta
) -> OutboxMessage | None:
    """The claimed row, marked as under way since *now*; None when the claim no longer holds."""
    row = session.exec(
        select(OutboxMessage)
        .where(
            OutboxMessage.id == claimed.id,
            OutboxMessage.state == OutboxState.WAITING,
            OutboxMessage.locked_until == claimed.locked_until,
        )
        .with_for_update()
    ).first()
    if row is not None:
        row.in_flight, row.not_before, row.locked_until = True, now, now + lease
        session.flush()
    return row


def has_more_answers(session: Session, row: OutboxMessage) -> bool:
    """Whether more waits behind *row* that answers the same message."""
    behind = select(OutboxMessage.id).where(
        OutboxMessage.reply_to == row.reply_to,
        OutboxMessage.state == OutboxState.WAITING,
        col(OutboxMessage.id) > row.id,
    )
    return session.exec(behind.limit(1)).first() is not None


def next_texts(
    session: Session,
    row: OutboxMessage,
    now: datetime,
    limit: int,
    *,
    is_doubtful: bool = False,
    with_buttons: bool = False,
) -> list[OutboxMessage]:
    """The due texts right behind *row* in its chat that fit into one message with it, locked.

    *limit* is in UTF-8 bytes. A picture, a secret, buttons or a mention end the row of texts; with
    *with_buttons* the end of an answer goes along with its buttons. What was not tried along with
    it ends it as well, and what was goes along, due or not: a repeat says what the first try said,
    or a platform that knows it would swallow the rest. *is_doubtful*: that try ended with its
    process.
    """
    found, size = list[OutboxMessage](), len(row.text.encode())
    for each in _behind(session, row):
        size += 1 + len(each.text.encode())
        is_end = with_buttons and each.reply_to is not None and each.is_text
        if size > limit or not (row.is_mere_text and (each.is_mere_text or is_end)):
            break
        is_mate = bool(row.platform) or (each.in_flight == is_doubtful and each.not_before <= now)
        if not is_mate or (each.platform, each.attempts) != (row.platform, row.attempts):
            break
        found.append(each)
        if each.choices:
            break
    return found


def _behind(session: Session, row: OutboxMessage) -> Sequence[OutboxMessage]:
    """What waits right behind *row* for the same reason, locked."""
    return session.exec(
        select(OutboxMessage)
        .where(
            OutboxMessage.chat_id == row.chat_id,
            OutboxMessage.state == OutboxState.WAITING,
            OutboxMessage.priority == row.priority,
            OutboxMessage.reply_to == row.reply_to,
            OutboxMessage.code == "",
            col(OutboxMessage.id) > row.id,
        )
        .order_by(col(OutboxMessage.id))
        .limit(_MOST_TOGETHER)
        .with_for_update(skip_locked=True)
    ).all()


def mark_tried(
    session: Session, rows: Collection[OutboxMessage], door: str, since: datetime
) -> None:
    """Note by which door these words leave now, and since when they may have left."""
    session.exec(
        update(OutboxMessage)
        .where(col(OutboxMessage.id).in_([row.id for row in rows]))
        .values(platform=door, sent_at=since)
        .execution_options(synchronize_session=False)
    )


def nth_last_sent(session: Session, chat_id: int, door: str, nth: int) -> datetime | None:
    """When the *nth* last word to a chat left by this door, or may have; None where fewer did."""
    return session.exec(
        select(OutboxMessage.sent_at)
        .where(
            OutboxMessage.chat_id == chat_id,
            OutboxMessage.platform == door,
            col(OutboxMessage.sent_at).is_not(None),
        )
        .order_by(col(OutboxMessage.sent_at).desc())
        .offset(nth - 1)
        .limit(1)
    ).first()


def said_alike(
    session: Session, door: str, answers: Collection[str], since: datetime
) -> Sequence[OutboxMessage]:
    """What left by this door since then with one of these answers: one message may be several."""
    return session.exec(
        select(OutboxMessage)
        .where(
            OutboxMessage.state == OutboxState.SENT,
            OutboxMessage.platform == door,
            col(OutboxMessage.answer).in_(answers),
            col(OutboxMessage.sent_at) > since,
        )
        .order_by(col(OutboxMessage.id))
        .with_for_update()
    ).all()


def stuck_words(session: Session) -> Sequence[OutboxMessage]:
    """What failed or has no known outcome first, then what waits, oldest first."""
    return session.exec(
        select(OutboxMessage)
        .where(
            col(OutboxMessage.state).in_(
                (OutboxState.FAILED, OutboxState.UNKNOWN, OutboxState.WAITING)
            )
        )
        .order_by(col(OutboxMessage.state), col(OutboxMessage.id))
    ).all()


def oldest_unsent(session: Session) -> datetime | None:
    """Since when the oldest waiting word is due; None when none waits."""
    return session.exec(
        select(func.min(OutboxMessage.not_before)).where(OutboxMessage.state == OutboxState.WAITING)
    ).one()
