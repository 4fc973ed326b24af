"""提醒函: drafts an official letter to a unit on what it still owes; 签发 sends it."""

from collections.abc import Sequence

from handlers.context import BulletinContext, Context
from handlers.digests.reminder_letter import KIND, pressing
from handlers.lists import keep_list
from handlers.registry import InGroup, command
from handlers.supervising.bulletins import Desk, Issue, draft
from handlers.supervising.bulletins_text import draft_reply
from handlers.supervising.choosing import all_subjects, programme_called, subject_called
from handlers.supervising.scope import administered
from models.errors import Refused
from models.member import RoleName
from models.message import Reply
from models.programme import Programme
from models.unit import Unit

_NAMES = "请写单位名称，例如“提醒函 州公安局”；谁还有未报请发“未报”查看。"


@command(
    "reminder_letter",
    "提醒函",
    "催办函",
    usage="提醒函 州公安局 [专项]",
    about="起草给单位的提醒函，列明逾期、退回和将到期的报送",
    roles=(RoleName.ADMIN,),
    group=InGroup.REFUSE,
    alone=True,
)
def reminder(ctx: Context, rest: str) -> Reply:
    """The draft of today's letter to the unit, in the programme named or the only one it owes."""
    programmes = administered(ctx)
    word, _, behind = rest.strip().partition(" ")
    if not word:
        raise Refused(_NAMES)
    chosen = subject_called(ctx, word, all_subjects(ctx, programmes), "提醒函 {}", _NAMES)
    if isinstance(chosen, Reply):
        return chosen
    if chosen.unit is None:
        raise Refused(_NAMES)
    named = _named(ctx, behind.strip(), programmes)
    owing = [named] if named else _owing(ctx, chosen.unit, programmes)
    if len(owing) > 1:
        keep_list(ctx, "提醒函 {}", [f"{chosen.unit.name} {each.code}" for each in owing])
        lines = [f"{at}. {each.short_title}" for at, each in enumerate(owing, start=1)]
        return Reply("\n".join([f"{chosen.unit.name}在几个专项中有未报，请回复序号：", *lines]))
    if not owing:
        raise Refused(f"{chosen.unit.name}目前没有逾期、退回或即将到期的报送，不用发提醒函。")
    row, made = draft(_desk(ctx), _issue(ctx, owing[0], chosen.unit))
    return draft_reply(ctx, row, made)


def _named(ctx: Context, text: str, programmes: Sequence[Programme]) -> Programme | None:
    """The programme that is named; refused where the words name none."""
    if not text:
        return None
    found = programme_called(ctx, text, programmes)
    if found is None:
        titles = "、".join(each.short_title for each in programmes)
        raise Refused(f"没有认出专项“{text[:20]}”，可写：{titles}。")
    return found


def _owing(ctx: Context, unit: Unit, programmes: Sequence[Programme]) -> list[Programme]:
    """The programmes in which the unit owes something now."""

    def context(programme: Programme) -> BulletinContext:
        return BulletinContext(
            ctx.session, ctx.now, ctx.services, programme, ctx.today.isoformat(), ctx.today, unit
        )

    return [each for each in programmes if pressing(context(each), ctx.calendar)]


def _issue(ctx: Context, programme: Programme, unit: Unit) -> Issue:
    kind = ctx.services.registry.bulletins[KIND]
    return Issue(programme, kind, ctx.today.isoformat(), ctx.today, unit=unit)


def _desk(ctx: Context) -> Desk:
    return Desk(ctx.session, ctx.services, ctx.now, ctx.speaker.id)
