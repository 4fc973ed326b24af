"""1500/6000个 is what is done out of what is wanted; a day or a list is not."""

import pytest

from handlers.reading.slashed import Slashed, slashed


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1500/6000个", Slashed("1500个", "6000个", "个")),
        ("已完成1500个／6000个", Slashed("已完成1500个", "6000个", "个")),
        ("319户/680户", Slashed("319户", "680户", "户")),
        ("1,710 / 6,000", Slashed("1,710", "6,000", "")),
        ("1500|6000个（据系统）", Slashed("1500个(据系统)", "6000个", "个")),
    ],
)
def test_the_two_counts_are_told(text: str, found: Slashed) -> None:
    assert slashed(text) == found


@pytest.mark.parametrize("text", ["1500个", "2021/7/31", "1500/6000/25%", "每人100元/月", "/", ""])
def test_nothing_else_is(text: str) -> None:
    assert slashed(text) is None
