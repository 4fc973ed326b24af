"""Names of files and folders that every system takes: Chinese ones, short, without tricks."""

import re
import unicodedata

from models.rules.plain import is_unseen

#: What Windows takes in no name, and what parts the steps of a path elsewhere.
_FORBIDDEN = re.compile(r'[\\/:*?"<>|]+')
#: Names that Windows keeps for devices, whatever stands behind their first dot.
_DEVICES = frozenset(
    ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"]
    + [f"{port}{n}" for port in ("COM", "LPT") for n in range(10)]
)
_MOST = 30
NOTHING = "未命名"


def safe_name(text: str, most: int = _MOST) -> str:
    """*text* as one step of a path, of at most *most* characters; 未命名 where nothing is left."""
    plain = unicodedata.normalize("NFC", " ".join(text.split()))
    kept = "".join(char for char in plain if not is_unseen(char))
    name = _FORBIDDEN.sub("_", kept).lstrip(" .")[:most].rstrip(" .")
    stem = unicodedata.normalize("NFKC", name.partition(".")[0]).strip().upper()
    return f"_{name}" if stem in _DEVICES else name or NOTHING
