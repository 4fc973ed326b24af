"""A real process that serves the robot, in bad company: what it answers, and what its log says."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest

from models.db import Database
from tests.connected import SECRET
from tests.dingtalk import move_to_dingtalk
from tests.pictures import a_photo
from tests.served import Served, is_settled, rename_table, rows_of, until
from tests.talk import Talk
from tests.twins.courier import Letter
from tests.twins.dingtalk.corp import CLIENT_SECRET, Member
from tests.twins.dingtalk.environment import robot_settings, stream_settings
from tests.twins.dingtalk.frames import MESSAGES, Frames
from tests.twins.dingtalk.pushes import Pushes
from tests.twins.dingtalk.twin import Twin

POLICE = "州公安局联络员"
GROUP = "cidLiaisons=="
WORDS = "不许写进日志的话"
#: As they stand in addresses, in headers and in bodies; an id is what the servers gave out.
SECRETS = (
    *(CLIENT_SECRET, SECRET, "TOKEN1", "access_token", "access-token"),
    *("ticket=", "ticket/+", "ticket%2F", "session=", "session-", "token-", "code/+"),
)
OF_PEOPLE = (WORDS, POLICE, "机密文件")
SINGLE_SAY, IN_PLACE = "robot/oToMessages/batchSend", "robot/sendBySession"


@pytest.fixture
def twin() -> Iterator[Twin]:
    with Twin(now=time.time(), live=True, members=[Member(POLICE, POLICE)]) as twin:
        yield twin


@pytest.fixture
def serve(sqlite: Database, tmp_path: Path, twin: Twin) -> Iterator[Callable[..., Served]]:
    """Starts the process, called at its address or connected to the stream."""
    Talk(sqlite)
    with sqlite.write() as session:
        move_to_dingtalk(session)
    begun = list[Served]()

    def start(*, stream: bool) -> Served:
        settings = stream_settings(twin) if stream else robot_settings(twin)
        settings |= {
            "SANDBOX": "false",
            "SECRET_KEY": SECRET,
            "DATABASE_URL": sqlite.engine.url.render_as_string(hide_password=False),
            "LOG_LEVEL": "DEBUG",
        }
        served = Served(tmp_path, settings)
        begun.append(served)
        served.start()
        served.wait_until_ready(60)
        twin.robot.callback_url = f"{served.http.base_url}/webhooks/dingtalk"
        if stream:
            twin.gateway.connected(seconds=30)
        return served

    yield start
    for served in begun:
        served.stop()


def hostile(robot: Pushes) -> Iterator[Letter]:
    """Calls of strangers, and well signed ones of no sense."""
    letter = robot.letter(_body(robot))
    yield replace(letter, headers={**letter.headers, "sign": "A" * 44})
    yield replace(letter, headers={"content-type": "application/json"})
    yield robot.letter(letter.body, secret="another")
    yield robot.letter(letter.body, timestamp="1577262236757")
    yield robot.letter(b"{" * 300_000)
    yield robot.letter(b"x" * 2_000_000)
    yield robot.letter(f'{{"text": "{WORDS}'.encode())
    yield robot.letter(b'{"msgId": "\\ud800"}')
    yield robot.letter(_body(robot, chatbotCorpId="another"))
    yield robot.letter(_body(robot, robotCode="another"))
    yield robot.letter(_body(robot, msgId="", senderStaffId=POLICE))


def hostile_frames(robot: Frames) -> Iterator[str]:
    """What comes on the stream and is no message to this robot."""
    yield f"no frame: {WORDS}"
    yield json.dumps({"type": "CALLBACK", "headers": {"topic": MESSAGES}, "data": WORDS})
    yield "[" * 100_000
    headers = {"topic": MESSAGES, "messageId": "1", "contentType": "application/json"}
    for data in (f'{{"text": "{WORDS}', json.dumps(_body(robot, chatbotCorpId="another"))):
        yield json.dumps({"type": "CALLBACK", "headers": headers, "data": data})
    yield json.dumps({"type": WORDS, "headers": headers | {"topic": WORDS}, "data": WORDS})


def _body(robot: Pushes | Frames, **fields: Any) -> dict[str, Any]:
    return robot.body(POLICE, "", {"msgtype": "text", "text": {"content": WORDS}}, fields)


@pytest.mark.parametrize("stream", [False, True], ids=["at its address", "on its stream"])
def test_11_a_log_of_the_worst_day_holds_no_secret_and_no_words(
    stream: bool,
    serve: Callable[..., Served],
    twin: Twin,
    sqlite: Database,
    tmp_path: Path,
) -> None:
    served = serve(stream=stream)
    robot: Pushes | Frames = twin.linked if stream else twin.robot
    if stream:
        for raw in hostile_frames(twin.linked):
            twin.gateway.sends(twin.gateway.connected(), raw)
    else:
        for letter in hostile(twin.robot):
            answer = httpx2.post(
                twin.robot.callback_url, content=letter.body, headers=letter.headers, timeout=5
            )
            assert (answer.status_code in (400, 403, 413), answer.content) == (True, b"")
    robot.says(POLICE, WORDS).answer()
    twin.seen(POLICE, 1, seconds=20)

    # Trouble with the servers: a token that ends, codes, an address that is good no more.
    twin.tokens.expire()
    twin.sessions.forget()
    twin.faults.answer(SINGLE_SAY, "system.error", f"{WORDS} access_token=TOKEN1")
    twin.faults.answer("robot/messageFiles/download", "unknownError", WORDS)
    robot.says(POLICE, WORDS).answer()
    robot.shows(POLICE, a_photo()).answer()
    robot.hands(POLICE, WORDS.encode(), "机密文件.txt").answer()
    robot.mixes(POLICE, WORDS, a_photo(), chat=GROUP).answer()

    file = sqlite.engine.url.database or ""
    until(lambda: rows_of(file) == 5 and is_settled(file), 60, "every answer")

    # The database refuses: the message waits on disk.
    rename_table(file, "inbox", "inbox_away")
    robot.says(POLICE, f"{WORDS}，之后").answer()
    rename_table(file, "inbox_away", "inbox")
    until(lambda: not list((tmp_path / "var/spool").glob("*")), 30, "the spool")
    until(lambda: rows_of(file) == 6 and is_settled(file), 30, "the answer to what waited")
    # The last: behind a socket that closes everything else waits.
    for path in (SINGLE_SAY, IN_PLACE):
        twin.faults.hang_up(path)
    robot.says(POLICE, "帮助").answer()
    until(lambda: "等待钉钉回应超时" in _log(tmp_path), 30, "a send of unknown outcome")

    served.stop()
    log = _log(tmp_path)
    for said in ("call refused" if not stream else "frame refused", "message spooled"):
        assert said in log
    assert "not delivered" in log
    assert [each for each in (*SECRETS, *OF_PEOPLE) if each in log] == []
    assert "Traceback" not in log
    assert "response_headers" not in log, "there the names of files are"


def _log(folder: Path) -> str:
    return (folder / "serve.log").read_text("utf-8")
