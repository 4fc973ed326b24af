"""Words in pictures: a process that is slow, dies or talks nonsense costs only its answer."""

import io
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from structlog.typing import EventDict

from bot.settings import read_settings
from bot.text_reader import MOST_FAILURES, WorkerReader, is_installed, open_text_reader
from bot.text_worker import LARGEST_SIDE, small_picture
from handlers.render.fonts import font
from models.errors import SettingsError
from models.rules.picture import TextFound
from tests.pictures import a_photo, a_view, encoded

PICTURE = a_photo(600, 300)
#: Reads pictures as the worker does and answers each with the line given.
ANSWERS = """
import os
import signal
import sys
while head := sys.stdin.buffer.read(4):
    sys.stdin.buffer.read(int.from_bytes(head, "big"))
    print({line!r}, flush=True)
"""
with_extra = pytest.mark.skipif(
    not is_installed(), reason="the extra ocr is not installed: pip install '.[ocr]'"
)


@pytest.fixture
def made() -> Iterator[list[WorkerReader]]:
    readers: list[WorkerReader] = []
    yield readers
    for each in readers:
        each.close()


def reader(made: list[WorkerReader], program: str, patience: float = 20) -> WorkerReader:
    """A reader whose process runs *program*."""
    made.append(WorkerReader([sys.executable, "-c", program], patience, patience))
    return made[-1]


def test_what_the_process_sees_is_what_is_found(made: list[WorkerReader]) -> None:
    line = '[{"text": "2021-08-20 10:32", "place": [0.02, 0.9, 0.25, 0.98]}]'
    good = reader(made, ANSWERS.format(line=line))

    found = [good.read(PICTURE) for _ in range(3)]
    assert found == [(TextFound("2021-08-20 10:32", (0.02, 0.9, 0.25, 0.98)),)] * 3


@pytest.mark.parametrize(
    "program",
    [
        "raise SystemExit(1)",
        ANSWERS.format(line="no JSON"),
        ANSWERS.format(line='[{"text": 1, "place": []}]'),
        "print('x' * 1_000_000)",
    ],
    ids=["dies", "nonsense", "another shape", "endless"],
)
def test_a_process_that_fails_finds_nothing_and_is_given_up(
    made: list[WorkerReader], program: str, logs: list[EventDict]
) -> None:
    bad = reader(made, program)

    assert [bad.read(PICTURE) for _ in range(MOST_FAILURES + 2)] == [()] * (MOST_FAILURES + 2)
    assert [each["event"] for each in logs] == ["text in picture not read"] * MOST_FAILURES


def test_a_process_that_was_killed_is_begun_anew_for_the_next_picture(
    made: list[WorkerReader], tmp_path: Path
) -> None:
    line = '[{"text": "水印", "place": [0.0, 0.0, 1.0, 1.0]}]'
    place = tmp_path / "pid"
    keep = f"import os; open({str(place)!r}, 'w').write(str(os.getpid()))\n"
    killed = reader(made, keep + ANSWERS.format(line=line))

    assert len(killed.read(PICTURE)) == 1
    first = int(place.read_text())
    os.kill(first, signal.SIGKILL)
    os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)

    assert killed.read(PICTURE) == ()
    assert len(killed.read(PICTURE)) == 1
    assert int(place.read_text()) != first


def test_a_process_that_takes_too_long_is_ended(made: list[WorkerReader]) -> None:
    slow = reader(made, "import sys; sys.stdin.buffer.read()", patience=0.2)

    assert slow.read(PICTURE) == ()


def test_the_worker_looks_at_a_small_upright_picture() -> None:
    small = small_picture(a_photo(3000, 2000, turn=6))

    assert small.size == (LARGEST_SIDE * 2000 // 3000, LARGEST_SIDE)


def test_the_reader_is_off_by_word_and_where_it_is_not_installed() -> None:
    assert open_text_reader(False) is None
    assert (open_text_reader(None) is not None) == is_installed()


@pytest.mark.skipif(is_installed(), reason="the extra ocr is installed here")
def test_whoever_wants_it_without_the_extra_is_told_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OCR", "true")

    with pytest.raises(SettingsError, match=r"pip install '\.\[ocr\]'"):
        open_text_reader(read_settings().ocr)


@with_extra
def test_the_real_models_read_a_stamp_and_nothing_in_a_bare_scene() -> None:
    image = a_view(3, 1600, 800)
    ImageDraw.Draw(image).text((40, 720), "2021-08-20 10:32 吉首市", fill="white", font=font(44))
    real = open_text_reader(None)
    assert real is not None
    try:
        [stamp] = real.read(encoded(image))
        assert stamp.text.replace(" ", "") == "2021-08-2010:32吉首市"
        assert stamp.side == "下方"
        assert real.read(encoded(a_view(4, 1600, 800))) == ()
    finally:
        real.close()


@with_extra
def test_the_real_worker_survives_what_is_no_picture() -> None:
    real = open_text_reader(None)
    assert real is not None
    try:
        file = io.BytesIO()
        Image.new("RGB", (40, 40)).save(file, "PNG")
        assert [real.read(each) for each in (b"nonsense", file.getvalue())] == [(), ()]
    finally:
        real.close()
