"""每周排名: the ranking for the leaders' groups, every Monday, frozen as it was published."""

from collections.abc import Iterator
from dataclasses import replace

from handlers.context import DigestContext
from handlers.registry import Post, digest
from handlers.standing.ranks import last_published, publish, published_for, ranking_now
from handlers.standing.tasks import data_date
from handlers.supervising.ranking_reply import ranking_reply
from models.chat import ChatPurpose


@digest("weekly_ranking", title="每周排名", purpose=ChatPurpose.LEADERS, cron="0 9 * * mon")
def weekly_ranking(ctx: DigestContext) -> Iterator[Post]:
    """Pictures and five lines for each group, with laggards by name only where it wants them.

    The first group of a period freezes its ranking; whoever comes later reads the same one.
    """
    session, programme, zone = ctx.session, ctx.programme, ctx.services.zone
    previous = last_published(session, programme.id or 0, before_period=ctx.period)
    frozen = published_for(session, programme.id or 0, ctx.period)
    day = frozen.ranking.data_date if frozen else data_date(session, programme, ctx.now, zone)
    found = ranking_now(
        session, programme, day, ctx.now, zone, previous.ranking if previous else None
    )
    if frozen is None:
        publish(session, programme, found.ranking, ctx.period, ctx.now)
    else:
        found = replace(found, ranking=frozen.ranking)
    for chat in ctx.chats:
        reply = ranking_reply(
            ctx.services, programme, found, period=ctx.period, named=chat.names_laggards
        )
        yield Post(chat.id or 0, reply)
