"""钉钉企业机器人 at its address: signed calls with unsigned JSON come in."""

from collections.abc import Callable
from datetime import datetime

from bot.dingtalk.api import Api
from bot.dingtalk.body import body_of, message_in
from bot.dingtalk.cards import Cards
from bot.dingtalk.meter import Meter
from bot.dingtalk.settings import DingTalkSettings
from bot.dingtalk.signature import (
    check_age,
    check_card_signature,
    check_signature,
    is_of_card,
)
from bot.dingtalk.speaking import Speaking
from bot.dingtalk.taps import shown_after, tap_in
from bot.platforms.base import Heard, Request, Response
from models.db import Database
from models.errors import BadRequest
from models.message import IncomingMessage

#: Seconds for the database: the answer to a tapped card is waited for for two.
PATIENCE = 0.8
#: Nothing is said in the answer to a call: what there is to say comes later.
_NOTHING = b'{"msgtype":"empty"}'


class DingTalk(Speaking):
    """The enterprise robot, called at its address."""

    path = "dingtalk"
    patience = PATIENCE

    def __init__(
        self,
        settings: DingTalkSettings,
        api: Api,
        cards: Cards,
        database: Database,
        meter: Meter,
        clock: Callable[[], datetime],
    ) -> None:
        super().__init__(api, cards, database, meter, clock)
        self._settings = settings

    def handshake(self, request: Request, now: datetime) -> Response:
        """DingTalk checks no address."""
        raise BadRequest("DingTalk checks no address", status=404)

    def receive(self, request: Request, received_at: datetime) -> IncomingMessage | None:
        """The message of a call that DingTalk signed, or the words of a button that was tapped."""
        if is_of_card(request.headers):
            secret = self._cards.callback.secret
            check_card_signature(secret, request.headers, received_at)
            return tap_in(request.body, self._cards.tracks, self._settings, received_at)
        secret = self._settings.dingtalk_client_secret.get_secret_value()
        check_signature(secret, request.headers, received_at)
        body = body_of(request.body)
        check_age(body.create_at, received_at)
        return message_in(body, self._settings, received_at)

    def heard(self, request: Request, received_at: datetime) -> Heard:
        """Every call: nothing is looked up for any."""
        message = self.receive(request, received_at)
        return Heard(message, self.acknowledge(request, received_at))

    def acknowledge(self, request: Request, received_at: datetime) -> Response:
        """That nothing is said yet; a card shows what was tapped."""
        is_tap = is_of_card(request.headers)
        return Response(
            body=shown_after(request.body) if is_tap else _NOTHING,
            content_type="application/json; charset=utf-8",
        )
