"""Pictures and files of a bot's messages: fetched while their address lives, then opened."""

import httpx2

from bot.fetching import LARGEST, fetched
from bot.hosts import origin
from bot.platforms.base import Fetched
from bot.wecom.api import HOST
from bot.wecom.envelope import media_key, media_opened
from models.errors import MediaUnavailable, SettingsError

#: The platform's own hosts; an address in a message may be anybody's.
_HOSTS = (".qq.com", ".weixin.qq.com", ".wechat.com", ".myqcloud.com", ".qpic.cn", ".wework.cn")


def fetch_media(client: httpx2.Client, address: str, key: bytes, base: str) -> Fetched:
    """What stands behind an address of a message, decrypted; raises MediaUnavailable.

    Only the platform's own hosts over https, or the configured base, are asked; no redirect is
    followed, and what is too large is given up while it comes.
    """
    if not is_own(address, base):
        raise MediaUnavailable("图片或文件的地址不是企业微信的", retryable=False)
    found = fetched(client, address, LARGEST)
    return Fetched(media_opened(found.data, key), found.name)


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
    found = origin(address)
    return found is not None and found.host.endswith(_HOSTS) and found[::2] == ("https", 443)


def is_api(address: str, base: str) -> bool:
    """Whether calls may go there: to the platform's server, or to the configured base."""
    found = origin(address)
    return found is not None and found in (origin(base), origin(HOST))
