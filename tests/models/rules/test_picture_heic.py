"""HEIC, as phones write it: time and place are read from its boxes, its pixels with the extra."""

import importlib.util
import io
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from models.rules.picture import PictureUnreadable, Unreadable, crop, inspect, without_gps
from models.rules.picture_exif import metadata_of

#: Made by pillow-heif: 64×96 as it is seen, taken with a place, in EXIF and in XMP.
PHONE = (Path(__file__).parents[2] / "data/pictures/phone.heic").read_bytes()
TAKEN = datetime.fromisoformat("2021-08-20T10:32:00")
IS_INSTALLED = importlib.util.find_spec("pillow_heif") is not None
with_extra = pytest.mark.skipif(
    not IS_INSTALLED, reason="the extra heic is not installed: pip install '.[heic]'"
)


def test_time_and_place_are_found_in_the_boxes():
    metadata = metadata_of("HEIC", PHONE)

    assert (metadata.taken_at, metadata.has_gps) == (TAKEN, True)
    assert metadata.turn == 1, "the decoder turns a HEIC by itself"


def test_the_place_is_taken_out_and_nothing_moves():
    clean = without_gps(PHONE)

    assert len(clean) == len(PHONE)
    assert b"28,18.4N" not in clean
    assert b'tiff:Make="Phone"' in clean
    assert metadata_of("HEIC", clean).taken_at == TAKEN
    assert not metadata_of("HEIC", clean).has_gps


@given(st.lists(st.tuples(st.integers(0, 600), st.integers(0, 255)), max_size=12))
def test_damaged_boxes_never_fail(changes):
    data = bytearray(PHONE)
    for at, value in changes:
        data[12 + at] = value
    clean = without_gps(bytes(data))

    assert len(clean) == len(data)
    assert without_gps(clean) == clean


@pytest.mark.skipif(IS_INSTALLED, reason="the extra heic is installed here")
def test_without_the_extra_it_is_said_what_to_send():
    with pytest.raises(PictureUnreadable) as refused:
        inspect(PHONE)

    assert refused.value.reason is Unreadable.UNSUPPORTED
    assert "请发 JPG 或原图截图" in refused.value.text


@with_extra
def test_with_the_extra_it_is_measured_as_it_is_seen():
    facts = inspect(PHONE)

    assert (facts.format, facts.width, facts.height) == ("HEIC", 64, 96)
    assert (facts.taken_at, facts.has_gps) == (TAKEN, True)


@with_extra
def test_with_the_extra_its_crop_is_a_jpeg_that_knows_its_time():
    with Image.open(io.BytesIO(crop(PHONE, (0, 0, 64, 32)))) as image:
        assert (image.format, image.size) == ("JPEG", (64, 32))
        assert not image.getexif().get_ifd(0x8825)


@with_extra
def test_with_the_extra_half_a_file_is_damaged():
    with pytest.raises(PictureUnreadable) as refused:
        inspect(PHONE[: len(PHONE) // 2])

    assert refused.value.reason is Unreadable.DAMAGED
