"""How long a text or a table may be that rules read, and the refusal of a longer one."""

import re
from collections.abc import Collection

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


#: What the rows of one table may hold together: ten messages.
MOST_IN_TABLE = 10 * LONGEST
MOST_TABLE_NUMBERS = 5 * MOST_NUMBERS


def refuse_too_long(text: str) -> None:
    """Raise Refused for a text that nobody would want read by rules."""
    refuse_overlong(text)
    if has_many_numbers(text):
        raise Refused(
            f"这段文字有{_count(text)}个数，一次最多可读{MOST_NUMBERS}个。"
            "请分成几段发送，或以文件发送。"
        )


def refuse_overlong(text: str) -> None:
    """Raise Refused for what is too long whatever it is, a table too."""
    length = len(clean(text))
    if length > LONGEST:
        raise Refused(
            f"这段文字有{length}字，一次最多可读{LONGEST}字。请分成几段发送，或以文件发送。"
        )
    if len(normalise(text)) > _MOST_READ:
        raise Refused("这段文字里特殊符号太多，无法读取。请改用普通文字和数字发送。")


def has_many_numbers(text: str) -> bool:
    """Whether there are more numbers in it than are judged by the words around them."""
    return _count(text) > MOST_NUMBERS


def refuse_large_table(rows: Collection[str]) -> None:
    """Raise Refused for a table that holds too much, in the text of a row or of all together."""
    total, longest = sum(map(len, rows)), max(map(len, rows), default=0)
    if longest > LONGEST:
        raise Refused(f"表格中有一行共{longest}字，一行最多{LONGEST}字，均未受理。请缩短后重发。")
    if total > MOST_IN_TABLE:
        raise Refused(
            f"表格共{total}字，一次最多{MOST_IN_TABLE}字，均未受理。"
            f"请分成{-(-total // MOST_IN_TABLE)}次发送。"
        )
    said = list(map(_count_in_sentences, rows))
    if sum(said) > MOST_TABLE_NUMBERS or max(said, default=0) > MOST_NUMBERS:
        raise Refused(
            f"表格的文字里有{sum(said)}个数，一次最多{MOST_TABLE_NUMBERS}个、"
            f"一行最多{MOST_NUMBERS}个，均未受理。请删减文字后重发。"
        )


def _count_in_sentences(row: str) -> int:
    """The numbers of lines with more than one: a figure in a cell of its own needs no judging."""
    counts = (len(_NUMBER.findall(line)) for line in normalise(row).split("\n"))
    return sum(count for count in counts if count > 1)


def _count(text: str) -> int:
    return len(_NUMBER.findall(normalise(text)))
