"""The media store: the same bytes once, nothing half-written, no way out of its folder."""

import hashlib
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.media import FolderStore, open_media
from bot.settings import read_settings
from models.errors import MediaUnavailable

DATA = "现场照片".encode()
SHA = hashlib.sha256(DATA).hexdigest()


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_bytes_come_back_under_their_sha_256(tmp_path: Path) -> None:
    store = open_media(read_settings(media_url=f"file://{tmp_path}/media"))

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

    open_media(read_settings(media_url="file://var/media")).put(DATA)

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
        open_media(read_settings(media_url=f"file://{tmp_path}/media")).put(DATA)
    assert error.value.retryable


def test_a_full_disk_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bot.media.os.fsync", full)

    with pytest.raises(MediaUnavailable, match="No space left"):
        FolderStore(tmp_path).put(DATA)
    assert files(tmp_path) == []


def aged(folder: Path, sha: str, moment: datetime) -> None:
    """Let these bytes have been put at that moment."""
    os.utime(folder / sha[:2] / sha, (moment.timestamp(), moment.timestamp()))


def test_what_is_kept_is_listed_and_what_is_removed_is_not(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "media")
    assert list(store.addresses()) == []
    kept = {store.put(b"%d" % number) for number in range(20)}
    gone = store.put(DATA)

    assert store.delete(gone)
    assert set(store.addresses()) == kept
    assert store.delete(gone), "what is not there need not be removed"
    assert [path for path in files(tmp_path) if SHA in path.name] == []


def test_what_was_put_again_stays_where_only_old_things_go(tmp_path: Path) -> None:
    store, month_ago = FolderStore(tmp_path), datetime.now(UTC) - timedelta(days=30)
    old, again = store.put(b"old"), store.put(DATA)
    for sha in (old, again):
        aged(tmp_path, sha, month_ago)
    store.put(DATA)
    day_ago = datetime.now(UTC) - timedelta(days=1)

    assert list(store.addresses(before=day_ago)) == [old]
    assert not store.delete(again, before=day_ago)
    assert store.delete(old, before=day_ago)
    assert store.get(again) == DATA
    assert list(store.addresses()) == [again]


def test_what_a_crash_left_half_removed_is_there_again(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    path = tmp_path / SHA[:2] / store.put(DATA)
    path.rename(path.with_suffix(".removed"))

    assert list(store.addresses()) == [SHA]
    assert store.get(SHA) == DATA


def test_bytes_that_changed_count_as_missing_until_they_are_put_again(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    (tmp_path / SHA[:2] / store.put(DATA)).write_bytes(b"another picture")

    with pytest.raises(MediaUnavailable, match="与存入时不符") as error:
        store.get(SHA)
    assert not error.value.retryable

    assert store.get(store.put(DATA)) == DATA
