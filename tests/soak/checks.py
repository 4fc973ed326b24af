"""What must hold after everything: each message handled once, each word said once, all of it whole.

Counted at the platforms, not in our own books alone.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from sqlalchemy import text
from sqlmodel import col, func, select

from models.chat import Door
from models.db import Database
from models.figure import Figure
from models.inbox import InboxMessage, InboxState
from models.indicator import Indicator
from models.obligation import Obligation
from models.outbox import OutboxMessage, OutboxState
from models.submission import Submission, SubmissionVersion
from models.task import Task
from tests.served import until
from tests.soak.office import OPERATOR, Office
from tests.soak.talk import Said
from tests.twins.record import Bubble

_SENT, _UNKNOWN = OutboxState.SENT, OutboxState.UNKNOWN
#: Seconds without anything done after which something is stuck: longer than any claim or pace.
_STUCK = 150


@dataclass
class Books:
    """Our own rows when all is done, beside what people said and what the platforms show."""

    office: Office
    said: Sequence[Said]
    rows: Sequence[InboxMessage]
    words: Sequence[OutboxMessage]
    #: The address of each chat.
    addresses: dict[int, str]

    @cached_property
    def unknown(self) -> list[OutboxMessage]:
        """The words of which nobody knows whether they were said."""
        return [each for each in self.words if each.state == _UNKNOWN]

    @cached_property
    def by_chat(self) -> dict[str, list[OutboxMessage]]:
        """The words owed to each address."""
        found: dict[str, list[OutboxMessage]] = {each: [] for each in self.addresses.values()}
        for each in self.words:
            found[self.addresses[each.chat_id]].append(each)
        return found


def read_books(office: Office, said: Sequence[Said]) -> Books:
    """Everything there is to be compared."""
    with office.database.read() as session:
        rows = session.exec(select(InboxMessage).order_by(col(InboxMessage.id))).all()
        words = session.exec(select(OutboxMessage).order_by(col(OutboxMessage.id))).all()
        doors = session.exec(select(Door)).all()
    return Books(office, said, rows, words, {each.chat_id: each.address for each in doors})


def come_to_rest(office: Office) -> None:
    """Return once everything that came was handled, and every word that is due has gone.

    Fails where nothing is done any more and something is left.
    """
    left = unfinished(office)
    while left:
        until(lambda left=left: unfinished(office) < left, _STUCK, f"the end of {left} rows")
        left = unfinished(office)


def unfinished(office: Office) -> int:
    """How many messages wait to be handled, and how many words that are due to be said."""
    new = select(func.count(col(InboxMessage.id))).where(InboxMessage.state == InboxState.NEW)
    due = select(func.count(col(OutboxMessage.id))).where(
        OutboxMessage.state == OutboxState.WAITING, col(OutboxMessage.not_before) <= office.now()
    )
    with office.database.read() as session:
        # Each message makes a word: only who is handled and answered is done with.
        return 2 * session.exec(new).one() + session.exec(due).one()


def broken(books: Books, most_unknown: int) -> list[str]:
    """What does not hold, in words; *most_unknown* words at most may have an unknown outcome."""
    found = [*_messages(books), *_words(books), *_reports(books), *_whole(books.office.database)]
    for name, twin in (("WeCom", books.office.wecom), ("DingTalk", books.office.dingtalk)):
        found += [f"{name} complains: {each}" for each in (twin.complaints if twin else ())]
    if len(books.unknown) > most_unknown:
        found.append(f"{len(books.unknown)} words of unknown outcome, at most {most_unknown}")
    return [*found, *_told(books)]


def _messages(books: Books) -> Iterator[str]:
    """Every message that was acknowledged is there once and done."""
    known = Counter(row.message_id for row in books.rows)
    yield from (f"message {number} {count} times" for number, count in known.items() if count > 1)
    for each in books.said:
        if each.is_taken and each.message_id not in known:
            yield f"acknowledged and lost: {each.message_id}"
    said = {each.message_id for each in books.said}
    yield from (f"nobody said {number}" for number in known if number not in said)
    for row in books.rows:
        if row.state != InboxState.DONE:
            yield f"message {row.id} is {row.state}: {row.error}"
    answered = {each.reply_to for each in books.words}
    yield from (f"message {row.id} unanswered" for row in books.rows if row.id not in answered)


def _words(books: Books) -> Iterator[str]:
    """Every word stands once in its chat; of what is unknown, once or not at all."""
    for word in books.words:
        is_spared = word.state == OutboxState.DROPPED and word.key.startswith("remind:")
        if word.state not in (_SENT, _UNKNOWN, OutboxState.WAITING) and not is_spared:
            yield f"word {word.key} is {word.state}: {word.answer}"
        if word.state == _UNKNOWN and word.reply_to is None and word.platform.startswith("wecom"):
            yield f"word {word.key} is unknown although WeCom knows what it was sent before"
    for chat, words in books.by_chat.items():
        yield from _words_to(books, chat, words)
        yield from _order(books, chat, words)


def _words_to(books: Books, chat: str, words: Sequence[OutboxMessage]) -> Iterator[str]:
    shown = [each for each in books.office.twin_of(chat).seen(chat) if not _is_offer(each)]
    # Short texts to one chat may leave as one message, with one answer at one moment.
    sent = len({(e.platform, e.answer, e.sent_at) for e in words if e.state == _SENT})
    most = sent + sum(each.state == _UNKNOWN for each in words)
    if not sent <= len(shown) <= most:
        yield f"{chat} sees {len(shown)} messages, {sent} to {most} were sent"
    owed = Counter(each.text for each in words if each.state in (_SENT, _UNKNOWN))
    seen = Counter(each.text for each in shown if each.msgtype == "text" and each.door == "app")
    for line, count in (seen - owed).items():
        yield f"{chat} sees {count} times too often: {line[:20]}"


def _order(books: Books, chat: str, words: Sequence[OutboxMessage]) -> Iterator[str]:
    """The answers stand in the order of the messages; WeCom's numbers tell which is which."""
    place = {each.msgid: n for n, each in enumerate(books.office.twin_of(chat).seen(chat))}
    answers = [each for each in words if each.reply_to is not None and each.answer in place]
    stand = [place[each.answer] for each in sorted(answers, key=lambda each: each.reply_to or 0)]
    if stand != sorted(stand):
        yield f"answers in {chat} are out of order: {stand}"


def _is_offer(bubble: Bubble) -> bool:
    """Whether it is the buttons below an answer, which the answer says too."""
    return bubble.msgtype == "template_card"


def _reports(books: Books) -> Iterator[str]:
    """Every report that was acknowledged is one submission with its figure; no other exists."""
    wanted = {each.task for each in books.said if each.task and each.is_taken}
    numbers = {row.id: row.message_id for row in books.rows}
    brought = {each.message_id: each.task for each in books.said}
    figures = {k: each for person in books.office.people for k, each in person.figures.items()}
    with books.office.database.read() as session:
        found = session.exec(
            select(Task.number, SubmissionVersion, Obligation.state)
            .join(Submission, col(Submission.task_id) == col(Task.id))
            .join(SubmissionVersion, col(SubmissionVersion.submission_id) == col(Submission.id))
            .join(Obligation, col(Obligation.id) == col(Submission.obligation_id))
        ).all()
        values = dict(
            session.exec(
                select(Figure.version_id, Figure.value).join(
                    Indicator, col(Indicator.id) == col(Figure.indicator_id)
                )
            ).all()
        )
    counts = Counter(number for number, _, _ in found)
    for number in {*wanted, *counts}:
        if counts[number] != 1 and (number in wanted or counts[number] > 1):
            yield f"{number} has {counts[number]} reports"
    for number, version, state in found:
        if values.get(version.id) != Decimal(figures[number]) or state != "submitted":
            yield f"{number} is half written: {values.get(version.id)}, {state}"
        if brought.get(numbers.get(version.inbox_id, "")) != number:
            yield f"{number} was reported by another message"


def _whole(database: Database) -> Iterator[str]:
    """The file is whole, and nothing refers to what is not there."""
    if not database.is_sqlite:
        return  # a server checks every reference by itself
    with database.read() as session:
        if (state := session.execute(text("PRAGMA integrity_check")).scalar()) != "ok":
            yield f"integrity_check: {state}"
        yield from (str(each) for each in session.execute(text("PRAGMA foreign_key_check")))


def _told(books: Books) -> Iterator[str]:
    """Of unknown outcomes the operator hears, on the phone."""
    alarms = [each for each in books.words if each.key.startswith("alarm:outbox:unknown")]
    if not books.unknown:
        return
    seen = [each.text for each in books.office.wecom.seen(OPERATOR)]
    if not any(each.text in seen for each in alarms):
        yield "nobody told the operator of words whose outcome is unknown"
