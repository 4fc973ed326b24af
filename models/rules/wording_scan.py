"""Scanned official text made regular for the deadline grammar, every character's place kept."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_TRADITIONAL = str.maketrans(
    "毎週個內報於號開後點時終結間計關會議數據達專項與○",
    "每周个内报于号开后点时终结间计关会议数据达专项与〇",
)
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_CN = "零〇一二三四五六七八九十廿两"
_DASHES = "‐‑‒–—―−─━~∼〜﹣"
BREAK = ";"
_QUARTERS = 4
_WEEK = "一二三四五六日"
_PASSES = 4  # no date has more damaged characters in a row


@dataclass(frozen=True, slots=True)
class Scan:
    """Regular text, and for each of its characters where it stands in the original."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the regular text stands in the original."""
        return self.starts[start], self.ends[end - 1]

    def replaced(self, pattern: str, new: str | Callable[[re.Match[str]], str]) -> "Scan":
        """The scan with every match rewritten; new characters stand where the match stood."""
        chars, starts, ends = [], [], []
        done = 0
        for match in re.finditer(pattern, self.text):
            low, high = match.span()
            text = match.expand(new) if isinstance(new, str) else new(match)
            chars += [self.text[done:low], text]
            starts += [*self.starts[done:low], *self._spread(self.starts, low, high, text)]
            ends += [*self.ends[done:low], *self._spread(self.ends, low, high, text)]
            done = high
        if not done:
            return self
        return Scan(
            "".join([*chars, self.text[done:]]),
            (*starts, *self.starts[done:]),
            (*ends, *self.ends[done:]),
        )

    def _spread(self, places: tuple[int, ...], low: int, high: int, text: str) -> list[int]:
        if len(text) == high - low:
            return list(places[low:high])
        edge = self.starts[low] if places is self.starts else self.ends[high - 1]
        return [edge] * len(text)


def scan(text: str) -> Scan:
    """*text* without spaces, brackets and line breaks, in half-width digits and one wording.

    The sources are scans: l and I for 1, 曰 and 目 for 日, O for 0, 午 for 年, ： for ；.
    """
    result = _folded(text)
    result = _repaired(result)
    for pattern, new in _REPAIRS:
        result = result.replaced(pattern, new)
    result = result.replaced(_CN_NUMBER, lambda match: _arabic(match[0]))
    result = result.replaced(_LISTED_QUARTERS, lambda m: _month_ends(m[0]))
    result = result.replaced(_ENDED_QUARTERS, _after_quarters)
    result = result.replaced(r"第?([1-4])季度[末底](?!月)", lambda m: f"{int(m[1]) * 3}月底")
    for pattern, new in _SYNONYMS:
        result = result.replaced(pattern, new)
    return result


def weekdays(text: str) -> dict[tuple[int, int], int]:
    """The weekdays written behind dates, by month and day: 8月25日（星期三）."""
    plain = _repaired(_folded(text)).replaced(_CN_NUMBER, lambda match: _arabic(match[0])).text
    return {
        (int(m[1]), int(m[2])): _WEEK.index(m[3].replace("天", "日")) + 1
        for m in re.finditer(rf"(\d{{1,2}})月(\d{{1,2}})[日号](?:星期|礼拜|周)([{_WEEK}天])", plain)
    }


def _repaired(result: Scan) -> Scan:
    """The scan with its damaged characters mended, each pass building on the one before."""
    for _ in range(_PASSES):
        before = result.text
        for pattern, new in _CHARACTERS:
            result = result.replaced(pattern, new)
        if result.text == before:
            break
    return result


def number(text: str) -> int | None:
    """A numeral below one hundred, Chinese or Arabic, or a year digit by digit; None for others."""
    if text.isdigit() and text.isascii():
        return int(text)
    if all(char in _DIGITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text))
    match = re.fullmatch(r"([二三四五六七八九]?十|廿)([一二三四五六七八九]?)", text)
    if not match:
        return None
    tens = 2 if match[1] == "廿" else _DIGITS[match[1][:-1] or "一"]
    return tens * 10 + (_DIGITS[match[2]] if match[2] else 0)


def _month_ends(text: str) -> str:
    """一季度、二季度、三季度末 names three days."""
    return "、".join(f"{int(each) * 3}月底" for each in re.findall(r"[1-4]", text))


def _after_quarters(match: re.Match[str]) -> str:
    """一季度、二季度结束后10日内 names each quarter and its own day."""
    quarters = [int(each) for each in re.findall(r"[1-4]", match["list"])]
    names = "、".join(f"{each}季度" for each in quarters)
    months = (f"{each * 3 + 1}月" if each < _QUARTERS else "次年1月" for each in quarters)
    return names + "分别于" + "、".join(f"{month}{match['n']}日" for month in months) + "前"


def _arabic(text: str) -> str:
    return text if number(text) is None else str(number(text))


def _folded(text: str) -> Scan:
    enumerators = set(_enumerators(text))
    chars, places = [], []
    for index, char in enumerate(text):
        plain = BREAK if index in enumerators else _plain(char)
        chars.append(plain)
        places += [index] * len(plain)
    return Scan("".join(chars), tuple(places), tuple(place + 1 for place in places))


def _plain(char: str) -> str:
    if char.isspace() or char in "()（）[]【】《》〈〉“”‘’\"'「」\u200b\u200c\u200d\ufeff":
        return ""
    if char in _DASHES:
        return "-"
    if unicodedata.category(char) == "No":  # ①, ⑴
        return BREAK
    return unicodedata.normalize("NFKC", char).translate(_TRADITIONAL)


def _enumerators(text: str) -> Iterator[int]:
    """Places of the numbers before list items; `1、7月` is one only if `2、` follows later."""
    opener = r"(?:^|[\n;；。])[^\S\n]*"
    for match in re.finditer(opener + rf"([（(](?:\d{{1,2}}|[{_CN}]+)[）)])", text):
        yield from range(*match.span(1))
    for match in re.finditer(
        opener + r"(\d{1,2}[.．](?!\d+\s*[.．]))(?=\s*\D|\s*\d{1,4}\s*[月年日号])", text
    ):
        yield from range(*match.span(1))
    listed = list(re.finditer(opener + rf"((\d{{1,2}}|[{_CN}]{{1,2}})[、,，])", text))
    values = [number(match[2]) for match in listed]
    if len(values) > 1 and values[0] and values == [values[0] + n for n in range(len(values))]:
        for match in listed:
            yield from range(*match.span(1))


#: Damaged characters; one repair can make the next possible, so they run until nothing changes.
_CHARACTERS: tuple[tuple[str, str], ...] = (
    (r"-+", "-"),
    (r"曰", "日"),
    (r"(20\d{2})[./-](\d{1,2})[./-](\d{1,2})(?![\d.])", r"\1年\2月\3日"),
    (r"(?<![\d./-])(\d{1,2})[./](\d{1,2})(?=[之以]?前)", r"\1月\2日"),
    (r"(?<=月)(\d{1,2})(?=[之以]?前(?!\d))", r"\1日"),
    (r"(?<=[日号\d])含(?:当[日天]|本数)?(?=[之以]?[前内])", ""),
    (r"(?<=\d)[目口](?=[前起止内,、和至到\-;。]|$)", "日"),
    (r"(?<![A-Za-z])[lI|!丨](?=[lI|!丨]?[\d\-至到、月日号])", "1"),
    (r"(?<![A-Za-z])[lI|!丨](?=一\d{1,2}月)", "1"),
    (r"(?<![A-Za-z])[lI|!丨](?=[lI|!丨][目口](?:前|$))", "1"),
    (r"(?<=[\d\-])[lI|!丨](?=[\d月日号目口\-年])", "1"),
    (r"(?<=\d)[oO](?=[\doO年月日号目口:-])", "0"),
    (r"(?<=:)[oO](?=[oO0-5])", "0"),
    (r"(?<=:\d)[oO](?![A-Za-z])", "0"),
    (r"(?<=[每月])[oO](?=[1-9][日号目口])", "0"),
    (r"(?<=[12])[sS](?=[日号目口])", "5"),
    (r"(?<=\d{4})午", "年"),
    (r"(?<=\d)一(?=\d)", "-"),
)

_REPAIRS: tuple[tuple[str, str], ...] = (
    (r"(?<=[月日前起])\.(?!\d)", ","),
    (rf"(?<=[{_CN}])-(?=[{_CN}]+月)", "-"),
    (rf"(?<=[{_CN}])(?:至|到)(?=[{_CN}\d]+(?:月|季|日))", "-"),
    (r"上[、和及与]?下(?=半年)", "上半年、下"),
    (r"首个(?=工作日)", "第1个"),
    (r"上一个?(?=月|季|周|年)", "上"),
    (r"前一个?(?=月|季|周)", "上"),
    (r"下一个?(?=月|季|周|年)", "下"),
    (r"每一个?(?=月|季|周|年|天|日)", "每"),
    (r"([上下每本当该各])个(?=月|季|周|星期|半年)", r"\1"),
    (r"星期|礼拜", "周"),
    (r"的", ""),
    (r"(?<=每月)(?:逢|定于|于|在)(?=[\d最底前第倒])", ""),
    (r"(?<=[首末]月)(?:定于|于|在)(?=\d)", ""),
    (r"(?<=[\d日号])(?<=[日号])周[一二三四五六日天](?=[前下上中\d,;、报]|$)", ""),
    (r"(?<![春夏秋冬雨旱淡旺四])季(?!度|节)", "季度"),
)

_CN_NUMBER = (
    rf"(?<![周{_CN}])[{_CN}]{{4}}(?=年)"
    rf"|(?<!周)[{_CN}]{{1,3}}(?=个?(?:月|日|号|工作日|自然日|季度|小时|天|周|时|点)|次|报|-[{_CN}\d]+(?:月|日|季度))"
    rf"|(?<=-)[{_CN}]{{1,3}}(?=月|日|季度)"
    rf"|(?<![周{_CN}])[{_CN}]{{1,3}}(?=(?:[、,和及与][{_CN}]{{1,3}})+(?:月|日|季度))"
)

#: The days after a period that ends once a year are days of the month after it.
_ENDED = r"(?:工作)?(?:结束|终了|完)?后(?=(?:[1-9]|1\d|2[0-8])(?:个工作日|日|天)[内前])"
_LISTED_QUARTERS = r"(?:第?[1-4]季度[末底]?[、,和及与])+第?[1-4]季度[末底](?!月)"

_ENDED_QUARTERS = (
    r"(?P<list>(?:第?[1-4](?:季度)?[、,和及与])+第?[1-4]季度)(?:工作)?(?:结束|终了|完)?后"
    r"(?P<n>[1-9]|1\d|2[0-8])(?:日|天)[内前]"
)

_SYNONYMS: tuple[tuple[str, str], ...] = (
    (rf"上半年度?{_ENDED}", "上半年7月"),
    (rf"下半年度?{_ENDED}", "下半年1月"),
    (rf"第?1季度{_ENDED}", "1季度4月"),
    (rf"第?2季度{_ENDED}", "2季度7月"),
    (rf"第?3季度{_ENDED}", "3季度10月"),
    (rf"第?4季度{_ENDED}", "4季度1月"),
    (r"(?<=\d)号", "日"),
    (r"(?<=[\d上本当])月度", "月"),
    (r"月份", "月"),
    (r"月度(?=终了|结束|后)", "月"),
    (r"个自然日", "日"),
    (r"半年度", "半年"),
    (r"之前|以前", "前"),
    (r"之内|以内", "内"),
    (r"之后|以后", "后"),
    (r"(?<=年初)(?:至|到)", "-"),
    (r"月(?:末|终(?!了))", "月底"),
    (r"月底?最后1?[日天]", "月底"),
    (r"年[末终](?!月)", "年底"),
    (r"每周周", "每周"),
    (r"(?<=[\d月日年底起来周])(?:至|到)(?=[\d上本当季年月次明翌底周])", "-"),
    (r"-+", "-"),
)
