"""钉钉企业机器人 at its address: signed calls with unsigned JSON come in."""

from collections.abc import Callable
from datetime import datetime

from bot.dingtalk.api import Api
from bot.dingtalk.body import body_of, message_in
from bot.dingtalk.meter import Meter
from bot.dingtalk.settings import DingTalkSettings
from bot.dingtalk.signature import check_age, check_signature
from bot.dingtalk.speaking import Speaking
from bot.platforms.base import Request, Response
from models.db import Database
from models.errors import BadRequest
from models.message import IncomingMessage

#: Nothing is said in the answer to a call: what there is to say comes later.
_NOTHING = b'{"msgtype":"empty"}'


class DingTalk(Speaking):
    """The enterprise robot, called at its address."""

    path = "dingtalk"

    def __init__(
        self,
        settings: DingTalkSettings,
        api: Api,
        database: Database,
        meter: Meter,
        clock: Callable[[], datetime],
    ) -> None:
        super().__init__(api, database, meter, clock)
        self._settings = settings

    def handshake(self, request: Request, now: datetime) -> Response:
        """DingTalk checks no address."""
        raise BadRequest("DingTalk checks no address", status=404)

    def receive(self, request: Request, received_at: datetime) -> IncomingMessage | None:
        """The message of a call that DingTalk signed."""
        secret = self._settings.dingtalk_client_secret.get_secret_value()
        check_signature(secret, request.headers, received_at)
        body = body_of(request.body)
        check_age(body.create_at, received_at)
        return message_in(body, self._settings, received_at)

    def acknowledge(self, request: Request, received_at: datetime) -> Response:
        """That nothing is said yet."""
        return Response(body=_NOTHING, content_type="application/json; charset=utf-8")
