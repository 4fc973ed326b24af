"""What the largest pictures that are allowed cost: memory of a fresh process, and time."""

import io
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from tests.bench.result import Result
from tests.pictures import a_scene, an_exif

#: In a process that has imported all of the service: its peak without a picture, after one, and
#: the seconds that taking the picture in took.
_TAKE_IN = """
import hashlib, sys, time
from datetime import datetime
import bot.app
from handlers.reporting.intake import take_in

class Shelf:
    def put(self, data):
        return hashlib.sha256(data).hexdigest()

def peak():  # getrusage would count the process that this one was forked from
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))

before, begun = peak(), time.perf_counter()
row = take_in(open(sys.argv[1], "rb").read(), "x.jpg", Shelf(), datetime.now())
print(before, peak(), time.perf_counter() - begun, bool(row.facts))
"""
#: Name, sides, mode, kind and what else is special: each a little below the limit of its kind.
LARGEST = (
    ("JPEG 50 MP turned", (8160, 6120), "RGB", "JPEG", {"exif": an_exif(turn=6)}),
    ("progressive JPEG 20 MP", (5160, 3870), "CMYK", "JPEG", {"progressive": True}),
    ("PNG with transparency 25 MP", (5770, 4330), "RGBA", "PNG", {"compress_level": 1}),
    ("WebP 10 MP", (3650, 2735), "RGB", "WEBP", {"quality": 60}),
)


def taken_in(data: bytes) -> tuple[float, float, float]:
    """Peak memory in MB without and with the picture, and seconds; in a process of its own."""
    with tempfile.NamedTemporaryFile(suffix=".picture") as file:
        Path(file.name).write_bytes(data)
        command = [sys.executable, "-c", _TAKE_IN, file.name]
        ran = subprocess.run(command, capture_output=True, text=True, check=True)
    before, peak, seconds, was_read = ran.stdout.split()
    if was_read != "True":
        raise ValueError("the picture was refused")
    return float(before), float(peak), float(seconds)


def a_large_picture(
    sides: tuple[int, int], mode: str, kind: str, special: dict[str, object]
) -> bytes:
    """One of the largest pictures."""
    file = io.BytesIO()
    image: Image.Image = a_scene(*sides).convert(mode)
    image.save(file, kind, **special)
    return file.getvalue()


def measure() -> list[Result]:
    return list(_results())


def _results() -> Iterator[Result]:
    for name, *picture in LARGEST:
        data = a_large_picture(*picture)
        before, peak, seconds = taken_in(data)
        yield Result(f"{name}, peak", peak, "MB", 300, before, "the service without it")
        floor = _decoding(data)
        yield Result(f"{name}, time", seconds, "s", 8, floor, "decoding it once")


def _decoding(data: bytes) -> float:
    begun = time.perf_counter()
    with Image.open(io.BytesIO(data)) as image:
        image.load()
    return time.perf_counter() - begun
