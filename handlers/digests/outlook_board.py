"""研判总表: how many items stand at which level and what changed, where items are judged."""

from collections.abc import Iterator, Mapping, Sequence

from sqlmodel import Session

from handlers.context import DigestContext
from handlers.registry import Post, digest
from handlers.render.grid_picture import grid_layout
from handlers.render.outlook_table import JudgedItem, outlook_grid
from handlers.render.sheets import Layout
from handlers.standing.outlooks import Outlook, outlooks
from handlers.standing.tasks import short_name
from handlers.supervising.board_line import with_board
from handlers.supervising.digest_text import head
from handlers.supervising.outlook_text import NOT_JUDGED
from handlers.supervising.pictures import kept_pictures, lacking_line
from handlers.supervising.texts import DEMO, full_day_text
from models.chat import ChatPurpose
from models.message import MediaRef, Reply
from models.outlook import programmes_judged
from models.programme import Programme
from models.rules.outlook import Item, Level, counted
from models.snapshot import last_snapshot, next_edition
from models.task import Task, TaskUnit, UnitRole, task_units, tasks_of
from models.unit import units_of

KIND = "outlook"
#: Items that changed are named one by one up to so many.
MOST = 4


def _is_judged(session: Session, programme: Programme) -> bool:
    return bool(programmes_judged(session, [programme.id or 0]))


@digest(
    "outlook_board",
    title="研判总表",
    word="研判总表",
    purpose=ChatPurpose.LEADERS,
    cron="0 9 15 * *",
    serves=_is_judged,
)
def outlook_board(ctx: DigestContext) -> Iterator[Post]:
    """The counts by level and what changed since they were last told; silent where nothing did."""
    tasks = tasks_of(ctx.session, ctx.programme.id or 0)
    judged = outlooks(ctx.session, [task.id or 0 for task in tasks])
    levels = {task.number: _level(judged[task.id or 0]) for task in tasks}
    last = last_snapshot(ctx.session, ctx.programme.id or 0, KIND)
    before: Mapping[str, str] | None = last.payload["levels"] if last else None
    if before == levels and not ctx.by_hand:
        return
    if before != levels:
        next_edition(
            ctx.session,
            ctx.programme.id or 0,
            KIND,
            ctx.period,
            {"levels": levels},
            after=last.edition if last and last.period == ctx.period else 0,
            data_date=ctx.today,
            now=ctx.now,
        )
    changed = None if before is None else list(_changes(tasks, before, levels))
    yield from _posts(ctx, tasks, judged, changed)


def _level(outlook: Outlook) -> str:
    return outlook.level.level.value if outlook.level else NOT_JUDGED


def _changes(
    tasks: Sequence[Task], before: Mapping[str, str], levels: Mapping[str, str]
) -> Iterator[str]:
    for task in tasks:
        was = before.get(task.number)
        if was is not None and was != levels[task.number]:
            yield f"{short_name(task)} {was} → {levels[task.number]}"


def _posts(
    ctx: DigestContext,
    tasks: Sequence[Task],
    judged: Mapping[int, Outlook],
    changed: Sequence[str] | None,
) -> Iterator[Post]:
    """Items and units stand in the picture and behind the count only where names are wanted."""
    title = head(ctx.programme, "研判总表", f"数据截至{full_day_text(ctx.today)}")
    layout: Layout | None = None
    pictures: tuple[MediaRef, ...] = ()
    for chat in ctx.chats:
        named = chat.names_laggards
        if named and layout is None:
            layout = _layout(ctx, tasks, judged)
            name = f"{ctx.programme.short_title}研判总表{ctx.today}"
            marked = ctx.programme.demo
            pictures = kept_pictures(ctx.services, layout, name, marked=marked)
        lines = [
            title,
            _counts(tasks, judged),
            *_changed(changed, named=named),
            "单项情况请发“进度”加事项编号。",
            *(lacking_line(layout) if named and layout else ()),
        ]
        reply = Reply("\n".join(lines), pictures if named else ())
        yield Post(chat.id or 0, with_board(ctx, chat, reply))


def _layout(ctx: DigestContext, tasks: Sequence[Task], judged: Mapping[int, Outlook]) -> Layout:
    programme = ctx.programme
    units = {unit.id or 0: unit.name for unit in units_of(ctx.session, programme.area_id)}
    leads = task_units(ctx.session, [task.id or 0 for task in tasks])
    items = [
        JudgedItem(short_name(task), _leads(leads[task.id or 0], units), judged[task.id or 0])
        for task in tasks
    ]
    grid = outlook_grid(
        items,
        units,
        title=f"{programme.short_title}研判总表",
        subtitle=f"数据截至{full_day_text(ctx.today)}",
        mark=DEMO if programme.demo else None,
    )
    return grid_layout(grid)


def _changed(changed: Sequence[str] | None, *, named: bool) -> list[str]:
    """What is another level than last time; no line where there was no last time."""
    if changed is None:
        return []
    if not changed:
        return ["较上次没有变动"]
    listed = f"：{'；'.join(changed[:MOST])}" if named else ""
    more = f"；另有{len(changed) - MOST}项" if named and len(changed) > MOST else ""
    return [f"较上次变动{len(changed)}项{listed}{more}"]


def _leads(parts: Sequence[TaskUnit], units: Mapping[int, str]) -> str:
    leading = (part.unit_id for part in parts if part.role == UnitRole.LEAD)
    return "、".join(units[each] for each in leading if each in units)


def _counts(tasks: Sequence[Task], judged: Mapping[int, Outlook]) -> str:
    """共65项：很有可能12项，有可能30项，难度较大21项，不太可能2项."""
    levels = [judged[task.id or 0].level for task in tasks]
    found = counted(
        Item(task.number, (), set_level=level.level if level else None)
        for task, level in zip(tasks, levels, strict=True)
    )
    counts = (found.very_likely, found.likely, found.difficult, found.unlikely)
    parts = [f"{level.value}{count}项" for level, count in zip(Level, counts, strict=True)]
    unknown = f"，{NOT_JUDGED}{found.unknown}项" if found.unknown else ""
    of_hand = sum(level is not None and level.judged for level in levels)
    told = f"（其中评定{of_hand}项）" if of_hand else ""
    return f"共{found.items}项：{'，'.join(parts)}{unknown}{told}"
