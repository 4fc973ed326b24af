"""The servers' media: uploads by multipart, downloads by code over a signed address."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from tests.twins.dingtalk.corp import HOUR, Corp, Malformed, Refused, Robot
from tests.twins.dingtalk.wire import Answer, Call, Route
from tests.twins.multipart import parts

MB = 1024 * 1024
_MOST = {"image": 20 * MB, "voice": 2 * MB, "video": 20 * MB, "file": 20 * MB}
_FORMATS = {
    "image": {"jpg", "jpeg", "gif", "png", "bmp"},
    "voice": {"amr", "mp3", "wav"},
    "video": {"mp4"},
    "file": {"doc", "docx", "xls", "xlsx", "ppt", "pptx", "zip", "pdf", "rar"},
}
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
#: What a file of the format begins with, where that is certain.
_MAGIC = {
    "jpg": b"\xff\xd8\xff",
    "jpeg": b"\xff\xd8\xff",
    "gif": b"GIF8",
    "png": b"\x89PNG\r\n\x1a\n",
    "bmp": b"BM",
    "amr": b"#!AMR",
    "pdf": b"%PDF",
    "rar": b"Rar!",
    **dict.fromkeys(("docx", "xlsx", "pptx", "zip"), _ZIP),
    **dict.fromkeys(("doc", "xls", "ppt"), _OLE),
}
_OTHER_TOKENS = ("authorization", "access_token")


@dataclass(frozen=True)
class Media:
    """An uploaded or received file."""

    id: str
    type: str
    name: str
    data: bytes
    created: float
    robot_code: str = ""


class MediaStore:
    """Everything about media."""

    def __init__(self, corp: Corp) -> None:
        self._corp = corp
        self._uploaded: dict[str, Media] = {}
        self._offered: dict[str, Media] = {}
        self._links: dict[str, tuple[Media, float]] = {}
        #: How long codes and addresses are good; no page says.
        self.code_life, self.link_life = 2 * HOUR, 600.0
        #: Whether a code is good once only; no page says.
        self.codes_serve_once = False
        #: Where an address of the storage leads instead of giving the file.
        self.redirects_to = ""
        #: What stands before the path of an address; none: these servers'.
        self.storage = ""
        self.routes = {
            "media/upload": Route("POST", self._upload, is_json=False, pool="api"),
            "storage": Route("GET", self._stored, needs_token=False),
        }
        self.new_routes = {
            "robot/messageFiles/download": Route("POST", self._download, pool="api"),
        }

    def offered(self, robot: Robot, name: str, data: bytes) -> str:
        """A downloadCode for what a person sent to *robot*."""
        code = self._corp.number("code/+") + "=="
        now = self._corp.clock.now()
        self._offered[code] = Media(code, "", name, data, now, robot.robot_code)
        return code

    def shown(self, media_id: str, kind: str, code: int | str) -> dict[str, Any]:
        """What a message carries by its id; raises Malformed for an id of no such thing."""
        found = self._uploaded.get(media_id)
        if found is None or found.type != kind:
            raise Malformed(code, f"no {kind} by this media_id")
        return {"media_id": found.id, "name": found.name, "data": found.data}

    def _upload(self, call: Call) -> Answer:
        fields = parts(call.headers.get("content-type", ""), call.raw)
        if "type" in call.query:
            self._corp.complain("media/upload: the type belongs into the form")
        kind = fields["type"].data.decode(errors="replace") if "type" in fields else ""
        file = fields.get("media")
        if kind not in _MOST:
            raise Malformed(40004, f"无效的媒体文件类型 {kind!r}")
        if file is None or not file.filename:
            raise Malformed(40035, "缺少参数 media")
        check(kind, file.filename, file.data)
        now = self._corp.clock.now()
        media = Media(self._corp.number("@lAL"), kind, file.filename, file.data, now)
        self._uploaded[media.id] = media
        return Answer({"media_id": media.id, "type": kind, "created_at": int(now * 1000)})

    def _download(self, call: Call) -> Answer:
        code, robot_code = call.body.get("downloadCode"), call.body.get("robotCode")
        if not isinstance(code, str) or not isinstance(robot_code, str):
            raise Malformed("invalidParameter.param.invalid", "downloadCode and robotCode")
        found, now = self._offered.get(code), self._corp.clock.now()
        if found is None or now - found.created > self.code_life:
            raise Refused("invalidParameter.downloadCode.invalid", "下载码不存在或已过期")
        if robot_code != found.robot_code or call.by.robot_code != robot_code:
            raise Refused("invalidParameter.robotCode.notMatch", "机器人与下载码不匹配")
        if self.codes_serve_once:
            del self._offered[code]
        ident = f"{self._corp.number('iAEI')}.file"
        self._links[ident] = (found, now + self.link_life)
        query = urlencode(
            {"Expires": int(now + self.link_life), "OSSAccessKeyId": "LTAI", "Signature": "a+/b="}
        )
        host = self.storage or self._corp.url
        return Answer({"downloadUrl": f"{host}/storage/{ident}?{query}"})

    def _stored(self, call: Call) -> Answer:
        """A file behind its address; the storage is another host, and no token belongs there."""
        if any(mark in call.headers or mark in call.query for mark in _OTHER_TOKENS):
            self._corp.complain("storage: a token goes where none belongs")
        media, until = self._links.get(call.rest, (None, 0.0))
        if media is None or self._corp.clock.now() > until or "Signature" not in call.query:
            return Answer(response=Response("<Error><Code>AccessDenied</Code></Error>", 403))
        if self.redirects_to:
            return Answer(response=RedirectResponse(self.redirects_to, 302))
        return Answer(response=Response(media.data, media_type="application/octet-stream"))


def check(kind: str, name: str, data: bytes) -> None:
    """Raise Malformed for an upload of the wrong format or size."""
    ending = name.rpartition(".")[2].lower()
    if ending not in _FORMATS[kind] or not data.startswith(_MAGIC.get(ending, b"")):
        raise Malformed(40005, f"无效的文件类型 {ending!r}")
    if not 0 < len(data) <= _MOST[kind]:
        raise Malformed(40006, f"无效的文件大小 {len(data)}")
