"""Pictures and files of a bot's messages: fetched while their address lives, then opened."""

from urllib.parse import urlsplit

import httpx2

from bot import http
from bot.platforms.base import Fetched
from bot.wecom.api import HOST, LARGEST, file_name
from bot.wecom.envelope import media_key, media_opened
from models.errors import MediaUnavailable, SettingsError

#: The platform's own hosts; an address in a message may be anybody's.
_HOSTS = (".qq.com", ".weixin.qq.com", ".wechat.com", ".myqcloud.com", ".qpic.cn", ".wework.cn")
_MARGIN = 1_000_000


def fetch_media(client: httpx2.Client, address: str, key: bytes, base: str) -> Fetched:
    """What stands behind an address of a message, decrypted; raises MediaUnavailable.

    Only the platform's own hosts over https, or the configured base, are asked; no redirect is
    followed, and what is too large is given up while it comes.
    """
    if not is_own(address, base):
        raise MediaUnavailable("图片或文件的地址不是企业微信的", retryable=False)
    # Here what is too large is told from what broke off, and is not asked for again.
    bound = {http.LARGEST: LARGEST + _MARGIN}
    try:
        with client.stream("GET", address, extensions=bound) as response:
            if response.status_code != httpx2.codes.OK:
                retryable = response.status_code >= 500
                raise MediaUnavailable("图片或文件已过期，请重发", retryable=retryable)
            data = _read(response)
            name = file_name(response.headers)
    except httpx2.HTTPError as error:
        raise MediaUnavailable("图片或文件没有取到", retryable=True) from error
    except httpx2.InvalidURL as error:
        raise MediaUnavailable("图片或文件的地址无法识别", retryable=False) from error
    return Fetched(media_opened(data, key), name)


def media_key_of(encoded: str) -> bytes:
    """The key that came with an address; raises MediaUnavailable where it is none."""
    try:
        return media_key(encoded)
    except SettingsError as error:
        raise MediaUnavailable("图片或文件没有密钥", retryable=False) from error


def is_own(address: str, base: str) -> bool:
    """Whether an address is the platform's own: its hosts over https, or the configured base."""
    if is_api(address, base):
        return True
    scheme, host = _origin(address)
    return scheme == "https" and host.endswith(_HOSTS)


def is_api(address: str, base: str) -> bool:
    """Whether calls may go there: to the platform's server, or to the configured base."""
    return _origin(address) in (_origin(base), _origin(HOST))


def _origin(address: str) -> tuple[str, str]:
    """Scheme and host of an address, its port where that is not the usual one; empty for none."""
    try:
        found = urlsplit(address)
        port = "" if found.port in (None, 443) else f":{found.port}"
    except ValueError:
        return "", ""
    return found.scheme, f"{found.hostname or ''}{port}"


def _read(response: httpx2.Response) -> bytes:
    pieces, size = list[bytes](), 0
    for piece in response.iter_bytes():
        size += len(piece)
        if size > LARGEST:
            raise MediaUnavailable("文件超过100MB", retryable=False)
        pieces.append(piece)
    return b"".join(pieces)
