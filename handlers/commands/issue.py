"""签发: numbers a draft, freezes it, and sends it to the leaders' groups."""

from dataclasses import replace

from handlers.context import Context
from handlers.marks import parted
from handlers.registry import InGroup, command
from handlers.supervising.bulletins import Desk, issued
from handlers.supervising.bulletins_open import the_draft
from handlers.supervising.bulletins_text import issued_reply, notice
from handlers.supervising.letters import send_letter
from handlers.supervising.scope import administered
from models.bulletin import Bulletin, BulletinState
from models.card import about_draft
from models.chat import ChatPurpose, groups_for
from models.member import RoleName
from models.message import Reply
from models.outbox import say


@command(
    "issue",
    "签发",
    usage="签发 [专项]",
    about="签发通报草稿，编号并发给领导群",
    roles=(RoleName.ADMIN,),
    group=InGroup.REFUSE,
    alone=True,
)
def issue(ctx: Context, rest: str) -> Reply:
    """The only open draft, or the one named, issued once its check finds nothing."""
    rest, meant = parted(rest)
    row, _ = the_draft(ctx, rest, administered(ctx), meant)
    result = issued(Desk(ctx.session, ctx.services, ctx.now, ctx.speaker.id), row)
    reply = issued_reply(ctx, row, result)
    if row.state != BulletinState.ISSUED:
        return reply
    ctx.settle(about_draft(row.id), "已签发")
    if row.is_letter:
        return replace(reply, text=f"{reply.text}\n{send_letter(ctx, row)}")
    _tell_groups(ctx, row)
    return reply


def _tell_groups(ctx: Context, row: Bulletin) -> None:
    for chat in groups_for(ctx.session, ChatPurpose.LEADERS, row.programme_id):
        reply = notice(ctx, row, named=chat.names_laggards)
        key = f"bulletin:{row.id}:chat{chat.id}"
        say(ctx.session, chat.id or 0, reply, key=key, now=ctx.now)
