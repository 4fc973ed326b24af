"""额度: what platforms count month by month, shown and declared by admins and operators."""

import re
from collections.abc import Iterator, Sequence

from handlers.context import Context
from handlers.reading.harmless import shown
from handlers.reading.normalise import normalise
from handlers.reading.numerals import read_number
from handlers.registry import InGroup, command
from handlers.supervising.quota_text import standing_text
from models.errors import Refused
from models.member import RoleName
from models.message import Reply
from models.platform import Metered, metered_platforms, platform_title, pools_of
from models.quota import Quota, limits_of, quotas, quotas_in_use, set_limit

#: More than any edition or pack holds.
_MOST = 1_000_000_000
_NUMBER = re.compile(r"(?:[:为是改到成]\s*)*(?P<number>[\d,.]+\s*[万亿]?)\s*次?$")
_NOT_IN_USE = "本月没有用到按月计量的平台，没有额度要管。"
_OTHERS = "数字只计本系统用掉的，同一单位的其他应用也用这份额度。"


def _example(platform: str, pool: Metered) -> str:
    return f"额度 {platform_title(platform)} {pool.words[0]} 200000"


_FIRST = metered_platforms()[0]


@command(
    "quota",
    "额度",
    "平台额度",
    "接口额度",
    usage=_example(_FIRST, pools_of(_FIRST)[0]),
    about="查看平台每月额度的用量和预计；升级或加购后登记新额度",
    roles=(RoleName.ADMIN, RoleName.OPERATOR),
    group=InGroup.REFUSE,
    alone=True,
)
def quota(ctx: Context, rest: str) -> Reply:
    """The pools as they stand, or one of them with another limit."""
    words = normalise(rest).strip()
    if not words:
        return Reply("\n".join(_shown(ctx)))
    platform, left = _platform(words)
    pool, number = _pool(platform, left, rest)
    return Reply("\n".join(_declared(ctx, platform, pool, _limit(platform, pool, number))))


def _shown(ctx: Context) -> Iterator[str]:
    found = quotas_in_use(ctx.session, ctx.now, ctx.calendar)
    if not found:
        yield _NOT_IN_USE
        return
    for each in found:
        yield _line(each)
    yield _OTHERS
    yield f"升级或加购后请登记，如“{_example(found[0].platform, found[0].pool)}”。"


def _line(each: Quota) -> str:
    counts = "收发都计" if each.pool.hears else "只计发出"
    title = f"{platform_title(each.platform)}{each.pool.title}（{counts}）"
    return f"{title}：{standing_text(each.standing)}"


def _platform(words: str) -> tuple[str, str]:
    """The platform named first, and the rest; the only one there is need not be named."""
    for platform in metered_platforms():
        for name in (platform_title(platform), platform):
            if words.lower().startswith(name):
                return platform, words[len(name) :].strip()
    return _FIRST, words


def _pool(platform: str, words: str, rest: str) -> tuple[Metered, str]:
    """The pool named, and what follows its longest name."""
    named = [
        (word, pool)
        for pool in pools_of(platform)
        for word in (pool.title, *pool.words)
        if words.lower().startswith(word)
    ]
    if not named:
        raise Refused(_not_read(platform, rest))
    word, pool = max(named, key=lambda each: len(each[0]))
    return pool, words[len(word) :].strip()


def _not_read(platform: str, rest: str) -> str:
    titles = "、".join(pool.title for pool in pools_of(platform))
    ways = "\n".join(_example(platform, pool) for pool in pools_of(platform))
    said = f"没有读懂“{shown(rest, 30)}”，额度没有变。"
    return f"{said}请写明平台、哪一种额度（{titles}）和每月次数，例如：\n{ways}"


def _limit(platform: str, pool: Metered, number: str) -> int:
    found = _NUMBER.fullmatch(number)
    value = read_number(found["number"].replace(",", "")) if found else None
    if value is None or value != int(value) or not 0 < value <= _MOST:
        raise Refused(
            f"“{shown(number, 30) or '空'}”不是每月次数，额度没有变。应是1至10亿的整数，如"
            f"“{_example(platform, pool)}”。"
        )
    return int(value)


def _declared(ctx: Context, platform: str, pool: Metered, limit: int) -> Sequence[str]:
    title = f"{platform_title(platform)}{pool.title}额度"
    before = limits_of(ctx.session, platform)[pool.name]
    if before == limit:
        return [f"{title}原来就是{limit}次/月，没有变化。"]
    member_id = ctx.speaker.id
    set_limit(ctx.session, platform, pool.name, limit, member_id=member_id, now=ctx.now)
    found = quotas(ctx.session, platform, ctx.now, ctx.calendar)
    [now] = [each for each in found if each.pool.name == pool.name]
    return [f"已登记：{title}{before}次/月改为{limit}次/月。", _line(now)]
