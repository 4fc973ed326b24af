"""WeCom's server API: one token a secret, one more try after it went bad, errors by their codes."""

import json
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx2

from bot import http
from bot.calls import Json, json_in, no_answer, refuse_status, response_to, said
from bot.fetching import LARGEST
from bot.file_names import file_name
from bot.token_cache import TokenCache
from bot.wecom.errors import Action, failure, meaning
from models.errors import DeliveryError, MediaUnavailable, Shut

#: Who answers, in what an operator reads.
WHOM = "企业微信"
HOST = "https://qyapi.weixin.qq.com"
#: A token is renewed so long before it ends.
MARGIN = timedelta(minutes=5)
#: One piece of a download.
PIECE = 20_000_000
_FROM_IP = re.compile(r"from ip:?\s*([0-9a-fA-F.:]{3,45})")


@dataclass(frozen=True)
class Download:
    """What was fetched, and the name under which it was sent."""

    data: bytes
    name: str


class Api:
    """Calls with the token of one secret; safe to use from several threads."""

    def __init__(
        self,
        client: httpx2.Client,
        clock: Callable[[], datetime],
        corp_id: str,
        secret: str,
        base: str = HOST,
    ) -> None:
        self._client = client
        self._corp_id = corp_id
        self._secret = secret
        self._base = base.rstrip("/")
        self._tokens = TokenCache(self._fetch_token, clock, MARGIN)

    def post(self, path: str, body: Mapping[str, Any]) -> Json:
        """The answer to a call with a JSON body; raises DeliveryError."""
        # Escapes such as \\u4f60 are refused (40033).
        raw = json.dumps(body, ensure_ascii=False).encode()
        return checked(
            self._answered(
                lambda token: self._client.post(
                    f"{self._base}/cgi-bin/{path}",
                    params={"access_token": token},
                    content=raw,
                    headers={"Content-Type": "application/json; charset=utf-8"},
                )
            )
        )

    def get(self, path: str, **params: str) -> Json:
        """The answer to a call without a body; raises DeliveryError."""
        return checked(
            self._answered(
                lambda token: self._client.get(
                    f"{self._base}/cgi-bin/{path}", params={**params, "access_token": token}
                )
            )
        )

    def upload(self, kind: str, name: str, data: bytes, mime: str) -> str:
        """The media id of what was uploaded, good for three days; raises DeliveryError."""
        body, boundary = multipart(name, data, mime)
        answer = checked(
            self._answered(
                lambda token: self._client.post(
                    f"{self._base}/cgi-bin/media/upload",
                    params={"access_token": token, "type": kind},
                    content=body,
                    headers={"Content-Type": f"multipart/form-data; boundary={boundary}"},
                )
            )
        )
        return said(answer, "media_id", WHOM)

    def download(self, media_id: str) -> Download:
        """The bytes behind a media id, piece by piece; raises MediaUnavailable."""
        pieces, name, total = list[bytes](), "", 1
        while (have := sum(map(len, pieces))) < total:
            piece = self._piece(media_id, have)
            pieces.append(piece.data)
            name, total = name or piece.name, piece.total
            if total > LARGEST or not piece.data:
                raise MediaUnavailable("文件过大或不完整", retryable=False)
        return Download(b"".join(pieces), name)

    def token(self) -> str:
        """A token that is good for a while; raises DeliveryError."""
        return self._tokens.token()

    def _fetch_token(self) -> tuple[str, object]:
        answer = checked(called(self._ask_for_token))
        return said(answer, "access_token", WHOM), answer.get("expires_in")

    def _ask_for_token(self) -> httpx2.Response:
        return self._client.get(
            f"{self._base}/cgi-bin/gettoken",
            params={"corpid": self._corp_id, "corpsecret": self._secret},
        )

    def _answered(self, ask: Callable[[str], httpx2.Response]) -> httpx2.Response:
        """The answer, with one more try under a new token where the old one went bad."""
        used = self.token()
        answer = called(lambda: ask(used))
        if meaning(code_of(answer)).action is Action.TOKEN:
            self._tokens.forget(used)
            again = self.token()
            answer = called(lambda: ask(again))
        return answer

    def _piece(self, media_id: str, start: int) -> "_Piece":
        """A stretch of a file; an error comes as JSON although the status says 200."""
        try:
            response = self._answered(
                lambda token: self._client.get(
                    f"{self._base}/cgi-bin/media/get",
                    params={"access_token": token, "media_id": media_id},
                    headers={"Range": f"bytes={start}-{start + PIECE - 1}"},
                    extensions={http.LARGEST: LARGEST},
                )
            )
            _refuse_error(response)
        except DeliveryError as error:
            # What the office has to set right may be right at the next try.
            retryable = error.retryable or error.shut is Shut.ALL
            raise MediaUnavailable(str(error), retryable=retryable) from error
        return _piece_of(response, start)


@dataclass(frozen=True)
class _Piece:
    data: bytes
    name: str
    total: int


def _piece_of(response: httpx2.Response, start: int) -> _Piece:
    total = start + len(response.content)
    if response.status_code == httpx2.codes.PARTIAL_CONTENT:
        length = response.headers.get("Content-Range", "").rpartition("/")[2]
        total = int(length) if length.isdecimal() and len(length) < 16 else total
    return _Piece(response.content, file_name(response.headers), total)


def called(ask: Callable[[], httpx2.Response]) -> httpx2.Response:
    """The response; raises DeliveryError where none came or the server was out of order."""
    response = response_to(ask, WHOM)
    refuse_status(response, WHOM)
    return response


def code_of(response: httpx2.Response) -> int:
    """The error code of an answer; 0 where there is none, as in a file."""
    code = (json_in(response) or {}).get("errcode", 0)
    return code if isinstance(code, int) else -1


def checked(response: httpx2.Response) -> Json:
    """The answer where its code is 0; raises DeliveryError with what the code means."""
    _refuse_error(response)
    answer = json_in(response)
    # A page or an object of a gateway on the way: who knows whether it passed the call. WeCom
    # says 0 where all is well.
    if answer is None or "errcode" not in answer:
        raise no_answer(WHOM)
    return answer


def _refuse_error(response: httpx2.Response) -> None:
    """Raises DeliveryError with what the code means where there is one."""
    if code := code_of(response):
        raise failure(code, _hint(response))


def _hint(response: httpx2.Response) -> str:
    """The address from which WeCom saw the call, where it names one."""
    found = _FROM_IP.search(str((json_in(response) or {}).get("errmsg", "")))
    return f"出口 IP {found[1]}" if found else ""


def multipart(name: str, data: bytes, mime: str) -> tuple[bytes, str]:
    """A form with one file, its name in raw UTF-8: WeCom does not understand RFC 2231."""
    boundary = secrets.token_hex(16)
    safe = re.sub(r'[\r\n"\\]', "_", name)
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="media"; filename="{safe}"; '
        f"filelength={len(data)}\r\nContent-Type: {mime}\r\n\r\n"
    )
    return head.encode() + data + f"\r\n--{boundary}--\r\n".encode(), boundary
