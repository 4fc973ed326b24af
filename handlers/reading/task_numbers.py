"""The number of a task as people and scanners write it: 州1－7, 州 1—7, 州1.7, 州一之七, 州l-7."""

import re

from handlers.reading.normalise import command_key, normalise
from handlers.reading.numerals import read_number

_CHINESE_NUMBER = re.compile("[一二三四五六七八九十]+")
#: A scanner's letters: beside a dash or a figure they can only be figures.
_SCANNED = re.compile(
    r"(?:(?<=[一-鿿\d.\-])|(?<=[一-鿿]\s))[lIiOo|]{1,2}(?=\s*[-.]\s*[\dlIiOo|])"
    r"|(?<=[\dlI|][-.])[\dlIiOo|]{1,3}(?![A-Za-z])"
)
_FIGURES = str.maketrans("lIi|Oo", "111100")
_MOST = 60


def number_key(number: str) -> str:
    """州1-7 from any way to write it; of a longer text the first 60 characters are looked at."""
    plain = normalise(number[:_MOST]).replace("之", "-").replace("_", "-")
    plain = _CHINESE_NUMBER.sub(lambda run: str(read_number(run[0]) or run[0]), plain)
    return command_key(unscanned(plain)).replace(".", "-")


def unscanned(plain: str) -> str:
    """Normalised text with the letters of a scan in dashed numbers as the figures they are."""
    return _SCANNED.sub(lambda letters: letters[0].translate(_FIGURES), plain)
