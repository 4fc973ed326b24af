"""企业微信智能机器人 on its long connection: it hears without an address, and speaks unasked."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx2
import structlog

from bot.media_ids import MediaIds
from bot.platforms.base import Fetched, Request, Response
from bot.platforms.wecom_app import NAME as APP
from bot.wecom.api import HOST
from bot.wecom.body import NAME, PLATFORM, PREFIX, Body, is_one_of_many, message_in
from bot.wecom.cards import BOT, button_card, card_of
from bot.wecom.connection import Connection
from bot.wecom.errors import STALE_MEDIA
from bot.wecom.frames import (
    MESSAGE,
    RESPOND,
    SEND,
    UNANSWERABLE,
    UPDATE,
    Frame,
    addressed,
    message,
    read_frame,
    stream,
    written,
)
from bot.wecom.growing import (
    GROWS,
    IN_STREAM,
    LATER,
    LONGEST,
    MOVED,
    MOVED_ASIDE,
    NOTHING,
    PACES,
    WAIT,
)
from bot.wecom.markdown import shown_markdown
from bot.wecom.media import fetch_media, media_key_of
from bot.wecom.pictures import KINDS
from bot.wecom.taps import card_after
from bot.wecom.uploads import Uploads
from models.db import Database
from models.errors import BadRequest, DeliveryError
from models.exchange import Exchange, ended_exchanges, exchange_of, is_answered_aside
from models.inbox import InboxMessage, heard_since, last_heard_by
from models.message import Attachment, ChatKind, IncomingMessage
from scheduler.routing import Pace, Parcel

log = structlog.get_logger()

METHOD = "FRAME"
#: A message can be answered by its number for a day; a little less is counted on.
ANSWERABLE = timedelta(hours=23, minutes=55)
SMALLEST = 6
LARGEST_PICTURE = 10_000_000
LARGEST_FILE = 20_000_000
#: How a word left, as the outbox keeps it.
ANSWERED = "reply"
PUSHED = "push"


@dataclass
class Answer:
    """An answer that grows below its question, *text* as it was said so far.

    *is_unsure*: its last word left and was not acknowledged, or its process died meanwhile.
    """

    number: str
    req_id: str
    place: str
    asked_at: datetime
    text: str = ""
    is_over: bool = False
    is_unsure: bool = False
    #: Whether the log says already that it could not be ended.
    is_told: bool = False


class WecomLink:
    """The bot of an office on its connection; it bears the same name as the one at an address."""

    name = NAME
    platform = PLATFORM
    path = ""
    reaches_people = True
    paces: tuple[Pace, ...] = PACES

    def __init__(
        self,
        connection: Connection,
        client: httpx2.Client,
        database: Database,
        clock: Callable[[], datetime],
        bot_name: str = "",
        base: str = HOST,
    ) -> None:
        self._connection = connection
        self._client = client
        self._database = database
        self._clock = clock
        self._bot_name = bot_name
        self._base = base
        self._media = MediaIds(Uploads(connection.ask).upload, clock)
        self._answers: dict[str, Answer] = {}
        self._lock = threading.Lock()
        self._has_resumed = False

    def start(self, accept: Callable[[Request], Response]) -> None:
        """Connect; *accept* stores a call and says what is to be answered at once."""
        self._connection.start(lambda raw: accept(Request(METHOD, {}, {}, raw)).body)

    def stop(self) -> None:
        """Let go of the connection."""
        self._connection.stop()

    def speaks_here(self) -> bool:
        """Whether this is the process that has the connection, and so the one that delivers."""
        return self._connection.is_owner

    def state(self) -> str:
        """`ok` where the bot is heard, by this process or by another; else what is wrong."""
        return self._connection.state()

    def handshake(self, request: Request, now: datetime) -> Response:
        """There is no address to be checked; raises BadRequest."""
        raise BadRequest("no address", status=404)

    def receive(self, request: Request, received_at: datetime) -> IncomingMessage | None:
        """The message of a frame; None for an event that asks for nothing."""
        return message_in(_frame_of(request).body, self._bot_name, received_at)

    def acknowledge(self, request: Request, received_at: datetime) -> Response:
        """The frame to be said at once: a first word, or the tapped card; empty for a repeat."""
        frame = _frame_of(request)
        if frame.cmd != MESSAGE:
            return Response(body=self._tapped(frame))
        heard = message_in(frame.body, self._bot_name, received_at)
        if heard is None:
            return Response()
        answer = Answer(heard.message_id, frame.req_id, heard.chat_id, received_at)
        answer.is_over = is_one_of_many(heard)
        with self._lock:
            if answer.number in self._answers:
                return Response()
            self._answers[answer.number] = answer
        word = NOTHING if answer.is_over else WAIT
        first = stream(answer.number, word, is_over=answer.is_over)
        return Response(body=written(RESPOND, frame.req_id, first).encode())

    def fetch(self, attachment: Attachment) -> Fetched:
        """The picture or file behind its address, decrypted with its own key."""
        encoded, _, address = attachment.ref.partition(" ")
        return fetch_media(self._client, address, media_key_of(encoded), self._base)

    def can_carry(self, address: str, parcel: Parcel) -> bool:
        """To whoever has spoken to the bot; pictures and files within the sizes that are taken."""
        size = len(parcel.data) if parcel.data is not None else SMALLEST
        return SMALLEST <= size <= LARGEST_FILE and self._last_of(address) is not None

    def knows(self, parcel: Parcel) -> bool:
        """What grows is a snapshot, the same however often it is sent; all else is not."""
        answer = self._answer(parcel.answers) if parcel.data is None else None
        return answer is not None and self._grows(answer)

    def send(self, address: str, parcel: Parcel) -> str:
        """Say it below the question, or answer by its number, or speak first."""
        answer = self._answer(parcel.answers)
        if answer is not None and answer.place != address:
            answer = None  # what is answered elsewhere must not stand below the question
        if parcel.data is not None:
            return self._send_media(address, parcel, answer)
        if answer is not None and self._grow(answer, parcel):
            if parcel.choices and not parcel.is_doubtful:  # they may stand there as well
                self._offer(address, parcel, answer)
            return IN_STREAM
        card = card_of(parcel, BOT)
        how = self._say(address, self._worded(parcel, card), answer)
        if parcel.choices and parcel.answers and card is None:
            self._offer(address, parcel, answer)
        return how

    def settle(self) -> None:
        """End the answers to which nothing more will come; to be called after each delivery."""
        if not self.speaks_here():
            self._forget()
            return
        if not self._has_resumed:
            self._resume()
        with self._lock:
            known = list(self._answers.values())
        pending = [each for each in known if not each.is_over]
        done = self._done(pending)
        for each in pending:
            self._end_if_done(each, is_done=each.number in done)
        for each in known:
            if each.is_over and self._is_old(each):
                self._drop(each)

    def _tapped(self, frame: Frame) -> bytes:
        """A card that was tapped shows so; its answer follows."""
        card = card_after(self._database, frame.body, frozenset((IN_STREAM,)))
        if card is None:
            return b""
        body = {"response_type": "update_template_card", "template_card": card}
        return written(UPDATE, frame.req_id, body).encode()

    def _last_of(self, address: str) -> InboxMessage | None:
        with self._database.read() as session:
            return last_heard_by(session, PLATFORM, address, PREFIX)

    def _answer(self, number: str) -> Answer | None:
        """The answer to a message of this door, also one that another process began."""
        if not number.startswith(PREFIX):
            return None
        with self._lock:
            known = self._answers.get(number)
        if known is not None:
            return known
        exchange = self._exchange(number)
        answer = _begun(exchange) if exchange is not None else None
        if answer is not None:
            answer.is_over = answer.is_over or self._is_old(answer)
            with self._lock:
                self._answers[number] = answer
        return answer

    def _exchange(self, number: str) -> Exchange | None:
        with self._database.read() as session:
            return exchange_of(session, PLATFORM, number, NAME)

    def _grows(self, answer: Answer) -> bool:
        is_young = self._clock() - answer.asked_at < GROWS
        return bool(answer.req_id) and is_young and not answer.is_over

    def _grow(self, answer: Answer, parcel: Parcel) -> bool:
        """Whether the words now stand below the question."""
        if not self._grows(answer):
            return False
        said = shown_markdown(parcel.text, parcel.shown, LONGEST)
        text = "\n".join(filter(None, (answer.text, said)))
        if len(text.encode()) > LONGEST:
            return False
        answer.is_unsure = answer.is_unsure or (parcel.is_doubtful and parcel.is_last)
        return self._shown(answer, text, is_over=parcel.is_last)

    def _shown(self, answer: Answer, text: str, *, is_over: bool) -> bool:
        """Show a snapshot; False where the platform takes no more of this answer."""
        frame = stream(answer.number, text, is_over=is_over)
        try:
            self._connection.ask(RESPOND, frame, answer.req_id)
        except DeliveryError as error:
            if error.code in UNANSWERABLE:
                # Its last word was said already where only the acknowledgement was lost.
                was_said = answer.is_unsure and is_over
                answer.is_over, answer.req_id = True, ""
                return was_said
            answer.is_unsure = answer.is_unsure or (error.unknown and is_over)
            raise
        answer.text, answer.is_over = text, is_over
        return True

    def _done(self, pending: Sequence[Answer]) -> set[str]:
        """The numbers of those to which nothing more will come."""
        if not pending:
            return set()
        with self._database.read() as session:
            return ended_exchanges(session, PLATFORM, [each.number for each in pending])

    def _end_if_done(self, answer: Answer, *, is_done: bool) -> None:
        if not is_done and not self._is_old(answer):
            return
        text = answer.text or (self._last_word(answer) if is_done else LATER)
        try:
            self._shown(answer, text, is_over=True)
        except DeliveryError as error:
            if not answer.is_told:  # it is tried again with every delivery
                log.warning("answer not ended", reason=str(error))
            answer.is_told = True
            if self._is_old(answer):
                answer.is_over = True

    def _last_word(self, answer: Answer) -> str:
        """Where to look for an answer that nothing of stands below its question."""
        with self._database.read() as session:
            exchange = exchange_of(session, PLATFORM, answer.number, NAME)
            if exchange is None or not is_answered_aside(session, exchange.asked):
                return NOTHING
        return MOVED if APP in exchange.elsewhere else MOVED_ASIDE

    def _is_old(self, answer: Answer) -> bool:
        return self._clock() - answer.asked_at >= GROWS

    def _resume(self) -> None:
        """Take over what an earlier owner of the connection began and did not end."""
        with self._database.read() as session:
            rows = heard_since(session, PLATFORM, PREFIX, self._clock() - GROWS)
        for row in rows:
            self._answer(row.message_id)
        self._has_resumed = True

    def _forget(self) -> None:
        """Another process has the connection: what is known here grows old."""
        with self._lock:
            self._answers.clear()
        self._has_resumed = False

    def _drop(self, answer: Answer) -> None:
        with self._lock:
            self._answers.pop(answer.number, None)

    def _worded(self, parcel: Parcel, card: Body | None) -> Body:
        if card is not None:
            return message("template_card", card)
        return message("markdown", {"content": shown_markdown(parcel.text, parcel.shown, LONGEST)})

    def _offer(self, address: str, parcel: Parcel, answer: Answer | None) -> None:
        """The buttons below what was said; they are a convenience, the text says them too."""
        try:
            self._say(address, message("template_card", button_card(parcel)), answer)
        except DeliveryError as error:
            log.warning("buttons not shown", reason=str(error))

    def _send_media(self, address: str, parcel: Parcel, answer: Answer | None) -> str:
        is_small = len(parcel.data or b"") <= LARGEST_PICTURE
        kind = "image" if parcel.mime in KINDS and is_small else "file"
        media_id = self._media.of(kind, parcel)
        try:
            return self._say(address, message(kind, {"media_id": media_id}), answer)
        except DeliveryError as error:
            if error.code not in STALE_MEDIA:
                raise
            self._media.forget(kind, parcel)
            raise DeliveryError("文件已过期，重新上传后再发", retryable=True) from error

    def _say(self, address: str, body: Body, answer: Answer | None) -> str:
        """Answer by the question's number while it can be, else speak first."""
        if answer and answer.req_id and self._clock() - answer.asked_at < ANSWERABLE:
            try:
                self._connection.ask(RESPOND, body, answer.req_id)
            except DeliveryError as error:
                if error.code not in UNANSWERABLE:
                    raise
                answer.req_id, answer.is_over = "", True
            else:
                return ANSWERED
        last = self._last_of(address)
        is_group = last is not None and last.message.get("chat_kind") == ChatKind.GROUP
        self._connection.ask(SEND, addressed(address, body, is_group=is_group))
        return PUSHED


def _frame_of(request: Request) -> Frame:
    """The frame of a call; raises BadRequest for one that came by any other way."""
    if request.method != METHOD:
        raise BadRequest("no frame", status=403)
    return read_frame(request.body)


def _begun(exchange: Exchange) -> Answer | None:
    """The answer as the rows have it; None where the question came by the bot's address."""
    asked = exchange.asked
    try:
        frame = read_frame(asked.raw)
    except BadRequest:
        return None
    laid = [e for e in exchange.answers if e.answer == IN_STREAM and e.text]
    said = [shown_markdown(e.text, e.shown_as(), LONGEST) for e in laid]
    by_text = bool(exchange.answers) and exchange.answers[-1].answer == IN_STREAM
    return Answer(
        number=asked.message_id,
        req_id=frame.req_id if frame.cmd == MESSAGE else "",
        place=asked.chat_id,
        asked_at=asked.received_at,
        text="\n".join(said),
        is_over=frame.cmd != MESSAGE or (exchange.is_over and by_text),
    )
