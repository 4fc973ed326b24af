"""An intelligent bot in callback mode: encrypted JSON out, growing answers polled for."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx2

from tests.twins.courier import Delivery, Letter
from tests.twins.record import Bubble, Sent
from tests.twins.wecom import cards, seal
from tests.twins.wecom.corp import Corp, Refused
from tests.twins.wecom.courier import Courier
from tests.twins.wecom.media import MediaStore
from tests.twins.wecom.speech import Speech, chat_of
from tests.twins.wecom.streams import LIFE, Stream, Streams

_FIELDS = {"encrypt", "msgsignature", "timestamp", "nonce"}
_ANSWERS = {"stream", "template_card", "stream_with_template_card"}
_WELCOMES = {"text", "template_card"}
#: So many unfinished exchanges one person may have with one bot.
_MOST_OPEN = 3


@dataclass
class Exchange:
    """One thing said to the bot and everything it answered."""

    body: dict[str, Any]
    delivery: Delivery
    door: "BotDoor"
    begun: float
    #: Plaintexts of the bot, polls included; None where it said nothing.
    answers: list[dict[str, Any] | None] = field(default_factory=list)
    stream: Stream | None = None
    polls: int = 0
    next_poll: float = 0
    #: The six minutes went by with the answer unfinished.
    is_expired: bool = False

    @property
    def is_finished(self) -> bool:
        return self.stream is None or self.stream.is_finished or self.is_expired

    def is_open(self, now: float) -> bool:
        """Whether the bot may still answer it in its place and has not done so to the end."""
        is_answered = self.delivery.is_over and self.is_finished
        return not is_answered and now - self.begun <= LIFE

    def answer(self, seconds: float = 10) -> dict[str, Any] | None:
        """What the bot said to the callback itself; None: nothing."""
        self.delivery.answer(seconds)
        return self.answers[0] if self.answers else None

    def until_finished(self, seconds: float = 10) -> dict[str, Any] | None:
        """The last thing the bot said, the clock put forward from poll to poll."""
        self.answer(seconds)
        while not self.is_finished:
            polled = partial(self._has_polled, self.polls + 1)
            self.door.pass_time(self.door.poll_every)
            self.delivery.record.wait(polled, seconds, "a poll to be answered")
        return self.answers[-1] if self.answers else None

    def _has_polled(self, times: int) -> bool:
        return self.is_finished or self.polls >= times


class BotDoor(Speech[Exchange]):
    """The bot as people use it, called back at *callback_url*."""

    def __init__(
        self, corp: Corp, courier: Courier, media: MediaStore, bot_id: str, token: str, key: str
    ) -> None:
        super().__init__(corp, bot_id)
        self._courier, self._media = courier, media
        self.token, self.encoding_key = token, key
        self.callback_url = ""
        #: Seconds of the servers' clock between two polls; the pages name no number.
        self.poll_every = 1.0
        self._streams = Streams(corp, with_pictures=True)
        self._open: dict[str, list[Exchange]] = {}
        #: What was not brought to the bot, since its writer had three open exchanges.
        self.held_back: list[Exchange] = []

    def pass_time(self, seconds: float) -> None:
        self._corp.clock.forward(seconds)

    def _link(self, name: str, data: bytes) -> dict[str, str]:
        return {"url": self._media.link(name, data, seal.key_of(self.encoding_key))}

    def letter(
        self,
        body: Mapping[str, Any] | str,
        *,
        token: str = "",
        receiver: str = "",
        timestamp: str = "",
        nonce: str = "",
    ) -> Letter:
        """The callback for *body*, unsent; wrong tokens and receivers are for bad input."""

        def wrap(text: str) -> tuple[bytes, str]:
            return json.dumps({"encrypt": text}).encode(), "application/json"

        return self._courier.letter(
            body if isinstance(body, str) else json.dumps(body, ensure_ascii=False),
            token=token or self.token,
            key=self.encoding_key,
            receiver=receiver,
            wrap=wrap,
            timestamp=timestamp,
            nonce=nonce,
        )

    def carry(self, body: dict[str, Any]) -> Exchange:
        # Card taps are called back once only.
        event = body.get("event", {}).get("eventtype")
        repeats = 0 if event == "template_card_event" else 3
        delivery = self._delivery(body, repeats)
        exchange = Exchange(body, delivery, self, delivery.begun)
        delivery.read = lambda made, raw: self._read(exchange, made, raw)
        if event is None and not self._has_room(exchange):
            self.held_back.append(exchange)
            delivery.is_over = True
            return exchange
        self._courier.send(self.callback_url, delivery)
        return exchange

    def _has_room(self, exchange: Exchange) -> bool:
        """Count one more exchange of its writer, unless three are open."""
        writer = exchange.body["from"]["userid"].casefold()
        now = self._corp.clock.now()
        still_open = [each for each in self._open.get(writer, ()) if each.is_open(now)]
        self._open[writer] = still_open
        if len(still_open) >= _MOST_OPEN:
            return False
        still_open.append(exchange)
        return True

    def post(self, letter: Letter, repeats: int = 3) -> Delivery:
        """Set a callback of the test's own making on its way; its answer is not read."""
        now = self._corp.clock.now()
        delivery = Delivery(letter, now, self._corp.record, lambda made, raw: None, repeats)
        return self._courier.send(self.callback_url, delivery)

    def _delivery(self, body: dict[str, Any], repeats: int) -> Delivery:
        return Delivery(
            self.letter(body),
            self._corp.clock.now(),
            self._corp.record,
            lambda made, raw: None,
            repeats,
            msgid=body["msgid"],
        )

    def checks_address(self) -> httpx2.Response:
        return self._courier.check_address(self.callback_url, self.token, self.encoding_key, "")

    def _opened(self, letter: Letter, raw: bytes) -> dict[str, Any] | None:
        """The plaintext of an answer; None for an empty body."""
        if not raw:
            return None
        outer = json.loads(raw)
        assert set(outer) == _FIELDS, f"fields: {sorted(outer)}"
        assert outer["nonce"] == letter.query["nonce"], "the nonce is not the address's"
        signed = seal.signed(self.token, str(outer["timestamp"]), outer["nonce"], outer["encrypt"])
        assert outer["msgsignature"] == signed, "bad signature"
        plain, receiver = seal.opened(outer["encrypt"], self.encoding_key)
        assert receiver == "", "bad receiveid"
        reply: dict[str, Any] = json.loads(plain)
        return reply

    def _read(self, exchange: Exchange, made: Delivery, raw: bytes) -> None:
        reply = self._opened(made.letter, raw)
        if reply is not None:
            told = {"errcode": 0}
            try:
                self._take(exchange, reply)
            except Refused as error:
                told = {"errcode": error.errcode}
                self._corp.record.complaints.append(f"answer: {error}")
            now = self._corp.clock.now()
            self._corp.record.add(Sent("answer", reply, {"bot": self.bot_id}, told, now))
        exchange.answers.append(reply)
        if made is exchange.delivery and not exchange.is_finished:
            exchange.next_poll = self._corp.clock.now() + self.poll_every
            self._courier.start(self._poll(exchange))

    def _take(self, exchange: Exchange, reply: dict[str, Any]) -> None:
        kind, event = reply.get("msgtype"), exchange.body.get("event", {}).get("eventtype")
        if event == "template_card_event":
            self._update_card(exchange, reply)
            return
        allowed = _ANSWERS if event is None else _WELCOMES if event == "enter_chat" else set()
        if kind not in allowed:
            raise Refused(40008, f"{kind} is no answer to {event or 'a message'}")
        chat = chat_of(exchange.body)
        if kind != "template_card" and "stream" in reply:
            known = exchange.stream
            if known is not None and reply["stream"].get("id") != known.id:
                raise Refused(40058, "another stream than the one polled for")
            exchange.stream = self._streams.take(chat, exchange.body["msgid"], reply["stream"])
        if kind == "text":
            self._show(chat, kind, {"content": reply["text"]["content"]})
        if "template_card" in reply:
            cards.check(reply["template_card"], "bot")
            self._corp.note_task(self.bot_id, reply["template_card"])
            self._show(chat, "template_card", reply["template_card"])

    def _show(self, chat: str, kind: str, shown: dict[str, Any]) -> None:
        now = self._corp.clock.now()
        bubble = Bubble("bot", kind, dict(shown), self._corp.number("MSG"), now)
        self._corp.record.show(chat, bubble)

    def _update_card(self, exchange: Exchange, reply: dict[str, Any]) -> None:
        tapped = exchange.body["event"]["template_card_event"]["task_id"]
        update_card(self._corp, chat_of(exchange.body), tapped, reply)

    async def _poll(self, exchange: Exchange) -> None:
        """Ask for more until the answer is finished or six minutes after the question."""
        assert exchange.stream is not None
        clock = self._corp.clock
        while not exchange.is_finished:
            await clock.until(exchange.next_poll)
            if clock.now() - exchange.begun > LIFE:
                exchange.is_expired = True
                self._corp.record.changed()
                return
            about = {k: v for k, v in exchange.body.items() if k in _ABOUT}
            body = {
                **about,
                "msgid": self._corp.number("BOTMSG"),
                "msgtype": "stream",
                "stream": {"id": exchange.stream.id},
            }
            delivery = self._delivery(body, repeats=0)
            delivery.read = lambda made, raw: self._read(exchange, made, raw)
            await self._courier.carry(self.callback_url, delivery)
            exchange.next_poll = clock.now() + self.poll_every
            exchange.polls += 1
            self._corp.record.changed()


_ABOUT = {"aibotid", "chatid", "chattype", "from"}


def update_card(corp: Corp, chat: str, tapped: str, reply: Any) -> None:
    """Put a bot's new card in place of the tapped one; raises Refused."""
    if reply.get("response_type") != "update_template_card":
        raise Refused(40008, "response_type is not update_template_card")
    card = reply.get("template_card")
    cards.check(card, "bot")
    if card.get("task_id") != tapped:
        raise Refused(40058, "another task_id than the tapped card's")
    for bubble in corp.record.screens.get(chat, ()):
        if bubble.body.get("task_id") == tapped:
            bubble.body = {**bubble.body, **card}
