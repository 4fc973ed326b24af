"""The demonstration's forty days by each of WeCom's doors: the same comes of them everywhere."""

import functools
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select

from bot.app import build
from bot.demo import check, fresh_house, play_days
from bot.demo_script import Actors
from bot.demo_stage import Stage, Transcript
from bot.keys import KeyRing
from bot.sandbox_cast import STRANGERS
from bot.settings import read_settings
from models.chat import Chat, Door
from models.db import open_database
from models.inbox import InboxMessage
from models.member import Account
from models.message import ChatKind
from models.outbox import OutboxMessage
from models.setting import CLOCK_OFFSET, SANDBOX_MARK, Setting
from tests.conftest import at
from tests.outcomes import Outcome, outcome
from tests.stages import AppStage, BotStage, LinkStage, WecomStage
from tests.twins.clock import Clock
from tests.wecom import SECRET, SteppedClock, move_to_wecom, serving

START = at("2021-08-16T08:00")
DAYS = 40
GROUP, SINGLE = ChatKind.GROUP, ChatKind.SINGLE
#: By which doors words leave, by where they are said and the door of the message they answer.
#: What nobody asked for goes to people by the app, which reaches everybody.
BY_APP = {
    (GROUP, ""): {"wecom_robot: text", "wecom_robot: image", "wecom_robot: application"},
    (GROUP, "wecom_bot"): {"wecom_bot: text", "wecom_bot: image"},
    (SINGLE, ""): {"wecom_app: text"},
    (SINGLE, "wecom_app"): {"wecom_app: text", "wecom_app: image", "wecom_app: application"},
    (SINGLE, "wecom_bot"): {"wecom_app: text"},
}
#: A bot that is called says nothing unasked, and hands over no files.
BY_BOT = {
    (GROUP, ""): {"wecom_robot: text", "wecom_robot: image", "wecom_robot: application"},
    (GROUP, "wecom_bot"): {"wecom_bot: text", "wecom_bot: image"},
    (SINGLE, ""): {"wecom_app: text"},
    (SINGLE, "wecom_bot"): {
        "wecom_bot: text",
        "wecom_bot: image",
        "wecom_app: text",
        "wecom_app: application",
    },
}
#: On its connection it speaks in every group that has spoken to it; until then a robot does.
BY_LINK = {
    (GROUP, ""): {
        "wecom_robot: text",
        "wecom_robot: image",
        "wecom_bot: text",
        "wecom_bot: image",
        "wecom_bot: application",
    },
    (GROUP, "wecom_bot"): {"wecom_bot: text", "wecom_bot: image"},
    (SINGLE, ""): {"wecom_app: text"},
    (SINGLE, "wecom_bot"): {
        "wecom_bot: text",
        "wecom_bot: image",
        "wecom_bot: application",
        "wecom_app: text",
    },
}


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def played(stage: Stage) -> Outcome:
    """What comes of the whole script, which checks answers and results by itself."""
    play_days(Actors(stage), START, DAYS, lambda day: None)
    check(stage.house, START)
    return outcome(stage.house.database)


@functools.cache
def at_practice() -> Outcome:
    """What comes of the script in the practice chat, where it is written for."""
    with tempfile.TemporaryDirectory() as folder:
        fresh_house(START, Path(folder)).close()
        settings = read_settings(
            sandbox=True,
            secret_key=SECRET,
            database_url=f"sqlite:///{folder}/dajuan.db",
            media_url=f"file://{folder}/media",
        )
        house = build(settings, SteppedClock(Clock(START.timestamp())))
        try:
            return played(Stage(house, Transcript(house, lambda line: None)))
        finally:
            house.close()


def move(session: Session) -> list[str]:
    """Everybody and every group are at WeCom instead; who has an account there."""
    move_to_wecom(session)
    for name in (SANDBOX_MARK, CLOCK_OFFSET):
        if (kept := session.get(Setting, name)) is not None:
            session.delete(kept)
    groups = select(Chat.id).where(Chat.kind == ChatKind.GROUP)
    for door in session.exec(select(Door).where(col(Door.chat_id).in_(groups))).all():
        door.via = "wecom_bot"
        sealed = KeyRing(SECRET).sealed(f"key-of-{door.address}")
        session.add(Door(chat_id=door.chat_id, platform="wecom", via="wecom_robot", address=sealed))
    return [*session.exec(select(Account.user_id)).all(), *STRANGERS]


@contextmanager
def staged(
    stage: type[WecomStage], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[WecomStage]:
    """The house of the demonstration, moved to WeCom, with a robot in each group."""
    fresh_house(START, folder).close()
    database = open_database(f"sqlite:///{folder}/dajuan.db")
    with database.write() as session:
        people = move(session)
    linked = stage is LinkStage
    with serving(database, folder, monkeypatch, people, START, linked=linked) as office:
        for group in ("liaisons", "leaders"):
            office.twin.add_robot(f"key-of-{group}", group)
        yield stage(office)
    database.dispose()


def ways(stage: WecomStage) -> dict[tuple[str, str], set[str]]:
    """Which doors the words left by: by their place, and the door they answer; texts or media."""
    found = defaultdict[tuple[str, str], set[str]](set)
    with stage.house.database.read() as session:
        rows = session.exec(
            select(OutboxMessage, Chat.kind, InboxMessage.message)
            .join(Chat, col(Chat.id) == col(OutboxMessage.chat_id))
            .outerjoin(InboxMessage, col(InboxMessage.id) == col(OutboxMessage.reply_to))
        ).all()
    for word, place, asked in rows:
        what = word.media["mime"].partition("/")[0] if word.media else "text"
        found[place, asked["via"] if asked else ""].add(f"{word.platform}: {what}")
    return dict(found)


def unseen(stage: WecomStage) -> list[str]:
    """Words that do not stand on the screen of their chat, to the letter and in their order."""
    with stage.house.database.read() as session:
        rows = session.exec(
            select(OutboxMessage, Door.address)
            .join(Door, col(Door.chat_id) == col(OutboxMessage.chat_id))
            .where(Door.via != "wecom_robot", OutboxMessage.text != "")
        ).all()
    screens = {
        chat: [_letters(_texts(bubble.body)) for bubble in bubbles]
        for chat, bubbles in stage.twin.record.screens.items()
    }
    return [
        f"{address}: {word.text}"
        for word, address in rows
        if not any(
            all(_letters(piece) in screen for piece in form)
            for form in _forms(word)
            for screen in screens[address]
        )
    ]


def _forms(word: OutboxMessage) -> Iterator[list[str]]:
    """What a word says: as its lines or, where a door can, with a table or a page to tap."""
    yield [word.text]
    if (more := word.shown_as()) is not None:
        cells = (cell for row in (more.table.rows if more.table else ()) for cell in row)
        yield [more.above, more.below, more.page.label if more.page else "", *cells]


def shown(stage: WecomStage) -> Counter[str]:
    """How many pictures and files stand on the screen of each chat."""
    return Counter(
        chat
        for chat, bubbles in stage.twin.record.screens.items()
        for bubble in bubbles
        for _ in range(len(bubble.body.get("pictures", ())) + (bubble.msgtype in ("image", "file")))
    )


def owed(stage: WecomStage) -> Counter[str]:
    """How many pictures and files were owed to each chat."""
    with stage.house.database.read() as session:
        rows = session.exec(
            select(OutboxMessage, Door.address)
            .join(Door, col(Door.chat_id) == col(OutboxMessage.chat_id))
            .where(Door.via != "wecom_robot")
        ).all()
    return Counter(address for word, address in rows if word.media)


def _letters(text: str) -> str:
    """Without the signs by which each door sets its lines, and without addresses of pages."""
    return re.sub(r"\W", "", re.sub(r"https?://[^\s)]+", "", text))


def _texts(body: Any) -> str:
    """All that stands in a message as a client shows it, in its order."""
    if isinstance(body, dict):
        return "".join(
            _texts(each) for name, each in body.items() if name not in ("key", "task_id")
        )
    if isinstance(body, list):
        return "".join(map(_texts, body))
    return body if isinstance(body, str) else ""


@pytest.mark.parametrize(
    ("stage", "doors"),
    [(AppStage, BY_APP), (BotStage, BY_BOT), (LinkStage, BY_LINK)],
    ids=["the app", "the bot at its address", "the bot on its connection"],
)
def test_the_same_comes_of_the_conversation_by_every_door(stage, doors, tmp_path, monkeypatch):
    expected = at_practice()
    with staged(stage, tmp_path / "demo", monkeypatch) as stand:
        found = played(stand)

        assert found.differences(expected) == []
        assert ways(stand) == doors
        assert unseen(stand) == []
        assert shown(stand) == owed(stand)
        assert stand.twin.complaints == []
