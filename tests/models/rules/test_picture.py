"""The default picture rules: ratio 2:1, width 600, 72 dpi, no frame; and the crop that mends."""

import io
import re
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from models.rules.picture import (
    Insets,
    PictureFacts,
    PictureRule,
    PictureUnreadable,
    Side,
    crop,
    crop_box,
    inspect,
    judge,
    part_of_side,
    step,
    unreadable_problem,
    without_gps,
)
from tests.pictures import (
    a_landscape,
    a_photo,
    a_scene,
    an_exif,
    encoded,
    framed,
    pixels_of,
)

DEFAULT = PictureRule()
MORNING = datetime(2021, 8, 20, 9, 30)  # noqa: DTZ001 - EXIF states no zone
XMP = (
    b'<x:xmpmeta><rdf:Description exif:GPSLatitude="28,18.7N" tiff:Make="Phone">'
    b"<exif:GPSLongitude>109,44.2E</exif:GPSLongitude></rdf:Description></x:xmpmeta>"
)


def facts(width: int, height: int, **more: object) -> PictureFacts:
    return PictureFacts("JPEG", width, height, **more)  # type: ignore[arg-type]


def codes(found: PictureFacts, rule: PictureRule = DEFAULT) -> list[str]:
    return [problem.code for problem in judge(found, rule)]


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (1200, 600, []),
        (600, 300, []),
        (1224, 600, []),
        (1225, 600, ["ratio"]),
        (1176, 600, []),
        (1175, 600, ["ratio"]),
        (1200, 900, ["ratio"]),
        (599, 300, ["width"]),
        (500, 900, ["ratio", "width"]),
        (4000, 590, ["ratio"]),
        (900, 290, ["ratio", "width"]),
    ],
)
def test_ratio_and_width_are_judged_with_the_bounds_of_the_notice(width, height, expected):
    assert codes(facts(width, height)) == expected


def test_width_is_what_remains_after_the_crop():
    [ratio, width] = judge(facts(900, 290), DEFAULT)

    assert "900×290" in ratio.text
    assert "裁成合格画面后宽只有 580 像素" in width.text
    assert "不少于 600 像素" in width.text


@pytest.mark.parametrize(("dpi", "fails"), [(None, False), (72, False), (300, False), (71, True)])
def test_only_a_stated_dpi_below_72_fails(dpi, fails):
    assert codes(facts(1200, 600, dpi=dpi)) == (["dpi"] if fails else [])


@pytest.mark.parametrize(
    ("frame", "level", "named"),
    [
        (Insets(20, 20, 20, 20), "error", "上边 20 像素、下边 20 像素、左边 20 像素、右边 20 像素"),
        (Insets(top=40, bottom=44), "error", "上边 40 像素、下边 44 像素"),
        (Insets(left=10, right=10), "error", "左边 10 像素、右边 10 像素"),
        (Insets(bottom=60), "warning", "下边 60 像素"),
    ],
    ids=["frame", "letterbox", "pillars", "strip"],
)
def test_a_frame_is_named_by_its_sides_and_a_single_strip_only_warns(frame, level, named):
    [problem] = judge(facts(1200, 600, frame=frame), DEFAULT)

    assert (problem.code, problem.level) == ("frame", level)
    assert named in problem.text


def test_each_text_says_what_came_what_is_asked_and_what_to_send():
    found = judge(facts(1200, 900, dpi=50, frame=Insets(top=10, bottom=10)), DEFAULT)

    assert [problem.code for problem in found] == ["ratio", "dpi", "frame"]
    assert "1200×900（约 1.33:1），要求 2:1。可回复“用裁剪图”，采用 1200×600" in found[0].text
    assert "50 dpi，要求不低于 72 dpi。请发相机原图" in found[1].text
    assert "裁剪图已去掉边框" in found[2].text


def test_a_rule_that_allows_frames_and_squares_is_obeyed():
    square = PictureRule(ratio=1.0, min_width=400, min_dpi=40, frames_allowed=True)

    assert codes(facts(500, 500, dpi=50, frame=Insets(9, 9, 9, 9)), square) == []
    assert crop_box(facts(500, 800), square) == (0, 150, 500, 650)


def test_a_refusal_can_stand_among_problems():
    with pytest.raises(PictureUnreadable) as refusal:
        inspect(b"")

    assert unreadable_problem(refusal.value).code == "unreadable"


@pytest.mark.parametrize(
    "image",
    [
        a_scene(1200, 900),
        Image.new("RGB", (1200, 900), "white"),
        Image.linear_gradient("L").resize((1200, 900)),
        Image.radial_gradient("L").resize((1200, 900)),
    ],
    ids=["grain", "blank", "slope", "round"],
)
def test_an_even_picture_is_cut_in_the_middle(image):
    assert crop_box(inspect(encoded(image)), DEFAULT) == (0, 150, 1200, 750)


def test_the_crop_moves_to_where_the_picture_is_busy():
    low = Image.new("RGB", (1200, 900), (236, 240, 245))
    low.paste(a_scene(1200, 400), (0, 500))
    right = Image.new("RGB", (2000, 600), (236, 240, 245))
    right.paste(a_scene(900, 600), (1100, 0))

    assert crop_box(inspect(encoded(low)), DEFAULT) == (0, 300, 1200, 900)
    assert crop_box(inspect(encoded(right)), DEFAULT) == (800, 0, 2000, 600)


@pytest.mark.parametrize(
    ("data", "box"),
    [
        (a_photo(1200, 600), None),
        (a_photo(590, 590), None),
        (a_photo(900, 1200, turn=6), (0, 150, 1200, 750)),
        (framed(a_scene(1200, 900), 0, 150, 0, 150, "black"), (0, 150, 1200, 750)),
        (framed(a_scene(1200, 600), 20, 20, 20, 20, "white"), (40, 20, 1160, 580)),
    ],
    ids=["fits", "too narrow to help", "turned", "letterbox", "frame"],
)
def test_a_crop_is_offered_where_it_helps(data, box):
    assert crop_box(inspect(data), DEFAULT) == box


@given(st.integers(1, 9000), st.integers(1, 9000), st.lists(st.integers(0, 99), max_size=64))
def test_a_crop_lies_inside_keeps_the_ratio_and_is_as_large_as_can_be(width, height, detail):
    profile = tuple(detail) if len(detail) == 64 else ()
    box = crop_box(facts(width, height, row_detail=profile, column_detail=profile), DEFAULT)
    if box is None:
        assert DEFAULT.has_ratio(width, height) or min(width, height * 2) < DEFAULT.min_width + 2
        return
    left, top, right, bottom = box
    assert 0 <= left < right <= width
    assert 0 <= top < bottom <= height
    assert right - left == 2 * (bottom - top)
    assert right - left >= width - 1 or bottom - top >= height - 1


@pytest.mark.parametrize(
    ("bars", "colour"),
    [
        ((0, 150, 0, 150), "black"),
        ((20, 20, 20, 20), "white"),
        ((30, 0, 30, 0), "#123456"),
        ((3, 3, 3, 3), "white"),
        ((0, 0, 0, 60), "white"),
    ],
    ids=["letterbox", "white frame", "blue pillars", "thin", "strip"],
)
def test_bars_are_found_to_the_pixel(bars, colour):
    assert inspect(framed(a_scene(1200, 600), *bars, colour)).frame == Insets(*bars)


def test_bars_of_a_large_photo_are_found_whole():
    """A large photo is measured small, so the bar is rounded outward rather than left in."""
    frame = inspect(framed(a_scene(4000, 3000), 0, 501, 0, 501, "black")).frame

    assert 501 <= frame.top <= 506
    assert 501 <= frame.bottom <= 506


def test_a_strip_with_lettering_under_the_photo_is_found():
    """Phones write model and time on a white strip below the picture."""
    image = a_scene(1200, 600)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 520, 1200, 600), fill="white")
    draw.rectangle((60, 545, 300, 575), fill="black")

    assert inspect(encoded(image)).frame == Insets(bottom=80)


@pytest.mark.parametrize(
    "image",
    [
        a_landscape(),
        Image.new("RGB", (1200, 600), "white"),
        Image.linear_gradient("L").resize((1200, 600)),
        a_scene(40, 20),
        a_scene(1, 1),
    ],
    ids=["sky", "blank", "slope", "tiny", "one pixel"],
)
def test_skies_slopes_and_blanks_are_no_frames(image):
    assert not inspect(encoded(image)).frame


def test_the_crop_is_upright_keeps_its_time_and_tells_no_place():
    photo = a_photo(900, 1200, turn=6, dpi=96, taken_at=MORNING, gps=True)

    cut = inspect(crop(photo, (0, 150, 1200, 750)))

    assert (cut.width, cut.height, cut.rotated, cut.format) == (1200, 600, False, "JPEG")
    assert (cut.taken_at, cut.has_gps, cut.dpi) == (MORNING, False, 96)
    assert judge(cut, DEFAULT) == ()


@pytest.mark.parametrize(
    ("mode", "kind"), [("CMYK", "JPEG"), ("RGBA", "PNG"), ("P", "PNG"), ("L", "WEBP")]
)
def test_every_colour_mode_can_be_cut(mode, kind):
    cut = crop(encoded(a_scene(1200, 900).convert(mode), kind), (0, 150, 1200, 750))

    assert inspect(cut).width == 1200


@pytest.mark.parametrize("box", [(0, 0, 1201, 600), (-1, 0, 600, 300), (10, 10, 10, 20)])
def test_a_box_outside_the_picture_is_a_mistake_of_the_caller(box):
    with pytest.raises(ValueError, match="not inside"):
        crop(a_photo(), box)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_place_is_taken_out_and_nothing_else(kind):
    photo = a_photo(kind=kind, turn=6, taken_at=MORNING, gps=True)

    clean = without_gps(photo)

    before, after = inspect(photo), inspect(clean)
    assert (before.has_gps, after.has_gps) == (True, False)
    assert (after.taken_at, after.width, after.dhash) == (MORNING, before.width, before.dhash)
    assert pixels_of(clean) == pixels_of(photo)
    with Image.open(io.BytesIO(clean)) as image:
        assert dict(image.getexif().get_ifd(0x8825)) == {}
        assert image.getexif()[0x0112] == 6


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_without_a_place_stays_the_same_bytes(kind):
    photo = a_photo(kind=kind, taken_at=MORNING, turn=6)

    assert without_gps(photo) is photo


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_a_place_in_an_editors_notes_is_blanked_too(kind):
    file = io.BytesIO()
    a_scene().save(file, kind, xmp=XMP)

    clean = without_gps(file.getvalue())

    assert len(clean) == len(file.getvalue())
    assert not re.search(rb"28,18|109,44", clean)
    assert b'tiff:Make="Phone"' in clean
    assert not inspect(clean).has_gps


def test_the_place_in_a_second_picture_behind_a_jpeg_is_taken_out():
    file = io.BytesIO()
    exif = an_exif(gps=True, turn=1)
    a_scene().save(file, "JPEG")
    a_scene(300, 150).save(file, "JPEG", exif=exif)

    clean = without_gps(file.getvalue())

    assert inspect(file.getvalue()).has_gps
    assert not inspect(clean).has_gps


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=12))
def test_taking_the_place_out_of_damaged_exif_never_fails_and_is_final(changes):
    data = bytearray(GPS_PHOTO)
    for at, value in changes:
        data[at + 2] = value
    clean = without_gps(bytes(data))

    assert len(clean) == len(data)
    assert without_gps(clean) == clean


GPS_PHOTO = a_photo(60, 30, turn=6, taken_at=MORNING, gps=True)


def test_a_crop_moves_by_a_quarter_of_its_room_and_by_a_tenth_where_a_little_is_asked():
    room = {Side.LEFT: 300, Side.RIGHT: 100, Side.UP: 0, Side.DOWN: 0}

    assert step(room, Side.RIGHT) == step(room, Side.LEFT) == 100
    assert step(room, Side.LEFT, little=True) == 40
    assert step(room, Side.UP) == 1


def test_a_share_is_of_the_whole_side_of_the_picture():
    room = {Side.LEFT: 300, Side.RIGHT: 100, Side.UP: 0, Side.DOWN: 50}
    box = (300, 0, 1500, 600)

    assert part_of_side(room, box, Side.LEFT, 10) == 160
    assert part_of_side(room, box, Side.DOWN, 10) == 65
