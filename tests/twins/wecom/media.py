"""The servers' media: uploads by multipart, downloads by id, and what bots are pointed to."""

import re
from dataclasses import dataclass

from starlette.responses import Response

from tests.twins.multipart import parts
from tests.twins.wecom import seal
from tests.twins.wecom.api import Answer, Call, Route
from tests.twins.wecom.corp import Corp, Refused

MB = 1024 * 1024
LINK_SECONDS = 300
_MOST = {"image": 10 * MB, "voice": 2 * MB, "video": 10 * MB, "file": 20 * MB}


def check(kind: str, data: bytes) -> None:
    """Raise Refused for media of the wrong type or size."""
    if kind not in _MOST:
        raise Refused(40004, "invalid media type")
    if not 5 < len(data) <= _MOST[kind]:
        raise Refused(40006, "invalid media size")
    magic = {
        "image": data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")),
        "voice": data.startswith(b"#!AMR"),
        "video": data[4:8] == b"ftyp",
        "file": True,
    }
    if not magic[kind]:
        raise Refused(40005, "invalid file type")


def uploaded(call: Call) -> tuple[str, bytes]:
    """The name and bytes of the part `media`; 41005 where the servers cannot see it."""
    found = parts(call.headers.get("content-type", ""), call.raw).get("media")
    if found is None or not found.filename:
        raise Refused(41005, "media data missing")
    return found.filename, found.data


@dataclass(frozen=True)
class _Link:
    name: str
    data: bytes
    until: float


class MediaStore:
    """Everything about media."""

    def __init__(self, corp: Corp) -> None:
        self._corp = corp
        self._links: dict[str, _Link] = {}
        #: How a name is told on download: "raw" UTF-8, "encoded" (RFC 5987) or "none".
        self.disposition = "raw"
        self.routes = {
            "media/upload": Route("POST", self._upload, is_json=False),
            "media/get": Route("GET", self._get),
        }

    def _upload(self, call: Call) -> Answer:
        kind = call.query.get("type", "")
        name, data = uploaded(call)
        check(kind, data)
        media = self._corp.keep(kind, name, data)
        return Answer({"type": kind, "media_id": media.id, "created_at": str(int(media.created))})

    def _get(self, call: Call) -> Answer:
        media = self._corp.media_of(call.query.get("media_id", ""))
        data, asked = media.data, re.fullmatch(r"bytes=(\d+)-(\d*)", call.headers.get("range", ""))
        headers = {"Content-Type": "application/octet-stream"}
        if asked is None:
            if len(data) > 20 * MB:
                raise Refused(830002, "media too large, use Range")
            return Answer(response=self._file(data, media.name, headers))
        first, last = int(asked[1]), min(int(asked[2] or len(data) - 1), len(data) - 1)
        if last - first >= 20 * MB:
            raise Refused(830002, "range too large")
        headers["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
        return Answer(response=self._file(data[first : last + 1], media.name, headers, 206))

    def _file(self, data: bytes, name: str, headers: dict[str, str], status: int = 200) -> Response:
        response = Response(data, status, headers)
        told = b'attachment; filename="' + name.encode() + b'"'
        if self.disposition == "encoded":
            encoded = "".join(f"%{byte:02X}" for byte in name.encode())
            told = f"attachment; filename*=UTF-8''{encoded}".encode()
        if self.disposition != "none":
            response.raw_headers.append((b"content-disposition", told))
        return response

    def link(self, name: str, data: bytes, key: bytes) -> str:
        """An address for five minutes, behind which *data* lie encrypted."""
        ident = self._corp.number("LINK")
        until = self._corp.clock.now() + LINK_SECONDS
        self._links[ident] = _Link(name, seal.encrypted(data, key), until)
        return f"{self._corp.url}/media/{ident}"

    def behind(self, ident: str) -> Response:
        """What such an address answers."""
        link = self._links.get(ident)
        if link is None or self._corp.clock.now() > link.until:
            return Response("<Error><Code>AccessDenied</Code></Error>", 403)
        return self._file(link.data, link.name, {"Content-Type": "application/octet-stream"})
