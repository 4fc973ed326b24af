"""Pictures and files of DingTalk: fetched by code from its storage, uploaded if it takes them."""

import datetime as dt
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.dingtalk.media import fetch_file
from bot.fetching import fetched
from bot.http import open_client
from bot.platforms.base import Fetched
from models.errors import DeliveryError, MediaUnavailable
from tests.bot.dingtalk.calling import API, OAPI, Near, Server, refuses, says
from tests.pictures import a_photo
from tests.twins.dingtalk.corp import Member, Robot
from tests.twins.dingtalk.twin import Twin

BASES = (API, OAPI)
STORED = "http://down-cdn.dingtalk.example/storage/iAEI1.file?Expires=9&Signature=a%2B%2Fb%3D"
PUBLIC = "203.119.206.1"
WORD = b"PK\x03\x04 a document"


@pytest.fixture
def near() -> Iterator[Near]:
    with Twin(members=[Member("WangWu", "王五")]) as twin:
        near = Near(twin)
        yield near
        near.calls.client.close()
        assert twin.complaints == []


def sent(near: Near, name: str, data: bytes) -> str:
    """The code of what a person sent to the robot."""
    return near.twin.media.offered(near.twin.robot.robot, name, data)


# Downloads


def test_29_a_file_is_fetched_by_the_code_and_the_robot_that_received_it(near: Near) -> None:
    code = sent(near, "通报.docx", WORD)

    found = near.api.download(code)

    assert found.data == WORD
    [asked] = near.twin.sent("robot/messageFiles/download")
    assert asked.body == {"downloadCode": code, "robotCode": near.twin.robot.robot.robot_code}
    assert near.meter.units == {"api": 1}, "the storage counts nothing"


def test_29_the_storages_own_name_is_none() -> None:
    named = {"content-disposition": 'attachment; filename="iAEI1.file"'}
    server = Server(download=says(downloadUrl=f"{API}/storage/iAEI1.file"))
    server.told["iAEI1.file"] = httpx2.Response(200, content=WORD, headers=named)

    assert server.api.download("code") == Fetched(WORD, "")


def test_29_another_robots_file_is_not(near: Near) -> None:
    other = Robot("dingother", "secret", "dingrobot2")
    near.twin.add_app(other)
    code = near.twin.media.offered(other, "a.docx", WORD)

    with pytest.raises(MediaUnavailable) as refused:
        near.api.download(code)
    assert not refused.value.retryable


def test_29_what_is_fetched_too_late_is_gone(near: Near) -> None:
    code = sent(near, "a.docx", WORD)
    near.twin.clock.forward(3 * 3600)

    with pytest.raises(MediaUnavailable) as refused:
        near.api.download(code)
    assert not refused.value.retryable

    near.twin.media.link_life = -1
    with pytest.raises(MediaUnavailable, match="已过期，请重发") as expired:
        near.api.download(sent(near, "a.docx", WORD))
    assert not expired.value.retryable


def test_29_no_redirect_is_followed(near: Near) -> None:
    near.twin.media.redirects_to = f"{near.twin.url}/gettoken"

    with pytest.raises(MediaUnavailable):
        near.api.download(sent(near, "a.docx", WORD))
    assert near.twin.sent("gettoken", all=True) == []


def test_29_what_the_office_can_mend_is_asked_for_again(near: Near) -> None:
    code = sent(near, "a.docx", WORD)
    near.twin.tokens.trusts_caller = False
    with pytest.raises(MediaUnavailable, match="出口 IP") as refused:
        near.api.download(code)
    assert refused.value.retryable

    near.twin.tokens.trusts_caller = True
    assert near.api.download(code).data == WORD


@pytest.mark.parametrize(
    ("answer", "is_retryable"),
    [
        (httpx2.ReadTimeout("late"), True),
        (refuses("system.error", 500), True),
        (refuses("Forbidden.AccessDenied.QpsLimitForApi", 403), True),
        (refuses("invalidParameter.downloadCode.invalid"), False),
        (says(), True),
        (says(downloadUrl="file:///etc/passwd"), False),
        (says(downloadUrl="https://api.dingtalk.com@evil.example/x"), False),
    ],
)
def test_29_without_an_address_nothing_is_fetched(answer: Any, is_retryable: bool) -> None:
    server = Server(download=answer)

    with pytest.raises(MediaUnavailable) as failure:
        server.api.download("code")

    assert failure.value.retryable is is_retryable
    assert [each.method for each in server.asked] == ["POST", "POST"]


class Storage:
    """Whatever answers behind a name that means *number*."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, answer: Any = None, number: str = PUBLIC
    ) -> None:
        self.asked: list[httpx2.Request] = []
        self._answer = answer or httpx2.Response(200, content=WORD)
        self.number: str | Exception = number
        self.client = open_client(httpx2.MockTransport(self._respond))
        monkeypatch.setattr(socket, "getaddrinfo", self._resolve)

    def fetch(self, address: str = STORED) -> bytes:
        return fetch_file(self.client, address, BASES).data

    def _resolve(self, host: str, port: int, **how: Any) -> list[Any]:
        if isinstance(self.number, Exception):
            raise self.number
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (self.number, port))]

    def _respond(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        if isinstance(self._answer, Exception):
            raise self._answer
        assert isinstance(self._answer, httpx2.Response)
        return self._answer


def test_29_the_storage_is_asked_encrypted_under_its_name_at_the_number_that_was_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    storage = Storage(monkeypatch)

    assert storage.fetch() == WORD

    [asked] = storage.asked
    assert (asked.url.scheme, asked.url.host, asked.url.port) == ("https", PUBLIC, None)
    assert asked.url.raw_path == b"/storage/iAEI1.file?Expires=9&Signature=a%2B%2Fb%3D"
    assert asked.headers["host"] == "down-cdn.dingtalk.example"
    assert asked.extensions["sni_hostname"] == "down-cdn.dingtalk.example"
    names = {name.lower() for name in asked.headers}
    assert names == {"host", "accept", "accept-encoding", "connection", "user-agent"}


def test_29_a_port_of_its_own_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    storage = Storage(monkeypatch, number="2400:3200::1")

    storage.fetch("https://down.dingtalk.example:8443/x")

    [asked] = storage.asked
    assert str(asked.url) == "https://[2400:3200::1]:8443/x"
    assert asked.headers["host"] == "down.dingtalk.example:8443"


@pytest.mark.parametrize("number", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fd00::1"])
def test_29_nothing_is_fetched_from_inside(monkeypatch: pytest.MonkeyPatch, number: str) -> None:
    storage = Storage(monkeypatch, number=number)

    with pytest.raises(MediaUnavailable, match="内部网络") as refused:
        storage.fetch()

    assert (refused.value.retryable, storage.asked) == (False, [])


def test_29_a_name_nobody_knows_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    storage = Storage(monkeypatch)
    storage.number = socket.gaierror(-3, "Temporary failure in name resolution")

    with pytest.raises(MediaUnavailable, match="没有找到") as refused:
        storage.fetch()

    assert (refused.value.retryable, storage.asked) == (True, [])


@pytest.mark.parametrize(
    ("answer", "is_retryable"),
    [
        (httpx2.Response(302, headers={"location": "http://10.0.0.1/"}), False),
        (httpx2.Response(403), False),
        (httpx2.Response(503), True),
        (httpx2.ReadTimeout("late"), True),
        (httpx2.ConnectError("TLS"), True),
    ],
)
def test_29_what_is_not_the_file_is_not_taken(
    monkeypatch: pytest.MonkeyPatch, answer: Any, is_retryable: bool
) -> None:
    with pytest.raises(MediaUnavailable) as failure:
        Storage(monkeypatch, answer).fetch()
    assert failure.value.retryable is is_retryable


def test_29_what_is_too_large_is_given_up_while_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.dingtalk.media.LARGEST", 100_000)
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        while True:
            taken += 10_000
            yield b"x" * 10_000

    with pytest.raises(MediaUnavailable, match="100MB") as refused:
        Storage(monkeypatch, httpx2.Response(200, content=endless())).fetch()
    assert (taken, refused.value.retryable) == (110_000, False)


class _Quiet(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(WORD)))
        self.end_headers()
        self.wfile.write(WORD)

    def log_message(self, *told: Any) -> None:
        """Nothing."""


@pytest.fixture
def secured(tmp_path: Path) -> Iterator[tuple[str, httpx2.Client]]:
    """A server at a number, with the papers of storage.example, and a client that trusts them."""
    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "storage.example")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("storage.example")]), False)
        .sign(key, hashes.SHA256())
    )
    (tmp_path / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    (tmp_path / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    server = HTTPServer(("127.0.0.1", 0), _Quiet)
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    server.socket = own.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    trust = ssl.create_default_context(cafile=str(tmp_path / "cert.pem"))
    with httpx2.Client(verify=trust, timeout=5) as client:
        yield f"https://127.0.0.1:{server.server_port}/x", client
    server.shutdown()
    thread.join()
    server.server_close()


def test_29_at_its_number_the_storage_must_still_prove_its_name(
    secured: tuple[str, httpx2.Client],
) -> None:
    address, client = secured
    how = {"headers": {"Host": "storage.example", "Connection": "close"}}

    assert fetched(client, address, **how, sni_hostname="storage.example").data == WORD
    with pytest.raises(MediaUnavailable):
        fetched(client, address, **how, sni_hostname="another.example")


# Uploads


@pytest.mark.parametrize(
    ("kind", "name", "data", "mime"),
    [
        ("image", "照片.jpg", a_photo(), "image/jpeg"),
        ("image", 'a"b\r\n\\c.png', b"\x89PNG\r\n\x1a\n", "image/png"),
        ("file", "通报“六稳”.docx", WORD, "application/msword"),
        ("file", "A.PDF", b"%PDF-1.7", "application/pdf"),
    ],
)
def test_30_what_is_taken_is_uploaded_under_its_name(
    near: Near, kind: str, name: str, data: bytes, mime: str
) -> None:
    media_id = near.api.upload(kind, name, data, mime)

    assert media_id.startswith("@")
    param = (
        {"photoURL": media_id}
        if kind == "image"
        else {"mediaId": media_id, "fileName": name, "fileType": name[-4:].strip(".").lower()}
    )
    key = "sampleImageMsg" if kind == "image" else "sampleFile"
    assert isinstance(near.api.say_to_people(["WangWu"], key, param)["WangWu"], str)
    [shown] = near.twin.seen("WangWu")
    assert shown.body["data"] == data


@pytest.mark.parametrize(
    ("name", "mime"),
    [("IMG", "image/jpeg"), ("", "image/png"), ("图", "image/gif"), ("a.webp", "image/jpeg")],
)
def test_30_a_picture_is_named_as_what_it_is(name: str, mime: str) -> None:
    server = Server(upload=httpx2.Response(200, json={"errcode": 0, "media_id": "@m"}))

    server.api.upload("image", name, b"x", mime)

    [sent] = server.requests("upload")
    ending = {"image/jpeg": "jpg"}.get(mime, mime[6:])
    assert f'filename="{name or "picture"}.{ending}"'.encode() in sent.content


@pytest.mark.parametrize(
    ("kind", "name", "size", "mime"),
    [
        ("image", "a.webp", 100, "image/webp"),
        ("image", "a.jpg", 100, "application/pdf"),
        ("image", "a.jpg", 0, "image/jpeg"),
        ("image", "a.jpg", 20_000_001, "image/jpeg"),
        ("file", "a.txt", 100, "text/plain"),
        ("file", "a.csv", 100, "text/csv"),
        ("file", "a", 100, "application/pdf"),
        ("file", "pdf", 100, "application/pdf"),
        ("file", "a.pdf", 0, "application/pdf"),
        ("file", "a.pdf", 20_000_001, "application/pdf"),
        ("voice", "a.amr", 100, "audio/amr"),
    ],
)
def test_30_what_would_be_refused_is_not_even_sent(
    kind: str, name: str, size: int, mime: str
) -> None:
    server = Server()

    with pytest.raises(DeliveryError, match="类型、大小不合") as refused:
        server.api.upload(kind, name, b"x" * size, mime)

    assert (refused.value.retryable, refused.value.elsewhere) == (False, True)
    assert (server.asked, server.meter.units) == ([], {})


def test_30_what_is_refused_all_the_same_is_no_file() -> None:
    server = Server(upload=httpx2.Response(200, json={"errcode": 40005, "errmsg": "x"}))

    with pytest.raises(DeliveryError, match="类型、大小不合要求，错误码40005"):
        server.api.upload("file", "a.pdf", b"%PDF", "application/pdf")
    assert json.loads(server.asked[0].content)["appKey"] == "dingapp"
