"""A cell of a table as people typed it."""

import re

_SIGNED = re.compile(r"[+＋](?=\d[\d,，]*(?:\.\d+)?$)")


def without_plus(text: str) -> str:
    """The number of a cell without the plus that people type before it: +1900 is 1900.

    What is more than a bare number stays as it is: +3.5% may be meant as a change.
    """
    plain = text.strip()
    return _SIGNED.sub("", plain) if plain.startswith(("+", "＋")) else text
