"""What doors have in common at which nothing comes in."""

from datetime import datetime

from bot.platforms.base import Fetched, Request, Response
from models.errors import BadRequest, MediaUnavailable
from models.message import Attachment, IncomingMessage


class SpeaksOnly:
    """A door that hears nothing."""

    path = ""

    def handshake(self, request: Request, now: datetime) -> Response:
        """It has no address."""
        raise BadRequest("a door that hears nothing has no address", status=404)

    def receive(self, request: Request, received_at: datetime) -> IncomingMessage | None:
        """It hears nothing."""
        raise BadRequest("a door that hears nothing", status=404)

    def acknowledge(self, request: Request, received_at: datetime) -> Response:
        """Nothing comes that could be acknowledged."""
        return Response(404)

    def fetch(self, attachment: Attachment) -> Fetched:
        """Nothing comes along with nothing."""
        raise MediaUnavailable("这个通道收不到文件", retryable=False)
