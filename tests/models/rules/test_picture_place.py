"""Where a picture was taken is never kept, wherever in the file it is written."""

import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from models.rules.picture import inspect, without_gps
from tests.pictures import a_scene, pixels_of

SCENE = a_scene(64, 32)
NAMES = ("exif:GPSLatitude", "exif:GPSLongitude", "drone-dji:GpsLatitude", "geo:lat", "geo:long")
degrees = st.tuples(st.integers(10, 53), st.integers(0, 59), st.integers(0, 599))


def an_xmp(name: str, value: str, *, is_element: bool) -> bytes:
    """An XMP packet as an editor or a drone writes it."""
    said = f"<{name}>{value}</{name}>" if is_element else ""
    attribute = "" if is_element else f' {name}="{value}"'
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description'
        f' tiff:Make="Phone"{attribute}>{said}</rdf:Description></rdf:RDF></x:xmpmeta>'
    ).encode()


def a_file(kind: str, exif: bytes, xmp: bytes) -> bytes:
    file = io.BytesIO()
    options: dict[str, object] = {"exif": exif} if exif else {}
    if xmp and kind == "PNG":
        notes = PngImagePlugin.PngInfo()
        notes.add_itxt("XML:com.adobe.xmp", xmp.decode())
        options["pnginfo"] = notes
    elif xmp:
        options["xmp"] = xmp
    SCENE.save(file, kind, **options)
    return file.getvalue()


def an_exif(latitude: tuple[int, int, int], longitude: tuple[int, int, int], order: str) -> bytes:
    exif = Image.Exif()
    exif.endian = order
    exif[0x010F] = "Phone"
    exif.get_ifd(0x8825).update({1: "N", 2: as_floats(latitude), 3: "E", 4: as_floats(longitude)})
    return exif.tobytes()


def as_floats(place: tuple[int, int, int]) -> tuple[float, ...]:
    return float(place[0]), float(place[1]), place[2] / 10


def as_written(place: tuple[int, int, int]) -> str:
    return f"{place[0]},{place[1]}.{place[2]:03}N"


@given(
    st.sampled_from(("JPEG", "PNG", "WEBP")),
    degrees,
    degrees,
    st.sampled_from("<>"),
    st.sampled_from(NAMES),
    st.booleans(),
    st.sampled_from(("exif", "xmp", "both")),
)
def test_no_place_survives_in_any_kind_of_file(
    kind, latitude, longitude, order, name, is_element, where
):
    exif = an_exif(latitude, longitude, order) if where != "xmp" else b""
    written = as_written(latitude)
    xmp = an_xmp(name, written, is_element=is_element) if where != "exif" else b""
    photo = a_file(kind, exif, xmp)

    clean = without_gps(photo)

    assert inspect(photo).has_gps
    assert not inspect(clean).has_gps
    assert written.encode() not in clean
    assert pixels_of(clean) == pixels_of(photo)
    with Image.open(io.BytesIO(clean)) as image:
        assert dict(image.getexif().get_ifd(0x8825)) == {}
    if xmp:
        assert b'tiff:Make="Phone"' in clean


@pytest.mark.parametrize("chunk", [b"tEXt", b"zTXt"])
def test_packed_notes_that_may_hold_a_place_are_left_out(chunk):
    """ImageMagick writes the EXIF of a phone's photo into a PNG as hexadecimal digits."""
    exif = an_exif((28, 18, 400), (109, 44, 130), "<")
    digits = f"\nexif\n{len(exif):8}\n{exif.hex()}\n".encode()
    body = digits if chunk == b"tEXt" else b"\0" + zlib.compress(digits)
    photo = with_chunk(a_file("PNG", b"", b""), chunk, b"Raw profile type exif\0" + body)
    with Image.open(io.BytesIO(photo)) as image:
        assert image.getexif().get_ifd(0x8825)

    clean = without_gps(photo)

    with Image.open(io.BytesIO(clean)) as image:
        assert not image.getexif().get_ifd(0x8825)
    assert pixels_of(clean) == pixels_of(photo)
    assert b"Raw profile" not in clean


def with_chunk(png: bytes, kind: bytes, body: bytes) -> bytes:
    """The PNG with one more chunk behind its header."""
    check = struct.pack(">I", zlib.crc32(kind + body))
    return png[:33] + struct.pack(">I", len(body)) + kind + body + check + png[33:]
