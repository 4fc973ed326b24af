"""为什么: why a unit stands where it does in the ranking, in five lines."""

from sqlmodel import col, select

from handlers.context import Context
from handlers.reading.questions import asks_why_ranked
from handlers.registry import InGroup, command
from handlers.standing.ranks import last_published, ranking_now
from handlers.standing.tasks import data_date
from handlers.supervising.choosing import Subject, subject_called
from handlers.supervising.scope import WHOLE, Scope, names_shown, readable
from handlers.supervising.texts import full_day_text, issue_text
from models.errors import Refused
from models.member import RoleName
from models.message import Reply
from models.programme import Programme
from models.rules.ranking import Row, explain
from models.task import Task, TaskUnit, UnitRole
from models.unit import Unit

HOW = "请写单位名称，例如：\n为什么 州公安局"
NOT_NAMED = "本群未开启点名，单位排名的说明请在与我的单聊中查看。"


@command(
    "why",
    "为什么",
    "为何",
    "为啥",
    "为啥子",
    usage="为什么 州公安局",
    about="这个单位的名次是怎么来的",
    roles=(RoleName.LEADER, RoleName.ADMIN, RoleName.UNIT_HEAD, RoleName.LIAISON),
    group=InGroup.ANSWER,
    alone=True,
    takes_typos=True,
)
def why(ctx: Context, rest: str) -> Reply:
    """A unit's place explained from the last published ranking of each programme."""
    if not names_shown(ctx):
        return Reply(NOT_NAMED)
    subjects = [subject for scope in readable(ctx) for subject in _ranked_units(ctx, scope)]
    by_unit = {subject.unit.id: subject for subject in subjects if subject.unit}
    own = (
        asks_why_ranked(f"为什么{rest}")
        or rest.strip()
        or (next(iter(by_unit.values())).word if len(by_unit) == 1 else "")
    )
    if not own:
        raise Refused(HOW)
    chosen = subject_called(ctx, own, by_unit.values(), "为什么 {}", _names(ctx))
    if isinstance(chosen, Reply):
        return chosen
    unit = chosen.unit
    blocks = [
        _block(ctx, each) for each in subjects if each.unit and unit and each.unit.id == unit.id
    ]
    return Reply("\n\n".join(filter(None, blocks)) or f"{chosen.word}暂未参加排名。")


def _names(ctx: Context) -> str:
    if ctx.speaker.has(*WHOLE):
        return "参加排名的单位请发“排名”查看。"
    return "您只能查看本单位的说明，请直接发“为什么”。"


def _ranked_units(ctx: Context, scope: Scope) -> list[Subject]:
    """The units that lead a task of the programme and that the speaker may read."""
    rows = ctx.session.exec(
        select(Unit)
        .join(TaskUnit, col(TaskUnit.unit_id) == col(Unit.id))
        .join(Task, col(Task.id) == col(TaskUnit.task_id))
        .where(
            Task.programme_id == scope.programme.id,
            col(Task.active),
            TaskUnit.role == UnitRole.LEAD,
        )
        .order_by(col(Unit.position), col(Unit.id))
    ).all()
    units = {unit.id: unit for unit in rows if scope.reads_units((unit,))}
    return [Subject(scope.programme, unit=unit) for unit in units.values()]


def _block(ctx: Context, subject: Subject) -> str:
    programme, zone = subject.programme, ctx.services.zone
    published = last_published(ctx.session, programme.id or 0)
    if published is not None:
        ranking, source = published.ranking, f"{issue_text(published.period)}已发布的排名"
    else:
        day = data_date(ctx.session, programme, ctx.now, zone)
        ranking = ranking_now(ctx.session, programme, day, ctx.now, zone).ranking
        source = "尚未发布排名，按目前数据"
    row = ranking.row(subject.word)
    if row is None:
        return ""
    until = full_day_text(ranking.data_date)
    lines = [f"【{programme.short_title}】{source}，数据截至{until}", *explain(row)]
    if published is not None:
        lines += _as_of_now(ctx, programme, row)
    return "\n".join(lines)


def _as_of_now(ctx: Context, programme: Programme, then: Row) -> list[str]:
    """Where `排名` shows the unit at this moment, if that is not what was published."""
    day = data_date(ctx.session, programme, ctx.now, ctx.services.zone)
    row = ranking_now(ctx.session, programme, day, ctx.now, ctx.services.zone).ranking.row(
        then.unit
    )
    if row is None or (row.rank, row.score) == (then.rank, then.score):
        return []
    place = f"第{row.rank}名" if row.rank is not None else "没有名次"
    score = f"，{row.score}分" if row.score is not None else ""
    return [f"按目前数据：{place}{score}。"]
