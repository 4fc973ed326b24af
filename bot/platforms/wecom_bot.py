"""企业微信智能机器人 at its address: encrypted JSON comes in, and asks again for what is said."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import httpx2
import structlog
from sqlalchemy.exc import OperationalError

from bot.burst import PAUSE, message_of
from bot.json_object import read_object
from bot.platforms.base import Fetched, Request, Response
from bot.platforms.wecom_app import NAME as APP
from bot.wecom.api import HOST, called, checked
from bot.wecom.body import (
    NAME,
    PLATFORM,
    PREFIX,
    Body,
    is_one_of_many,
    message_in,
    stream_of,
)
from bot.wecom.cards import BOT, button_card, card_of
from bot.wecom.envelope import Envelope
from bot.wecom.growing import GONE, GROWS, IN_STREAM, LATER, LONGEST, MOVED, NOTHING, PACES, WAIT
from bot.wecom.markdown import shown_markdown
from bot.wecom.media import fetch_media, is_api, media_key_of
from bot.wecom.pictures import within_call
from bot.wecom.taps import card_after
from handlers.context import MediaStore
from models.db import Database
from models.errors import BadRequest, DeliveryError, MediaUnavailable
from models.exchange import Exchange, exchange_of, laid_answers, note_answers
from models.inbox import InboxMessage, last_heard_by
from models.message import Attachment, ChatKind, IncomingMessage
from models.outbox import OutboxMessage, OutboxState
from scheduler.routing import Pace, Parcel

log = structlog.get_logger()

#: So long one more answer may be posted.
ADDRESS = timedelta(minutes=55)
MOST_PICTURES = 10
#: How an answer left, as the outbox keeps it: posted, or asked for to the end.
POSTED = "response_url"
SHOWN = "shown"
#: Kept free for what is said at the end of an answer, in bytes.
_LAST_WORD = 200
#: What is posted is at most twice as long when all of it is made inert.
_POSTED_BYTES = 10_000
_SETTLED_EVERY = timedelta(minutes=1)
#: How far back an outage is made good.
_LOOKED_BACK = timedelta(days=1)
_QUESTION, _EVENT = "stream", "event"


class WecomBot:
    """The bot of an office, called at its address: it answers and never speaks unasked."""

    name = NAME
    platform = PLATFORM
    path = "wecom/bot"
    reaches_people = True
    paces: tuple[Pace, ...] = PACES
    laid = IN_STREAM
    largest = _POSTED_BYTES

    def __init__(
        self,
        envelope: Envelope,
        client: httpx2.Client,
        database: Database,
        media: MediaStore,
        clock: Callable[[], datetime],
        bot_name: str = "",
        base: str = HOST,
    ) -> None:
        self._envelope = envelope
        self._client = client
        self._database = database
        self._media = media
        self._clock = clock
        self._bot_name = bot_name
        self._base = base
        self._settled_at: datetime | None = None
        #: The messages of which a posted answer was refused, or whose outcome nobody knows.
        self._refused: set[str] = set()
        self._unsure: set[str] = set()

    def handshake(self, request: Request, now: datetime) -> Response:
        """The plain echo, nothing else."""
        plain = self._envelope.opened(request.query.get("echostr", ""), request.query, now)
        return Response(body=plain.encode())

    def receive(self, request: Request, received_at: datetime) -> IncomingMessage | None:
        """The message; None for an event, and for the question how an answer goes on."""
        body = self._opened(request, received_at)
        if body.get("msgtype") == _QUESTION:
            return None
        return message_in(body, self._bot_name, received_at)

    def acknowledge(self, request: Request, received_at: datetime) -> Response:
        """The first word of the answer, or all of it that there is by now; a tapped card."""
        body = self._opened(request, received_at)
        if body.get("msgtype") == _EVENT:
            card = card_after(self._database, body, frozenset((IN_STREAM, SHOWN)))
            if card is None:
                return Response()
            said: Body = {"response_type": "update_template_card", "template_card": card}
        elif body.get("msgtype") == _QUESTION:
            said = self._so_far(stream_of(body))
        else:
            said = self._first_word(message_in(body, self._bot_name, received_at))
        sealed = self._envelope.sealed(
            json.dumps(said, ensure_ascii=False), request.query.get("nonce", ""), received_at
        )
        answer = {
            "encrypt": sealed.encrypt,
            "msgsignature": sealed.signature,
            "timestamp": int(sealed.timestamp),
            "nonce": sealed.nonce,
        }
        return Response(body=json.dumps(answer).encode())

    def fetch(self, attachment: Attachment) -> Fetched:
        """The picture or file behind its address, decrypted."""
        encoded, _, address = attachment.ref.partition(" ")
        key = media_key_of(encoded) if encoded else self._envelope.key
        return fetch_media(self._client, address, key, self._base)

    def can_carry(self, address: str, parcel: Parcel) -> bool:
        """An answer to what it heard, while somebody still asks for it or it can be posted."""
        return bool(self._way(address, parcel))

    def lays_ready(self, address: str, parcel: Parcel) -> bool:
        """Whether WeCom goes on asking for the answer that the word belongs to."""
        return self._way(address, parcel) == IN_STREAM

    def knows(self, parcel: Parcel) -> bool:
        """What lies ready to be asked for is there once; what was posted cannot be posted twice."""
        return True

    def send(self, address: str, parcel: Parcel) -> str:
        """Lay it ready for the next question, or post it; raises DeliveryError."""
        way = self._way(address, parcel)
        if not way:
            raise DeliveryError("没有可以回复的消息", retryable=False, elsewhere=True)
        if way == POSTED:
            self._post_once(parcel)
        elif parcel.data is not None:
            within_call(parcel.data, parcel.mime)  # one that cannot be shown goes elsewhere
        elif parcel.choices:
            self._offer(parcel)
        return way

    def settle(self) -> None:
        """Owe again what lay ready and was never asked for; forget the codes that were shown."""
        now = self._clock()
        settled = self._settled_at  # a clock that was put back is not waited for
        if settled is not None and timedelta() <= now - settled < _SETTLED_EVERY:
            return
        self._settled_at = now
        with self._database.write() as session:
            for row in laid_answers(session, NAME, IN_STREAM, now - _LOOKED_BACK, now - GONE):
                row.state, row.platform, row.answer = OutboxState.WAITING, "", ""
                row.sent_at, row.not_before = None, now
            for row in laid_answers(session, NAME, SHOWN, now - _LOOKED_BACK, now - GONE):
                row.text = "" if row.secret else row.text

    def _opened(self, request: Request, now: datetime) -> Body:
        outer = read_object(request.body)
        encrypted = outer.get("encrypt")
        if not isinstance(encrypted, str):
            raise BadRequest("no envelope")
        return read_object(self._envelope.opened(encrypted, request.query, now))

    def _exchange(self, message_id: str) -> Exchange | None:
        with self._database.read() as session:
            return exchange_of(session, PLATFORM, message_id, NAME)

    def _way(self, address: str, parcel: Parcel) -> str:
        """Laid ready, posted, or empty where the bot cannot carry it."""
        if parcel.heard_by != NAME or (parcel.data is not None and not parcel.is_picture):
            return ""
        exchange = self._exchange(parcel.answers)
        # What is personal is owed to another chat than the group in which it was asked.
        if exchange is None or exchange.asked.chat_id != address:
            return ""
        question = self._question(exchange)
        if question is None:
            return ""
        if self._is_asked_for(exchange, question) and _has_room(exchange, parcel):
            return IN_STREAM
        return POSTED if parcel.data is None and self._can_post(exchange, question) else ""

    def _question(self, exchange: Exchange) -> Body | None:
        """What was heard; None where it came on the bot's connection, or under an earlier key."""
        try:
            outer = read_object(exchange.asked.raw)
            return read_object(self._envelope.reopened(str(outer.get("encrypt", ""))))
        except BadRequest:
            return None

    def _is_asked_for(self, exchange: Exchange, question: Body) -> bool:
        """Whether WeCom goes on asking: for a while, until it was told that nothing will come."""
        is_over = exchange.left_as(SHOWN) or self._is_over_at_once(exchange.asked)
        return self._is_young(exchange) and not is_over and question.get("msgtype") != _EVENT

    def _is_young(self, exchange: Exchange) -> bool:
        return self._clock() - exchange.asked.received_at < GROWS

    def _is_over_at_once(self, asked: InboxMessage) -> bool:
        """Whether it is a picture that came right behind another."""
        message = message_of(asked)
        if not is_one_of_many(message):
            return False
        with self._database.read() as session:
            earlier = last_heard_by(session, PLATFORM, asked.chat_id, PREFIX, asked.id)
        if earlier is None or asked.received_at - earlier.received_at >= PAUSE:
            return False
        return is_one_of_many(message_of(earlier))

    def _can_post(self, exchange: Exchange, question: Body) -> bool:
        is_open = self._clock() - exchange.asked.received_at < ADDRESS
        is_used = exchange.left_as(POSTED) or exchange.asked.message_id in self._refused
        is_used = is_used or any(each.choices for each in _laid(exchange))
        return is_open and not is_used and bool(self._address(question))

    def _address(self, question: Body) -> str:
        """Where one more answer may be posted, once; at the platform's own server, or empty."""
        address = str(question.get("response_url") or "")
        return address if is_api(address, self._base) else ""

    def _post_once(self, parcel: Parcel) -> None:
        """Post it; where that is refused, the answer is free to go by another door."""
        exchange = self._exchange(parcel.answers)
        question = None if exchange is None else self._question(exchange)
        address = "" if question is None else self._address(question)
        try:
            self._post(address, self._worded(exchange, parcel))
        except DeliveryError as error:
            if error.unknown:
                self._unsure.add(parcel.answers)
            if error.retryable:
                raise
            if parcel.is_doubtful or parcel.answers in self._unsure:
                return  # it was taken at the try whose outcome nobody knew
            self._refused.add(parcel.answers)
            raise DeliveryError(str(error), retryable=True, code=error.code) from error

    def _worded(self, exchange: Exchange | None, parcel: Parcel) -> Body:
        """A card where it has buttons and can show all of it; groups take none."""
        is_single = exchange is not None and _is_single(exchange)
        if is_single and (card := card_of(parcel, BOT)):
            return _card(card)
        said = shown_markdown(parcel.text, parcel.shown, LONGEST)
        return {"msgtype": "markdown", "markdown": {"content": said}}

    def _offer(self, parcel: Parcel) -> None:
        """The buttons below what lies ready; they are a convenience, the text says them too."""
        exchange = self._exchange(parcel.answers)
        question = None if exchange is None else self._question(exchange)
        if exchange is None or question is None or not _is_single(exchange):
            return
        if not self._can_post(exchange, question):
            return
        try:
            self._post(self._address(question), _card(button_card(parcel)))
        except DeliveryError as error:
            log.warning("buttons not shown", reason=str(error))

    def _post(self, address: str, body: Body) -> None:
        raw = json.dumps(body, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json"}
        checked(called(lambda: self._client.post(address, content=raw, headers=headers)))

    def _first_word(self, message: IncomingMessage | None) -> Body:
        """That it is being dealt with; a picture behind another is answered with the last one."""
        assert message is not None  # only events may ask for nothing
        if self._ends_at_once(message):
            return _frame(message.message_id, NOTHING, is_over=True)
        return _frame(message.message_id, WAIT)

    def _ends_at_once(self, message: IncomingMessage) -> bool:
        if not is_one_of_many(message):
            return False
        try:
            exchange = self._exchange(message.message_id)
            return exchange is not None and self._is_over_at_once(exchange.asked)
        except OperationalError:
            return False  # it waits in the spool, and is acknowledged all the same

    def _so_far(self, message_id: str) -> Body:
        """All that was laid ready; finished when nothing more is to come, or time is up."""
        try:
            exchange = self._exchange(message_id)
            # What is not known yet waits in the spool.
            return _frame(message_id, WAIT) if exchange is None else self._snapshot(exchange)
        except (OperationalError, MediaUnavailable) as error:
            # The next question may find it; else it is owed again once nobody asks.
            log.warning("answer not looked up", reason=type(error).__name__)
            return _frame(message_id, WAIT)

    def _snapshot(self, exchange: Exchange) -> Body:
        said = _laid(exchange)
        text, number = _text_of(said), exchange.asked.message_id
        if not exchange.is_over and self._is_young(exchange):
            return _frame(number, text or WAIT)
        pictures = [self._picture(each) for each in said if _is_picture(each)]
        with self._database.write() as session:
            note_answers(session, (e for e in said if e.answer != SHOWN), SHOWN)
        frame = _frame(number, _with_last_word(exchange, text), is_over=True)
        if pictures:
            frame["stream"]["msg_item"] = pictures
        return frame

    def _picture(self, row: OutboxMessage) -> Body:
        media = row.media_ref()
        assert media is not None
        return within_call(self._media.get(media.sha), media.mime)


def _card(card: Body) -> Body:
    return {"msgtype": "template_card", "template_card": card}


def _is_single(exchange: Exchange) -> bool:
    return exchange.asked.message.get("chat_kind") == ChatKind.SINGLE


def _laid(exchange: Exchange) -> list[OutboxMessage]:
    """Its answers that lie ready, or were asked for to the end."""
    return [each for each in exchange.answers if each.answer in (IN_STREAM, SHOWN)]


def _is_picture(row: OutboxMessage) -> bool:
    """Whether it is shown as a picture, and not as a link to one."""
    return row.media is not None and not row.text


def _text_of(said: Sequence[OutboxMessage]) -> str:
    return "\n".join(shown_markdown(e.text, e.shown_as(), LONGEST) for e in said if e.text)


def _has_room(exchange: Exchange, parcel: Parcel) -> bool:
    """Whether one more word or picture fits into the growing answer."""
    said = _laid(exchange)
    if parcel.data is not None:
        return sum(map(_is_picture, said)) < MOST_PICTURES
    text = f"{_text_of(said)}\n{shown_markdown(parcel.text, parcel.shown, LONGEST)}"
    return len(text.encode()) <= LONGEST - _LAST_WORD


def _with_last_word(exchange: Exchange, text: str) -> str:
    """The whole answer, and where to look for what is not in it."""
    if not exchange.is_over:
        more = LATER
    else:
        more = MOVED if APP in exchange.elsewhere else ""
    return "\n".join(filter(None, (text, more))) or NOTHING


def _frame(number: str, text: str, *, is_over: bool = False) -> Body:
    """A snapshot of the whole answer: each replaces the one before."""
    return {"msgtype": "stream", "stream": {"id": number, "finish": is_over, "content": text}}
