"""放假: an admin makes days off, or reads in the State Council's notice of a year."""

from datetime import timedelta

from handlers.context import Context
from handlers.reading.normalise import command_key
from handlers.registry import InGroup, command
from handlers.supervising.notices import notice_asked, notice_confirmed
from handlers.supervising.working_days import (
    HOW,
    cancelled_days,
    days_asked,
    days_text,
    declare,
    taken_back,
)
from models.member import RoleName
from models.message import Reply
from models.rules.holiday_notice import looks_like_notice
from models.rules.workday import OFF

#: How many days ahead the bare word looks.
_AHEAD = 120
_CONFIRM = "录入通知"


@command(
    "day_off",
    "放假",
    usage="放假 2月15日至21日 春节",
    about="设定放假日，提醒随之调整；后接国务院放假通知全文可录入全年",
    roles=(RoleName.ADMIN,),
    group=InGroup.REFUSE,
    alone=True,
)
def day_off(ctx: Context, rest: str) -> Reply:
    """Days off by their dates, taken back with 取消, or a whole year by its notice."""
    if rest.startswith(_CONFIRM):
        return Reply("\n".join(notice_confirmed(ctx, rest.removeprefix(_CONFIRM))))
    if looks_like_notice(rest):
        return Reply("\n".join(notice_asked(ctx, rest, f"放假 {_CONFIRM}{{}}")))
    if not command_key(rest):
        return Reply("\n".join(_ahead(ctx)))
    if (cancelled := cancelled_days(rest)) is not None:
        return Reply("\n".join(taken_back(ctx, cancelled, "放假")))
    return Reply("\n".join(declare(ctx, days_asked(ctx, rest, "放假"), OFF)))


@command(
    "day_off_back",
    "放假取消",
    "取消放假",
    usage="取消放假 2月15日",
    about="取消另行设定的放假日",
    roles=(RoleName.ADMIN,),
    group=InGroup.REFUSE,
)
def day_off_back(ctx: Context, rest: str) -> Reply:
    """Days declared off taken back, the word of it glued on."""
    return Reply("\n".join(taken_back(ctx, rest, "放假")))


def _ahead(ctx: Context) -> list[str]:
    """The days of the next months that differ from their weekday, and how to set one."""
    ahead = [ctx.today + timedelta(days=n) for n in range(_AHEAD)]
    different = [d for d in ahead if ctx.calendar.is_workday(d) is not (d.isoweekday() < 6)]
    off = [day for day in different if not ctx.calendar.is_workday(day)]
    work = [day for day in different if ctx.calendar.is_workday(day)]
    lines = [f"工作日放假：{days_text(off)}。"] if off else ["近期没有工作日放假。"]
    lines += [f"周末上班：{days_text(work)}。"] if work else []
    unknown = [year for year in sorted({d.year for d in ahead}) if not ctx.calendar.knows(year)]
    lines += [f"{year}年放假安排尚未录入，暂按周一至周五推算。" for year in unknown]
    return [*lines, HOW.format(word="放假")]
