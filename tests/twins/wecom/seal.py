"""WeCom's side of the envelope, from the protocol alone: it shares no code with the adapter."""

import base64
import hashlib
import os
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 32


def key_of(encoding_key: str) -> bytes:
    """The AES key behind a 43-character EncodingAESKey."""
    return base64.b64decode(f"{encoding_key}=")


def padded(data: bytes) -> bytes:
    """PKCS#7 over blocks of 32: aligned data gets 32 more."""
    size = _BLOCK - len(data) % _BLOCK
    return data + bytes([size]) * size


def unpadded(data: bytes) -> bytes:
    size = data[-1]
    assert 1 <= size <= _BLOCK
    assert data.endswith(bytes([size]) * size)
    return data[:-size]


def _cipher(key: bytes) -> Cipher[modes.CBC]:
    return Cipher(algorithms.AES(key), modes.CBC(key[:16]))


def encrypted(data: bytes, key: bytes) -> bytes:
    """Padded data under the key, as bot media travel."""
    worker = _cipher(key).encryptor()
    return worker.update(padded(data)) + worker.finalize()


def sealed(plain: str, encoding_key: str, receiver: str, prefix: bytes | None = None) -> str:
    """The Base64 text of an envelope; *prefix* are its 16 random bytes."""
    message = plain.encode()
    body = (prefix or os.urandom(16)) + struct.pack(">I", len(message)) + message
    return base64.b64encode(encrypted(body + receiver.encode(), key_of(encoding_key))).decode()


def opened(text: str, encoding_key: str) -> tuple[str, str]:
    """The message and the receiver in an envelope."""
    worker = _cipher(key_of(encoding_key)).decryptor()
    body = unpadded(worker.update(base64.b64decode(text)) + worker.finalize())
    (length,) = struct.unpack(">I", body[16:20])
    return body[20 : 20 + length].decode(), body[20 + length :].decode()


def signed(token: str, timestamp: str, nonce: str, text: str) -> str:
    """The signature WeCom puts into the address."""
    return hashlib.sha1("".join(sorted((token, timestamp, nonce, text))).encode()).hexdigest()
