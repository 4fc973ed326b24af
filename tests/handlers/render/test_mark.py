"""What the demo sends says so, whatever kind of picture it is."""

import io

import pytest
from PIL import Image, ImageChops, ImageOps, ImageStat

from handlers.render.drawing import YELLOW, Block, Text
from handlers.render.mark import mark_picture, ribbon
from handlers.render.ranking_picture import ranking_layout
from handlers.render.ranking_table import RankingTable
from tests.pictures import a_photo, a_scene, encoded


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (a_photo(1200, 600), "JPEG"),
        (a_photo(1200, 600, kind="PNG"), "PNG"),
        (a_photo(600, 1200, kind="WEBP", turn=6), "JPEG"),
        (encoded(a_scene(1200, 600).convert("RGBA"), "PNG"), "PNG"),
    ],
    ids=["jpeg", "png", "turned webp", "transparent png"],
)
def test_a_stamp_stands_in_the_corner_and_the_size_stays(data, kind):
    marked = mark_picture(data, "演示数据")

    with Image.open(io.BytesIO(marked)) as image, Image.open(io.BytesIO(data)) as before:
        assert (image.format, image.size) == (kind, (1200, 600))
        red, green, blue = image.convert("RGB").getpixel((30, 30))
        upright = ImageOps.exif_transpose(before)
        changed = ImageChops.difference(
            *(each.convert("RGB").crop((400, 200, 1200, 600)) for each in (image, upright))
        )
    assert min(red, green) > 180 > blue
    assert max(ImageStat.Stat(changed).mean) < 4


def test_a_marked_picture_of_ours_stays_small():
    [data] = ranking_layout(RankingTable("周排名", "", (), "排名办法：进度100%。")).pictures()

    marked = mark_picture(data, "演示数据")

    with Image.open(io.BytesIO(marked)) as image:
        assert image.mode == "P"
    assert len(marked) < 2 * len(data)


@pytest.mark.parametrize("size", [(40, 20), (3, 3)])
def test_even_a_tiny_picture_can_be_marked(size):
    with Image.open(io.BytesIO(mark_picture(a_photo(*size), "演示数据"))) as image:
        assert image.size == size


def test_the_ribbon_spans_the_width_with_the_mark_in_its_middle():
    items = ribbon("演示数据", 1080, 72)

    assert Block((0, 0, 1080, 72), YELLOW) in items
    [word] = [item for item in items if isinstance(item, Text)]
    assert (word.text, word.x, word.y) == ("演示数据", 540, 36)
