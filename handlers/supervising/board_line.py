"""The line that leads from a digest to the board of its group."""

from dataclasses import replace

from handlers.board.reader import reads_board
from handlers.context import DigestContext
from handlers.supervising.texts import moment_text
from models.chat import Chat
from models.link import board_link
from models.message import Reply
from models.rules.plain import inert
from models.shown import Page, Shown


def with_board(ctx: DigestContext, chat: Chat, reply: Reply) -> Reply:
    """*reply* with the group's own link to the board as its last line, where it reads boards."""
    if not reads_board(chat, ctx.programme):
        return reply
    link = board_link(ctx.session, ctx.programme.id or 0, chat.id or 0, ctx.now)
    # A link that the group holds already may end sooner than a new one.
    until = moment_text(link.expires_at, ctx.services.zone)
    address = ctx.services.addresses.of(link)
    shown = Shown(reply.text, page=Page(f"查看看板（{until}前有效）", address))
    # What else stands there is made inert first: only our own address may be tapped.
    text = f"{inert(reply.text)}\n详情请点看板（{until}前有效）：{address}"
    return replace(reply, text=text, links=True, shown=shown)
