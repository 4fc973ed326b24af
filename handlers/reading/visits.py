"""A contact with the upper level as people write it: when, who, whom, and what came of it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from handlers.reading.dates import DateReading, read_date
from handlers.reading.normalise import normalise
from handlers.reading.offices import has_rank, nobody_in, rank_only
from models.rules.span import add_months, month_end


@dataclass(frozen=True)
class Days:
    """A day, or a span of days; a time that was only given roughly (7月, 8月中旬) is a span."""

    on: date
    until: date | None = None


@dataclass(frozen=True)
class Visit:
    """What could be read; an empty part was not said.

    *days* are several where several were listed for the same visit. *bad_day* is what was
    written for a day that cannot be, *unranked* what stood for who without any rank or office,
    *left* a sentence in which no verb was found. *is_several*: a further visit follows the first.
    *is_unnamed*: persons' names were left out; *is_doubtful*: what may be a name or a number of a
    person, so that the writer should look at what is left.
    """

    days: tuple[Days, ...] = ()
    bad_day: str = ""
    who: str = ""
    whom: str = ""
    result: str = ""
    place: str = ""
    left: str = ""
    unranked: bool = False
    is_several: bool = False
    is_unnamed: bool = False
    is_doubtful: bool = False


_LABELS = {
    "when": "时间 日期 对接时间 汇报时间",
    "who": "层级 级别 人员 参加人员 带队 带队领导 对接人 汇报人 领导 谁 我方",
    "whom": "对象 对接对象 汇报对象 对接单位 汇报单位 上级单位 上级部门 对接部门 对方",
    "result": "结果 反馈 反馈结果 对接结果 反馈情况 情况 成效",
    "place": "县市 县市区 单位 园区",
}
_KEYS = {word: key for key, words in _LABELS.items() for word in words.split()}
_LABEL = re.compile(
    rf"(?:^|[\n;。,\s])(?P<label>{'|'.join(sorted(_KEYS, key=len, reverse=True))})\s*:\s*"
)
_YEAR = r"(?:(?<!\d)(?P<y>(?:20)?\d\d)\s*年\s*)?"
_TO = r"\s*(?:-{1,2}|~|至|到)\s*"
_DAY = rf"{_YEAR}(?P<m>\d{{1,2}})\s*月\s*(?P<d>\d{{1,2}})\s*[日号]?"
_SPAN = re.compile(
    rf"{_DAY}{_TO}(?:(?:20\d\d\s*年\s*)?(?P<m2>\d{{1,2}})\s*月\s*)?(?P<d2>\d{{1,2}})\s*[日号]"
)
_ONE = re.compile(_DAY)
_ROUGH = re.compile(
    rf"{_YEAR}(?P<m>\d{{1,2}})\s*月(?:份)?\s*(?P<part>上旬|中旬|下旬|初|中|底|末)?(?!\d)"
)
#: 本月 and 上月 say no day, and are rough like 7月.
_SPOKEN = re.compile(
    r"(?P<spoken>本月|这个月|当月|上月|上个月)(?:份)?(?P<part>上旬|中旬|下旬|初|中|底|末)?(?!\d)"
)
_MORE = re.compile(r"(?P<d>\d{1,2})\s*[日号]")
_KINDS = (_SPAN, _ONE, _ROUGH, _SPOKEN)
#: A day that somebody announced is not the day of the visit.
_PROMISED = re.compile(r"(?:定于|定在|将于|将在|拟于|拟在|计划|约定|预计|确定|承诺)\s*$")
_COMMA = re.compile(r"\s*[、,和及]\s*")
_PARTS = {"上旬": (1, 10), "初": (1, 10), "中旬": (11, 20), "中": (11, 20)}
_UPPER = r"(?:省|国家|国务院|中央|部委|上级|厅|湖南|京|北京|长沙|湘潭|湘西|州|市)"
_VERBS = "到|赴|前往|去|向|与|同|找|拜访|走访|电话联系|联系|对接|衔接"
_GO = re.compile(rf"(?P<verb>{_VERBS})\s*(?=(?:了)?{_UPPER})")
_GO_ANYWHERE = re.compile(r"(?P<verb>到|赴|前往|拜访|走访)")
_WHOM_ENDS = re.compile(
    r"(?:进行|开展)?(?:汇报|对接|衔接|沟通|争取|座谈|请示|协调|咨询|反映|书面|当面|专题|报送|递交|参加|学习|"
    r"考察|了解|联系|就(?!业))|[,;。\n]|$"
)
_LEADING = re.compile(
    r"(?:[,\s]|带队|率队|一行|率(?:相关|有关).*|带领.*|陪同|多次|再次|专程|先后|分别|亲自|一同|通过电话|派员|派人|安排人员|组织)+$"
)
#: Where people travel is not whom they saw: 到北京对接国家发改委.
_TOWNS = frozenset("京 北京 北京市 长 长沙 长沙市 湘潭 湘潭市 省城 湖南 上级".split())
_THROUGH_TOWN = re.compile(r"^(?:北京市?|京|长沙市?|湘潭市?|省城)[,\s]*(?:向|找|与)")
#: The hour, and where it was, say nothing of who went.
_ASIDE = re.compile(
    r"(?:凌晨|早上|上午|中午|下午|晚上|晚间)?\s*\d{1,2}\s*(?:[:点时]\s*(?:\d{1,2}\s*分?|半|整)?)(?:许|左右)?"
    r"|凌晨|早上|上午|中午|下午|晚上|\d{2,4}年|(?<=.)在(?:北京|长沙|湘潭|省城|省里|京|省)市?$"
)
#: No day can be taken from these, and they are no part of who went.
_VAGUE = re.compile(r"上周|本周|前几天|前些天|近日|日前|近期|最近|(?<=[局办委厅市县州])于(?=\s)")
_OPENS_RESULT = re.compile(r"^(?:反馈)?(?:结果)?(?:为|是)?[\s:,]*")
_CLAUSE = re.compile(r"[,;。\n]")
_EDGES = " \t\n,;。:、"
_WIDE = str.maketrans({",": "，", ";": "；", ":": "：", "(": "（", ")": "）"})


def read_visit(text: str, today: date, year: int, offices: Iterable[str] = ()) -> Visit:
    """The visit in *text*, a sentence or labelled lines (时间：…), which win over the sentence.

    Days without a year lie in *year*. Nobody's name comes back, only ranks and offices
    (*offices* are names of units).
    """
    known = tuple(offices)
    said, sentence = _labelled(normalise(text))
    days, bad, without = _when(said.get("when", sentence), today, year)
    if "when" not in said:
        sentence = without
    who, whom, result, left = _who_and_whom(sentence)
    unread = nobody_in(left, known)
    came = rank_only(_ASIDE.sub("", said.get("who", who)).strip(_EDGES), known)
    met = nobody_in(said.get("whom", whom), known, "")
    answer = nobody_in(said.get("result", result), known)
    return Visit(
        days=days,
        bad_day=bad,
        who=came.text if has_rank(came.text) else "",
        whom=met.text,
        result=answer.text,
        place=said.get("place", ""),
        left=unread.text,
        is_several=_holds_another(result),
        unranked=bool(said.get("who", who)) and not has_rank(came.text),
        is_doubtful=any(each.is_doubtful for each in (met, answer, unread)),
        is_unnamed=any(each.is_changed for each in (came, met, answer, unread)),
    )


def _holds_another(result: str) -> bool:
    """Whether a clause of what should be the result begins with a day and goes somewhere."""
    clauses = (clause.strip() for clause in re.split(r"[;。\n]", result))
    return any(any(k.match(c) for k in _KINDS) and _GO.search(c) for c in clauses)


def _labelled(plain: str) -> tuple[dict[str, str], str]:
    """The labelled parts by field, and what stands before the first of them."""
    found = list(_LABEL.finditer(plain))
    ends = [*(each.start() for each in found[1:]), len(plain)]
    said = {
        _KEYS[each["label"]]: plain[each.end() : end].strip(_EDGES)
        for each, end in zip(found, ends, strict=False)
    }
    first = found[0].start() if found else len(plain)
    return {key: text for key, text in said.items() if text}, plain[:first]


def _when(text: str, today: date, year: int) -> tuple[tuple[Days, ...], str, str]:
    """The days at the first place that names any, a word that is no day, and the rest."""
    first = _next(text, 0)
    if first is None:
        return _spoken(text, today, year)
    days, place, month = [], first.start(), 0
    match: re.Match[str] | None = first
    while match is not None:
        try:
            each = _days(match, year, month, today)
        except ValueError:
            return (), match[0], text.replace(match[0], " ", 1)
        days.append(each)
        month, end = each.on.month, match.end()
        match = _following(text, end)
    return tuple(days), "", f"{text[:place]} {text[end:]}"


def _next(text: str, place: int) -> re.Match[str] | None:
    """The leftmost date at or behind *place*, the most exact one where several begin there."""
    found = [
        match
        for kind in _KINDS
        for match in kind.finditer(text, place)
        if not _PROMISED.search(text, 0, match.start())
    ]
    return min(found, key=lambda match: match.start(), default=None)


def _following(text: str, end: int) -> re.Match[str] | None:
    """A further date of a list: 3月5日、7月26日 or 5月17日、18日."""
    comma = _COMMA.match(text, end)
    if comma is None:
        return None
    kinds = (*_KINDS, _MORE)
    return next((m for kind in kinds if (m := kind.match(text, comma.end()))), None)


def _days(match: re.Match[str], year: int, month: int, today: date) -> Days:
    """What a match names; ValueError where there is no such day."""
    parts = match.groupdict()
    if match.re is _SPOKEN:
        first = add_months(today.replace(day=1), -1 if match["spoken"].startswith("上") else 0)
        return _rough(first.year, first.month, parts["part"])
    year = int(parts.get("y") or year)
    year += 2000 if year < 100 else 0
    month = int(parts.get("m") or month)
    if match.re is _ROUGH:
        return _rough(year, month, parts["part"])
    on = date(year, month, int(parts["d"]))
    if match.re is not _SPAN:
        return Days(on)
    until = date(year, int(parts["m2"] or month), int(parts["d2"]))
    if until < on:
        raise ValueError(match[0])
    return Days(on, until)


def _rough(year: int, month: int, part: str | None) -> Days:
    last = month_end(year, month)
    first, until = _PARTS.get(part or "", (21 if part else 1, last.day))
    return Days(date(year, month, first), date(year, month, until))


def _spoken(text: str, today: date, year: int) -> tuple[tuple[Days, ...], str, str]:
    """昨天, 9.19 or 九月十九日: whatever one day a date is read from."""
    within = (date(year, 1, 1), date(year, 12, 31))
    for piece in _pieces(text):
        read = read_date(piece, today, within)
        if isinstance(read, DateReading):
            start, end = read.span
            if _PROMISED.search(piece, 0, start):
                continue
            return (Days(read.day),), "", text.replace(piece[start:end], " ", 1)
    return (), "", text


def _pieces(text: str) -> Iterator[str]:
    yield from (piece for piece in re.split(r"[,;。\n\s]+", text) if piece)


def _who_and_whom(sentence: str) -> tuple[str, str, str, str]:
    """Who, whom and result of a sentence; the whole of it comes back where no verb is found."""
    plain = sentence.strip(_EDGES)
    go = _GO.search(plain) or _GO_ANYWHERE.search(plain)
    if go is None:
        return "", "", "", plain.translate(_WIDE)
    who = _ASIDE.sub("", _VAGUE.sub("", plain[: go.start()])).strip(_EDGES)
    who = _LEADING.sub("", who).strip(_EDGES)
    whom, stop = _whom(plain, go.end())
    if whom in _TOWNS:
        further = _GO.search(plain, go.end())
        whom, stop = _whom(plain, further.end()) if further else ("", stop)
    clause = _CLAUSE.search(plain, stop)
    result = plain[clause.end() :] if clause else ""
    return who, whom, _OPENS_RESULT.sub("", result).strip(_EDGES), ""


def _whom(plain: str, start: int) -> tuple[str, int]:
    """Whom they saw, and where that ends."""
    end = _WHOM_ENDS.search(plain, start)
    stop = end.start() if end else len(plain)
    seen = _THROUGH_TOWN.sub("", plain[start:stop].strip(_EDGES).removeprefix("了"))
    return seen.replace("向", ""), stop
