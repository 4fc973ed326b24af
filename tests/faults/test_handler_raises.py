"""A handler that raises: in a command at a platform's door, and while a picture is drawn."""

from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from bot.queues import retry_message
from handlers import phrases
from models.db import Database
from models.digest import DigestSchedule
from models.inbox import InboxState
from models.outbox import OutboxMessage
from scheduler.digest_run import run_digests
from tests.conftest import at
from tests.supervising import outbox, seed_digests, with_open_chats
from tests.talk import Talk
from tests.wecom import WecomOffice, open_wecom

POLICE, OTHER, ADMIN = "州公安局联络员", "州妇联联络员", "管理员甲"
MONDAY = "2021-08-30T09:00"
SECRET = "绝密的数字"


def broken(*_: Any, **__: Any) -> Any:
    """A fault whose text quotes what a person wrote."""
    raise KeyError(SECRET)


def alarms(office: WecomOffice) -> list[str]:
    with office.house.database.read() as session:
        query = select(OutboxMessage.text).where(col(OutboxMessage.key).startswith("alarm:"))
        return list(session.exec(query).all())


def texts(office: WecomOffice, person: str) -> list[str]:
    return [each.text for each in office.twin.seen(person)]


def test_a_command_that_raises_is_told_calmly_and_exactly_and_its_retry_completes(
    sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, logs: list[Any]
) -> None:
    with open_wecom(sqlite, tmp_path, monkeypatch) as office:
        office.says(ADMIN, "任务")
        with monkeypatch.context() as faulty:
            faulty.setattr("handlers.commands.tasks.page_asked", broken)
            office.says(POLICE, "任务")
            office.says(OTHER, "帮助")
            office.says(POLICE, "帮助")
        failed = [row for row in office.heard() if row.state == InboxState.FAILED]
        [row] = failed
        assert texts(office, POLICE)[0] == phrases.FAULT
        assert len(texts(office, POLICE)) == 2, "their next message is answered"
        assert len(texts(office, OTHER)) == 1
        [alarm] = alarms(office)
        assert f"dajuan inbox retry {row.id}" in alarm
        assert "KeyError ＠ broken:" in alarm
        assert SECRET not in alarm + str(logs) + row.error

        with sqlite.write() as session:
            retry_message(session, row.id or 0, office.house.clock())
        office.works()

        assert {row.state for row in office.heard()} == {InboxState.DONE}
        assert len(texts(office, POLICE)) == 3
        assert office.twin.complaints == []


def test_a_picture_that_cannot_be_drawn_stops_its_digest_alone_and_is_made_good(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = Talk(sqlite)
    seed_digests(talk)
    with_open_chats(talk)
    with sqlite.write() as session:
        for each in session.exec(select(DigestSchedule)).all():
            each.enabled = each.digest in ("weekly_ranking", "due_today")

    with monkeypatch.context() as faulty:
        faulty.setattr("handlers.render.sheets.Layout.pictures", broken)
        run_digests(talk.database, talk.services, at(MONDAY))
        talk.set_clock(MONDAY)
        assert talk.say(POLICE, "任务") != [phrases.FAULT]
    assert [row.key for row in outbox(sqlite, "digest:") if "weekly_ranking" in row.key] == []
    told = [text for text in talk.heard(ADMIN) if "未能生成" in text]
    assert len(told) == 2, "one a programme"

    for _ in range(2):
        run_digests(talk.database, talk.services, at("2021-08-30T09:05"))

    made = [row.key for row in outbox(sqlite, "digest:") if "weekly_ranking" in row.key]
    assert len(made) == len(set(made)) > 0
