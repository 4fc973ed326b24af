"""What comes back from WeCom's server, or from whatever answers in its place: tokens and files."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import httpx2
import pytest

from bot import http
from bot.file_names import bare_name, file_name
from bot.http import open_client
from bot.wecom.api import Api
from models.errors import DeliveryError, MediaUnavailable, Shut
from tests.conftest import at
from tests.pictures import a_photo

NOW = at("2021-08-20T09:00")
SECRET = "the secret of the app"
PAGE = httpx2.Response(200, html="<html><title>上网认证</title></html>")


class Server:
    """Answers by path, and counts; gettoken gives a token unless *told* otherwise."""

    def __init__(self, **told: Any) -> None:
        self.told = told
        self.now = NOW
        self.asked: list[str] = []
        self.tokens = 0
        transport = httpx2.MockTransport(self._answer)
        self.api = Api(open_client(transport), lambda: self.now, "ww1", SECRET)

    def calls(self, path: str) -> int:
        """How often a path was asked for."""
        return self.asked.count(path)

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        path = request.url.path.rpartition("/")[2]
        self.asked.append(path)
        told = self.told.get(path)
        if told is None and path == "gettoken":
            self.tokens += 1
            return said(access_token=f"T{self.tokens}", expires_in=7200)
        if told is None:
            return said(msgid="m")
        answer = told(request) if callable(told) else told
        if isinstance(answer, Exception):
            raise answer
        assert isinstance(answer, httpx2.Response)
        return answer

    def send(self) -> Any:
        return self.api.post("message/send", {"touser": "u"})


def said(errcode: Any = 0, **fields: Any) -> httpx2.Response:
    return httpx2.Response(200, json={"errcode": errcode, "errmsg": "ok", **fields})


def in_turn(*answers: httpx2.Response) -> Callable[[httpx2.Request], httpx2.Response]:
    left = list(answers)
    return lambda request: left.pop(0) if len(left) > 1 else left[0]


# Tokens


def test_12_however_many_ask_at_once_one_token_is_fetched() -> None:
    barrier = Barrier(8)
    server = Server()

    def send(_: int) -> None:
        barrier.wait(10)
        server.send()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(send, range(8)))

    assert (server.calls("gettoken"), server.calls("send")) == (1, 8)


@pytest.mark.parametrize("code", [40014, 42001])
def test_12_when_a_token_goes_bad_under_many_one_other_is_fetched(code: int) -> None:
    barrier = Barrier(4)

    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.params["access_token"] == "T1":
            barrier.wait(10)
            return said(code)
        return said()

    server = Server(send=answer)
    server.api.token()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: server.send(), range(4)))

    assert (server.calls("gettoken"), server.calls("send")) == (2, 8)


@pytest.mark.parametrize(
    ("life", "good_for"),
    [(7200, 6900), (600, 300), (200, 60), (60, 60), (30, 30), (None, 6900), (0, 6900),
     (-5, 6900), ("7200", 6900), (10**18, 6900)],
)  # fmt: skip
def test_12_a_token_is_renewed_before_it_ends(life: Any, good_for: int) -> None:
    """WeCom gives the same token again in its last minute: there is no sooner then."""
    server = Server(gettoken=said(access_token="T", expires_in=life))

    server.send()
    server.now += timedelta(seconds=good_for - 1)
    server.send()
    assert server.calls("gettoken") == 1
    server.now += timedelta(seconds=1)
    server.send()
    assert server.calls("gettoken") == 2


@pytest.mark.parametrize("code", [40014, 42001])
def test_12_a_token_that_stays_bad_is_renewed_once(code: int) -> None:
    server = Server(send=said(code))

    with pytest.raises(DeliveryError) as failed:
        server.send()

    assert (server.calls("gettoken"), server.calls("send")) == (2, 2)
    assert failed.value.retryable


@pytest.mark.parametrize("code", [40001, 40013, 40091, 41001, 60020, 48002, 45009, -1])
def test_12_nothing_else_fetches_a_token(code: int) -> None:
    server = Server(send=said(code))

    with pytest.raises(DeliveryError):
        server.send()

    assert (server.calls("gettoken"), server.calls("send")) == (1, 1)


@pytest.mark.parametrize("by", [timedelta(days=-1), timedelta(days=1), timedelta(days=-4000)])
def test_12_a_clock_that_jumps_costs_one_token_at_most(by: timedelta) -> None:
    server = Server()
    server.send()

    server.now += by
    server.told["send"] = in_turn(said(42001), said()) if by < timedelta() else said()
    server.send()
    server.send()

    assert server.calls("gettoken") == 2


# Answers that are none


def endless(pause: float = 0.0) -> Iterator[bytes]:
    while True:
        time.sleep(pause)
        yield b" " * 1000


STRANGE = {
    "a page": PAGE,
    "nothing": httpx2.Response(200),
    "a list": httpx2.Response(200, json=[1, 2]),
    "a number": httpx2.Response(200, json=7),
    "half": httpx2.Response(200, content=b'{"errcode": 0, "acc', headers={"Content-Type": "json"}),
    "deep": httpx2.Response(200, content=b"[" * 100_000, headers={"Content-Type": "json"}),
    "no UTF-8": httpx2.Response(200, content=b'{"\xff": 1}', headers={"Content-Type": "json"}),
    "a redirect": httpx2.Response(302, headers={"Location": "https://evil.example/"}),
    "a proxy": httpx2.Response(407),
    "not found": httpx2.Response(404),
    "down": httpx2.Response(503),
    "late": httpx2.Response(504),
    "endless": httpx2.Response(200, content=endless()),
    "cut off": httpx2.RemoteProtocolError("peer closed connection"),
    "slow": httpx2.ReadTimeout("slow"),
    "no line": httpx2.ConnectError("no line"),
}


def fresh(answer: Any) -> Any:
    """The same answer, not yet read."""
    if not isinstance(answer, httpx2.Response):
        return answer
    if "endless" in repr(getattr(answer.stream, "_stream", "")):
        return httpx2.Response(200, content=endless())
    return answer


@pytest.mark.parametrize("name", [*STRANGE, "no token", "an empty token", "a code of letters"])
def test_13_without_a_token_nothing_has_left_and_the_door_is_tried_later(
    name: str, logs: list[dict[str, object]]
) -> None:
    """It passed for a message of unknown outcome, or for a fault of the program."""
    more = {
        "no token": said(),
        "an empty token": said(access_token=""),
        "a code of letters": said("x", access_token="T"),
    }
    server = Server(gettoken=fresh((STRANGE | more)[name]))

    with pytest.raises(DeliveryError) as failed:
        server.send()

    assert (failed.value.retryable, failed.value.unknown) == (True, False)
    if name != "a code of letters":
        assert failed.value.shut is Shut.AWAY
    assert server.calls("send") == 0
    assert SECRET not in f"{failed.value!r}{failed.value.__cause__!r}{logs}"


#: What may have taken the message before it went wrong.
DOUBTFUL = {
    "a page", "nothing", "a list", "a number", "half", "deep", "no UTF-8", "late", "endless",
    "cut off", "slow",
}  # fmt: skip


@pytest.mark.parametrize("name", STRANGE)
def test_13_what_is_no_answer_is_no_success(name: str) -> None:
    """A page of a gateway passed for a message that was sent."""
    server = Server(send=fresh(STRANGE[name]))

    with pytest.raises(DeliveryError) as failed:
        server.send()

    assert failed.value.unknown == (name in DOUBTFUL)
    assert failed.value.retryable
    assert "T1" not in f"{failed.value}"


@pytest.mark.parametrize("status", [400, 413, 414, 431, 500])
def test_13_what_may_be_this_messages_fault_closes_no_door(status: int) -> None:
    server = Server(send=httpx2.Response(status))

    with pytest.raises(DeliveryError) as failed:
        server.send()

    assert failed.value.shut is None
    assert failed.value.retryable == (status >= 500)


@pytest.mark.parametrize("code", [1.5, "40014", None, [], {}, 10**30])
def test_13_a_code_that_is_none_is_an_error(code: Any) -> None:
    server = Server(send=said(code))

    with pytest.raises(DeliveryError):
        server.send()


def test_13_an_answer_that_trickles_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "WHOLE", 0.05)
    server = Server(gettoken=lambda _: httpx2.Response(200, content=endless(0.01)))

    with pytest.raises(DeliveryError, match="超时"):
        server.send()


def test_14_the_address_that_wecom_names_is_told_and_nothing_else_of_its_text() -> None:
    message = f"not allow to access from your ip, from ip: 10.1.2.3, secret {SECRET}"
    server = Server(send=httpx2.Response(200, json={"errcode": 60020, "errmsg": message}))

    with pytest.raises(DeliveryError) as failed:
        server.send()

    assert "10.1.2.3" in str(failed.value)
    assert SECRET not in str(failed.value)


# Files


def file(data: bytes = b"x", **headers: str) -> httpx2.Response:
    return httpx2.Response(200, content=data, headers=headers)


def piece(data: bytes, length: str) -> httpx2.Response:
    """The first of several, or so it says."""
    return httpx2.Response(206, content=data, headers={"Content-Range": f"bytes 0-0/{length}"})


ERROR = b'{"errcode": 40007, "errmsg": "invalid media_id"}'


@pytest.mark.parametrize(
    "kind",
    ["application/json; charset=UTF-8", "text/plain", "image/jpeg", "application/octet-stream", ""],
)
def test_19_an_error_in_disguise_is_no_file(kind: str) -> None:
    server = Server(get=file(ERROR, **{"Content-Type": kind}))

    with pytest.raises(MediaUnavailable, match="40007"):
        server.api.download("m")


def test_19_a_file_that_looks_like_an_error_is_a_file() -> None:
    disposition = {"Content-Disposition": 'attachment; filename="error.json"'}
    server = Server(get=file(ERROR, **{"Content-Type": "application/json", **disposition}))

    assert server.api.download("m").data == ERROR


def test_19_a_picture_without_a_name_is_a_picture() -> None:
    photo = a_photo()
    server = Server(get=file(photo, **{"Content-Type": "image/jpeg"}))

    assert (server.api.download("m").data, server.api.download("m").name) == (photo, "")


@pytest.mark.parametrize(
    ("answer", "is_retryable"),
    [
        (httpx2.ReadTimeout("slow"), True),
        (httpx2.Response(503), True),
        (file(b""), False),
        (piece(b"x", "200000000"), False),
    ],
    ids=["slow", "down", "empty", "larger than all"],
)  # fmt: skip
def test_19_a_file_that_does_not_come(answer: Any, is_retryable: bool) -> None:
    with pytest.raises(MediaUnavailable) as failed:
        Server(get=answer).api.download("m")

    assert failed.value.retryable == is_retryable


@pytest.mark.parametrize("length", ["*", "x", "", "9" * 5000, "-1"])
def test_19_a_piece_of_unknown_length_is_all_there_is(length: str) -> None:
    assert Server(get=piece(b"x", length)).api.download("m").data == b"x"


NAMES: dict[str, tuple[bytes, str]] = {
    "plain": (b'attachment; filename="a.pdf"', "a.pdf"),
    "UTF-8": ('attachment; filename="通报.pdf"'.encode(), "通报.pdf"),
    "GBK": ('attachment; filename="通报.pdf"'.encode("gbk"), "通报.pdf"),
    "RFC 5987": (b"attachment; filename*=UTF-8''%E9%80%9A%E6%8A%A5.pdf", "通报.pdf"),
    "RFC 5987 beside another": (
        b"attachment; filename=\"x.pdf\"; filename*=UTF-8''%E9%80%9A%E6%8A%A5.pdf",
        "通报.pdf",
    ),
    "RFC 5987 without a language": (b"attachment; filename*=utf-8'a.pdf", "utf-8'a.pdf"),
    "an encoding that is none": (b"attachment; filename*=no-such''%41.pdf", "A.pdf"),
    "path": (b'attachment; filename="../../etc/passwd"', "passwd"),
    "path of Windows": (b'attachment; filename="C:\\\\temp\\\\a.pdf"', "a.pdf"),
    "path in codes": (b"attachment; filename*=UTF-8''..%2F..%2Fetc%2Fpasswd", "passwd"),
    "only a path": (b'attachment; filename="../"', ""),
    "lines": (b"attachment; filename*=UTF-8''a%0D%0AX-Evil%3A%201.pdf", "aX-Evil: 1.pdf"),
    "NUL": (b"attachment; filename*=UTF-8''a%00.pdf", "a.pdf"),
    "turned": ("attachment; filename=\"\u202efdp.exe\"".encode(), "fdp.exe"),
    "nothing": (b"attachment", ""),
    "empty": (b"", ""),
    "broken": (b'attachment; filename="', '"'),
    "twice": (b'attachment; filename="a.pdf"; filename="b.pdf"', "a.pdf"),
    "in parts": (b"attachment; filename*0=a; filename*1=b.pdf", "ab.pdf"),
}  # fmt: skip


@pytest.mark.parametrize(("told", "name"), NAMES.values(), ids=NAMES)
def test_19_whatever_a_file_is_called_its_name_can_be_shown(told: bytes, name: str) -> None:
    headers = httpx2.Headers([(b"content-disposition", told)])

    assert file_name(headers) == name


def test_19_half_a_character_in_a_name_is_left_out() -> None:
    assert bare_name("a\ud800b.pdf") == "ab.pdf"


def test_30_the_library_that_makes_a_call_logs_nothing_of_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level("INFO"):
        Server().send()

    assert caplog.text == ""
