"""Orders about a group itself: given in it, by an admin of whatever it belongs to."""

from handlers.context import Context
from models.chat import Chat
from models.errors import Refused
from models.member import RoleName
from models.message import ChatKind
from models.programme import Programme


def group_here(ctx: Context, word: str) -> Chat:
    """The group in which the order was given; refused in a single chat."""
    if ctx.chat.kind != ChatKind.GROUP:
        raise Refused(f"“{word}”说的是一个群，请在那个群里提到我再发。")
    return ctx.chat


def is_wide_admin(ctx: Context) -> bool:
    """Whether the speaker is an admin of all programmes."""
    roles = ctx.speaker.roles
    return any(each.role == RoleName.ADMIN and each.programme_id is None for each in roles)


def require_group(ctx: Context, chat: Chat) -> None:
    """Refuse to an admin of other programmes than the one that a group belongs to."""
    if chat.programme_id is None or ctx.speaker.has(RoleName.ADMIN, programme_id=chat.programme_id):
        return
    programme = ctx.session.get_one(Programme, chat.programme_id)
    raise Refused(f"本群属于“{programme.short_title}”，请联系该专项的管理员办理。")
