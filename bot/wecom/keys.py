"""The keys of group robots as people copy them from WeCom."""

import re
from urllib.parse import SplitResult, parse_qs, urlsplit

from models.errors import Refused

_PATH = "/cgi-bin/webhook/send"
_KEY = re.compile(r"[0-9A-Za-z]{8}(-[0-9A-Za-z]{4}){3}-[0-9A-Za-z]{12}")


def key_in(said: str, base: str) -> str:
    """The key of a robot in what was typed: the key itself, or the address that WeCom shows.

    *base* is where calls go. Raises Refused, which repeats nothing of what was typed.
    """
    said = said.strip()
    if "/" not in said:
        key = said
    else:
        found = _parts(said)
        if found is None or found.path != _PATH:
            raise Refused(f"this is no address of a group robot such as {base}{_PATH}?key=…")
        if found.netloc != urlsplit(base).netloc:
            raise Refused(
                f"the robot's address is not at {base}: set WECOM_API_BASE to where it is"
            )
        key = parse_qs(found.query).get("key", [""])[0]
    if not _KEY.fullmatch(key):
        raise Refused(
            "this is no key of a group robot: it has 32 letters and digits as 8-4-4-4-12; "
            "copy the whole webhook address instead"
        )
    return key


def _parts(address: str) -> SplitResult | None:
    try:
        return urlsplit(address)
    except ValueError:
        return None
