"""Whose address it is, and whether everybody may reach it."""

import socket
from typing import Any

import pytest

from bot.hosts import Origin, origin, public_address


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://api.dingtalk.com/x?y=1", ("https", "api.dingtalk.com", 443)),
        ("https://API.DingTalk.com:443/", ("https", "api.dingtalk.com", 443)),
        ("http://api.dingtalk.com", ("http", "api.dingtalk.com", 80)),
        ("http://127.0.0.1:8080/robot", ("http", "127.0.0.1", 8080)),
        ("https://[2400:3200::1]:8443/", ("https", "2400:3200::1", 8443)),
        ("https://api.dingtalk.com@evil.example/", None),
        ("https://a:b@api.dingtalk.com/", None),
        ("https://@api.dingtalk.com/", None),
        ("//api.dingtalk.com/", None),
        ("file:///etc/passwd", None),
        ("ftp://api.dingtalk.com/", None),
        ("https://", None),
        ("https://[::1", None),
        ("https://a:port/", None),
        ("https://a:99999/", None),
        ("", None),
    ],
)
def test_an_address_is_told_by_its_parts(address: str, found: tuple[str, str, int] | None) -> None:
    assert origin(address) == (Origin(*found) if found else None)


def resolving(monkeypatch: pytest.MonkeyPatch, *numbers: str) -> None:
    """Whatever name is asked for, it means these."""

    def answer(host: str, port: int, **how: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in numbers]

    monkeypatch.setattr(socket, "getaddrinfo", answer)


@pytest.mark.parametrize(
    "number", ["203.119.206.1", "2400:3200::1", "::ffff:203.119.206.1", "64:ff9b::cb77:ce01"]
)
def test_what_everybody_reaches_is_reached(monkeypatch: pytest.MonkeyPatch, number: str) -> None:
    resolving(monkeypatch, number)
    assert public_address("storage.example", 443) == number


@pytest.mark.parametrize(
    "number",
    [
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "127.0.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "fec0::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:7f00:1::1",
    ],
)
def test_what_lies_in_a_network_of_its_own_is_not(
    monkeypatch: pytest.MonkeyPatch, number: str
) -> None:
    resolving(monkeypatch, number)
    assert public_address("storage.example", 443) is None

    resolving(monkeypatch, "203.119.206.1", number)
    assert public_address("storage.example", 443) is None, "one of several is enough"


@pytest.mark.parametrize("name", ["127.1", "2130706433", "0x7f.1", "localhost", "[::1]"])
def test_other_spellings_of_this_machine_are_not(name: str) -> None:
    assert public_address(name.strip("[]"), 443) is None
