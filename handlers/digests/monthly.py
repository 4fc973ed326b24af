"""月度小结: a month for the leaders' groups: statuses, laggards, what changed, two pictures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from handlers.context import DigestContext
from handlers.registry import Post, digest
from handlers.render.grid_picture import grid_layout
from handlers.render.heat_table import heat_grid, named_grid
from handlers.render.progress_picture import progress_layout
from handlers.render.progress_table import progress_table
from handlers.render.sheets import Layout
from handlers.standing.circular import issued_lines
from handlers.standing.county_lines import county_standings
from handlers.standing.duties import DutyFilter, DutyStanding, duties
from handlers.standing.merging import merged
from handlers.standing.policy import status_policy
from handlers.standing.tasks import Standing, data_date, standing
from handlers.supervising.board_line import with_board
from handlers.supervising.corrected import any_corrected, corrected_lines
from handlers.supervising.digest_text import head
from handlers.supervising.monthly_text import (
    Month,
    changes_line,
    laggards_line,
    month_of,
    status_line,
)
from handlers.supervising.pictures import kept_pictures, lacking_line
from handlers.supervising.progress_text import is_told
from handlers.supervising.texts import DEMO, full_day_text, issue_text
from models.chat import Chat, ChatPurpose
from models.message import MediaRef, Reply
from models.rules.frozen import from_data, to_data
from models.rules.span import add_months, day_of
from models.snapshot import Snapshot, editions_of, last_snapshot, next_edition
from models.submission import accepted_since

KIND = "monthly"


@dataclass(frozen=True)
class _Found:
    """A month at its data date: progress, the reports that were due in it, the month before."""

    state: Standing
    owed: tuple[DutyStanding, ...]
    before: Month | None


@digest(
    "monthly",
    title="月度小结",
    word="月报",
    purpose=ChatPurpose.LEADERS,
    cron="0 9 25 * *",
    frozen_as=KIND,
)
def monthly(ctx: DigestContext) -> Iterator[Post]:
    """Five lines, progress against the schedule and the county table; also of nothing known.

    Where names are not wanted there are no lead units and no counties.
    """
    editions = editions_of(ctx.session, ctx.programme.id or 0, KIND, ctx.period)
    if ctx.again:
        yield from _corrected(ctx, editions)
        return
    moment = editions[0].published_at if editions else ctx.now
    day = editions[0].data_date if editions else _data_date(ctx)
    found = _found(ctx, day, moment)
    if not editions:
        _freeze(ctx, found)
    yield from _posts(ctx, found, ctx.chats)


def _corrected(ctx: DigestContext, editions: Sequence[Snapshot]) -> Iterator[Post]:
    """The next edition, if reports that were due before the first one alter what was printed."""
    programme_id = ctx.programme.id or 0
    if not editions or not accepted_since(
        ctx.session, programme_id, editions[0].published_at, editions[-1].published_at
    ):
        return
    found = _found(ctx, editions[0].data_date, editions[0].published_at)
    was = from_data(Month, editions[-1].payload).printed
    now = month_of(found.state, found.owed).printed
    if any_corrected(was, now):
        _freeze(ctx, found, after=editions[-1].edition)
        for chat in ctx.chats:
            if lines := corrected_lines(was, now, named=chat.names_laggards):
                yield from _posts(ctx, found, [chat], lines)


def _data_date(ctx: DigestContext) -> date:
    return data_date(ctx.session, ctx.programme, ctx.now, ctx.services.zone)


def _found(ctx: DigestContext, day: date, moment: datetime) -> _Found:
    """What is known at *day*; reports that were due within the month before *moment*."""
    zone, programme_id = ctx.services.zone, ctx.programme.id or 0
    local = moment.astimezone(zone)
    a_month_ago = day_of(add_months(local.date().replace(day=1), -1), local.day)
    wanted = DutyFilter(
        programme_ids=(programme_id,),
        since=datetime.combine(a_month_ago, local.time(), zone),
        until=moment,
        with_history=False,
    )
    owed = duties(ctx.session, wanted, moment, zone)
    last = last_snapshot(ctx.session, programme_id, KIND, before_period=ctx.period)
    return _Found(
        standing(ctx.session, ctx.programme, day),
        tuple(merged(each for each in owed if not each.is_dropped)),
        from_data(Month, last.payload) if last else None,
    )


def _freeze(ctx: DigestContext, found: _Found, *, after: int = 0) -> None:
    next_edition(
        ctx.session,
        ctx.programme.id or 0,
        KIND,
        ctx.period,
        to_data(month_of(found.state, found.owed)),
        after=after,
        data_date=found.state.data_date,
        now=ctx.now,
    )


def _posts(
    ctx: DigestContext, found: _Found, chats: Sequence[Chat], corrected: Sequence[str] = ()
) -> Iterator[Post]:
    """One for each group; those that see names share their pictures, and so do the others."""
    made: dict[bool, tuple[tuple[MediaRef, ...], tuple[str, ...]]] = {}
    for chat in chats:
        named = chat.names_laggards
        if named not in made:
            made[named] = _pictures(ctx, found.state, named=named)
        pictures, lacking = made[named]
        lines = [*_lines(ctx, found, corrected, named=named), *lacking]
        yield Post(chat.id or 0, with_board(ctx, chat, Reply("\n".join(lines), pictures)))


def _lines(
    ctx: DigestContext, found: _Found, corrected: Sequence[str], *, named: bool
) -> Iterator[str]:
    state = found.state
    until = full_day_text(state.data_date)
    yield head(ctx.programme, "月度小结", f"{issue_text(ctx.period)}，数据截至{until}")
    yield from corrected
    yield status_line(state)
    yield laggards_line(state, named=named)
    yield changes_line(state, found.before.statuses if found.before else None, named=named)
    printed = month_of(state, found.owed).printed.open
    if "报送" in printed:
        yield f"报送：{printed['报送']}"


def _pictures(
    ctx: DigestContext, state: Standing, *, named: bool
) -> tuple[tuple[MediaRef, ...], tuple[str, ...]]:
    """Progress and, for groups that see names, counties; with the lines on lacking characters."""
    layouts = list(_layouts(ctx, state, named=named))
    pictures = tuple(
        picture
        for name, layout in layouts
        for picture in kept_pictures(ctx.services, layout, name, marked=ctx.programme.demo)
    )
    lacking = dict.fromkeys(line for _, layout in layouts for line in lacking_line(layout))
    return pictures, tuple(lacking)


def _layouts(ctx: DigestContext, state: Standing, *, named: bool) -> Iterator[tuple[str, Layout]]:
    programme = ctx.programme
    mark = DEMO if programme.demo else None
    until = f"数据截至{full_day_text(state.data_date)}"
    subtitle = f"{issue_text(ctx.period)} · {until}"
    # A picture of tasks that are told in words shows nothing.
    if 2 * sum(map(is_told, state.tasks)) <= len(state.tasks):
        title = f"{programme.short_title}进度"
        table = progress_table(state, title=title, subtitle=subtitle, with_leads=named, mark=mark)
        yield f"{title}{ctx.period}", progress_layout(table)
    counties = county_standings(ctx.session, state) if named else ()
    if any(share.value is not None for each in counties for share in each.shares):
        title = f"{programme.short_title}县市进度"
        policy = status_policy(programme)
        grid = heat_grid(counties, policy, title=title, subtitle=subtitle, mark=mark)
        yield f"{title}{ctx.period}", grid_layout(grid)
    elif named and (lines := issued_lines(ctx.session, state)):
        title = f"{programme.short_title}县市滞后事项"
        grid = named_grid(lines, title=title, subtitle=f"{until} · 按印发的通报", mark=mark)
        yield f"{title}{ctx.period}", grid_layout(grid)
