"""What each door of DingTalk owes delivery, before the stand-in: what is owed is seen by people."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from sqlmodel import col, select

from bot.platforms.base import Platform
from bot.roster_chats import Wanted
from models.chat import Chat
from models.db import Database
from models.inbox import InboxMessage
from models.message import Reply
from models.outbox import OutboxMessage, OutboxState, Priority, say
from models.quota import month_of, spend
from models.shown import Shown, Table
from scheduler.routing import AnsweringDoor, CallingDoor, CardDoor, ManyDoor, MeteredDoor
from tests.bot.dingtalk.test_robot import GROUP, PLACE, SIGNING, TOKEN, seat
from tests.dingtalk import DingTalkOffice, open_dingtalk
from tests.pictures import a_photo

POLICE = "州公安局联络员"
LINE = "到期提示：州公安局今天应报1件"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: Each door, and how the robot hears beside it.
DOORS = {
    "http": ("dingtalk", False),
    "stream": ("dingtalk", True),
    "session": ("dingtalk_session", False),
    "session of the stream": ("dingtalk_session", True),
    "robot": ("dingtalk_robot", False),
}


@pytest.fixture(params=DOORS)
def door(
    request: pytest.FixtureRequest,
    sqlite: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[tuple[DingTalkOffice, Platform]]:
    """An office, and the one door by which it is to speak."""
    name, is_streamed = DOORS[request.param]
    with open_dingtalk(sqlite, tmp_path, monkeypatch, stream=is_streamed) as office:
        if request.param == "session":  # while calls are left, links that it is owed leave by them
            with sqlite.write() as session:
                spend(session, "dingtalk", "api", month_of(office.house.clock()), 5000)
        yield office, office.house.platforms[name]
        assert office.twin.complaints == []


def owed_where_asked(office: DingTalkOffice) -> tuple[int, int | None]:
    """Somebody wrote: the chat of the answer, and what it answers."""
    office.twin.record.wait(lambda: bool(office.heard()), 10, "a message")
    office.house.inbox.handle_due(may_wait=False)
    with office.house.database.read() as session:
        asked = session.exec(select(InboxMessage).order_by(col(InboxMessage.id))).one()
        query = select(OutboxMessage.chat_id).where(OutboxMessage.reply_to == asked.id)
        return session.exec(query).first() or 0, asked.id


def asked_by(office: DingTalkOffice, name: str) -> tuple[int, int | None]:
    """The chat in which this door speaks; what it answers there."""
    if name == "dingtalk_robot":
        office.twin.add_robot(TOKEN, SIGNING, PLACE)
        with office.house.database.read() as session:
            chat = session.exec(select(Chat.id).where(Chat.name == GROUP)).one()
        return seat(office, Wanted(GROUP, chat=chat or 0)).chat, None
    speech = office.twin.linked if office.house.connected else office.twin.robot
    speech.says(POLICE, "任务").answer()
    return owed_where_asked(office)


def owe(office: DingTalkOffice, chat: int, asked: int | None) -> None:
    """One answer with a table, a picture and a file."""
    document = BytesIO()
    Document().save(document)
    services = office.house.services
    shown = Shown("到期提示", Table(("单位", "事项"), (("州公安局", "州1-7 雪亮工程"),)))
    reply = Reply(
        LINE,
        (services.keep(a_photo(1200, 600), "进展.jpg", "image/jpeg"),),
        (services.keep(document.getvalue(), "通报3号.docx", WORD),),
        shown=shown,
    )
    now, priority = office.house.clock(), Priority.REPLY
    with office.house.database.write() as session:
        say(session, chat, reply, key="all", now=now, priority=priority, reply_to=asked)


def test_all_that_is_owed_stands_on_a_screen_whichever_door_is_there(
    door: tuple[DingTalkOffice, Platform],
) -> None:
    office, platform = door
    chat, asked = asked_by(office, platform.name)
    for other in set(office.house.platforms) - {platform.name}:
        del office.house.platforms[other]

    owe(office, chat, asked)
    office.works()

    with office.house.database.read() as session:
        query = select(OutboxMessage).where(col(OutboxMessage.key).startswith("all:"))
        rows = session.exec(query.order_by(col(OutboxMessage.id))).all()
    assert [(row.state, row.platform) for row in rows] == [(OutboxState.SENT, platform.name)] * 3
    seen = office.twin.record.everywhere()
    words = "\n".join(each.text for each in seen)
    assert "州公安局" in words
    assert "到期提示" in words
    assert "通报3号.docx" in words
    # A webhook carries no pictures: there they are opened as a page.
    assert any(each.msgtype == "sampleImageMsg" or "进展.jpg" in each.text for each in seen)


def test_what_a_door_says_of_itself_holds(door: tuple[DingTalkOffice, Platform]) -> None:
    office, platform = door
    is_robot = platform.name == "dingtalk_robot"

    assert platform.platform == "dingtalk"
    hears_here = platform.name == "dingtalk" and not office.house.connected
    assert platform.path == ("dingtalk" if hears_here else "")
    assert all(pace.count > 0 for pace in platform.paces)
    assert platform.reaches_people is not is_robot
    assert isinstance(platform, MeteredDoor)
    assert isinstance(platform, ManyDoor) is (platform.name == "dingtalk")
    assert isinstance(platform, CardDoor) is (platform.name == "dingtalk")
    assert isinstance(platform, CallingDoor) is (platform.name != "dingtalk")
    assert isinstance(platform, AnsweringDoor) is (platform.name == "dingtalk_session")
