"""Text that a file may hold: nothing that XML forbids, nothing that turns the reading order."""

import re

#: What XML 1.0 cannot hold, and marks that show other words than are written (bidi overrides).
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff"
    "\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)


def legible(text: str) -> str:
    """The text without unseen characters; its line breaks stay."""
    return _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
