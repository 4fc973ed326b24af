"""企业微信智能机器人 at its address: encrypted JSON comes in, and asks again for what is said."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx2

from bot.platforms.base import Fetched, Request, Response
from bot.wecom.api import HOST, called, checked
from bot.wecom.body import NAME, PLATFORM, Body, message_in, read_body
from bot.wecom.envelope import Envelope, media_key
from bot.wecom.growing import GROWS, IN_STREAM, LONGEST, NOTHING, PACES, WAIT
from bot.wecom.markdown import shown_markdown
from bot.wecom.media import fetch_media, is_own
from bot.wecom.pictures import within_call
from handlers.context import MediaStore
from models.db import Database
from models.errors import BadRequest, DeliveryError
from models.exchange import Exchange, exchange_of
from models.message import Attachment, IncomingMessage
from models.outbox import OutboxMessage
from scheduler.routing import Pace, Parcel

#: So long one more answer may be posted.
ADDRESS = timedelta(minutes=55)
MOST_PICTURES = 10
#: How an answer left, as the outbox keeps it.
POSTED = "response_url"


class WecomBot:
    """The bot of an office, called at its address: it answers and never speaks unasked."""

    name = NAME
    platform = PLATFORM
    path = "wecom/bot"
    reaches_people = True
    paces: tuple[Pace, ...] = PACES

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

    def handshake(self, request: Request, now: datetime) -> Response:
        """The plain echo, nothing else."""
        plain = self._envelope.opened(request.query.get("echostr", ""), request.query, now)
        return Response(body=plain.encode())

    def receive(self, request: Request, received_at: datetime) -> IncomingMessage | None:
        """The message; None for an event, and for the question how an answer goes on."""
        body = self._opened(request, received_at)
        if body.get("msgtype") == "stream":
            return None
        return message_in(body, self._bot_name, received_at)

    def acknowledge(self, request: Request, received_at: datetime) -> Response:
        """The first word of the answer, or all of it that there is by now."""
        body = self._opened(request, received_at)
        if body.get("msgtype") == "stream":
            said = self._so_far(str((body.get("stream") or {}).get("id", "")))
        elif message := message_in(body, self._bot_name, received_at):
            said = _frame(message.message_id, WAIT)
        else:
            return Response()
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
        key = media_key(encoded) if encoded else self._envelope.key
        return fetch_media(self._client, address, key, self._base)

    def can_carry(self, address: str, parcel: Parcel) -> bool:
        """An answer to what it heard, while somebody still asks for it or it can be posted."""
        if parcel.heard_by != NAME or (parcel.data is not None and not parcel.is_picture):
            return False
        exchange = self._exchange(parcel.answers)
        # What is personal is owed to another chat than the group in which it was asked.
        if exchange is None or exchange.asked.chat_id != address:
            return False
        if self._is_asked_for(exchange):
            return parcel.data is None or self._pictures(exchange) < MOST_PICTURES
        return parcel.data is None and self._can_post(exchange)

    def knows(self, parcel: Parcel) -> bool:
        """What lies ready to be asked for is there once; what was posted cannot be posted twice."""
        return True

    def send(self, address: str, parcel: Parcel) -> str:
        """Lay it ready for the next question, or post it; raises DeliveryError."""
        exchange = self._exchange(parcel.answers)
        if exchange is None:
            raise DeliveryError("没有可以回复的消息", retryable=False, elsewhere=True)
        if self._is_asked_for(exchange):
            return IN_STREAM
        said = shown_markdown(parcel.text, parcel.shown, LONGEST)
        self._post(self._address(exchange), said)
        return POSTED

    def _opened(self, request: Request, now: datetime) -> Body:
        try:
            outer = read_body(request.body.decode())
        except UnicodeDecodeError as error:
            raise BadRequest("no UTF-8") from error
        encrypted = outer.get("encrypt")
        if not isinstance(encrypted, str):
            raise BadRequest("no envelope")
        return read_body(self._envelope.opened(encrypted, request.query, now))

    def _exchange(self, message_id: str) -> Exchange | None:
        with self._database.read() as session:
            return exchange_of(session, PLATFORM, message_id, NAME)

    def _is_asked_for(self, exchange: Exchange) -> bool:
        """Whether WeCom goes on asking; of what failed once it was told that nothing will come."""
        asked = exchange.asked
        return self._clock() - asked.received_at < GROWS and not asked.error

    def _can_post(self, exchange: Exchange) -> bool:
        is_open = self._clock() - exchange.asked.received_at < ADDRESS
        return is_open and not exchange.left_as(POSTED) and bool(self._address(exchange))

    def _address(self, exchange: Exchange) -> str:
        """Where one more answer may be posted, once; the platform's own host, or empty."""
        raw = read_body(exchange.asked.raw.decode())
        body = read_body(self._envelope.reopened(str(raw.get("encrypt", ""))))
        address = str(body.get("response_url") or "")
        return address if is_own(address, self._base) else ""

    def _post(self, address: str, text: str) -> None:
        body = {"msgtype": "markdown", "markdown": {"content": text}}
        raw = json.dumps(body, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json"}
        checked(called(lambda: self._client.post(address, content=raw, headers=headers)))

    def _so_far(self, message_id: str) -> dict[str, Any]:
        """All that was laid ready; finished when nothing more is to come, or time is up."""
        exchange = self._exchange(message_id)
        if exchange is None:
            return _frame(message_id, NOTHING, is_over=True)
        said = [each for each in exchange.answers if each.answer == IN_STREAM]
        text = "\n".join(shown_markdown(e.text, e.shown_as(), LONGEST) for e in said if e.text)
        is_over = exchange.is_over or not self._is_asked_for(exchange)
        if not is_over:
            return _frame(message_id, text or WAIT)
        frame = _frame(message_id, text or NOTHING, is_over=True)
        if pictures := [self._picture(each) for each in said if each.media]:
            frame["stream"]["msg_item"] = pictures[:MOST_PICTURES]
        return frame

    def _picture(self, row: OutboxMessage) -> dict[str, Any]:
        media = row.media_ref()
        assert media is not None
        return within_call(self._media.get(media.sha), media.mime)

    @staticmethod
    def _pictures(exchange: Exchange) -> int:
        return sum(each.media is not None for each in exchange.answers)


def _frame(number: str, text: str, *, is_over: bool = False) -> dict[str, Any]:
    """A snapshot of the whole answer: each replaces the one before."""
    content = text.encode()[:LONGEST].decode(errors="ignore")
    return {"msgtype": "stream", "stream": {"id": number, "finish": is_over, "content": content}}
