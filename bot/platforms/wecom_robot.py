"""企业微信群机器人（消息推送）: it only speaks, into the one group that its key belongs to."""

import json
from datetime import timedelta
from typing import Any

import httpx2

from bot.calls import Json
from bot.keys import KeyRing
from bot.robots import GroupRobot
from bot.wecom.api import HOST, called, checked, multipart
from bot.wecom.cards import news_of, notice_card
from bot.wecom.markdown import shown_markdown
from bot.wecom.pictures import can_show, within_call
from models.errors import DeliveryError
from scheduler.routing import Pace, Parcel

NAME = "wecom_robot"
PLATFORM = "wecom"
PACES = (Pace(20, timedelta(minutes=1)),)
LARGEST_FILE = 20_000_000
SMALLEST = 6
#: Of markdown, in bytes.
LONGEST = 4096


class WecomRobot(GroupRobot):
    """Every group robot of an office; each is known by its key, which the door holds sealed."""

    name = NAME
    platform = PLATFORM
    paces: tuple[Pace, ...] = PACES

    def __init__(self, client: httpx2.Client, keys: KeyRing, base: str = HOST) -> None:
        self._client = client
        self._keys = keys
        self._base = base.rstrip("/")

    def can_carry(self, address: str, parcel: Parcel) -> bool:
        """Texts, pictures of any size that can be read, files up to 20 MB."""
        if parcel.data is None:
            return True
        if parcel.is_picture:
            return can_show(parcel.data, parcel.mime)
        return SMALLEST <= len(parcel.data) <= LARGEST_FILE

    def knows(self, parcel: Parcel) -> bool:
        """The same words twice are said twice."""
        return False

    def send(self, address: str, parcel: Parcel) -> str:
        """Say it in the group; raises DeliveryError."""
        key = self._keys.opened(address)
        if parcel.data is None:
            body = _words(parcel)
        elif parcel.is_picture:
            body = within_call(parcel.data, parcel.mime)
        else:
            body = {"msgtype": "file", "file": {"media_id": self._uploaded(key, parcel)}}
        self._post("send", key, json.dumps(body, ensure_ascii=False).encode(), "application/json")
        return "ok"

    def _uploaded(self, key: str, parcel: Parcel) -> str:
        form, boundary = multipart(parcel.name, parcel.data or b"", parcel.mime)
        kind = f"multipart/form-data; boundary={boundary}"
        try:
            answer = self._post("upload_media", key, form, kind, type="file")
        except DeliveryError as error:
            if not error.unknown:
                raise
            # Whatever became of the upload, nobody has seen the message.
            raise DeliveryError(str(error), retryable=True, shut=error.shut) from error
        return str(answer["media_id"])

    def _post(self, path: str, key: str, content: bytes, kind: str, **params: str) -> Json:
        def ask() -> httpx2.Response:
            return self._client.post(
                f"{self._base}/cgi-bin/webhook/{path}",
                params={"key": key, **params},
                content=content,
                headers={"Content-Type": kind},
            )

        return checked(called(ask))


def _words(parcel: Parcel) -> dict[str, Any]:
    """As a call to those mentioned, a page to tap or a table; else one line as a text, more as
    markdown, which shows their heads and lists."""
    if mentioned := parcel.mentions.get(PLATFORM):
        return _said("text", content=parcel.text, mentioned_list=list(mentioned))
    shown = parcel.shown
    if shown and (article := news_of(shown)):
        return _said("news", articles=[article])
    if shown and (card := notice_card(shown)):
        return _said("template_card", **card)
    marked = shown_markdown(parcel.text, shown, LONGEST)
    # Made inert, a text may have grown to three times its bytes.
    if (shown is None and "\n" not in parcel.text) or len(marked.encode()) > LONGEST:
        return _said("text", content=parcel.text)
    return _said("markdown_v2", content=marked)


def _said(kind: str, **content: Any) -> dict[str, Any]:
    return {"msgtype": kind, kind: content}
