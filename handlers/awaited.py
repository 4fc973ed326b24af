"""An order that lacks only its last words: the very next message of the same person gives them."""

from datetime import timedelta

from handlers.context import Context
from handlers.conversation import is_courtesy, is_greeting
from handlers.lists import keep_list
from handlers.reading.normalise import command_key
from handlers.reading.until import without_label
from models.errors import Refused
from models.inbox import heard_between
from models.listing import listing_of
from models.message import ChatKind

_LIFE = timedelta(minutes=30)
_LONGEST = 500
_NO = frozenset(("取消", "算了", "不了", "不用", "不用了", "不退回", "不退了", "先不退", "撤销"))


def await_words(ctx: Context, order: str, undone: str) -> None:
    """The next words complete *order*; 取消 is answered with *undone*."""
    keep_list(ctx, order, [str(ctx.inbox_id), undone])


def completed(ctx: Context) -> str | None:
    """The order that this message completes; None for any other. Raises Refused for 取消."""
    text = ctx.message.text.strip()
    is_no = command_key(text) in _NO
    if not 0 < len(text) <= _LONGEST or ctx.chat.kind == ChatKind.GROUP:
        return None
    if not is_no and (_is_order(ctx, text) or not any(map(str.isalpha, text))):
        return None
    row = listing_of(ctx.session, ctx.speaker.id)
    if row is None or "{}" in row.template or ctx.now - row.shown_at > _LIFE:
        return None
    asked_by, undone = row.entries
    message = ctx.message
    was_left = heard_between(
        ctx.session, message.platform, message.sender_id, int(asked_by), ctx.inbox_id
    )
    if was_left or is_courtesy(text) or is_greeting(text):
        return None
    if is_no:
        raise Refused(str(undone))
    return f"{row.template}：{without_label(text)}"


def _is_order(ctx: Context, text: str) -> bool:
    """Whether a command stands in front; not one that only begins like it: 图片有水印."""
    return any(not each.glued for each in ctx.services.registry.called(text))
