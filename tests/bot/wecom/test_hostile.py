"""The app's door under attack: every call learns a bare status, and no message is lost by it."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.parsers import expat

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from bot.app import build, create_app
from bot.burst import message_of
from bot.platforms.base import Request
from bot.spool import SPOOL
from models.db import Database
from models.errors import BadRequest
from models.inbox import InboxState
from tests.twins.courier import Letter
from tests.twins.wecom import seal, xml
from tests.twins.wecom.corp import ENCODING_KEY, TOKEN
from tests.wecom import WecomOffice

POLICE = "州公安局联络员"
SECRETS = ("app-secret", TOKEN, ENCODING_KEY[:20], "access_token=", "corpsecret")


def knock(office: WecomOffice, letter: Letter, door: str = "wecom_app") -> int:
    """What a call is told; anything but a status is a fault of the door."""
    request = Request("POST", {}, letter.query, letter.body)
    try:
        return office.house.door.accept(door, request).status
    except BadRequest as error:
        return error.status


def inner(office: WecomOffice, plain: Mapping[str, Any] | str, **how: str) -> Letter:
    """A well signed call with this inside."""
    return office.twin.app.letter(plain, **how)


def fields(office: WecomOffice, **more: Any) -> dict[str, Any]:
    """A text message as WeCom writes it."""
    return {
        **office.twin.app._common(POLICE, "text"),
        "Content": "任务",
        "MsgId": 7_000_000_000_000_000_001,
        "AgentID": 1000002,
        **more,
    }


def has_left_no_trace(office: WecomOffice) -> bool:
    return office.heard() == [] and spooled() == []


def spooled() -> list[Path]:
    """The calls that wait on disk, or were put aside there."""
    return list(SPOOL.glob("*"))


class Tables:
    """The inbox, which can be away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def away(self) -> None:
        """Nothing can be stored."""
        self._rename("inbox", "inbox_away")

    def back(self) -> None:
        """All is well again."""
        self._rename("inbox_away", "inbox")

    def _rename(self, one: str, other: str) -> None:
        with self._database.write() as session:
            session.execute(text(f"ALTER TABLE {one} RENAME TO {other}"))


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The spool lies below the folder in which the service runs."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def tables(office: WecomOffice) -> Tables:
    return Tables(office.house.database)


# Forged and repeated calls


def test_01_one_character_off_anywhere_is_refused(office: WecomOffice) -> None:
    letter = inner(office, fields(office))
    refused = []
    for place in range(len(letter.body)):
        body = bytearray(letter.body)
        body[place] ^= 1
        refused.append(knock(office, replace(letter, body=bytes(body))))
    for name, value in letter.query.items():
        for place in range(len(value)):
            other = f"{value[:place]}{chr(ord(value[place]) ^ 1)}{value[place + 1 :]}"
            refused.append(knock(office, replace(letter, query={**letter.query, name: other})))

    assert len(refused) > 500
    assert set(refused) == {400, 403}
    assert has_left_no_trace(office)
    assert knock(office, letter) == 200


def test_01_one_character_less_or_more_is_refused(office: WecomOffice) -> None:
    letter = inner(office, fields(office))
    query = letter.query
    for name in query:
        for other in (query[name][:-1], query[name] + "0", "", "é", "\ud800", "0" * 100_000):
            assert knock(office, replace(letter, query={**query, name: other})) in (400, 403)
        missing = {each: value for each, value in query.items() if each != name}
        assert knock(office, replace(letter, query=missing)) == 403

    assert has_left_no_trace(office)


@pytest.mark.parametrize(
    "how", [{"token": "another"}, {"receiver": "ww0000000000000000"}, {"receiver": ""}]
)
def test_01_another_token_or_corp_is_refused(office: WecomOffice, how: dict[str, str]) -> None:
    assert knock(office, inner(office, fields(office), **how)) in (400, 403)
    assert has_left_no_trace(office)


@pytest.mark.parametrize(
    "more", [{"ToUserName": "ww0000000000000000"}, {"ToUserName": ""}, {"AgentID": 1000003}]
)
def test_04_what_is_for_another_corp_or_app_is_refused(
    office: WecomOffice, more: dict[str, Any]
) -> None:
    assert knock(office, inner(office, fields(office, **more))) == 403
    assert has_left_no_trace(office)


@pytest.mark.parametrize("name", ["ToUserName", "AgentID"])
def test_04_the_envelope_names_whom_the_letter_names(office: WecomOffice, name: str) -> None:
    letter = inner(office, fields(office))
    outer = xml.read(letter.body.decode())

    other = xml.written({**outer, name: "another"}).encode()
    assert knock(office, replace(letter, body=other)) == 403
    assert has_left_no_trace(office)

    bare = xml.written({"Encrypt": outer["Encrypt"]}).encode()
    assert knock(office, replace(letter, body=bare)) == 200


def test_08_a_replay_is_handled_once_and_after_hours_refused(office: WecomOffice) -> None:
    letter = inner(office, fields(office))

    assert [knock(office, letter) for _ in range(2)] == [200, 200]
    office.forward(9 * 60)
    assert knock(office, letter) == 200
    office.forward(2 * 60)
    assert knock(office, letter) == 403
    office.forward(24 * 3600)
    assert knock(office, letter) == 403

    assert len(office.heard()) == 1
    assert len(office.twin.seen(POLICE, 1)) == 1


def test_09_a_replay_after_a_restart_is_handled_once(office: WecomOffice) -> None:
    letter = inner(office, fields(office))
    knock(office, letter)
    office.works()

    again = build(office.house.settings, office.house.clock)
    try:
        restarted = replace(office, house=again)
        assert knock(restarted, letter) == 200
        restarted.works()
    finally:
        again.close()

    assert len(office.heard()) == 1
    assert len(office.twin.seen(POLICE, 1)) == 1


def test_a_call_of_tomorrow_is_refused_like_one_of_yesterday(office: WecomOffice) -> None:
    for off in (timedelta(minutes=11), timedelta(minutes=-11), timedelta(days=365)):
        stamp = str(int((office.house.clock() + off).timestamp()))
        assert knock(office, inner(office, fields(office), timestamp=stamp)) == 403
    assert has_left_no_trace(office)


# What is no message


CIPHERS = {
    "15 bytes": "x" * 20,
    "no base64": "!" * 64,
    "empty": "",
    "one block": "A" * 22 + "==",
    "noise": "A" * 600,
    "surrogate": "\ud800",
}


@pytest.mark.parametrize("cipher", CIPHERS.values(), ids=CIPHERS)
def test_06_a_well_signed_cipher_that_is_none(office: WecomOffice, cipher: str) -> None:
    now = str(int(office.house.clock().timestamp()))
    body = f"<xml><Encrypt>{cipher}</Encrypt></xml>".encode(errors="surrogatepass")
    readable = cipher if cipher.isascii() else "?"
    query = {
        "msg_signature": seal.signed(TOKEN, now, "n", readable),
        "timestamp": now,
        "nonce": "n",
    }

    assert knock(office, Letter(query, body)) in (400, 403)
    assert has_left_no_trace(office)


BODIES = {
    "nothing": b"",
    "json": b'{"ToUserName": "x", "AgentID": "1", "Encrypt": "x"}',
    "page": b"<html><body>hello</body></html>",
    "half": b"<xml><Encrypt>x</Encrypt>",
    "another root": b"<xmls><Encrypt>x</Encrypt></xmls>",
    "doctype": b'<!DOCTYPE x [<!ENTITY a "b">]><xml><Encrypt>&a;</Encrypt></xml>',
    "doctype behind a comment": b"<!-- x --><!DOCTYPE x><xml><Encrypt>x</Encrypt></xml>",
    "doctype behind a mark": "\ufeff<!DOCTYPE x><xml><Encrypt>x</Encrypt></xml>".encode(),
    "doctype inside": b"<xml><!DOCTYPE x><Encrypt>x</Encrypt></xml>",
    "doctype in UTF-16": '<!DOCTYPE x [<!ENTITY a "b">]><xml>&a;</xml>'.encode("utf-16"),
    "UTF-16 without a mark": "<xml><Encrypt>x</Encrypt></xml>".encode("utf-16-le"),
    "another encoding": '<?xml version="1.0" encoding="gbk"?><xml>通报</xml>'.encode("gbk"),
    "no UTF-8": b"<xml>\xff\xfe</xml>",
    "NUL": b"<xml><Encrypt>\0</Encrypt></xml>",
    "NUL as a number": b"<xml><Encrypt>&#0;</Encrypt></xml>",
    "half a character": b"<xml><Encrypt>&#xD800;</Encrypt></xml>",
    "half a character in bytes": b"<xml><Encrypt>\xed\xa0\x80</Encrypt></xml>",
    "twice": b"<xml><Encrypt>x</Encrypt><Encrypt>y</Encrypt></xml>",
    "fields for a text": b"<xml><Encrypt><a>x</a></Encrypt></xml>",
    "entity": b"<xml><Encrypt>&xxe;</Encrypt></xml>",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_06_a_body_that_is_no_envelope(office: WecomOffice, body: bytes) -> None:
    letter = replace(inner(office, fields(office)), body=body)

    assert knock(office, letter) in (400, 403)
    assert has_left_no_trace(office)


@pytest.mark.parametrize(
    "body",
    [
        b"<xml>" + b"<a>" * 300_000,
        b"<xml>" + b"<a>" * 140_000 + b"</a>" * 140_000 + b"</xml>",
        b"<xml>" + b"<a/>" * 240_000 + b"</xml>",
    ],
    ids=["open", "deep", "wide"],
)
def test_06_a_megabyte_of_elements_is_not_even_parsed(
    office: WecomOffice, body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It kept the parser for one to two seconds, before any signature was looked at."""
    monkeypatch.setattr(expat, "ParserCreate", lambda *_: pytest.fail("parsed"))

    assert knock(office, replace(inner(office, fields(office)), body=body)) == 400


def test_06_two_megabytes_are_refused_unread(office: WecomOffice) -> None:
    client = TestClient(create_app(office.house))
    letter = inner(office, fields(office))

    answer = client.post("/webhooks/wecom/app", params=letter.query, content=b"<xml>" * 400_000)

    assert (answer.status_code, answer.content) == (413, b"")
    assert has_left_no_trace(office)


INSIDES = {
    "nothing": "",
    "json": '{"MsgType": "text"}',
    "broken": "<xml><MsgType>text",
    "doctype": '<!DOCTYPE x [<!ENTITY a "b">]><xml><Content>&a;</Content></xml>',
    "no sender": "<xml><ToUserName>{corp}</ToUserName><MsgType>text</MsgType></xml>",
    "two senders": (
        "<xml><ToUserName>{corp}</ToUserName><FromUserName>a</FromUserName>"
        "<FromUserName>b</FromUserName><MsgType>text</MsgType></xml>"
    ),
    "two corps": "<xml><ToUserName>{corp}</ToUserName><ToUserName>{corp}</ToUserName></xml>",
}


@pytest.mark.parametrize("plain", INSIDES.values(), ids=INSIDES)
def test_06_a_letter_that_is_no_message(office: WecomOffice, plain: str) -> None:
    letter = inner(office, plain.replace("{corp}", office.twin.corp.id))

    assert knock(office, letter) in (400, 403)
    assert has_left_no_trace(office)


# What people write and WeCom adds


@pytest.mark.parametrize(
    "words",
    [
        "<!DOCTYPE html><html>",
        "<xml><Content>]]></Content></xml>",
        "&lt;!ENTITY&gt; &amp; <b>",
        "<" * 2000,
        "👍\u202e\u200b州1-7",
        "\ufeff任务",
    ],
    ids=["doctype", "xml", "entities", "marks", "unseen", "byte order mark"],
)
def test_10_whatever_people_write_is_heard(office: WecomOffice, words: str) -> None:
    assert knock(office, inner(office, fields(office, Content=words))) == 200

    [row] = office.heard()
    assert row.message["text"] == words


@pytest.mark.parametrize(
    "when", ["", "now", "0", "-1", "9" * 30, "253402300799", "1e9", "１６２９４２１２００"]
)
def test_10_a_message_of_no_known_time_is_of_the_time_it_came(
    office: WecomOffice, when: str
) -> None:
    assert knock(office, inner(office, fields(office, CreateTime=when))) == 200
    office.works()

    [row] = office.heard()
    assert row.state == InboxState.DONE
    assert abs(message_of(row).sent_at - row.received_at) < timedelta(days=1)


@pytest.mark.parametrize(
    "number", [None, "", "x" * 5000, "9" * 5000, "-1", "１２３", ["1", "2"]],
    ids=["none", "empty", "long", "huge", "negative", "wide", "twice"],
)  # fmt: skip
def test_08_messages_without_a_number_are_told_apart(office: WecomOffice, number: Any) -> None:
    """They passed for one another, so that the second was never answered."""
    for words in ("任务", "帮助", "任务"):
        message = fields(office, Content=words, MsgId=number)
        if number is None:
            del message["MsgId"]
        assert knock(office, inner(office, message)) == 200

    assert [row.message["text"] for row in office.heard()] == ["任务", "帮助"]
    assert all(len(row.message_id) < 64 for row in office.heard())


def test_08_two_picks_on_one_card_in_one_second_are_two(office: WecomOffice) -> None:
    for option in ("a", "b", "a"):
        picked = {"QuestionKey": "q", "OptionIds": {"OptionId": [option]}}
        tap = {
            **office.twin.app._common(POLICE, "event"),
            "Event": "template_card_event",
            "EventKey": "提交",
            "TaskId": "t",
            "ResponseCode": f"code {len(office.heard())}",
            "SelectedItems": {"SelectedItem": [picked]},
            "AgentID": 1000002,
        }
        assert knock(office, inner(office, tap)) == 200

    assert [row.message["text"] for row in office.heard()] == ["提交 a", "提交 b"]


@pytest.mark.parametrize("kind", ["shortvideo", "no_such", "", "TEXT", "event"])
def test_10_a_kind_that_is_new_is_acknowledged(office: WecomOffice, kind: str) -> None:
    assert knock(office, inner(office, fields(office, MsgType=kind, Content=""))) == 200
    office.works()

    assert all(row.state == InboxState.DONE for row in office.heard())


def test_10_an_empty_text_is_answered(office: WecomOffice) -> None:
    assert knock(office, inner(office, fields(office, Content=""))) == 200
    office.works()

    assert len(office.twin.seen(POLICE, 1)) == 1


def test_10_a_file_keeps_a_name_that_can_be_read_and_nothing_else(office: WecomOffice) -> None:
    office.twin.app.sends(
        POLICE, "file", {"MediaId": "m", "FileName": "..\\..\\etc/通报\u202e\r\nfdp.exe"}
    ).answer()

    [attachment] = office.heard()[0].message["attachments"]
    assert attachment["name"] == "通报fdp.exe"


# The address check


@pytest.mark.parametrize("plain", [str(10**18 + number * 7919) for number in range(20)])
def test_02_an_echo_comes_back_bare_however_its_cipher_is_encoded(
    office: WecomOffice, plain: str
) -> None:
    """Among twenty there are all of `+`, `/` and `=`."""
    client = TestClient(create_app(office.house))
    now = str(int(office.house.clock().timestamp()))
    echo = seal.sealed(plain, ENCODING_KEY, office.twin.corp.id)
    query = {"timestamp": now, "nonce": "n", "msg_signature": seal.signed(TOKEN, now, "n", echo)}

    good = client.get("/webhooks/wecom/app", params={**query, "echostr": echo})
    forged = client.get("/webhooks/wecom/app", params={**query, "echostr": echo[:-3] + "AAA"})
    bare = client.get("/webhooks/wecom/app", params=query)

    assert (good.status_code, good.text) == (200, plain)
    assert good.headers["content-type"].startswith("text/plain")
    assert [(each.status_code, each.content) for each in (forged, bare)] == [(403, b"")] * 2


# The bot's door


def of_bot(office: WecomOffice, plain: str) -> Letter:
    """A well signed call at the bot's address."""
    now = str(int(office.house.clock().timestamp()))
    text = seal.sealed(plain, ENCODING_KEY, "")
    query = {"timestamp": now, "nonce": "n", "msg_signature": seal.signed(TOKEN, now, "n", text)}
    return Letter(query, json.dumps({"encrypt": text}).encode())


@pytest.mark.parametrize(
    "body",
    [
        b'{"encrypt": "\\ud800"}',
        b'{"encrypt": ["x"]}',
        b'{"encrypt": null}',
        b'{"encrypt": "x", "encrypt": "y"}',
        b"[" * 400_000,
        b'{"a":' * 150_000,
        b"<xml><Encrypt>x</Encrypt></xml>",
        b"\xff\xfe",
        b'"encrypt"',
        b"NaN",
    ],
)
def test_06_what_is_no_envelope_at_the_bots_door(office: WecomOffice, body: bytes) -> None:
    """Half a character broke the check of the signature, and a stranger's call was kept on disk."""
    letter = replace(of_bot(office, "{}"), body=body)

    assert knock(office, letter, "wecom_bot") in (400, 403)
    assert has_left_no_trace(office)


@pytest.mark.parametrize("plain", ["", "[]", "7", "null", "{}", '{"msgtype": []}', "{" * 5000])
def test_06_a_letter_to_the_bot_that_is_no_message(office: WecomOffice, plain: str) -> None:
    assert knock(office, of_bot(office, plain), "wecom_bot") == 400
    assert has_left_no_trace(office)


def test_10_half_a_character_at_the_end_of_a_quote_costs_nothing(office: WecomOffice) -> None:
    message = {
        "msgid": "m1",
        "aibotid": "aib",
        "chattype": "single",
        "from": {"userid": POLICE},
        "msgtype": "text",
        "text": {"content": "任务\ud83d"},
        "quote": {"msgtype": "text", "text": {"content": "很好\ud83d"}},
    }

    assert knock(office, of_bot(office, json.dumps(message)), "wecom_bot") == 200

    [row] = office.heard()
    assert (row.message["text"], row.message["quoted_text"]) == ("任务?", "很好?")
    assert spooled() == []


# The database is away


def test_06_a_forged_call_is_not_kept_when_the_database_is_away(
    office: WecomOffice, tables: Tables
) -> None:
    letter = inner(office, fields(office))
    tables.away()

    assert knock(office, replace(letter, query={**letter.query, "msg_signature": "0" * 40})) == 403
    assert knock(office, replace(letter, body=b'{"Encrypt": "x"}')) == 400
    assert spooled() == []


def test_07_a_message_survives_on_disk_while_the_database_is_away(
    office: WecomOffice, tables: Tables, logs: list[dict[str, object]]
) -> None:
    letter = inner(office, fields(office))
    tables.away()

    assert knock(office, letter) == 200
    assert len(spooled()) == 1
    tables.back()
    office.forward(3600)

    assert [row.message["text"] for row in office.heard()] == ["任务"]
    assert spooled() == []
    assert len(office.twin.seen(POLICE, 1)) == 1
    assert not [each for each in SECRETS if each in repr(logs)]
