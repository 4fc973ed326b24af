"""What robots of groups have in common: each only speaks, into the one group it sits in."""

from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from bot.platforms.base import Fetched, Request, Response
from models.errors import BadRequest, MediaUnavailable, Refused
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


def key_in_address(address: str, base: str, path: str, name: str, setting: str) -> str:
    """What *name* says in the address of a robot at *base* and *path*; empty where nothing.

    Raises Refused, which repeats nothing of what was typed; *setting* says where *base* stands.
    """
    try:
        found = urlsplit(address)
    except ValueError:
        found = None
    if found is None or found.path != path:
        raise Refused(f"this is no address of a group robot such as {base}{path}?{name}=…")
    if found.netloc != urlsplit(base).netloc:
        raise Refused(f"the robot's address is not at {base}: set {setting} to where it is")
    return parse_qs(found.query).get(name, [""])[0]
