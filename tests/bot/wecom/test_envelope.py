"""WeCom's envelopes against the published vectors, both ways, and one flaw at a time."""

import base64
import string
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.work.crypto import PrpCrypto

from bot.wecom.envelope import WINDOW, Envelope, media_key, media_opened
from models.errors import BadRequest, MediaUnavailable, SettingsError
from tests.twins.wecom import seal

VECTORS: dict[str, Any] = yaml.safe_load(Path("tests/data/wecom/vectors.yaml").read_text("utf-8"))
OFFICIAL = VECTORS["official"]
TOKEN, KEY, CORP = OFFICIAL["token"], OFFICIAL["encoding_key"], OFFICIAL["receiver"]
PREFIX = b"0123456789abcdef"
THEN = datetime.fromtimestamp(1700000000, UTC)


def envelope(receiver: str = CORP, token: str = TOKEN) -> Envelope:
    return Envelope(token, KEY, receiver)


def query(of: dict[str, str]) -> dict[str, str]:
    return {
        "msg_signature": of["signature"],
        "timestamp": of["timestamp"],
        "nonce": of["nonce"],
    }


def moment(of: dict[str, str]) -> datetime:
    return datetime.fromtimestamp(int(of["timestamp"]), UTC)


def own(vector: dict[str, str]) -> dict[str, str]:
    """A vector of the set without a time of its own; the stand-in signs what came unsigned."""
    signature = seal.signed(TOKEN, "1700000000", "abc", vector["encrypted"])
    return {"signature": signature, **vector, "timestamp": "1700000000", "nonce": "abc"}


@pytest.mark.parametrize("whose", ["official", "library"])
def test_01_the_published_address_checks_open(whose: str) -> None:
    vectors = VECTORS[whose]
    check = vectors["address_check"]
    sealed = Envelope(vectors["token"], vectors["encoding_key"], vectors["receiver"])

    assert sealed.opened(check["encrypted"], query(check), moment(check)) == check["plain"]


def test_01_the_published_message_opens() -> None:
    message = OFFICIAL["message"]

    plain = envelope().opened(message["encrypted"], query(message), moment(message))

    assert all(each in plain for each in message["holds"])
    assert envelope().key.hex() == OFFICIAL["key"]


@pytest.mark.parametrize(
    "vector", [own(each) for each in VECTORS["own"]], ids=["bot", "app", "aligned"]
)
def test_01_own_vectors_open_and_the_stand_in_makes_them(vector: dict[str, str]) -> None:
    opened = envelope(vector["receiver"]).opened(vector["encrypted"], query(vector), THEN)

    assert opened == vector["plain"]
    assert seal.sealed(opened, KEY, vector["receiver"], PREFIX) == vector["encrypted"]
    assert seal.signed(TOKEN, "1700000000", "abc", vector["encrypted"]) == vector["signature"]
    assert seal.opened(vector["encrypted"], KEY) == (opened, vector["receiver"])


@given(st.data())
def test_01_one_character_off_opens_nothing(data: st.DataObject) -> None:
    vector = own(data.draw(st.sampled_from(VECTORS["own"])))
    field = data.draw(st.sampled_from(["encrypted", "signature", "timestamp", "nonce"]))
    place = data.draw(st.integers(0, len(vector[field]) - 1))
    other = data.draw(st.sampled_from(string.ascii_letters + string.digits))
    changed = f"{vector[field][:place]}{other}{vector[field][place + 1 :]}"
    if changed == vector[field]:
        return
    broken = {**vector, field: changed}

    with pytest.raises(BadRequest) as refused:
        envelope(vector["receiver"]).opened(broken["encrypted"], query(broken), THEN)
    assert refused.value.status == 403


@pytest.mark.parametrize(
    "sealed", [envelope(token="another"), envelope(receiver="wx0000000000000000"), envelope("")]
)
def test_01_another_token_or_corp_opens_nothing(sealed: Envelope) -> None:
    vector = own(VECTORS["own"][1])
    signed = query(vector)
    if sealed.signature("1700000000", "abc", vector["encrypted"]) == vector["signature"]:
        expected = 400  # signed well, but for another receiver
    else:
        expected = 403

    with pytest.raises(BadRequest) as refused:
        sealed.opened(vector["encrypted"], signed, THEN)
    assert refused.value.status == expected


def test_03_nothing_is_decrypted_that_is_not_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    decrypted: list[str] = []

    def noted(_self: PrpCrypto, text: str, _corp: str) -> str:
        decrypted.append(text)
        return ""

    monkeypatch.setattr(PrpCrypto, "decrypt", noted)
    vector = own(VECTORS["own"][1])

    with pytest.raises(BadRequest):
        envelope().opened(vector["encrypted"], query(vector) | {"msg_signature": "0" * 40}, THEN)

    assert decrypted == []


def test_04_an_app_checks_its_corp_and_a_bot_that_there_is_none() -> None:
    for_bot, for_app = map(own, VECTORS["own"][:2])

    assert envelope("").opened(for_bot["encrypted"], query(for_bot), THEN) == for_bot["plain"]
    assert envelope(CORP).opened(for_app["encrypted"], query(for_app), THEN) == for_app["plain"]
    for sealed, vector in ((envelope(CORP), for_bot), (envelope(""), for_app)):
        with pytest.raises(BadRequest):
            sealed.opened(vector["encrypted"], query(vector), THEN)


@given(st.text(max_size=200), st.sampled_from(["", CORP]))
def test_05_what_is_sealed_can_be_opened_by_wecom(plain: str, receiver: str) -> None:
    answer = envelope(receiver).sealed(plain, "n1", THEN)

    assert seal.opened(answer.encrypt, KEY) == (plain, receiver)
    assert seal.signed(TOKEN, answer.timestamp, "n1", answer.encrypt) == answer.signature
    assert answer.timestamp == "1700000000"


def test_05_aligned_input_gets_a_whole_block_of_padding() -> None:
    answer = envelope(CORP).sealed("x" * 26, "n1", THEN)  # 16 + 4 + 26 + 18 = 64 bytes

    assert len(base64.b64decode(answer.encrypt)) == 96
    assert seal.opened(answer.encrypt, KEY) == ("x" * 26, CORP)


@pytest.mark.parametrize(
    "junk",
    ["", "=", "AAAA", "not base64!", "é", base64.b64encode(b"x" * 15).decode(),
     base64.b64encode(b"x" * 16).decode(), base64.b64encode(b"x" * 64).decode()],
    ids=["empty", "sign", "short", "letters", "accent", "15-bytes", "one-block", "noise"],
)  # fmt: skip
def test_06_well_signed_junk_is_one_bad_request(junk: str) -> None:
    signed = {
        "msg_signature": seal.signed(TOKEN, "1700000000", "abc", junk),
        "timestamp": "1700000000",
        "nonce": "abc",
    }

    with pytest.raises(BadRequest):
        envelope().opened(junk, signed, THEN)


@pytest.mark.parametrize(
    ("off", "is_taken"),
    [(timedelta(), True), (WINDOW, True), (-WINDOW, True), (timedelta(minutes=11), False),
     (timedelta(minutes=-11), False)],
)  # fmt: skip
def test_a_call_is_taken_for_ten_minutes(off: timedelta, is_taken: bool) -> None:
    vector = own(VECTORS["own"][1])

    if is_taken:
        assert envelope().opened(vector["encrypted"], query(vector), THEN + off) == "<xml></xml>"
    else:
        with pytest.raises(BadRequest, match="stale"):
            envelope().opened(vector["encrypted"], query(vector), THEN + off)


@pytest.mark.parametrize(
    "stamp", ["", "now", "1e9", "-1700000000", "１７００００００００", "9" * 40]
)
def test_a_signed_time_that_is_none_is_refused(stamp: str) -> None:
    encrypted = VECTORS["own"][1]["encrypted"]
    signature = seal.signed(TOKEN, stamp, "abc", encrypted)

    with pytest.raises(BadRequest):
        envelope().opened(
            encrypted, {"msg_signature": signature, "timestamp": stamp, "nonce": "abc"}, THEN
        )


@pytest.mark.parametrize("missing", ["msg_signature", "timestamp", "nonce"])
def test_a_call_without_a_part_of_its_signature_is_refused(missing: str) -> None:
    vector = own(VECTORS["own"][1])
    given_parts = {name: each for name, each in query(vector).items() if name != missing}

    with pytest.raises(BadRequest):
        envelope().opened(vector["encrypted"], given_parts, THEN)


@pytest.mark.parametrize("vector", VECTORS["media"], ids=["padded", "aligned"])
def test_29_media_open_with_their_key(vector: dict[str, str]) -> None:
    data = base64.b64decode(vector["encrypted"])

    assert media_opened(data, media_key(KEY)) == vector["plain"].encode()
    assert seal.encrypted(vector["plain"].encode(), seal.key_of(KEY)) == data


def test_29_media_of_another_key_or_cut_short_are_no_media() -> None:
    data = seal.encrypted(b"hello wecom media", seal.key_of(KEY))

    for broken, key in ((data, bytes(32)), (data[:-1], media_key(KEY)), (b"", media_key(KEY))):
        with pytest.raises(MediaUnavailable):
            media_opened(broken, key)


@pytest.mark.parametrize("key", ["", "short", "x" * 44, "!" * 43])
def test_a_key_that_is_none_is_named(key: str) -> None:
    with pytest.raises(SettingsError, match="43 letters and digits"):
        Envelope(TOKEN, key, CORP)


def test_a_key_may_come_with_or_without_its_last_sign() -> None:
    assert media_key(f"{KEY}=") == media_key(KEY) == seal.key_of(KEY)
