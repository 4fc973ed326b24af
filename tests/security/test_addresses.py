"""Addresses that others write into messages: which are called, however they are spelled."""

import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.dingtalk.media import fetch_file
from bot.dingtalk.settings import DingTalkSettings
from bot.dingtalk.webhook import answering_address
from bot.fetching import fetched
from bot.hosts import origin
from bot.http import open_client
from bot.wecom.api import HOST
from bot.wecom.media import is_api, is_own
from models.errors import MediaUnavailable

#: Ways to write a host that one library reads as the platform's and another as somebody else's.
SPELLED = (
    "https://{evil}\\.{own}/x",
    "https://{evil}\\@{own}/x",
    "https:\\\\{evil}/{own}/x",
    "https://{own}\\.{evil}/x",
    "https://{own}@{evil}/x",
    "https://{evil}:443@{own}/x",
    "https://{own}:443@{evil}/x",
    "https://{evil}#.{own}/x",
    "https://{evil}?.{own}/x",
    "https://{evil}/.{own}/x",
    "https://{evil}%2f.{own}/x",
    "https://{evil}%00.{own}/x",
    "https://{evil}%23.{own}/x",
    "https://{evil}\t.{own}/x",
    "https://{evil}\n.{own}/x",
    "https://{evil} .{own}/x",
    "https://{evil}\0.{own}/x",
    "https://{evil}／.{own}/x",
    "https://{evil}＃.{own}/x",
    "https://{evil}。{own}/x",
    "https://{evil};.{own}/x",
    "https://[{own}]/x",
    "https://[::ffff:10.0.0.1]/x",
    "https://{own}./x",
    "https://{own}.{evil}/x",
    "https://{own}:8443/x",
    "https://{own}:0x1bb/x",
    "https://{own}:٤٤٣/x",
    "https://{own}:443443/x",
    "http://{own}/x",
    "HTTP://{own}:443/x",
    "ftp://{own}/x",
    "gopher://{own}:443/x",
    "//{own}/x",
    "{own}/x",
    " https://{evil}/{own}",
    "https://xn--{own}.{evil}/x",
    "https://2130706433/x",
    "https://0177.0.0.1/x",
    "https://0x7f.0.0.1/x",
    "https://127.1/x",
    "https://127。0。0。1/x",
    "https://①②⑦.0.0.1/x",
    "https://[fd00::1]/x",
    "https://[::1%25eth0]/x",
    "https://localhost/x",
    "https://metadata.google.internal/x",
)


def written(form: str, own: str) -> str:
    """The form for a host of the platform's and one of an attacker's."""
    return form.replace("{own}", own).replace("{evil}", "evil.example")


@pytest.mark.parametrize("form", SPELLED)
def test_no_spelling_leads_a_call_to_wecom_anywhere_else(form: str) -> None:
    for own in ("ww.myqcloud.com", "qyapi.weixin.qq.com"):
        address = written(form, own)

        assert not is_own(address, HOST), address
        assert not is_api(address, HOST), address


@pytest.mark.parametrize("form", SPELLED)
def test_no_spelling_of_a_session_leads_an_answer_anywhere_else(form: str) -> None:
    said = written(form, "oapi.dingtalk.com").removesuffix("/x") + "/robot/sendBySession?session=a"

    assert answering_address(said, DingTalkSettings(_env_file=None)) == ""


@pytest.mark.parametrize("form", SPELLED)
def test_what_is_taken_for_a_host_is_what_the_client_calls(form: str) -> None:
    """Where an origin is told at all, the client means the same by that address."""
    address = written(form, "ww.myqcloud.com")
    found = origin(address)
    try:
        meant = httpx2.URL(address)
    except httpx2.InvalidURL:
        return  # it calls nobody
    usual = {"http": 80, "https": 443}.get(meant.scheme)
    assert found in (None, (meant.scheme, meant.host, meant.port or usual))


@pytest.mark.parametrize(
    "number",
    ["2130706433", "0177.0.0.1", "0x7f.0.0.1", "127.1", "10.1", "[::ffff:127.0.0.1]", "[::1]"],
)
def test_no_spelling_of_a_number_leads_a_download_inside(number: str) -> None:
    asked = list[httpx2.Request]()

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        return httpx2.Response(200, content=b"inside")

    with (
        open_client(httpx2.MockTransport(answer)) as client,
        pytest.raises(MediaUnavailable),
    ):
        fetch_file(client, f"https://{number}/storage/x", ("https://api.dingtalk.com",))

    assert asked == []


class Inside:
    """A server within the office's network, with a certificate of its own for any name."""

    def __init__(self, folder: Path) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(_certificate(folder))
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.heard = list[bytes]()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        connection, _ = self._listening.accept()
        with connection:
            try:
                with self._context.wrap_socket(connection, server_side=True) as secure:
                    self.heard.append(secure.recv(1000))
            except OSError:  # the caller did not believe the certificate
                self.heard.append(b"")

    def close(self) -> None:
        self._thread.join(10)
        self._listening.close()


def _certificate(folder: Path) -> Path:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ww.myqcloud.com")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("ww.myqcloud.com")]), False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "inside.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


@pytest.fixture
def inside(tmp_path: Path) -> Iterator[Inside]:
    server = Inside(tmp_path)
    yield server
    server.close()


def test_a_name_that_comes_to_mean_a_server_inside_is_told_nothing(
    inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A platform's host over https is called by its name: whoever answers must prove to be it."""

    def changed(host: str, port: int, *how: Any, **more: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", inside.port))]

    monkeypatch.setattr(socket, "getaddrinfo", changed)
    with open_client() as client, pytest.raises(MediaUnavailable, match="没有取到"):
        fetched(client, f"https://ww.myqcloud.com:{inside.port}/secret-path")
    inside._thread.join(10)

    assert inside.heard == [b""]
