"""DingTalk's signature: the published way, one flaw at a time, and before anything is read."""

import hmac
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dingtalk.signature import check_age, check_signature, sign_of
from bot.platforms.base import Request
from models.errors import BadRequest
from tests.dingtalk import DingTalkOffice

SECRET = "this is a secret"
TIMESTAMP = "1577262236757"
SIGN = "DJrE6qdyVGCQz9z5r2MDuNcNAhwYnuAkyj13cx169CA="
THEN = datetime.fromtimestamp(1577262236.757, UTC)
GENUINE = {"timestamp": TIMESTAMP, "sign": SIGN}


def refused(headers: dict[str, str], now: datetime = THEN) -> str:
    """Why a call with these headers is refused; each time with the same bare status."""
    with pytest.raises(BadRequest) as error:
        check_signature(SECRET, headers, now)
    assert error.value.status == 403
    return str(error.value)


def at_its_time(timestamp: str) -> dict[str, str]:
    """Headers that are rightly signed for any time."""
    return {"timestamp": timestamp, "sign": sign_of(SECRET, timestamp)}


def test_01_the_vector_opens() -> None:
    assert sign_of(SECRET, TIMESTAMP) == SIGN
    check_signature(SECRET, GENUINE, THEN)


@pytest.mark.parametrize("lacking", ["timestamp", "sign"])
def test_01_a_header_that_lacks_or_is_empty_opens_nothing(lacking: str) -> None:
    assert refused({name: value for name, value in GENUINE.items() if name != lacking})
    assert refused({**GENUINE, lacking: ""})


@given(st.data())
def test_01_one_character_off_opens_nothing(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["timestamp", "sign"]))
    place = data.draw(st.integers(0, len(GENUINE[name]) - 1))
    other = data.draw(st.characters(exclude_characters=GENUINE[name][place]))
    changed = GENUINE[name][:place] + other + GENUINE[name][place + 1 :]

    refused({**GENUINE, name: changed})


@pytest.mark.parametrize(
    ("off", "opens"),
    [
        (timedelta(minutes=61), False),
        (timedelta(minutes=-61), False),
        (timedelta(minutes=59), True),
        (timedelta(minutes=-59), True),
    ],
    ids=["61 old", "61 ahead", "59 old", "59 ahead"],
)
def test_01_a_call_is_good_for_an_hour(off: timedelta, opens: bool) -> None:
    if opens:
        check_signature(SECRET, GENUINE, THEN + off)
        check_age(THEN, THEN + off)
        return
    assert refused(GENUINE, THEN + off) == "a stale call"
    with pytest.raises(BadRequest) as error:
        check_age(THEN, THEN + off)
    assert error.value.status == 403


@pytest.mark.parametrize(
    "timestamp",
    ["", "now", "-1577262236757", "1577262236", "1577262236757.0", "1" * 400, " 1577262236757",
     "１５７７２６２２３６７５７", "1577262236757\0", "\ud800"],
    ids=["none", "word", "negative", "seconds", "fraction", "long", "blank", "wide", "nul", "half"],
)  # fmt: skip
def test_01_a_time_that_is_none_opens_nothing_though_signed(timestamp: str) -> None:
    assert refused(at_its_time(timestamp)) == "a stale call"


def test_02_signatures_are_compared_in_constant_time_as_bytes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared = list[tuple[Any, Any]]()

    def compare(one: Any, other: Any) -> bool:
        compared.append((one, other))
        return True

    monkeypatch.setattr(hmac, "compare_digest", compare)
    check_signature(SECRET, {**GENUINE, "sign": "é"}, THEN)

    assert compared == [("é".encode(), SIGN.encode())]


def test_02_nothing_is_read_of_a_call_that_is_not_signed(
    office: DingTalkOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.platforms.dingtalk.body_of", lambda raw: pytest.fail("read"))
    letter = office.twin.robot.letter(b"{", secret="another")

    with pytest.raises(BadRequest) as error:
        office.house.door.accept("dingtalk", Request("POST", letter.headers, {}, letter.body))
    assert error.value.status == 403
