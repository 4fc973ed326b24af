"""A real process at the app's door, in bad company: what it answers, and what its log says."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest

from models.db import Database
from tests.pictures import a_photo
from tests.served import Served, is_settled, rename_table, rows_of, until
from tests.talk import Talk
from tests.twins.courier import Letter
from tests.twins.wecom.corp import ENCODING_KEY, TOKEN, Member
from tests.twins.wecom.twin import Twin
from tests.wecom import SECRET, move_to_wecom, wecom_settings

POLICE = "州公安局联络员"
WORDS = "不许写进日志的话"
#: Names of parameters too: with them an address of WeCom's would stand there.
SECRETS = ("app-secret", "corpsecret", "access_token", TOKEN, ENCODING_KEY, SECRET, "TOKEN1")
OF_PEOPLE = (WORDS, POLICE, "机密文件")


@pytest.fixture
def twin() -> Iterator[Twin]:
    with Twin(now=time.time(), live=True, members=[Member(POLICE, POLICE)]) as twin:
        yield twin


@pytest.fixture
def served(sqlite: Database, tmp_path: Path, twin: Twin) -> Iterator[Served]:
    Talk(sqlite)
    with sqlite.write() as session:
        move_to_wecom(session)
    settings = wecom_settings(twin.url) | {
        "SANDBOX": "false",
        "SECRET_KEY": SECRET,
        "DATABASE_URL": sqlite.engine.url.render_as_string(hide_password=False),
        "LOG_LEVEL": "DEBUG",
    }
    served = Served(tmp_path, settings)
    served.start()
    served.wait_until_ready(60)
    twin.app.callback_url = f"{served.http.base_url}/webhooks/wecom/app"
    yield served
    served.stop()


def hostile(twin: Twin) -> Iterator[Letter]:
    """Calls of strangers, and well signed ones of no sense."""
    letter = twin.app.letter({**twin.app._common(POLICE, "text"), "Content": WORDS, "MsgId": 7})
    yield replace(letter, query={**letter.query, "msg_signature": "0" * 40})
    yield replace(letter, query={})
    yield replace(letter, body=letter.body.replace(b"<Encrypt>", b"<Encrypt>x", 1))
    yield replace(letter, body=b'{"encrypt": "\\ud800"}')
    yield replace(letter, body=b"<xml>" + b"<a>" * 300_000)
    yield replace(letter, body=b"x" * 2_000_000)
    yield replace(letter, body=f'<!DOCTYPE x [<!ENTITY a "{WORDS}">]><xml>&a;</xml>'.encode())
    yield twin.app.letter("<xml><MsgType>text")
    yield twin.app.letter({"ToUserName": "ww0", "FromUserName": POLICE, "Content": WORDS})
    yield twin.app.letter("<xml/>", token="another")
    yield twin.app.letter("<xml/>", timestamp="1409659813")


def test_30_a_log_of_the_worst_day_holds_no_secret_and_no_words(
    served: Served, twin: Twin, sqlite: Database, tmp_path: Path
) -> None:
    for letter in hostile(twin):
        answer = httpx2.post(
            twin.app.callback_url,
            params=letter.query,
            content=letter.body,
            timeout=5,  # then WeCom calls again
        )
        assert answer.status_code in (400, 403, 413)
        assert answer.content == b""
    twin.app.says(POLICE, WORDS).answer()
    twin.seen(POLICE, 1, seconds=20)

    # Trouble with the server: a token that ends, a code, an error in place of a picture.
    twin.tokens.expire()
    twin.faults.answer("message/send", 40058, f"{WORDS} access_token=TOKEN1")
    twin.faults.answer("media/get", 40007)
    twin.app.says(POLICE, WORDS).answer()
    twin.app.shows(POLICE, a_photo()).answer()
    twin.app.hands(POLICE, "机密文件.txt", WORDS.encode()).answer()

    file = sqlite.engine.url.database or ""
    until(lambda: rows_of(file) == 4 and is_settled(file), 30, "every answer")

    # The database refuses: the call waits on disk.
    rename_table(file, "inbox", "inbox_away")
    twin.app.says(POLICE, f"{WORDS}，之后").answer()
    rename_table(file, "inbox_away", "inbox")
    until(lambda: not list((tmp_path / "var/spool").glob("*")), 30, "the spool")
    until(lambda: rows_of(file) == 5 and is_settled(file), 30, "the answer to what waited")
    # The last: behind a socket that closes everything else waits.
    twin.faults.hang_up("message/send")
    twin.app.says(POLICE, "帮助").answer()
    until(lambda: "等待企业微信回应超时" in _log(tmp_path), 30, "a send of unknown outcome")

    served.stop()
    log = _log(tmp_path)
    assert "call refused" in log
    assert "message spooled" in log
    assert "not delivered" in log
    assert [each for each in (*SECRETS, *OF_PEOPLE) if each in log] == []
    assert "Traceback" not in log
    assert "response_headers" not in log, "there the names of files are"


def _log(folder: Path) -> str:
    return (folder / "serve.log").read_text("utf-8")
