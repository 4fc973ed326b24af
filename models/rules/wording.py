"""Official deadline wordings → recurrences, with what was assumed and what was not understood."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from models.rules.recurrence import Recurrence
from models.rules.wording_build import Open, build
from models.rules.wording_clock import Clock, Defaults
from models.rules.wording_covers import read_bounds, read_covers, read_other
from models.rules.wording_due import read_due
from models.rules.wording_duty import duties
from models.rules.wording_except import read_exception
from models.rules.wording_gate import accounted
from models.rules.wording_scan import Scan, scan, weekdays
from models.rules.wording_tokens import DueToken, HasteToken, OpenToken, Token
from models.rules.workday import Roll

__all__ = ["LONGEST", "Defaults", "NotUnderstood", "Reading", "read_wording"]

_ROLL = re.compile(
    r",?如?(?:(?:遇|逢)(?:到|有)?)?(?:法定)?(?:节假日|假日|节日|双休日|周末|休息日|公休日|[、和或及])+"
    r"[^;。,前不]{0,6}?(?P<how>顺延|延后|推迟|提前)(?:至?[^;。,]{0,8}?工作日)?"
)
_RESIDUE = re.compile(
    r"(?!20)\d{4}年|\d{1,2}月(?:\d{1,2}日)?|\d{1,2}日|(?:每|按|逐)(?:月|季度|周|半?年|旬|日|天)|(?<![下各])季度(?!总结|小结|工作|报|数据|情况|进展|分析)|半(?:年(?!报)|月)|\d{1,2}:\d{2}|\d{1,2}[时点]|\d*个?工作日|\d+个?小时"
    r"|(?<![\d本上当该每])月(?=\0季|\0)|\d+天|\d+个月|周[一二三四五六日天末]|旬|月底|年底|[次翌]年|每次|"
    r"(?<![目从提])前(?=,?(?:各|报|上报|提交|送|完成)|[,;。]|$)"
)
# A period before a due day: 1月1日至上月 begins like one.
_READERS = (read_exception, read_bounds, read_covers, read_due, read_other)
LONGEST = 500  # characters of one deadline cell; a longer one is no deadline
_WEEK = "一二三四五六日"
_NO_TIME = "没有写明报送时间"


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """What could not become a date: a sentence for the admin, and its place in the wording."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A wording in normal form. Nothing in it is guessed: see *assumed* and *not_understood*."""

    recurrences: tuple[Recurrence, ...]
    assumed: tuple[str, ...] = ()
    not_understood: tuple[NotUnderstood, ...] = ()


def read_wording(text: str, start: date | int, defaults: Defaults | None = None) -> Reading:
    """Every clause of a deadline cell (one cell often holds several).

    *start* is the day from which a date without a year is the next one, or the
    programme's year. A frequency without a day takes it from *defaults* and is
    marked assumed; without them it stays open and is listed as not understood.
    So is a cell of more than `LONGEST` characters, unread.
    """
    if len(text) > LONGEST:
        why = f"这一格有{len(text)}个字，超过{LONGEST}个字，没有读，请只写报送时间"
        return Reading((), (), (NotUnderstood(why, 0, len(text)),))
    begin = date(start, 1, 1) if isinstance(start, int) else start
    regular, roll = _without_roll(scan(text))
    tokens = accounted(regular.text, _tokens(regular.text))
    clock = Clock(begin)
    built = [
        item for duty in duties(regular.text, tokens) for item in build(duty, clock, defaults, roll)
    ]
    stated = weekdays(text)
    rules = tuple(
        dict.fromkeys(_compared(item, stated) for item in built if isinstance(item, Recurrence))
    )
    problems = [item for item in built if isinstance(item, Open)]
    problems += _leftovers(regular.text, tokens)
    if not rules and not problems:
        problems = [Open(0, len(regular.text), _NO_TIME)]
    assumed = dict.fromkeys(note for rule in rules for note in rule.assumed)
    return Reading(rules, tuple(assumed), _placed(text, regular, problems))


def _compared(rule: Recurrence, stated: dict[tuple[int, int], int]) -> Recurrence:
    """The rule, marked where the weekday written behind its date is another one."""
    weekday = stated.get((rule.on.month, rule.on.day)) if rule.on else None
    if rule.on is None or weekday is None or weekday == rule.on.isoweekday():
        return rule
    note = (
        f"{rule.on.year}年{rule.on.month}月{rule.on.day}日是周{_WEEK[rule.on.isoweekday() - 1]}，"
        f"与原文所写周{_WEEK[weekday - 1]}不一致，按日期计，请核对"
    )
    return replace(rule, assumed=(*rule.assumed, note))


def _without_roll(regular: Scan) -> tuple[Scan, Roll]:
    """The text without 遇节假日顺延, and which way it moves due dates."""
    match = _ROLL.search(regular.text)
    if not match:
        return regular, Roll.NONE
    return regular.replaced(_ROLL.pattern, ""), (
        Roll.PREVIOUS if match["how"] == "提前" else Roll.NEXT
    )


def _tokens(text: str) -> Iterator[Token]:
    at = 0
    while at < len(text):
        token = next(
            (found for read in _READERS if (found := read(text, at))),
            None,
        )
        if token:
            yield token
        at = token.end if token else at + 1


def _leftovers(text: str, tokens: tuple[Token, ...]) -> Iterator[Open]:
    """Words of time that no rule took, so that nothing is silently wrong."""
    has_due = any(isinstance(token, DueToken) for token in tokens)
    for token in tokens:
        if isinstance(token, OpenToken) and not (isinstance(token, HasteToken) and has_due):
            yield Open(token.start, token.end, token.why)
    rest = list(text)
    for token in tokens:
        rest[token.start : token.end] = "\0" * (token.end - token.start)
    for match in _RESIDUE.finditer("".join(rest)):
        yield Open(*match.span(), "没有读懂")


def _placed(text: str, regular: Scan, problems: list[Open]) -> tuple[NotUnderstood, ...]:
    """The problems in order, with the words of the original they stand at."""
    found: dict[tuple[int, int], NotUnderstood] = {}
    for problem in sorted(problems, key=lambda p: (p.start, -p.end)):
        start, end = 0, len(text)
        if problem.end > problem.start:
            start, end = regular.place(problem.start, problem.end)
        words = "".join(text[start:end].split())
        why = problem.why if problem.why == _NO_TIME else f"“{words}”{problem.why}"
        found.setdefault((start, end), NotUnderstood(why, start, end))
    return tuple(found.values())
