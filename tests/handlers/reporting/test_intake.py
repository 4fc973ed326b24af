"""What arrives as picture or file: judged by its bytes, stored without its place."""

import hashlib
import io
from datetime import datetime

import pytest
from PIL import Image

from handlers.reporting.intake import as_sent, mime_of, take_in
from models.rules.frozen import from_data
from models.rules.picture import PictureFacts
from tests.conftest import at
from tests.pictures import a_huge_png, a_photo
from tests.talk import MediaShelf

#: A camera's wall clock states no zone.
TAKEN = datetime.fromisoformat("2021-07-20T10:30:00")
NOW = at("2021-08-20T09:00")


@pytest.fixture
def shelf() -> MediaShelf:
    return MediaShelf()


def test_a_good_picture_is_measured_and_needs_no_crop(shelf: MediaShelf) -> None:
    data = a_photo(1200, 600, taken_at=TAKEN)
    row = take_in(data, "现场.jpg", shelf, NOW)

    assert row.sha == hashlib.sha256(data).hexdigest()
    assert shelf.get(row.stored_sha) == data
    facts = from_data(PictureFacts, row.facts)
    assert (facts.width, facts.height, facts.taken_at) == (1200, 600, TAKEN)
    assert (row.mime, row.problem, row.crop_sha) == ("image/jpeg", "", None)


def test_the_crop_to_two_to_one_is_ready_before_anybody_asks(shelf: MediaShelf) -> None:
    row = take_in(a_photo(1200, 900), "现场.jpg", shelf, NOW)

    assert row.crop_box is not None
    assert row.crop_sha is not None
    left, top, right, bottom = row.crop_box
    assert (right - left, bottom - top) == (1200, 600)
    assert Image.open(io.BytesIO(shelf.get(row.crop_sha))).size == (1200, 600)


def test_the_name_keeps_the_address_of_the_bytes_received_but_not_the_place(
    shelf: MediaShelf,
) -> None:
    data = a_photo(gps=True)
    row = take_in(data, "C:\\\\相册\\\\现场.jpg", shelf, NOW)

    assert row.sha == hashlib.sha256(data).hexdigest()
    assert row.stored_sha != row.sha
    assert data not in shelf.kept.values()
    assert row.name == "现场.jpg"


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "图.jpg", "空"),
        (b"hello", "图.jpg", "不是图片"),
        (b"hello", "", "不是图片"),
        (a_huge_png(), "图.png", "像素"),
        (b"GIF89a" + bytes(40), "图.gif", "GIF"),
    ],
    ids=["empty", "text named jpg", "text without a name", "200 MP", "gif"],
)
def test_what_only_claims_to_be_a_picture_is_kept_with_the_reason(
    shelf: MediaShelf, data: bytes, name: str, said: str
) -> None:
    row = take_in(data, name, shelf, NOW)

    assert said in row.problem
    assert (row.facts, row.crop_sha) == ({}, None)
    assert shelf.get(row.stored_sha) == data


@pytest.mark.parametrize(
    ("data", "name", "mime"),
    [
        (b"PK\x03\x04..", "台账.xlsx", "spreadsheetml.sheet"),
        (b"PK\x03\x04..", "说明.docx", "wordprocessingml.document"),
        (b"PK\x03\x04..", "包.rar", "application/zip"),
        (b"%PDF-1.7", "通知.pdf", "application/pdf"),
        (b"\x00\x01", "x.bin", "application/octet-stream"),
        (a_photo(), "其实是图.docx", "image/jpeg"),
    ],
)
def test_the_kind_of_a_file_follows_from_its_bytes(data: bytes, name: str, mime: str) -> None:
    assert mime_of(data, name).endswith(mime)


def test_a_file_that_is_no_picture_and_does_not_claim_to_be_has_no_problem(
    shelf: MediaShelf,
) -> None:
    row = take_in(b"PK\x03\x04..", "台账.xlsx", shelf, NOW)

    assert (row.problem, row.facts) == ("", {})


def test_the_same_bytes_under_another_name_tell_nothing_of_the_first_sender() -> None:
    """One unit's 名单.txt sent again by another as 现场照片.jpg is judged by its own name."""
    first = take_in(b"plain words", "名单.txt", MediaShelf(), NOW)

    again = as_sent(first, "现场照片.jpg")

    assert (again.sha, again.name) == (first.sha, "现场照片.jpg")
    assert "不是图片" in again.problem
    assert (first.name, first.problem) == ("名单.txt", "")
