"""Characters that the eye, a scanner or a shape-based input method takes for one another.

`lookalikes.txt` has them in three parts, each character before those that resemble it. The first
was measured, not chosen: the 6,763 characters of GB 2312 were drawn in Noto Sans CJK and Noto Serif
CJK, blurred a little and a lot, and two stand together where the drawings agree (correlation at
least 0.80) and each is among the seven nearest of the other, or where they agree almost wholly
(0.93); pairs of two rare characters are left out. The second part holds what no drawing shows:
the body of a character that lost its radical. The third has what primers list as 形近字 and the
drawings part, since hand and scanner lose a stroke that print shows. What sounds alike needs no
place here.
"""

from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=1)
def pairs_alike() -> frozenset[tuple[str, str]]:
    """Every two characters alike in shape, in both orders."""
    listed = files("handlers.reading").joinpath("lookalikes.txt").read_text(encoding="utf-8")
    pairs = ((row[0], other) for row in listed.split() for other in row[1:])
    return frozenset(pair for one, other in pairs for pair in ((one, other), (other, one)))


def look_alike(one: str, other: str) -> bool:
    """Whether two characters are easily taken for one another by their shape."""
    return (one, other) in pairs_alike()
