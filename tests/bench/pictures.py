"""What ordinary pictures are checked in, and what the largest cost: memory, and time."""

import io
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from PIL import Image

from models.rules.picture import inspect
from tests.bench.result import Result
from tests.conftest import at
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
    return _encoded(a_scene(*sides).convert(mode), kind, special)


def _encoded(image: Image.Image, kind: str, special: dict[str, object]) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **special)
    return file.getvalue()


_PHONE = an_exif(turn=6, taken_at=at("2021-08-20T09:30"), gps=True)
#: As phones and chat clients hand them over; the check may take so many times a full decode.
TWELVE = (
    ("JPEG 12 MP of a phone", "JPEG", {"quality": 92, "exif": _PHONE}),
    ("progressive JPEG 12 MP", "JPEG", {"quality": 85, "progressive": True}),
    ("PNG 12 MP", "PNG", {"compress_level": 1}),
    ("WebP 10 MP", "WEBP", {"quality": 80}),
)
CHECK = 1.3
_TIMES = 5


def measure() -> list[Result]:
    return [*_checks(), *_largest()]


def _checks() -> Iterator[Result]:
    """What an ordinary picture is checked in, in turn with decoding all of it."""
    for name, kind, special in TWELVE:
        sides = (3650, 2735) if kind == "WEBP" else (4000, 3000)
        data = a_photograph(sides, kind, special)
        pairs = [(_seconds(partial(inspect, data)), decoding(data)) for _ in range(_TIMES)]
        check, floor = (min(each) * 1000 for each in zip(*pairs, strict=True))
        what = f"{name}, checked"
        yield Result(what, check, "ms", CHECK, floor, "decoding all of it", of_floor=True)


def a_photograph(sides: tuple[int, int], kind: str, special: dict[str, object]) -> bytes:
    """A scene with the grain that no camera is without."""
    grain = Image.effect_noise(sides, 24).convert("RGB")
    return _encoded(Image.blend(a_scene(*sides), grain, 0.2), kind, special)


def _seconds(work: Callable[[], object]) -> float:
    """Of this process: what else the machine does is nobody's cost here."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _largest() -> Iterator[Result]:
    for name, *picture in LARGEST:
        data = a_large_picture(*picture)
        before, peak, seconds = taken_in(data)
        yield Result(f"{name}, peak", peak, "MB", 300, before, "the service without it")
        floor = decoding(data)
        yield Result(f"{name}, time", seconds, "s", 8, floor, "decoding it once")


def decoding(data: bytes) -> float:
    """Seconds to decode all of it once."""

    def decode() -> None:
        with Image.open(io.BytesIO(data)) as image:
            image.load()

    return _seconds(decode)
