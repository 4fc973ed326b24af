"""Pictures and files from a platform's address: bounded, and by no way round."""

from collections.abc import Mapping
from typing import Any

import httpx2

from bot import http
from bot.file_names import file_name
from bot.platforms.base import Fetched
from models.errors import MediaUnavailable

#: Files larger than this are not taken from anybody.
LARGEST = 100_000_000
_MARGIN = 1_000_000


def fetched(
    client: httpx2.Client,
    address: str,
    largest: int = LARGEST,
    headers: Mapping[str, str] | None = None,
    **extensions: Any,
) -> Fetched:
    """What stands behind an address, and the name it has there; raises MediaUnavailable.

    No redirect is followed, and what is too large is given up while it comes.
    """
    # Here what is too large is told from what broke off, and is not asked for again.
    bound = {http.LARGEST: largest + _MARGIN, **extensions}
    try:
        with client.stream("GET", address, headers=headers, extensions=bound) as response:
            if response.status_code != httpx2.codes.OK:
                retryable = response.status_code >= 500
                raise MediaUnavailable("图片或文件已过期，请重发", retryable=retryable)
            return Fetched(_read(response, largest), file_name(response.headers))
    except httpx2.HTTPError as error:
        raise MediaUnavailable("图片或文件没有取到", retryable=True) from error
    except httpx2.InvalidURL as error:
        raise MediaUnavailable("图片或文件的地址无法识别", retryable=False) from error


def _read(response: httpx2.Response, largest: int) -> bytes:
    pieces, size = list[bytes](), 0
    for piece in response.iter_bytes():
        size += len(piece)
        if size > largest:
            raise MediaUnavailable("文件超过100MB", retryable=False)
        pieces.append(piece)
    return b"".join(pieces)
