"""The addresses of kept bytes: their SHA-256, by which whoever reads them can check them."""

import hashlib
import re

from models.errors import MediaUnavailable

#: More bytes are at no address: platforms and the form take much less in one file.
LARGEST = 250_000_000
_ADDRESS = re.compile("[0-9a-f]{64}")


def is_address(name: str) -> bool:
    """Whether bytes can be kept under this name."""
    return bool(_ADDRESS.fullmatch(name))


def address(sha: str) -> str:
    """*sha* itself; raises MediaUnavailable for anything else, since that could lead elsewhere."""
    if not is_address(sha):
        raise MediaUnavailable("不是媒体地址", retryable=False)
    return sha


def checked(sha: str, data: bytes) -> bytes:
    """*data* itself; raises MediaUnavailable where it is not what was put at *sha*."""
    if hashlib.sha256(data).hexdigest() != sha:
        raise MediaUnavailable(f"媒体库中的 {sha[:12]} 与存入时不符", retryable=False)
    return data
