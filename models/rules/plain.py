"""One form for all text that is compared: width, script, dashes, quotes, nothing invisible."""

import re
import unicodedata
from functools import lru_cache

from models.rules.script import SIMPLIFIED

# Official texts and phones use a dozen dashes for one; 一 and ー are letters and stay.
_DASHES = dict.fromkeys("‐‑‒–—―−─━⸺⸻﹘﹣－", "-")
_TILDES = dict.fromkeys("～〜∼˜", "~")
_DOTS = dict.fromkeys("•・‧∙⋅●○◦◆◇■□▪▫★☆※►▶➤✦", "·")
_QUOTES = dict.fromkeys("“”„‟〝〞＂「」『』", '"') | dict.fromkeys("‘’‚‛＇", "'")
#: Every character that ends a line besides the usual one.
LINE_ENDS = dict.fromkeys("\v\f\x1c\x1d\x1e\x85\u2028\u2029", "\n")
# NFKC would make ① a bare 1, which glued to its words reads as a count.
_CIRCLED = {chr(0x2460 + n): f"({n + 1})" for n in range(20)}
_CIRCLED |= {chr(0x2776 + n): f"({n + 1})" for n in range(10)}
_LOOKS_ALIKE = _CIRCLED | _DASHES | _TILDES | _DOTS | _QUOTES | LINE_ENDS

# 二○二一年 is written with the sign of a list.
_ZERO = re.compile(r"(?<=[一二三四五六七八九〇○])○(?=[一二三四五六七八九〇○年])")

#: What a chat client or a markdown reader would act on, as characters that only look like it.
_INERT = str.maketrans(
    {"@": "＠", "<": "＜", ">": "＞", "[": "［", "]": "］", "*": "＊", "`": "＇", "|": "｜"}
)
_ADDRESS = re.compile(r"(https?):(//)(?=\w)", re.IGNORECASE)

_INSIDE_DIGITS = re.compile(r"(?<=\d)[-.](?=\d)")

_UNSEEN = frozenset({"Cc", "Cf", "Cs"})


def normalise(text: str) -> str:
    """*text* for matching: NFKC, simplified script, one dash, one quote, nothing invisible."""
    return "".join(map(normal, with_zeros(text.replace("\r\n", "\n").replace("\r", "\n"))))


def command_key(text: str) -> str:
    """What remains of a command word or a name when only its letters and digits count.

    A dash or point between digits stays, since 州1-7 and 州17 are two things.
    """
    plain = normalise(text).casefold()
    inside = {match.start() for match in _INSIDE_DIGITS.finditer(plain)}
    return "".join(char for i, char in enumerate(plain) if char.isalnum() or i in inside)


def name_key(name: str) -> str:
    """What two writings of one name of a unit or task have in common: 与 and 和 are one word."""
    return _kept_key(name) if len(name) <= _LONGEST_NAME else _name_key(name)


def _name_key(name: str) -> str:
    return command_key(name).replace("与", "和")


#: A longer text is no name, and is not kept.
_LONGEST_NAME = 100
_kept_key = lru_cache(maxsize=8192)(_name_key)


def inert(text: str, *, links: bool = False) -> str:
    """*text* so that it mentions nobody, formats nothing and, without *links*, leads nowhere."""
    plain = text.translate(_INERT)
    return plain if links else _ADDRESS.sub(r"\1：\2", plain)


def with_zeros(text: str) -> str:
    """*text*, as long as before, with the zeros of Chinese years told from bullets."""
    return _ZERO.sub("〇", text) if "○" in text else text


def is_unseen(char: str) -> bool:
    """Whether *char* takes no place in print: control, format and half a surrogate pair."""
    return unicodedata.category(char) in _UNSEEN


@lru_cache(maxsize=20_000)
def normal(char: str) -> str:
    """What `normalise` makes of one character; emoji and 。 stay."""
    if char in "\n\t":
        return char
    if char in _LOOKS_ALIKE:
        return _LOOKS_ALIKE[char]
    if is_unseen(char):
        return ""
    wide = unicodedata.normalize("NFKC", char)
    return "".join(_LOOKS_ALIKE.get(c, SIMPLIFIED.get(c, c)) for c in wide)
