"""What robots of groups have in common: each only speaks, into the one group it sits in."""

from datetime import datetime

from bot.platforms.base import Fetched, Request, Response
from models.errors import BadRequest, MediaUnavailable
from models.message import Attachment, IncomingMessage


class GroupRobot:
    """A door that hears nothing, whose address is the key to a group and is stored sealed."""

    path = ""
    reaches_people = False
    calls_people = True

    def handshake(self, request: Request, now: datetime) -> Response:
        """A robot hears nothing."""
        raise BadRequest("a group robot has no address", status=404)

    def receive(self, request: Request, received_at: datetime) -> IncomingMessage | None:
        """A robot hears nothing."""
        raise BadRequest("a group robot hears nothing", status=404)

    def acknowledge(self, request: Request, received_at: datetime) -> Response:
        """Nothing comes that could be acknowledged."""
        return Response(404)

    def fetch(self, attachment: Attachment) -> Fetched:
        """Nothing comes along with nothing."""
        raise MediaUnavailable("群机器人收不到文件", retryable=False)
