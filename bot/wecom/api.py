"""WeCom's server API: one token a secret, one more try after it went bad, errors by their codes."""

import json
import re
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import Message
from email.utils import collapse_rfc2231_value
from typing import Any

import httpx2

from bot import http
from bot.wecom.errors import Action, failure, meaning
from models.errors import DeliveryError, MediaUnavailable, Shut

HOST = "https://qyapi.weixin.qq.com"
#: A token is renewed so long before it ends.
MARGIN = timedelta(minutes=5)
_SHORTEST_LIFE = timedelta(seconds=60)
#: A token's life in seconds where WeCom names none that can be.
_USUAL_LIFE = 7200
#: One piece of a download.
PIECE = 20_000_000
#: Files larger than this are not taken from anybody.
LARGEST = 100_000_000
#: WeCom's own errors come with 200. These come from something on the way, whatever is sent.
_OF_THE_WAY = frozenset((301, 302, 303, 307, 308, 401, 403, 404, 407, 429, 502, 503))
#: Nothing that stands among a file's bytes could be longer and an error.
_LONGEST_ERROR = 4096
#: What could break a line or turn the order of what is shown.
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff]"
)
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
        return _said(answer, "media_id")

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
        """A token that is good for a while; fetched once however many ask at the same time.

        Raises DeliveryError.
        """
        with self._lock:
            now = self._clock()
            if self._ends is None or now >= self._ends:
                try:
                    self._fetch_token(now)
                except DeliveryError as error:
                    if not error.unknown:
                        raise
                    # What was to be said has not left, whatever became of this call.
                    raise _away(str(error)) from error
            return self._token

    def _fetch_token(self, now: datetime) -> None:
        answer = checked(called(self._ask_for_token))
        token, given = _said(answer, "access_token"), answer.get("expires_in", _USUAL_LIFE)
        has_life = isinstance(given, int) and 0 < given <= _USUAL_LIFE
        life = timedelta(seconds=int(given) if has_life else _USUAL_LIFE)
        self._token = token
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
    try:
        response = ask()
    except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout) as error:
        raise _away("连不上企业微信") from error
    except httpx2.HTTPError as error:
        raise DeliveryError(
            "等待企业微信回应超时", retryable=True, unknown=True, shut=Shut.AWAY
        ) from error
    status = response.status_code
    if status in (httpx2.codes.OK, httpx2.codes.PARTIAL_CONTENT):
        return response
    reason = f"企业微信回应 HTTP {status}"
    if status in _OF_THE_WAY:
        raise _away(reason)
    is_unknown = status == httpx2.codes.GATEWAY_TIMEOUT
    raise DeliveryError(reason, retryable=status >= 500, unknown=is_unknown)


def _away(reason: str) -> DeliveryError:
    """Nothing was taken, and no other message would have been."""
    return DeliveryError(reason, retryable=True, elsewhere=True, shut=Shut.AWAY)


def code_of(response: httpx2.Response) -> int:
    """The error code of an answer; 0 where there is none, as in a file."""
    code = (_json_in(response) or {}).get("errcode", 0)
    return code if isinstance(code, int) else -1


def checked(response: httpx2.Response) -> Json:
    """The answer where its code is 0; raises DeliveryError with what the code means."""
    _refuse_error(response)
    answer = _json_in(response)
    # A page, as a gateway on the way gives: who knows whether it passed the call.
    if answer is None:
        raise _no_answer()
    return answer


def _refuse_error(response: httpx2.Response) -> None:
    """Raises DeliveryError with what the code means where there is one."""
    if code := code_of(response):
        raise failure(code, _hint(response))


def _said(answer: Json, name: str) -> str:
    value = answer.get(name)
    if not isinstance(value, str) or not value:
        raise _no_answer()
    return value


def _no_answer() -> DeliveryError:
    return DeliveryError("收到的不是企业微信的回应", retryable=True, unknown=True, shut=Shut.AWAY)


def _json_in(response: httpx2.Response) -> Json | None:
    """The JSON object of an answer, whatever it is called; None for a file and all else."""
    if "Content-Disposition" in response.headers:
        return None  # a file, whatever it holds
    is_called_json = "json" in response.headers.get("Content-Type", "").lower()
    if not is_called_json and len(response.content) > _LONGEST_ERROR:
        return None
    try:
        answer = response.json()
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def _hint(response: httpx2.Response) -> str:
    """The address from which WeCom saw the call, where it names one."""
    found = _FROM_IP.search(str((_json_in(response) or {}).get("errmsg", "")))
    return f"出口 IP {found[1]}" if found else ""


def file_name(headers: Mapping[str, str]) -> str:
    """The name in a Content-Disposition as `bare_name` has it; empty where there is none."""
    message = Message()
    message["Content-Disposition"] = headers.get("Content-Disposition", "")
    told = [
        value for name, value in message.get_params([], "Content-Disposition") if name == "filename"
    ]
    # A name that says its encoding is meant for those who understand it.
    best = next((value for value in told if isinstance(value, tuple)), told[0] if told else "")
    name = collapse_rfc2231_value(best)
    for encoding in ("utf-8", "gb18030"):  # bytes that the client could not tell the meaning of
        try:
            return bare_name(name.encode("latin-1").decode(encoding))
        except UnicodeError:
            continue
    return bare_name(name)


def bare_name(name: str) -> str:
    """A file's name without folders and without what cannot be seen."""
    return _UNSEEN.sub("", name).replace("\\", "/").rpartition("/")[2].strip()


def multipart(name: str, data: bytes, mime: str) -> tuple[bytes, str]:
    """A form with one file, its name in raw UTF-8: WeCom does not understand RFC 2231."""
    boundary = secrets.token_hex(16)
    safe = re.sub(r'[\r\n"\\]', "_", name)
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="media"; filename="{safe}"; '
        f"filelength={len(data)}\r\nContent-Type: {mime}\r\n\r\n"
    )
    return head.encode() + data + f"\r\n--{boundary}--\r\n".encode(), boundary
