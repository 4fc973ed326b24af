"""What every platform owes the door, over recorded calls: a further platform adds its folder.

`tests/data/<platform>/` holds `build.py` and, one call a file, `good/` (with the message that must
come of it), `quiet/` (genuine, but nothing to answer), `forged/` and `unreadable/`. What comes on
a connection of the platform's own is a call at the same door, of the method FRAME.
"""

import json
from collections.abc import Collection, Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select
from starlette.testclient import TestClient

from bot import webhooks
from bot.platforms.base import Platform, Quick, Request
from bot.spool import Spool
from bot.storing import InboxWriter
from bot.webhooks import Door
from models.db import Database
from models.errors import BadRequest
from models.inbox import InboxMessage
from scheduler.routing import Parcel
from tests.conftest import at

DATA = Path(__file__).parents[1] / "data"
FOLDERS = sorted(path.parent for path in DATA.glob("*/build.py"))
FILES = Path(webhooks.__file__).parent / "platforms"
#: No call can come from these.
SPEAKS_ONLY = {"wecom_robot", "dingtalk_session", "dingtalk_robot"}
#: Events of WeCom: some have to be told to the operators.
LEFT_TO_A_THREAD = {"card_one", "card_selected", "menu"}


def calls(kind: str, of: Collection[str] = ()) -> list[Any]:
    """Every recorded call of this kind, over all platforms or those named."""
    return [
        pytest.param(folder, path, id=f"{folder.name}-{path.stem}")
        for folder in FOLDERS
        if not of or folder.name in of
        for path in sorted(folder.glob(f"{kind}/*.json"))
    ]


def platform_of(folder: Path, database: Database) -> Platform:
    spec = spec_from_file_location(f"build_{folder.name}", folder / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    platform: Platform = module.build(database)
    return platform


def recorded(path: Path) -> tuple[Request, dict[str, Any]]:
    """The call of a file, and what the file says of it."""
    record = json.loads(path.read_text(encoding="utf-8"))
    call = record["request"]
    return Request(call["method"], call["headers"], call["query"], call["body"].encode()), record


class Served:
    """One platform behind the real web route and the real inbox."""

    def __init__(self, folder: Path, database: Database, spool: Path) -> None:
        self.folder = folder
        self.platform = platform_of(folder, database)
        self.database = database
        self.spool = Spool(spool)
        self.writer = InboxWriter(database)
        platforms = {self.platform.name: self.platform}
        now = at("2021-08-20T09:00")
        self.door = Door(platforms, self.writer, self.spool, lambda: now, lambda: None)
        self.method = "POST" if self.platform.path else "FRAME"
        app = FastAPI()
        webhooks.add_doors(app, self.door, platforms)
        self.client = TestClient(app)

    def call(self, request: Request) -> tuple[int, str]:
        if not self.platform.path:
            return self._frame(request)
        answer = self.client.request(
            request.method,
            f"/webhooks/{self.platform.path}",
            content=request.body,
            headers=dict(request.headers),
            params=dict(request.query),
        )
        return answer.status_code, answer.text

    def _frame(self, request: Request) -> tuple[int, str]:
        """What a connection hands to the door."""
        try:
            answer = self.door.accept(self.platform.name, request)
        except BadRequest as error:
            return error.status, ""
        return answer.status, answer.body.decode()

    def rows(self) -> list[InboxMessage]:
        with self.database.read() as session:
            return list(session.exec(select(InboxMessage)).all())


@pytest.fixture
def served(request: pytest.FixtureRequest, sqlite: Database, tmp_path: Path) -> Iterator[Served]:
    served = Served(request.param, sqlite, tmp_path / "spool")
    yield served
    served.writer.close()


def test_every_platform_file_has_recorded_calls() -> None:
    files = {path.stem for path in FILES.glob("*.py")} - {"__init__", "base", *SPEAKS_ONLY}

    assert {folder.name for folder in FOLDERS} == files
    for folder in FOLDERS:
        assert list(folder.glob("good/*.json")), folder
        assert list(folder.glob("unreadable/*.json")), folder


@pytest.mark.parametrize(("served", "path"), calls("good"), indirect=["served"])
def test_a_genuine_call_becomes_the_message_that_was_written(served: Served, path: Path) -> None:
    request, record = recorded(path)

    assert served.call(request)[0] in (200, 202)

    (row,) = served.rows()
    assert row.platform == served.platform.platform
    assert row.raw == request.body
    assert {name: row.message[name] for name in record["message"]} == record["message"]


@pytest.mark.parametrize(
    ("served", "path"), calls("good", of=("dingtalk", "wecom_app")), indirect=["served"]
)
def test_what_is_read_on_the_loop_is_what_is_read_in_a_thread(served: Served, path: Path) -> None:
    """But for what needs more than computing: that is left to the thread."""
    request, now = recorded(path)[0], at("2021-08-20T09:00")
    platform = served.platform
    assert isinstance(platform, Quick)

    heard = platform.heard(request, now)

    if heard is None:
        assert path.stem in LEFT_TO_A_THREAD
    else:
        assert heard.message == platform.receive(request, now)
        assert heard.answer == platform.acknowledge(request, now)


@pytest.mark.parametrize(("served", "path"), calls("good"), indirect=["served"])
def test_a_repeated_call_is_acknowledged_alike_and_stored_once(served: Served, path: Path) -> None:
    request, _ = recorded(path)

    # A sealed answer begins with random bytes: it is alike when it is as long.
    first, *others = [(status, len(text)) for status, text in map(served.call, [request] * 4)]

    # On a connection the first word is said once; at an address the platform waits for an answer.
    assert set(others) == ({first} if served.platform.path else {(200, 0)})
    assert len(served.rows()) == 1


@pytest.mark.parametrize(("served", "path"), calls("quiet"), indirect=["served"])
def test_a_genuine_call_without_a_question_is_acknowledged_and_not_stored(
    served: Served, path: Path
) -> None:
    assert served.call(recorded(path)[0])[0] in (200, 202)
    assert served.rows() == []


@pytest.mark.parametrize(
    ("served", "path"), calls("unreadable") + calls("forged"), indirect=["served"]
)
def test_an_unreadable_or_forged_call_learns_nothing(served: Served, path: Path) -> None:
    expected = 403 if path.parent.name == "forged" else 400

    assert served.call(recorded(path)[0]) == (expected, "")
    assert served.rows() == []
    assert served.spool.waiting() == []


@pytest.mark.parametrize("served", [pytest.param(f, id=f.name) for f in FOLDERS], indirect=True)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_damaged_calls_are_refused_or_understood_and_never_break(
    served: Served, data: st.DataObject
) -> None:
    body = data.draw(st.one_of(st.binary(max_size=300), damaged(served.folder)))

    status, _ = served.call(Request(served.method, {}, {}, body))

    assert status in (200, 202, 400, 403)
    assert served.spool.waiting() == []


@st.composite
def damaged(draw: st.DrawFn, folder: Path) -> bytes:
    """A genuine call with a piece replaced."""
    path = draw(st.sampled_from(sorted(folder.glob("good/*.json"))))
    body = recorded(path)[0].body
    start = draw(st.integers(0, len(body)))
    end = draw(st.integers(start, len(body)))
    return body[:start] + draw(st.binary(max_size=20)) + body[end:]


@pytest.mark.parametrize("served", [pytest.param(f, id=f.name) for f in FOLDERS], indirect=True)
def test_a_forged_address_check_learns_nothing(served: Served) -> None:
    if not served.platform.path:
        with pytest.raises(BadRequest):
            served.door.handshake(served.platform.name, Request("GET", {}, {}, b""))
        return
    answer = served.client.get(f"/webhooks/{served.platform.path}", params={"echostr": "e4711"})

    assert answer.status_code in (400, 403, 404)
    assert answer.text == ""


@pytest.mark.parametrize("served", [pytest.param(f, id=f.name) for f in FOLDERS], indirect=True)
def test_every_platform_carries_an_answer_back(served: Served) -> None:
    """Unasked not every door may speak; to whoever wrote, every one must."""
    served.call(recorded(sorted(served.folder.glob("good/*.json"))[-1])[0])
    (row,) = served.rows()
    parcel = Parcel(
        "reply:1:0", "已收到 #128", answers=row.message_id, heard_by=served.platform.name
    )

    assert served.platform.can_carry(row.chat_id, parcel)
