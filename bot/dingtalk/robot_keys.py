"""The keys of custom group robots as people copy them from DingTalk: a token and its secret."""

import base64
import hmac
import re
from dataclasses import dataclass
from datetime import datetime

from bot.robots import key_in_address
from models.errors import Refused

PATH = "/robot/send"
_TOKEN = re.compile(r"[0-9A-Za-z_-]{20,200}")
_SECRET = re.compile(r"SEC[0-9A-Za-z]{20,200}")


@dataclass(frozen=True)
class RobotKey:
    """What speaks in one group, and the secret that each call is signed with."""

    token: str
    secret: str

    def __str__(self) -> str:
        """As it is sealed: what the robot is known by comes first."""
        return f"{self.token} {self.secret}"

    def __repr__(self) -> str:
        return "RobotKey()"

    def signed(self, now: datetime) -> dict[str, str]:
        """What stands in the address of a call; good for an hour."""
        timestamp = str(int(now.timestamp() * 1000))
        digest = hmac.digest(self.secret.encode(), f"{timestamp}\n{self.secret}".encode(), "sha256")
        return {
            "access_token": self.token,
            "timestamp": timestamp,
            "sign": base64.b64encode(digest).decode(),
        }


def key_of(opened: str) -> RobotKey:
    """The key as it was sealed."""
    token, _, secret = opened.partition(" ")
    return RobotKey(token, secret)


def key_in(said: str, secret: str, base: str) -> RobotKey:
    """The key in what was typed: the address that DingTalk shows or its token, and the secret.

    *base* is where calls go. Raises Refused, which repeats nothing of what was typed.
    """
    token, secret = said.strip(), secret.strip()
    if "/" in token:
        token = key_in_address(token, base, PATH, "access_token", "DINGTALK_OAPI_BASE")
    if not _TOKEN.fullmatch(token):
        raise Refused(
            "this is no access_token of a group robot: copy its whole webhook address, "
            f"such as {base}{PATH}?access_token=…"
        )
    if not _SECRET.fullmatch(secret):
        raise Refused(
            "this is no secret of a group robot: it begins with SEC; in the robot's security "
            "settings (安全设置) tick 加签 and copy what stands there into the second line"
        )
    return RobotKey(token, secret)
