"""Report numbers as an admin types them: one, several, a range, with or without a reason."""

import re
from dataclasses import dataclass

from handlers.reading.normalise import clean, mapped, normalise
from models.errors import Refused

#: A range is written for a handful of reports; a longer one is rather a slip of the finger.
MOST_AT_ONCE = 50
_LISTING = ",、;和及"
_EDGES = " \t\n:：,，。;；、"
_NUMBER = r"#?\s*(?P<first>\d{1,9})(?:\s*(?:[-~至到])\s*#?(?P<last>\d{1,9}))?(?:号|$|(?=\D))"
_ONE = re.compile(_NUMBER)
_BETWEEN = re.compile(r"[\s,、;和及]*(?=#?\d)")
_ONLY = re.compile(r"[\s#\d,、;和及至到号~。.-]*")
#: What a number in front of it counts or dates: 3张图片, 7月数据, 2021年, 30%.
_COUNTED = re.compile(
    r"[张月日年个件项%处幅期人万亿元条家次版页倍成分字行组台套户公米平亩吨]|[./]\d"
)
_NOT_COUNTED = re.compile(
    r"个别|件数|项目|年度|月份|日期|期次|人[员数]|次数|条[件目]|家庭|版[本面]|公[示章文]|"
    r"分[类工]|组织|字[数体]|元素|处[室理]|成[效果]|平[均台]|行[文业]"
)


@dataclass(frozen=True)
class Numbered:
    """The reports named, in order, each once; what follows them; whether that is in doubt.

    *in_doubt*: a further number stands there that may belong to the list or to the words.
    """

    numbers: tuple[int, ...]
    reason: str
    in_doubt: bool = False


def read_numbers(text: str) -> Numbered:
    """Reads `5 6 图片有水印`, `6,7 数据不实`, `6图片模糊`, `5-8 …`.

    A number that counts or dates something (3张图片, 7月数据) belongs to the words after it.
    """
    whole = clean(text)
    plain = mapped(whole)
    at, found, in_doubt = 0, list[int](), False
    while True:
        at = _skip(plain.text, at)
        match = _ONE.match(plain.text, at)
        if match is None:
            break
        doubt = _doubt(plain.text, match, is_first=not found)
        if doubt is not None:
            in_doubt = doubt
            break
        found += _numbers_of(match)
        at = match.end()
    reason = whole[plain.origin[at] :].strip().strip(_EDGES)
    return Numbered(tuple(dict.fromkeys(found)), reason, in_doubt)


def only_numbers(text: str, how: str) -> tuple[int, ...]:
    """The reports of a text that is nothing but numbers, smaller ones first; else refused.

    Smaller ones are locked first, so that nobody waits in a ring.
    """
    if not _ONLY.fullmatch(normalise(text)):
        raise Refused(how)
    read = read_numbers(text)
    if not read.numbers or read.reason or read.in_doubt:
        raise Refused(how)
    return tuple(sorted(read.numbers))


def _skip(text: str, at: int) -> int:
    match = _BETWEEN.match(text, at)
    return match.end() if match else at


def _numbers_of(match: re.Match[str]) -> list[int]:
    first, last = int(match["first"]), int(match["last"] or match["first"])
    if last < first or last - first >= MOST_AT_ONCE:
        raise Refused(
            f"“{first}-{last}”不是可用的编号范围，一次最多{MOST_AT_ONCE}件，请分开写编号。"
        )
    return list(range(first, last + 1))


def _doubt(text: str, match: re.Match[str], *, is_first: bool) -> bool | None:
    """None for a report's number; else whether it is doubtful that it belongs to the words."""
    if match[0].startswith("#"):
        return None
    rest = text[match.end() :]
    after = rest.lstrip()
    is_glued = rest == after and after != ""
    counts = bool(_COUNTED.match(after)) and not _NOT_COUNTED.match(after)
    if is_glued and counts:
        return False
    if is_first:
        return None
    is_listed = text[: match.start()].rstrip()[-1:] in _LISTING  # 6、7数据不实
    is_apart = not is_glued or after[0] in _EDGES or after[0] in "#和及"
    return True if counts or not (is_listed or is_apart) else None
