"""Pictures and files in a bucket of an S3-compatible object store: MEDIA_URL=s3://BUCKET/PREFIX."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pydantic import AnyHttpUrl, SecretStr, TypeAdapter

from bot.media_address import LARGEST, address, checked, is_address
from models.errors import MediaUnavailable, SettingsError

if TYPE_CHECKING:
    from obstore.store import S3Store

#: One call with all its tries ends within about a minute, whatever the store does: what waits for
#: a picture may wait that long, and is tried again later.
CONNECT, CALL, ALL_TRIES, TRIES_MORE = 3, 30, 30, 2
#: Who found nobody there does not ask again for as many seconds: a message with nine pictures
#: waits once and not nine times.
PAUSE = 10.0
_CODE = re.compile(r"<Code>(\w{1,60})</Code>")
_STATUS = re.compile(r"status code: (\d{3})")
_PAGE = 1000
_ADDRESSES = TypeAdapter(AnyHttpUrl)
NO_ANSWER, NO_BUCKET = "没有应答", "NoSuchBucket"


@dataclass(frozen=True)
class Bucket:
    """Where a bucket is and who opens it; without *endpoint* it is Amazon's in *region*."""

    name: str
    prefix: str
    endpoint: str
    region: str
    key_id: SecretStr
    key: SecretStr
    has_own_host: bool = False
    authorities: Path | None = None

    def address(self) -> str:
        """The endpoint to call: with the bucket before its host, where the store wants that."""
        country = ".cn" if self.region.startswith("cn-") else ""
        amazon = f"https://s3.{self.region}.amazonaws.com{country}"
        parts = urlsplit(self.endpoint or amazon)
        host = f"{self.name}.{parts.netloc}" if self.has_own_host else parts.netloc
        return parts._replace(netloc=host).geturl()


class BucketStore:
    """Bytes as objects of a bucket, named as the files of a folder are; safe for threads.

    What the server says of a failure may repeat the signed request: only its code is told.
    """

    def __init__(self, store: "S3Store") -> None:
        self._store = store
        self._away_until = 0.0

    def put(self, data: bytes) -> str:
        """Keep *data* durably and return its SHA-256; raises MediaUnavailable.

        What is there already is put again: its time is then new, and `delete` leaves it alone.
        """
        sha = hashlib.sha256(data).hexdigest()
        with self._told("写入"):
            self._store.put(_key(sha), data, use_multipart=False)
        return sha

    def get(self, sha: str) -> bytes:
        """The bytes at this address; raises MediaUnavailable when they are not there or not those.

        Bytes that are no longer what was put are evidence of nothing: they count as missing.
        """
        with self._told("读取", sha):
            found = self._store.get(_key(sha))
            # Room for as much as the server claims is taken at once; where there is none the
            # library ends the process.
            data = bytes(found.bytes()) if found.meta["size"] <= LARGEST else b""
        return checked(sha, data)

    def addresses(self, before: datetime | None = None) -> Iterator[str]:
        """Every address at which bytes are kept, in no order; raises MediaUnavailable.

        With *before* only those that were last put earlier than then, by the server's clock.
        """
        with self._told("读取"):
            for page in self._store.list(chunk_size=_PAGE):
                for each in page:
                    name = each["path"].rpartition("/")[2]
                    if is_address(name) and (before is None or each["last_modified"] < before):
                        yield name

    def delete(self, sha: str, before: datetime | None = None) -> bool:
        """Remove the bytes at this address, if any; raises MediaUnavailable.

        With *before* bytes that were put again since then stay: false says that they did. S3 knows
        no removal on that condition: a put between the look and the removal would be lost, so
        *before* should lie well in the past.
        """
        with self._told("删除"):
            try:
                if before is not None and self._store.head(_key(sha))["last_modified"] >= before:
                    return False
                self._store.delete(_key(sha))
            except FileNotFoundError as error:
                if code_of(error) == NO_BUCKET:
                    raise
        return True

    @contextmanager
    def _told(self, what: str, sha: str = "") -> Iterator[None]:
        """Raises MediaUnavailable for what goes wrong inside; missing bytes are so of *sha*."""
        from obstore.exceptions import BaseError

        if monotonic() < self._away_until:
            raise MediaUnavailable(f"媒体库{what}失败：{NO_ANSWER}", retryable=True)
        try:
            yield
        except (BaseError, OSError, ValueError) as error:
            code = code_of(error)
            if code == NO_ANSWER:
                self._away_until = monotonic() + PAUSE
            if sha and isinstance(error, FileNotFoundError) and code != NO_BUCKET:
                reason = MediaUnavailable(f"媒体库中没有 {sha[:12]}", retryable=False)
            else:
                reason = MediaUnavailable(f"媒体库{what}失败：{code}", retryable=True)
            raise reason from None  # its text holds the request, with the signature


def open_bucket(bucket: Bucket, *, call: float = CALL, all_tries: float = ALL_TRIES) -> BucketStore:
    """The store in *bucket*, nothing of which is asked yet; raises SettingsError.

    One call may take *call* seconds; none is tried again after *all_tries*.
    """
    try:
        _ADDRESSES.validate_python(
            bucket.address()
        )  # the library panics at such as bucket.10.1.2.3
    except ValueError as error:
        raise SettingsError(
            f"no bucket can be asked at {bucket.address()}: AWS_ENDPOINT_URL must be an address, "
            "with a name for a host where AWS_VIRTUAL_HOSTED_STYLE_REQUEST is on"
        ) from error
    try:
        return BucketStore(_opened(bucket, call, all_tries))
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"AWS_CA_BUNDLE {bucket.authorities} cannot be read, or is no list of authorities (PEM)"
        ) from error


def _opened(bucket: Bucket, call: float, all_tries: float) -> "S3Store":
    # 50 ms of start-up that only those pay who keep their media in a bucket.
    from obstore.store import S3Store

    authorities = bucket.authorities.read_bytes() if bucket.authorities else None
    return S3Store(
        bucket.name,
        prefix=bucket.prefix or None,
        endpoint=bucket.address(),
        region=bucket.region,
        access_key_id=bucket.key_id.get_secret_value(),
        secret_access_key=bucket.key.get_secret_value(),
        virtual_hosted_style_request=bucket.has_own_host,
        # Not every compatible store takes many removals in one call.
        disable_bulk_delete=True,
        client_options={
            "allow_http": bucket.endpoint.startswith("http://"),
            "connect_timeout": timedelta(seconds=CONNECT),
            "timeout": timedelta(seconds=call),
            **({"root_certificate": authorities} if authorities else {}),
        },
        retry_config={
            "max_retries": TRIES_MORE,
            "retry_timeout": timedelta(seconds=all_tries),
            "backoff": {
                "init_backoff": timedelta(milliseconds=100),
                "max_backoff": timedelta(seconds=1),
                "base": 2,
            },
        },
    )


def _key(sha: str) -> str:
    return f"{address(sha)[:2]}/{sha}"


def code_of(error: Exception) -> str:
    """What went wrong by the store's own code, else by its status, else that nothing answered."""
    text = str(error)
    if found := _CODE.search(text):
        return found[1]
    if found := _STATUS.search(text):
        return f"HTTP {found[1]}"
    return NO_ANSWER if "error sending request" in text else type(error).__name__
