"""How long a text may be that rules read, and the refusal of a longer one."""

from handlers.reading.normalise import clean
from models.errors import Refused

#: The longest text that is read at once, in characters.
LONGEST = 4000


def refuse_too_long(text: str) -> None:
    """Raise Refused for a text that nobody would want read by rules."""
    length = len(clean(text))
    if length > LONGEST:
        raise Refused(
            f"这段文字有{length}字，一次最多可读{LONGEST}字。请分成几段发送，或以文件发送。"
        )
