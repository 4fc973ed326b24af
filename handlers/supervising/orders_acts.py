"""What stands behind an order's number: nothing, an act of an admin or liaison, or evidence."""

import re
from collections.abc import Callable, Mapping

from handlers.context import Context
from handlers.digests.order_form import printed_order
from handlers.reading.normalise import clean, command_key
from handlers.supervising.orders import OrderStanding, is_admin, is_liaison
from handlers.supervising.orders_answering import answer_order, ask_extension
from handlers.supervising.orders_deciding import (
    allow,
    close,
    drop,
    extend,
    refuse_extension,
    reopen,
    send_back,
)
from handlers.supervising.orders_files import files_of
from handlers.supervising.orders_settled import settle
from handlers.supervising.orders_text import in_full
from models.errors import Refused
from models.message import Reply

_ACT = re.compile(
    r"(?P<word>不同意|同意|延期|退回|恢复|销号|撤销)(?:延期)?(?=$|[\s:：,，。;；]|[到至]?\d)"
    r"[\s:：,，。;；]*(?P<rest>.*)",
    re.DOTALL,
)
_EXTENSION = "延期"
_PRINT = frozenset(("打印", "纸质单", "文书", "word"))
_ACTS: Mapping[str, Callable[[Context, OrderStanding, str], list[str]]] = {
    "同意": allow,
    "不同意": refuse_extension,
    _EXTENSION: extend,
    "退回": send_back,
    "撤销": drop,
    "恢复": reopen,
    "销号": lambda ctx, each, words: close(ctx, [each], words),
}
_ADMINS = (
    "“{word}”由管理员办理，未作处理。整改情况请写明内容，例如：\n"
    "{label} 已补装40个，9月25日验收合格"
)
_READS = "您可查看{label}，不能办理。整改情况请由{unit}联络员报送。"
_HOW = (
    "没有读懂要对{label} 做什么，未作处理。可发：\n"
    "销号 {label}\n{label} 退回 原因\n{label} 延期 日期 原因\n{label} 撤销 原因\n"
    "整改情况请由{unit}联络员报送。"
)


def act_on(ctx: Context, each: OrderStanding, text: str) -> Reply:
    """Show the order, or do to it what the words say, as far as the speaker may.

    A liaison's words are evidence, also where they begin with a word that only admins may use.
    """
    settle(ctx.session, [each], ctx.now)
    text = clean(text).strip()
    brings = bool(text or ctx.media or ctx.failed_media)
    if not brings:
        lines = [*in_full(ctx, each), f"纸质单请发“{each.label(ctx.today.year)} 打印”。"]
        return Reply("\n".join(lines), *files_of(ctx, each))
    if command_key(text) in _PRINT and not ctx.media:
        head = f"{each.label(ctx.today.year)} {each.subject}"
        return Reply(f"{head}的督办单见附件，可直接打印。", files=(printed_order(ctx, each),))
    found = _ACT.fullmatch(text)
    if found is not None and is_admin(ctx, each):
        return Reply("\n".join(_ACTS[found["word"]](ctx, each, found["rest"])))
    if is_liaison(ctx, each):
        if found is not None and not (found["rest"] or found["word"] == _EXTENSION or ctx.media):
            raise Refused(_ADMINS.format(word=found["word"], label=each.label(ctx.today.year)))
        if found is not None and found["word"] == _EXTENSION:
            return ask_extension(ctx, each, found["rest"])
        return answer_order(ctx, each, text)
    how = _HOW if is_admin(ctx, each) else _READS
    raise Refused(how.format(label=each.label(ctx.today.year), unit=each.unit.name))
