"""Where pictures and files are kept: content-addressed by SHA-256 behind MEDIA_URL."""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from models.errors import MediaUnavailable, SettingsError

_ADDRESS = re.compile("[0-9a-f]{64}")
_ASIDE = ".removed"


class FolderStore:
    """Bytes as files in a folder, two letters a sub-folder; the same bytes are kept once."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, data: bytes) -> str:
        """Keep *data* durably and return its SHA-256; raises MediaUnavailable (disk full, …).

        What is kept already only counts as put anew, so that `delete` leaves it alone.
        """
        sha = hashlib.sha256(data).hexdigest()
        path = self._path(sha)
        try:
            if not _is_kept(path, data):
                if not path.parent.exists():
                    path.parent.mkdir(parents=True, exist_ok=True)
                    _sync(self._root)
                self._write(path, data)
        except OSError as error:
            raise MediaUnavailable(f"媒体库写入失败：{error.strerror}", retryable=True) from error
        return sha

    def _write(self, path: Path, data: bytes) -> None:
        # Written aside and renamed: a crash leaves no half file under a good name.
        handle, name = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
            _sync(path.parent)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise

    def get(self, sha: str) -> bytes:
        """The bytes at this address; raises MediaUnavailable when they are not there or not those.

        Bytes that are no longer what was put are evidence of nothing: they count as missing.
        """
        try:
            data = self._path(sha).read_bytes()
        except FileNotFoundError as error:
            raise MediaUnavailable(f"媒体库中没有 {sha[:12]}", retryable=False) from error
        except OSError as error:
            raise MediaUnavailable(f"媒体库读取失败：{error.strerror}", retryable=True) from error
        return checked(sha, data)

    def addresses(self, before: datetime | None = None) -> Iterator[str]:
        """Every address at which bytes are kept, in no order; raises MediaUnavailable.

        With *before* only those that were last put earlier than then.
        """
        try:
            for folder in os.scandir(self._root) if self._root.exists() else ():
                for path in map(_put_back, Path(folder).iterdir() if folder.is_dir() else ()):
                    if _ADDRESS.fullmatch(path.name) and _is_older(path, before):
                        yield path.name
        except OSError as error:
            raise MediaUnavailable(f"媒体库读取失败：{error.strerror}", retryable=True) from error

    def delete(self, sha: str, before: datetime | None = None) -> bool:
        """Remove the bytes at this address, if any; raises MediaUnavailable.

        With *before* bytes that were put again since then stay: false says that they did.
        """
        path = self._path(sha)
        aside = path.with_suffix(_ASIDE)
        try:
            # Moved aside before their time is read: whoever puts them meanwhile either shows in
            # that time, or finds nothing and writes them anew.
            path.rename(aside)
            if not _is_older(aside, before):
                aside.rename(path)
                return False
            aside.unlink()
        except FileNotFoundError:
            return True
        except OSError as error:
            raise MediaUnavailable(f"媒体库删除失败：{error.strerror}", retryable=True) from error
        return True

    def _path(self, sha: str) -> Path:
        return self._root / _address(sha)[:2] / sha


def _address(sha: str) -> str:
    """*sha* itself; raises MediaUnavailable for anything else that could lead elsewhere."""
    if not _ADDRESS.fullmatch(sha):
        raise MediaUnavailable("不是媒体地址", retryable=False)
    return sha


def checked(sha: str, data: bytes) -> bytes:
    """*data* itself; raises MediaUnavailable where it is not what was put at *sha*."""
    if hashlib.sha256(data).hexdigest() != sha:
        raise MediaUnavailable(f"媒体库中的 {sha[:12]} 与存入时不符", retryable=False)
    return data


def _is_kept(path: Path, data: bytes) -> bool:
    """Whether the file holds these bytes; its time then says that they were put just now."""
    try:
        os.utime(path)
        is_kept = path.read_bytes() == data
    except FileNotFoundError:
        return False
    if is_kept:
        _sync(path.parent)  # another process may have named it a moment ago
    return is_kept


def _put_back(path: Path) -> Path:
    """Where this file belongs: one that a crash left aside goes back, to be judged again."""
    return path if path.suffix != _ASIDE else path.replace(path.with_suffix(""))


def _is_older(path: Path, before: datetime | None) -> bool:
    """Whether the bytes were last put before then; what is gone meanwhile is not."""
    try:
        return before is None or datetime.fromtimestamp(path.stat().st_mtime, UTC) < before
    except FileNotFoundError:
        return False


def _sync(folder: Path) -> None:
    """Make the names in *folder* as durable as the bytes behind them."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def open_media(url: str) -> FolderStore:
    """The store at MEDIA_URL; raises SettingsError for a kind that is not known."""
    parts = urlsplit(url)
    if parts.scheme != "file":
        raise SettingsError(f"MEDIA_URL {url!r}: only file://FOLDER is known")
    return FolderStore(Path(unquote(parts.netloc + parts.path)))
