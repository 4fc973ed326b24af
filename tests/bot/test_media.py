"""The media store, in a folder and in a bucket alike: the same bytes once, and those or none."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.media import FolderStore, open_media
from bot.settings import read_settings
from handlers.context import MediaStore
from models.errors import MediaUnavailable
from tests.twins.s3 import ObjectStore

DATA = "现场照片".encode()
SHA = hashlib.sha256(DATA).hexdigest()


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


class Kept(Protocol):
    """A store, and what lies behind it."""

    @property
    def store(self) -> MediaStore: ...

    def names(self) -> list[str]: ...

    def change(self, sha: str, data: bytes) -> None: ...

    def age(self, sha: str, moment: datetime) -> None: ...


@dataclass(frozen=True)
class InFolder:
    """Files below a folder."""

    store: MediaStore
    root: Path

    def names(self) -> list[str]:
        return [path.name for path in files(self.root)]

    def change(self, sha: str, data: bytes) -> None:
        (self.root / sha[:2] / sha).write_bytes(data)

    def age(self, sha: str, moment: datetime) -> None:
        os.utime(self.root / sha[:2] / sha, (moment.timestamp(), moment.timestamp()))


@dataclass(frozen=True)
class InBucket:
    """Objects of the stand-in."""

    store: MediaStore
    server: ObjectStore

    def names(self) -> list[str]:
        return [key.removeprefix(f"office/media/{key[-64:-62]}/") for key in self.server.objects]

    def change(self, sha: str, data: bytes) -> None:
        self.server.objects[f"office/media/{sha[:2]}/{sha}"] = data

    def age(self, sha: str, moment: datetime) -> None:
        self.server.put_at[f"office/media/{sha[:2]}/{sha}"] = moment


@pytest.fixture(params=["folder", "bucket"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kept]:
    if request.param == "folder":
        store = open_media(read_settings(media_url=f"file://{tmp_path}/media"))
        yield InFolder(store, tmp_path / "media")
        return
    with ObjectStore() as server:
        yield InBucket(open_media(read_settings(**server.settings())), server)


def test_bytes_come_back_under_their_sha_256(kept: Kept) -> None:
    assert kept.store.put(DATA) == SHA
    assert kept.store.get(SHA) == DATA
    assert kept.store.get(kept.store.put(b"")) == b""


def test_the_same_bytes_are_kept_once(kept: Kept) -> None:
    kept.store.put(DATA)
    kept.store.put(DATA)

    assert kept.names() == [SHA]


def test_what_was_never_kept_is_not_there(kept: Kept) -> None:
    with pytest.raises(MediaUnavailable, match=f"没有 {SHA[:12]}") as error:
        kept.store.get(SHA)
    assert not error.value.retryable


def test_what_is_kept_is_listed_and_what_is_removed_is_not(kept: Kept) -> None:
    assert list(kept.store.addresses()) == []
    left = {kept.store.put(b"%d" % number) for number in range(20)}
    gone = kept.store.put(DATA)

    assert kept.store.delete(gone)
    assert set(kept.store.addresses()) == left
    assert kept.store.delete(gone), "what is not there need not be removed"
    assert kept.store.delete(gone, before=datetime.now(UTC))
    assert set(kept.names()) == left


def test_what_was_put_again_stays_where_only_old_things_go(kept: Kept) -> None:
    month_ago, day_ago = (datetime.now(UTC) - timedelta(days=days) for days in (30, 1))
    old, again = kept.store.put(b"old"), kept.store.put(DATA)
    for sha in (old, again):
        kept.age(sha, month_ago)
    kept.store.put(DATA)

    assert list(kept.store.addresses(before=day_ago)) == [old]
    assert not kept.store.delete(again, before=day_ago)
    assert kept.store.delete(old, before=day_ago)
    assert kept.store.get(again) == DATA
    assert list(kept.store.addresses()) == [again]


def test_bytes_that_changed_count_as_missing_until_they_are_put_again(kept: Kept) -> None:
    kept.change(kept.store.put(DATA), b"another picture")

    with pytest.raises(MediaUnavailable, match="与存入时不符") as error:
        kept.store.get(SHA)
    assert not error.value.retryable

    assert kept.store.get(kept.store.put(DATA)) == DATA


def test_nothing_but_an_address_leads_anywhere(kept: Kept) -> None:
    for address in ("ab/../../secret", SHA.upper(), SHA[:-1], f"{SHA}\n", ""):
        with pytest.raises(MediaUnavailable, match="不是媒体地址"):
            kept.store.get(address)
        with pytest.raises(MediaUnavailable, match="不是媒体地址"):
            kept.store.delete(address)


def test_a_relative_address_lies_below_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    open_media(read_settings(media_url="file://var/media")).put(DATA)

    assert [path.name for path in files(tmp_path / "var" / "media")] == [SHA]


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


def test_what_a_crash_left_half_removed_is_there_again(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    path = tmp_path / SHA[:2] / store.put(DATA)
    path.rename(path.with_suffix(".removed"))

    assert list(store.addresses()) == [SHA]
    assert store.get(SHA) == DATA
