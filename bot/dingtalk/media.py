"""Pictures and files of DingTalk: where they are fetched from, and which it takes."""

from urllib.parse import urlsplit

import httpx2

from bot.fetching import LARGEST, fetched
from bot.hosts import Origin, origin, public_address
from bot.platforms.base import Fetched
from models.errors import DeliveryError, MediaUnavailable

#: The kinds of pictures that DingTalk takes, and how their names end.
PICTURES = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/bmp": "bmp"}
#: Of anything that is uploaded, in bytes.
LARGEST_UPLOAD = 20_000_000


#: As DingTalk's page on uploads has them; its list of errors still names half the sizes and less.
_ENDINGS = {
    "image": frozenset((*PICTURES.values(), "jpeg")),
    "file": frozenset(("doc", "docx", "xls", "xlsx", "ppt", "pptx", "zip", "pdf", "rar")),
}


def upload_name(kind: str, name: str, mime: str, size: int) -> str:
    """The name under which it is uploaded: a picture's ends as what it is.

    Raises DeliveryError where DingTalk takes no such type or size (in bytes): the call would be
    counted all the same.
    """
    known, (_, dot, ending) = _ENDINGS.get(kind, frozenset()), name.lower().rpartition(".")
    ending = ending if dot else ""
    if kind == "image" and mime in PICTURES and ending not in known:
        ending = PICTURES[mime]
        name = f"{name or 'picture'}.{ending}"
    is_picture = kind != "image" or mime in PICTURES
    if is_picture and ending in known and 0 < size <= LARGEST_UPLOAD:
        return name
    reason = "图片或文件的类型、大小不合钉钉的要求"
    raise DeliveryError(reason, retryable=False, elsewhere=True)


def fetch_file(client: httpx2.Client, address: str, bases: tuple[str, ...]) -> Fetched:
    """What stands behind an address that DingTalk gave; raises MediaUnavailable.

    It goes there without our token, encrypted and to nobody inside the office's own network,
    unless the address is of one of *bases*, which the office configured itself.
    """
    found = origin(address)
    if found is None:
        raise MediaUnavailable("图片或文件的地址无法识别", retryable=False)
    if found in {origin(each) for each in bases}:
        return fetched(client, address, LARGEST)
    secure = _over_https(found)
    # A connection of its own: a pool would know it by the number alone, not by its name.
    headers = {"Host": _named(secure), "Connection": "close"}
    with_number = _at(address, secure, _public(secure))
    return fetched(client, with_number, LARGEST, headers=headers, sni_hostname=secure.host)


def _over_https(found: Origin) -> Origin:
    """The storage signs its addresses with http, and answers by https as well."""
    return Origin("https", found.host, 443 if found.port == 80 else found.port)


def _public(found: Origin) -> str:
    try:
        number = public_address(found.host, found.port)
    except (OSError, UnicodeError) as error:
        raise MediaUnavailable("图片或文件的地址没有找到", retryable=True) from error
    if number is None:
        raise MediaUnavailable("图片或文件的地址在内部网络，不能读取", retryable=False)
    return number


def _at(address: str, found: Origin, number: str) -> str:
    host = f"[{number}]" if ":" in number else number
    return urlsplit(address)._replace(scheme="https", netloc=f"{host}:{found.port}").geturl()


def _named(found: Origin) -> str:
    host = f"[{found.host}]" if ":" in found.host else found.host
    return host if found.port == 443 else f"{host}:{found.port}"
