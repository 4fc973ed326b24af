"""The process that reads words in pictures, with the models of the optional `ocr` extra.

`python -m bot.text_worker` takes pictures on its standard input (four bytes of length, then the
file) and answers each with one line of JSON. It is a process of its own because the models take
half a gigabyte, and because only a process can be stopped in the middle of its work.
"""

import json
import os
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

from PIL import Image

from models.rules.picture_container import kind_of
from models.rules.picture_exif import metadata_of
from models.rules.picture_facts import open_picture, plain_part, turned

#: Smaller pictures are read faster and better: at 4000 pixels the models misread what they read
#: without a fault at 1280.
LARGEST_SIDE = 1280
#: So many places are read; their number is what the time for a picture depends on.
MOST_PLACES = 16
#: Grain and leaves are read as letters with less than this, lettering with more.
LEAST_SCORE = 0.85
#: Address space, in bytes: what goes beyond it ends this process and not the service.
LARGEST_SPACE = 4 << 30
_HEADER = 4
_PARAMETERS: dict[str, object] = {
    "Global.log_level": "critical",
    "Global.use_cls": False,
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
}


class Models:
    """The two models, loaded once: one finds the places, the other reads them.

    Two objects of the library, since what is switched off for one call stays off for the next.
    """

    def __init__(self) -> None:
        from rapidocr import RapidOCR

        self._finder, self._reader = RapidOCR(params=_PARAMETERS), RapidOCR(params=_PARAMETERS)

    def words(self, picture: Image.Image) -> Iterator[tuple[str, tuple[int, int, int, int]]]:
        """Each piece of lettering with its place, surest places first."""
        import numpy

        pixels = numpy.asarray(picture.convert("RGB"))[:, :, ::-1]
        found = self._finder(pixels, use_det=True, use_cls=False, use_rec=False)
        if found.boxes is None:
            return
        ranked = sorted(zip(found.scores, found.boxes, strict=True), key=lambda each: -each[0])
        for _, corners in ranked[:MOST_PLACES]:
            left, top = (max(int(value), 0) for value in corners.min(axis=0))
            right, bottom = (int(value) + 1 for value in corners.max(axis=0))
            read = self._reader(
                pixels[top:bottom, left:right], use_det=False, use_cls=False, use_rec=True
            )
            if read.txts and read.scores[0] >= LEAST_SCORE and read.txts[0].strip():
                yield read.txts[0].strip(), (left, top, right, bottom)


def small_picture(data: bytes) -> Image.Image:
    """The picture as people see it, brought down to the largest side."""
    kind = kind_of(data) or ""
    with open_picture(kind, data) as image:
        image.draft("RGB", (LARGEST_SIDE, LARGEST_SIDE))
        image.load()
        factor = max(max(image.size) // LARGEST_SIDE, 1)
        part = plain_part(image, (0, 0, *image.size), (factor, factor))
    plain = turned(part, metadata_of(kind, data).turn)
    plain.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    return plain


def found_in(models: Models, data: bytes) -> list[dict[str, Any]]:
    """What is written in a picture: the words and, in shares of the sides, where they stand."""
    picture = small_picture(data)
    width, height = picture.size
    return [
        {"text": text, "place": [box[0] / width, box[1] / height, box[2] / width, box[3] / height]}
        for text, box in models.words(picture)
    ]


def serve(source: BinaryIO, answers: BinaryIO) -> None:
    """Answer picture after picture until the source ends; a fault is an empty answer."""
    models = Models()
    while len(header := source.read(_HEADER)) == _HEADER:
        data = source.read(int.from_bytes(header, "big"))
        try:
            found = found_in(models, data)
        except Exception:  # whatever one picture does to the models, the next one is read
            found = []
        answers.write(json.dumps(found, ensure_ascii=False).encode() + b"\n")
        answers.flush()


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # no such limit on Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (LARGEST_SPACE, LARGEST_SPACE))


def main() -> None:
    """Serve the process that started this one, over the pipes it gave."""
    _limit_memory()
    # Libraries print what they like; the answers keep a pipe of their own.
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)
        serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
