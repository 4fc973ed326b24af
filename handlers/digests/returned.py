"""退回清单: what was returned and not answered, for the liaisons' groups, once a week."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from handlers.context import DigestContext
from handlers.reading.harmless import harmless
from handlers.registry import Post, digest
from handlers.reporting.texts import day_text
from handlers.standing.chased import returned_since
from handlers.standing.duties import DutyStanding
from handlers.supervising.digest_text import MOST_UNITS, counted, head
from handlers.supervising.texts import some
from models.chat import Chat, ChatPurpose
from models.message import Reply
from models.rules.workday import Calendar
from models.workday import calendar

#: Working days that a unit has for its answer before it is told of in a group.
PATIENCE = 2
_NEXT = {
    ChatPurpose.ADMINS: "请发“催报 全部”提醒；退回原因请发“查看”加编号。",
    ChatPurpose.LEADERS: "各单位情况请发“未报”查看。",
}
_MEND = "改好后请在与我的单聊中发“更正 {number}”加改动的内容；退回原因请发“查看 {number}”。"


@digest(
    "returned", title="退回清单", word="退回清单", purpose=ChatPurpose.LIAISONS, cron="0 9 * * wed"
)
def returned(ctx: DigestContext) -> Iterator[Post]:
    """Reports that wait for their units for two working days or more; else nothing is said.

    Reasons stay between the admin and the unit.
    """
    days = calendar(ctx.session)
    found = returned_since(ctx.session, ctx.programme, ctx.now, ctx.services.zone)
    waiting = {
        day: theirs
        for day, theirs in found.items()
        if days.workdays_between(day, ctx.today) >= PATIENCE
    }
    if waiting:
        for chat in ctx.chats:
            yield Post(chat.id or 0, Reply("\n".join(_lines(ctx, chat, waiting, days))))


def _lines(
    ctx: DigestContext, chat: Chat, found: Mapping[date, Sequence[DutyStanding]], days: Calendar
) -> Iterator[str]:
    all_ = [each for theirs in found.values() for each in theirs]
    longest = days.workdays_between(next(iter(found)), ctx.today)
    yield head(ctx.programme, "退回清单", day_text(ctx.today))
    yield f"退回后尚未重报{counted(all_)}，最长{longest}个工作日"
    if chat.names_laggards:
        yield some(
            [_named(day, each) for day, theirs in found.items() for each in theirs], MOST_UNITS
        )
    number = all_[0].submission.id if all_[0].submission else ""
    yield _NEXT.get(ChatPurpose(chat.purpose), _MEND.format(number=number))


def _named(day: date, each: DutyStanding) -> str:
    report = f"#{each.submission.id} " if each.submission else ""
    units = some([harmless(unit.name) for unit in each.units])
    return f"{report}{units} {each.name}（{day_text(day)}退回）"
