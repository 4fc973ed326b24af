"""Whether the sealed keys of group robots can still be opened."""

from collections.abc import Iterator, Sequence

from bot.findings import Found, Level
from bot.keys import KeyRing
from models.errors import DeliveryError


def check_robots(
    check: str, robots: Sequence[str], secret: str, door: str, page: str
) -> Iterator[Found]:
    """The *robots* of one *door*, whose keys stand on *page* and were sealed under *secret*."""
    if not robots:
        return
    ring = KeyRing(secret)
    lost = sum(not _is_opened(ring, sealed) for sealed in robots)
    if lost:
        about = f"{len(robots)}个群机器人中，{lost}个的密钥打不开：SECRET_KEY 换过了"
        add = f"`dajuan chat add --platform {door} --name 群名`"
        advice = f"换回原来的 SECRET_KEY；或逐个重新登记：{add}，密钥在 {page}"
        yield Found(check, Level.FAIL, about, advice)
    else:
        yield Found(check, Level.OK, f"{len(robots)}个，密钥都打得开")


def _is_opened(ring: KeyRing, sealed: str) -> bool:
    try:
        return bool(ring.opened(sealed))
    except DeliveryError:
        return False
