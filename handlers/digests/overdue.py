"""逾期清单: what should have come, for the admins' groups or, if they wish, the leaders'."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from handlers.context import DigestContext
from handlers.registry import Post, digest
from handlers.reporting.texts import day_text
from handlers.standing.chased import deadline_day, overdue_now
from handlers.standing.duties import DutyStanding
from handlers.supervising.digest_text import counted, head, owing_table, said_next, who_owes
from models.chat import Chat, ChatPurpose
from models.message import Reply
from models.rules.workday import Calendar
from models.shown import Shown
from models.workday import calendar


@digest("overdue", title="逾期清单", word="逾期清单", purpose=ChatPurpose.ADMINS, cron="0 9 * * *")
def overdue(ctx: DigestContext) -> Iterator[Post]:
    """Sent on the working day after something became overdue, and once a week while it stays so.

    On other days it would repeat what the group has read: nothing is said.
    """
    zone, days = ctx.services.zone, calendar(ctx.session)
    found = overdue_now(ctx.session, ctx.programme, ctx.now, zone)
    last = _workday_before(ctx.today, days)
    new = [each for each in found if deadline_day(each, zone) >= last]
    begins_week = last.isocalendar()[:2] != ctx.today.isocalendar()[:2]
    is_news = days.is_workday(ctx.today) and (new or begins_week)
    if found and (is_news or ctx.by_hand):
        for chat in ctx.chats:
            lines = list(_lines(ctx, chat, found, len(new), days))
            yield Post(chat.id or 0, _reply(ctx, chat, found, lines))


def _reply(
    ctx: DigestContext, chat: Chat, found: Sequence[DutyStanding], lines: Sequence[str]
) -> Reply:
    """Where the group wants names, a table too."""
    text = "\n".join(lines)
    if not chat.names_laggards:
        return Reply(text)
    by_day = dict[date, list[DutyStanding]]()
    for each in found:
        by_day.setdefault(deadline_day(each, ctx.services.zone), []).append(each)
    return Reply(text, shown=Shown("\n".join(lines[:2]), owing_table(by_day), lines[-1]))


def _workday_before(day: date, days: Calendar) -> date:
    return days.previous_workday_on_or_before(day - timedelta(days=1))


def _lines(
    ctx: DigestContext, chat: Chat, found: Sequence[DutyStanding], new: int, days: Calendar
) -> Iterator[str]:
    yield head(ctx.programme, "逾期清单", day_text(ctx.today))
    added = f"，其中新增{new}件" if new else ""
    oldest = deadline_day(found[0], ctx.services.zone)
    passed = days.workdays_between(oldest, ctx.today)
    late = f"，最长逾期{passed}个工作日" if passed else ""
    yield f"逾期未报{counted(found)}{added}{late}"
    if chat.names_laggards:
        yield who_owes(found)
    yield said_next(chat.purpose)
