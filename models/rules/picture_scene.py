"""Whether two pictures show the same scene, and the keys by which such pictures are looked up.

A picture's dhash is sixty-four bits, cut into four bands of sixteen. Two hashes that differ in at
most six bits differ in at most one bit of some band: whoever looks up each band, and each with one
bit turned, misses none of them.
"""

from models.rules.picture_facts import PictureFacts

_BANDS, _WIDTH = 4, 16
#: Shrunk, recompressed, brightened or stamped, a picture's hash moves by at most five bits. Those
#: of different building sites and night views differ by a dozen; typed pages and screens may come
#: as near as six, and are told apart by where they are busy.
_NEAR = 6
#: So much of the detail may stand in other places: a stamp moves an eighth of a night view's.
_MOVED = 0.15
_SAYS_NOTHING = ("0" * 16, "f" * 16)


def scene_keys(dhash: str) -> tuple[int, ...]:
    """The bands of a dhash, each with its place, to be kept; none for a blank picture."""
    if dhash in _SAYS_NOTHING:
        return ()
    bits = int(dhash, 16)
    mask = (1 << _WIDTH) - 1
    return tuple(at << _WIDTH | bits >> at * _WIDTH & mask for at in range(_BANDS))


def near_keys(dhash: str) -> tuple[int, ...]:
    """The keys of which every picture of the same scene has at least one."""
    return tuple(
        key ^ turned
        for key in scene_keys(dhash)
        for turned in (0, *(1 << n for n in range(_WIDTH)))
    )


def near_duplicate(one: str, other: str) -> bool:
    """Whether two dhashes are of the same scene; those of blank pictures never say so."""
    if one in _SAYS_NOTHING or other in _SAYS_NOTHING:
        return False
    return (int(one, 16) ^ int(other, 16)).bit_count() <= _NEAR


def same_scene(one: PictureFacts, other: PictureFacts) -> bool:
    """Whether two pictures show the same scene: alike in their hashes and where they are busy."""
    rows = _moved(one.row_detail, other.row_detail)
    columns = _moved(one.column_detail, other.column_detail)
    return near_duplicate(one.dhash, other.dhash) and max(rows, columns) <= _MOVED


def _moved(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """What share of the detail of one stands elsewhere in the other."""
    if not any(one) or not any(other) or len(one) != len(other):
        return 0.0
    first, second = sum(one), sum(other)
    return sum(abs(a / first - b / second) for a, b in zip(one, other, strict=True)) / 2
