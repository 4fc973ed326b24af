"""图2 用裁剪图, 第二张不要了, 图1和图2说明写反了: what is to be done with pictures."""

import re

from handlers.reading.manners import POLITE
from handlers.reading.normalise import normalise
from handlers.reading.picture_places import mentions_in

#: Longer texts are no such order.
_LONGEST = 30
_MOST_MENTIONS = 2
_ALL = re.compile(
    "(?:全部|所有|这?[几些]张|[二两三四五六七八九2-9]张)(?:图片|照片|图)?(?:全部|全|都)?"
    "|(?:图片|照片|图)?(?:全部|全都|全|都)"
)
_CROP = "(?:使用|采用|改用|用|按)?(?:裁剪|剪裁|裁切)(?:后的?|好的?)?(?:图片|图|框)?|裁一?下|裁"
_DROP = "删除|删掉|删去|删了|删|去掉|拿掉|撤掉|撤下|不要|不用|不发"
_CHANGE = "换一张|换1张|另换|更换|替换|换掉|重发|换"
_EXCHANGE = (
    "(?:说明|标题|文字|图片|顺序|次序){0,3}"
    "(?:[写弄搞填标放发贴]反|反|颠倒|对调|互换|调换|[调换]过来|换一?下)"
)
_ORDERS = (
    ("对调说明", re.compile(_EXCHANGE)),
    ("用裁剪图", re.compile(_CROP)),
    ("删图", re.compile(_DROP)),
    ("换图", re.compile(_CHANGE)),
)
_FILLER = re.compile(
    rf"{POLITE}|图片|照片|说明|把|将|的|吧|了|啊|哈|掉|就|都|要|给|它|再|和|与|图|[\s。.!,:;、~]"
)


def read_picture_order(text: str) -> str | None:
    """The command that *text* means, its word in front; None where it says anything else besides.

    Orders that are written as the command itself are left to it.
    """
    if len(text) > _LONGEST or "\n" in text.strip():
        return None
    plain = normalise(text).strip()
    mentions = [*mentions_in(plain)]
    if len(mentions) > _MOST_MENTIONS:
        return None
    places = "、".join(plain[each.start : each.end] for each in mentions)
    rest = plain
    for each in reversed(mentions):
        rest = f"{rest[: each.start]} {rest[each.end :]}"
    for word, pattern in _ORDERS:
        found = pattern.search(rest)
        if found is None:
            continue
        around = f"{rest[: found.start()]} {rest[found.end() :]}"
        of_all = not places and word in ("用裁剪图", "对调说明") and _ALL.match(rest) is not None
        around = _ALL.sub(" ", around, count=1) if of_all or places else around
        is_said = bool(places) or of_all or (word == "对调说明" and "说明" in found[0])
        return f"{word} {places}".strip() if is_said and not _FILLER.sub("", around) else None
    return None
