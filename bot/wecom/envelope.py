"""WeCom's envelopes: signature, time, cipher and receiver; every flaw is the same BadRequest."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from wechatpy.work.crypto import PrpCrypto

from models.errors import BadRequest, MediaUnavailable, SettingsError

#: WeCom repeats a call within some twenty seconds; what is older was kept by somebody else.
WINDOW = timedelta(minutes=10)
_KEY_LENGTH = 43
_BLOCK = 32
_AES_BLOCK = 16


@dataclass(frozen=True)
class Sealed:
    """An answer as it travels."""

    encrypt: str
    signature: str
    timestamp: str
    nonce: str


class Envelope:
    """Opens and seals what travels under one token and key, for one *receiver*.

    The receiver is the corp of an app; a bot's is empty. A call that is sent once more within the
    window is opened once more: its message has its number, under which nothing is done twice.
    Raises SettingsError where the key is none.
    """

    def __init__(self, token: str, encoding_key: str, receiver: str) -> None:
        self.key = media_key(encoding_key)
        self._cipher = PrpCrypto(self.key)
        self._token = token
        self._receiver = receiver

    def opened(self, encrypted: str, query: Mapping[str, str], now: datetime) -> str:
        """The text in an envelope; raises BadRequest where anything about it is wrong.

        Nothing is decrypted that is not signed.
        """
        self._check(encrypted, query, now)
        return self.reopened(encrypted)

    def reopened(self, encrypted: str) -> str:
        """The text in an envelope that was checked when it came; raises BadRequest."""
        try:
            plain: str = self._cipher.decrypt(encrypted, self._receiver)
        except Exception as error:  # seven kinds come out of the library for one bad call
            raise BadRequest("an envelope that cannot be opened") from error
        return plain

    def sealed(self, plain: str, nonce: str, now: datetime) -> Sealed:
        """The envelope of an answer."""
        encrypt = self._cipher.encrypt(plain, self._receiver).decode()
        timestamp = str(int(now.timestamp()))
        return Sealed(encrypt, self.signature(timestamp, nonce, encrypt), timestamp, nonce)

    def signature(self, timestamp: str, nonce: str, encrypted: str) -> str:
        """The signature over these and the token, in lower-case hex."""
        parts = sorted((self._token, timestamp, nonce, encrypted))
        return hashlib.sha1("".join(parts).encode(errors="replace")).hexdigest()

    def _check(self, encrypted: str, query: Mapping[str, str], now: datetime) -> None:
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        given = query.get("msg_signature", "")
        wanted = self.signature(timestamp, nonce, encrypted)
        if not hmac.compare_digest(given.encode(errors="replace"), wanted.encode()):
            raise BadRequest("a wrong signature", status=403)
        if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) < 12):
            raise BadRequest("no time that is one")
        if abs(now.timestamp() - int(timestamp)) > WINDOW.total_seconds():
            raise BadRequest("a stale call", status=403)


def media_key(encoded: str) -> bytes:
    """The 32 bytes behind a key as the console or a message shows it, with or without `=`.

    Raises SettingsError where there are not 32.
    """
    try:
        key = base64.b64decode(encoded.rstrip("=") + "=", validate=True)
    except binascii.Error:
        key = b""
    if len(key) != _BLOCK:
        raise SettingsError(f"an EncodingAESKey has {_KEY_LENGTH} letters and digits")
    return key


def media_opened(data: bytes, key: bytes) -> bytes:
    """The bytes of an encrypted picture or file; raises MediaUnavailable where they are none."""
    if not data or len(data) % _AES_BLOCK:
        raise MediaUnavailable("文件不完整，无法解密", retryable=True)
    decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:_AES_BLOCK])).decryptor()
    padded = decryptor.update(data) + decryptor.finalize()
    size = padded[-1]
    if not 1 <= size <= _BLOCK or padded[-size:] != bytes([size]) * size:
        raise MediaUnavailable("文件解密后不完整", retryable=False)
    return padded[:-size]
