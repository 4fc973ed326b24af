"""To whom an issued letter goes: the people of its unit, in working hours."""

from sqlmodel import select

from handlers.context import Context
from handlers.reading.harmless import harmless
from handlers.standing.policy import ladder_policy
from handlers.supervising.bulletin_files import file_of
from handlers.supervising.bulletins_text import head
from handlers.supervising.texts import some
from models.audience import holders, single_chats
from models.bulletin import Bulletin
from models.member import RoleName
from models.message import Reply
from models.outbox import Priority, say
from models.programme import Programme
from models.rules.ladder import next_working_time
from models.unit import Unit

_ROLES = (RoleName.UNIT_HEAD, RoleName.LIAISON)


def send_letter(ctx: Context, row: Bulletin) -> str:
    """Owe the letter to the unit's head and liaisons; what the admin reads of it."""
    programme = ctx.session.get_one(Programme, row.programme_id)
    unit = ctx.session.exec(
        select(Unit).where(Unit.area_id == programme.area_id, Unit.name == row.subject)
    ).first()
    people = {
        each.member_id: each.name
        for each in holders(ctx.session, _ROLES, ctx.today)
        if unit is not None and each.unit_id == unit.id and each.serves(row.programme_id)
    }
    chats = single_chats(ctx.session, people)
    text = f"{head(ctx, row)}已印发，见附件，请按函中事项办理。查看全部待办请发“任务”。"
    reply = Reply(text, files=(file_of(ctx.services, ctx.session, row),))
    opens = next_working_time(ctx.now, ctx.calendar, ladder_policy(programme))
    for member_id, chat_id in chats.items():
        say(
            ctx.session,
            chat_id,
            reply,
            key=f"letter:{row.id}:member{member_id}",
            now=ctx.now,
            priority=Priority.BULK,
            not_before=opens,
        )
    told = [harmless(name) for member_id, name in people.items() if member_id in chats]
    if not told:
        return f"{row.subject}没有可以送达的人员，请将文件另行送达。"
    return f"已发给{row.subject}：{some(told, 6)}。"
