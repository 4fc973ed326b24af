"""Villages, towns and schools behind a figure: what a task may count, or where it is at work."""

import re

_COUNTED = re.compile(
    "(?:行政村|村|乡镇|乡|镇|县市?|社区|校)(?=$|[,;均已都全同开正还、和推启完实未尚在])"
)
_QUALIFIED = re.compile("个(?:行政|自然|建制|贫困|重点)")


def counts_other_places(after: str, title: str) -> bool:
    """Whether a figure is one of places (25个村), as *after* says behind it, and the *title* of the
    task counts none of these.
    """
    return _COUNTED.match(after) is not None and f"个{after[:1]}" not in _QUALIFIED.sub("个", title)


def counted_place(after: str, title: str) -> int:
    """通组光纤完成18个村 of 25个行政村: the length of the place that the *title* counts, or 0."""
    said = _COUNTED.match(after)
    counted = said and re.search(rf"\d个[一-龥]{{0,3}}{said[0]}", title)
    return len(said[0]) if said and counted else 0
