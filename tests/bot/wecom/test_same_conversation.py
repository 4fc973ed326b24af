"""The demonstration's forty days by each of WeCom's doors: the same comes of them everywhere."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlmodel import Session

from bot.keys import KeyRing
from models.chat import Door
from tests.bot.wecom.stages import AppStage, BotStage, LinkStage, WecomStage
from tests.conversation import (
    GROUP,
    GROUPS,
    SINGLE,
    START,
    at_practice,
    moved,
    owed,
    played,
    shown,
    unseen,
    ways,
)
from tests.wecom import SECRET, move_to_wecom, serving

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


def move(session: Session, doors: Sequence[Door]) -> None:
    """Everybody and every group are at WeCom, with a robot in each group."""
    move_to_wecom(session)
    for door in doors:
        door.via = "wecom_bot"
        sealed = KeyRing(SECRET).sealed(f"key-of-{door.address}")
        session.add(Door(chat_id=door.chat_id, platform="wecom", via="wecom_robot", address=sealed))


@contextmanager
def staged(
    stage: type[WecomStage], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[WecomStage]:
    """The house of the demonstration, moved to WeCom."""
    linked = stage is LinkStage
    with (
        moved(folder, move) as (database, people),
        serving(database, folder, monkeypatch, people, START, linked=linked) as office,
    ):
        for group in GROUPS:
            office.twin.add_robot(f"key-of-{group}", group)
        yield stage(office)


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
