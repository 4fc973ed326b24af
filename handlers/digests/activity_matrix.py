"""动态统计: which project published something in which month, where a programme asks for it."""

from collections.abc import Iterator, Sequence
from datetime import date

from sqlmodel import Session

from handlers.context import DigestContext
from handlers.reading.harmless import harmless
from handlers.registry import Post, digest
from handlers.render.grid_picture import grid_layout
from handlers.render.matrix_table import activity_grid
from handlers.reporting.texts import day_text
from handlers.standing.activities import assumed_ticks, programme_matrix
from handlers.standing.policy import activity_policy
from handlers.supervising.digest_text import head
from handlers.supervising.pictures import kept_pictures, lacking_line
from handlers.supervising.texts import DEMO, full_day_text, some
from models.chat import Chat, ChatPurpose
from models.message import MediaRef, Reply
from models.programme import Programme
from models.rules.activity import ActivityPolicy, Matrix, Missing

#: Projects that are named one by one.
MOST = 6
_NEXT = "补登请在与我的单聊中发“动态 {project} 标题 链接”。"


def _asks_for_activities(_session: Session, programme: Programme) -> bool:
    return activity_policy(programme) is not None


@digest(
    "activity_matrix",
    title="动态统计",
    word="动态统计",
    purpose=ChatPurpose.LIAISONS,
    cron="0 9 25 * *",
    serves=_asks_for_activities,
)
def activity_matrix(ctx: DigestContext) -> Iterator[Post]:
    """The matrix up to this month and who still lacks an item; nothing where nobody does.

    It goes out while the month can still be filled: older gaps alone were told in their time.
    Groups that want no names get the counts.
    """
    policy = activity_policy(ctx.programme)
    matrix = programme_matrix(ctx.session, ctx.programme, ctx.today)
    if policy is None or matrix is None:
        return
    missing = matrix.missing(policy, ctx.today)
    if ctx.by_hand or any(each.running for each in missing):
        for chat in ctx.chats:
            yield _post(ctx, chat, matrix, policy, missing)


def _post(
    ctx: DigestContext,
    chat: Chat,
    matrix: Matrix,
    policy: ActivityPolicy,
    missing: Sequence[Missing],
) -> Post:
    lines = list(_lines(ctx, chat, matrix, policy, missing))
    pictures: tuple[MediaRef, ...] = ()
    if chat.names_laggards:
        pictures = _pictures(ctx, matrix, policy, lines)
    return Post(chat.id or 0, Reply("\n".join(lines), pictures))


def _pictures(
    ctx: DigestContext, matrix: Matrix, policy: ActivityPolicy, lines: list[str]
) -> tuple[MediaRef, ...]:
    """The matrix as a picture; *lines* take in what the font lacks."""
    programme = ctx.programme
    layout = grid_layout(
        activity_grid(
            matrix,
            policy,
            ctx.today,
            title=f"{programme.short_title}动态统计",
            subtitle=f"{_span(matrix)} · 数据截至{full_day_text(ctx.today)}",
            assumed=assumed_ticks(ctx.session, programme),
            mark=DEMO if programme.demo else None,
        )
    )
    lines += lacking_line(layout)
    name = f"{programme.short_title}动态统计{ctx.today}"
    return kept_pictures(ctx.services, layout, name, marked=programme.demo)


def _lines(
    ctx: DigestContext,
    chat: Chat,
    matrix: Matrix,
    policy: ActivityPolicy,
    missing: Sequence[Missing],
) -> Iterator[str]:
    detail = f"{_span(matrix)}，数据截至{day_text(ctx.today)}"
    yield head(ctx.programme, "动态统计", detail)
    last, count = matrix.months[-1], len(matrix.rows)
    yield (
        f"{last.month}月：{count}个项目中{matrix.projects_per_month[-1]}个已有动态"
        f"；{_span(matrix)}共{matrix.total}条（要求每个项目每月不少于{policy.monthly}条）"
    )
    running = [each.project for each in missing if each.running]
    over = [each for each in missing if each.months]
    if running:
        yield f"本月还没有：{_listed(chat, [harmless(name) for name in running])}"
    if over:
        yield f"往月有缺：{_listed(chat, [_lacking(each.project, each.months) for each in over])}"
    if missing:
        yield _NEXT.format(
            project=harmless(missing[0].project) if chat.names_laggards else "项目名"
        )


def _listed(chat: Chat, names: Sequence[str]) -> str:
    return some(names, MOST) if chat.names_laggards else f"{len(names)}个项目"


def _lacking(project: str, months: Sequence[date]) -> str:
    return f"{harmless(project)}（{'、'.join(str(month.month) for month in months)}月）"


def _span(matrix: Matrix) -> str:
    first, last = matrix.months[0], matrix.months[-1]
    months = f"{first.month}—{last.month}月" if first != last else f"{last.month}月"
    return f"{last.year}年{months}"
