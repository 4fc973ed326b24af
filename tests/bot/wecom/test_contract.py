"""What each door of WeCom owes delivery, before the stand-in: what is owed is seen by people."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from sqlmodel import col, select

from bot.platforms.base import Platform
from models.chat import Chat
from models.db import Database
from models.inbox import InboxMessage
from models.member import Account
from models.message import Reply
from models.outbox import OutboxMessage, OutboxState, Priority, say
from models.shown import Shown, Table
from tests.bot.wecom.asking import POLICE
from tests.bot.wecom.test_robot import GROUP, KEY, PLACE, seat
from tests.pictures import a_photo
from tests.talk import MORNING, Talk
from tests.wecom import WecomOffice, move_to_wecom, serving

LINE = "到期提示：州公安局今天应报1件"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture(params=["wecom_app", "wecom_bot", "wecom_link", "wecom_robot"])
def door(
    request: pytest.FixtureRequest,
    sqlite: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[tuple[WecomOffice, Platform]]:
    """An office with this door and no other."""
    Talk(sqlite)
    with sqlite.write() as session:
        move_to_wecom(session)
        people = session.exec(select(Account.user_id)).all()
    is_linked = request.param == "wecom_link"
    name = "wecom_bot" if is_linked else request.param
    with serving(sqlite, tmp_path, monkeypatch, people, MORNING, linked=is_linked) as office:
        for other in set(office.house.platforms) - {name}:
            del office.house.platforms[other]
        yield office, office.house.platforms[name]
        assert office.twin.complaints == []


def owe(office: WecomOffice, chat: int, asked: int | None) -> None:
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


def owed_where_asked(office: WecomOffice, name: str) -> None:
    """Somebody writes by the door, and is answered."""
    if name == "wecom_robot":
        office.twin.add_robot(KEY, PLACE)
        with office.house.database.read() as session:
            group = session.exec(select(Chat.id).where(Chat.name == GROUP)).one()
        owe(office, seat(office, group or 0).chat, None)
        office.works()
        return
    speech = {"wecom_app": office.twin.app, "wecom_bot": office.twin.bot}
    at = office.twin.linked if office.house.connected else speech[name]
    exchange = at.says(POLICE, "任务")
    if not office.house.connected:
        exchange.answer()
    office.twin.record.wait(lambda: bool(office.heard()), 10, "a message")
    with office.house.database.read() as session:
        asked = session.exec(select(InboxMessage).order_by(col(InboxMessage.id))).first()
    office.house.inbox.handle_due(may_wait=False)
    with office.house.database.read() as session:
        chat = session.exec(
            select(OutboxMessage.chat_id).where(OutboxMessage.reply_to == asked.id)
        ).first()
    owe(office, chat, asked.id)
    office.works()
    if name == "wecom_bot" and not office.house.connected:
        exchange.until_finished()


def test_all_that_is_owed_stands_on_a_screen_whichever_door_is_there(
    door: tuple[WecomOffice, Platform],
) -> None:
    office, platform = door

    owed_where_asked(office, platform.name)

    with office.house.database.read() as session:
        query = select(OutboxMessage).where(col(OutboxMessage.key).startswith("all:"))
        rows = session.exec(query.order_by(col(OutboxMessage.id))).all()
    assert [(row.state, row.platform) for row in rows] == [(OutboxState.SENT, platform.name)] * 3
    seen = office.twin.record.everywhere()
    words = "\n".join(str(each.body) for each in seen)
    assert "州公安局" in words
    assert "到期提示" in words
    assert "通报3号.docx" in words
    # Below a question pictures stand within the answer, elsewhere for themselves.
    assert any(each.msgtype == "image" or each.body.get("pictures") for each in seen)


def test_what_a_door_says_of_itself_holds(door: tuple[WecomOffice, Platform]) -> None:
    _, platform = door

    assert platform.platform == "wecom"
    assert bool(platform.path) is (platform.name != "wecom_robot" and not door[0].house.connected)
    assert all(pace.count > 0 for pace in platform.paces)
