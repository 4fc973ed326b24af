"""The kinds of message that the API sends: which fields of msgParam each has, and how it looks."""

import json
from collections.abc import Mapping
from typing import Any

from tests.twins.dingtalk.corp import Corp, Malformed
from tests.twins.dingtalk.media import MediaStore
from tests.twins.dingtalk.screen import check_address, check_links, links_in
from tests.twins.dingtalk.wire import check_escapes

_MOST = 15_000
_FILES = {"xlsx", "pdf", "zip", "rar", "doc", "docx"}
_PAIRS = [(f"actionTitle{n}", f"actionURL{n}") for n in range(1, 6)]
_SIDE = [("buttonTitle1", "buttonUrl1"), ("buttonTitle2", "buttonUrl2")]
#: The buttons of a kind, by the fields of their words and of their addresses.
_BUTTONS: dict[str, list[tuple[str, str]]] = {
    "sampleActionCard": [("singleTitle", "singleURL")],
    **{f"sampleActionCard{n}": _PAIRS[:n] for n in range(2, 6)},
    "sampleActionCard6": _SIDE,
}
_FIELDS: dict[str, tuple[str, ...]] = {
    "sampleText": ("content",),
    "sampleMarkdown": ("title", "text"),
    "sampleImageMsg": ("photoURL",),
    "sampleLink": ("title", "text", "picUrl", "messageUrl"),
    "sampleAudio": ("mediaId", "duration"),
    "sampleFile": ("mediaId", "fileName", "fileType"),
    "sampleVideo": ("videoMediaId", "videoType", "picMediaId", "duration", "width", "height"),
    **{
        kind: ("title", "text", *(name for pair in pairs for name in pair))
        for kind, pairs in _BUTTONS.items()
    },
}
_MAY_BE_LEFT_OUT = {"picUrl", "width", "height"}
_INVALID = "invalidParameter.msgParam.invalid"
#: The code for a field that is missing or says nothing.
_MISSING = {
    "content": "miss.param.contentOfText",
    "photoURL": "miss.param.photoTophotoUrl",
    "messageUrl": "miss.param.messageUrlOfLink",
    "singleTitle": "miss.param.actionCardTosingleTitle",
    "singleURL": "miss.param.actionCardTosingleUrl",
}
_TITLE = {
    "sampleMarkdown": ("miss.param.markdownTotitle", "miss.param.markdownTotext"),
    "sampleLink": ("miss.param.titleOfLink", "miss.param.textOfLink"),
}
_CARD_TITLE = ("miss.param.actionCardTotitle", "miss.param.actionCardTotext")
_MEDIA = {
    "sampleFile": "miss.param.file",
    "sampleAudio": "miss.param.audio",
    "sampleVideo": "miss.param.video",
}


class Keys:
    """Reads msgKey and msgParam of a call."""

    def __init__(self, corp: Corp, media: MediaStore) -> None:
        self._corp, self._media = corp, media

    def read(self, key: Any, param: Any) -> tuple[dict[str, Any], dict[str, str]]:
        """What is shown, and what can be tapped in it; raises Malformed."""
        if not isinstance(key, str) or key not in _FIELDS:
            raise Malformed("invalidParameter.msgKey.invalid", f"no msgKey: {key!r}")
        fields = self._fields(key, param)
        buttons = {fields[words]: fields[url] for words, url in _BUTTONS.get(key, ())}
        if len(buttons) < len(_BUTTONS.get(key, ())):
            self._corp.complain(f"{key}: two buttons with the same words")
        for url in buttons.values():
            check_address(url, _INVALID)
        shown = self._shown(key, fields)
        links = links_in(shown["content"]) if "text" in fields else {}
        check_links(self._corp, links)
        return shown, links | buttons

    def _fields(self, key: str, param: Any) -> dict[str, str]:
        if not isinstance(param, str):
            raise Malformed(_INVALID, "msgParam is no string")
        check_escapes(param, self._corp)
        if len(param.encode()) > _MOST:
            raise Malformed(
                "invalidParameter.msgParam.tooLong", f"msgParam: {len(param.encode())} bytes"
            )
        try:
            fields = json.loads(param)
        except ValueError:
            raise Malformed(_INVALID, "msgParam is no JSON") from None
        if not isinstance(fields, dict):
            raise Malformed(_INVALID, "msgParam is no JSON object")
        wanted = _FIELDS[key]
        for name in wanted:
            value = fields.get(name, "")
            if not isinstance(value, str):
                raise Malformed(_INVALID, f"{key}: {name} is no string")
            if not value.strip() and name not in _MAY_BE_LEFT_OUT:
                raise Malformed(_missing(key, name), f"{key}: {name} is missing")
        if more := set(fields) - set(wanted):
            self._corp.complain(f"{key} has no fields {sorted(more)}")
        return fields

    def _shown(self, key: str, fields: Mapping[str, str]) -> dict[str, Any]:
        if key == "sampleText":
            return {"content": fields["content"]}
        if key == "sampleImageMsg":
            return self._picture(fields["photoURL"])
        if key == "sampleAudio":
            _check_number(fields["duration"])
            return {"content": "", **self._media.shown(fields["mediaId"], "voice", _INVALID)}
        if key == "sampleFile":
            return self._file(fields)
        if key == "sampleVideo":
            return self._video(fields)
        if key == "sampleLink":
            check_address(fields["messageUrl"], _INVALID)
            url = {"url": fields["messageUrl"]}
            return {"title": fields["title"], "content": fields["text"], **url}
        return {"title": fields["title"], "content": fields["text"]}

    def _picture(self, where: str) -> dict[str, Any]:
        if where.startswith(("http://", "https://")):
            check_address(where, _INVALID)
            return {"content": "", "url": where}
        return {"content": "", **self._media.shown(where, "image", _INVALID)}

    def _file(self, fields: Mapping[str, str]) -> dict[str, Any]:
        name, kind = fields["fileName"], fields["fileType"]
        if kind not in _FILES:
            raise Malformed(_INVALID, f"fileType {kind!r}")
        if not name.lower().endswith(f".{kind}"):
            self._corp.complain(f"sampleFile: {kind} for a name that ends otherwise")
        found = self._media.shown(fields["mediaId"], "file", _INVALID)
        return {**found, "content": name, "name": name}

    def _video(self, fields: Mapping[str, str]) -> dict[str, Any]:
        if fields["videoType"] != "mp4":
            raise Malformed(_INVALID, f"videoType {fields['videoType']!r}")
        for name in ("duration", "width", "height"):
            _check_number(fields.get(name, "0"))
        self._media.shown(fields["picMediaId"], "image", _INVALID)
        return {"content": "", **self._media.shown(fields["videoMediaId"], "video", _INVALID)}


def _missing(key: str, name: str) -> str:
    """The code for a field of a kind that is not there."""
    if name in ("title", "text"):
        return _TITLE.get(key, _CARD_TITLE)[name == "text"]
    if name in _MISSING:
        return _MISSING[name]
    words = "actionCardTobtnsTotitle" if "Title" in name else "actionCardTobtnsToactionUrl"
    return _MEDIA.get(key, f"miss.param.{words}")


def _check_number(text: str) -> None:
    if not text.isdecimal():
        raise Malformed(_INVALID, f"no whole number: {text!r}")
