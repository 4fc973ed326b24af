"""Whose address it is: told by its parsed parts, never by how it begins or what it contains."""

import ipaddress
import re
import socket
from ipaddress import IPv4Address, IPv6Address
from typing import NamedTuple
from urllib.parse import urlsplit

#: Where networks without addresses of before reach them (RFC 6052).
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
_USUAL = {"http": 80, "https": 443}
#: A name as it is looked up, or a number of the new kind; letters of other scripts are written in
#: ASCII there. A dot at the end would make another name of the same host.
_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|[0-9a-f:.]*:[0-9a-f:.]*")
#: What libraries for addresses leave out or take for a slash, each in its own way.
_READ_IN_TWO_WAYS = re.compile(r"[\x00-\x20\x7f\\]")


class Origin(NamedTuple):
    """Where an address leads, before its path."""

    scheme: str
    host: str
    port: int


def origin(address: str) -> Origin | None:
    """Scheme, host and port of a web address; None for anything else, or with a user in it.

    None as well where another library may read another host out of it.
    """
    try:
        found = urlsplit(address)
        port = found.port
    except ValueError:
        return None
    if found.scheme not in _USUAL or not found.hostname or "@" in found.netloc:
        return None
    if _READ_IN_TWO_WAYS.search(address) or not _NAME.fullmatch(found.hostname):
        return None
    return Origin(found.scheme, found.hostname, _USUAL[found.scheme] if port is None else port)


def public_address(host: str, port: int) -> str | None:
    """An internet address of *host* as it is now; None where any of them is not for everybody.

    Raises OSError where the name is not known. Whoever asks connects to this very address: asked
    a second time, the name may mean another.
    """
    found = [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    return found[0] if found and all(_is_public(each) for each in found) else None


def _is_public(address: str) -> bool:
    found = _meant(ipaddress.ip_address(address.partition("%")[0]))
    is_local = found.version == 6 and found.is_site_local
    return found.is_global and not (found.is_multicast or is_local)


def _meant(found: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The address of before behind one of the new kind that merely carries it."""
    if found.version == 4:
        return found
    if found in _TRANSLATED:
        return IPv4Address(int(found) & 0xFFFFFFFF)
    return found.ipv4_mapped or found.sixtofour or found
