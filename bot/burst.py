"""Pictures sent one after another as messages of their own: which are answered together, and when.

Chat clients send nine chosen pictures as nine messages. They wait, as rows of the inbox, until no
further one has come for a moment; a text that follows is answered at once, together with them.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pydantic import TypeAdapter

from handlers.reporting.intake import is_named_picture
from models.inbox import InboxMessage
from models.message import ChatKind, IncomingMessage, MessageKind

#: So long nothing more must have come before pictures are answered.
PAUSE = timedelta(seconds=6)
#: So long the first of them waits at most.
LONGEST_WAIT = timedelta(seconds=90)
#: So many messages are answered together at most.
MOST_MESSAGES = 60

#: The plain-data form of a message in its inbox row.
MESSAGE: TypeAdapter[IncomingMessage] = TypeAdapter(IncomingMessage)


@dataclass(frozen=True)
class Burst:
    """Messages of one sender to be answered as one, oldest first; *is_open*: more may follow.

    The answer is to the last of the rows *answered*; those taken back meanwhile are none of them.
    """

    rows: tuple[InboxMessage, ...]
    answered: tuple[InboxMessage, ...]
    message: IncomingMessage
    is_open: bool = False


def message_of(row: InboxMessage) -> IncomingMessage:
    """The message as it was understood at the door."""
    return MESSAGE.validate_python(row.message)


def burst_of(rows: Sequence[InboxMessage], now: datetime) -> Burst:
    """What is answered next of a sender's unfinished messages, of which *rows* is not empty."""
    messages = [message_of(row) for row in rows]
    count = 0
    while count < len(messages) and _goes_with(messages[0], messages[count]):
        count += 1
    if count == 0:
        return Burst(tuple(rows[:1]), tuple(rows[:1]), messages[0])
    taken_back = {each.quoted_id for each in messages if each.kind == MessageKind.RECALL}
    if count < len(messages) and _ends_it(messages[0], messages[count]):
        return _as_one(rows[: count + 1], messages, taken_back)
    is_last = count == len(messages) < MOST_MESSAGES
    is_open = is_last and _may_go_on(rows[0].received_at, rows[count - 1].received_at, now)
    return _as_one(rows[:count], messages, taken_back, is_open)


def _goes_with(first: IncomingMessage, message: IncomingMessage) -> bool:
    """Whether it is a picture in the same single chat and nothing else."""
    return (
        _is_said_alone(first, message)
        and not message.text.strip()
        and bool(message.attachments)
        and all(each.is_picture or is_named_picture(each.name) for each in message.attachments)
    )


def _ends_it(first: IncomingMessage, message: IncomingMessage) -> bool:
    """Whether it is a text, with which the pictures before it are answered."""
    return _is_said_alone(first, message) and bool(message.text.strip())


def _is_said_alone(first: IncomingMessage, message: IncomingMessage) -> bool:
    is_single = message.chat_kind == ChatKind.SINGLE
    return is_single and message.kind == MessageKind.TEXT and message.chat_id == first.chat_id


def _may_go_on(first: datetime, last: datetime, now: datetime) -> bool:
    # A clock that was set back must not make anybody wait.
    is_fresh = timedelta() <= now - last < PAUSE
    return is_fresh and now - first < LONGEST_WAIT


def _as_one(
    rows: Sequence[InboxMessage],
    messages: Sequence[IncomingMessage],
    taken_back: Collection[str | None],
    is_open: bool = False,
) -> Burst:
    pairs = zip(rows, messages, strict=False)
    kept = [(row, each) for row, each in pairs if each.message_id not in taken_back]
    attachments = tuple(each for _, message in kept for each in message.attachments)
    last = kept[-1][1] if kept else messages[0]
    whole = replace(last, attachments=attachments)
    return Burst(tuple(rows), tuple(row for row, _ in kept), whole, is_open)
