"""What is found out about a picture, and what is refused before or while it is decoded."""

import io
import struct
from contextlib import suppress
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from models.errors import Refused
from models.rules.picture import PictureUnreadable, Unreadable, inspect, near_duplicate
from tests.pictures import (
    a_huge_png,
    a_photo,
    a_scene,
    a_view,
    an_exif,
    encoded,
)

MORNING = datetime(2021, 8, 20, 9, 30)  # noqa: DTZ001 - EXIF states no zone
WHOLE = {kind: a_photo(120, 60, kind=kind, gps=True, turn=6) for kind in ("JPEG", "PNG", "WEBP")}


def reason_of(data: bytes) -> Unreadable:
    with pytest.raises(PictureUnreadable) as refusal:
        inspect(data)
    assert "请" in refusal.value.text
    return refusal.value.reason


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_three_accepted_formats_are_measured_alike(kind):
    facts = inspect(a_photo(1200, 600, kind=kind))

    assert (facts.format, facts.width, facts.height) == (kind, 1200, 600)
    assert not facts.frame
    assert not facts.has_gps


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_taken_upright_is_measured_as_people_see_it(kind):
    facts = inspect(a_photo(900, 1200, kind=kind, turn=6, taken_at=MORNING, gps=True))

    assert (facts.width, facts.height, facts.rotated) == (1200, 900, True)
    assert (facts.taken_at, facts.has_gps) == (MORNING, True)


@pytest.mark.parametrize("turn", range(1, 9))
def test_every_exif_turn_leads_to_the_same_scene(turn):
    upright = a_view(3, 800, 400)
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = upright.transpose(undo[turn]) if turn in undo else upright

    facts = inspect(encoded(stored, exif=an_exif(turn=turn)))

    assert (facts.width, facts.height) == (800, 400)
    assert near_duplicate(facts.dhash, inspect(encoded(upright)).dhash)


@pytest.mark.parametrize(
    ("data", "dpi"),
    [
        (a_photo(dpi=72), 72),
        (a_photo(dpi=50), 50),
        (a_photo(kind="PNG", dpi=72), 72),
        (a_photo(kind="PNG", dpi=50), 50),
        (encoded(a_scene(), "WEBP", exif=an_exif(dpi=60)), 60),
        (encoded(a_scene(), exif=an_exif(dpi=300)), 300),
        (a_photo(), None),
        (a_photo(kind="PNG"), None),
        (a_photo(kind="WEBP"), None),
    ],
    ids=[
        "jfif",
        "jfif low",
        "png",
        "png low",
        "webp exif",
        "exif",
        "none",
        "png none",
        "webp none",
    ],
)
def test_dpi_is_read_where_the_file_states_it_and_left_open_where_it_does_not(data, dpi):
    assert inspect(data).dpi == dpi


def test_dots_per_centimetre_count_as_dpi():
    jfif = bytearray(a_photo(dpi=40))
    jfif[13] = 2

    assert inspect(bytes(jfif)).dpi == 102


def test_a_density_without_a_unit_is_only_the_shape_of_a_pixel():
    jfif = bytearray(a_photo(dpi=1))
    jfif[13] = 0

    assert inspect(bytes(jfif)).dpi is None


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Unreadable.EMPTY),
        ("措施：现场推进会照片".encode(), Unreadable.NOT_A_PICTURE),
        (b"\xff\xd8\xff", Unreadable.DAMAGED),
        (encoded(a_scene(60, 30), "GIF"), Unreadable.UNSUPPORTED),
        (encoded(a_scene(60, 30), "BMP"), Unreadable.UNSUPPORTED),
        (encoded(a_scene(60, 30), "TIFF"), Unreadable.UNSUPPORTED),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(40), Unreadable.UNSUPPORTED),
        (b"\0\0\0\x18ftypmp42" + bytes(40), Unreadable.UNSUPPORTED),
        (b"%PDF-1.7 " + bytes(40), Unreadable.UNSUPPORTED),
        (a_huge_png(), Unreadable.TOO_LARGE),
        (a_huge_png(0, 100), Unreadable.DAMAGED),
    ],
    ids=[
        "empty",
        "text named jpg",
        "three bytes",
        "gif",
        "bmp",
        "tiff",
        "heic without its extra",
        "video",
        "pdf",
        "200 megapixels",
        "no width",
    ],
)
def test_what_cannot_be_judged_is_refused_with_a_word_what_to_send(data, reason):
    assert reason_of(data) is reason


def test_a_refusal_can_be_answered_like_any_other():
    with pytest.raises(Refused, match="JPG 或原图截图"):
        inspect(b"\0\0\0\x18ftypheic" + bytes(40))


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_cut_short_on_its_way_is_found(kind, share):
    whole = a_photo(1200, 600, kind=kind)

    assert reason_of(whole[: int(len(whole) * share)]) is Unreadable.DAMAGED


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_moving_picture_is_refused(kind):
    file = io.BytesIO()
    a_scene(60, 30).save(file, kind, save_all=True, append_images=[a_view(1, 60, 30)])

    assert reason_of(file.getvalue()) is Unreadable.ANIMATED


def test_a_jpeg_with_further_pictures_inside_is_the_photo_that_it_looks_like():
    """Phones keep depth maps and previews behind the photo; that moves nothing."""
    file = io.BytesIO()
    a_scene().save(file, "MPO", save_all=True, append_images=[a_scene(300, 150)])

    facts = inspect(file.getvalue())

    assert (facts.format, facts.width) == ("JPEG", 1200)


@pytest.mark.parametrize("size", [(8000, 6251), (50_000_001, 1)], ids=["photo", "line"])
def test_the_pixel_budget_is_checked_on_the_header_alone(size):
    assert reason_of(a_huge_png(*size)) is Unreadable.TOO_LARGE


@pytest.mark.parametrize("fourcc", [b"VP8X", b"VP8L", b"VP8 "])
def test_a_webp_canvas_beyond_the_budget_is_never_allocated(fourcc):
    side = 16_000
    body = {
        b"VP8X": bytes(4) + (side - 1).to_bytes(3, "little") * 2,
        b"VP8L": b"\x2f" + (side - 1 | (side - 1) << 14).to_bytes(4, "little"),
        b"VP8 ": b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", side, side),
    }[fourcc]
    chunk = fourcc + struct.pack("<I", len(body)) + body

    data = b"RIFF" + struct.pack("<I", len(chunk) + 4) + b"WEBP" + chunk

    assert reason_of(data) is Unreadable.TOO_LARGE


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("L", "JPEG"), ("CMYK", "JPEG"), ("P", "PNG"), ("1", "PNG"), ("LA", "PNG"), ("RGBA", "WEBP")],
)
def test_every_colour_mode_is_read(mode, kind):
    facts = inspect(encoded(a_scene(640, 320).convert(mode), kind))

    assert (facts.width, facts.height) == (640, 320)


def test_sixteen_bits_a_pixel_are_seen_as_shades_not_as_white():
    deep = Image.new("I;16", (640, 320))
    deep.paste(Image.new("I;16", (320, 320), 50_000), (320, 0))

    assert inspect(encoded(deep, "PNG")).dhash == "1818181818181818"


def test_the_same_scene_is_known_again_after_a_chat_client_shrank_it():
    scene = a_view(7)
    sent, shrunk = encoded(scene), encoded(scene.resize((720, 360)))

    assert near_duplicate(inspect(sent).dhash, inspect(shrunk).dhash)


def test_different_scenes_are_not_taken_for_each_other():
    hashes = [inspect(encoded(a_view(seed, 400, 200))).dhash for seed in range(12)]

    pairs = [(a, b) for at, a in enumerate(hashes) for b in hashes[at + 1 :]]
    assert not [pair for pair in pairs if near_duplicate(*pair)]


def test_blank_pictures_are_nobodys_duplicate():
    white = inspect(encoded(Image.new("RGB", (1200, 600), "white"))).dhash
    black = inspect(encoded(Image.new("RGB", (1200, 600), "black"))).dhash

    assert white == black
    assert not near_duplicate(white, black)


def test_exif_that_contradicts_itself_costs_only_what_it_would_have_said():
    data = bytearray(a_photo(turn=6, taken_at=MORNING, gps=True))
    start = data.index(b"Exif\0\0") + 6
    data[start + 10 : start + 60] = b"\xff" * 50

    facts = inspect(bytes(data))

    assert (facts.width, facts.height) == (1200, 600)
    assert facts.taken_at is None


@pytest.mark.parametrize("stamp", ["0000:00:00 00:00:00", "2021:13:40 09:30:00", "yesterday"])
def test_a_camera_without_a_clock_states_no_time(stamp):
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = stamp

    assert inspect(encoded(a_scene(), exif=exif.tobytes())).taken_at is None


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_at_all_lead_to_anything_but_facts_or_a_refusal(data):
    for start in (b"", b"\xff\xd8\xff\xe1", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP"):
        with pytest.raises(PictureUnreadable):
            inspect(start + data)


@settings(max_examples=150, deadline=None)
@given(
    kind=st.sampled_from(sorted(WHOLE)),
    changes=st.lists(
        st.tuples(st.integers(0, 10**6), st.binary(min_size=1, max_size=8)), min_size=1, max_size=6
    ),
    kept=st.floats(0.1, 1),
)
def test_a_corrupted_picture_leads_to_facts_or_a_refusal(kind, changes, kept):
    data = bytearray(WHOLE[kind])
    for place, garbage in changes:
        at = place % len(data)
        data[at : at + len(garbage)] = garbage
    with suppress(PictureUnreadable):
        facts = inspect(bytes(data[: int(len(data) * kept)]))
        assert facts.width > 0
        assert facts.height > 0


def test_a_picture_of_hundreds_of_scans_is_not_decoded() -> None:
    """Each scan names every pixel again: 235 kB took forty seconds."""
    file = io.BytesIO()
    a_scene(600, 300).save(file, "JPEG", progressive=True)
    photo = file.getvalue()
    scan = photo[photo.rindex(b"\xff\xda") : -2]

    with pytest.raises(PictureUnreadable):
        inspect(photo[:-2] + scan * 100 + photo[-2:])
