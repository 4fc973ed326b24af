"""A zip written piece by piece: one file at a time in memory, the same content the same bytes."""

import zipfile
from types import TracebackType
from typing import BinaryIO, Self

#: Entries carry a time; all get this one, the earliest there is.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_PACKED = frozenset((".jpg", ".jpeg", ".png", ".webp", ".heic", ".gif", ".docx", ".xlsx"))
_PLAIN_FILE = 0o100644 << 16


class Archive:
    """Writes entries into a stream; what is packed already is stored as it is."""

    def __init__(self, stream: BinaryIO) -> None:
        self._zip = zipfile.ZipFile(stream, "w")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zip.close()

    def add(self, path: str, data: bytes) -> None:
        """A file at *path*, whose steps were made by `safe_name`; each path is there once."""
        entry = zipfile.ZipInfo(path, _NO_TIME)
        entry.external_attr = _PLAIN_FILE
        is_packed = path[path.rfind(".") :] in _PACKED
        entry.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
        self._zip.writestr(entry, data)
