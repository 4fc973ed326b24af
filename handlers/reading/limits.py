"""How long a text may be that rules read, and the refusal of a longer one."""

import re

from handlers.reading.normalise import clean, normalise
from models.errors import Refused

#: The longest text that is read at once, in characters.
LONGEST = 4000
#: The most numbers in it: each is judged by the words around it, and no report has so many.
MOST_NUMBERS = 600
#: ½ is three characters and ﷺ is eighteen when they are read: a text may double, not more.
_MOST_READ = 2 * LONGEST

#: 州1-7 and 7月31日 count once: they are numbers of nothing.
_NUMBER = re.compile(r"\d+(?:-\d+|(?:年\d+)?月\d+)*")


def refuse_too_long(text: str) -> None:
    """Raise Refused for a text that nobody would want read by rules."""
    length = len(clean(text))
    if length > LONGEST:
        raise Refused(
            f"这段文字有{length}字，一次最多可读{LONGEST}字。请分成几段发送，或以文件发送。"
        )
    plain = normalise(text)
    if len(plain) > _MOST_READ:
        raise Refused("这段文字里特殊符号太多，无法读取。请改用普通文字和数字发送。")
    if (numbers := len(_NUMBER.findall(plain))) > MOST_NUMBERS:
        raise Refused(
            f"这段文字有{numbers}个数，一次最多可读{MOST_NUMBERS}个。请分成几段发送，或以文件发送。"
        )
