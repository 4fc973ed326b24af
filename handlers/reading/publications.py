"""动态 as people write it: what was published, where, and for which month it counts."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from handlers.reading.normalise import clean, normalise
from handlers.reading.numerals import read_number
from models.activity import ActivityKind
from models.rules.span import add_months


class LinkProblem(StrEnum):
    """Why no link was taken."""

    NONE = "none"
    FOREIGN = "foreign"
    SEVERAL = "several"


@dataclass(frozen=True)
class Publication:
    """What could be read.

    *month* is the first day of the month that was stated, *title_months* those that only the
    title speaks of. *no_such_month* is what was written for a month that cannot be. *kind* is
    None where no word says it. *needs_no_link*: it was said that there is none.
    """

    title: str
    link: str = ""
    problem: LinkProblem | None = None
    needs_no_link: bool = False
    month: date | None = None
    no_such_month: str = ""
    title_months: tuple[date, ...] = ()
    kind: ActivityKind | None = None


_LINK = re.compile(r"https?://[^\s，。；、（）【】《》“”\"'<>]+", re.IGNORECASE)
_FOREIGN = re.compile(r"(?<![\w.])(?:[a-z][a-z0-9+.-]*:/{0,2}\S+|www\.\S+)", re.IGNORECASE)
_NO_LINK = re.compile(r"(?:没有|暂?无)链接")
_LABEL = re.compile(
    r"(?:^|(?<=[\s;；,，。]))(?:标题|题目|名称|链接|网址|地址|月份|时间|类别|类型)\s*[:：]"
)
_MONTH_TOKENS = (
    re.compile(
        r"(?:(?P<y>20\d\d)年)?(?P<m>\d{1,2}|十[一二]?|[一二三四五六七八九])月"
        r"(?:份|\d{1,2}[日号]?)?"
    ),
    re.compile(r"(?P<y>20\d\d)(?P<mark>[-./])(?P<m>\d{1,2})(?:(?P=mark)\d{1,2})?"),
)
_TO = r"(?:-{1,2}|~|至|到)"
_IN_TITLE = re.compile(rf"(?:(?P<y>20\d\d)年)?(?:\d{{1,2}}月?\s*{_TO}\s*)?(?P<m>\d{{1,2}})月")
_KINDS = (
    (ActivityKind.CASE, re.compile("案例|经验做法")),
    (ActivityKind.REPORT, re.compile("专报|简报")),
    (ActivityKind.SUMMARY, re.compile("总结|小结")),
    (ActivityKind.NEWS, re.compile("新闻|报道")),
)
_KIND_TOKEN = re.compile(
    r"(?:新闻报道|新闻|报道|工作总结|总结|工作专报|专报|简报|典型案例|案例)[:：]?"
)
_KIND_FIRST = re.compile(rf"^{_KIND_TOKEN.pattern.removesuffix('[:：]?')}[:：]\s*(?=\S)")
_THANKS = re.compile(r"[\s,，;；。]*(?:谢谢|多谢|辛苦了|请审核)[。!！]*$")
_LAST_MONTH = frozenset(("上月", "上个月"))
_THIS_MONTH = frozenset(("本月", "这个月", "当月"))
_EDGES = " \t\n:：,，;；。、"


def read_publication(text: str, year: int, today: date) -> Publication:
    """The published item in *text*, which begins behind the task's name.

    A month without a year lies in *year*; 上月 and 本月 are those of *today*.
    """
    plain = _THANKS.sub("", clean(text))
    links = [found.rstrip(".,;:!?)") for found in _LINK.findall(plain)]
    rest = _LINK.sub(" ", plain)
    foreign = _FOREIGN.findall(rest) if not links else []
    rest = _NO_LINK.sub(" ", _LABEL.sub(" ", _FOREIGN.sub(" ", rest)))
    tokens = rest.split()
    months = [token for token in tokens if _is_month(token)]
    kinds = [token for token in tokens if _KIND_TOKEN.fullmatch(token)]
    title = " ".join(each for each in tokens if each not in (*months[:1], *kinds)).strip(_EDGES)
    month, bad = _month(months[0], year, today) if months else (None, "")
    return Publication(
        title=_KIND_FIRST.sub("", title),
        link=links[0] if len(links) == 1 else "",
        problem=_problem(links, foreign),
        needs_no_link=bool(_NO_LINK.search(plain)),
        month=month,
        no_such_month=bad,
        title_months=_months_in(title, year),
        kind=_kind(" ".join((*kinds, title))),
    )


def _is_month(token: str) -> bool:
    spoken = normalise(token).strip(_EDGES)
    return spoken in _LAST_MONTH | _THIS_MONTH or _month_token(token) is not None


def _month_token(token: str) -> re.Match[str] | None:
    bare = normalise(token).strip(_EDGES)
    return next((found for kind in _MONTH_TOKENS if (found := kind.fullmatch(bare))), None)


def _problem(links: list[str], foreign: list[str]) -> LinkProblem | None:
    if len(links) > 1:
        return LinkProblem.SEVERAL
    if foreign:
        return LinkProblem.FOREIGN
    return None if links else LinkProblem.NONE


def _month(token: str, year: int, today: date) -> tuple[date | None, str]:
    found = _month_token(token)
    if found is None:
        spoken = normalise(token).strip(_EDGES)
        this = today.replace(day=1)
        return (add_months(this, -1) if spoken in _LAST_MONTH else this), ""
    number = read_number(found["m"])
    if number is None or not 1 <= number <= 12:
        return None, token
    return date(int(found["y"] or year), int(number), 1), ""


def _months_in(title: str, year: int) -> tuple[date, ...]:
    found = {
        date(int(match["y"] or year), int(match["m"]), 1)
        for match in _IN_TITLE.finditer(normalise(title))
        if 1 <= int(match["m"]) <= 12
    }
    return tuple(sorted(found))


def _kind(text: str) -> ActivityKind | None:
    return next((kind for kind, words in _KINDS if words.search(text)), None)
