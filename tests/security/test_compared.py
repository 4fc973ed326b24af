"""What proves where a call comes from is compared in constant time, at every door."""

import hmac
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.links import SignedAddresses
from bot.platforms.base import Request
from models.db import Database
from models.errors import BadRequest
from tests.dingtalk import open_dingtalk
from tests.twins.courier import Letter
from tests.wecom import open_wecom

POLICE = "州公安局联络员"


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[tuple[bytes | str, bytes | str]]:
    """The pairs that were compared in constant time, in order."""
    pairs = list[tuple[bytes | str, bytes | str]]()
    compare: Callable[..., bool] = hmac.compare_digest

    def noted(one: bytes | str, other: bytes | str) -> bool:
        pairs.append((one, other))
        return compare(one, other)  # type: ignore[type-var]

    monkeypatch.setattr(hmac, "compare_digest", noted)
    return pairs


def refused(accept: Callable[[], object]) -> int:
    """The status of a call that must not be taken."""
    with pytest.raises(BadRequest) as error:
        accept()
    return error.value.status


def almost(sign: str) -> str:
    """The same but for its last sign that matters."""
    return sign[:-2] + ("A" if sign[-2] != "A" else "B") + sign[-1]


def test_wecom_signatures(
    sqlite: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    compared: list[tuple[bytes | str, bytes | str]],
) -> None:
    with open_wecom(sqlite, tmp_path, monkeypatch) as office:
        doors: list[tuple[str, Letter]] = [
            ("wecom_app", office.twin.app.letter("<xml/>")),
            ("wecom_bot", office.twin.bot.letter("{}")),
        ]
        for name, letter in doors:
            compared.clear()
            sign = letter.query["msg_signature"]
            query = {**letter.query, "msg_signature": almost(sign)}
            for request in (
                Request("POST", {}, query, letter.body),
                Request("GET", {}, {**query, "echostr": "x"}, b""),
            ):
                door = office.house.door
                take = door.accept if request.method == "POST" else door.handshake
                assert refused(lambda take=take, name=name, it=request: take(name, it)) == 403
            assert (almost(sign).encode(), sign.encode()) in compared
            assert len(compared) == 2


def test_dingtalk_signatures(
    sqlite: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    compared: list[tuple[bytes | str, bytes | str]],
) -> None:
    with open_dingtalk(sqlite, tmp_path, monkeypatch) as office:
        letter = office.twin.robot.letter(b"{}")
        tap = office.twin.robot._courier.card_letter(b"{}", "another")
        wrong = {**letter.headers, "sign": almost(letter.headers["sign"])}
        for headers in (wrong, tap.headers):
            compared.clear()
            call = Request("POST", headers, {}, b"{}")
            assert refused(lambda it=call: office.house.door.accept("dingtalk", it)) == 403
            assert len(compared) == 1


def test_links(compared: list[tuple[bytes | str, bytes | str]]) -> None:
    addresses = SignedAddresses("a secret of the office, long enough", "https://dajuan.example")
    signed = addresses._signers["files"].sign("1-1629421200").decode()

    assert addresses.read("files", signed).id == 1
    assert refused(lambda: addresses.read("files", almost(signed))) == 403
    assert len(compared) == 2
