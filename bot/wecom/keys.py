"""The keys of group robots as people copy them from WeCom."""

import re

from bot.robots import key_in_address
from models.errors import Refused

_PATH = "/cgi-bin/webhook/send"
_KEY = re.compile(r"[0-9A-Za-z]{8}(-[0-9A-Za-z]{4}){3}-[0-9A-Za-z]{12}")


def key_in(said: str, base: str) -> str:
    """The key of a robot in what was typed: the key itself, or the address that WeCom shows.

    *base* is where calls go. Raises Refused, which repeats nothing of what was typed.
    """
    key = said.strip()
    if "/" in key:
        key = key_in_address(key, base, _PATH, "key", "WECOM_API_BASE")
    if not _KEY.fullmatch(key):
        raise Refused(
            "this is no key of a group robot: it has 32 letters and digits as 8-4-4-4-12; "
            "copy the whole webhook address instead"
        )
    return key
