"""Where pictures and files are kept: content-addressed by SHA-256 behind MEDIA_URL."""

import hashlib
import os
import tempfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

from models.errors import MediaUnavailable, SettingsError


class FolderStore:
    """Bytes as files in a folder, two letters a sub-folder; the same bytes are kept once."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, data: bytes) -> str:
        """Keep *data* durably and return its SHA-256; raises MediaUnavailable (disk full, …)."""
        sha = hashlib.sha256(data).hexdigest()
        path = self._path(sha)
        if path.exists():
            return sha
        try:
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
        """The bytes at this address; raises MediaUnavailable when they are not there."""
        try:
            return self._path(sha).read_bytes()
        except FileNotFoundError as error:
            raise MediaUnavailable(f"媒体库中没有 {sha[:12]}", retryable=False) from error
        except OSError as error:
            raise MediaUnavailable(f"媒体库读取失败：{error.strerror}", retryable=True) from error

    def _path(self, sha: str) -> Path:
        if len(sha) != 64 or not set(sha) <= set("0123456789abcdef"):
            raise MediaUnavailable("不是媒体地址", retryable=False)
        return self._root / sha[:2] / sha


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
