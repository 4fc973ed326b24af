"""One word on its way: its row, what a platform is handed of it, and the doors of its chat."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime

import structlog
from sqlmodel import Session

from models.chat import Door, doors_of
from models.errors import DeliveryError
from models.inbox import InboxMessage
from models.member import user_ids_of
from models.message import MediaRef
from models.outbox import OutboxMessage, OutboxState, has_more_answers
from models.rules.plain import inert
from models.shown import Page, Shown
from scheduler.routing import Parcel, Receipt, Route


@dataclass(frozen=True)
class Said:
    """That a word left by *way* in one call with words to others, and what came of it."""

    way: Route
    result: str | DeliveryError

    @property
    def is_taken(self) -> bool:
        """Whether it was taken, so that no other way is looked for."""
        return not isinstance(self.result, DeliveryError)

    def receipt(self) -> Receipt:
        """What sending it alone would return or raise."""
        if isinstance(self.result, DeliveryError):
            raise self.result
        return Receipt(self.result)


@dataclass
class Errand:
    """What is to be sent now: the row (and others of its chat that go with it), where, with what.

    *doors* are those of its chat and, behind them, of whoever asked.
    """

    rows: list[OutboxMessage]
    parcel: Parcel
    doors: list[Door]
    #: What doors said that were tried before the one that took it.
    refusals: list[DeliveryError] = field(default_factory=list)
    #: Whether an operator should hear of them although the words are kept.
    is_news: bool = False
    #: Whether it got through where nothing did before: the words that waited for that are due.
    has_opened: bool = False
    said: Said | None = None
    #: The door of which nobody knows whether it took the word, at this try or an earlier one; and
    #: when it first may have.
    taken_by: str = ""
    taken_at: datetime | None = None
    #: The door by which it was tried last; empty where there was none.
    tried_by: str = ""

    def called(self) -> AbstractContextManager[None]:
        """What is logged meanwhile carries the id of the call that these words answer."""
        if not (number := self.rows[0].request_id):
            return nullcontext()
        return structlog.contextvars.bound_contextvars(request_id=number)

    def is_said_by(self, way: Route) -> bool:
        """Whether it left by this way already, with words to others."""
        return self.said is not None and self.said.way == way

    def may_be_taken(self, by: str, now: datetime) -> None:
        """Nobody knows whether the door *by* took it."""
        self.taken_by, self.taken_at = by, self.taken_at or now

    def let_go(self, row: OutboxMessage) -> None:
        """*row*, which is one of its rows, is not under way any more."""
        row.in_flight, row.locked_until = False, None
        row.platform, row.sent_at = self.taken_by, self.taken_at


def errand_of(session: Session, row: OutboxMessage) -> Errand:
    """What a platform is handed of *row* alone, and where it may go."""
    asked = session.get(InboxMessage, row.reply_to) if row.reply_to else None
    doors, media = list(doors_of(session, row.chat_id)), row.media_ref()
    parcel = Parcel(
        row.key,
        row.text,
        mime=media.mime if media else "",
        choices=row.choices_offered(),
        shown=row.shown_as(),
        mentions=user_ids_of(session, row.mentions) if row.mentions else {},
    )
    if asked is not None:
        parcel = replace(
            parcel,
            answers=asked.message_id,
            heard_by=asked.message.get("via") or asked.platform,
            is_last=not has_more_answers(session, row),
        )
        # What a group's door cannot carry goes to whoever asked.
        address = asked.sender_id.casefold()
        doors.append(Door(chat_id=0, platform=asked.platform, address=address))
    taken_at = row.sent_at if row.platform else None
    return Errand([row], parcel, doors, taken_by=row.platform, taken_at=taken_at)


def mark_sent(row: OutboxMessage, by: str, receipt: Receipt, now: datetime) -> None:
    """The door *by* took it."""
    row.state, row.sent_at, row.platform = OutboxState.SENT, now, by
    row.answer, row.code = receipt.answer[:500], receipt.code if row.about else ""
    row.attempts += 1
    row.in_flight, row.locked_until = False, None


def part(session: Session, errand: Errand) -> None:
    """Leave the first word of *errand* under way alone; what went along waits behind it."""
    for each in errand.rows[1:]:
        errand.let_go(session.get_one(OutboxMessage, each.id))
    alone = errand_of(session, session.get_one(OutboxMessage, errand.rows[0].id))
    errand.rows, errand.parcel = alone.rows, alone.parcel


def freed(session: Session, errand: Errand, until: datetime) -> OutboxMessage:
    """The first word of *errand* as if only claimed, *until* then; what went along waits."""
    for each in errand.rows:
        errand.let_go(session.get_one(OutboxMessage, each.id))
    row = session.get_one(OutboxMessage, errand.rows[0].id)
    row.locked_until = until
    session.flush()
    return row


def linked(parcel: Parcel, media: MediaRef, address: str) -> Parcel:
    """The same file as a page to tap."""
    name = f"《{media.name}》"
    what = "图片" if media.mime.startswith("image/") else "文件"
    # A card cuts its title, not the line below: the name, which may be long, stands there.
    about = inert(f"{what}请点开查看\n{name}")
    shown = Shown(about, page=Page("打开（24小时内有效）", address, media.mime))
    text = f"{inert(name)}请点开查看（24小时内有效）：{address}"
    return replace(parcel, text=text, data=None, name="", mime="", shown=shown)
