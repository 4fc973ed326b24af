"""The media store: the same bytes once, nothing half-written, no way out of its folder."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.media import FolderStore, open_media
from models.errors import MediaUnavailable

DATA = "现场照片".encode()
SHA = hashlib.sha256(DATA).hexdigest()


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_bytes_come_back_under_their_sha_256(tmp_path: Path) -> None:
    store = open_media(f"file://{tmp_path}/media")

    assert store.put(DATA) == SHA
    assert store.get(SHA) == DATA


def test_the_same_bytes_are_kept_once(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    store.put(DATA)
    store.put(DATA)

    assert [path.name for path in files(tmp_path)] == [SHA]


def test_a_relative_address_lies_below_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    open_media("file://var/media").put(DATA)

    assert [path.name for path in files(tmp_path / "var" / "media")] == [SHA]


def test_what_was_never_kept_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(MediaUnavailable) as error:
        FolderStore(tmp_path).get(SHA)
    assert not error.value.retryable


@given(st.text(max_size=80) | st.just("../" * 20 + "etc/passwd") | st.just(SHA.upper()))
def test_nothing_but_an_address_reaches_the_folder(
    tmp_path_factory: pytest.TempPathFactory, address: str
) -> None:
    with pytest.raises(MediaUnavailable):
        FolderStore(tmp_path_factory.getbasetemp()).get(address)


def test_a_folder_that_cannot_be_written_may_be_tried_again(tmp_path: Path) -> None:
    (tmp_path / "media").write_text("a file where the folder should be")

    with pytest.raises(MediaUnavailable) as error:
        open_media(f"file://{tmp_path}/media").put(DATA)
    assert error.value.retryable


def test_a_full_disk_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bot.media.os.fsync", full)

    with pytest.raises(MediaUnavailable, match="No space left"):
        FolderStore(tmp_path).put(DATA)
    assert files(tmp_path) == []
