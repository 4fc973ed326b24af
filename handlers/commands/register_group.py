"""登记本群: what a group is for, so that the right digests reach it."""

from collections.abc import Sequence

from handlers.context import Context
from handlers.reading.harmless import shown
from handlers.reading.normalise import command_key
from handlers.registry import InGroup, command
from handlers.supervising.choosing import programme_called
from handlers.supervising.group_rights import group_here, is_wide_admin, require_group
from handlers.supervising.scope import administered
from models.chat import Chat, ChatPurpose
from models.errors import Refused
from models.member import RoleName
from models.message import Reply
from models.programme import Programme

TITLES = {
    ChatPurpose.LIAISONS: "联络员群",
    ChatPurpose.LEADERS: "领导群",
    ChatPurpose.ADMINS: "管理员群",
}
_WORDS = {
    "联络员群": ChatPurpose.LIAISONS,
    "联络员": ChatPurpose.LIAISONS,
    "联络群": ChatPurpose.LIAISONS,
    "工作群": ChatPurpose.LIAISONS,
    "领导群": ChatPurpose.LEADERS,
    "领导": ChatPurpose.LEADERS,
    "管理员群": ChatPurpose.ADMINS,
    "管理群": ChatPurpose.ADMINS,
    "管理员": ChatPurpose.ADMINS,
    "取消": ChatPurpose.NONE,
    "取消登记": ChatPurpose.NONE,
}
HOW = (
    "请写明用途：联络员群、领导群或管理员群，后面可加专项，例如：\n"
    "登记本群 领导群\n登记本群 联络员群 {title}\n不再使用请发“登记本群 取消”。"
)


@command(
    "register_group",
    "登记本群",
    "登记群",
    "本群登记",
    usage="登记本群 领导群 [专项]",
    about="登记本群的用途，周报等随之发送（在群里发）",
    roles=(RoleName.ADMIN,),
    group=InGroup.ANSWER,
)
def register_group(ctx: Context, rest: str) -> Reply:
    """The group's purpose and programme set or taken back, or how they stand."""
    chat = group_here(ctx, "登记本群")
    programmes = administered(ctx)
    if not rest.strip():
        return Reply(f"{_now(ctx, chat)}{HOW.format(title=programmes[0].short_title)}")
    purpose, programme = _read(ctx, rest, programmes)
    require_group(ctx, chat)
    programme = _allowed(ctx, programme, programmes)
    if purpose is ChatPurpose.NONE:
        programme = None
    before = (ChatPurpose(chat.purpose), chat.programme_id)
    after = (purpose, programme.id if programme else None)
    if before == after:
        return Reply(f"本群原来就是这样登记的，没有变化。{_now(ctx, chat)}")
    chat.purpose, chat.programme_id = after
    ctx.session.flush()
    ctx.record(
        "register_group",
        "chat",
        chat.id or 0,
        before={"purpose": str(before[0]), "programme": before[1]},
        after={"purpose": str(after[0]), "programme": after[1]},
    )
    if purpose is ChatPurpose.NONE:
        return Reply("已取消登记，本群不再收到周报、通报等。重新登记请发“登记本群 领导群”。")
    names = "显示" if chat.names_laggards else "不显示"
    how = f"本群{names}滞后单位名称，更改请发“点名 {'关' if chat.names_laggards else '开'}”。"
    return Reply(f"已登记。{_now(ctx, chat)}{how}")


def _read(
    ctx: Context, rest: str, programmes: Sequence[Programme]
) -> tuple[ChatPurpose, Programme | None]:
    """The purpose and the programme, in either order; refused naming what is not known."""
    purpose: ChatPurpose | None = None
    programme: Programme | None = None
    for word in rest.split():
        if (known := _WORDS.get(command_key(word))) is not None:
            purpose = known
        elif (named := programme_called(ctx, word, programmes)) is not None:
            programme = named
        else:
            how = HOW.format(title=programmes[0].short_title)
            raise Refused(f"没有认出“{shown(word, 20)}”，未作登记。{how}")
    if purpose is None:
        raise Refused(f"还缺用途，未作登记。{HOW.format(title=programmes[0].short_title)}")
    return purpose, programme


def _allowed(
    ctx: Context, programme: Programme | None, programmes: Sequence[Programme]
) -> Programme | None:
    """The programme; all of them only for an admin of all, else the only one of theirs."""
    if programme is not None or is_wide_admin(ctx):
        return programme
    if len(programmes) == 1:
        return programmes[0]
    titles = "、".join(each.short_title for each in programmes)
    example = f"登记本群 领导群 {programmes[0].short_title}"
    raise Refused(f"您管理几个专项（{titles}），请写明专项，例如：\n{example}")


def _now(ctx: Context, chat: Chat) -> str:
    purpose = ChatPurpose(chat.purpose)
    if purpose is ChatPurpose.NONE:
        return "本群尚未登记用途。"
    programme = ctx.session.get(Programme, chat.programme_id) if chat.programme_id else None
    of = f"“{programme.short_title}”" if programme else "全部专项"
    return f"本群是{of}的{TITLES[purpose]}。"
