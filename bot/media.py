"""Where pictures and files are kept: content-addressed by SHA-256 behind MEDIA_URL."""

import hashlib
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bot.durable import sync_folder, written_aside
from bot.media_address import address, checked, is_address
from bot.media_s3 import Bucket, open_bucket
from bot.settings import Settings, is_set
from handlers.context import MediaStore
from models.errors import MediaUnavailable, SettingsError

_ASIDE = ".removed"
_BUCKET = re.compile(r"[a-z0-9](?:[a-z0-9-]|\.(?!\.)){1,61}[a-z0-9]")


class FolderStore:
    """Bytes as files in a folder, two letters a sub-folder; the same bytes are kept once."""

    def __init__(self, root: Path) -> None:
        self.root = root

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
                    sync_folder(self.root)
                with written_aside(path) as file:
                    file.write(data)
        except OSError as error:
            raise MediaUnavailable(f"媒体库写入失败：{error.strerror}", retryable=True) from error
        return sha

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
            for folder in self.root.iterdir() if self.root.exists() else ():
                for path in map(_put_back, folder.iterdir() if folder.is_dir() else ()):
                    if is_address(path.name) and _is_older(path, before):
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
        return self.root / address(sha)[:2] / sha


def _is_kept(path: Path, data: bytes) -> bool:
    """Whether the file holds these bytes; its time then says that they were put just now."""
    try:
        os.utime(path)
        is_kept = path.read_bytes() == data
    except FileNotFoundError:
        return False
    if is_kept:
        sync_folder(path.parent)  # another process may have named it a moment ago
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


def open_media(settings: Settings) -> MediaStore:
    """The store at MEDIA_URL; raises SettingsError for a kind that is not known or has no keys."""
    parts = urlsplit(settings.media_url)
    if parts.scheme == "file":
        return FolderStore(Path(unquote(parts.netloc + parts.path)))
    if parts.scheme == "s3":
        return open_bucket(_bucket(settings, parts.netloc, unquote(parts.path).strip("/")))
    raise SettingsError(
        f"MEDIA_URL begins with {parts.scheme + ':' if parts.scheme else 'no kind'}: "
        "only file://FOLDER and s3://BUCKET/PREFIX are known"
    )


def _bucket(settings: Settings, name: str, prefix: str) -> Bucket:
    if not _BUCKET.fullmatch(name):
        raise SettingsError(
            "MEDIA_URL names no bucket: s3://BUCKET/PREFIX has a name of 3 to 63 small letters, "
            "digits, dots and hyphens, and its keys in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        )
    keys = ("aws_access_key_id", "aws_secret_access_key")
    if missing := [each.upper() for each in keys if not is_set(getattr(settings, each))]:
        raise SettingsError(f"MEDIA_URL is a bucket, but {' and '.join(missing)} missing")
    return Bucket(
        name,
        prefix,
        endpoint=settings.aws_endpoint_url,
        region=settings.aws_region,
        key_id=settings.aws_access_key_id,
        key=settings.aws_secret_access_key,
        has_own_host=settings.aws_virtual_hosted_style_request,
        authorities=settings.aws_ca_bundle,
    )
