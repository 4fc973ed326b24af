"""An enterprise robot at its address: what people say is posted there, signed in the headers."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from tests.twins.courier import Delivery, Letter
from tests.twins.dingtalk.corp import Corp, Robot
from tests.twins.dingtalk.courier import Courier
from tests.twins.dingtalk.media import MediaStore
from tests.twins.dingtalk.sessions import Sessions
from tests.twins.dingtalk.speech import Speech

Read = Callable[[Delivery, bytes], None]


class Pushes(Speech[Delivery]):
    """The robot as people use it, called at *callback_url*."""

    def __init__(
        self, corp: Corp, robot: Robot, media: MediaStore, sessions: Sessions, courier: Courier
    ) -> None:
        super().__init__(corp, robot, media, sessions)
        self._courier = courier
        self.callback_url = ""
        #: How often an unanswered message comes again; no page speaks of any repeat.
        self.repeats = 0

    def letter(
        self, body: Mapping[str, Any] | bytes, *, secret: str = "", timestamp: str = ""
    ) -> Letter:
        """The callback for *body*, unsent; wrong secrets and times are for bad input."""
        raw = body if isinstance(body, bytes) else _json(body)
        return self._courier.letter(raw, secret or self.robot.client_secret, timestamp)

    def carry(self, body: dict[str, Any]) -> Delivery:
        def read(made: Delivery, raw: bytes) -> None:
            self._read(body, raw)

        return self._send(self.callback_url, self.letter(body), read, body.get("msgId", ""))

    def keep_back(self, body: dict[str, Any]) -> Delivery:
        delivery = self._delivery(self.letter(body), _ignore, body["msgId"])
        delivery.is_over = True
        return delivery

    def repeat(self, body: dict[str, Any]) -> Delivery:
        """Bring the same message once more, signed anew."""
        return self.carry(body)

    def post(self, letter: Letter) -> Delivery:
        """Set a callback of the test's own making on its way; its answer is not read."""
        return self._send(self.callback_url, letter, _ignore, "")

    def taps(
        self,
        person: str,
        out_track_id: str,
        params: Mapping[str, Any],
        *,
        corp: str = "",
        field: str = "content",
    ) -> Delivery:
        url, secret = self._corp.card_callback(out_track_id)
        raw = _json(self._tapped(person, out_track_id, params, corp, field))
        letter = self._courier.card_letter(raw, secret)
        return self._send(url, letter, self._card_reader(person, out_track_id), "")

    def _card_reader(self, person: str, out_track_id: str) -> Read:
        def read(made: Delivery, raw: bytes) -> None:
            if raw:
                self._corp.answer_card(out_track_id, json.loads(raw), person)

        return read

    def _send(self, url: str, letter: Letter, read: Read, msgid: str) -> Delivery:
        return self._courier.send(url, self._delivery(letter, read, msgid))

    def _delivery(self, letter: Letter, read: Read, msgid: str) -> Delivery:
        now = self._corp.clock.now()
        return Delivery(letter, now, self._corp.record, read, self.repeats, msgid=msgid)

    def _read(self, body: Mapping[str, Any], raw: bytes) -> None:
        """An answer in the body is a message of the webhook's formats, or says nothing."""
        reply = json.loads(raw) if raw else {"msgtype": "empty"}
        if reply != {"msgtype": "empty"}:
            self._sessions.say(str(body["sessionWebhook"]), reply)


def _ignore(made: Delivery, raw: bytes) -> None:
    """Nobody looks at the answer."""


def _json(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()
