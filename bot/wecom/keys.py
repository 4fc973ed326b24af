"""Keys of group robots: stored encrypted, so that a copy of the database speaks in no group."""

import base64
import hashlib
import re
from urllib.parse import SplitResult, parse_qs, urlsplit

from cryptography.fernet import Fernet, InvalidToken

from models.errors import DeliveryError, Refused, Shut

_PURPOSE = b"dajuan group robot keys"
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


class KeyRing:
    """Seals and opens what must be kept secret in the database, under the installation's secret."""

    def __init__(self, secret: str) -> None:
        derived = hashlib.pbkdf2_hmac("sha256", secret.encode(), _PURPOSE, 100_000)
        self._fernet = Fernet(base64.urlsafe_b64encode(derived))

    def sealed(self, key: str) -> str:
        """What is stored instead of *key*."""
        return self._fernet.encrypt(key.encode()).decode()

    def opened(self, stored: str) -> str:
        """The key; raises DeliveryError where the secret changed since it was stored."""
        try:
            return self._fernet.decrypt(stored.encode()).decode()
        except InvalidToken as error:
            raise DeliveryError(
                "群机器人的密钥无法解密（SECRET_KEY 已更换），请重新登记",
                retryable=False,
                elsewhere=True,
                shut=Shut.CHAT,
            ) from error
