"""The number of a task as people and scanners write it: 州1－7, 州 1—7, 州1.7, 州一之七, 州l-7."""

import re

from handlers.reading.normalise import command_key, normalise
from handlers.reading.numerals import read_number

#: Behind a figure these make it a count or a time: 新7个, 新3岁, 新7月; 新7 is a task's number.
COUNTED = "次条项个家件户人名位天年月日号万亿元亩%岁点时分度倍成多来几余所套台处座"
NOT_COUNTED = rf"(?![{COUNTED}])"
#: One character before figures that is a word of its own and no task's sign: 第7, 约7, 达7.
_NO_SIGN = "第共约近超达了各有上下前后至到为是计余仅另按的得过和与及从由比每满逾增减升降全我本"
_SIGN = rf"(?![{_NO_SIGN}])[一-鿿]"
_DASHED = r"\d{1,3}(?:-\d{1,3})+(?!\d)"
_KEY = re.compile(r"[一-鿿]?\d{1,3}(?:-\d{1,3})*")
_DASHED_KEY = re.compile(r"\d+-\d+")
#: As patterns: 州1-7 or 1-7, and 新7 where nothing is counted.
DASHED = rf"[一-鿿]?{_DASHED}"
SIGNED = rf"{_SIGN}\d{{1,3}}(?!\d){NOT_COUNTED}"
_SIGNED = re.compile(SIGNED)
#: 新7、新8: the sign before a figure where a word begins, and the first half of 州1-7.
_SIGN_BEFORE = re.compile(
    rf"(?:(?<![一-鿿])|(?<=[第报送填查看的和与及对了成把将据照按在于向由从])){_SIGN}\s?(?:\d{{1,2}}[-~、]\s?)?$"
)

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


def is_number(key: str) -> bool:
    """Whether a key is a number and nothing else, even where no task bears it: 新7, 1-7, 12."""
    return _KEY.fullmatch(key) is not None


def lacks_sign(key: str) -> bool:
    """Whether it is 1-7, as somebody writes who means 州1-7."""
    return _DASHED_KEY.fullmatch(key) is not None


def begins_with_number(plain: str) -> bool:
    """Whether normalised text begins with a sign and a figure that counts nothing: 激7对接."""
    return _SIGNED.match(plain) is not None


def has_sign_before(plain: str, start: int) -> bool:
    """Whether the figure at *start* of normalised text is that of a task: 新7、新8已完成."""
    return _SIGN_BEFORE.search(plain, max(0, start - 8), start) is not None
