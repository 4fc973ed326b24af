"""The demonstration's forty days on DingTalk: the same comes of them by either way of hearing."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlmodel import Session

from bot.dingtalk.robot_keys import RobotKey
from bot.keys import KeyRing
from models.chat import Door
from tests.bot.dingtalk.stages import CalledStage, DingTalkStage, StreamStage, group_id
from tests.connected import SECRET
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
from tests.dingtalk import move_to_dingtalk, serving

CARD = "4d18414c-4f27-44f5-a7b1-3fa1bd0a2cbb.schema"
#: A word leaves by the door that has more left of its month: an answer in place where its question
#: can still be answered, what nobody asked for by a group's robot; pictures and files by the API.
DOORS = {
    (GROUP, ""): {"dingtalk: text", "dingtalk: image", "dingtalk: application"}
    | {"dingtalk_robot: text"},
    (GROUP, "dingtalk"): {"dingtalk: text", "dingtalk: image", "dingtalk_session: text"},
    (SINGLE, ""): {"dingtalk: text"},
    (SINGLE, "dingtalk"): {"dingtalk: text", "dingtalk: image", "dingtalk: application"}
    | {"dingtalk_session: text"},
}


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def key_of(group: str) -> RobotKey:
    """What the robot in a group of the demonstration is called with."""
    return RobotKey(f"token-of-{group}", f"SECret-of-{group}")


def move(session: Session, doors: Sequence[Door]) -> None:
    """Everybody and every group are at DingTalk, with a robot in each group."""
    move_to_dingtalk(session)
    for door in doors:
        key = KeyRing(SECRET).sealed(str(key_of(door.address)))
        chat = door.chat_id
        session.add(Door(chat_id=chat, platform="dingtalk", via="dingtalk_robot", address=key))
        door.via, door.address = "", group_id(door.address)


@contextmanager
def staged(
    stage: type[DingTalkStage], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[DingTalkStage]:
    """The house of the demonstration, moved to DingTalk."""
    stream = stage is StreamStage
    with moved(folder, move) as (database, people):
        if stage.has_cards:  # only now: a practice chat is not begun beside settings of a platform
            monkeypatch.setenv("DINGTALK_CARD_TEMPLATE", CARD)
        with serving(database, folder, monkeypatch, people, START, stream=stream) as office:
            office.twin.cards.templates[CARD] = True
            for group in GROUPS:
                key = key_of(group)
                office.twin.add_robot(key.token, key.secret, group_id(group))
            yield stage(office)


@pytest.mark.parametrize(
    "stage", [CalledStage, StreamStage], ids=["at its address", "on its stream, with cards"]
)
def test_the_same_comes_of_the_conversation_by_either_way(stage, tmp_path, monkeypatch):
    expected = at_practice()
    with staged(stage, tmp_path / "demo", monkeypatch) as stand:
        found = played(stand)

        assert found.differences(expected) == []
        assert ways(stand) == DOORS
        assert unseen(stand) == []
        assert shown(stand) == owed(stand)
        assert bool(stand.twin.sent("card/instances/createAndDeliver")) == stand.has_cards
        assert stand.twin.complaints == []
