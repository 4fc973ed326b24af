"""排名: who leads and who lags now, as a picture and five lines."""

from collections.abc import Sequence

from handlers.context import Context
from handlers.lists import keep_list
from handlers.registry import InGroup, command
from handlers.standing.ranks import last_published, ranking_now
from handlers.standing.tasks import data_date
from handlers.supervising.choosing import all_subjects, programme_called, subject_called
from handlers.supervising.county_ranking import county_ranking
from handlers.supervising.ranking_reply import ranking_reply
from handlers.supervising.scope import names_shown, wholly_readable
from models.member import RoleName
from models.message import Reply
from models.programme import Programme

#: More programmes than this are offered as a list instead of being shown one after another.
AT_ONCE = 2


@command(
    "ranking",
    "排名",
    "排行",
    "排行榜",
    usage="排名 [专项|任务]",
    about="各单位排名（图片和五行说明）；写任务则按县市任务完成率排名",
    roles=(RoleName.LEADER, RoleName.ADMIN),
    group=InGroup.ANSWER,
    alone=True,
    takes_typos=True,
)
def ranking(ctx: Context, rest: str) -> Reply:
    """The ranking as it is now, against the one last published."""
    programmes = wholly_readable(ctx)
    if rest.strip():
        named = programme_called(ctx, rest, programmes)
        return _by_task(ctx, rest.strip(), programmes) if named is None else _of(ctx, named)
    if len(programmes) > AT_ONCE:
        keep_list(ctx, "排名 {}", [each.code for each in programmes])
        lines = [f"{at}. {each.short_title}" for at, each in enumerate(programmes, start=1)]
        return Reply("\n".join(["请回复序号查看哪个专项的排名：", *lines]))
    found = [_of(ctx, each) for each in programmes]
    pictures = tuple(picture for reply in found for picture in reply.pictures)
    return Reply("\n\n".join(reply.text for reply in found), pictures)


def _by_task(ctx: Context, text: str, programmes: Sequence[Programme]) -> Reply:
    """The counties by their shares of the task named."""
    tasks = [each for each in all_subjects(ctx, programmes) if each.task is not None]
    titles = "、".join(each.short_title for each in programmes)
    names = f"可查看的专项：{titles}；按县市排名请写任务编号，如“排名 激54”。"
    found = subject_called(ctx, text, tasks, "排名 {}", names)
    return found if isinstance(found, Reply) else county_ranking(ctx, found)


def _of(ctx: Context, programme: Programme) -> Reply:
    zone = ctx.services.zone
    published = last_published(ctx.session, programme.id or 0)
    day = data_date(ctx.session, programme, ctx.now, zone)
    found = ranking_now(
        ctx.session, programme, day, ctx.now, zone, published.ranking if published else None
    )
    return ranking_reply(ctx.services, programme, found, period="", named=names_shown(ctx))
