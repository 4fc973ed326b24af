"""到期提示: what is due today and until the next working day, for the liaisons' groups."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from handlers.context import DigestContext
from handlers.registry import Post, digest
from handlers.reporting.texts import day_text
from handlers.standing.chased import due_soon
from handlers.standing.duties import DutyStanding
from handlers.supervising.chasing import people_owing
from handlers.supervising.digest_text import counted, head, owing_table, said_next, who_owes
from models.audience import holders
from models.chat import Chat, ChatPurpose
from models.member import RoleName
from models.message import Reply
from models.shown import Shown
from models.workday import calendar

_Found = Mapping[date, Sequence[DutyStanding]]


@digest("due", title="到期提示", word="到期提示", purpose=ChatPurpose.LIAISONS, cron="0 9 * * *")
def due(ctx: DigestContext) -> Iterator[Post]:
    """A line a day; nothing on days off, nor where everything has come.

    Persons are reminded in their single chats; here stand units and tasks, and only counts where
    the group wants no names.
    """
    days = calendar(ctx.session)
    if not days.is_workday(ctx.today) and not ctx.by_hand:
        return
    found = due_soon(ctx.session, ctx.programme, ctx.now, ctx.services.zone, days)
    if found:
        for chat in ctx.chats:
            yield Post(chat.id or 0, _reply(ctx, chat, found))


def _reply(ctx: DigestContext, chat: Chat, found: _Found) -> Reply:
    """Where the group wants names, a table too, and those who owe today are called."""
    lines = list(_lines(ctx, chat, found, with_units=chat.names_laggards))
    if not chat.names_laggards:
        return Reply("\n".join(lines))
    *above, below = _lines(ctx, chat, found, with_units=False)
    shown = Shown("\n".join(above), owing_table(found, dated=len(found) > 1), below)
    liaisons = holders(ctx.session, (RoleName.LIAISON,), ctx.today)
    called = [each.member_id for each in people_owing(found.get(ctx.today, ()), liaisons)]
    return Reply("\n".join(lines), shown=shown, mentions=tuple(called))


def _lines(ctx: DigestContext, chat: Chat, found: _Found, *, with_units: bool) -> Iterator[str]:
    yield head(ctx.programme, "到期提示", day_text(ctx.today))
    for day, theirs in found.items():
        who = f"：{who_owes(theirs)}" if with_units else ""
        yield f"{_day(day, ctx.today)}截止、尚未报送的{counted(theirs)}{who}"
    yield said_next(chat.purpose)


def _day(day: date, today: date) -> str:
    """今天（8月25日）, 明天（8月26日）, 9月20日."""
    ahead = {today: "今天", today + timedelta(days=1): "明天"}
    return f"{ahead[day]}（{day_text(day)}）" if day in ahead else day_text(day)
