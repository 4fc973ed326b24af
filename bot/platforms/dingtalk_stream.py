"""钉钉企业机器人 on its stream: it hears without an address, in every process of the office."""

from collections.abc import Callable
from datetime import datetime

from bot.dingtalk.api import Api
from bot.dingtalk.body import body_of, message_in
from bot.dingtalk.cards import Cards
from bot.dingtalk.connection import Connection
from bot.dingtalk.meter import Meter
from bot.dingtalk.settings import DingTalkSettings
from bot.dingtalk.speaking import Speaking
from bot.dingtalk.stream_frames import CARD, MESSAGE, Frame, read_frame
from bot.dingtalk.taps import shown_after, tap_in
from bot.platforms.base import Request, Response
from models.db import Database
from models.errors import BadRequest
from models.message import IncomingMessage

METHOD = "FRAME"
#: Seconds for the database; a frame is acknowledged within half a second.
PATIENCE = 0.3


class DingTalkStream(Speaking):
    """The enterprise robot on its stream; it bears the same name as the one at an address."""

    path = ""
    patience = PATIENCE

    def __init__(
        self,
        connection: Connection,
        settings: DingTalkSettings,
        api: Api,
        cards: Cards,
        database: Database,
        meter: Meter,
        clock: Callable[[], datetime],
    ) -> None:
        super().__init__(api, cards, database, meter, clock)
        self._connection = connection
        self._settings = settings

    def start(self, accept: Callable[[Request], Response]) -> None:
        """Connect; *accept* stores a call and says what it is acknowledged with."""
        self._connection.start(lambda raw: accept(Request(METHOD, {}, {}, raw)))

    def stop(self) -> None:
        """Let go of the connection."""
        self._connection.stop()

    def speaks_here(self) -> bool:
        """The stream only hears, and what is said takes another way: any process may say it."""
        return True

    def state(self) -> str:
        """`ok` where this process is connected; else what is wrong."""
        return self._connection.state()

    def handshake(self, request: Request, now: datetime) -> Response:
        """There is no address to be checked; raises BadRequest."""
        raise BadRequest("no address", status=404)

    def receive(self, request: Request, received_at: datetime) -> IncomingMessage | None:
        """The message of a frame, or the words of a tapped button; None for anything else."""
        frame = _frame_of(request)
        data = frame.data.encode(errors="replace")
        if frame.topic == CARD:
            return tap_in(data, self._cards.tracks, self._settings, received_at)
        if frame.topic != MESSAGE:
            return None
        body = body_of(data)
        return message_in(body, self._settings, received_at)

    def acknowledge(self, request: Request, received_at: datetime) -> Response:
        """That it is stored; a card shows what was tapped, else nothing is said on the stream."""
        frame = _frame_of(request)
        return Response(body=shown_after(frame.data)) if frame.topic == CARD else Response()


def _frame_of(request: Request) -> Frame:
    """The frame of a call; raises BadRequest for one that came by any other way."""
    if request.method != METHOD:
        raise BadRequest("no frame", status=403)
    return read_frame(request.body)
