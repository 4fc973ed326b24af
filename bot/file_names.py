"""What a file is called, as platforms and people's machines say it."""

import re
from collections.abc import Mapping
from email.message import Message
from email.utils import collapse_rfc2231_value

#: What could break a line or turn the order of what is shown.
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff]"
)


def file_name(headers: Mapping[str, str]) -> str:
    """The name in a Content-Disposition as `bare_name` has it; empty where there is none."""
    message = Message()
    message["Content-Disposition"] = headers.get("Content-Disposition", "")
    told = [
        value for name, value in message.get_params([], "Content-Disposition") if name == "filename"
    ]
    # A name that says its encoding is meant for those who understand it.
    best = next((value for value in told if isinstance(value, tuple)), told[0] if told else "")
    name = collapse_rfc2231_value(best)
    for encoding in ("utf-8", "gb18030"):  # bytes that the client could not tell the meaning of
        try:
            return bare_name(name.encode("latin-1").decode(encoding))
        except UnicodeError:
            continue
    return bare_name(name)


def bare_name(name: str) -> str:
    """A file's name without folders and without what cannot be seen."""
    return _UNSEEN.sub("", name).replace("\\", "/").rpartition("/")[2].strip()
