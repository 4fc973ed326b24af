"""Pictures that a platform takes: as they are, or drawn again where it would not."""

from collections.abc import Collection
from functools import lru_cache

from handlers.render.thumbnail import smaller
from models.rules.picture_facts import PictureUnreadable

#: One that is too large is drawn again as wide as ours are.
_WIDTH = 1080


def as_taken(data: bytes, mime: str, kinds: Collection[str], largest: int) -> bytes | None:
    """The picture where it is of these kinds and at most *largest* bytes, else a JPEG of it.

    None where it cannot be read.
    """
    fits = mime in kinds and len(data) <= largest
    return data if fits else _drawn_again(data, largest)


# Whether it can be shown is asked before it is, more than once.
@lru_cache(maxsize=1)
def _drawn_again(data: bytes, largest: int) -> bytes | None:
    try:
        return smaller(data, _WIDTH, largest)
    except PictureUnreadable:
        return None
