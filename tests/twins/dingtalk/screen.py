"""What people see of a text and can tap in it."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from tests.twins.dingtalk.corp import Corp, Malformed

_LINK = re.compile(r"(?<!!)\[([^\]]*)\]\(([^)\s]+)\)")
_SCHEMES = {"http", "https", "dtmd", "dingtalk"}


def links_in(markdown: str) -> dict[str, str]:
    """The links of a markdown text by the words they stand under."""
    return dict(_LINK.findall(markdown))


def check_address(url: str, code: int | str) -> None:
    """Raise Malformed for an address that opens nothing."""
    parts = urlsplit(url)
    if parts.scheme not in _SCHEMES or not parts.netloc:
        raise Malformed(code, f"no address: {url!r}")
    if not url.isascii() or " " in url:
        raise Malformed(code, f"the address is not encoded: {url!r}")
    if parts.scheme == "dtmd":
        try:
            said = parse_qs(parts.query, strict_parsing=True, keep_blank_values=True)["content"]
        except (KeyError, ValueError):
            raise Malformed(code, f"dtmd without its content: {url!r}") from None
        if len(said) != 1 or not said[0].strip():
            raise Malformed(code, f"dtmd says nothing: {url!r}")


def check_links(corp: Corp, links: Mapping[str, str]) -> None:
    """Complain of links in a text that open nothing."""
    for words, url in links.items():
        try:
            check_address(url, 0)
        except Malformed as error:
            corp.complain(f"the link {words!r}: {error.message}")
