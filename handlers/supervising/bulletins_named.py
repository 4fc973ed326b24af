"""Which document is meant: a programme, a kind, and the month or quarter that it speaks of."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from handlers.context import Context, ExportContext
from handlers.reading.normalise import command_key, normalise
from handlers.registry import BulletinKind, Span
from handlers.standing.rounds import round_called
from handlers.standing.tasks import data_date
from handlers.supervising.bulletins import Issue, kinds_for
from handlers.supervising.choosing import programme_called
from models.bulletin import Bulletin, issued_of
from models.errors import Refused
from models.programme import Programme
from models.rules.span import month_end

_QUARTER = re.compile(r"(?:(?P<year>20\d\d)年?)?第?(?P<of>[一二三四1-4])季度?")
_NUMBER = re.compile(r"(?:(?P<year>20\d\d)年)?第?(?P<number>\d{1,4})号")
_MOST_SEARCHED = 200
_CHINESE = {"一": 1, "二": 2, "三": 3, "四": 4}


@dataclass(frozen=True)
class Named:
    """What was named of a document; *month* and *quarter* by their last day, *number* if issued."""

    programme: Programme | None = None
    kind: BulletinKind | None = None
    month: date | None = None
    quarter: date | None = None
    year: int | None = None
    number: int | None = None

    @property
    def has_period(self) -> bool:
        """Whether a month or quarter was named."""
        return self.month is not None or self.quarter is not None


def named_in(ctx: Context, text: str, programmes: Sequence[Programme]) -> Named:
    """Reads `[专项] [种类] [8月, 三季度, 3号]` in any order; refused naming what can be said."""
    found = Named()
    for word in text.split():
        found = _with(ctx, found, word, programmes)
    return found


def _with(ctx: Context, found: Named, word: str, programmes: Sequence[Programme]) -> Named:
    parts = dict(vars(found))
    plain = normalise(word).strip()
    if number := _NUMBER.fullmatch(plain):
        parts["number"] = int(number["number"])
        parts["year"] = int(number["year"]) if number["year"] else None
    elif quarter := _QUARTER.fullmatch(plain):
        parts["quarter"] = _quarter_end(quarter, ctx.today)
    elif named := round_called(word, ctx.today):
        parts["month"] = month_end(named.last.year, named.last.month)
    elif (kind := kind_called(ctx, word)) is not None:
        parts["kind"] = kind
    elif (programme := programme_called(ctx, word, programmes)) is not None:
        parts["programme"] = programme
    else:
        titles = "、".join(each.short_title for each in programmes)
        raise Refused(
            f"没有认出“{word[:20]}”。可写专项（{titles}）和月份、季度或文号，例如：\n"
            f"通报 {programmes[0].short_title} {ctx.today.month}月"
        )
    return Named(**parts)


def kind_called(ctx: Context, word: str, *, by_hand: bool = False) -> BulletinKind | None:
    """The kind of document called so, or None; *by_hand* with letters and corrections."""
    key = command_key(word)
    kinds = [
        each for each in ctx.services.registry.bulletins.values() if by_hand or not each.by_hand
    ]
    found = [each for each in kinds if key in map(command_key, (*each.words, each.title))]
    return found[0] if len(found) == 1 else None


def _quarter_end(found: re.Match[str], today: date) -> date:
    of = _CHINESE.get(found["of"]) or int(found["of"])
    year = int(found["year"]) if found["year"] else today.year
    end = month_end(year, of * 3)
    is_far = not found["year"] and (end - today).days > 183
    return month_end(year - 1, of * 3) if is_far else end


def issue_named(ctx: Context | ExportContext, programme: Programme, named: Named) -> Issue:
    """The issue to draft: of the kind named or usual, on the period named or just reported.

    Refused for a period that has not ended, whose whole month would count as scheduled, unless
    the kind is drafted early: at the day's own data.
    """
    kinds = kinds_for(ctx.services.registry, ctx.session, programme)
    kind = named.kind or _usual(kinds, named)
    if kind is None or kind not in kinds:
        titles = "、".join(each.title for each in kinds) or "无"
        what = kind.title if kind else "通报"
        raise Refused(f"“{programme.short_title}”没有“{what}”，可起草：{titles}。")
    day = _day(ctx, programme, kind, named)
    if kind.early and (day.year, day.month) == (ctx.today.year, ctx.today.month):
        day = min(day, ctx.today)
    if day > ctx.today and kind.span is not Span.DAY:
        raise Refused(
            f"{_said(kind.span, day)}还没有结束，不能起草。请写已结束的月份，例如：\n"
            f"通报 {programme.short_title} {_last_month(ctx.today)}月"
        )
    return Issue(programme, kind, _period(kind.span, day), day)


def issued_named(
    ctx: Context | ExportContext, named: Named, programmes: Sequence[Programme]
) -> Sequence[Bulletin]:
    """The issued documents that fit what was named, newest first."""
    wanted = [named.programme] if named.programme else programmes
    rows = issued_of(ctx.session, [each.id or 0 for each in wanted], most=_MOST_SEARCHED)
    return [row for row in rows if _fits(row, named)]


def _fits(row: Bulletin, named: Named) -> bool:
    # Some are issued before the month that they speak of has ended.
    month = month_end(row.data_date.year, row.data_date.month)
    return (
        (named.number is None or row.number == named.number)
        and (named.year is None or row.year == named.year)
        and (named.kind is None or row.kind == named.kind.name)
        and (named.month is None or month == named.month)
        and (named.quarter is None or row.data_date == named.quarter)
    )


def _usual(kinds: Sequence[BulletinKind], named: Named) -> BulletinKind | None:
    """The kind that is meant where none is named: for a quarter, the one that is made of it."""
    quarterly = [each for each in kinds if named.quarter and each.span is Span.QUARTER]
    return next(iter([*quarterly, *kinds]), None)


def _day(
    ctx: Context | ExportContext, programme: Programme, kind: BulletinKind, named: Named
) -> date:
    if kind.span is Span.DAY:
        return ctx.today
    usual = data_date(ctx.session, programme, ctx.now, ctx.services.zone)
    if kind.span is Span.QUARTER:
        day = named.quarter or named.month or usual
        return month_end(day.year, (day.month + 2) // 3 * 3) if named.has_period else _ended(usual)
    day = named.month or named.quarter or usual
    return month_end(day.year, day.month)


def _ended(day: date) -> date:
    """The end of the last quarter that had ended by this day."""
    end = month_end(day.year, (day.month + 2) // 3 * 3)
    if end <= day:
        return end
    quarter = (day.month - 1) // 3
    return month_end(day.year, quarter * 3) if quarter else month_end(day.year - 1, 12)


def _period(span: Span, day: date) -> str:
    if span is Span.MONTH:
        return f"{day:%Y-%m}"
    return f"{day.year}-Q{(day.month + 2) // 3}" if span is Span.QUARTER else day.isoformat()


def _said(span: Span, day: date) -> str:
    if span is Span.QUARTER:
        return f"{day.year}年第{(day.month + 2) // 3}季度"
    return f"{day.year}年{day.month}月"


def _last_month(today: date) -> int:
    return today.month - 1 or 12
