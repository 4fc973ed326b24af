"""看板: the address of a programme's board for this chat, and taking such addresses back."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import col, select

from handlers.board.reader import OPENS, reads_board
from handlers.context import Context
from handlers.lists import keep_list
from handlers.phrases import not_your_role
from handlers.reading.harmless import harmless
from handlers.reading.normalise import command_key
from handlers.registry import InGroup, command
from handlers.supervising.choosing import programme_called
from handlers.supervising.scope import NO_PROGRAMME, WHOLE, administered
from handlers.supervising.texts import moment_text
from models.chat import Chat, chat_at
from models.errors import Refused
from models.link import Link, LinkKind, board_link, revoke_board_links
from models.member import ROLE_TITLES, RoleName
from models.message import ChatKind, Reply
from models.programme import Programme

_TAKE_BACK = ("收回", "撤回", "关闭", "作废")
_ALL = ("全部", "所有")
_OWN = "我的单聊"


@command(
    "board",
    "看板",
    "大屏",
    usage="看板 [专项|收回]",
    about="用手机打开总览、任务、排名、日历和滞后事项的链接，7天内有效",
    roles=OPENS,
    group=InGroup.ANSWER,
    alone=True,
)
def board(ctx: Context, rest: str) -> Reply:
    """Links for this group, where it is one that reads boards, else for the single chat."""
    key = command_key(rest)
    if word := next((each for each in _TAKE_BACK if key.startswith(each)), ""):
        return _take_back(ctx, key.removeprefix(word).removeprefix("链接"))
    programmes = [p for p in ctx.programmes if ctx.speaker.has(*OPENS, programme_id=p.id)]
    if not programmes:
        raise Refused(NO_PROGRAMME)
    return _handed_out(ctx, _chosen(ctx, rest, programmes))


def _chosen(ctx: Context, rest: str, programmes: Sequence[Programme]) -> Sequence[Programme]:
    if not rest.strip():
        return programmes
    named = programme_called(ctx, rest, programmes)
    if named is None:
        titles = "、".join(each.short_title for each in programmes)
        raise Refused(
            f"没有认出专项“{harmless(rest)[:20]}”。可查看：{titles}。例如：\n"
            f"看板 {programmes[0].short_title}"
        )
    return [named]


def _handed_out(ctx: Context, programmes: Sequence[Programme]) -> Reply:
    """A line and an address for each; what concerns one person goes to their single chat."""
    chat = ctx.chat
    if theirs := [each for each in programmes if _reads(ctx, each)]:
        programmes = theirs
    else:
        chat, ctx.moved = _own_chat(ctx), True
    links = [board_link(ctx.session, each.id or 0, chat.id or 0, ctx.now) for each in programmes]
    lines = []
    for each, link in zip(programmes, links, strict=True):
        address = ctx.services.addresses.of(link)
        whose = "" if ctx.speaker.has(*WHOLE, programme_id=each.id) else "（本单位）"
        lines.append(f"【{harmless(each.short_title)}】看板{whose}：\n{address}")
    until = moment_text(min(link.expires_at for link in links), ctx.services.zone)
    where = "本群" if chat.kind == ChatKind.GROUP else "您本人"
    lines.append(f"{until}前有效，仅供{where}查看，请勿转发；到期再发“看板”。")
    return Reply("\n".join(lines), links=True)


def _reads(ctx: Context, programme: Programme) -> bool:
    """Whether this very chat may hold the link: the group's, asked by one who reads it all."""
    if ctx.chat.kind != ChatKind.GROUP:
        return True
    return reads_board(ctx.chat, programme) and ctx.speaker.has(*WHOLE, programme_id=programme.id)


def _own_chat(ctx: Context) -> Chat:
    address = ctx.message.sender_id.casefold()
    return chat_at(ctx.session, ctx.message.platform, address, ChatKind.SINGLE, ctx.now)


@dataclass(frozen=True)
class _Holder:
    """A chat with links that open something, and what it is called."""

    chat: Chat
    name: str


def _take_back(ctx: Context, which: str) -> Reply:
    """Every board link of a chat opens nothing from now on; only an admin decides that."""
    if not ctx.speaker.has(RoleName.ADMIN):
        raise Refused(not_your_role("看板 收回", ROLE_TITLES[RoleName.ADMIN]))
    programmes = administered(ctx)
    holders = _holders(ctx, programmes)
    if ctx.chat.kind == ChatKind.GROUP:
        holders = [each for each in holders if each.chat.id == ctx.chat.id]
        return _revoked(ctx, holders) if holders else Reply("本群没有有效的看板链接。")
    if not holders:
        return Reply("目前没有有效的看板链接。")
    if which in _ALL:
        return _revoked(ctx, holders)
    named = [each for each in holders if which and which == command_key(each.name)]
    if named:
        return _revoked(ctx, named)
    keep_list(ctx, "看板 收回 {}", [each.name for each in holders])
    lines = [f"{at}. {harmless(each.name)}" for at, each in enumerate(holders, start=1)]
    head = "收回哪里的看板链接？请回复序号，或发“看板 收回 全部”："
    return Reply("\n".join([head, *lines]))


def _holders(ctx: Context, programmes: Sequence[Programme]) -> list[_Holder]:
    """The groups with open links to these programmes, and the speaker's own single chat."""
    rows = ctx.session.exec(
        select(Chat)
        .join(Link, col(Link.chat_id) == col(Chat.id))
        .where(
            Link.kind == LinkKind.BOARD,
            col(Link.programme_id).in_([each.id for each in programmes]),
            col(Link.revoked_at).is_(None),
            col(Link.expires_at) > ctx.now,
        )
        .order_by(col(Chat.id))
        .distinct()
    ).all()
    own = _own_chat(ctx).id
    return [
        _Holder(chat, _OWN if chat.id == own else chat.name or f"群{chat.id}")
        for chat in rows
        if chat.kind == ChatKind.GROUP or chat.id == own
    ]


def _revoked(ctx: Context, holders: Sequence[_Holder]) -> Reply:
    count = 0
    for each in holders:
        count += revoke_board_links(ctx.session, each.chat.id or 0, ctx.now)
        ctx.record("board.revoke", "chat", each.chat.id or 0)
    names = "、".join(harmless(each.name) for each in holders)
    where = "本群" if ctx.chat.kind == ChatKind.GROUP else names
    return Reply(
        f"已收回{where}的看板链接{count}个，再打开即提示失效。需要时请再发“看板”取新链接。"
    )
