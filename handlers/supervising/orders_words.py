"""Orders as people type them: their numbers, what is wanted of them, and a limit with its words."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from handlers.reading.days import NoDays, read_days_ahead
from handlers.reading.normalise import Mapped, clean, command_key, mapped, normalise
from models.errors import Refused
from models.rules.order import day_end
from models.rules.span import month_end

#: The longest requirement or reason, and account of what was done, as a paper has room for.
LONGEST = 500
LONGEST_ACCOUNT = 2000
#: So many orders are named in one message; more is rather a slip of the finger.
MOST_AT_ONCE = 20
EXAMPLE = "督办 州1-7 9月30日 9月底前补齐缺口，并报送整改情况"
_NUMBER = re.compile(
    r"(?:督办|建议)?(?:单)?\s*[第#]?\s*(?:(?P<year>20\d\d)\s*(?:年第?|-)\s*)?(?P<number>\d{1,5})\s*号?"
    r"(?=$|[\s,。:;、!?]|[^\d\s\-~./年月日件个项次张份人万亿元%倍天周季])[\s,。:;、]*"
)
_DAY = (
    r"(?:20\d\d\s*[-/.年]\s*)?\d{1,2}\s*[-/.月]\s*\d{1,2}(?!\d)\s*[日号]?"
    r"|今天|今日|明天|明日|后天|(?:下下|下|本|这)个?(?:周|星期|礼拜)[一二三四五六日天]"
)
_LIMIT = re.compile(
    r"(?:(?:限期?|期限|办结时限|截止|请?于|请?在|延期?[到至]|[到至])[\s:]*)?"
    rf"(?:(?P<end>(?:\d{{1,2}}|本)?月底)|(?P<day>{_DAY}))(?:\s*(?:之?前|以前|为止))?[\s,。:;、]*"
)
_PART = re.compile(r"(?P<name>存在问题|问题|整改要求|要求)\s*[:：]\s*")
_PUNCTUATION = " \t\n:：,，。;；、"


@dataclass(frozen=True)
class Numbered:
    """An order's number, with its year where one is written, and what follows."""

    number: int
    year: int | None
    rest: str


@dataclass(frozen=True)
class Limited:
    """A limit, None where none is written, and the words behind it."""

    until: datetime | None
    words: str


@dataclass(frozen=True)
class Worded:
    """What is wrong, as far as the admin says it, and what is required."""

    problem: str
    required: str


def order_numbered(text: str) -> Numbered | None:
    """The number that *text* begins with (3, 督办3, 2020-3, 第3号), or None.

    A number that counts or dates something (3件事, 9月) is none, nor one of a task (1-7).
    """
    text = clean(text)
    plain = mapped(text)
    found = _NUMBER.match(plain.text)
    if found is None or int(found["number"]) == 0:
        return None
    year = int(found["year"]) if found["year"] else None
    return Numbered(int(found["number"]), year, _behind(text, plain, found.end()))


def begins_with_order(rest: str) -> bool:
    """Whether what is glued to the word 督办 is an order's number."""
    return order_numbered(rest[:20]) is not None


def order_numbers(text: str, how: str) -> tuple[list[Numbered], str]:
    """The orders named one after another, and the words behind them; refused where none is."""
    found, rest = list[Numbered](), text
    while (one := order_numbered(rest)) is not None:
        found.append(one)
        rest = re.sub(r"^[和及与]\s*", "", one.rest)
    if not found:
        raise Refused(how)
    if len(found) > MOST_AT_ONCE:
        raise Refused(f"一次最多{MOST_AT_ONCE}件，收到{len(found)}件，均未处理。请分开发送。")
    return found, bounded(rest)


def with_limit(text: str, today: date) -> Limited:
    """The limit that *text* begins with, as the end of that day, and the words behind it.

    Refused where the day does not exist or has passed.
    """
    text = clean(text)
    plain = mapped(text)
    found = _LIMIT.match(plain.text)
    if found is None:
        return Limited(None, text.strip())
    return Limited(_until(found, today), _behind(text, plain, found.end()))


def is_limit(word: str) -> bool:
    """Whether a word is the beginning of a limit."""
    return _LIMIT.match(normalise(word)) is not None


def _until(found: re.Match[str], today: date) -> datetime:
    if found["end"]:
        written = found["end"].removesuffix("月底")
        month = int(written) if written.isdecimal() else today.month
        if not 1 <= month <= 12:
            raise Refused(f"没有{month}月。请写明期限，例如：\n{EXAMPLE}")
        day = month_end(today.year + (month < today.month), month)
    else:
        try:
            day = read_days_ahead(found["day"], today).days[0]
        except NoDays as error:
            raise Refused(f"{error.args[0]}。请写明期限，例如：\n{EXAMPLE}") from None
    if day < today:
        raise Refused(f"{day.year}年{day.month}月{day.day}日已经过去，请改写一个今后的日期。")
    return day_end(day)


def worded(text: str) -> Worded:
    """问题：… 要求：… in either order; without these words all of it is the requirement."""
    marks = list(_PART.finditer(text))
    if not marks:
        return Worded("", bounded(text))
    parts = {"问题": "", "要求": text[: marks[0].start()]}
    for at, mark in enumerate(marks):
        end = marks[at + 1].start() if at + 1 < len(marks) else len(text)
        parts["问题" if "问题" in mark["name"] else "要求"] = text[mark.end() : end]
    return Worded(bounded(parts["问题"]), bounded(parts["要求"]))


def bounded(text: str, most: int = LONGEST) -> str:
    """The words without their edges; refused where they are longer than a paper has room for."""
    said = text.strip().strip(_PUNCTUATION)
    if len(said) > most:
        raise Refused(f"最多写{most}字，收到{len(said)}字，本次未处理。请写简要些再发。")
    return said


def same_words(one: str, other: str) -> bool:
    """Whether two requirements say the same."""
    return command_key(one) == command_key(other)


def _behind(text: str, plain: Mapped, end: int) -> str:
    return text[plain.origin[end] :].strip()
