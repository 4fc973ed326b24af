"""What robots of groups have in common: each only speaks, into the one group it sits in."""

from urllib.parse import parse_qs, urlsplit

from bot.speaks_only import SpeaksOnly
from models.errors import Refused


class GroupRobot(SpeaksOnly):
    """A door that hears nothing, whose address is the key to a group and is stored sealed."""

    reaches_people = False
    calls_people = True


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
