"""每周排名: the ranking for the leaders' groups, every Monday, frozen as it was published."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from handlers.context import DigestContext
from handlers.registry import Post, digest
from handlers.standing.ranks import (
    RANKING,
    Published,
    RankingNow,
    first_published_at,
    last_published,
    publish,
    published_for,
    ranking_now,
)
from handlers.standing.tasks import data_date
from handlers.supervising.board_line import with_board
from handlers.supervising.corrected import any_corrected, corrected_lines, printed_ranking
from handlers.supervising.ranking_reply import ranking_reply
from models.chat import Chat, ChatPurpose
from models.rules.printed import Printed
from models.submission import accepted_since


@digest(
    "weekly_ranking",
    title="每周排名",
    word="周报",
    purpose=ChatPurpose.LEADERS,
    cron="0 9 * * mon",
    frozen_as=RANKING,
)
def weekly_ranking(ctx: DigestContext) -> Iterator[Post]:
    """Pictures and five lines for each group, with laggards by name only where it wants them.

    The first group of a period freezes its ranking; whoever comes later reads the same one. It
    goes out without a report as well: that nothing is known is news to leaders.
    """
    frozen = published_for(ctx.session, ctx.programme.id or 0, ctx.period)
    if ctx.again:
        if frozen is not None:
            yield from _corrected(ctx, frozen)
        return
    found = _found(ctx, frozen, ctx.now)
    if frozen is None:
        printed = printed_ranking(found)
        publish(ctx.session, ctx.programme, found.ranking, ctx.period, ctx.now, printed)
    else:
        found = replace(found, ranking=frozen.ranking)
    for chat in ctx.chats:
        yield _post(ctx, chat, found)


def _corrected(ctx: DigestContext, frozen: Published) -> Iterator[Post]:
    """The next edition, if reports that were due before the first one alter what was printed."""
    programme_id = ctx.programme.id or 0
    began = first_published_at(ctx.session, programme_id, ctx.period) or frozen.published_at
    if not accepted_since(ctx.session, programme_id, began, frozen.published_at):
        return
    found = _found(ctx, frozen, began)
    printed = printed_ranking(found)
    if any_corrected(frozen.printed, printed):
        publish(
            ctx.session,
            ctx.programme,
            found.ranking,
            ctx.period,
            ctx.now,
            printed,
            after=frozen.edition,
        )
        for chat in ctx.chats:
            yield from _correction(ctx, chat, found, frozen.printed, printed)


def _correction(
    ctx: DigestContext, chat: Chat, found: RankingNow, was: Printed, now: Printed
) -> Iterator[Post]:
    """Nothing for a group to which nothing was shown that changes."""
    if lines := corrected_lines(was, now, named=chat.names_laggards):
        yield _post(ctx, chat, found, lines)


def _found(ctx: DigestContext, frozen: Published | None, moment: datetime) -> RankingNow:
    """The ranking at the data date of the period, as far as it was due at *moment*."""
    session, programme, zone = ctx.session, ctx.programme, ctx.services.zone
    previous = last_published(session, programme.id or 0, before_period=ctx.period)
    day = frozen.ranking.data_date if frozen else data_date(session, programme, ctx.now, zone)
    return ranking_now(
        session, programme, day, moment, zone, previous.ranking if previous else None
    )


def _post(ctx: DigestContext, chat: Chat, found: RankingNow, corrected: Sequence[str] = ()) -> Post:
    reply = ranking_reply(
        ctx.services,
        ctx.programme,
        found,
        period=ctx.period,
        named=chat.names_laggards,
        corrected=corrected,
    )
    return Post(chat.id or 0, with_board(ctx, chat, reply))
