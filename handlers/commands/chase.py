"""催报: reminds those who owe, in their single chats, once a day."""

from collections.abc import Sequence

from handlers.context import Context
from handlers.reading.normalise import command_key
from handlers.registry import InGroup, command
from handlers.standing.duties import DutyStanding
from handlers.standing.wishes import unanswered
from handlers.supervising.chasing import Chased, Person, chase
from handlers.supervising.choosing import Subject, all_subjects, programme_called, subject_called
from handlers.supervising.owing import is_pressing, still_owed
from handlers.supervising.scope import administered, names_shown
from handlers.supervising.texts import some
from models.member import RoleName
from models.message import Reply

NAMES = "有未报事项的单位请发“未报”查看，任务编号请发“进度”加单位名称查看。"
_ALL = frozenset(("", "全部", "所有", "全体"))


@command(
    "chase",
    "催报",
    "催办",
    "催一下",
    "催",
    usage="催报 [单位|全部]",
    about="提醒还没报送的联络员（工作时间，每人每天一次）",
    roles=(RoleName.ADMIN,),
    group=InGroup.ANSWER,
    alone=True,
)
def chase_missing(ctx: Context, rest: str) -> Reply:
    """Remind everybody, or those of one unit, task, programme or place in the last list."""
    programmes = administered(ctx)
    is_all = command_key(rest) in _ALL
    named = None if is_all else programme_called(ctx, rest, programmes, by_part=False)
    owed = [
        each
        for programme in ([named] if named else programmes)
        for each in still_owed(ctx, programme)
    ]
    unit = None
    if named is None and not is_all:
        chosen = subject_called(ctx, rest, all_subjects(ctx, programmes), "催报 {}", NAMES)
        if isinstance(chosen, Reply):
            return chosen
        unit = chosen.unit
        owed = [each for each in owed if _concerns(each, chosen)]
    known = [each for each in owed if each.chased]
    # Who waits for an admin's answer is not asked by the admin meanwhile.
    waiting = unanswered(ctx.session, known)
    free = [each for each in known if each.id not in waiting]
    # Nobody is asked in passing for what is due in weeks; who names a unit or programme means it.
    wanted = [each for each in free if not is_all or is_pressing(each, ctx)]
    rest_lines = _left(len(owed) - len(known), len(free) - len(wanted), len(known) - len(free))
    if not wanted:
        return Reply("\n".join(["目前没有需要催报的事项。", *rest_lines]))
    return Reply("\n".join([*_told(ctx, chase(ctx, wanted, unit)), *rest_lines]))


def _left(unconfirmed: int, later: int, waiting: int) -> list[str]:
    """What was owed and not chased, and why."""
    lines = []
    if waiting:
        lines.append(f"另有{waiting}件的延期或免报申请等您答复，未催；请发“延期”查看。")
    if later:
        lines.append(f"另有{later}件离截止尚远，未催；如需提前提醒，请写明专项或单位。")
    if unconfirmed:
        lines.append(f"另有{unconfirmed}件报送期限待确认，暂不催报。")
    return lines


def _concerns(each: DutyStanding, chosen: Subject) -> bool:
    if chosen.task is not None:
        clause_id = chosen.clause.clause_id if chosen.clause else each.matter.clause_id
        return each.task.id == chosen.task.id and each.matter.clause_id == clause_id
    return any(unit.id == chosen.unit.id for unit in each.units) if chosen.unit else False


def _told(ctx: Context, done: Chased) -> list[str]:
    lines = [f"已催报{len(done.told)}人，涉及{done.reports}件{_who(ctx, done.told)}。"]
    if done.told_before:
        lines.append(
            f"今天已催过{len(done.told_before)}人，未重复发送{_who(ctx, done.told_before)}。"
        )
    if done.unheard:
        lines.append(
            f"其中{len(done.unheard)}人上一次的消息没有送达{_who(ctx, done.unheard)}。"
            "请电话联系，并请运维人员核对。"
        )
    lost = len(done.unreachable) + len(done.silent)
    if lost:
        names = [person.name for person in done.unreachable]
        names += [f"{unit.name}（尚无联络员）" for unit in done.silent]
        listed = f"：{some(names, 8)}" if names_shown(ctx) else ""
        lines.append(f"有{lost}处无法送达{listed}。请电话联系，或发“邀请 单位 姓名”请其绑定。")
    return lines


def _who(ctx: Context, people: Sequence[Person]) -> str:
    if not people or not names_shown(ctx):
        return ""
    return f"：{some([person.name for person in people], 8)}"
