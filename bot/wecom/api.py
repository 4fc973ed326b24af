"""WeCom's server API: one token a secret, one more try after it went bad, errors by their codes."""

import json
import re
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import Message
from typing import Any

import httpx2

from bot.wecom.errors import Action, failure, meaning
from models.errors import DeliveryError, MediaUnavailable

HOST = "https://qyapi.weixin.qq.com"
#: A token is renewed so long before it ends.
MARGIN = timedelta(minutes=5)
_SHORTEST_LIFE = timedelta(seconds=60)
#: One piece of a download.
PIECE = 20_000_000
#: Files larger than this are not taken from anybody.
LARGEST = 100_000_000
_FROM_IP = re.compile(r"from ip:?\s*([0-9a-fA-F.:]{3,45})")

Json = dict[str, Any]


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
        self._clock = clock
        self._corp_id = corp_id
        self._secret = secret
        self._base = base.rstrip("/")
        self._lock = threading.Lock()
        self._token = ""
        self._ends: datetime | None = None

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
        return str(answer["media_id"])

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
        """A token that is good for a while; fetched once however many ask at the same time."""
        with self._lock:
            now = self._clock()
            if self._ends is None or now >= self._ends:
                self._fetch_token(now)
            return self._token

    def _fetch_token(self, now: datetime) -> None:
        try:
            answer = checked(called(self._ask_for_token))
        except DeliveryError as error:
            if not error.unknown:
                raise
            # What was to be said has not left yet, whatever became of this call.
            raise DeliveryError(str(error), retryable=True) from error
        life = timedelta(seconds=int(answer.get("expires_in", 7200)))
        self._token = str(answer["access_token"])
        self._ends = now + max(life - MARGIN, min(life, _SHORTEST_LIFE))

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
            self._forget(used)
            again = self.token()
            answer = called(lambda: ask(again))
        return answer

    def _forget(self, token: str) -> None:
        """The next who asks fetches a token, unless somebody did meanwhile."""
        with self._lock:
            if self._token == token:
                self._ends = None

    def _piece(self, media_id: str, start: int) -> "_Piece":
        """A stretch of a file; an error comes as JSON although the status says 200."""
        try:
            response = self._answered(
                lambda token: self._client.get(
                    f"{self._base}/cgi-bin/media/get",
                    params={"access_token": token, "media_id": media_id},
                    headers={"Range": f"bytes={start}-{start + PIECE - 1}"},
                )
            )
            _refuse_error(response)
        except DeliveryError as error:
            raise MediaUnavailable(str(error), retryable=error.retryable) from error
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
        total = int(length) if length.isdecimal() else total
    return _Piece(response.content, file_name(response.headers), total)


def called(ask: Callable[[], httpx2.Response]) -> httpx2.Response:
    """The response; raises DeliveryError where none came or the server was out of order."""
    try:
        response = ask()
    except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout) as error:
        raise DeliveryError("连不上企业微信", retryable=True) from error
    except httpx2.HTTPError as error:
        raise DeliveryError("等待企业微信回应超时", retryable=True, unknown=True) from error
    if response.status_code >= 400:
        status = response.status_code
        raise DeliveryError(f"企业微信回应 HTTP {status}", retryable=status >= 500)
    return response


def code_of(response: httpx2.Response) -> int:
    """The error code of an answer; 0 for what is no JSON at all, as a file."""
    if not _is_json(response):
        return 0
    try:
        answer = response.json()
    except ValueError:
        return -1
    return int(answer.get("errcode", 0)) if isinstance(answer, dict) else -1


def checked(response: httpx2.Response) -> Json:
    """The answer where its code is 0; raises DeliveryError with what the code means."""
    _refuse_error(response)
    if not _is_json(response):  # a page, as a gateway on the way gives: nobody took the call
        raise DeliveryError("企业微信的回应不是约定的内容", retryable=True, unknown=True)
    return dict(response.json())


def _refuse_error(response: httpx2.Response) -> None:
    """Raises DeliveryError with what the code means where there is one."""
    if code := code_of(response):
        raise failure(code, _hint(response))


def _is_json(response: httpx2.Response) -> bool:
    if "Content-Disposition" in response.headers:
        return False  # a file, whatever it holds
    kind = response.headers.get("Content-Type", "").lower()
    return "json" in kind or (kind.startswith("text/") and response.content[:1] == b"{")


def _hint(response: httpx2.Response) -> str:
    """The address from which WeCom saw the call, where it names one."""
    try:
        found = _FROM_IP.search(str(response.json().get("errmsg", "")))
    except ValueError:
        return ""
    return f"出口 IP {found[1]}" if found else ""


def file_name(headers: Mapping[str, str]) -> str:
    """The name in a Content-Disposition without folders; empty where there is none."""
    message = Message()
    message["Content-Disposition"] = headers.get("Content-Disposition", "")
    name = message.get_filename() or ""
    try:
        name = name.encode("latin-1").decode()
    except (UnicodeEncodeError, UnicodeDecodeError):
        pass
    return name.replace("\\", "/").rpartition("/")[2].strip()


def multipart(name: str, data: bytes, mime: str) -> tuple[bytes, str]:
    """A form with one file, its name in raw UTF-8: WeCom does not understand RFC 2231."""
    boundary = secrets.token_hex(16)
    safe = re.sub(r'[\r\n"\\]', "_", name)
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="media"; filename="{safe}"; '
        f"filelength={len(data)}\r\nContent-Type: {mime}\r\n\r\n"
    )
    return head.encode() + data + f"\r\n--{boundary}--\r\n".encode(), boundary
