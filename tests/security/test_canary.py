"""Secrets, words and names that must show nowhere, planted wherever the service has any."""

import json
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import structlog
from PIL import Image
from sqlalchemy import text
from sqlmodel import select
from starlette.testclient import TestClient

from bot.app import create_app
from bot.keys import KeyRing
from bot.logs import set_up_logs
from bot.roster_chats import Wanted, add_robot
from bot.tokens import add_token
from handlers import dispatch
from handlers.context import Context
from models.db import Database
from models.link import Link
from models.message import Reply
from models.outbox import OutboxMessage, say
from models.programme import active_programmes
from tests.connected import SECRET, Office
from tests.console import Dajuan, console
from tests.dingtalk import open_dingtalk
from tests.pictures import a_view, encoded
from tests.twins.dingtalk import corp as dingtalk
from tests.twins.wecom import corp as wecom
from tests.wecom import open_wecom

WORDS = "金丝雀说的一句话"
CAMERA = "KANARIENVOGEL"
#: At these words the program breaks.
BREAKS = "出错"
PASSWORD, BUCKET = "pw-canary-4711", "aws-canary-4712"
TOKEN, SIGNING = "c0ffee42" * 8, "SEC" + "5ca1ab1e" * 8
POLICE, ADMIN = "州公安局联络员", "管理员甲"
OF_PLATFORMS = (
    "app-secret",
    wecom.TOKEN,
    wecom.ENCODING_KEY,
    dingtalk.CLIENT_SECRET,
    "access_token=",
    "corpsecret=",
    "sessionWebhook",
    "session=",
    "sign=",
)


@pytest.fixture(autouse=True)
def _own_logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The logs as a service sets them up, without those of the stand-in's own server."""
    monkeypatch.chdir(tmp_path)
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    for server in ("uvicorn", "asyncio"):
        monkeypatch.setattr(logging.getLogger(server), "propagate", False)
    structlog.reset_defaults()
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def a_photo() -> bytes:
    """A photo that tells whose camera took it."""
    exif = Image.Exif()
    exif[0x013B] = exif[0x010F] = CAMERA
    return encoded(a_view(1), exif=exif.tobytes())


class Wecom:
    """The worst day of an office on WeCom."""

    say, fetch, token = "message/send", "media/get", "gettoken"
    codes = (40058, 45009, 42001, 81013)
    robot = "wecom_robot"
    open = staticmethod(open_wecom)

    def __init__(self, office: Any) -> None:
        self.speech = office.twin.app


class DingTalk:
    """The worst day of an office on DingTalk."""

    say, fetch, token = (
        "robot/oToMessages/batchSend",
        "robot/messageFiles/download",
        "oauth2/accessToken",
    )
    codes = ("system.error", "unknownError", "Forbidden.AccessDenied.QpsLimitForApi", "x")
    robot = "dingtalk_robot"
    open = staticmethod(open_dingtalk)

    def __init__(self, office: Any) -> None:
        self.speech = office.twin.robot


def the_worst_day(office: Office[Any], day: Wecom | DingTalk) -> None:
    """Success and every kind of error, of the platform, of the database, of the program."""
    speech, faults = day.speech, office.twin.faults

    def says(words: str, person: str = POLICE) -> None:
        speech.says(person, words).answer()
        office.works()

    says(WORDS)
    says(f"报送 新7\n完成数：4200个\n措施：{WORDS}")
    says(f"绑定 {WORDS}", "金丝雀陌生人")
    says(f"{BREAKS} {WORDS}")
    speech.shows(POLICE, a_photo()).answer()
    office.works()
    office.twin.tokens.expire()
    for code in day.codes:
        faults.answer(day.say, code, f"{WORDS} access_token=TOKEN1 {TOKEN}")
        says(WORDS)
        office.forward(120)
    faults.answer(day.fetch, day.codes[0], WORDS)
    speech.shows(POLICE, a_photo()).answer()
    office.forward(120)
    for trouble in (faults.hang_up, faults.page, lambda path: faults.status(path, 500)):
        trouble(day.say)
        says(WORDS)
        office.forward(600)
    office.twin.tokens.expire()
    faults.answer(day.token, day.codes[0], f"{WORDS} app-secret {dingtalk.CLIENT_SECRET}")
    says(WORDS)
    office.forward(600)
    _lose_the_database(office, lambda: speech.says(POLICE, WORDS).answer())
    office.forward(60)


def _lose_the_database(office: Office[Any], act: Callable[[], object]) -> None:
    for names in (("inbox", "away"), ("away", "inbox")):
        with office.house.database.write() as session:
            session.execute(text(f"ALTER TABLE {names[0]} RENAME TO {names[1]}"))
        if names[0] == "inbox":
            act()


def keys_of_the_day(office: Office[Any], day: Wecom | DingTalk) -> list[str]:
    """Whatever opens something and was made today: codes, links, tokens, keys of robots."""
    house = office.house
    day.speech.says(ADMIN, "邀请 州公安局 金丝雀").answer()
    office.works()
    day.speech.says(POLICE, "上传").answer()
    office.works()
    shown = repr(office.twin.record.__dict__)
    codes = re.findall(r"绑定 ([A-Z0-9]{6})", shown)
    with house.database.write() as session:
        links = [house.addresses.of(each) for each in session.exec(select(Link)).all()]
        codes.append(
            add_token(session, "省厅平台", [active_programmes(session)[0].code], house.clock())
        )
        key = f"{TOKEN} {SIGNING}" if day.robot == "dingtalk_robot" else TOKEN
        seated = add_robot(
            session, Wanted("联络员群"), day.robot, key, KeyRing(SECRET), house.clock()
        )
        say(session, seated.chat, Reply(WORDS), key="word", now=house.clock())
    office.forward(600)
    assert links
    return [each.rsplit("/", 1)[1] for each in links] + codes


@contextmanager
def settings_of(office: Office[Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The environment for the command line beside the service."""
    url = office.house.database.engine.url.render_as_string(hide_password=False)
    for name, value in {
        "SANDBOX": "false",
        "DATABASE_URL": url,
        "SECRET_KEY": SECRET,
        "AWS_SECRET_ACCESS_KEY": BUCKET,
        "AWS_ACCESS_KEY_ID": BUCKET[::-1],
    }.items():
        monkeypatch.setenv(name, value)
    yield


@pytest.mark.parametrize(
    ("day", "form"), [(Wecom, "json"), (DingTalk, "text")], ids=["wecom", "dingtalk"]
)
def test_nothing_that_must_not_show_shows_anywhere(
    day: type[Wecom | DingTalk],
    form: str,
    sqlite: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Logs at DEBUG, metrics, readiness, alarms, and what the command line lists and examines."""
    monkeypatch.setattr(dispatch, "_answered", _breaking(dispatch._answered))
    with day.open(sqlite, tmp_path, monkeypatch) as office:
        set_up_logs("DEBUG", form)
        handled = day(office)
        the_worst_day(office, handled)
        opening = keys_of_the_day(office, handled)
        web = TestClient(create_app(office.house), raise_server_exceptions=False)
        shown = {path: web.get(path).text for path in ("/metrics", "/readyz", "/healthz")}
        shown["logs"] = "".join(capsys.readouterr())
        with office.house.database.read() as session:
            words = session.exec(select(OutboxMessage)).all()
            shown["alarms"] = repr([each.text for each in words if each.key.startswith("alarm:")])
            shown["answers"] = repr([(each.key, each.answer) for each in words])
        dajuan = console(tmp_path, monkeypatch, capsys)
        with settings_of(office, monkeypatch):
            shown |= listed(dajuan)

    never = (WORDS, CAMERA, BUCKET, BUCKET[::-1], TOKEN, SIGNING, SECRET, *OF_PLATFORMS, *opening)
    found = {where: [each for each in never if each in said] for where, said in shown.items()}
    assert found == {where: [] for where in shown}, {
        where: [line for line in shown[where].splitlines() if each[0] in line][:3]
        for where, each in found.items()
        if each
    }
    assert "金丝雀" not in shown["logs"] + shown["alarms"]
    for event in ("message handled", "message failed", "not delivered", "message spooled"):
        assert event in shown["logs"], event
    assert "dajuan_inbox_messages" in shown["/metrics"]
    assert shown["alarms"] != "[]"


def _breaking(answered: Callable[[Context], Reply | None]) -> Callable[[Context], Reply | None]:
    """The same with a fault, which quotes what was said, as faults do."""

    def broken(context: Context) -> Reply | None:
        if BREAKS in context.message.text:
            raise ValueError(context.message.text)
        return answered(context)

    return broken


def listed(dajuan: Dajuan) -> dict[str, str]:
    """What the commands that operators use all day print."""
    commands = (
        "doctor",
        "doctor --json",
        "inbox list",
        "outbox list --json",
        "chat list",
        "member list",
    )
    ran = {each: dajuan(*each.split()) for each in commands}
    return {each: found.out + found.err for each, found in ran.items()}


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql+psycopg://dajuan:{PASSWORD}@127.0.0.1:1/dajuan",
        f"postgresql+psycopg://dajuan:{PASSWORD}@127.0.0.1:port/dajuan",
        f"postgresql+psycopg://dajuan:{PASSWORD}@[::1/dajuan",
        f"postgresql://{PASSWORD}",
        f"no such database {PASSWORD}",
    ],
)
@pytest.mark.parametrize("command", ["doctor", "migrate", "inbox list"])
def test_a_database_that_is_not_there_keeps_its_password(
    url: str,
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Where the address itself is wrong, it is named without what stands in it."""
    dajuan = console(tmp_path, monkeypatch, capsys)
    monkeypatch.setenv("SANDBOX", "false")
    monkeypatch.setenv("SECRET_KEY", SECRET)
    monkeypatch.setenv("LOG_LEVEL", "DEBUG")
    monkeypatch.setenv("DATABASE_URL", url)
    ran = dajuan(*command.split())

    assert ran.code == 1
    assert PASSWORD not in ran.out + ran.err
    assert SECRET not in ran.out + ran.err
    assert "Traceback" not in ran.out + ran.err


def test_lines_that_anybody_can_cause_are_few(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A port scanner's bytes are no HTTP, and the server says so of each connection."""
    set_up_logs("INFO", "json")
    monkeypatch.setattr(logging.getLogger("uvicorn"), "propagate", True)
    server = logging.getLogger("uvicorn.error")
    for _ in range(1000):
        server.warning("Invalid HTTP request received.")
    server.error("Exception in ASGI application")

    lines = [json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()]
    assert lines == ["Invalid HTTP request received."] * 10 + ["Exception in ASGI application"]
