"""提醒: when a programme reminds its people, shown and changed by an admin."""

from collections.abc import Sequence

from handlers.context import Context
from handlers.reading.harmless import shown
from handlers.reading.normalise import clean
from handlers.reading.reminding import Part, changed, read_parts
from handlers.registry import InGroup, command
from handlers.standing.policy import ladder_data, ladder_policy
from handlers.supervising.choosing import programme_called
from handlers.supervising.scope import administered
from models.errors import Refused
from models.member import RoleName
from models.message import Reply
from models.programme import Programme
from models.rules.ladder import Policy

_EXAMPLES = (
    "更改请写专项、项目和数值，例如：\n"
    "提醒 {title} 提前 5 2\n提醒 {title} 当天 9:00 15:00\n提醒 {title} 逾期 9:00\n"
    "提醒 {title} 时段 9:00-18:00\n提醒 {title} 上限 2\n提醒 {title} 负责人 2\n"
    "提醒 {title} 督办 5\n提醒 {title} 恢复默认\n放假、调休上班请发“放假”“上班”加日期。"
)


@command(
    "reminders",
    "提醒",
    "提醒设置",
    "提醒规则",
    usage="提醒 [专项] 当天 9:00 15:00",
    about="查看、更改提醒的时间、次数和时段；只发“提醒”可查看",
    roles=(RoleName.ADMIN,),
    group=InGroup.REFUSE,
    alone=True,
)
def reminders(ctx: Context, rest: str) -> Reply:
    """One part of a programme's ladder changed, or the ladders as they are."""
    return _answer(ctx, *_programme(ctx, clean(rest), administered(ctx)))


def _answer(ctx: Context, named: Programme | None, words: str) -> Reply:
    programmes = administered(ctx)
    if not words:
        return Reply(_shown([named] if named else programmes))
    parts = read_parts(words)
    programme = named or (programmes[0] if len(programmes) == 1 else None)
    if programme is None:
        example = f"提醒 {programmes[0].short_title} {shown(words, 30)}"
        raise Refused(f"您管理几个专项，请写明专项后重发，如“{example}”。")
    if not parts:
        raise Refused(_not_read(words, programme))
    return Reply("\n".join(_change(ctx, programme, parts, words)))


@command(
    "quiet_hours",
    "安静时间",
    "免打扰时间",
    usage="安静时间 [专项] 18:00-9:00",
    about="这段时间不发提醒",
    roles=(RoleName.ADMIN,),
    group=InGroup.REFUSE,
    alone=True,
)
def quiet_hours(ctx: Context, rest: str) -> Reply:
    """The hours without reminders set, or shown."""
    named, words = _programme(ctx, clean(rest), administered(ctx))
    return _answer(ctx, named, f"安静时间 {words}" if words else "")


def _programme(
    ctx: Context, text: str, programmes: Sequence[Programme]
) -> tuple[Programme | None, str]:
    """The programme that the first word names, and the rest."""
    first, _, rest = text.strip().partition(" ")
    named = programme_called(ctx, first, programmes, by_part=False) if first else None
    return (named, rest.strip()) if named else (None, text.strip())


def _shown(programmes: Sequence[Programme]) -> str:
    blocks = ["\n".join(_lines(each, ladder_policy(each))) for each in programmes]
    return "\n\n".join([*blocks, _EXAMPLES.format(title=programmes[0].short_title)])


def _lines(programme: Programme, policy: Policy) -> list[str]:
    """A ladder in plain words."""
    before = "、".join(map(str, policy.before_days))
    on_day = "、".join(f"{at:%H:%M}" for at in policy.on_day_at)
    ahead = f"截止前{before}个工作日{policy.before_at:%H:%M}" if before else "不提前提醒"
    return [
        f"【{programme.short_title}】提醒（只发给尚未报送的）",
        f"提前：{ahead}",
        f"当天：{on_day or '不提醒'}（遇放假提前到节前最后一个工作日）",
        f"逾期：每个工作日{policy.overdue_at:%H:%M}",
        f"负责人：逾期{policy.unit_head_after}个工作日告知单位负责人",
        f"督办：逾期{policy.order_after}个工作日提请管理员督办",
        f"时段：工作日{policy.opens:%H:%M}至{policy.closes:%H:%M}，其余为安静时间",
        f"上限：每人每天{policy.daily_cap}次（催报另计，每人每天1次）",
    ]


def _not_read(words: str, programme: Programme) -> str:
    how = _EXAMPLES.format(title=programme.short_title)
    return f"没有读懂“{shown(words, 30)}”，提醒没有变。{how}"


def _change(ctx: Context, programme: Programme, parts: Sequence[Part], words: str) -> list[str]:
    before = ladder_policy(programme)
    if [part.name for part in parts] == ["default"]:
        programme.amend("reminders", None)
    else:
        try:
            after = changed(before, parts)
        except ValueError as reason:
            raise Refused(f"{reason}，未作更改。查看请发“提醒 {programme.short_title}”。") from None
        if after is None:
            raise Refused(_not_read(words, programme))
        if after != before:
            programme.amend("reminders", ladder_data(after))
    now = ladder_policy(programme)
    if now == before:
        return ["提醒原来就是这样，没有变化。", *_lines(programme, now)]
    ctx.session.flush()
    ctx.record(
        "reminders",
        "programme",
        programme.id or 0,
        before=ladder_data(before),
        after=ladder_data(now),
    )
    old, new = _lines(programme, before), _lines(programme, now)
    lines = [line for line, was in zip(new, old, strict=True) if line != was]
    return ["已更改，从下一次提醒起生效：", new[0], *lines]
