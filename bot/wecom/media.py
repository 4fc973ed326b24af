"""Pictures and files of a bot's messages: fetched while their address lives, then opened."""

from urllib.parse import urlsplit

import httpx2

from bot.platforms.base import Fetched
from bot.wecom.api import LARGEST, file_name
from bot.wecom.envelope import media_opened
from models.errors import MediaUnavailable

#: The platform's own hosts; an address in a message may be anybody's.
_HOSTS = (".qq.com", ".weixin.qq.com", ".wechat.com", ".myqcloud.com", ".qpic.cn", ".wework.cn")


def fetch_media(client: httpx2.Client, address: str, key: bytes, base: str) -> Fetched:
    """What stands behind an address of a message, decrypted; raises MediaUnavailable.

    Only the platform's own hosts over https, or the configured base, are asked; no redirect is
    followed, and what is too large is given up while it comes.
    """
    if not is_own(address, base):
        raise MediaUnavailable("图片或文件的地址不是企业微信的", retryable=False)
    try:
        with client.stream("GET", address) as response:
            if response.status_code != httpx2.codes.OK:
                retryable = response.status_code >= 500
                raise MediaUnavailable("图片或文件已过期，请重发", retryable=retryable)
            data = _read(response)
            name = file_name(response.headers)
    except httpx2.HTTPError as error:
        raise MediaUnavailable("图片或文件没有取到", retryable=True) from error
    return Fetched(media_opened(data, key), name)


def _read(response: httpx2.Response) -> bytes:
    pieces, size = list[bytes](), 0
    for piece in response.iter_bytes():
        size += len(piece)
        if size > LARGEST:
            raise MediaUnavailable("文件超过100MB", retryable=False)
        pieces.append(piece)
    return b"".join(pieces)


def is_own(address: str, base: str) -> bool:
    """Whether an address is the platform's own: its hosts over https, or the configured base."""
    found, own = urlsplit(address), urlsplit(base)
    if (found.scheme, found.netloc) == (own.scheme, own.netloc):
        return True
    host = found.hostname or ""
    return found.scheme == "https" and found.port in (None, 443) and host.endswith(_HOSTS)
