"""Characters of the same shape: what the table holds is drawn alike."""

from random import Random
from statistics import correlation

import pytest
from PIL import Image, ImageDraw, ImageFilter

from handlers.reading.lookalikes import look_alike, pairs_alike
from handlers.render.fonts import font

_SIZE, _BLUR = 64, 3


def drawn(char: str) -> list[int]:
    image = Image.new("L", (_SIZE, _SIZE), 0)
    place = (_SIZE // 2, _SIZE // 2)
    ImageDraw.Draw(image).text(place, char, 255, font=font(56), anchor="mm")
    return list(image.filter(ImageFilter.GaussianBlur(_BLUR)).resize((32, 32)).tobytes())


@pytest.mark.parametrize(
    "pair",
    [
        "未末",
        "拔拨",
        "侯候",
        "晴睛",
        "设没",
        "住往",
        "检捡",
        "册删",
        "泸卢",
        "州卅",
        "民氏",
        "须顺",
    ],
)
def test_what_the_eye_confuses_looks_alike(pair: str) -> None:
    assert look_alike(*pair)
    assert look_alike(*reversed(pair))


@pytest.mark.parametrize("pair", ["民政", "财民", "公州", "人一", "天地", "未未"])
def test_what_nobody_confuses_does_not(pair: str) -> None:
    assert not look_alike(*pair)


def test_most_of_what_is_listed_is_drawn_alike() -> None:
    listed = Random(1).sample(sorted(pairs_alike()), 200)
    alike = [correlation(drawn(one), drawn(other)) for one, other in listed]

    assert sum(each > 0.75 for each in alike) >= 180
