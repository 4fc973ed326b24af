"""The mark on what is not real: a ribbon on our own pictures, a stamp on anybody's."""

import io

from PIL import Image, ImageOps

from handlers.render.drawing import INK, YELLOW, Block, Hatching, Item, Page, Text, painted
from handlers.render.fonts import drawable, width_of


def ribbon(text: str, width: int, height: int) -> tuple[Item, ...]:
    """A yellow band with the mark in dark letters between stripes, from y = 0."""
    size = height // 2
    half = int(width_of(text, size)) // 2 + size
    middle = width // 2
    return (
        Block((0, 0, width, height), YELLOW),
        Hatching((0, 0, max(middle - half, 0), height), INK, step=40, stroke=12),
        Hatching((min(middle + half, width), 0, width, height), INK, step=40, stroke=12),
        Text(middle, height // 2, text, size, bold=True, anchor="mm"),
    )


def mark_picture(data: bytes, text: str) -> bytes:
    """The picture with a stamp in its upper left corner: a PNG stays one, all else becomes JPEG.

    The stamp takes about a fifth of the width and covers nothing else, so that size and ratio
    of the picture remain what they were.
    """
    with Image.open(io.BytesIO(data)) as opened:
        is_png, has_palette = opened.format == "PNG", opened.mode == "P"
        image = ImageOps.exif_transpose(opened).convert("RGB")
    stamp = _stamp(drawable(text)[0], image.size)
    edge = max(image.width // 60, 2)
    image.paste(stamp, (edge, edge))
    return _saved(image, is_png, has_palette)


def _stamp(text: str, size: tuple[int, int]) -> Image.Image:
    letter = max(min(size[0] // (5 * (len(text) + 1)), size[1] // 8), 8)
    width, height = int(width_of(text, letter)) + letter, letter * 2
    return painted(
        Page(
            width,
            height,
            (
                Block((0, 0, width, height), YELLOW, INK),
                Text(width // 2, height // 2, text, letter, bold=True, anchor="mm"),
            ),
        )
    )


def _saved(image: Image.Image, is_png: bool, has_palette: bool) -> bytes:
    """Our own pictures keep their few colours, photos all of theirs."""
    file = io.BytesIO()
    if has_palette:
        image = image.quantize(256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    if is_png:
        image.save(file, "PNG", compress_level=4)
    else:
        image.convert("RGB").save(file, "JPEG", quality=90)
    return file.getvalue()
