"""The line that leads from a digest to the board of its group."""

from dataclasses import replace

from handlers.board.reader import reads_board
from handlers.context import DigestContext
from models.chat import Chat
from models.link import LIFETIMES, LinkKind, board_link
from models.message import Reply
from models.rules.plain import inert


def with_board(ctx: DigestContext, chat: Chat, reply: Reply) -> Reply:
    """*reply* with the group's own link to the board as its last line, where it reads boards."""
    if not reads_board(chat, ctx.programme):
        return reply
    link = board_link(ctx.session, ctx.programme.id or 0, chat.id or 0, ctx.now)
    days = LIFETIMES[LinkKind.BOARD].days
    line = f"详情请点看板（{days}天内有效）：{ctx.services.addresses.of(link)}"
    # What else stands there is made inert first: only our own address may be tapped.
    return replace(reply, text=f"{inert(reply.text)}\n{line}", links=True)
